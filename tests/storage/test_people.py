"""The register: staff, posts, units, days, pupils with sealed details, names by index, and who sees whom."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from casework.facts import Kind
from casework.people import Person, Post, Pupil, Unit
from casework.scope import Scope
from handlers.understanding import names as fold
from storage.people import Days
from storage.pupils import Entered
from tests.storage.county import DETAILS, NOW, PUPILS, STAFF, UNITS, fact, scope_of
from tests.support.databases import ON_POSTGRESQL
from tests.support.stores import fresh_store

XIAN = "xian"


def test_people_and_posts_come_back_as_they_were_put(store):
    with store.begin(NOW) as work:
        assert work.people.person("wang") == Person("wang", "王老师")
        assert work.people.person("nobody") is None
        assert len(work.people.everyone()) == len(STAFF)
        assert work.people.posts("wang") == [Post("wang", "teacher", "c1")]
        work.people.put_person(Person("wang", "王老师", active=False), phone="13900000000")
        work.people.put_person(Person("wang", "王大明"))
        assert work.people.person("wang") == Person("wang", "王大明")
        assert work.people.phone("wang") == "13900000000"
        assert work.people.phone("li") is None
        work.people.drop_post(Post("wang", "teacher", "c1"))
        assert work.people.posts("wang") == []


def test_units_and_days_come_back_as_they_were_put(store):
    with store.begin(NOW) as work:
        county = Unit("", "county", store.county, None)
        assert sorted(work.people.units(), key=lambda u: u.id) == sorted([county, *UNITS], key=lambda u: u.id)
        term = Days("term", dt.date(2025, 9, 1), dt.date(2026, 1, 30))
        taught = Days("teach", dt.date(2025, 10, 11), dt.date(2025, 10, 11), "s1")
        assert work.people.put_days([term, taught]) == 1
        assert work.people.days() == [term, taught]
        assert work.world.days_of("c1").is_school_day(dt.date(2025, 10, 11))
        assert not work.world.days_of("c3").is_school_day(dt.date(2025, 10, 11))
        work.people.drop_days(taught)
        assert not work.world.days_of("c1").is_school_day(dt.date(2025, 10, 11))


@pytest.mark.parametrize(
    "wrong", [Days("holidays", NOW.date(), NOW.date()), Days("term", NOW.date(), NOW.date() - dt.timedelta(days=1))]
)
def test_no_such_days(store, wrong):
    with store.begin(NOW) as work, pytest.raises(ValueError, match="calendar"):
        work.people.put_days([wrong])


def test_holidays_of_a_year_that_the_library_does_not_know(store):
    new_year = dt.date(2031, 1, 1)
    with store.begin(NOW) as work:
        work.people.put_days(
            [Days("holiday", new_year, new_year), Days("make_up", dt.date(2031, 1, 4), dt.date(2031, 1, 4))]
        )
        days = work.world.days_of("c1")
        assert (days.is_workday(new_year), days.is_workday(dt.date(2031, 1, 4))) == (False, True)


def test_the_world_is_shared_until_the_register_changes(store):
    with store.look(NOW) as work:
        before = work.world
    with store.look(NOW) as work:
        assert work.world is before
    with store.begin(NOW) as work:
        work.people.put_post(Post("he", "teacher", "c1"))
        assert work.world.directory.holders("teacher", "c1", NOW.date()) != ("wang",)
    with store.look(NOW) as work:
        assert set(work.world.directory.holders("teacher", "c1", NOW.date())) == {"wang", "he"}


def test_a_change_that_was_rolled_back_is_seen_by_no_one(store):
    with contextlib.suppress(ZeroDivisionError), store.begin(NOW) as work:
        work.people.put_post(Post("he", "teacher", "c1"))
        assert len(work.world.directory.holders("teacher", "c1", NOW.date())) == 2
        raise ZeroDivisionError
    with store.begin(NOW) as work:
        work.people.put_post(Post("luo", "teacher", "c2"))
    with store.look(NOW) as work:
        assert work.world.directory.holders("teacher", "c1", NOW.date()) == ("wang",)


def test_pupils_come_back_as_they_were_put(store):
    with store.look(NOW) as work:
        assert work.people.pupils([p.id for p in PUPILS] + ["nobody"]) == {p.id: p for p in PUPILS}
        assert work.people.pupil("nobody") is None
        assert work.people.details("p1") == DETAILS
        assert work.people.details("p2") == {}
        assert work.people.with_equal("phone", [DETAILS["phone"], "1"]) == {DETAILS["phone"]: ["p1"]}


def test_details_stay_when_none_are_given_and_are_replaced_when_some_are(store):
    with store.begin(NOW) as work:
        work.people.put_pupil(dataclasses.replace(PUPILS[0], class_id="c2"))
        assert work.people.pupil("p1").class_id == "c2"
        assert work.people.details("p1") == DETAILS
        work.people.put_pupil(PUPILS[0], {"guardian": "张小山"})
        assert work.people.details("p1") == {"guardian": "张小山"}
        assert work.people.with_equal("phone", [DETAILS["phone"]]) == {}
        with pytest.raises(ValueError, match="not a detail"):
            work.people.put_pupil(PUPILS[0], {"nickname": "三儿"})


def test_no_number_address_or_guardian_can_be_read_in_the_database(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.VISIT, note="家里人病了", outcome="refused")])
        dumped = b""
        for table in ("pupils", "facts", "cases", "people"):
            rows = work.session.run(sa.text(f"SELECT * FROM {table} WHERE county_id = :c"), {"c": store.county})
            dumped += b"".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for r in rows for v in r
            )
    for secret in ("441622201103070017", DETAILS["address"], DETAILS["guardian"], DETAILS["phone"], "家里人病了"):
        assert secret.encode() not in dumped
    assert b"refused" in dumped


def test_who_sees_whom(store):
    seen = {}
    for person, *_ in STAFF:
        scope = scope_of(store, person)
        with store.look(NOW) as work:
            found, total = work.people.in_scope(scope)
            assert total == len(found)
            assert {p.id for p in found} == {p.id for p in PUPILS if scope.covers(p)}
            seen[person] = "".join(sorted(p.id[1] for p in found))
    assert seen == {
        "wang": "12", "he": "3", "luo": "456", "li": "123", "sun": "456", "cun": "135", "zhen": "1235", "xian": "123456",
    }  # fmt: skip


@pytest.fixture
def named(empty):
    """A store with real folding and names that are hard to tell apart."""
    from tests.storage.county import settle

    empty.fold = fold
    settle(empty)
    with empty.begin(NOW) as work:
        work.people.put_pupils(
            [
                Entered(Pupil("n1", "欧阳娜娜", "c1", "v1")),
                Entered(Pupil("n2", "阿依古丽·买买提", "c3", "v2")),
                Entered(Pupil("n3", "张珊", "c2", "v1")),
            ]
        )
    return empty


@pytest.mark.parametrize(
    ("person", "pieces", "expected"),
    [
        ("xian", ["张三"], {"张三": {"p1", "p5"}}),
        ("wang", ["张三", "王五"], {"张三": {"p1"}}),
        ("wang", ["娜娜", "欧阳"], {"娜娜": {"n1"}, "欧阳": {"n1"}}),
        ("luo", ["阿依古丽买买提", "阿依古丽"], {"阿依古丽买买提": {"n2"}, "阿依古丽": {"n2"}}),
        ("wang", ["阿依古丽"], {}),
        ("wang", [], {}),
    ],
)
def test_names_are_found_exactly_and_in_scope_alone(named, person, pieces, expected):
    scope = scope_of(named, person)
    with named.look(NOW) as work:
        found = work.people.names(scope, ["c1"]).exact(pieces)
        assert {key: {e.id for e in entries} for key, entries in found.items()} == expected


def test_by_sound_only_those_near(named):
    scope = scope_of(named, "li")
    keys = fold.sound_keys("章三")
    with named.begin(NOW) as work:
        near = work.people.names(scope, ["c1"]).sounding(keys)
        assert {e.id for entries in near.values() for e in entries} == {"p1"}
        work.cases.append([fact(Kind.ABSENCE, "n3")])
        now_open = work.people.names(scope, ["c1"]).sounding(keys)
        assert {e.id for entries in now_open.values() for e in entries} == {"p1", "n3"}
        [entry] = [e for entries in near.values() for e in entries][:1]
        assert (entry.name, entry.class_name) == ("张三", "八年级3班")


@pytest.mark.skipif(ON_POSTGRESQL, reason="about SQLite's plans")
@pytest.mark.parametrize("lists", [{"classes": ["c1"]}, {"classes": ["c1", "c2", "c3", "c4"]}, {"villages": ["v1"]}])
def test_sqlite_looks_for_the_keys_and_not_for_each_with_each_pupil(lists):
    """A plan that begins with a class of 45 looked 33 keys up with each of them: three quarters of what looking names up took."""
    store = fresh_store("sqlite://", fold=fold)
    with store.look(NOW) as work:
        asked: list[tuple[str, object]] = []

        def watch(_: object, __: object, text: str, values: object, *rest: object) -> None:
            if "pupil_names" in text:
                asked.append((text, values))

        sa.event.listen(store.engine, "before_cursor_execute", watch)
        index = work.people.names(Scope(**{name: frozenset(ids) for name, ids in lists.items()}), ["c1"])
        index.exact(["张三", "李四"])
        index.sounding(fold.sound_keys("章三"))
        sa.event.remove(store.engine, "before_cursor_execute", watch)
        plans = [
            work.session.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all()
            for text, values in asked
        ]
    assert len(plans) == 2
    for plan in plans:
        assert "pupil_names USING PRIMARY KEY (county_id=? AND sound=? AND key=?)" in plan[0][-1], plan


def test_colleagues_are_known_by_name(named):
    scope = scope_of(named, "wang")
    with named.look(NOW) as work:
        index = work.people.names(scope, ["c1"])
        assert index.staff(["李主任", "张三", "主任"]) == {"李主任"}


def test_a_pupil_renamed_is_found_by_the_new_name_alone(named):
    scope = scope_of(named, "wang")
    with named.begin(NOW) as work:
        work.people.put_pupil(dataclasses.replace(PUPILS[0], name="章小三"))
        index = work.people.names(scope, ["c1"])
        assert index.exact(["张三"]) == {}
        assert [e.id for e in index.exact(["章小三"])["章小三"]] == ["p1"]


@pytest.mark.postgres
def test_a_unit_is_found_by_its_key_right_after_many_came(postgresql_engine):
    """PostgreSQL knows nothing of a table filled a moment ago, and read all units for each pupil of the first roster."""
    with fresh_store(postgresql_engine).begin(NOW) as work:
        work.people.put_units([Unit(f"s{n}", "school", f"学校{n}", "county") for n in range(200)])
        query = "EXPLAIN SELECT 1 FROM ONLY units WHERE county_id = :county AND id = 's1' FOR KEY SHARE"
        plan = "".join(work.session.run(sa.text(query), {"county": work.session.county}).scalars())
        assert "pk_units" in plan, plan

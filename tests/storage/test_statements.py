"""How many statements a message costs by its kind, and what is sent in one go on PostgreSQL: the same as one by one."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.reception import Reception
from bot.wecom.messages import Inbound
from casework.facts import Kind
from casework.scope import Scope
from handlers.understanding import names
from storage import tables
from storage.engine import Unavailable, build_engine
from storage.lines import Line, add_lines, put_lines
from storage.rebuilding import rebuild
from storage.store import CASEWORK, Store
from tests.storage.conftest import BOTH
from tests.storage.county import NOW, fact, settle
from tests.support.stores import fresh_store

REAL = dt.datetime(2026, 1, 1)
FEWER = {  # message: at most so many statements, BEGIN, COMMIT and savepoints apart
    "张三 缺勤 感冒": 13,
    "张三 已电话联系家长，说明天来": 13,
    "张三 返校": 12,
    "张三、李四 缺勤": 14,
    "查 张三": 10,
    "待办": 8,  # one keeps what the numbers stand for
    "帮助": 5,
}
AGAIN = {"sqlite": 2, "postgresql": 3}


@pytest.fixture(params=BOTH)
def staffed(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The small county under the real rules."""
    where = request.getfixturevalue("postgresql_engine") if request.param == "postgresql" else "sqlite://"
    store = fresh_store(where, rules=CASEWORK, fold=names)
    settle(store)
    yield store
    if request.param == "sqlite":
        store.close()


def test_a_message_costs_few_statements(staffed: Store) -> None:
    """A statement is a turn of the network on PostgreSQL, and time under the only write lock on SQLite."""
    reception = Reception(staffed, lambda: NOW, lambda: REAL)
    said: list[str] = []

    def listen(connection: object, cursor: object, text: str, *rest: object) -> None:
        if not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            said.append(text)

    def cost(words: str, number: int) -> int:
        said.clear()
        reply = reception.answer(Inbound("text", "wang", content=words, msg_id=str(number)))
        assert reply.text
        return len(said)

    reception.answer(Inbound("text", "wang", content="帮助", msg_id="0"))  # the register is read once a process
    event.listen(staffed.engine, "before_cursor_execute", listen)
    try:
        costs = {words: cost(words, number) for number, words in enumerate(FEWER, 1)}
        again = [cost(words, number) for number, words in enumerate(FEWER, 1)]
    finally:
        event.remove(staffed.engine, "before_cursor_execute", listen)
    assert {words: many for words, many in costs.items() if many > FEWER[words]} == {}
    assert set(again) == {AGAIN[staffed.engine.dialect.name]}
    with staffed.look(NOW) as work:
        told = [one.kind for one in work.cases.facts("p1")]
    assert told == [Kind.ABSENCE, Kind.CONTACT, Kind.RETURN, Kind.ABSENCE], "each of them did what it is there for"


@pytest.fixture
def unwatched(postgresql_url: str) -> Iterator[Store]:
    """A store on PostgreSQL whose statements nobody counts, so that they are sent as in production."""
    engine = build_engine(postgresql_url)
    store = fresh_store(engine, fold=names)
    settle(store)
    yield store
    store.close()


@pytest.mark.postgres
def test_a_fault_in_one_go_is_told_and_leaves_nothing(unwatched: Store) -> None:
    one = fact(Kind.ABSENCE)
    with unwatched.begin(NOW) as work:
        work.cases.append([one])
    with pytest.raises(sa.exc.IntegrityError), unwatched.begin(NOW) as work:
        work.cases.append([fact(Kind.RETURN), one])
    with unwatched.begin(NOW) as work:
        assert work.cases.facts("p1") == [one]
        work.cases.append([fact(Kind.RETURN)])
    assert rebuild(unwatched, NOW, check=True) == []


@pytest.mark.postgres
def test_an_error_told_late_is_told_plainly(unwatched: Store) -> None:
    """What was sent and not waited for fails: whoever asks next hears it as if it had been his, the commit too."""
    one = fact(Kind.ABSENCE)
    with unwatched.begin(NOW) as work:
        work.cases.append([one])

    def again(ask: bool) -> None:
        with unwatched.begin(NOW) as work:
            work.cases.append([one])
            if ask:
                work.cases.facts_between(NOW.date(), NOW.date())

    for ask in (True, False):
        with pytest.raises(sa.exc.IntegrityError):
            again(ask)
    with unwatched.begin(NOW) as work:
        work.cases.append([fact(Kind.RETURN)])
        assert len(work.cases.facts("p1")) == 2, "the connection serves on"


@pytest.mark.postgres
def test_whatever_a_text_holds_comes_back_as_it_was(unwatched: Store) -> None:
    """Quotes, backslashes, braces, NULL and nothing in a list, as in a single value."""
    odd = ['"', "\\", '\\"', "{}", "NULL", "", "a,b", "换\n行", "'"]
    values = [{"person": "wang", "duty_id": f"d{n}{text}"} for n, text in enumerate(odd)]
    with unwatched.begin(NOW) as work:
        work.session.add_many(tables.duty_people, values)
        for text in odd:
            work.outbox.said(f"s{text}", "due", "wang", text)
    with unwatched.look(NOW) as work:
        mine = sa.select(tables.duty_people.c.duty_id).where(work.session.here(tables.duty_people))
        assert set(work.session.run(mine).scalars()) >= {row["duty_id"] for row in values}
        assert {one.key for one in work.outbox.said_about([f"s{text}" for text in odd])} == set(odd)

    def with_nul(many: bool) -> None:
        with unwatched.begin(NOW) as work:
            if many:
                work.session.add_many(tables.duty_people, [{"person": p, "duty_id": "d"} for p in ("wang", "li\0")])
            else:
                work.outbox.said("d\0", "due", "wang", "k")

    for many in (False, True):
        with pytest.raises(sa.exc.DataError):
            with_nul(many)


def test_what_all_rows_share_is_written_to_each(unwatched: Store) -> None:
    """It is made ready once: a text with quotes, nothing, a list, a moment."""
    text, since = 'a,"b\\', dt.date(2025, 9, 1)
    shared = {"rule": text, "clause": "N", "owner": "teacher", "due": since, "pupil_id": "p1", "unit_id": None,
              "status": "open", "who": [text], "closed": NOW, "fact_id": None, "hint": {"by": text}}  # fmt: skip
    with unwatched.begin(NOW) as work:
        work.session.add_many(tables.duties, [{"id": f"shared{n}", **shared} for n in range(3)])
    with unwatched.look(NOW) as work:
        mine = work.cases.duties_with_ids([f"shared{n}" for n in range(3)])
    assert [(d.rule, d.due, d.unit, d.who, d.closed, d.hint) for d in mine] == [
        (text, since, None, (text,), NOW, {"by": text})
    ] * 3


@pytest.mark.parametrize("many", [1, 2, 150])
def test_lines_are_written_and_replaced(unwatched: Store, many: int) -> None:
    """One by itself, some in arrays, very many copied: with what is left out, lists and figures as they were."""
    names = ("id", "who", "hint", "due", "rule", "clause", "owner", "pupil_id", "unit_id", "status", "closed")

    def line(number: int, day: dt.date) -> Line:
        closed = NOW if number % 3 else None
        who, hint = ("wang", 'l"i\\')[: 1 + number % 2], {"attempts": number} if number % 4 else {}
        return f"n{number}", who, hint, day, "notice", "N", "school", "p1", None, "open", closed

    first = [line(n, NOW.date()) for n in range(many)]
    later = [line(n, NOW.date() + dt.timedelta(days=1)) for n in (*range(many), 0)]
    with unwatched.begin(NOW) as work:
        add_lines(work.session, tables.duties, names, first)
        put_lines(work.session, tables.duties, names, later, ("id",))
        add_lines(work.session, tables.duties, names, [])
    with unwatched.look(NOW) as work:
        found = {d.id: d for d in work.cases.duties_with_ids([f"n{n}" for n in range(many)])}
    assert [(d.id, d.who, d.hint, d.due, d.unit, d.closed) for d in map(found.__getitem__, (f"n{n}" for n in range(many)))] == [
        (one[0], one[1], one[2], one[3], None, one[10]) for one in later[:many]
    ]  # fmt: skip

    def twice() -> None:
        with unwatched.begin(NOW) as work:
            add_lines(work.session, tables.duties, names, first[:2])

    with pytest.raises(sa.exc.IntegrityError):
        twice()


@pytest.mark.postgres
def test_writers_about_one_pupil_judge_one_after_the_other(unwatched: Store) -> None:
    """Whoever waits for the pupil sees what the one before has written, though the pupil was read only once."""
    ready = threading.Barrier(4)

    def report(number: int) -> None:
        ready.wait(10)
        for n in range(5):
            with unwatched.begin(NOW) as work:
                work.cases.hold(["p1"])
                work.cases.append([fact(Kind.CONTACT, channel="phone", source=f"m{number}-{n}")])

    with unwatched.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
    writers = [threading.Thread(target=report, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    with unwatched.look(NOW) as work:
        assert len(work.cases.facts("p1")) == 21
    assert rebuild(unwatched, NOW, check=True) == []


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_is_replaced(unwatched: Store) -> None:
    """A restart of the server between two messages is not felt by the second."""
    with unwatched.look(NOW) as work:
        ended = work.session.run(sa.select(sa.func.pg_backend_pid())).scalar_one()
    other = build_engine(unwatched.engine.url)
    with other.connect() as connection:
        assert connection.execute(sa.select(sa.func.pg_terminate_backend(ended, 5000))).scalar_one()
    other.dispose()
    with unwatched.begin(NOW) as work:
        assert work.people.person("wang") is not None
        assert work.session.run(sa.select(sa.func.pg_backend_pid())).scalar_one() != ended


@pytest.mark.postgres
def test_who_may_think_long_is_not_cut_off_and_who_may_not_is_told_plainly(postgresql_url: str) -> None:
    """The digests of a whole county on a busy machine: more than a minute between two statements of a sweep."""
    impatient = sa.make_url(postgresql_url).update_query_dict({"options": "-c idle_in_transaction_session_timeout=200"})
    store = fresh_store(build_engine(impatient.render_as_string(hide_password=False)), fold=names)
    settle(store)

    def think(long: bool) -> None:
        with store.look(NOW, long=long) as work:
            for _ in range(2):
                assert work.people.pupil("p1") is not None
                time.sleep(0.5)

    think(True)
    with pytest.raises(Unavailable):
        think(False)
    store.close()


def test_what_was_refused_is_not_remembered() -> None:
    """On SQLite a transaction may go on after a fact that was refused: nobody must be judged by it."""
    staffed, one = fresh_store(fold=names), fact(Kind.ABSENCE)
    if staffed.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL ends the transaction itself")
    settle(staffed)
    with staffed.begin(NOW) as work:
        work.cases.append([one])
    with staffed.begin(NOW) as work:
        with pytest.raises(sa.exc.IntegrityError):
            work.cases.append([one])
        assert work.cases.facts("p1") == [one]


def test_a_pupil_changed_after_being_held_is_read_again(staffed: Store) -> None:
    with staffed.begin(NOW) as work:
        held = work.cases.hold(["p1", "nobody"])
        assert set(held) == {"p1"}
        work.people.put_pupil(held["p1"].__class__("p1", "张三", "c2", "v1"))
        work.cases.append([fact(Kind.ABSENCE)])
        assert work.people.pupil("p1").class_id == "c2"
        assert {who for duty in work.cases.duties("p1") for who in duty.who if duty.owner == "teacher"} == {"he"}


@pytest.mark.parametrize("scope", [None, Scope(classes=frozenset({"c1"}))])
def test_facts_of_rare_kinds_are_found_by_their_own_index(staffed: Store, scope: Scope | None) -> None:
    """In its words, or SQLite reads a year of absences and contacts for a handful of referrals."""
    asked: list[tuple[str, object]] = []
    event.listen(
        staffed.engine, "before_cursor_execute", lambda c, cur, text, values, *rest: asked.append((text, values))
    )
    with staffed.look(NOW) as work:
        day = NOW.date()
        work.cases.facts_between(day - dt.timedelta(days=400), day, [Kind.WORK, Kind.VOID], scope=scope)
        work.cases.facts_between(day, day, [Kind.VISIT], scope=scope)
        work.cases.facts_between(day, day, [Kind.VISIT, Kind.WORK], scope=scope)
    rare, *others = [(text, values) for text, values in asked if "FROM facts" in text]
    assert tables.RARE in rare[0].replace("facts.kind", "kind")
    assert [tables.RARE in text.replace("facts.kind", "kind") for text, _ in others] == [False, False]
    if staffed.engine.dialect.name == "sqlite" and scope is None:
        with staffed.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {rare[0]}", rare[1]).all()
        assert any("ix_facts_rare (county_id=? AND kind=? AND day>? AND day<?)" in row[3] for row in plan), plan

"""The step into a school year and lists that move pupils: who goes where, what explains it, and nothing twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest

from bot.commands.setup import summary
from bot.desks import desk_for
from bot.papers import months
from bot.papers.entries import departed, entries
from bot.papers.rates import rate_table
from bot.rosters import RosterError, import_roster
from bot.rosters.new_year import next_name, plan_year, write_year
from casework.facts import Fact, Kind
from casework.people import Person, Post
from handlers import sampling
from handlers.understanding import names
from reminders.classdays import class_days
from storage.store import Store, Work
from tests.support.stores import fresh_store

LAST_YEAR = dt.datetime(2024, 9, 2, 8)
AUGUST = dt.datetime(2025, 8, 20, 8)
SEPTEMBER = dt.datetime(2025, 9, 30, 18)
UNITS = [
    ("路径", "类型"), ("老隆镇", "乡镇"),
    ("老隆镇/中心小学", "小学"), ("老隆镇/中心小学/五年级1班", "班级"), ("老隆镇/中心小学/六年级1班", "班级"),
    ("老隆镇/水贝小学", "小学"), ("老隆镇/水贝小学/六(1)班", "班级"),
    ("老隆镇/第一中学", "初中"), ("老隆镇/第一中学/七年级3班", "班级"), ("老隆镇/第一中学/九年级3班", "班级"),
    ("老隆镇/育才学校", "九年一贯"), ("老隆镇/育才学校/六年级2班", "班级"), ("老隆镇/育才学校/火箭班", "班级"),
]  # fmt: skip
PUPILS = [
    ("姓名", "学校班级", "学籍号"),
    ("甲五", "老隆镇/中心小学/五年级1班", "G441622201403070015"),
    ("乙六", "老隆镇/中心小学/六年级1班", "G441622201303070016"),
    ("丙六", "老隆镇/水贝小学/六(1)班", "G441622201303070017"),
    ("丁七", "老隆镇/第一中学/七年级3班", "G441622201203070018"),
    ("戊九", "老隆镇/第一中学/九年级3班", "G441622201003070019"),
    ("己九", "老隆镇/第一中学/九年级3班", "G441622201003070020"),
    ("庚六", "老隆镇/育才学校/六年级2班", "G441622201303070021"),
    ("辛火", "老隆镇/育才学校/火箭班", "G441622201303070022"),
]
FEEDS = {"老隆镇/中心小学": "老隆镇/第一中学"}


def _import(store: Store, folder: Path, what: str, lines: Sequence[Sequence[str]], now: dt.datetime, dry: bool = False):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(list(line))
    book.save(folder / "list.xlsx")
    result = import_roster(store, what, folder / "list.xlsx", now, dry_run=dry)
    assert result.bad == []
    return result


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = fresh_store(county="龙川县", fold=names)
    _import(store, tmp_path, "units", UNITS, LAST_YEAR)
    _import(store, tmp_path, "pupils", PUPILS, LAST_YEAR)
    yield store
    store.close()


def places(store: Store, now: dt.datetime = AUGUST) -> dict[str, str]:
    with store.look(now) as work:
        units = work.world.directory.units
        rooms = {name: units[room or ""] for _, name, room in work.people.all_names()}
        return {name: f"{units[room.parent or ''].name}/{room.name}" for name, room in rooms.items()}


def id_of(work: Work, name: str) -> str:
    return next(id for id, known, _ in work.people.all_names() if known == name)


def record(store: Store, name: str, kind: Kind, now: dt.datetime, **data: object) -> None:
    with store.begin(now) as work:
        pupil = id_of(work, name)
        work.cases.append([Fact(f"f-{pupil}-{kind}", kind, now.date(), now, "li", "school", pupil, data=data)])


@pytest.mark.parametrize(
    ("name", "grade", "after"),
    [
        ("七年级3班", 7, "八年级3班"), ("初二(1)班", 8, "初三(1)班"), ("三(2)班", 3, "四(2)班"), ("7年级2班", 7, "8年级2班"),
        ("小学五年级1班", 5, "小学六年级1班"), ("小学六年级1班", 6, "七年级1班"), ("一年1班", 1, "二年1班"),
        ("火箭班", 5, None), ("三年级班", 5, None),
    ],
)  # fmt: skip
def test_a_class_name_one_grade_up(name: str, grade: int, after: str | None) -> None:
    assert next_name(name, grade) == after


def test_everybody_goes_where_a_new_year_takes_them(store: Store) -> None:
    plan = plan_year(store, 2025, FEEDS, AUGUST)
    before = places(store)
    said = "\n".join(plan.say(dry_run=True))
    assert "升级3人，升入初中1人，毕业2人，待升学1人" in said
    assert "试运行，没有写入。" in said
    assert "老隆镇/水贝小学：六年级1人没有指定升入的初中" in said
    assert "老隆镇/育才学校/火箭班：班名看不出年级" in said
    assert places(store) == before
    write_year(store, plan, AUGUST)
    assert places(store) == {
        "甲五": "中心小学/六年级1班", "乙六": "第一中学/七年级新生（待分班）", "丙六": "水贝小学/2025届六年级毕业待升学",
        "丁七": "第一中学/八年级3班", "戊九": "第一中学/2025届毕业生", "己九": "第一中学/2025届毕业生",
        "庚六": "育才学校/七年级2班", "辛火": "育才学校/火箭班",
    }  # fmt: skip


def test_the_step_done_twice_moves_nobody_twice(store: Store) -> None:
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    after = places(store)
    again = plan_year(store, 2025, FEEDS, AUGUST + dt.timedelta(days=3))
    assert (again.pupils, again.moves, again.classes) == ([], [], {})
    write_year(store, again, AUGUST + dt.timedelta(days=3))
    assert places(store) == after
    with store.look(SEPTEMBER) as work:
        assert len(work.cases.facts(id_of(work, "戊九"))) == 1


def test_the_step_broken_off_is_finished_by_the_next(store: Store) -> None:
    plan = plan_year(store, 2025, FEEDS, AUGUST)
    whole = len(plan.pupils)
    plan.pupils = plan.pupils[:3]
    write_year(store, plan, AUGUST)
    rest = plan_year(store, 2025, FEEDS, AUGUST)
    assert len(rest.pupils) == whole - 3
    write_year(store, rest, AUGUST)
    assert places(store)["丁七"] == "第一中学/八年级3班"
    assert places(store)["甲五"] == "中心小学/六年级1班"


def test_a_child_out_of_school_is_no_graduate_and_comes_nowhere_by_itself(store: Store) -> None:
    record(store, "己九", Kind.DROPOUT, dt.datetime(2025, 5, 6, 9), reason_code="work")
    record(store, "乙六", Kind.DROPOUT, dt.datetime(2025, 5, 6, 9), reason_code="work")
    write_year(store, plan := plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    assert "九年级有1人正在缺勤或辍学：不算毕业" in "\n".join(plan.say(False))
    assert places(store)["己九"] == "第一中学/2025届九年级未毕业"
    with store.look(SEPTEMBER) as work:
        assert {work.cases.case(id_of(work, name)).state for name in ("己九", "乙六")} == {"dropout"}
        assert work.cases.case(id_of(work, "戊九")).state == "left"


def test_an_unknown_school_is_said(store: Store) -> None:
    with pytest.raises(RosterError, match="没有“老隆镇/第九中学”"):
        plan_year(store, 2025, {"老隆镇/中心小学": "老隆镇/第九中学"}, AUGUST)


def test_figures_of_both_schools_explain_the_step(store: Store) -> None:
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    with store.look(SEPTEMBER) as work:
        schools = {u.name: u.id for u in work.world.directory.units.values() if u.kind == "school"}
        keys = ("registered_start", "transfer_in", "transfer_out", "gone", "registered")
        found = {
            name: tuple(months.count(work, schools[name], "2025-08").figures["total"][key] for key in keys)
            for name in ("中心小学", "第一中学", "水贝小学")
        }
        # Who has finished Grade 9 goes to no other school: 其他减少, not 转出.
        assert found == {"中心小学": (2, 0, 1, 0, 1), "第一中学": (3, 1, 0, 2, 2), "水贝小学": (1, 0, 0, 0, 1)}
        assert [f.data["place"] for f in work.cases.facts(id_of(work, "乙六"))] == ["第一中学", "中心小学"]


def test_a_list_that_moves_a_pupil_says_so_and_is_explained(store: Store, tmp_path: Path) -> None:
    lines = [
        PUPILS[0],
        ("丙六", "老隆镇/中心小学/六年级1班", "G441622201303070017"),
        ("甲五", "老隆镇/中心小学/六年级1班", "G441622201403070015"),
        ("壬新", "老隆镇/中心小学/五年级1班", "G441622201403070029"),
    ]
    moment = dt.datetime(2025, 3, 10, 9)
    dry = _import(store, tmp_path, "pupils", lines, moment, dry=True)
    said = "\n".join(summary(dry, True))
    assert "新增1人，校内转班1人，转到别的学校1人，改资料0人，名单里没有的1人。" in said
    assert "名单里没有：乙六。" in said
    with store.look(moment) as work:
        assert work.cases.facts(id_of(work, "丙六")) == []
    _import(store, tmp_path, "pupils", lines, moment)
    again = _import(store, tmp_path, "pupils", lines, moment + dt.timedelta(days=1))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    with store.look(dt.datetime(2025, 3, 31, 18)) as work:
        kinds = [(f.kind, f.data["place"], f.source) for f in work.cases.facts(id_of(work, "丙六"))]
        assert kinds == [
            (Kind.TRANSFER_OUT, "中心小学", "import:pupils"),
            (Kind.TRANSFER_IN, "水贝小学", "import:pupils"),
        ]
        assert work.cases.case(id_of(work, "丙六")).state == "in_school"
        schools = {u.name: u.id for u in work.world.directory.units.values() if u.kind == "school"}
        left = months.count(work, schools["水贝小学"], "2025-03")
        assert (left.figures["total"]["transfer_out"], left.figures["total"]["registered"], left.contradictions) == (
            1,
            0,
            (),
        )


def test_a_list_alone_brings_no_absent_child_back(store: Store, tmp_path: Path) -> None:
    record(store, "丙六", Kind.DROPOUT, dt.datetime(2025, 3, 3, 9), reason_code="work")
    lines = [PUPILS[0], ("丙六", "老隆镇/中心小学/六年级1班", "G441622201303070017")]
    result = _import(store, tmp_path, "pupils", lines, dt.datetime(2025, 3, 10, 9))
    assert "转学的人里有1人正在缺勤或辍学" in "\n".join(result.notes)
    with store.look(SEPTEMBER) as work:
        assert work.cases.case(id_of(work, "丙六")).state == "dropout"


def test_the_new_roster_places_and_the_step_moves_nobody_again(store: Store, tmp_path: Path) -> None:
    lines = [
        PUPILS[0],
        ("丙六", "老隆镇/第一中学/七年级3班", "G441622201303070017"),
        ("癸新", "老隆镇/第一中学/七年级3班", "G441622201303070030"),
    ]
    _import(store, tmp_path, "pupils", lines, AUGUST)
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    found = places(store)
    assert (found["丙六"], found["癸新"], found["丁七"]) == (
        "第一中学/七年级3班",
        "第一中学/七年级3班",
        "第一中学/八年级3班",
    )


def test_retention_is_counted_from_the_beginning_that_was_kept(store: Store) -> None:
    with store.begin(LAST_YEAR) as work:
        work.people.put_person(Person("zhou", "周"))
        work.people.put_post(Post("zhou", "county", ""))
    for year in (2025, 2026):
        moment = dt.datetime(year, 8, 20, 8)
        write_year(store, plan_year(store, year, FEEDS, moment), moment)
    autumn = dt.datetime(2026, 10, 8, 9)

    def rate() -> tuple[str, int, int, list[str]]:
        with store.look(autumn) as work:
            desk = desk_for(work, "zhou", "")
            assert desk is not None
            found = next(r for r in rate_table(work, desk, "2026-10").rates if r.name == "retention")
            return found.unit, found.figure.numerator, found.figure.denominator, [m.name for m in found.missing]

    assert rate() == ("龙川县（2024年秋七年级起）", 1, 1, [])
    record(store, "丁七", Kind.DROPOUT, dt.datetime(2026, 9, 10, 9), reason_code="work")
    assert rate() == ("龙川县（2024年秋七年级起）", 0, 1, ["丁七"])


STAFF = [("姓名", "企业微信账号", "角色", "单位")] + [
    (f"{name}老师", id, "班主任", f"老隆镇/{place}")
    for name, id, place in (
        ("王", "wang", "第一中学/七年级3班"), ("何", "he", "第一中学/九年级3班"), ("罗", "luo", "中心小学/五年级1班"),
        ("唐", "tang", "中心小学/六年级1班"),
    )
]  # fmt: skip
NEXT_YEAR = [STAFF[0]] + [
    (f"{name}老师", id, "班主任", f"老隆镇/{place}")
    for name, id, place in (
        ("王", "wang", "第一中学/八年级3班"), ("何", "he", "第一中学/七年级3班"), ("罗", "luo", "中心小学/六年级1班"),
        ("唐", "tang", "水贝小学/六(1)班"),
    )
]  # fmt: skip


def teachers(store: Store, now: dt.datetime) -> dict[str, list[str]]:
    with store.look(now) as work:
        directory = work.world.directory
        rooms = (u for u in directory.units.values() if u.kind == "class")
        held = {room.name: list(directory.holders("teacher", room.id, now.date())) for room in rooms}
        return {name: who for name, who in held.items() if who}


@pytest.mark.clause("LC-1")
def test_a_new_list_of_staff_gives_each_class_its_teacher_and_no_two(store: Store, tmp_path: Path) -> None:
    _import(store, tmp_path, "staff", STAFF, LAST_YEAR)
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    dry = _import(store, tmp_path, "staff", NEXT_YEAR, AUGUST, dry=True)
    new, said = dry.notes
    assert new == "新增岗位：班主任4。"
    assert "班主任有4个班换人，原班主任任职到昨天8月19日（周二）为止：" in said
    assert "第一中学/七年级3班 王老师→何老师" in said
    assert "中心小学/五年级1班 罗老师→（无）" in said
    assert teachers(store, AUGUST)["七年级3班"] == ["wang"]
    _import(store, tmp_path, "staff", NEXT_YEAR, AUGUST)
    after = {"八年级3班": ["wang"], "七年级3班": ["he"], "六年级1班": ["luo"], "六(1)班": ["tang"]}
    assert teachers(store, AUGUST) == after
    assert teachers(store, AUGUST - dt.timedelta(days=30))["七年级3班"] == ["wang"], (
        "the days before stay whose they were"
    )
    again = _import(store, tmp_path, "staff", NEXT_YEAR, AUGUST + dt.timedelta(days=5))
    assert (again.changed, again.unchanged, again.notes) == (0, 4, ())
    assert teachers(store, SEPTEMBER) == after


def test_one_row_within_the_year_ends_no_post_but_that_of_the_class_it_gives_away(store: Store, tmp_path: Path) -> None:
    _import(store, tmp_path, "staff", STAFF, LAST_YEAR)
    march = dt.datetime(2025, 3, 10, 9)
    _import(store, tmp_path, "staff", [STAFF[0], ("王老师", "wang", "班主任", "老隆镇/第一中学/九年级3班")], march)
    assert teachers(store, march) == {
        "七年级3班": ["wang"],
        "九年级3班": ["wang"],
        "五年级1班": ["luo"],
        "六年级1班": ["tang"],
    }


def test_who_has_finished_school_stands_in_no_list_and_no_figure(store: Store, tmp_path: Path) -> None:
    _import(
        store,
        tmp_path,
        "staff",
        [STAFF[0], ("周股长", "zhou", "县教育局", "龙川县"), ("李主任", "li", "控辍专干", "老隆镇/第一中学")],
        LAST_YEAR,
    )
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    gone = {"戊九", "己九"}
    with store.look(SEPTEMBER) as work:
        for person, schools in (("zhou", 6), ("li", 2)):
            desk = desk_for(work, person, "")
            pupils, _ = work.people.in_scope(desk.scope, limit=100)
            counts = work.cases.counts(desk.scope, SEPTEMBER.date())
            assert gone.isdisjoint({p.name for p in pupils})
            assert (len(pupils), counts["pupils"], counts["left"], counts["ledger_age"]) == (
                schools,
                schools,
                0,
                schools,
            )
            assert gone.isdisjoint({e.pupil.name for e in entries(work, desk, silent=True)})
            rows, total = work.cases.listing(desk.scope)
            assert (gone.isdisjoint({row.pupil.name for row in rows}), total) == (True, schools)
            _, whole = work.cases.listing(desk.scope, limit=1)
            assert whole == schools, "counted alike where the page is but the beginning"
            assert sum(many["pupils"] for many in work.tallies.by_class(desk.scope).values()) == schools
            drawn = [id for ids in sampling.lot(desk).values() for id in ids]
            assert gone.isdisjoint({p.name for p in work.people.pupils(drawn).values()})
        found, _ = work.people.in_scope(desk_for(work, "zhou", "").scope, text="戊九")
        assert [p.name for p in found] == ["戊九"], "asked for by name"
        lines = {e.pupil.name: e.events for e in (*entries(work, desk, silent=True), *departed(work, desk))}
        assert [e.kind for e in lines["戊九"]] == ["graduated"], (
            "who finishes school is no 转出 in the register of changes"
        )


def test_the_list_of_one_class_says_nothing_of_the_others_and_what_it_changes_is_named(
    store: Store, tmp_path: Path
) -> None:
    march = dt.datetime(2025, 3, 10, 9)
    lines = [
        PUPILS[0],
        ("甲五五", "老隆镇/中心小学/五年级1班", "G441622201403070015"),
        ("己九", "老隆镇/中心小学/五年级1班", "G441622201003070020"),
    ]
    said = "\n".join(_import(store, tmp_path, "pupils", lines, march, dry=True).notes)
    assert "改姓名，请核对：甲五→甲五五。" in said
    assert "转到别的学校：己九（第一中学九年级3班→中心小学五年级1班）。" in said
    assert "名单里没有：" not in said, "of two classes the list has one"


def test_an_emptied_class_is_neither_called_nor_counted(store: Store, tmp_path: Path) -> None:
    _import(store, tmp_path, "staff", STAFF, LAST_YEAR)
    write_year(store, plan_year(store, 2025, FEEDS, AUGUST), AUGUST)
    _import(store, tmp_path, "staff", NEXT_YEAR, AUGUST)
    _import(store, tmp_path, "calendar", [("开始", "结束", "类型"), ("2025-09-01", "2026-01-30", "学期")], AUGUST)
    with store.look(dt.datetime(2025, 9, 3, 10)) as work:
        called = {day.name for day in class_days(work)}
    assert "六年级1班" in called
    assert "五年级1班" not in called, "its pupils are in Grade 6, and so is its teacher"

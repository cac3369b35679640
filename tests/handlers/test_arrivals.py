"""A receiving school answers: the class in the ways in which it is written, and what an undo leaves."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.desks import desk_for
from bot.papers import months
from bot.papers.paperwork import Wanted, make
from casework.people import Pupil
from reports.columns import COLUMNS
from storage.store import Work
from tests.support.talk import Stage

NUMBER = "441622201201010011"


def known(work: Work) -> Pupil:
    pupil = work.people.pupil("p1")
    assert pupil is not None
    return pupil


def stage() -> Stage:
    one = Stage("xiuyan", dt.datetime(2025, 10, 13, 10, 0), None)
    one.say("王老师", "张三转到河湾乡九年一贯制学校")
    return one


@pytest.mark.clause("TA-15", "XY-16")
@pytest.mark.parametrize(
    ("room", "lands"),
    [
        ("七年级1班", "c6"), ("七(1)班", "c6"), ("七（1）班", "c6"), ("7年级1班", "c6"), ("初一1班", "c6"), ("初一(1)班", "c6"),
        ("701班", "c6"), ("五年级1班", "c5"), ("五(1)班", "c5"), ("501班", "c5"),
        ("七年级2班", "c1"), ("八(1)班", "c1"), ("1班", "c1"), ("", "c1"),
    ],
)  # fmt: skip
def test_a_class_is_known_by_grade_and_number_and_never_guessed(room: str, lands: str) -> None:
    one = stage()
    said = one.say("吴主任", f"接收 张三 {room}")
    with one.store.begin(one.now) as work:
        pupil = work.people.pupil("p1")
        assert pupil is not None
        assert pupil.class_id == lands
    assert ("已记" in said) == (lands != "c1")


@pytest.mark.clause("FJ-17")
def test_an_undone_enrolment_leaves_the_child_without_a_place() -> None:
    one = stage()
    one.say("刘支书", "摸排发现陈小花8岁没上学，住上坪村")
    one.say("周股长", "安置 陈小花 到青石镇中心小学")
    one.say("孙主任", "接收 陈小花 三(2)班")
    with one.store.begin(one.now) as work:
        (found,) = [p for p in work.people.pupils(_ids(work)).values() if p.name == "陈小花"]
        assert (found.class_id, work.cases.case(found.id).state) == ("c4", "in_school")
        assert not [d for d in work.cases.duties(pupil=found.id) if d.rule == "found_check"]
    one.say("孙主任", "撤销")
    with one.store.begin(one.now) as work:
        again = work.people.pupil(found.id)
        assert again is not None
        assert (again.class_id, work.cases.case(found.id).state) == (None, "left")
        assert [d for d in work.cases.duties(pupil=found.id) if d.rule == "found_check"]


def _ids(work: object) -> set[str]:
    facts = work.cases.facts_between(dt.date(2025, 10, 1), dt.date(2025, 10, 31))  # type: ignore[attr-defined]
    return {f.pupil for f in facts if f.pupil}


@pytest.mark.clause("XY-16", "LC-11", "TA-15")
def test_a_transfer_accepted_in_chat_is_in_both_schools_months_and_registers() -> None:
    one = stage()
    with one.store.begin(one.now) as work:
        work.people.put_pupil(
            known(work), {"sex": "男", "born": "2012-01-01", "id_number": NUMBER, "address": "上坪村3号"}
        )
    one.say("吴主任", "接收 张三 七(1)班")
    with one.store.begin(one.now) as work:
        left, came = (months.count(work, school, "2025-10") for school in ("s1", "s3"))
        figures = [(m.figures["total"]["transfer_in"], m.figures["total"]["transfer_out"]) for m in (left, came)]
        assert figures == [(0, 1), (1, 0)]
        assert not [line for m in (left, came) for line in m.contradictions if "在籍" in line]
        rows = [_changes(work, who) for who in ("li", "wu")]
    gone = {
        "name": "张三", "class": "八年级3班", "change": "转出", "change_place": "河湾乡九年一贯制学校",
        "sex": "男", "born": dt.datetime(2012, 1, 1), "id": "441622***********1",
    }  # fmt: skip
    assert rows[0] == [gone]
    assert [(row["class"], row["change"]) for row in rows[1] if row["change"] == "转入"] == [("七年级1班", "转入")]


@pytest.mark.clause("XY-16")
def test_the_register_of_changes_holds_what_is_in_force_in_the_time_asked_for() -> None:
    one = stage()
    one.say("王老师", "李四转到东莞读书")
    with one.store.begin(one.now) as work:
        assert "李四" not in [
            row["name"] for row in _changes(work, "li")
        ]  # only asked for: the month does not count it
    one.say("吴主任", "接收 张三 七(1)班")
    with one.store.begin(one.now) as work:
        desk = desk_for(work, "li", "x")
        for month, lines in (("2025-10", 1), ("2025-09", 0), (None, 1)):
            paper = make(work, desk, Wanted("changes", month=month))
            sheet = load_workbook(BytesIO(paper.content)).active
            told = [c.value for row in sheet.iter_rows() for c in row if c.value]
            assert told.count("张三") == lines, month
        assert any("2025年8月1日至2025年10月" in str(value) for value in told)


@pytest.mark.clause("XY-31", "LC-25")
def test_a_ledger_says_where_a_pupil_has_gone() -> None:
    one = Stage("xiuyan", dt.datetime(2025, 10, 13, 10, 0), None)
    one.say("王老师", "张三 缺勤 第5天")
    one.say("王老师", "给张三家长打电话，说跟他舅舅去东莞打工了")
    with one.store.begin(one.now) as work:
        (row,) = _lines(work, "li", "not_returned", ("name", "whereabouts"))
    assert row["name"] == "张三"
    assert "东莞" in str(row["whereabouts"])


def _changes(work: Work, who: str) -> list[dict[str, object]]:
    """The register of changes as that person has it made: who, in which class, what, whither."""
    return _lines(work, who, "changes", ("name", "class", "change", "change_place", "sex", "born", "id"))


def _lines(work: Work, who: str, paper: str, columns: tuple[str, ...]) -> list[dict[str, object]]:
    """The lines of a ledger that name somebody, by column."""
    desk = desk_for(work, who, f"test:{who}")
    assert desk is not None
    sheet = load_workbook(BytesIO(make(work, desk, Wanted(paper)).content)).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(n for n, line in enumerate(lines) if "姓名" in line)
    places = {key: lines[at].index(COLUMNS[key].head) for key in columns}
    found = [{key: line[n] for key, n in places.items()} for line in lines[at + 1 :]]
    return [row for row in found if row["name"] and all(row.get(key) for key in columns if key == "change")]

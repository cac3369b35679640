"""Faults in what people write (14 to 18, 38), each through the whole bot on a store in memory."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import sqlalchemy as sa

from bot.reception import Reception
from bot.wecom.messages import Reply, parse, render
from casework.people import Pupil
from storage import tables
from tests.support.talk import Stage
from tests.support.wecom import WeComClient

WEDNESDAY = dt.datetime(2025, 9, 10, 8, 5)
INJECTIONS = (
    "'); drop table pupils;--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "]]>",
    "+1",
    "@x",
    "\t=1",
)


@pytest.fixture
def stage() -> Stage:
    return Stage("longchuan", WEDNESDAY)


def facts(stage: Stage) -> list[sa.Row]:
    with stage.store.look(stage.now) as work:
        query = sa.select(tables.facts.c.kind, tables.facts.c.day, tables.facts.c.pupil_id)
        return list(work.session.run(query.where(work.session.here(tables.facts))))


@pytest.mark.parametrize("text", ["", "   ", "😀👍", "\u200b\u200b", "\u202e。", "字" * 682])
def test_fault_14_nothing_said_is_a_helpful_question(stage: Stage, text: str) -> None:
    assert stage.say("王老师", text)
    assert facts(stage) == []


@pytest.mark.parametrize("text", ["张三 缺勤 3天", "张三 缺勤 ３天", "张\u200b三 缺勤 3天"])
def test_fault_14_widths_and_what_cannot_be_seen_change_nothing(stage: Stage, text: str) -> None:
    assert "张三" in stage.say("王老师", text)
    [row] = facts(stage)
    assert str(row.kind) == "absence"


@pytest.mark.parametrize("text", INJECTIONS)
def test_fault_15_injections_stay_words(stage: Stage, text: str) -> None:
    """As the reason of an absence: kept as written, back in the reply, no formula in a workbook."""
    from bot.desks import desk_for
    from bot.papers.paperwork import Wanted, make

    before = _tables(stage)
    _classmate(stage, "evil", text)
    said = stage.say("王老师", f"张三今天没来，因为{text}")
    assert _tables(stage) == before
    inbound = parse(WeComClient("", "", "", "corp", 1).text("wang", "x", "1"))
    xml = render(Reply(text=said + text), inbound, 1.0)
    assert parse(xml).content.startswith(said[:20])
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, stage.ids["李主任"], "test")
        paper = make(work, desk, Wanted("age_ledger"))
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(paper.content)) for row in sheet for cell in row]
    assert any(text.strip("\t") in str(cell.value or "") for cell in cells)
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def _classmate(stage: Stage, id: str, name: str) -> None:
    """One more pupil in 张三's class."""
    known = _id_of(stage, "张三")
    with stage.store.begin(stage.now) as work:
        work.people.put_pupil(Pupil(id, name, work.people.pupil(known).class_id, None))


def _tables(stage: Stage) -> set[str]:
    return set(sa.inspect(stage.store.engine).get_table_names())


def _id_of(stage: Stage, name: str) -> str:
    with stage.store.look(stage.now) as work:
        query = sa.select(tables.pupils.c.id).where(work.session.here(tables.pupils), tables.pupils.c.name == name)
        return str(work.session.run(query).scalars().first())


def test_fault_16_two_of_one_name_are_asked_about_and_nothing_is_stored_before(stage: Stage) -> None:
    _classmate(stage, "twin", "张三")
    asked = stage.say("王老师", "张三今天没来")
    assert facts(stage) == []
    assert "1" in asked
    assert "2" in asked
    stage.say("王老师", "2")
    assert len(facts(stage)) == 1


def test_fault_17_not_mine_unknown_and_moved_away_are_answered_alike(stage: Stage) -> None:
    """唐老师 has another class; the pupil moved yesterday is no longer 王老师's."""
    others = stage.say("唐老师", "张三今天没来")
    nobody = stage.say("唐老师", "章无人今天没来")
    assert others.replace("张三", "") == nobody.replace("章无人", "")
    id = _id_of(stage, "李四")
    with stage.store.begin(stage.now) as work:
        pupil = work.people.pupil(id)
        elsewhere = next(
            unit.id
            for unit in work.world.directory.units.values()
            if unit.kind == "class" and unit.id != pupil.class_id
        )
        work.people.put_pupil(Pupil(pupil.id, pupil.name, elsewhere, pupil.village_id))
    moved = stage.say("王老师", "李四今天没来")
    unknown = stage.say("王老师", "章无人今天没来")
    assert moved.replace("李四", "") == unknown.replace("章无人", "")
    assert facts(stage) == []


IMPOSSIBLE = [
    ("2025-09-10 08:05", "张三明天没来"),
    ("2025-09-10 08:05", "张三9月30日没来"),
    ("2025-09-10 08:05", "张三2月30日没来"),
    ("2025-10-02 09:00", "张三今天没来"),  # National Day
    ("2025-09-13 09:00", "张三今天没来"),  # a Saturday
    ("2025-09-10 08:05", "张三 2025年2月29日 缺勤"),
]


@pytest.mark.parametrize(("now", "text"), IMPOSSIBLE)
def test_fault_18_impossible_days_are_asked_about(now: str, text: str) -> None:
    stage = Stage("longchuan", dt.datetime.fromisoformat(now))
    assert stage.say("王老师", text)
    assert facts(stage) == []


def test_fault_18_yesterday_said_after_midnight_is_the_day_before() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 11, 0, 3))
    said = stage.say("王老师", "张三昨天没来")
    assert "9月10日" in said
    assert [row.day for row in facts(stage)] == [dt.date(2025, 9, 10)]


def test_fault_38_a_flood_of_one_member_gets_one_polite_notice(stage: Stage) -> None:
    reception = Reception(stage.store, lambda: stage.now, lambda: dt.datetime(2026, 1, 1))
    envelope = WeComClient("", "", "", "corp", 1)
    replies = [
        reception.answer(parse(envelope.text(stage.ids["王老师"], "待办", str(n)))).text for n in range(100)
    ]  # fmt: skip
    assert sum("太快" in reply for reply in replies) == 1
    assert replies[-1] == ""
    assert reception.answer(parse(envelope.text(stage.ids["李主任"], "待办", "900"))).text

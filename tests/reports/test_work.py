"""The sheets of the work itself: what was done beside the cases, and how schools and persons kept their duties."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.files import make_for
from casework.terms import GROUPS
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 11, 3, 8)
LATER = dt.datetime(2025, 11, 14, 10)


@pytest.fixture(scope="module")
def stage() -> Stage:
    """张三 is absent and visited too late; 李主任 and 王老师 write down what else they did."""
    stage = Stage("national", MORNING)
    stage.say("王老师", "张三 缺勤 第1天")
    stage.say("王老师", "张三是留守儿童")
    stage.say("王老师", "给张三妈妈打电话，说不想读了")
    stage.say("李主任", "记会议：10月30日班子会研究控辍保学，15人参加")
    stage.say("王老师", "记谈心 张三 愿意听老师的话")
    stage.pass_until(dt.datetime(2025, 11, 7, 9))
    stage.say("王老师", "家访 张三 家长不同意")
    stage.pass_until(LATER)
    return stage


def lines(stage: Stage, folder: Path, who: str, what: str, sheet: str) -> list[dict[str, Any]]:
    """A sheet as an independent reader has it: a dict for each line, by the heads of its third row."""
    _, content = make_for(stage.store, folder, "", stage.ids[who], {"what": what}, stage.now)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(3)]
    found = [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]
    return [line for line in found if line.get("学校") or isinstance(line.get("序号"), int)]


@pytest.mark.clause("LC-5", "XY-44", "TA-14")
def test_the_work_log_is_what_was_written_down(stage: Stage, tmp_path: Path) -> None:
    found = lines(stage, tmp_path, "李主任", "work_log", "工作记录")
    assert [(f["日期"].date(), f["单位（学生）"], f["类别"], f["人数"], f["记录人"]) for f in found] == [
        (dt.date(2025, 10, 30), "青石镇中学", "学校领导班子会议", 15, "李主任"),
        (dt.date(2025, 11, 3), "张三", "谈心", None, "王老师"),
    ]
    assert lines(stage, tmp_path, "刘支书", "work_log", "工作记录") == []  # what a pupil confided stays in the school


@pytest.mark.clause("XY-47", "FJ-25", "FJ-27", "LC-4")
def test_duties_are_counted_as_the_record_has_them(stage: Stage, tmp_path: Path) -> None:
    """Counted a second time from the duties themselves: due before today, not lapsed."""
    with stage.store.look(stage.now) as work:
        due = [
            d
            for status in ("open", "done")
            for d in work.cases.duties(status=status)
            if dt.date(2025, 8, 1) <= d.due < stage.now.date()
        ]
        school = {"pupil": "青石镇中学"}
        mine = [d for d in due if d.pupil]
        late = sum(d.closed is not None and d.closed.date() > d.due for d in mine)
        still = sum(d.closed is None for d in mine)
        by_person = Counter(person for d in due for person in d.who)
    assert late >= 1  # the home visit of 4 November was made on the 7th
    assert still >= 1
    row = next(r for r in lines(stage, tmp_path, "周股长", "assessment", "按学校") if r["学校"] == school["pupil"])
    whole = list(lines(stage, tmp_path, "周股长", "assessment", "按学校"))
    assert sum(r["逾期后完成"] for r in whole) >= late
    assert row["到期事项"] == row["按时完成"] + row["逾期后完成"] + row["未完成"]
    assert row["到期事项"] >= len(mine)
    people = {r["姓名"]: r for r in lines(stage, tmp_path, "周股长", "assessment", "按岗位")}
    assert people["王老师"]["到期事项"] == by_person[stage.ids["王老师"]]
    assert "青石镇中学八年级3班班主任" in people["王老师"]["岗位"]
    assert row["家访次数"] == 1
    assert row["工作记录"] == 2


@pytest.mark.clause("XY-2")
def test_groups_are_counted_by_school(stage: Stage, tmp_path: Path) -> None:
    with stage.store.look(stage.now) as work:
        directory = work.world.directory
        pupils, _ = work.people.in_scope(directory.scope_of(stage.ids["周股长"], stage.now.date()), limit=10_000)
        wanted = Counter(
            (directory.units[directory.at_level(p.class_id, "school") or ""].name, GROUPS[g])
            for p in pupils
            for g in p.groups
        )
    found = lines(stage, tmp_path, "周股长", "assessment", "重点群体")
    assert {(r["学校"], g): r[g] for r in found for g in GROUPS.values() if r.get(g)} == dict(wanted)


def test_a_school_sees_itself_alone(stage: Stage, tmp_path: Path) -> None:
    assert [r["学校"] for r in lines(stage, tmp_path, "李主任", "assessment", "按学校")] == ["青石镇中学"]
    posts = [r["岗位"] for r in lines(stage, tmp_path, "李主任", "assessment", "按岗位")]
    assert posts
    assert all("青石镇中学" in post for post in posts)
    groups = lines(stage, tmp_path, "李主任", "assessment", "重点群体")[0]
    assert GROUPS["justice"] not in groups  # a group that the school's clerk may not know of

"""A school's month recomputed a second, simple way: what the projections showed at each day's end, counted by hand."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.files import make_for
from bot.papers import book, months
from casework.facts import Fact, Kind
from casework.people import Unit
from tests.reports.diary import SCHOOLS, lived
from tests.support.talk import Stage


@pytest.mark.clause("LC-21")
def test_what_was_learnt_after_submission_is_a_difference_and_not_inside() -> None:
    diary = lived(3, dt.date(2025, 9, 12))
    at = dt.datetime(2025, 9, 25, 10)
    with diary.store.begin(at) as work:
        before = months.count(work, "s1", "2025-09")
        digest = book.submit(work, "s1", "2025-09", "li")
    victim = next(
        id
        for id, state in diary.evenings[dt.date(2025, 9, 12)].items()
        if state == "in_school" and diary.pupils[id].class_id == "c1"
    )
    with diary.store.begin(at + dt.timedelta(days=5)) as work:
        fact = Fact(
            "late", Kind.ABSENCE, dt.date(2025, 9, 16), work.now, "li", "school", victim, data={"start": "2025-09-16"}
        )
        work.cases.append([fact])
    with diary.store.look(at + dt.timedelta(days=6)) as work:
        kept = months.of_school(work, "s1", "2025-09")
        assert kept.figures == before.figures
        assert list(kept.names) == list(before.names)
        assert work.reports.frozen("s1", "2025-09").hash == digest
        name = diary.pupils[victim].name
        assert f"{name}：提交时不在名单上，现为疑似辍学。" in book.differences(work, "s1", "2025-09")
        assert any(s.startswith("疑似辍学期初") for s in months.count(work, "s1", "2025-10").contradictions)


@pytest.mark.parametrize("month", ["2025-08", "2025-09", "2025-10"])
@pytest.mark.broad
def test_those_of_whom_nothing_was_told_are_counted_as_if_looked_at_one_by_one(month: str, monkeypatch: Any) -> None:
    diary = lived(5, dt.date(2025, 10, 10))
    at = dt.datetime(2025, 10, 10, 23)
    with diary.store.begin(at) as work:  # a class of which no grade is known, a pupil taught at home, one struck off
        work.people.put_units([Unit("c0", "class", "1班", "s1")])
        work.people.put_pupil(replace(diary.pupils["p1"], id="x", name="赵小六", class_id="c0"))
        work.people.put_pupil(replace(diary.pupils["p1"], id="y", name="赵小七", home_taught=True))
        work.people.put_pupil(replace(diary.pupils["p1"], id="z", name="赵小八", struck=True))
    with diary.store.look(at) as work:
        few = {school: months.count(work, school, month) for school in SCHOOLS}
        everybody = set(diary.pupils) | {"x", "y"}
        monkeypatch.setattr(work.tallies, "stirred", lambda scope, since: everybody)
        assert few == {school: months.count(work, school, month) for school in SCHOOLS}
        assert any("赵小六" in said and "年级不明" in said for said in few["s1"].contradictions)
    assert few["s1"].figures["total"]["home_taught"]


@pytest.mark.clause("XY-16")
def test_a_pupil_who_came_within_the_month_was_not_there_at_its_beginning() -> None:
    diary = lived(4, dt.date(2025, 9, 3))
    with diary.store.begin(dt.datetime(2025, 9, 4, 9)) as work:
        work.people.put_pupil(replace(diary.pupils["p1"], id="x", name="赵小六"), {"sex": "男"})
        work.cases.append(
            [Fact("in", Kind.TRANSFER_IN, dt.date(2025, 9, 4), work.now, "li", "school", "x", data={"place": "赣州"})]
        )
        without = months.count(work, "s1", "2025-08").figures["total"]
        figures = months.count(work, "s1", "2025-09").figures["total"]
    came, went = figures["transfer_in"] + figures["entered"], figures["transfer_out"] + figures["gone"]
    assert figures["registered"] == figures["registered_start"] + came - went
    assert figures["registered_start"] == without["registered"]


@pytest.mark.clause("LC-21", "XY-42")
def test_both_halves_of_a_month_are_ticked_and_silence_stands_apart() -> None:
    stage = Stage("xiuyan", dt.datetime(2025, 9, 25, 9))
    stage.say("李主任", "零报告")
    shown = stage.say("李主任", "月报")
    assert "☑电子表　□盖章扫描件。请打印统计表，校长签名盖章后拍照发回" in shown
    assert "已报、还缺盖章扫描件：青石镇中学" in stage.say("周股长", "哪些学校没交月报")
    assert "☑电子表　☑盖章扫描件（1份）" in stage.say("李主任", "", "image", "media-1")
    assert "☑盖章扫描件（1份）" in stage.say("李主任", "月报")
    said = stage.say("周股长", "哪些学校没交月报")
    assert "缺盖章" not in said
    assert "视为0" not in said
    assert "已催报2所" in stage.say("周股长", "催")
    stage.now = dt.datetime(2025, 10, 2, 9)
    said = stage.say("周股长", "哪些学校没交9月月报")
    assert "已报1所（其中零报告1所），未报2所" in said
    assert "按本县规定视为0，与已报的零报告分开" in said
    _, content = make_for(stage.store, Path("files"), "", "zhou", {"what": "monthly", "month": "2025-09"}, stage.now)
    page = openpyxl.load_workbook(io.BytesIO(content))["各校"]
    rows = {r[1].value: (r[2].value, r[5].value, r[6].value) for r in page.iter_rows(4, 6)}
    assert rows["青石镇中学"][:2] == ("已报（零报告）", "☑电子表　☑盖章扫描件（1份）")
    assert rows["青石镇中心小学"] == ("0（未报视为0）", None, None)

"""A made-up pupil, case and school, from which the reports of the tests are made."""

from __future__ import annotations

import datetime as dt
from typing import Any

from casework.case import Case
from reports.inputs import Event, Issuer, Material, PupilRecord, UnitRecord
from reports.monthly import Monthly

AT = dt.datetime(2025, 3, 12, 9, 30)
DAY = AT.date()
ID, STUDENT_NO = "350212201103050010", "G350212201103050010"
PUPIL = PupilRecord(
    "p1", "张三", "青石镇中学", "八年级3班", 8, STUDENT_NO, "男", dt.date(2011, 3, 5), "汉族", ID, "本地",
    "某县青石镇上坪村12号", "青石镇河边路3号", "青石镇", "上坪村", "张大山", "父亲", "13800000000",
    frozenset({"left_behind", "poor", "justice"}), "在校", "东莞市长安镇", "务工证明", dt.date(2018, 9, 1), "王老师", "营养餐", "东莞市长安镇", "王老师",
)  # fmt: skip
CASE = Case(
    "p1", "suspected", "suspected", 8, dt.date(2025, 3, 3), 1, reason="不想读了", reason_code="study",
    promised=dt.date(2025, 3, 17), last_contact=dt.date(2025, 3, 5),
)  # fmt: skip
EVENTS = (
    Event(dt.date(2025, 3, 3), "contact", "王老师", "teacher", "nobody", "没人接电话", "phone"),
    Event(dt.date(2025, 3, 4), "visit", "王老师", "teacher", "refused", "孩子说听不懂课", companions="李老师", place="家中",
          start="18:00", end="18:40", files=("家访照片1.jpg",)),
    Event(dt.date(2025, 3, 5), "visit", "黄干事", "township", "agreed", "答应周一返校", ends=dt.date(2025, 3, 17)),
    Event(dt.date(2025, 3, 6), "notice", "李主任", "school", number="劝通字〔2025〕第3号", ends=dt.date(2025, 3, 13)),
    Event(dt.date(2025, 2, 20), "teach", "王老师", "teacher", text="认字", lessons=2, minutes=60),
    Event(dt.date(2025, 3, 1), "leave", "王老师", "teacher", text="感冒", way="sick", ends=dt.date(2025, 3, 2)),
    Event(dt.date(2025, 2, 10), "transfer_in", "李主任", "school", place="邻县二中", files=("转学证明",)),
)  # fmt: skip
UNIT = UnitRecord(
    "s1", "school", "青石镇中学", "青石镇人民政府", "某县", "某县教育局", "赵校长", "李主任", "0592-1234567", "junior"
)
ISSUERS = {
    "school": "青石镇中学", "village": "上坪村村委会", "township": "青石镇人民政府", "subdistrict": "城关街道办事处",
    "county_edu": "某县教育局",
}  # fmt: skip


def issuer(kind: str) -> Issuer:
    return Issuer(kind, ISSUERS[kind])


def full(kind: str = "school", **more: Any) -> Material:
    """Material with everything that records hold about the pupil."""
    given: dict[str, Any] = {
        "unit": UNIT, "pupil": PUPIL, "case": CASE, "events": EVENTS, "number": "〔2025〕第7号", "month": "2025-03",
        "entries": (), "rows": (), "figures": {"registered": 812, "present": 805}, "clause": "LC-17",
    }  # fmt: skip
    return Material(issuer(kind), "李主任", AT, **(given | more))


def empty(kind: str = "school", **more: Any) -> Material:
    """Material of a pupil of whom only the existence is known."""
    given: dict[str, Any] = {
        "unit": UnitRecord("s1", "school", ""), "pupil": PupilRecord("p2", ""), "case": Case("p2"), "entries": (),
        "rows": (), "figures": {},
    }  # fmt: skip
    return Material(issuer(kind), "李主任", AT, **(given | more))


def monthly(**total: int) -> Monthly:
    """A month with the given totals and all else zero."""
    from reports.monthly import FIGURES

    return Monthly("s1", "2025-03", {"total": {key: total.get(key, 0) for key in FIGURES}}, {}, (), ())

"""What the head and the county were told of: words that push a pupil out, or keep one from coming back (XY-25, XY-34, LC-40).

The trail alone keeps that they were said, so that whoever wrote them cannot take that back; the words went to those told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from casework.people import Pupil
from casework.terms import say_day
from handlers.desk import Desk, Noted
from handlers.guard import ALARM
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.places import place_name

CLAUSES = {"XY-25": ("query",), "LC-40": ("query",)}
BACK = dt.timedelta(days=180)
MOST = 500


def listed(desk: Desk) -> Listing:
    """The alarms of half a year about children and staff within reach, newest first."""
    rows = [row for row in desk.work.audit.of(ALARM, MOST) if row.at >= desk.now - BACK]
    pupils = desk.work.people.pupils({id for row in rows for id in row.detail.get("pupils", ())})
    mine = [row for row in rows if _within(desk, row.detail, pupils)]
    if not mine:
        return Listing("近半年没有劝退、拒收学生的话要核实。")
    items = [_item(desk, row, pupils) for row in mine]
    then = "请当面了解情况，保证学生在校学习；愿意返校的今天就安排。原话当时已经发给您。"
    return Listing(f"近半年消息里有劝退、不让返校的话的{len(items)}次：", [Part(items, counted="次")], then)


def _within(desk: Desk, detail: Mapping[str, Any], pupils: Mapping[str, Pupil]) -> bool:
    scope = desk.scope
    if scope.everything or any(id in pupils and scope.covers(pupils[id]) for id in detail.get("pupils", ())):
        return True
    return not scope.units.isdisjoint(desk.world.directory.path(str(detail.get("unit", ""))))


def _item(desk: Desk, row: Noted, pupils: Mapping[str, Pupil]) -> Item:
    about = [pupils[id] for id in row.detail.get("pupils", ()) if id in pupils and desk.scope.covers(pupils[id])]
    whom = "、".join(with_class(desk, pupil) for pupil in about) or "没有写明是哪名学生"
    person = desk.work.people.person(row.person)
    where = place_name(desk.world.directory, str(row.detail.get("unit", "")))
    by = f"{person.name if person else row.person}{f'（{where}）' if where else ''}"
    return Item(f"{say_day(row.at.date(), desk.today)}{row.at:%H:%M} {by}发来：{whom}", about[0].id if about else None)

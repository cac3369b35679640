"""各班情况: class by class what a head signs for with each class teacher, and the day set where the target was missed (LC-4).

限期 八年级3班 10月31日前完成控辍目标. Figures alone; praise and criticism are a matter of people.
"""

from __future__ import annotations

import datetime as dt
import re

from casework.access import LEADERS
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.people import Unit
from casework.terms import WORK, say_clause, say_day
from casework.timeline import standing
from handlers import wording
from handlers.answer import not_recorded
from handlers.command import LOOK, WHEN, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import unit_named
from handlers.places import place_name, schools_in
from handlers.telling import Notice
from handlers.understanding import dates

CLAUSES = {"LC-4": ("query", "record")}
TARGET = "target"
_MOST = 30


def classes(desk: Desk) -> Listing | None:
    """The classes of one's one school: who has children away, whose target is reached; None over several schools."""
    schools = schools_in(desk.world.directory, desk.scope)
    if len(schools) != 1:
        return None
    units, counts = desk.world.directory.units, desk.work.tallies.by_class(desk.scope)
    rooms = sorted((units[room] for room in counts if room and units[room].meets), key=lambda u: (u.grade or 0, u.name))
    days = _set(desk)
    missed = [room for room in rooms if counts[room.id]["suspected"] + counts[room.id]["dropout"]]
    items = [
        Item(
            f"{room.name}：学生{counts[room.id]['pupils']}人，缺勤{counts[room.id]['absent']}，疑似辍学{counts[room.id]['suspected']}，"
            f"辍学{counts[room.id]['dropout']}，返校跟踪{counts[room.id]['observed']}；"
            f"{'没有达到目标' if room in missed else '达到目标'}{_by(days.get(room.id), desk) if room in missed else ''}",
            room=room.id,
        )
        for room in [*missed, *(r for r in rooms if r not in missed)]
    ]
    if not items:
        return Listing("您负责的范围里还没有班级。")
    then = f"没达到的要限期，请发，例如：限期 {(missed or rooms)[0].name} {desk.today.month}月{desk.today.day}日前完成控辍目标。各人按时完成率请发：导出工作统计表。"
    head = f"{schools[0].name}{len(items)}个班，目标是没有疑似辍学、辍学：达到{len(items) - len(missed)}个，没有达到{len(missed)}个"
    return Listing(f"{head}：", [Part(items, counted="个")], then, _MOST)


def _by(until: dt.date | None, desk: Desk) -> str:
    if until is None:
        return ""
    return f"，限{say_day(until, desk.today)}前完成{'，已过期' if until < desk.today else ''}"


def _set(desk: Desk) -> dict[str, dt.date]:
    """The last day set for each class this school year."""
    first = school_year_of(desk.today)[0]
    told = standing(desk.work.cases.facts_between(first, desk.today, (Kind.WORK.value, Kind.VOID.value)))
    return {f.unit or "": dt.date.fromisoformat(f.data["until"]) for f in told if f.data.get("what") == TARGET}


def _limit(desk: Desk, found: re.Match[str]) -> Said | None:
    room, until = unit_named(desk, found["room"]), dates.resolve(found["until"], desk.now, dates.COMING, desk.days)
    if room is None or room.kind != "class" or until is None:
        return None
    return limit(desk, room, until)


def limit(desk: Desk, room: Unit, until: dt.date) -> Said:
    """The class is to reach its target by that day; its teacher hears of it."""
    if not desk.reader.may("unit_paper"):
        return not_recorded("限期由校长、控辍专干登记，没有记录。")
    if until < desk.today:
        return not_recorded(f"{say_day(until, desk.today)}已经过了，没有记录。请写今天以后的日期。")
    note = f"限{say_day(until)}前完成控辍目标"
    fact: Fact = hand_for(desk, None).fact(
        Kind.WORK, desk.today, None, room.id, what=TARGET, note=note, until=until.isoformat()
    )
    desk.work.cases.append([fact])
    text = f"{desk.writer.name}请{room.name}在{say_day(until, desk.today)}前完成控辍目标：没有疑似辍学、辍学学生{say_clause('LC-4')}。发“待劝返名单”看本班学生。"
    for person in sorted(set(desk.world.directory.in_charge("teacher", room.id, desk.today)) - {desk.writer.id}):
        desk.work.outbox.queue(Notice(f"target:{room.id}:{until}:{person}"[:150], person, text, desk.now))
    where = place_name(desk.world.directory, room.id)
    return Said(f"已记：{where}，{WORK[TARGET]}（{note}），已告知班主任。发“各班情况”看结果。{wording.UNDO_HINT}")


def _asked(desk: Desk, found: re.Match[str]) -> Said | None:
    listing = classes(desk) if desk.reader.may("report") else None
    return listing.said() if listing else None


_ROOM = r"(?P<room>[一二三四五六七八九初\d(（][\u4e00-\u9fff\d()（）]{1,8}班)"
COMMANDS: tuple[Command, ...] = (
    command(
        "各班情况",
        LEADERS,
        _asked,
        rf"{LOOK}(?:全校|我校|本校)?(?:各|每个|所有)班(?:级)?(?:的)?(?:控辍保学|控辍)?(?:工作)?(?:目标)?(?:情况|完成情况|目标完成情况|目标|统计|数据|对比)[?？]?",
        asks=True,
    ),
    command(
        "限期 八年级3班 10月31日前完成控辍目标",
        ("school", "principal"),
        _limit,
        rf"限期?[:：\s]*{_ROOM}[:：，,\s]*(?:在)?(?P<until>{WHEN})(?:之?前)?(?:完成|达到|做到)?(?:控辍保学|控辍)?(?:目标|任务|整改)?",
        rf"{_ROOM}[:：，,\s]*限期?(?:在)?(?P<until>{WHEN})(?:之?前)?(?:完成|达到)(?:控辍保学|控辍)?(?:目标|任务|整改)",
    ),
)

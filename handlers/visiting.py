"""Visits looked at together: a draw by lot for spot checks (LC-34), and how many pupils were visited in the holidays (XY-23).

抽查家访 5份 · 假期家访覆盖.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter

from casework.access import LEADERS
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import NUMBERED, Item, Listing, Part
from handlers.naming import with_class
from handlers.places import place_name, schools_in

CLAUSES = {"LC-34": ("check",), "XY-23": ("record", "query")}


def _drawn(desk: Desk, found: re.Match[str]) -> Said:
    many = int(found["many"])
    if not 0 < many <= 50:
        return Said("请写要抽几份，1到50，例如：抽查家访 5份。")
    desk.work.audit.note(desk.writer.id, "look", "list:drawn_visits", "chat")
    return draw(desk, many).said()


def draw(desk: Desk, many: int) -> Listing:
    """So many visits of this term by lot; while none is added the same all day long, so that nobody draws until it suits."""
    term = desk.days.opening_term(desk.today)
    first = term.start if term else desk.today - dt.timedelta(days=180)
    visits, pupils = _visits(desk, first, desk.today)
    if not visits:
        return Listing("本学期还没有家访记录可以抽查。")
    lot = random.Random(f"{desk.today}:{sorted(p.unit for p in desk.posts)}")  # a lot, no secret
    drawn = lot.sample(visits, min(many, len(visits)))
    items = []
    for fact in sorted(drawn, key=lambda f: (f.on, f.id)):
        person = desk.work.people.person(fact.by)
        words = f"{with_class(desk, pupils[fact.pupil or ''])} {say_day(fact.on, desk.today)}（{person.name if person else fact.by}）"
        items.append(Item(words, fact.pupil))
    head = f"本学期家访{len(visits)}次，随机抽到{len(items)}次："
    return Listing(head, [Part(items, way=NUMBERED)], "请向家访人核对《家访记录表》、家长签字和照片。", many)


def _visits(desk: Desk, first: dt.date, last: dt.date) -> tuple[list[Fact], dict[str, Pupil]]:
    """The standing visits of some days to pupils of one's reach, oldest first."""
    told = standing(desk.work.cases.facts_between(first, last, (Kind.VISIT.value, Kind.VOID.value)))
    pupils = desk.work.people.pupils({f.pupil for f in told if f.pupil})
    mine = {id: p for id, p in pupils.items() if desk.scope.covers(p) and not p.struck}
    return [f for f in told if f.kind is Kind.VISIT and f.pupil in mine], mine


def coverage(desk: Desk) -> Listing:
    """Of each school's pupils, how many were visited in the last holidays, or in those now running."""
    first, last = _holidays(desk)
    visits, pupils = _visits(desk, first, last)
    directory = desk.world.directory
    seen = Counter(directory.at_level(pupils[id].class_id, "school") for id in {f.pupil or "" for f in visits})
    learning, items = Counter[str | None](), []
    for room, counts in desk.work.tallies.by_class(desk.scope).items():
        learning[directory.at_level(room, "school")] += counts["pupils"]
    for school in schools_in(directory, desk.scope):
        if many := learning[school.id]:
            share = f"{seen[school.id] / many:.0%}"
            items.append(
                Item(
                    f"{place_name(directory, school.id)}：{many}人中家访{seen[school.id]}人，{share}", school=school.id
                )
            )
    days = f"{say_day(first, desk.today)}到{say_day(last, desk.today)}"
    if not items:
        return Listing("您负责范围内还没有学生。")
    return Listing(f"假期家访覆盖（{days}）：", [Part(items)], "假期家访后请照常发：家访 姓名 情况。", len(items))


def _holidays(desk: Desk) -> tuple[dt.date, dt.date]:
    """From the day after the last term that ended until the next one began, or until today."""
    terms = sorted(desk.days.terms, key=lambda term: term.start)
    began = [t for t in terms if t.start <= desk.today]
    now = began[-1] if began else None
    if now is None:
        return desk.today, desk.today
    if now.end < desk.today:
        return now.end + dt.timedelta(days=1), desk.today
    before = began[-2] if len(began) > 1 else None
    first = before.end + dt.timedelta(days=1) if before else now.start - dt.timedelta(days=60)
    return first, now.start - dt.timedelta(days=1)


COMMANDS: tuple[Command, ...] = (
    command(
        "抽查家访 5份",
        LEADERS,
        _drawn,
        rf"{LOOK}(?:随机)?抽查?(?:一?下)?家访(?:记录表?)?\s*(?P<many>\d{{1,3}})\s*[份次个]?",
        asks=True,
    ),
    command(
        "假期家访覆盖",
        LEADERS,
        lambda desk, _: coverage(desk).said(),
        rf"{LOOK}{PLACE}(?:寒假|暑假|假期)家访(?:的)?(?:覆盖(?:率|面|情况)?|完成率)[?？]?",
        asks=True,
    ),
)

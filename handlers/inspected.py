"""督查情况: which schools were inspected this school year, what was found, which were not; and 通报督查 to each of them (XY-44).

What was inspected is written down in plain words or by 记督查 (``told``, ``worklog``); a school is the one whose name stands there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casework.access import ACTIONS, LEADERS
from casework.facts import Fact
from casework.people import Unit
from casework.terms import RULES, say_day
from handlers import lookup, worklog
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import Item, Listing, Part
from handlers.places import schools_in, schools_named
from handlers.telling import Notice

CLAUSES = {"XY-44": ("query", "produce")}
_MOST = 20


def _by_school(desk: Desk) -> tuple[Sequence[Unit], Mapping[str, list[Fact]]]:
    """The schools of one's reach, and what was written down of inspections of each this school year, newest first."""
    schools = schools_in(desk.world.directory, desk.scope)
    found: dict[str, list[Fact]] = {s.id: [] for s in schools}
    for fact in worklog.recorded(desk):
        if fact.data.get("what") == "inspection":
            for school in schools_named(desk.world.directory, str(fact.data.get("note", ""))):
                found.get(school.id, []).append(fact)
    return schools, found


def inspections(desk: Desk) -> Listing:
    """School by school what was found and when, those that nobody has looked at yet first."""
    schools, found = _by_school(desk)
    if len(schools) < 2:
        return worklog.listed(desk, "督查")
    bare = [s.name for s in schools if not found[s.id]]
    seen = sorted((s for s in schools if found[s.id]), key=lambda s: found[s.id][0].on)
    items = [
        Item(
            f"{s.name}：{len(found[s.id])}次，最近{say_day(found[s.id][0].on, desk.today)}（{found[s.id][0].data['note']}）",
            school=s.id,
        )
        for s in seen
    ]
    names = "、".join(bare[:_MOST]) + ("等" if len(bare) > _MOST else "")
    parts = [Part([Item(names)], f"还没有督查的学校{len(bare)}所：")] if bare else []
    parts += [Part(items, "督查过的：", counted="所")] if items else []
    duty = next((d for d in lookup.own_duties(desk) if d.rule == "inspection"), None)
    ends = (duty.id, f"要结清待办“{RULES['inspection']}”，") if duty and items else None
    then = "督查后请发，例如：今天到青石镇中学督查，台账不全，限一周整改。" + (
        "要通报各校请发：通报督查情况。" if items else ""
    )
    head = f"本学年督查：共{len(schools)}所学校，督查过{len(items)}所，还没有督查{len(bare)}所。"
    return Listing(head, parts, then, _MOST, ends)


def _circulate(desk: Desk, found: re.Match[str]) -> Said | None:
    return circulate(desk) if desk.reader.may("chase") else None


def circulate(desk: Desk) -> Said:
    """Each inspected school hears what was found there and how many schools were looked at; of another school nothing."""
    schools, found = _by_school(desk)
    seen = [s for s in schools if found[s.id]]
    if not seen:
        return Said(
            "本学年还没有写明学校的督查记录，没有通报。督查后请发，例如：今天到青石镇中学督查，台账不全，限一周整改。"
        )
    for school in seen:
        lines = [f"· {say_day(f.on, desk.today)} {f.data['note']}" for f in found[school.id][:5]]
        text = "\n".join(
            [
                f"控辍保学督查通报：本学年已督查{len(seen)}所学校。{school.name}的情况：",
                *lines,
                f"要整改的请按期整改，结果报{desk.writer.name}。",
            ]
        )
        people = {
            p for role in ("principal", "school") for p in desk.world.directory.in_charge(role, school.id, desk.today)
        }
        for person in sorted(people - {desk.writer.id}):
            desk.work.outbox.queue(Notice(f"inspected:{school.id}:{desk.today}:{person}"[:150], person, text, desk.now))
    names = "、".join(s.name for s in seen[:_MOST]) + ("等" if len(seen) > _MOST else "")
    return Said(f"已向{len(seen)}所学校的校长、控辍专干通报各自的督查情况：{names}。一天只通报一次。")


COMMANDS: tuple[Command, ...] = (
    command(
        "督查情况",
        LEADERS,
        lambda desk, _: inspections(desk).said(),
        rf"{LOOK}{PLACE}(?:本学年|本学期|今年)?(?:的)?(?:各校|学校)?(?:督查|督导检查)(?:的)?(?:情况|进展|进度|结果|名单|覆盖|通报)(?:怎么样|如何)?[?？]?",
        rf"{LOOK}{PLACE}(?:还)?(?:有)?(?:哪些|哪几所|哪所|多少)学校(?:还)?(?:都)?(?:没有?|未)?(?:被)?(?:督查|督导|检查)(?:过|到)?(?:了)?(?:的)?[?？]?",
        rf"{LOOK}{PLACE}(?:还)?(?:没有?|未)(?:被)?(?:督查|督导检查)(?:过|到)?(?:的)?学校(?:名单|有哪些)?[?？]?",
        rf"{LOOK}(?:督查|检查)(?:了|过)(?:哪些|哪几所)学校[?？]?",
        asks=True,
    ),
    command(
        "通报督查情况",
        ACTIONS["chase"].roles,
        _circulate,
        r"(?:请|帮我)?(?:向各校|给各校|向学校)?(?:通报(?:一下)?(?:各校)?(?:的)?督查(?:情况|结果)?|(?:发出?|印发|下发)督查(?:情况)?通报)(?:给?各校|一下)?",
    ),
)

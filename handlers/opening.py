"""Cases opened from a comparison of lists (四查三比对): whoever is missing from school, once a person has confirmed it.

Only children with an ID number are entered: a name alone tells nobody from another (XY-12, FN-12).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import STATES
from handlers import recording
from handlers.desk import Desk, hand_for
from handlers.finding import NAMELESS
from handlers.hand import Recorded
from handlers.matter import Matter
from handlers.telling import mark_answered

BACK = (Kind.RETURN, Kind.TRANSFER_IN, Kind.ENROLLED)
OPENED = (Kind.NOT_REGISTERED, Kind.NOT_RETURNED, Kind.NOT_HANDED_OVER, Kind.FOUND)


@dataclass(frozen=True, slots=True)
class Missed:
    """A child of one list who is missing from another; ``why`` is the difference's title, ``action`` follows up who is
    on the register."""

    name: str
    id_number: str
    born: dt.date | None
    guardian: str
    place: str
    phone: str
    why: str
    action: str = "not_registered"


@dataclass(slots=True)
class Opened:
    """What came of it: names newly followed up, names followed up already or not at fault, names without a number."""

    registered: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    numberless: list[str] = field(default_factory=list)

    def say(self) -> list[str]:
        """The outcome in plain sentences."""
        lines = [f"已立案{len(self.registered) + len(self.found) + len(self.flagged)}人。"]
        if self.flagged:
            lines.append(f"平台疑似、等学校写核查说明{len(self.flagged)}人：{_names(self.flagged)}。")
        if self.registered:
            lines.append(f"在册未到校{len(self.registered)}人：{_names(self.registered)}。")
        if self.found:
            lines.append(f"不在册、按摸排发现登记{len(self.found)}人：{_names(self.found)}。")
        if self.known:
            lines.append(f"没有重复立案{len(self.known)}人：{_names(self.known)}。")
        if self.numberless:
            lines.append(
                f"没有身份证号、不能认定是谁，没有立案{len(self.numberless)}人：{_names(self.numberless)}。请核实后补上号码再比对。"
            )
        return lines


def open_cases(desk: Desk, missed: Sequence[Missed]) -> Opened:
    """Enter each missing child once: 未报到, 未返校 or 未移交 for who is on the register, 摸排发现 for
    who is not."""
    out, facts = Opened(), list[Fact]()
    ids = [child.id_number for child in missed if child.id_number]
    on_register = desk.work.people.with_equal("id_number", ids)
    pupils = desk.work.people.pupils([id for several in on_register.values() for id in several])
    cases, known = desk.work.cases.cases(pupils), desk.work.cases.facts_of(pupils)
    seen: set[str] = set()
    for child in missed:
        if not child.id_number:
            out.numberless.append(child.name)
            continue
        if child.id_number in seen:
            continue
        seen.add(child.id_number)
        mine = on_register.get(child.id_number, [])
        if not mine:
            facts += _enter(desk, child)
            out.found.append(child.name)
            continue
        pupil = pupils[mine[0]]
        if child.action == "platform_flag":
            if any(d.rule == "platform_reply" for d in desk.work.cases.duties(pupil=pupil.id)):
                out.known.append(f"{child.name}（已在等核查说明）")
            else:
                facts += _recorded(desk, child.action, pupil, {})
                out.flagged.append(child.name)
            continue
        state = cases[pupil.id].state if pupil.id in cases else "in_school"
        followed = _followed(known.get(pupil.id, []))
        if followed or state != "in_school":
            out.known.append(f"{child.name}（{'已在核查' if followed else STATES[state]}）")
            continue
        facts += _recorded(desk, child.action, pupil, {})
        out.registered.append(child.name)
    if facts:
        mark_answered(desk, desk.work.cases.append(facts))
    return out


def _followed(facts: Sequence[Fact]) -> bool:
    steps = [fact.kind for fact in facts if fact.kind in (*BACK, *OPENED)]
    return bool(steps) and steps[-1] in OPENED


def _enter(desk: Desk, child: Missed) -> Sequence[Fact]:
    """A child whom no school has: on the register in no class, under the village if its name is clear."""
    villages = [u.id for u in desk.world.directory.units.values() if u.kind == "village" and u.name in child.place]
    pupil = Pupil(desk.new_id(), child.name or NAMELESS, None, villages[0] if len(villages) == 1 else None)
    details = {"id_number": child.id_number, "guardian": child.guardian, "phone": child.phone, "address": child.place}
    if child.born:
        details["born"] = child.born.isoformat()
    desk.work.people.put_pupil(pupil, {key: value for key, value in details.items() if value})
    slots = {"name": child.name, "place": child.place, "note": child.why}
    return _recorded(desk, "found", pupil, slots)


def _recorded(desk: Desk, action: str, pupil: Pupil, slots: dict[str, str]) -> Sequence[Fact]:
    case, facts = desk.work.cases.case(pupil.id), desk.work.cases.facts(pupil.id)
    result = recording.record(action, Matter(hand_for(desk, pupil), slots, pupil, case, facts, {}))
    assert isinstance(result, Recorded), "neither action asks anything"
    return result.facts


def _names(names: Sequence[str], most: int = 30) -> str:
    return "、".join(names[:most]) + ("等" if len(names) > most else "")

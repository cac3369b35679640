"""缓学、休学 in three steps, each written down with its day and by whom: 监护人申请, 乡镇批准, 教育局备案 (XY-4).

休学手续 张三：3月10日申请，3月12日乡镇批准，3月15日教育局备案 · 休学手续名单. Until the last step is there the child stays on the
list and the absence goes on; with it the suspension is in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from casework.access import ACTIONS, COUNTY, STAFF
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from handlers import exempt, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, PLACE, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.hand import Hand
from handlers.listed import Item, Listing, Part
from handlers.naming import one_pupil, with_class
from handlers.resting import KINDS, comings_and_goings
from handlers.telling import mark_answered
from handlers.understanding import dates

CLAUSES = {"XY-4": ("record", "check")}
STEPS: Mapping[str, str] = {"apply": "监护人申请", "approve": "乡镇批准", "file": "教育局备案"}
OWN: Mapping[str, tuple[str, ...]] = {"apply": STAFF, "approve": ("township", *COUNTY), "file": COUNTY}
"""Who takes each step, or receives it; written down by another it is marked 代录 (义务教育法 art. 11, XY-4)."""
WORDS = {"approve": r"批准|审批|批复|批了|批的|同意", "file": r"备案", "apply": r"申请|提出"}
EXAMPLE = "休学手续 张三：3月10日申请，3月12日乡镇批准"
_WORD = {Kind.SUSPEND: "休学", Kind.DEFER: "缓学"}


def step_fact(hand: Hand, pupil: str | None, step: str, of: str, on: dt.date) -> Fact:
    """One step of the application ``of`` (the id of the suspension or deferment), taken on that day."""
    proxy = hand.role not in OWN[step]
    said = STEPS[step] + ("（代录）" if proxy else "")
    return hand.fact(Kind.WORK, on, pupil, what="step", step=step, of=of, proxy=proxy or None, said=said)


def applied(told: Sequence[Fact]) -> Fact | None:
    """The suspension or deferment that waits for its steps, None where none does."""
    last = next(reversed(comings_and_goings(told)), None)
    return last if last is not None and last.kind in KINDS and last.data.get("pending") else None


def taken(told: Sequence[Fact], of: Fact) -> dict[str, Fact]:
    """The steps that were written down of that application, the last word of each."""
    kept = (f for f in standing(told) if f.kind is Kind.WORK and f.data.get("what") == "step")
    return {str(f.data["step"]): f for f in kept if f.data.get("of") == of.id}


def _told(desk: Desk, found: re.Match[str]) -> Said:
    pupil = one_pupil(desk, found["name"], found["room"], EXAMPLE)
    if isinstance(pupil, str):
        return not_recorded(pupil)
    days = dict[str, dt.date]()
    for piece in re.split(r"[，,、；;。]", found["steps"]):
        step = next((step for step, words in WORDS.items() if re.search(words, piece)), None)
        if step is None and piece.strip():
            return not_recorded(f"“{piece.strip()}”没看懂是哪一步，没有记录。请这样发：{EXAMPLE}。")
        if step:
            days[step] = dates.resolve(piece, desk.now, dates.PAST, desk.days) or desk.today
    return write(desk, pupil, days)


def write(desk: Desk, pupil: Pupil, days: Mapping[str, dt.date]) -> Said:
    """Keep these steps; with the last one the suspension or deferment is in force from that day."""
    told = desk.work.cases.facts(pupil.id)
    application = applied(told)
    if application is None:
        return not_recorded(
            f"{pupil.name}没有等手续的休学、缓学，没有记录。请先报，例如：{pupil.name}因病休学到2026年7月10日。"
        )
    word, hand = _WORD[application.kind], hand_for(desk, pupil)
    if hand.role == "village" and set(days) - {"apply"}:
        return not_recorded("乡镇批准、教育局备案由学校、乡镇或县教育局登记，没有记录。请告诉他们。")
    known = {step: fact.on for step, fact in taken(told, application).items()} | dict(days)
    if fault := _fault(desk, known):
        return not_recorded(f"{fault}，没有记录。请核对日期后再发。")
    new = [step_fact(hand, pupil.id, step, application.id, day) for step, day in days.items()]
    lacking = [name for step, name in STEPS.items() if step not in known]
    held = not lacking and exempt.lacks_opinion(
        desk, application.kind.value, application.data, desk.work.cases.case(pupil.id), told
    )
    if not lacking and not held:
        new.append(_in_force(hand, application, max(known.values())))
    mark_answered(desk, desk.work.cases.append(new))
    noted = "、".join(f"{say_day(day, desk.today)}{STEPS[step]}" for step, day in days.items())
    if held:
        return Said(f"已记：{pupil.name}{word}手续，{noted}。{exempt.REMARK.format(name=pupil.name)}")
    if lacking:
        return Said(
            f"已记：{pupil.name}{word}手续，{noted}。还缺：{'、'.join(lacking)}。没齐之前仍在名单里，按缺勤跟进。{wording.UNDO_HINT}"
        )
    return Said(
        f"已记：{pupil.name}{word}手续，{noted}。三步齐了，{word}从{say_day(new[-1].on, desk.today)}起生效。{wording.UNDO_HINT}"
    )


def _fault(desk: Desk, known: Mapping[str, dt.date]) -> str:
    """What cannot be of these days: later than today, or a step before the one that it rests on."""
    if any(day > desk.today for day in known.values()):
        return "办手续的日期在今天之后"
    days = [(name, known[step]) for step, name in STEPS.items() if step in known]
    wrong = next(((a, b) for (a, first), (b, then) in pairwise(days) if then < first), None)
    return f"{wrong[1]}的日期早于{wrong[0]}" if wrong else ""


def _in_force(hand: Hand, application: Fact, on: dt.date) -> Fact:
    keep = {key: application.data.get(key) for key in ("until", "reason", "reason_code")}
    return hand.fact(application.kind, max(application.on, on), application.pupil, pending=False, **keep)


def waiting(desk: Desk) -> Listing:
    """Applications within reach of which a step is missing, with the days of those that are there."""
    told = desk.work.cases.facts_between(
        desk.today - dt.timedelta(days=365),
        desk.today + dt.timedelta(days=365),
        [k.value for k in KINDS],
        scope=desk.scope,
    )
    ids = {f.pupil for f in told if f.pupil and f.data.get("pending")}
    pupils = {id: p for id, p in desk.work.people.pupils(ids).items() if desk.scope.covers(p)}
    cases, known = desk.work.cases.cases(pupils), desk.work.cases.facts_of(pupils)
    items = []
    for id, pupil in sorted(pupils.items(), key=lambda row: row[1].name):
        application = applied(known.get(id, ())) if cases[id].state != "left" else None
        if application:
            steps = taken(known[id], application)
            said = "，".join(
                f"{name}{say_day(steps[s].on, desk.today) if s in steps else '未办'}" for s, name in STEPS.items()
            )
            items.append(Item(f"{with_class(desk, pupil)} {_WORD[application.kind]}：{said}", id))
    if not items:
        return Listing("没有等手续的休学、缓学。")
    return Listing(
        f"休学、缓学手续没齐{len(items)}人，仍按缺勤跟进：",
        [Part(items, counted="人")],
        f"办了一步报一步，例如：{EXAMPLE}。",
    )


COMMANDS: tuple[Command, ...] = (
    command(
        EXAMPLE,
        ACTIONS["suspend"].roles,
        _told,
        rf"(?:休学|缓学)手续[:：\s]*{ROOM}{NAME}[:：，,\s]+(?P<steps>.{{2,100}}?)",
    ),
    command(
        "休学手续名单",
        ACTIONS["suspend"].roles,
        lambda desk, _: waiting(desk).said(),
        rf"{LOOK}{PLACE}(?:哪些)?(?:休学|缓学)(?:[、和及]?(?:休学|缓学))?手续(?:没齐|未齐|没办齐)?(?:的)?(?:学生)?(?:名单|清单|进度|情况)[?？]?",
        asks=True,
    ),
)

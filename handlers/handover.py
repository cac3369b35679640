"""小升初: the graduates of a primary school whom no junior school has yet; the former primary school is their owner (XY-39, XY-40).

小升初名单. A graduate waits in the primary school's own class until a junior school has said that the child is there: the
primary school sends (乙六转到第一中学) or the county fixes the school (安置 乙六 到第一中学), the junior school answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from casework.access import LEADERS
from casework.case import Case, Duty
from casework.facts import Fact
from casework.people import NEWCOMERS, WAITING, Pupil, Unit
from casework.scope import Directory
from casework.terms import say_clause, say_day
from casework.waiting import awaited
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.places import place_name

CLAUSES = {"XY-39": ("query",), "XY-40": ("query",)}
EVERYONE = 1_000_000
HOW = "已有去向的请发：某某转到某中学，由初中回“接收”；不知去向的请家访，再报结果。"


def is_waiting(directory: Directory, pupil: Pupil) -> bool:
    """Whether a pupil has finished primary school and no junior school has the child yet."""
    room = directory.units.get(pupil.class_id or "")
    return room is not None and room.kind == "class" and room.name.endswith(WAITING)


def graduates(desk: Desk) -> Listing:
    """Graduates of one's reach without a junior school, those who did not arrive at theirs, and those without a class there."""
    missing = _missing(desk)
    waiting = [p for p in _in_rooms(desk, WAITING) if p.id not in missing]
    parts = [
        Part(_waiting(desk, waiting), "还没有初中接收，由原小学负责：", counted="人"),
        Part([_owed(desk, p, d) for p, d in missing.values()], "登记了没有移交，由原小学劝返：", counted="人"),
        Part(_without_class(desk), "已升入初中、还没有编班："),
    ]
    found = [part for part in parts if part.items]
    if not found:
        return Listing("没有等衔接的小学毕业生。", then="发现没到初中报到的，请发：张三小升初没移交。")
    open_now = len(waiting) + len(missing)
    return Listing(f"小升初等衔接{open_now}人。", found, HOW if open_now else "编班请管理员导入七年级名单。")


def _in_rooms(desk: Desk, name: str) -> list[Pupil]:
    """The pupils of one's reach in classes of that name, who have not left."""
    units = desk.world.directory.units
    rooms = [u.id for u in units.values() if u.kind == "class" and u.name.endswith(name)]
    within = [id for id in rooms if desk.scope.everything or id in desk.scope.classes]
    found = [p for id in within for p in desk.work.people.in_scope(desk.scope, place=id, limit=EVERYONE)[0]]
    cases = desk.work.cases.cases([p.id for p in found])
    return [p for p in found if cases[p.id].state != "left"]


def _missing(desk: Desk) -> dict[str, tuple[Pupil, Duty]]:
    """The pupils of one's reach for whom somebody's handover is owed."""
    owed = {d.pupil: d for d in desk.work.cases.owed_under(("handover",)) if d.pupil}
    pupils = desk.work.people.pupils(owed)
    return {id: (p, owed[id]) for id, p in pupils.items() if desk.scope.covers(p)}


def _waiting(desk: Desk, pupils: Sequence[Pupil]) -> list[Item]:
    facts, cases = desk.work.cases.facts_of([p.id for p in pupils]), desk.work.cases.cases([p.id for p in pupils])
    rows = [(p, _asked(desk, p, cases[p.id], facts.get(p.id, ()))) for p in pupils]
    rows.sort(key=lambda row: (bool(row[1]), with_class(desk, row[0])))
    return [Item(f"{with_class(desk, p)} {said or '还没有登记去向'}", p.id) for p, said in rows]


def _asked(desk: Desk, pupil: Pupil, case: Case, facts: Sequence[Fact]) -> str:
    asked = awaited(pupil, case, facts)
    if asked is None:
        return ""
    school = desk.world.directory.units[str(asked.data["receiver"])].name
    return f"等{school}确认，已等{(desk.today - asked.on).days}天"


def _owed(desk: Desk, pupil: Pupil, duty: Duty) -> Item:
    names = "、".join(p.name for id in duty.who if (p := desk.work.people.person(id)))
    late = "已逾期，应在" if duty.overdue(desk.today) else ""
    due = f"{late}{say_day(duty.due, desk.today)}前劝返{say_clause(duty.clause)}"
    return Item(f"{with_class(desk, pupil)} 由{names or '原小学'}{due}", pupil.id)


def _without_class(desk: Desk) -> list[Item]:
    directory = desk.world.directory
    schools = Counter(directory.at_level(p.class_id, "school") for p in _in_rooms(desk, NEWCOMERS))
    return [Item(f"{place_name(directory, school)}{many}人") for school, many in schools.most_common()]


def junior(school: Unit) -> bool:
    """Whether a school has a Grade 7."""
    return school.stage != "primary"


COMMANDS: tuple[Command, ...] = (
    command(
        "小升初名单",
        LEADERS,
        lambda desk, _: graduates(desk).said(),
        rf"{LOOK}{PLACE}(?:今年)?(?:哪些)?小升初(?:的)?(?:等|待|还?没(?:有)?|未)?(?:移交|衔接|交接)?(?:的)?(?:学生|毕业生)?(?:名单|清单|情况|进度|有哪些|有谁)[?？]?",
        asks=True,
    ),
)

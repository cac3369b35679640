"""One pupil of the writer's reach by the name in a short command."""

from __future__ import annotations

from collections.abc import Sequence

from casework.case import Case
from casework.facts import Fact
from casework.people import Pupil, Unit
from casework.rolls import reported
from casework.waiting import still_unregistered
from handlers import wording
from handlers.desk import Desk
from handlers.places import place_name
from handlers.understanding.classes import class_numbers

NO_SCHOOL = "还没有就读学校"


def one_pupil(desk: Desk, name: str, room: str | None = None, example: str = "") -> Pupil | str:
    """The only pupil of that name (and class, where given), or a sentence that says what to write instead; ``example``
    is how the command is written whole."""
    hits = desk.work.people.names(desk.scope).exact([name]).get(name, [])
    found = desk.work.people.pupils([entry.id for entry in hits]).values()
    pupils = [p for p in found if not room or class_name(desk, p).endswith(room)]
    if not pupils:
        return wording.unknown_pupil([name])
    if len(pupils) > 1:
        where = "、".join(place_name(desk.world.directory, p.class_id) or "未入学" for p in pupils)
        if len({p.class_id for p in pupils}) == 1:
            return f"有{len(pupils)}名{name}，都在{where.partition('、')[0]}，这样分不清是哪一名，没有记录。请打开网页，在这名学生的页面上登记。"
        example = example or f"{class_name(desk, pupils[0])}{name}"
        return f"有{len(pupils)}名{name}（{where}），没有记录。请把班级写在姓名前，例如：{example}。"
    return pupils[0]


def class_name(desk: Desk, pupil: Pupil) -> str:
    """The plain name of the pupil's class, empty for none."""
    unit = desk.world.directory.units.get(pupil.class_id or "")
    return unit.name if unit else ""


def with_class(desk: Desk, pupil: Pupil) -> str:
    """``张三（第一中学八年级3班）``, ``陈小花（未入学）``."""
    return f"{pupil.name}（{place_name(desk.world.directory, pupil.class_id) or '未入学'}）"


def standing(desk: Desk, pupil: Pupil, case: Case, told: Sequence[Fact] = ()) -> str:
    """How the pupil stands at a glance: a child found out of school has never left one, and of somebody missing since
    this morning that is said although the day counts from noon on only; ``told``: what is recorded of the pupil."""
    if case.state == "left" and pupil.class_id is None:
        return NO_SCHOOL
    if case.state == "in_school" and reported(told, desk.today):
        known = desk.world.days_of(pupil.class_id).covers(desk.today.year)
        return "今天已报缺勤，" + ("中午12点后计入" if known else "放假安排录入后计入")
    if case.state == "in_school" and still_unregistered(told):
        return "按通知书没有来报到，正在追踪"
    return wording.say_state(desk.counted(pupil, case), desk.today)


def unit_named(desk: Desk, words: str) -> Unit | None:
    """The one township, school or class of the reader's reach that the words name: 青石镇, 青石镇中学, 一(1)班, 青石镇中学七年级1班."""
    directory, scope = desk.world.directory, desk.scope
    units = [u for u in directory.units.values() if u.kind in ("township", "school", "class")]
    near = [u for u in units if scope.everything or u.id in scope.classes or scope.units & {*directory.path(u.id)}]
    numbers = class_numbers(words)
    exact = [u for u in near if words in (u.name, place_name(directory, u.id))]
    meant = exact or [u for u in near if numbers and u.kind == "class" and class_numbers(u.name) == numbers]
    return meant[0] if len(meant) == 1 else None


def pupils_in(desk: Desk, text: str) -> dict[str, str]:
    """The pupils within the writer's reach whose names stand in a text, by their ids."""
    words = {text[at : at + long] for long in (2, 3, 4) for at in range(len(text) - long + 1)}
    found = desk.work.people.names(desk.scope).exact(sorted(words))
    return {entry.id: name for name, entries in found.items() for entry in entries if entry.name == name}

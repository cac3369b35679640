"""哪些班没点名: which classes have not answered today's roll call (TA-8); above the school as figures by school."""

from __future__ import annotations

import re

from casework.access import ACTIONS, CLASSROOM, SCHOOL
from casework.people import Unit
from casework.rolls import answered
from casework.terms import say_day
from handlers import presence
from handlers.command import LOOK, Command, command
from handlers.desk import Desk, Said
from handlers.listed import Item, Listing, Part
from handlers.places import place_name

CLAUSES = {"TA-8": ("query",)}
HOW = "到齐了请班主任回“全勤”；有人没来请直接发姓名，例如：张三 缺勤。"


def _asked(desk: Desk, found: re.Match[str]) -> Said:
    if not desk.reader.may("roll_call"):
        return Said("点名情况由学校、乡镇和县教育局查看。要问一名学生请发：查 张三。")
    return silent(desk).said()


def silent(desk: Desk) -> Listing:
    """The classes of the reader's reach that have school today and said nothing yet."""
    rooms = _rooms(desk)
    today = say_day(desk.today, desk.today)
    if not rooms:
        return Listing(f"{today}不上课，不用点名。")
    told = desk.work.cases.facts_between(desk.today, desk.today)
    heard = answered(told, desk.work.people.pupils({f.pupil for f in told if f.pupil}))
    missing = [room for room in rooms if room.id not in heard]
    one = place_name(desk.world.directory, rooms[0].id) if len(rooms) == 1 else ""
    if not missing:
        return Listing(f"{today}{one or f'{len(rooms)}个班都'}已经点名。")
    if one:
        return Listing(f"{one}{today}还没有点名。", then=HOW)
    head = f"{today}{len(rooms)}个班中有{len(missing)}个班还没有点名："
    if desk.reader.roles.isdisjoint(SCHOOL):
        return Listing(head, [Part(_by_school(desk, rooms, missing), counted="所")], "请督促学校今天点名。")
    items = [Item(f"{room.name}{_teachers(desk, room)}", room=room.id) for room in missing]
    return Listing(head, [Part(items, counted="个班")], HOW, 40)


def _rooms(desk: Desk) -> list[Unit]:
    """The classes that have school today: a teacher's own, all of whoever stands above."""
    units, own = desk.world.directory.units, {p.unit for p in desk.posts}
    classroom = all(post.role in CLASSROOM for post in desk.posts)
    reach = own if classroom else desk.scope.classes
    every = (u for u in units.values() if u.meets and (desk.scope.everything or u.id in reach))
    filled, led = desk.work.tallies.by_class(desk.scope), desk.world.directory.holders
    every = (u for u in every if u.id in filled or led("teacher", u.id, desk.today))
    taught = (u for u in every if desk.world.days_of(u.id).may_be_taught(desk.today))
    return sorted(taught, key=lambda u: (u.grade or 0, u.name, u.id))


def _teachers(desk: Desk, room: Unit) -> str:
    found = (desk.work.people.person(id) for id in desk.world.directory.holders("teacher", room.id, desk.today))
    names = "、".join(person.name for person in found if person)
    return f"（{names}）" if names else "（没有班主任）"


def _by_school(desk: Desk, rooms: list[Unit], missing: list[Unit]) -> list[Item]:
    """Each school with silent classes: how many, and of how many; most first."""
    directory = desk.world.directory
    of, late = ([directory.at_level(u.id, "school") or "" for u in some] for some in (rooms, missing))
    schools = sorted(set(late), key=lambda id: (-late.count(id), id))
    return [
        Item(f"{place_name(directory, id)}：{of.count(id)}个班中{late.count(id)}个班没点名", school=id)
        for id in schools
    ]


_WHEN = r"(?:今天|今日|今早|现在|到现在|目前|截至目前|上午)?"
_WHERE = r"(?:全县|全镇|全校|我校|我们学校|本校|学校里?|各校|我们?班|本班)?"
_NOT = r"(?:都)?(?:还|仍)?(?:没有?|未)"
_CALLED = r"(?:点名|点到|报(?:今天的?)?(?:考勤|出勤|点名)|考勤)"
COMMANDS: tuple[Command, ...] = (
    command(
        "哪些班没点名",
        ACTIONS["roll_call"].roles,
        _asked,
        rf"{_WHERE}{_WHEN}{_WHERE}(?:还)?(?:有)?(?:哪些|哪几个|哪个|哪所|几个|多少个?|什么)(?:班级?|老师|班主任|学校)"
        rf"{_WHEN}{_NOT}{_CALLED}(?:了|的)?[?？]?",
        rf"{_WHERE}{_WHEN}(?:还)?(?:有)?(?:哪些|哪几个|哪个|几个)(?:班级?|班主任){_WHEN}{_NOT}(?:报|上报|回复|报上?来)(?:了|的)?[?？]?",
        rf"{_WHERE}{_WHEN}(?:还)?(?:有)?谁{_WHEN}{_NOT}{_CALLED}(?:了|的)?[?？]?",
        rf"{LOOK}{_WHEN}{_NOT}{_CALLED}的?(?:班级?|老师|班主任|学校)(?:有哪些|名单)?[?？]?",
        rf"(?!点名$|考勤$){LOOK}{_WHEN}{_WHERE}{_WHEN}(?:的)?(?:都)?(?:点名|考勤)(?:情况|进度|结果)?(?:都)?(?:怎么样|如何|齐了|完了|了)?(?:没有?|吗)?[?？]?",
        asks=True,
    ),
    command(
        "其他人都到了",
        ACTIONS["all_present"].roles,
        lambda desk, _: Said(presence.others_present(desk)),
        r"(?:今天|班上|班里|我们?班)*(?:其他|其余|剩下|别)(?:的)?(?:人|同学|学生|孩子|娃)?(?:今天)?(?:都|全部?|全都|均)(?:已经?)?(?:到|来)(?:了|校|齐|班|校了|齐了|上课了)",
        r"(?:今天)?(?:其他|其余|剩下|别)(?:的)?(?:人|同学|学生)?(?:全勤|到齐(?:了)?|都?在(?:校|班)?)",
    ),
)

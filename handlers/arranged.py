"""What stands until it is arranged anew: leading groups, who covers which school, the seven posts, whom to call in a department.

领导小组名单 · 包校安排表 · 七长责任名单 · 部门联系人表. Each is written down by ``worklog`` (记领导小组：…, 记包校：…); the newest words of
each unit, school or department hold, whatever school year they are of.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from casework.access import STAFF
from casework.facts import Fact, Kind
from casework.terms import WORK, say_day
from casework.timeline import standing
from handlers import departments, worklog
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk
from handlers.listed import Item, Listing, Part
from handlers.places import place_name, schools_in, schools_named

CLAUSES = {
    "TA-1": ("query",), "XY-43": ("check",), "LC-1": ("check",), "XY-48": ("query",), "XY-10": ("query",), "FN-2": ("query",),
    "FJ-7": ("query",),
}  # fmt: skip
STANDING = ("group", "cover", "seven", "liaison")
BACK = dt.timedelta(days=1100)  # who was named three years ago has to be named anew
NAMED = ("民政", "残联", "乡村振兴")  # the departments that must name somebody (FJ-7; 扶贫 is 乡村振兴 now)
_PIECES = re.compile(r"[；;。\n]")
_DEPARTMENT = re.compile(departments.NAMED)
_MOST = 20


def in_force(desk: Desk) -> list[Fact]:
    """All that was written down of such arrangements within reach, newest first."""
    first = max(desk.world.start, desk.today - BACK)
    facts = standing(desk.work.cases.facts_between(first, desk.today, (Kind.WORK.value, Kind.VOID.value)))
    return worklog.in_reach(desk, (f for f in facts if f.data.get("what") in STANDING))


def _newest(facts: Iterable[Fact], what: str) -> dict[str, Fact]:
    """The newest of each unit."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.data.get("what") == what:
            found.setdefault(fact.unit or "", fact)
    return found


def _said(desk: Desk, fact: Fact) -> str:
    whose = place_name(desk.world.directory, fact.unit) or "县教育局"
    return f"{whose}：{fact.data.get('note', '')}（{say_day(fact.on, desk.today)}记）"


def groups(desk: Desk) -> Listing:
    """The leading groups of one's reach, and which school has none written down (TA-1, XY-43)."""
    return _by_unit(desk, "group", "控辍保学领导小组", "记领导小组：组长赵校长，成员李主任、王老师")


def seven(desk: Desk) -> Listing:
    """Who holds the seven posts (七长), by unit (FN-2)."""
    return _by_unit(desk, "seven", "七长责任制", "记七长责任：县长、乡镇长、村长各是谁")


def _by_unit(desk: Desk, what: str, title: str, example: str) -> Listing:
    held = _newest(in_force(desk), what)
    items = [Item(_said(desk, fact)) for fact in sorted(held.values(), key=lambda f: f.unit or "")]
    bare = [s.name for s in schools_in(desk.world.directory, desk.scope) if s.id not in held] if what == "group" else []
    parts = [Part(items, counted="条")] if items else []
    if bare and (items or len(bare) > 1):
        parts.append(Part([Item(_some(bare))], f"还没有登记的学校{len(bare)}所："))
    head = f"{title}{f'{len(items)}条：' if items else '还没有登记。'}"
    return Listing(head, parts, f"要登记或改动请发，例如：{example}。", _MOST)


def cover(desk: Desk) -> Listing:
    """Which leader or section covers which school, and schools that nobody covers (XY-48); of one school who covers its grades."""
    schools = schools_in(desk.world.directory, desk.scope)
    facts = [f for f in in_force(desk) if f.data.get("what") == "cover"]
    if len(schools) < 2:
        return _of_school(desk, facts)
    found: dict[str, str] = {}
    for fact, piece in _pieces(facts):
        for school in schools_named(desk.world.directory, piece):
            found.setdefault(school.id, f"{piece}（{say_day(fact.on, desk.today)}记）")
    items = [Item(f"{s.name}：{found[s.id]}") for s in schools if s.id in found]
    bare = [s.name for s in schools if s.id not in found]
    parts = [Part(items, counted="所")] if items else []
    parts += [Part([Item(_some(bare))], f"还没有安排的学校{len(bare)}所：")] if bare else []
    then = "要安排请发，例如：记包校：张副局长包青石镇中学；普教科包青石镇中心小学。整张表请发：导出工作记录表。"
    return Listing(f"督导包校安排：共{len(schools)}所学校，已安排{len(items)}所。", parts, then, _MOST)


def _of_school(desk: Desk, facts: Sequence[Fact]) -> Listing:
    items = [Item(_said(desk, f)) for f in _newest(facts, "cover").values()]
    then = (
        "要登记请发，例如：记包保分工：校长包校，李主任包八年级，王老师包八年级3班。学生包联到人请发：导出包联安排表。"
    )
    return Listing("包保分工：" if items else "还没有登记包保分工。", [Part(items)] if items else [], then)


def liaison(desk: Desk) -> Listing:
    """Whom to call in each department, and which of those that must name somebody has not (FJ-7)."""
    found: dict[str, Item] = {}
    other: list[Item] = []
    for fact, piece in _pieces(f for f in in_force(desk) if f.data.get("what") == "liaison"):
        words = f"{piece}（{say_day(fact.on, desk.today)}记）"
        names = [departments.named(m[0]) or m[0] for m in _DEPARTMENT.finditer(piece)]
        for name in names:
            found.setdefault(name, Item(words))
        other += [] if names else [Item(words)]
    bare = [name for name in NAMED if name not in found]
    items = [*dict.fromkeys(found.values()), *other]
    parts = [Part(items, counted="条")] if items else []
    parts += [Part([Item("、".join(bare))], "还没有登记的部门：")] if bare and items else []
    then = "要登记或改动请发，例如：记部门联系人：民政局救助股 刘同志；残联教就股 陈同志。"
    return Listing(f"部门联系人{f'{len(items)}条：' if items else '还没有登记。'}", parts, then, _MOST)


def _pieces(facts: Iterable[Fact]) -> Iterator[tuple[Fact, str]]:
    """Each sentence of each record, newest record first."""
    split = ((f, piece.strip(" ，,、")) for f in facts for piece in _PIECES.split(str(f.data.get("note", ""))))
    return ((fact, piece) for fact, piece in split if piece)


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST]) + ("等" if len(names) > _MOST else "")


def everything(desk: Desk) -> Listing:
    """All of them on one page."""
    found = [
        (make(desk), word)
        for make, word in ((groups, "group"), (cover, "cover"), (seven, "seven"), (liaison, "liaison"))
    ]
    parts = [
        Part([*chain.from_iterable(part.items for part in one.parts)] or [Item("还没有登记")], WORK[word], counted="条")
        for one, word in found
    ]
    return Listing(
        "领导小组、包校、七长和部门联系人：", parts, "要登记请发，例如：记领导小组：组长赵校长，成员李主任、王老师。"
    )


_KEPT = (
    r"(?:(?:成员|负责人)?(?:名单|安排表?|分工表?|表|名册|一览|制|情况)|成员)?(?:是谁|有谁|有哪些(?:人)?|都有谁)?[?？]?"
)
_EDU = r"(?:控辍保学|控辍)?(?:工作)?"
COMMANDS: tuple[Command, ...] = (
    command("领导小组名单", STAFF, lambda desk, _: groups(desk).said(), rf"{LOOK}{PLACE}{_EDU}(?:领导小组|工作专班|专班|领导机构){_KEPT}", asks=True),
    command(
        "包校安排表",
        STAFF,
        lambda desk, _: cover(desk).said(),
        rf"{LOOK}{PLACE}{_EDU}(?:局领导|局领导(?:及|和)科室|领导|科室|督导)*(?:包校|包保分工|督导包校|包片){_KEPT}",
        rf"{LOOK}(?:哪些|哪几所)?学校(?:还)?(?:没有?|没人|无人|未)(?:安排)?包(?:校|保)?(?:的)?(?:领导|科室|人)?(?:有哪些)?[?？]?",
        asks=True,
    ),
    command("七长责任名单", STAFF, lambda desk, _: seven(desk).said(), rf"{LOOK}{PLACE}七长(?:责任)?{_KEPT}", asks=True),
    command(
        "部门联系人表",
        STAFF,
        lambda desk, _: liaison(desk).said(),
        rf"{LOOK}{PLACE}(?:各)?(?:部门|单位)?(?:信息共享|信息交换|数据共享)?(?:的)?联(?:系|络)(?:人|员){_KEPT}",
        asks=True,
    ),
)  # fmt: skip

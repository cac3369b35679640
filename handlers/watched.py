"""Children somebody keeps an eye on: whose helper one is, who fell back after a return, the ninth grade, marks taken off again.

我包联的学生 · 反复辍学名单 · 九年级重点关注 · 张三不再是留守儿童
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from casework import patterns
from casework.access import STAFF
from casework.case import AWAY
from casework.facts import Fact
from casework.people import Pupil
from casework.terms import GROUPS, STATES, say_day
from handlers import lookup, naming, worklog
from handlers.answer import not_recorded
from handlers.care import NAMES
from handlers.command import LOOK, PLACE, ROOM, Command, command, one_of
from handlers.desk import Desk, ListRow, Said
from handlers.listed import INLINE, NUMBERED, PLAIN, Item, Listing, Part, seen
from handlers.naming import one_pupil, with_class
from handlers.recorder import write
from handlers.understanding.actions import Action, Mention

CLAUSES = {"FN-21": ("query",), "XY-10": ("query",), "LC-27": ("query",), "FN-20": ("query",), "FN-6": ("record",)}
FINAL_GRADE = 9
_EVERYONE = 1_000_000
_OFTEN = ("struggling", "at_risk")


def helped(desk: Desk, person: str, name: str = "") -> Listing:
    """The children within the reader's reach whose helper (包联人) is this person."""
    found = desk.work.tallies.of_helper(desk.scope, person)
    who = name or "您"
    if not found:
        return Listing(f"{who}现在没有包联学生。", then="要指定包联人请发，例如：张三由李老师包联。")
    cases = desk.work.cases.cases([one.id for one in found])
    pupils = desk.work.people.pupils([one.id for one in found])
    items = [
        Item(f"{with_class(desk, pupils[one.id])} {STATES[cases[one.id].state] if one.id in cases else STATES['in_school']}", one.id)
        for one in found
        if one.id in pupils
    ]  # fmt: skip
    then = "联系、家访、谈心后请直接发结果，例如：记谈心 张三 情绪稳定。"
    return Listing(f"{who}包联的学生{len(items)}人：", [Part(items, way=NUMBERED, counted="人")], then)


def _helped(desk: Desk, found: re.Match[str]) -> Said | None:
    if not found["who"] or found["who"] == "我":
        return helped(desk, desk.writer.id).said()
    people = [p for p in desk.work.people.everyone() if p.name == found["who"]]
    if not people:
        return None
    listings = [helped(desk, p.id, p.name) for p in people]
    return next((one for one in listings if one.parts), listings[0]).said()


def relapsed(desk: Desk) -> Listing:
    """Children who are away again, or were, after a return from suspicion or dropout (LC-27)."""
    rows, _ = desk.work.cases.listing(desk.scope, states=(*AWAY, "observed"), limit=_EVERYONE, plain=True)
    facts = desk.work.cases.facts_of([row.pupil.id for row in rows])
    items = []
    for row in rows:
        days = desk.world.days_of(row.pupil.class_id)
        if again := patterns.relapse(facts.get(row.pupil.id, ()), days, desk.now):
            items.append(
                Item(f"{with_class(desk, row.pupil)} {say_day(again.returned, desk.today)}返校后，{say_day(again.again, desk.today)}起又缺勤；{_now(desk, row, again)}", row.pupil.id)
            )  # fmt: skip
    if not items:
        return Listing("您负责的范围里，没有返校后又缺勤的学生。", then="发“已返校名单”看正在跟踪的学生。")
    then = "请重新研判原因，安排结对帮扶、心理辅导。要跟踪名册请发：导出复学跟踪名册。"
    return Listing(f"返校后又缺勤的学生{len(items)}人：", [Part(items, way=NUMBERED, counted="人")], then)


def _now(desk: Desk, row: ListRow, again: patterns.Relapse) -> str:
    """How it stands; before noon of the first day the case still says that the child is back."""
    if again.still and row.case.state not in AWAY:
        return "还没有计入缺勤天数，当天中午12点后计入"
    return naming.standing(desk, row.pupil, row.case)


def _final_rooms(desk: Desk) -> set[str]:
    """The classes of the ninth grade, of the whole county: a township's children may go to school in another."""
    return {u.id for u in desk.world.directory.units.values() if u.grade == FINAL_GRADE and u.meets}


def ninth_grade(desk: Desk) -> Listing:
    """The ninth grade, in the year in which most are lost: how it stands, who is away, who struggles (FN-20)."""
    rooms = _final_rooms(desk)
    counts = sum(desk.work.tallies.by_class(desk.scope, rooms).values(), Counter[str]()) if rooms else Counter[str]()
    if not counts["pupils"]:
        return Listing("您负责的范围里没有九年级学生。")
    found = desk.work.cases.among(desk.scope, (*AWAY, "observed"))
    away = [(pupil, state) for pupil, state in found if pupil.class_id in rooms]
    parts = []
    if away:
        items = [Item(f"{with_class(desk, pupil)} {STATES[state]}", pupil.id) for pupil, state in away]
        parts.append(Part(items, "缺勤和返校跟踪的：", counted="人"))
    marked = _marked(desk)
    for group in _OFTEN:
        theirs = [p for p in marked[group] if p.class_id in rooms]
        if theirs:
            parts.append(Part([Item(p.name, p.id) for p in theirs], f"{GROUPS[group]}{len(theirs)}人", INLINE))
    if not parts:
        parts = [Part([Item("没有缺勤、学习困难、有辍学倾向的学生。")], way=PLAIN)]
    words = "，".join(f"{STATES[s]}{counts[s]}" for s in AWAY)
    then = "九年级全体都列入重点关注，整张名册请发：导出重点关注名册。"
    return Listing(f"九年级学生{counts['pupils']}人（{words}）：", parts, then)


def _marked(desk: Desk) -> dict[str, list[Pupil]]:
    """The pupils of each group that is often lost, read at one look."""
    seen = {group: desk.scope_of_group(group) for group in _OFTEN}
    pupils, _ = desk.work.people.in_scope(desk.scope, group=seen, limit=_EVERYONE)
    return {group: [p for p in pupils if group in p.groups and scope.covers(p)] for group, scope in seen.items()}


def focus(desk: Desk) -> Listing:
    """Everybody to keep an eye on: marked as at risk or struggling, away, and the ninth grade as a whole (FN-20, LC-29)."""
    parts = []
    for group, pupils in reversed(_marked(desk).items()):
        if pupils:
            items = [Item(with_class(desk, p), p.id) for p in pupils]
            parts.append(Part(items, f"{GROUPS[group]}{len(pupils)}人", INLINE))
    if away := desk.work.cases.among(desk.scope, AWAY):
        items = [Item(f"{with_class(desk, pupil)}{STATES[state]}", pupil.id) for pupil, state in away]
        parts.append(Part(items, f"缺勤、疑似辍学、辍学{len(away)}人", INLINE))
    rooms = _final_rooms(desk)
    if ninth := sum(c["pupils"] for c in desk.work.tallies.by_class(desk.scope, rooms).values()) if rooms else 0:
        parts.append(Part([Item("发“九年级重点关注”查看", leads="ninth")], f"九年级全体{ninth}人", INLINE))
    if not parts:
        return Listing("您负责的范围里没有要重点关注的学生。", then="有苗头的可以标注，例如：张三有辍学倾向。")
    return Listing("重点关注的学生：", parts, "整张名册请发：导出重点关注名册。")


def struggling(desk: Desk) -> Listing:
    """Who struggles, with the helper and how often help was recorded this school year (TA-25)."""
    scope = desk.scope_of_group("struggling")
    pupils, _ = desk.work.people.in_scope(scope, group="struggling", limit=_EVERYONE) if scope.units else ([], 0)
    return _with_help(desk, pupils, "学习困难学生", "记辅导 张三 数学补课1次")


def returned(desk: Desk) -> Listing:
    """Who came back and is followed up, with the helper and the help recorded (结对帮扶, XY-36)."""
    found = desk.work.cases.among(desk.scope, ("observed",))
    return _with_help(desk, [pupil for pupil, _ in found], "返校后跟踪的学生", "记结对帮扶 张三 每周辅导一次")


def _with_help(desk: Desk, pupils: Sequence[Pupil], whose: str, example: str) -> Listing:
    if not pupils:
        return Listing(f"您负责的范围里没有{whose}。")
    given: dict[str, list[Fact]] = {}
    for fact in worklog.recorded(desk):
        if fact.pupil and fact.data.get("what") in _HELP:
            given.setdefault(fact.pupil, []).append(fact)
    cases = desk.work.cases.cases([p.id for p in pupils])
    none = sum(p.id not in given for p in pupils)
    items = [
        Item(f"{with_class(desk, p)} {_help_of(desk, cases[p.id].helper, given.get(p.id, []))}", p.id) for p in pupils
    ]
    items.sort(key=lambda item: (item.pupil in given, item.words))
    head = f"{whose}{len(pupils)}人，本学年还没有帮扶记录的{none}人："
    return Listing(head, [Part(items, way=NUMBERED, counted="人")], f"帮扶后请发，例如：{example}。")


def _help_of(desk: Desk, helper: str | None, given: Sequence[Fact]) -> str:
    person = desk.work.people.person(helper) if helper else None
    who = f"包联人{person.name if person else helper}" if helper else "没有包联人"
    return f"{who}，" + (f"帮扶{len(given)}次，最近{say_day(given[0].on, desk.today)}" if given else "还没有帮扶记录")


_HELP = ("tutoring", "talk", "pairing", "aid")


def _unmarked(desk: Desk, found: re.Match[str]) -> Said | None:
    """张三不再是留守儿童: the mark is taken off; the record of it stays."""
    group = NAMES[found["group"]]
    pupil = one_pupil(desk, found["name"], found["room"])
    return not_recorded(pupil) if isinstance(pupil, str) else unmark(desk, pupil, group)


def unmark(desk: Desk, pupil: Pupil, group: str) -> Said:
    """Take the mark of a group off a child who bears it."""
    if not desk.reader_of(pupil).sees_group(group):
        return Said(lookup.NAMED_ONLY.format(GROUPS[group]))
    if group not in pupil.groups:
        return Said(f"{pupil.name}没有标注“{GROUPS[group]}”，不用取消。发“查 {pupil.name}”看记录。")
    said = write(desk, Action("mark", (Mention(pupil.name, (pupil.id,)),), {"group": group, "off": True}), {}, ())
    return Said(said.text)


def given_to(text: str) -> str | None:
    """给张三安排包联人陈老师, in the words that the grammar knows; None when the text is nothing of this."""
    found = next((m for form in _GIVEN if (m := form.fullmatch(text.strip().rstrip("。.!！")))), None)
    return f"{found['names']}由{found['to']}包联" if found else None


_HELPER = r"(?:包联|包保|帮扶|结对)(?:责任)?(?:人|老师|教师)"
_MANY = r"(?P<names>[\u4e00-\u9fff·、，,]{2,40}?)"
_TO = r"(?P<to>[\u4e00-\u9fff]{2,5}?)"
_GIVEN: Sequence[re.Pattern[str]] = (
    re.compile(
        rf"(?:请|帮我)?(?:给|为)?{_MANY}(?:安排|指定|落实|确定|分配)(?:一个)?的?{_HELPER}(?:为|是|：|:|\s)*{_TO}"
    ),
    re.compile(rf"(?:请|帮我)?(?:指定|安排|确定|让|由){_TO}(?:为|做|当|担任|任){_MANY}的?{_HELPER}"),
    re.compile(rf"{_MANY}的?{_HELPER}(?:改)?(?:为|是|：|:|\s){_TO}"),
)
_GROUP = rf"(?P<group>{one_of(NAMES)})(?:学生|儿童|家庭|户|生)?"
_NAME = r"(?P<name>[\u4e00-\u9fff·•]{2,8}?)"
COMMANDS: tuple[Command, ...] = (
    command(
        "我包联的学生",
        STAFF,
        _helped,
        rf"{LOOK}(?P<who>我|[\u4e00-\u9fff]{{2,4}}?)(?:现在)?(?:都)?(?:负责)?(?:的)?(?:包联|包保|结对帮扶|结对)(?:了|着)?(?:的)?(?:哪些|哪几个|几个|多少)?(?:学生|孩子|人)(?:名单)?(?:有哪些|有谁|是谁)?[?？]?",
        rf"{LOOK}(?P<who>我|[\u4e00-\u9fff]{{2,4}}?)包了(?:哪些|哪几个|几个|多少)(?:学生|孩子|人)[?？]?",
        asks=True,
    ),
    command(
        "反复辍学名单",
        STAFF,
        lambda desk, _: seen(desk, relapsed(desk), "list:relapses"),
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:反复|二次|再次|又|重新)(?:辍学|缺勤|失学|不来)(?:了)?(?:的)?(?:学生|孩子|人)?(?:名单|清单|有哪些|有谁)?[?？]?",
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:返校|复学|回来)(?:后|以后|之后)?又(?:辍学|缺勤|不来|走|没来)(?:了)?(?:的)?(?:学生|孩子|人)?(?:名单|有哪些|有谁)?[?？]?|{LOOK}{PLACE}复辍(?:学生)?(?:名单|清单)?[?？]?",
        asks=True,
    ),
    command(
        "九年级重点关注",
        STAFF,
        lambda desk, _: seen(desk, ninth_grade(desk), "list:ninth"),
        rf"{LOOK}{PLACE}(?:九年级|初三|毕业年级|毕业班)(?:的)?(?:重点关注|风险|重点|控辍|关注)*(?:的)?(?:学生|孩子)?(?:名单|名册|情况|有哪些|怎么样)?[?？]?",
        asks=True,
    ),
    command(
        "重点关注学生",
        STAFF,
        lambda desk, _: seen(desk, focus(desk), "list:focus"),
        rf"{LOOK}{PLACE}(?:要|需要)?重点关注(?:的)?(?:学生|孩子|对象)?(?:名单|有哪些)?[?？]?",
        asks=True,
    ),
    command(
        "学困生帮扶情况",
        STAFF,
        lambda desk, found: seen(desk, (struggling if found["weak"] else returned)(desk), "list:helped"),
        rf"{LOOK}{PLACE}(?:(?P<weak>学困生?|学习困难)(?:的)?(?:学生|孩子)?|(?:复学|返校)(?:的)?(?:学生|孩子)|结对)(?:的)?(?:结对)?帮扶(?:情况|名单|进展|怎么样)?[?？]?",
        rf"{LOOK}{PLACE}(?P<weak>学困生)(?:名单|有哪些|有谁)?[?？]?",
        asks=True,
    ),
    command(
        "张三不再是留守儿童",
        STAFF,
        _unmarked,
        rf"{ROOM}{_NAME}(?:现在|已经|已)*(?:不再?是|不算|不属于|不再属于){_GROUP}(?:了)?",
        rf"(?:请|帮我)?(?:把)?(?:取消|去掉|删掉|删除|撤掉|解除|移除)(?:对)?{ROOM}{_NAME}的?{_GROUP}(?:的)?(?:标注|标记|身份|标签)?",
        rf"(?:请|帮我)?(?:把)?{ROOM}{_NAME}的?{_GROUP}(?:的)?(?:标注|标记|身份|标签)?(?:取消|去掉|删掉|删除|撤掉|解除|移除)(?:掉|了|吧)?",
    ),
)

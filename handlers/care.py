"""Who of the groups of care has no helper yet (包联人): 没有包联人的学生, 留守儿童哪些没有包联老师.

The documents ask for a named helper of each such child (XY-19, FN-21); the list says for whom one is still to be named.
"""

from __future__ import annotations

import re
from collections import Counter

from casework.terms import GROUPS
from handlers.command import PLACE, one_of
from handlers.desk import Desk, Said
from handlers.listed import INLINE, Item, Listing, Part, first_page
from handlers.lookup import NAMED_ONLY, PAGE
from handlers.places import place_name
from handlers.tallies import Named

CLAUSES = {"XY-2": ("query",), "XY-19": ("check",), "FN-21": ("check",), "XY-10": ("check",)}

NAMES = {
    **{name: group for group, name in GROUPS.items()},
    "留守": "left_behind", "随迁": "migrant", "建档立卡": "poor", "贫困": "poor", "困难家庭": "poor", "残疾儿童": "disabled",
    "单亲": "single_parent", "学困": "struggling", "困境": "in_difficulty", "涉案": "justice",
}  # fmt: skip
_GROUP = rf"(?P<group>{one_of(NAMES)})?"
_WHO = r"(?:的)?(?:学生|儿童|孩子|生|人)?(?:里|中|当中)?(?:有|还有)?(?:的)?(?:哪些|哪几个|谁|哪个)?(?:学生|孩子|人)?"
_HELPER = r"(?:(?:指定|安排|落实|分配|确定)?(?:包联|包保|帮扶(?=(?:责任)?人|老师|教师))(?:人|老师|教师|责任人)?(?:的)?)"
_TAIL = r"(?:学生|孩子|儿童|生|人)?(?:的)?(?:名单|名册)?(?:有|是)?(?:哪些|谁|哪几个|多少)?(?:人|学生)?"
_ASKED = re.compile(
    rf"(?:查一?下?|看一?下?|列一?下?|列出)?(?:哪些|哪几个|谁|还有|我校|全校|我班|我们班)*{_GROUP}{_WHO}(?:还|都)?(?:没有?人?|未|无人?|缺){_HELPER}"
    rf"(?P<after>{one_of(NAMES)})?{_TAIL}[?？。吗呢]*"
)
_ASKED_SHORT = re.compile(
    rf"(?:查|看)?(?:一下)?{PLACE}(?:还)?(?:有)?(?:谁|哪些(?:学生|孩子)|哪个(?:学生|孩子))?(?:没人|没有人|无人)(?:包|包联|包保|管|帮扶)(?:的)?(?:学生|孩子)?(?:名单|有哪些)?[?？]?|{PLACE}(?:学生)?(?:包联|包保)(?:情况|名单|表)[?？]?"
)
_HOW_MANY = re.compile(
    rf"(?:{PLACE}|学校|目前|现在|一共|总共|共)*有?(?:多少|几)(?:个|名|位)?{_GROUP}(?:学生|儿童|孩子|生)?[?？。吗呢]*"
)
_MANY_OF = re.compile(
    rf"(?P<before>各校|各学校)?(?:{PLACE}|学校|目前|现在)*(?:的)?{_GROUP}(?:学生|儿童|孩子|生)?(?P<after>各校|各学校)?(?:的)?(?:一共|总共|共|各)?(?:有)?(?:多少|几)(?:个|名|位)?(?:人|学生)?[?？。吗呢]*"
    rf"|(?P<before2>各校|各学校)?(?:{PLACE})(?:的)?{_GROUP.replace('group', 'group2')}(?:学生|儿童|孩子|生)?(?P<after2>各校|各学校)?(?:的)?(?:人数|统计)[?？]?"
)
"""残疾学生有多少, 建档立卡学生各校人数: the group before the question."""
_FEW = 8
_EVERYONE = 1_000_000
_HOW = "请指定包联人，例如：张三由李老师包联。整张表请发：导出包联安排表。"


def group_asked(text: str) -> str | None:
    """The group of care whose pupils without a helper are asked for, "" for all groups; None when nothing of this is."""
    if _ASKED_SHORT.fullmatch(text.strip()):
        return ""
    found = _ASKED.fullmatch(text.strip())
    if found is None:
        return None
    word = found["group"] or found["after"]
    return NAMES[word] if word else ""


def counted(text: str) -> str | None:
    """The group of care of which it is asked how many there are; None when nothing of this is."""
    found = _HOW_MANY.fullmatch(text.strip()) or _MANY_OF.fullmatch(text.strip())
    word = found and (found["group"] or found.groupdict().get("group2"))
    return NAMES[word] if word else None


def asked(desk: Desk, text: str) -> Said | None:
    """The answer to how many of a group there are, and who has no helper; None when the text asks for something else."""
    if of := counted(text):
        return _by_school(desk, of) if "各" in text else _count(desk, of)
    group = group_asked(text)
    if group is None:
        return None
    return _of_group(desk, group) if group else without_helper(desk, _FEW).said()


def _count(desk: Desk, group: str) -> Said:
    scope = desk.scope_of_group(group)
    if not scope.units:
        return Said(NAMED_ONLY.format(GROUPS[group]))
    total = desk.work.people.in_scope(scope, group=group, limit=1)[1]
    return Said(f"您负责范围内，{GROUPS[group]}共{total}人。发“{GROUPS[group]}名单”看是谁。")


def _by_school(desk: Desk, group: str) -> Said:
    """The same school by school (XY-2)."""
    scope = desk.scope_of_group(group)
    if not scope.units:
        return Said(NAMED_ONLY.format(GROUPS[group]))
    pupils, total = desk.work.people.in_scope(scope, group=group, limit=_EVERYONE)
    directory = desk.world.directory
    many = Counter(directory.at_level(pupil.class_id, "school") or "" for pupil in pupils)
    items = [Item(f"{place_name(directory, school) or '未入学'}{number}人") for school, number in many.most_common()]
    head = f"您负责范围内，{GROUPS[group]}共{total}人，按学校："
    return Listing(head, [Part(items, counted="所")], "整张统计请发：导出工作统计表。", 30).said()


def without_helper(desk: Desk, few: int, placed: bool = False) -> Listing:
    """Of each group of care, how many have nobody, and the first few of them; groups not open to the reader are left out.

    ``placed``: each with the class, where there is room for it; several children have the same name.
    """
    alone: dict[str, list[Named]] = {}
    for scope, groups in desk.scopes_of_care().items():
        found = desk.work.tallies.without_helper(scope, groups)
        alone |= {group: [p for p in found if group in p.groups] for group in groups}
    parts = []
    for group in GROUPS:
        if theirs := alone.get(group):
            more = [Item(f"（只列前{few}人）")] if len(theirs) > few else []
            items = [*(Item(_called(desk, p, placed), p.id) for p in theirs[:few]), *more]
            parts.append(Part(items, f"{GROUPS[group]}{len(theirs)}人", INLINE))
    if not parts:
        return Listing("您负责范围内，重点群体学生没有缺包联人的。")
    return Listing("还没有包联人的重点群体学生：", parts, _HOW, few)


def _called(desk: Desk, one: Named, placed: bool) -> str:
    where = place_name(desk.world.directory, one.class_id) if placed else ""
    return f"{one.name}（{where}）" if where else one.name


def _of_group(desk: Desk, group: str) -> Said:
    scope = desk.scope_of_group(group)
    if not scope.units:
        return Said(NAMED_ONLY.format(GROUPS[group]))
    rows, total = desk.work.cases.listing(scope, group=group, without_helper=True, limit=PAGE)
    lines = [f"{row.pupil.name}（{row.class_name}）" for row in rows]
    return first_page(
        f"还没有包联人的学生（{GROUPS[group]}）", lines, total, then=_HOW, pupils=[row.pupil.id for row in rows]
    )

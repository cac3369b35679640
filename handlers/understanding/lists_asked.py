"""Lists and figures asked for."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.actions import AMONG
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft, asked_for
from handlers.understanding.lexicon_names import KIN

_OF_CARE = re.compile(r"(?:特殊|重点)(?:关爱)?(?:群体|人群|儿童|学生)")
_LISTED = "待劝返|未劝返|超期|逾期|疑似|辍学|请假|缺勤|旷课|返校|劝返"
_TWO_LISTS = re.compile(
    rf"(?P<one>{_LISTED})(?:学生)?的?(?:和|、|跟|与|及)(?P<other>{_LISTED})(?:学生)?的?(?:名单|清单|都|列|各)"
)


_OF_A_PLACE = re.compile(r"N?(?:村|镇|中学|小学|学校|社区)")


def listing(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """A list of pupils or figures about them."""
    text = clause.text
    if "N" in text and not _OF_A_PLACE.match(text):
        return []
    groups = [(m.start(), name, m) for name, words in lex.MARKED.of(text) if (m := words.search(text))]
    which = next(((name, m) for name, words in ask.LISTS if (m := words.search(text))), None)
    if clause.sign == ":" or re.search(rf"(?:他|她)(?:{KIN})|不是(?:我|本)", text):
        return []
    if (
        which
        and which[0] == "leave"
        and re.search(r"(?:要|想|得|需要?)请|请(?:了)?(?:假)?T", text)
        and not re.search(r"哪|谁|名单|多少|几个|几人|列|表|的(?:给|发|看|有|调)", text)
    ):
        return []  # 爷爷病了,要请假两天回去看: a leave
    listed = _listed(clause, line)
    counted = ask.STATS.search(text) or ask.RATE.search(text)
    again = before and before[-1].action == "list"
    if not groups and not which:
        if again and listed and re.search(r"名单|列|发|给", text) and len(text) < 9:
            return [Draft("")]
        everyone = _OF_CARE.search(text) if listed else None
        if everyone:
            return with_place(asked_for("list", clause, everyone, which="special"), clause)
        return (
            _figures(clause, counted)
            if counted and re.search(r"学生|人数|率|县|镇|乡|村|校|S", text) and not ask.OFFTOPIC.search(text)
            else []
        )
    if not listed and not counted and not (again and re.search(r"也|还有|呢|以及", text)):
        return []
    if which and which[0] == "pending" and not re.search(r"多少人|率", text):
        counted = None
    if counted and not re.search(r"名单|列|哪[些几]|清单|谁", text) and not _THEN_LIST.match(line.text, clause.end):
        return _figures(clause, counted, groups[0][1] if groups else None)
    if groups and not (which and which[0] in ("pending", "overdue")):
        return [
            draft
            for _, name, m in sorted(groups, key=lambda g: g[0])
            for draft in with_place(asked_for("list", clause, m, which="special", group=name), clause)
        ]
    if two := _TWO_LISTS.search(text):
        kinds = [next((name for name, words in ask.LISTS if words.search(two[g])), None) for g in ("one", "other")]
        return [d for kind in kinds if kind for d in with_place(asked_for("list", clause, two, which=kind), clause)]
    if which:
        group = next((name for _, name, m in groups if _OF_GROUP.match(text, m.end())), None)
        return with_place(asked_for("list", clause, which[1], which=which[0], group=group), clause)
    return []


def _listed(clause: Clause, line: Line) -> re.Match[str] | None:
    """The words that ask for a list: in the clause, the whole message, or right after 有单亲的学生吗."""
    whole = clause.start == 0 and clause.end == len(line.text)
    return (
        ask.LIST_WORDS.search(clause.text)
        or _THEN_LIST.match(line.text, clause.end)
        or (ask.BARE_LIST.search(clause.text) if whole else None)
        or (_THEN_LIST.match(line.text, clause.end) if clause.text.startswith("有") else None)
        or (_THOSE_LISTED.match(line.text, clause.end) if clause.text.endswith("的") else None)
        or _LISTS_HEAD.search(line.text, 0, clause.start)
    )


_OF_GROUP = re.compile(
    r"(?:家庭|儿童|学生|户|子女|孩子|的|中|里|有|哪些|还|几个|谁)*(?:待|未|没|逾期|超期)"
)  # 留守儿童待劝返名单
_LISTS_HEAD = re.compile(r"(?:名单|清单|名册)[^,。N]{0,3}:[^。N]*$")  # 要两个名单:留守儿童的,还有东溪镇劝返回来的


_THOSE_LISTED = re.compile(r",[^,NW]{0,8}(?:列|发|调|拉)(?:一?下|出来|给我|个|全|我)")  # 疑似辍学的,系统里有的全列一下
_THEN_LIST = re.compile(r"[,。?]+(?:把|给我|再|都)?(?:名单|名字|清单|列(?:个|一下|出|成|给))")  # 有几个,名单拉一下


def _figures(clause: Clause, match: re.Match[str] | None, group: str | None = None) -> list[Draft]:
    """Figures, of one group of care where it is named: 建档立卡的有几个没来."""
    draft = asked_for("stats", clause, match)
    if group:
        draft.slots[AMONG] = group
    put_period(draft, clause)
    return with_place(draft, clause)


def put_period(draft: Draft, clause: Clause) -> None:
    """Of which time the figures are."""
    period = ask.PERIOD.search(clause.text)
    if period:
        draft.put("period", period.group(), clause.start + period.start(), clause.start + period.end())


def with_place(draft: Draft, clause: Clause) -> list[Draft]:
    """The draft for the place asked of; 河东村、河西村 is one for each."""
    text = re.sub(
        r"^(?:请|帮我|麻烦|看一?下|查一?下|看看|统计一?下|再|还有|列出|导出|给我|现在|把)+",
        lambda m: "。" * len(m.group()),
        clause.text,
    )
    match = ask.PLACE.search(text) or _HAMLET.match(text)
    places = [match] if match and not _WHICH_PLACE.match(match["place"]) else []
    while places and (joint := _AND_PLACE.match(text, places[-1].end())):
        following = ask.PLACE.match(text, joint.end())
        if not following:
            break
        places.append(following)
    out = []
    for place in places:
        one = Draft(draft.action, [], dict(draft.slots), dict(draft.spans))
        one.put("place", place["place"], clause.start + place.start("place"), clause.start + place.end("place"))
        out.append(one)
    return out or [draft]


_WHICH_PLACE = re.compile(r"哪|几[个所]|多少")  # 哪几个村缺勤最多: all of them
_HAMLET = re.compile(
    r"。*(?P<place>[\u4e00-\u9fff]{1,4}?[庄湾沟寨屯坪坡岭冲坝塘垭垌坳坎岗堡埠铺圩营洼窝](?:[一二三四五六七八九十]+[组队社])?)(?=的|那|这|还|有|有没|几|待|未|没|疑似|辍|脱贫|贫困|留守|特殊|重点|残|孤|低保|单亲|失学|缺|逾期|超)"
)  # 大李庄脱贫户学生名单: a hamlet, or nowhere: never the list of all
_AND_PLACE = re.compile(r"[、和跟与及]|还有|以及")

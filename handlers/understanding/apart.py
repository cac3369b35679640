"""What is said of several pupils together and then apart: one each in order, the one or the other, the first two and the last."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

from handlers.understanding.clauses import CORRECTS, Clause, Line, Part, same_pupil
from handlers.understanding.events import TALKS
from handlers.understanding.senses import events_of

_EACH = re.compile(r"(?:另|还有)?(?:一|1)(?:个|家|户|位|名)|前者|后者|[前后]面?[一那]个")


def shared_out(part: Part) -> list[Part]:
    """去了两家,一个同意,一个没人: as many 一个 as pupils, one for each in order."""
    told = [c for c in part.clauses if _EACH.match(c.text) and not c.own]
    if len(part.names) < 2 or len(told) != len(part.names):
        return [part]
    common = [c for c in part.clauses if c.start < told[0].start]
    return [
        Part([name], [*([] if at else common), clause])
        for at, (name, clause) in enumerate(zip(part.names, told, strict=True))
    ]


_ONE_AND_ONE = re.compile(r"(?:一|1)个(?P<one>[^,NW]*?)[,、]?(?:另)?(?:一|1)个(?P<other>[^,NW]+)")
_WHICH = re.compile(r"^(?P<what>[^,NW]{1,6}?)的(?:那个)?(?:是|就是)(?:女孩|男孩|女生|男生|姐姐|妹妹|哥哥|弟弟)?(?=N$)")
_LATTER = re.compile(
    r"^(?:(?P<last>后面?|后一|第二)(?:那|这)?(?:一)?个|后者|(?P<first>前面?|前一|第一)(?:那|这)?(?:一)?个|前者)"
)


def told_apart(parts: list[Part], line: Line) -> list[Part]:
    """一个请假一个没来,请假的是张三: which of two is which is told after it; 后面一个 is the one named last."""
    if len(parts) == 2 and len(parts[0].names) == 2 and len(parts[1].names) == 1:
        said = _WHICH.match(parts[1].clauses[0].text)
        both = _ONE_AND_ONE.search(line.text, parts[0].names[-1], parts[1].clauses[0].start)
        pupils = [at for at in parts[0].names if line.tokens[at].kind == line.tokens[parts[1].names[0]].kind == "N"]
        meant = [at for at in pupils if same_pupil(line, at, parts[1].names[0])]
        if said and both and len(meant) == 1:
            own = next((g for g in ("one", "other") if said["what"] in both[g]), None)
            if own:
                rest = "other" if own == "one" else "one"
                left = [at for at in parts[0].names if at not in meant]
                common = [c for c in parts[0].clauses if c.end <= both.start()]
                return [
                    Part(names, [*common, Clause(*both.span(group), both[group], "", False)])
                    for names, group in ((meant, own), (left, rest))
                ]
    return [
        piece for part in parts for one in _respectively(part, line) for two in _by_order(one) for piece in _latter(two)
    ]


_RESPECTIVELY = re.compile(r"(?:[N、和跟与C]*)分别(?:是|为|属于?|算)(?P<each>[^,。NW]+)$")


def _respectively(part: Part, line: Line) -> list[Part]:
    """甲、乙分别是单亲和残疾: one each, in the order in which they stand."""
    at = next((i for i, c in enumerate(part.clauses) if _RESPECTIVELY.fullmatch(c.text)), None)
    match = _RESPECTIVELY.fullmatch(part.clauses[at].text) if at is not None else None
    if at is None or match is None:
        return [part]
    start = part.clauses[at].start + match.start("each")
    told = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^、和跟与及]+", match["each"])]
    if len(told) != len(part.names):
        return [part]
    common = part.clauses[:at]
    return [
        Part([name], [*common, Clause(a, b, line.text[a:b], ":", False)])
        for name, (a, b) in zip(part.names, told, strict=True)
    ]


_FIRST_FEW = re.compile(r"^前(?:面|头)?(?P<few>[一两二三四])[个名位户家]")
_LAST_FEW = re.compile(r"^(?:最后|末尾|后面?|剩下|余下|另外?)面?(?:的|那|这)*[一两二三四]?[个名位户家]")


def _by_order(part: Part) -> list[Part]:
    """甲乙丙都不在,前两个请了假,最后那个不晓得: which is which follows from the order in which they stand."""
    few = next((i for i, c in enumerate(part.clauses) if i and not c.own and _FIRST_FEW.match(c.text)), None)
    match = _FIRST_FEW.match(part.clauses[few].text) if few is not None else None
    count = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}[match["few"]] if match else 0
    if few is None:
        return [part]
    common, rest = part.clauses[:few], part.clauses[few:]
    last = next((i for i, c in enumerate(rest) if not c.own and _LAST_FEW.match(c.text)), len(rest))
    return [Part(part.names[:count], [*common, *rest[:last]]), Part(part.names[count:], [*common, *rest[last:]])]


def _latter(part: Part) -> list[Part]:
    told = [i for i, c in enumerate(part.clauses) if i and not c.own and _LATTER.match(c.text)]
    at = told[0] if len(told) == 1 else None  # 前一个答应,后一个不去: each of both (``shared_out``)
    if at is None or len(part.names) != 2:
        return [part]
    match = _LATTER.match(part.clauses[at].text)
    first = match is not None and (match["first"] is not None or match.group() == "前者")
    return [Part(part.names, part.clauses[:at]), Part([part.names[0 if first else -1]], part.clauses[at:])]


def told_both_ways(parts: list[Part], line: Line) -> list[int]:
    """甲请假了,甲没请假: the pupils of whom one thing is told and denied in one message, of no day of its own."""
    for one, other in combinations(parts, 2):
        alike = len(one.names) == len(other.names) == 1 and same_pupil(line, one.names[0], other.names[0])
        told = ",".join(c.text for c in one.clauses + other.clauses)
        if alike and not CORRECTS.search(told):
            said, again = ({(e.kind, e.no) for c in part.clauses for e in events_of(c, line)} for part in (one, other))
            denied = any((kind, not no) in again for kind, no in said if kind in ("absence", "leave", "return"))
            both = {*said, *again} == {("absence", False), ("return", False)}
            if (denied and "D" not in told) or (both and _FLATLY.fullmatch(told)):
                return one.names
    return []


_FLATLY = re.compile(
    r"ND?[^,NDTUOR今早上下中晚先后现又才刚已终总就]{1,4},N[^,NDTUOR今早上下中晚先后现又才刚已终总就]{1,4}"
)
"""张三没来,张三来了: no word tells which was first."""


ONE_EACH = re.compile(
    r"(?:一|1)(?:个|名|位|家|户)(?!(?:就|叫|名)?是?N|子)[^。]*?(?:一|1)(?:个|名|位|家|户)(?!(?:就|叫|名)?是?N)"
)
_KIND_OF_LEAVE = re.compile(r"(?:请)?[病事丧公]假?|请假|住院")


def last_alone(part: Part, lead: list[Clause], line: Line) -> list[Part]:
    """今天缺3个:张三、李四、王五(病假): what stands in brackets is said of the last one alone."""
    told = part.clauses
    at = next((i for i, c in enumerate(told) if c.sign == "("), len(told))
    if (
        len(part.names) < 2
        or at + 1 >= len(told)
        or not all(re.fullmatch(r"[N、和C]*", c.text) for c in told[: at + 1])
        or not _KIND_OF_LEAVE.fullmatch(told[at + 1].text)
        or not any(e.kind == "absence" for c in lead for e in events_of(c, line))
    ):
        return [part]
    last, named = part.names[-1], told[at]
    head = replace(named, end=last, text=named.text[: last - named.start], sign="")
    own = replace(named, start=last, text=named.text[last - named.start :])
    return [Part(part.names[:-1], [*told[:at], head]), Part([last], [own, *told[at + 1 :]])]


_MISSING_ARE = re.compile(r"(?:(?:没|未|不)(?:有)?[来到在][^,。N]{0,4}?|[缺旷](?:勤|课|席)?[^,。N]{0,4}?)(?<!的)$")
_LEAVE_RIGHT_AFTER = re.compile(r"C?[^,。(:N都均全各]{0,4}?(?:请[假TDR病事丧]|请了|[病事丧]假)")


def _last_or_all(part: Part, line: Line) -> bool:
    """没来的有甲、乙、丙请病假: is it the leave of all, or of the last alone?"""
    first, last = part.names[0], part.names[-1]
    listed = re.fullmatch(r"N(?:C?[、和跟与]C?N)+", line.text[first : last + 1])
    if "N" in line.text[last + 1 :]:
        return False  # 没来的有甲、乙请病假,丙旷课: each kind with its own
    return bool(listed and _MISSING_ARE.search(line.text[:first]) and _LEAVE_RIGHT_AFTER.match(line.text, last + 1))


def which_is_which(part: Part, line: Line) -> bool:
    """两兄弟一个转走了,一个还在: which of them is the one, nobody can tell; of visits it is the order of going."""
    if len(part.names) > 1 and _last_or_all(part, line):
        return True
    told = [one for one in shared_out(part) if len(one.names) == 1] if len(part.names) > 1 else []
    if any(re.match(r"前者|后者", c.text) for one in told for c in one.clauses):
        return False
    return any(e.kind not in TALKS for one in told for c in one.clauses for e in events_of(c, line))

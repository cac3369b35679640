"""What is said of several pupils together and then apart: one each in order, the one or the other, the first two and the last."""

from __future__ import annotations

import re
from itertools import combinations

from handlers.understanding.clauses import CORRECTS, Clause, Line, Part, same_pupil
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
    return [piece for part in parts for one in _by_order(part) for piece in _latter(one)]


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
        if alike and not any(CORRECTS.search(c.text) or "D" in c.text for c in one.clauses + other.clauses):
            said, again = ({(e.kind, e.no) for c in part.clauses for e in events_of(c, line)} for part in (one, other))
            if any((kind, not no) in again for kind, no in said if kind in ("absence", "leave", "return")):
                return one.names
    return []

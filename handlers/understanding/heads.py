"""What stands at the head of a list of pupils, and whether it holds for each of them."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.absences import counts_only
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.drafts import Draft, Setting
from handlers.understanding.events import TALKS
from handlers.understanding.moods import mood_of
from handlers.understanding.records import records
from handlers.understanding.senses import events_of


def recorded(names: list[int], told: list[Clause], line: Line, setting: Setting, header: list[Clause]) -> list[Draft]:
    """缺勤2人:张三(感冒)、李四: what stands at the head holds for each of whom nothing else is told."""
    if header and len(names) > 1 and _other_kind(header, told):
        return [Draft("clarify", slots={"about": "meaning"})]
    own = any(not e.no for c in told for e in events_of(c, line))
    if own and header and all(is_span(c) for c in header):
        return records(Part(names, header + told), line, setting)
    if header and told and _told_by_itself(header, told, line, own):
        header = []
    if own and header and any(e.kind == "return" for e in events_of(header[-1], line)):
        return records(Part(names, told), line, setting)  # 开学报到:张三没到: only what it is about
    if header and header[-1].sign == "," and told and all(re.fullmatch(r"[N、和C]*", c.text) for c in told):
        return records(Part(names, header), line, setting)  # 打了三次电话没人接,张三
    if told and told[0].sign == ":" and not told[0].own:
        return records(Part(names, told), line, setting)
    if header and not (own and header[-1].sign != ":"):
        return records(Part(names, header + told), line, setting)
    return records(Part(names, told), line, setting)


def _told_by_itself(header: list[Clause], told: list[Clause], line: Line, own: bool) -> bool:
    """缺勤:张三。李四昨天没来: what stands at the head of one sentence does not hold for another that tells its own."""
    between = line.text[header[-1].end + 1 : told[0].start]
    if re.search(r"[。\n]", between) and (own or header[-1].sign != ":"):
        return True
    if re.search(r"[^:,、(]{2,}:", between) and not lex.NOTICE_GIVEN.search(between):
        return True  # 请假:张三,旷课:李四,王五家访了
    if told[0].own and (
        lex.SAID.search(told[0].text)
        or ("N" in between and re.fullmatch(r"N(?:家访|走访|联系)(?:过)?了", told[0].text))
    ):
        return True  # 送教:张三2课时,李四他妈说不读了
    heads = {e.kind for e in events_of(header[-1], line)}
    if "mark" in heads and own:
        return True  # 留守儿童:张三、李四,单亲是王五
    kinds = {e.kind for c in told for e in events_of(c, line) if not e.no}
    if "return" in kinds and "absence" not in kinds and told[0].sign != "(":
        return "absence" in heads  # 缺勤:张三,李四今天来了
    return bool(kinds & {"absence", "leave", "return"}) and not heads & {"absence", "leave", "return"}


def is_talk(clause: Clause, lead: list[Clause], line: Line) -> bool:
    """The last thing told before a bare name, what came of it and all: 打了三次电话没人接,张三."""
    return (
        clause is lead[-1]
        and clause.sign == ","
        and re.fullmatch(r"[N、和C]+", line.text[clause.end + 1 :]) is not None
        and any(e.kind in TALKS for e in events_of(clause, line))
        and not mood_of(clause, line)
    )


def is_span(clause: Clause) -> bool:
    """从周一到今天: before the names; whatever follows was on these days."""
    since = re.match(r"(?:从|自|打)[^,]*D|D(?:开始|起)$|(?:已经?|今天|都)*O了?$", clause.text)
    return ("R" in clause.text or since is not None) and counts_only(clause)


def is_header(clause: Clause, line: Line) -> bool:
    """缺勤: before the names; what it says holds for all of them."""
    return "K" not in clause.text and any(
        e.kind
        in (
            "absence",
            "leave",
            "return",
            "dropout",
            "mark",
            "notice",
            "suspend",
            "defer",
            "teach",
            "transfer_in",
            "transfer_out",
        )
        for e in events_of(clause, line)
    )


_LEAVE_SAID = re.compile(r"([病事丧公婚])假")


def _other_kind(header: list[Clause], told: list[Clause]) -> bool:
    """病假两个,张三李四,王五是事假: for whom of them the head holds, only the writer knows."""
    each = [c for c in told if c.own]
    at_head, own = ({m[1] for c in clauses for m in _LEAVE_SAID.finditer(c.text)} for clauses in (header, each))
    return bool(at_head and own and at_head.isdisjoint(own))

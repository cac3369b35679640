"""What a visit or a call found, told beside it, is what came of it and no record of its own."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Line
from handlers.understanding.drafts import Setting, tokens_in
from handlers.understanding.events import Event
from handlers.understanding.implied import FIELD_ROLES
from handlers.understanding.lexicon_names import KIN

_ONLY_WORD = re.compile(r"N(?:就|都|也|还是|偏)?不来")  # a village's 张三不来: the answer, not a day's absence
_CANNOT_COME = re.compile(r"来不(?:了|成)(?:学校|上课|上学)?|不能来(?:学校|上课|上学)?")
_AT_SCHOOL = re.compile(r"校|课|班|勤|旷|学|缺|逃|报到|翻墙")
_OF_A_DAY = re.compile(r"D(?:也|又|还|都)?.$")  # 今天没见人: an absence, not what a visit found
_ASKED_BY_FAMILY = re.compile(
    rf"(?:{KIN})[^。]*(?:说|讲)[^。]*(?:让|给)(?:他|她|孩子|N)?(?:休|歇)"
)  # 她妈打电话说…让她休息一天
_UNREACHED = re.compile(r"联系|联络")


def without_echoes(events: list[Event], line: Line, setting: Setting) -> list[Event]:
    """What a visit found (没见着人, 还没回来, 联系不上) is its outcome; 在家休息 beside 没来 no leave, nobody asked for one."""
    visited = any(e.kind == "visit" for e in events) or (setting.talk is not None and setting.talk.kind == "visit")
    not_there = visited or any(d.action == "visit" for d in setting.before)
    missed = any(e.kind == "absence" for e in events)
    called = any(e.kind == "contact" and e.clause.sign == ":" for e in events)  # 电话联系他妈:还在家休养
    out = []
    for event in events:
        words = event.clause.text[event.start - event.clause.start : event.end - event.clause.start]
        if (
            not_there
            and event.kind == "absence"
            and re.search(r"回|见|影|在", words)
            and not (_AT_SCHOOL.search(words) or _OF_A_DAY.search(line.text[event.clause.start : event.start + 1]))
            and not tokens_in(line, event.clause, "T")
        ):
            continue
        if (
            visited
            and event.kind == "absence"
            and _CANNOT_COME.fullmatch(words)
            and not tokens_in(line, event.clause, "D")
        ):
            continue  # 家访了,要她照顾老人,暂时来不了: what the family says, no day's absence
        if setting.role in FIELD_ROLES and words == "不来" and _ONLY_WORD.fullmatch(event.clause.text):
            continue
        asked = re.search(r"请|假|^[病事]$", words) or _ASKED_BY_FAMILY.search(event.clause.text)
        if (missed or visited or called) and event.kind == "leave" and not asked:
            continue
        if (
            visited
            and event.kind == "contact"
            and not event.channel
            and _UNREACHED.match(words)
            and re.match(r"不上|不到", event.clause.text[event.end - event.clause.start :])
        ):
            continue
        out.append(event)
    return out

"""What goes on with the next pupil: a reminder, a colleague, a paper."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.clauses import Line, Part
from handlers.understanding.drafts import Draft, Setting
from handlers.understanding.waits import put_wait

_ITS_TIME = re.compile(
    r"N[N、和]*(?:的|则|就|也|家|那个|提醒)*(?:等|过|再过|到|推到|推|缓|延|停|压|放)?[DTH](?:之?后|以后|钟后)?(?:再[讲说]|再提醒|提醒|再发|发|再提|再叫|叫我?)?"
)  # 张三十天后再提醒,李四周五


def reminder_too(part: Part, line: Line, setting: Setting, before: list[Draft]) -> list[Draft]:
    """张三十天后再提醒,李四周五: the reminder of the next pupil, with its own time."""
    if not before or before[-1].action != "snooze" or not _ITS_TIME.fullmatch("".join(c.text for c in part.clauses)):
        return []
    draft = Draft("snooze", part.names)
    for clause in part.clauses:
        put_wait(draft, clause, line, setting.today)
    return [draft] if draft.slots else []


_TO_THE_SAME = re.compile(
    r"N[N、和]*(?:的|那(?:个|户))?(?:也|都|一并|一起)+(?:交?给|归|由|让)(?:他|她)(?:去?(?:跟进|负责|跟|管|跑))?"
)
_TO_ANOTHER = re.compile(
    r"N[N、和]*(?:的|则|就|家|那(?:个|户))*(?:交?给|归|由|让)(?P<to>[^,。N]{1,10}?)(?:去?(?:跟进|负责|跟|管|跑))?$"
)


def assigned_too(part: Part, before: list[Draft]) -> list[Draft]:
    """甲的交给杨校长,乙的给妇联小马: whom the next pupil is given to."""
    told = part.clauses[0]
    if not before or before[-1].action != "assign" or len(part.clauses) > 1:
        return []
    if _TO_THE_SAME.fullmatch(told.text):
        return [replace(before[-1], names=part.names)]
    match = _TO_ANOTHER.fullmatch(told.text)
    if not match:
        return []
    draft = Draft("assign", part.names)
    draft.put("to", match["to"], told.start + match.start("to"), told.start + match.end("to"))
    return [draft]


NAMES_ALONE = re.compile(r"(?:还有|以及|另外)?[N、和]+的?(?:也要|也来一份|也)?")


def form_waiting(part: Part, before: list[Draft]) -> list[Draft] | None:
    """打印家访表,张三的: the paper whose names come after it; 甲的家访表导一份,还有乙的: the same one again."""
    if NAMES_ALONE.fullmatch("".join(c.text for c in part.clauses)) is None:
        return None
    forms = [d for d in before if d.action == "export" and d.slots["what"] in FORMS]
    if forms and not forms[-1].names:
        forms[-1].names = part.names
        return []
    if forms and part.clauses[0].text.startswith(("还有", "以及", "另外")):
        return [Draft("export", part.names, dict(forms[-1].slots), dict(forms[-1].spans))]
    return None


FORMS = ("visit_form", "persuasion_record", "notice_form", "dropout_report_form")

"""What one message says against itself, or of all others than the pupil named."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft
from handlers.understanding.outcomes import not_seen_there


def contradicted(made: list[Draft], told: list[Clause], line: Line) -> bool:
    """没来上课,他在上课; 送到学校去了,学校说没见到人: what holds, only the writer knows."""
    if any(d.action == "absence" for d in made) and _SITS_THERE.search(",".join(c.text for c in told)):
        return True
    if _both_today(made) and not _ORDERED.search(",".join(c.text for c in told)):
        return True
    back = any(d.action == "return" or d.slots.get("outcome") == "returned" for d in made)
    return back and not_seen_there(line.text[told[0].start : told[-1].end])


_ORDERED = re.compile(
    r"[TUOLHM先后又才刚终总现迟晚但就却]|[早晚中]上|[上中下]午|D[^D]*D|[今昨]|过后|不过|可是|返校|复学|回来|回校|劝"
)
"""A word that tells which of two was first: 没来,刚刚来了."""


def _both_today(made: list[Draft]) -> bool:
    """今天没来,来了: missing and there, of the same pupils and no day of their own."""
    told = {d.action: d for d in made}
    if set(told) != {"absence", "return"} or {"day", "days", "from"} & told["absence"].slots.keys():
        return False
    days = {d.slots.get("date") for d in made}
    return len(days - {None}) < 2


def of_the_others(made: list[Draft], line: Line) -> bool:
    """除了张三都没来, 除了张三,家访都做完了: told of all but the one who is named."""
    if EXCEPT.search(line.text) and re.search(r"(?:都|全|均|全部)(?:没|未|缺|请|旷|不)", line.text):
        return True
    if "除" in line.text and _BUT_NOT_LAST.search(line.text) and any(d.action != "clarify" for d in made):
        return True
    return _EXCEPT_ALONE.search(line.text) is not None and any(
        d.action not in ("absence", "clarify", "return") for d in made
    )


def all_but(line: Line) -> bool:
    """除了张三都到了, 今天全部到齐,除了张三: the one who is named is missing."""
    if "除" not in line.text:
        return False
    others = EXCEPT.search(line.text) is not None and re.search(r"到|来|齐|勤", line.text) is not None
    return others or _ALL_BUT.search(line.text) is not None


_SITS_THERE = re.compile(
    r",D?(?:他|她|人)?D?(?:现在|又|也|全天|一直|都)*在(?:上课|教室里?|学校|校|班上|班里|座位上)$"
    r"|^N(?:D|U|人|现在|正|也|都)*(?:(?:全天|一?整天|一直)都?在校?|T都在校?|在(?:教室|班|课堂|座位|校))[里上]?(?:上课|听课|坐着|自习|读书)?[, ]|(?:课[上堂]|上课(?:时候?)?)[^,没未]{0,2}表现"
)
EXCEPT = re.compile(
    r"除(?:了)?[^,]*?N(?:[、和]*N)*[^,]{0,10}(?:,|外|之外|以外)*(?:其[余他它]|别的|剩下|余下|另外的|全|都|均|大家)"
)
_ALL_BUT = re.compile(
    r"(?:(?:都|全|全部|全体|大家)[^,。N没未缺请旷不]{0,4}(?:到|来|齐)|到齐|全勤)[^,。N没未缺请旷不]{0,3}[, ]?(?:就|只)?除(?:了|开)[^,。N]{0,8}N(?:[、和跟]?N)*(?:以外|之外|外|没来|没到|缺勤)?$"
)
_BUT_NOT_LAST = re.compile(r"(?:都|全|大家|其他)[^。N]{1,12}除(?:了|开)[^,。N]{0,8}N(?:[、和跟]?N)*(?:以外|之外|外)?$")
"""都没来,除了张三: whatever is told is told of the others."""
_EXCEPT_ALONE = re.compile(
    r"除(?:了|去|开)?(?:NC?|[、和跟与])+(?:[他她](?:们|家)?|[俩仨]|[两三四几]个?人?)?(?:以外|之外|外|家)?(?:[,都全均其别剩余]|$)|N(?:除外|不算|以外)[,都全均其]"
)  # 除了张三,家访都做完了: what is told is of the others

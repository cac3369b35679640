"""Reports asked for, handed in, or looked after."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import pairwise

from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import month_of
from handlers.understanding.drafts import Draft, asked_for, tokens_in
from handlers.understanding.papers_asked import SENT_AS_FILE, then_printed
from handlers.understanding.reading import Token

_HANDED_IN = re.compile(
    r"已经?(?:提交|上报|报送|交|报)|^(?:我们?|我校|学校|D|S|本月|这个月)*(?:的)?[月周季零]报告?(?:已经?|都|刚)*(?:提交|上报|报送|交|报)(?:上去)?(?:过)?了$"
)
_NOT_YET = re.compile(
    r"(?:还没|尚未|不|别|莫|甭|暂缓|暂时|等)[^,]{0,4}(?:提交|交|报|送|发)|如果|要是|万一|再(?:提交|交|报)"
)
_DONE_OR_DO = re.compile(r"(?:交|报|提交|上报)(?:上去)?了吧$")
_WHEN_DUE = re.compile(r"每?周几|什么时候|啥时候|几号|何时|哪天|截止|期限")
_MUST_WE = re.compile(
    r"(?:还|也|都)?(?:要不要|需不需要|用不用|要|用|需要)(?:交|报|写|做|填)[^,]{0,6}(?:吗|么)?$(?<=[吗么])|要不要|用不用"
)


def report(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """A report asked for, handed in, or whose progress is asked for, with its month."""
    text = clause.text
    found = next(((what, m) for what, words in ask.REPORTS if (m := words.search(text))), None)
    if not found and (unnamed := ask.REPORT_OF_OTHERS.search(text)) and not re.search(r"[NW]", text):
        draft = asked_for("report", clause, unnamed, what="monthly", step="progress")
        put_month(draft, [(at, t) for at, t in line.tokens.items() if t.kind == "S" and at < clause.start], today)
        return [draft]
    if not found or SENT_AS_FILE.search(text + then_printed(clause, line)) or re.search(r"N", text):
        return _report_goes_on(clause, before, line, today)
    what, match = found
    if re.search(
        r"(?:上[面一]|刚才|那)一?[个条]?.*(?:发|报|交)(?:早|错|重|多)了?$|数(?:字|据)?(?:又|都)?(?:不对|错了?|有误)$",
        text,
    ):
        return []  # 撤回,月报数不对
    if _WHEN_DUE.search(text):
        return [asked_for("help", clause, match, topic=match.group())]
    if _MUST_WE.search(text):
        return [asked_for("help", clause, match, topic=match.group())]
    step = _step_of(text)
    ahead = any(t.value.lean > 0 for _, t in tokens_in(line, clause, "D"))
    if step != "progress" and re.search(r"(?:提醒|督促|催|通知|叫|让|要求).*(?:各|学校|他们|大家|村)", text):
        return [asked_for("report", clause, match, what=what, step="progress")]  # others are to hand theirs in
    if step != "progress" and (_NOT_YET.search(text) or ahead):
        step = "show"  # 先别提交, 明天再交: nothing is handed in now
    if len(several := _named_together(text)) > 1:
        return [asked_for("report", clause, m, what=w, step=step or "show") for w, m in several]
    draft = asked_for("report", clause, match, what=what)
    draft.put("step", step or ("show" if what != "zero" else None), clause.start, clause.end)
    if what == "quarterly" and (quarter := QUARTER.search(text)):
        draft.put("period", quarter.group(), clause.start + quarter.start(), clause.start + quarter.end())
    return _of_each_month(draft, clause, line, today)


_STEPS = (("progress", ask.REPORT_PROGRESS), ("show", ask.REPORT_SHOW), ("submit", ask.REPORT_SUBMIT))


def _step_of(text: str) -> str | None:
    """Whether it is to be shown, to be handed in, or to be looked after; None where nothing tells."""
    step = next((name for name, words in _STEPS if words.search(text)), None)
    if (
        step == "show"
        and re.search(r"先?(?:直接|帮我)?(?:提交|报送|上报)", text)
        and not re.search(r"看|瞧|发我", text)
    ):
        step = "submit"
    if step == "submit" and re.search(r"各(?:校|学校|村|镇|乡|班|家)|怎么样|怎样", text):
        step = "progress"
    if step == "submit" and _HANDED_IN.search(text):
        step = "show"  # told as done, not asked for
    if (
        step == "submit"
        and _DONE_OR_DO.search(text)
        and not re.search(r"^(?:你|请|就|帮我|麻烦|那)*(?:把|将|帮)", text)
    ):
        step = "show"  # 月报交了吧: asked or ordered, nobody can tell
    return step


QUARTER = re.compile(r"(?P<last>上个?季度?)|第?(?P<nth>[一二三四1-4])季度?")
_MONTHS = re.compile(r"S(?:的?月报)?(?:[、和跟与]S(?:的?月报)?)+")  # 三月月报和二月月报, 二月、三月的月报


def _of_each_month(draft: Draft, clause: Clause, line: Line, today: dt.date) -> list[Draft]:
    """The report of one month, or of each where several are named in a row."""
    months = tokens_in(line, clause, "S")
    each = months if _MONTHS.search(clause.text) else months[:1]
    made = [draft, *(Draft(draft.action, list(draft.names), {**draft.slots}, {**draft.spans}) for _ in each[1:])]
    for one, month in zip(made, each, strict=False):
        put_month(one, [month], today)
    return made


def put_month(draft: Draft, months: Sequence[tuple[int, Token]], today: dt.date) -> None:
    """Of which month a monthly or a zero report is: of the first that is named."""
    if months and draft.slots["what"] in ("monthly", "zero"):
        at, token = months[0]
        draft.put("month", month_of(token.value, today), at, at + 1)


def _named_together(text: str) -> list[tuple[str, re.Match[str]]]:
    """周报、月报、零报告还差几个: the reports of one list, in its order."""
    found = sorted(((what, m) for what, words in ask.REPORTS for m in words.finditer(text)), key=lambda f: f[1].start())
    joined = all(re.fullmatch(r"[、和及与]", text[a[1].end() : b[1].start()]) for a, b in pairwise(found))
    return found if joined else []


def _report_goes_on(clause: Clause, before: list[Draft], line: Line, today: dt.date) -> list[Draft]:
    """月报还没交吧,先给我看一眼: the step comes in the next clause."""
    if (
        not before
        or before[-1].action != "report"
        or re.search(r"[NW]|缺勤|名单|待办", clause.text)
        or ask.TODO.search(clause.text)
        or len(clause.text) > 10
    ):
        return []
    if "再" in clause.text or _NOT_YET.search(clause.text):
        return [Draft("")]  # 先看,没问题我再交
    for step, words in _STEPS:
        if words.search(clause.text):
            before[-1].put("step", step, clause.start, clause.end)
            put_month(before[-1], tokens_in(line, clause, "S"), today)  # 月报填好了,把本月的提交上去
            return [Draft("")]
    return []

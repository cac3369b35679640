"""Reminders to come later: when."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.actions import CHAT_ALONE
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.clock import clock_of
from handlers.understanding.dates import COMING, of_week
from handlers.understanding.drafts import Draft, asked_for, put_day, tokens_in
from handlers.understanding.lexicon_names import KIN

NEXT_WEEK = re.compile(r"下(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天])")
_THIS_ONE_TOO = re.compile(
    r"N(?:的|那个|那边|那家|也)+(?:事情?|提醒|案子|情况)?(?:推到|放到|挪到|拖到|改到|等到?|晚|过|再过|先)?[DTH]?(?:之?前|之?后|以后|开始)?(?:再|也|就|别|不|先|停)*(?:说|讲|提醒?|叫|催|弹|跟|停|我|[DTH])*[吧啊]?"
)


def snooze(clause: Clause, line: Line, today: dt.date, before: list[Draft]) -> list[Draft]:
    """A reminder that shall come later, of one pupil or of all."""
    text = clause.text
    match = ask.SNOOZE.search(text)
    if not match and not (before and before[-1].action == "snooze"):
        return []
    if re.search(r"告诉我(?:的|说)|照旧|照常|[叫让喊]我[^,]{0,6}再(?:打|去|来|联系|跑)", text):
        return []  # 是科任老师告诉我的
    if re.search(r"(?:怎么|为什么|为啥|咋|干嘛)(?:还|又|老|总|一直)", text):
        return []  # a complaint about a reminder
    if re.search(rf"各(?:学校|校|村|镇|乡|位|班)|大家|所有|(?:{KIN})(?:也|都|又)?(?:叫|喊|让|告诉|通知)我", text):
        return []  # an errand to others
    if re.search(r"假(?:期)?(?:推迟|延后|延)", text):
        match = None
    goes_on = before and before[-1].action == "snooze" and _THIS_ONE_TOO.fullmatch(text)
    if (
        before
        and before[-1].action == "snooze"
        and before[-1].slots.keys() <= CHAT_ALONE
        and "N" not in text
        and (re.search(r"再|后|说|叫|提|喊", text) or re.fullmatch(r"(?:就|到)?[DTH](?:之?前|以后)?[吧啊]?", text))
    ):
        put_wait(before[-1], clause, line, today)
        return [Draft("")] if before[-1].slots else []
    if (not match and not goes_on) or lex.SAID.search(text) or re.search(r"(?:家长|妈|爸|孩子)说", text):
        return []
    if match and re.match(r"[推延]|往后", match.group()) and not goes_on and not re.search(r"N|提醒|催", text):
        return []  # 说周一返校,推到周四: the promise
    if match and "缓" in match.group() and (lex.DEFER.search(line.text) or "批" in text):
        return []  # 送来缓学申请,先缓一年
    draft = asked_for("snooze", clause, match)
    put_wait(draft, clause, line, today)
    weak = match is None or re.search(r"说|处理|弄|看|议|办|跟|(?<!先不)管|延|告诉|通知|叫|喊", match.group())
    if weak and not draft.slots and not re.search(r"提醒|催|[叫喊]我|[DT上下午晚]再说", text):
        return []
    if (weak or (match and match.group().startswith("先不"))) and not re.search(r"N|他|她|提醒|催|[叫喊]我", text):
        return []
    if hour := next(iter(tokens_in(line, clause, "U")), None):
        days = "".join(day.value.words for _, day in tokens_in(line, clause, "D"))
        draft.put("clock", clock_of(str(hour[1].value), days), hour[0], hour[0] + 1)
    return [draft]


_NOT_THAT_DAY = re.compile(r"(?:就|先|暂时|暂)?(?:不|别|莫|唔好)(?:用|要)?(?:再)?(?:弹|催|提|叫|推|喊|发|跳|响)")


def put_wait(draft: Draft, clause: Clause, line: Line, today: dt.date) -> None:
    """Until when, or for how many hours or days."""
    for at, token in tokens_in(line, clause, "DHMT"):
        if token.kind == "D" and _NOT_THAT_DAY.match(line.text, at + 1) and re.search(r"[DTH]", line.text[at + 1 :]):
            continue  # 今天先不弹,周五再说
        if token.kind == "D":
            put_day(draft, "until", at, token.value, today, COMING)
        elif token.kind == "T":
            draft.put("days", token.value, at, at + 1)
        else:
            hours = token.value / 60
            draft.put("hours", int(hours) if hours == int(hours) else hours, at, at + 1)
    month = re.search(r"下个?月(?!底)", clause.text)
    if month and not draft.slots:
        first = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        draft.put("until", str(first), clause.start + month.start(), clause.start + month.end())
    week = NEXT_WEEK.search(clause.text)
    if week and not draft.slots:
        draft.put(
            "until",
            str(of_week(1, 0, today, COMING)),
            clause.start + week.start(),
            clause.start + week.end(),
        )

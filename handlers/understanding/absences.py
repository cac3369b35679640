"""Absences: on which days, since when, which day in a row."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.understanding.causes import put_reason
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import PAST
from handlers.understanding.drafts import Draft, Setting, put_day, put_length, put_range, tokens_in
from handlers.understanding.events import Event, governed_by
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.reading import Token
from handlers.understanding.senses import events_of

SINCE = re.compile(
    r"^(?:就?开始|起|以来|以后|之后|之?后|到现在|至今|到D|到今|就(?:没|未|不|再|一直)|一直|直到|过后|至D|到目前)"
)
_EVER_SINCE = re.compile(r"[^DRTO]{0,6}?(?:一直|始终|再也没|再没|至今|到现在|到今天|到目前)")
_WENT_HOME = re.compile(
    r"被|走的|[也都]?没(?:有)?(?:消息|音讯|回信)|(?:就|是|该|应该|的)*(?:到期|期满|假满|结束|该回|到时间)|(?:U|上午|下午|晚上|中午)*(?:放学后?|放假|就|已经)*(?:回(?:了)?家|好了|好转|出院|退烧|离家|放(?:学|假)|在家|(?:跟|和|给|打|去|到)[^,]{0,6}(?:电话|家访|说))"
)
FOR_SO_LONG = re.compile(
    r"(?:上课|上学|学校)?(?:了|后|之后|以后)?(?:已经?|都|有|快|将近|差不多)*[TO]了?(?=$|[,。])"
)  # 返校三天了: on which day
_LAST_DAY = re.compile(r"(?:^(?:N|就)*|T)D?(?:就|已经?)?是?最后(?:一天|T)")


def nth_day(draft: Draft, clauses: list[Clause], line: Line, setting: Setting) -> None:
    """请了三天假,今天第二天: it began yesterday. 请了一周假,今天是最后一天: it ends today."""
    if draft.slots.get("days") and any(_LAST_DAY.search(c.text) for c in clauses):
        draft.slots["from"] = str(setting.today - dt.timedelta(days=draft.slots["days"] - 1))
        draft.slots["to"] = str(setting.today)
        return
    for clause in (c for c in clauses if counts_only(c)):
        nth = next((t.value for _, t in tokens_in(line, clause, "O")), None)
        on = next((t.value.on(setting.today, PAST) for _, t in tokens_in(line, clause, "D")), setting.today)
        if nth and on and draft.slots.get("days") and "to" not in draft.slots:
            draft.slots["from"] = str(on - dt.timedelta(days=nth - 1))
            draft.spans.setdefault("from", draft.spans["days"])


def absences(
    events: list[Event], clauses: list[Clause], line: Line, setting: Setting, leaves: list[Event]
) -> list[Draft]:
    """One draft for each day said, or one from a first day on, with its length or its number."""
    draft = Draft("absence")
    draft.spans["action"] = (events[0].start, events[0].end)
    dates: list[tuple[int, dt.date]] = []
    own = {e.clause for e in events}
    for clause in clauses:
        if clause not in own and any(e.clause == clause for e in leaves):
            continue
        here = clause in own
        near = here or (counts_only(clause) and not _KIN.search(clause.text))
        others = [
            replace(e, kind="denied") if e.no and e.kind == "absence" else e  # 今天没缺,昨天缺了两个
            for e in (events_of(clause, line) if here else [])
            if e.kind in ("absence", "return", "leave")
        ]
        for at, token in tokens_in(line, clause, "DROT"):
            told = said_of(at, others, line)
            if near and (token.kind not in "DR" or told in ("", "absence")):
                _absence_slot(draft, dates, at, token, clause, line, setting)
    by_day = [
        d
        for d in dates
        if not re.search(r"[晚夜]", line.tokens[d[0]].value.words[-1:] + line.text[d[0] + 1 : d[0] + 2])
    ]
    dates = by_day or dates  # 昨晚翻墙出去,今天没来: the night is no school day
    if "假" in line.text and draft.slots.get("day") and draft.slots.get("days") not in (None, draft.slots["day"]):
        del draft.slots["days"]  # 假条写两天,现在第三天: the two are the leave's
    if (
        "days" in draft.slots
        and not dates
        and "from" not in draft.slots
        and any(_OF_LAST_WEEK.search(c.text) for c in own)
    ):
        return [Draft("clarify", slots={"about": "date"})]  # 三月份一共旷课六天, 上周缺了两天: on which days
    put_reason(draft, [c for c in clauses if all(e.clause != c for e in leaves)] or clauses, line)
    if len(dates) == 1 and any(_EVER_SINCE.match(c.text) and c.start > dates[0][0] for c in own):
        put_day(draft, "from", dates[0][0], line.tokens[dates[0][0]].value, setting.today, PAST)
    return _by_day(draft, dates, line, setting)


_OF_LAST_WEEK = re.compile(r"S|上个?(?:周|星期|礼拜)(?!末)")


_KIN = re.compile(KIN)


def counts_only(clause: Clause) -> bool:
    """A clause of nothing but how long: 两个都四天了, 今天第3天, 从周一开始."""
    return _COUNT.fullmatch(clause.text) is not None


_COUNT = re.compile(
    r"(?:[NWDRSOTU、·的]|应该?|各|每人|前(?:面|头)?|从|自|打|今?已经?|才|连(?:着|到|上)?(?=D)|加上|连着|接连|足足|前后|有|都|均|全|是|了|啦|连续|一直|到现在|至今|今天|开始|起|这|快|[两二三四五俩仨]个?人?|他们|也|现在|已达|达|长达|整天|全天|到(?=[DR])|算|一共|总共|共|整|整整|就|姐妹|姊妹|兄弟|兄妹|姐弟|哥俩|姐俩|哥弟|算上|加上|为)*"
)
_NOT_ONE_DAY = re.compile(r"又|(?:都|也)(?:没|不)|没[来到上去][^,]{0,3}过")  # 送回去两天又跑了, 一天都没来


def _absence_slot(
    draft: Draft, dates: list[tuple[int, dt.date]], at: int, token: Token, clause: Clause, line: Line, setting: Setting
) -> None:
    text = clause.text
    before, after = text[: at - clause.start], text[at - clause.start + 1 :]
    if token.kind == "O":
        draft.put("day", token.value, at, at + 1)
    elif token.kind == "T":
        if (
            not re.search(r"来了$|过$|头$|哪$|请$|请假$|最近$|这$|前$|昨天请", before)
            and not _NOT_ONE_DAY.match(after)
            and "days" not in draft.slots
        ):
            put_length(draft, "days", at, token.value)
    elif token.kind == "R":
        put_range(draft, at, token.value, setting.today, PAST)
        _count_days(draft, setting)
    elif token.value.lean > 0 or _WENT_HOME.match(after):
        return
    elif (
        re.search(r"(?:从|自|打)$", before)
        or SINCE.match(after)
        or _EVER_SINCE.match(after)
        or token.value.after_holiday
    ):
        if "from" not in draft.slots:
            put_day(draft, "from", at, token.value, setting.today, PAST)
    else:
        day = token.value.on(setting.today, PAST)
        if day:
            dates.append((at, day))


def _count_days(draft: Draft, setting: Setting) -> None:
    """A range that is over is a first day and so many weekdays; one that lasts is a first day alone."""
    first, last = (dt.date.fromisoformat(draft.slots[s]) if s in draft.slots else None for s in ("from", "to"))
    draft.slots.pop("to", None)
    if first and last and first <= last < setting.today:
        draft.slots["days"] = sum((first + dt.timedelta(n)).weekday() < 5 for n in range((last - first).days + 1))
        draft.spans["days"] = draft.spans["from"]


_NOT_SINCE = re.compile(r"(?:[TU]|上午|下午|晚上)?就(?:没|不|再没)")  # 周五下午就没来了,今天还没来


def _by_day(draft: Draft, dates: list[tuple[int, dt.date]], line: Line, setting: Setting) -> list[Draft]:
    if "from" in draft.slots:
        return [draft]
    days = sorted({day for _, day in dates})
    if not days and setting.day:
        at = setting.day[0]
        days, dates = (
            [d for d in [line.tokens[at].value.on(setting.today, PAST)] if d],
            [(at, line.tokens[at].value.on(setting.today, PAST))],
        )
    if (
        len(days) > 1
        and days[-1] == setting.today
        and _NOT_SINCE.match(line.text, min(dates, key=lambda d: d[1])[0] + 1)
    ):
        dates, days = [min(dates, key=lambda d: d[1])], days[:1]
        draft.put("from", days[0].isoformat(), dates[0][0], dates[0][0] + 1)
        return [draft]
    if len(days) <= 1:
        if days:
            if draft.slots.get("days") == 1:
                del draft.slots["days"]  # 上周四缺了一天: that day
            draft.put("date", days[0].isoformat(), dates[0][0], dates[0][0] + 1)
        return [draft]
    if days[-1] == setting.today and (days[-1] - days[0]).days == len(days) - 1:
        draft.put("from", days[0].isoformat(), dates[0][0], dates[0][0] + 1)
        return [draft]
    out = []
    for at, day in sorted(dates, key=lambda pair: pair[1]):
        told = ("days",) if day == days[-1] else ("days", "day")  # 上周五没来,今天还没来,第二天了: today is the second
        one = Draft("absence", [], {k: v for k, v in draft.slots.items() if k not in told}, dict(draft.spans))
        one.put("date", day.isoformat(), at, at + 1)
        out.append(one)
    return out


def said_of(at: int, events: list[Event], line: Line) -> str:
    """The kind that a day belongs to; 请假到昨天今天没来: the first one ends the leave."""
    if line.text[at - 1 : at] in ("到", "至") and any(e.kind == "leave" and e.end <= at for e in events):
        return "leave"
    return governed_by(at, events)

"""Absence, leave and return: who was away on which days, and since when."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.understanding import lexicon as lex
from handlers.understanding.causes import FAMILY_MATTERS, own_text, put_reason
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, NEAREST, PAST, Day, next_monday
from handlers.understanding.drafts import Draft, Setting, put_day, put_length, put_range, tokens_in
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.outcomes import elder_ill
from handlers.understanding.reading import Token
from handlers.understanding.senses import TALKS, Event, events_of, governed_by

SINCE = re.compile(
    r"^(?:开始|起|以来|以后|之后|之?后|到现在|至今|到D|到今|就(?:没|未|不|再|一直)|一直|直到|过后|至D|到目前)"
)
_BACK_ALREADY = re.compile(r"了|已")  # of a leave: 25号回来 is its end, not a return
_OVERDUE = re.compile(r"(?:还|仍|至今|一直|人也?|也|到现在|到今天|现在都?)(?:没|未|不)")
_EVER_SINCE = re.compile(r"[^DRTO]{0,6}?(?:一直|始终|再也没|再没|至今|到现在|到今天|到目前)")
_WENT_HOME = re.compile(
    r"被|走的|[也都]?没(?:有)?(?:消息|音讯|回信)|(?:就|是|该|应该|的)*(?:到期|期满|假满|结束|该回|到时间)|(?:U|上午|下午|晚上|中午)*(?:放学后?|放假|就|已经)*(?:回(?:了)?家|好了|好转|出院|退烧|离家|放(?:学|假)|在家|(?:跟|和|给|打|去|到)[^,]{0,6}(?:电话|家访|说))"
)
_SHORT = {"病": "sick", "事": "personal"}
_DENIED_KIND = re.compile(r"(?:不是|并非)(?:请)?(?:的)?[病事]假?")
SICK = re.compile(
    rf"病假|隔离|{lex.ILL_WORDS}|打疫苗|挂号|检查身体|体检|复查|去医院|就医|看牙|看医生|看眼|打针|拔牙|配眼镜|挂水|{lex.GROUPS['disabled'].pattern}"
)
OTHER_LEAVE = re.compile(
    r"公假|汇演|文艺|艺术节|比赛|决赛|[初复]赛|运会|代表(?:学校|班)|联考|体考|中考|夏令营|培训|合唱|演讲|运动会|竞赛|演出|参赛|集训|活动|考试|面试|体育|训练"
)


def attendance(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Leaves, absences and returns of one part; a question where the pupil is there and not there on one day."""
    leaves = [e for e in events if e.kind == "leave"]
    missed = [e for e in events if e.kind == "absence"]
    returns = [e for e in events if e.kind == "return"]
    talked = next((e.start for e in events if e.kind in TALKS), None)
    drafts: list[Draft] = []
    if leaves and any(_BACK_ON_ANOTHER_DAY.search(c.text) for c in clauses):
        return [Draft("clarify", slots={"about": "date"})]
    if leaves:
        returns = [e for e in returns if _BACK_ALREADY.search(e.clause.text) or _back_today(e, leaves, line)]
        if not _other_day(leaves, missed, line):
            leaves = [
                e for e in leaves if not any(_OVERDUE.search(m.clause.text) and m.start > e.start for m in missed)
            ]
    if leaves:
        drafts.append(_leave(leaves, clauses, line, setting))
        if _MADE_GOOD.search(own_text(clauses, line)):
            missed = []  # 昨天没请假没来,今天补了假条: it is excused
        if missed and not _other_day(leaves, missed, line):
            missed = [e for e in missed if _AFTERWARDS.match(e.clause.text)]
    if missed:
        amiss = [event for event in missed if on_no_possible_day(event, line, setting)]
        missed = [event for event in missed if event not in amiss]
        if not missed or any(not line.text.startswith("不", event.start) for event in amiss):
            return [Draft("clarify", slots={"about": "meaning"})]  # 没来,明天也不来: only what was is told
        drafts += absences(missed, clauses, line, setting, leaves)
    returns = [e for e in returns if not _lies_ahead(e, line, setting)]
    if talked is not None:
        returns = [e for e in returns if dated_return(e, line, setting)]
    if returns and not missed and _FOR_SO_LONG.match(line.text, returns[-1].end):
        return [*drafts, Draft("clarify", slots={"about": "date"})]
    if returns:
        dated = [e for e in returns if tokens_in(line, e.clause, "D")]
        back = return_of((dated or returns)[-1], clauses, line, setting)
        if _same_day(drafts, back, missed, returns, setting):
            return [Draft("clarify", slots={"about": "meaning"})]
        drafts.append(back)
    return drafts


_FOR_SO_LONG = re.compile(
    r"(?:上课|上学|学校)?(?:了|后|之后|以后)?(?:已经?|都|有|快|将近|差不多)*[TO]了?(?=$|[,。])"
)  # 返校三天了: on which day
_BACK_ON_ANOTHER_DAY = re.compile(
    r"返校(?:的)?(?:时间|日期)[^,D]{0,3}(?:改|调|延|推|变)"
)  # how long the leave was, is not said
_AFTERWARDS = re.compile(r"(?:后来|接着|之后|然后|过后|假后|后面)[^,]{0,4}(?:没|旷|缺|不)")  # 先请假两天,后来又没来三天


def _back_today(event: Event, leaves: list[Event], line: Line) -> bool:
    """病假到昨天,今天返校, or 昨天请假今天返校 in one clause: told after the leave, with a day of its own that has come."""
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.start]
    return all(e.clause != event.clause or e.end < event.start for e in leaves) and any(
        d.words[:1] == "今" for d in days[-1:]
    )


def _lies_ahead(event: Event, line: Line, setting: Setting) -> bool:
    """家长已签承诺书,10月8日返校, told in September: as a past day it would be last year's, so it is promised."""
    text = event.clause.text[: event.start - event.clause.start]
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.start]
    if not days or "了" in event.clause.text or not re.fullmatch(r"[DNU、于在]*", text):
        return False
    past, coming = days[-1].on(setting.today, PAST), days[-1].on(setting.today, COMING)
    return bool(past and coming and past < setting.today - LONG_AGO and not _YEAR_SAID.match(days[-1].words))


LONG_AGO = dt.timedelta(days=180)
_YEAR_SAID = re.compile(r"20\d\d|[去今前]年|[二两]")


def on_no_possible_day(event: Event, line: Line, setting: Setting) -> bool:
    """明天没来, 2月30日没来, or 9月30日没来 told on 10 September: each day named before it lies ahead, does not exist, or
    would be last year's although no year was said (faults 18)."""
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.end]
    return bool(days) and all(_impossible(day, setting.today) for day in days)


def _impossible(day: Day, today: dt.date) -> bool:
    on = day.on(today, PAST)
    return on is None or on > today or (on < today - LONG_AGO and not _YEAR_SAID.match(day.words))


def dated_return(event: Event, line: Line, setting: Setting) -> bool:
    """9月17日返校, after a visit told before it: a return of its own, on a day that is past."""
    text = event.clause.text[: event.start - event.clause.start]
    days = [t.value.on(setting.today, NEAREST) for _, t in tokens_in(line, event.clause, "D") if t.value.lean <= 0]
    plain = re.fullmatch(r"[NDU、于在自]*(?:已经?|就|又|终于)?(?:经)?", text) is not None
    return plain and any(d is not None and d < setting.today for d in days)


def _same_day(drafts: list[Draft], back: Draft, missed: list[Event], returns: list[Event], setting: Setting) -> bool:
    """来了又没来: there and not there on one day."""
    if not missed:
        return False
    today = setting.today.isoformat()
    gone = next(d for d in drafts if d.action == "absence")
    if any(
        re.search(r"又(?:就)?(?:跑|溜|走|不来|没来)", m.clause.text)
        and m.clause == returns[-1].clause
        and m.start > returns[-1].start
        for m in missed
    ) and not {"date", "from"} & set(gone.slots):
        return True
    return (
        gone.slots.get("date", gone.slots.get("from", today)) == back.slots.get("date", today)
        and not gone.slots.get("days")
        and (missed[-1].start > returns[-1].start or missed[0].clause == returns[0].clause)
    )


def _other_day(leaves: list[Event], missed: list[Event], line: Line) -> bool:
    """Leave and absence are two things only where each has a day of its own."""
    both = leaves + missed
    on_leave = {
        at for e in leaves for at, _ in tokens_in(line, e.clause, "DR") if _governs(at, e, both, line) == "leave"
    }
    away = {at for e in missed for at, _ in tokens_in(line, e.clause, "D") if _governs(at, e, both, line) == "absence"}
    return bool(away - on_leave) and bool(on_leave)


def _governs(at: int, event: Event, events: list[Event], line: Line) -> str:
    return _said_of(at, sorted((e for e in events if e.clause == event.clause), key=lambda e: e.start), line)


def _said_of(at: int, events: list[Event], line: Line) -> str:
    """The kind that a day belongs to; 请假到昨天今天没来: the first one ends the leave."""
    if line.text[at - 1 : at] in ("到", "至") and any(e.kind == "leave" and e.end <= at for e in events):
        return "leave"
    return governed_by(at, events)


def return_of(event: Event, clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    """A return on the day that stands before it, else on the only day named."""
    draft = Draft("return")
    draft.spans["action"] = (event.start, event.end)
    others = [e for e in events_of(event.clause, line) if e.kind in ("absence", "return", "leave")]
    days = [
        (at, t)
        for at, t in tokens_in(line, event.clause, "D")
        if t.value.lean <= 0
        and governed_by(at, others or [event]) == "return"
        and not _OF_WHOM.match(line.text, at + 1)
    ]
    before = [d for d in days if d[0] < event.start] or days
    if not before and event.clause.text[:1] in "TU":  # 昨天上午没来,下午来了
        before = [d for c in clauses if c.start < event.clause.start for d in tokens_in(line, c, "D")][-1:]
    if not before:
        before = [d for c in clauses if _only_day(c) for d in tokens_in(line, c, "D")]
    if before:
        put_day(draft, "date", before[-1][0], before[-1][1].value, setting.today, PAST)
    elif setting.day:
        draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)
    return draft


_OF_WHOM = re.compile(r"[^,。NDR]{1,5}的N")  # 昨天请假的张三来了: of what was yesterday


def _only_day(clause: Clause) -> bool:
    return re.fullmatch(r"[DNUW、]*", clause.text) is not None


_MADE_GOOD = re.compile(r"补(?:交|办|请|个|一[个张]|上|了)*[病事丧公长]?假")  # 补请假,昨天肚子疼没来


_NEXT_WEEK = re.compile(r"下个?(?:周|星期|礼拜)(?!内)")  # 下周请一周事假; 下周三 is a day of its own
_STAYS_AWAY = re.compile(r"R|(?:不|不能|没法|无法)(?:来|到校|上学|上课)|来不了")


_ACCOMPANIES = re.compile(r"(?:陪|照顾|照看|服侍|送)[^,]{0,4}$")  # 陪她去医院: somebody else is ill


def _leave(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    draft = Draft("leave")
    event = events[-1]
    draft.spans["action"] = (event.start, event.end)
    text = _DENIED_KIND.sub(lambda m: "。" * len(m.group()), own_text(clauses, line))
    if event.clause.text in _SHORT:  # 古月(病)、卓雅(事)
        draft.put("kind", _SHORT[event.clause.text], event.start, event.end)
        return draft
    for kind, words in (("sick", SICK), ("personal", FAMILY_MATTERS), ("other", OTHER_LEAVE)):
        match = next(
            (
                m
                for m in words.finditer(text)
                if kind != "sick" or not (elder_ill(text, m) or _ACCOMPANIES.search(text[: m.start()]))
            ),
            None,
        )
        if match:
            draft.put("kind", kind, clauses[0].start + match.start(), clauses[0].start + match.end())
            break
    asked_for = re.search(r"请D[TU]*的假", event.clause.text)  # 明天起去旅游,请今天下午的假: that day
    for clause in [event.clause] if asked_for else clauses:
        told = {e.kind for e in events_of(clause, line)}
        if (
            "leave" in told
            or any(e.clause == clause for e in events)
            or _MADE_GOOD.search(event.clause.text)
            or not (told & {"absence", "return"} or lex.ILL.search(clause.text))
        ):
            _leave_days(draft, clause, line, setting)
    week = _NEXT_WEEK.search(line.text, 0, event.end)
    if week and "from" not in draft.slots and draft.slots.get("days", 0) >= 5:
        draft.put("from", str(next_monday(setting.today)), *week.span())
    if not {"from", "to", "days"} & set(draft.slots):
        for clause in (c for c in clauses if _STAYS_AWAY.search(c.text)):  # 周四到下周一她不来上课,已请假
            _leave_days(draft, clause, line, setting)
    if "to" in draft.slots and "from" in draft.slots and draft.slots["to"] < draft.slots["from"]:
        second = max("from", "to", key=lambda slot: draft.spans[slot])  # 请假到周五,下周二再说: no day of the leave
        del draft.slots["to" if "days" in draft.slots else second]
    if "from" not in draft.slots and _MADE_GOOD.search(event.clause.text):
        missed = next((d for c in clauses for d in tokens_in(line, c, "D") if d[1].value.lean < 0), None)
        if missed:  # 昨天没来是因为奶奶走了,补个丧假: the leave is of that day
            put_day(draft, "from", missed[0], missed[1].value, setting.today, PAST)
    _nth_day(draft, clauses, line, setting)
    put_reason(draft, clauses, line)
    return draft


_LAST_DAY = re.compile(r"(?:^(?:N|就)*|T)D?(?:就|已经?)?是?最后(?:一天|T)")


def _nth_day(draft: Draft, clauses: list[Clause], line: Line, setting: Setting) -> None:
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


_NOT_BEFORE = re.compile(r"才(?:能|会|可以)?(?:到校|来|回|返)")  # 4月8号才能到校: away until the day before
_SAID_THEN = re.compile(
    r"(?:说|讲)(?=[DR])|(?:U|就)*(?:打电话|打来|来电|发(?:来|了)?(?:个|条)?(?:信息|微信|消息|短信|语音)|微信|跟我|和我|托人)[^,]{0,6}?(?:说|请|讲)"
)  # 昨晚发信息说今天请假: the day of the message
_MISSED_LATER = re.compile(r"假[^。]*D[^。,]{0,3}(?:没来|没到|旷|缺)")  # 周一请假,周二没来: Monday is past


def _leave_days(draft: Draft, clause: Clause, line: Line, setting: Setting) -> None:
    """From, to and length out of one clause of a leave."""
    text = clause.text
    for at, token in tokens_in(line, clause, "RDT"):
        before, after = text[: at - clause.start], text[at - clause.start + 1 :]
        if token.kind == "R":
            put_range(draft, at, token.value, setting.today)
        elif token.kind == "T":
            if "days" not in draft.slots and not re.search(r"(?:已经?|都)?(?:没来|缺|旷)$|第$", before):
                put_length(draft, "days", at, token.value)
        elif re.search(r"(?:到|至|直到|请到|止于)$", before):
            base = dt.date.fromisoformat(draft.slots["from"]) if "from" in draft.slots else setting.today
            base = setting.today if token.value.words[:1] in "这本" else base
            put_day(draft, "to", at, token.value, setting.today if token.value.lean else base, COMING)
            _week_of_last(draft)
            if token.value.after_holiday and "to" in draft.slots:  # free until the holiday's last day
                draft.slots["to"] = str(dt.date.fromisoformat(draft.slots["to"]) - dt.timedelta(days=1))
        elif _NOT_BEFORE.match(after) and "from" in draft.slots and not {"to", "days"} & set(draft.slots):
            last = token.value.on(setting.today, COMING)
            draft.put("to", str(last - dt.timedelta(days=1)) if last else None, at, at + 1)
        elif _no_first_day(token.value, after, line.text[at:]):
            continue
        elif "from" not in draft.slots and (last := _last_of_these(at, token.value, line, setting.today)):
            put_day(draft, "from", at, token.value, last, PAST)
        elif "from" in draft.slots and re.search(r"[DR][、和跟]?$", before):
            base = min(setting.today, dt.date.fromisoformat(draft.slots["from"]))  # 上周四周五
            put_day(draft, "to", at, token.value, base, COMING)
        elif "from" not in draft.slots:
            sense = (
                PAST
                if token.value.lean < 0
                or _MISSED_LATER.search(line.text, at)
                or (re.search(r"了|起请|补|请的", text) and not re.search(r"开始", text))
                else NEAREST
            )
            put_day(
                draft,
                "from",
                at,
                token.value,
                setting.today,
                COMING
                if sense == NEAREST and token.value.words[:1] in "周星礼" and not re.search(r"从$", before)
                else sense,
            )


def _last_of_these(at: int, day: Day, line: Line, today: dt.date) -> dt.date | None:
    """周二周三请假, written on that Wednesday: the last of the days, where the first has just been."""
    following = line.tokens.get(at + 2 if line.text[at + 1 : at + 2] in ("、", "和", "跟") else at + 1)
    if not following or following.kind != "D" or {day.lean, following.value.lean} != {0}:
        return None
    last = today if following.value.on(today, PAST) == today else following.value.on(today, COMING)
    first = day.on(today, COMING)
    return last if last and first and first > last and (last - today).days < 5 else None


_BACK_OR_GONE = re.compile(
    r"(?:(?:之|以)?前(?:返校|回校|回来|到校|来校|归校)|[也又还就都仍]*(?:(?:没|未)(?:来|到|见|返|回)|旷|缺)|回(?=$|,)|回来|返校|来上课|回校|再来|来校|销假|复课|上课|来上学|提前(?:来|回|返|到)|(?:再)?(?:补|交|拿来|带来)|就?能?来)"
)


def _no_first_day(day: Day, after: str, onward: str) -> bool:
    """A night, the day of the message, a day of return or absence, or 昨天 of 昨天请的,再请一天: no leave begins on it."""
    return bool(
        re.search(r"[晚夜]", day.words[-1:] + after[:1])
        or _SAID_THEN.match(after)
        or _BACK_OR_GONE.match(after)
        or (day.lean < 0 and re.search(r"再请|又请|续请|续假", onward))
    )


def _week_of_last(draft: Draft) -> None:
    """从周一请到这周五: a first day after the last one is that of the week before."""
    first, last = (dt.date.fromisoformat(draft.slots[s]) if s in draft.slots else None for s in ("from", "to"))
    if first and last and last < first <= last + dt.timedelta(days=7):
        draft.slots["from"] = str(first - dt.timedelta(days=7))


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
        near = here or (not re.search(rf"[{''.join('NW')}]?(?:{KIN})", clause.text) and counts_only(clause))
        others = [
            replace(e, kind="denied") if e.no and e.kind == "absence" else e  # 今天没缺,昨天缺了两个
            for e in (events_of(clause, line) if here else [])
            if e.kind in ("absence", "return", "leave")
        ]
        for at, token in tokens_in(line, clause, "DROT"):
            told = _said_of(at, others, line)
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


def counts_only(clause: Clause) -> bool:
    """A clause of nothing but how long: 两个都四天了, 今天第3天, 从周一开始."""
    return (
        re.fullmatch(
            r"(?:[NWDRSOTU、·的]|应该?|各|每人|前(?:面|头)?|从|自|打|今?已经?|连(?=D)|加上|连着|接连|足足|前后|有|都|均|全|是|了|啦|连续|一直|到现在|至今|今天|开始|起|这|快|[两二三四五俩仨]个?人?|他们|也|现在|已达|达|长达|整天|全天|到(?=[DR])|算|一共|总共|共|整|整整|就|姐妹|姊妹|兄弟|兄妹|姐弟|哥俩|姐俩|哥弟|算上|加上|为)*",
            clause.text,
        )
        is not None
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

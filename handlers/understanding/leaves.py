"""A leave: its kind, its first and its last day."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon as lex
from handlers.understanding.absences import nth_day
from handlers.understanding.causes import FAMILY_MATTERS, own_text, put_reason
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, FAR, NEAR, NEAREST, PAST, Day, just_been, of_week, told_of
from handlers.understanding.drafts import Draft, Setting, put_day, put_length, put_range, tokens_in
from handlers.understanding.events import Event
from handlers.understanding.outcomes import elder_ill
from handlers.understanding.senses import events_of

_SHORT = {"病": "sick", "事": "personal"}
_DENIED_KIND = re.compile(r"(?:不是|并非)(?:请)?(?:的)?[病事]假?")
SICK = re.compile(
    rf"病假|隔离|{lex.ILL_WORDS}|打疫苗|挂号|检查身体|体检|复查|去医院|就医|看牙|看医生|看眼|打针|拔牙|配眼镜|挂水|{lex.GROUPS['disabled'].pattern}"
)
OTHER_LEAVE = re.compile(
    r"公假|汇演|文艺|艺术节|比赛|决赛|[初复]赛|运会|代表(?:学校|班)|联考|体考|中考|夏令营|培训|合唱|演讲|运动会|竞赛|演出|参赛|集训|活动|考试|面试|体育|训练"
)
MADE_GOOD = re.compile(r"补(?:交|办|请|个|一[个张]|上|了|T)*[病事丧公长]?假")  # 补请假,昨天肚子疼没来
_NEXT_WEEK = re.compile(r"下个?(?:周|星期|礼拜)(?!内)")  # 下周请一周事假; 下周三 is a day of its own
_STAYS_AWAY = re.compile(r"R|(?:不|不能|没法|无法)(?:来|到校|上学|上课)|来不了")
_ACCOMPANIES = re.compile(r"(?:陪|照顾|照看|服侍|送)[^,]{0,4}$")  # 陪她去医院: somebody else is ill


def leave_of(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    """The leave that these events tell of: kind, days, reason."""
    draft = Draft("leave")
    event = events[-1]
    draft.spans["action"] = (event.start, event.end)
    text = _DENIED_KIND.sub(lambda m: "。" * len(m.group()), own_text(clauses, line))
    if event.clause.text in _SHORT:  # 古月(病)、卓雅(事)
        draft.put("kind", _SHORT[event.clause.text], event.start, event.end)
        return draft
    if (named := _KIND_NAMED.findall(event.clause.text)) and len(set(named)) == 1:  # 感冒,请事假两天: as it is called
        at = event.clause.start + event.clause.text.index(named[0] + "假")
        draft.put("kind", _SHORT[named[0]], at, at + 2)
    else:
        _put_kind(draft, text, clauses[0].start)
    asked_for = re.search(r"请D[TU]*的假", event.clause.text)  # 明天起去旅游,请今天下午的假: that day
    for clause in [event.clause] if asked_for else clauses:
        told = {e.kind for e in events_of(clause, line)}
        if (
            "leave" in told
            or any(e.clause == clause for e in events)
            or MADE_GOOD.search(event.clause.text)
            or not (told & {"absence", "return"} or lex.ILL.search(clause.text))
        ):
            _leave_days(draft, clause, line, setting)
    week = _NEXT_WEEK.search(line.text, 0, event.end)
    if week and "from" not in draft.slots and draft.slots.get("days", 0) >= 5:
        draft.put("from", str(of_week(1, 0, setting.today, COMING)), *week.span())
    if not {"from", "to", "days"} & set(draft.slots):
        for clause in (c for c in clauses if _STAYS_AWAY.search(c.text)):  # 周四到下周一她不来上课,已请假
            _leave_days(draft, clause, line, setting)
    if "to" in draft.slots and "from" in draft.slots and draft.slots["to"] < draft.slots["from"]:
        second = max("from", "to", key=lambda slot: draft.spans[slot])  # 请假到周五,下周二再说: no day of the leave
        del draft.slots["to" if "days" in draft.slots else second]
    if "from" not in draft.slots and MADE_GOOD.search(event.clause.text):
        missed = next((d for c in clauses for d in tokens_in(line, c, "D") if d[1].value.lean < 0), None)
        if missed:  # 昨天没来是因为奶奶走了,补个丧假: the leave is of that day
            put_day(draft, "from", missed[0], missed[1].value, setting.today, PAST)
    if _ends_when(draft, line, setting.today):
        return Draft("clarify", slots={"about": "date"})
    nth_day(draft, clauses, line, setting)
    put_reason(draft, clauses, line)
    return draft


_OF_A_MONTH = re.compile(r"[\d一二三十廿]+[号日]")


def _ends_when(draft: Draft, line: Line, today: dt.date) -> bool:
    """请假到10号, told on the 12th: two days ago, or in four weeks? Only the writer knows."""
    token = line.tokens.get(draft.spans.get("to", (-1, -1))[0])
    if "from" in draft.slots or not token or token.kind != "D" or not _OF_A_MONTH.fullmatch(token.value.words):
        return False
    return just_been(token.value, today)


_KIND_NAMED = re.compile(r"(?<!是)(?<!是请)([病事])假")


def _put_kind(draft: Draft, text: str, begin: int) -> None:
    """The kind by the reason that is given; ``begin`` is where the text stands in the line."""
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
            draft.put("kind", kind, begin + match.start(), begin + match.end())
            break


_NOT_BEFORE = re.compile(
    r"(?:早上|上午|一早)?才(?:能|会|可以|肯)?(?:到校|来|回|返|去)(?![^,。]{0,4}[了过的])"
)  # 4月8号才能到校: away until the day before
_UNTIL_THEN = re.compile(r"(?:之|以)?前(?:都|也|还)?(?:不能|没法|来不|到不|不)")  # 下周五之前不能来
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
            _put_last_day(draft, at, token.value, line, setting)
            if token.value.after_holiday and "to" in draft.slots:  # free until the holiday's last day
                draft.slots["to"] = str(dt.date.fromisoformat(draft.slots["to"]) - dt.timedelta(days=1))
        elif _UNTIL_THEN.match(after) and not {"to", "days"} & set(draft.slots):
            put_day(draft, "to", at, token.value, setting.today, COMING)
        elif _NOT_BEFORE.match(after):
            back = token.value.on(setting.today, COMING)
            if back and back > setting.today and not {"to", "days"} & set(draft.slots):
                draft.put("to", str(back - dt.timedelta(days=1)), at, at + 1)
        elif _no_first_day(token.value, after, line.text[at:]):
            continue
        elif "from" not in draft.slots and (last := _last_of_these(at, token.value, line, setting.today)):
            put_day(draft, "from", at, token.value, last, PAST)
        elif "from" in draft.slots and re.search(r"[DR][、和跟]?$", before):
            base = min(setting.today, dt.date.fromisoformat(draft.slots["from"]))  # 上周四周五
            now = token.value.lean or token.value.words[:1] in "今当"
            put_day(draft, "to", at, token.value, setting.today if now else base, COMING)
        elif "from" not in draft.slots:
            _put_first_day(draft, at, token.value, before, text, line, setting.today)


_STILL_AWAY = re.compile(
    r"[了的]*[,]?(?:D|U|他|她|人|到|至|现在|目前|昨|今)*(?:还|仍然?|也|都|却|就|一直|依然|根本)*(?:(?:没|未)(?:有|能|见|回)?(?:来|到|回|返|见|上)|不见)"
)  # 请假到周一,今天还没来: the Monday that was


def _put_last_day(draft: Draft, at: int, day: Day, line: Line, setting: Setting) -> None:
    """请假到周五: the first such day after the first one; 请假到3月10日, told on the 12th: that which has just been."""
    today = setting.today
    base = dt.date.fromisoformat(draft.slots["from"]) if "from" in draft.slots else today
    base = today if day.lean or day.words[:1] in "这本" else base
    been, coming = day.on(today, PAST), day.on(base, COMING)
    lately = been is not None and coming is not None and been < today <= coming and (today - been).days <= NEAR
    far = coming is not None and (coming - today).days > FAR
    if lately and (far or _STILL_AWAY.match(line.text, at + 1)):
        put_day(draft, "to", at, day, today, PAST)
    else:
        put_day(draft, "to", at, day, base, COMING)
    _week_of_last(draft)


def _put_first_day(draft: Draft, at: int, day: Day, before: str, text: str, line: Line, today: dt.date) -> None:
    """请了假, 补假 tell of a day that was; else it is the nearest, of weekdays the coming one. 3月13日起请假, told on the 12th,
    was not last year."""
    began = re.search(r"起(?:就|开始|都)?$", before + line.text[at + 1 : at + 2]) is not None
    told = re.search(r"了|补|请的", text) and not re.search(r"开始", text)
    past = day.lean < 0 or _MISSED_LATER.search(line.text, at) or MADE_GOOD.search(line.text) or told
    weekday = day.words[:1] in "周星礼"
    was = day.on(today, PAST)
    if began and weekday and not past:  # 周一起请假, 周五起请假: of this week
        monday = today - dt.timedelta(days=today.weekday())
        sense = PAST if was and was >= monday else COMING
    elif past:
        sense = told_of(day, today)
    else:
        sense = COMING if weekday and not before.endswith("从") else NEAREST
    put_day(draft, "from", at, day, today, sense)


def _last_of_these(at: int, day: Day, line: Line, today: dt.date) -> dt.date | None:
    """周二周三请假, written on that Wednesday: the last of the days, where the first has just been."""
    following = line.tokens.get(at + 2 if line.text[at + 1 : at + 2] in ("、", "和", "跟") else at + 1)
    if not following or following.kind != "D" or {day.lean, following.value.lean} != {0}:
        return None
    last = today if following.value.on(today, PAST) == today else following.value.on(today, COMING)
    first = day.on(today, COMING)
    return last if last and first and first > last and (last - today).days < 5 else None


_BACK_OR_GONE = re.compile(
    r"(?:(?:之|以)?前(?:返校|回校|回来|到校|来校|归校)|[也又还就都仍]*(?:(?:没|未)(?:来|到|见|返|回)|旷|缺)|回(?=$|,)|回来|返校|来上课|回校|再来|来校|销假|复课|上课|来上学|提前(?:来|回|返|到)|(?:再)?(?:补|交|拿来|带来)|就?能?来(?!不))"
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

"""What a part says was done for its pupils: the drafts of records, or of a question where nothing may be written."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.dates import COMING, NEAREST, PAST
from handlers.understanding.drafts import Draft, put_day, put_length, put_range, tokens_in
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.senses import STRONG, TALKS, Event, elder_ill, events_of, governed_by, mood_of, more_marks, outcome_of

FIELD_ROLES = ("village", "township")
_FROM = re.compile(r"^(?:开始|起|以来|以后|之后|之?后|到现在|至今|到D|到今|就(?:没|未|不|再|一直)|一直|直到|过后|至D|到目前)")
_ABOUT_PUPIL = re.compile(rf"[^,DN]{{0,4}}?(?:外出|打工|务工|{lex.ILL_WORDS}|离家|离校|出走|走的|没来)")
_STILL_NOT = re.compile(r"[N、和]+(?:也|还|都|仍|就)*(?:没有?|未|没得|冇)(?:呢|啊)?")
_CALLED_IN = re.compile(
    rf"来电|打(?:来|了)?电话(?:来|请|说要请)|(?:电话|微信|短信|语音)(?:里|上)?(?:来)?(?:请假|告假|请)|发(?:微信|信息|消息)(?:来)?(?:请|说)|(?:{KIN})[^,]{{0,4}}(?:打(?:了)?(?:个)?电话|发(?:了)?微信)"
)
_EVER_SINCE = re.compile(r"[^DRTO]{0,6}?(?:一直|始终|再也没|再没|至今)")
_FRUITLESS = re.compile(r"劝返(?:无效|未果|失败|不成)")
_NOT_COUNTED = re.compile(r"不算|除外|不计|作废")
_SICK = re.compile(rf"病假|隔离|{lex.ILL_WORDS}|打疫苗|挂号|检查身体|体检|复查|去医院|就医|看牙|看医生|看眼|打针|拔牙|配眼镜|挂水|{lex.GROUPS['disabled'].pattern}")
_PERSONAL = re.compile(r"事假|(?:父|母|爸|妈|爷|奶|外公|外婆|家人|家里人?)[^,]{0,4}(?:病|住院|手术|摔)|家(?:里|中|庭)?有?(?:点|急|些)?事|私事|婚礼|喜酒|结婚|过世|去世|丧|奔丧|葬|白事|红事|喜事|走亲|探亲|外婆|搬家|办(?:证|身份证|户口|护照)|回老家|上坟|扫墓|祭祖|过年|过节|生日|农忙|收割|亲戚|娶亲|出嫁|满月|旅游|出门|个人原因|照顾|照料|陪护")
_OTHER_LEAVE = re.compile(r"公假|比赛|运动会|竞赛|演出|参赛|集训|活动|考试|面试|体育|训练")


@dataclass(slots=True)
class Setting:
    """What earlier words hand on: the day said before any pupil, the last kind of talk, the last drafts."""

    now: dt.datetime
    role: str
    day: tuple[int, int] | None = None
    talk: Event | None = None
    before: list[Draft] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        return self.now.date()


def records(part: Part, line: Line, setting: Setting) -> list[Draft]:
    """The drafts of one part, without its names."""
    plain: list[Clause] = []
    moods: list[str] = []
    for clause in part.clauses:
        mood = mood_of(clause, line)
        if mood:
            moods.append(mood)
        else:
            plain.append(clause)
    drafts = _told(plain, line, setting)
    if not drafts and moods:
        return [_asked(moods[0])]
    return drafts


def _asked(mood: str) -> Draft:
    return Draft("case") if mood == "what" else Draft("clarify", slots={"about": "meaning"})


def _told(clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Records from clauses said plainly."""
    if not clauses:
        return []
    events = [e for clause in clauses for e in events_of(clause, line)]
    events = _corrected(events + more_marks(clauses, events))
    strong = [e for e in events if e.kind in STRONG and not e.no]
    drafts = _strong_drafts(strong, clauses, line, setting)
    rest = [e for e in events if e.kind not in STRONG and not e.no]
    if any(d.action in ("suspend", "defer", "dropout", "transfer_out", "transfer_in") for d in drafts):
        rest = [e for e in rest if e.kind == "visit" or (e.kind == "contact" and e.channel)] if _talk_apart(rest, strong) else []
    if any(d.action in ("teach", "notice") for d in drafts):
        rest = [e for e in rest if e.kind not in ("visit", "contact", "return") or e.clause not in [s.clause for s in strong]]
        rest = [e for e in rest if e.kind != "visit" or lex.SAID.search(_text(clauses, line))]
    if len(rest) > 1 or drafts:
        rest = [e for e in rest if e.kind != "visit" or not _FRUITLESS.match(line.text, e.start)]
    drafts += _attendance(rest, clauses, line, setting)
    drafts += _talks(rest, clauses, line, setting)
    if not drafts and not any(e.no for e in events):
        drafts = _implied(clauses, line, setting, events)
    if not drafts and any(e.no for e in events):
        return [Draft("clarify", slots={"about": "meaning"})]
    return drafts


def _text(clauses: list[Clause], line: Line) -> str:
    return line.text[clauses[0].start : clauses[-1].end] if clauses else ""


def _talk_apart(rest: list[Event], strong: list[Event]) -> bool:
    """A visit told in a clause of its own stays a record beside the change of state."""
    return any(e.kind in TALKS and all(e.clause != s.clause for s in strong) for e in rest)


def _corrected(events: list[Event]) -> list[Event]:
    """不是旷课是请假: what is denied goes, what stands in its place stays."""
    kinds = {e.kind for e in events if not e.no}
    return [e for e in events if not e.no or not kinds - {"return"}]


# ---- changes of state, papers, lessons, marks -----------------------------------------------------------------------
def _strong_drafts(strong: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    drafts: list[Draft] = []
    for event in strong:
        if any(d.action == event.kind and d.slots.get("group") == (event.group or None) for d in drafts):
            continue
        draft = Draft(event.kind)
        draft.spans["action"] = (event.start, event.end)
        if event.kind == "mark":
            draft.put("group", event.group, event.start, event.end)
            drafts.append(draft)
        elif event.kind == "teach":
            drafts += _lessons(draft, event, clauses, line, setting)
        else:
            _place_in_time(draft, event, clauses, line, setting)
            if event.kind.startswith("transfer"):
                _put_places(draft, event.clause)
            if event.kind != "notice":
                _put_reason(draft, clauses, line)
            drafts.append(draft)
    return drafts


def _place_in_time(draft: Draft, event: Event, clauses: list[Clause], line: Line, setting: Setting) -> None:
    """The day in the event's own clause, else in the clause next to it."""
    here = tokens_in(line, event.clause, "D")
    if not here:
        at = clauses.index(event.clause) if event.clause in clauses else 0
        near = clauses[at + 1 :] + clauses[:at][::-1]
        here = next((t for c in near if (t := tokens_in(line, c, "D"))), [])
    if here:
        place, token = min(here, key=lambda t: abs(t[0] - event.start))
        put_day(draft, "date", place, token.value, setting.today, PAST if token.value.lean <= 0 else COMING)
    elif setting.day:
        draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)


_TO = re.compile(r"(?:转(?:学)?|转出|调|迁|学籍转)(?:到|至|去|往|回|入|进)了?(?P<place>[^,NDKW了就读]{2,16})")
_FROM_PLACE = re.compile(r"(?:从|由|自)(?P<place>[^,NDKW]{1,14}?)(?:转|调|过来|回来)")


def _put_places(draft: Draft, clause: Clause) -> None:
    for slot, words in (("to", _TO), ("from", _FROM_PLACE)):
        match = words.search(clause.text)
        if match:
            draft.put(slot, match["place"], clause.start + match.start("place"), clause.start + match.end("place"))


def _lessons(draft: Draft, event: Event, clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """One draft for each day named; lessons and minutes from anywhere in the part."""
    days = []
    for clause in clauses:
        for at, token in tokens_in(line, clause, "LHM"):
            slot = "lessons" if token.kind == "L" else "minutes"
            if slot not in draft.slots:
                draft.put(slot, token.value, at, at + 1)
        days += [(at, t) for at, t in tokens_in(line, clause, "D") if t.value.lean <= 0]
    if not days:
        if setting.day:
            draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)
        return [draft]
    out = []
    for at, token in days:
        one = Draft("teach", [], dict(draft.slots), dict(draft.spans))
        put_day(one, "date", at, token.value, setting.today, PAST)
        out.append(one)
    return out


# ---- absence, leave, return ----------------------------------------------------------------------------------------
def _attendance(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    leaves = [e for e in events if e.kind == "leave"]
    absences = [e for e in events if e.kind == "absence"]
    returns = [e for e in events if e.kind == "return"]
    talked = next((e.start for e in events if e.kind in TALKS), None)
    drafts: list[Draft] = []
    if leaves:
        drafts.append(_leave(leaves, clauses, line, setting))
        if absences and not _other_day(leaves, absences, line):
            absences = []
    if absences:
        drafts += _absences(absences, clauses, line, setting, leaves)
    if returns and talked is None:
        back = _return(returns[-1], clauses, line, setting)
        if _same_day(drafts, back, absences, returns, setting):
            return [Draft("clarify", slots={"about": "meaning"})]
        drafts.append(back)
    return drafts


def _same_day(drafts: list[Draft], back: Draft, absences: list[Event], returns: list[Event], setting: Setting) -> bool:
    """来了又没来: there and not there on one day."""
    if not absences:
        return False
    today = setting.today.isoformat()
    gone = next(d for d in drafts if d.action == "absence")
    return gone.slots.get("date", gone.slots.get("from", today)) == back.slots.get("date", today) and not gone.slots.get("days") and (
        absences[-1].start > returns[-1].start or absences[0].clause == returns[0].clause
    )


def _other_day(leaves: list[Event], absences: list[Event], line: Line) -> bool:
    """Leave and absence are two things only where each has a day of its own."""
    on_leave = {at for e in leaves for at, _ in tokens_in(line, e.clause, "DR")}
    away = {at for e in absences for at, _ in tokens_in(line, e.clause, "D")}
    return bool(away - on_leave) and bool(on_leave)


def _return(event: Event, clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    draft = Draft("return")
    draft.spans["action"] = (event.start, event.end)
    others = [e for e in events_of(event.clause, line) if e.kind in ("absence", "return", "leave")]
    days = [(at, t) for at, t in tokens_in(line, event.clause, "D") if t.value.lean <= 0 and governed_by(at, others or [event]).kind == "return"]
    before = [d for d in days if d[0] < event.start] or days
    if not before:
        before = [d for c in clauses if _only_day(c) for d in tokens_in(line, c, "D")]
    if before:
        put_day(draft, "date", before[-1][0], before[-1][1].value, setting.today, PAST)
    elif setting.day:
        draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)
    return draft


def _only_day(clause: Clause) -> bool:
    return re.fullmatch(r"[DNUW、]*", clause.text) is not None


def _leave(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    draft = Draft("leave")
    event = events[-1]
    draft.spans["action"] = (event.start, event.end)
    text = _text(clauses, line)
    for kind, words in (("sick", _SICK), ("personal", _PERSONAL), ("other", _OTHER_LEAVE)):
        match = next((m for m in words.finditer(text) if kind != "sick" or not elder_ill(text, m)), None)
        if match:
            draft.put("kind", kind, clauses[0].start + match.start(), clauses[0].start + match.end())
            break
    for clause in clauses:
        told = {e.kind for e in events_of(clause, line)}
        if "leave" in told or not told & {"absence", "return"}:
            _leave_days(draft, clause, line, setting)
    if "to" in draft.slots and "from" in draft.slots and "days" in draft.slots and draft.slots["to"] < draft.slots["from"]:
        del draft.slots["to"]
    _put_reason(draft, clauses, line)
    return draft


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
            put_day(draft, "to", at, token.value, setting.today if token.value.lean else base, COMING)
            if token.value.after_holiday and "to" in draft.slots:  # free until the holiday's last day
                draft.slots["to"] = str(dt.date.fromisoformat(draft.slots["to"]) - dt.timedelta(days=1))
        elif re.search(r"^(?:回来|返校|来上课|回校|再来|来校|销假|复课|上课|来上学|就?能?来)", after):
            continue
        elif "from" in draft.slots and re.search(r"[DR][、和跟]?$", before):
            put_day(draft, "to", at, token.value, setting.today, COMING)
        elif "from" not in draft.slots:
            sense = PAST if token.value.lean < 0 or (re.search(r"了|起请|补", text) and not re.search(r"开始", text)) else NEAREST
            put_day(draft, "from", at, token.value, setting.today, COMING if sense == NEAREST and token.value.words[:1] in "周星礼" else sense)


def _absences(events: list[Event], clauses: list[Clause], line: Line, setting: Setting, leaves: list[Event]) -> list[Draft]:
    """One draft for each day said, or one from a first day on, with its length or its number."""
    draft = Draft("absence")
    draft.spans["action"] = (events[0].start, events[0].end)
    dates: list[tuple[int, dt.date]] = []
    own = {e.clause for e in events}
    for clause in clauses:
        if clause not in own and any(e.clause == clause for e in leaves):
            continue
        here = clause in own
        near = here or (not re.search(rf"[{''.join('NW')}]?(?:{KIN})", clause.text) and _counts_only(clause))
        others = [e for e in events_of(clause, line) if e.kind in ("absence", "return", "leave")] if here else []
        for at, token in tokens_in(line, clause, "DROT"):
            told = governed_by(at, others)
            if near and (token.kind not in "DR" or told is None or told.kind == "absence"):
                _absence_slot(draft, dates, at, token, clause, line, setting)
    _put_reason(draft, clauses, line)
    return _by_day(draft, dates, line, setting)


def _counts_only(clause: Clause) -> bool:
    """A clause of nothing but how long: 两个都四天了, 今天第3天, 从周一开始."""
    return re.fullmatch(r"(?:[NWDROTU、]|从|自|已经?|有|都|均|全|是|了|连续|一直|到现在|至今|今天|开始|起|这|快|[两三四五]个|他们|俩|也|现在|算|一共|总共|共|整|整整|就|姐妹|兄弟|兄妹|姐弟|算上|加上|为)*", clause.text) is not None


def _absence_slot(draft: Draft, dates: list[tuple[int, dt.date]], at: int, token, clause: Clause, line: Line, setting: Setting) -> None:  # type: ignore[no-untyped-def]
    text = clause.text
    before, after = text[: at - clause.start], text[at - clause.start + 1 :]
    if token.kind == "O":
        draft.put("day", token.value, at, at + 1)
    elif token.kind == "T":
        if not re.search(r"哪$|请$|请假$|最近$|这$|前$|昨天请", before) and "days" not in draft.slots:
            put_length(draft, "days", at, token.value)
    elif token.kind == "R":
        put_range(draft, at, token.value, setting.today, PAST)
        _count_days(draft, setting)
    elif token.value.lean > 0:
        return
    elif re.search(r"(?:从|自|打)$", before) or _FROM.match(after) or _EVER_SINCE.match(after) or token.value.after_holiday:
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


def _by_day(draft: Draft, dates: list[tuple[int, dt.date]], line: Line, setting: Setting) -> list[Draft]:
    if "from" in draft.slots:
        return [draft]
    days = sorted({day for _, day in dates})
    if not days and setting.day:
        at = setting.day[0]
        days, dates = [d for d in [line.tokens[at].value.on(setting.today, PAST)] if d], [(at, line.tokens[at].value.on(setting.today, PAST))]
    if len(days) <= 1:
        if days:
            draft.put("date", days[0].isoformat(), dates[0][0], dates[0][0] + 1)
        return [draft]
    if days[-1] == setting.today and (days[-1] - days[0]).days == len(days) - 1:
        draft.put("from", days[0].isoformat(), dates[0][0], dates[0][0] + 1)
        return [draft]
    out = []
    for at, day in sorted(dates, key=lambda pair: pair[1]):
        one = Draft("absence", [], {k: v for k, v in draft.slots.items() if k not in ("days",)}, dict(draft.spans))
        one.put("date", day.isoformat(), at, at + 1)
        out.append(one)
    return out


# ---- visits and contacts -------------------------------------------------------------------------------------------
def _talks(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    talks = _distinct([e for e in events if e.kind in TALKS])
    if any(d.kind == "leave" for d in events) and all(e.kind == "contact" and _incoming(e) for e in talks):
        return []
    drafts: list[Draft] = []
    end = clauses[-1].end if clauses else 0
    for at, event in enumerate(talks):
        first = clauses[0].start if at == 0 else event.start
        last = talks[at + 1].start if at + 1 < len(talks) else end
        if at + 1 < len(talks) and talks[at + 1].clause != event.clause:
            last = max(talks[at + 1].clause.start, event.end)
        drafts += _talk(event, [e for e in events if e.kind not in TALKS], clauses, line, setting, (first, last))
    return drafts


def _incoming(event: Event) -> bool:
    return _CALLED_IN.search(event.clause.text) is not None


def _distinct(talks: list[Event]) -> list[Event]:
    """The same talk told twice is one; a talk without channel adds nothing to one with."""
    out: list[Event] = []
    for event in talks:
        same = next((o for o in out if o.kind == event.kind and (o.channel == event.channel or not event.channel or not o.channel)), None)
        if same:
            if event.channel and not same.channel:
                out[out.index(same)] = event
            continue
        if event.kind == "contact" and event.channel in ("", "in_person") and any(o.kind == "visit" for o in out):
            continue
        out.append(event)
    if any(e.kind == "contact" and e.channel for e in out) and any(e.kind == "visit" for e in out):
        out = [e for e in out if e.kind != "visit" or not re.fullmatch(r"劝.?|动员|找到.?|做.*工作|见到.*", _words(e))]
    return out


def _words(event: Event) -> str:
    return event.clause.text[event.start - event.clause.start : event.end - event.clause.start]


def _talk(event: Event, others: list[Event], clauses: list[Clause], line: Line, setting: Setting, region: tuple[int, int]) -> list[Draft]:
    outcome, span = outcome_of(line.text[region[0] : region[1]])
    if outcome == "contradiction":
        return [Draft("clarify", slots={"about": "meaning"})]
    draft = Draft(event.kind)
    draft.spans["action"] = (event.start, event.end)
    if event.channel:
        draft.put("channel", event.channel, event.start, event.end)
    draft.put("outcome", outcome, region[0] + span[0], region[0] + span[1])
    days, promised = _days_of_talk(event, others, clauses, line, region)
    if promised and outcome in ("agreed", "ill", "away", "other", "hardship"):
        at, token = promised[0]
        put_day(draft, "return_on", at, token.value, setting.today, COMING)
    if not days and setting.day:
        days = [(setting.day[0], line.tokens[setting.day[0]])]
    return _each_day(draft, days, setting)


def _each_day(draft: Draft, days, setting: Setting) -> list[Draft]:  # type: ignore[no-untyped-def]
    if not days:
        return [draft]
    out = []
    for at, token in days:
        one = Draft(draft.action, [], dict(draft.slots), dict(draft.spans))
        put_day(one, "date", at, token.value, setting.today, PAST)
        out.append(one)
    return out


_SAYS = re.compile(r"同意|答应|保证|承诺|许诺|说|讲|表示|约|定|愿意|肯|松口|说好")
_BACK = re.compile(r"^(?:[^,NDRWK]{0,6})?(?:来|送|回|返|去上|上学|到校|去读|报到|就|再|才|去|带)")


def _days_of_talk(event: Event, others: list[Event], clauses: list[Clause], line: Line, region: tuple[int, int]):  # type: ignore[no-untyped-def]
    """Days on which the talk was, and days that were promised in it."""
    days, promised = [], []
    said = False
    for clause in clauses:
        for at, token in tokens_in(line, clause, "D"):
            if not region[0] <= at < region[1] or any(at < o.start < event.start and o.start < clause.end for o in others):
                continue
            before, after = line.text[clause.start : at], line.text[at + 1 : clause.end]
            later = token.value.lean > 0
            earlier = token.value.lean < 0
            if (_FROM.match(after) and earlier) or (clause != event.clause and _ABOUT_PUPIL.match(after)):
                continue
            if later or (not earlier and (_SAYS.search(before) or (said and clause != event.clause)) and _BACK.search(after)):
                promised.append((at, token))
            elif (clause == event.clause and not _SAYS.search(before)) or at < event.start or re.search(r"^[一二两三\d]?趟", after):
                days.append((at, token))
        said = said or _SAYS.search(clause.text) is not None or clause.start >= event.clause.start
    if len(days) > 1 and not all(re.search(r"^(?:又|也|就|去了)?[一二两三\d]?[趟次、和]|^D", line.text[at + 1 : at + 4]) for at, _ in days):
        own = [d for d in days if event.clause.start <= d[0] < event.clause.end and d[0] <= event.end]
        days = (own or days)[-1:]
    return days, promised


def _implied(clauses: list[Clause], line: Line, setting: Setting, events: list[Event]) -> list[Draft]:
    """No talk is named, but what came of one is told: the kind of talk follows from what went before or from the role."""
    text = _text(clauses, line)
    counted = [t for c in clauses for _, t in tokens_in(line, c, "OT")]
    numbered = any(t.kind == "O" for t in counted)
    if (numbered or setting.before and setting.before[-1].action == "absence") and counted and all(_counts_only(c) for c in clauses):
        return _absences([Event("absence", clauses[0].start, clauses[0].end, clauses[0])], clauses, line, setting, [])
    if setting.before and re.search(r"^(?:NC?|W)+(?:也是|也一样|同上|一样|同样)", text):
        return [Draft(d.action, [], dict(d.slots), dict(d.spans)) for d in setting.before]
    if setting.before and setting.before[-1].action == "return" and _STILL_NOT.fullmatch(text):
        return [Draft("absence", spans={"action": (clauses[0].start, clauses[0].end)})]
    outcome, span = outcome_of(text)
    if (outcome == "other" and not lex.SAID.search(text)) or (outcome == "ill" and not setting.talk and not lex.SAID.search(text)):
        return []
    if outcome == "returned" and setting.role not in FIELD_ROLES and not setting.talk:
        return [_return(Event("return", clauses[0].start + span[0], clauses[0].start + span[1], clauses[-1]), clauses, line, setting)]
    if outcome == "agreed" and not setting.talk and not lex.SAID.search(text) and not _SAYS.search(text) and setting.role not in FIELD_ROLES:
        return []
    kind, channel = ("visit", "") if setting.role in FIELD_ROLES else ("contact", "")
    if setting.talk:
        kind, channel = setting.talk.kind, setting.talk.channel
    elif re.search(r"锁|屋里|家里没|家中无|没人在家|敲门", text):
        kind = "visit"
    clause = clauses[0]
    event = Event(kind, clause.start, clause.start, clause, channel)
    return _talk(event, [], clauses, line, setting, (clause.start, clauses[-1].end))


_REASON = re.compile(r"(?:因为?|由于|原因(?:是)?|缘由)[:,]?(?P<why>[^,。A-Z]{1,20}?)(?=休学|缓学|辍学|转|请|未|没|缺|旷|[,。A-Z]|$)")


def _put_reason(draft: Draft, clauses: list[Clause], line: Line) -> None:
    """The cause as said: after 因为, else what illness, journey or trouble the part tells of."""
    text = _text(clauses, line)
    match = _REASON.search(text)
    if match:
        draft.put("reason", text[match.start("why") : match.end("why")], clauses[0].start + match.start("why"), clauses[0].start + match.end("why"))
        return
    for words in (lex.ILL, lex.AWAY, _PERSONAL, lex.HARDSHIP, lex.REFUSED):
        for clause in clauses:
            match = words.search(clause.text)
            if match:
                start, end = _stretch(clause, match, line)
                draft.put("reason", line.text[start:end], start, end)
                return


def _stretch(clause: Clause, match: re.Match[str], line: Line) -> tuple[int, int]:
    """The words around a cause, up to what was done and to the next pupil or day."""
    low, high = clause.start, clause.end
    start, end = clause.start + match.start(), clause.start + match.end()
    for event in events_of(clause, line):
        if event.end <= start:
            low = max(low, event.end)
        elif event.start >= end:
            high = min(high, event.start)
    while start > low and line.text[start - 1] not in "NWDRU了说":
        start -= 1
    while end < high and line.text[end] not in "NWDR":
        end += 1
    return start, end

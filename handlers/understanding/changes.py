"""Changes of state, papers, lessons and marks: what a part tells besides coming, staying away and talks."""

from __future__ import annotations

import re

from handlers.understanding.causes import own_text, put_reason
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, NEAREST, PAST, told_of
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.events import Event
from handlers.understanding.reading import Token

_TO = re.compile(
    r"(?:转(?:学)?|转出|调|迁|学籍转)(?:到|至|去|往|回|入|进)了?(?!一[名个位]|学校[:：]?)(?P<place>[^,、NDKW了就读]{2,16}?)(?=去?(?:$|[,、NDKW了就读]|手续|学籍|材料))(?P<place2>)"
)
_FROM_PLACE = re.compile(
    r"(?:从|由|(?<!来)自)(?P<place>[^,NDKW]{1,14}?)(?:转|调|搬|过来|回来|来的?(?=$|,))|来自(?P<place2>[^,NDKW]{2,14})"
)


def changes(strong: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Changes of state, papers, lessons and marks of one part, each kind once."""
    drafts: list[Draft] = []
    if any(
        e.kind in ("defer", "suspend", "transfer_out", "dropout") for e in strong
    ):  # 听障,申请延缓入学: why, no group
        strong = [e for e in strong if e.kind != "mark" or re.search(r"[是属标列]|纳入|登记", e.clause.text)]
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
            if event.kind != "dropout":
                _place_in_time(draft, event, clauses, line, setting)
            if event.kind.startswith("transfer"):
                _put_places(draft, [event.clause, *clauses])
            if event.kind != "notice":
                put_reason(draft, clauses, line)
            drafts.append(draft)
    return drafts


def _place_in_time(draft: Draft, event: Event, clauses: list[Clause], line: Line, setting: Setting) -> None:
    """The day in the event's own clause, else in the clause next to it."""
    days = _not_due(tokens_in(line, event.clause, "D"), line)
    here = [d for d in days if not d[1].value.words.startswith("当")]  # 自当日起: the day named before it
    if not here:
        at = clauses.index(event.clause) if event.clause in clauses else 0
        near = clauses[at + 1 :] + clauses[:at][::-1]
        here = next((t for c in near if (t := _not_due(tokens_in(line, c, "D"), line))), [])
    here = here or days
    ranges = tokens_in(line, event.clause, "R") or [r for c in clauses for r in tokens_in(line, c, "R")]
    if ranges:
        first = ranges[0][1].value[0]
        put_day(draft, "date", ranges[0][0], first, setting.today, told_of(first, setting.today))
    elif here:
        place, token = min(here, key=lambda t: abs(t[0] - event.start))
        begins = _BEGINS.search(line.text[:place]) or _BEGUN.match(line.text, place + 1)
        sense = COMING if token.value.lean > 0 else NEAREST if begins else told_of(token.value, setting.today)
        put_day(draft, "date", place, token.value, setting.today, sense)
    elif _SAME_DAY.search(event.clause.text) and (before := [d for d in setting.before if "date" in d.slots]):
        draft.slots["date"] = before[-1].slots["date"]  # 甲3月5日转来,乙同一天转去石家庄
    elif setting.day:
        draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)


_SAME_DAY = re.compile(r"(?:同一?|当)[天日]|同T")
_BEGINS = re.compile(r"(?:从|自)$")
_BEGUN = re.compile(r"(?:起|开始)")
_PROMISED = re.compile(
    r"(?:答应|同意|承诺|保证|表示|约定|说好)[^,。D]{0,4}$"
)  # 答应12月1日返校: not the day of the notice


def _not_due(days: list[tuple[int, Token]], line: Line) -> list[tuple[int, Token]]:
    """Without the days by which something must be done: 限3月18日前."""
    return [
        (at, t)
        for at, t in days
        if not _PROMISED.search(line.text[:at])
        and not re.match(r"确诊|查出|住院|摔|出(?:了)?车祸|手术|发病", line.text[at + 1 :])
        and not re.match(r"之?前", line.text[at + 1 :])
        and not re.search(
            r"限(?:期|于|在)?$|(?:休学|缓学|治疗|休息|延续|一直|请假)[^,。D]{0,3}(?:到|至)$", line.text[:at]
        )
    ]


def _put_places(draft: Draft, clauses: list[Clause]) -> None:
    """Where to and where from, the first that is said."""
    for slot, words in (("to", _TO), ("from", _FROM_PLACE)):
        found = next(((c, m) for c in clauses if (m := words.search(c.text))), None)
        if found:
            clause, match = found
            group = "place" if match["place"] else "place2"
            draft.put(slot, match[group], clause.start + match.start(group), clause.start + match.end(group))


_SEVERAL_TIMES = re.compile(
    r"送教(?:上门)?(?:了|满|共|已|够)*(?:[两二三四五六七八九十2-9]|1\d)次|(?:[两二三四五六七八九十2-9]|1\d)次(?:上门)?送教"
)
_SUBJECT_WORDS = "语文|数学|英语|识字|写字|音乐|美术|体育|科学|思品|道法|道德与法治|生活|康复|手工|认知|品德|书法|劳动"
_SUBJECT = re.compile(rf"(?:{_SUBJECT_WORDS})课?[上讲教学了各]*$")
_HALF_DAY = re.compile(r"(?:T|上午|下午|早上|晚上)(?:又|再|送教?|上了?)*$")
_SUBJECTS_EACH = re.compile(rf"(?:(?:{_SUBJECT_WORDS})课?[、和,]?){{2,}}各")
_SUBJECT_NAME = re.compile(_SUBJECT_WORDS)


def _lessons(draft: Draft, event: Event, clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """One draft for each day named; lessons and minutes from anywhere in the part."""
    days = []
    sessions = _sessions(clauses, line)
    if len({at for at, _ in sessions}) > 1:
        return [_session(draft, at, lessons, line, setting) for at, lessons in sessions]
    subjects = [t.value for c in clauses for at, t in tokens_in(line, c, "L") if _SUBJECT.search(line.text[:at])]
    each = _SUBJECTS_EACH.search(own_text(clauses, line))
    if each and subjects and subjects[0]:
        subjects = subjects[:1] * len(_SUBJECT_NAME.findall(each.group()))
    halves = [t.value for c in clauses for at, t in tokens_in(line, c, "L") if _HALF_DAY.search(line.text[:at])]
    if len(halves) > 1:
        subjects = halves  # 上午两课时,下午一课时
    if len(subjects) > 1 and None not in subjects:
        draft.slots["lessons"] = sum(subjects)  # 语文一节,数学一节
    for clause in clauses:
        for at, token in tokens_in(line, clause, "LHM"):
            slot = "lessons" if token.kind == "L" else "minutes"
            if slot not in draft.slots and not _OWED.search(line.text[:at]):
                draft.put(slot, token.value, at, at + 1)
        if not re.search(r"没(?:有)?(?:给|送|上)", clause.text):  # 昨天没给曹念送教,改到今天
            days += [(at, t) for at, t in tokens_in(line, clause, "D") if t.value.lean <= 0]
    several = _SEVERAL_TIMES.search(own_text(clauses, line)) or "S" in line.text
    if not days and not setting.day and several:
        return [Draft("clarify", slots={"about": "date"})]  # 送教3次, 5月份6课时: on which days, only the writer knows
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


_OWED = re.compile(r"(?:应|需|计划|要求|任务)(?:送教|上|完成|是)?$")  # 3月应送教8课时: what is owed, not given


def _sessions(clauses: list[Clause], line: Line) -> list[tuple[int | None, int]]:
    """周一2课时,周三又1课时: where each session's day stands (None: no day said) and its lessons; a total is no session."""
    out: list[tuple[int | None, int]] = []
    day: int | None = None
    for clause in clauses:
        for at, token in tokens_in(line, clause, "DL"):
            if token.kind == "D":
                day = at if token.value.lean <= 0 else day
            elif not re.search(r"[共计总]$", line.text[:at]) and not _OWED.search(line.text[:at]):
                out.append((day, token.value))
    return out


def _session(draft: Draft, at: int | None, lessons: int, line: Line, setting: Setting) -> Draft:
    one = Draft("teach", [], dict(draft.slots), dict(draft.spans))
    one.slots["lessons"] = lessons
    if at is not None:
        put_day(one, "date", at, line.tokens[at].value, setting.today, PAST)
    return one

"""Visits and contacts: by which way, on which day, and what came of them."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from handlers.understanding import lexicon as lex
from handlers.understanding.absences import SINCE
from handlers.understanding.attendance import dated_return
from handlers.understanding.clauses import OF_THEM_ALL, Clause, Line
from handlers.understanding.dates import COMING, NEAREST, PAST, just_been
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.events import TALKS, Event
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.outcomes import outcome_of, without_absences
from handlers.understanding.reading import Token
from handlers.understanding.told_again import distinct
from handlers.understanding.whereabouts import put_where

_ABOUT_PUPIL = re.compile(
    rf"[^,DN]{{0,4}}?(?:跟着|被|外出|打工|务工|{lex.ILL_WORDS}|离家|离校|出走|走的|到的?家|回(?:来了|到家)|走了|跑了|溜了|不见|旷|缺|没来|没到|就?已?经?满了?|到期|期满)"
)
_CALLED_IN = re.compile(
    rf"给我发(?:了)?(?:个|条)?(?:微信|信息|短信|语音|消息)|来电|打(?:来|了)?电话(?:来|请|说要请)|(?:电话|微信|短信|语音)(?:里|上)?(?:来|给|帮|替)*(?:他|她|孩子|N)?(?:请假|告假|请)|发(?:微信|信息|消息)(?:来)?(?:请|说)|(?:电话|微信|短信|语音)(?:里|上)?(?:来)?(?:跟我|和我)?说|来(?:学校|校)[^,]{{0,4}}(?:领|接)|(?:{KIN})[^,]{{0,4}}(?:打(?:了)?(?:个)?电话|发(?:了)?微信)"
)
_EACH_TIME = re.compile(r"[,。](?:门?上?|(?:这|前后)?[两三四几][回次趟遍]门?)(?:均|都|全都)")
SAYS = re.compile(r"同意|答应|保证|承诺|许诺|说|讲|表示|约|定|愿意|肯|松口|说好")
_BACK = re.compile(
    r"^(?:[^,NDRWK]{0,6})?(?:来(?!不[了成到得])|送|(?<!第.)回(?!港|老家)|返|准到|准去|去上|上学|到校|去读|报到|就|再|才(?!回港|回老家)|去|带)"
)


def talks_of(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Visits and contacts of one part, each with what was said up to the next."""
    talks = distinct([e for e in events if e.kind in TALKS], line)
    talks = [
        e
        for e in talks
        if not (
            e.channel == "in_person"
            and any(
                d.kind == "leave" and (re.search(r"[领接带]", e.clause.text) or d.clause == e.clause) for d in events
            )
        )
    ]
    if any(d.kind == "leave" for d in events) and all(
        e.kind == "contact" and _CALLED_IN.search(e.clause.text) for e in talks
    ):
        return []
    drafts: list[Draft] = []
    back = next(
        (
            e
            for e in events
            if e.kind == "return" and talks and e.start > talks[0].start and dated_return(e, line, setting)
        ),
        None,
    )
    clauses = _where_told(clauses, talks, line)
    end = back.clause.start if back else _end_of_run(clauses, line)
    for at, event in enumerate(talks):
        first = clauses[0].start if at == 0 else max(talks[at - 1].end, event.clause.start)
        last = talks[at + 1].start if at + 1 < len(talks) else end
        broken = [
            e for e in events if e.kind == "absence" and first <= e.start < event.start and e.clause != event.clause
        ]
        if at == 0 and broken and SAYS.search(line.text[first : broken[0].start]):
            first = broken[-1].clause.end  # 昨晚说今早来的,没来,打电话…: the promise is over
        if at + 1 < len(talks) and talks[at + 1].clause != event.clause:
            last = max(talks[at + 1].clause.start, event.end)
        told = talk_of(event, [e for e in events if e.kind not in TALKS], clauses, line, setting, (first, last))
        if drafts and told and _EACH_TIME.search(line.text[event.end : last]):
            for draft in (d for d in drafts if d.slots.get("outcome") == "other"):
                draft.put("outcome", told[0].slots["outcome"], *told[0].spans["outcome"])
        drafts += told
    return _of_them_all(drafts, clauses)


def _of_them_all(drafts: list[Draft], clauses: list[Clause]) -> list[Draft]:
    """我去了张三家,她去了李四家,两家都同意: said after the next pupil's visit, and of this one too."""
    for clause in (c for c in clauses if OF_THEM_ALL.match(c.text)):
        outcome, span = outcome_of(clause.text)
        if outcome in ("other", "contradiction"):
            continue
        for draft in (d for d in drafts if d.slots.get("outcome") == "other"):
            draft.put("outcome", outcome, clause.start + span[0], clause.start + span[1])
    return drafts


def talk_of(
    event: Event, others: list[Event], clauses: list[Clause], line: Line, setting: Setting, region: tuple[int, int]
) -> list[Draft]:
    """One visit or contact, a draft for each day on which it was, with what came of it in that region of the line."""
    event = _of_the_header(event, setting)
    ahead = frozenset(at - region[0] for at, t in line.tokens.items() if t.kind == "D" and _ahead(at, t, line, region))
    outcome, span = outcome_of(without_absences(event, others, line, region), ahead)
    if outcome == "contradiction":
        return [Draft("clarify", slots={"about": "meaning"})]
    draft = Draft(event.kind)
    draft.spans["action"] = (event.start, event.end)
    if event.channel:
        draft.put("channel", event.channel, event.start, event.end)
    draft.put("outcome", outcome, region[0] + span[0], region[0] + span[1])
    if outcome == "away":
        put_where(draft, region[0] + span[0], clauses, line)
    days, promised = _days_of_talk(event, others, clauses, line, setting, region)
    if outcome == "away" and not _BACK_TO_SCHOOL.search(line.text[region[0] : region[1]]):
        promised = []  # 月底才回港 is no promise to the school
    promised = [d for d in promised if not _NOT_THEN.match(line.text, d[0] + 1)]
    if promised and outcome in ("agreed", "ill", "away", "other", "hardship"):
        changed = _CHANGED.search(line.text[region[0] : region[1]])
        promised = [d for d in promised if not changed and _TO_SCHOOL.match(line.text, d[0] + 1)] or promised
        at, token = promised[-1 if changed else 0]
        if not just_been(token.value, setting.today):
            put_day(draft, "return_on", at, token.value, setting.today, COMING)
    brought = [d for d in promised if _THIS_MORNING.match(d[1].value.words)]
    if outcome == "agreed" and brought and not SAYS.search(line.text[region[0] : brought[0][0]]):
        back = Draft("return", spans={"action": (region[0] + span[0], region[0] + span[1])})
        put_day(back, "date", brought[0][0], brought[0][1].value, setting.today, PAST)
        return [back]
    told = setting.day or setting.talk_day
    if not days and told:
        days = [(told[0], line.tokens[told[0]])]
    return _each_time(_each_day(draft, days, setting), line.text[region[0] : region[1]])


def _of_the_header(event: Event, setting: Setting) -> Event:
    """电话核实:甲同意,乙联系不上: the channel that stands at the head holds for all of them."""
    head = setting.talk
    if event.kind != "contact" or event.channel or not head or head.kind != "contact" or head.clause.sign != ":":
        return event
    return replace(event, channel=head.channel)


_SHALL = re.compile(r"[^,。了的]*(?=$|[,。])")


def _ahead(at: int, token: Token, line: Line, region: tuple[int, int]) -> bool:
    """A day to come; 他爹同意了,礼拜一送他去学校: the one that stands beside a promise too, where nothing is said to be done."""
    if token.value.lean:
        return bool(token.value.lean > 0)
    promised = region[0] <= at < region[1] and lex.AGREED.search(line.text, region[0], at)
    return bool(promised) and _SHALL.match(line.text, at + 1) is not None


_WENT_EACH = re.compile(
    r"(?:又|也|就|再)?(?:去|跑|走|打|克)?(?:了|过|的)?[一二两三四\d]?[趟次回转、和]|D|我?们?T?都(?:去|到|跑|走)|各"
    r"|(?:又|也|再)?(?:去|跑|走|克)(?:了|过|的)?(?=,|没|还|又|仍|也|$)"
)  # 大前天去没人,昨天去还是锁到门的
_WENT_THEN = re.compile(
    r"(?:去|家访|上门)的(?=$|,)|(?:又|各)?(?:去|跑)?(?:了)?[一二两三\d][趟次回转](?=$|[,D])"
)  # 3月27日去的; 周日一回,今天一回


def _each_time(drafts: list[Draft], text: str) -> list[Draft]:
    """两次家访,第一次没人,第二次同意: each day what came of it then."""
    told = list(_TIMES.finditer(text))
    if len(drafts) < 2 or len(told) != len(drafts):
        return drafts
    ends = [m.start() for m in told[1:]] + [len(text)]
    for draft, match, end in zip(drafts, told, ends, strict=True):
        outcome = outcome_of(text[match.end() : end])[0]
        draft.slots["outcome"] = outcome
        if outcome != "agreed":
            draft.slots.pop("return_on", None)
    return drafts


def _each_day(draft: Draft, days: list[tuple[int, Token]], setting: Setting) -> list[Draft]:
    if not days:
        return [draft]
    out = []
    for at, token in days:
        one = Draft(draft.action, [], dict(draft.slots), dict(draft.spans))
        put_day(one, "date", at, token.value, setting.today, PAST)
        out.append(one)
    return out


_NOT_THEN = re.compile(r"(?:还|也|又|仍|都|就|依然)*[没未]")  # 今天还没回学校, 明天没空: no day promised
_DAY_ALONE = re.compile(r"D(?:[早晚]|上午|下午|晚上|中午)?")
_TO_SCHOOL = re.compile(
    r"[^D,NK]{0,3}(?:(?:去|到|回|来|送|返)(?:他|她|到|去|回)?(?:学校|校|上学|上课|读书)|上学|上课)"
)  # 周日接回来,周一去学校


def _has_been(token: Token, setting: Setting) -> bool:
    """时间10月9日晚, told on the 10th: when the visit was, no appointment."""
    return (token.value.on(setting.today, NEAREST) or setting.today) < setting.today


_THIS_MORNING = re.compile(r"今(?:天)?(?:一?早|晨|早上)")  # 今早他爸送来学校: that has been


def _where_told(clauses: list[Clause], talks: list[Event], line: Line) -> list[Clause]:
    """甲三天、乙两天没来,都打过电话,没人接: from the talk on, where what is said of the pupil before it tells no outcome."""
    end = _end_of_run(clauses, line)
    if not talks or talks[0].start < end or outcome_of(line.text[clauses[0].start : end])[0] != "other":
        return clauses
    return [c for c in clauses if c.end > talks[0].start]


def _end_of_run(clauses: list[Clause], line: Line) -> int:
    """Where the clauses stop being one stretch: what is said of others in between belongs to them."""
    for clause, following in itertools.pairwise(clauses):
        if "N" in line.text[clause.end : following.start]:
            return clause.end
    return clauses[-1].end if clauses else 0


_TAKEN_BACK = re.compile(r"(?:同意|答应|说好)[^。]{0,6}(?:反悔|变卦|又不|改(?:了)?主意)")
_STAYS_AWAY = re.compile(
    r"(?:[^,NDRK]{0,3})(?:(?:不|没法|没空)(?:来|去|能|到|回|返|上)|[来去回到]不[了成得])"
)  # 说明天不来
_BACK_TO_SCHOOL = re.compile(r"返校|回校|上学|上课|来校|到校|复学|读书|学校|送")
_APPOINTED = re.compile(r"(?:(?:时间|日期)[:为是]?|定[了在到于]?|改口|改到|推到|延到|又说|改[成为])$")  # 时间10月20日
_CHANGED = re.compile(r"改口|改到|改成|改在|推到|推迟到|延到|又说")  # 说周三来,又改口周五
_TIMES = re.compile(r"第[一二三四五][次回趟]|首次|头一?[次回趟]")
_NTH_TIME = re.compile(rf"(?:{_TIMES.pattern}|D[和、])$")


def _held_then(event: Event, clause: Clause, before: str, after: str) -> bool:
    """Whether a day that stands after the talk is the day it was: in its own clause, in brackets, 时间10月9日."""
    if clause == event.clause and not SAYS.search(before):
        return True
    alone = (
        event.clause.sign in ("(", ":") and clause.start == event.clause.end + 1 and _DAY_ALONE.fullmatch(clause.text)
    )
    return bool(
        alone or _APPOINTED.search(before) or re.search(r"^(?:[一二两三\d]?[趟次回转]|去的|家访的|上门的)", after)
    )


def _days_of_talk(
    event: Event, others: list[Event], clauses: list[Clause], line: Line, setting: Setting, region: tuple[int, int]
) -> tuple[list[tuple[int, Token]], list[tuple[int, Token]]]:
    """Days on which the talk was, and days that were promised in it."""
    days: list[tuple[int, Token]] = []
    promised: list[tuple[int, Token]] = []
    told = event.end > event.start
    said = not told  # no talk is named: 扎妥星期五来 is what was promised in it
    for clause in clauses:
        for at, token in tokens_in(line, clause, "D"):
            if not region[0] <= at < region[1] or any(
                at < o.start < event.start and o.start < clause.end for o in others
            ):
                continue
            before, after = line.text[clause.start : at], line.text[at + 1 : clause.end]
            later = token.value.lean > 0
            earlier = token.value.lean < 0
            if not earlier and _STAYS_AWAY.match(after):
                continue
            if (SINCE.match(after) and earlier) or ((clause != event.clause or not told) and _ABOUT_PUPIL.match(after)):
                continue
            if _WENT_THEN.match(after) or (earlier and event.kind == "visit" and _WENT_EACH.match(after)):
                days.append((at, token))
            elif (
                later
                or (said and _APPOINTED.search(before) and not _has_been(token, setting))
                or (
                    not earlier
                    and (SAYS.search(before) or (said and (clause != event.clause or not told)))
                    and _BACK.search(after)
                )
            ):
                promised.append((at, token))
            elif at < event.start or _held_then(event, clause, before, after):
                days.append((at, token))
        said = said or SAYS.search(clause.text) is not None or clause.start >= event.clause.start
    if not told and _TAKEN_BACK.search(line.text[region[0] : region[1]]):
        days = []  # 昨天同意今天又反悔了: the day of the word that was taken back
    if len(days) > 1 and not all(
        _WENT_EACH.match(line.text, at + 1) or _NTH_TIME.search(line.text[:at]) for at, _ in days
    ):
        own = [d for d in days if event.clause.start <= d[0] < event.clause.end and d[0] <= event.end]
        days = (own or days)[-1:]
    return days, promised

"""No talk and no absence is named, but what came of one is told: what kind it was follows from what went before."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding import lexicon as lex
from handlers.understanding.absences import absences, counts_only
from handlers.understanding.attendance import attendance, return_of
from handlers.understanding.causes import text_of
from handlers.understanding.changes import changes
from handlers.understanding.clauses import Clause, Line, same_pupil
from handlers.understanding.drafts import Draft, Setting, tokens_in
from handlers.understanding.events import TALKS, Event
from handlers.understanding.outcomes import outcome_of
from handlers.understanding.talks import SAYS, talk_of

FIELD_ROLES = ("village", "township")
_STILL_NOT = re.compile(
    r"(?:只有|就|只剩|就剩|还有)?[N、和]+(?:也|还是?|都|仍|就|依然)*(?:没有?|未|没得|冇)(?:去|来|到|见到?(?:人)?)?(?:呢|啊)?"
)
_FOR_HIS_PART = re.compile(r"N(?:是|系|因为?|说是|则是?)")  # 甲和乙请假,甲是感冒,乙是陪妈妈看病
_THIS_ONE_WILL = re.compile(
    r"N(?:倒|却|就|是|说)*(?:要|肯|愿意?|还)*(?:念|读|去|上|来)(?:书|学)?(?:的|哩|呢|咧)?|N(?:倒|却)?(?:要|肯|愿意)(?:去|来|念|读)(?:书|学)?了"
)  # 张凤不念,张凤兰念
_UNDECIDED = re.compile(
    r"没说定|没定(?:下来)?|没(?:个)?准话|没说死|看情况|犹豫|考虑|再?想一?想|没表态|不表态|不吭声|没吭声|不说话|没松口|拿不定主意|再说|商量"
)
_ELDERS = r"(?:跟|和|由|随)(?:着)?(?:爷爷|奶奶|外公|外婆|阿公|阿婆|姥姥|姥爷)+(?:过|生活|住|带|一起)"
_FAR_OFF = r"(?:爸妈|父母|爹妈|爹娘|大人)(?:都|均)?(?:在(?!家|村|校)[^,N]{2,5}|外出|打工|务工)"
_WITH_ELDERS = re.compile(rf"{_ELDERS}[^N]{{0,4}}{_FAR_OFF}|{_FAR_OFF}[^N]{{0,6}}{_ELDERS}")
_SAYS_ITSELF = re.compile(r"(?:NC?、?)+(?:自己|本人|那边|家里?|屋里)?(?:说|讲|话|表示)")
_POOR_HOME = re.compile(r"^(?:N[、和]?)+(?:的)?家(?:庭|里)(?:经济)?(?:很|特别|非常|比较)?(?:困难|贫困|贫寒)")
_HANDED_TOO = re.compile(
    r"N(?:家|屋头|屋里)?的?(?:D|U|也|都|已经?)*(?:送|给|交|签|发|拿)(?!教|到?学?校)|N是?D(?:送|给|交|签|发)的"
)


def _told_before(clauses: list[Clause], line: Line, before: Draft) -> bool:
    """云朵、窦豆请假,云朵嗓子发炎: whom the leave was told of, again."""
    names = [at for c in clauses for at in range(c.start, c.end) if line.text[at] == "N"]
    return bool(names) and all(any(same_pupil(line, at, told) for told in before.names) for at in names)


def implied(clauses: list[Clause], line: Line, setting: Setting, events: list[Event]) -> list[Draft]:
    """No talk is named, but what came of one is told: the kind of talk follows from what went before or from the role."""
    text = text_of(clauses, line)
    clauses = [c for c in clauses if not re.match(r"其[余他它]|剩下的", c.text)] or clauses
    counted = [t for c in clauses for _, t in tokens_in(line, c, "OT")]
    if setting.before and setting.before[-1].action == "leave" and counted and all(counts_only(c) for c in clauses):
        same = {k: v for k, v in setting.before[-1].slots.items() if k == "kind"}
        return [Draft("leave", [], same | {"days": t.value}) for t in counted if t.value][:1]
    on_leave = bool(setting.before) and setting.before[-1].action == "leave"
    told_again = any(_told_before(clauses, line, leave) for leave in setting.leaves)
    if on_leave and not events and (_FOR_HIS_PART.match(text) or told_again):
        leave = attendance([Event("leave", clauses[0].start, clauses[0].start, clauses[0])], clauses, line, setting)
        return [replace(d, slots=setting.before[-1].slots | d.slots) for d in leave if "kind" in d.slots]
    if setting.before and re.search(r"^(?:NC?|W)+(?:也是|也一样|同上|一样|同样|也没有?(?:去|来|到)(?:读|校)?$)", text):
        return [Draft(d.action, [], dict(d.slots), dict(d.spans)) for d in setting.before]
    if (
        setting.before
        and setting.before[-1].action == "return"
        and re.match(r"(?:还有)?(?:NC?)+也(?:去|来|到校?|返校|回来?)了", text)
    ):
        return [Draft(d.action, [], dict(d.slots), dict(d.spans)) for d in setting.before]
    if setting.before and setting.before[-1].action == "notice" and _HANDED_TOO.match(text):
        return changes([Event("notice", clauses[0].start, clauses[0].end, clauses[0])], clauses, line, setting)
    if (
        setting.before
        and setting.before[-1].action == "leave"
        and re.fullmatch(r"N[^N]*也(?:请|是请)(?:假|了)?假?", text)
    ):
        return [Draft(d.action, [], dict(d.slots), dict(d.spans)) for d in setting.before if d.action == "leave"]
    if (
        setting.before
        and setting.before[-1].action == "absence"
        and re.fullmatch(r"(?:NC?)+D?(?:倒|却)?(?:是)?回?(?:去|来|到)了的?", text)
    ):
        return [return_of(Event("return", clauses[0].end, clauses[0].end, clauses[0]), clauses, line, setting)]
    if setting.before and setting.before[-1].slots.get("outcome") == "refused" and _THIS_ONE_WILL.fullmatch(text):
        span = (clauses[0].start, clauses[0].end)
        slots = {k: v for k, v in setting.before[-1].slots.items() if k != "note"} | {"outcome": "agreed"}
        return [Draft(setting.before[-1].action, [], slots, {"action": span, "outcome": span})]
    day = re.fullmatch(r"N(?:则|就)?(?:是|在)?(D)(?:的|没来|也没来)?", text)
    if day and setting.before and setting.before[-1].action == "return":
        return [return_of(Event("return", clauses[0].end, clauses[0].end, clauses[0]), clauses, line, setting)]
    if day and setting.before and setting.before[-1].action == "absence":
        return absences([Event("absence", clauses[0].start, clauses[0].end, clauses[0])], clauses, line, setting, [])
    if setting.before and setting.before[-1].action == "return" and _STILL_NOT.fullmatch(text):
        return [Draft("absence", spans={"action": (clauses[0].start, clauses[0].end)})]
    if re.search(r"连(?:续|着)T", text) and not any(
        e.no and e.kind == "absence" for e in events
    ):  # 不是连续3天没来: told of nobody
        return absences([Event("absence", clauses[0].start, clauses[0].end, clauses[0])], clauses, line, setting, [])
    if setting.before and setting.before[-1].action == "mark" and (match := _WITH_ELDERS.search(text)):
        at = clauses[0].start
        return [Draft("mark", [], {"group": "left_behind"}, {"group": (at + match.start(), at + match.end())})]
    outcome, span = outcome_of(text)
    told = bool(setting.before) and setting.before[-1].action in TALKS
    undecided = (told or setting.talk is not None or _SAYS_ITSELF.match(text)) and _UNDECIDED.search(text)
    if (outcome == "other" and not lex.SAID.search(text) and not undecided) or (
        outcome == "ill" and not told and not setting.talk and not lex.SAID.search(text)
    ):
        return []
    if outcome == "returned" and re.search(r"N(?:一直|都|也|还)?(?:是)?正常(?:在校|上课|到校|上学)$", text):
        return []  # 张三正常在校: nobody came back
    if outcome == "returned" and re.search(r"没参加|没考|缺考|迟到|迟了|来?晚(?:了|到)|来晚|睡过头|L才", text):
        return []  # 期末考没参加,人在学校
    if outcome == "returned" and setting.role not in FIELD_ROLES and not setting.talk:
        at = clauses[0].start + span[0]
        clause = next((c for c in clauses if c.start <= at < c.end), clauses[-1])
        return [return_of(Event("return", at, clauses[0].start + span[1], clause), clauses, line, setting)]
    if outcome == "hardship" and not setting.talk and not lex.SAID.search(text):
        if match := _POOR_HOME.search(text):
            return [
                Draft(
                    "mark",
                    [],
                    {"group": "poor"},
                    {"group": (clauses[0].start + match.start(), clauses[0].start + match.end())},
                )
            ]
        if setting.role not in FIELD_ROLES:
            return []
    if (
        outcome == "agreed"
        and not setting.talk
        and not lex.SAID.search(text)
        and not SAYS.search(text)
        and setting.role not in FIELD_ROLES
    ):
        return []
    if (
        outcome == "refused"
        and not setting.talk
        and not lex.SAID.search(text)
        and re.search(r"准备|打算", text[: span[0]])
    ):
        return []  # 准备搬走: neither gone nor refused
    kind, channel = ("visit", "") if setting.role in FIELD_ROLES else ("contact", "")
    if re.search(r"(?:经|已)?(?:核实|核查|了解|查实|查明)", line.text[: clauses[0].end]):
        kind = "contact"
    if any(e.kind == "dropout" for e in events) or re.search(r"(?:非|不属于?|不是|不算)(?:失学|辍学|疑似)", text):
        kind = "contact"  # 随父母在昆明读书,非辍学: what was found out
    if setting.talk:
        kind, channel = setting.talk.kind, setting.talk.channel
    elif re.search(r"锁|屋里|家里没|家中无|没人在家|敲门", text):
        kind = "visit"
    clause = clauses[0]
    event = Event(kind, clause.start, clause.start, clause, channel)
    return talk_of(event, [], clauses, line, setting, (clause.start, clauses[-1].end))

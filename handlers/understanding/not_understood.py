"""Where nothing was understood: whether to ask, to greet, or to leave it."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding import lexicon_requests as ask
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.drafts import Draft, Setting
from handlers.understanding.events import TALKS, Event
from handlers.understanding.moods import mood_of
from handlers.understanding.senses import events_of


def nobody_named(told: list[Clause], line: Line) -> list[Draft]:
    """A record without a pupil is asked about; a greeting is one; anything else is not for the bot."""
    moods = [mood_of(c, line) for c in told]
    events = [e for c, mood in zip(told, moods, strict=True) if not mood for e in events_of(c, line)]
    if any(ask.GREET.search(c.text) for c in told) and not any(e.kind not in TALKS for e in events):
        return [Draft("greet")]
    if ask.OFFTOPIC.search(line.text):
        return []
    asked = [e for c, mood in zip(told, moods, strict=True) if mood == "whether" for e in events_of(c, line)]
    if asked and len(line.text) <= 14:
        return [Draft("clarify", slots={"about": "student"})]
    if not events and _TOLD_OF_ONE.search(line.text) and "" in moods:
        return [Draft("clarify", slots={"about": "student"})]
    if events and _about_a_pupil(told, events):
        return [Draft("clarify", slots={"about": "student"})]
    return []


_TOLD_OF_ONE = re.compile(
    r"^[^,。NW]{0,8}(?:那|这)(?:个|一?家|一?户)?(?:小孩|孩子|[女男]?娃儿?|学生|小子|丫头|小?妹|崽|伢)[^,。]{0,6}又(?:跑|溜|走|回家)|^(?:他|她)的?(?:爸|妈|爹|娘|爷爷?|奶奶?|家长?|家里)(?:也|都|又|已经?|说)*(?:答应|同意|不肯|不愿|不同意)|(?:那|这)(?:个|一?家|一?户|孩子|娃儿?|学生|小子|丫头)[^,。]{0,8}[,]?[^,。]{0,6}(?:不去了|不来了|答应|同意|反悔|变卦|不肯|不愿|不读|不念|打工|外出|没人在家|锁门|[又就](?:跑|溜|蹽|走)(?:了|回)|又?(?:不|没)(?:去|来)(?:学校|上学|读)|又?没影|又回家)"
)  # 上次那个答应来的又反悔了
_SOMEBODY = re.compile(
    r"他|她|娃|孩子|小孩|小子|丫头|学生|同学|男生|女生|一个|两个|[一二两三四五六七八九\d](?:个|名|位|人|户|家)|那家|家长|这家|妹|崽|细佬|伢|仔|有人|的那个(?=又|也|还|没|D|今天)"
)


def _about_a_pupil(told: list[Clause], events: list[Event]) -> bool:
    text = ",".join(c.text for c in told)
    return _SOMEBODY.search(text) is not None or (
        len(text) <= 12 and any(e.kind not in ("contact", "mark") for e in events)
    )


_GRAVE = re.compile(r"周岁|订婚|出嫁|嫁人|嫁给|结婚|怀孕|失踪|走失|走丢|拐|虐待|家暴|自杀|自残|轻生|割腕|欺负|霸凌|死")
_NOT_OURS = re.compile(r"N不(?:是|在|归|属于)(?:我们?|本|咱们?)(?:村|班|校|镇|县|组|社区|学校)")
_THERE_AFTER_ALL = re.compile(r"没(?:有)?(?:缺|旷)(?:勤|课)?$|来得?晚|晚(?:了|到|来)|[LHMT](?:才|快)(?:来|到)")


def nothing_told(part: Part, told: list[Clause], line: Line, names: list[int], setting: Setting) -> list[Draft]:
    """Of a pupil nothing was understood: asked about where it is of the field, else left."""
    text = ",".join(c.text for c in part.clauses)
    if re.search(
        r"N(?:的)?家(?:里)?(?:还|也)?(?:没|未)(?:有)?(?:去|走)|迟到|早退|迟了|来晚|踩着?(?:上课)?[铃点]|还是我来|我(?:自己)?来(?:跟|管|负责)?$|在(?:校|学校|班|教室)(?:里|上课)?$",
        text,
    ):
        return []
    if setting.before and _THERE_AFTER_ALL.search(text):
        return []  # told beside others: came late, or was not missing
    talked = setting.talk or any(d.action in TALKS for d in setting.before)
    if talked and names and part.clauses[0].own:  # one of several homes, and what was found there is not clear
        return [Draft("clarify", names, {"about": "meaning"})]
    bare = not re.sub(r"[NWCKDUTOR、,和 的了呢吧啊那这个\d]", "", text) or re.fullmatch(r"N家", text)
    told_of = any(words.search(text) for words in (lex.ILL, lex.AWAY, lex.HARDSHIP, lex.REFUSED, lex.AGREED))
    if "N" in text and (
        bare
        or told_of
        or _GRAVE.search(text)
        or _NOT_OURS.search(text)
        or (len(text) <= 30 and lex.OF_THE_FIELD.search(text) and not ask.OFFTOPIC.search(text))
    ):
        return [Draft("clarify", names, {"about": "meaning"})]
    return []

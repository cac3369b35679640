"""Calls and talks that a clause tells of, by channel."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause
from handlers.understanding.events import Event
from handlers.understanding.lexicon_names import KIN
from handlers.understanding.word_table import Tables

_CHANNELS = Tables((
    ("wechat", lex.WECHAT), ("phone", lex.PHONE), ("other", lex.OTHER_CHANNEL), ("in_person", lex.IN_PERSON),
    ("", lex.CONTACT),
))  # fmt: skip
_NUMBER_OR_WAIT = re.compile(
    r"(?:等|留了?|要了?|要到|问到|记下?)[^,D打]{0,5}$"
)  # 等他爸电话, 留了电话: nobody has called
_NOT_CALLED = re.compile(r"(?:没|未)(?:有|曾|给|跟|再|敢|想)*(?:N|他|她|家长|家里|家)?$")
_SHALL_CALL = re.compile(r"(?:尽快|正在|正|表示|答应|帮忙?|会|继续|保持|请|设法|想办法|负责|等)$")
_AT_ONCE = re.compile(
    r"我们?(?:马上|这就|等会儿?|待会儿?|赶紧|立刻|现在就?|再)(?:去|给[^,]{0,4})*$"
)  # the writer is about to
_CALLED_FOR_LATER = re.compile(
    rf"(?:T|下午|晚上|中午|明早|放学后?)约(?:了|好)?N?的?{KIN}[^,了]*$|(?:通知|叫|让|请|喊|约|要求)(?:了)?[N、和跟他她]*的?{KIN}D[^,了]*$"
)  # 通知他爸明天来校: not yet
_NOT_A_CALL = re.compile(r"(?:都|也)没(?:有|得)?(?:来)?(?:一个|打(?!通))")  # 电话都没一个: nobody called


_OUT_OF_USE = re.compile(r"关机|停机|空号")  # 留的三个号全停机了
_UNANSWERED = re.compile(r"(?:不|没|未|没人|无人)接听?(?!电话)")  # 打微信语音也不接: no telephone


def calls_of(clause: Clause, found: list[Event]) -> list[Event]:
    """At most one contact for each channel that the clause names; one of none only if there is no other talk."""
    text = clause.text
    out: list[Event] = []
    for channel, words in _CHANNELS.of(text):
        match = words.search(text)
        if not match or (
            channel == "phone"
            and any(
                e.channel == "wechat"
                and (abs(e.end - clause.start - match.start()) <= 2 or _UNANSWERED.match(text, match.start()))
                for e in out
            )
        ):
            continue
        if not channel and (out or any(e.kind == "visit" for e in found)):
            continue
        if re.match(r"打[^,通]*电话|视频|微信", match.group()) and _NOT_CALLED.search(text[: match.start()]):
            continue
        if match.group() == "电话" and clause.sign == ":" and match.end() == len(text):
            continue
        if channel == "wechat" and not clause.sign and re.search(r"加(?:了|上)?[^,]{0,6}$", text[: match.start()]):
            continue
        if _NOT_A_CALL.match(text, match.end()) or _AT_ONCE.search(text[: match.start()]):
            continue
        if channel in ("in_person", "") and _CALLED_FOR_LATER.search(text[: match.end()]):
            continue
        if channel == "phone" and re.match(r"里(?:也|都)?没(?:有)?说", text[match.end() :]):
            continue  # 电话里也没说去哪
        if (
            channel == "phone"
            and _NUMBER_OR_WAIT.search(text[: match.start()])
            and not _OUT_OF_USE.match(match.group())
        ):
            continue
        if not channel and _SHALL_CALL.search(text[: match.start()]):
            continue
        if channel == "in_person" and (
            any(e.kind == "visit" for e in found) or (out and re.search(r"谈|聊|拉", match.group()))
        ):
            continue
        out.append(Event("contact", clause.start + match.start(), clause.start + match.end(), clause, channel))
    return out


def contact_channel(clauses: list[Clause]) -> str:
    """The first channel that clauses name, whatever else they say; none where they name none."""
    return next((channel for channel, words in _CHANNELS if channel and any(words.search(c.text) for c in clauses)), "")

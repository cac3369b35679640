"""From drafts to actions: pupils filled in or asked about."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

from handlers.understanding.actions import Action, Mention
from handlers.understanding.clauses import Line
from handlers.understanding.drafts import Draft
from handlers.understanding.text import Text

_TEXT_SLOTS = ("reason", "to", "from", "note", "place", "period", "topic")


def acted(draft: Draft, line: Line, even: Text) -> list[Action]:
    """A draft with its pupils: those that cannot be told apart or that nobody is become a question."""
    spans = {slot: even.span(*line.body_span(*place)) for slot, place in draft.spans.items() if place[1] > place[0]}
    slots = {s: _said(s, v, draft, line, even) for s, v in draft.slots.items()}
    tokens = [line.tokens[at] for at in dict.fromkeys(draft.names)]
    mentions = [
        _placed(t.value, t.start, t.end, even)
        if t.kind == "N"
        else Mention(t.value, (), False, even.span(t.start, t.end))
        for t in tokens
    ]
    mentions = [
        m
        for at, m in enumerate(mentions)
        if not m.candidates or m.candidates not in [o.candidates for o in mentions[:at]]
    ]
    if draft.action == "transfer_in":  # who is new is in no register: what sounds like another is no other
        mentions = [_as_typed(m, even.raw[slice(*m.span)]) for m in mentions]
    if draft.action == "transfer_in" or draft.action == "clarify" or not mentions:
        return [Action(draft.action, tuple(mentions), slots, spans)]
    sure = tuple(m for m in mentions if len(m.candidates) == 1 and not _half_a_name(m, line, even))
    unsure = tuple(m for m in mentions if m not in sure)
    out = []
    if sure:
        out.append(Action(draft.action, sure, slots, spans))
    if unsure:
        out.append(Action("clarify", unsure, {"about": "student"}, spans))
    return out


def _as_typed(mention: Mention, typed: str) -> Mention:
    if not mention.fuzzy or len(typed) != len(mention.name) or lazy_pinyin(typed) == lazy_pinyin(mention.name):
        return mention
    return Mention(typed, (), False, mention.span)


def _half_a_name(mention: Mention, line: Line, even: Text) -> bool:
    """苏呷拉则, read as 苏呷 and 拉则: beside a name that several may bear, what only sounds like one is asked about too."""
    return mention.fuzzy and any(
        t.kind == "N"
        and t.value.fuzzy
        and len(t.value.candidates) != 1
        and even.span(t.start, t.end)[1] == mention.span[0]
        for t in line.tokens.values()
    )


def _placed(mention: Mention, start: int, end: int, even: Text) -> Mention:
    return Mention(mention.name, mention.candidates, mention.fuzzy, even.span(start, end))


def _said(slot: str, value: object, draft: Draft, line: Line, even: Text) -> object:
    """A slot of free text in the writer's own characters."""
    if slot not in _TEXT_SLOTS or slot not in draft.spans or (isinstance(value, str) and re.match(r"\d{4}-", value)):
        return value
    start, end = line.body_span(*draft.spans[slot])
    return even.body[start:end].strip(" ,。") or value

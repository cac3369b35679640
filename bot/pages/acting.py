"""Forms of the pages become the same ``Action`` as a message in chat, and go through the same door.

Each action's form is a row of ``FORMS``: its fields in the order shown. What the rules still have to ask is asked on
the next page, which sends the same form again with the answer added; nothing is understood anew from words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, session
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from bot.pages.door import here, storage_of
from bot.pages.shell import error_page
from bot.reception import PER_MINUTE, queue_files
from casework.people import Pupil
from casework.terms import CHANNELS, GROUPS, LEAVES, OUTCOMES, REASONS
from handlers.desk import Desk, Said
from handlers.forms import fill_in
from handlers.line import Line
from handlers.registry import REGISTRY, Row
from handlers.understanding.actions import Action, Mention
from handlers.wording import UNDO_HINT

ASKED_FOR = 1800  # seconds for which a question on a page may be answered
WORDS = 500  # characters of a free text


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``kind`` is date, select, number, text or area; ``default`` may be ``today``."""

    name: str
    label: str
    kind: str
    choices: Mapping[str, str] | None = None
    required: bool = False
    default: str = ""
    hint: str = ""


_ON = Field("date", "哪一天", "date", default="today", required=True)
_NOTE = Field("note", "情况说明", "area", hint="只写与返校有关的情况，不写与此无关的隐私")
_WHY = Field("reason_code", "原因", "select", REASONS)
_WORDS = Field("reason", "原因说明", "text")
_OUTCOME = Field("outcome", "结果", "select", OUTCOMES, required=True)
_PROMISE = Field("return_on", "家长答应哪天返校", "date")
FORMS: Mapping[str, tuple[Field, ...]] = {
    "contact": (Field("channel", "方式", "select", CHANNELS, True, "phone"), _OUTCOME, _PROMISE, _NOTE, _ON),
    "visit": (_OUTCOME, _PROMISE, _NOTE, _ON),
    "return": (_ON,),
    "absence": (Field("from", "从哪天起没到校", "date", default="today", required=True), _WHY, _WORDS),
    "leave": (
        Field("kind", "种类", "select", LEAVES, True, "sick"),
        Field("from", "从", "date", default="today", required=True),
        Field("to", "到（含当天）", "date", default="today", required=True),
        _WORDS,
    ),
    "notice": (_ON,),
    "dropout": (_WHY, _WORDS),
    "suspend": (Field("from", "从", "date", default="today", required=True), Field("to", "到", "date"), _WHY, _WORDS),
    "defer": (Field("from", "从", "date", default="today", required=True), Field("to", "到", "date"), _WHY, _WORDS),
    "transfer_out": (Field("to", "转到哪里", "text", required=True), _ON, _WORDS),
    "teach": (
        Field("lessons", "课时", "number", required=True, default="2"),
        Field("minutes", "一共多少分钟", "number", hint="每课时30分钟"),
        _ON,
    ),
    "mark": (Field("group", "类别", "select", GROUPS, True),),
    "assign": (Field("to", "包联人姓名", "text", required=True),),
    "platform_flag": (_WORDS,),
    "not_registered": (_WORDS,),
    "not_returned": (_WORDS,),
    "not_handed_over": (_WORDS,),
    "snooze": (Field("days", "推迟几天提醒", "select", {"1": "1天", "2": "2天", "3": "3天", "7": "7天"}, True, "1"),),
}
NEWCOMERS: Mapping[str, tuple[Field, ...]] = {
    "found": (
        Field("name", "姓名", "text", required=True),
        Field("age", "年龄", "number"),
        Field("place", "住在哪里", "text", hint="写村名，例如：上坪村"),
        _NOTE,
    ),
    "transfer_in": (Field("name", "姓名", "text", required=True), Field("from", "从哪里转来", "text"), _ON),
}
"""Forms about a child who is not on the register yet."""


def offered(desk: Desk, forms: Iterable[str] = FORMS) -> list[Row]:
    """The actions that this person may take, in the order of the forms."""
    return [REGISTRY[name] for name in forms if desk.reader.may(name)]


FIRST: Mapping[str, tuple[str, ...]] = {
    "in_school": ("absence", "leave", "contact", "visit"),
    "absent": ("contact", "visit", "return", "leave"),
    "suspected": ("contact", "visit", "return", "notice"),
    "dropout": ("contact", "visit", "return", "notice"),
    "on_leave": ("contact", "visit", "return", "leave"),
    "observed": ("contact", "visit", "absence", "leave"),
    "home_taught": ("teach", "contact", "visit", "return"),
    "left": ("contact", "visit", "return"),
}
"""What is done most about a child in each state; the rest is one tap further away."""


def by_need(desk: Desk, state: str) -> tuple[list[Row], list[Row]]:
    """The actions that this person may take about a child in this state: the usual ones, and the others."""
    rows, usual = offered(desk), FIRST.get(state, ())
    first = [row for name in usual for row in rows if row.action == name]
    return first, [row for row in rows if row not in first]


def defaults(fields: Sequence[Field], today: dt.date) -> dict[str, str]:
    """What stands in the fields at first."""
    return {f.name: today.isoformat() if f.default == "today" else f.default for f in fields}


def slots_of(fields: Sequence[Field], form: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The slots given by a form, and for each field at fault a sentence."""
    slots: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in fields:
        raw = form.get(field.name, "").strip()
        if not raw:
            if field.required:
                faults[field.name] = f"请填写“{field.label}”。"
            continue
        value = _value(field, raw)
        if value is None:
            faults[field.name] = f"“{field.label}”填得不对，请改一下。"
        else:
            slots[field.name] = value
    return slots, faults


def _value(field: Field, raw: str) -> str | int | None:
    if field.kind == "date":
        try:
            return dt.date.fromisoformat(raw).isoformat()
        except ValueError:
            return None
    if field.kind == "select":
        known = raw in (field.choices or {})
        return (int(raw) if field.name == "days" else raw) if known else None
    if field.kind == "number":
        return int(raw) if raw.isascii() and raw.isdigit() and 0 < int(raw) <= 600 else None
    return raw[:WORDS]


def act(
    desk: Desk, actions: Sequence[Action], words: str, links: Sequence[tuple[str, str]],
    answers: Mapping[str, str] | None = None, undo: str = "",
) -> ResponseReturnValue:  # fmt: skip
    """Do what a form says, once, and show what was recorded or what must be answered first.

    ``answers``: what the form has answered already; ``undo``: the address at which the record can be taken back.
    """
    work = storage_of(desk)
    since = here().real() - dt.timedelta(minutes=1)
    if work.inbox.count_recent(desk.writer.id, since) > PER_MINUTE:
        return error_page(429)
    taken = work.inbox.take_in(desk.source, desk.writer.id, words, here().real())
    if not taken.new:
        return _said(Said(taken.reply or ""), links, undo=undo)
    line = Line(words, desk.now, answers={**(answers or {}), **_given_answers()}, written=_already_written())
    said = fill_in(desk, actions, line)
    question = _question(desk, said) if said.asks else None
    work.inbox.answer(desk.source, said.text)
    queue_files(work, desk.writer.id, desk.source, said.files)
    return _said(said, links, question, undo)


def nothing(words: str, links: Sequence[tuple[str, str]]) -> ResponseReturnValue:
    """There was nothing to record."""
    return _said(Said(words), links)


def _said(
    said: Said, links: Sequence[tuple[str, str]], question: Mapping[str, Any] | None = None, undo: str = ""
) -> ResponseReturnValue:  # fmt: skip
    recorded = said.text.startswith("已")
    title = "还要确认一下" if question else ("已记录" if recorded else "没有记录")
    text = said.text if question is None else str(question["before"])
    can_undo = UNDO_HINT in text
    text = text.replace(UNDO_HINT, "").strip()
    return render_template(
        "m/said.html", title=title, text=text, links=links, question=question, undo=undo if can_undo else ""
    )


def _question(desk: Desk, said: Said) -> Mapping[str, Any] | None:
    """The open question as choices of a form; it is closed in the chat, so that only this page answers it."""
    talk = desk.work.inbox.talk(desk.writer.id)
    if talk is None:
        return None
    desk.work.inbox.end_talk(desk.writer.id)
    kept = {"options": talk["options"], "written": talk["line"]["written"], "answers": talk["line"]["answers"]}
    before, _, asked = said.text.rpartition("\n\n")
    repeated = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_REPEATED]
    return {
        "before": before,
        "ask": asked.splitlines()[0] if asked else "",
        "options": [str(option["label"]) for option in talk["options"]],
        "asked": _signer().dumps([desk.writer.id, kept]),
        "fields": repeated,
    }


NOT_REPEATED = ("csrf", "once", "asked", "pick")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="question")


def _picked() -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """What this person was asked, and the option chosen; None when the form answers no question."""
    pick = request.form.get("pick", "")
    try:
        person, kept = _signer().loads(request.form.get("asked", ""), max_age=ASKED_FOR)
    except BadSignature:
        return None
    if person != session.get("person") or not pick.isdigit() or int(pick) >= len(kept["options"]):
        return None
    return kept, kept["options"][int(pick)]


def stopped() -> bool:
    """Whether the answer chosen is to leave it."""
    picked = _picked()
    return bool(picked and picked[1].get("stop"))


def _given_answers() -> dict[str, str]:
    picked = _picked()
    return {**picked[0]["answers"], **picked[1].get("answers", {})} if picked else {}


def _already_written() -> tuple[str, ...]:
    picked = _picked()
    return tuple(picked[0]["written"]) if picked else ()


def about(pupil: Pupil, name: str, slots: Mapping[str, Any]) -> Action:
    """One action about one pupil."""
    return Action(name, (Mention(pupil.name, (pupil.id,)),), dict(slots))


def words_of(subject: str, name: str, slots: Mapping[str, Any]) -> str:
    """What the form says, in words: kept as the message it stands for."""
    fields = {field.name: field for field in {**FORMS, **NEWCOMERS}[name]}
    said = [f"{fields[key].label}：{_shown(fields[key], value)}" for key, value in slots.items() if key in fields]
    return f"{subject} {REGISTRY[name].title}" + (f"（{'；'.join(said)}）" if said else "")


def _shown(field: Field, value: Any) -> str:
    return (field.choices or {}).get(str(value), str(value))

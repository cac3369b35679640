"""The fields of each form, in the order shown, and how what is filled in becomes slots: plain values or a sentence at the field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from casework.terms import CHANNELS, GROUPS, LEAVES, OUTCOMES, REASONS
from handlers import formwords
from handlers.desk import Desk
from handlers.places import place_name

LONGEST = {
    "text": 200,
    "area": formwords.LONGEST,
}  # characters of words; what is longer is told and kept in the form, not cut off


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
    most: int = 600  # of a number

    @property
    def longest(self) -> int | None:
        """How many characters of words are taken."""
        return LONGEST.get(self.kind)


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
    "snooze": (
        Field(
            "days",
            "推迟几天提醒",
            "select",
            {"0": "今天晚些时候", "1": "1天", "2": "2天", "3": "3天", "7": "7天"},
            True,
            "1",
        ),
    ),
}
NEWCOMERS: Mapping[str, tuple[Field, ...]] = {
    "found": (
        Field("name", "姓名", "text", required=True),
        Field("age", "年龄", "number"),
        Field("born", "出生日期", "date"),
        Field("id_number", "身份证号", "text", hint="没有户口、不知道号码的可不填"),
        Field("guardian", "监护人", "text"),
        Field("place", "住在哪里", "text", hint="写村名，例如：上坪村"),
        _NOTE,
    ),
    "transfer_in": (Field("name", "姓名", "text", required=True), Field("from", "从哪里转来", "text"), _ON),
}
"""Forms about a child who is not on the register yet."""


WELL, _WELL = "well", "在校正常"
"""Of a child who is back: in school, and nothing to report."""


def after_return(fields: Sequence[Field]) -> list[Field]:
    """The fields as they are asked about a child under observation: 在校正常 stands first, as on the card of a follow-up."""
    asked = {WELL: _WELL} | {code: word for code, word in OUTCOMES.items() if code not in ("agreed", "returned")}
    return [replace(field, choices=asked) if field is _OUTCOME else field for field in fields]


def outcome_of(slots: Mapping[str, Any]) -> dict[str, Any]:
    """在校正常 as it is kept: another outcome, with these words before what else was written."""
    if slots.get("outcome") != WELL:
        return dict(slots)
    return {**slots, "outcome": "other", "note": "，".join(filter(None, (_WELL, slots.get("note"))))}


def as_filled_in(slots: Mapping[str, Any]) -> dict[str, Any]:
    """What ``outcome_of`` kept, as it was filled in."""
    first, _, more = str(slots.get("note") or "").partition("，")
    well = slots.get("outcome") == "other" and first == _WELL
    return {**slots, "outcome": WELL, "note": more} if well else dict(slots)


def with_outcome(fields: Sequence[Field], outcome: str) -> list[Field]:
    """The fields with this outcome among those to choose from."""
    asked = {WELL: _WELL, **OUTCOMES}
    return [
        replace(f, choices={**(f.choices or {}), outcome: asked[outcome]}) if f.name == "outcome" and outcome in asked else f
        for f in fields
    ]  # fmt: skip


def units_of(desk: Desk, title: str, kind: str) -> Field:
    """One of the schools, or classes, within the units that the writer works for."""
    own = {id for post in desk.posts for id in desk.world.directory.below(post.unit)}
    found = [u for u in desk.world.directory.units.values() if u.kind == kind and u.id in own]
    return Field("unit", title, "select", {u.id: place_name(desk.world.directory, u.id) for u in found}, True)


def defaults(fields: Sequence[Field], today: dt.date) -> dict[str, str]:
    """What stands in the fields at first."""
    return {f.name: today.isoformat() if f.default == "today" else f.default for f in fields}


def slots_of(fields: Sequence[Field], form: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The slots given by a form, and for each field at fault a sentence."""
    slots: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in fields:
        raw = form.get(field.name, "").strip().replace("\r\n", "\n")
        if not raw:
            if field.required:
                faults[field.name] = f"请填写“{field.label}”。"
            continue
        if field.longest and len(raw) > field.longest:
            faults[field.name] = f"“{field.label}”写了{len(raw)}个字，最多{field.longest}个字，请删短一些。"
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
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 and 0 < int(raw) <= field.most else None
    return raw


def free_words(fields: Sequence[Field], slots: Mapping[str, Any]) -> str:
    """What somebody wrote in words of their own."""
    return "，".join(str(slots[f.name]) for f in fields if f.kind in ("text", "area") and f.name in slots)


def told(subject: str, title: str, fields: Sequence[Field], slots: Mapping[str, Any]) -> str:
    """What the form says, in words: kept as the message it stands for."""
    said = [f"{f.label}：{_shown(f, slots[f.name])}" for f in fields if f.name in slots]
    return f"{subject} {title}".strip() + (f"（{'；'.join(said)}）" if said else "")


def _shown(field: Field, value: Any) -> str:
    return (field.choices or {}).get(str(value), str(value))

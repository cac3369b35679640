"""改这一条: the form of a record about a child, filled in as it was recorded, and what it says instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, forms
from bot.pages.door import Outside, note, reads, writes
from bot.pages.pupil import known, links_of
from casework.facts import Fact, voided_of
from casework.people import Pupil
from casework.terms import say_day
from handlers import replacing, wording
from handlers.desk import Desk
from handlers.registry import REGISTRY

UNCHANGED = "和原来记的一样，没有改动。"


class _Half(Exception):
    """The old record was taken back and nothing written instead; ``page`` is what to answer."""

    def __init__(self, page: ResponseReturnValue) -> None:
        self.page = page


def add(routes: Blueprint) -> None:
    """``/m/record/<id>/amend``."""
    routes.add_url_rule("/record/<fact_id>/amend", "amend_form", form)
    routes.add_url_rule("/record/<fact_id>/amend", "amend", take, methods=["POST"])


def _own(desk: Desk, fact_id: str) -> tuple[Pupil, Fact]:
    """One's own record that stands and that a form can say otherwise, with its child; raises ``Outside``. A form that is sent
    twice finds it taken back by itself."""
    fact = desk.work.cases.fact(fact_id)
    if fact is None or not replacing.correctable(desk, fact):
        raise Outside(f"record:{fact_id}")
    pupil = known(desk, str(fact.pupil))
    facts = [f for f in desk.work.cases.facts(pupil.id) if not desk.source or f.source != desk.source]
    if fact.id in voided_of(facts):
        raise Outside(f"record:{fact_id}")
    return pupil, fact


def _fields(desk: Desk, pupil: Pupil, fact: Fact) -> Sequence[forms.Field]:
    """The fields as they are asked now, and what was recorded among the choices."""
    fields = forms.FORMS[replacing.ACTIONS[fact.kind]]
    back = desk.work.cases.case(pupil.id).state == "observed"
    return forms.with_outcome(forms.after_return(fields) if back else fields, _given(fact).get("outcome", ""))


@reads("pupil")
def form(desk: Desk, fact_id: str) -> ResponseReturnValue:
    """The form, filled in."""
    pupil, fact = _own(desk, fact_id)
    note("look", f"pupil:{pupil.id}")
    return _page(desk, pupil, fact, _given(fact), {})


def _given(fact: Fact) -> dict[str, str]:
    """What stands in the fields."""
    return {key: str(value) for key, value in forms.as_filled_in(replacing.filled(fact)).items() if value is not None}


def _page(
    desk: Desk, pupil: Pupil, fact: Fact, given: Mapping[str, str], faults: Mapping[str, str], refused: str = ""
) -> str:
    title = f"改这一条：{pupil.name}"
    hint = f"原来记的是：{say_day(fact.on, desk.today)}{wording.say_fact(fact, desk.today)}。改好后，原来的那条保留备查，不再计算。"
    return render_template(
        "m/form.html", title=title, hint=hint, button="改好了", action=url_for("pages.amend", fact_id=fact.id), fields=_fields(desk, pupil, fact),
        given=given, faults=faults, refused=refused, back=url_for("pages.pupil", pupil_id=pupil.id), leave="不改了",
    )  # fmt: skip


def take(fact_id: str) -> ResponseReturnValue:
    """Replace the record, or nothing: where something must be answered first, the old one stands until then."""
    try:
        return _take(fact_id=fact_id)
    except _Half as half:
        return half.page


@writes("pupil")
def _take(desk: Desk, fact_id: str) -> ResponseReturnValue:
    pupil, fact = _own(desk, fact_id)
    if acting.stopped():
        return redirect(url_for("pages.pupil", pupil_id=pupil.id), 303)
    fields = _fields(desk, pupil, fact)
    slots, faults = forms.slots_of(fields, request.form)
    if faults:
        return _page(desk, pupil, fact, request.form, faults), 422
    values = forms.outcome_of(slots)
    if _same(fact, values, fields):
        return acting.nothing(UNCHANGED, links_of(pupil))
    action = replacing.said_as(fact, pupil, values, {field.name for field in fields})
    words = f"改 {forms.told(pupil.name, REGISTRY[action.action].title, fields, slots)}"
    page = acting.take_in(
        desk, words, lambda: replacing.replaced(desk, pupil, fact, action, acting.line_of(desk, words)), links_of(pupil),
        again=lambda why: _page(desk, pupil, fact, request.form, {}, why),
    )  # fmt: skip
    if replacing.is_half(desk):
        raise _Half(page)
    return page


def _same(fact: Fact, values: Mapping[str, Any], fields: Sequence[forms.Field]) -> bool:
    was = replacing.filled(fact)
    return all((was.get(field.name) or None) == values.get(field.name) for field in fields)

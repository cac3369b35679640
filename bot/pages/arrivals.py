"""待接收: pupils who wait for a school's word, and the word itself (XY-16): received into a class, or not and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, forms
from bot.pages.door import Outside, note, reads, writes
from bot.pages.forms import Field
from casework.facts import Fact
from casework.people import Pupil
from handlers import arrivals, guard
from handlers.awaiting import all_waiting
from handlers.desk import Desk, Said
from handlers.places import place_name

TITLES = {"accept": "接收", "refuse": "不接收"}
NO_MORE = "没有记录：这名学生不在等你校确认的名单里，可能已经有人答复，或者原来的单位撤销了。"


def add(routes: Blueprint) -> None:
    """``/m/arrivals`` and its two forms."""
    routes.add_url_rule("/arrivals", "arrivals", show)
    routes.add_url_rule("/arrivals/<pupil_id>/<step>", "arrival", form)
    routes.add_url_rule("/arrivals/<pupil_id>/<step>", "answer_arrival", answer, methods=["POST"])


@reads("arrivals")
def show(desk: Desk) -> ResponseReturnValue:
    """Who waits for one's own school, and who for another."""
    note("look", "list:waiting")
    own = arrivals.own_school(desk)
    rows: dict[bool, list[tuple[Pupil, str, int, bool]]] = {True: [], False: []}
    for days, words, pupil, asked in all_waiting(desk):
        here = own is not None and asked.data["receiver"] == own.id
        rows[here].append((pupil, words, days, desk.scope.covers(pupil)))
    return render_template("m/arrivals.html", mine=rows[True], others=rows[False], own=own, titles=TITLES)


def _meant(desk: Desk, pupil_id: str, step: str) -> tuple[Pupil, Fact]:
    """The pupil who waits for the reader's school; whom it does not concern is as one who is not."""
    pupil, own = desk.work.people.pupil(pupil_id), arrivals.own_school(desk)
    asked = arrivals.awaited(desk, pupil) if pupil and own else None
    if step not in TITLES or pupil is None or own is None or asked is None or asked.data["receiver"] != own.id:
        raise Outside(f"arrival:{pupil_id}")
    return pupil, asked


def _fields(desk: Desk, asked: Fact, step: str) -> Sequence[Field]:
    if step == "refuse":
        return (Field("reason", "原因", "text", required=True, hint="会告知县教育局和原来的单位"),)
    directory = desk.world.directory
    rooms = {
        u: directory.units[u].name
        for u in directory.below(str(asked.data["receiver"]))
        if directory.units[u].kind == "class"
    }
    return (Field("room", "编入哪个班", "select", rooms, True),)


@reads("arrivals")
def form(desk: Desk, pupil_id: str, step: str) -> ResponseReturnValue:
    """The form of the word."""
    pupil, asked = _meant(desk, pupil_id, step)
    note("look", f"pupil:{pupil.id}")
    return _page(desk, pupil, asked, step, {}, {})


def _page(
    desk: Desk,
    pupil: Pupil,
    asked: Fact,
    step: str,
    given: Mapping[str, str],
    faults: Mapping[str, str],
    refused: str = "",
) -> str:
    before = place_name(desk.world.directory, pupil.class_id)
    hint = f"从{before}转来" if before else "县教育局安排到你校就读"
    return render_template(
        "m/form.html", title=f"{TITLES[step]}：{pupil.name}", hint=hint, button=TITLES[step],
        fields=_fields(desk, asked, step), given=given, faults=faults, refused=refused, back=url_for("pages.arrivals"),
        action=url_for("pages.answer_arrival", pupil_id=pupil.id, step=step),
    )  # fmt: skip


@writes("arrivals")
def answer(desk: Desk, pupil_id: str, step: str) -> ResponseReturnValue:
    """The school's word, by the same functions as in chat; whoever comes second hears that it has been said."""
    links = [("待接收名单", url_for("pages.arrivals")), ("我的待办", url_for("pages.todo"))]
    try:
        pupil, asked = _meant(desk, pupil_id, step)
    except Outside:
        return acting.nothing(NO_MORE, links)
    fields = _fields(desk, asked, step)
    slots, faults = forms.slots_of(fields, request.form)
    if faults:
        return _page(desk, pupil, asked, step, request.form, faults), 422

    def again(why: str) -> str:
        return _page(desk, pupil, asked, step, request.form, {}, why)

    def do() -> Said:
        if step == "refuse":
            return guard.with_alarm(desk, slots["reason"], arrivals.refuse(desk, pupil, asked, slots["reason"]))
        return arrivals.accept(desk, pupil, asked, desk.world.directory.units[slots["room"]])

    words = forms.told(pupil.name, TITLES[step], fields, slots)
    return acting.take_in(desk, words, do, links, url_for("pages.undo_last"), again)

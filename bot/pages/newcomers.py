"""Children who are not on the register yet: found out of school (FN-13, XY-33), or come from another school (XY-16)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, forms
from bot.pages.door import Outside, reads, writes
from handlers.desk import Desk
from handlers.registry import Row
from handlers.understanding.actions import Action, Mention


def add(routes: Blueprint) -> None:
    """``/m/new/found`` and ``/m/new/transfer_in``."""
    routes.add_url_rule("/new/<name>", "newcomer", show)
    routes.add_url_rule("/new/<name>", "enter_newcomer", enter, methods=["POST"])


@reads("newcomer")
def show(desk: Desk, name: str) -> ResponseReturnValue:
    """The form."""
    row = _row(desk, name)
    return _page(row, forms.defaults(forms.NEWCOMERS[name], desk.today), {})


def _row(desk: Desk, name: str) -> Row:
    row = next((row for row in acting.offered(desk, forms.NEWCOMERS) if row.action == name), None)
    if row is None:
        raise Outside(f"new:{name}")
    return row


def _page(row: Row, given: Mapping[str, str], faults: Mapping[str, str], refused: str = "") -> str:
    return render_template(
        "m/form.html", title=row.title, hint="", button=row.title, fields=forms.NEWCOMERS[row.action], given=given,
        faults=faults, refused=refused, action=url_for("pages.enter_newcomer", name=row.action), back=url_for("pages.pending"),
    )  # fmt: skip


@writes("newcomer")
def enter(desk: Desk, name: str) -> ResponseReturnValue:
    """Put the child on the register by the same action as in chat."""
    row = _row(desk, name)
    if acting.stopped():
        return redirect(url_for("pages.pending"), 303)
    slots, faults = forms.slots_of(forms.NEWCOMERS[name], request.form)
    if faults:
        return _page(row, request.form, faults), 422
    words = forms.told(str(slots["name"]), row.title, forms.NEWCOMERS[name], slots)
    students = (Mention(str(slots.pop("name")), ()),) if name == "transfer_in" else ()
    links = [("待劝返名单", url_for("pages.pending")), ("我的待办", url_for("pages.todo"))]
    return acting.act(
        desk, [Action(name, students, slots)], words, links, again=lambda why: _page(row, request.form, {}, why)
    )

"""待确认事项: a post over the whole county is given, and a child's data are erased, by two persons: one proposes, another
confirms."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import erasure, twofold
from bot.pages.door import Outside, from_where, reads, storage_of, writes
from casework.people import Post
from casework.terms import ROLES
from handlers.desk import Desk
from storage.proposals import Erasure, Proposal


def add(routes: Blueprint) -> None:
    """``/m/settings/waiting``."""
    routes.add_url_rule("/settings/waiting", "waiting", show)
    routes.add_url_rule("/settings/waiting/<id>", "decide", decide, methods=["POST"])


@reads("waiting")
def show(desk: Desk) -> ResponseReturnValue:
    """What waits for a second person."""
    return _page(desk)


def _page(desk: Desk, fault: str = "", done: str = "") -> str:
    known = desk.work.people.person
    rows = [
        (
            one,
            _said(desk, one.what),
            known(one.by),
            desk.writer.id not in _concerned(one),
            isinstance(one.what, Erasure),
            _child(desk, one.what),
        )
        for one in storage_of(desk).proposals.open()
    ]
    return render_template("m/settings_waiting.html", rows=rows, fault=fault, done=done)


def _child(desk: Desk, what: Post | Erasure) -> tuple[str, str] | None:
    """Which child is to be erased, so that nobody confirms it of another of the same name, and where to look first."""
    pupil = desk.work.people.pupil(what.pupil) if isinstance(what, Erasure) else None
    return (erasure.which(desk, pupil), url_for("pages.pupil", pupil_id=pupil.id)) if pupil and pupil.name else None


def _said(desk: Desk, what: Post | Erasure) -> str:
    if isinstance(what, Erasure):
        return erasure.said(desk, what)
    person = desk.work.people.person(what.person)
    return f"{person.name if person else what.person}（{what.person}）：{ROLES[what.role]}"


def for_second(desk: Desk) -> list[str]:
    """What waits for this person's own word, so that it does not hang on one message alone."""
    if not desk.reader.opens("waiting"):
        return []
    return [_said(desk, one.what) for one in storage_of(desk).proposals.open() if desk.writer.id not in _concerned(one)]


def _concerned(one: Proposal) -> tuple[str, ...]:
    """Who may not confirm it: who proposed it, and who gets the post."""
    return (one.by,) if isinstance(one.what, Erasure) else (one.by, one.what.person)


def decide(id: str) -> ResponseReturnValue:
    """Confirm or refuse. What an erasure has to look through is looked through before the transaction, files go after it."""
    if refused := _looked(id=id):
        return refused
    answer = _decided(id=id)
    erasure.finish()
    return answer


def _open(desk: Desk, id: str) -> Proposal:
    found = next((one for one in storage_of(desk).proposals.open() if one.id == id), None)
    if found is None:
        raise Outside(f"proposal:{id}")
    return found


@reads("waiting")
def _looked(desk: Desk, id: str) -> ResponseReturnValue:
    """Nothing, when this person may decide it."""
    what = _open(desk, id).what
    if isinstance(what, Erasure) and request.form.get("answer") == "yes":
        erasure.look_through(desk, what)
    return ""


@writes("waiting")
def _decided(desk: Desk, id: str) -> ResponseReturnValue:
    """Who proposed may only withdraw."""
    work, found = storage_of(desk), _open(desk, id)
    agreed, words = request.form.get("answer") == "yes", _said(desk, found.what)
    if agreed and desk.writer.id in _concerned(found):
        return _page(desk, "要由另一个人确认：提出的人和得到职务的人都不能自己确认。"), 422
    taken = work.proposals.take(id)
    if isinstance(found.what, Erasure):
        if taken and agreed:
            erasure.carry_out(desk, found, found.what)
        did, subject, detail = "erase", f"pupil:{found.what.pupil}", {"reason": found.what.reason}
    else:
        if taken and agreed:
            work.people.put_post(found.what)
        did, subject, detail = "post", f"person:{found.what.person}"[:80], {"role": found.what.role}
    did = f"{'confirm' if agreed else 'refuse'}_{did}"
    work.audit.note(desk.writer.id, did, subject, from_where(), {**detail, "proposed_by": found.by})
    if desk.writer.id == found.by:
        return _page(desk, done=f"已撤回：{words}。")
    if taken:
        twofold.tell_back(desk, found, agreed, words)
    return _page(desk, done=f"{'已确认' if agreed else '没有同意'}：{words}。{twofold.then(found, agreed)}")

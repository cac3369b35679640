"""两人确认: a post over the whole county is given by two persons, one who proposes and another who confirms.

Taking such a post away needs one alone: who has left must be out at once.
"""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages.door import Outside, from_where, here, reads, storage_of, writes
from casework.access import PAGES
from casework.people import COUNTY, Post
from casework.terms import ROLES
from handlers.desk import Desk
from storage.outbox import Outgoing


def add(routes: Blueprint) -> None:
    """``/m/settings/waiting``."""
    routes.add_url_rule("/settings/waiting", "waiting", show)
    routes.add_url_rule("/settings/waiting/<id>", "decide", decide, methods=["POST"])


def proposed_for(desk: Desk, person: str) -> list[tuple[str, str, dt.datetime]]:
    """The posts of that person that wait for a second one: the role, who proposed it and when."""
    known = desk.work.people.person
    mine = [one for one in storage_of(desk).proposals.open() if one.post.person == person]
    return [(ROLES[one.post.role], by.name if (by := known(one.by)) else one.by, one.at) for one in mine]


def propose(desk: Desk, post: Post) -> None:
    """Keep the post until another has confirmed it, and tell those who can; proposed again while it waits it stays one."""
    work = storage_of(desk)
    if any(one.post == post for one in work.proposals.open()):
        return
    id = work.proposals.propose(post, desk.writer.id)
    work.audit.note(desk.writer.id, "propose_post", f"person:{post.person}"[:80], from_where(), {"role": post.role})
    holders = {p for role in PAGES["waiting"].roles for p in desk.world.directory.holders(role, COUNTY, desk.today)} - {
        desk.writer.id
    }
    address = (here().settings.public_url or request.host_url).rstrip("/") + url_for("pages.waiting")
    text = f"{desk.writer.name}提出添加一个“{ROLES[post.role]}”职务，要您确认才生效。请核对本人后选择：{address}"
    for person in sorted(holders):
        work.outbox.queue(Outgoing(f"propose:{id}:{person}", person, text, desk.now))


@reads("waiting")
def show(desk: Desk) -> ResponseReturnValue:
    """What waits for a second person."""
    return _page(desk)


def _page(desk: Desk, fault: str = "", done: str = "") -> str:
    known = desk.work.people.person
    rows = [(one, known(one.post.person), known(one.by)) for one in storage_of(desk).proposals.open()]
    return render_template("m/settings_waiting.html", rows=rows, fault=fault, done=done)


@writes("waiting")
def decide(desk: Desk, id: str) -> ResponseReturnValue:
    """Confirm or refuse; who proposed may only withdraw."""
    work = storage_of(desk)
    found = next((one for one in work.proposals.open() if one.id == id), None)
    if found is None:
        raise Outside(f"proposal:{id}")
    agreed = request.form.get("answer") == "yes"
    if agreed and desk.writer.id in (found.by, found.post.person):
        return _page(desk, "要由另一个人确认：提出的人和得到职务的人都不能自己确认。"), 422
    if work.proposals.take(id) and agreed:
        work.people.put_post(found.post)
    did = "confirm_post" if agreed else "refuse_post"
    detail = {"role": found.post.role, "proposed_by": found.by}
    work.audit.note(desk.writer.id, did, f"person:{found.post.person}"[:80], from_where(), detail)
    person = desk.work.people.person(found.post.person)
    word = "已确认" if agreed else "已撤回" if desk.writer.id == found.by else "没有同意"
    return _page(desk, done=f"{word}：{person.name if person else found.post.person}，{ROLES[found.post.role]}。")

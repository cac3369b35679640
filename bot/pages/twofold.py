"""A post over the whole county is proposed by one person; another who is told of it confirms (``bot.pages.waiting``).

Taking such a post away needs one alone: who has left must be out at once.
"""

from __future__ import annotations

import datetime as dt

from flask import request, url_for

from bot.pages.door import from_where, here, storage_of
from casework.access import PAGES
from casework.people import COUNTY, Post
from casework.terms import ROLES
from handlers.desk import Desk
from storage.outbox import Outgoing
from storage.proposals import Erasure, Proposal


def proposed_for(desk: Desk, person: str) -> list[tuple[str, str, dt.datetime]]:
    """The posts of that person that wait for a second one: the role, who proposed it and when."""
    known = desk.work.people.person
    posts = [(one, one.what) for one in storage_of(desk).proposals.open() if isinstance(one.what, Post)]
    return [
        (ROLES[post.role], by.name if (by := known(one.by)) else one.by, one.at)
        for one, post in posts
        if post.person == person
    ]


def propose(desk: Desk, post: Post) -> None:
    """Keep the post until another has confirmed it, and tell those who can; proposed again while it waits it stays one."""
    work = storage_of(desk)
    if any(one.what == post for one in work.proposals.open()):
        return
    id = work.proposals.propose(post, desk.writer.id)
    work.audit.note(desk.writer.id, "propose_post", f"person:{post.person}"[:80], from_where(), {"role": post.role})
    tell(desk, id, f"提出添加一个“{ROLES[post.role]}”职务，要您确认才生效。请核对本人后选择")


def tell(desk: Desk, id: str, words: str) -> None:
    """Those who can confirm hear what was proposed and where."""
    holders = {p for role in PAGES["waiting"].roles for p in desk.world.directory.holders(role, COUNTY, desk.today)} - {
        desk.writer.id
    }
    address = (here().settings.public_url or request.host_url).rstrip("/") + url_for("pages.waiting")
    for person in sorted(holders):
        text = f"{desk.writer.name}{words}：{address}"
        storage_of(desk).outbox.queue(Outgoing(f"propose:{id}:{person}", person, text, desk.now))


def then(one: Proposal, agreed: bool) -> str:
    """What has come of it and what is to be done next."""
    if isinstance(one.what, Erasure):
        return "已经删除，不能恢复。请书面答复申请人。" if agreed else "没有删除。请书面答复申请人并说明理由。"
    return "职务已经生效。" if agreed else ""


def tell_back(desk: Desk, one: Proposal, agreed: bool, words: str) -> None:
    """Who proposed hears what the second person decided; a child whose data are gone is not named again."""
    what = f"删除一名学生的个人信息（{one.what.reason}）" if isinstance(one.what, Erasure) else words
    decided = "已由{}确认。" if agreed else "{}没有同意。"
    text = f"您提出的{what}，{decided.format(desk.writer.name)}{then(one, agreed)}"
    storage_of(desk).outbox.queue(Outgoing(f"decided:{one.id}", one.by, text, desk.now))

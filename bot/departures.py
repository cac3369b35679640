"""Who leaves the corporation's directory leaves the program at once: chat, pages, posts, and what was open goes on to others.

WeChat Work tells of it by ``change_contact`` where the app may hear of the directory (path/96302: ``delete_user``,
``update_user`` with ``Status`` or ``NewUserID``), and every app by ``unsubscribe``, which also comes when the app is only
hidden from a member for a while: that shuts the account and keeps its posts, and ``subscribe`` opens it again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.wecom.messages import Inbound
from casework.access import GUARDED
from casework.people import COUNTY, Person, Post
from casework.terms import ROLES
from handlers.places import place_name
from storage.outbox import Outgoing
from storage.store import Work

DISABLED, LEFT = "2", "5"  # Status of a member (path/96302): shut by the corporation, gone from it
PLACE = "directory"
HIDDEN, SHOWN = "directory_hidden", "directory_shown"


def heard(work: Work, inbound: Inbound) -> None:
    """Take in what an event says about a member of staff; other events and people who are not on the list change nothing."""
    changed = inbound.event == "change_contact" and inbound.user == "sys"
    userid = inbound.member if changed else inbound.user
    person = _person(work, userid) if changed or inbound.event in ("subscribe", "unsubscribe") else None
    if person is None:
        return
    if inbound.event == "unsubscribe" or (inbound.change == "update_user" and inbound.status == DISABLED):
        _hide(work, person)
    elif inbound.event == "subscribe" or (inbound.change == "update_user" and inbound.status == "1"):
        _show(work, person)
    elif inbound.change == "delete_user" or inbound.status == LEFT:
        _tell(work, person, leave(work, person), "")
        work.audit.note("sys", "directory_left", f"person:{person.id}"[:80], PLACE)
    if changed and inbound.change == "update_user" and inbound.new_member not in ("", person.id):
        _rename(work, person, inbound.new_member)


def leave(work: Work, person: Person) -> list[Post]:
    """Shut an account for good: its posts end with yesterday, so that somebody else answers for its pupils today.

    Returns the posts that were ended.
    """
    today = work.now.date()
    ended = [post for post in work.people.posts(person.id) if post.until is None or post.until >= today]
    for post in ended:
        if post.since is not None and post.since >= today:
            work.people.drop_post(post)
        else:
            work.people.put_post(replace(post, until=today - dt.timedelta(days=1)))
    work.people.put_person(replace(person, active=False))
    return ended


def _person(work: Work, userid: str) -> Person | None:
    """By userid; WeChat Work does not tell large letters from small ones in it (path/90236)."""
    exact = work.people.person(userid) if userid else None
    return exact or next((p for p in work.people.everyone() if p.id.lower() == userid.lower()), None)


def _hide(work: Work, person: Person) -> None:
    if person.active:
        work.people.put_person(replace(person, active=False))
        work.audit.note("sys", HIDDEN, f"person:{person.id}"[:80], PLACE)


def _show(work: Work, person: Person) -> None:
    """Open an account again that the directory alone had shut, and nobody here."""
    about = [t.did for t in work.audit.of(f"person:{person.id}"[:80]) if t.did in (HIDDEN, SHOWN, "deactivate")]
    if not person.active and about[:1] == [HIDDEN]:
        work.people.put_person(replace(person, active=True))
        work.audit.note("sys", SHOWN, f"person:{person.id}"[:80], PLACE)


def _rename(work: Work, person: Person, userid: str) -> None:
    """The same member under another userid: the posts go over, those over the whole county by two persons again."""
    if (known := work.people.person(userid)) is not None and known.name != person.name:
        return
    ended = leave(work, person)
    work.people.put_person(Person(userid, person.name, True), work.people.phone(person.id))
    today = work.now.date()
    for post in ended:
        if post.role not in GUARDED:
            since = max(post.since, today) if post.since else today
            work.people.put_post(replace(post, person=userid, since=since))
    work.audit.note("sys", "directory_renamed", f"person:{person.id}"[:80], PLACE, {"now": userid})
    _tell(work, person, [post for post in ended if post.role in GUARDED], f"，新账号是{userid}")


def _tell(work: Work, person: Person, ended: list[Post], now: str) -> None:
    """Those who give posts hear which ones have nobody any more."""
    if not ended:
        return
    directory, today = work.world.directory, work.now.date()
    posts = "、".join(f"{place_name(directory, post.unit) or '全县'}{ROLES[post.role]}" for post in ended)
    text = (
        f"{person.name}的企业微信账号已变动或离开通讯录{now}，账号已停用，职务已结束：{posts}。"
        "请在网页“设置/教职工”里为这些职务安排人；没有人之前，提醒发给上一级。"
    )
    for holder in {p for role in GUARDED for p in directory.holders(role, COUNTY, today)} - {person.id}:
        work.outbox.queue(Outgoing(f"left:{person.id}:{today}:{holder}"[:150], holder, text, work.now))

"""The roster of staff: who holds which role where. A person with several posts has several rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.rosters import cells
from bot.rosters.cells import Wrong, given, needed
from bot.rosters.places import Places
from bot.rosters.plan import BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row, plain
from casework.access import GUARDED
from casework.people import COUNTY, Person, Post
from casework.scope import LEVEL
from casework.terms import ROLES
from storage.store import Store, Work

CLAUSES = {"XY-3": ("record",), "LC-1": ("record",), "FJ-26": ("record",)}
REQUIRED = ("姓名", "企业微信账号", "角色", "单位")
OPTIONAL = ("手机号",)
ROLE_OF = {word: role for role, word in ROLES.items()}
_SEVERAL = re.compile(r"[、,，;；]")
_WHOLE_COUNTY = ("全县", "县", "本县", "县教育局", "教育局")


@dataclass(frozen=True, slots=True)
class Member:
    """One row: a person, the posts it gives them, and their telephone number where it stands there."""

    person: Person
    posts: tuple[Post, ...]
    phone: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds already."""

    places: Places
    people: dict[str, Person]
    phones: dict[str, str]
    posts: frozenset[Post]


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change. A post that the file does not name stays: it is ended by a change of post."""
    with store.look(now) as work:
        people = {person.id: person for person in work.people.everyone()}
        known = Known(Places(work.people.units()), people, work.people.phones(), frozenset(work.people.posts()))
    bad: list[BadRow] = []
    members: list[Member] = []
    named: dict[str, tuple[str, int]] = {}
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for done, row in enumerate(roster.rows, 1):
        checked(done)
        try:
            member = _member(row, known)
            _same_name(member, named)
        except Wrong as error:
            bad.append(BadRow(row.number, error.column, str(error)))
            continue
        userid = member.person.id
        first = userid not in named
        named.setdefault(userid, (member.person.name, row.number))
        counts[_news(member, known, first)] += 1
        members.append(member)
    waiting = {post.person for post in _proposed(members, known, now.date())}
    names = "、".join(people[id].name if id in people else named[id][0] for id in sorted(waiting))
    notes = () if not waiting else (
        f"{names}的全县职务还没有生效，要由一位管理员或县教育局人员在网页上确认：/m/settings/waiting。",
    )  # fmt: skip
    return Plan(counts["added"], counts["changed"], counts["unchanged"], bad, [(members, known)], _write, notes)


def _member(row: Row, known: Known) -> Member:
    name = needed(row, "姓名", cells.name)
    userid = needed(row, "企业微信账号", _userid)
    role = needed(row, "角色", _role)
    if not row["单位"] and LEVEL[role] == "county":
        raise Wrong(_whole_county(role, known), "单位")
    posts = needed(row, "单位", lambda text: tuple(_post(userid, role, place, known) for place in _SEVERAL.split(text)))
    return Member(Person(userid, name), posts, given(row, "手机号", cells.phone))


def _userid(text: str) -> str:
    userid = plain(text)
    if not re.fullmatch(r"[\w.@\-]{1,64}", userid, re.ASCII):
        raise Wrong("应由字母、数字和 _-@. 组成，最多64个，与企业微信通讯录中的账号一致")
    return userid


def _same_name(member: Member, named: dict[str, tuple[str, int]]) -> None:
    before = named.get(member.person.id)
    if before is not None and before[0] != member.person.name:
        raise Wrong(f"与第{before[1]}行是同一个账号，姓名却不同", "企业微信账号")


def _role(text: str) -> str:
    word = plain(text)
    if word not in ROLE_OF:
        raise Wrong(f"不认识“{word}”，可填：{'、'.join(ROLE_OF)}")
    return ROLE_OF[word]


def _post(userid: str, role: str, place: str, known: Known) -> Post:
    level = LEVEL[role]
    if level != "county":
        return Post(userid, role, known.places.find(place, level).id)
    if plain(place) not in (*_WHOLE_COUNTY, known.places.county_name, known.places.county_name + "教育局"):
        raise Wrong(_whole_county(role, known))
    return Post(userid, role, COUNTY)


def _whole_county(role: str, known: Known) -> str:
    return f"{ROLES[role]}的单位应写“{known.places.county_name or '全县'}”"


def _news(member: Member, known: Known, first: bool) -> str:
    """Whether a row adds a person, changes one, or says nothing new."""
    id = member.person.id
    if id not in known.people:
        return "added" if first else "changed"
    same_phone = member.phone is None or member.phone == known.phones.get(id)
    same = known.people[id] == member.person and same_phone and known.posts.issuperset(member.posts)
    return "unchanged" if same else "changed"


def _write(work: Work, piece: tuple[list[Member], Known]) -> None:
    members, known = piece
    people = {member.person.id: member.person for member in members}
    phones = {member.person.id: member.phone for member in members if member.phone is not None}
    fresh_phones = {id: phone for id, phone in phones.items() if known.phones.get(id) != phone}
    changed = [person for id, person in people.items() if known.people.get(id) != person or id in fresh_phones]
    work.people.put_people(changed, fresh_phones)
    fresh = sorted({p for m in members for p in m.posts} - known.posts, key=lambda p: (p.person, p.unit))
    proposed = _proposed(members, known, work.now.date())
    waiting = [one.post for one in work.proposals.open()]
    for post in (p for p in proposed if p not in waiting):
        work.proposals.propose(post, "command")
        work.audit.note("command", "propose_post", f"person:{post.person}"[:80], "command", {"role": post.role})
    work.people.put_posts([p for p in fresh if p not in proposed])


def _proposed(members: list[Member], known: Known, today: dt.date) -> list[Post]:
    """Once somebody holds a post over the whole county, another is given by two persons: these the file only proposes."""
    begun = any(p.role in GUARDED and p.holds(today) for p in known.posts)
    fresh = {p for m in members for p in m.posts} - known.posts
    return sorted((p for p in fresh if begun and p.role in GUARDED), key=lambda p: (p.person, p.unit))


KIND = Kind(REQUIRED, OPTIONAL, plan)

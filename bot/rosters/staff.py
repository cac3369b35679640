"""The roster of staff: who holds which role where. A person with several posts has several rows."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.rosters import cells
from bot.rosters.cells import Wrong, given, needed
from bot.rosters.places import Places
from bot.rosters.plan import NAMED, YEAR_BEGINS, BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row, plain
from casework.access import GUARDED
from casework.calendar import DAY
from casework.people import COUNTY, Person, Post
from casework.scope import LEVEL
from casework.terms import ROLES, say_day
from storage.store import Store, Work

CLAUSES = {"XY-3": ("record",), "LC-1": ("record",), "FJ-26": ("record",)}
REQUIRED = ("姓名", "企业微信账号", "角色", "单位")
OPTIONAL = ("手机号",)
TEACHER = "teacher"
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
    today: dt.date

    def holds(self, post: Post) -> bool:
        """Whether that person has that post already, from whatever day on."""
        same = (p for p in self.posts if (p.person, p.role, p.unit) == (post.person, post.role, post.unit))
        return any(not p.deputy_for and (p.until is None or p.until >= self.today) for p in same)

    def begun(self, post: Post) -> Post:
        """A new post; one at a unit where others have held that post before begins today, so that their days stay theirs."""
        before = any((p.role, p.unit) == (post.role, post.unit) and not p.deputy_for for p in self.posts)
        return replace(post, since=self.today) if before and post.role == TEACHER else post


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change. A post that the file does not name stays, but that of a class teacher whose class
    the file gives to another one, or who by the lists of the summer has another class."""
    with store.look(now) as work:
        people = {person.id: person for person in work.people.everyone()}
        known = Known(
            Places(work.people.units()), people, work.people.phones(), frozenset(work.people.posts()), now.date()
        )
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
    hand = _handed_over(members, known, now.date())
    proposed = _proposed(members, known, now.date())
    waiting = {post.person for post in proposed}
    guarded = tuple(people[id].name if id in people else named[id][0] for id in sorted(waiting))
    notes = (*_say_new(members, known, proposed), *_say_hand_over(hand, members, known, now.date()))
    if waiting:
        notes += (
            f"{'、'.join(guarded)}的全县职务还没有生效，要由一位管理员或县教育局人员在网页上确认：/m/settings/waiting。",
        )
    pieces = [(members, known, hand)]
    return Plan(counts["added"], counts["changed"], counts["unchanged"], bad, pieces, _write, notes, guarded=guarded)


def _handed_over(members: list[Member], known: Known, today: dt.date) -> tuple[Post, ...]:
    """The posts of class teachers that end: of a class that the file gives to another one; in the months in which a school
    year begins also of a class that nobody has in the file, while its teacher has another one there."""
    given: dict[str, set[str]] = {}
    for post in (p for m in members for p in m.posts if p.role == TEACHER):
        given.setdefault(post.unit, set()).add(post.person)
    busy = {person for people in given.values() for person in people} if today.month in YEAR_BEGINS else set[str]()
    held = [p for p in known.posts if p.role == TEACHER and not p.deputy_for and p.holds(today)]
    ends = [
        p for p in held if p.person not in given.get(p.unit, (p.person,)) or (p.unit not in given and p.person in busy)
    ]
    return tuple(sorted(ends, key=lambda p: (p.unit, p.person)))


def _say_new(members: list[Member], known: Known, proposed: list[Post]) -> Iterator[str]:
    """How many posts of each kind are new, those that wait for a second person left out."""
    many = Counter(post.role for post in _fresh(members, known) if post not in proposed)
    if many:
        yield f"新增岗位：{'、'.join(f'{word}{many[role]}' for role, word in ROLES.items() if many[role])}。"


def _say_hand_over(hand: tuple[Post, ...], members: list[Member], known: Known, today: dt.date) -> Iterator[str]:
    if not hand:
        return
    names = {id: person.name for id, person in known.people.items()} | {m.person.id: m.person.name for m in members}
    takes = {p.unit: m.person.name for m in members for p in m.posts if p.role == TEACHER}
    said = sorted(
        f"{'/'.join(known.places.path(p.unit)[-2:])} {names.get(p.person, p.person)}→{takes.get(p.unit, '（无）')}"
        for p in hand
    )
    more = "等" if len(said) > NAMED else ""
    yield f"班主任有{len(hand)}个班换人，原班主任任职到{say_day(today - DAY, today)}为止：{'；'.join(said[:NAMED])}{more}。"


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
    same = known.people[id] == member.person and same_phone and all(known.holds(post) for post in member.posts)
    return "unchanged" if same else "changed"


def _write(work: Work, piece: tuple[list[Member], Known, tuple[Post, ...]]) -> None:
    members, known, hand = piece
    people = {member.person.id: member.person for member in members}
    phones = {member.person.id: member.phone for member in members if member.phone is not None}
    fresh_phones = {id: phone for id, phone in phones.items() if known.phones.get(id) != phone}
    changed = [person for id, person in people.items() if known.people.get(id) != person or id in fresh_phones]
    work.people.put_people(changed, fresh_phones)
    fresh = _fresh(members, known)
    proposed = _proposed(members, known, work.now.date())
    waiting = [one.what for one in work.proposals.open()]
    for post in (p for p in proposed if p not in waiting):
        work.proposals.propose(post, "command")
        work.audit.note("command", "propose_post", f"person:{post.person}"[:80], "command", {"role": post.role})
    for post in (p for p in hand if p.since == known.today):
        work.people.drop_post(post)  # put by a list of the same day that was wrong
    ended = [replace(p, until=known.today - DAY) for p in hand if p.since != known.today]
    work.people.put_posts([*ended, *(known.begun(p) for p in fresh if p not in proposed)])


def _fresh(members: list[Member], known: Known) -> list[Post]:
    posts = {p for m in members for p in m.posts if not known.holds(p)}
    return sorted(posts, key=lambda p: (p.person, p.role, p.unit))


def _proposed(members: list[Member], known: Known, today: dt.date) -> list[Post]:
    """Once somebody holds a post over the whole county, another is given by two persons: these the file only proposes."""
    begun = any(p.role in GUARDED and p.holds(today) for p in known.posts)
    return [p for p in _fresh(members, known) if begun and p.role in GUARDED]


KIND = Kind(REQUIRED, OPTIONAL, plan)

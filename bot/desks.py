"""Whose desk: who writes or looks, in which posts, what they may see, and what lies at hand for them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.papers import book
from casework.people import Person, Post
from casework.scope import Scope
from handlers.desk import Desk
from handlers.understanding.actions import Action
from reports.own_words import names
from storage.links import Link
from storage.store import Work

_NUMBERS = itertools.count()


def desk_for(
    work: Work,
    userid: str,
    source: str,
    unattended: bool = False,
    understood: Mapping[str, Sequence[Action]] | None = None,
) -> Desk | None:
    """The desk of a member of staff, None for one who is not on the list, has left, or holds no post today."""
    person = work.people.person(userid)
    today = work.now.date()
    if person is None or not person.active:
        return None
    posts = tuple(sorted(work.world.directory.posts_of(person.id, today), key=_reach))
    if not posts:
        return None
    scope = work.world.directory.scope_of(person.id, today)
    if graduates := _not_handed_over(work, person.id, posts):
        scope = replace(scope, lent=graduates)
    known = understood or {}
    return Desk(
        work, person, posts, scope, source, _ids(work), book, understood=known, unattended=unattended, columns=names,
        issuers=issuers_of,
    )  # fmt: skip


def _not_handed_over(work: Work, person: str, posts: Sequence[Post]) -> frozenset[str]:
    """The graduates in a junior class whom the person's primary school must bring there (XY-40): it has to see them."""
    units = work.world.directory.units
    primary = [p for p in posts if p.role in ("school", "principal") and units[p.unit].stage != "junior"]
    owed = work.cases.owed_under(("handover",)) if primary else ()
    return frozenset(d.pupil for d in owed if d.pupil and person in d.who)


def desk_of_link(work: Work, link: Link, source: str) -> Desk:
    """The desk of a department that opened its dated link: no post, and nothing in reach but what it is asked."""
    return Desk(work, Person(f"link:{link.id}", link.department), (), Scope(), source, _ids(work), book)


def _ids(work: Work) -> Callable[[], str]:
    salt = os.urandom(4).hex()

    def new_id() -> str:
        # Ids of one moment sort in the order in which they were made, those of two messages in one minute of a
        # replay too: undo and history rely on it.
        return f"{work.now:%Y%m%d%H%M%S%f}-{next(_NUMBERS):09d}-{salt}"

    return new_id


def issuers_of(paper: str) -> Sequence[str]:
    """The kinds of unit that may make that paper."""
    from reports.catalogue import catalogue  # with all the papers: most messages ask for none

    return catalogue()[paper].issuers


_ORDER = ("teacher", "subject_teacher", "school", "principal", "village", "township", "county", "admin")


def _reach(post: Post) -> int:
    return _ORDER.index(post.role)

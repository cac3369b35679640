"""How long the words of messages are kept: as long as they serve, then they go; facts, trail and counts stay.

A message is needed word for word while somebody may ask what was meant by it (undo, disputes about a date); what
follows from it stands in facts. 个人信息保护法 art. 19 asks for the shortest time; the number is the county's to set.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from storage import tables
from storage.session import Session

inbox, unknowns, outbox, talks = tables.inbox, tables.unknowns, tables.outbox, tables.talks
AT_ONCE = 5000
"""Rows blanked in one transaction, so that nobody waits for it."""


def forget_words(session: Session, before: dt.datetime) -> int:
    """Blank the words of messages older than ``before`` (the county's clock); returns how many rows were blanked.

    Keys stay, so a late retry of an old message is still known; letters that wait are left alone.
    """
    old_in = sa.and_(session.here(inbox), inbox.c.at < before, inbox.c.words.is_not(None))
    keys = sa.select(inbox.c.key).where(old_in).limit(AT_ONCE)
    count = session.run(
        sa.update(inbox).where(session.here(inbox), inbox.c.key.in_(keys)).values(words=None, reply=None)
    ).rowcount
    done_with = sa.and_(outbox.c.queued < before, outbox.c.state != "waiting", outbox.c.content.is_not(None))
    ids = sa.select(outbox.c.id).where(session.here(outbox), done_with).limit(AT_ONCE)
    count += session.run(
        sa.update(outbox).where(session.here(outbox), outbox.c.id.in_(ids)).values(content=None)
    ).rowcount
    count += session.run(sa.delete(unknowns).where(session.here(unknowns), unknowns.c.at < before)).rowcount
    count += session.run(sa.delete(talks).where(session.here(talks), talks.c.expires < before)).rowcount
    return int(count)

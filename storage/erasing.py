"""A child's right to be forgotten, set against facts that are never deleted (个人信息保护法 art. 47; faults 40).

The pupil's key is destroyed, so that no sealed word, number or address can be read again; the row of the
register is blanked; texts of messages that name the child are blanked; photos and files are removed. Facts,
duties and the trail remain, naming nobody.

A county's year of messages is opened one by one to find the name, which takes seconds. So they are looked through before
the transaction, in which only those are opened that have come since: nobody who writes waits for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.pupils import erase_row
from storage.session import Session, chunks
from storage.store import Work

inbox, unknowns, outbox, talks = tables.inbox, tables.unknowns, tables.outbox, tables.talks
evidence, facts, reports = tables.evidence, tables.facts, tables.reports_frozen
_MARGIN = dt.timedelta(hours=1)
"""How much later a message may be committed than it says that it came."""


@dataclass(frozen=True, slots=True)
class _Texts:
    """A table of messages: its key, the columns with words, where they are sealed, and when a row came."""

    table: sa.Table
    key: sa.Column[str]
    columns: tuple[str, ...]
    identity: str
    at: sa.Column[Any] | None = None


_TEXTS = (
    _Texts(inbox, inbox.c.key, ("words", "reply"), "inbox/{}/{}", inbox.c.at),
    _Texts(unknowns, unknowns.c.id, ("words",), "unknowns/{}", unknowns.c.at),
    _Texts(outbox, outbox.c.key, ("content",), "outbox/{}", outbox.c.queued),
    _Texts(talks, talks.c.person, ("state",), "talks/{}"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """The messages that have a name in them, by table, and until when each table had been looked through."""

    name: str
    ids: Mapping[str, Sequence[str]]
    until: Mapping[str, dt.datetime]


def messages_naming(session: Session, name: str, since: Named | None = None) -> Named:
    """Look through all messages for a name, or through those that came since an earlier look for the same."""
    found, until = dict[str, Sequence[str]](), dict[str, dt.datetime]()
    for texts in _TEXTS:
        table = texts.table.name
        seen = since.until.get(table) if since and since.name == name else None
        found[table], last = _naming(session, texts, name, seen - _MARGIN if seen else None)
        if last is not None:
            until[table] = last
    return Named(name, found, until)


def _naming(
    session: Session, texts: _Texts, name: str, since: dt.datetime | None
) -> tuple[list[str], dt.datetime | None]:
    own, at = session.sealer.own, texts.at if texts.at is not None else sa.null()
    query = sa.select(texts.key, at, *(texts.table.c[column] for column in texts.columns))
    query = query.where(session.here(texts.table))
    if since is not None and texts.at is not None:
        query = query.where(texts.at >= since)
    naming, last = list[str](), None
    for row in session.run(query.execution_options(yield_per=1000)):
        last = max(last, row[1]) if last and row[1] else row[1] or last
        sealed = (
            (value, texts.identity.format(row[0], column)) for value, column in zip(row[2:], texts.columns, strict=True)
        )
        if any(value is not None and name in own.open_text(value, where) for value, where in sealed):
            naming.append(row[0])
    return naming, last


def erase(work: Work, pupil_id: str, by: str, named: Named | None = None) -> list[str]:
    """Erase a pupil; returns the paths of the files to remove from the folder once this is committed.

    ``named``: what an earlier look found. Messages are looked through for the name, so one about another child of the same
    name is blanked too: its facts stay. Raises ``LookupError`` for an unknown id.
    """
    pupil = work.people.pupil(pupil_id)
    if pupil is None:
        raise LookupError(pupil_id)
    session = work.session
    if pupil.name:
        lately, before = (
            messages_naming(session, pupil.name, named),
            named if named and named.name == pupil.name else None,
        )
        for texts in _TEXTS:
            ids = [*lately.ids[texts.table.name], *(before.ids[texts.table.name] if before else ())]
            _blank(session, texts.table, texts.key, list(dict.fromkeys(ids)), texts.columns)
    paths = _drop_evidence(session, pupil_id)
    erase_row(session, pupil_id)
    work.ready.drop()
    work.cases.refresh(pupils=[pupil_id])
    work.audit.note(by, "erase", f"pupil:{pupil_id}")
    return paths


def _blank(session: Session, table: sa.Table, key: sa.Column[str], ids: Sequence[str], columns: Iterable[str]) -> None:
    for batch in chunks(ids):
        condition = sa.and_(session.here(table), key.in_(batch))
        if table in (talks, unknowns):  # without its words a message that was not understood asks nothing of anybody
            session.run(sa.delete(table).where(condition))
        elif table is outbox:
            # Nothing without its text may leave.
            state = sa.case((outbox.c.state == "waiting", "expired"), else_=outbox.c.state)
            session.run(sa.update(table).where(condition).values(content=None, state=state))
        else:
            session.run(sa.update(table).where(condition).values(dict.fromkeys(columns)))


def _drop_evidence(session: Session, pupil_id: str) -> list[str]:
    mine = sa.and_(session.here(evidence), evidence.c.pupil_id == pupil_id)
    rows = session.run(sa.select(evidence.c.id, evidence.c.path).where(mine, evidence.c.path.is_not(None))).all()
    session.run(sa.update(evidence).where(mine).values(state="lost", path=None, media=None, sha256=None))
    return [session.sealer.own.open_text(row.path, f"evidence/{row.id}/path") for row in rows]

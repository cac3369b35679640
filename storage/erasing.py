"""A child's right to be forgotten, set against facts that are never deleted (个人信息保护法 art. 47; faults 40).

The pupil's key is destroyed, so that no sealed word, number or address can be read again; the row of the
register is blanked; texts of messages that name the child are blanked; photos and files are removed. Facts,
duties and the trail remain, naming nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from storage import tables
from storage.pupils import erase_row
from storage.session import Session, chunks
from storage.store import Work

inbox, unknowns, outbox, talks = tables.inbox, tables.unknowns, tables.outbox, tables.talks
evidence, facts, reports = tables.evidence, tables.facts, tables.reports_frozen


def erase(work: Work, pupil_id: str, by: str) -> list[str]:
    """Erase a pupil; returns the paths of the files to remove from the folder once this is committed.

    Messages are looked through for the name, so one about another child of the same name is blanked too: its
    facts stay. Raises ``LookupError`` for an unknown id.
    """
    pupil = work.people.pupil(pupil_id)
    if pupil is None:
        raise LookupError(pupil_id)
    session = work.session
    if pupil.name:
        _blank_messages(session, pupil.name)
    paths = _drop_evidence(session, pupil_id)
    erase_row(session, pupil_id)
    work.ready.drop()
    work.cases.refresh(pupils=[pupil_id])
    work.audit.note(by, "erase", f"pupil:{pupil_id}")
    return paths


def _blank_messages(session: Session, name: str) -> None:
    own = session.sealer.own
    for table, key, columns, identity in (
        (inbox, inbox.c.key, ("words", "reply"), "inbox/{}/{}"),
        (unknowns, unknowns.c.id, ("words",), "unknowns/{}"),
        (outbox, outbox.c.key, ("content",), "outbox/{}"),
        (talks, talks.c.person, ("state",), "talks/{}"),
    ):
        naming: list[str] = []
        query = sa.select(key, *(table.c[column] for column in columns)).where(session.here(table))
        for row in session.run(query.execution_options(yield_per=1000)):
            sealed = [(value, identity.format(row[0], column)) for value, column in zip(row[1:], columns, strict=True)]
            if any(value is not None and name in own.open_text(value, where) for value, where in sealed):
                naming.append(row[0])
        _blank(session, table, key, naming, columns)


def _blank(session: Session, table: sa.Table, key: sa.Column[str], ids: Sequence[str], columns: Iterable[str]) -> None:
    for batch in chunks(ids):
        condition = sa.and_(session.here(table), key.in_(batch))
        if table is talks:
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

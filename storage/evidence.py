"""Photos and files: noted with the message, fetched by a job after it, kept sealed with hash, time and sender.

WeChat Work keeps media for three days; until they are fetched they stand as ``wanted``. The files lie in one
folder that all hosts share; each is sealed, with its own id as associated data.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.sealing import Sealer
from storage.session import Session, chunks, new_id

evidence = tables.evidence


@dataclass(frozen=True, slots=True)
class Piece:
    """A photo or file. ``state`` is ``wanted`` (to be fetched), ``kept`` or ``lost`` (gone before it was fetched).

    ``signed``: its sender says that it is the paper itself with its signatures.
    """

    id: str
    by: str
    at: dt.datetime
    kind: str
    state: str
    media: str | None = None
    pupil: str | None = None
    fact: str | None = None
    report: str | None = None
    sha256: str | None = None
    size: int | None = None
    type: str | None = None
    path: str | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as written to the folder: relative path, hash of the content, size in bytes, content type."""

    path: str
    sha256: str
    size: int
    type: str


class Folder:
    """The folder of sealed files. No transaction is needed or held while a file is written or read."""

    def __init__(self, root: Path, sealer: Sealer) -> None:
        self._root = root
        self._sealer = sealer

    def write(self, id: str, content: bytes, type: str) -> Stored:
        """Seal and write the content of a piece of evidence; complete on disk when this returns."""
        path = Path(id[-2:]) / f"{id}.sealed"
        target = self._root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(f".{os.getpid()}")
        with half.open("wb") as file:
            file.write(self._sealer.own.seal(content, f"file/{id}"))
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
        return Stored(str(path), hashlib.sha256(content).hexdigest(), len(content), type)

    def read(self, piece: Piece) -> bytes:
        """The content. Raises ``FileNotFoundError`` when it is not there, ``SealBroken`` when it was changed."""
        if piece.path is None:
            raise FileNotFoundError(piece.id)
        return self._sealer.own.open((self._root / piece.path).read_bytes(), f"file/{piece.id}")

    def remove(self, path: str) -> None:
        (self._root / path).unlink(missing_ok=True)


class Evidence:
    """Photos and files: what was sent, by whom, to which record."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def expect(self, media: str, by: str, kind: str, pupil: str | None = None, fact: str | None = None) -> str:
        """Note a photo or file that came with a message and is still to be fetched; returns its id."""
        id = new_id(self._session.now)
        row = {
            "county_id": self._session.county,
            "id": id,
            "person": by,
            "at": self._session.now,
            "kind": kind,
            "media": media,
            "pupil_id": pupil,
            "fact_id": fact,
            "state": "wanted",
        }
        self._session.run(sa.insert(evidence), row)
        return id

    def bring(self, id: str, stored: Stored, by: str, kind: str) -> None:
        """Note a photo or file that came by a form and lies in the folder already."""
        values = {"person": by, "at": self._session.now, "kind": kind, "state": "wanted"}
        self._session.add_new(evidence, {"id": id, **values})
        self.keep(id, stored)

    def attach(self, id: str, pupil: str | None = None, fact: str | None = None, report: str | None = None) -> None:
        """Say what a piece belongs to: a pupil's fact, or a report as ``unit/month``."""
        self._change(id, pupil_id=pupil, fact_id=fact, report=report)

    def sign(self, id: str) -> None:
        """Its sender says that the piece is the paper itself, signed."""
        self._change(id, signed=True)

    def sent_lately(self, by: str, since: dt.datetime) -> list[Piece]:
        """What a person sent since then, newest first."""
        return self._pieces(evidence.c.person == by, evidence.c.at >= since)[::-1]

    def wanted(self, limit: int = 100) -> list[Piece]:
        """What is still to be fetched, oldest first."""
        return self._pieces(evidence.c.state == "wanted", limit=limit)

    def keep(self, id: str, stored: Stored) -> None:
        """The file has been written to the folder."""
        path = self._session.sealer.own.seal_text(stored.path, f"evidence/{id}/path")
        self._change(id, state="kept", sha256=stored.sha256, size=stored.size, type=stored.type, path=path, media=None)

    def lost(self, id: str) -> None:
        """WeChat Work no longer has it."""
        self._change(id, state="lost", media=None)

    def piece(self, id: str) -> Piece | None:
        found = self._pieces(evidence.c.id == id)
        return found[0] if found else None

    def of_pupil(self, pupil: str) -> list[Piece]:
        """A pupil's photos and files, oldest first."""
        return self._pieces(evidence.c.pupil_id == pupil)

    def of_fact(self, fact: str) -> list[Piece]:
        """What belongs to one record."""
        return self._pieces(evidence.c.fact_id == fact)

    def of_facts(self, facts: Collection[str]) -> dict[str, list[Piece]]:
        """What belongs to each of many records, and is here or still to be fetched: what is gone proves nothing."""
        found: dict[str, list[Piece]] = {}
        for batch in chunks(facts):
            for piece in self._pieces(evidence.c.fact_id.in_(batch), evidence.c.state != "lost"):
                found.setdefault(piece.fact or "", []).append(piece)
        return found

    def _change(self, id: str, **values: Any) -> None:
        self._session.run(sa.update(evidence).where(self._session.here(evidence), evidence.c.id == id).values(**values))

    def _pieces(self, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[Piece]:
        query = sa.select(evidence).where(self._session.here(evidence), *conditions).order_by(evidence.c.at)
        return [self._read(row) for row in self._session.run(query.limit(limit))]

    def _read(self, row: sa.Row[Any]) -> Piece:
        path = None
        if row.path is not None:
            path = self._session.sealer.own.open_text(row.path, f"evidence/{row.id}/path")
        return Piece(
            id=row.id,
            by=row.person,
            at=row.at,
            kind=row.kind,
            state=row.state,
            media=row.media,
            pupil=row.pupil_id,
            fact=row.fact_id,
            report=row.report,
            sha256=row.sha256,
            size=row.size,
            type=row.type,
            path=path,
            signed=row.signed,
        )

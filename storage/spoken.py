"""What was said about a duty, to whom, and what answered it; and whose reminders wait.

Kept apart from the duties, so that these can be computed anew without forgetting what was said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables
from storage.lines import add_lines_new
from storage.prepared import Prepared, given, of_county
from storage.session import Session, chunks

said, snoozes = tables.said, tables.snoozes
_HELD_BACK = Prepared(sa.select(snoozes).where(of_county(snoozes), snoozes.c.until > given("ended")))
_SAID = Prepared(
    sa.select(said).where(of_county(said), said.c.duty_id.in_(given("duties", many=True))).order_by(said.c.at)
)
_SAID_TODAY = Prepared(
    sa.select(said.c.duty_id, said.c.step, said.c.person, said.c.at)
    .where(
        of_county(said),
        said.c.duty_id.in_(given("duties", many=True)),
        sa.or_(said.c.step.not_like(given("daily")), said.c.step == given("step")),
    )
    .order_by(said.c.at)
)
_AT_STEPS = Prepared(
    sa.select(said.c.step, said.c.person, said.c.at).where(
        of_county(said), said.c.duty_id == given("subject"), said.c.step.in_(given("steps", many=True))
    )
)

_TOLD_TO = Prepared(
    sa.select(said.c.duty_id)
    .where(
        of_county(said), said.c.person == given("person"), said.c.at >= given("since"), said.c.step.like(given("steps"))
    )
    .order_by(said.c.at.desc(), said.c.duty_id)
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about a duty to a person at a step (``reminded``, ``escalated:1`` …), and what answered it."""

    duty: str
    step: str
    person: str
    key: str
    at: dt.datetime
    answered_by: str | None = None


class Spoken:
    """What has been said about duties, to whom, and which fact answered it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def said(self, duty_id: str, step: str, person: str, key: str) -> bool:
        """Note that a message says this; False if it was said before, then the message must not say it again."""
        row = {"duty_id": duty_id, "step": step, "person": person, "key": key, "at": self._session.now}
        return self._session.add_new(said, row)

    def said_all(self, notes: Iterable[tuple[str, str, str, str]]) -> int:
        """Note many (duty, step, person, key) at once; what was said before stays as it is. Returns how many were new."""
        at = self._session.now
        lines = [(*note, at) for note in notes]
        return add_lines_new(self._session, said, ("duty_id", "step", "person", "key", "at"), lines)

    def noted_once(self, subject: str, steps: Sequence[str]) -> dict[str, dict[str, dt.datetime]]:
        """By step: who is noted under a subject that is no duty, such as what is done once a day, and since when."""
        found: dict[str, dict[str, dt.datetime]] = {}
        for row in self._session.rows(_AT_STEPS, subject=subject, steps=list(steps)):
            found.setdefault(row.step, {})[row.person] = row.at
        return found

    def said_about(self, duty_ids: Iterable[str]) -> list[Said]:
        """What was said about these duties, oldest first."""
        found: list[Said] = []
        for batch in chunks(duty_ids):
            rows = self._session.rows(_SAID, duties=batch)
            found += [Said(row.duty_id, row.step, row.person, row.key, row.at, row.fact_id) for row in rows]
        return found

    def told_to(self, person: str, since: dt.datetime, step: str) -> list[str]:
        """The duties of which a person was told since then at a step ``step:…``, the newest first."""
        rows = self._session.rows(_TOLD_TO, person=person, since=since, steps=f"{step}:%")
        return list(dict.fromkeys(row.duty_id for row in rows))

    def noted(self, duty_ids: Iterable[str], daily: str) -> dict[tuple[str, str, str], dt.datetime]:
        """When what stands was said, by duty, step and person; of the steps ``daily:DAY`` that are said anew only today's."""
        values = {"daily": f"{daily}:%", "step": f"{daily}:{self._session.now.date()}"}
        return {
            (row.duty_id, row.step, row.person): row.at
            for batch in chunks(duty_ids)
            for row in self._session.rows(_SAID_TODAY, duties=batch, **values)
        }

    def answered(self, duty_id: str, fact_id: str) -> None:
        """Keep which fact answered what was said about a duty."""
        self._session.run(
            sa.update(said)
            .where(self._session.here(said), said.c.duty_id == duty_id, said.c.fact_id.is_(None))
            .values(fact_id=fact_id)
        )

    def snooze(self, person: str, pupil: str, until: dt.datetime) -> None:
        """Hold back a person's reminders about a pupil until then."""
        self._session.put(snoozes, [{"person": person, "pupil_id": pupil, "until": until}], ["person", "pupil_id"])

    def snoozed(self, since: dt.datetime | None = None) -> dict[tuple[str, str], dt.datetime]:
        """All that is held back now, or was until after ``since``: until when, by person and pupil."""
        ended = since or self._session.now
        rows = self._session.rows(_HELD_BACK, ended=ended)
        return {(row.person, row.pupil_id): row.until for row in rows}

"""WeChat Work access tokens, shared by all processes and refreshed by one of them at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables
from storage.columns import LONG_AGO
from storage.session import Session

tokens = tables.tokens


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the real time until which WeChat Work honours it."""

    value: str
    expires: dt.datetime


class Tokens:
    """All times here are real time; ``agent`` names corporation and app together."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, agent: str, real_now: dt.datetime) -> Token | None:
        """The token in use, None if there is none or it has expired."""
        row = self._session.run(
            sa.select(tokens.c.token, tokens.c.expires).where(
                self._session.here(tokens),
                tokens.c.agent == agent,
                tokens.c.token.is_not(None),
                tokens.c.expires > real_now,
            )
        ).one_or_none()
        return Token(self._session.sealer.own.open_text(row.token, f"tokens/{agent}"), row.expires) if row else None

    def lease(self, agent: str, real_now: dt.datetime, seconds: float) -> bool:
        """Whether this process is the one to fetch a new token; the right ends after ``seconds`` (faults 33)."""
        self._session.add_new(tokens, {"agent": agent, "leased_until": LONG_AGO})
        taken = self._session.run(
            sa.update(tokens)
            .where(self._session.here(tokens), tokens.c.agent == agent, tokens.c.leased_until <= real_now)
            .values(leased_until=real_now + dt.timedelta(seconds=seconds))
        )
        return taken.rowcount == 1

    def put(self, agent: str, token: Token) -> None:
        """Keep a fresh token and end the lease."""
        row = {
            "agent": agent,
            "token": self._session.sealer.own.seal_text(token.value, f"tokens/{agent}"),
            "expires": token.expires,
            "leased_until": LONG_AGO,
        }
        self._session.put(tokens, [row], ["agent"])

    def drop(self, agent: str, value: str) -> None:
        """WeChat Work refused this token: forget it, unless another process has put a newer one."""
        row = self._session.run(
            sa.select(tokens.c.token)
            .where(self._session.here(tokens), tokens.c.agent == agent, tokens.c.token.is_not(None))
            .with_for_update()
        ).one_or_none()
        if row is not None and self._session.sealer.own.open_text(row.token, f"tokens/{agent}") == value:
            self._session.run(
                sa.update(tokens).where(self._session.here(tokens), tokens.c.agent == agent).values(token=None)
            )

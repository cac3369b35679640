"""What a page has shown to a person, signed, so that the form gives it back as it was: to nobody else, and not for long."""

from __future__ import annotations

from typing import Any

from flask import current_app, session
from itsdangerous import BadSignature, URLSafeTimedSerializer

SHOWN_FOR = 1800  # seconds for which what was shown may be acted on


def sign(salt: str, shown: Any) -> str:
    """For this person alone; ``salt``: which kind of page, so that no other takes it."""
    return _signer(salt).dumps([session.get("person"), shown])


def given_back(salt: str, signed: str) -> Any:
    """What was shown to this person; None where it was not, or too long ago."""
    try:
        person, shown = _signer(salt).loads(signed, max_age=SHOWN_FOR)
    except BadSignature:
        return None
    return shown if person == session.get("person") else None


def _signer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=salt)

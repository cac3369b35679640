"""What is understood of one message on Wednesday 12 March 2025, written short: a line of the tables of tests/understanding."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.commands.understand import run


def understood(role: str, text: str, roster: Sequence[str]) -> str:
    """``absence 张三 days=3; leave 李四 kind=sick``."""
    asked = {"id": "x", "role": role, "now": "2025-03-12T08:05", "roster": list(roster), "text": text}
    return _short(json.loads(next(iter(run([json.dumps(asked, ensure_ascii=False)]))))["actions"])


def _short(actions: list[dict[str, Any]]) -> str:
    return "; ".join(
        " ".join(
            [
                a["action"],
                *a.get("students", ()),
                *(f"{k}={v}" for k, v in a.items() if k not in ("action", "students")),
            ]
        )
        for a in actions
    )

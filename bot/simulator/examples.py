"""Sentences to try, by role, for a page that was given none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.simulator.state import Member

ANYBODY = ("帮助", "待办", "我是谁")


def examples_for(member: Member, by_role: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The member's own sentences, else those of the role, and those for anybody."""
    own = member.examples or tuple(by_role.get(member.role, ()))
    return (*own, *(sentence for sentence in ANYBODY if sentence not in own))

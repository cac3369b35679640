"""规则数值和依据: every rule in force today, by whose work it is, each with its number, its clause and the clause's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.pages.door import reads
from bot.rule_words import say_values
from casework.policy import Rule
from casework.terms import ROLES, RULES, clause_name
from handlers.desk import Desk

OPENED = 5  # rules found that are shown with their words at once
OWNERS = ("teacher", "subject_teacher", "helper", "school", "principal", "village", "township", "county", "admin")
HELPER = "包联人"


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule in the county's words."""

    rule: Rule
    title: str
    value: str
    clause: str

    def has(self, words: str) -> bool:
        """Whether these words stand anywhere in it."""
        said = (self.title, self.value, self.clause, self.rule.document, self.rule.article, self.rule.quote)
        return any(words in text for text in said)


def add(routes: Blueprint) -> None:
    """``/m/settings/policy``."""
    routes.add_url_rule("/settings/policy", "policy", show)


@reads("settings")
def show(desk: Desk) -> ResponseReturnValue:
    """The rules, folded; ``q`` narrows them, ``open=1`` unfolds all, to be printed. No name of anybody is searched here."""
    policy, wanted = desk.world.policy, request.args.get("q", "").strip()[:40]
    found = [one for one in map(_shown, policy.on(desk.today).values()) if one.has(wanted)]
    unfolded = request.args.get("open") == "1" or (bool(wanted) and len(found) <= OPENED)
    return render_template(
        "m/settings_policy.html", groups=_by_owner(found), total=len(found), wanted=wanted, unfolded=unfolded,
        layers=[layer.name for layer in policy.layers],
    )  # fmt: skip


def _shown(rule: Rule) -> Shown:
    value = "本县不适用" if rule.off else say_values(rule)
    return Shown(rule, RULES[rule.id], value, clause_name(rule.clause))


def _by_owner(rules: Iterable[Shown]) -> list[tuple[str, list[Shown]]]:
    """By whose work it is, what holds first; what does not apply in this county stands last, whosever it would be."""
    groups: dict[str, list[Shown]] = {ROLES.get(owner, HELPER): [] for owner in OWNERS}
    off: list[Shown] = []
    for one in rules:
        (off if one.rule.off else groups[ROLES.get(one.rule.owner, HELPER)]).append(one)
    return [(title, found) for title, found in {**groups, "本县不适用": off}.items() if found]

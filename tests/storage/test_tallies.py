"""Counts by statement are what one gets by reading every pupil, whatever the scope; on both databases."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import pytest

from casework.facts import Fact, Kind
from casework.scope import Scope
from storage.reach import OPEN_STATES
from storage.store import CASEWORK
from tests.storage.county import NOW

SCOPES = {
    "county": Scope(True),
    "school": Scope(classes=frozenset({"c1", "c2"}), units=frozenset({"s1"})),
    "village": Scope(villages=frozenset({"v1"}), units=frozenset({"v1"})),
    "nobody": Scope(),
}
NOON = NOW.replace(hour=13)
GROUPS = ("left_behind", "poor", "disabled", "orphan")


def tell(store, kind: Kind, pupil: str, on: dt.date, at: dt.datetime = NOW, /, **data: str) -> None:
    with store.begin(at) as work:
        fact = Fact(f"{kind}-{pupil}-{on}-{at}"[:64], kind, on, at, "wang",
                    "teacher", pupil, data=data)  # fmt: skip
        work.cases.append([fact])


@pytest.fixture
def told(store):
    store.rules = CASEWORK  # the small rule book knows of no reason, leave or helper
    tell(store, Kind.ABSENCE, "p1", NOW.date(), reason_code="work")
    tell(store, Kind.ABSENCE, "p4", NOW.date())
    tell(store, Kind.LEAVE, "p2", NOW.date(), kind="sick", to="2025-09-12")
    tell(store, Kind.ASSIGN, "p4", NOW.date(), to="zhen", role="township")
    with store.begin(NOON) as work:
        work.cases.refresh(["p1", "p4"])
    return store


@pytest.mark.parametrize("scope", SCOPES.values(), ids=list(SCOPES))
def test_counts_are_those_of_the_pupils_read_one_by_one(told, scope):
    with told.look(NOON) as work:
        rows, _ = work.cases.listing(scope, limit=1000)
        by_class, by_groups, reasons = defaultdict(Counter), defaultdict(Counter), Counter()
        for row in rows:
            for found, key in ((by_class, row.pupil.class_id), (by_groups, row.pupil.groups)):
                found[key].update(["pupils", *([row.case.state] if row.case.state in OPEN_STATES else [])])
            if row.case.state == "absent":
                reasons[row.case.reason_code or ""] += 1
        by_groups.pop(frozenset(), None)
        counted = work.tallies.by_groups(scope)
        assert work.tallies.by_class(scope) == by_class
        assert {groups: many for groups, many in counted.items() if groups} == by_groups
        assert work.tallies.by_reason(scope, ("absent",)) == reasons
        assert scope != SCOPES["county"] or (reasons["work"], by_class["c1"]["on_leave"]) == (1, 1)
        alone = [r.pupil.id for r in rows if r.case.helper is None and r.pupil.groups & set(GROUPS)]
        assert sorted(p.id for p in work.tallies.without_helper(scope, GROUPS)) == sorted(alone)


@pytest.mark.parametrize(
    ("kind", "on", "at", "data", "loud"),
    [
        (Kind.CONTACT, dt.date(2025, 8, 20), dt.datetime(2025, 8, 20, 9), {"outcome": "agreed"}, False),
        (Kind.CONTACT, dt.date(2025, 9, 3), dt.datetime(2025, 9, 3, 9), {"outcome": "agreed"}, True),
        (Kind.CONTACT, dt.date(2025, 8, 20), dt.datetime(2025, 9, 2, 9), {"outcome": "agreed"}, True),  # entered late
        (Kind.TRANSFER_IN, dt.date(2025, 8, 20), dt.datetime(2025, 8, 20, 9), {"place": "赣州"}, True),
    ],
    ids=["over before", "of the month", "entered in the month", "came once"],
)
def test_whoever_may_have_been_away_since_is_looked_at(store, kind, on, at, data, loud):
    tell(store, kind, "p3", on, at, **data)
    with store.look(NOW) as work:
        assert ("p3" in work.tallies.stirred(SCOPES["school"], dt.date(2025, 9, 1))) is loud


def test_an_open_case_is_looked_at_though_it_began_long_before(told):
    later = dt.date(2025, 12, 1)
    with told.look(dt.datetime(2025, 12, 2, 9)) as work:
        assert {"p1", "p2"} <= work.tallies.stirred(SCOPES["school"], later)
        assert "p4" not in work.tallies.stirred(SCOPES["school"], later), "of another school"

"""What a person should look at, by tables of plain days: early risk, returns without effort, visits in bulk."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from casework.facts import Fact, Kind
from casework.patterns import bulk_visits, early_risk, ended, left_while_weak, relapse, returned_without_effort
from tests.casework.stage import world

NUMBERS = itertools.count()
DAYS = world().days_of("c")


def fact(kind: str, on: str, pupil: str = "p", by: str = "w", at: str = "08:00", **data: object) -> Fact:
    moment = dt.datetime.fromisoformat(f"{on}T{at}")
    return Fact(f"f{next(NUMBERS):04d}", Kind(kind), moment.date(), moment, by, "teacher", pupil, data=data)


# November 2025: the 3rd is a Monday.
RISKS = [
    ("a first day", [("absence", "2025-11-03")], "2025-11-03T15:00", None),
    ("a second day running", [("absence", "2025-11-03")], "2025-11-04T15:00", (2, 1, True)),
    ("the second day's morning", [("absence", "2025-11-03")], "2025-11-04T08:00", (2, 1, True)),
    ("a third day is the ledger's", [("absence", "2025-11-03")], "2025-11-05T15:00", None),
    ("twice in a month", [("absence", "2025-11-03"), ("return", "2025-11-04"), ("absence", "2025-11-12")], "2025-11-12T15:00", (2, 2, True)),
    ("twice, and here today", [("absence", "2025-11-03"), ("return", "2025-11-04"), ("absence", "2025-11-12"), ("return", "2025-11-13")], "2025-11-13T15:00", (2, 2, False)),
    ("the first is long ago", [("absence", "2025-09-03"), ("return", "2025-09-04"), ("absence", "2025-11-12")], "2025-11-12T15:00", None),
    ("taken back", [("absence", "2025-11-03"), ("void", "2025-11-03")], "2025-11-04T15:00", None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "now", "wanted"), [r[1:] for r in RISKS], ids=[r[0] for r in RISKS])
def test_early_risk(said: list[tuple[str, str]], now: str, wanted: tuple[int, int, bool] | None) -> None:
    facts: list[Fact] = []
    for kind, on in said:
        data = {"facts": [facts[-1].id]} if kind == "void" else {}
        facts.append(fact(kind, on, **data))
    risk = early_risk(facts, DAYS, dt.datetime.fromisoformat(now))
    assert (risk and (risk.days, risk.times, risk.now)) == wanted


@pytest.mark.parametrize(
    ("between", "wanted"),
    [([], dt.date(2025, 11, 7)), ([("contact", "2025-11-05")], None), ([("visit", "2025-11-06")], None), ([("contact", "2025-10-31")], dt.date(2025, 11, 7))],
)  # fmt: skip
def test_a_return_before_which_nobody_went(between: list[tuple[str, str]], wanted: dt.date | None) -> None:
    facts = [fact("absence", "2025-11-03"), *(fact(*one) for one in between), fact("return", "2025-11-07")]
    assert returned_without_effort(facts, DAYS, dt.datetime(2025, 11, 10, 8)) == wanted
    short = [fact("absence", "2025-11-03"), fact("return", "2025-11-05", at="07:50")]
    assert returned_without_effort(short, DAYS, dt.datetime(2025, 11, 10, 8)) is None


def test_a_weak_pupil_who_left() -> None:
    gone = fact("transfer_out", "2025-11-03")
    assert left_while_weak([gone], ["struggling"]) is gone
    assert left_while_weak([gone], ["left_behind"]) is None
    assert left_while_weak([fact("transfer_out", "2025-11-03", pending=True)], ["struggling"]) is None


AWAY_AND_BACK = [("absence", "2025-11-03"), ("return", "2025-11-07")]
RELAPSES = [
    ("back and stayed", AWAY_AND_BACK, None),
    ("away anew", [*AWAY_AND_BACK, ("absence", "2025-11-12")], ("2025-11-07", "2025-11-12")),
    ("a day away before is no relapse", [("absence", "2025-11-03"), ("return", "2025-11-04"), ("absence", "2025-11-12")], None),
    ("a confirmed dropout of a day", [("dropout", "2025-11-03"), ("return", "2025-11-04"), ("absence", "2025-11-12")], ("2025-11-04", "2025-11-12")),
    ("back again", [*AWAY_AND_BACK, ("absence", "2025-11-12"), ("return", "2025-11-13")], ("2025-11-07", "2025-11-12")),
]  # fmt: skip


@pytest.mark.clause("LC-27")
@pytest.mark.parametrize(("said", "wanted"), [r[1:] for r in RELAPSES], ids=[r[0] for r in RELAPSES])
def test_relapses(said: list[tuple[str, str]], wanted: tuple[str, str] | None) -> None:
    found = relapse([fact(*one) for one in said], DAYS, dt.datetime(2025, 11, 14, 15))
    assert (found and (found.returned.isoformat(), found.again.isoformat())) == wanted


def test_what_was_recorded_of_an_ended_absence() -> None:
    early, absence, visit, back = (fact("contact", "2025-10-30"), fact("absence", "2025-11-03"), fact("visit", "2025-11-06"), fact("return", "2025-11-07"))  # fmt: skip
    found = ended([early, absence, visit, back], DAYS, dt.datetime(2025, 11, 10, 8))
    assert found is not None
    assert (found.returned, found.facts) == (dt.date(2025, 11, 7), (absence.id, visit.id, back.id))
    assert ended([absence], DAYS, dt.datetime(2025, 11, 10, 8)) is None
    assert ended([absence, fact("return", "2025-11-04")], DAYS, dt.datetime(2025, 11, 10, 8)) is None


def test_visits_in_bulk_are_many_pupils_of_one_writer_within_minutes() -> None:
    many = [fact("visit", "2025-11-03", pupil=f"p{n}", at=f"20:0{n}") for n in range(5)]
    assert [(b.by, len(b.facts)) for b in bulk_visits(many)] == [("w", 5)]
    assert bulk_visits(many[:4]) == []
    assert bulk_visits([fact("visit", "2025-11-03", pupil="p", at=f"20:0{n}") for n in range(6)]) == []
    assert bulk_visits([fact("visit", "2025-11-03", pupil=f"p{n}", at=f"1{n}:00") for n in range(6)]) == []
    assert bulk_visits([fact("visit", "2025-11-03", pupil=f"p{n}", by=f"w{n}", at="20:00") for n in range(6)]) == []


def test_a_run_of_visits_lasts_ten_minutes_and_each_stands_in_one() -> None:
    clock = ("19:40", "20:00", "20:02", "20:05", "20:07", "20:10", "20:11", "20:13", "20:15", "20:20", "20:21")
    many = [fact("visit", "2025-11-03", pupil=f"p{n}", at=at) for n, at in enumerate(clock)]
    assert [(f"{b.first:%H:%M}", len(b.facts)) for b in bulk_visits(many)] == [("20:11", 5), ("20:00", 5)]


def test_visits_in_bulk_stand_newest_first() -> None:
    days = ("2025-11-03", "2025-11-05", "2025-11-04")
    many = [fact("visit", on, pupil=f"p{n}", at=f"20:0{n}") for on in days for n in range(5)]
    assert [b.first.day for b in bulk_visits(many)] == [5, 4, 3]

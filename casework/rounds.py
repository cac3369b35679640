"""What units owe by the calendar: reports, checks, meetings, lists; at most one period ahead.

A round is one return of a rule: the day on which it is written, the day on which it falls due and, for
the monthly report, the month that it is for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casework.calendar import DAY, SchoolDays, Term, midnight, month_of, quarter_of, school_year_of, week_of
from casework.case import Duty, duty_id
from casework.facts import Fact, Kind
from casework.people import Unit
from casework.policy import Rule
from casework.scope import World
from casework.timeline import standing
from casework.watching import REMEMBERED

AHEAD = dt.timedelta(days=14)
"""What falls due at a term's or year's very beginning is written a fortnight before."""


class Round(NamedTuple):
    """One return of a rule; hundreds are looked through for each unit, and a tuple is made in a third of the time."""

    written: dt.date
    due: dt.date


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit with its days, seen on a day from which rounds are looked for, up to today."""

    unit: Unit
    world: World
    days: SchoolDays
    start: dt.date
    today: dt.date


CLAUSES = {"XY-37": ("remind",), "FJ-4": ("remind",), "FJ-30": ("remind",), "FN-30": ("remind",)}
"""Carried by rules that stand under another clause: the monthly report, the monthly comparison with the departments, and
``settle_all``, which a county's own file turns on."""


def owed(
    unit: Unit, facts: Sequence[Fact], world: World, now: dt.datetime
) -> tuple[tuple[Duty, ...], dt.datetime | None]:
    """All that a school or the county owes and has met within a year, and when the next round is written.

    Nothing is owed that fell due before ``world.start``. Other units owe nothing by the calendar.
    """
    if unit.kind not in ("school", "county"):
        return (), None
    today = now.date()
    start = max(world.start, today - REMEMBERED)
    desk = Desk(unit, world, world.days_of(unit.id), start, today)
    counting = standing(facts)
    duties, wakes = list[Duty](), [_next_look(today)]
    for rule_id in ROUNDS:
        mine = [f for f in counting if _answers(f, rule_id)]
        for each, rule in _rounds(desk, rule_id):
            if each.written <= today:
                duties.append(_duty(desk, rule, each, mine, now))
                wakes += [*_closing(rule, each, today), each.due + REMEMBERED + DAY]
            else:
                wakes.append(each.written)
    turns = world.directory.next_turn(today, [unit.id]), world.policy.next_turn(today)
    moments = [midnight(d) for d in (*wakes, *turns) if d is not None]
    return tuple(sorted(duties, key=lambda d: (d.due, d.id))), min(moments, default=None)


def _rounds(desk: Desk, rule_id: str) -> list[tuple[Round, Rule]]:
    """All rounds of a rule from ``start`` on, each by the version in force on its due day."""
    found = []
    for version in desk.world.policy.versions(rule_id, desk.start):
        if not version.off and _owes(desk, version):
            for each in ROUNDS[rule_id](desk, version):
                if each.due >= desk.start and desk.world.policy.rule(rule_id, each.due) is version:
                    found.append((each, version))
    return sorted(found, key=lambda r: r[0].due)


YEAR = dt.timedelta(days=365)


def planned(unit: Unit, world: World, today: dt.date) -> list[tuple[dt.date, Rule]]:
    """What falls due for a school or the county within a year from today, by the calendar as far as it is known."""
    desk = Desk(unit, world, world.days_of(unit.id), today, today + YEAR)
    found = [(each.due, rule) for rule_id in ROUNDS for each, rule in _rounds(desk, rule_id) if each.due <= desk.today]
    return sorted(found, key=lambda item: (item[0], item[1].id))


def _owes(desk: Desk, rule: Rule) -> bool:
    if desk.unit.kind == "county":
        return rule.owner == "county"
    if rule.owner != "school" or desk.unit.stage == OTHER_STAGE.get(rule.id):
        return False
    return rule.id != "teach_meeting" or desk.unit.id in desk.world.home_taught


OTHER_STAGE = {"g7_register": "primary", "g1_register": "junior"}
"""Schools of that stage alone do not have the grade; nine-year schools have both."""


def _answers(fact: Fact, rule_id: str) -> bool:
    if fact.kind is Kind.REPORT:
        return rule_id == "monthly_report"
    return fact.kind is Kind.DONE and fact.data.get("rule") == rule_id


def _duty(desk: Desk, rule: Rule, each: Round, facts: list[Fact], now: dt.datetime) -> Duty:
    """The duty of one round; the fact that met it is taken out of ``facts``, so that it meets no second one."""
    name = duty_id(rule.id, desk.unit.id, "", each.written.isoformat())
    met = next((f for f in facts if _meets(f, each, name)), None)
    status, closed = "open", None
    silent = midnight(month_of(each.due)[1] + DAY) if rule.values.get("silent") else None
    if met is not None and (silent is None or met.at < silent):
        facts.remove(met)
        status, closed = "done", max(met.at, midnight(each.written))
    elif silent is not None and now >= silent:
        status, closed, met = "lapsed", silent, None
    else:
        met = None
    day = closed.date() if closed else now.date()
    who = desk.world.directory.in_charge(rule.owner, desk.unit.id, day)
    return Duty(
        id=name,
        rule=rule.id,
        clause=rule.clause,
        owner=rule.owner,
        due=each.due,
        unit=desk.unit.id,
        status=status,
        who=who,
        closed=closed,
        by=met.id if met else None,
    )


def _meets(fact: Fact, each: Round, name: str) -> bool:
    if fact.kind is Kind.REPORT:
        return bool(fact.data.get("month") == f"{each.due:%Y-%m}")
    if fact.data.get("duty"):
        return bool(fact.data["duty"] == name)
    return fact.at >= midnight(each.written)


def _closing(rule: Rule, each: Round, today: dt.date) -> Iterator[dt.date]:
    """A silent month closes by itself (XY-42)."""
    end = month_of(each.due)[1] + DAY
    if rule.values.get("silent") and end > today:
        yield end


def _periods(desk: Desk, period: Callable[[dt.date], tuple[dt.date, dt.date]]) -> Iterator[tuple[dt.date, dt.date]]:
    """Periods from the one that ``start`` lies in to those that begin before the next look at the latest."""
    first, last = period(desk.start)
    while first <= _next_look(desk.today):
        yield first, last
        first, last = period(last + DAY)


def _next_look(today: dt.date) -> dt.date:
    """Whatever else happens, a unit is looked at again when the next month begins."""
    return month_of(today)[1] + DAY


def _last_workdays(period: Callable[[dt.date], tuple[dt.date, dt.date]]) -> Callable[[Desk, Rule], Iterator[Round]]:
    def rounds(desk: Desk, rule: Rule) -> Iterator[Round]:
        for first, last in _periods(desk, period):
            due = desk.days.last_workday(first, last)
            if due is not None:
                yield Round(first, due)

    return rounds


def _weekly(desk: Desk, rule: Rule) -> Iterator[Round]:
    for monday, sunday in _periods(desk, week_of):
        due = desk.days.last_workday(monday, sunday - 2 * DAY)
        if due is not None:
            yield Round(monday, due)


def _monthly(desk: Desk, rule: Rule) -> Iterator[Round]:
    for first, last in _periods(desk, month_of):
        if desk.days.count(first, last):
            due = desk.days.last_workday(first, first.replace(day=rule.number("month_day")))
            if due is not None:
                yield Round(first, due)


def _month_end(desk: Desk, rule: Rule) -> Iterator[Round]:
    for first, last in _periods(desk, month_of):
        due = desk.days.last_school_day(first, last)
        if due is not None:
            yield Round(first, due)


def _dates(desk: Desk, rule: Rule) -> Iterator[Round]:
    """Fixed dates of the year, written on the first of their month or a fortnight before."""
    texts = rule.values["dates"]
    assert isinstance(texts, tuple)
    for year in range(desk.start.year, desk.today.year + 2):
        for text in texts:
            due = dt.date.fromisoformat(f"{year}-{text}")
            yield Round(min(due.replace(day=1), due - AHEAD), due)


def _termly(
    due_of: Callable[[SchoolDays, Term, Rule], dt.date | None], ahead: dt.timedelta = AHEAD
) -> Callable[[Desk, Rule], Iterator[Round]]:
    def rounds(desk: Desk, rule: Rule) -> Iterator[Round]:
        for term in desk.days.terms:
            due = due_of(desk.days, term, rule) if term.days else None
            if due is not None:
                yield Round(term.start - ahead, due)

    return rounds


def _first_week(days: SchoolDays, term: Term, rule: Rule) -> dt.date | None:
    """The last school day of the Monday to Sunday in which the term's first school day lies (LC-7)."""
    return days.last_school_day(term.days[0], week_of(term.days[0])[1])


def _opened(days: SchoolDays, term: Term, rule: Rule) -> dt.date:
    """So many days after the term opened."""
    return term.start + rule.number("calendar_days") * DAY


def _opened_workday(days: SchoolDays, term: Term, rule: Rule) -> dt.date | None:
    """The same, or the last workday before."""
    return days.last_workday(term.start, _opened(days, term, rule))


def _year_ends(desk: Desk, rule: Rule) -> Iterator[Round]:
    """The first and the last school day of the school year, as far as its autumn or its spring term is known."""
    for first, last in _periods(desk, school_year_of):
        taught = desk.days.between(first, last)
        if taught and taught[0].month >= first.month:
            yield Round(taught[0] - AHEAD, taught[0])
        if taught and taught[-1].month < first.month and taught[-1].month > 2:
            yield Round(taught[-1].replace(day=1), taught[-1])


ROUNDS: dict[str, Callable[[Desk, Rule], Iterable[Round]]] = {
    "monthly_report": _monthly,
    "weekly_check": _weekly,
    "quarterly_review": _last_workdays(quarter_of),
    "circular": _last_workdays(month_of),
    "compare_lists": _last_workdays(month_of),
    "month_meeting": _month_end,
    "term_meetings": _termly(_first_week),
    "pledge": _termly(_opened, 0 * DAY),
    "visit_forms": _termly(lambda days, term, rule: term.last, 0 * DAY),
    "term_start_list": _termly(lambda days, term, rule: days.nth(term.start, rule.number("school_day"))),
    "ledger_yearly": _dates,
    "g7_register": _dates,
    "g1_list": _dates,
    "g1_register": _dates,
    "campaign": _dates,
    "teach_meeting": _year_ends,
    "joint_meeting": _termly(_opened_workday, 0 * DAY),
    "leading_meeting": _termly(_first_week),
    "staff_meeting": _termly(_first_week),
    "term_end_meeting": _termly(lambda days, term, rule: term.last, 0 * DAY),
    "inspection": _termly(_opened_workday, 0 * DAY),
    "school_assessment": _dates,
    "self_report": _dates,
    "registrar_training": _dates,
    "police_list": _dates,
    "four_checks": _termly(_opened_workday),
    "disabled_check": _termly(_opened_workday, 0 * DAY),
    "holiday_visits": _termly(lambda days, term, rule: term.start - rule.number("calendar_days") * DAY),
    "settle_all": _dates,
}

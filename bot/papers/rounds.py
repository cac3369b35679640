"""The sheets of the recurring rounds, filled from the store: weekly changes, quarterly review, circular, self-report."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from bot.papers import months
from bot.papers.rates import rate_table
from casework.case import AWAY
from casework.facts import Kind
from casework.scope import Scope
from casework.terms import MEETINGS, STATES
from casework.timeline import standing
from handlers import meetings, sampling, unitpapers
from handlers.book import Changed
from handlers.desk import Desk
from handlers.places import place_name, schools_in, scope_of_unit
from reports import figure_sheets, snapshots
from reports.inputs import Cell
from reports.monthly import FIGURES, LISTED, PRESENT
from reports.round_sheets import Quarter, Week, WeekChange
from reports.wording import say_date
from storage import figures
from storage.store import Work

CLAUSES = {"FJ-29": ("check",)}
EVERYONE = 1_000_000
PROVINCIAL = {"fujian": "《福建省义务教育条例》"}
"""The province's own regulation, named where its document asks for it (FJ-32); its text is not in the store of law."""
CARED = ("poor", "left_behind", "disabled")  # groups that the self-report counts
SHARE = 0.05  # of each school's pupils, seen in person at a quarter's review


_MOVING = tuple(
    kind.value
    for kind in Kind
    if kind
    not in (
        Kind.ALL_PRESENT, Kind.CONTACT, Kind.VISIT, Kind.PROPOSED, Kind.NOTICE, Kind.TEACH, Kind.FOUND, Kind.MARK, Kind.ASSIGN,
        Kind.PLATFORM_FLAG, Kind.REFERRED, Kind.REPLIED, Kind.REPORT, Kind.WORK, Kind.CLOSURE, Kind.TEACHING,
    )
)  # fmt: skip
"""The kinds of facts by which a pupil comes onto a ledger or goes off it; the others tell of work done."""


def week(work: Work, desk: Desk, month: str) -> Week:
    """What changed on the ledgers of the asker's scope since Monday (FJ-1)."""
    today = work.now.date()
    monday = today - dt.timedelta(days=today.weekday())
    found = [WeekChange(c.sign, c.name, c.school, c.what, c.on) for c in changes(work, desk.scope, monday, today)]
    counts = work.cases.counts(desk.scope, today)
    return Week(
        f"{monday.month}月{monday.day}日至{today.month}月{today.day}日",
        tuple(found),
        {LISTED[s]: counts[s] for s in LISTED},
    )


def changes(work: Work, scope: Scope, first: dt.date, last: dt.date) -> list[Changed]:
    """Who came onto a ledger and who went off it in a span, by day."""
    listed = {pupil.id: (pupil, state) for pupil, state in work.cases.among(scope, (*AWAY, "observed"))}
    # Who is in none of these now and was on a ledger in the span was taken off it since, by a fact about a day from
    # ``first`` on: time alone takes nobody off a ledger. What time alone makes of anybody is a suspected dropout.
    since = work.cases.facts_between(first, max(last, work.now.date()), _MOVING)
    touched = {f.pupil for f in since if f.pupil}
    moved = {id: p for id, (p, state) in listed.items() if id in touched or state == "suspected"}
    more = work.people.pupils(touched - listed.keys()).values()
    pupils = moved | {p.id: p for p in more if scope.covers(p) and not p.struck}
    facts = work.cases.facts_of(pupils)
    until = min(work.now, dt.datetime.combine(last, dt.time(23, 59)))
    lines = []
    for id, pupil in pupils.items():
        name = work.world.directory.name_at(pupil.class_id, "school")
        for (_, before), (day, after) in pairwise(
            months.states(work, pupil, standing(facts.get(id, ())), first, until)
        ):
            # From one ledger to the other is a line of each, so that what stood before and the lines give what stands.
            if before in LISTED:
                lines.append(Changed("－", pupil.name, name, f"{LISTED[before]}→{STATES.get(after, after)}", day, id))
            if after in LISTED:
                lines.append(Changed("＋", pupil.name, name, f"列入{LISTED[after]}", day, id))
    return sorted(lines, key=lambda change: (change.on, change.name))


def quarter(work: Work, desk: Desk, month: str) -> Quarter:
    """The quarter of a month: each school's last report against the ledger now, and a sample by lot (FN-9, FJ-29)."""
    year, number = int(month[:4]), (int(month[5:]) - 1) // 3
    in_it = [f"{year}-{m:02d}" for m in range(number * 3 + 1, number * 3 + 4)]
    directory, schools, checked = work.world.directory, [], {}
    kept = {f.unit: f for m in in_it for f in work.reports.of_month(m)}
    for school in schools_in(directory, desk.scope):
        frozen = kept.get(school.id)
        report = months.as_submitted(work, frozen) if frozen else None
        name = directory.name_at(school.id, "township")
        schools.append(figure_sheets.SchoolMonth(report, school.name, name, snapshots.standing(report is not None)))
        checked[school.name] = work.cases.counts(scope_of_unit(directory, school.id), work.now.date())["dropout"]
    drawn = sampling.of_share(desk, SHARE)
    pupils = work.people.pupils([id for _, ids in drawn for id in ids])
    sample = [
        (school.name, directory.units[pupils[id].class_id or ""].name, pupils[id].name)
        for school, ids in drawn
        for id in ids
    ]
    # The lot is drawn anew each day, and the same again for that day: the seed stands on the sheet.
    return Quarter(f"{year}年第{number + 1}季度", tuple(schools), checked, tuple(sample), sampling.seed(desk))


def circular(work: Work, desk: Desk, month: str) -> tuple[list[dict[str, Cell]], dict[str, Cell]]:
    """The month's changes for the departments: the lines, and how many came, went, and are left (FJ-6)."""
    first, last = months.bounds(month)
    lines = changes(work, desk.scope, first, min(last, work.now.date()))
    details = work.people.details_of({c.pupil for c in lines})
    rows: list[dict[str, Cell]] = [
        {
            "sign": c.sign, "name": c.name, "school": c.school, "change": c.what, "on": f"{c.on:%m-%d}",
            "id": desk.reader.shown(details.get(c.pupil, {})).get("id_number", ""),
        }
        for c in lines
    ]  # fmt: skip
    counts, today = work.cases.counts(desk.scope, work.now.date()), work.now.date()
    since = changes(work, desk.scope, last + dt.timedelta(days=1), today) if last < today else []
    plus, more = sum(c.sign == "＋" for c in lines), sum(1 if c.sign == "＋" else -1 for c in since)
    at_end = counts["suspected"] + counts["dropout"] - more
    return rows, {"added": plus, "removed": len(lines) - plus, "at_end": at_end}


def self_report(work: Work, desk: Desk, month: str) -> dict[str, Cell]:
    """The figures of 自查报告, added up over the reports of the school year so far (TA-32)."""
    directory, schools = work.world.directory, schools_in(work.world.directory, desk.scope)
    ids = {s.id for s in schools}
    begun = dt.date(work.now.year if work.now.month >= 8 else work.now.year - 1, 8, 1)
    span = list(ended_months(begun, work.now.date()))
    kept = {m: {f.unit: f for f in work.reports.of_month(m) if f.unit in ids} for m in span}
    sent = {m: figures.reports_of_month(work.session, m) for m in span}
    last = kept[span[-1]] if span else {}
    totals = [f.figures["total"] for of in kept.values() for f in of.values()]
    # Silence is not zero: without a single report the figures stay blank.
    sums = {key: sum(total.get(key, 0) for total in totals) if totals else None for key in FIGURES}
    taught = work.cases.facts_between(begun, work.now.date(), (Kind.TEACH.value, Kind.VOID.value), scope=desk.scope)
    counts = work.cases.counts(desk.scope, work.now.date())
    pupils, _ = work.people.in_scope(desk.scope, limit=EVERYONE)
    here = months.on_register(work, pupils)
    grades = [directory.units[p.class_id or ""].grade for p in here]
    cared = [p.id for p in pupils if p.groups & set(CARED)]
    helped = sum(bool(case.helper) for case in work.cases.cases(cared).values())
    given = work.cases.facts_between(begun, work.now.date(), (Kind.WORK.value, Kind.VOID.value), scope=desk.scope)
    aided = {f.pupil for f in standing(given) if f.data.get("what") == "aid"} & set(cared)
    # A rate of nobody is none: left blank, for whoever knows it.
    rates = rate_table(work, desk, month).rates
    # The whole reach stands first, its townships and schools after it.
    table = {
        r.name: r.figure.percent for r in reversed(rates) if r.unit_id == rates[0].unit_id and r.figure.percent != "—"
    }
    kinds = [s.stage for s in schools]
    return {
        "period": f"{begun.year}年{begun.month}月至{work.now.year}年{work.now.month}月", "schools": len(schools),
        "schools_primary": kinds.count("primary"), "schools_junior": kinds.count("junior"), "schools_nine": kinds.count("nine_year"),
        "registered": len(here), "registered_primary": sum(1 for g in grades if g and g <= 6),
        "registered_junior": sum(1 for g in grades if g and g > 6), "retention": table.get("retention"), "disabled_rate": table.get("disabled"),
        **{key: sums[key] for key in ("transfer_in", "transfer_out", "resumed", "suspected_new", "suspected_back", "visits", "persuasions", "notices")},
        "suspended": sum(f.figures["total"].get("suspended", 0) for f in last.values()) if last else None,
        "dropouts_new": sums["dropout_new"], "dropouts_back": sums["dropout_back"], "suspected": counts["suspected"], "dropouts": counts["dropout"],
        "reports_due": len(schools) * len(span), "reports_in": sum(map(len, kept.values())),
        "reports_zero": sum(bool(f.data.get("zero")) for of in sent.values() for u, f in of.items() if u in ids),
        "home_taught": counts["home_taught"], "sessions": sum(f.kind is Kind.TEACH for f in standing(taught)), **{g: sum(g in p.groups for p in pupils) for g in CARED},
        "with_helper": helped, "aided": len(aided),
    }  # fmt: skip


def school_plan(work: Work, desk: Desk) -> dict[str, Cell]:
    """The figures of 一校一案 as they stand today."""
    counts = work.cases.counts(desk.scope, work.now.date())
    pupils, _ = work.people.in_scope(desk.scope, limit=EVERYONE)
    return {
        "registered": len(months.on_register(work, pupils)), "present": sum(counts[state] for state in PRESENT),
        "suspected": counts["suspected"], "dropouts": counts["dropout"], "home_taught": counts["home_taught"],
    }  # fmt: skip


def ended_months(first: dt.date, last: dt.date) -> Iterator[str]:
    """The months that have ended between two days, as YYYY-MM."""
    day = first
    while day.replace(day=calendar.monthrange(day.year, day.month)[1]) < last:
        yield f"{day:%Y-%m}"
        day = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def words_of_unit(work: Work, desk: Desk, name: str, unit: str, month: str | None) -> dict[str, str]:
    """What is known of a paper about the unit itself: the last meeting recorded (of that month), or the next one owed, with its
    agenda; who pledges to whom until when."""
    if name == unitpapers.MINUTES:
        return _of_meeting(work, desk, month)
    if name == "publicity":
        laws = [PROVINCIAL[layer.pack] for layer in work.world.policy.layers if layer.pack in PROVINCIAL]
        return {"provincial_law": laws[-1]} if laws else {}
    if name != "pledge":
        return {}
    term = work.world.days_of(unit or None).term(work.now.date())
    heads = work.world.directory.holders("principal", unit, work.now.date())
    known = [p.name for h in heads if (p := work.people.person(h))]
    named = place_name(work.world.directory, unit)
    period = f"{say_date(term.start)}至{say_date(term.end)}" if term else ""
    found = {"party_a": f"{named}{f'（校长{known[0]}）' if known else ''}" if named else "", "period": period}
    return {slot: words for slot, words in found.items() if words}


def _of_meeting(work: Work, desk: Desk, month: str | None) -> dict[str, str]:
    fact = unitpapers.last_meeting(desk, month)
    if fact is None:
        return meetings.next_on_paper(desk)
    writer = work.people.person(fact.by)
    found = {
        "meeting_kind": MEETINGS.get(meetings.named(fact), ""), "meeting_time": say_date(fact.on),
        "attended": str(fact.data.get("people", "")), "expected": str(fact.data.get("expected", "")),
        "agenda": str(fact.data.get("note", "")), "by": writer.name if writer else "",
    }  # fmt: skip
    return {slot: words for slot, words in found.items() if words}

"""What is filled into a form: one word for each slot, taken from the records; what is unknown stays out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from casework.access import mask
from casework.case import Case
from casework.terms import STATES, say_month
from reports.forbidden import withhold
from reports.inputs import Cell, Entry, Event, Material, PupilRecord, UnitRecord
from reports.law import cite
from reports.lessons import amount_of, lesson_months, minutes_of
from reports.numbered import number_of, numbers_of
from reports.templates.layouts import Layout, from_records
from reports.wording import (
    KINDS,
    say_date,
    say_groups,
    say_outcome,
    say_reason,
    say_source,
    say_way,
    say_who,
)

DRAFT = "草　稿（经办人核对、负责人签字盖章后方可印发）"
ATTEMPTS = ("contact", "visit")
PAPERS = ("notice", "dropout", "suspend", "defer", "transfer_out", "police")
LOG_LENGTH = 12
TAUGHT = ("in_school", "observed", "home_taught")  # states in which how a pupil is taught is known
Line = Mapping[str, str]


def values(layout: Layout, material: Material) -> dict[str, str]:
    """Slot → words for everything the material holds; words given by a person stand over computed ones."""
    found = _of_paper(layout, material)
    if material.pupil:
        found |= _of_pupil(material.pupil, layout)
    # The office's own name for its township stands over the village line's.
    found |= {slot: words for slot, words in _of_unit(material).items() if words}
    if material.case:
        found |= _of_case(material.case)
    if material.pupil and (material.case is None or material.case.state in TAUGHT):
        found["placement"] = material.pupil.attending
    found |= _of_events(of_this_absence(material), material)
    found |= {slot: _show(value) for slot, value in (material.figures or {}).items()}
    found |= numbers_of(layout, material, found)
    kept = {slot: words for slot, words in found.items() if words}
    kept |= {slot: words.strip() for slot, words in material.fields.items() if words.strip()}
    own = {slot: withhold(words) for slot, words in own_words(layout, material).items()}
    known = from_records() & kept.keys()
    return kept | {slot: words for slot, words in own.items() if slot not in known}


def own_words(layout: Layout, material: Material) -> Mapping[str, str]:
    """What persons wrote for this form, by slot; for a visit's form what was written for that visit."""
    if layout.name != "home_visit":
        return material.words.get(layout.name, {})
    visits = [e.words for e in of_this_absence(material) if e.kind == "visit"]
    return visits[-1] if visits else {}


def lists(material: Material) -> dict[str, list[Line]]:
    """The repeated lines of a form, by the name that templates use; recorded words are withheld where they must."""
    events = sorted(material.events, key=_when)
    attempts = efforts(material)
    returned = material.case.returned if material.case else None
    lessons = [e for e in events if e.kind == "teach"]
    return {
        "attempts": [_line(n, e) for n, e in enumerate(attempts, 1)],
        "follow_ups": [
            _line(n, e)
            for n, e in enumerate([e for e in events if returned and e.on >= returned and e.kind in ATTEMPTS], 1)
        ],
        "lessons": [_line(n, e) for n, e in enumerate(lessons, 1)],
        "lesson_months": lesson_months(lessons),
        "papers": [
            {"no": str(n), "name": KINDS[e.kind], "number": number_of(e, events, material), "date": say_date(e.on)}
            for n, e in enumerate([e for e in events if e.kind in PAPERS], 1)
        ],
        "files": [
            {"no": str(n), "name": name, "date": say_date(e.on), "who": e.who}
            for n, (name, e) in enumerate(((name, e) for e in events for name in e.files), 1)
        ],
        "entries": [_roll_line(n, entry) for n, entry in enumerate(material.entries or (), 1)],
        "rows": [_row_line(n, row) for n, row in enumerate(material.rows or (), 1)],
    }


def withheld(material: Material) -> tuple[str, ...]:
    """The recorded words that may not be printed, for the person who asked to see."""
    return tuple(e.text for e in material.events if withhold(e.text) != e.text)


def _of_paper(layout: Layout, material: Material) -> dict[str, str]:
    places = [cite(*place) for place in layout.law]
    if layout.name == "order" and material.issuer.kind == "county_edu":
        places.append(cite("未成年人保护法", 83, 2))  # names the education department, not the township (law.md 3)
    sources = [say_source(material.clause), material.issuer.local_basis]
    return {
        "title": layout.title,
        # A receipt made by itself is one for the last notice; which other paper was served, a person says.
        "served_title": "" if layout.name == "service_receipt" else layout.title,
        "authority": material.issuer.name,
        "doc_no": material.number,
        "by": material.by,
        "today": say_date(material.at.date()),
        "issue_date": say_date(material.at.date()),
        "month": say_month(material.month),
        "draft_mark": "" if material.signed else DRAFT,
        "basis": "；".join(filter(None, [*places, *sources])),
        "stamp": f"制表：{material.by}　{material.at:%Y-%m-%d %H:%M}",
    }


def _of_unit(material: Material) -> dict[str, str]:
    unit = material.unit
    if unit is None:
        return {}
    found = {"edu_bureau": unit.above, "township": unit.township, "apply_to": _deciding(unit)}
    if unit.kind == "school":
        found |= {"school": unit.name, "principal": unit.head}
    # Whom to call is known only where the unit that the paper is about also issues it.
    if unit.name == material.issuer.name or (unit.kind, material.issuer.kind) == ("county", "county_edu"):
        found |= {"contact": unit.contact, "contact_phone": unit.phone, "contact_unit": material.issuer.name}
    return found


def _deciding(unit: UnitRecord) -> str:
    """Who approves a deferral: the township's government or the county's bureau (义务教育法 art. 11); a subdistrict's office
    only with a local basis."""
    return "或者".join(name for name in (unit.township, unit.above) if name and not name.endswith("办事处"))


def _of_pupil(pupil: PupilRecord, layout: Layout) -> dict[str, str]:
    return {
        "student": pupil.name,
        "sex": pupil.sex,
        "birth_ym": f"{pupil.born.year}年{pupil.born.month}月" if pupil.born else "",
        "ethnicity": pupil.ethnicity,
        "id_masked": mask(pupil.id_number),
        "student_no": mask(pupil.student_no),
        "grade_class": pupil.class_name,
        "school": pupil.school,
        "household_address": pupil.household_address,
        "address": pupil.address,
        "village": pupil.village,
        "township": pupil.township,
        "guardian": pupil.guardian,
        "relation": pupil.relation,
        "guardian_phone": pupil.phone,
        "groups": say_groups(pupil.groups, layout.restricted) or "无",
        "helper": pupil.helper,
        "aid": pupil.aid,
        "whereabouts": pupil.whereabouts,
    }


def _of_case(case: Case) -> dict[str, str]:
    return {
        "absent_from": say_date(case.since),
        "absent_days": str(case.day) if case.day else "",
        "reason": withhold(say_reason(case.reason_code, case.reason)),
        "state": STATES.get(case.state, ""),
        "return_date": say_date(case.promised),
        "returned_on": say_date(case.returned),
    }


def of_this_absence(material: Material) -> list[Event]:
    """The events from the first day of the absence on; all of them where no absence is open."""
    since = material.case.since if material.case else None
    return sorted((e for e in material.events if since is None or e.on >= since), key=_when)


def efforts(material: Material) -> list[Event]:
    """The contacts and visits of this absence, up to the return if it has ended: what comes after is a follow-up."""
    returned = material.case.returned if material.case else None
    return [e for e in of_this_absence(material) if e.kind in ATTEMPTS and (returned is None or e.on <= returned)]


def _when(event: Event) -> tuple[dt.date, dt.datetime]:
    return event.on, event.at or dt.datetime.combine(event.on, dt.time.min)


def _of_events(events: list[Event], material: Material) -> dict[str, str]:
    attempts, visits = efforts(material), [e for e in events if e.kind == "visit"]
    lessons = [e for e in material.events if e.kind == "teach"]
    found = {
        "attempts": str(len(attempts)),
        "contact_log": _log(attempts),
        "last_outcome": "已返校"
        if material.case and material.case.returned
        else say_outcome(attempts[-1].outcome)
        if attempts
        else "",
    }
    if material.pupil:
        found |= {
            "sessions": str(len(lessons)), "lessons_total": str(sum(e.lessons for e in lessons)),
            "minutes_total": minutes_of(lessons),
        }  # fmt: skip
    if visits:
        found |= _of_visit(visits[-1])
    notice, dropout = _last(events, "notice"), _last(events, "dropout")
    if notice:
        found |= {
            "notice_no": notice.number, "notice_date": say_date(notice.on), "notice_until": say_date(notice.ends),
            "service_result": "未签收" if notice.outcome == "refused" else "已送达",
        }  # fmt: skip
    if dropout:
        found["dropout_date"] = say_date(dropout.on)
    return found | _first_days(events, material)


def _of_visit(visit: Event) -> dict[str, str]:
    return {
        "visit_date": say_date(visit.on),
        "visit_hours": f"{visit.start}至{visit.end}" if visit.start and visit.end else "",
        "visit_staff": say_who(visit.who, visit.role),
        "visit_way": "走访学生家庭",  # of 走访, 电话或网络, 来校 (LC-31) a visit is the first
        "companions": visit.companions,
        "place": visit.place,
        "visit_text": withhold(visit.text),
        "visit_outcome": say_outcome(visit.outcome),
        "return_date": say_date(visit.ends),
    }


def _first_days(events: list[Event], material: Material) -> dict[str, str]:
    """What was done on the first, second and third day with any record of this absence (LC-14 to LC-16)."""
    days = sorted({e.on for e in events if e.kind != "leave"})[:3]
    slots = ("day_one", "day_two", "day_three")
    if not (material.case and material.case.since):
        return {}
    return {
        slot: f"{say_date(day)}：" + "；".join(_say_event(e) for e in events if e.on == day)
        for slot, day in zip(slots, days, strict=False)
    }


def _say_event(event: Event) -> str:
    outcome = say_outcome(event.outcome)
    return (event.what or say_way(event.kind, event.way)) + (f"（{outcome}）" if outcome else "")


def _last(events: list[Event], kind: str) -> Event | None:
    return next((e for e in reversed(events) if e.kind == kind), None)


def _log(attempts: list[Event]) -> str:
    """``2025年3月5日电话、3月6日家访``: days and ways only, since a letter repeats nobody's words."""
    shown = attempts[-LOG_LENGTH:]
    words = "、".join(f"{say_date(e.on)}{say_way(e.kind, e.way)}" for e in shown)
    return f"共{len(attempts)}次，最近{LOG_LENGTH}次为{words}" if len(attempts) > LOG_LENGTH else words


def _line(number: int, event: Event) -> Line:
    return {
        "no": str(number),
        "date": say_date(event.on),
        "way": say_way(event.kind, event.way),
        "who": say_who(event.who, event.role),
        "companions": event.companions,
        "text": withhold(event.text),
        "outcome": say_outcome(event.outcome),
        "hours": f"{event.start}—{event.end}" if event.start else "",
        "amount": amount_of(event),
    }


def _roll_line(number: int, entry: Entry) -> Line:
    pupil, case = entry.pupil, entry.case
    until = case.returned or dt.date.max
    attempts = [e for e in entry.events if e.kind in ATTEMPTS and (case.since or dt.date.min) <= e.on <= until]
    return {
        "no": str(number), "name": pupil.name, "sex": pupil.sex, "id": mask(pupil.id_number),
        "grade_class": pupil.class_name, "guardian": pupil.guardian, "phone": pupil.phone,
        "since": say_date(case.since), "reason": withhold(say_reason(case.reason_code, case.reason)),
        "whereabouts": pupil.whereabouts, "attempts": str(len(attempts)), "owner": pupil.owner,
    }  # fmt: skip


def _row_line(number: int, row: Mapping[str, Cell]) -> Line:
    shown = {slot: withhold(_show(value)) for slot, value in row.items()}
    if "id" in shown:
        shown["id"] = mask(shown["id"])
    return {"no": str(number)} | shown


def _show(value: Cell) -> str:
    if isinstance(value, dt.date):
        return say_date(value)
    return "" if value is None else str(value)

"""Numbers in a form: its own, that of the notice that it is about, and that of the receipt which goes with either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.inputs import Event, Material
from reports.templates.layouts import Layout


def numbers_of(layout: Layout, material: Material, found: Mapping[str, str]) -> dict[str, str]:
    """Slots of numbers; ``found`` are those known already: the number said when the notice was served stands first."""
    notice = found.get("notice_no") or material.numbers.get("persuasion_notice", "")
    known = {"notice_no": notice}
    if layout.name == "service_receipt":
        served = bool(notice or found.get("notice_date"))
        known |= {"served_title": "劝学通知书" if served else "", "doc_no": notice, "receipt_no": _receipt(notice)}
    elif layout.name != "home_visit":  # each visit has a form and a number of its own
        number = material.number or material.numbers.get(layout.name, "")
        known |= {"doc_no": number, "receipt_no": _receipt(number)}
    return known


def number_of(event: Event, events: Sequence[Event], material: Material) -> str:
    """The number of the paper that an event is about: what was said, for the last notice else what the register has."""
    notices = [e for e in events if e.kind == "notice"]
    return event.number or (material.numbers.get("persuasion_notice", "") if notices[-1:] == [event] else "")


def _receipt(number: str) -> str:
    """The receipt bears the number of the paper served: 劝学〔2026〕1号 → 劝学送回〔2026〕1号."""
    return number.replace("〔", "送回〔", 1)

"""What came with the records: the photos that a form shows, and which signed papers are known to be here (LC-33, XY-5)."""

from __future__ import annotations

from reports.form_values import of_this_absence
from reports.inputs import Event, Material, Photo
from reports.templates.layouts import Layout

PHOTO = "照片"
# For each form: the kind of record that it is about, what a photo of it shows, and what a signed paper of it shows.
SHOWS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "home_visit": ("visit", ("照片",), ("家长签字",)),
    "persuasion_record": ("visit", ("照片",), ()),
    "persuasion_notice": ("notice", (), ("送达回证",)),
    "service_receipt": ("notice", ("签收或者未签收的照片",), ("签收或者未签收的照片",)),
    "dropout_report": ("notice", (), ("《劝学通知书》送达回证",)),
    "suspension": ("suspend", (), ("书面申请",)),
    "deferral": ("defer", (), ("书面申请",)),
}


def in_hand(layout: Layout, material: Material) -> set[str]:
    """The evidence of a form that is known to be here; a photo says nothing of whether anybody signed."""
    kind, photo, signed = SHOWS.get(layout.name, ("", (), ()))
    found = {words for words in layout.evidence if words != PHOTO} if layout.name in material.scans else set[str]()
    for event in _about(layout, material, kind):
        found |= {*(photo if event.photos else ()), *(signed if event.signed else ())}
    return found


def photos_of(layout: Layout, material: Material) -> tuple[Photo, ...]:
    """The photos that the form shows: one about a single visit shows those of its day alone."""
    if layout.name != "home_visit":
        return material.photos
    days = {f"{event.on:%Y-%m-%d}" for event in _about(layout, material, "visit")}
    return tuple(photo for photo in material.photos if not photo.taken or photo.taken[:10] in days)


def _about(layout: Layout, material: Material, kind: str) -> list[Event]:
    """The records that the form is about: the latest visit or notice, for the record of persuasion every visit."""
    events = [event for event in of_this_absence(material) if event.kind == kind]
    return events if layout.name == "persuasion_record" else events[-1:]

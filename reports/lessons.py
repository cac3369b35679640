"""Lessons taught at home as the booklet shows them: how much, and by month (FN-27 to FN-29)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.terms import say_month
from reports.inputs import Event


def amount_of(lesson: Event) -> str:
    """``2课时（60分钟）``; what was not told stays out."""
    return f"{lesson.lessons}课时" * bool(lesson.lessons) + f"（{lesson.minutes}分钟）" * bool(lesson.minutes)


def minutes_of(lessons: Sequence[Event]) -> str:
    """All minutes taught; empty where of one lesson they were not told."""
    return str(sum(e.minutes for e in lessons)) if all(e.minutes for e in lessons) else ""


def lesson_months(lessons: Sequence[Event]) -> list[Mapping[str, str]]:
    """A line for each month: sessions, lessons, minutes."""
    months: dict[str, list[Event]] = {}
    for lesson in lessons:
        months.setdefault(f"{lesson.on:%Y-%m}", []).append(lesson)
    return [
        {
            "month": say_month(month), "sessions": str(len(held)), "lessons": str(sum(e.lessons for e in held)),
            "minutes": minutes_of(held),
        }
        for month, held in sorted(months.items())
    ]  # fmt: skip

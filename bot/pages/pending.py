"""待劝返: who is not in school, by village, school or group; the longest absent first, 20 at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, forms
from bot.pages.door import Outside, note, reads
from bot.pages.shell import page_number, searched, to_search
from casework.case import AWAY
from casework.people import Unit
from casework.scope import Scope
from casework.terms import GROUPS
from handlers.desk import Desk
from handlers.places import schools_in

PAGE, PAGES = 20, 25
"""Children on a page, and pages at most that are shown at once to whoever comes back to a list that had grown."""
WHICH: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pending": ("待劝返", AWAY),
    "suspected": ("疑似辍学", ("suspected",)),
    "dropout": ("辍学", ("dropout",)),
    "leave": ("请假", ("on_leave",)),
    "observed": ("返校跟踪", ("observed",)),
    "taught": ("送教上门", ("home_taught",)),
    "all": ("全部学生", ()),
}


def add(routes: Blueprint) -> None:
    """``/m/pending``."""
    routes.add_url_rule("/pending", "pending", show)
    routes.add_url_rule("/pending", "pending_search", search, methods=["POST"])


@reads("pending")
def search(desk: Desk) -> ResponseReturnValue:
    """The form above the list."""
    return to_search("pages.pending", ("which", "place", "group", "late"))


@reads("pending")
def show(desk: Desk) -> ResponseReturnValue:
    """One page of the list; ``part=rows`` gives the rows alone, for lists that grow while one scrolls."""
    which = request.args.get("which", "pending")
    title, states = WHICH.get(which, WHICH["pending"])
    places = places_of(desk)
    place, group = request.args.get("place") or None, request.args.get("group") or None
    if place is not None and place not in {unit.id for _, units in places for unit in units}:
        raise Outside(f"unit:{place}")
    group = group if group in GROUPS else None
    scope = scope_of(desk, group)
    late, text = request.args.get("late") == "1", searched()
    page = page_number()
    many = min(max(page_number("to") - page + 1, 1), PAGES)
    rows, total = desk.work.cases.listing(
        scope, states=states or None, place=place, group=group, overdue_only=late, text=text or None,
        limit=PAGE * many, offset=(page - 1) * PAGE,
    )  # fmt: skip
    note("look", f"list:{which}"[:80], place=place or "", group=group or "", searched=bool(text))
    asked: dict[str, Any] = {
        "which": which,
        "place": place,
        "group": group,
        "late": "1" if late else None,
        "searched": "1" if text else None,
    }
    more = url_for("pages.pending", page=page + many, **asked) if total > (page + many - 1) * PAGE else None
    anywhere = 0
    if text and not total and (states or place or group or late):
        anywhere = desk.work.cases.listing(desk.scope, text=text, limit=1)[1]
    template = "m/pending_rows.html" if request.args.get("part") == "rows" else "m/pending.html"
    return render_template(
        template, rows=rows, total=total, more=more, title=title, which=which, ways=WHICH, places=places, asked=asked,
        page=page, left=total - (page + many - 1) * PAGE, text=text, anywhere=anywhere, newcomers=acting.offered(desk, forms.NEWCOMERS),
    )  # fmt: skip


def scope_of(desk: Desk, group: str | None) -> Scope:
    """What a list of that group may show; raises ``Outside`` for a group of which the person may not know."""
    scope = desk.scope_of_group(group)
    if group and not scope.units:
        raise Outside(f"group:{group}")
    return scope


def places_of(desk: Desk) -> list[tuple[str, list[Unit]]]:
    """The villages, schools and classes by which this person may narrow a list."""
    directory, scope = desk.world.directory, desk.scope
    units = sorted(directory.units.values(), key=lambda u: (u.parent or "", u.name))
    within = [
        ("乡镇", [u for u in units if u.kind == "township" and (scope.everything or u.id in scope.units)]),
        ("学校", schools_in(directory, scope)),
        ("村", [u for u in units if u.kind == "village" and (scope.everything or u.id in scope.villages)]),
    ]
    if not scope.everything:
        within.append(("班级", [u for u in units if u.kind == "class" and u.id in scope.classes][:60]))
    return [(title, found) for title, found in within if found]

"""我的待办, and the address behind a card: the duty's pupil or its unit's matter."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting
from bot.pages.door import Outside, reads, storage_of, writes
from bot.pages.pupil import links_of
from bot.pages.waiting import for_second
from casework.case import Duty
from casework.people import Pupil
from casework.scope import Scope
from handlers import arrivals, awaiting
from handlers.desk import Desk
from handlers.naming import with_class
from handlers.places import place_name
from handlers.understanding.actions import Action, Mention
from reminders.digest import NEWS
from reminders.plan import DUE

SOON = dt.timedelta(days=7)
TOLD_LATELY = dt.timedelta(days=7)
AT_MOST = 200
LATE = "已逾期"
PARTS = (LATE, "今天", "七天之内", "以后")


@dataclass(frozen=True, slots=True)
class Matter:
    """One child, or one matter of a unit, with everything that this person has to do there, the most urgent first."""

    about: str
    href: str
    duties: tuple[Duty, ...]

    def lines(self, today: dt.date) -> list[tuple[Duty, list[dt.date]]]:
        """Each kind of work once, with the days on which it comes again: four follow-ups are one line, not four."""
        out: list[tuple[Duty, list[dt.date]]] = []
        for one in self.duties:
            same = next((days for first, days in reversed(out) if first.rule == one.rule), None)
            if same is None or one.due <= today:
                out.append((one, []))
            else:
                same.append(one.due)
        return out


def add(routes: Blueprint) -> None:
    """``/m/``, ``/m/todo``, ``/m/duty/<id>``."""
    routes.add_url_rule("/", "home", home)
    routes.add_url_rule("/todo", "todo", show)
    routes.add_url_rule("/duty/<duty_id>", "duty", duty)
    routes.add_url_rule("/duty/<duty_id>/done", "duty_done", done, methods=["POST"])


def home() -> ResponseReturnValue:
    """``/m/`` is 我的待办."""
    return redirect(url_for("pages.todo"), 302)


@reads("todo")
def show(desk: Desk) -> ResponseReturnValue:
    """The person's open duties, each child once: overdue, today, this week, later, by what is most urgent there."""
    duties = sorted(desk.work.cases.todo(desk.writer.id), key=lambda d: (d.due, d.rule, d.id))
    pupils = desk.work.people.pupils(dict.fromkeys(d.pupil for d in duties[:AT_MOST] if d.pupil))
    groups = parts(matters(desk, duties[:AT_MOST], pupils), desk.today)
    beside = told_beside(desk)
    own = arrivals.own_school(desk)
    waiting = [
        (f"{words}，已等{days}天", asked.data["receiver"] == own.id)
        for days, words, _, asked in (awaiting.all_waiting(desk) if own else ())
        if own
    ]
    return render_template(
        "m/todo.html", groups=groups, total=len(duties), shown=min(len(duties), AT_MOST), waiting=waiting,
        counts=counts(duties, desk.today), others=0 if duties else _late_of_others(desk), beside=beside, reminders=reminded_today(desk),
        second=for_second(desk),
    )  # fmt: skip


def reminded_today(desk: Desk) -> list[str]:
    """The digests of today in full: their cards have room for numbers alone, and lead to this page."""
    sent = storage_of(desk).outbox.sent_to(desk.writer.id, dt.datetime.combine(desk.today, dt.time()))
    return [one.text for one in sent if one.key.startswith(("digest:", f"{NEWS}digest:"))]


def told_beside(desk: Desk) -> list[Matter]:
    """What others still have to do and this person was told of lately: the digest's card counts it, this page names it."""
    work = storage_of(desk)
    since = dt.datetime.combine(desk.today - TOLD_LATELY, dt.time())
    told = work.cases.duties_with_ids(work.outbox.told_to(desk.writer.id, since, DUE))
    found = [d for d in told if d.status == "open" and desk.writer.id not in d.who]
    found.sort(key=lambda d: (d.due, d.rule, d.id))
    pupils = desk.work.people.pupils(dict.fromkeys(d.pupil for d in found if d.pupil))
    seen = {id: pupil for id, pupil in pupils.items() if desk.scope.covers(pupil)}
    return matters(desk, [d for d in found if d.pupil in seen], seen)


def _late_of_others(desk: Desk) -> int:
    """How many children have overdue work that is somebody else's: what is left to do for a head without duties of their own."""
    if not desk.reader.opens("county"):
        return 0
    return desk.work.cases.listing(desk.scope, overdue_only=True, limit=1)[1]


def matters(desk: Desk, duties: list[Duty], pupils: Mapping[str, Pupil]) -> list[Matter]:
    """The duties (in order of their days) put together by the child; a unit's matters stay apart, each has its own page."""
    together: dict[str, list[Duty]] = {}
    for one in duties:
        together.setdefault(one.pupil or one.id, []).append(one)
    return [Matter(subject(desk, many[0], pupils), _page_of(many[0]), tuple(many)) for many in together.values()]


def _page_of(duty: Duty) -> str:
    if duty.pupil:
        return url_for("pages.pupil", pupil_id=duty.pupil)
    return url_for("pages.duty", duty_id=duty.id)


def when(due: dt.date, today: dt.date) -> str:
    """How soon a day is, in one of the four parts of the page."""
    if due < today:
        return LATE
    return "今天" if due == today else "七天之内" if due <= today + SOON else "以后"


def parts(found: list[Matter], today: dt.date) -> list[tuple[str, list[Matter]]]:
    """What there is to do by how soon the first of it is due; empty parts are left out."""
    named = [(title, [one for one in found if when(one.duties[0].due, today) == title]) for title in PARTS]
    return [(title, part) for title, part in named if part]


def counts(duties: Iterable[Duty], today: dt.date) -> list[tuple[str, int]]:
    """How many items are due how soon, counted one by one as the chat and the morning's digest count them."""
    many = Counter(when(one.due, today) for one in duties)
    return [(title, many[title]) for title in PARTS if many[title]]


def subject(desk: Desk, duty: Duty, pupils: Mapping[str, Pupil]) -> str:
    """Whom or what a duty is about."""
    if duty.pupil is None:
        return place_name(desk.world.directory, duty.unit) or "全县"
    pupil = pupils.get(duty.pupil)
    return with_class(desk, pupil) if pupil else ""


@reads("todo")
def duty(desk: Desk, duty_id: str) -> ResponseReturnValue:
    """To the pupil, to the report, or the matter of a unit."""
    found, pupil = seen(desk, duty_id)
    if pupil is not None:
        return redirect(url_for("pages.pupil", pupil_id=pupil.id))
    if found.rule == "monthly_report":
        return redirect(url_for("pages.report"))
    return render_template("m/duty.html", duty=found, unit=subject(desk, found, {}), mine=desk.writer.id in found.who)


@writes("todo")
def done(desk: Desk, duty_id: str) -> ResponseReturnValue:
    """A duty is reported as done; nothing but its being done is recorded."""
    found, pupil = seen(desk, duty_id)
    if found.status != "open":
        return redirect(url_for("pages.todo"), 303)
    students = (Mention(pupil.name, (pupil.id,)),) if pupil else ()
    action = Action("done", students, {"rule": found.rule, "duty": found.id, "unit": found.unit})
    if pupil is None:
        return acting.act(desk, [action], f"完成 {found.rule}", [("我的待办", url_for("pages.todo"))])
    undo = url_for("pages.undo", pupil_id=pupil.id)
    return acting.act(desk, [action], f"完成 {found.rule}", links_of(pupil), undo=undo)


def seen(desk: Desk, duty_id: str) -> tuple[Duty, Pupil | None]:
    """A duty whose pupil the person may see, or whose unit is theirs; raises ``Outside``."""
    found = desk.work.cases.duty(duty_id)
    if found is None:
        raise Outside(f"duty:{duty_id}")
    if found.pupil is None:
        if desk.writer.id in found.who or answers_for(desk.scope, found.unit):
            return found, None
        raise Outside(f"duty:{duty_id}")
    pupil = desk.work.people.pupil(found.pupil)
    if pupil is None or not desk.scope.covers(pupil):
        raise Outside(f"duty:{duty_id}")
    return found, pupil


def answers_for(scope: Scope, unit: str | None) -> bool:
    """Whether a unit's own matters are this person's to see."""
    return scope.everything or unit in scope.units

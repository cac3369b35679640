"""设置: what the county's administrator looks after. Each change is one form, in one transaction, in the trail."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.alerts import wanted_years
from bot.departures import leave
from bot.pages import twofold
from bot.pages.door import Outside, from_where, reads, storage_of, writes
from bot.pages.shell import page_number, searched, to_search
from casework.access import GUARDED
from casework.people import COUNTY, Person, Post, Unit
from casework.scope import LEVEL
from casework.terms import ROLES
from handlers.desk import Desk
from storage.people import Days

PAGE = 30
USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
DAY_WORDS = {"term": "学期", "teach": "补课上学", "no_teach": "停课放假", "holiday": "法定假日", "make_up": "调休上班"}


def add(routes: Blueprint) -> None:
    """``/m/settings`` and what is under it."""
    pages = (
        ("", "settings", index), ("/people", "people", people), ("/person/<userid>", "person", person),
        ("/calendar", "calendar", calendar), ("/unknown", "unknown", unknown),
        ("/letters", "letters", letters),
    )  # fmt: skip
    forms = (
        ("/search", "people_search", search_people), ("/people", "put_person", put_person), ("/person/<userid>/post", "put_post", put_post),
        ("/person/<userid>/end", "end_post", end_post), ("/person/<userid>/active", "set_active", set_active),
        ("/calendar", "put_days", put_days), ("/calendar/drop", "drop_days", drop_days),
        ("/unknown/<id>", "drop_unknown", drop_unknown), ("/letters/<id>", "send_again", send_again),
    )  # fmt: skip
    for rows, method in ((pages, "GET"), (forms, "POST")):
        for path, name, view in rows:
            routes.add_url_rule(f"/settings{path}", name, view, methods=[method])


def _noted(desk: Desk, what: str, subject: str) -> None:
    desk.work.audit.note(desk.writer.id, what, subject[:80], from_where())


@reads("settings")
def index(desk: Desk) -> ResponseReturnValue:
    """What can be set, and what waits for a hand."""
    work = storage_of(desk)
    return render_template(
        "m/settings.html", dead=len(work.outbox.dead_letters()), unknown=len(work.inbox.unknowns(100)),
        missing=wanted_years(desk.world.calendar, desk.today), depth=work.outbox.depth(), waiting=len(work.proposals.open()),
    )  # fmt: skip


@reads("settings")
def people(desk: Desk) -> ResponseReturnValue:
    """The staff, searched by name, userid or unit."""
    return _people_page(desk)


@reads("settings")
def search_people(desk: Desk) -> ResponseReturnValue:
    """The form above the staff."""
    return to_search("pages.people", ())


def _people_page(desk: Desk, fault: str = "") -> str:
    wanted, directory, rows = searched(), desk.world.directory, []
    for one in storage_of(desk).people.everyone():
        posts = directory.posts_of(one.id, desk.today)
        names = [directory.units[p.unit].name for p in posts if p.unit in directory.units]
        if not wanted or any(wanted in text for text in (one.name, one.id, *names)):
            rows.append((one, posts))
    page = page_number()
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "m/settings_people.html", rows=shown, total=len(rows), page=page, pages=-(-len(rows) // PAGE), wanted=wanted,
        fault=fault, given=request.form,
    )  # fmt: skip


@writes("settings")
def put_person(desk: Desk) -> ResponseReturnValue:
    """A new member of staff, or another name for one."""
    userid, name = request.form.get("userid", "").strip(), request.form.get("name", "").strip()[:40]
    if not USERID.fullmatch(userid) or not name:
        return _people_page(desk, "请填写姓名和企业微信账号；账号只能有字母、数字和 _ . @ -。"), 422
    known = desk.work.people.person(userid)
    storage_of(desk).people.put_person(Person(userid, name, known.active if known else True))
    _noted(desk, "put_person", f"person:{userid}")
    return redirect(url_for("pages.person", userid=userid), 303)


@reads("settings")
def person(desk: Desk, userid: str) -> ResponseReturnValue:
    """One member of staff with all posts."""
    return _person_page(desk, _known(desk, userid))


def _known(desk: Desk, userid: str) -> Person:
    found = desk.work.people.person(userid)
    if found is None:
        raise Outside(f"person:{userid}")
    return found


def _person_page(desk: Desk, one: Person, fault: str = "") -> str:
    posts = sorted(storage_of(desk).people.posts(one.id), key=lambda p: (p.until is not None, p.since or dt.date.min))
    return render_template(
        "m/settings_person.html", person=one, posts=posts, units=offered_units(desk, request.form.get("unit", "")),
        fault=fault, given=request.form, proposed=twofold.proposed_for(desk, one.id),
    )  # fmt: skip


def choices(units: Iterable[Unit]) -> list[tuple[str, str]]:
    """Every unit with its path, such as ``老隆镇/第一中学/八年级3班``, for a list with a search of its own."""
    by_id = {u.id: u for u in units}

    def path(unit: Unit) -> str:
        above = by_id.get(unit.parent) if unit.parent else None
        return f"{path(above)}/{unit.name}" if above is not None and above.kind != "county" else unit.name

    return sorted(((path(u), u.id) for u in by_id.values() if u.id != COUNTY), key=lambda pair: pair[0])


def offered_units(desk: Desk, typed: str) -> list[str]:
    """The paths offered while one types: townships, villages and schools, and whatever has the typed words in it."""
    units = desk.world.directory.units
    every = choices(units.values())
    large = [path for path, id in every if units[id].kind != "class"]
    near = [path for path, _ in every if typed.strip() and typed.strip() in path]
    return list(dict.fromkeys([*near[:100], *large[:500]]))


@writes("settings")
def put_post(desk: Desk, userid: str) -> ResponseReturnValue:
    """A post for a member of staff, from a day on."""
    one, role, path = _known(desk, userid), request.form.get("role", ""), request.form.get("unit", "").strip()
    units = dict(choices(desk.world.directory.units.values()))
    since, until = day_of(request.form.get("since", "")), day_of(request.form.get("until", ""))
    unit = COUNTY if LEVEL.get(role) == "county" else units.get(path)
    fault = post_fault(desk, role, unit, since, until)
    if fault or unit is None:
        return _person_page(desk, one, fault), 422
    deputy = request.form.get("deputy_for", "").strip() or None
    if deputy and desk.work.people.person(deputy) is None:
        return _person_page(desk, one, "没有这个被代理人，请填写对方的企业微信账号。"), 422
    post = Post(one.id, role, unit, since, until, deputy)
    if role in GUARDED:
        twofold.propose(desk, post)
        return redirect(url_for("pages.person", userid=one.id), 303)
    storage_of(desk).people.put_post(post)
    _noted(desk, "put_post", f"person:{one.id}")
    return redirect(url_for("pages.person", userid=one.id), 303)


def post_fault(desk: Desk, role: str, unit: str | None, since: dt.date | None, until: dt.date | None) -> str:
    """What is wrong with a post; empty if nothing."""
    if role not in ROLES:
        return "请选择角色。"
    found = desk.world.directory.units.get(unit) if unit is not None else None
    if found is None or found.kind != LEVEL[role]:
        kind = {"class": "班级", "school": "学校", "village": "村", "township": "乡镇"}.get(LEVEL[role], "单位")
        return f"{ROLES[role]}要选一个{kind}，请从列表里选。"
    return "结束日期早于开始日期。" if since and until and until < since else ""


def day_of(raw: str) -> dt.date | None:
    """A date of a form; None if empty or malformed."""
    try:
        return dt.date.fromisoformat(raw.strip())
    except ValueError:
        return None


@writes("settings")
def end_post(desk: Desk, userid: str) -> ResponseReturnValue:
    """End a post: yesterday was its last day, or it never began."""
    number = request.form.get("number", "")
    posts = storage_of(desk).people.posts(_known(desk, userid).id)
    chosen = next((p for p in posts if post_key(p) == number), None)
    if chosen is None:
        raise Outside(f"person:{userid}")
    last = desk.today - dt.timedelta(days=1)
    if chosen.since is not None and chosen.since > last:
        storage_of(desk).people.drop_post(chosen)
    else:
        ended = Post(chosen.person, chosen.role, chosen.unit, chosen.since, last, chosen.deputy_for)
        storage_of(desk).people.put_post(ended)
    _noted(desk, "end_post", f"person:{userid}")
    return redirect(url_for("pages.person", userid=userid), 303)


def post_key(post: Post) -> str:
    """What tells a post from the person's others."""
    return "|".join((post.role, post.unit, post.since.isoformat() if post.since else "", post.deputy_for or ""))


@writes("settings")
def set_active(desk: Desk, userid: str) -> ResponseReturnValue:
    """A member of staff leaves, or is back: one who has left sees nothing from the next request on, and holds no post."""
    one = _known(desk, userid)
    active = request.form.get("active") == "1"
    if one.id == desk.writer.id and not active:
        return _person_page(desk, one, "不能停用自己的账号。"), 422
    if active:
        storage_of(desk).people.put_person(Person(one.id, one.name, True))
    else:
        leave(storage_of(desk), one)
    _noted(desk, "activate" if active else "deactivate", f"person:{userid}")
    return redirect(url_for("pages.person", userid=userid), 303)


@reads("settings")
def calendar(desk: Desk) -> ResponseReturnValue:
    """Terms and exceptions."""
    return _calendar_page(desk)


def _calendar_page(desk: Desk, fault: str = "") -> str:
    recent = desk.today - dt.timedelta(days=400)
    days = [d for d in storage_of(desk).people.days() if d.until >= recent]
    return render_template(
        "m/settings_calendar.html", days=sorted(days, key=lambda d: d.since, reverse=True), words=DAY_WORDS, fault=fault,
        units=offered_units(desk, request.form.get("unit", "")), missing=wanted_years(desk.world.calendar, desk.today),
        given=request.form,
    )  # fmt: skip


@writes("settings")
def put_days(desk: Desk) -> ResponseReturnValue:
    """A term, days taught besides, or days without school."""
    kind, path = request.form.get("kind", ""), request.form.get("unit", "").strip()
    since = day_of(request.form.get("since", ""))
    until = day_of(request.form.get("until", "")) or since
    unit = dict(choices(desk.world.directory.units.values())).get(path) if path else COUNTY
    if kind not in DAY_WORDS or since is None or until is None or until < since or unit is None:
        return _calendar_page(desk, "请选择种类，填写开始和结束日期；单位请从列表里选，不填就是全县。"), 422
    if (until - since).days > 400 or (kind in ("term", "holiday", "make_up") and unit != COUNTY):
        return _calendar_page(desk, "学期和法定假日按全县填写，一次不超过一年。"), 422
    storage_of(desk).people.put_days([Days(kind, since, until, unit)])
    _noted(desk, "put_days", f"unit:{unit}")
    return redirect(url_for("pages.calendar"), 303)


@writes("settings")
def drop_days(desk: Desk) -> ResponseReturnValue:
    """Take a stretch of the calendar back."""
    form = request.form
    since, until = day_of(form.get("since", "")), day_of(form.get("until", ""))
    if since is None or until is None:
        raise Outside("calendar")
    storage_of(desk).people.drop_days(Days(form.get("kind", ""), since, until, form.get("unit", "")))
    _noted(desk, "drop_days", f"unit:{form.get('unit', '')}")
    return redirect(url_for("pages.calendar"), 303)


@reads("settings")
def unknown(desk: Desk) -> ResponseReturnValue:
    """Messages that were not understood."""
    rows = [(u, desk.work.people.person(u.person)) for u in storage_of(desk).inbox.unknowns(100)]
    return render_template("m/settings_unknown.html", rows=rows)


@writes("settings")
def drop_unknown(desk: Desk, id: str) -> ResponseReturnValue:
    """Dealt with."""
    storage_of(desk).inbox.drop_unknown(id)
    _noted(desk, "drop_unknown", f"unknown:{id}")
    return redirect(url_for("pages.unknown"), 303)


@reads("settings")
def letters(desk: Desk) -> ResponseReturnValue:
    """Messages that could not be delivered."""
    rows = [(d, desk.work.people.person(d.message.to)) for d in storage_of(desk).outbox.dead_letters()]
    return render_template("m/settings_letters.html", rows=rows)


@writes("settings")
def send_again(desk: Desk, id: str) -> ResponseReturnValue:
    """Back into the queue."""
    if not storage_of(desk).outbox.resend(id):
        raise Outside(f"letter:{id}")
    _noted(desk, "send_again", f"letter:{id}")
    return redirect(url_for("pages.letters"), 303)

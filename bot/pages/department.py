"""What a department without the app opens by its dated link: its own items, and a form for the answer to each.

Nobody is logged in here and nothing else opens by it: no session is made of it, no menu is shown, and a link that never
was, is over or was taken back is answered alike. Each look at a child is in the trail, as is each answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.desks import desk_of_link
from bot.pages import forms
from bot.pages.door import from_where, here
from bot.pages.forms import Field
from bot.pages.shell import once_token
from casework.access import DEPARTMENT, Reader
from casework.facts import Fact
from casework.people import Pupil
from casework.terms import say_day
from handlers import links
from handlers.departments import Asked, asked
from handlers.desk import Desk
from handlers.places import place_name
from storage.links import Link
from storage.store import Work

READER = Reader(frozenset({DEPARTMENT}))
SHOWN = {"sex": "性别", "born": "出生日期", "id_number": "身份证号", "guardian": "监护人", "household": "户籍地址"}
View = Callable[..., ResponseReturnValue]


def add(routes: Blueprint) -> None:
    """``/m/d/<token>`` and the answer to one item."""
    routes.add_url_rule("/d/<token>", "department", show)
    routes.add_url_rule("/d/<token>/<item>", "department_form", form)
    routes.add_url_rule("/d/<token>/<item>", "department_answer", answer, methods=["POST"])


def by_link(view: View) -> View:
    """A view for whoever holds a link that opens today; all in one transaction, the trail included."""

    @functools.wraps(view)
    def shown(token: str, **values: Any) -> ResponseReturnValue:
        bot = here()
        once = request.form.get("once", "")[:60] or once_token()
        with bot.store.begin(bot.now(), cause=f"link:{once}") as work:
            link = work.links.opened_by(token)
            found = view(work, desk_of_link(work, link, f"link:{once}"), link, token, **values) if link else _over()
        response = make_response(found)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


def _over() -> ResponseReturnValue:
    return render_template("m/department_over.html"), 404


@by_link
def show(work: Work, desk: Desk, link: Link, token: str) -> ResponseReturnValue:
    """What waits for the department's answer, and what it has answered by this link."""
    open_now, answers = asked(desk, links.EVERYWHERE, link.department), links.own_answers(desk, link)
    pupils = work.people.pupils({f.pupil for f in answers if f.pupil})
    for id in dict.fromkeys([*(one.pupil.id for one in open_now), *pupils]):
        _note(work, link, "look", id)
    return render_template(
        "m/department.html", link=link, token=token, until=say_day(link.until, desk.today),
        items=[(one, _known(work, one.pupil), _waited(desk, one)) for one in open_now],
        answers=[(f, pupils[f.pupil].name, say_day(f.on, desk.today)) for f in answers if f.pupil in pupils],
        said=request.args.get("said"), stamp=_stamp(desk, link),
    )  # fmt: skip


def _stamp(desk: Desk, link: Link) -> str:
    """Who printed the page and when, as every page says on paper."""
    return f"{say_day(desk.today)}{desk.now:%H:%M}，{link.department}打印"


def _note(work: Work, link: Link, did: str, pupil: str) -> None:
    work.audit.note(f"link:{link.id}", did, f"pupil:{pupil}", from_where(), {"department": link.department})


def _known(work: Work, pupil: Pupil) -> list[tuple[str, str]]:
    """What of the register a department may see, to know which child it is."""
    given = READER.shown(work.people.details(pupil.id))
    directory = work.world.directory
    places = [("村居", place_name(directory, pupil.village_id)), ("学校", place_name(directory, pupil.class_id))]
    return [(word, given[key]) for key, word in SHOWN.items() if given.get(key)] + [(w, p) for w, p in places if p]


def _waited(desk: Desk, one: Asked) -> str:
    due = f"，请在{say_day(one.due, desk.today)}前答复" if one.due else ""
    return f"{say_day(one.since, desk.today)}提出，已等{(desk.today - one.since).days}天{due}"


def _meant(desk: Desk, link: Link, item: str) -> tuple[Asked | None, Fact | None]:
    """The open item, or the department's own answer that is to be put right."""
    one = next((one for one in asked(desk, links.EVERYWHERE, link.department) if one.id == item), None)
    return one, None if one else next((f for f in links.own_answers(desk, link) if f.id == item), None)


def _fields(results: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field("result", "办理结果", "select", results, True),
        Field("words", "答复内容", "area", required=True, hint="写核实、办理的结果；有文书的写明文号"),
        Field("who", "答复人（姓名、职务）", "text", required=True),
    )


@by_link
def form(work: Work, desk: Desk, link: Link, token: str, item: str) -> ResponseReturnValue:
    """The form of one answer."""
    one, former = _meant(desk, link, item)
    pupil = work.people.pupil((one.pupil.id if one else former.pupil if former else "") or "")
    if pupil is None:
        return _over()
    _note(work, link, "look", pupil.id)
    return _page(desk, link, token, item, one, former, pupil, {}, {})


def _page(
    desk: Desk, link: Link, token: str, item: str, one: Asked | None, former: Fact | None, pupil: Pupil,
    given: Mapping[str, str], faults: Mapping[str, str],
) -> str:  # fmt: skip
    title, hint = ("答复", one.words) if one else ("更正答复", str(former.data.get("note", "")) if former else "")
    return render_template(
        "m/form.html", title=f"{title}：{pupil.name}", hint=hint, button=title, given=given, faults=faults,
        fields=_fields(_results(desk, link, one, former)), action=url_for("pages.department_answer", token=token, item=item),
        back=url_for("pages.department", token=token), stamp=_stamp(desk, link),
    )  # fmt: skip


def _results(desk: Desk, link: Link, one: Asked | None, former: Fact | None) -> Mapping[str, str]:
    closing = one.closing if one else bool(former and links.closes(desk, former))
    return links.results(link.department, closing)


@by_link
def answer(work: Work, desk: Desk, link: Link, token: str, item: str) -> ResponseReturnValue:
    """Take an answer in; sent twice, the second finds the item answered."""
    one, former = _meant(desk, link, item)
    pupil = work.people.pupil((one.pupil.id if one else former.pupil if former else "") or "")
    if pupil is None:
        return _back(token, "answered")
    work.cases.hold([pupil.id])
    one, former = _meant(desk, link, item)
    slots, faults = forms.slots_of(_fields(_results(desk, link, one, former)), request.form)
    if faults:
        return _page(desk, link, token, item, one, former, pupil, request.form, faults), 422
    if one:
        links.answer(desk, link, one, slots["result"], slots["who"], slots["words"])
    elif former:
        links.correct(desk, link, former, slots["result"], slots["who"], slots["words"])
    _note(work, link, "answered", pupil.id)
    return _back(token, "kept" if one or former else "answered")


def _back(token: str, said: str) -> Response:
    return redirect(url_for("pages.department", token=token, said=said), 303)  # type: ignore[return-value]

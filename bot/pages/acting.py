"""Forms of the pages become the same ``Action`` as a message in chat, and go through the same door.

What the rules still have to ask is asked on the next page, which sends the same form again with the answer added;
nothing is understood anew from words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages.door import here, storage_of
from bot.pages.forms import FORMS
from bot.pages.shell import error_page
from bot.pages.signed_back import given_back, sign
from bot.reception import PER_MINUTE, queue_files
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from handlers import filing
from handlers.answer import not_recorded
from handlers.desk import Desk, Said
from handlers.forms import fill_in
from handlers.line import Line
from handlers.registry import REGISTRY, Row
from handlers.understanding.actions import Action, Mention
from handlers.wording import SEND_AGAIN, UNDO_HINT

Again = Callable[[str], str]
NO_CHOICE = "\n不记了请回“取消”。"
"""How a question ends in chat that has no choices; a page has the form itself to answer it."""


def offered(desk: Desk, forms: Iterable[str] = FORMS) -> list[Row]:
    """The actions that this person may take, in the order of the forms."""
    return [REGISTRY[name] for name in forms if desk.reader.may(name)]


NO_SCHOOL = "no_school"
AT_SCHOOL, TO_SCHOOL = ("absence", "leave", "return", "not_returned"), ("place_at", "elsewhere")
"""What is recorded of a child in a school alone, and what brings one without a school into one."""
FIRST: Mapping[str, tuple[str, ...]] = {
    "in_school": ("absence", "leave", "contact", "visit"),
    "absent": ("contact", "visit", "return", "leave"),
    "suspected": ("contact", "visit", "return", "notice"),
    "dropout": ("contact", "visit", "return", "notice"),
    "on_leave": ("contact", "visit", "return", "leave"),
    "observed": ("contact", "visit", "absence", "leave"),
    "home_taught": ("teach", "contact", "visit", "return"),
    "left": ("contact", "visit", "return"),
    NO_SCHOOL: ("contact", "visit"),
}
"""What is done most about a child in each state; the rest is one tap further away."""


def by_need(desk: Desk, state: str) -> tuple[list[Row], list[Row]]:
    """The actions that this person may take about a child in this state: the usual ones, and the others."""
    rows, usual = offered(desk), FIRST.get(state, ())
    first = [row for name in usual for row in rows if row.action == name]
    return first, [row for row in rows if row not in first]


ANSWERED_BY: Mapping[str, str] = {
    **dict.fromkeys(
        ("absence_visit", "absence_joint_visit", "joint_persuasion", "leave_visit", "term_start_visit", "risk_visit"), "visit"
    ),
    **dict.fromkeys(("absence_contact", "leave_contact", "persist", "trace", "return_followup"), "contact"),
    "notice": "notice", "leave_end": "return",
}  # fmt: skip
"""The form that ends a duty and says with what outcome, as the buttons of its card do (``reminders.cards.BUTTONS``): a bare
完成 beside a visit would be a visit of which nobody knows what came of it."""


def form_for(desk: Desk, duty: Duty) -> Row | None:
    """The form with which this person ends a duty; None where a word ends it."""
    name = ANSWERED_BY.get(duty.rule)
    return REGISTRY[name] if name and desk.reader.may(name) else None


def act(
    desk: Desk, actions: Sequence[Action], words: str, links: Sequence[tuple[str, str]],
    answers: Mapping[str, str] | None = None, undo: str = "", again: Again | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Do what a form says; ``answers``: what the form has answered already."""
    line = line_of(desk, words, answers)
    return take_in(desk, words, lambda: fill_in(desk, actions, line), links, undo, again)


def line_of(desk: Desk, words: str, answers: Mapping[str, str] | None = None) -> Line:
    """The form as a message, with what it answers of what was asked before."""
    return Line(words, desk.now, answers={**(answers or {}), **_given_answers()}, written=_already_written())


def take_in(
    desk: Desk, words: str, do: Callable[[], Said], links: Sequence[tuple[str, str]], undo: str = "",
    again: Again | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """Take a form in once, do it, and show what was recorded or what must be answered first.

    ``words`` are kept as the message that the form stands for; ``undo``: the address at which the record can be taken back;
    ``again``: the form as it was filled in, with the words over it, when nothing was recorded.
    """
    work = storage_of(desk)
    since = here().real() - dt.timedelta(minutes=1)
    if work.inbox.count_recent(desk.writer.id, since) > PER_MINUTE:
        return error_page(429)
    taken = work.inbox.take_in(desk.source, desk.writer.id, words, here().real())
    if not taken.new:
        made = desk.work.cases.facts_of_source(desk.source)
        return _said(Said(taken.reply or ""), made, links, undo=undo)
    said = do()
    question = _question(desk, said) if said.asks else None
    if question and not question["options"]:
        said, question = not_recorded(said.text.removesuffix(NO_CHOICE)), None
    work.inbox.answer(desk.source, said.text)
    queue_files(work, desk.writer.id, desk.source, said.files)
    made = [fact for fact in desk.work.cases.facts_of_source(desk.source) if fact.kind is not Kind.VOID]
    if again and said.refused and not made:
        return again(said.text)
    return _said(said, made, links, question, undo)


def _to_photo(made: Sequence[Fact]) -> list[tuple[str, str]]:
    """The way to put a photo to the record that has just been made, where photos belong to such a one."""
    fact = next((f for f in made if f.pupil and filing.keeps(f)), None)
    return [("加照片", url_for("pages.photo_form", fact_id=fact.id))] if fact else []


def nothing(words: str, links: Sequence[tuple[str, str]]) -> ResponseReturnValue:
    """There was nothing to record."""
    return _said(not_recorded(words), (), links)


def _said(
    said: Said, made: Sequence[Fact], links: Sequence[tuple[str, str]], question: Mapping[str, Any] | None = None,
    undo: str = "",
) -> ResponseReturnValue:  # fmt: skip
    title = "还要确认一下" if question else _title(said, made)
    base = here().settings.public_url or request.host_url
    text = said.with_link(base) if question is None else str(question["before"])
    can_undo = UNDO_HINT in text
    for chat, page in _ON_A_PAGE.items():
        text = text.replace(chat, page)
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return render_template(
        "m/said.html", title=title, text=text, links=[*_to_photo(made), *links], question=question,
        undo=undo if can_undo else "", again=links[0][1] if links else "",
    )  # fmt: skip


_ON_A_PAGE = {UNDO_HINT: "", "发“待办”查看": "看“我的待办”", SEND_AGAIN: "请重新填写正确的内容。"}
"""What is said in chat about the next step, as it is done on a page."""


def _title(said: Said, made: Sequence[Fact]) -> str:
    """What became of the form: recorded, not recorded, or something that leaves no record (催, 推迟)."""
    if said.text.startswith("已撤销"):
        return "已撤销"
    if made or said.text.startswith("已"):
        return "已记录"
    return "没有记录" if said.refused else "结果"


def _question(desk: Desk, said: Said) -> Mapping[str, Any] | None:
    """The open question as choices of a form; it is closed in the chat, so that only this page answers it."""
    talk = desk.work.inbox.talk(desk.writer.id)
    if talk is None:
        return None
    desk.work.inbox.end_talk(desk.writer.id)
    kept = {"options": talk["options"], "written": talk["line"]["written"], "answers": talk["line"]["answers"]}
    before, _, asked = said.text.rpartition("\n\n")
    repeated = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_REPEATED]
    return {
        "before": before,
        "ask": asked.splitlines()[0] if asked else "",
        "options": [str(option["label"]) for option in talk["options"]],
        "asked": sign("question", kept),
        "fields": repeated,
    }


NOT_REPEATED = ("csrf", "once", "asked", "pick")


def _picked() -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """What this person was asked, and the option chosen; None when the form answers no question."""
    pick = request.form.get("pick", "")
    kept = given_back("question", request.form.get("asked", ""))
    if kept is None or not pick.isdigit() or int(pick) >= len(kept["options"]):
        return None
    return kept, kept["options"][int(pick)]


def stopped() -> bool:
    """Whether the answer chosen is to leave it."""
    picked = _picked()
    return bool(picked and picked[1].get("stop"))


def _given_answers() -> dict[str, str]:
    picked = _picked()
    return {**picked[0]["answers"], **picked[1].get("answers", {})} if picked else {}


def _already_written() -> tuple[str, ...]:
    picked = _picked()
    return tuple(picked[0]["written"]) if picked else ()


def about(pupil: Pupil, name: str, slots: Mapping[str, Any]) -> Action:
    """One action about one pupil; an outcome of a form was picked from a list, so that 其他情况 is an answer."""
    picked = {"chosen": True} if "outcome" in slots else {}
    return Action(name, (Mention(pupil.name, (pupil.id,)),), {**slots, **picked})

"""A child's page: where the case stands and why, everything recorded, what comes next, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, deeds, files, forms
from bot.pages.deeds import Deed
from bot.pages.door import Outside, here, note, reads, storage_of, writes
from bot.pages.lifeline import of_pupil, pace_of
from bot.papers.numbering import is_numbered
from bot.papers.paperwork import Wanted, can_have
from casework.case import Case, Duty
from casework.facts import Fact, Kind, voided_of
from casework.people import Pupil
from casework.policy import Rule
from casework.terms import RULES
from handlers import filing, lookup, naming, papers, replacing, undoing
from handlers.desk import Desk, Said
from handlers.places import place_name
from handlers.registry import Row
from handlers.reporting import EXPORTS, OF_PUPIL
from handlers.understanding.actions import Action, Mention
from storage.evidence import Folder, Piece

NOT_THE_LAST = "这一条已经撤销过，或者您后来又记了别的，没有撤销。请回到学生页面看一眼。"
SHOWN = {"image/jpeg": "inline", "image/png": "inline"}
DETAILS = {
    "sex": "性别", "ethnicity": "民族", "born": "出生日期", "id_number": "身份证号", "student_number": "学籍号", "guardian": "监护人",
    "relation": "关系", "phone": "监护人电话", "household": "户籍地址", "address": "现住址",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline: the fact, who recorded it, whether it was taken back, its photos, and whether the reader may
    add one or say it otherwise."""

    fact: Fact
    writer: str
    voided: bool
    pieces: tuple[Piece, ...]
    addable: bool
    amendable: bool


def add(routes: Blueprint) -> None:
    """``/m/pupil/<id>``, its forms, photos and papers."""
    routes.add_url_rule("/pupil/<pupil_id>", "pupil", show)
    routes.add_url_rule("/pupil/<pupil_id>/paper", "paper", paper, methods=["POST"])
    routes.add_url_rule("/pupil/<pupil_id>/paper/<what>", "paper_file", paper_file)
    routes.add_url_rule("/pupil/<pupil_id>/undo", "undo", undo, methods=["POST"])
    routes.add_url_rule("/pupil/<pupil_id>/<name>", "form", form)
    routes.add_url_rule("/pupil/<pupil_id>/<name>", "record", record, methods=["POST"])
    routes.add_url_rule("/photo/<piece_id>", "photo", photo)


def known(desk: Desk, pupil_id: str) -> Pupil:
    """A pupil in the person's scope; raises ``Outside``."""
    pupil = desk.work.people.pupil(pupil_id)
    if pupil is None or not pupil.name or not desk.scope.covers(pupil):
        raise Outside(f"pupil:{pupil_id}")
    return pupil


@reads("pupil")
def show(desk: Desk, pupil_id: str) -> ResponseReturnValue:
    """The child's page; the look is noted in the trail."""
    pupil = known(desk, pupil_id)
    note("look", f"pupil:{pupil.id}")
    reader = desk.reader_of(pupil)
    case, facts = desk.work.cases.case(pupil.id), [f for f in desk.work.cases.facts(pupil.id) if reader.hears(f)]
    duties = desk.work.cases.duties(pupil=pupil.id)
    told = timeline(desk, pupil, facts)
    helper = desk.work.people.person(case.helper) if case.helper else None
    return render_template(
        "m/pupil.html", pupil=pupil, groups=reader.groups(pupil.groups), case=case, facts=facts, told=told, helper=helper, actions=_actions(desk, pupil, case),
        duties=sorted(duties, key=lambda d: (desk.writer.id not in d.who, d.due, d.rule)),
        reasons=reasons(desk, case, duties), details=details(desk, pupil), papers=_papers(desk, pupil),
        life=of_pupil(desk, pupil, case, [t.fact for t in told if not t.voided]),
        pace=pace_of(desk, pupil, [t.fact for t in told if not t.voided]),
        form_for=lambda duty: acting.form_for(desk, duty), undoable=_undoable(desk, told), ahead=lookup.ahead(desk, pupil, duties), signed_paper=filing.signed_paper,
    )  # fmt: skip


def _actions(desk: Desk, pupil: Pupil, case: Case) -> tuple[list[Row | Deed], list[Row | Deed]]:
    """What is done most about a child in this state, and everything else that this person may record."""
    more = deeds.offered(desk, pupil)
    if pupil.class_id is not None:
        first, others = acting.by_need(desk, case.state)
        return [*first], [*others, *more]
    first, others = acting.by_need(desk, acting.NO_SCHOOL)
    fitting = [row for row in others if row.action not in acting.AT_SCHOOL]
    to_school = [deed for deed in more if deed.action in acting.TO_SCHOOL]
    return [*first, *to_school], [*fitting, *(deed for deed in more if deed not in to_school)]


def _papers(desk: Desk, pupil: Pupil) -> list[list[tuple[str, str]]]:
    """The papers that this person may have made about the child: the daily ones, and the others."""
    work = storage_of(desk)
    return [
        [(what, EXPORTS.get(what) or papers.TITLES[what]) for what in kind if can_have(work, desk, what, pupil)]
        for kind in (OF_PUPIL, papers.OF_PUPIL)
    ]


def timeline(desk: Desk, pupil: Pupil, facts: Sequence[Fact]) -> list[Told]:
    """Every fact, newest first; those taken back stay to be seen, the taking back is said on them."""
    voided = voided_of(facts)
    names: dict[str, str] = {}
    for by in dict.fromkeys(f.by for f in facts):
        person = desk.work.people.person(by)
        names[by] = person.name if person else by
    pieces: dict[str, list[Piece]] = {}
    for piece in storage_of(desk).evidence.of_pupil(pupil.id):
        if piece.kind == "final":
            continue  # handed out as the paper that it is, to those who may have it
        pieces.setdefault(piece.fact or "", []).append(piece)
    kept = sorted((f for f in facts if f.kind is not Kind.VOID), key=lambda f: (f.on, f.at, f.id), reverse=True)
    own = {f.id for f in kept if f.by == desk.writer.id and f.id not in voided}
    return [
        Told(f, names[f.by], f.id in voided, tuple(pieces.get(f.id, ())), f.id in own and filing.keeps(f), f.id in own and replacing.correctable(desk, f))
        for f in kept
    ]  # fmt: skip


def reasons(desk: Desk, case: Case, duties: Sequence[Duty]) -> list[tuple[str, Rule]]:
    """Why there is something to do: the rule in force behind each open duty, with its document and words."""
    rules = {d.rule: desk.world.policy.rule(d.rule, d.due) for d in duties}
    return [(RULES.get(name, name), rule) for name, rule in rules.items() if rule is not None]


def details(desk: Desk, pupil: Pupil) -> list[tuple[str, str]]:
    """What the register knows and this reader may see, in their words."""
    given = desk.reader_of(pupil).shown(storage_of(desk).people.details(pupil.id))
    return [(word, given[key]) for key, word in DETAILS.items() if given.get(key)]


def _undoable(desk: Desk, told: Sequence[Told]) -> list[Fact]:
    """What the reader's own last message of the past week says of the child, whatever others have recorded after it."""
    since = desk.now - undoing.WEEK
    own = [t.fact for t in told if not t.voided and t.fact.by == desk.writer.id and t.fact.at >= since]
    return sorted(undoing.newest(own), key=lambda f: (f.on, f.at, f.id))


@reads("pupil")
def form(desk: Desk, pupil_id: str, name: str) -> ResponseReturnValue:
    """The form of one action."""
    pupil = known(desk, pupil_id)
    row = _row(desk, pupil, name)
    note("look", f"pupil:{pupil.id}")
    fields = _fields(desk, pupil, row)
    given = forms.defaults(fields, desk.today) | {
        k: v for k, v in request.args.items() if k in {f.name for f in fields}
    }
    return _form_page(desk, pupil, row, given, {})


def _row(desk: Desk, pupil: Pupil, name: str) -> Row | Deed:
    rows: list[Row | Deed] = [*acting.offered(desk), *deeds.offered(desk, pupil)]
    row = next((row for row in rows if row.action == name), None)
    if row is None:
        raise Outside(f"pupil:{pupil.id}")
    return row


def _fields(desk: Desk, pupil: Pupil, row: Row | Deed) -> Sequence[forms.Field]:
    if isinstance(row, Deed):
        return row.fields(desk)
    back = desk.work.cases.case(pupil.id).state == "observed"
    return forms.after_return(forms.FORMS[row.action]) if back else forms.FORMS[row.action]


def _form_page(
    desk: Desk, pupil: Pupil, row: Row | Deed, given: Mapping[str, str], faults: Mapping[str, str], refused: str = ""
) -> str:
    where = place_name(desk.world.directory, pupil.class_id)
    state = naming.standing(desk, pupil, desk.work.cases.case(pupil.id), desk.work.cases.facts(pupil.id))
    return render_template(
        "m/form.html", title=f"{row.title}：{pupil.name}", hint=f"{where}，{state}" if where else state, button=row.title,
        action=url_for("pages.record", pupil_id=pupil.id, name=row.action), fields=_fields(desk, pupil, row), given=given,
        faults=faults, refused=refused, back=url_for("pages.pupil", pupil_id=pupil.id),
    )  # fmt: skip


@writes("pupil")
def record(desk: Desk, pupil_id: str, name: str) -> ResponseReturnValue:
    """Take in the form of one action."""
    pupil = known(desk, pupil_id)
    row = _row(desk, pupil, name)
    if acting.stopped():
        return redirect(url_for("pages.pupil", pupil_id=pupil.id), 303)
    fields = _fields(desk, pupil, row)
    slots, faults = forms.slots_of(fields, request.form)
    if faults:
        return _form_page(desk, pupil, row, request.form, faults), 422
    words = forms.told(pupil.name, row.title, fields, slots)

    def again(why: str) -> str:
        return _form_page(desk, pupil, row, request.form, {}, why)

    if isinstance(row, Deed):
        return row.carry_out(desk, pupil, slots, words, links_of(pupil), _undo_of(pupil), again)
    actions = [acting.about(pupil, name, forms.outcome_of(slots))]
    return acting.act(desk, actions, words, links_of(pupil), undo=_undo_of(pupil), again=again)


def _undo_of(pupil: Pupil) -> str:
    return url_for("pages.undo", pupil_id=pupil.id)


def links_of(pupil: Pupil) -> list[tuple[str, str]]:
    """Where to go after something was recorded about a child."""
    return [(f"回到{pupil.name}", url_for("pages.pupil", pupil_id=pupil.id)), ("我的待办", url_for("pages.todo"))]


@writes("pupil")
def undo(desk: Desk, pupil_id: str) -> ResponseReturnValue:
    """Take back one's own last message about this child, as 撤销 张三 does in chat; not another than the page showed."""
    pupil = known(desk, pupil_id)
    shown, last = request.form.get("last"), {fact.id for fact in undoing.of_kind_about(desk, {pupil.id})}
    if shown and shown not in last and not desk.work.cases.facts_of_source(desk.source):
        return acting.nothing(NOT_THE_LAST, links_of(pupil))
    return acting.take_in(
        desk, f"撤销 {pupil.name}", lambda: Said(undoing.about(desk, pupil.name, {pupil.id})), links_of(pupil)
    )


@writes("pupil")
def paper(desk: Desk, pupil_id: str) -> ResponseReturnValue:
    """Have a form made; it arrives as a file in the chat, as after 打印."""
    pupil = known(desk, pupil_id)
    what = request.form.get("what", "")
    if what not in OF_PUPIL and what not in papers.OF_PUPIL:
        raise Outside(f"pupil:{pupil.id}")
    action = Action("export", (Mention(pupil.name, (pupil.id,)),), {"what": what})
    return acting.act(desk, [action], f"打印 {pupil.name} {EXPORTS.get(what) or papers.TITLES[what]}", links_of(pupil))


def paper_file(pupil_id: str, what: str) -> ResponseReturnValue:
    """The form itself, for a browser on a desk; one that has a number takes it."""
    view = _numbered_file if is_numbered(Wanted(what)) else _plain_file
    return view(pupil_id=pupil_id, what=what)


@reads("pupil")
def _plain_file(desk: Desk, pupil_id: str, what: str) -> ResponseReturnValue:
    return _file(desk, pupil_id, what)


@writes("pupil")
def _numbered_file(desk: Desk, pupil_id: str, what: str) -> ResponseReturnValue:
    return _file(desk, pupil_id, what)


def _file(desk: Desk, pupil_id: str, what: str) -> ResponseReturnValue:
    pupil = known(desk, pupil_id)
    if what not in OF_PUPIL and what not in papers.OF_PUPIL and what not in papers.FORM_TITLES:
        raise Outside(f"pupil:{pupil.id}")
    return files.download(desk, Wanted(what, pupil=pupil.id), f"pupil:{pupil.id}", links_of(pupil))


@reads("pupil")
def photo(desk: Desk, piece_id: str) -> ResponseReturnValue:
    """A photo or file that belongs to a child of the person's scope."""
    piece = storage_of(desk).evidence.piece(piece_id)
    if piece is None or piece.pupil is None or piece.state != "kept" or piece.kind == "final":
        raise Outside(f"photo:{piece_id}")
    known(desk, piece.pupil)
    note("look", f"pupil:{piece.pupil}", piece=piece.id)
    folder = Folder(here().settings.files, here().store.sealer)
    try:
        content = folder.read(piece)
    except FileNotFoundError:
        raise Outside(f"photo:{piece_id}") from None
    way = SHOWN.get(piece.type or "")
    response = Response(content, content_type=piece.type if way else "application/octet-stream")
    response.headers["Content-Disposition"] = way or "attachment"
    return response

"""删除个人信息: a child's or guardian's request, decided by the county in writing: kept, or erased by two persons for good.

未成年人网络保护条例 art. 34; what goes and what stays is told in docs/privacy.md.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot import erasing
from bot.pages import twofold
from bot.pages.door import from_where, here, note, reads, storage_of, writes
from bot.pages.pupil import known
from bot.pages.shell import said_page
from casework.case import AWAY
from casework.people import Pupil
from handlers.desk import Desk
from handlers.places import place_name
from storage.erasing import messages_naming
from storage.proposals import Erasure, Proposal

REASON = 80  # characters
DECIDED = {"propose_erase": "提出删除", "keep_data": "决定保留，不删除", "refuse_erase": "没有同意删除"}


def add(routes: Blueprint) -> None:
    """``/m/settings/erase/<pupil>``."""
    routes.add_url_rule("/settings/erase/<pupil_id>", "erasure", show)
    routes.add_url_rule("/settings/erase/<pupil_id>", "erasure_decided", decided, methods=["POST"])


@reads("erasure")
def show(desk: Desk, pupil_id: str) -> ResponseReturnValue:
    """What would go, what would stay, and what was decided before."""
    pupil = known(desk, pupil_id)
    note("look", f"pupil:{pupil.id}")
    return _page(desk, pupil)


def _page(desk: Desk, pupil: Pupil, fault: str = "") -> str:
    work, case = storage_of(desk), desk.work.cases.case(pupil.id)
    duties = desk.work.cases.duties(pupil=pupil.id)
    frozen = sum(any(row["pupil"] == pupil.id for row in report.list) for report in work.reports.every())
    person = desk.work.people.person
    before = [
        (DECIDED[trace.did], by.name if (by := person(trace.person)) else trace.person, trace.at, trace.detail)
        for trace in work.audit.of(f"pupil:{pupil.id}", 1000)
        if trace.did in DECIDED
    ]
    waits = any(isinstance(one.what, Erasure) and one.what.pupil == pupil.id for one in work.proposals.open())
    return render_template(
        "m/settings_erase.html", pupil=pupil, which=which(desk, pupil), case=case, owed=len(duties), open=bool(duties) or case.state in (*AWAY, "observed"),
        facts=len(desk.work.cases.facts(pupil.id)), pieces=sum(p.state == "kept" for p in work.evidence.of_pupil(pupil.id)),
        frozen=frozen, before=before, waits=waits, fault=fault, given=request.form,
    )  # fmt: skip


@writes("erasure")
def decided(desk: Desk, pupil_id: str) -> ResponseReturnValue:
    """The written decision: kept, which is noted, or erased, which waits for a second person."""
    pupil, work = known(desk, pupil_id), storage_of(desk)
    what, reason = request.form.get("what", ""), request.form.get("reason", "").strip()[:REASON]
    if what not in ("erase", "keep") or not reason:
        return _page(desk, pupil, "请选择删除还是保留，并填写书面决定的文号或日期。"), 422
    if pupil.name in reason:
        return _page(desk, pupil, "文号里不要写学生姓名：这一行会一直保留。"), 422
    if what == "keep":
        work.audit.note(desk.writer.id, "keep_data", f"pupil:{pupil.id}", from_where(), {"reason": reason})
        links = [
            (f"回到{pupil.name}", url_for("pages.pupil", pupil_id=pupil.id)),
            ("回到设置", url_for("pages.settings")),
        ]
        return said_page(
            "已登记", f"已登记：保留{pupil.name}的个人信息（{reason}）。请书面答复申请人并说明理由。", links
        )
    propose(desk, pupil, reason)
    return redirect(url_for("pages.waiting"), 303)


def propose(desk: Desk, pupil: Pupil, reason: str) -> None:
    """Keep the erasure until another has confirmed it, and tell those who can; proposed twice it is one."""
    work = storage_of(desk)
    if any(isinstance(one.what, Erasure) and one.what.pupil == pupil.id for one in work.proposals.open()):
        return
    id = work.proposals.propose(Erasure(pupil.id, reason), desk.writer.id)
    work.audit.note(desk.writer.id, "propose_erase", f"pupil:{pupil.id}", from_where(), {"reason": reason})
    twofold.tell(desk, id, "提出删除一名学生的个人信息，要您确认才执行，执行后不能恢复。请核对书面决定后选择")


def said(desk: Desk, what: Erasure) -> str:
    """Whose data, on which decision."""
    pupil = desk.work.people.pupil(what.pupil)
    name = (
        f"{pupil.name}（{place_name(desk.world.directory, pupil.class_id) or '未入学'}）"
        if pupil and pupil.name
        else "已删除的学生"
    )
    return f"删除{name}的个人信息，依据：{what.reason}"


def which(desk: Desk, pupil: Pupil) -> str:
    """What tells this child from another of the same name: class, village, day of birth."""
    born = storage_of(desk).people.details(pupil.id).get("born")
    where = (
        place_name(desk.world.directory, pupil.class_id) or "未入学",
        place_name(desk.world.directory, pupil.village_id),
    )
    return "，".join(filter(None, (*where, f"{born}出生" if born else "")))


def look_through(desk: Desk, what: Erasure) -> None:
    """Find the messages that name the child while nobody has to wait for it."""
    pupil = desk.work.people.pupil(what.pupil)
    if pupil and pupil.name:
        g.named = messages_naming(storage_of(desk).session, pupil.name)


def carry_out(desk: Desk, one: Proposal, what: Erasure) -> bool:
    """Erase the child; the files go once this is committed (``finish``). False where the child is erased already."""
    pupil = desk.work.people.pupil(what.pupil)
    if pupil is None or not pupil.name:
        return False

    def noted(did: str, subject: str, **detail: Any) -> None:
        storage_of(desk).audit.note(desk.writer.id, did, subject, from_where(), {**detail, "proposed_by": one.by})

    erasing.remember_erased(here(), pupil.id, what.reason)
    g.erased = erasing.erase_in(storage_of(desk), pupil.id, what.reason, desk.writer.id, noted, g.get("named"))
    return True


def finish() -> None:
    """After the commit: the photos and files of whoever was erased."""
    erasing.remove_files(here(), g.pop("erased", ()))

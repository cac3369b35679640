"""四查三比对 in the browser: lists of the departments up, one workbook of differences down. Nothing is kept."""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from bot import attachments
from bot.pages import files
from bot.pages.door import View, from_where, note, reads, storage_of, writes
from bot.pages.shell import said_page
from bot.papers.comparing import PAIRS, PARTS, compared, minutes, missed, our_rows, part_for
from bot.rosters.reading import Roster, RosterError, read_table
from handlers.desk import Desk
from handlers.opening import open_cases
from reports.compare import FOUR, Comparison
from reports.compare_sheets import workbook
from reports.lists import ListUnreadable, Source

CLAUSES = {
    "XY-12": ("compare",),
    "FN-12": ("compare",),
    "FN-14": ("compare",),
    "LC-36": ("compare",),
    "LC-39": ("compare",),
    "XY-17": ("compare",),
    "XY-27": ("compare",),  # this term against last
    "TA-21": ("compare",),
    "LC-38": ("compare",),
    "XY-39": ("compare",),  # Grade 6 against Grade 7
    "TA-6": ("compare",),  # notices against registrations
    "FJ-5": ("compare",),  # the register's own system, our ledgers, who is there
    "FN-25": ("compare",),  # the platform's list against ours
    "TA-23": ("compare",),  # a department's list of poor or disabled families
}
LISTS = tuple(
    (key, f"{title}名单", hint)
    for (key, title), hint in zip(
        FOUR.items(),
        (
            "公安或乡镇给的适龄儿童户籍名单",
            "学籍系统导出的在籍名单",
            "学校清点的实际在校名单",
            "乡村振兴部门给的脱贫户子女名单",
        ),
        strict=True,
    )
)


def add(routes: Blueprint) -> None:
    """``/m/compare``."""
    routes.add_url_rule("/compare", "compare", show)
    routes.add_url_rule("/compare", "compare_lists", answer, methods=["POST"])
    routes.add_url_rule("/compare/minutes", "compare_minutes", minuted, methods=["POST"])
    routes.add_url_rule("/compare/open", "compare_open", opened, methods=["POST"])


@reads("compare")
def show(desk: Desk) -> ResponseReturnValue:
    """The form."""
    return _page()


def _page(fault: str = "") -> str:
    return render_template("m/compare.html", lists=LISTS, pairs=PAIRS, parts_of_ours=PARTS, fault=fault)


def _with_lists(word: str) -> Callable[[Callable[[Desk, Comparison], ResponseReturnValue]], View]:
    """A view of the lists given, or what is wrong with them; the trail keeps under that word which lists these were."""

    def wrap(of: Callable[[Desk, Comparison], ResponseReturnValue]) -> View:
        @functools.wraps(of)
        def view(desk: Desk) -> ResponseReturnValue:
            found = _found(desk)
            if isinstance(found, str):
                return _page(found), 422
            note("compare", f"{word}:" + ",".join(lst.title for lst in found.lists)[:60])
            return of(desk, found)

        return view

    return wrap


@reads("compare")
@_with_lists("lists")
def answer(desk: Desk, found: Comparison) -> ResponseReturnValue:
    """The workbook of differences."""
    content = workbook(found, desk.writer.name, desk.now, desk.reader.full_numbers("comparison"))
    kind = "名单比对" if request.form.get("kind") in PAIRS else "四查三比对"
    return files.sent(f"{kind} {desk.today.isoformat()}.xlsx", content)


@writes("compare")
@_with_lists("minutes")
def minuted(desk: Desk, found: Comparison) -> ResponseReturnValue:
    """The minutes of the comparison, for the departments to sign."""
    paper = minutes(storage_of(desk), desk, found)
    return files.sent(paper.name, paper.content)


@writes("compare")
def opened(desk: Desk) -> ResponseReturnValue:
    """Open cases for those whom the same lists show to be missing; the button is the confirmation."""
    found = _found(desk)
    if isinstance(found, str):
        return _page(found), 422
    children = missed(found)
    if not children:
        return _page("这些名单里没有需要立案的学生。"), 422
    result = open_cases(desk, children)
    storage_of(desk).audit.note(desk.writer.id, "open_cases", "lists", from_where(), {"count": len(children)})
    return said_page("立案结果", "\n".join(result.say()), [("待劝返名单", url_for("pages.pending"))])


def _found(desk: Desk) -> Comparison | str:
    """The comparison of the lists given, or a sentence why there is none."""
    given: dict[str, Source] = {}
    pair = PAIRS.get(request.form.get("kind", ""))
    asked = [("one", pair.one, ""), ("other", pair.other, "")] if pair else list(LISTS)
    for key, title, _ in asked:
        file = request.files.get(key)
        if file is None or not file.filename:
            continue
        content, fault = read_upload(title, file)
        if fault:
            return fault
        given[title if pair else key] = content
    try:
        if request.form.get("ours"):
            ours = next((title for key, title, _ in asked if title not in given), "") if pair else "register"
            if ours and ours not in given:
                part = request.form["ours"] if request.form["ours"] in PARTS else part_for(ours)
                given[ours] = our_rows(storage_of(desk), desk, part)
        if len(given) < 2:
            return "请至少选两份名单；也可以用本系统的名单代替没有上传的那一份。"
        return compared(given, None if pair else desk.today)
    except (ListUnreadable, PermissionError) as error:
        return str(error)


def read_upload(title: str, file: FileStorage) -> tuple[bytes, str]:
    """The content of an uploaded list, or a sentence why it is not taken: size, kind, macros, bombs."""
    ending = (file.filename or "").lower().rpartition(".")[2]
    if ending not in ("xlsx", "xls", "csv"):
        return b"", f"{title}：只收 .xlsx、.xls 和 .csv 文件；其他格式（包括带宏的 .xlsm）请另存为 .xlsx 后再上传。"
    content = file.stream.read(attachments.LARGEST + 1)
    if len(content) > attachments.LARGEST:
        return b"", f"{title}：文件超过20兆，请分成几份。"
    if not content:
        return b"", f"{title}：文件是空的。"
    return content, (_text_fault if ending == "csv" else _workbook_fault)(title, content)


def uploaded_table(title: str) -> tuple[Roster, bytes] | str:
    """The one file of a form as a table, and its content; or a sentence why it is not taken."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return "请先选一个文件。"
    content, fault = read_upload(title, file)
    if fault:
        return fault
    try:
        return read_table(file.filename, content), content
    except RosterError as error:
        return str(error)


def _workbook_fault(title: str, content: bytes) -> str:
    """By what the file is, not by its name: systems of offices call web pages and texts .xls too."""
    try:
        if content.startswith(attachments.OLE):
            attachments.examine(content)
            return ""
        parts = attachments.parts_of(content)
        attachments.refuse_parts(parts)
    except zipfile.BadZipFile:
        return f"{title}：这不是 Excel 文件，或者加了密码。请去掉密码，另存为 .xlsx 后再上传。"
    except attachments.Unwelcome as reason:
        return f"{title}：{reason}"
    return (
        ""
        if any(part.filename == "xl/workbook.xml" for part in parts)
        else f"{title}：这不是 Excel 文件。请另存为 .xlsx 后再上传。"
    )


def _text_fault(title: str, content: bytes) -> str:
    return f"{title}：这不是 CSV 文件，请另存后再上传。" if b"\x00" in content[:4096] else ""

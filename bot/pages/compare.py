"""四查三比对 in the browser: lists of the departments up, one workbook of differences down. Nothing is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from bot.pages import files
from bot.pages.door import note, reads
from handlers.desk import Desk
from reports.compare import FOUR, compare
from reports.compare_sheets import workbook
from reports.lists import ListUnreadable

CLAUSES = {
    "XY-12": ("compare",),
    "FN-12": ("compare",),
    "FN-14": ("compare",),
    "LC-36": ("compare",),
    "LC-39": ("compare",),
    "XY-17": ("compare",),
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
LARGEST = 20 * 1024 * 1024  # bytes of one list
UNPACKED = 400 * 1024 * 1024  # bytes that a workbook may grow to when opened


def add(routes: Blueprint) -> None:
    """``/m/compare``."""
    routes.add_url_rule("/compare", "compare", show)
    routes.add_url_rule("/compare", "compare_lists", answer, methods=["POST"])


@reads("compare")
def show(desk: Desk) -> ResponseReturnValue:
    """The form."""
    return _page()


def _page(fault: str = "") -> str:
    return render_template("m/compare.html", lists=LISTS, fault=fault)


@reads("compare")
def answer(desk: Desk) -> ResponseReturnValue:
    """The workbook of differences, or what is wrong with the lists."""
    given: dict[str, bytes] = {}
    for key, title, _ in LISTS:
        file = request.files.get(key)
        if file is None or not file.filename:
            continue
        content, fault = read_upload(title, file)
        if fault:
            return _page(fault), 422
        given[key] = content
    if len(given) < 2:
        return _page("请至少选两份名单。"), 422
    return _compared(desk, given)


def _compared(desk: Desk, given: Mapping[str, bytes]) -> ResponseReturnValue:
    try:
        content = workbook(
            compare(given, desk.today), desk.writer.name, desk.now, desk.reader.full_numbers("comparison")
        )
    except ListUnreadable as error:
        return _page(str(error)), 422
    note("compare", "lists:" + ",".join(given))
    return files.sent(f"四查三比对 {desk.today.isoformat()}.xlsx", content)


def read_upload(title: str, file: FileStorage) -> tuple[bytes, str]:
    """The content of an uploaded list, or a sentence why it is not taken: size, kind, macros, bombs."""
    ending = (file.filename or "").lower().rpartition(".")[2]
    if ending not in ("xlsx", "csv"):
        return b"", f"{title}：只收 .xlsx 和 .csv 文件；其他格式（包括带宏的 .xlsm）请另存为 .xlsx 后再上传。"
    content = file.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        return b"", f"{title}：文件超过20兆，请分成几份。"
    if not content:
        return b"", f"{title}：文件是空的。"
    return (content, _workbook_fault(title, content)) if ending == "xlsx" else (content, _text_fault(title, content))


def _workbook_fault(title: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile:
        return f"{title}：这不是 Excel 文件，或者加了密码。请去掉密码，另存为 .xlsx 后再上传。"
    if any("vbaproject" in part.filename.lower() or "macrosheets" in part.filename.lower() for part in parts):
        return f"{title}：文件里有宏，不能接收。请另存为不带宏的 .xlsx 后再上传。"
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        return f"{title}：这不是 Excel 文件。请另存为 .xlsx 后再上传。"
    if sum(part.file_size for part in parts) > UNPACKED:
        return f"{title}：文件展开后太大，请只保留名单，另存后再上传。"
    return ""


def _text_fault(title: str, content: bytes) -> str:
    return f"{title}：这不是 CSV 文件，请另存后再上传。" if b"\x00" in content[:4096] else ""

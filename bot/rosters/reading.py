"""A file as rows: .xlsx through calamine, .csv in UTF-8 or GB18030; the first row is the header."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import python_calamine

from bot.attachments import MACROS, Unwelcome, examine

EXAMPLE = "示例："
"""How the first cell of a row begins that only shows how to fill the table in (``bot.rosters.template``)."""


class RosterError(Exception):
    """The file as a whole is at fault; the message says in Chinese how to mend it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet (the header is 1) and its cells by column; empty cells are left out."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Roster:
    """A file's columns, how many rows it has at most, and the rows, read as they are asked for, once."""

    columns: tuple[str, ...]
    size: int
    rows: Iterator[Row]


def read_roster(path: Path) -> Roster:
    """Open a roster. Raises ``RosterError`` for a file that is no table."""
    _refuse_others(path.name)
    return read_table(path.name, path.read_bytes())


def read_table(name: str, content: bytes) -> Roster:
    """The same of a file's name and content."""
    _refuse_others(name)
    if Path(name).suffix.lower() == ".csv":
        return _csv(name, content)
    _refuse_macros(name, content)
    return _sheet(name, content)


def _refuse_others(name: str) -> None:
    if Path(name).suffix.lower() not in (".csv", ".xlsx", ".xls"):
        raise RosterError(f"{name} 不是 .xlsx 或 .csv 文件（带宏的 .xlsm 也不收），请另存为其中一种再导入。")


def _refuse_macros(name: str, content: bytes) -> None:
    """A workbook with macros may stand under any name."""
    try:
        examine(content)
    except Unwelcome as reason:
        if str(reason) == MACROS:
            raise RosterError(f"{name}：{reason}") from reason


def _sheet(name: str, content: bytes) -> Roster:
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError, IndexError) as error:
        raise RosterError(f"{name} 打不开，请用 Excel 或 WPS 重新保存为 .xlsx 再导入。") from error
    # Blank rows above the table are no rows to calamine; the numbers shown are those that Excel shows.
    first = sheet.start[0] + 1 if sheet.start else 1
    return _roster(name, sheet.iter_rows(), sheet.height, first)


def _csv(name: str, raw: bytes) -> Roster:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as error:
            raise RosterError(f"{name} 的编码无法识别，请另存为“CSV UTF-8”再导入。") from error
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    return _roster(name, csv.reader(io.StringIO(text), delimiter=delimiter), text.rstrip().count("\n") + 1, 1)


def _roster(name: str, lines: Iterable[Iterable[Any]], height: int, first: int) -> Roster:
    numbered = iter(enumerate(lines, first))
    _, header = next(numbered, (0, ()))
    columns = tuple(plain(_text(cell)).rstrip("*").replace(" ", "") for cell in header)
    if not any(columns):
        raise RosterError(f"{name} 是空的：第一行应当是表头。")
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise RosterError(f"表头里“{'、'.join(twice)}”出现了两次，请删去一列再导入。")
    return Roster(tuple(filter(None, columns)), max(0, height - 1), _rows(columns, numbered))


def _rows(columns: tuple[str, ...], numbered: Iterator[tuple[int, Iterable[Any]]]) -> Iterator[Row]:
    for number, line in numbered:
        cells = {
            name: text
            for name, cell in zip(columns, line, strict=False)
            if name and (text := cell.strip() if cell.__class__ is str else _text(cell))
        }
        if cells and not next(iter(cells.values())).startswith(EXAMPLE):
            yield Row(number, cells)


def _text(cell: Any) -> str:
    """A cell as text: a whole number without its point, a date as ISO."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell).strip()


def plain(text: str) -> str:
    """One width, no spaces at the ends: ``１３８`` and ``138`` are the same."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()

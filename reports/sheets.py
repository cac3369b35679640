"""One writer for every workbook: A4, repeated heads, footer with who and when, ID numbers and all words as text.

XlsxWriter makes the frame (styles, page, head rows); the lines are streamed into it afterwards, since 115,152 lines
of thirty cells take XlsxWriter itself 23 s and this 5 s.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import IO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reports.forbidden import check, withhold
from reports.inputs import Cell

A4 = 9
FONT = "宋体"
SIZE = 10  # points of a sign of the lines
# The height of a line in points; more lines than these are cut off on paper and read on the screen.
LINE, MOST_LINES = 13, 30
READABLE, CUT, SPARE = 0.65, 0.66, 0.72
"""The least scale at which a whole sheet is printed (ten points become six and a half, 小六), that of one cut into parts, and how much of
a page such a part takes on the average at most: where other fonts stand for ours, a column is wider."""
LANDSCAPE, PORTRAIT = 842 - 0.8 * 72, 595 - 0.8 * 72  # points of an A4 page between its margins
HEAD_ROWS = 3  # title, line below it, column heads
END = b"</sheetData>"
SAMPLE = re.compile(rb'<row r="4".*?</row>')
STYLE = re.compile(rb'<c r="[A-Z]+4" s="(\d+)"')
# Whatever a text begins with (= + - @), its cell is a text cell in the format "@": it never becomes a formula.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile("[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a workbook: column heads with their widths (characters), lines of cells, and who signs below."""

    name: str
    title: str
    columns: Sequence[tuple[str, float]]
    rows: Iterable[Sequence[Cell]]
    below: str = ""
    signs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    portrait: bool = False


def heads(words: str) -> list[tuple[str, float]]:
    """``"序号 6, 姓名 10"`` → column heads with their widths."""
    return [(name, float(width)) for name, width in (column.rsplit(" ", 1) for column in words.split(", "))]


def write(sheets: Sequence[Sheet], stamp: str) -> bytes:
    """The workbook; ``stamp`` (who made it and when) stands in the footer of every page.

    Raises ``Forbidden`` for words of ours that may not leave; in the lines, recorded words are withheld instead.
    """
    check(words for s in sheets for words in (s.title, s.below, *s.notes, *s.signs, *(head for head, _ in s.columns)))
    frame = _frame(sheets, stamp)
    with tempfile.SpooledTemporaryFile(64 << 20) as out:
        new = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        with zipfile.ZipFile(io.BytesIO(frame)) as old, new:
            for name in old.namelist():
                found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
                if found is None:
                    new.writestr(name, old.read(name))
                    continue
                with new.open(name, "w", force_zip64=True) as page:
                    _stream(page, old.read(name), sheets[int(found[1]) - 1])
        out.seek(0)
        return out.read()


def _frame(sheets: Sequence[Sheet], stamp: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    plain = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
    cell = {**plain, "border": 1, "text_wrap": True}
    title = book.add_format({**plain, "font_size": 16, "bold": True, "align": "center"})
    below = book.add_format(plain)
    head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#E7EEF7"})
    # In this order the styles of a line are found again in the frame: text, number, day, and words below the table.
    samples = [
        book.add_format({**cell, "num_format": "@"}),
        book.add_format({**cell, "num_format": "General", "align": "center"}),
        book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"}),
        book.add_format({**plain, "num_format": "@"}),
    ]
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        last = next(iter(pages(sheet)), len(sheet.columns)) - 1
        page.merge_range(0, 0, 0, last, sheet.title, title)
        page.write_string(1, 0, sheet.below, below)
        if pages(sheet):  # it stands on each part, in no more room than the columns that are repeated there
            page.merge_range(1, 0, 1, _key(sheet), sheet.below, book.add_format({**plain, "text_wrap": True}))
            page.set_row(
                1, LINE * _wrapped(sheet.below, sum(width for _, width in sheet.columns[: _key(sheet) + 1])) + 6
            )
        for place, (words, width) in enumerate(sheet.columns):
            page.set_column(place, place, width)
            page.write_string(2, place, words, head)
        for place, style in enumerate(samples):
            page.write_blank(HEAD_ROWS, place, None, style)
        # A title that reaches over several pages would be cut at each: there it stands in the page's head instead.
        page.set_row(0, 28, None, {"hidden": bool(pages(sheet))})
        page.set_row(2, LINE * max(_wrapped(words, width) for words, width in sheet.columns) + 6)
        _set_page(page, sheet, stamp)
    book.close()
    return out.getvalue()


def pages(sheet: Sheet) -> list[int]:
    """Where a sheet too wide for one readable page is cut: the first column of each further page; empty where it fits."""
    page = PORTRAIT if sheet.portrait else LANDSCAPE
    widths, room = [_points(width) for _, width in sheet.columns], SPARE * page / CUT
    if sum(widths) <= page / READABLE:
        return []
    repeated = sum(widths[: _key(sheet) + 1])
    parts = ceil((sum(widths) - repeated) / (room - repeated))
    fair = repeated + (sum(widths) - repeated) / parts  # parts alike: none is full to the edge, none a strip
    cuts, used = list[int](), 0.0
    for place, width in enumerate(widths):
        if place > _key(sheet) and ((used + width / 2 > fair and len(cuts) < parts - 1) or used + width > page / CUT):
            cuts.append(place)
            used = repeated
        used += width
    return cuts


def _key(sheet: Sheet) -> int:
    """The last of the columns that say whose line it is, repeated on each page: the one of the name, else the first."""
    return next((place for place, (head, _) in enumerate(sheet.columns) if head == "姓名"), 0)


def _points(width: float) -> float:
    """How wide a column of so many characters is on paper (a character of the workbook's font has 7 of 96 to the inch)."""
    return (width * 7 + 5) * 72 / 96


def _set_page(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, stamp: str) -> None:
    page.set_paper(A4)
    page.set_portrait() if sheet.portrait else page.set_landscape()
    if cuts := pages(sheet):
        # A row's parts lie one after another, each with the columns that say whose they are.
        page.set_print_scale(int(CUT * 100))
        page.set_v_pagebreaks(cuts)
        page.repeat_columns(0, _key(sheet))
        page.print_across()
        page.set_header(f'&C&"{FONT},Bold"&16{sheet.title.replace("&", "&&")[:180]}')
    else:
        page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    page.freeze_panes(HEAD_ROWS, 0)
    page.set_margins(left=0.4, right=0.4, top=0.8 if cuts else 0.5, bottom=0.6)
    page.center_horizontally()
    page.set_footer(f"&L&9{stamp.replace('&', '&&')[:180]}&R&9第&P页 共&N页")


def _stream(page: IO[bytes], frame: bytes, sheet: Sheet) -> None:
    """The frame's page with its sample line taken out and the real lines put in."""
    styles = tuple(int(number) for number in STYLE.findall(frame))
    # The extent of the page is left out (it is optional): it is not known before the lines have gone by.
    head, tail = re.sub(rb'<dimension ref="[^"]*"/>', b"", SAMPLE.sub(b"", frame)).split(END)
    page.write(head)
    lines = _lines(sheet, styles)
    while block := "".join(line for _, line in zip(range(2000), lines, strict=False)):
        page.write(block.encode())
    page.write(END + tail)


def _lines(sheet: Sheet, styles: tuple[int, ...]) -> Iterator[str]:
    letters = [xl_col_to_name(place) for place in range(max(len(sheet.columns), 1))]
    rooms = [width for _, width in sheet.columns]
    number = HEAD_ROWS
    for row in sheet.rows:
        number += 1
        cells = [_cell(letter, number, value, styles) for letter, value in zip(letters, row, strict=True)]
        lines = max(
            (_wrapped(value, room) for value, room in zip(row, rooms, strict=True) if value.__class__ is str), default=1
        )
        yield f'<row r="{number}" ht="{lines * LINE + 6}" customHeight="1">{"".join(cells)}</row>'
    if number == HEAD_ROWS:  # said, so that nobody takes an empty page for a forgotten one
        number += 1
        cells = [
            _cell(letter, number, "无" if letter == letters[-1 if len(letters) == 1 else 1] else "", styles)
            for letter in letters
        ]
        yield f'<row r="{number}" ht="{LINE + 6}" customHeight="1">{"".join(cells)}</row>'
    room = below_room(sheet) / SIZE
    for words in (*(part for note in sheet.notes for part in _folded(note, room)), *_sign_lines(sheet.signs, room)):
        number += 1
        yield f'<row r="{number}" ht="22" customHeight="1">{_text("A", number, words, styles[3])}</row>'


def _wrapped(words: str, room: float) -> int:
    """How many lines words take in a column of so many characters; a Chinese one takes the room of two."""
    if len(words) * 2 <= room:
        return 1
    size = len(words) if words.isascii() else 2 * len(words)
    return min(ceil(size / (room - 0.8)), MOST_LINES)


def below_room(sheet: Sheet) -> float:
    """How many points words below the table have: of a sheet cut into parts those of the columns that each part repeats, for
    the words are repeated with them and what reaches further is cut off; else the table's, or the page's where that is more."""
    if pages(sheet):
        return sum(_points(width) for _, width in sheet.columns[: _key(sheet) + 1])
    return max(sum(_points(width) for _, width in sheet.columns), PORTRAIT if sheet.portrait else LANDSCAPE)


def _sign_lines(signs: tuple[str, ...], room: float) -> tuple[str, ...]:
    """Two empty spaces to sign in for each name, as many in a line as the ``room`` of so many signs holds; the seal has a line
    of its own."""
    if not signs:
        return ()
    blanks = [f"{name}：＿＿＿＿＿＿" for name in signs]
    lines, gap = [blanks[0]], "　　　　"
    for blank in blanks[1:]:
        if len(lines[-1]) + len(gap) + len(blank) <= room:
            lines[-1] += gap + blank
        else:
            lines.append(blank)
    seal, apart, day = "单位（公章）：", "　" * 12, "日期：　　　年　　月　　日"
    last = [seal + apart + day]
    return ("", *lines, *(last if len(last[0]) <= room else [seal, "", day]))


def _folded(words: str, room: float) -> list[str]:
    """Words below the table in lines that the first page holds."""
    most = max(int(room) - 1, 10)
    return [words[at : at + most] for at in range(0, len(words), most)] or [""]


def _cell(letter: str, number: int, value: Cell, styles: tuple[int, ...]) -> str:
    if isinstance(value, str):
        return _text(letter, number, value, styles[0]) if value else f'<c r="{letter}{number}" s="{styles[0]}"/>'
    if value is None:
        return f'<c r="{letter}{number}" s="{styles[0]}"/>'
    if isinstance(value, dt.date):
        return f'<c r="{letter}{number}" s="{styles[2]}"><v>{(value - EPOCH).days}</v></c>'
    return f'<c r="{letter}{number}" s="{styles[1]}"><v>{value}</v></c>'


_printable = functools.lru_cache(1 << 16)(withhold)


def _text(letter: str, number: int, words: str, style: int) -> str:
    words = _printable(words)
    if ESCAPED.search(words):
        words = CONTROL.sub("", words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'

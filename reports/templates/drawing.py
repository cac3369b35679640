"""From a layout to a Word template: A4, song and fangsong, bordered tables, 草稿 above and the clause below.

The blocks of a body: ``title`` ``number`` ``break`` ``cut`` ``photos`` stand alone; ``org`` ``sub`` ``para`` ``fine`` ``flush``
``right`` ``signs`` carry text; ``table`` has widths (cm) and rows whose cells are divided by ``|`` (the last cell takes
the columns that are left); ``each`` is a table with one row for each line of a list.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from reports.templates.layouts import Layout
from reports.templates.slimming import slim

SONG, FANGSONG, LATIN = "宋体", "仿宋", "Times New Roman"
# Names under which other machines know the two fonts.
OTHER_NAMES = {SONG: "SimSun", FANGSONG: "FangSong"}
TITLE, BODY, FINE, CELL, SMALL = Pt(22), Pt(14), Pt(12), Pt(10.5), Pt(9)
ROW, AIR = 0.7, Pt(1.5)
"""The least height of a row in cm, and the space between words and the lines of a cell."""
BLANK = "＿＿＿＿＿＿"
DATE = "　　　　年　　月　　日"
STAMPED = dt.datetime(2020, 1, 1)
HEAD = (
    "学校|{{ school }}|学籍号|{{ student_no }}",
    "学生姓名|{{ student }}|性别|{{ sex }}",
    "出生年月|{{ birth_ym }}|民族|{{ ethnicity }}",
    "身份证号|{{ id_masked }}|年级班级|{{ grade_class }}",
    "户籍地址|{{ household_address }}",
    "现住址|{{ address }}|村（社区）|{{ village }}",
    "监护人姓名|{{ guardian }}|与学生关系|{{ relation }}",
    "联系电话|{{ guardian_phone }}|重点群体|{{ groups }}",
)
HEAD_WIDTHS = (2.8, 5.4, 2.8, 5.0)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def draw(layout: Layout) -> bytes:
    """The template of a form as a .docx file; the same layout gives the same bytes."""
    document = Document()
    _set_page(document, layout)
    _set_fonts(document)
    _add_edges(document)
    for block in layout.body:
        kind, value = (block, None) if isinstance(block, str) else next(iter(block.items()))
        BLOCKS[kind](document, layout.title if kind == "title" else value)
    slim(document)
    return _pack(document)


def _set_page(document: Docx, layout: Layout) -> None:
    section = document.sections[0]
    long, short = Cm(29.7), Cm(21)
    section.orientation = WD_ORIENT.LANDSCAPE if layout.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if layout.landscape else (short, long)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(1.9), Cm(1.8)
    section.header_distance, section.footer_distance = Cm(1), Cm(0.8)


def _set_fonts(document: Docx) -> None:
    style = document.styles["Normal"]
    assert isinstance(style, ParagraphStyle)
    style.font.name, style.font.size = LATIN, BODY
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANGSONG)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.25
    edge = document.styles["Footer"]
    assert isinstance(edge, ParagraphStyle)
    edge.font.size = SMALL  # the page number takes the style's size
    names = "".join(f'<w:font w:name="{n}"><w:altName w:val="{o}"/></w:font>' for n, o in OTHER_NAMES.items())
    for part in document.part.package.iter_parts():
        if part.partname.endswith("fontTable.xml"):
            part._blob = part.blob.replace(b"</w:fonts>", names.encode() + b"</w:fonts>")


def _add_edges(document: Docx) -> None:
    section = document.sections[0]
    _write(section.header.paragraphs[0], "{{ draft_mark }}", SMALL, RIGHT)
    footer = section.footer.paragraphs[0]
    _write(footer, "{% if basis %}依据：{{ basis }}{% endif %}", SMALL)
    last = section.footer.add_paragraph(style="Footer")
    _write(last, "{{ stamp }}　　第", SMALL)
    _add_page_number(last)
    _write(last, "页", SMALL)


def _add_page_number(paragraph: Paragraph) -> None:
    run = paragraph.add_run()
    run.font.size = SMALL
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _write(
    paragraph: Paragraph, text: str, size: Pt = BODY, align: WD_ALIGN_PARAGRAPH | None = None, bold: bool = False
) -> Paragraph:
    run = paragraph.add_run(text)
    run.font.size, run.bold = size, bold or None
    if bold:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _title(document: Docx, text: str) -> None:
    section = document.sections[0]
    width = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    size = min(TITLE, Pt(width // Pt(1) // len(text)))  # a long one is smaller rather than broken
    _write(document.add_paragraph(), text, size, CENTRE, bold=True).paragraph_format.space_after = Pt(4)


def _org(document: Docx, text: str) -> None:
    _write(document.add_paragraph(), text, Pt(18), CENTRE, bold=True)


def _sub(document: Docx, text: str) -> None:
    title = _write(document.add_paragraph(), text, Pt(16), CENTRE, bold=True).paragraph_format
    title.space_before, title.keep_with_next = Pt(6), True


def _number(document: Docx, text: str | None) -> None:
    _write(document.add_paragraph(), text or "{{ doc_no }}", CELL, RIGHT)


def _para(document: Docx, text: str) -> None:
    _write(document.add_paragraph(), text).paragraph_format.first_line_indent = BODY * 2


def _fine(document: Docx, text: str) -> None:
    """Words of the law in a letter that has to stay on its page."""
    _write(document.add_paragraph(), text, FINE).paragraph_format.first_line_indent = FINE * 2


def _flush(document: Docx, text: str) -> None:
    _write(document.add_paragraph(), text)


def _right(document: Docx, text: str) -> None:
    _write(document.add_paragraph(), text, align=RIGHT)


def _signs(document: Docx, names: list[str]) -> None:
    for name in names:
        _write(document.add_paragraph(), f"{name}：{BLANK}　　日期：{DATE}", Pt(12)).paragraph_format.space_before = Pt(
            6
        )


def _break(document: Docx, _: None) -> None:
    document.add_page_break()  # type: ignore[no-untyped-call]


def _cut(document: Docx, _: None) -> None:
    line = "－　－　－　－　－　－　－　（沿此线裁开）　－　－　－　－　－　－　－"
    _write(document.add_paragraph(), line, CELL, CENTRE).paragraph_format.keep_with_next = True


def _photos(document: Docx, _: None) -> None:
    for text in ("{%p for photo in photos %}", "{{ photo.image }}", "{{ photo.caption }}", "{%p endfor %}"):
        _write(document.add_paragraph(), text, CELL, CENTRE)


def _table(document: Docx, layout: Mapping[str, Any]) -> None:
    head = layout.get("head", False)
    widths = tuple(layout.get("widths", HEAD_WIDTHS))
    table = _start_table(document, len(widths))
    for row in (*(HEAD if head else ()), *layout.get("rows", ())):
        text, tall = (row, ROW) if isinstance(row, str) else (row["row"], row["tall"])
        _fill_row(_add_row(table), text.split("|"), widths, tall)
    if not head:
        _keep_whole(table)
    _finish_table(document, table, widths)


def _keep_whole(table: Table) -> None:
    """On one page: half a receipt is of no use."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _each(document: Docx, layout: Mapping[str, Any]) -> None:
    """A head row, then between two rows of loop marks the row that is repeated."""
    titles, slots, widths = zip(*layout["columns"], strict=True)
    table = _start_table(document, len(widths))
    _fill_row(_add_row(table), titles, widths, 0.8)
    _repeat_on_each_page(table.rows[0])
    # The list is padded with blank lines up to ``least`` when the form is made.
    loop = f"{{%tr for line in lines('{layout['of']}', {layout.get('least', 1)}) %}}"
    _fill_row(_add_row(table), [loop], widths, 0.5)
    _fill_row(_add_row(table), [f"{{{{ line.{slot} }}}}" for slot in slots], widths, layout.get("tall", 0.8))
    _fill_row(_add_row(table), ["{%tr endfor %}"], widths, 0.5)
    _finish_table(document, table, widths)


def _start_table(document: Docx, columns: int) -> Table:
    table: Table = document.add_table(0, columns)
    table.style = document.styles["Table Grid"]
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def _add_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    return row


def _fill_row(row: _Row, cells: Any, widths: tuple[float, ...], tall: float) -> None:
    row.height = Cm(tall)
    places = row.cells
    if len(cells) < len(places):
        places[len(cells) - 1].merge(places[-1])
    for place, text in zip(places, cells, strict=False):
        _fill_cell(place, text.strip())


def _fill_cell(cell: _Cell, text: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    # A label stands in the middle, what is filled in on the left.
    align = None if re.search(r"[{：。□]", text) else CENTRE
    lines = text.split("\\n")
    for place, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.1
        paragraph.paragraph_format.space_before = AIR if place == 0 else None
        paragraph.paragraph_format.space_after = AIR if place == len(lines) - 1 else None
        _write(paragraph, line, CELL, align)


def _finish_table(document: Docx, table: Table, widths: tuple[float, ...]) -> None:
    for row in table.rows:
        _forbid_breaking(row)
        done: set[int] = set()
        for cell, width in zip(row.cells, widths, strict=True):
            wide = Cm(width) + ((cell.width or 0) if id(cell._tc) in done else 0)
            cell.width = Emu(wide)
            done.add(id(cell._tc))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _write(document.add_paragraph(), "", Pt(5))


def _repeat_on_each_page(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _forbid_breaking(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _pack(document: Docx) -> bytes:
    """Saved without the hour of drawing, so that a template changes only when its layout does."""
    document.core_properties.author = "kongchuo-bot"
    document.core_properties.created = document.core_properties.modified = STAMPED
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, STAMPED.timetuple()[:6]), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


BLOCKS: dict[str, Callable[[Docx, Any], None]] = {
    "title": _title, "org": _org, "sub": _sub, "number": _number, "para": _para, "fine": _fine, "flush": _flush, "right": _right,
    "signs": _signs, "break": _break, "cut": _cut, "photos": _photos, "table": _table, "each": _each,
}  # fmt: skip

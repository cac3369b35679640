"""Reading the lists of offices: heads vary, rows are untidy, nothing is dropped without being named."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine

from reports.identity import read_cell_id, read_day
from reports.list_heads import LOOK_FOR_HEAD, find_head

PICKED = ("name", "id", "born", "guardian", "school", "class", "place", "phone")
NOT_READ = re.compile("转出|转走|辍学|休学|流失|死亡|毕业|核减|样表|样例|示例|说明|作废")
"""Sheets that hold others than the list is of: not read where there is another one, and that is said."""
NO_NAME = re.compile(r"[\d:]|合计|小计|总计|共计|填表|制表|审核|负责人|单位|签字|签名|盖章|备注|说明")
"""What stands where a name should, at a list's foot, and is none."""


class ListUnreadable(Exception):
    """A list that cannot be read; the message is a sentence for the person who sent it."""


class Person(NamedTuple):
    """One line of a list. ``row`` is its number in the file, ``sheet`` the page of a workbook that has several, ``id`` has
    eighteen places or is empty."""

    row: int
    name: str
    id: str
    born: dt.date | None
    guardian: str
    school: str = ""
    class_name: str = ""
    place: str = ""
    phone: str = ""
    sheet: str = ""


class BadRow(NamedTuple):
    """A line that could not be used as it is, or was used with a doubt; ``used`` says which."""

    row: int
    name: str
    what: str
    used: bool
    sheet: str = ""


class NameList(NamedTuple):
    """One list as read: usable people, one for each ID number, every line that is not in order, and of a workbook of several
    pages how many people each gave, None for one that was not read."""

    title: str
    people: list[Person]
    bad: list[BadRow]
    sheets: Mapping[str, int | None] = {}


Rows = Iterable[Sequence[Any]]
Source = str | Path | bytes | Rows | Iterable[Mapping[str, Any]]


def read_list(title: str, source: Source) -> NameList:
    """A list from a file (.xlsx, .xls, .csv), its bytes, or rows; all pages of a workbook that have a head of columns.
    Raises ``ListUnreadable``."""
    people, bad, sheets = list[Person](), list[BadRow](), dict[str, int | None]()
    pages = _pages(source, title)
    left_out = [name for name, _ in pages if NOT_READ.search(name)] if len(pages) > 1 else []
    left_out = left_out if len(left_out) < len(pages) else []
    for name, rows in pages:
        if name in left_out:
            sheets[name] = None
            continue
        before = len(people)
        _read_page(title, rows, name if len(pages) > 1 else "", people, bad)
        sheets[name] = len(people) - before
    return _without_repeats(title, people, bad, sheets if len(pages) > 1 else {})


def _read_page(title: str, source: Rows, sheet: str, people: list[Person], bad: list[BadRow]) -> None:
    rows = iter(source)
    first = list(islice(rows, LOOK_FOR_HEAD))
    number, columns = find_head(first)
    if not columns:
        raise ListUnreadable(f"{title}里没有找到表头。请保留“姓名”“身份证号”这样的表头行后重新发送。")
    width, pick = max(columns.values()) + 1, itemgetter(*(columns.get(key, -1) for key in PICKED))
    for row, cells in enumerate(chain(first[number:], rows), number + 1):
        if not any(cells):
            continue
        # Missing columns are picked from the empty cell put at the end.
        person, trouble = _read_row(row, pick([*cells[:width], *[""] * (width - len(cells)), ""]), "id" in columns)
        is_one = bool(person.id or (person.name and not NO_NAME.search(person.name)))
        if not is_one and person.name:
            trouble = f"不像姓名：{person.name}"
        if trouble:
            bad.append(BadRow(row, person.name, trouble, is_one, sheet))
        if is_one:
            people.append(person._replace(sheet=sheet) if sheet else person)


def _pages(source: Source, title: str) -> list[tuple[str, Rows]]:
    """The pages on which there is a list, by name; one without a name where the source has none."""
    if isinstance(source, str | Path):
        path = Path(source)
        if path.suffix.lower() == ".csv":
            return [("", _read_csv(path.read_bytes()))]
        source = path.read_bytes()
    return _of_bytes(title, source) if isinstance(source, bytes) else [("", _from_mappings(source))]


def _of_bytes(title: str, content: bytes) -> list[tuple[str, Rows]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        pages = [
            (meta.name, book.get_sheet_by_name(meta.name))
            for meta in book.sheets_metadata
            if meta.visible == python_calamine.SheetVisibleEnum.Visible
            and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (python_calamine.CalamineError, ValueError, OSError):
        if content[:2] == b"PK" or b"\x00" in content[:512]:
            raise ListUnreadable(f"{title}的文件打不开，可能已损坏或加了密码。请另存为 .xlsx 后重新发送。") from None
        return [("", _read_csv(content))]
    found: list[tuple[str, Rows]] = [
        (name, page.iter_rows()) for name, page in pages if find_head(list(islice(page.iter_rows(), LOOK_FOR_HEAD)))[0]
    ]
    return found or [("", [])]


def _read_csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    return list(csv.reader(io.StringIO(text)))


def _from_mappings(rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Rows given as mappings become a head and lines; sequences pass as they are."""
    head: list[str] | None = None
    for row in rows:
        if not isinstance(row, Mapping):
            yield row
            continue
        if head is None:
            head = list(row)
            yield head
        yield [row.get(key, "") for key in head]


def _read_row(row: int, cells: tuple[Any, ...], has_ids: bool) -> tuple[Person, str]:
    """The line, and what is wrong with it in Chinese (``""`` if nothing); ``cells`` in the order of ``PICKED``."""
    name, number, given = fold_name(_show(cells[0])), read_cell_id(cells[1]), read_day(cells[2])
    trouble = number.trouble
    if not name:
        trouble = trouble or "没有姓名"
    if has_ids and not number.number:
        trouble = trouble or "没有身份证号"
    if number.born and given and number.born != given:
        trouble = trouble or "出生日期与身份证号不一致"
    words = map(_show, cells[4:])
    return Person(row, name, number.number, number.born or given, fold_name(_show(cells[3])), *words), trouble


@functools.lru_cache(1 << 18)
def fold_name(name: str) -> str:
    """A name without white space and width: ``张　三`` and ``张 三`` are one; dots in long names are one kind of dot."""
    if name.isalpha() and not name.isascii():
        return name
    return re.sub(r"[·•．.・]", "·", re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)))


def _show(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _without_repeats(title: str, people: list[Person], bad: list[BadRow], sheets: Mapping[str, int | None]) -> NameList:
    """The first line of each ID number stays; repeats are named, and whether the names differ."""
    first: dict[str, Person] = {}
    kept = []
    for person in people:
        earlier = first.setdefault(person.id, person) if person.id else person
        if earlier is person:
            kept.append(person)
            continue
        line = f"{earlier.sheet}第{earlier.row}行"
        what = f"与{line}重复" if earlier.name == person.name else f"与{line}（{earlier.name}）身份证号相同、姓名不同"
        bad.append(BadRow(person.row, person.name, what, False, person.sheet))
    order = list(sheets)
    place = {name: n for n, name in enumerate(order)}
    return NameList(title, kept, sorted(bad, key=lambda b: (place.get(b.sheet, 0), b)), sheets)

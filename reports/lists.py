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

# What a column is called, in the ways offices call it; brackets and white space are taken out before.
HEADS = {
    "name": ("姓名", "学生姓名", "儿童姓名", "孩子姓名", "名字", "学生", "适龄儿童姓名", "成员姓名"),
    "id": ("身份证号", "身份证号码", "身份证件号", "身份证件号码", "证件号", "证件号码", "公民身份号码", "公民身份证号", "身份证", "学生身份证号", "身份号码"),
    "born": ("出生日期", "出生年月日", "出生年月", "生日", "出生时间"),
    "guardian": ("监护人", "监护人姓名", "家长", "家长姓名", "户主", "户主姓名", "父亲姓名", "父母姓名", "法定监护人"),
    "student_no": ("学籍号", "全国学籍号", "学籍号码", "学籍编号"),
    "school": ("学校", "学校名称", "就读学校", "所在学校", "学校标识"),
    "class": ("班级", "年级班级", "班级名称", "年级", "学校班级"),
    "sex": ("性别",),
    "place": ("村", "村社区", "行政村", "村居", "现住址", "家庭住址", "户籍地址", "住址", "地址", "户口所在地", "乡镇"),
    "phone": ("联系电话", "监护人电话", "家长电话", "电话", "手机号", "电话号码"),
}  # fmt: skip
KEYS = {words: key for key, all_words in HEADS.items() for words in all_words}
OF_THE_CHILD = re.compile(r"^(?:适龄)?(?:家庭成员|成员|学生|儿童少年|儿童|少年|孩子|幼儿|子女|本人)的?")
"""Whose column it is, where a list says so: 成员证件号码, 儿童出生日期; another's (户主证件号码) stays unknown."""
PICKED = ("name", "id", "born", "guardian", "school", "class", "place", "phone")
LOOK_FOR_HEAD = 15


class ListUnreadable(Exception):
    """A list that cannot be read; the message is a sentence for the person who sent it."""


class Person(NamedTuple):
    """One line of a list. ``row`` is its number in the file, ``id`` has eighteen places or is empty."""

    row: int
    name: str
    id: str
    born: dt.date | None
    guardian: str
    school: str = ""
    class_name: str = ""
    place: str = ""
    phone: str = ""


class BadRow(NamedTuple):
    """A line that could not be used as it is, or was used with a doubt; ``used`` says which."""

    row: int
    name: str
    what: str
    used: bool


class NameList(NamedTuple):
    """One list as read: usable people, one for each ID number, and every line that is not in order."""

    title: str
    people: list[Person]
    bad: list[BadRow]


Source = str | Path | bytes | Iterable[Sequence[Any]] | Iterable[Mapping[str, Any]]


def read_list(title: str, source: Source) -> NameList:
    """A list from a file (.xlsx, .xls, .csv), its bytes, or rows; raises ``ListUnreadable``."""
    rows = iter(_rows(title, source))
    first = list(islice(rows, LOOK_FOR_HEAD))
    number, columns = _find_head(title, first)
    width, pick = max(columns.values()) + 1, itemgetter(*(columns.get(key, -1) for key in PICKED))
    people, bad = [], []
    for row, cells in enumerate(chain(first[number:], rows), number + 1):
        if not any(cells):
            continue
        # Missing columns are picked from the empty cell put at the end.
        person, trouble = _read_row(row, pick([*cells, *[""] * (width - len(cells) + 1)]), "id" in columns)
        if trouble:
            bad.append(BadRow(row, person.name, trouble, bool(person.name or person.id)))
        if person.name or person.id:
            people.append(person)
    return _without_repeats(title, people, bad)


def _rows(title: str, source: Source) -> Iterable[Sequence[Any]]:
    if isinstance(source, str | Path):
        path = Path(source)
        if path.suffix.lower() == ".csv":
            return _read_csv(path.read_bytes())
        source = path.read_bytes()
    if isinstance(source, bytes):
        return _read_bytes(title, source)
    return _from_mappings(source)


def _read_bytes(title: str, content: bytes) -> Iterable[Sequence[Any]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (python_calamine.CalamineError, ValueError, OSError):
        if content[:2] == b"PK" or b"\x00" in content[:512]:
            raise ListUnreadable(f"{title}的文件打不开，可能已损坏或加了密码。请另存为 .xlsx 后重新发送。") from None
        return _read_csv(content)
    for place in range(len(book.sheet_names)):
        sheet = book.get_sheet_by_index(place)
        if any(_known(row) for row in islice(sheet.iter_rows(), LOOK_FOR_HEAD)):
            return sheet.iter_rows()
    return []


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


def _known(row: Sequence[Any]) -> dict[str, int]:
    """The columns that this row, taken as a head, would name; the first of a kind counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        words = re.sub(r"\(.*?\)|[\s*：:/、]", "", unicodedata.normalize("NFKC", str(cell)))
        key = KEYS.get(words) or KEYS.get(OF_THE_CHILD.sub("", words))
        if key and key not in found:
            found[key] = place
    return found if {"name", "id"} & set(found) and len(found) > 1 else {}


def _find_head(title: str, rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    best = max(range(len(rows)), key=lambda place: len(_known(rows[place])), default=0)
    columns = _known(rows[best]) if rows else {}
    if not columns:
        raise ListUnreadable(f"{title}里没有找到表头。请保留“姓名”“身份证号”这样的表头行后重新发送。")
    return best + 1, columns


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


def _without_repeats(title: str, people: list[Person], bad: list[BadRow]) -> NameList:
    """The first line of each ID number stays; repeats are named, and whether the names differ."""
    first: dict[str, Person] = {}
    kept = []
    for person in people:
        if not person.id:
            kept.append(person)
            continue
        earlier = first.setdefault(person.id, person)
        if earlier is person:
            kept.append(person)
        elif earlier.name == person.name:
            bad.append(BadRow(person.row, person.name, f"与第{earlier.row}行重复", False))
        else:
            bad.append(
                BadRow(person.row, person.name, f"与第{earlier.row}行（{earlier.name}）身份证号相同、姓名不同", False)
            )
    return NameList(title, kept, sorted(bad))

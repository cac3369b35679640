"""Which column of an office's list is what: heads vary, stand below titles, and reach over two rows with merged cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

# What a column is called, in the ways offices call it; brackets and white space are taken out before.
HEADS = {
    "name": ("姓名", "学生姓名", "儿童姓名", "孩子姓名", "名字", "学生", "适龄儿童姓名", "成员姓名"),
    "id": ("身份证号", "身份证号码", "身份证件号", "身份证件号码", "证件号", "证件号码", "公民身份号码", "公民身份证号", "身份证", "学生身份证号", "身份号码"),
    "born": ("出生日期", "出生年月日", "出生年月", "生日", "出生时间"),
    "guardian": ("监护人", "监护人姓名", "家长", "家长姓名", "户主", "户主姓名", "父亲姓名", "母亲姓名", "父母姓名", "法定监护人", "第一监护人", "第一监护人姓名", "监护人1姓名", "家庭成员或监护人姓名", "家庭成员或监护人姓名1"),
    "student_no": ("学籍号", "全国学籍号", "学籍号码", "学籍编号"),
    "school": ("学校", "学校名称", "就读学校", "所在学校", "学校标识"),
    "class": ("班级", "年级班级", "班级名称", "年级", "学校班级"),
    "sex": ("性别",),
    "place": ("村", "村社区", "行政村", "村居", "现住址", "家庭住址", "户籍地址", "住址", "地址", "户口所在地", "乡镇"),
    "phone": ("联系电话", "联系方式", "监护人电话", "家长电话", "电话", "手机号", "手机", "电话号码"),
}  # fmt: skip
KEYS = {words: key for key, all_words in HEADS.items() for words in all_words}
OF_THE_CHILD = re.compile(r"^(?:适龄)?(?:家庭成员|成员|学生|儿童少年|儿童|少年|孩子|幼儿|子女|本人)的?")
"""Whose column it is, where a list says so: 成员证件号码, 儿童出生日期; another's (户主证件号码) stays unknown."""
OF_ANOTHER = re.compile(r"户主|监护人|家长|父亲|母亲|父母|联系人|班主任|教师")
_GROUP = re.compile(r"(?:基本|有关|相关)?(?:信息|情况|资料)$")
LOOK_FOR_HEAD = 15
Columns = dict[str, int]


def find_head(rows: Sequence[Sequence[Any]]) -> tuple[int, Columns]:
    """How many of the first rows end with the head, and the place of each column; (0, {}) where there is none.

    The row that names the most columns is the head, with what stands above it where that is a head over heads.
    """
    best, found = 0, Columns()
    for place, row in enumerate(rows[:LOOK_FOR_HEAD]):
        for above in ((), rows[place - 1]) if place else ((),):
            columns = known(row, above)
            if len(columns) > len(found):
                best, found = place + 1, columns
    return best, found


def known(row: Sequence[Any], above: Sequence[Any] = ()) -> Columns:
    """The columns that this row, taken as a head, would name; the first of a kind counts. ``above``: a row of heads that
    reach over several of these (儿童信息 over 姓名), or down to the line where this one has none."""
    found, group = Columns(), ""
    for place in range(max(len(row), len(above))):
        words, whose = _plain(row[place] if place < len(row) else "")
        over, _ = _plain(above[place] if place < len(above) else "")
        group = over or group
        if not words and over:
            words, whose = over, ""
        elif words and group and words != group:
            whose = whose or _GROUP.sub("", group)
        key = _key(words, whose)
        if key and key not in found:
            found[key] = place
    return found if {"name", "id"} & set(found) and len(found) > 1 else Columns()


def _plain(cell: Any) -> tuple[str, str]:
    """The words of a head, and what stands in brackets: whose it is, if it says so."""
    words = re.sub(r"[\s*：:/、]", "", unicodedata.normalize("NFKC", str(cell)))
    return re.sub(r"\(.*?\)", "", words), "".join(re.findall(r"\((.*?)\)", words))


def _key(words: str, whose: str) -> str | None:
    if another := OF_ANOTHER.search(whose):
        # 姓名 below 户主信息, or 姓名（监护人）, is the guardian's; of all else that is another's nothing is known.
        return KEYS.get(f"{another[0]}{words}") or (KEYS.get(words) if KEYS.get(words) == "guardian" else None)
    return KEYS.get(words) or KEYS.get(OF_THE_CHILD.sub("", words))

"""What stands in a cell: numbers with check digits, dates, yes and no, groups, paths. A fault is a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from operator import mul
from typing import TypeVar

from bot.rosters.reading import Row, plain
from casework.facts import GROUPS
from reports.identity import SHORT_DATE, short_date

T = TypeVar("T")
YES, NO = (
    frozenset(["是", "有", "对", "√", "y", "yes", "1", "true"]),
    frozenset(["否", "无", "不是", "×", "n", "no", "0", "false"]),
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SPACES = re.compile(r"[\s'’‘]")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_STUDENT_NUMBER = re.compile(r"[0-9A-Z]{6,30}")
_SEVERAL, _SIGNS, _PHONE = re.compile(r"[、,;/]"), re.compile(r"[\s()\-—.+]"), re.compile(r"[0-9]{7,12}")
_CHECKS = "10X98765432"
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
_GROUP_WORDS = {
    "left_behind": "留守儿童 留守 农村留守儿童 留守学生",
    "migrant": "随迁子女 随迁 进城务工人员随迁子女 随迁儿童",
    "poor": "家庭贫困 贫困 贫困生 贫困户 建档立卡 脱贫户 脱贫家庭 低保 家庭经济困难 困难家庭",
    "disabled": "残疾 残疾儿童 残疾学生 残障",
    "orphan": "孤儿",
    "single_parent": "单亲 单亲家庭 离异",
    "struggling": "学习困难 学困 学困生",
    "at_risk": "有辍学倾向 辍学倾向 厌学",
    "de_facto_orphan": "事实无人抚养 事实无人抚养儿童 事实孤儿",
    "in_difficulty": "困境儿童 困境",
    "justice": "涉案未成年人 涉案 涉罪未成年人",
}
GROUP_OF = {word: group for group, words in _GROUP_WORDS.items() for word in words.split()}
assert set(_GROUP_WORDS) == set(GROUPS)


class Wrong(Exception):
    """A cell that cannot be used; the message says why and what is expected, ``column`` which one it is."""

    def __init__(self, reason: str, column: str = "") -> None:
        super().__init__(reason)
        self.column = column


def needed(row: Row, column: str, read: Callable[[str], T]) -> T:
    """What a cell says that must not be empty. Raises ``Wrong`` with the column."""
    if not row[column]:
        raise Wrong("不能为空", column)
    try:
        return read(row[column])
    except Wrong as error:
        raise Wrong(str(error), error.column or column) from error


def given(row: Row, column: str, read: Callable[[str], T]) -> T | None:
    """What a cell says, None if it is empty. Raises ``Wrong`` with the column."""
    return needed(row, column, read) if row[column] else None


def id_number(text: str) -> str:
    """An 18-digit 身份证号 whose check digit holds (GB 11643-1999)."""
    number = _SPACES.sub("", plain(text)).upper()
    if not _ID_NUMBER.fullmatch(number):
        raise Wrong(f"应为18位，现为{len(number)}位；若单元格是数字格式，请改为文本后重填")
    if _CHECKS[sum(map(mul, map(int, number[:17]), _WEIGHTS)) % 11] != number[-1]:
        raise Wrong("最后一位校验码不对，请核对；若单元格是数字格式，请改为文本后重填")
    born_of(number)
    return number


def born_of(number: str) -> dt.date:
    """The birth date in an 身份证号."""
    return _born(number[6:14])


@lru_cache(8192)
def _born(digits: str) -> dt.date:
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise Wrong("中间的出生日期不存在") from error


def student_number(text: str) -> str:
    """A 学籍号: letters and digits."""
    number = _SPACES.sub("", plain(text)).upper()
    if not _STUDENT_NUMBER.fullmatch(number):
        raise Wrong("应由6至30位字母和数字组成")
    return number


def phone(text: str) -> str:
    """A telephone number: digits alone, without +86; several in one cell: the first."""
    first = _SEVERAL.split(plain(text), 1)[0]
    number = _SIGNS.sub("", first)
    number = number[2:] if number.startswith("86") and len(number) == 13 else number
    if not _PHONE.fullmatch(number):
        raise Wrong("不像电话号码，应为11位手机号或带区号的座机")
    return number


def day(text: str) -> dt.date:
    """A date as offices write it: 2025-09-01, 2025/9/1, 2025.9.1, 20250901, 2025年9月1日, 25-9-1, or Excel's number."""
    word = plain(text).split(" ")[0].split("T")[0]
    if re.fullmatch(r"\d{5}", word):
        return _EXCEL_DAY_ZERO + dt.timedelta(days=int(word))
    if SHORT_DATE.fullmatch(word):
        if (short := short_date(word)) is None:
            raise Wrong("看不出是哪一年哪一天，请把年份写成四位，例如 2012-09-01")
        return short
    found = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", word)
    if found is None:
        raise Wrong("日期应写成 2025-09-01 这样")
    year, month, date = (int(part) for part in found.groups() if part)
    try:
        return dt.date(year, month, date)
    except ValueError as error:
        raise Wrong("没有这一天") from error


def yes(text: str) -> bool:
    """是 or 否."""
    word = plain(text).lower()
    if word in YES or word in NO:
        return word in YES
    raise Wrong("只能填“是”或“否”")


def groups(text: str) -> frozenset[str]:
    """重点群体, several by 、; 无 for none."""
    words = [word for word in re.split(r"[、,，;；/\s]+", plain(text)) if word not in ("", "无", "否")]
    unknown = [word for word in words if word not in GROUP_OF]
    if unknown:
        known = "、".join(words.split()[0] for words in _GROUP_WORDS.values())
        raise Wrong(f"不认识“{'、'.join(unknown)}”，可填：{known}")
    return frozenset(GROUP_OF[word] for word in words)


def sex(text: str) -> str:
    word = plain(text)
    if word not in ("男", "女"):
        raise Wrong("只能填“男”或“女”")
    return word


def name(text: str) -> str:
    """A person's name: no digits, at most 40 characters; the dot of minority names is kept."""
    word = re.sub(r"\s+", "" if re.search(r"[\u3400-\u9fff]", text) else " ", plain(text).replace("•", "·"))
    if not word or len(word) > 40 or re.search(r"[\d<>{}/\\]", word):
        raise Wrong("不像姓名，请核对")
    return word


def steps(path: str) -> tuple[str, ...]:
    """The names in a path such as ``老隆镇/第一中学/八年级3班``, whatever the width of its signs."""
    return tuple(word for part in plain(path).replace("\\", "/").split("/") if (word := part.strip()))

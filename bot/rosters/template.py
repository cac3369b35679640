"""An empty roster to be filled in: the columns that the import reads, and one row that shows how, which it leaves out."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

from bot.rosters import calendar, units
from bot.rosters.cells import GROUP_OF
from bot.rosters.importing import KINDS
from bot.rosters.reading import EXAMPLE
from casework.facts import GROUPS
from casework.terms import ROLES

TITLES = {"units": "单位", "staff": "教职工", "pupils": "学生", "calendar": "校历"}
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "units": {"路径": "老隆镇/第一中学/八年级3班", "类型": "班级"},
    "staff": {
        "姓名": "王小明", "企业微信账号": "wangxiaoming", "角色": "班主任", "单位": "老隆镇/第一中学/八年级3班", "手机号": "13800000000",
    },
    "pupils": {
        "姓名": "张小明", "学校班级": "老隆镇/第一中学/八年级3班", "性别": "男",
        "户籍地址": "老隆镇上坪村5号", "现住址": "老隆镇上坪村5号", "村": "老隆镇/上坪村", "监护人": "张大山", "关系": "父亲",
        "监护人电话": "13800000000", "重点群体": "留守儿童、单亲", "本县户籍": "是", "送教": "否", "入学日期": "2025-09-01",
    },
    "calendar": {"类型": "放假", "开始": "2026-10-01", "结束": "2026-10-07"},
}  # fmt: skip
_YES_NO = ("是", "否")
CHOICES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "units": {"类型": tuple(units.KINDS)},
    "staff": {"角色": tuple(ROLES.values())},
    "pupils": {"性别": ("男", "女"), "本县户籍": _YES_NO, "送教": _YES_NO},
    "calendar": {"类型": tuple(calendar.KINDS)},
}
"""What is picked from a list, not typed."""
_WIDTHS = {"学校班级": 30, "路径": 34, "单位": 30, "身份证号": 22, "学籍号": 24, "户籍地址": 26, "现住址": 26}
_ROWS = 3000  # to which the lists and the text format reach


def template(what: str) -> bytes:
    """The workbook (.xlsx) of a kind of roster: ``units``, ``staff``, ``pupils`` or ``calendar``.

    All cells are text, so that no number of eighteen digits is rounded. Raises ``KeyError`` for another kind.
    """
    kind, made = KINDS[what], io.BytesIO()
    columns = (*kind.required, *kind.optional)
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{TITLES[what]}名册")
        text, grey = book.add_format({"num_format": "@"}), book.add_format({"num_format": "@", "font_color": "#767676"})
        head = book.add_format({"bold": True, "bg_color": "#EAF1FB", "border": 1})
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS.get(column, 16), text)
            sheet.write_string(0, at, column + ("*" if column in kind.required else ""), head)
            sheet.write_string(1, at, (EXAMPLE if at == 0 else "") + EXAMPLES[what].get(column, ""), grey)
            if choices := CHOICES[what].get(column):
                sheet.data_validation(
                    1, at, _ROWS, at, {"validate": "list", "source": list(choices), "error_type": "warning"}
                )
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("填表说明")
        notes.set_column(0, 0, 90)
        for row, line in enumerate(_notes(what)):
            notes.write_string(row, 0, line)
    return made.getvalue()


def _notes(what: str) -> list[str]:
    """How it is filled in, for whoever opens the second page."""
    lines = [
        "带 * 的列必须有，其他的列可以空着，也可以整列删去。",
        f"以“{EXAMPLE[:-1]}”开头的那一行不导入，可以留着，也可以直接改成真的内容。",
        *(f"{column}：填{'、'.join(choices)}。" for column, choices in CHOICES[what].items()),
    ]
    if what == "pupils":
        lines.append("身份证号、学籍号按文本填（这张表的格子已经是文本），不要变成科学计数；没有的可以空着。")
        groups = "、".join(dict.fromkeys(_shown(group) for group in GROUPS))
        lines.append(f"重点群体：填{groups}，几个之间用“、”。")
    if what in ("pupils", "staff", "units"):
        lines.append("单位写成路径，用“/”隔开，例如：老隆镇/第一中学/八年级3班。")
    return lines


def _shown(group: str) -> str:
    """The first word by which a group is known."""
    return next(word for word, known in GROUP_OF.items() if known == group)

"""How a child who is back fares, in the words of whoever sees it every day: 张三表现挺好, 张三作业也交了，挺稳定的.

Said of a child under observation it is the follow-up that is due (XY-36, LC-27); of any other nothing is recorded of it.
"""

from __future__ import annotations

import re

from casework.access import SCHOOL
from handlers import naming
from handlers.answer import Written
from handlers.command import ROOM, Command, command, one_of
from handlers.desk import Desk, Said
from handlers.recorder import write
from handlers.understanding.actions import Action, Mention

_AGAINST = re.compile(r"不(?!错)|又(?!来)|昨天(?:在|来)")


def _well(desk: Desk, found: re.Match[str]) -> Said | None:
    """The follow-up of the one pupil of that name who is under observation; None of anybody else."""
    words = found.group().strip()
    if _AGAINST.search(found["how"]):
        return None
    pupil = naming.one_pupil(desk, found["name"], found["room"])
    if isinstance(pupil, str):
        return None
    if desk.work.cases.case(pupil.id).state != "observed" or not desk.reader_of(pupil).may("contact"):
        return None
    slots = {"channel": "in_person", "outcome": "other", "note": "在校正常", "words": words, "chosen": True}
    done = write(desk, Action("contact", (Mention(pupil.name, (pupil.id,)),), slots), {}, ())
    return Said(done.text, refused=done.refused) if isinstance(done, Written) else None


_HEAD = (
    "同学", "这个孩子", "这孩子", "这娃", "他", "她", "最近", "近来", "这几天", "这两天", "这段时间", "这个星期", "这星期", "这周", "现在", "今天", "昨天",
    "目前", "一直", "都", "也", "还", "又", "每天", "天天", "在校", "在学校", "在班上", "在班里", "上课", "听课", "学习", "作业", "返校", "回来", "复学", "以后",
    "之后", "后", "情绪", "表现", "状态", "成绩", "出勤", "到校", "上学", "和同学", "相处", "生活", "各方面", "一切", "的", "，", ",", "、", " ",
)  # fmt: skip
_GOOD = (
    "正常", "稳定", "平稳", "良好", "不错", "可以", "认真", "积极", "按时", "准时", "开心", "适应", "融洽", "进步", "努力", "挺好", "很好", "蛮好", "都好", "还好", "还在",
    "都在", "天天来", "每天来", "没再缺课", "没再缺勤", "没再旷课", "没再迟到", "没有再缺课", "没有缺课", "没缺课", "没缺勤", "没旷课",
)  # fmt: skip
_BESIDE = (
    "好",
    "在",
    "来",
    "交",
    "完成",
    "很多",
    "很",
    "挺",
    "蛮",
    "比较",
    "基本",
    "较",
    "多了",
    "了",
    "呢",
    "哦",
    "啊",
)
_WORD = one_of((*_HEAD, *_GOOD, *_BESIDE))
COMMANDS: tuple[Command, ...] = (
    command(
        "张三返校后表现正常",
        SCHOOL,
        _well,
        # possessive: no word is tried twice, however long the message
        rf"(?:回访了?)?{ROOM}(?P<name>[\u4e00-\u9fff·•]{{2,8}}?)(?P<how>(?={_WORD})(?=.{{0,80}}(?:{'|'.join(_GOOD)}))(?:{_WORD}){{1,24}}+)[。.！!]?",
    ),
)

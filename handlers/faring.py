"""How a child who is back fares, in the words of whoever sees it every day: 张三表现挺好, 张三作业也交了，挺稳定的.

Said of a child under observation it is the follow-up that is due (XY-36, LC-27); of any other nothing is recorded of it.
"""

from __future__ import annotations

import re

from casework.access import SCHOOL
from handlers import naming
from handlers.command import ROOM, Command, command
from handlers.desk import Desk, Said
from handlers.recorder import write
from handlers.telling import Written
from handlers.understanding.actions import Action, Mention

_AGAINST = re.compile(
    r"不|没(?!再|有?(?:再|缺|旷|迟))|又(?!来)|别|想走|睡|差|逃|旷课(?!了?没)|吵|打架|哭|怎么|吗|[?？]|说|爸|妈|爷|奶|家长|以前|原来|除了"
)


def _well(desk: Desk, found: re.Match[str]) -> Said | None:
    """The follow-up of the one pupil of that name who is under observation; None of anybody else."""
    words = found.group().strip()
    pupil = naming.one_pupil(desk, found["name"], found["room"])
    if _AGAINST.search(words.replace(found["name"], "", 1)) or isinstance(pupil, str):
        return None
    if desk.work.cases.case(pupil.id).state != "observed" or not desk.reader_of(pupil).may("contact"):
        return None
    slots = {"channel": "in_person", "outcome": "other", "note": "在校正常", "words": words, "chosen": True}
    done = write(desk, Action("contact", (Mention(pupil.name, (pupil.id,)),), slots), {}, ())
    return Said(done.text, refused=done.refused) if isinstance(done, Written) else None


_OF = r"(?:同学|这个?孩子|这娃|他|她|最近|近来|这几天|这两天|这段时间|这个?星期|这周|现在|今天|昨天|目前|一直|都|也|还|又|每天|天天|在校|在学校|在班上?|在班里|上课|听课|学习|作业|返校|回来|复学|后|以后|之后|情绪|表现|状态|成绩|出勤|到校|上学|和同学|相处|生活|各方面|一切|没再缺课|没有?再?(?:缺|旷|迟到)(?:课|勤|过)?|的|，|,|、|\s)"
_GOOD = r"(?:很|挺|蛮|比较|还|都|也|基本|较)*(?:正常|稳定|平稳|良好|好|不错|可以|认真|积极|按时|准时|开心|适应|融洽|在(?:的|呢|校)?|来(?:了|的)?|交(?:了|的)?|完成(?:了|的)?|进步|努力|没再缺课|没有?再?(?:缺|旷|迟到)(?:课|勤|过)?)(?:了|的|呢|哦|啊|很多|多了)?"
COMMANDS: tuple[Command, ...] = (
    command(
        "张三返校后表现正常",
        SCHOOL,
        _well,
        rf"(?:回访(?:了)?)?{ROOM}(?P<name>[\u4e00-\u9fff·•]{{2,8}}?){_OF}*{_GOOD}(?:{_OF}*{_GOOD}){{0,4}}[。.！!]?",
    ),
)

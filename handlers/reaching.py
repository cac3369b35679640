"""How a pupil's home is reached: 张三家长电话 · 张三家住哪. What the register knows and the reader may see of it, and what to send after the call."""

from __future__ import annotations

import re

from casework.access import STAFF
from casework.people import Pupil
from handlers import naming
from handlers.command import Command, command
from handlers.desk import Desk, Said

_MOST = 5  # of one name
_KIN = r"(?:[他她]?(?:家长|家里人?|监护人|父母|爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|家))"
_GIVE = r"(?:给我|发我|发给我|说一?下|发一?下|给一?下|告诉我|查一?下|有没有|有吗|知道吗|谁有)"
_ASK = rf"(?:的)?(?:是)?(?:多少|几号|什么|哪个|号码)?(?:{_GIVE})?(?:一下)?[?？]?"
_NUMBER = r"(?:联系)?(?:电话号码|手机号码|电话|手机号?|号码)|联系方式"
_HOME = r"(?:家庭)?(?:地址|住址|住处)"
_LIVES = r"(?:家)?(?:是)?(?:住|在)(?:在)?(?:哪里?|哪儿|哪个?[村组寨屯]|什么地方|啥地方)"
_NAME = r"(?P<name>[\u4e00-\u9fff·•]{2,15}?)"
_PLEASE = r"(?:请|帮我|麻烦)?(?:查一?下|查看?|看一?下|找一?下|给我|发我|要)?"


def _reach(desk: Desk, found: re.Match[str]) -> Said | None:
    """Each pupil of that name within reach; None where nobody bears it, for the words may then be another name's."""
    hits = desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"], [])
    pupils = desk.work.people.pupils([entry.id for entry in hits])
    if not pupils:
        return None
    told = [_of(desk, pupil) for pupil in list(pupils.values())[:_MOST]]
    then = f"联系过了请发结果，例如：给{found['name']}家长打电话，同意明天返校；没打通也请发：给{found['name']}家长打电话没人接。"
    return Said("\n".join([*told, then]))


def _of(desk: Desk, pupil: Pupil) -> str:
    desk.work.audit.note(desk.writer.id, "look", f"pupil:{pupil.id}", "chat", {"home": True})
    reader = desk.reader_of(pupil)
    known = reader.shown(desk.work.people.details(pupil.id))
    who = known.get("guardian", "") + (f"（{known['relation']}）" if known.get("relation") else "")
    lines = (("监护人", who), ("电话", known.get("phone", "")), ("现住址", known.get("address", "")))
    said = "；".join(f"{word}：{value}" for word, value in lines if value)
    missing = "、".join(word for word, value in lines[1:] if not value)
    lacks = f"{'；' if said else ''}名册里没有{missing}，请学校控辍专干补到名册" if missing else ""
    return f"{naming.with_class(desk, pupil)}：{said}{lacks}。"


COMMANDS: tuple[Command, ...] = (
    command(
        "张三家长电话多少",
        STAFF,
        _reach,
        rf"{_PLEASE}{_NAME}(?:同学)?(?:的)?{_KIN}?(?:的)?(?:{_NUMBER}|{_HOME}){_ASK}",
        rf"{_PLEASE}{_NAME}(?:同学)?(?:的)?{_LIVES}{_ASK}",
        rf"{_PLEASE}{_NAME}(?:同学)?(?:的)?(?:家长|监护人)(?:是谁|叫什么(?:名字)?|姓什么|叫啥|的?(?:姓名|名字)(?:是什么)?)[?？]?",
        asks=True,
    ),
)

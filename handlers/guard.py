"""Never against the child: words that push a pupil out of school, or that keep one who comes back from entering, are told
to the head and the county at once.

A message that only tells of it (a parent complains) is understood as ever, and the alarm goes out; one that would have a
suspension or departure recorded that way records nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.desk import Desk, Said
from handlers.registry import REGISTRY
from handlers.telling import Notice
from handlers.understanding.actions import Action

CLAUSES = {"XY-34": ("record", "escalate"), "XY-25": ("check", "escalate"), "LC-40": ("check", "escalate")}

_LEAVING = "(?:退学|休学|转学|转走|离校)"
_WORDS = re.compile(
    rf"劝退|开除|劝(?:他|她|其|[\u4e00-\u9fff]{{2,4}}?){_LEAVING}"
    rf"|(?:强制|强行|强迫|逼迫|逼着?|迫使|勒令)[\u4e00-\u9fff]{{0,6}}?{_LEAVING}"
    rf"|(?:让|叫|要求|动员|劝说|通知)[\u4e00-\u9fff]{{0,6}}?(?:退学|(?:别|不要|不用)再?来(?:上学|学校|上课))"
    rf"|(?:成绩|学习|纪律)[太很]?(?:差|不好)[^。；;]{{0,12}}{_LEAVING}"
    rf"|(?:拖(?:班级|全班)?后腿|影响(?:平均分|升学率|中考))[^。；;]{{0,12}}{_LEAVING}"
)
_REFUSED = re.compile(
    "拒收(?:学生|复学|返校)|(?:学校|校长|老师|班主任|校方|中学|小学)(?:还是|仍然?|就是|都)?"
    "(?:拒收|不(?:肯|愿|愿意)?接?收(?![费钱取据])|不让(?:他|她|其|进|返|复|回|入)|不给(?:他|她)?(?:进|复|返|办)"
    "|拒绝(?:接收|接受)?[\u4e00-\u9fff]{0,4}(?:返校|复学|入学|就读|报到))"
)
_DENIED = re.compile(
    r"(?:不得|不能|不准|不许|不可|不会|没有|没|未|禁止|严禁|杜绝|防止|并非|不是|从不|绝不)[\u4e00-\u9fff]{0,4}$"
)
_FAMILY = re.compile(
    r"(?:家长|家里|监护人|爸|妈|父|母|爷|奶|外公|外婆|哥|姐|叔|舅|自己|本人|自愿|主动)(?P<then>[^。；;]{0,12})$"
)
_SCHOOL = re.compile("老师|学校|校长|主任|校方")
_SCHOOLS_ALONE = re.compile("劝退|开除")
"""What only a school can do: a family that tells of it is no excuse."""
_DEPARTING = ("suspend", "defer", "transfer_out")


def forced(text: str) -> str | None:
    """The words that push a pupil out, None when there are none, they are denied, or a family speaks them."""
    for found in _WORDS.finditer(text):
        before = text[: found.start()]
        if not _DENIED.search(before) and (_SCHOOLS_ALONE.match(found[0]) or not _by_family(before)):
            return found[0]
    return None


def _by_family(before: str) -> bool:
    """Whether the one who speaks or acts last before the words is of the family, not of the school."""
    family = _FAMILY.search(before)
    return family is not None and not _SCHOOL.search(family["then"])


def refused(text: str) -> str | None:
    """The words by which a school keeps a pupil from coming back, None when there are none or they are denied."""
    found = _REFUSED.search(text)
    return found[0] if found and not _DENIED.search(text[: found.start()]) else None


def warn(desk: Desk, text: str, meant: Sequence[Action]) -> str | None:
    """Tell the head of the school and the county of such words; what the writer hears, None when there are none."""
    if words := forced(text):
        law = "任何人不得以任何理由劝迫学生离校、退学，也不得强行让学生休学、转学〔依据 XY-25、LC-40〕。"
        order = "学校不得劝退学生，不得强行让学生休学、转学〔依据 XY-25、LC-40〕。请当面了解情况，保证学生在校学习。"
    elif words := refused(text):
        law = "愿意返校的学生，学校都要接收，不得拒收任何一名〔依据 XY-34〕。"
        order = "学校不得拒收任何一名愿意复学的学生〔依据 XY-34〕。请今天就安排返校，并告知家长。"
    else:
        return None
    _tell(desk, text, words, order, meant)
    return f"消息里有“{words}”。{law}\n已告知校长和县教育局核实。学生确有困难的，请发“家访 姓名 情况”，由学校安排帮扶。"


def with_alarm(desk: Desk, text: str, said: Said) -> Said:
    """The answer to a command or form that was carried out; where its words push a pupil out, the alarm goes out with it."""
    warning = warn(desk, text, ())
    return replace(said, text=f"{warning}\n\n{said.text}") if warning else said


def filled_in(actions: Sequence[Action]) -> str:
    """What the free fields of a form say, with the name of what is to be done: the reason 成绩太差 of a 登记休学."""
    fields = (str(action.slots.get(key) or "") for action in actions for key in ("reason", "note"))
    said = "".join(dict.fromkeys(fields))
    return said and said + "".join(dict.fromkeys(REGISTRY[a.action].title for a in actions if a.action in _DEPARTING))


def refuses(text: str, meant: Sequence[Action]) -> bool:
    """Whether nothing of the message is recorded: it would have a pupil leave, or a pupil is kept out, who therefore is
    neither back nor visited; an absence always is recorded."""
    if refused(text):
        return any(action.action != "absence" for action in meant)
    return any(action.action in _DEPARTING for action in meant)


def _tell(desk: Desk, text: str, words: str, order: str, meant: Sequence[Action]) -> None:
    ids = [m.candidates[0] for a in meant for m in a.students if len(m.candidates) == 1]
    pupils = desk.work.people.pupils(ids)
    today, directory = desk.today, desk.world.directory
    told = {
        p: None
        for pupil in pupils.values()
        for role in ("principal", "county")
        for p in desk.world.who(role, pupil, today)
    }
    if not pupils:
        told = {
            p: None
            for post in desk.posts
            for role in ("principal", "county")
            for p in directory.in_charge(role, post.unit, today)
        }
    said = f"请核实：{desk.writer.name}发来的消息里有“{words}”。\n原话：{text}\n{order}"
    for person in told:
        if person != desk.writer.id:
            desk.work.outbox.queue(Notice(f"forced:{desk.source}:{person}"[:150], person, said, desk.now))
    desk.work.audit.note(
        desk.writer.id, "forced_words", ",".join(sorted(f"pupil:{id}" for id in pupils)) or "chat", "chat"
    )

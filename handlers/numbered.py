"""What the numbers of the list shown last stand for, so that whatever is shown with numbers can be answered by number.

完成 2 · 完成 1、3 · 全部待办 · 查 2 · 2 · 第2个 家长同意明天返校. The numbers stay those that were shown, also when some of the list
has been done since: who works through 待办 from the top must not end another duty than the one read there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from casework.access import STAFF
from casework.case import Duty
from casework.facts import Kind
from casework.people import Pupil
from casework.terms import RULES
from handlers import lookup, replies, wording
from handlers.command import Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import DUTY, PUPIL
from handlers.places import place_name
from handlers.telling import closes
from handlers.understanding.actions import Action, Mention
from handlers.understanding.choices import choice_of
from handlers.understanding.numerals import NUMBER, number

COUNTS_FOR = dt.timedelta(hours=12)
NEEDS_MORE = {
    "monthly_report": "月报要提交才算完成：请发“月报”核对，再回“提交本月月报”或“零报告”。",
    "teach_month": "送教按课时计：请发“今天给某某送教2课时”。",
    "teach_term": "送教按课时计：请发“今天给某某送教2课时”。",
}
"""Duties that a word cannot end, because figures or lessons have to be given with it."""
_SAID = re.compile(r"(?:^|(?<=[\s，,：:、]))第(?P<n>\d{1,3})(?:个|名|位)(?:学生|孩子)?(?![月周年人次]|学期|星期)(?=.)")


def keep(desk: Desk, said: Said) -> Said:
    """The answer; the list in it, where it has numbers, is what they refer to from now on."""
    if said.numbers:
        desk.work.inbox.show(desk.writer.id, said.numbers, desk.now + COUNTS_FOR)
    return said


def of(desk: Desk, duty: Duty) -> int:
    """The number by which the reader can end a duty of theirs: as it was shown, else after what was shown."""
    refs = desk.work.inbox.shown(desk.writer.id)
    if not refs or not all(ref.startswith(DUTY) for ref in refs):
        refs = [DUTY + d.id for d in lookup.own_duties(desk)]
    if DUTY + duty.id not in refs:
        refs = [*refs, DUTY + duty.id]
    desk.work.inbox.show(desk.writer.id, refs, desk.now + COUNTS_FOR)
    return refs.index(DUTY + duty.id) + 1


def spelled(desk: Desk, text: str) -> str:
    """第2个 家长同意明天返校 with the name that stood at that number; the text itself where no such list was shown."""
    found = _SAID.search(text)
    refs = desk.work.inbox.shown(desk.writer.id) if found else []
    pupil = _pupil(desk, refs, int(found["n"])) if found and refs else None
    if found is None or pupil is None:
        return text
    return f"{text[: found.start()]}{pupil.name} {text[found.end() :].lstrip(' ，,：:')}".strip()


def chosen(desk: Desk, text: str) -> Said | None:
    """A bare number: what stood there, and how it is answered; None where no list with numbers was shown."""
    refs = desk.work.inbox.shown(desk.writer.id)
    at = choice_of(text, ["\0"] * len(refs)) if refs else None
    return None if at is None else _tell(desk, refs, at + 1)


def _tell(desk: Desk, refs: Sequence[str], n: int) -> Said:
    if not 1 <= n <= len(refs):
        return Said(f"刚才的名单没有第{n}项。")
    if (pupil := _pupil(desk, refs, n)) and not refs[n - 1].startswith(DUTY):
        return lookup.case(desk, Action("case", (Mention(pupil.name, (pupil.id,)),)))
    duty = desk.work.cases.duty(refs[n - 1].removeprefix(DUTY)) if refs[n - 1].startswith(DUTY) else None
    if duty is None:
        return Said(f"第{n}项现在不在您的待办里，到时候会提醒您。发“待办”看现在要办的。")
    if duty.status != "open":
        return Said(f"第{n}项“{RULES[duty.rule]}”已经办结了。发“待办”看还要办的。")
    line = wording.say_duty(duty, desk.today, pupil.name if pupil else place_name(desk.world.directory, duty.unit))
    then = "，联系、家访的结果也可以直接发" if pupil else ""
    return Said(f"{n}. {line}\n办完请回“完成 {n}”{then}。")


def _pupil(desk: Desk, refs: Sequence[str], n: int) -> Pupil | None:
    """The pupil at that number, or whom the duty there is about."""
    ref = refs[n - 1] if 1 <= n <= len(refs) else ""
    if ref.startswith(PUPIL):
        return desk.work.people.pupil(ref.removeprefix(PUPIL))
    duty = desk.work.cases.duty(ref.removeprefix(DUTY)) if ref.startswith(DUTY) else None
    return desk.work.people.pupil(duty.pupil) if duty and duty.pupil else None


def _look(desk: Desk, found: re.Match[str]) -> Said:
    """查 2: the pupil at that number."""
    refs, n = desk.work.inbox.shown(desk.writer.id), int(number(found["n"]) or 0)
    pupil = _pupil(desk, refs, n)
    if pupil:
        return lookup.case(desk, Action("case", (Mention(pupil.name, (pupil.id,)),)))
    return (
        _tell(desk, refs, n)
        if refs
        else Said("最近没有给您列过带序号的名单。请发“待劝返名单”或“待办”，再回“查 序号”。")
    )


def _finish(desk: Desk, found: re.Match[str]) -> Said:
    """完成 2: the duty at that number of the list shown last, else of the one that 待办 would show."""
    duties = [DUTY + d.id for d in lookup.own_duties(desk)]
    refs = desk.work.inbox.shown(desk.writer.id) or duties
    wanted = [int(number(n) or 0) for n in re.findall(NUMBER, found["n"])]
    if len(wanted) == 1 and 1 <= wanted[0] <= len(refs) and refs[wanted[0] - 1].startswith(PUPIL):
        return _of_pupil(desk, refs[wanted[0] - 1].removeprefix(PUPIL))
    done = [_end(desk, refs, n) for n in wanted]
    if not any(said.startswith("已记") for said in done):
        return Said("\n".join(done))
    left = [d for d in lookup.own_duties(desk) if lookup.soon(desk, d)]
    rest = f"还有{len(left)}项待办。" if left else "近期没有别的待办了。"
    # 待办 as it was shown keeps its numbers until it is asked for again.
    return Said("\n".join(done) + rest + wording.UNDO_HINT, numbers=tuple(refs))


def _end(desk: Desk, refs: Sequence[str], n: int) -> str:
    mine = {d.id: d for d in desk.work.cases.todo(desk.writer.id)}
    if not 1 <= n <= len(refs):
        return f"待办里没有第{n}项。发“待办”看序号。"
    duty = mine.get(refs[n - 1].removeprefix(DUTY))
    if duty is None:
        return _tell(desk, refs, n).text if not refs[n - 1].startswith(PUPIL) else f"第{n}项是学生名单，不是待办。"
    return end(desk, duty)


def end(desk: Desk, duty: Duty) -> str:
    """The writer's own duty is met, or what it still wants; as it is said."""
    if wanting := NEEDS_MORE.get(duty.rule) or replies.needed(duty.rule):
        return wanting
    pupil = desk.work.people.pupil(duty.pupil) if duty.pupil else None
    hand = hand_for(desk, pupil)
    fact = hand.fact(Kind.DONE, desk.today, duty.pupil, duty.unit, rule=duty.rule, duty=duty.id)
    before = desk.work.cases.case(pupil.id).state if pupil else ""
    desk.work.cases.append([fact])
    desk.work.outbox.answered(duty.id, fact.id)
    closed = wording.STRUCK_OUT if pupil and closes(desk, pupil, before) else ""
    name = pupil.name if pupil else place_name(desk.world.directory, duty.unit) or "县教育局"
    return f"已记：{name} {RULES[duty.rule]}，已完成。{closed}"


def _of_pupil(desk: Desk, id: str) -> Said:
    """完成 2 after a list of pupils: a pupil is not done with, so what is owed of this one is listed to choose from."""
    pupil = desk.work.people.pupil(id)
    duties = [d for d in desk.work.cases.todo(desk.writer.id) if d.pupil == id]
    name = pupil.name if pupil else "这名学生"
    if not duties:
        return Said(f"刚才列的是学生名单，{name}现在没有要您办的事。发“待办”看序号。")
    return lookup.listed_duties(desk, duties, f"{name}要您办的有{len(duties)}项：", "办完的请回“完成 序号”。")


def _all(desk: Desk, found: re.Match[str]) -> Said:
    """全部待办: also what is due later than within a week."""
    duties = lookup.every_duty(desk)
    if not duties:
        return Said("您现在没有待办。")
    return lookup.listed_duties(desk, duties, f"您全部的待办{len(duties)}项：", "办完的请回“完成 序号”。")


_MANY = rf"{NUMBER}(?:\s*[、，,和跟]\s*第?{NUMBER}[项条个]?)*"
COMMANDS: tuple[Command, ...] = (
    command("完成 2", STAFF, _finish, rf"(?:完成|办完|已办|做完)(?:了)?\s*第?(?P<n>{_MANY})[项条个]?(?:了)?"),
    command(
        "全部待办",
        STAFF,
        _all,
        r"(?:请|帮我)*(?:查看?|看|列出)?(?:我的)?(?:全部|所有)(?:的)?待办(?:事项)?(?:清单|有哪些)?[?？]?",
        asks=True,
    ),
    command(
        "查 2", STAFF, _look, r"(?:查|查看|看)(?:一?下)?\s*第?(?P<n>\d{1,3})(?:个|名|位|项)?(?:学生|孩子)?", asks=True
    ),
)

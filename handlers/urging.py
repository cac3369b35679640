"""催办: whoever has to see to it asks a colleague for what is owed of a child: 催 张三 · 提醒王老师去家访 · 让刘支书去张三家看看.

What goes out names the child and what is open, to those alone who owe it; the same is asked once a day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from casework.access import LEADERS
from casework.case import Duty
from casework.people import Person, Pupil
from casework.terms import RULES
from handlers import colleagues, lookup, naming, wording
from handlers.answer import not_recorded
from handlers.colleagues import TITLES
from handlers.command import Command, command
from handlers.desk import Desk, Said
from handlers.telling import Notice

MOST = 10  # children named in one message


def of_pupil(desk: Desk, pupil: Pupil, whom: Person | None = None) -> Said:
    """Those who owe something of this child by today, else the soonest, are asked for it; ``whom``: that one of them alone."""
    duties = [d for d in desk.work.cases.duties(pupil=pupil.id) if d.who and desk.writer.id not in d.who]
    due = [d for d in duties if d.due <= desk.today] or sorted(duties, key=lambda d: (d.due, d.rule))[:1]
    owed: defaultdict[str, list[tuple[Pupil, Duty]]] = defaultdict(list)
    for duty in due:
        for person in duty.who if whom is None else {whom.id} & set(duty.who):
            owed[person].append((pupil, duty))
    if owed:
        return _sent(desk, owed)
    if whom is None:
        return Said(f"{naming.with_class(desk, pupil)}现在没有别人要办的事，不用催。发“查 {pupil.name}”看情况。")
    return not_recorded(
        f"{pupil.name}现在没有要{whom.name}办的事，没有发。要请{whom.name}跟进请发：{pupil.name}转给{whom.name}跟进。"
    )


def of_person(desk: Desk, whom: Person) -> Said:
    """What one colleague owes by today of the children within the writer's reach."""
    due = [d for d in desk.work.cases.todo(whom.id) if d.pupil and d.due <= desk.today]
    pupils = desk.work.people.pupils(dict.fromkeys(d.pupil for d in due if d.pupil))
    owed = [(p, d) for d in due if (p := pupils.get(d.pupil or "")) and desk.scope.covers(p)]
    if not owed:
        return Said(f"您负责范围内，{whom.name}没有到期没办的事，不用催。")
    return _sent(desk, {whom.id: owed})


def _sent(desk: Desk, owed: dict[str, list[tuple[Pupil, Duty]]]) -> Said:
    told, before = list[str](), list[str]()
    for person, rows in owed.items():
        about = "-".join(sorted({pupil.id for pupil, _ in rows}))
        key = f"urge:{desk.writer.id}:{desk.today}:{person}:{about}"[:150]
        like = f"办完请直接发结果，例如：家访 {rows[0][0].name} 家长同意明天返校。"
        text = "\n".join([f"{desk.writer.name}催办：", *_lines(desk, rows), like])
        rules = tuple(dict.fromkeys(duty.rule for _, duty in rows))
        new = desk.work.outbox.queue(Notice(key, person, text, desk.now, rules=rules))
        (told if new else before).append(lookup.name_of(desk, person))
    names = "、".join(dict.fromkeys(pupil.name for rows in owed.values() for pupil, _ in rows))
    if not told:
        return Said(f"{names}的事，今天已经催过{'、'.join(before)}了。发“查 {rows[0][0].name}”看有没有结果。")
    what = "；".join(dict.fromkeys(RULES[duty.rule] for each in owed.values() for _, duty in each))
    return Said(f"已催{'、'.join(told)}：{names}（{what}）。同一件事一天只催一次。")


def _lines(desk: Desk, rows: Sequence[tuple[Pupil, Duty]]) -> list[str]:
    by_pupil: defaultdict[str, list[Duty]] = defaultdict(list)
    pupils = {pupil.id: pupil for pupil, _ in rows}
    for pupil, duty in rows:
        by_pupil[pupil.id].append(duty)
    lines = [
        f"· {naming.with_class(desk, pupils[id])}：{'；'.join(wording.say_duty(d, desk.today, owner=False) for d in duties)}"
        for id, duties in list(by_pupil.items())[:MOST]
    ]
    return lines + ([f"· 另有{len(by_pupil) - MOST}名学生，发“待办”查看"] if len(by_pupil) > MOST else [])


def _colleague(desk: Desk, said: str, pupil: Pupil | None) -> Person | str:
    """The one member of staff within reach who is called so, or a sentence that says what to write instead."""
    found = [p for p in colleagues.called(desk, said, pupil) if p.id != desk.writer.id and _within_reach(desk, p)]
    if len(found) == 1:
        return found[0]
    if not found:
        return f"在您负责的范围里没有找到“{said}”，没有发。请写这位同事的全名。"
    return f"有{len(found)}位同事可能是“{said}”，没有发。请写全名。"


def _within_reach(desk: Desk, person: Person) -> bool:
    directory, scope = desk.world.directory, desk.scope
    units = [post.unit for post in directory.posts_of(person.id, desk.today)]
    return any(
        scope.everything or scope.units & {*directory.path(unit)} or unit in scope.villages for unit in units
    )  # fmt: skip


def _of_pupil(desk: Desk, found: re.Match[str]) -> Said | None:
    """催 张三, by name; None where no pupil of one's reach is called so: it may be a colleague."""
    if not desk.reader.may("urge"):
        return None
    if not desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"]):
        return _of_colleague(desk, found)
    pupil = naming.one_pupil(desk, found["name"], None, f"催 八年级3班{found['name']}")
    return Said(pupil) if isinstance(pupil, str) else of_pupil(desk, pupil)


def _of_colleague(desk: Desk, found: re.Match[str]) -> Said | None:
    """提醒王老师去家访张三: what that colleague owes of the child named, or of all where none is."""
    if not desk.reader.may("urge"):
        return None
    named = naming.pupils_in(desk, found.groupdict().get("rest") or "")
    pupil = desk.work.people.pupil(next(iter(named))) if named else None
    whom = _colleague(desk, found["name"], pupil)
    if isinstance(whom, str):
        return not_recorded(whom) if found["name"].endswith(TITLES) else None
    if len(named) > 1:
        return not_recorded("一次催一名学生的事，没有发。请一人一句分开写。")
    return of_pupil(desk, pupil, whom) if pupil else of_person(desk, whom)


_TITLE = "|".join(TITLES)
_SAID = rf"(?P<name>[\u4e00-\u9fff]{{1,4}}?(?:{_TITLE}))"
_URGE = r"(?:请|帮我|麻烦)*(?:再)?(?:催办|催促|催|督办|督促)(?:一?下)?\s*"
_SOON = r"(?:今天|明天|后天|今晚|上午|下午|这周|本周|尽快|马上|赶紧|抽空|有空|再|也|就|要|先)*+"
COMMANDS: tuple[Command, ...] = (
    command(
        "催 张三",
        LEADERS,
        _of_pupil,
        rf"{_URGE}(?P<name>[\u4e00-\u9fff·•]{{2,8}}?)(?:的)?(?:事情?|家访|联系|劝返|工作|进度)?",
    ),
    command(
        "提醒王老师去家访",
        LEADERS,
        _of_colleague,
        rf"(?:{_URGE}|(?:请|帮我|麻烦)*(?:提醒|通知)(?:一?下)?\s*){_SAID}(?P<rest>(?!说|已经).{{0,30}})",
        rf"(?:让|叫|请|喊){_SAID}(?P<rest>{_SOON}(?:去|到|上)[^，,。]{{0,10}}?(?:家访|家里?|上门|走访|入户)[^，,。负责包联跟进]{{0,8}})",
        rf"(?:让|叫|请|喊){_SAID}(?P<rest>{_SOON}(?:(?:给|跟|和|与)[^，,。]{{1,10}}?(?:打个?电话|联系|通个?电话)|(?:电话)?联系(?:一?下|上)?[^，,。]{{2,8}})[^，,。]{{0,4}})",
        rf"(?:让|叫|请)\s*{_SAID}(?P<rest>[^，,。]{{0,10}}把[^，,。]{{2,12}}(?:报|发|交|汇报|反馈|送)(?:给|到|上来|过来|上)[^，,。]{{0,6}})",
    ),
)

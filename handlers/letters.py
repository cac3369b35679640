"""核查函: sent to the education bureau of the place where a pupil is registered, its reply written down by a clerk, the silent listed.

寄出核查函 王五：惠城区教育局 · 核查函 王五 回复：已在当地就读 · 核查函名单 (TA-17, TA-18).
"""

from __future__ import annotations

import re

from casework.access import ACTIONS
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.scope import Scope
from casework.terms import say_day
from casework.waiting import AWAY_BUREAU, LETTER, open_letter
from handlers import placing, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.places import place_name
from handlers.telling import mark_answered

CLAUSES = {"TA-17": ("record",), "TA-18": ("record", "query")}


def _sent(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = placing.meant(desk, found, "寄出核查函 某某：户籍地教育局")
    return pupil if isinstance(pupil, Said) else sent(desk, pupil, (found["to"] or "").strip(" ，,。（）()"))


def sent(desk: Desk, pupil: Pupil, to: str) -> Said:
    """The letter about this pupil went out today, to that bureau."""
    if not desk.reader_of(pupil).may("letter"):
        return not_recorded("核查函由学校或县教育局寄发，没有记录。请告诉学校控辍专干。")
    owed = next((d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule == LETTER), None)
    keep = {"duty": owed.id} if owed else {}
    note = f"寄给{to}" if to else ""
    fact = hand_for(desk, pupil).fact(Kind.DONE, desk.today, pupil.id, rule=LETTER, note=note, addressee=to, **keep)
    mark_answered(desk, desk.work.cases.append([fact]))
    return Said(
        f"已记：{pupil.name}的《核查函》今天寄出{f'，{note}' if note else ''}。收到回复后请发：核查函 {pupil.name} 回复：内容。"
        f"没有回复之前仍按缺勤跟进。{wording.UNDO_HINT}"
    )


def _answered(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = placing.meant(desk, found, "核查函 某某 回复：内容")
    return pupil if isinstance(pupil, Said) else answered(desk, pupil, found["words"].strip())


def answered(desk: Desk, pupil: Pupil, words: str) -> Said:
    """What the bureau of the place of registration wrote back."""
    if not desk.reader_of(pupil).may("letter"):
        return not_recorded("核查函的回复由学校或县教育局登记，没有记录。请告诉学校控辍专干。")
    letter = open_letter(desk.work.cases.facts(pupil.id))
    if letter is None:
        return not_recorded(
            f"{pupil.name}没有在等回复的《核查函》，没有记录。寄出后请发：寄出核查函 {pupil.name}：户籍地教育局。"
        )
    fact = hand_for(desk, pupil).fact(
        Kind.DONE, desk.today, pupil.id, rule=LETTER, duty=letter.data.get("duty") or letter.id, note=f"回复：{words}",
        proxy=True, department=AWAY_BUREAU,
    )  # fmt: skip
    desk.work.cases.append([fact])
    return Said(
        f"已记（代录）：{pupil.name}的《核查函》有回复：{words}。\n已在外地就读的，请办转学：{pupil.name}转到某校；没有就读的，请继续劝返。\n{wording.UNDO_HINT}"
    )


def unanswered(desk: Desk, scope: Scope) -> list[tuple[int, Pupil, Fact]]:
    """Letters of this school year that nobody has answered, with the days since, the longest silent first."""
    first = school_year_of(desk.today)[0]
    sent = desk.work.cases.facts_between(first, desk.today, (Kind.DONE.value,), LETTER, scope)
    ids = {f.pupil for f in sent if f.pupil}
    pupils = {id: p for id, p in desk.work.people.pupils(ids).items() if scope.covers(p)}
    rows = []
    for id, facts in desk.work.cases.facts_of(pupils).items():
        if letter := open_letter(facts):
            rows.append(((desk.today - letter.on).days, pupils[id], letter))
    return sorted(rows, key=lambda row: (-row[0], row[1].name))


def letters_open(desk: Desk) -> Listing:
    """The letters of one's reach that nobody has answered."""
    rows = unanswered(desk, desk.scope)
    if not rows:
        return Listing("没有等回复的《核查函》。", then="寄出后请发：寄出核查函 某某：户籍地教育局。")
    head = f"等回复的《核查函》{len(rows)}件，由学校催问，等得最久的在前："
    items = [
        Item(
            f"{p.name}（{place_name(desk.world.directory, p.class_id)}），{say_day(f.on, desk.today)}寄{f.data.get('addressee') or '出'}，已等{days}天",
            p.id,
        )
        for days, p, f in rows
    ]
    return Listing(head, [Part(items, counted="件")], "收到回复请发：核查函 某某 回复：内容。")


COMMANDS: tuple[Command, ...] = (
    command(
        "寄出核查函 张三：惠城区教育局",
        ACTIONS["letter"].roles,
        _sent,
        rf"(?:已经?)?(?:寄出|寄发|发出|发了|寄了)(?:了)?《?核查函》?[:：\s]*{ROOM}{NAME}(?:[:：，,\s]+(?:寄给|给)?(?P<to>.{{2,60}}))?",
    ),
    command(
        "核查函 张三 回复：已在当地就读",
        ACTIONS["letter"].roles,
        _answered,
        rf"(?s)《?核查函》?[:：\s]*{ROOM}{NAME}\s*(?:已经?)?(?:的)?(?:回复|答复|复函|回函|回信)(?:了)?\s*[:：,，]\s*(?P<words>.{{2,300}})",
    ),
    command(
        "核查函名单",
        ACTIONS["letter"].roles,
        lambda desk, _: letters_open(desk).said(),
        rf"{LOOK}(?:没|未)?(?:回复)?的?《?核查函》?(?:名单|清单|台账)|催(?:一?下|问)?《?核查函》?(?:的)?(?:回复|复函|回函)?",
        asks=True,
    ),
)

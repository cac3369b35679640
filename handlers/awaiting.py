"""待接收名单: which pupils wait for a receiving school's word, and 催接收, which reminds the silent schools (XY-16).

去向不明名单: pupils who are away, whom nobody reaches, and for whom no transfer was opened (TA-30).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from casework.access import LEADERS, PAGES
from casework.case import AWAY, Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from casework.waiting import awaited
from handlers import naming
from handlers.arrivals import own_school
from handlers.command import LOOK, Command, command
from handlers.desk import Desk, ListRow, Said
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.places import place_name
from handlers.telling import Notice

CLAUSES = {"XY-16": ("query", "remind"), "TA-30": ("check",)}
LOOKED_AT = 500


def waiting_list(desk: Desk) -> Listing:
    """Who waits for which school's word, in one's reach or for one's own school, the longest first."""
    rows = all_waiting(desk)
    if not rows:
        return Listing("没有等接收学校确认的学生。")
    items = [Item(f"{words}，已等{days}天", pupil.id) for days, words, pupil, _ in rows]
    own = "等你校确认的，到校了请回“接收 某某 几年级几班”。催接收学校请发：催接收。"
    return Listing(f"等接收学校确认的学生{len(rows)}人：", [Part(items, counted="人")], own)


def chase_receivers(desk: Desk) -> Said:
    """催接收: every school that has not answered is reminded, once a day."""
    mine = own_school(desk)
    told = []
    for days, _, pupil, asked in all_waiting(desk):
        school = desk.world.directory.units[str(asked.data["receiver"])]
        if mine is not None and school.id == mine.id:
            continue
        text = (
            f"{desk.writer.name}提醒：{pupil.name}到你校就读的事已等{days}天。到校了请回“接收 {pupil.name} 几年级几班”；"
            f"没有到校或不能接收请回“不接收 {pupil.name}，原因”。"
        )
        for person in desk.world.directory.in_charge("school", school.id, desk.today):
            key = f"waits:{asked.id}:{desk.today}:{person}"[:150]
            if desk.work.outbox.queue(Notice(key, person, text, desk.now)):
                told.append(f"{school.name}（{pupil.name}）")
    names = "、".join(dict.fromkeys(told))
    return Said(f"已催{names}。" if told else "没有要催的接收学校，或者今天已经催过了。")


def all_waiting(desk: Desk) -> list[tuple[int, str, Pupil, Fact]]:
    """Days waited, how it is said, the pupil, and what asked, the longest first."""
    return _waiting(desk, _between(desk))


_Between = Sequence[tuple[Pupil, Case, Sequence[Fact]]]


def _between(desk: Desk) -> _Between:
    """The pupils who are leaving one school or have none yet."""
    pupils = desk.work.people.pupils(desk.work.cases.between_schools())
    facts, cases = desk.work.cases.facts_of(pupils), desk.work.cases.cases(list(pupils))
    return [(pupil, cases[id], facts.get(id, ())) for id, pupil in pupils.items()]


def _waiting(desk: Desk, between: _Between) -> list[tuple[int, str, Pupil, Fact]]:
    own, units = own_school(desk), desk.world.directory.units
    rows = []
    for pupil, case, facts in between:
        asked = awaited(pupil, case, facts)
        if asked is None or not (desk.scope.covers(pupil) or (own and own.id == asked.data["receiver"])):
            continue
        since, before = (desk.today - asked.on).days, place_name(desk.world.directory, pupil.class_id) or "未入学"
        words = (
            f"{pupil.name}（{before}）→{units[str(asked.data['receiver'])].name}，{say_day(asked.on, desk.today)}登记"
        )
        rows.append((since, words, pupil, asked))
    return sorted(rows, key=lambda row: (-row[0], row[1]))


def _unfinished(desk: Desk, between: _Between) -> list[str]:
    """Who is leaving for a school outside the county with papers that are not complete, as it was promised to be kept in mind."""
    out = []
    for pupil, case, facts in between:
        if case.pending != Kind.TRANSFER_OUT.value or not desk.scope.covers(pupil) or awaited(pupil, case, facts):
            continue
        told = next((f for f in reversed(standing(facts)) if f.kind is Kind.TRANSFER_OUT), None)
        if told is not None:
            out.append(f"{with_class(desk, pupil)}{say_day(told.on, desk.today)}登记")
    return out


def gone_unknown(desk: Desk) -> Listing:
    """Who left and nobody knows where to, with no transfer opened; the longest away first."""
    away, _ = desk.work.cases.listing(desk.scope, states=AWAY, limit=LOOKED_AT, plain=True)
    facts = desk.work.cases.facts_of([r.pupil.id for r in away])
    rows = [
        r for r in away if r.case.pending != Kind.TRANSFER_OUT.value and _unreached(r.case, facts.get(r.pupil.id, ()))
    ]
    if not rows:
        return Listing("没有去向不明、又没有办转学的学生。")
    rows.sort(key=lambda r: (-r.case.day, r.pupil.name))
    items = [
        Item(
            f"{r.pupil.name}（{place_name(desk.world.directory, r.pupil.class_id)}）：{naming.standing(desk, r.pupil, r.case)}{_who_acts(desk, r)}",
            r.pupil.id,
        )
        for r in rows
    ]
    then = "问到去向请记联系或家访；已在外地就读的请办转学；户籍不在本地的请寄核查函：寄出核查函 某某：户籍地教育局。"
    return Listing(f"去向不明、没有办转学的学生{len(rows)}人：", [Part(items, counted="人")], then)


def _who_acts(desk: Desk, row: ListRow) -> str:
    """Who is to find out, and since when nobody was spoken to."""
    ids = [row.case.helper] if row.case.helper else desk.world.who("teacher", row.pupil, desk.today)
    names = "、".join(p.name for id in ids if (p := desk.work.people.person(id)))
    last = row.case.last_contact
    ago = (desk.today - last).days if last else None
    when = "今天联系、家访过" if ago == 0 else f"最近一次联系、家访在{ago}天前"
    tried = f"，{when}" if last else "，还没有联系、家访的记录"
    return f"{tried}，由{names or '学校'}查清去向"


def open_here(desk: Desk) -> list[str]:
    """What stands under one's things to do besides duties: pupils who wait for one's own school, and for another's word."""
    own = own_school(desk)
    between = _between(desk) if own else ()
    rows = _waiting(desk, between)
    mine = [row for row in rows if own and row[3].data["receiver"] == own.id]
    lines = [f"等您确认到校{len(mine)}人："] if mine else []
    lines += [f"· {words}，已等{days}天" for days, words, *_ in mine]
    lines += ["到校了请回“接收 某某 几年级几班”，没到或不能接收请回“不接收 某某，原因”。"] if mine else []
    if others := len(rows) - len(mine):
        lines.append(f"等别的学校确认{others}人，发“待接收名单”看等了几天。")
    if leaving := _unfinished(desk, between):
        lines.append(
            f"转出手续没办齐{len(leaving)}人：{'、'.join(leaving[:5])}{'等' if len(leaving) > 5 else ''}。办齐了请再报一次转出，选“手续齐了”。"
        )
    return lines


def _unreached(case: Case, facts: Sequence[Fact]) -> bool:
    """Said to be missing, or the last word of this absence is that nobody was reached or that the pupil did not come back."""
    if case.reason_code == "missing" or "不辞而别" in (case.reason or ""):
        return True
    since = case.since or dt.date.min
    spoken = (Kind.CONTACT, Kind.VISIT, Kind.NOT_RETURNED)
    last = next((f for f in reversed(standing(facts)) if f.kind in spoken and f.on >= since), None)
    return last is not None and (last.kind is Kind.NOT_RETURNED or last.data.get("outcome") == "nobody")


COMMANDS: tuple[Command, ...] = (
    command(
        "待接收名单",
        PAGES["arrivals"].roles,
        lambda desk, _: waiting_list(desk).said(),
        rf"{LOOK}(?:转学)?(?:待接收|等待?接收|未接收)(?:学生)?(?:名单|清单|台账)?",
        asks=True,
    ),
    command(
        "催接收",
        PAGES["arrivals"].roles,
        lambda desk, _: chase_receivers(desk),
        r"催(?:一?下|办)?(?:学校)?接收(?:学校)?",
    ),
    command(
        "去向不明名单",
        LEADERS,
        lambda desk, _: gone_unknown(desk).said(),
        rf"{LOOK}(?:去向不明|不辞而别|失联)(?:的学生|(?:的?学生)?(?:名单|清单|有哪些|有谁))",
        asks=True,
    ),
)

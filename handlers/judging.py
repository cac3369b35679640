"""Lists for a person to judge: 风险名单 (before the third day of absence) and 需要研判的记录 (records that ask for a second look).

The program only lists; it changes no record and tells nobody else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from casework import patterns
from casework.access import ACTIONS, STAFF
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from handlers import wording
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import NUMBERED, Item, Listing, Part, seen
from handlers.naming import with_class
from handlers.places import place_name

CLAUSES = {"XY-25": ("check",), "LC-42": ("check",), "XY-24": ("query",), "TA-16": ("check",)}
OF_KIND = 5  # records of one kind in chat; the page has all
LEAVING_GRADE = 9  # 九年级: most are lost in the year before the examination (LC-22)


def risks(desk: Desk) -> Listing:
    """Pupils absent a second day, or twice within 30 days, who are not in the suspected ledger yet."""
    first = desk.today - patterns.WINDOW - dt.timedelta(days=30)
    told = desk.work.cases.facts_between(first, desk.today)
    pupils = {id: p for id, p in _mine(desk, told).items() if desk.work.cases.case(id).state in ("in_school", "absent")}
    facts = desk.work.cases.facts_of(pupils)
    rows = []
    for id, pupil in pupils.items():
        risk = patterns.early_risk(facts.get(id, ()), desk.world.days_of(pupil.class_id), desk.now)
        if risk:
            rows.append((not risk.now, -risk.times, -risk.days, pupil.name, pupil, risk))
    if not rows:
        return Listing("您负责的范围里，没有快到3天或反复缺勤的学生。")
    rows.sort(key=lambda row: row[:4])
    items = []
    for *_, pupil, risk in rows:
        often = f"30天内第{risk.times}次缺勤，共{risk.days}天" if risk.times > 1 else f"连续缺勤第{risk.days}天"
        grade = _grade_mark(desk, pupil)
        where = place_name(desk.world.directory, pupil.class_id)
        items.append(Item(f"{pupil.name}（{where}{grade}）{often}{'' if risk.now else '，今天在校'}", pupil.id))
    return Listing(
        f"缺勤还不到3天、请提前关注的学生{len(rows)}人：",
        [Part(items, way=NUMBERED, counted="人")],
        "请联系家长、问清原因。有辍学苗头的可以标注：张三有辍学倾向。",
    )


def _grade_mark(desk: Desk, pupil: Pupil) -> str:
    room = desk.world.directory.units.get(pupil.class_id or "")
    return "，毕业年级" if room is not None and room.grade == LEAVING_GRADE else ""


def _doubts(desk: Desk, found: re.Match[str]) -> Said:
    """需要研判的记录, for those who may."""
    if not desk.reader.may("judge"):
        return Said("需要研判的记录由学校、乡镇和县教育局查看。您可以发“风险名单”，看快到3天或反复缺勤的学生。")
    return seen(desk, doubts(desk), "judging")


def doubts(desk: Desk) -> Listing:
    """Records of this school year that ask for a second look by a leader."""
    first = school_year_of(desk.today)[0]
    told = desk.work.cases.facts_between(first, desk.today)
    pupils = _mine(desk, told)
    facts = desk.work.cases.facts_of(pupils)
    groups = [
        ("没有联系、家访记录就返校的", _returned(desk, pupils, facts)),
        ("学习困难、有辍学倾向的学生离校的（请核实是否自愿）", _left(desk, pupils, facts)),
        ("销号后没有照片、签字表等佐证材料的", _closed_bare(desk, pupils, facts)),
        ("十分钟内集中录入家访的", _bulk(desk, told, pupils)),
    ]
    found = [Part(rows, f"{title}{len(rows)}条：", counted="条") for title, rows in groups if rows]
    if not found:
        return Listing("本学年没有需要研判的记录。")
    then = "核实有误的，请让登记人发“撤销 姓名”，再报正确的内容。"
    # Of each kind a few: whichever has many must not push the others out of the message.
    return Listing("以下记录请您看一看，是否属实由人判断：", found, then, OF_KIND)


def _returned(desk: Desk, pupils: dict[str, Pupil], facts: dict[str, list[Fact]]) -> list[Item]:
    out = []
    for id, pupil in pupils.items():
        on = patterns.returned_without_effort(facts.get(id, ()), desk.world.days_of(pupil.class_id), desk.now)
        if on:
            out.append(Item(f"{with_class(desk, pupil)} {say_day(on, desk.today)}返校", id))
    return sorted(out, key=lambda item: item.words)


def _closed_bare(desk: Desk, pupils: dict[str, Pupil], facts: dict[str, list[Fact]]) -> list[Item]:
    """Cases closed this school year of which no record has a photo or a paper (LC-26)."""
    first, ended = school_year_of(desk.today)[0], dict[str, patterns.Ended]()
    for id, pupil in pupils.items():
        found = patterns.ended(facts.get(id, ()), desk.world.days_of(pupil.class_id), desk.now)
        if found and found.returned >= first and desk.work.cases.case(id).state == "in_school":
            ended[id] = found
    kept = desk.work.evidence.of_facts([f for one in ended.values() for f in one.facts])
    bare = [id for id, one in ended.items() if not any(kept.get(f) for f in one.facts)]
    out = [Item(f"{with_class(desk, pupils[id])} {say_day(ended[id].returned, desk.today)}返校", id) for id in bare]
    return sorted(out, key=lambda item: item.words)


def left_weak(desk: Desk) -> list[Item]:
    """Pupils who struggled and left this school year, with how."""
    pupils = _mine(desk, desk.work.cases.facts_between(school_year_of(desk.today)[0], desk.today))
    return _left(desk, pupils, desk.work.cases.facts_of(pupils))


def _left(desk: Desk, pupils: dict[str, Pupil], facts: dict[str, list[Fact]]) -> list[Item]:
    out = []
    for id, pupil in pupils.items():
        fact = patterns.left_while_weak(facts.get(id, ()), pupil.groups)
        if fact and fact.on >= school_year_of(desk.today)[0]:
            out.append(
                Item(
                    f"{with_class(desk, pupil)} {say_day(fact.on, desk.today)}{wording.say_fact(fact, desk.today)}", id
                )
            )
    return sorted(out, key=lambda item: item.words)


def _bulk(desk: Desk, told: Sequence[Fact], pupils: dict[str, Pupil]) -> list[Item]:
    out = []
    for run in patterns.bulk_visits(f for f in told if f.pupil in pupils):
        person = desk.work.people.person(run.by)
        names = "、".join(dict.fromkeys(pupils[f.pupil].name for f in run.facts if f.pupil))
        day = say_day(run.first.date(), desk.today)
        out.append(Item(f"{person.name if person else ''} {day}{run.first:%H:%M}起录入{len(run.facts)}条：{names}"))
    return out


def _mine(desk: Desk, told: Sequence[Fact]) -> dict[str, Pupil]:
    """The pupils of the reader's scope whom these facts are about."""
    pupils = desk.work.people.pupils({f.pupil for f in told if f.pupil and f.kind is not Kind.VOID})
    return {id: pupil for id, pupil in pupils.items() if desk.scope.covers(pupil)}


_LOOK = LOOK + PLACE
COMMANDS: tuple[Command, ...] = (
    command(
        "风险名单",
        STAFF,
        lambda desk, _: risks(desk).said(),
        rf"{_LOOK}(?:有)?(?:缺勤|辍学)?(?:风险|预警)(?:学生)?(?:名单|清单)?(?:有哪些)?[?？]?"
        rf"|{_LOOK}(?:哪些|谁)?(?:学生|孩子)?(?:最近|近期)?(?:快到|快满|要到|接近)(?:了)?(?:3|三)天(?:了)?(?:的)?(?:学生|孩子)?(?:名单|有哪些)?[?？]?"
        rf"|{_LOOK}(?:哪些|谁)?(?:学生|孩子)?(?:最近|近期)?(?:零星|零散|断断续续|反复|经常|老是|总是|时不时|隔三差五)(?:的)?(?:缺勤|缺课|旷课|不来|没来)(?:的)?(?:学生|孩子)?(?:名单|清单|有哪些|有谁)?[?？]?",
        asks=True,
    ),
    command(
        "需要研判的记录",
        ACTIONS["judge"].roles,
        _doubts,
        rf"{_LOOK}(?:需要|要|待)?(?:研判|核实|复核|可疑|异常)的?(?:记录|情况|线索|数据)(?:名单|清单)?(?:有哪些)?[?？]?"
        rf"|{_LOOK}(?:有没有|有无|是否有)?(?:造假|弄虚作假|虚假记录|假记录|假家访|作假)(?:的)?(?:记录|情况)?(?:吗)?[?？]?"
        rf"|{_LOOK}(?:哪些|谁)?(?:集中|批量|成批|突击)(?:录入|登记|补录|填报)(?:的)?(?:家访|记录)?(?:的)?(?:记录|有哪些)?[?？]?"
        rf"|{_LOOK}(?:哪些|谁)?(?:学生)?(?:没有?|无|缺)(?:佐证)?(?:材料|佐证|证据|照片)?就(?:销号|结案|返校)(?:了)?(?:的)?(?:学生|有哪些)?[?？]?"
        rf"|{_LOOK}(?:哪些|谁)?(?:成绩差|学困生?|差生|学习困难)(?:的)?(?:学生|孩子)?(?:转走|转学|退学|休学|离校)(?:了)?的(?:学生|孩子)?(?:有哪些|名单|有谁)?[?？]?",
        asks=True,
    ),
)

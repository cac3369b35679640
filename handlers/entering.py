"""Who enters school and who leaves it with an examination: receipts of the 入学通知书, who has none, who did not register;
entrants to the 中考 against the register.

入学通知书已送达 张三、李四 · 入学通知书未送达名单 · 未报到名单 · 记中考报考 建籍120人 报考75人 · 中考报考率
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from casework.access import LEADERS, STAFF
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil, Unit
from casework.scope import Scope
from casework.terms import say_day
from casework.timeline import standing
from casework.waiting import awaited, still_unregistered
from handlers import wording
from handlers.answer import not_recorded
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import NUMBERED, PLAIN, Item, Listing, Part
from handlers.naming import one_pupil, unit_named, with_class
from handlers.places import place_name, schools_in, scope_of_unit

CLAUSES = {"TA-5": ("record", "check"), "LC-12": ("check",), "XY-45": ("record", "query")}
ENTRY_GRADES = (1, 7)
NOTICES_BEGIN = 5  # the month from which notices of that year's entry are handed out (TA-4, TA-5)
TARGET = 0.6  # of the pupils registered (XY-45)
MOST = 30
SHOWN = 10  # names of an answer
EVERYONE = 1_000_000


def _served(desk: Desk, found: re.Match[str]) -> Said:
    """入学通知书已送达 …: one receipt for each child named, or for all of a class or school less those named; who is not
    found is said."""
    whole, _, less = found["names"].partition("除")
    if unit := unit_named(desk, whole.strip(" 全部都，,。（(")):
        return _served_all(desk, unit, less)
    pupils, faults = list[Pupil](), list[str]()
    for name in re.split(r"[、，,\s和及]+", found["names"].strip()):
        pupil = one_pupil(desk, name)
        if isinstance(pupil, str):
            faults.append(pupil)
        elif not enters(desk, pupil):
            faults.append(f"{name}不在一年级、七年级，没有记录。劝学通知书请发：已给{name}家长送达劝学通知书。")
        else:
            pupils.append(pupil)
    done = serve(desk, pupils).text if pupils else ""
    return Said("\n".join(filter(None, [done, *faults])))


def _served_all(desk: Desk, unit: Unit, less: str) -> Said:
    bare = inside(desk, unit, without_notice(desk))
    left_out = {name for name in re.split(r"[、，,\s和及（）()]+", re.sub("(?:以外|之外|外)[）)]?$", "", less)) if name}
    if unknown := left_out - {p.name for p in bare}:
        return not_recorded(
            f"{unit.name}还没送达的新生里没有{'、'.join(sorted(unknown))}，没有记录。请核对姓名后再发。"
        )
    served = [p for p in bare if p.name not in left_out]
    if not served:
        return not_recorded(f"{unit.name}没有等送达的新生，没有记录。发“入学通知书未送达名单”查看。")
    return serve(desk, served)


def serve(desk: Desk, pupils: Sequence[Pupil]) -> Said:
    """The families of these pupils, all of an entry grade, have signed for the notice."""
    desk.work.cases.append(
        [hand_for(desk, p).fact(Kind.WORK, desk.today, p.id, what="admission", note="家长已签收回执") for p in pupils]
    )
    names = "、".join(p.name for p in pupils[:SHOWN]) + (f"等{len(pupils)}人" if len(pupils) > SHOWN else "")
    return Said(f"已记：{names}，入学通知书已送达。{wording.UNDO_HINT}")


def enters(desk: Desk, pupil: Pupil) -> bool:
    """Whether a notice is due: a pupil of Grade 1 or 7, or a child without a class for whom a school was fixed."""
    if pupil.class_id is None:
        return pupil.id in fixed(desk)
    unit = desk.world.directory.units.get(pupil.class_id)
    return unit is not None and unit.grade in ENTRY_GRADES


def fixed(desk: Desk) -> dict[str, str]:
    """Children without a class, within reach, for whom a school was fixed that has not received them yet: its id, by child."""
    known = desk.work.people.pupils(desk.work.cases.between_schools())
    bare = {id: p for id, p in known.items() if p.class_id is None and not p.struck and desk.scope.covers(p)}
    told = desk.work.cases.facts_of(bare)
    asked = {id: awaited(p, Case(id), told.get(id, ())) for id, p in bare.items()}
    return {id: str(fact.data["receiver"]) for id, fact in asked.items() if fact is not None}


def inside(desk: Desk, unit: Unit, pupils: Sequence[Pupil]) -> list[Pupil]:
    """Those of the pupils who are in a class of the unit, or for whom a school in it was fixed."""
    classes, within, places = (
        scope_of_unit(desk.world.directory, unit.id).classes,
        set(desk.world.directory.below(unit.id)),
        fixed(desk),
    )
    return [p for p in pupils if (p.class_id in classes if p.class_id else places.get(p.id) in {*within, unit.id})]


def season(today: dt.date) -> dt.date:
    """The day from which receipts of the latest entry count."""
    return dt.date(today.year - (today.month < NOTICES_BEGIN), NOTICES_BEGIN, 1)


def _newcomers(desk: Desk) -> Mapping[str, Pupil]:
    """The pupils of the entry grades and the children with a place fixed: read by their classes, not picked out of everybody."""
    units, scope = desk.world.directory.units, desk.scope
    rooms = frozenset(u.id for u in units.values() if u.grade in ENTRY_GRADES)
    if scope.everything:
        scope = Scope(classes=rooms)
    pupils, _ = desk.work.people.in_scope(scope, limit=EVERYONE, rooms=rooms)
    return {p.id: p for p in pupils if p.class_id and enters(desk, p)} | desk.work.people.pupils(fixed(desk))


def _receipts(desk: Desk) -> dict[str, Fact]:
    """What was written down last of each child's notice since this entry's season began: handed over, or not and why."""
    kinds = (Kind.WORK.value, Kind.VOID.value)
    told = desk.work.cases.facts_between(season(desk.today), desk.today, kinds, scope=desk.scope)
    kept = [f for f in standing(told) if f.pupil and f.data.get("what") in ("admission", "undelivered")]
    return {f.pupil: f for f in sorted(kept, key=lambda f: (f.on, f.at)) if f.pupil}


def without_notice(desk: Desk) -> list[Pupil]:
    """The pupils of Grades 1 and 7 within reach, and the children with a place fixed, whose families have not signed for the notice."""
    return _without(_newcomers(desk), _receipts(desk))


def _without(newcomers: Mapping[str, Pupil], told: Mapping[str, Fact]) -> list[Pupil]:
    return [p for id, p in newcomers.items() if id not in told or told[id].data["what"] != "admission"]


def why_undelivered(desk: Desk, pupils: Iterable[Pupil]) -> dict[str, str]:
    """Why the notice could not be handed over, by pupil: day and words of the last attempt."""
    return _why(pupils, _receipts(desk))


def _why(pupils: Iterable[Pupil], told: Mapping[str, Fact]) -> dict[str, str]:
    tried = {p.id: told[p.id] for p in pupils if p.id in told and told[p.id].data["what"] == "undelivered"}
    return {id: f"{say_day(f.on)}没送到：{f.data['note']}" for id, f in tried.items()}


def unserved(desk: Desk) -> Listing:
    """How many of Grades 1 and 7 have their notice, and who has not."""
    pupils = _newcomers(desk)
    if not pupils:
        return Listing("您负责范围内没有一年级、七年级学生。", then="新生名单请管理员导入。")
    told = _receipts(desk)
    bare, places = _without(pupils, told), fixed(desk)
    head = f"一年级、七年级{'和已定学校的' if places else ''}学生{len(pupils)}人，入学通知书已送达{len(pupils) - len(bare)}人，未送达{len(bare)}人"
    if not bare:
        return Listing(f"{head}。")
    schools = Counter(places.get(p.id) or desk.world.directory.at_level(p.class_id, "school") for p in bare)
    if len(schools) > 1:
        items = [
            Item(f"{place_name(desk.world.directory, school)}{many}人", school=school)
            for school, many in schools.most_common()
        ]
        return Listing(f"{head}，按学校：", [Part(items)], "名单由各学校查看。", len(items))
    why = _why(bare, told)
    rows = [Item(f"{with_class(desk, p)}{f' {why[p.id]}' if p.id in why else ''}", p.id) for p in bare]
    then = f"送达后请发：入学通知书已送达 {bare[0].name}；没送到的请发：入学通知书没送到 {bare[0].name}：原因。"
    return Listing(f"{head}：", [Part(rows, way=NUMBERED, counted="人")], then, MOST)


def unregistered(desk: Desk) -> Listing:
    """Who was entered as not registered after the notice and has not come since."""
    kinds = (Kind.NOT_REGISTERED.value, Kind.VOID.value)
    facts = desk.work.cases.facts_between(season(desk.today), desk.today, kinds, scope=desk.scope)
    ids = {f.pupil for f in standing(facts) if f.pupil and f.kind is Kind.NOT_REGISTERED}
    pupils = {id: p for id, p in desk.work.people.pupils(ids).items() if desk.scope.covers(p)}
    known = desk.work.cases.facts_of(pupils)
    out = [p for id, p in pupils.items() if still_unregistered(known.get(id, ()))]
    if not out:
        return Listing("没有登记未报到的学生。", then="发现新生没来报到，请发：张三没来报到注册。")
    why = why_undelivered(desk, out)
    items = [
        Item(f"{with_class(desk, p)} {_traced(desk, p)}{f'；通知书{why[p.id]}' if p.id in why else ''}", p.id)
        for p in out
    ]
    rows = Part(items, way=NUMBERED, counted="人")
    return Listing(f"未报到、正在追踪的学生{len(out)}人：", [rows], "有结果请报家访，到校了请报返校。", most=MOST)


def _traced(desk: Desk, pupil: Pupil) -> str:
    """What of the tracing is owed next, by whom and until when (TA-7, FJ-21)."""
    owed = [d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule in ("trace_tell", "trace")]
    duty = min(owed, key=lambda d: d.due, default=None)
    return wording.say_duty(duty, desk.today) if duty else "上门已记录，还没有到校"


def _entrants(desk: Desk, found: re.Match[str]) -> Said:
    """记中考报考 建籍120人 报考75人: the school's own two figures, once a year (XY-45)."""
    school = examined_school(desk)
    if school is None:
        return Said("中考报考人数由初中学校的控辍专干或校长记录。")
    return entrants(desk, school, int(found["registered"]), int(found["entered"]))


def entrants(desk: Desk, school: Unit, registered: int, entered: int) -> Said:
    """How many of the school's pupils on the register entered for the examination this year."""
    if not 0 < entered <= registered:
        return not_recorded("报考人数不能多于建籍人数，请核对后再发，例如：记中考报考 建籍120人 报考75人。")
    note = f"建籍{registered}人，报考{entered}人，报考率{entered / registered:.1%}"
    fact = hand_for(desk, None).fact(
        Kind.WORK, desk.today, None, school.id, what="exam", note=note, registered=registered, entered=entered
    )
    desk.work.cases.append([fact])
    return Said(f"已记：{school.name}，{note}。{wording.UNDO_HINT}")


def examined_school(desk: Desk) -> Unit | None:
    """The school with a ninth grade whose figures the writer gives."""
    school = next(iter(schools_in(desk.world.directory, desk.scope)), None)
    fine = school is not None and school.stage != "primary" and {"school", "principal"} & desk.reader.roles
    return school if fine else None


def rates(desk: Desk) -> Listing:
    """Entrants against the register, school by school, this year beside the last (XY-45). No ranking by the program."""
    schools = [s for s in schools_in(desk.world.directory, desk.scope) if s.stage != "primary"]
    items, silent = list[Item](), list[str]()
    for school in schools:
        facts = standing(desk.work.cases.unit_facts(school.id, (Kind.WORK, Kind.VOID)))
        by_year = {f.on.year: f for f in sorted(facts, key=lambda f: f.at) if f.data.get("what") == "exam"}
        now, before = by_year.get(desk.today.year), by_year.get(desk.today.year - 1)
        if now is None:
            silent.append(school.name)
            continue
        rate = _rate(now)
        gap = "达到60%" if rate >= TARGET else "不到60%"
        last = f"，去年{_rate(before):.1%}" if before else ""
        items.append(
            Item(f"{school.name}：{now.data['note']}（{gap}{last}），{say_day(now.on, desk.today)}记", school=school.id)
        )
    if not schools:
        return Listing("您负责范围内没有初中学校。")
    missing = [Item(f"还没有记：{'、'.join(silent[:MOST])}。")] if silent else []
    then = "请发，例如：记中考报考 建籍120人 报考75人。" if silent else ""
    parts = [part for part in (Part(items), Part(missing, way=PLAIN)) if part.items]
    return Listing(f"{desk.today.year}年中考报考率〔依据 XY-45〕：", parts, then, len(schools))


def _rate(fact: Fact) -> float:
    return float(fact.data["entered"]) / float(fact.data["registered"])


COMMANDS: tuple[Command, ...] = (
    command(
        "入学通知书未送达名单",
        STAFF,
        lambda desk, _: unserved(desk).said(),
        rf"{LOOK}{PLACE}《?入学通知书》?(?:的)?(?:(?:未|没有?)(?:送达|发到|签收)(?:的)?(?:学生)?(?:名单)?|送达情况|发放情况)(?:有哪些)?[?？]?",
        rf"{LOOK}{PLACE}《?(?:入学)?通知书》?(?:还)?(?:有)?(?:谁|哪些人|哪些学生|哪些)(?:还)?(?:没有?|未)(?:收到|送到|送达|签收|领)(?:的)?[?？]?",
        asks=True,
    ),
    command(
        "未报到名单",
        STAFF,
        lambda desk, _: unregistered(desk).said(),
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:新生|学生)?(?:还)?(?:未|没有?)(?:来)?报到(?:注册)?(?:的)?(?:新生|学生)?(?:名单)?(?:有哪些|有谁)?[?？]?",
        asks=True,
    ),
    command(
        "记中考报考 建籍120人 报考75人",
        ("school", "principal"),
        _entrants,
        r"(?:记录?|登记)中考(?:报考|报名)(?:人数)?[:：，,\s]*建籍(?:人?数)?[:：]?(?P<registered>\d{1,5})人?[，,、\s]*(?:报考|报名)(?:人?数)?[:：]?(?P<entered>\d{1,5})人?",
    ),
    command(
        "中考报考率",
        LEADERS,
        lambda desk, _: rates(desk).said(),
        rf"{LOOK}(?:今年|本县|全县|各校)?(?:的)?中考(?:报考|报名)(?:率|情况)[?？]?",
        asks=True,
    ),
    command(
        "入学通知书已送达 张三、李四",
        STAFF,
        _served,
        r"(?:请|帮我)?(?:记录?|登记)?《?入学通知书》?(?:已经?|都)?(?:送达|发放|发给|送给|签收|送到)(?:了)?[:：，,\s]*(?P<names>[\u4e00-\u9fff·•][\u4e00-\u9fff\d()（）·•、，,\s]{1,300}?)(?:家长)?(?:了)?",
        r"(?:已经?|已)?(?:把|给)?(?P<names>[\u4e00-\u9fff·•]{2,15}?(?:[、和][\u4e00-\u9fff·•]{2,15}?)*?)(?:的?家长|家里?)?(?:已经?|都|也)?(?:送达|送去|送|收到|签收|领|拿到|接到|发)(?:了|过)?《?入学通知书》?(?:了)?",
        r"(?P<names>[\u4e00-\u9fff·•]{2,15}?(?:[、和][\u4e00-\u9fff·•]{2,15}?)*?)(?:家)?的《?入学通知书》?(?:已经?|都|也)?(?:送达|送到|送去|签收|领走?|发)了?",
    ),
)

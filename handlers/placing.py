"""Where a child who cannot simply go to class is taught (安置), the plan for the child (一人一案), and who has neither.

安置 张三 随班就读 · 安置 张三 送教上门，由王老师负责 · 一人一案 张三：入户，每周一次… · 安置 陈小花 到青石镇中心小学 · 安置名单.
Lessons at home or at a distance need the opinion of the expert committee first; a light disability is never a reason for them (FN-24).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from casework.access import ACTIONS, EDUCATION, LEADERS
from casework.case import AWAY
from casework.facts import Fact, Kind
from casework.people import COUNTY, Pupil, Unit
from casework.terms import PLACEMENTS
from casework.timeline import standing
from handlers import lent, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import one_pupil
from handlers.places import place_name, schools_named
from handlers.telling import mark_answered, notify, tell

CLAUSES = {
    "TA-20": ("record",), "TA-28": ("record",), "XY-20": ("record", "check"), "FN-24": ("record", "check"),
    "FN-26": ("record",), "FJ-12": ("check",), "FJ-14": ("record",), "FJ-15": ("record",),
}  # fmt: skip
AT_HOME = ("home", "remote")
AGES = (6, 15)  # years of age for lessons at home (XY-20)
_WAYS = {
    "随班就读": "regular", "普通班": "regular", "特殊教育学校": "special", "特教学校": "special", "特校": "special",
    "送教上门": "home", "送教": "home", "远程教育": "remote", "远程": "remote", "线上教学": "remote",
}  # fmt: skip
_LIGHT = re.compile(r"轻度|[三四34]级")
_FIT = re.compile(r"(?<!不)(?<!不能)(?<!无法)(?:随班就读)|(?<!不)具备接受")
_SERVED = re.compile(r"入户|上门|集中|远程|线上|到校|康复")


def opinion_of(facts: Sequence[Fact]) -> Fact | None:
    """The newest opinion of the expert committee that stands in these facts."""
    replies = (f for f in reversed(standing(facts)) if f.kind is Kind.DONE and f.data.get("rule") == "expert_opinion")
    return next((f for f in replies if f.data.get("department")), None)


def placement_of(facts: Sequence[Fact]) -> Fact | None:
    """The newest placement that stands."""
    return next((f for f in reversed(standing(facts)) if f.kind is Kind.PLACED), None)


def at_home(placed: Fact) -> bool:
    """Whether the child of that placement is taught at home or at a distance, and not expected in class."""
    return placed.data["way"] in AT_HOME


def plan_of(facts: Sequence[Fact]) -> Fact | None:
    """The newest plan for the child that stands."""
    works = (f for f in reversed(standing(facts)) if f.kind is Kind.WORK)
    return next((f for f in works if f.data.get("what") == "plan"), None)


def _place(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = meant(desk, found, "安置 某某 随班就读")
    if isinstance(pupil, Said):
        return pupil
    return place(desk, pupil, _WAYS[found["way"]], (found["note"] or "").strip(" ，,。；;（）()"))


def place(desk: Desk, pupil: Pupil, way: str, note: str) -> Said:
    """Where the child is taught from now on, one of ``WAYS``; at home or at a distance only on the committee's opinion."""
    if not desk.reader_of(pupil).may("place"):
        return not_recorded("安置由学校或县教育局登记，没有记录。请把情况告诉学校控辍专干。")
    facts = desk.work.cases.facts(pupil.id)
    opinion = opinion_of(facts)
    if way in AT_HOME and opinion is None:
        return not_recorded(
            f"{PLACEMENTS[way]}要先有残疾人教育专家委员会的意见书，没有记录〔依据 FN-24〕。要意见书的样式请发：打印 {pupil.name} 专家组意见书；"
            f"收到意见后请发：专家委员会 {pupil.name} 意见：评估结论。能到校的，请先考虑随班就读、特校。"
        )
    warnings = _warnings(desk, pupil, way, f"{note} {opinion.data.get('note', '') if opinion else ''}")
    fact = hand_for(desk, pupil).fact(Kind.PLACED, desk.today, pupil.id, way=way, note=note, was=pupil.home_taught)
    if at_home(fact) != pupil.home_taught:
        desk.work.people.put_pupil(replace(pupil, home_taught=at_home(fact)))
    mark_answered(desk, desk.work.cases.append([fact]))
    told = f"{desk.writer.name}登记{pupil.name}（{place_name(desk.world.directory, pupil.class_id)}）安置方式：{_said(fact)}。"
    notify(desk, "teacher", pupil, f"{told}发“查 {pupil.name}”看情况。", "placed")
    if warnings:
        county = desk.world.directory.in_charge("county", COUNTY, desk.today)
        tell(desk, county, pupil, f"{told}请核实：{''.join(warnings)}", "placed_county")
    then = f"请制定一人一案：一人一案 {pupil.name}：方式、目标和安排。" if plan_of(facts) is None else ""
    still = desk.work.cases.case(pupil.id).state
    back = "现在仍按缺勤计算，到校或开始上课后请记返校。" if still in AWAY else ""
    where = place_name(desk.world.directory, pupil.class_id)
    return Said(
        "\n".join(
            line
            for line in (
                f"已记：{pupil.name}（{where}），安置方式：{_said(fact)}。",
                *(f"提醒：{words}" for words in warnings),
                f"{then}{back}{_lessons(pupil) if at_home(fact) else ''}",
                wording.UNDO_HINT,
            )
            if line
        )
    )


def _warnings(desk: Desk, pupil: Pupil, way: str, words: str) -> list[str]:
    if way not in AT_HOME:
        return []
    out = []
    if _LIGHT.search(words):
        out.append("轻度残疾不得认定为不具备接受教育能力，请再与专家委员会核对〔依据 FN-24〕。")
    elif _FIT.search(words):
        out.append("意见书写的是可以到校就读，与送教不一致，请再核对〔依据 FN-26〕。")
    age = _age(desk, pupil)
    if age is not None and not AGES[0] <= age <= AGES[1]:
        out.append(f"{pupil.name}{age}岁，送教对象是{AGES[0]}至{AGES[1]}岁重度残疾儿童少年，请核对〔依据 XY-20〕。")
    return out


def _age(desk: Desk, pupil: Pupil) -> int | None:
    born = desk.work.people.details(pupil.id).get("born", "")
    try:
        day = dt.date.fromisoformat(born)
    except ValueError:
        return None
    return desk.today.year - day.year - ((desk.today.month, desk.today.day) < (day.month, day.day))


def _lessons(pupil: Pupil) -> str:
    return f"每次送教后请发：今天给{pupil.name}送教2课时，共60分钟。"


def _plan(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = meant(desk, found, "一人一案 某某：入户，每月2次，每次2课时，练习生活语文")
    return pupil if isinstance(pupil, Said) else plan(desk, pupil, (found["note"] or "").strip(" ，,。；;"))


def plan(desk: Desk, pupil: Pupil, note: str) -> Said:
    """The plan for one child (一人一案): how, to what end and when it is taught."""
    if not note:
        return not_recorded(
            f"请写明教学方式、目标和安排，例如：一人一案 {pupil.name}：入户，每月2次，每次2课时，练习生活语文。"
        )
    fact = hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what="plan", note=note)
    desk.work.cases.append([fact])
    missing = "" if _SERVED.search(note) else "还没有写教学方式（入户、集中、远程），请补记一次。"
    booklet = f"要打印请发：打印 {pupil.name} 送教手册。" if pupil.home_taught else ""
    return Said(f"已记：{pupil.name}的一人一案（{note}）。{missing}{booklet}{wording.UNDO_HINT}")


def _teacher(desk: Desk, found: re.Match[str]) -> Said | None:
    """送教安排 张三：青石镇中心小学王老师: the county says which school and who teaches at home (FJ-15)."""
    pupil = meant(desk, found, "送教安排 某某：某校某老师")
    return pupil if isinstance(pupil, Said) else taught_by(desk, pupil, found["who"].strip(" ，,。"))


def taught_by(desk: Desk, pupil: Pupil, who: str) -> Said:
    """Which school and teacher teach the child at home; ``who`` names both."""
    if not desk.reader.may("place_at"):
        return not_recorded("送教的学校和教师由县教育局统筹安排，没有记录。请向县教育局提出。")
    if not pupil.home_taught:
        return not_recorded(f"{pupil.name}还没有登记送教上门，没有记录。请先发：安置 {pupil.name} 送教上门。")
    school = school_named(desk, who)
    if school is None:
        return not_recorded(
            f"没有认出是哪一所学校，没有记录。请写学校全名和教师，例如：送教安排 {pupil.name}：青石镇中心小学王老师。"
        )
    teacher = lent.teacher_named(desk, school, who)
    fact = hand_for(desk, pupil).fact(
        Kind.PLACED, desk.today, pupil.id, way=_way_now(desk, pupil), taught_by=school.id, teacher=teacher, note=f"由{who}送教",
        was=pupil.home_taught,
    )  # fmt: skip
    desk.work.cases.append([fact])
    directory, place = desk.world.directory, place_name(desk.world.directory, pupil.class_id)
    own = directory.at_level(pupil.class_id, "school")
    people = {*directory.in_charge("school", school.id, desk.today), *desk.world.who("school", pupil, desk.today)}
    whose = directory.units[own].name if school.id != own and own is not None else ""
    told, other = f"县教育局安排：{place}{pupil.name}由{who}送教上门。", ""
    if teacher:
        other = f"{who}可以自己登记{pupil.name}的课时和照片，看不到别的学生。" if whose else ""
        tell(
            desk,
            people - {teacher},
            pupil,
            told + (f"课时由{who}登记。请和对方说明住址、监护人。" if whose else ""),
            "taught_by",
        )
        tell(
            desk,
            [teacher],
            pupil,
            f"{told}请向{whose or '班主任'}问清住址、监护人。{_lessons(pupil)}看进度请发：{pupil.name} 送教进度。",
            "to_teach",
        )
    else:
        then = f"每次送教后，请把日期、课时和照片交给{whose}登记。" if whose else _lessons(pupil)
        tell(desk, people, pupil, told + then, "taught_by")
        other = f"名单里没有认出是{school.name}的哪一位，课时由{whose}登记，两边都已说明。" if whose else ""
    return Said(
        f"已记：{pupil.name}由{who}送教上门，已告知学校{'和教师' if teacher else ''}。{other}{wording.UNDO_HINT}"
    )


def _way_now(desk: Desk, pupil: Pupil) -> str:
    now = placement_of(desk.work.cases.facts(pupil.id))
    return str(now.data["way"]) if now and at_home(now) else "home"


def _list(desk: Desk, found: re.Match[str]) -> Said:
    """安置名单, for those who may know of a disability."""
    if not desk.reader.sees_group("disabled"):
        return Said("安置名单由学校和县教育局查看。要问一名学生请联系学校控辍专干。")
    return placements(desk).said()


def placements(desk: Desk) -> Listing:
    """The disabled and the home-taught of one's reach: where each is placed, and what is still missing."""
    disabled, _ = desk.work.people.in_scope(desk.scope_of_group("disabled"), group="disabled", limit=500)
    taught = [pupil for pupil, _ in desk.work.cases.among(desk.scope, ("home_taught",))]
    pupils = {p.id: p for p in (*disabled, *taught)}
    if not pupils:
        return Listing("您负责的范围里没有残疾学生和送教学生。", then="要标注请发：某某标注残疾。")
    facts = desk.work.cases.facts_of(pupils)
    rows = sorted(
        (_missing(p, facts.get(p.id, ())), p.name, _row(desk, p, facts.get(p.id, ())), p.id) for p in pupils.values()
    )
    rows.sort(key=lambda row: (not row[0], row[1]))
    short = sum(bool(missing) for missing, *_ in rows)
    head = f"残疾和送教学生{len(rows)}人，安置材料不齐{short}人。"
    items = [Item(f"{text}{'——缺' + missing if missing else ''}", id) for missing, _, text, id in rows]
    then = "登记请发：安置 某某 随班就读；一人一案 某某：方式、目标和安排。"
    return Listing(head, [Part(items, counted="人")], then)


def _missing(pupil: Pupil, facts: Sequence[Fact]) -> str:
    wanted = ["安置方式"] if placement_of(facts) is None and not pupil.home_taught else []
    if pupil.home_taught:
        wanted += ["专家委员会意见"] if opinion_of(facts) is None else []
        wanted += ["一人一案"] if plan_of(facts) is None else []
    return "、".join(wanted)


def _row(desk: Desk, pupil: Pupil, facts: Sequence[Fact]) -> str:
    placed = placement_of(facts)
    way = _said(placed) if placed else (PLACEMENTS["home"] if pupil.home_taught else "未登记")
    return f"{pupil.name}（{place_name(desk.world.directory, pupil.class_id) or '未入学'}）：{way}"


def _said(fact: Fact) -> str:
    note = fact.data.get("note")
    return PLACEMENTS[str(fact.data["way"])] + (f"（{note}）" if note else "")


def meant(desk: Desk, found: re.Match[str], example: str) -> Pupil | Said:
    """The one pupil of one's reach with that name, in that class where one is written before it."""
    pupil = one_pupil(desk, found["name"], found["room"], example)
    return not_recorded(pupil) if isinstance(pupil, str) else pupil


def school_named(desk: Desk, words: str) -> Unit | None:
    """The one school whose whole name stands in the words."""
    named = schools_named(desk.world.directory, words)
    return named[0] if len(named) == 1 else None


_WAY = "|".join(sorted(_WAYS, key=len, reverse=True))
COMMANDS: tuple[Command, ...] = (
    command(
        "安置 张三 随班就读",
        ACTIONS["place"].roles,
        _place,
        rf"(?:登记|记)?安置(?:方式)?[:：\s]*{ROOM}{NAME}[:：，,\s]*(?:安置)?(?:方式)?(?:为|到|在|改为)?\s*(?P<way>{_WAY})(?P<note>[，,；;（(\s].{{0,200}})?",
        rf"{NAME}(?P<room>)(?:的)?安置(?:方式)?(?:改?为|到|在)\s*(?P<way>{_WAY})(?P<note>[，,；;（(\s].{{0,200}})?",
    ),
    command(
        "一人一案 张三：入户，每月2次",
        EDUCATION,
        _plan,
        rf"(?s)(?:记|登记)?(?:一人一案|个别化教育(?:方案|计划))(?!名单|情况|清单|台账)[:：\s]*{ROOM}{NAME}(?:[:：，,\s]+(?P<note>.{{2,300}}))?",
    ),
    command(
        "送教安排 张三：青石镇中心小学王老师",
        ACTIONS["place_at"].roles,
        _teacher,
        rf"送教安排[:：\s]*{ROOM}{NAME}[:：，,\s]+(?:由)?(?P<who>[\u4e00-\u9fff、]{{2,30}}?)(?:负责|承担|送教)*",
    ),
    command(
        "安置名单",
        LEADERS,
        _list,
        rf"{LOOK}(?:(?:残疾(?:学生|儿童)?|特殊(?:学生|儿童)?)?安置(?:情况|名单|一览|清单|台账)+|一人一案(?:名单|情况|清单|台账))[?？]?",
        asks=True,
    ),
)

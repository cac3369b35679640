"""送教进度: lessons given and owed, what this pace leads to, and which lessons have no photo or signature (FN-27, FN-28).

李四 送教进度 · 送教进度 (all of one's reach) · 送教缺照片.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from casework.access import ACTIONS
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.pace import Pace, pace
from casework.people import Pupil
from casework.terms import say_clause, say_day
from casework.timeline import standing
from handlers import filing
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, PLACE, ROOM, Command, command
from handlers.desk import Desk, Said
from handlers.listed import NUMBERED, Item, Listing, Part, seen
from handlers.naming import one_pupil, with_class

CLAUSES = {"FN-27": ("check",), "FN-28": ("check",), "XY-35": ("remind",), "FN-29": ("check",)}
MOST_DAYS = 6  # lessons without a photo that are named by their day in the answer about one pupil


def _asked(desk: Desk, found: re.Match[str]) -> Said | None:
    if not desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"]):
        return None
    pupil = one_pupil(desk, found["name"], found["room"], f"{found['name']} 送教进度")
    if isinstance(pupil, str):
        return not_recorded(pupil)
    desk.work.audit.note(desk.writer.id, "look", f"pupil:{pupil.id}", "chat")
    return Said(of_one(desk, pupil))


def of_one(desk: Desk, pupil: Pupil) -> str:
    """The pace of one pupil in words, and the lessons without a photo or signature."""
    if not pupil.home_taught:
        return f"{pupil.name}没有登记送教上门。要登记请发：安置 {pupil.name} 送教上门。"
    facts = desk.work.cases.facts(pupil.id)
    now = pace_of(desk, pupil, facts)
    if now is None:
        return _no_pace(desk)
    bare = _bare(desk, facts)
    lines = [f"{with_class(desk, pupil)}送教进度：", *(f"· {line}" for line in say_pace(desk, now))]
    if bare:
        days = "、".join(f"{f.on.month}月{f.on.day}日" for f, _ in bare[:MOST_DAYS]) + (
            "等" if len(bare) > MOST_DAYS else ""
        )
        lines.append(f"· 照片、家长签字不齐{len(bare)}次：{days}")
    return "\n".join([*lines, f"每次送教后请发：今天给{pupil.name}送教2课时，共60分钟；再发照片。"])


def pace_of(desk: Desk, pupil: Pupil, facts: Sequence[Fact]) -> Pace | None:
    """The pace of a home-taught pupil; None outside a term, or where the county asks for no number of lessons."""
    days = desk.world.days_of(pupil.class_id)
    term = days.term(desk.today)
    rules = [desk.world.policy.rule(name, desk.today) for name in ("teach_term", "teach_month")]
    by_term, by_month = rules
    if term is None or by_term is None or by_month is None or by_term.off or by_month.off:
        return None
    return pace(facts, days, term, desk.today, by_term, by_month)


def _no_pace(desk: Desk) -> str:
    """Why there is no pace to tell, and who can mend it: a term that ends in a year whose official days nobody has entered."""
    term = desk.days.term(desk.today)
    unknown = [year for year in desk.world.calendar.missing(desk.today) if term and year <= term.end.year]
    if unknown:
        return f"{unknown[0]}年的放假安排还没有录入，算不出到期末的送教进度。请告诉县教育局管理员在校历里补上；每次送教照常报。"
    return "现在不在学期内，或者本学期的校历还没有录入，算不出送教进度。"


def say_pace(desk: Desk, now: Pace) -> list[str]:
    """The figures as sentences: done, asked by now, where it leads, what is needed, and this month."""
    rule = desk.world.policy.rule("teach_term", desk.today)
    clause = say_clause(rule.clause) if rule else ""
    gap = now.asked - now.done
    lines = [
        f"本学期已送{now.done}课时，应送{now.owed}课时{clause}{'' if now.short else '，已经够了'}",
        f"按平均进度，到今天应送{now.asked}课时，{f'慢{gap}课时' if gap > 0 else '没有落后'}",
    ]
    if now.short:
        lines.append(_lead(now, say_day(now.last, desk.today)))
    lines.append(f"本月满课时的送教{now.sessions}次，应送{now.sessions_owed}次")
    if now.shortened:
        lines.append(f"有{now.shortened}次时间不够，只按满30分钟的课时计")
    return lines


def _lead(now: Pace, end: str) -> str:
    """Where this pace leads by the term's end, and what is needed instead."""
    if not now.weeks:
        return f"到{end}学期结束，还差{now.short}课时"
    if now.forecast is None:
        lead = f"开始不久，还估不出学期末（{end}）能送多少"
    elif now.behind:
        lead = f"照这个进度，到{end}学期结束约送{now.forecast}课时，还差{now.owed - now.forecast}课时"
    else:
        lead = f"照这个进度，到{end}学期结束能送够"
    return f"{lead}；其余{now.weeks}周平均每周要送{_figure(now.a_week)}课时"


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def progress(desk: Desk) -> Listing:
    """All home-taught pupils of one's reach: who falls short at this pace comes first."""
    pupils = _taught(desk)
    if not pupils:
        return Listing("您负责的范围里没有送教上门的学生。")
    facts = desk.work.cases.facts_of([p.id for p in pupils])
    known = [(p, now) for p in pupils if (now := pace_of(desk, p, facts.get(p.id, ())))]
    if not known:
        return Listing(_no_pace(desk))
    known.sort(key=lambda row: (not row[1].behind, row[1].done - row[1].asked, row[0].name))
    items = [Item(f"{with_class(desk, p)} {_short(now)}", p.id) for p, now in known]
    late = sum(now.behind for _, now in known)
    head = f"送教学生{len(known)}人，照现在的进度本学期送不够的{late}人："
    return Listing(head, [Part(items, way=NUMBERED, counted="人")], "发“姓名 送教进度”看每周还要送多少。")


def _short(now: Pace) -> str:
    if not now.short:
        return f"已送{now.done}课时，够了"
    lead = f"，照此到期末约{now.forecast}课时" if now.behind and now.forecast is not None and now.weeks else ""
    need = f"，每周要送{_figure(now.a_week)}课时" if now.weeks else "，学期已结束"
    return f"已送{now.done}、应送{now.owed}课时，到今天应送{now.asked}{lead}{need}；本月{now.sessions}/{now.sessions_owed}次"


def bare_lessons(desk: Desk) -> Listing:
    """Lessons of this school year of which a photo or the signed page was not sent."""
    pupils = {p.id: p for p in _taught(desk)}
    facts = desk.work.cases.facts_of(pupils)
    items = [
        Item(
            f"{with_class(desk, pupils[id])} {say_day(f.on, desk.today)}送教{f.data.get('lessons') or ''}{'课时' if f.data.get('lessons') else ''}，缺{lacking}",
            id,
        )
        for id, told in facts.items()
        for f, lacking in _bare(desk, told)
    ]
    if not items:
        return Listing("本学年的送教都有照片和签字。")
    then = "请把当次的照片、家长签字的手册页发到这里，选是哪一次送教；发的是签好字的手册页，再回“签字表”。"
    return Listing(f"本学年缺照片、签字的送教{len(items)}次：", [Part(items, way=NUMBERED, counted="次")], then)


def _bare(desk: Desk, facts: Sequence[Fact]) -> list[tuple[Fact, str]]:
    """The lessons of the school year of which a photo or the signed page is missing, the newest first, and which."""
    first = school_year_of(desk.today)[0]
    lessons = [f for f in standing(facts) if f.kind is Kind.TEACH and f.on >= first]
    kept = desk.work.evidence.of_facts([f.id for f in lessons])
    bare = ((f, lacking) for f in lessons if (lacking := filing.lacking(kept.get(f.id, ()))))
    return sorted(bare, key=lambda row: (row[0].on, row[0].id), reverse=True)


def _taught(desk: Desk) -> list[Pupil]:
    return [pupil for pupil, _ in desk.work.cases.among(desk.scope, ("home_taught",))]


COMMANDS: tuple[Command, ...] = (
    command(
        "送教进度",
        ACTIONS["teach"].roles,
        lambda desk, _: seen(desk, progress(desk), "list:teaching"),
        rf"{LOOK}{PLACE}(?:本学期)?(?:的)?送教(?:上门)?(?:学生)?(?:的)?(?:工作)?(?:进度|进展|情况|完成情况|课时情况)(?:怎么样|如何)?[?？]?",
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:的)?送教(?:课时)?(?:还)?(?:不够|没送够|不足|没达标|差课时)(?:的)?(?:学生|孩子)?(?:有哪些|名单)?[?？]?",
        asks=True,
    ),
    command(
        "送教缺照片",
        ACTIONS["teach"].roles,
        lambda desk, _: seen(desk, bare_lessons(desk), "list:teaching"),
        rf"{LOOK}{PLACE}(?:哪些)?送教(?:记录|手册)?(?:还)?(?:缺|没有?)(?:少)?(?:照片|签字|签名|佐证)(?:[、和或](?:照片|签字|签名|佐证))?(?:的)?(?:有哪些|名单|记录)?[?？]?",
        asks=True,
    ),
    command(
        "李四 送教进度",
        ACTIONS["teach"].roles,
        _asked,
        rf"{LOOK}{ROOM}{NAME}\s*(?:的)?(?:本学期)?(?:的)?送教(?:的)?(?:进度|进展|情况|完成情况|课时情况|怎么样了?|够不够|还差多少(?:课时)?)(?:怎么样|如何)?[?？]?",
        rf"{LOOK}{ROOM}{NAME}\s*(?:这个月|本月|本学期|这学期|今年)?(?:已经?|一共|共)?送(?:教)?(?:了)?(?:几|多少)(?:个)?(?:次|回|课时|节|节课)(?:了)?[?？]?",
        rf"送教(?:进度|进展|完成情况)[:：\s]+{ROOM}{NAME}",
        asks=True,
    ),
)

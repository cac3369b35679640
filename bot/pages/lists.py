"""名单和记录: every list that chat gives, whole and with each child a tap away, and the forms about no single child."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.app import Bot
from bot.desks import desk_for
from bot.pages import ready, works
from bot.pages.door import Outside, here, kept, note, reads
from bot.pages.onward import ONWARD
from casework.access import ACTIONS, COUNTY
from casework.people import Pupil
from handlers import (
    accountable,
    alarms,
    arranged,
    awaiting,
    calling,
    care,
    checks,
    departments,
    elsewhere,
    entering,
    exempt,
    foundlist,
    handover,
    hukou,
    inspected,
    judging,
    letters,
    links,
    meetings,
    mismatch,
    movements,
    placing,
    platform,
    pledges,
    resting,
    roundup,
    sampling,
    steps,
    targets,
    teaching,
    unmet,
    visiting,
    watched,
    worklog,
    yearplan,
)
from handlers.desk import Desk
from handlers.listed import Item, Listing, Part
from handlers.places import schools_in

AWAY, QUALITY, CARE, ENTRY, OFFICE = "缺勤和去向", "劝返质量", "重点群体", "入学和升学", "学校和部门的工作"
DRAWN = 5  # visits on the page; in chat whoever draws says how many
OF_GROUP = 50  # children of one group of care


@dataclass(frozen=True, slots=True)
class Named:
    """One list: what it is for, who may have it (a row of the table of rights), and how it is made."""

    group: str
    title: str
    why: str
    make: Callable[[Desk], Listing]
    right: str = "list"
    fits: Callable[[Desk], bool] = lambda desk: True

    def __post_init__(self) -> None:
        assert self.right in ACTIONS, self.right


def _knows_of_disability(desk: Desk) -> bool:
    return desk.reader.sees_group("disabled")


def _classes(desk: Desk) -> Listing:
    found = targets.classes(desk)
    assert found is not None, "offered to who has one school alone"
    return found


def _year_plan(desk: Desk) -> Listing:
    plan = yearplan.plan(desk)
    assert plan is not None, "offered to who has a unit alone"
    return plan


LISTS: Mapping[str, Named] = {
    "risks": Named(AWAY, "风险名单", "快到3天，或30天内反复缺勤", judging.risks),
    "silent": Named(AWAY, "没点名的班", "今天要上课，还没有点名", calling.silent, "roll_call"),
    "unknown": Named(AWAY, "去向不明名单", "缺勤、联系不上，又没有办转学", awaiting.gone_unknown),
    "apart": Named(AWAY, "人籍不一致", "学籍在、人不在的，和正在转走的", mismatch.apart),
    "movements": Named(AWAY, "转入转出统计", "本学年转入、转出、休学、缓学、辍学各多少", movements.movements, "report"),
    "waiting": Named(AWAY, "待接收名单", "转出后等接收学校确认", awaiting.waiting_list),
    "letters": Named(AWAY, "核查函名单", "寄出后还没有回复", letters.letters_open),
    "departments": Named(AWAY, "等部门答复", "公安、民政、专家组的核实和转介", departments.unanswered, "reply"),
    "platform": Named(QUALITY, "平台疑似核查", "等核查说明的、缺佐证材料的", platform.waiting, "platform_flag"),
    "alarms": Named(QUALITY, "劝退、拒收要核实", "消息里有劝退、不让返校的话，请当面核实", alarms.listed, "alarms"),
    "doubts": Named(QUALITY, "需要研判的记录", "没有家访就返校、集中录入等，由人判断", judging.doubts, "judge"),
    "visited": Named(QUALITY, "家访次数", "疑似辍学、辍学学生各家访几次", checks.visited),
    "visits": Named(QUALITY, "家访缺签字、照片", "本学年还没有补材料的家访", checks.bare_visits),
    "unsigned": Named(QUALITY, "表格缺签字盖章", "定稿的表格、劝返情况记录表还没有签字扫描件", checks.unsigned),
    "accountable": Named(QUALITY, "追责情形", "各情形在本学年记录里的事实，由人认定", accountable.cases, "judge"),
    "drawn": Named(QUALITY, "抽查家访", "本学期随机抽5次，核对记录表", lambda desk: visiting.draw(desk, DRAWN), "judge"),
    "holidays": Named(QUALITY, "假期家访覆盖", "各学校假期家访了多少学生", visiting.coverage, "judge"),
    "reasons": Named(QUALITY, "缺勤、辍学原因", "按原因统计", checks.reasons),
    "campaign": Named(QUALITY, "专项行动进展", "按重点群体和学段", checks.campaign),
    "mine": Named(CARE, "我包联的学生", "由您跟进的学生", lambda desk: watched.helped(desk, desk.writer.id)),
    "focus": Named(CARE, "重点关注学生", "有辍学倾向、学习困难、缺勤的，和九年级", watched.focus),
    "struggling": Named(CARE, "学困生帮扶", "谁是包联人，本学年帮扶几次", watched.struggling),
    "returned": Named(CARE, "复学学生帮扶", "返校跟踪的学生，结对帮扶几次", watched.returned),
    "relapses": Named(CARE, "返校后又缺勤", "本学年返校以后再次缺勤的学生", watched.relapsed),
    "ninth": Named(CARE, "九年级重点关注", "毕业年级谁缺勤、学习困难、有辍学倾向", watched.ninth_grade),
    "helper": Named(CARE, "没有包联人的学生", "重点群体里还没有指定包联人", lambda desk: care.without_helper(desk, OF_GROUP, placed=True)),
    "aid": Named(CARE, "没有资助记录的学生", "应受资助，本学年还没有记录", checks.without_aid),
    "placements": Named(CARE, "安置名单", "残疾和送教学生，各缺什么材料", placing.placements, fits=_knows_of_disability),
    "teaching": Named(CARE, "送教进度", "课时够不够，照现在到期末差多少", teaching.progress, "teach"),
    "lessons": Named(CARE, "送教缺照片、签字", "本学年还没有补材料的送教", teaching.bare_lessons, "teach"),
    "hukou": Named(CARE, "无户口儿童", "两份告知办没办、公安答没答复", hukou.without, "found"),
    "exempt": Named(CARE, "缓学休学材料", "因病因残不再劝返的，专家组意见等齐不齐", exempt.papers, fits=_knows_of_disability),
    "resting": Named(CARE, "休学、缓学到期", "到哪天，谁到期了还没复学", resting.ending, "transfer_in"),
    "steps": Named(CARE, "休学、缓学手续", "申请、批准、备案还缺哪一步", steps.waiting, "suspend"),
    "elsewhere": Named(CARE, "在外就学", "本地户籍在外地读书，缺不缺佐证", elsewhere.listed, "work"),
    "found": Named(ENTRY, "失学儿童名单", "摸排发现、还没有就读学校的，核查安置到哪一步", foundlist.unplaced),
    "unserved": Named(ENTRY, "入学通知书未送达", "一年级、七年级", entering.unserved),
    "unregistered": Named(ENTRY, "未报到名单", "通知后没来报到注册", entering.unregistered),
    "handover": Named(ENTRY, "小升初等衔接", "没有初中接收的毕业生，由原小学负责", handover.graduates, "not_handed_over"),
    "exam": Named(ENTRY, "中考报考率", "各初中学校", entering.rates),
    "week": Named(OFFICE, "本周台账变化", "周一以来列入、移出的学生", roundup.week, "report"),
    "month": Named(OFFICE, "本月台账变化", "本月列入、移出的学生，向部门通报用", roundup.month, "report"),
    "quarter": Named(OFFICE, "季度复核", "月报数字和现在的台账对不对得上", roundup.quarter, "report"),
    "sample": Named(OFFICE, "抽查学生名单", "每校随机抽3名，进校、入户核对", sampling.of_each_school, "judge"),
    "schools": Named(OFFICE, "各校情况", "每所学校的学生、缺勤、辍学和月报", roundup.standings, "report", roundup.over_schools),
    "classes": Named(OFFICE, "各班情况", "每个班达没达到控辍目标", _classes, "report", lambda desk: not roundup.over_schools(desk)),
    "inspected": Named(OFFICE, "督查情况", "哪些学校督查过、结果怎样，哪些还没有", inspected.inspections, "report", roundup.over_schools),
    "unmet": Named(OFFICE, "各校逾期工作", "按日历到期、学校还没办的", unmet.overdue, "report"),
    "arranged": Named(OFFICE, "领导小组、包校、联系人", "长期有效的分工和名单", arranged.everything, "work"),
    "work": Named(OFFICE, "工作记录", "本学年的会议、宣传、培训、帮扶", worklog.listed),
    "meetings": Named(OFFICE, "要开的会议和议程", "学期初、月末、学期末该开还没开的", meetings.to_hold),
    "pledges": Named(OFFICE, "目标责任书签订", "本学期谁签了、谁没签", pledges.unsigned, fits=pledges.signs),
    "plan": Named(
        OFFICE, "年计划", "今后12个月按日历到期的工作", _year_plan, fits=lambda desk: yearplan.unit_of(desk) is not None
    ),
    "activities": Named(OFFICE, "控辍保学活动月", "活动月里的宣传、会议、培训", yearplan.activities, "admit"),
    "links": Named(OFFICE, "部门链接", "给没有用这个程序的部门的地址", links.given, "department_link"),
}  # fmt: skip


assert ONWARD.keys() == LISTS.keys(), "each list says what follows from it"


def add(routes: Blueprint) -> None:
    """``/m/lists`` and ``/m/lists/<name>``."""
    routes.add_url_rule("/lists", "lists", index)
    routes.add_url_rule("/lists/<name>", "list", show)


def offered(desk: Desk) -> dict[str, Named]:
    """The lists that this person may have."""
    return {name: one for name, one in LISTS.items() if desk.reader.may(one.right) and one.fits(desk)}


def _made(desk: Desk, name: str, one: Named) -> tuple[Listing, dt.datetime]:
    """The list and when it was made: one over a whole county or township, dear to make, may be a few minutes old."""
    if made := ready.of(desk, f"list:{name}"):
        return listing_from(made.content), made.at
    wide = {"township", *COUNTY} & desk.reader.roles
    if not wide:
        return one.make(desk).shown(), desk.now
    key = ("list", here().store.county, name, desk.writer.id, desk.reader.roles, desk.scope, desk.today)
    aside = functools.partial(_made_apart, here(), desk.writer.id, desk.now, one)
    return kept().get(key, lambda: (one.make(desk).shown(), desk.now), aside)


def _made_apart(bot: Bot, person: str, now: dt.datetime, one: Named) -> tuple[Listing, dt.datetime]:
    """The same in a view of the database of its own, while nobody waits for it."""
    with bot.store.look(now) as work:
        desk = desk_for(work, person, "")
        assert desk is not None, "the list is made for one who has just been let in"
        return one.make(desk).shown(), now


def listing_from(content: Any) -> Listing:
    """A list as it was kept: ``dataclasses.asdict`` of it as JSON."""
    parts = [Part(**{**part, "items": [Item(**item) for item in part["items"]]}) for part in content["parts"]]
    return Listing(**{**content, "parts": parts})


@reads("lists")
def index(desk: Desk) -> ResponseReturnValue:
    """All lists and forms of this person."""
    lists = offered(desk)
    if desk.reader.opens("arrivals"):
        del lists["waiting"]  # there it can be answered, too
    groups = [(group, list(rows)) for group, rows in groupby(lists.items(), key=lambda row: row[1].group)]
    return render_template(
        "m/lists.html", lists=groups, works=works.offered(desk), arrivals=desk.reader.opens("arrivals")
    )


@reads("lists")
def show(desk: Desk, name: str) -> ResponseReturnValue:
    """One list, whole; who is of the reader's reach can be opened."""
    one = offered(desk).get(name)
    if one is None:
        raise Outside(f"list:{name}")
    note("look", f"list:{name}")
    listing, at = _made(desk, name, one)
    shown = {item.pupil for part in listing.parts for item in part.items if item.pupil}
    within = {id: pupil for id, pupil in desk.work.people.pupils(shown).items() if desk.scope.covers(pupil)}
    schools = {school.id for school in schools_in(desk.world.directory, desk.scope)}
    onward = ONWARD[name]
    return render_template(
        "m/list.html", title=one.title, listing=listing, at=at, onward=onward, papers=onward.papers(desk),
        beginning=None if listing.parts else onward.beginning(desk),
        links=onward.links(desk, {name: one.title for name, one in offered(desk).items()}),
        address=functools.partial(_address, desk, within, schools), form=functools.partial(_form, desk, within, name),
    )  # fmt: skip


def _address(desk: Desk, within: Collection[str], schools: Collection[str], item: Item) -> str | None:
    """Where a line leads: to the child, the class's roll call, the duty, the school's pupils, another list; None where the
    reader may not go."""
    if item.pupil:
        return url_for("pages.pupil", pupil_id=item.pupil) if item.pupil in within else None
    if item.room and desk.reader.opens("roll") and item.room in desk.scope.classes:
        return f"{url_for('pages.roll')}?class={quote(item.room)}"
    if item.duty:
        return url_for("pages.duty", duty_id=item.duty)
    if item.school in schools:
        return url_for("pages.pending", which="all", place=item.school)
    return url_for("pages.list", name=item.leads) if item.leads and item.leads in offered(desk) else None


def _form(desk: Desk, within: Mapping[str, Pupil], name: str, item: Item) -> str | None:
    """The form that follows from the list, about the child of that line."""
    pupil = within.get(item.pupil or "")
    return ONWARD[name].form(desk, pupil) if pupil else None

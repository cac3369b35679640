"""Questions: what is to be done, how a child stands, which lists, how many. Nothing here writes a fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence

from casework import rungs
from casework.calendar import SchoolDays
from casework.case import AWAY, Duty
from casework.facts import Fact, Kind, voided_of
from casework.people import COUNTY, Pupil
from casework.terms import GROUPS, ROLES, RULES, say_day
from handlers import awaiting, naming, presence, resting, wording
from handlers.desk import Desk, ListRow, Said
from handlers.listed import DUTY, first_page
from handlers.places import place_name, place_told
from handlers.understanding.actions import Action

PAGE = 20
NAMED_ONLY = "“{}”名单涉及个人隐私，只有学校、县教育局的专人可以看。需要的话请联系他们。"
WHICH: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "pending": ("待劝返名单", {"states": AWAY}),
    "overdue": ("逾期名单", {"overdue_only": True}),
    "suspected": ("疑似辍学名单", {"states": ("suspected",)}),
    "dropout": ("辍学名单", {"states": ("dropout",)}),
    "leave": ("请假名单", {"states": ("on_leave",)}),
    "returned": ("已返校名单", {"states": ("observed",)}),
    "absent": ("缺勤名单", {"states": AWAY}),
}
LEDGER_OF = {"suspected": "发“导出疑似辍学台账”或", "dropout": "发“导出辍学台账”或"}
"""The lists that are ledgers as well; of the others there is no file."""


def todo(desk: Desk, action: Action) -> Said:
    """The writer's open duties, numbered: 完成 2 refers to these numbers."""
    every, waiting = every_duty(desk), [*awaiting.open_here(desk), *resting.open_here(desk)]
    duties = near(desk, every)
    if not duties:
        return Said("\n".join(waiting) or "您现在没有待办。")
    then = ["办完后直接报结果（例如：家访 张三 家长同意明天返校），或回“完成 序号”。"]
    if later := len(every) - len(duties):
        then.append(f"另有{later}项一周以后到期，发“全部待办”查看。")
    return listed_duties(desk, duties, f"您有{len(duties)}项待办：", "\n".join([*then, *waiting]))


def listed_duties(desk: Desk, duties: Sequence[Duty], head: str, then: str) -> Said:
    """Duties with numbers, the first page of them; ``then``: what can be typed next."""
    pupils = desk.work.people.pupils([d.pupil for d in duties if d.pupil])
    lines = [wording.say_duty(d, desk.today, _name(desk, d, pupils), owner=False) for d in duties[:PAGE]]
    numbered = [f"{n}. {line}" for n, line in enumerate(lines, 1)]
    if len(duties) > PAGE:
        numbered.append(f"……另有{len(duties) - PAGE}项，请在“我的待办”页面查看。")
    return Said("\n".join([head, *numbered, then]), numbers=tuple(DUTY + d.id for d in duties[:PAGE]))


def own_duties(desk: Desk) -> list[Duty]:
    """Open duties of the writer that are due within a week or overdue, else the nearest ones; soonest first."""
    return near(desk, every_duty(desk))


def near(desk: Desk, duties: list[Duty]) -> list[Duty]:
    """Of duties in order those that are overdue or due within a week, else the first few."""
    return [d for d in duties if soon(desk, d)] or duties[:5]


def every_duty(desk: Desk) -> list[Duty]:
    """All open duties of the writer, soonest first."""
    return sorted(desk.work.cases.todo(desk.writer.id), key=lambda d: (d.due, d.pupil or "", d.unit or "", d.rule))


def soon(desk: Desk, duty: Duty) -> bool:
    """Whether a duty is overdue or due within a week."""
    return duty.due <= desk.today + dt.timedelta(days=7)


def _name(desk: Desk, duty: Duty, pupils: Mapping[str, Pupil]) -> str:
    if duty.pupil:
        return pupils[duty.pupil].name if duty.pupil in pupils else ""
    return place_name(desk.world.directory, duty.unit)


def case(desk: Desk, action: Action) -> Said:
    """How each named pupil stands, what is due, and what was recorded."""
    pupils = desk.work.people.pupils([m.candidates[0] for m in action.students if m.candidates])
    parts = [_one_case(desk, pupil, look_ahead=bool(action.slots.get("ahead"))) for pupil in pupils.values()]
    return Said("\n\n".join(parts))


def _one_case(desk: Desk, pupil: Pupil, look_ahead: bool) -> str:
    case_ = desk.work.cases.case(pupil.id)
    duties = desk.work.cases.duties(pupil=pupil.id)
    reader = desk.reader_of(pupil)
    told = [fact for fact in desk.work.cases.facts(pupil.id) if reader.hears(fact)]
    lines = [f"{naming.with_class(desk, pupil)}：{naming.standing(desk, pupil, case_, told)}"]
    teachers = desk.world.directory.holders("teacher", pupil.class_id, desk.today)
    if teachers and desk.writer.id not in teachers:
        lines.append(f"班主任：{_names(desk, teachers)}")
    if case_.helper and (helper := desk.work.people.person(case_.helper)):
        lines.append(f"包联人：{helper.name}")
    lines += ahead(desk, pupil, duties) if look_ahead else _due_and_told(desk, duties, told)
    desk.work.audit.note(desk.writer.id, "look", f"pupil:{pupil.id}", "chat")
    return "\n".join(lines)


def _due_and_told(desk: Desk, duties: list[Duty], told: Sequence[Fact]) -> list[str]:
    """What is due next, and the last records with who wrote them; those taken back are shown as such."""
    lines = ["接下来：", *wording.say_next(duties, desk.today, desk.writer.id, facts=told)] if duties else []
    facts, voided = [f for f in told if f.kind is not Kind.VOID], voided_of(told)
    lines += ["记录："] if facts else []
    for fact in facts[-6:]:
        mark = "（已撤销）" if fact.id in voided else ""
        words = f"{say_day(fact.on, desk.today)} {wording.say_fact(fact, desk.today)}——{name_of(desk, fact.by)}{mark}"
        lines.append(f"· {words}")
    return lines


def ahead(desk: Desk, pupil: Pupil, duties: list[Duty]) -> list[str]:
    """What will be sent, to whom and when, if nobody answers (issue 4, point 5): each duty with its way upwards."""
    if not duties:
        return ["近期没有要发的提醒。"]
    said: dict[str, list[tuple[str, str, dt.datetime]]] = {}
    for one in desk.work.outbox.said_about([duty.id for duty in duties]):
        said.setdefault(one.duty, []).append((one.step, one.person, one.at))
    lines = ["接下来会发（有人报了结果，对应的就不再发）："]
    wrote = {f.by for f in desk.work.cases.facts(pupil.id) if f.at.date() == desk.today}
    held = {person: until for (person, about), until in desk.work.outbox.snoozed().items() if about == pupil.id}
    for duty in sorted(duties, key=lambda d: (d.due, d.rule))[:8]:
        # What is overdue goes up this morning still, before its hour.
        ahead_of_it = duty.due < desk.today and desk.now.time() < rungs.GOES_UP
        day = desk.today - dt.timedelta(days=1) if ahead_of_it else max(duty.due, desk.today)
        lines.append(
            f"· {_next_word(desk, duty, {p for _, p, _ in said.get(duty.id, ())} | wrote, held)}：{RULES[duty.rule]}"
        )
        steps = []
        for rung in rungs.left(duty, pupil, desk.world, desk.today, rungs.told_of(duty, said.get(duty.id, ()))):
            day = next_workday(day, desk.world.calendar.county)
            steps.append(f"{say_day(day, desk.today)}告知{ROLES[rung.role]}")
        if steps:
            lines.append(f"  没有记录的话：{'，'.join(steps)}")
    return lines


def _next_word(desk: Desk, duty: Duty, told: Collection[str], held: Mapping[str, dt.datetime]) -> str:
    """When those who owe a duty hear of it next: on its day; not again on that day where they were told or wrote the record
    that it follows from; later where they put it off."""
    names = _names(desk, duty.who)
    if until := max((held[p] for p in duty.who if p in held and held[p].date() >= duty.due), default=None):
        return f"{say_day(until.date(), desk.today)} {until:%H:%M} 提醒{names}（已推迟）"
    if duty.due > desk.today:
        return f"{say_day(duty.due, desk.today)} 提醒{names}"
    late = f"{say_day(duty.due, desk.today)}已到期" if duty.due < desk.today else "今天到期"
    return f"{late}，已告知{names}" if {*duty.who} & {*told} else f"{late}，提醒{names}"


def _names(desk: Desk, userids: Iterable[str]) -> str:
    return "、".join(name_of(desk, userid) for userid in userids) or "县教育局管理员"


def next_workday(day: dt.date, days: SchoolDays) -> dt.date:
    """The workday after that day; in a year whose holidays are not known yet, the next weekday."""
    return days.add_workdays(day, 1) or day + dt.timedelta(days=1 if day.weekday() < 4 else 7 - day.weekday())


def name_of(desk: Desk, userid: str) -> str:
    """The name of a member of staff; of one who is not known, the id."""
    person = desk.work.people.person(userid)
    return person.name if person else userid


NOBODY_THERE = "您负责的范围里没有{}的学生，看不到那里的情况。发“我是谁”看您负责哪里。"


def listing(desk: Desk, action: Action) -> Said:
    """A list within the writer's scope, optionally of one place or group."""
    which = str(action.slots.get("which", "pending"))
    where = place_told(desk.world.directory, desk.posts, str(action.slots.get("place") or ""))
    if where is None:
        return Said(f"没有找到“{action.slots['place']}”。请写单位的全名，或发“帮助 待办查询”看名单怎么查。")
    place, name = where
    group = action.slots.get("group")
    if which == "special":
        return _special(desk, place, name, group)
    scope = desk.scope_of_group(group)
    if group and not scope.units:
        return Said(NAMED_ONLY.format(GROUPS.get(str(group), group)))
    title, filters = WHICH.get(which, WHICH["pending"])
    rows, total = desk.work.cases.listing(scope, place=place, group=group, limit=PAGE, **filters)  # type: ignore[arg-type]
    desk.work.audit.note(desk.writer.id, "look", f"list:{which}"[:80], "chat", {"group": str(group or "")})
    if place and not total and not desk.work.cases.counts(desk.scope, desk.today, place).get("pupils"):
        return Said(NOBODY_THERE.format(name))
    heading = f"{name}{GROUPS.get(str(group), '') if group else ''}{title}"
    fresh = _told_today(desk, place) if which in ("absent", "pending") and not group else ""
    if not total and fresh:
        return Said(f"{heading}：到现在没有。\n{fresh}发“查 姓名”看详情。")
    return first_page(
        heading,
        [_row(desk, row) for row in rows],
        total,
        whole=f"，{LEDGER_OF.get(which, '')}打开“待劝返”页面看全部",
        then=f"{fresh}发“查 姓名”看详情。",
        pupils=[row.pupil.id for row in rows],
    )


def _told_today(desk: Desk, place: str) -> str:
    """A line on those who were reported this morning and stand in no list before noon; empty where there is none."""
    pupils = presence.told_today(desk, place)
    by_class: dict[str, list[str]] = {}
    for pupil in pupils[:10]:
        by_class.setdefault(place_name(desk.world.directory, pupil.class_id), []).append(pupil.name)
    names = "；".join(f"{'、'.join(each)}（{where}）" for where, each in by_class.items())
    more = "等" if len(pupils) > 10 else ""
    return f"今天另报缺勤{len(pupils)}人，中午12点起计入：{names}{more}。\n" if pupils else ""


def _row(desk: Desk, row: ListRow) -> str:
    where = "，".join(filter(None, (row.class_name, row.village_name)))
    owed = f"；{wording.say_duty(row.next_duty, desk.today)}" if row.next_duty else ""
    return f"{row.pupil.name}（{where}）{naming.standing(desk, row.pupil, row.case)}{owed}"


def _special(desk: Desk, place: str, name: str, group: str | None) -> Said:
    scope = desk.scope_of_group(group)
    if not scope.units:
        return Said(NAMED_ONLY.format(GROUPS.get(str(group), group)))
    care = group or desk.groups_of_care()
    pupils, total = desk.work.people.in_scope(scope, place=place, group=care, limit=PAGE)
    desk.work.audit.note(desk.writer.id, "look", "list:special", "chat", {"group": str(group or "")})
    heading = f"{name}{GROUPS.get(str(group), '重点群体') if group else '重点群体'}名单"
    lines = [naming.with_class(desk, pupil) for pupil in pupils]
    whole = "，发“导出特殊群体台账”看全部"
    return first_page(heading, lines, total, whole, pupils=[pupil.id for pupil in pupils])


def stats(desk: Desk, action: Action) -> Said:
    """Counts of today's cases within the scope, of one place or of one group of care in it."""
    where = place_told(desk.world.directory, desk.posts, str(action.slots.get("place") or ""))
    if where is None:
        return Said(f"没有找到“{action.slots['place']}”。请写单位的全名，例如：青石镇缺勤多少人。")
    return counted(desk, *where, str(action.slots.get("period", "")), str(action.slots.get("among", "")))


def counted(desk: Desk, place: str, name: str, period: str = "", group: str = "") -> Said:
    """The counts of what lies in one place, or with both empty in the whole scope; there are none of another ``period`` than now.
    Of a ``group`` of care only as far as the reader may know of it."""
    scope = desk.scope_of_group(group) if group else desk.scope
    if not scope.units:
        return Said(NAMED_ONLY.format(GROUPS[group]))
    counts = desk.work.cases.counts(scope, desk.today, place or None, group or None)
    words = (
        ("absent", "缺勤"),
        ("suspected", "疑似辍学"),
        ("dropout", "辍学"),
        ("on_leave", "请假"),
        ("observed", "返校跟踪"),
        ("overdue", "逾期事项"),
    )
    if place and not group and not counts.get("pupils"):
        return Said(NOBODY_THERE.format(name))
    line = "，".join(f"{word}{counts.get(key, 0)}{'项' if key == 'overdue' else '人'}" for key, word in words)
    only = (
        ""
        if period in ("", "今天", "今日", "现在", "目前")
        else f"这里只有截至今天的数；{period}的数请看月报（发“月报”）。\n"
    )
    return Said(
        f"截至{say_day(desk.today)}，{name or '您负责范围内'}共{counts.get('pupils', 0)}名学生{_marked(group)}：{line}。\n"
        f"{'' if group else _told_today(desk, place)}{only}发“{_marked(group) and GROUPS[group]}待劝返名单”看名单。"
    )


def _marked(group: str) -> str:
    return f"标注了“{GROUPS[group]}”" if group else ""


def whoami(desk: Desk, action: Action) -> Said:
    """Name, posts and reach of the writer."""
    directory = desk.world.directory
    county = directory.units[COUNTY].name
    posts = [f"{ROLES[p.role]}（{place_name(directory, p.unit) or county}）" for p in desk.posts]
    return Said(f"您是{desk.writer.name}，" + "、".join(posts) + "。您只能看到和填写这些单位的学生。")


def greet(desk: Desk, action: Action) -> Said:
    """A short answer that opens no talk."""
    count = len(own_duties(desk))
    return Said(
        f"您好，{desk.writer.name}。"
        + (f"您有{count}项待办，发“待办”查看。" if count else "有情况直接发给我，例如：张三 缺勤 第1天。")
    )

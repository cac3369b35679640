"""The Chinese sentences of what is said unasked: why, what ends it, and what happens otherwise and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from casework.case import Case, Duty
from casework.facts import Kind
from casework.ladder import RUNGS
from casework.scope import World
from casework.terms import ROLES, RULES, STATES, say_clause, say_day
from casework.waiting import Wait

CONTACT = "给{name}家长打了电话，同意明天返校"
STILL_ILL = "给{name}家长打了电话，还在住院"
DOING_WELL = "给{name}家长打了电话，上课正常"
VISIT = "家访 {name} 家长同意明天返校"
ANSWERS = {
    "absence_contact": CONTACT,
    "leave_contact": STILL_ILL,
    "persist": CONTACT,
    "return_followup": DOING_WELL,
    "absence_visit": VISIT,
    "absence_joint_visit": VISIT,
    "joint_persuasion": VISIT,
    "leave_visit": "家访 {name} 还在养病",
    "risk_visit": VISIT,
    "term_start_visit": VISIT,
    "trace": VISIT,
    "leave_end": "{name} 今天返校",
    "notice": "已给{name}家长送达劝学通知书",
    "teach_month": "今天给{name}送教2课时",
    "teach_term": "今天给{name}送教2课时",
    "monthly_report": "提交本月月报",
}
"""What to send to the bot when it is done; any other duty is ended by its number in 待办."""
DEEDS = {"contact": "已联系", "visit": "已家访", "return": "已返校", "notice": "已送达", "leave": "已请假"}
ENDS = {
    "return": "已返校", "leave": "已请假", "transfer_out": "已转出", "suspend": "已休学", "defer": "已缓学", "dropout": "已认定辍学",
}  # fmt: skip
"""Records that end what is owed without meeting it, as a card says them."""
OTHERWISE = "到期没有记录，"
SILENCE = "到月底仍未报的，按“0（未报视为0）”结账"


def say_when(moment: dt.datetime) -> str:
    """``9月11日（周四）8:10``."""
    return f"{say_day(moment.date())}{moment.hour}:{moment.minute:02d}"


class Step(NamedTuple):
    """One thing to do, in words: the task with its clause, the day it falls due, and what else is said of it."""

    task: str
    day: str = ""
    rest: str = ""


def say_standing(case: Case | None, duty: Duty, today: dt.date) -> str:
    """Why a duty is owed, in a few words: where the pupil stands, and what of it nobody has verified."""
    if case is None or duty.pupil is None:
        return ""
    if case.day:
        words = f"{STATES['dropout']}，缺勤第{case.day}天" if case.state == "dropout" else f"缺勤第{case.day}天"
        return words + (f"，其中{case.unverified}天无人报告、未核实" if case.unverified else "")
    if case.state in ("in_school", "observed") and duty.rule in RUNGS:
        return "缺勤第1天"  # reported this morning: the case counts it from noon
    if case.state == "on_leave" and case.leave_to:
        return f"请假到{say_day(case.leave_to)}" + ("，已到期，还没报返校" if case.leave_to < today else "")
    if case.state == "observed" and case.returned:
        return f"{say_day(case.returned)}返校"
    if duty.rule == "found_check":  # has never been to a school that could have been left
        return "还没有就读学校"
    return STATES[case.state] if case.state != "in_school" else ""


def say_task(duty: Duty) -> str:
    """The thing to do with its figures and its clause: ``本月送教，还差2课时〔依据 FN-27〕``."""
    owed = duty.hint.get("lessons_owed")
    return RULES.get(duty.rule, duty.rule) + (f"，还差{owed}课时" if owed else "") + say_clause(duty.clause)


def say_step(duty: Duty, today: dt.date, inform: bool = False) -> Step:
    """What is to be done, and until when if not today: ``家访〔依据 LC-14〕，9月10日（周三）前应完成``."""
    when = "" if duty.due == today else "前应完成" if duty.due < today else "到期"
    day = say_day(duty.due, today) if when else ""
    return Step(say_task(duty), day, when + (f"，由{ROLES[duty.owner]}办理" if inform else ""))


def say_steps(steps: Iterable[Step]) -> str:
    """Several in one line, what they have in common said once: tasks of one day together, and the days of one task."""
    steps = list(steps)
    if len(steps) == 1:  # most lines of a county's morning
        task, day, rest = steps[0]
        return _say_alike([task], f"{day}{rest}".lstrip("，"))
    days: dict[tuple[str, str], list[str]] = {}
    for task, day, rest in steps:
        days.setdefault((task, rest), []).append(day)
    alike: dict[str, list[str]] = {}
    for (task, rest), each in days.items():
        alike.setdefault(f"{'、'.join(filter(None, each))}{rest}".lstrip("，"), []).append(task)
    return "；".join(_say_alike(tasks, then) for then, tasks in alike.items())


def _say_alike(tasks: Sequence[str], then: str) -> str:
    these = f"以上{len(tasks)}项" if len(tasks) > 1 else ""
    return "；".join(tasks) + (f"，{these}{then}" if then else "")


def say_work(steps: Iterable[Step], others: Sequence[str] = ()) -> str:
    """What of a line follows whom it is about: what is to be done, and who else is told of it."""
    return f"：{say_steps(steps)}" + (f"。同时告知：{'、'.join(others)}" if others else "")


def say_ending(duty: Duty, name: str) -> str:
    """What ends the reminder."""
    answer = ANSWERS.get(duty.rule)
    how = f"直接发结果，例如：{answer.format(name=name)}" if answer else "发“待办”，再回“完成 序号”"
    return f"办完后{how}。记录一到，提醒就停。"


def say_otherwise(moment: dt.datetime, role: str) -> str:
    """What happens otherwise, and when."""
    return f"{OTHERWISE}{say_when(moment)}告知{ROLES[role]}"


def say_coming(due: dt.date, rules: Sequence[str]) -> str:
    """What falls due on a day ahead, in one line."""
    return f"接下来：{say_day(due)} {len(rules)}项（{'；'.join(dict.fromkeys(RULES[r] for r in rules))}）"


def say_digest(today: dt.date, sections: Sequence[tuple[str, int, Iterable[str]]], on_cards: int) -> Iterator[str]:
    """The head and the sections (title, how many, lines) of a digest; ``on_cards`` pupils have cards of their own."""
    yield f"{say_day(today)}的工作提醒"
    if on_cards:
        yield f"今天有{on_cards}名学生的工作到期，卡片随后发来，请在卡片上点结果。"
    for title, count, items in sections:
        yield f"【{title} {count}项】"
        yield from items


def say_mine(wait: Wait, world: World, today: dt.date) -> str:
    """A pupil who waits for the reader's own word: how long, and the words to send."""
    name, since = wait.pupil.name, f"{say_day(wait.asked.on)}登记，已等{wait.days(today)}天"
    return f"· {name}到{_name_of(wait, world)}就读，{since}：到校了请回“接收 {name} 几年级几班”，没到或不能接收请回“不接收 {name}，原因”"


def say_others(wait: Wait, world: World, today: dt.date) -> str:
    """What the reader waits for: whose word, and how long."""
    name, days = wait.pupil.name, f"已等{wait.days(today)}天"
    if wait.asked.kind is Kind.REFERRED:
        return f"· {name}转介{wait.of}，{days}没有答复"
    if wait.asked.kind is Kind.DONE:
        return f"· {name}的《核查函》（{wait.of}），{days}没有回复，请催问；回复之前仍按缺勤跟进"
    still = "确认之前仍由原校跟进" if wait.pupil.class_id else "确认之前请跟进到入学"
    return f"· {name}到{_name_of(wait, world)}就读，{days}，请{_name_of(wait, world)}确认；{still}"


def say_unproven(many: int) -> str:
    """How many children schooled elsewhere have no proof."""
    return f"· 在外就学{many}人还缺就读证明，发“在外就学名单”看是谁〔依据 FJ-3〕"


def _name_of(wait: Wait, world: World) -> str:
    unit = world.directory.units.get(wait.of)
    return unit.name if unit else wait.of


def say_card(
    subject: str,
    standing: str,
    name: str,
    duties: Sequence[Duty],
    today: dt.date,
    otherwise: str,
    others: Sequence[str],
) -> list[str]:
    """A card's content as a text, for clients that do not show cards."""
    lines = [f"{subject}{f'，{standing}' if standing else ''}。今天要办："]
    lines += [f"· {say_steps([say_step(d, today)])}" for d in duties]
    lines += [say_ending(duties[0], name), f"{otherwise}。" if otherwise else ""]
    lines.append(f"同时告知：{'、'.join(others)}。" if others else "")
    return [line for line in lines if line]


def say_late(duty: Duty, owners: str, known: Iterable[str]) -> Step:
    """One overdue duty as it goes up: what, owed by whom since when, and who knows of it."""
    owed = f"应由{owners or '（岗位无人）'}（{ROLES[duty.owner]}）在{say_day(duty.due)}完成"
    return Step(say_task(duty), "", f"{owed}，至今没有记录，已告知{'、'.join(known) or '（无人）'}")


def say_fulfilled(subject: str, duty: Duty, by: str, others: Iterable[str]) -> str:
    """That a report has been made, and who else hears of it."""
    told = "、".join(others)
    return f"{subject}的“{RULES[duty.rule]}”已由{by or ROLES[duty.owner]}完成{say_clause(duty.clause)}。" + (
        f"同时知会：{told}。" if told else ""
    )


def say_known(lines: Sequence[str], name: str) -> tuple[list[str], list[str]]:
    """Reports made, to those who are to know of them: the lines and what to do; ``name`` is the first pupil's."""
    if len(lines) == 1:
        return [f"知会：{lines[0]}"], [f"请按职责配合劝返；发“查 {name}”看详情。"]
    head = f"知会：以下{len(lines)}项已经上报，请按职责配合劝返。"
    return [head, *(f"· {line}" for line in lines)], [f"发“查 姓名”看详情，例如：查 {name}。"]


def say_gap(role: str, place: str, units: Sequence[str], stand_in: str) -> str:
    """To the administrator: a post is vacant, or one in several classes of a place, and who stands in."""
    instead = f"相关提醒暂时发给{stand_in}" if stand_in else "相关提醒暂时没有人收到"
    which = f"{place}{len(units)}个班（{shorten(units)}）" if len(units) > 1 else "".join(units)
    return f"{which}没有在岗的{ROLES[role]}，{instead}。"


def say_gaps(lines: Sequence[str]) -> str:
    """All vacant posts of which an administrator has not been told."""
    listed = lines[0] if len(lines) == 1 else "\n".join(["以下岗位没有人：", *(f"· {line}" for line in lines)]) + "\n"
    return f"{listed}请在“人员与岗位”里补上，补上后提醒自动发给新的负责人。"


def shorten(names: Sequence[str], most: int = 5) -> str:
    """The first names of a list, and how many there are where some are left out."""
    return "、".join(names[:most]) + (f"等{len(names)}个" if len(names) > most else "")


def ask_roll(class_name: str, today: dt.date, until: dt.time, officers: Sequence[str], beside: Sequence[str]) -> str:
    """Roll call of a class that has not answered yet: who hears of it at ``until``, and who is asked ``beside``."""
    text = f"{class_name}{say_day(today, today)}还没有点名。全班到齐请回“全勤”；有人没来请直接发姓名，例如：张三 缺勤。"
    text += f"到{until.hour}:{until.minute:02d}没有回复的，告知{'、'.join(officers)}。" if officers else ""
    return text + (f"同时问了{'、'.join(beside)}。" if beside else "")


def ask_roll_instead(rooms: Sequence[str], today: dt.date, beside: Sequence[str]) -> str:
    """To the school: silent classes in which nobody holds the class teacher's post, so that nobody else was asked."""
    return (
        f"{shorten(rooms)}现在没有在岗的班主任，{say_day(today, today)}还没有点名，请您安排人点名。到齐请回“{rooms[0]}全勤”；"
        "有人没来请直接发姓名，例如：张三 缺勤。已请管理员补上班主任。"
        + (f"同时问了{'、'.join(beside)}。" if beside else "")
    )


def ask_absent(name: str, class_name: str, day: int, aware: Sequence[str]) -> str:
    """Whether a pupil absent yesterday has come today, and who else knows that the pupil was absent."""
    return (
        f"{name}（{class_name}）到昨天已缺勤{day}天，今天到校了吗？请点一下，或回：{name} 返校 / {name} 缺勤 / {name} 请假。"
        + (f"{'、'.join(aware)}也知道。" if aware else "")
    )


def say_unanswered(today: dt.date, classes: Sequence[tuple[str, Sequence[str]]], of: int) -> list[str]:
    """To the school: which classes have not answered today's roll call, and who was asked."""
    if not classes:
        return [f"{say_day(today)}点名情况："]
    head = f"{say_day(today)}点名情况：{of}个班中有{len(classes)}个班还没有回复。"
    return [head, *(f"· {name}（{'、'.join(teachers) or '没有在岗的班主任'}）" for name, teachers in classes)]


def say_away(lines: Sequence[str]) -> list[str]:
    """To the school: who is missing since today or yesterday."""
    return [f"缺勤第1、2天的{len(lines)}人，请掌握情况：", *lines] if lines else []


def urge_roll(beside: Sequence[str]) -> list[str]:
    """What the school is to do about silent classes, and who else there was told."""
    return ["请督促班主任在今天中午12点前点名。" + (f"同时告知：{'、'.join(beside)}。" if beside else "")]


def say_unreachable(name: str, unlicensed: bool) -> str:
    """To the manager of a person whom WeChat Work cannot reach."""
    why = "账号没有许可" if unlicensed else "账号无效，或不在应用可见范围内"
    return f"{name}收不到本系统的提醒：企业微信{why}。请核对人员名册中的企业微信账号，并请企业微信管理员把此人加入应用可见范围。"


def say_settled(kind: str | None, by: str, day: dt.date | None) -> str:
    """What a card's buttons turn into once nothing is owed: ``王老师 9月10日已家访``."""
    if kind is None or day is None:
        return "已不需要办理"
    return f"{by} {day.month}月{day.day}日{DEEDS.get(kind) or ENDS.get(kind) or '已办理'}"

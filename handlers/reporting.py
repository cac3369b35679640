"""The monthly report in chat, and files on request. What is in a file is made elsewhere: here it is only asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from casework.facts import Fact, Kind
from casework.people import Unit
from casework.terms import say_clause, say_day
from handlers.desk import Desk, Said
from handlers.places import schools_in, scope_of_unit
from handlers.understanding.actions import Action

EXPORTS: Mapping[str, str] = {
    "age_ledger": "适龄儿童台账",
    "suspected_ledger": "疑似辍学台账",
    "dropout_ledger": "辍学台账",
    "special_ledger": "特殊群体台账",
    "monthly": "辍学学生情况统计表",
    "visit_form": "家访记录表",
    "persuasion_record": "劝返情况记录表",
    "notice_form": "劝学通知书",
    "dropout_report_form": "辍学报告书",
}
OF_PUPIL = ("visit_form", "persuasion_record", "notice_form", "dropout_report_form")


def report(desk: Desk, action: Action) -> Said:
    """月报 (show), 提交月报 and 零报告 (submit), 哪些学校没交 (progress)."""
    slots = action.slots
    month = str(slots.get("month") or f"{desk.today:%Y-%m}")
    step = slots.get("step") or ("submit" if slots.get("what") == "zero" else "show")
    if slots.get("what") in ("weekly", "quarterly"):
        return _round(desk, str(slots["what"]))
    if step == "progress":
        return progress(desk, month)
    schools = own_schools(desk)
    if not schools:
        return progress(desk, month)
    return Said("\n\n".join((_submit if step == "submit" else _show)(desk, school, month, slots) for school in schools))


def own_schools(desk: Desk) -> list[Unit]:
    """The schools for which the writer may report."""
    found = (desk.world.directory.units.get(p.unit) for p in desk.posts if p.role in ("school", "principal"))
    return [unit for unit in found if unit and unit.kind == "school"]


def figures(desk: Desk, school: Unit) -> dict[str, int]:
    """Today's counts of one school, from the same cases that the lists show."""
    scope = scope_of_unit(desk.world.directory, school.id)
    return dict(desk.work.cases.counts(scope, desk.today))


def _show(desk: Desk, school: Unit, month: str, slots: Mapping[str, Any]) -> str:
    counts = figures(desk, school)
    sent = submitted(desk, school, month)
    lines = [
        f"{school.name} {month} 月报" + (f"（已于{say_day(sent.on, desk.today)}提交）" if sent else "（草稿）"),
        _line(counts),
    ]
    lines += [f"· {name}" for name in _names(desk, school)]
    if contradictions := check(counts, bool(slots.get("what") == "zero")):
        lines += ["请先核对：", *(f"· {c}" for c in contradictions)]
    if not sent:
        lines.append("核对无误请回“提交本月月报”；没有疑似和辍学学生请回“零报告”。")
    return "\n".join(lines)


def _line(counts: Mapping[str, int]) -> str:
    words = (
        ("pupils", "在籍"),
        ("absent", "缺勤"),
        ("suspected", "疑似辍学"),
        ("dropout", "辍学"),
        ("observed", "返校跟踪"),
        ("on_leave", "请假"),
    )
    return "，".join(f"{word}{counts.get(key, 0)}人" for key, word in words)


def _names(desk: Desk, school: Unit) -> list[str]:
    scope = scope_of_unit(desk.world.directory, school.id)
    rows, _ = desk.work.cases.listing(scope, states=("suspected", "dropout"), limit=50)
    return [
        f"{row.pupil.name}（{row.class_name}）{'辍学' if row.case.state == 'dropout' else '疑似辍学'}，缺勤第{row.case.day}天"
        for row in rows
    ]


def check(counts: Mapping[str, int], zero: bool) -> list[str]:
    """What contradicts itself in a report; empty when it may be sent."""
    open_ = counts.get("suspected", 0) + counts.get("dropout", 0)
    return [f"还有{open_}名疑似或辍学学生，不能报零报告；请改发“提交本月月报”。"] if zero and open_ else []


def submitted(desk: Desk, school: Unit, month: str) -> Fact | None:
    """The standing report of that month, if there is one."""
    voided = {v for f in desk.work.cases.unit_facts(school.id, (Kind.VOID,)) for v in f.data["facts"]}
    facts = [
        f
        for f in desk.work.cases.unit_facts(school.id, (Kind.REPORT,))
        if f.data.get("month") == month and f.id not in voided
    ]
    return facts[-1] if facts else None


def _submit(desk: Desk, school: Unit, month: str, slots: Mapping[str, Any]) -> str:
    zero = slots.get("what") == "zero"
    if sent := submitted(desk, school, month):
        return f"{school.name} {month} 月报已于{say_day(sent.on, desk.today)}提交，不用重复提交。之后的变化会列入下月。"
    counts = figures(desk, school)
    problems = [] if desk.unattended else check(counts, zero)
    if problems:
        return "没有提交。" + "".join(problems)
    desk.work.cases.append([_report_fact(desk, school, month, zero, counts)])
    name = "零报告" if zero else "月报"
    return (
        f"已提交：{school.name} {month} {name}。{_line(counts)}。\n数字已冻结，以后的变化不会改动这份月报。"
        f"请发“导出月报”打印统计表，校长签名盖章后拍照发回{say_clause('LC-21')}。"
    )


def _report_fact(desk: Desk, school: Unit, month: str, zero: bool, counts: Mapping[str, int]) -> Fact:
    return Fact(
        desk.new_id(), Kind.REPORT, desk.today, desk.now, desk.writer.id, desk.role, unit=school.id,
        data={"month": month, "zero": zero, "figures": dict(counts)}, source=desk.source,
    )  # fmt: skip


def progress(desk: Desk, month: str) -> Said:
    """Which schools of the writer's scope have reported, and which have not (未报名单)."""
    schools = schools_in(desk.world.directory, desk.scope)
    sent = {school.id: submitted(desk, school, month) for school in schools}
    missing = [s.name for s in schools if not sent[s.id]]
    zero = sum(1 for f in sent.values() if f and f.data.get("zero"))
    done = len(schools) - len(missing)
    head = f"{month} 月报：共{len(schools)}所学校，已报{done}所（其中零报告{zero}所），未报{len(missing)}所。"
    if not missing:
        return Said(head)
    return Said(f"{head}\n未报：{'、'.join(missing[:40])}{'……' if len(missing) > 40 else ''}")


def _round(desk: Desk, what: str) -> Said:
    counts = desk.work.cases.counts(desk.scope, desk.today)
    since = desk.today - dt.timedelta(days=7 if what == "weekly" else 90)
    title = "本周核查" if what == "weekly" else "本季度复核"
    return Said(f"{title}（{say_day(since, desk.today)}至今）：{_line(counts)}。发“待劝返名单”看名单。")


def export(desk: Desk, action: Action) -> Said:
    """Ask for a file; it is made after the commit and arrives as a file in this chat."""
    what = str(action.slots.get("what", ""))
    if what not in EXPORTS:
        return Said("可以导出：" + "、".join(EXPORTS.values()) + "。例如：导出疑似辍学台账；打印 张三 家访表。")
    if what in OF_PUPIL and not action.students:
        return Said(f"请写明学生，例如：打印 张三 {EXPORTS[what]}。")
    pupils: list[str | None] = [m.candidates[0] for m in action.students] or [None]
    for pupil in pupils:
        desk.work.audit.note(desk.writer.id, "export", f"pupil:{pupil or what}", "chat")
    wanted = tuple({"what": what, "pupil": pupil, "month": action.slots.get("month")} for pupil in pupils)
    return Said(f"正在生成《{EXPORTS[what]}》，稍后作为文件发给您。", wanted)

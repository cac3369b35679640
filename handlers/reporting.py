"""The monthly report in chat, and files on request. What is in a file is made elsewhere: here it is only asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from casework.facts import Fact, Kind, voided_of
from casework.people import Unit
from casework.terms import say_clause, say_day, say_month
from handlers import papers, roundup
from handlers.answer import not_recorded
from handlers.desk import Desk, Said
from handlers.places import schools_in
from handlers.understanding.actions import Action

CLAUSES = {"LC-21": ("check",)}
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
    if slots.get("what") == "weekly":
        return roundup.week(desk).said()
    if slots.get("what") == "quarterly":
        return roundup.quarter(desk, str(slots.get("period", ""))).said()
    if step == "progress":
        return progress(desk, month)
    schools = own_schools(desk)
    if not schools:
        return progress(desk, month)
    act = _submit if step == "submit" else _show
    text = "\n\n".join(act(desk, school, month, slots.get("what") == "zero") for school in schools)
    return Said(text, refused=step == "submit" and not any(submitted(desk, school, month) for school in schools))


def own_schools(desk: Desk) -> list[Unit]:
    """The schools for which the writer may report."""
    found = (desk.world.directory.units.get(p.unit) for p in desk.posts if p.role in ("school", "principal"))
    return [unit for unit in dict.fromkeys(found) if unit and unit.kind == "school"]


MOST_CHANGES = 12
"""So many of a month's later changes fit a chat; the page has them all."""


def _show(desk: Desk, school: Unit, month: str, zero: bool) -> str:
    sent = submitted(desk, school, month)
    if sent is None:
        draft = desk.book.draft(desk.work, school.id, month)
        word = "“零报告”" if draft.zero else "“提交本月月报”"
        return f"{school.name}：{draft.text}\n核对无误请回{word}。"
    changed = desk.book.differences(desk.work, school.id, month)
    lines = [
        f"{school.name}{say_month(month)}月报已于{say_day(sent.on, desk.today)}提交{'（零报告）' if sent.data.get('zero') else ''}，数字已冻结。"
    ]
    scans = len(desk.work.evidence.of_facts([sent.id]).get(sent.id, ()))
    lines.append(say_halves(scans) + ("。" if scans else "。请打印统计表，校长签名盖章后拍照发回。"))
    if changed:
        lines += ["提交后又有变化（不改动已交的月报，列入下月）：", *changed[:MOST_CHANGES]]
    if len(changed) > MOST_CHANGES:
        lines.append(f"……另有{len(changed) - MOST_CHANGES}处，打开“月报”页面看全部。")
    return "\n".join(lines)


def say_halves(scans: int) -> str:
    """Which halves of a submitted month are here: the figures, frozen on submission, and the sealed scan (LC-21)."""
    return f"☑电子表　{f'☑盖章扫描件（{scans}份）' if scans else '□盖章扫描件'}"


def submitted(desk: Desk, school: Unit, month: str) -> Fact | None:
    """The standing report of that month, if there is one."""
    voided = voided_of(desk.work.cases.unit_facts(school.id, (Kind.VOID,)))
    facts = [
        f
        for f in desk.work.cases.unit_facts(school.id, (Kind.REPORT,))
        if f.data.get("month") == month and f.id not in voided
    ]
    return facts[-1] if facts else None


def _submit(desk: Desk, school: Unit, month: str, zero: bool) -> str:
    if sent := submitted(desk, school, month):
        return f"{school.name}{say_month(month)}月报已于{say_day(sent.on, desk.today)}提交，不用重复提交。之后的变化会列入下月。"
    draft = desk.book.draft(desk.work, school.id, month)
    if zero and not draft.zero and not desk.unattended:
        return (
            f"没有提交：{school.name}本月有疑似或辍学学生，不能报零报告。\n{draft.text}\n核对无误请回“提交本月月报”。"
        )
    digest = desk.book.submit(desk.work, school.id, month, desk.writer.id)
    fact = Fact(
        desk.new_id(), Kind.REPORT, desk.today, desk.now, desk.writer.id, desk.role, unit=school.id,
        data={"month": month, "zero": zero or draft.zero, "hash": digest}, source=desk.source,
    )  # fmt: skip
    desk.work.cases.append([fact])
    return (
        f"已提交{'零报告' if zero or draft.zero else ''}。{school.name}：{draft.text.splitlines()[0].replace('草稿', '')}\n"
        f"数字已冻结，以后的变化不会改动这份月报。请发“导出月报”打印统计表，校长签名盖章后拍照发回{say_clause('LC-21')}。"
    )


def progress(desk: Desk, month: str) -> Said:
    """Which schools of the writer's scope have reported, and which have not (未报名单)."""
    schools = schools_in(desk.world.directory, desk.scope)
    sent = {school.id: submitted(desk, school, month) for school in schools}
    missing = [s.name for s in schools if not sent[s.id]]
    zero = sum(1 for f in sent.values() if f and f.data.get("zero"))
    done = len(schools) - len(missing)
    head = f"{say_month(month)}月报：共{len(schools)}所学校，已报{done}所（其中零报告{zero}所），未报{len(missing)}所。"
    unsealed = without_scan(desk, sent)
    lines = [head]
    if missing:
        lines.append(f"未报：{_some(missing)}{'。按本县规定视为0，与已报的零报告分开' if _silent(desk, month) else ''}")
    if unsealed:
        lines.append(f"已报、还缺盖章扫描件：{_some(unsealed)}")
    return Said("\n".join(lines))


def without_scan(desk: Desk, sent: Mapping[str, Fact | None]) -> list[str]:
    """The names of the schools whose report is here and whose sealed scan is not; ``sent``: each school's report."""
    scans = desk.work.evidence.of_facts([fact.id for fact in sent.values() if fact])
    units = desk.world.directory.units
    return [units[school].name for school, fact in sent.items() if fact and not scans.get(fact.id)]


def halves(desk: Desk, sent: Fact) -> str:
    """Which halves of that submitted month are here."""
    return say_halves(len(desk.work.evidence.of_facts([sent.id]).get(sent.id, ())))


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:40]) + ("……" if len(names) > 40 else "")


def _silent(desk: Desk, month: str) -> bool:
    """Whether the county's rule has closed a month of which nothing was heard as 0 (XY-42)."""
    last = (dt.date.fromisoformat(f"{month}-28") + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    rule = desk.world.policy.rule("monthly_report", last)
    return rule is not None and bool(rule.values.get("silent")) and desk.today > last


def export(desk: Desk, action: Action) -> Said:
    """Ask for a file; it is made after the commit and arrives as a file in this chat."""
    what = str(action.slots.get("what", ""))
    title = EXPORTS.get(what) or papers.TITLES.get(what)
    if title is None:
        named = "、".join([*EXPORTS.values(), *papers.TITLES.values()])
        return Said(f"可以导出：{named}。例如：导出疑似辍学台账；打印 张三 劝返材料。")
    if (what in OF_PUPIL or what in papers.OF_PUPIL) and not action.students:
        return not_recorded(f"请写明学生，例如：打印 张三 {title}。")
    if what in papers.OF_COMPARISON:
        return Said(f"《{title}》{papers.OF_COMPARISON_HOW}")
    pupils: list[str | None] = [m.candidates[0] for m in action.students] or [None]
    for pupil in pupils:
        desk.work.audit.note(desk.writer.id, "export", f"pupil:{pupil or what}", "chat")
    wanted = tuple({"what": what, "pupil": pupil, "month": action.slots.get("month")} for pupil in pupils)
    return Said(f"正在生成《{title}》，稍后作为文件发给您。", wanted)

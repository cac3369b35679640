"""The columns that ledgers are made of: head, width in characters, and how the value comes from an entry.

After requirements.md part D and forms.md F01; ``ledgers.yaml`` says which ledger has which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from casework.access import mask
from casework.terms import HELP, LEAVES, LEDGERS, STATES
from reports.form_values import ATTEMPTS
from reports.inputs import Cell, Entry, Event
from reports.wording import KINDS, mask_name, say_groups, say_outcome, say_reason, say_way

LEFT_BY = ("transfer_out", "suspend", "defer", "graduated")
WEEK = 7
LAST_PRIMARY = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a ledger."""

    head: str
    width: float
    value: Callable[[Entry], Cell]


def attempts(entry: Entry) -> list[Event]:
    """Contacts and visits of this absence, in order of days."""
    since = entry.case.since
    return sorted(
        (e for e in entry.events if e.kind in ATTEMPTS and (since is None or e.on >= since)), key=lambda e: e.on
    )


def efforts(entry: Entry) -> list[Event]:
    """Those up to the return: what comes after it is a follow-up."""
    back = entry.case.returned
    return [e for e in attempts(entry) if back is None or e.on <= back]


def last(entry: Entry, kind: str) -> Event | None:
    """The latest event of a kind."""
    return max((e for e in entry.events if e.kind == kind), key=lambda e: e.on, default=None)


def _of_last(kind: str, part: Callable[[Event], Cell]) -> Callable[[Entry], Cell]:
    def value(entry: Entry) -> Cell:
        event = last(entry, kind)
        return part(event) if event else ""

    return value


def _last_attempt(part: Callable[[Event], Cell]) -> Callable[[Entry], Cell]:
    def value(entry: Entry) -> Cell:
        done = attempts(entry)
        return part(done[-1]) if done else ""

    return value


def _count(kind: str) -> Callable[[Entry], Cell]:
    return lambda entry: sum(e.kind == kind for e in efforts(entry))


def _contact_log(entry: Entry) -> str:
    return "；".join(
        f"{e.on:%m-%d}{say_way(e.kind, e.way)}{f'（{say_outcome(e.outcome)}）' if e.outcome else ''}"
        for e in attempts(entry)[-6:]
    )


def _closing(entry: Entry) -> dt.date | None:
    """The day a returned pupil's case was closed: back in school, and no longer followed."""
    return entry.case.returned if entry.case.state == "in_school" else None


def _done(*rules: str) -> Callable[[Entry], Cell]:
    """The last day on which one of these duties was done in this absence."""

    def value(entry: Entry) -> Cell:
        since = entry.case.since
        days = [e.on for e in entry.events if e.kind == "done" and e.way in rules and (since is None or e.on >= since)]
        return max(days, default="")

    return value


def _source(entry: Entry) -> str:
    """How the pupil came onto the register."""
    kinds = {e.kind for e in entry.events}
    return next((KINDS[kind] for kind in ("found", "transfer_in") if kind in kinds), "学籍名册")


def _help_log(entry: Entry) -> str:
    """What was done for the pupil: day, kind and words; of talks in confidence nothing but the day."""
    given = sorted((e for e in entry.events if e.kind == "work" and e.what), key=lambda e: e.on)
    return "；".join(f"{e.on:%m-%d}{e.what}{'' if e.what == HELP['talk'] else f'（{e.text}）'}" for e in given[-6:])


def _proof(entry: Entry) -> str:
    """What is on record that a dropout rests on: the records of persuasion, the notice served, files sent with it."""
    found, notice = last(entry, "dropout"), last(entry, "notice")
    if found is None:
        return ""
    tried = sum(e.on <= found.on for e in efforts(entry))
    served = "《劝学通知书》" if notice and notice.on <= found.on else ""
    return "、".join(filter(None, [f"劝返记录{tried}次" if tried else "", served, *found.files]))


def _state(entry: Entry) -> str:
    """Where the case stands; of a pupil who has left by what: 转出, 休学, 缓学."""
    return (_left(entry) if entry.case.state == "left" else "") or STATES.get(entry.case.state, "")


def _public_state(entry: Entry) -> str:
    """Where the case stands as it may be shown to everybody: nothing of illness, disability or absences of a few days (XY-38)."""
    returned = "已劝返，在读" if entry.case.state == "observed" else "在读"
    return {"suspected": "正在劝返", "dropout": "正在劝返", "left": "已离校"}.get(entry.case.state, returned)


def _left(entry: Entry) -> str:
    return next((KINDS[e.kind] for e in reversed(entry.events) if e.kind in LEFT_BY), "")


def _attending(entry: Entry) -> str:
    if entry.pupil.attending and entry.case.state in ("in_school", "home_taught"):
        return entry.pupil.attending
    return _state(entry)


def _register(entry: Entry) -> str:
    """Whether the pupil stands in the register of schools; blank where no 学籍号 is known, for a person to look up."""
    if entry.case.state == "left":
        return _left(entry)
    return "在籍" if entry.pupil.student_no else ""


def _leave_visit(entry: Entry) -> Cell:
    """The first visit from the eighth day of the leave on (FN-17)."""
    begun = next((e.on for e in entry.events if e.kind == "leave"), None)
    days = [e.on for e in entry.events if e.kind == "visit" and begun and (e.on - begun).days >= WEEK]
    return min(days, default="")


COLUMNS = {
    "township": Column("乡镇", 7, lambda e: e.pupil.township),
    "village": Column("村（社区）", 8, lambda e: e.pupil.village),
    "school": Column("学校", 15, lambda e: e.pupil.school),
    "class": Column("年级班级", 10.5, lambda e: e.pupil.class_name),
    "name": Column("姓名", 7, lambda e: e.pupil.name),
    "masked_name": Column("姓名", 7, lambda e: mask_name(e.pupil.name)),
    "sex": Column("性别", 4, lambda e: e.pupil.sex),
    "born": Column("出生日期", 10.5, lambda e: e.pupil.born),
    "ethnicity": Column("民族", 5, lambda e: e.pupil.ethnicity),
    "id": Column("身份证号", 11, lambda e: mask(e.pupil.id_number)),
    "full_id": Column("身份证号", 11, lambda e: e.pupil.id_number),
    "student_no": Column("学籍号", 11, lambda e: mask(e.pupil.student_no)),
    "full_student_no": Column("学籍号", 11, lambda e: e.pupil.student_no),
    "household": Column("户籍类别", 5, lambda e: e.pupil.household),
    "household_address": Column("户籍地址", 13, lambda e: e.pupil.household_address),
    "address": Column("现住址", 13, lambda e: e.pupil.address),
    "guardian": Column("监护人", 7, lambda e: e.pupil.guardian),
    "relation": Column("关系", 5, lambda e: e.pupil.relation),
    "phone": Column("联系电话", 12, lambda e: e.pupil.phone),
    "groups": Column("重点群体", 9, lambda e: say_groups(e.pupil.groups)),
    "all_groups": Column("重点群体", 9, lambda e: say_groups(e.pupil.groups, all_of_them=True)),
    "entered": Column("入学年月", 10.5, lambda e: e.pupil.entered),
    "attending": Column("就读状态", 6, _attending),
    "register": Column("学籍状态", 6, _register),
    "listed": Column("列入疑似日期", 10.5, lambda e: e.listed),
    "elsewhere": Column("就读地点和学校", 10, lambda e: e.pupil.place_elsewhere),
    "proof": Column("佐证材料", 8, lambda e: e.pupil.proof),
    "helper": Column("包联人", 7, lambda e: e.pupil.helper),
    "owner": Column("责任人", 7, lambda e: e.pupil.owner),
    "aid": Column("资助情况", 8, lambda e: e.pupil.aid),
    "state": Column("目前状态", 7, _state),
    "stage": Column(
        "学段", 6, lambda e: "" if e.pupil.grade is None else "小学" if e.pupil.grade <= LAST_PRIMARY else "初中"
    ),
    "public_state": Column("就学和劝返情况", 12, _public_state),
    "ledger": Column("所在台账", 8, lambda e: LEDGERS.get(e.case.ledger, "")),
    "since": Column("缺勤起始日", 10.5, lambda e: e.case.since),
    "days": Column("缺勤天数", 5, lambda e: e.case.day or ""),
    "unverified": Column("其中未核实", 5, lambda e: e.case.unverified or ""),
    "reason": Column("原因", 10, lambda e: say_reason(e.case.reason_code, e.case.reason)),
    "whereabouts": Column("去向", 9, lambda e: e.pupil.whereabouts),
    "contacts": Column("联系次数", 5, _count("contact")),
    "visits": Column("家访次数", 5, _count("visit")),
    "attempts": Column("劝返次数", 5, lambda e: len(efforts(e))),
    "log": Column("联系和劝返情况", 20, _contact_log),
    "first_contact": Column("首次联系", 10.5, lambda e: attempts(e)[0].on if attempts(e) else ""),
    "last_contact": Column("最近联系", 10.5, lambda e: e.case.last_contact),
    "last_outcome": Column("最近结果", 7, _last_attempt(lambda e: say_outcome(e.outcome))),
    "last_text": Column("最近情况", 16, _last_attempt(lambda e: e.text)),
    "notice_no": Column("劝学通知书文号", 9, _of_last("notice", lambda e: e.number)),
    "notice_on": Column("送达日期", 10.5, _of_last("notice", lambda e: e.on)),
    "dropout_on": Column("认定日期", 10.5, _of_last("dropout", lambda e: e.on)),
    "dropout_proof": Column("认定材料", 9, _proof),
    "promised": Column("约定返校", 10.5, lambda e: e.case.promised),
    "returned": Column("返校日期", 10.5, lambda e: e.case.returned),
    "return_way": Column("返校方式", 7, _of_last("return", lambda e: e.text)),
    "closed": Column("销号日期", 10.5, _closing),
    "leave_kind": Column("请假类型", 8, _of_last("leave", lambda e: LEAVES.get(e.way, e.way))),
    "leave_from": Column("起始日期", 11, _of_last("leave", lambda e: e.on)),
    "leave_to": Column("截止日期", 11, _of_last("leave", lambda e: e.ends)),
    "leave_reason": Column("事由", 18, _of_last("leave", lambda e: e.text)),
    "leave_proof": Column("证明", 12, _of_last("leave", lambda e: "、".join(e.files))),
    "leave_by": Column("批准（登记）人", 10, _of_last("leave", lambda e: e.who)),
    "leave_visit": Column("满一周后家访", 11, _leave_visit),
    "leave_back": Column("销假日期", 11, lambda e: _came_back(e)),
    "change": Column("异动类别", 9, lambda e: KINDS.get(_change(e).kind, "") if _has_change(e) else ""),
    "change_on": Column("异动日期", 11, lambda e: _change(e).on if _has_change(e) else ""),
    "change_place": Column("来处（去处）", 16, lambda e: _change(e).place if _has_change(e) else ""),
    "change_proof": Column("证明材料", 16, lambda e: "、".join(_change(e).files) if _has_change(e) else ""),
    "change_by": Column("登记（核实）人", 9, lambda e: _change(e).who if _has_change(e) else ""),
    "lessons": Column("送教课时", 6, lambda e: sum(x.lessons for x in e.events if x.kind == "teach")),
    "source": Column("来源", 8, _source),
    "judged": Column("研判核对", 10.5, _done("suspected_review")),
    "reported": Column("报告日期", 10.5, _done("outside_report", "dropout_notify", "dropout_report")),
    "helped": Column("帮扶记录", 16, _help_log),
    "basis": Column("依据文件", 9, lambda e: ""),
    "sign": Column("签收（签字）", 12, lambda e: ""),
    "remark": Column("备注", 7, lambda e: ""),
}
CHANGES = ("transfer_in", "transfer_out", "suspend", "resume", "dropout", "defer")


def changes(entry: Entry) -> list[Event]:
    """The changes of register of one pupil: the register of changes has one line for each (XY-16)."""
    return sorted((e for e in entry.events if e.kind in CHANGES), key=lambda e: e.on)


def leaves(entry: Entry) -> list[tuple[Event, ...]]:
    """Each leave with what followed it until the next one: the register of leaves has one line for each (FN-32)."""
    events = sorted(entry.events, key=lambda e: (e.on, str(e.at or "")))
    starts = [n for n, e in enumerate(events) if e.kind == "leave"]
    return [tuple(events[n:m]) for n, m in zip(starts, [*starts[1:], len(events)], strict=True)]


def _came_back(entry: Entry) -> Cell:
    """The day on which a leave was ended: the first return after it."""
    begun = next((e.on for e in entry.events if e.kind == "leave"), None)
    back = [e.on for e in entry.events if e.kind in ("return", "resume") and begun and e.on >= begun]
    return min(back, default="")


def _has_change(entry: Entry) -> bool:
    return bool(changes(entry))


def _change(entry: Entry) -> Event:
    return changes(entry)[-1]

"""The Chinese sentences of the chat: plain, short, polite, and each says what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casework.case import AWAY, Case, Duty
from casework.facts import Fact, Kind
from casework.terms import (
    CHANNELS,
    GROUPS,
    HELP,
    LEAVES,
    LEDGERS,
    MEETINGS,
    OUTCOMES,
    PLACEMENTS,
    REASONS,
    ROLES,
    RULES,
    STATES,
    WORK,
    say_clause,
    say_day,
    say_month,
)  # fmt: skip
from handlers.together import wanting

CANCEL = "取消"
NOT_REGISTERED = "您还没有登记在本系统里。请联系县教育局管理员，把您的企业微信账号加进教职工名单。"
FIRST_THIS = "这句话没有记录。请先回答上一个问题，或回“取消”再发："
CANCELLED = "好的，这一步取消了，没有记录任何内容。"
ANSWERED = "这个问题刚才已经回答过了，没有重复记录。"
NOTHING_OPEN = "现在没有需要回答的问题。发“待办”可以看要做的事。"
NOT_ASKED = "现在没有等您回答的问题，这条没有记录。要记情况请写出姓名和事情；要看该做什么请发“待办”。"
NOTHING_TO_UNDO = "最近一周没有您可以撤销的记录。发“查 姓名”可以看这名学生的全部记录。"
VOICE = "收到语音，但我听不了语音。请按住键盘上的话筒，用语音输入转成文字再发一次。"
LOCATION = "收到位置。请再发一句话说明是哪名学生的家访，例如：家访 张三 家中无人。"
SEND_AGAIN = "请重新发正确的内容。"
STRUCK_OUT = "返校后的回访都做完了，已经销号，移出台账。"
UNDO_HINT = "发错了请回“撤销”。"


def unknown_pupil(names: Sequence[str]) -> str:
    """The same words for a pupil who does not exist and for one outside the writer's scope (faults 37)."""
    who = "、".join(f"“{name}”" for name in names if name.removesuffix("家") not in {*names} - {name}) or "这名学生"
    return f"在您负责的范围里没有找到{who}，没有记录。请核对姓名后再发一次；转来的新生请发：某某从某地转入我班。"


def not_understood(examples: Sequence[str]) -> str:
    return f"这句话我没看懂，没有记录，已留给管理员看。可以这样发：{'｜'.join(examples)}\n发“帮助”看全部说法。"


def say_fact(fact: Fact, today: dt.date | None) -> str:
    """One fact as it stands in a reply or in the history of a case, without the pupil's name; with no ``today``, no 昨天."""
    data = fact.data
    if fact.kind is Kind.CLOSURE:
        days = "停课" if data["to"] == fact.on.isoformat() else f"起停课，到{_iso(data['to'], today)}"
        return days + (f"（{data['reason']}）" if data.get("reason") else "")
    if fact.kind is Kind.TEACHING:
        return _teaching(fact, today)
    if fact.kind is Kind.LEAVE:
        return _noted(_leave(fact, today), data)
    if fact.kind is Kind.ABSENCE and data.get("start") == fact.on.isoformat():
        return _noted("缺勤", data)
    words: str = _FACT_WORDS[fact.kind](data, today)
    return _noted(words, data, said=fact.kind in (Kind.CONTACT, Kind.VISIT) and _by_note(data))


def _noted(words: str, data: Mapping[str, Any], said: bool = False) -> str:
    """The words with what was written beside them; ``said``: the note stands in them already."""
    notes = [str(data[key]) for key in (("reason",) if said else ("reason", "note")) if data.get(key)]
    return words + (f"（{'；'.join(notes)}）" if notes else "")


def _teaching(fact: Fact, today: dt.date | None) -> str:
    """Days taught besides, or 大小周."""
    if fact.data.get("off"):
        return "起不再实行大小周"
    if fact.data.get("every"):
        return f"起实行大小周，每{fact.data['every']}周上一次课"
    return "补课" if fact.data["to"] == fact.on.isoformat() else f"起补课，到{_iso(fact.data['to'], today)}"


def _iso(value: Any, today: dt.date | None) -> str:
    return say_day(dt.date.fromisoformat(str(value)), today)


def _absence(data: Mapping[str, Any], today: dt.date | None) -> str:
    return "缺勤" + (f"，从{_iso(data['start'], today)}算起" if data.get("start") else "")


def _leave(fact: Fact, today: dt.date | None) -> str:
    kind = LEAVES.get(str(fact.data.get("kind")), "请假")
    return f"{kind}1天" if fact.data["to"] == fact.on.isoformat() else f"{kind}，到{_iso(fact.data['to'], today)}"


def _contact(data: Mapping[str, Any], today: dt.date | None) -> str:
    how = CHANNELS.get(str(data.get("channel")), "")
    return f"{how}联系：{_came_of_it(data)}{_promise(data, today)}"


def _visit(data: Mapping[str, Any], today: dt.date | None) -> str:
    return f"家访：{_came_of_it(data)}{_promise(data, today)}"


def _came_of_it(data: Mapping[str, Any]) -> str:
    """The outcome; of one that has no word of its own the note says it."""
    return str(data["note"]) if _by_note(data) else OUTCOMES.get(str(data.get("outcome")), "其他情况")


def _by_note(data: Mapping[str, Any]) -> bool:
    return data.get("outcome") in (None, "other") and bool(data.get("note"))


def _promise(data: Mapping[str, Any], today: dt.date | None) -> str:
    return f"，答应{_iso(data['return_on'], today)}返校" if data.get("return_on") else ""


def _coded(word: str) -> Any:
    def say(data: Mapping[str, Any], today: dt.date | None) -> str:
        code = REASONS.get(str(data.get("reason_code")), "")
        tail = f"，到{_iso(data['until'], today)}" if data.get("until") else ""
        tail += "，手续未齐，暂不生效" if data.get("pending") else ""
        return word + (f"，{code}" if code and not data.get("reason") else "") + tail

    return say


def _place(word: str, joint: str) -> Any:
    def say(data: Mapping[str, Any], today: dt.date | None) -> str:
        if data.get("graduated"):
            return "初中毕业"
        where = f"{joint}{data['place']}" if data.get("place") else ""
        return word + where + ("，等对方确认" if data.get("pending") else "")

    return say


def _teach(data: Mapping[str, Any], today: dt.date | None) -> str:
    lessons, minutes = data.get("lessons"), data.get("minutes")
    return (
        "送教"
        + (f"{lessons}课时" if lessons else "")
        + ("，共" if lessons and minutes else "")
        + (f"{minutes}分钟" if minutes else "")
    )


def _whose_reply(data: Mapping[str, Any]) -> str:
    return "，代录" if data.get("proxy") else "，部门在网上填写" if data.get("link") else ""


_FACT_WORDS: Mapping[Kind, Any] = {
    Kind.ABSENCE: _absence,
    Kind.ALL_PRESENT: lambda d, t: "全班到齐",
    Kind.CONTACT: _contact,
    Kind.VISIT: _visit,
    Kind.RETURN: lambda d, t: "返校",
    Kind.PROPOSED: _coded("提请认定辍学"),
    Kind.DROPOUT: _coded("认定辍学"),
    Kind.NOTICE: lambda d, t: "《劝学通知书》" + ("拒收" if d.get("refused") else "已送达"),
    Kind.TRANSFER_OUT: _place("转出", "到"),
    Kind.TRANSFER_REFUSED: lambda d, t: "接收学校不接收转入",
    Kind.TRANSFER_IN: _place("转入", "，来自"),
    Kind.SUSPEND: _coded("休学"),
    Kind.DEFER: _coded("缓学"),
    Kind.STRUCK: lambda d, t: "移出名册",
    Kind.TEACH: _teach,
    Kind.FOUND: lambda d, t: "摸排发现失学" + (f"，{d['age']}岁" if d.get("age") else "") + (f"，{d['place']}" if d.get("place") else ""),
    Kind.ENROLLED: lambda d, t: "已安排入学",
    Kind.PLACED: lambda d, t: f"安置：{PLACEMENTS.get(str(d.get('way')), '')}{d.get('place') or ''}",
    Kind.MARK: lambda d, t: ("取消标注" if d.get("off") else "标注") + GROUPS.get(str(d.get("group")), str(d.get("group"))),
    Kind.ASSIGN: lambda d, t: f"包联人：{d.get('name') or d.get('to')}",
    Kind.PLATFORM_FLAG: lambda d, t: "国家平台标为疑似辍学",
    Kind.NOT_REGISTERED: lambda d, t: "未按通知书报到",
    Kind.NOT_RETURNED: lambda d, t: "开学未返校",
    Kind.NOT_HANDED_OVER: lambda d, t: "小升初未移交",
    Kind.DONE: lambda d, t: f"已完成：{RULES.get(str(d.get('rule')), d.get('rule'))}{_whose_reply(d)}",
    Kind.REFERRED: lambda d, t: f"转介{d['department']}",
    Kind.REPLIED: lambda d, t: ("办理进展" if d.get("interim") else "转介的答复") + _whose_reply(d),
    Kind.WORK: lambda d, t: MEETINGS.get(str(d.get("meeting"))) or {**WORK, **HELP}.get(str(d.get("what")), "工作") + "，".join(("", *(str(d[k]) for k in ("place", "proof", "said") if d.get(k)))),
    Kind.REPORT: lambda d, t: f"提交{say_month(str(d.get('month', '')))}{'零报告' if d.get('zero') else '月报'}",
    Kind.VOID: lambda d, t: "撤销记录",
}  # fmt: skip


def say_state(case: Case, today: dt.date) -> str:
    """``疑似辍学，缺勤第3天（从3月10日（周一）起）`` and what else is to be known at a glance."""
    plain = case.state == "absent" or (case.state == "on_leave" and case.leave_to)  # said by what follows
    parts = [] if plain else [STATES[case.state]]
    if case.day:
        since = f"（从{say_day(case.since, today)}起）" if case.since else ""
        parts.append(f"缺勤第{case.day}天{since}")
    if case.unverified:
        parts.append(f"其中{case.unverified}天无人报告，按未返校推定")
    if case.leave_to and case.state == "on_leave":
        over = "，已到期，还没报返校" if case.leave_to < today else ""
        parts.append(f"请假到{say_day(case.leave_to, today)}{over}")
    if case.promised and case.state in AWAY:
        over = "，还没返校" if case.promised < today else ""
        parts.append(f"家长答应{say_day(case.promised, today)}返校{over}")
    if case.pending:
        parts.append(_PENDING.get(case.pending, "手续未齐，等待办理"))
    if case.ledger != "age":
        parts.append(f"在{LEDGERS[case.ledger]}")
    return "，".join(parts)


_PENDING = {"dropout": "已提请认定辍学，等学校确认", "transfer_out": "已登记转出，等接收方确认或手续办齐"}


def say_duty(duty: Duty, today: dt.date, pupil: str = "", owner: bool = True, still: str = "") -> str:
    """``3月14日（周五）前 家访（班主任）〔依据 LC-14〕``; ``still``: what it still wants."""
    when = f"已逾期，应在{say_day(duty.due, today)}前" if duty.overdue(today) else f"{say_day(duty.due, today)}前"
    name = f"{pupil} " if pupil else ""
    role = f"（{ROLES.get(duty.owner, duty.owner)}）" if owner else ""
    note = f"（{still}）" if still else ""
    return f"{name}{when} {RULES.get(duty.rule, duty.rule)}{_figures(duty)}{role}{say_clause(duty.clause)}{note}"


def _figures(duty: Duty) -> str:
    owed = duty.hint.get("lessons_owed")
    return f"，还差{owed}课时" if owed else ""


def say_next(
    duties: Iterable[Duty], today: dt.date, mine: str, limit: int = 3, facts: Sequence[Fact] = ()
) -> list[str]:  # fmt: skip
    """What is due next: the reader's own duties first, then the earliest of others; ``facts``: what is recorded of the pupil."""
    ordered = sorted(duties, key=lambda d: (mine not in d.who, d.due, d.rule))
    lines = [f"· {say_duty(d, today, still=wanting(d, facts))}" for d in ordered[:limit]]
    return lines + ([f"· 另有{len(ordered) - limit}项，发“待办”查看"] if len(ordered) > limit else [])


def number(options: Sequence[str], question: str) -> str:
    """A numbered choice; the talk takes a number, a name, a class or 第一个."""
    lines = [question] + [f"{n}. {option}" for n, option in enumerate(options, 1)]
    return "\n".join([*lines, f"请回数字；不记了请回“{CANCEL}”。"])

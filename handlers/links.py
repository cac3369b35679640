"""Dated links for departments without the app: given out and taken back by the county, and what a department writes there.

给民政链接 · 给民政链接，到9月30日 · 收回民政链接 · 部门链接. The link opens one page, with that department's own items (FN-22,
FJ-7, FJ-10); what it writes there stands in the case as its own word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from casework.access import ACTIONS, DEPARTMENT
from casework.facts import Fact, Kind
from casework.people import COUNTY
from casework.scope import Scope
from casework.terms import REASONS, RULES, say_day
from casework.timeline import CLOSING_REASONS, standing
from handlers.answer import not_recorded
from handlers.command import LOOK, Command, command
from handlers.departments import BUREAU, EXPERTS, NAMED, Asked, asked, named
from handlers.desk import LINK, Desk, Link, Said
from handlers.hand import Hand
from handlers.listed import Item, Listing, Part
from handlers.telling import Notice, mark_answered, notify
from handlers.understanding import dates

CLAUSES = {"FN-22": ("record",), "FJ-10": ("record",), "FJ-9": ("record",)}
OPEN_FOR = dt.timedelta(days=30)  # where the clerk names no day
LONGEST = dt.timedelta(days=180)
EVERYWHERE = Scope(everything=True)
SETTLED, NOT_SO, UNDERWAY = "settled", "not_so", "underway"


def results(department: str, closing: bool) -> Mapping[str, str]:
    """What an answer may be: settled, not as the record has it (where that would end the case), or still under way."""
    if closing:
        return {SETTLED: "已核实，属实", NOT_SO: "已核实，不属实", UNDERWAY: "还在办理，先说明进展"}
    done = "专家组已有意见" if department in EXPERTS else "已办结"
    return {SETTLED: done, UNDERWAY: "还在办理，先说明进展"}


def _give(desk: Desk, found: re.Match[str]) -> Said | None:
    department = named(found["department"])
    until = dates.resolve(found["until"], desk.now, dates.COMING, desk.days) if found["until"] else None
    if department is None:
        return None
    if found["until"] and until is None:
        return not_recorded(
            f"没有看懂有效到哪天，没有发链接。请写日期，例如：给{department}链接，到{_day(desk, OPEN_FOR)}。"
        )
    return give(desk, department, until or desk.today + OPEN_FOR)


def give(desk: Desk, department: str, until: dt.date) -> Said:
    """A new link of that department, said once; its former links open no more."""
    if not desk.reader.may("department_link"):
        return not_recorded("部门链接由县教育局发出，没有发链接。请告诉县教育局。")
    if not desk.today <= until <= desk.today + LONGEST:
        return not_recorded(
            f"链接最长有效{LONGEST.days}天（到{_day(desk, LONGEST)}），没有发链接。请改日期再发一次，例如：给{department}链接，到{_day(desk, OPEN_FOR)}。"
        )
    token = desk.work.links.give(department, until, desk.writer.id)
    desk.work.audit.note(
        desk.writer.id, "link_given", "", "chat", {"department": department, "until": until.isoformat()}
    )
    many = len(asked(desk, EVERYWHERE, department))
    return Said(
        f"{department}的链接，有效到{say_day(until, desk.today)}：\n{LINK}\n打开只看到交{department}办理的事项（现在{many}件），可以直接填答复，不用登录。"
        f"请只发给{department}的经办人；不再需要请发：收回{department}链接。以前发过的{department}链接已作废。没收到地址请再发一次。",
        link=f"/m/d/{token}",
    )


def _day(desk: Desk, ahead: dt.timedelta) -> str:
    day = desk.today + ahead
    return f"{day.month}月{day.day}日"


def _revoke(desk: Desk, found: re.Match[str]) -> Said | None:
    department = named(found["department"])
    return revoke(desk, department) if department else None


def revoke(desk: Desk, department: str) -> Said:
    """The department's link opens no more."""
    if not desk.reader.may("department_link"):
        return Said("部门链接由县教育局收回。请告诉县教育局。")
    if not desk.work.links.revoke(department):
        return Said(f"{department}现在没有有效的链接。要发请发：给{department}链接。")
    desk.work.audit.note(desk.writer.id, "link_revoked", "", "chat", {"department": department})
    return Said(f"已收回{department}的链接，从现在起打不开了。{department}已经填写的答复都保留。")


def given(desk: Desk) -> Listing:
    """The links that open today, each with what its department still owes."""
    valid = desk.work.links.valid()
    if not valid:
        return Listing("现在没有有效的部门链接。", then="要发请发：给民政链接，到月底。")
    items = []
    for link in valid:
        person = desk.work.people.person(link.by)
        many = len(asked(desk, EVERYWHERE, link.department))
        by = f"，{person.name}发出" if person else ""
        items.append(Item(f"{link.department}：有效到{say_day(link.until, desk.today)}{by}，等答复{many}件"))
    return Listing(f"有效的部门链接{len(items)}个：", [Part(items)], "不再需要请发：收回民政链接。")


# -- what the department does there ------------------------------------------------------------


def signed(link: Link) -> str:
    """By whom the department's words stand in the record; no userid can look like it."""
    return f"{link.department}（凭链接）"


def own_answers(desk: Desk, link: Link) -> list[Fact]:
    """What the department wrote by this link, the newest first."""
    told = standing(desk.work.cases.recent_by(signed(link), link.at))
    return sorted((f for f in told if f.pupil), key=lambda f: (f.at, f.id), reverse=True)


def answer(desk: Desk, link: Link, one: Asked, result: str, who: str, words: str) -> str:
    """Write the department's answer down as its own and tell those who wait for it; what the department reads then."""
    said = "核实不属实：" if result == NOT_SO else ""
    note = f"{link.department}回复（{who}）：{said}{words}"
    marks = {"note": note, "department": link.department, "link": link.id}
    hand = _hand(desk, link, one.pupil.class_id)
    if result == SETTLED and one.duty:
        fact = hand.fact(Kind.DONE, desk.today, one.pupil.id, rule=one.duty.rule, duty=one.duty.id, **marks)
    elif result == SETTLED and one.letter:
        duty = one.letter.data.get("duty") or one.letter.id
        fact = hand.fact(Kind.DONE, desk.today, one.pupil.id, rule="inquiry_letter", duty=duty, **marks)
    else:
        fact = hand.fact(Kind.REPLIED, desk.today, one.pupil.id, of=one.id, interim=result != SETTLED, **marks)
    mark_answered(desk, desk.work.cases.append([fact]))
    _tell(desk, link, one, note, result)
    return "答复已收到，已转告县教育局和学校。填错了可以在下面“已答复”里更正。"


def correct(desk: Desk, link: Link, former: Fact, result: str, who: str, words: str) -> str:
    """The department's new words in the place of its former ones, which stay to be seen as taken back."""
    pupil = desk.work.people.pupil(former.pupil or "")
    assert pupil is not None, "an answer is about a pupil of the register"
    void = _hand(desk, link, pupil.class_id).fact(Kind.VOID, desk.today, pupil.id, facts=[former.id])
    desk.work.cases.append([void])
    asked_by = former.data.get("duty") or former.data.get("of")
    again = next((one for one in asked(desk, EVERYWHERE, link.department) if asked_by in _ids(one)), None)
    still = again or Asked(str(asked_by), pupil, link.department, "原来的事项", former.on)
    return answer(desk, link, still, result if again else UNDERWAY, who, f"更正：{words}")


def _ids(one: Asked) -> tuple[str, ...]:
    """The ids by which an answer may name what it answers."""
    return (one.id, str(one.letter.data.get("duty") or "")) if one.letter else (one.id,)


def closes(desk: Desk, former: Fact) -> bool:
    """Whether that answer ended a case as a death or wrong record."""
    calls = [f for f in standing(desk.work.cases.facts(former.pupil or "")) if f.kind is Kind.DROPOUT]
    reason = calls[-1].data.get("reason_code") if calls else None
    return former.data.get("rule") == "police_check" and reason in CLOSING_REASONS


def _hand(desk: Desk, link: Link, class_id: str | None) -> Hand:
    return Hand(signed(link), DEPARTMENT, desk.now, desk.world.days_of(class_id or COUNTY), desk.new_id, desk.source)


def _tell(desk: Desk, link: Link, one: Asked, note: str, result: str) -> None:
    title = RULES[one.duty.rule] if one.duty else one.words
    text = f"{one.pupil.name}（{title}）：{note}。"
    if result == NOT_SO:
        reason = desk.work.cases.case(one.pupil.id).reason_code
        text += f"登记的辍学原因是{REASONS.get(reason or '', '其他')}，请学校核对后重新登记原因，并继续劝返。"
    for role in ("school", "township", "county"):
        notify(desk, role, one.pupil, text, f"answered:{role}")
    desk.work.outbox.queue(Notice(f"answered:{desk.source}:{link.by}"[:150], link.by, text, desk.now))


_WHICH = rf"(?P<department>(?:县|区)?{NAMED}|{BUREAU})"
COMMANDS: tuple[Command, ...] = (
    command(
        "给民政局链接，到9月30日",
        ACTIONS["department_link"].roles,
        _give,
        rf"(?:请|帮我)?(?:给|发给?|开)\s*{_WHICH}\s*(?:发|开|做)?(?:一?个)?(?:的)?(?:办理|答复|查看)?链接[，,\s]*(?:有效(?:期)?)?(?:到|至)?(?P<until>.{{2,12}}?)?(?:为止|前)?(?:有效)?",
    ),
    command(
        "收回民政局链接",
        ACTIONS["department_link"].roles,
        _revoke,
        rf"(?:收回|作废|停用|取消|撤销)\s*(?:给|发给)?{_WHICH}\s*的?链接",
    ),
    command(
        "部门链接",
        ACTIONS["department_link"].roles,
        lambda desk, _: given(desk).said(),
        rf"{LOOK}(?:有效的?)?部门链接(?:有哪些|名单|清单)?[?？]?",
        asks=True,
    ),
)

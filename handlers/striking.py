"""重复录入、误录: a record that is no child of its own is taken off the register; and what 销号 asks for.

The record goes into no list and no figure; its facts stay, and 撤销 puts it back. Where a case is open the county alone
decides, so that no child drops out by a slip of the list (LC-42).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from casework.access import ACTIONS, COUNTY, STAFF
from casework.case import AWAY
from casework.facts import Kind
from casework.people import Pupil
from casework.terms import say_day
from handlers import naming, wording
from handlers.answer import not_recorded
from handlers.command import NAME, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.naming import with_class
from handlers.telling import mark_answered, notify

CLAUSES = {"LC-42": ("check",), "XY-17": ("record",)}
_OPEN = (*AWAY, "observed")
_WHY = {"重": "重复录入", "误": "误录，没有这名学生"}


def _report(desk: Desk, found: re.Match[str]) -> Said | None:
    """Somebody says that a record is a duplicate or a mistake: shown first, nothing is taken off yet."""
    name, why = found["name"], _WHY["重" if "重" in found["what"] or "同一" in found["what"] else "误"]
    pupils = _named(desk, name)
    if not pupils:
        return None
    if not desk.reader.may("strike"):
        notify(
            desk,
            "school",
            pupils[0],
            f"{desk.writer.name}报告：{name}的记录可能是{why}。请核对后发：{name}是{why[:4].rstrip('，')}。",
            "strike",
        )
        return not_recorded(f"没有改动。{name}的记录是不是{why}，由学校核对后移出，已告知学校控辍专干。")
    which = f"第1条{name}" if len(pupils) > 1 else name
    lines = [f"“{name}”有{len(pupils)}条记录：", *(f"{n}. {_shown(desk, p)}" for n, p in enumerate(pupils, 1))]
    lines.append(
        f"没有改动。要把其中一条移出名册（不再列入名单和统计，原记录保留），请核对后发：确认移出 {which}，{why}"
    )
    return Said("\n".join(lines))


def _shown(desk: Desk, pupil: Pupil) -> str:
    """What tells records of one name apart."""
    born = desk.work.people.details(pupil.id).get("born", "")
    facts = desk.work.cases.facts(pupil.id)
    state = naming.standing(desk, pupil, desk.work.cases.case(pupil.id))
    return "，".join(filter(None, [with_class(desk, pupil), born and f"{born}出生", state, f"记录{len(facts)}条"]))


def _strike(desk: Desk, found: re.Match[str]) -> Said:
    """确认移出: off the register, or passed on to the county where a case is open."""
    name, why = found["name"], (found["why"] or "").strip(" ，,。:：")
    pupils, nth = _named(desk, name), int(found["n"] or 0)
    if not pupils:
        return not_recorded(wording.unknown_pupil([name]))
    if not desk.reader.may("strike"):
        return not_recorded("移出名册由学校或县教育局办理，没有改动。请联系学校控辍专干。")
    if not why:
        return not_recorded(f"请写明原因，例如：确认移出 {found['said']}，重复录入。没有改动。")
    if nth > len(pupils) or (nth == 0 and len(pupils) > 1):
        shown = (f"{n}. {_shown(desk, p)}" for n, p in enumerate(pupils, 1))
        return not_recorded(
            "\n".join(
                [
                    f"“{name}”有{len(pupils)}条记录，没有改动：",
                    *shown,
                    f"请写明是第几条，例如：确认移出 第2条{name}，{why}",
                ]
            )
        )
    return strike(desk, pupils[max(nth, 1) - 1], why)


def strike(desk: Desk, pupil: Pupil, why: str) -> Said:
    """Take a record off the register; who may not decide asks the county."""
    case = desk.work.cases.case(pupil.id)
    where = with_class(desk, pupil)
    if case.state in _OPEN and desk.reader.roles.isdisjoint(COUNTY):
        state = naming.standing(desk, pupil, case)
        notify(
            desk,
            "county",
            pupil,
            f"{desk.writer.name}请求把{where}移出名册：{why}。现在{state}。核实无误请发：确认移出 {pupil.name}，{why}",
            "strike",
        )
        return not_recorded(f"没有改动。{where}{state}，不能由学校移出，已请县教育局核实。核实以前照常联系、家访。")
    fact = hand_for(desk, pupil).fact(Kind.STRUCK, desk.today, pupil.id, reason=why)
    mark_answered(desk, desk.work.cases.append([fact]))
    desk.work.people.put_pupil(replace(pupil, struck=True))
    for role in ("teacher", "school", "county"):
        notify(
            desk,
            role,
            pupil,
            f"{desk.writer.name}把{where}移出名册：{why}。不属实请联系{desk.writer.name}撤销。",
            "struck",
        )
    return Said(f"已记：{where}移出名册（{why}），不再列入名单和统计，原记录保留。{wording.UNDO_HINT}")


def _named(desk: Desk, name: str) -> Sequence[Pupil]:
    """The records of that name in the writer's reach, in an order that stays."""
    hits = desk.work.people.names(desk.scope).exact([name]).get(name, [])
    pupils = desk.work.people.pupils([entry.id for entry in hits]).values()
    return sorted((p for p in pupils if p.name == name), key=lambda p: (p.class_id or "", p.id))


def _closing(desk: Desk, found: re.Match[str]) -> Said | None:
    """销号: what closes a case is told, for no word alone does."""
    pupils = _named(desk, found["name"])
    return Said("\n".join(_close(desk, pupil) for pupil in pupils)) if pupils else None


def _close(desk: Desk, pupil: Pupil) -> str:
    case, where = desk.work.cases.case(pupil.id), with_class(desk, pupil)
    if case.state == "observed":
        duties = desk.work.cases.duties(pupil=pupil.id)
        steps = [say_day(d.due, desk.today) for d in duties if d.rule == "return_followup"]
        return (
            f"{where}还在返校跟踪，没有销号。还要回访{len(steps)}次：{'、'.join(steps)}。"
            f"最后一次回访记录后自动销号。回访后请发，例如：家访 {pupil.name} 在校正常。"
        )
    if case.state in _OPEN:
        state = naming.standing(desk, pupil, case)
        return f"{where}{state}，不能销号。返校后请发：{pupil.name} 返校；转学、休学请发去向和日期，并办齐手续。"
    return f"{where}没有在办的案件，不用销号。发“查 {pupil.name}”看记录。"


COMMANDS: tuple[Command, ...] = (
    command(
        "确认移出 张三",
        ACTIONS["strike"].roles,
        _strike,
        rf"确认移出\s*(?P<said>(?:第(?P<n>\d)条)?{NAME})(?:[，,：:\s]+(?P<why>.{{2,60}}))?",
    ),
    command(
        "张三 是重复录入",
        STAFF,
        _report,
        rf"{NAME}(?:同学)?(?:的记录)?\s*(?:是|系|属于)?\s*"
        r"(?P<what>重复录入|重复登记|重复(?:了|的)?|录重|登重|误录|错录|误登|录错|登错|多录|同一个?人)(?:了|的)?(?:学生|记录)?"
        r"(?:[，,]\s*(?:没有|查无)(?:这个?|此)(?:学生|人|名学生))?",
        rf"(?:请)?(?:把|将)?(?P<what>重复录入|误录|多录|查无此人|录重)(?:了)?[:：\s]*{NAME}",
        rf"(?P<what>查无|没有)\s*{NAME}(?:这个?|此|这名)(?:学生|人|名学生)",
    ),
    command(
        "张三 可以销号吗",
        STAFF,
        _closing,
        rf"(?:请|帮我)?(?:给|把|将)?{NAME}(?:同学)?的?(?:案件|台账)?\s*(?:可以|能|要|该|申请|怎么)?销号(?:了)?(?:吗|没有?)?[?？]?",
        rf"(?:申请)?销号[:：\s]+{NAME}",
        asks=True,
    ),
)

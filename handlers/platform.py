"""The national platform's flags: 核查说明, without which none is closed, and who still waits for one or has no evidence (FN-31).

核查说明 张三：9月12日已返校，家访照片2张 · 平台核查名单.
"""

from __future__ import annotations

import re

from casework.access import ACTIONS
from casework.calendar import school_year_of
from casework.case import AWAY, Case, Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import LEDGERS, say_clause, say_day
from casework.timeline import standing
from handlers import placing, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, PLACE, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.telling import mark_answered

CLAUSES = {"FN-31": ("record", "check")}
RULE = "platform_reply"
NEEDED = (
    "平台疑似要写明核查经过和结论才算办结，没有说明不能销号〔依据 FN-31〕。请发：核查说明 某某：核查经过、结论和佐证。"
)


def _explain(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = placing.meant(desk, found, "核查说明 某某：核查经过、结论和佐证")
    return pupil if isinstance(pupil, Said) else explain(desk, pupil, (found["words"] or "").strip(" ：:，,"))


def explain(desk: Desk, pupil: Pupil, words: str) -> Said:
    """The written account of one flagged pupil: it ends what is owed for the flag."""
    if not desk.reader_of(pupil).may("platform_flag"):
        return not_recorded("平台核查说明由学校、乡镇或县教育局填写，没有记录。请把情况告诉学校控辍专干。")
    duty = flagged(desk, pupil)
    if duty is None:
        return not_recorded(
            f"{pupil.name}没有在等核查说明的平台标记，没有记录。平台标了疑似，请先发：平台疑似名单里有{pupil.name}。"
        )
    if not words:
        return not_recorded(
            f"请写明核查经过、结论和佐证，例如：核查说明 {pupil.name}：9月12日家访，当天已返校，附照片。"
        )
    fact = hand_for(desk, pupil).fact(Kind.DONE, desk.today, pupil.id, rule=RULE, duty=duty.id, note=words)
    mark_answered(desk, desk.work.cases.append([fact]))
    told = desk.work.cases.facts(pupil.id)
    kept = f"佐证材料已有{_pieces(desk, told)}份。" if _pieces(desk, told) else f"还没有佐证材料，{_SEND}"
    return Said(
        f"已记：{with_class(desk, pupil)}的平台核查说明（{words}）。{kept}要打印请发：打印 {pupil.name} 平台核查情况说明。"
        f"在平台上传、销号由学籍管理员办理。{wording.UNDO_HINT}"
    )


_SEND = "请把家访照片、返校证明等发到这里，归到这条说明。"


def flagged(desk: Desk, pupil: Pupil) -> Duty | None:
    """What is owed for a flag of this pupil, None where none waits."""
    return next((d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule == RULE), None)


def _pieces(desk: Desk, told: list[Fact]) -> int:
    """How many photos and files the records since the newest flag have."""
    facts = standing(told)
    since = max((f.on for f in facts if f.kind is Kind.PLATFORM_FLAG), default=None)
    ids = [f.id for f in facts if since is not None and f.on >= since]
    return sum(len(pieces) for pieces in desk.work.evidence.of_facts(ids).values())


def waiting(desk: Desk) -> Listing:
    """Flagged pupils of one's reach: without an account yet, or with one but no evidence, this school year."""
    duties = [d for d in desk.work.cases.owed_under((RULE,)) if d.pupil]
    first = school_year_of(desk.today)[0]
    told = desk.work.cases.facts_between(first, desk.today, (Kind.DONE.value,), RULE)
    pupils = desk.work.people.pupils({*(d.pupil for d in duties if d.pupil), *(f.pupil for f in told if f.pupil)})
    mine = {id: p for id, p in pupils.items() if desk.scope.covers(p)}
    facts, cases = desk.work.cases.facts_of(mine), desk.work.cases.cases(mine)
    owed = [
        Item(f"{with_class(desk, mine[d.pupil])} {_due(desk, d)}{_ours_too(cases.get(d.pupil))}", d.pupil)
        for d in sorted(duties, key=lambda d: (d.due, mine[d.pupil].name if d.pupil in mine else ""))
        if d.pupil and d.pupil in mine
    ]
    bare = [
        Item(f"{with_class(desk, mine[id])} 说明已写，还没有佐证材料", id)
        for id in sorted(mine, key=lambda id: mine[id].name)
        if not any(d.pupil == id for d in duties) and not _pieces(desk, facts.get(id, []))
    ]
    if not owed and not bare:
        return Listing("没有等核查说明的平台标记，说明过的都有佐证材料。")
    parts = [part for part in (Part(owed, "等核查说明："), Part(bare, "缺佐证材料：")) if part.items]
    both = sum(bool(_ours_too(cases.get(d.pupil))) for d in duties if d.pupil in mine)
    too = f"其中{both}人也在本县台账或正在缺勤。" if both else ""
    return Listing(f"平台疑似：等核查说明{len(owed)}人，缺佐证材料{len(bare)}人。{too}", parts, NEEDED)


def _ours_too(case: Case | None) -> str:
    """That the child whom the platform flags stands in our own list as well: two lists say the same (FN-31, FN-7)."""
    if case is None or case.state not in AWAY:
        return ""
    where = f"也在{LEDGERS[case.ledger]}" if case.ledger != "age" else "本县也报了缺勤"
    return f"【两边都有：{where}】"


def _due(desk: Desk, duty: Duty) -> str:
    late = "已逾期，应在" if duty.overdue(desk.today) else ""
    return f"{late}{say_day(duty.due, desk.today)}前由学校说明{say_clause(duty.clause)}"


COMMANDS: tuple[Command, ...] = (
    command(
        "核查说明 张三：9月12日家访，当天已返校，附照片",
        ACTIONS["platform_flag"].roles,
        _explain,
        rf"(?s)(?:平台)?(?:疑似)?核查(?:情况)?说明[:：\s]*{ROOM}{NAME}(?:[:：，,\s]+(?P<words>.{{2,400}}))?",
    ),
    command(
        "平台核查名单",
        ACTIONS["platform_flag"].roles,
        lambda desk, _: waiting(desk).said(),
        rf"{LOOK}{PLACE}(?:哪些)?平台(?:疑似)?(?:的)?(?:核查|待核查|未核查|没(?:有)?说明)(?:的)?(?:学生)?(?:名单|清单|进度)?[?？]?",
        asks=True,
    ),
)

"""报告乡镇: how a school's children stand, told to its township in one word and written down as told (XY-11, XY-37)."""

from __future__ import annotations

import re

from casework.case import AWAY
from casework.facts import Kind
from casework.people import Unit
from casework.terms import STATES, say_day
from handlers import naming, wording
from handlers.answer import not_recorded
from handlers.command import Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.places import schools_in
from handlers.telling import Notice

CLAUSES = {"XY-11": ("produce", "record"), "XY-37": ("produce",), "XY-27": ("escalate",)}
_SHOWN = 15


def _told(desk: Desk, found: re.Match[str]) -> Said:
    return of_own(desk, (found["more"] or "").strip(" ：:，,。"))


def of_own(desk: Desk, more: str) -> Said:
    """The same of the school for which the writer answers."""
    own = [s for s in schools_in(desk.world.directory, desk.scope) if s.id in {p.unit for p in desk.posts}]
    return tell(desk, own[0], more) if len(own) == 1 else not_recorded("向乡镇报告由学校的控辍专干或校长发，没有报告。")


def tell(desk: Desk, school: Unit, more: str = "") -> Said:
    """The school's figures and the children who are away, to its township's officers; ``more``: what the school asks for."""
    directory = desk.world.directory
    township = directory.at_level(school.id, "township")
    people = [] if township is None else directory.holders("township", township, desk.today)
    if township is None or not people:
        return not_recorded("名单里还没有登记本校所在乡镇的干部，没有报告。请县教育局管理员登记，或打印书面报告送去。")
    counts = desk.work.cases.counts(desk.scope, desk.today, school.id)
    rows, total = desk.work.cases.listing(desk.scope, states=AWAY, place=school.id, limit=_SHOWN)
    figures = "，".join(f"{STATES[key][:4]}{counts.get(key, 0)}人" for key in ("absent", "suspected", "dropout"))
    lines = [
        f"{school.name}向{directory.units[township].name}报告控辍保学情况（{say_day(desk.today)}）：学生{counts.get('pupils', 0)}人，{figures}，返校跟踪{counts.get('observed', 0)}人。"
    ]
    lines += [
        f"{n}. {r.pupil.name}（{r.class_name}，{r.village_name or '村未登记'}）{naming.standing(desk, r.pupil, r.case)}"
        for n, r in enumerate(rows, 1)
    ]
    lines += [f"……另有{total - len(rows)}人，发“待劝返名单”看全部。"] if total > len(rows) else []
    lines += [f"学校提请：{more}。"] if more else ["请协助入户劝返。" if total else "目前没有要劝返的学生。"]
    text = "\n".join([*lines, "发“查 姓名”看每名学生的记录。"])
    for person in people:
        desk.work.outbox.queue(Notice(f"upward:{school.id}:{desk.source}:{person}"[:150], person, text, desk.now))
    note = f"向{directory.units[township].name}报告控辍保学情况：{figures}{f'；{more}' if more else ''}"
    desk.work.cases.append(
        [hand_for(desk, None).fact(Kind.WORK, desk.today, None, school.id, what="letter", note=note)]
    )
    names = "、".join(p.name for id in people if (p := desk.work.people.person(id)))
    return Said(
        f"已把本校情况发给{directory.units[township].name}的{names}：{figures}。已记入工作记录。{wording.UNDO_HINT}"
    )


_TOWN = r"(?:(?!已|刚)[\u4e00-\u9fff]{1,5}?)?(?:乡镇|镇政府|乡政府|镇里|乡里|街道(?:办)?|当地政府|政府|镇|乡)(?:人民政府|政府)?"
COMMANDS: tuple[Command, ...] = (
    command(
        "报告乡镇",
        ("school", "principal"),
        _told,
        rf"(?:请|帮我)?(?:向|给){_TOWN}(?:书面)?(?:汇报|报告)(?:一下)?(?:本校|我校|学校)?(?:的)?(?:控辍保学|控辍)?(?:工作)?(?:情况)?(?:[：:，,]\s*(?P<more>(?:请|提请|希望|建议|需要).{{2,200}}))?",
        rf"(?:请|帮我)?(?:报告|汇报)(?:给)?{_TOWN}(?:一下)?(?:[：:，,]\s*(?P<more>(?:请|提请|希望|建议|需要).{{2,200}}))?",
        rf"(?:请|帮我)?把(?:本校|我校|学校)?(?:的)?(?:控辍保学|控辍)?(?:工作)?情况(?:报告?|汇报|报送|发)(?:给)?{_TOWN}(?:[：:，,]\s*(?P<more>(?:请|提请|希望|建议|需要).{{2,200}}))?",
    ),
)

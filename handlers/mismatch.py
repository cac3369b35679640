"""人籍不一致: who stands on the register and is not there, who is there without a register number (XY-17, LC-39); 毕业证名单.

The registers themselves are held against each other on the page 四查三比对; this is what the records know between two comparisons.
A list of certificates is none of the program's (XY-46): who asks is told where the facts are.
"""

from __future__ import annotations

from casework.access import LEADERS, STAFF
from casework.case import AWAY
from handlers import naming
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import LINES, NUMBERED, Item, Listing, Part, seen
from handlers.naming import with_class

CLAUSES = {"XY-17": ("query",), "LC-39": ("query",)}
_GONE = "转出、在外就学的，等对方确认或手续没齐，学籍还在："


def apart(desk: Desk) -> Listing:
    """Children whose name and person are apart, by what is known: away without leave, on the way out, found and not enrolled."""
    here, many = desk.work.cases.listing(desk.scope, states=AWAY, limit=LINES, between_schools=False, plain=True)
    waiting = desk.work.people.pupils(desk.work.cases.between_schools())
    others = [p for p in waiting.values() if desk.scope.covers(p) and not p.struck]
    away = [Item(f"{with_class(desk, r.pupil)} {naming.standing(desk, r.pupil, r.case)}", r.pupil.id) for r in here]
    parts = [
        Part(away, "学籍在、人不在：", NUMBERED, "人", many - len(away)),
        Part([Item(with_class(desk, p), p.id) for p in others if p.class_id], _GONE, counted="人"),
        Part([Item(with_class(desk, p), p.id) for p in others if not p.class_id], "人已安排、学籍还没建：", counted="人"),
    ]  # fmt: skip
    found = [part for part in parts if part.items]
    then = "人数对不上的请报：记班主任会议：核实人数，八年级3班20人。" if "county" not in desk.reader.roles else ""
    then += "学籍系统整份核对请县教育局在网页“四查三比对”里做；异动请发：导出异动登记册。"
    if not found:
        return Listing("您负责范围内，没有学籍在、人不在的学生。", then=then)
    return Listing(f"人籍不一致的学生{sum(part.many for part in found)}人：", found, then)


def _certificates(desk: Desk) -> Said:
    return Said(
        "毕业证发不发由学校和县教育局按规定审核，机器人不列名单、不作认定。"
        "要看一名学生三年的在读、休学、缺勤记录，请发：查 姓名。"
    )


def _checks(desk: Desk) -> Said:
    how = (
        "四查三比对：查户籍、学籍、在校、脱贫户四份名单，比出失学、辍学、脱贫户辍学的孩子。由县教育局在网页“四查三比对”里选好名单做，"
        "结果可以直接立案跟进。"
    )
    own = (
        "学校核对完请发：四查三比对做完了。"
        if "school" in desk.reader.roles
        else "还没做的学校请发：哪些学校没做四查三比对。"
    )
    return Said(how + own)


def _asked(desk: Desk, _: object) -> Said:
    return seen(desk, apart(desk), "list:apart")


_ASKED_FOR = r"(?:的)?(?:学生|孩子|人)?(?:名单|清单|情况)?(?:有哪些|有谁|有多少)?[?？]?"
COMMANDS: tuple[Command, ...] = (
    command(
        "人籍不一致",
        STAFF,
        _asked,
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:人[和与]?(?:学)?籍|人[和与]?账|人册)(?:不(?:一致|相?符|对应|合)|分离|分开|对不上){_ASKED_FOR}",
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:名|学籍|籍|名册)在[，,、]?(?:但|而)?(?:人|学生)?(?:不在|没在|没来)(?:的)?(?:校)?{_ASKED_FOR}",
        rf"{LOOK}{PLACE}空挂(?:学籍)?{_ASKED_FOR}",
        asks=True,
    ),
    command(
        "四查三比对怎么做",
        STAFF,
        lambda desk, _: _checks(desk),
        rf"{LOOK}(?:四查三[比对]+|名单比对|学籍比对|户籍比对)(?:怎么|如何|咋)(?:做|弄|搞|开展|比|操作)?[?？]?|四查三[比对]+",
        asks=True,
    ),
    command(
        "毕业证名单",
        LEADERS,
        lambda desk, _: _certificates(desk),
        rf"{LOOK}{PLACE}(?:哪些|谁)?(?:学生|孩子)?(?:初中)?(?:不能|能|可以|不予|不该|该|不发|可)?(?:发|领|拿|发放|领取|不发)?(?:的)?(?:初中)?毕业证书?(?:的)?(?:学生|人)?(?:发放|审核)?(?:名单|清单|名册|情况)?(?:有哪些|有谁)?[?？]?",
        asks=True,
    ),
)

"""Children registered here who go to school elsewhere: where, at which school, with what proof, and what is still missing (FJ-3).

在外就学 张三：惠州市第一小学，就读证明 · 在外就学名单. The township's digest says how many have no proof until there is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from casework import elsewhere
from casework.access import ACTIONS
from casework.facts import Fact, Kind
from casework.people import Pupil
from handlers import placing, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, PLACE, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.places import place_name

CLAUSES = {"FJ-3": ("record", "query"), "FN-5": ("record",)}
_PROOF = re.compile(
    r"(?:有|附|已?交)?(?P<what>(?:就读|在读|学籍|入学)证明|学籍(?:卡|截图|信息)|学生证|对方学校(?:盖章|确认)|转学证明)"
)


def _record(desk: Desk, found: re.Match[str]) -> Said | None:
    pupil = placing.meant(desk, found, "在外就学 某某：惠州市第一小学，就读证明")
    return pupil if isinstance(pupil, Said) else record(desk, pupil, (found["words"] or "").strip(" ：:，,。"))


def record(desk: Desk, pupil: Pupil, words: str) -> Said:
    """Where this child learns outside the county, and the proof where one is named."""
    case = desk.work.cases.case(pupil.id)
    if pupil.class_id is not None and case.state != "left":
        where = place_name(desk.world.directory, pupil.class_id)
        return not_recorded(
            f"{pupil.name}还在{where}名单里，没有记录。已到外地就读的请先办转学：{pupil.name}转到某地某校。"
        )
    proof = _PROOF.search(words)
    school = _PROOF.sub("", words).strip(" ，,。、；;（）()有附")
    if not school:
        return not_recorded(f"请写明在哪里、哪所学校就读，例如：在外就学 {pupil.name}：惠州市第一小学，就读证明。")
    fact = hand_for(desk, pupil).fact(
        Kind.WORK, desk.today, pupil.id, what=elsewhere.WHAT, place=school, proof=proof["what"] if proof else ""
    )
    desk.work.cases.append([fact])
    kept = f"佐证：{proof['what']}，请把照片或文件发到这里。" if proof else "还没有佐证，请取得就读证明后再发一次。"
    return Said(f"已记：{pupil.name}在{school}就读。{kept}{wording.UNDO_HINT}")


def listed(desk: Desk) -> Listing:
    """The children of one's reach who learn elsewhere; those without a school's name or without proof come first."""
    rows = _away(desk)
    if not rows:
        return Listing("没有登记在外就学的孩子。", then="要登记请发：在外就学 某某：惠州市第一小学，就读证明。")
    proven = desk.work.evidence.of_facts([fact.id for _, fact in rows])
    lines = [
        (
            _proof(fact, proven),
            f"{p.name}（{place_name(desk.world.directory, p.village_id) or '村未登记'}）：{_where(fact)}",
            p.id,
        )
        for p, fact in rows
    ]
    lines.sort(key=lambda line: (bool(line[0]), line[1]))
    items = [Item(f"{words}，{proof or '缺佐证'}", id) for proof, words, id in lines]
    short = sum(not proof for proof, *_ in lines)
    head = f"在外就学{len(rows)}人，缺佐证的{short}人："
    return Listing(head, [Part(items, counted="人")], "补记请发：在外就学 某某：学校全名，就读证明。")


def _away(desk: Desk) -> list[tuple[Pupil, Fact]]:
    left = [pupil for pupil, _ in desk.work.cases.among(desk.scope, ("left",))]
    told = desk.work.cases.facts_between(desk.world.start, desk.today, (Kind.WORK.value,))
    outside = desk.work.people.pupils({f.pupil for f in told if f.pupil and f.data.get("what") == elsewhere.WHAT})
    pupils = {p.id: p for p in (*left, *outside.values()) if desk.scope.covers(p) and p.local}
    facts = desk.work.cases.facts_of(pupils)
    found = ((p, elsewhere.of(facts.get(id, ()))) for id, p in pupils.items())
    return [(p, fact) for p, fact in found if fact is not None]


def _where(fact: Fact) -> str:
    return elsewhere.place(fact) or "地点未写"


def _proof(fact: Fact, kept: Mapping[str, Sequence[object]]) -> str:
    """What proves it: the paper named, or what was sent; empty for nothing."""
    return elsewhere.proof(fact) or ("有照片、文件" if kept.get(fact.id) else "")


COMMANDS: tuple[Command, ...] = (
    command(
        "在外就学名单",
        ACTIONS["work"].roles,
        lambda desk, _: listed(desk).said(),
        rf"{LOOK}{PLACE}(?:本地户籍)?(?:的)?在外就[学读](?:的)?(?:孩子|儿童|学生)?(?:名单|清单|情况|有哪些|有谁)[?？]?",
        asks=True,
    ),
    command(
        "在外就学 张三：惠州市第一小学，就读证明",
        ACTIONS["work"].roles,
        _record,
        rf"(?:登记)?在外就[学读][:：\s]*{ROOM}{NAME}(?:[:：，,\s]+(?P<words>.{{2,200}}))?",
    ),
)

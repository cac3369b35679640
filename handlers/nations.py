"""民族, which no roster has: said once of a child or of a whole class, kept in the register, on every form and ledger since.

张三 民族：汉族 · 民族：张三汉族、李四瑶族 · 全班都是汉族 (of those of whom it is not known yet).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from casework.access import CLASSROOM, SCHOOL, STAFF
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.timeline import standing
from handlers import wording
from handlers.answer import not_recorded
from handlers.command import NAME, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.naming import one_pupil
from handlers.places import place_name

CLAUSES = {"FN-4": ("record",)}
NATIONS = tuple(
    f"{name}族"
    for name in [
        "汉",
        "蒙古",
        "回",
        "藏",
        "维吾尔",
        "苗",
        "彝",
        "壮",
        "布依",
        "朝鲜",
        "满",
        "侗",
        "瑶",
        "白",
        "土家",
        "哈尼",
        "哈萨克",
        "傣",
        "黎",
        "傈僳",
        "佤",
        "畲",
        "高山",
        "拉祜",
        "水",
        "东乡",
        "纳西",
        "景颇",
        "柯尔克孜",
        "土",
        "达斡尔",
        "仫佬",
        "羌",
        "布朗",
        "撒拉",
        "毛南",
        "仡佬",
        "锡伯",
        "阿昌",
        "普米",
        "塔吉克",
        "怒",
        "乌孜别克",
        "俄罗斯",
        "鄂温克",
        "德昂",
        "保安",
        "裕固",
        "京",
        "塔塔尔",
        "独龙",
        "鄂伦春",
        "赫哲",
        "门巴",
        "珞巴",
        "基诺",
    ]
)
"""GB/T 3304: the names by which a nation is written on papers."""
OTHERS = ("穿青人", "未识别民族", "其他")
SLOT = "ethnicity"
_EXAMPLE = "张三 民族：汉族"
_WORD = "|".join(sorted((name.removesuffix("族") for name in NATIONS), key=len, reverse=True))


def record(desk: Desk, known: Mapping[str, str], pupils: Iterable[Pupil]) -> list[Fact]:
    """Keep it of these pupils (id → nation): one fact each, and the register's own detail."""
    facts = []
    for pupil in pupils:
        facts.append(hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what=SLOT, note=known[pupil.id]))
        desk.work.people.put_pupil(pupil, {**desk.work.people.details(pupil.id), SLOT: known[pupil.id]})
    desk.work.cases.append(facts)
    return facts


def of_one(desk: Desk, pupil: Pupil, nation: str) -> Said:
    """The same of one child, said back; a word that is no nation is not kept."""
    if (named := _named(nation)) is None:
        return not_recorded(f"“{nation.strip()[:20]}”不是规范的民族名称，没有记录。例如：{_EXAMPLE}。")
    record(desk, {pupil.id: named}, [pupil])
    return Said(f"已记：{pupil.name}，{named}。以后表格和台账的“民族”一栏自动填写。{wording.UNDO_HINT}")


def of_class(desk: Desk, nation: str) -> Said:
    """Of all children of the writer's classes of whom it is not known yet."""
    named, rooms = _named(nation), [p.unit for p in desk.posts if p.role in CLASSROOM]
    if named is None or not rooms:
        return not_recorded(f"全班的民族由班主任登记，没有记录。一个学生请发：{_EXAMPLE}。")
    pupils = [p for room in rooms for p in desk.work.people.in_scope(desk.scope, place=room, limit=1_000)[0]]
    bare = [p for p in pupils if not desk.work.people.details(p.id).get(SLOT)]
    if not bare:
        return Said("全班学生的民族都登记过了，没有再记。要改一个学生请发：" + _EXAMPLE + "。")
    record(desk, {p.id: named for p in bare}, bare)
    where = "、".join(place_name(desk.world.directory, room) for room in rooms)
    kept = f"；原来登记过的{len(pupils) - len(bare)}人不改" if len(bare) < len(pupils) else ""
    return Said(
        f"已记：{where}{len(bare)}人，{named}{kept}。个别不同的请再发，例如：李四 民族：瑶族。{wording.UNDO_HINT}"
    )


def put_back(desk: Desk, fact: Fact) -> None:
    """After a fact was taken back the register has what was said before it, or nothing."""
    pupil = desk.work.people.pupil(fact.pupil) if fact.data.get("what") == SLOT and fact.pupil else None
    if pupil is None:
        return
    said = [f for f in standing(desk.work.cases.facts(pupil.id)) if f.data.get("what") == SLOT]
    details = {name: words for name, words in desk.work.people.details(pupil.id).items() if name != SLOT}
    desk.work.people.put_pupil(pupil, details | ({SLOT: str(said[-1].data["note"])} if said else {}))


def _named(words: str) -> str | None:
    name = words.strip().removesuffix("族") + "族"
    return name if name in NATIONS else words.strip() if words.strip() in OTHERS else None


def _one(desk: Desk, found: re.Match[str]) -> Said | None:
    if not desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"]):
        return None
    pupil = one_pupil(desk, found["name"], found["room"], _EXAMPLE)
    return not_recorded(pupil) if isinstance(pupil, str) else of_one(desk, pupil, found["nation"])


def _many(desk: Desk, found: re.Match[str]) -> Said:
    """民族：张三汉族、李四瑶族: all of them or none."""
    pairs = [
        re.fullmatch(rf"(.+?)[:：是]?\s*({_WORD})族?", piece) for piece in re.split(r"[、，,；;\s]+", found["rest"])
    ]
    known, pupils = dict[str, str](), list[Pupil]()
    for pair in pairs:
        pupil = (
            one_pupil(desk, pair[1], None, "民族：张三汉族、李四瑶族") if pair else "请写成：民族：张三汉族、李四瑶族。"
        )
        if pair is None or isinstance(pupil, str):
            return not_recorded(f"没有记录。{pupil}")
        known[pupil.id] = f"{pair[2]}族"
        pupils.append(pupil)
    record(desk, known, pupils)
    return Said("已记：" + "、".join(f"{p.name}{known[p.id]}" for p in pupils) + f"。{wording.UNDO_HINT}")


COMMANDS: tuple[Command, ...] = (
    command(
        "全班都是汉族",
        SCHOOL,
        lambda desk, found: of_class(desk, found["nation"]),
        rf"(?:我们?班|本班|全班)(?:其余|其他)?(?:学生|同学|的)?(?:都|全)?(?:是|民族\s*[:：]?)\s*(?P<nation>{_WORD})族?",
    ),
    command(
        _EXAMPLE,
        STAFF,
        _one,
        rf"{ROOM}{NAME}\s*的?民族\s*(?:是|为|填)?\s*[:：]?\s*(?P<nation>[\u4e00-\u9fff]{{1,8}})",
        rf"{ROOM}{NAME}\s*是(?P<nation>{_WORD})族(?:的|人)?",
    ),
    command("民族：张三汉族、李四瑶族", STAFF, _many, r"民族\s*[:：]\s*(?P<rest>[\u4e00-\u9fff·:：、，,；;\s]{4,600})"),
)

"""A child without 户口: written down, the parents told how to register, 公安 told, and who still waits for which notice (FJ-18).

张三 没有户口 · 户口告知书已送达 陈小花 · 户口告知函已送公安 陈小花 · 无户口名单. The letter stands on the list of 公安 until it answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from casework.access import ACTIONS
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from casework.waiting import open_referrals
from handlers import departments, placing, wording
from handlers.command import LOOK, NAME, PLACE, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.finding import NAMELESS
from handlers.listed import Item, Listing, Part
from handlers.places import place_name

CLAUSES = {"FJ-18": ("record", "query")}
MARKED, TOLD = "no_hukou", "hukou_notice"
TO_POLICE = "没有户口，请核实并指导家庭办理户口登记"
_SAID = r"(?:没有?|无|未)(?:上|办|落|登记)?(?:过)?户口|黑户"


def says_so(words: str) -> bool:
    """Whether words about a child say that it has no 户口."""
    return re.search(_SAID, words) is not None


def also(desk: Desk) -> str:
    """After a child was written down as found, with words that say so besides: marked too, and what is owed because of it."""
    found = [f for f in desk.work.cases.facts_of_source(desk.source) if f.kind is Kind.FOUND and f.pupil]
    pupils = desk.work.people.pupils([f.pupil for f in found if f.pupil]).values()
    return "\n".join(mark(desk, pupil).text for pupil in pupils if marked(desk.work.cases.facts(pupil.id)) is None)


def _mark(desk: Desk, found: re.Match[str]) -> Said | None:
    if not desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"]):
        return None
    pupil = placing.meant(desk, found, f"{found['name']} 没有户口")
    return pupil if isinstance(pupil, Said) else mark(desk, pupil)


def mark(desk: Desk, pupil: Pupil) -> Said:
    """This child has no 户口: kept from entering school by nothing, and two notices are owed."""
    if marked(desk.work.cases.facts(pupil.id)) is None:
        desk.work.cases.append([hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what=MARKED)])
    return Said(f"已记：{pupil.name}没有户口。{then(pupil)}{wording.UNDO_HINT}")


def then(pupil: Pupil) -> str:
    """Which two notices are to be given, and how each is written down; neither is written for a child without a name."""
    if pupil.name == NAMELESS:
        return (
            "没有户口不影响入学，请先安排就读〔依据 FJ-18〕。给家长、公安的两份告知要写姓名：问到以后请写上姓名再登记一次，"
            "例如：摸排发现陈小花8岁没上学没户口，住上坪村。\n"
        )
    return (
        f"没有户口不影响入学，请先安排就读〔依据 FJ-18〕。两份告知都要办：\n"
        f"· 给家长：打印 {pupil.name} 户口告知书，送到后发：户口告知书已送达 {pupil.name}\n"
        f"· 给公安：打印 {pupil.name} 户口告知函，送去后发：户口告知函已送公安 {pupil.name}\n"
    )


def _parents(desk: Desk, found: re.Match[str]) -> Said:
    pupil = placing.meant(desk, found, "户口告知书已送达 某某")
    return pupil if isinstance(pupil, Said) else tell_parents(desk, pupil)


def tell_parents(desk: Desk, pupil: Pupil) -> Said:
    """The parents have the notice on how to register the child."""
    desk.work.cases.append([hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what=TOLD, note="家长已签收")])
    return Said(f"已记：{pupil.name}的户口告知书已送达家长。{_left(desk, pupil)}{wording.UNDO_HINT}")


def _police(desk: Desk, found: re.Match[str]) -> Said:
    pupil = placing.meant(desk, found, "户口告知函已送公安 某某")
    return pupil if isinstance(pupil, Said) else tell_police(desk, pupil)


def tell_police(desk: Desk, pupil: Pupil) -> Said:
    """公安 have the letter: it waits on their list until they answer."""
    if any(_to_police(f) for f in open_referrals(desk.work.cases.facts(pupil.id))):
        return Said(f"{pupil.name}的户口告知函已经送公安，正在等答复，没有重复登记。")
    said = departments.refer(desk, pupil, "公安", TO_POLICE)
    return Said(f"{said.text}\n{_left(desk, pupil)}") if said.text.startswith("已记") else said


def _left(desk: Desk, pupil: Pupil) -> str:
    missing = _missing(desk.work.cases.facts(pupil.id))
    return f"还缺：{'、'.join(missing)}。" if missing else "两份告知都办了。"


def marked(facts: Sequence[Fact]) -> Fact | None:
    """The newest word that the child has no 户口, or that found it so."""
    return next(
        (f for f in reversed(standing(facts)) if f.data.get("what") == MARKED or (f.kind is Kind.FOUND and says_so(str(f.data.get("note", ""))))),
        None,
    )  # fmt: skip


def _to_police(fact: Fact) -> bool:
    return fact.kind is Kind.REFERRED and fact.data.get("department") == "公安"


def _missing(told: Sequence[Fact]) -> list[str]:
    facts = standing(told)
    parents = any(f.data.get("what") == TOLD for f in facts)
    police = any(_to_police(f) for f in facts)
    return [word for word, done in (("给家长的告知书", parents), ("给公安的告知函", police)) if not done]


def without(desk: Desk) -> Listing:
    """Children of one's reach without 户口: the notices still owed, and since when 公安 has not answered."""
    told = desk.work.cases.facts_between(desk.world.start, desk.today, (Kind.WORK.value, Kind.FOUND.value))
    pupils = desk.work.people.pupils({f.pupil for f in told if f.pupil and marked([f])})
    facts = desk.work.cases.facts_of([p.id for p in pupils.values() if desk.scope.covers(p)])
    rows = [(pupils[id], known) for id, known in facts.items() if marked(known)]
    if not rows:
        return Listing("没有登记无户口的儿童。", then="发现没有户口的孩子，请发：某某 没有户口。")
    rows.sort(key=lambda row: (not _missing(row[1]), row[0].name))
    items = [Item(_line(desk, pupil, known), pupil.id) for pupil, known in rows]
    owed = sum(bool(_missing(known)) for _, known in rows)
    return Listing(f"无户口儿童{len(rows)}人，告知没有办齐的{owed}人：", [Part(items, counted="人")])


def _line(desk: Desk, pupil: Pupil, facts: Sequence[Fact]) -> str:
    where = place_name(desk.world.directory, pupil.class_id) or "未入学"
    missing, waits = _missing(facts), [f for f in open_referrals(facts) if _to_police(f)]
    words = [f"还缺{'、'.join(missing)}"] if missing else []
    words += [f"公安{say_day(f.on, desk.today)}起还没答复，已等{(desk.today - f.on).days}天" for f in waits]
    return f"{pupil.name}（{where}）：{'；'.join(words) or '两份告知都办了，公安已答复'}"


COMMANDS: tuple[Command, ...] = (
    command(
        "张三 没有户口",
        ACTIONS["found"].roles,
        _mark,
        rf"{ROOM}{NAME}\s*(?:的)?(?:孩子)?(?:还|一直|至今|到现在|是)*(?:{_SAID})(?:的)?(?:孩子)?",
    ),
    command(
        "户口告知书已送达 陈小花",
        ACTIONS["found"].roles,
        _parents,
        rf"(?:办理)?户口告知书(?:已经?)?(?:送达|发给|送给|交给|送到)(?:了)?[:：，,\s]*{ROOM}{NAME}(?:的)?(?:家长|父母)?(?:了)?",
    ),
    command(
        "户口告知函已送公安 陈小花",
        ACTIONS["refer"].roles,
        _police,
        rf"(?:无)?户口告知函(?:已经?)?(?:送|发|交)(?:给|到|达)?(?:公安|派出所)(?:局)?(?:了)?[:：，,\s]*{ROOM}{NAME}(?:的)?(?:了)?",
    ),
    command(
        "无户口名单",
        ACTIONS["found"].roles,
        lambda desk, _: without(desk).said(),
        rf"{LOOK}{PLACE}(?:哪些)?(?:没有?|无)户口(?:的)?(?:孩子|儿童|学生)?(?:名单|清单|有哪些|有谁)[?？]?",
        asks=True,
    ),
)

"""目标责任书: who has signed this term, and who has not (TA-3, LC-3).

记责任书：王老师、何老师已签 · 王老师签了责任书 · 哪些班主任没签责任书. A school's class teachers sign with the head, schools with the
township or the bureau; where the county's document has them sign layer by layer, townships and subject teachers do, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from casework.access import EDUCATION, STAFF
from casework.facts import Kind
from casework.people import COUNTY, Unit
from casework.terms import RULES, say_day
from casework.timeline import standing
from handlers import lookup, numbered, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.places import place_name, schools_in

CLAUSES = {"TA-3": ("record", "check"), "LC-3": ("record", "check")}
_EXAMPLE = "例如：记责任书：王老师、何老师已签"
_EVERYBODY = re.compile("全部|都|所有|各班|各校|全体|全签")
_AROUND = re.compile("(?:今天|昨天)?(?:已经?|都|全部|均)?(?:签(?:了|好|完|订)*|签字|签名)(?:了)?|责任[书状]|的$|老师们")


def record(desk: Desk, note: str, on: dt.date) -> Said:
    """Who has signed, by name; 都签了 is everybody who owes it. ``on``: the day of signing."""
    able = _owing(desk)
    if not able:
        return Said("责任书由学校和班主任、乡镇或县教育局和学校签订。您负责的范围里没有要登记的人。")
    asked = [name for name in re.split(r"[、，,；;和及\s]+", _AROUND.sub("", note)) if name]
    named = {name: [id for id, (whose, _) in able.items() if whose == name] for name in asked}
    if _EVERYBODY.search(note) and not any(named.values()):
        signers = list(able)
    else:
        if unknown := [name for name, ids in named.items() if len(ids) != 1]:
            return not_recorded(
                f"没有找到要签责任书的“{'、'.join(unknown)}”，没有记录。请写全名，{_EXAMPLE}；都签了请发：记责任书：都签了。"
            )
        signers = [id for ids in named.values() for id in ids]
    if not signers:
        return not_recorded(f"请写明谁签了，{_EXAMPLE}；都签了请发：记责任书：都签了。")
    names = "、".join(able[id][0] for id in signers)
    fact = hand_for(desk, None).fact(Kind.WORK, on, None, _unit(desk), what="pledge", note=names, signers=signers)
    desk.work.cases.append([fact])
    return Said(
        f"已记：{say_day(on, desk.today)}{wording.say_fact(fact, desk.today)}。{_left(desk)}{wording.UNDO_HINT}"
    )


def signs(desk: Desk) -> bool:
    """Whether anybody within the reader's reach has a pledge to sign."""
    return bool(_owing(desk))


def _unit(desk: Desk) -> str:
    unit = desk.posts[0].unit
    return desk.world.directory.at_level(unit, "school") or unit


def _owing(desk: Desk) -> dict[str, tuple[str, str]]:
    """Who signs with the writer's unit: id, name and where; a school's teachers, else the schools (and townships) of the reach."""
    directory = desk.world.directory
    school = directory.at_level(desk.posts[0].unit, "school")
    if school:
        return _teachers(desk, school)
    towns = _towns(desk) if "township" in _layers(desk) and desk.posts[0].unit == COUNTY else ()
    return {u.id: (u.name, "") for u in (*towns, *schools_in(directory, desk.scope))}


def _layers(desk: Desk) -> tuple[str, ...]:
    """Who signs beside schools and class teachers by the county's document (``signers`` of the rule)."""
    rule = desk.world.policy.rule("pledge", desk.today)
    more = rule.values.get("signers", ()) if rule else ()
    return tuple(map(str, more)) if isinstance(more, tuple) else ()


def _towns(desk: Desk) -> list[Unit]:
    return sorted((u for u in desk.world.directory.units.values() if u.kind == "township"), key=lambda u: u.id)


def _teachers(desk: Desk, school: str) -> dict[str, tuple[str, str]]:
    directory, found = desk.world.directory, dict[str, tuple[str, str]]()
    roles = ("teacher", *(role for role in _layers(desk) if role == "subject_teacher"))
    for role in roles:
        for unit in directory.below(school):
            room = directory.units[unit]
            for id in directory.holders(role, unit, desk.today) if room.meets else ():
                if person := desk.work.people.person(id):
                    found.setdefault(id, (person.name, room.name))
    return found


def _signed(desk: Desk) -> Mapping[str, set[str]]:
    """Who has signed since this term began, by the unit that wrote it down."""
    terms = [t.start for t in desk.days.terms if t.start <= desk.today]
    first = max(terms, default=desk.today - dt.timedelta(days=180))
    found: dict[str, set[str]] = {}
    for fact in standing(desk.work.cases.facts_between(first, desk.today, (Kind.WORK.value, Kind.VOID.value))):
        if fact.data.get("what") == "pledge":
            found.setdefault(fact.unit or "", set()).update(fact.data.get("signers", ()))
    return found


def _left(desk: Desk) -> str:
    signed = _signed(desk).get(_unit(desk), set())
    if missing := [name for id, (name, _) in _owing(desk).items() if id not in signed]:
        return f"还没签的{len(missing)}{_counted(desk)}：{'、'.join(missing[:20])}{'等' if len(missing) > 20 else ''}。"
    for duty in lookup.every_duty(desk):
        if duty.rule == "pledge":
            return f"全部签完了，请回“完成 {numbered.of(desk, duty)}”，结清待办“{RULES['pledge']}”。"
    return "全部签完了。"


def _counted(desk: Desk) -> str:
    if desk.world.directory.at_level(desk.posts[0].unit, "school"):
        return "人"
    return "个单位" if "township" in _layers(desk) else "所"


def unsigned(desk: Desk) -> Listing:
    """Who has not signed this term; over several schools, how far each one is."""
    signed, school = _signed(desk), desk.world.directory.at_level(desk.posts[0].unit, "school")
    then = f"签好请发，{_EXAMPLE}。要空白责任书请发：打印目标责任书。"
    if school:
        able = _teachers(desk, school)
        done = signed.get(school, set())
        bare = [Item(f"{name}（{where}）") for id, (name, where) in able.items() if id not in done]
        head = f"本学期目标责任书：{_signers(desk)}共{len(able)}人，已签{len(able) - len(bare)}人，未签{len(bare)}人"
        return Listing(f"{head}：", [Part(bare)], then) if bare else Listing(f"{head}。")
    own = signed.get(_unit(desk), set())
    lines = [_of_school(desk, s, own, signed) for s in schools_in(desk.world.directory, desk.scope)]
    late = [line for whole, line in lines if not whole]
    towns = [
        name
        for id, (name, _) in _owing(desk).items()
        if desk.world.directory.units[id].kind == "township" and id not in own
    ]
    head = f"本学期目标责任书：共{len(lines)}所学校，签齐{len(lines) - len(late)}所"
    then = "学校签好请发，例如：记责任书：青石镇中学已签。"
    parts = [Part(late, f"没签齐的学校{len(late)}所：" if towns else "", counted="所")] if late else []
    parts += [Part([Item("、".join(towns))], f"没签的乡镇（街道）{len(towns)}个：")] if towns else []
    return Listing(f"{head}，没签齐{len(late)}所：", parts, then) if parts else Listing(f"{head}。")


def _signers(desk: Desk) -> str:
    return "班主任、任课教师" if "subject_teacher" in _layers(desk) else "班主任"


def _of_school(desk: Desk, school: Unit, own: set[str], signed: Mapping[str, set[str]]) -> tuple[bool, Item]:
    able = _teachers(desk, school.id)
    done = len(signed.get(school.id, set()) & set(able))
    whole = school.id in own and done == len(able)
    with_us = "学校已签" if school.id in own else "学校未签"
    return whole, Item(
        f"{place_name(desk.world.directory, school.id)}：{with_us}，{_signers(desk)}已签{done}人、未签{len(able) - done}人",
        school=school.id,
    )


def _said(desk: Desk, found: re.Match[str]) -> Said | None:
    """王老师签了责任书: the same in plain words; a question or a denial is none."""
    if re.search("没|未|哪|谁|几|怎么|如何|什么", found["who"]):
        return None
    return record(desk, found["who"] + ("都签了" if found["all"] else ""), desk.today)


COMMANDS: tuple[Command, ...] = (
    command(
        "哪些班主任没签责任书",
        STAFF,
        lambda desk, _: unsigned(desk).said(),
        rf"{LOOK}{PLACE}(?:本学期)?(?:还有)?(?:哪些|谁|哪个|哪几个|哪所)?(?:班主任|老师|教师|学校|人|班)?(?:还|的)?(?:没有?|未)签(?:订|字)?(?:控辍保学|控辍)?(?:目标)?责任[书状](?:的)?(?:班主任|老师|教师|学校|人)?(?:名单|有哪些|是谁)?[?？]?",
        rf"{LOOK}{PLACE}(?:本学期)?(?:班主任|各校|学校)?(?:的)?(?:控辍保学|控辍)?(?:目标)?责任[书状](?:的)?(?:签订|签字|签)(?:情况|进度|了没有?|了吗)[?？]?",
        rf"{LOOK}{PLACE}(?:控辍保学|控辍)?(?:目标)?责任[书状](?:还)?(?:(?:谁|哪些人)?(?:没|未)签(?:的)?(?:名单)?|(?:都|全部)?签(?:了|完|齐|好)(?:了)?(?:没有?|吗|没))[?？]?",
        asks=True,
    ),
    command(
        "王老师签了责任书",
        EDUCATION,
        _said,
        r"(?P<who>[\u4e00-\u9fff·、，,和]{2,80}?)(?:今天)?(?:已经?|也)?(?P<all>都|全部)?(?:已经?)?签(?:了|好了?|完了?|订了?)?(?:控辍保学|控辍)?(?:目标)?责任[书状](?:了)?",
        r"(?P<who>[\u4e00-\u9fff·、，,和]{2,80}?)的?(?:控辍保学|控辍)?(?:目标)?责任[书状](?:已经?)?(?P<all>都|全部)?(?:已经?)?签(?:字|名)?(?:了|好了?|完了?|订了?)?",
    ),
)

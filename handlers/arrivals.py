"""From school to school inside the county: a transfer is in force when the receiving school has said that the pupil is there.

Until then the pupil stays on the sender's ledger and in the sender's class, and absences go on counting (TA-15, XY-16).
A refusal is told to the county at once (XY-34); a school where a child has turned up asks the former one (LC-39).
For a child without a place the county fixes the school (FJ-17), which answers in the same words.
"""

from __future__ import annotations

import re
from dataclasses import replace

from casework import waiting
from casework.access import ACTIONS
from casework.facts import Fact, Kind
from casework.people import COUNTY, Pupil, Unit
from casework.scope import Directory, Scope
from handlers import handover, placing, wording
from handlers.answer import not_recorded
from handlers.command import NAME, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.hand import left_from
from handlers.places import place_name
from handlers.telling import mark_answered, notify, tell
from handlers.understanding.classes import class_numbers

CLAUSES = {
    "TA-15": ("check",),
    "XY-16": ("record", "check"),
    "XY-34": ("escalate",),
    "LC-39": ("compare",),
    "FJ-17": ("record",),
}
RECEIVING = ("school", "principal")
LONG_ENOUGH = 4  # characters of a school's name that are not shared with others by chance: 中心小学
EVERYWHERE = Scope(everything=True)


def receiver_of(directory: Directory, place: str, pupil: Pupil) -> Unit | None:
    """The one school of the county, other than the pupil's own, that a place named in a transfer means."""
    own = directory.at_level(pupil.class_id, "school")
    schools = [u for u in directory.units.values() if u.kind == "school" and u.id != own]
    exact = [s for s in schools if s.name == place]
    meant = exact or [s for s in schools if s.name in place or (len(place) >= LONG_ENOUGH and place in s.name)]
    return meant[0] if len(meant) == 1 else None


def announce(desk: Desk, pupil: Pupil, fact: Fact) -> None:
    """Tell the receiving school that a pupil is on the way to it, and how to answer."""
    school = desk.world.directory.units[str(fact.data["receiver"])]
    where = place_name(desk.world.directory, pupil.class_id)
    text = (
        f"{desk.writer.name}登记{where}{pupil.name}转到你校，等你校确认。到校了请回“接收 {pupil.name} 几年级几班”；"
        f"没有到校或不能接收请回“不接收 {pupil.name}，原因”。确认之前仍在原校台账。"
    )
    tell(desk, desk.world.directory.in_charge("school", school.id, desk.today), pupil, text, "coming")


def _accept(desk: Desk, found: re.Match[str]) -> Said | None:
    own, waiting = own_school(desk), _waiting(desk, found["name"])
    if own is None:
        return None
    if waiting is None:
        return not_recorded(
            f"没有等你校确认的{found['name']}转入，没有记录。人已到校的，请发：{found['name']} 已到我校，请原校转来。"
        )
    if isinstance(waiting, Said):
        return waiting
    pupil, asked = waiting
    room = class_named(desk, str(asked.data["receiver"]), (found["room"] or "").strip())
    if room is None:
        return not_recorded(
            f"请写明编入哪个班，例如：接收 {pupil.name} 八年级3班。没有写清之前不算接收，{pupil.name}仍由原来的单位跟进。"
        )
    return accept(desk, pupil, asked, room)


def accept(desk: Desk, pupil: Pupil, asked: Fact, room: Unit) -> Said:
    """The school for which this pupil waits has the pupil in that class from today; ``asked`` is ``awaited``."""
    if asked.kind is Kind.PLACED:
        return _enrol(desk, pupil, asked, room)
    directory, before = desk.world.directory, place_name(desk.world.directory, pupil.class_id)
    former = directory.at_level(pupil.class_id, "school")
    senders = {asked.by, *desk.world.who("school", pupil, desk.today), *desk.world.who("teacher", pupil, desk.today)}
    moved = replace(pupil, class_id=room.id)
    desk.work.people.put_pupil(moved)
    hand = hand_for(desk, moved)
    data = {"place": directory.name_at(former, "school"), "class": room.id, "left": pupil.class_id}
    fact = hand.fact(Kind.TRANSFER_IN, desk.today, pupil.id, **data)
    new = directory.name_at(room.id, "school")
    out = [left_from(hand, pupil.id, former, pupil.class_id, new)] if former else []
    mark_answered(desk, desk.work.cases.append([*out, fact]))
    now = place_name(directory, room.id)
    text = f"{desk.writer.name}确认{pupil.name}已到{now}，从{before}转出生效，已移出你校台账。"
    tell(desk, senders, moved, text, "accepted")
    text = f"{pupil.name}从{before}转入{now}，已列入你班名单。到校情况请照常报。"
    notify(desk, "teacher", moved, text, "joined")
    return Said(f"已记：{pupil.name}从{before}转入{now}，已列入你校台账，原校已告知。{wording.UNDO_HINT}")


def _enrol(desk: Desk, pupil: Pupil, asked: Fact, room: Unit) -> Said:
    """A child without a place has one now: on the school's register from today."""
    entered = replace(pupil, class_id=room.id)
    desk.work.people.put_pupil(entered)
    fact = hand_for(desk, entered).fact(Kind.ENROLLED, desk.today, pupil.id, **{"class": room.id})
    mark_answered(desk, desk.work.cases.append([fact]))
    now = place_name(desk.world.directory, room.id)
    people = {
        asked.by,
        *desk.world.who("teacher", entered, desk.today),
        *desk.world.who("township", entered, desk.today),
    }
    text = f"{desk.writer.name}登记{pupil.name}已入学，编入{now}。到校情况由学校照常报。"
    tell(desk, people, entered, text, "enrolled")
    return Said(f"已记：{pupil.name}入学，编入{now}，已列入你校台账，请建立学籍。{wording.UNDO_HINT}")


def _place_at(desk: Desk, found: re.Match[str]) -> Said | None:
    """安置 陈小花 到青石镇中心小学: the county fixes the school of a child who has none (FJ-17)."""
    school = placing.school_named(desk, found["school"])
    if school is None:
        return None
    pupil = placing.meant(desk, found, "安置 某某 到某校")
    return pupil if isinstance(pupil, Said) else place_at(desk, pupil, school)


def place_at(desk: Desk, pupil: Pupil, school: Unit) -> Said:
    """The county's word on where a child without a place goes to school; the school answers whether the child came."""
    if not desk.reader.may("place_at"):
        return not_recorded("就读学校由县教育局确定，没有记录。请把孩子的情况告诉县教育局。")
    if handover.is_waiting(desk.world.directory, pupil):
        return _send_graduate(desk, pupil, school)
    if pupil.class_id is not None:
        where = place_name(desk.world.directory, pupil.class_id)
        return not_recorded(f"{pupil.name}在{where}名单里，没有记录。转学请由原校发：{pupil.name}转到{school.name}。")
    fact = hand_for(desk, pupil).fact(
        Kind.PLACED, desk.today, pupil.id, way="school", receiver=school.id, place=school.name
    )
    desk.work.cases.append([fact])
    text = (
        f"县教育局安排{pupil.name}到你校就读，请联系家长办理入学。到校了请回“接收 {pupil.name} 几年级几班”；"
        f"不能接收请回“不接收 {pupil.name}，原因”。"
    )
    tell(desk, desk.world.directory.in_charge("school", school.id, desk.today), pupil, text, "placed")
    text = f"县教育局安排{pupil.name}到{school.name}就读，请送孩子入学，并跟进到到校为止。"
    notify(desk, "township", pupil, text, "placed_by")
    first = "家庭困难的孩子优先安排公办学校〔依据 FJ-17〕，请核对。" if "poor" in pupil.groups else ""
    return Said(
        f"已记：{pupil.name}安排到{school.name}就读，已告知学校和乡镇，等学校确认到校。{first}{wording.UNDO_HINT}"
    )


def _send_graduate(desk: Desk, pupil: Pupil, school: Unit) -> Said:
    """The junior school of a graduate whom none has yet: asked for its word, the former primary school told (XY-39)."""
    if not handover.junior(school):
        return not_recorded(f"{school.name}没有初中年级，没有记录。请写{pupil.name}要升入的初中全名。")
    fact = hand_for(desk, pupil).fact(
        Kind.TRANSFER_OUT,
        desk.today,
        pupil.id,
        place=school.name,
        reason="小学毕业升学",
        pending=True,
        receiver=school.id,
    )
    desk.work.cases.append([fact])
    announce(desk, pupil, fact)
    text = f"县教育局安排{pupil.name}升入{school.name}，等学校确认到校。确认之前仍由你校负责，请通知家长按时报到。"
    notify(desk, "school", pupil, text, "placed")
    return Said(f"已记：{pupil.name}安排升入{school.name}，已告知初中和原小学，等学校确认到校。{wording.UNDO_HINT}")


def _refuse(desk: Desk, found: re.Match[str]) -> Said | None:
    waiting = _waiting(desk, found["name"])
    if waiting is None or isinstance(waiting, Said):
        return waiting
    return refuse(desk, *waiting, (found["reason"] or "").strip("，,。 （()）"))


def refuse(desk: Desk, pupil: Pupil, asked: Fact, reason: str) -> Said:
    """The school does not take a pupil that waits for it; the county hears of it at once (XY-34)."""
    hand = hand_for(desk, None)
    fact = hand.fact(Kind.TRANSFER_REFUSED, desk.today, pupil.id, of=asked.id, reason=reason)
    desk.work.cases.append([fact])
    directory, where = desk.world.directory, place_name(desk.world.directory, pupil.class_id)
    school = directory.units[str(asked.data["receiver"])].name
    why = f"，原因：{reason}" if reason else "，没有写原因"
    still = "仍在原校台账" if pupil.class_id else "还没有就读学校"
    text = f"{school}（{desk.writer.name}）不接收{where}{pupil.name}{'转入' if where else '入学'}{why}。{pupil.name}{still}。"
    county = directory.in_charge("county", COUNTY, desk.today)
    tell(desk, county, pupil, f"{text}请今天核实；应当接收的，请协调就读学校〔依据 XY-34〕。", "refused")
    line = "school" if pupil.class_id else "township"
    senders = {asked.by, *desk.world.who(line, pupil, desk.today)} - set(county)
    tell(desk, senders, pupil, f"{text}请继续跟进，已告知县教育局。", "refused")
    return Said(
        f"已记：不接收{pupil.name}{why}。县教育局和{'原校' if pupil.class_id else '乡镇'}已告知。{wording.UNDO_HINT}"
    )


def _ask_for(desk: Desk, found: re.Match[str]) -> Said | None:
    """张三 已到我校，请原校转来: the schools that have a pupil of that name are asked; the answer is the same if none has."""
    own = own_school(desk)
    return ask_for(desk, own, found["name"]) if own else None


def ask_for(desk: Desk, own: Unit, name: str) -> Said:
    """The writer's school has a pupil of that name from elsewhere in the county; the answer tells nobody's school."""
    directory = desk.world.directory
    for pupil in _named(desk, name):
        if directory.at_level(pupil.class_id, "school") != own.id and pupil.class_id:
            text = (
                f"{own.name}（{desk.writer.name}）报告{name}已到该校，请原校办理转出。如果是{place_name(directory, pupil.class_id)}的{name}，"
                f"请回“{name}转到{own.name}”；不是请不用办。"
            )
            notify(desk, "school", pupil, text, f"asked:{own.id}:{desk.today}")
    desk.work.audit.note(desk.writer.id, "asked_for", f"unit:{own.id}", "chat", {})
    return Said(
        f"已请县内学校核对：有{name}在籍的，请办理转出。原校登记后会发消息给你校，再回“接收 {name} 几年级几班”。外县转来的请发：{name}从某地转入我班。"
    )


def _waiting(desk: Desk, name: str) -> tuple[Pupil, Fact] | Said | None:
    """The pupil of that name whose transfer waits for the writer's school; None where there is none."""
    own = own_school(desk)
    hits: list[tuple[Pupil, Fact]] = []
    for pupil in _named(desk, name) if own else ():
        asked = awaited(desk, pupil)
        if own and asked and asked.data.get("receiver") == own.id:
            hits.append((pupil, asked))
    if len(hits) > 1:
        where = "、".join(place_name(desk.world.directory, p.class_id) for p, _ in hits)
        return Said(f"有{len(hits)}名{name}等你校确认（{where}），请先与原校核对，由县教育局办理。")
    return hits[0] if hits else None


def awaited(desk: Desk, pupil: Pupil) -> Fact | None:
    """The transfer to a school of the county, or the school fixed for a child without one, that nobody has answered yet."""
    return waiting.awaited(pupil, desk.work.cases.case(pupil.id), desk.work.cases.facts(pupil.id))


def _named(desk: Desk, name: str) -> list[Pupil]:
    hits = desk.work.people.names(EVERYWHERE).exact([name]).get(name, [])
    return list(desk.work.people.pupils([entry.id for entry in hits]).values())


def own_school(desk: Desk) -> Unit | None:
    """The school that the writer answers for, if any."""
    post = next((p for p in desk.posts if p.role in RECEIVING), None)
    return desk.world.directory.units.get(post.unit) if post else None


def class_named(desk: Desk, school: str, words: str) -> Unit | None:
    """The class meant, as ``八年级3班``, ``八(3)班``, ``803班`` or ``初二3班``; a school of one class needs none named."""
    directory = desk.world.directory
    rooms = [directory.units[u] for u in directory.below(school) if directory.units[u].kind == "class"]
    wanted = class_numbers(words)
    meant = [r for r in rooms if r.name == words] or [r for r in rooms if class_numbers(r.name) == wanted]
    meant = meant if words else rooms
    return meant[0] if len(meant) == 1 else None


COMMANDS: tuple[Command, ...] = (
    command(
        "接收 张三 八年级3班",
        RECEIVING,
        _accept,
        rf"(?:同意|确认)?接收\s*{NAME}(?:\s*(?:转入|编入|到|进|，|,|\s)\s*(?P<room>[一二三四五六七八九初小\d(（][^\s，,。]{{0,8}}?班))?",
    ),
    command(
        "不接收 张三，没有到校",
        RECEIVING,
        _refuse,
        rf"(?:不同意|不能|不|拒绝)接收\s*{NAME}(?:转入)?(?P<reason>[，,（(\s].*)?",
    ),
    command(
        "张三 已到我校，请原校转来",
        RECEIVING,
        _ask_for,
        rf"{NAME}\s*(?:已经?)?(?:到|来|在)(?:了)?我[校们]{{1,2}}(?:学校)?(?:就读|上学|上课|了)*[，,。\s]*请?(?:让|由)?原(?:来的)?学?校(?:办理?)?(?:转来|转出|转学|转过来|转学籍)",
    ),
    command(
        "安置 陈小花 到青石镇中心小学",
        ACTIONS["place_at"].roles,
        _place_at,
        rf"安置[:：\s]*(?P<room>){NAME}[:：，,\s]*(?:就读)?(?:到|在|去|为)\s*(?P<school>[\u4e00-\u9fff\d]{{3,30}}?)(?:就读|入学|上学)?",
    ),
)

"""Posts and days by chat: a deputy for days away, the end of it, and days on which a unit is closed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from casework.access import ACTIONS, GUARDED
from casework.facts import Kind, voided_of
from casework.people import COUNTY, Post, Unit
from casework.scope import SCHOOL_STAFF
from casework.terms import ROLES, say_day
from handlers import colleagues, wording
from handlers.answer import not_recorded
from handlers.desk import Desk, Said, hand_for
from handlers.places import OWN, own_units, place_name
from handlers.telling import Notice
from handlers.understanding import dates

OWN_LEAVE = (
    "没有记录。您自己请假、要请同事代管，请发：我请假到周五，转给李老师。学生请假，请写学生姓名：张三请假到几月几日。"
)


def deputy(desk: Desk, found: re.Match[str]) -> Said | None:
    """我请假到周五，转给李老师: a deputy holds the writer's posts for these days; then all comes back by itself."""
    if not found.groupdict().get("to"):
        return not_recorded(OWN_LEAVE)
    until = dates.resolve(found["until"], desk.now, dates.COMING, desk.days)
    if until is None or until < desk.today:
        return not_recorded("请写明请假到哪天，例如：我请假到周五，转给李老师。")
    return lend(desk, found["to"], until)


def lend(desk: Desk, wanted: str, until: dt.date) -> Said:
    """The colleague of that name holds the writer's posts until that day."""
    called = [p for p in colleagues.called(desk, wanted) if p.id != desk.writer.id]
    people = [p.id for p in called if colleagues.certain(wanted, p)]
    if len(people) != 1:
        reason = "没有找到" if not people else "有多位"
        return not_recorded(f"{reason}“{wanted}”，请写全名再发一次，例如：我请假到周五，转给李华老师。")
    to = people[0]
    lent = [post for post in desk.posts if post.role != "admin"]  # an administrator is made by two persons
    if not lent:
        return Said("管理员的工作不能在聊天里转交，请另一位管理员在网页“设置”里登记。")
    if fault := _unfit(desk, to, lent):
        return not_recorded(fault)
    before = _ended(desk)
    for post in lent:
        last = min(until, post.until) if post.until else until  # what is itself held for a time is lent no longer
        desk.work.people.put_post(Post(to, post.role, post.unit, desk.today, last, desk.writer.id))
    chosen = desk.work.people.person(to)
    name, day = chosen.name if chosen else to, say_day(until, desk.today)
    _tell(
        desk,
        to,
        f"{desk.writer.name}请假到{day}，这几天由您代办（{_posts(desk, lent)}），到期自动交还。发“待办”查看。",
    )
    _say_it_ended(desk, [p for p in before if p != to])
    desk.work.audit.note(desk.writer.id, "deputy", f"person:{to}", "chat", {"until": until.isoformat()})
    return Said(
        f"好的。到{day}为止，您的待办和提醒转给{name}（{_posts(desk, lent)}），之后自动转回给您。提前回来请回“我回来了”。"
    )


def _unfit(desk: Desk, person: str, lent: Sequence[Post]) -> str:
    """Why that colleague cannot stand in for these posts; empty when they can.

    Whoever stands in sees all that the post sees, so that it goes to the same school or township, or to those above it,
    only; a post over the whole county is given by two persons (``casework.access.GUARDED``), by this way as well.
    """
    known = desk.work.people.person(person)
    name = known.name if known else person
    own = [post for post in desk.world.directory.posts_of(person, desk.today) if post.deputy_for is None]
    if not own:
        return f"没有转交：{name}现在没有职务，看不到要代办的事。请先让管理员在网页“设置”里登记{name}的职务，或转给别的同事。"
    for post in lent:
        if any(_covers(desk, mine, post) for mine in own):
            continue
        if post.role in GUARDED:
            return (
                "没有转交：全县范围的工作只能直接转给县教育局的同事。"
                f"要请{name}代管，请管理员在网页“设置”里登记，由另一位管理员或县教育局人员确认后生效。"
            )
        where = "本校" if post.role in SCHOOL_STAFF else "本乡镇"
        return f"没有转交：{name}不在{where}，不能代管{_posts(desk, [post])}的工作。请转给{where}或上级的同事。"
    return ""


def _covers(desk: Desk, own: Post, lent: Post) -> bool:
    """Whether the holder of a post of their own may see all that is lent: from above, or beside it in the same line."""
    directory = desk.world.directory
    if lent.role in GUARDED or own.unit == COUNTY:
        return own.role in GUARDED
    level = "school" if lent.role in SCHOOL_STAFF else "township"
    beside = directory.at_level(lent.unit, level)
    same_line = (own.role in SCHOOL_STAFF) == (lent.role in SCHOOL_STAFF)
    return own.unit in directory.path(lent.unit) or (
        same_line and beside is not None and directory.at_level(own.unit, level) == beside
    )


def back(desk: Desk, found: re.Match[str]) -> Said | None:
    """我回来了."""
    return returned(desk)


def returned(desk: Desk) -> Said:
    """The deputy's days end before today."""
    before = _ended(desk)
    if not before:
        return Said("您的工作现在没有转给别人，待办和提醒一直发给您。学生返校请写姓名，例如：张三 返校。")
    _say_it_ended(desk, before)
    desk.work.audit.note(desk.writer.id, "deputy_ended", "", "chat", {"deputies": sorted(before)})
    return Said("欢迎回来。您的待办和提醒从现在起转回给您。发“待办”查看。")


def _ended(desk: Desk) -> list[str]:
    """End what deputies hold for the writer from today on; who they were."""
    ended = list(_deputyships(desk))
    for post in ended:
        if post.since is None or post.since >= desk.today:
            desk.work.people.drop_post(post)
        else:
            desk.work.people.put_post(replace(post, until=desk.today - dt.timedelta(days=1)))
    return list(dict.fromkeys(post.person for post in ended))


def _deputyships(desk: Desk) -> Iterator[Post]:
    for post in desk.work.people.posts():
        if post.deputy_for == desk.writer.id and (post.until is None or post.until >= desk.today):
            yield post


def _say_it_ended(desk: Desk, people: list[str]) -> None:
    for person in people:
        _tell(desk, person, f"{desk.writer.name}的工作已从您这里转回，您的代办结束。谢谢。", "ended")


def _tell(desk: Desk, person: str, text: str, what: str = "deputy") -> None:
    desk.work.outbox.queue(Notice(f"{what}:{desk.source}:{person}"[:150], person, text, desk.now))


def _posts(desk: Desk, posts: list[Post]) -> str:
    """青石镇中学八年级3班班主任."""
    return "、".join(f"{place_name(desk.world.directory, p.unit)}{ROLES[p.role]}" for p in posts)


def closure(desk: Desk, found: re.Match[str]) -> Said | None:
    """第一中学 3月12日停课: no school for a unit on those days; they neither count nor reset."""
    unit = closing_unit(desk, (found["unit"] or "").strip())
    first = dates.resolve(found["first"], desk.now, dates.COMING, None)
    last = dates.resolve(found["last"], desk.now, dates.COMING, None) if found["last"] else first
    if unit is None:
        return not_recorded(
            "停课由学校、乡镇或县教育局登记，并且只能登记自己的单位。请写明单位，例如：第一中学 3月12日停课。"
        )
    if first is None or last is None or last < first:
        return not_recorded("请写明停课日期，例如：第一中学 3月12日停课；或：3月12日到3月14日停课。")
    return close(desk, unit, first, last, _why(found))


def _why(found: re.Match[str]) -> str:
    """Why there is no school, as it was said: behind the sentence, or before the verb."""
    cause = re.sub(r"^(?:因为?|由于|放)", "", found["cause"] or "")
    return (found["reason"] or "").strip("，,（）() ") or cause


def close(desk: Desk, unit: Unit, first: dt.date, last: dt.date, reason: str) -> Said:
    """No school in that unit on those days."""
    span = say_day(first, desk.today) + (f"到{say_day(last, desk.today)}" if last != first else "")
    name = place_name(desk.world.directory, unit.id) or "全县"
    if _is_closed(desk, unit.id, first, last):
        return Said(f"{name}{span}停课已经登记过，不用再登记。")
    hand = hand_for(desk, None)
    data = {"to": last.isoformat(), "reason": reason}
    desk.work.cases.append([hand.fact(Kind.CLOSURE, first, None, unit.id, **data)])
    desk.work.people.look_again_under({unit.id})
    return Said(f"已记：{name}{span}停课。这些天不算缺勤，也不点名，按上学日算的期限顺延。{wording.UNDO_HINT}")


def _is_closed(desk: Desk, unit: str, first: dt.date, last: dt.date) -> bool:
    """Whether one record that stands closes the unit on all these days."""
    told = desk.work.cases.unit_facts(unit, [Kind.CLOSURE.value, Kind.VOID.value])
    voided = voided_of(told)
    return any(
        f.kind is Kind.CLOSURE and f.id not in voided and f.on <= first and last.isoformat() <= str(f.data["to"])
        for f in told
    )


def closable(desk: Desk) -> list[Unit]:
    """The units that the writer answers for and may close."""
    units = desk.world.directory.units
    return list(dict.fromkeys(units[p.unit] for p in desk.posts if p.role in ACTIONS["closure"].roles))


def closing_unit(desk: Desk, name: str) -> Unit | None:
    """The unit of that name among those that the writer answers for; the own one where none is named."""
    units = desk.world.directory.units
    own = closable(desk)
    whole = [unit for unit in own if unit.kind == "county"]
    if name in ("全县", "全区"):
        return whole[0] if whole else None
    if said := OWN.fullmatch(name):
        mine = own_units(desk.world.directory, (unit.id for unit in own), said)
        return mine[0] if len(mine) == 1 else None
    if not name:  # a whole county is never closed by a name left out
        return own[0] if len(own) == 1 and not whole else None
    inside = {u for unit in own for u in desk.world.directory.below(unit.id)}
    named = [u for u in units.values() if u.name == name or (len(name) > 1 and u.name.endswith(name))]
    allowed = [u for u in named if u.id in inside and u.kind in ("township", "school", "class")]
    return allowed[0] if len(allowed) == 1 else None

"""Work told in plain words, without the word 记: 今天开了领导小组会，… · 给李四办了助学金500元 · 和李四谈心，情绪稳定 · 去某校督查….

Taken only where the sentence tells nothing else that is recorded: a talk after which a child comes back is a contact.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Sequence

from casework.case import AWAY
from casework.facts import Kind
from casework.people import Pupil
from casework.terms import say_day
from handlers import meetings, wording, worklog
from handlers.desk import Desk, Said, hand_for
from handlers.naming import unit_named, with_class
from handlers.recording import RECORDED
from handlers.understanding.actions import Action

_WHEN = r"(?P<when>大?前天|昨天|昨日|今天|今日|刚才|刚刚|上午|下午|[上本这]?(?:周|星期)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]?)?(?:上午|下午|晚上|中午)?"
_US = r"(?:我们?班|本班|我校|学校|我们学校|全校|我镇|我局|我们|我)?"
_HELD = re.compile(
    rf"(?s){_US}(?P<room>[一二三四五六七八九]年级[\d一二三四五六七八九十()（）]{{1,5}}班)?{_WHEN}{_US}(?:已经?)?(?:组织)?(?:召开|开|举行|组织)(?:了|过|完)?(?:了)?"
    rf"(?:[一1]?[次个场]|第[一二三四\d]次)?(?:本学期|学期初|月末)?(?:的)?(?P<what>(?:控辍保学|控辍)?(?:工作)?(?:{meetings.WORD}))(?:议)?(?:[，,。：:；\s](?P<note>.{{2,300}}))?"
)
_TOPIC = r"[\u4e00-\u9fff“”《》、]{0,20}?"
_DID = re.compile(
    rf"(?s){_US}{_WHEN}{_US}(?:已经?)?(?:组织|开展|举办|承办|办|搞|做|进行|召开|开|参加)(?:了|过)?(?:[一1]?[次场期个]|第[一二三四\d][次期])?(?:的)?"
    rf"(?P<note>{_TOPIC}(?P<what>培训|宣传|宣讲|讲座)(?:班|会|活动|工作)?(?:了)?(?:[，,。：:；\s].{{2,300}})?)"
)
_ATTENDED = re.compile(
    rf"(?s){_WHEN}(?:记录?|登记)?(?P<note>{_TOPIC}(?P<what>培训|宣传|宣讲|讲座)(?:班|会|活动)?[，,：:；\s]*[\u4e00-\u9fff]{{0,8}}?\d{{1,4}}(?:人|名|份|户).{{0,200}})"
    rf"|(?P<note2>培训了?{_TOPIC}\d{{1,4}}(?:人|名).{{0,200}})"
)
_INSPECTED = re.compile(
    rf"(?s){_US}{_WHEN}{_US}(?:去|到|赴|在|对)(?P<school>[\u4e00-\u9fff]{{2,20}}?)(?:进行|开展|做)?(?:了)?(?P<what>督查|检查|巡查|督导|抽查|视导)(?P<note>.{{0,300}})"
)
_INSPECTS = re.compile(
    rf"(?s){_WHEN}(?P<what>督查|检查|巡查|督导|抽查)了?(?P<school>[\u4e00-\u9fff]{{2,20}}?)(?P<note>[，,：:\s].{{2,300}}|)"
)
_WHO = r"(?P<names>[\u4e00-\u9fff·•]{2,8}?(?:[、和,，][\u4e00-\u9fff·•]{2,8}?){0,9}?)(?:同学|小朋友)?"
_AID = re.compile(
    rf"(?s){_WHEN}(?:给|为|帮|替)?{_WHO}(?:家)?(?:今天|已经?|本学期|这学期)?(?P<note>(?:申请到?|办理?|落实|发放?|领取?|享受|获得|拿到?|减免|免除?|补助|资助|送去?)(?:了|到)?[^。]{{0,30}}?(?:补助|助学金|补贴|营养餐|营养改善|资助|学费|书本费|住宿费|慰问金?|救助|低保金|奖学金).{{0,200}})"
)
_TALK = re.compile(
    rf"(?s){_WHEN}(?:和|跟|与|同|找|给|对)?{_WHO}(?:做了?|进行了?|开展了?)?(?:一?次|1次)?(?P<what>谈心|谈话|谈了?[心话]|聊了?(?:聊|天|会)|心理(?:辅导|疏导|咨询)|思想工作)(?:了)?(?:[一1]次)?(?P<note>.{{0,300}})"
)
_TUTORED = re.compile(
    rf"(?s){_WHEN}(?:给|为|帮)?{_WHO}(?:做了?|进行了?)?(?:一?次|1次)?(?P<what>(?:单独|个别|学习|课外|数学|语文|英语)?(?:辅导|补课|补习|补(?:了)?(?:数学|语文|英语|物理|化学|功课)))(?:了)?(?P<note>.{{0,300}})"
)
_HELPED = re.compile(
    rf"(?s)(?P<what>谈心|谈话|心理辅导|学习辅导|辅导|补课|资助|结对帮扶|帮扶|慰问)[：:，,\s]+{_WHO}(?:[：:，,\s]+(?P<note>.{{2,300}}))"
)
_QUESTION = re.compile(r"[?？]|吗$|呢$|怎么|如何|什么|哪些|哪几|谁|要不要|能不能|多少")
_TO_COME = re.compile(r"^(?:明天|后天|下周|准备|打算|计划|要)")
_OF_WORD = {
    "心理": "talk",
    "辅导": "tutoring",
    "补": "tutoring",
    "资助": "aid",
    "慰问": "aid",
    "帮扶": "pairing",
    "结对": "pairing",
}


def answered(desk: Desk, text: str, meant: Sequence[Action]) -> Said | None:
    """The record of such a sentence; None where it is none, or ``meant`` tells of something that is recorded otherwise."""
    record = _read(desk, text, meant)
    return record() if record else None


def is_one(desk: Desk, text: str, meant: Sequence[Action]) -> bool:
    """Whether a text is such a sentence; nothing is written."""
    return _read(desk, text, meant) is not None


def _read(desk: Desk, text: str, meant: Sequence[Action]) -> Callable[[], Said] | None:
    words = text.strip().rstrip("。.!！~～ ")
    if not desk.posts or _QUESTION.search(words) or _TO_COME.match(words) or any(_whole(action) for action in meant):
        return None
    return _of_unit(desk, words) or _of_pupils(desk, words)


def _whole(action: Action) -> bool:
    """Whether an action is told whole; a contact or lesson of which half would have to be asked is read anew."""
    if action.action in ("contact", "visit"):
        return action.slots.get("outcome") not in (None, "other")
    return action.action in RECORDED and action.action not in ("teach", "mark")


def _of_unit(desk: Desk, words: str) -> Callable[[], Said] | None:
    if held := _HELD.fullmatch(words):
        room, on = unit_named(desk, held["room"] or ""), _day(desk, held)
        note = f"{room.name if room else ''} {held['note'] or ''}".strip()
        return lambda: worklog.work_of_unit(desk, held["what"], note, on)
    if did := _DID.fullmatch(words) or _ATTENDED.fullmatch(words):
        told = did.groupdict()
        on, what = _day(desk, did), "宣传" if told["what"] in ("宣传", "宣讲", "讲座") else "培训"
        return lambda: worklog.work_of_unit(desk, what, str(told["note"] or told.get("note2")), on)
    seen = _INSPECTED.fullmatch(words) or _INSPECTS.fullmatch(words)
    if seen and (school := unit_named(desk, seen["school"])) and school.kind in ("school", "township"):
        if not desk.reader.may("judge"):
            return None
        on, what = _day(desk, seen), f"{school.name}：{seen['what']}{seen['note']}"
        return lambda: worklog.work_of_unit(desk, "督查", what, on)
    return None


def _day(desk: Desk, found: re.Match[str]) -> dt.date:
    return worklog.day_of(desk, found.groupdict().get("when") or "")


def _of_pupils(desk: Desk, words: str) -> Callable[[], Said] | None:
    for pattern, what in ((_HELPED, ""), (_TALK, "talk"), (_AID, "aid"), (_TUTORED, "tutoring")):
        found = pattern.fullmatch(words)
        pupils = _pupils(desk, found["names"]) if found else []
        if found is None or not pupils:
            continue
        states = {case.state for case in desk.work.cases.cases([p.id for p in pupils]).values()}
        if (what == "tutoring" and "home_taught" in states) or (what == "talk" and states & {*AWAY, "observed"}):
            return None  # a lesson of 送教 is counted, a talk with a child who is away or just back is a contact
        code = what or next((c for word, c in _OF_WORD.items() if word in found["what"]), "talk")
        head = found["what"] if what in ("talk", "tutoring") else ""
        note, on = f"{head}{found['note'] or ''}".strip(" ，,：:。"), _day(desk, found)
        return functools.partial(_recorded, desk, pupils, code, note, on) if note else None
    return None


def _pupils(desk: Desk, names: str) -> list[Pupil]:
    """The pupils named, each known once in the writer's reach; none where one is not."""
    wanted = [n for n in re.split("[、和,，]", names) if n]
    hits = desk.work.people.names(desk.scope).exact(wanted)
    ids = [entry.id for name in wanted for entry in hits.get(name, ())]
    if any(len(hits.get(name, ())) != 1 for name in wanted):
        return []
    known = desk.work.people.pupils(ids)
    return [known[id] for id in dict.fromkeys(ids)]


def _recorded(desk: Desk, pupils: Sequence[Pupil], what: str, note: str, on: dt.date) -> Said:
    facts = [hand_for(desk, p).fact(Kind.WORK, on, p.id, what=what, note=note) for p in pupils]
    desk.work.cases.append(facts)
    who = "、".join(with_class(desk, p) for p in pupils)
    return Said(f"已记：{who}，{say_day(on, desk.today)}{wording.say_fact(facts[0], desk.today)}。{wording.UNDO_HINT}")

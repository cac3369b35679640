"""改 …: what the last message recorded wrongly is taken back, and what it should have been is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from casework.facts import Fact, Kind
from handlers import mistaken
from handlers.desk import Desk, Said
from handlers.line import Line
from handlers.naming import pupils_in
from handlers.recording import RECORDED
from handlers.understanding.actions import Action, Mention
from handlers.understanding.lexicon_names import SURNAMES
from handlers.understanding.numerals import NUMBER
from handlers.undo_aims import own_mistake
from handlers.undoing import (
    ONCE_MORE,
    just_undone,
    last_written,
    newest,
    of_kind_about,
    once_more,
    standing,
)

_AMENDS = re.compile(r"^(?:改成?|改为|更正为?|更正一下|订正)[\s:：,，]*(?P<rest>.+)$")
_WRONG = re.compile(
    rf"^(?:刚才|刚刚|上一条|上面)?(?:的|那条)?(?:不对|我?(?:说|发|报|写|记|搞|弄|打|点)?错(?:人)?)[了啊呀]*[，,。！!；;\s]+(?:(?:应该|应)?(?:是|为)(?P<rest>.+)|(?P<days>[\u4e00-\u9fff·]{{2,8}}?(?:应该)?是第?{NUMBER}天了?)[。.！!]?)$"
)
_SAID = "(?:今天)?(?:缺勤|旷课|没[来到]|请假|不在)?"
_INSTEAD = (
    re.compile(rf"^不是(?P<wrong>[\u4e00-\u9fff·]{{2,8}}?){_SAID}[，,、。；;\s]*(?:而|应该)?是(?P<rest>.+)$"),
    re.compile(rf"^(?P<rest>.+?)[，,。；;\s]+(?:而)?不是(?P<wrong>[\u4e00-\u9fff·]{{2,8}}?){_SAID}[。.！!]?$"),
)
_BARE = re.compile(r"(?:是|为)?\s*(?P<name>.+?)[。.!！]?")
_DAY = r"(?:周|星期|礼拜)[一二三四五六日天]|今天|昨天|明天|\d"
_STRANGER = re.compile(
    rf"(?!{_DAY})[{''.join(sorted(SURNAMES))}][\u4e00-\u9fff·]{{1,3}}?(?=[\s,，]|缺勤|旷课|没[来到]|请|[病事]假|返校|回)"
)
_UNTIL = re.compile(rf"(?:到|至)(?:下|本|这)?(?:{_DAY})")
_DAYS = re.compile(rf"(?P<name>[\u4e00-\u9fff·]{{2,8}}?)\s*(?:应该)?是?第?(?P<n>{NUMBER})天了?[。.！!]?")
_WORK = {Kind.VISIT: "家访", Kind.CONTACT: "联系"}
_STATE = {Kind.ABSENCE: "缺勤", Kind.LEAVE: "请假"}
Meaning = Callable[[str], Sequence[Action]]
Amended = tuple[Line, Sequence[Fact]]


def is_one(text: str) -> bool:
    """Whether a text has the form of a correction, so that an open question must not hold it up."""
    return _AMENDS.match(text.strip()) is not None


def amended(desk: Desk, text: str, meaning: Meaning, asked: bool = False) -> Amended | Said | None:
    """The corrected message and the facts that it replaces; None when the text corrects nothing that can be told.

    It may name pupils of the last message (of the others nothing is taken back), nobody (it is of all of them, and of the
    same kind of record: 改 家长同意明天返校 after a visit is a visit), or somebody else: that replaces the record of the
    one pupil whom the last message was about; where they were several, nothing is changed before it is said whose. After a
    撤销 it is of what was taken back, and replaces nothing more. ``asked``: a question was open, so that 不对，是李四 is said
    of that and not of a record.
    """
    if not asked and (of_another := _not_this_one(desk, text.strip(), meaning)):
        return of_another
    found = _AMENDS.match(text.strip()) or (None if asked else _WRONG.match(text.strip()))
    undone = just_undone(desk) if found else []
    last = undone or (last_written(desk) if found else [])
    if not found or not last:
        return None
    rest = found.groupdict().get("days") or found["rest"]
    if of_one := _counted(desk, rest, meaning):
        return of_one
    line = _corrected(desk, text, rest, last, meaning)
    return line if not undone or line is None or isinstance(line, Said) else (line[0], ())


def _corrected(desk: Desk, text: str, rest: str, last: Sequence[Fact], meaning: Meaning) -> Amended | Said | None:
    names = {id: p.name for id, p in desk.work.people.pupils([f.pupil for f in last if f.pupil]).items()}
    if meant := {id for id, name in names.items() if name in rest}:
        return _first_that_records(desk, [rest], [f for f in last if f.pupil in meant], meaning)
    if own := own_mistake(desk, rest):
        return _first_that_records(desk, [rest], of_kind_about(desk, own[0].candidates, own[1]), meaning)
    if gone := _denied(desk, rest):
        told = {action.action for action in meaning(rest)}
        today = [f for f in standing(desk) if f.pupil in gone and f.at.date() == desk.today]
        return _first_that_records(desk, [rest], newest([f for f in today if ONCE_MORE.get(f.kind) in told]), meaning)
    others = [m for action in meaning(rest) for m in action.students]
    if not others and _STRANGER.match(rest):
        return None  # a name that nobody bears: the record is not put on another for it
    if not others:
        line = _first_that_records(desk, _in_full(rest, names, last), last, meaning)
        return _another_matter(rest, names) if line and _is_another_matter(line[0], last, meaning) else line
    if len(names) > 1:
        return Said(
            f"最近一条记的是{'、'.join(names.values())}，不知道要改的是哪一位，没有改。请先撤销记错的一位，例如：撤销 {next(iter(names.values()))}，再发：{rest}"
        )
    return _of_another(desk, rest, others, last, meaning)


def _denied(desk: Desk, rest: str) -> set[str]:
    """Who it was not, by the words: none but their record is taken back, whatever was written last."""
    if not mistaken.denies(rest):
        return set()  # most corrections: no name is looked up for it
    named = pupils_in(desk, rest)
    names = mistaken.denied(rest, named.values())
    return {id for id, name in named.items() if name in names}


def _not_this_one(desk: Desk, text: str, meaning: Meaning) -> Amended | None:
    """不是张三缺勤，是李四; 李四缺勤，不是张三: what the writer recorded today of the one is of the other."""
    found = next((match for form in _INSTEAD if (match := form.match(text))), None)
    if found is None:
        return None
    today = [f for f in standing(desk) if f.pupil and f.at.date() == desk.today]
    pupils = desk.work.people.pupils(dict.fromkeys(f.pupil for f in today if f.pupil))
    ids = {id for id, pupil in pupils.items() if pupil.name == found["wrong"]}
    actions = meaning(found["rest"])
    others = [m for action in actions for m in action.students if not ids & {*m.candidates}]
    told = {action.action for action in actions if action.action in RECORDED}  # none: a name alone
    alike = [f for f in today if f.pupil in ids and (not told or ONCE_MORE.get(f.kind) in told)]
    last = newest(alike)
    return _of_another(desk, found["rest"], others, last, meaning) if last and len(ids) == 1 and others else None


def _of_another(
    desk: Desk, rest: str, others: Sequence[Mention], last: Sequence[Fact], meaning: Meaning
) -> Amended | None:
    """What was recorded is of somebody else: the same record where a name alone is said."""
    bare = _BARE.fullmatch(rest)
    if bare and bare["name"] == others[0].name:
        return _of(desk, rest, others[0], last)
    return _first_that_records(desk, [rest], last, meaning)


def _is_another_matter(line: Line, last: Sequence[Fact], meaning: Meaning) -> bool:
    """Whether how a visit went was said of a record of another kind: an absence is not wrong because nobody was at home."""
    said = {action.action for action in line.meant or meaning(line.text)}
    return said <= {"visit", "contact"} and not any(f.kind in _WORK for f in last)


def _another_matter(rest: str, names: Mapping[str, str]) -> Said:
    whom = "、".join(names.values())
    return Said(
        f"最近一条记的不是联系或家访，没有改，也没有记“{rest}”。要记联系、家访请发：家访 {whom} {rest}；"
        "那一条记错了请回“撤销”，再发正确的。"
    )


def _in_full(rest: str, names: Mapping[str, str], last: Sequence[Fact]) -> list[str]:
    """The words with the pupils of the record before them, and where these say no record yet with its kind as well."""
    whom = "、".join(names.values())
    work = " ".join(dict.fromkeys(_WORK[f.kind] for f in last if f.kind in _WORK))
    states = "".join(dict.fromkeys(_STATE[f.kind] for f in last if f.kind in _STATE))
    return [f"{work} {whom} {rest}".strip(), *([f"{whom} {rest}{states}"] if states else ())]


def _counted(desk: Desk, rest: str, meaning: Meaning) -> Amended | None:
    """张三是4天: what the writer said today of that pupil's absence, whichever message it was, had another count."""
    said = _DAYS.fullmatch(rest.strip())
    if said is None:
        return None
    ids = {e.id for e in desk.work.people.names(desk.scope).exact([said["name"]]).get(said["name"], ())}
    if not ids:
        return None
    today = [f for f in standing(desk) if f.pupil in ids and f.kind is Kind.ABSENCE and f.at.date() == desk.today]
    return _first_that_records(desk, [f"{said['name']}缺勤第{said['n']}天"], newest(today), meaning)


def _first_that_records(desk: Desk, ways: Sequence[str], last: Sequence[Fact], meaning: Meaning) -> Amended | None:
    for words in ways:
        actions = list(meaning(words))
        kept = [_as_long(a, last, words) for a in actions]
        if None in kept:
            return None
        if any(a.action in RECORDED for a in actions):
            return Line(words, desk.now, meant=() if kept == actions else tuple(filter(None, kept))), last
    return None


def _as_long(action: Action, last: Sequence[Fact], words: str) -> Action | None:
    """A leave of which only the kind, one end or the reason is corrected keeps what else was said of it; None where its
    ends would cross, or where an absence is said to have an end."""
    until, day = _UNTIL.search(words), action.slots.get("from", action.slots.get("date"))
    if action.action == "absence" and until:
        return None
    ids = {id for mention in action.students for id in mention.candidates}
    was = next((f for f in last if f.kind is Kind.LEAVE and f.pupil in ids), None)
    if action.action != "leave" or was is None:
        return action
    kept = {"kind": was.data["kind"], "from": was.on.isoformat(), **action.slots}
    if "days" in kept:
        return replace(action, slots=kept)
    if until and day:
        kept |= {"from": was.on.isoformat(), "to": day}
    kept = {"to": str(was.data["to"]), **kept}
    return replace(action, slots=kept) if kept["from"] <= kept["to"] else None


def _of(desk: Desk, text: str, whom: Mention, last: Sequence[Fact]) -> Amended | None:
    """改成李四: the same record, of another pupil."""
    again = [once_more(fact, whom) for fact in last]
    if len(whom.candidates) != 1 or None in again:
        return None
    return Line(text, desk.now, meant=tuple(filter(None, again))), last

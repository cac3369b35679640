"""Whose record a 撤销 is about, by its words: 撤销昨天对李四的走访 must not take back what was said of 张三."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers import mistaken
from handlers.desk import Desk
from handlers.naming import pupils_in
from handlers.understanding.actions import Action, Mention
from handlers.understanding.lexicon_names import SURNAMES
from handlers.understanding.lexicon_places import COMMON_WORDS
from handlers.undoing import RECORDS, last_written

_BY_ACTION = {
    "leave": "请假", "absence": "缺勤", "visit": "家访", "return": "返校", "teach": "送教", "notice": "劝学通知书", "mark": "标注",
}  # fmt: skip
"""The word for the record that an action makes."""
_RECORD = re.compile(rf"(?<!不是)(?<!不算)(?:{'|'.join(RECORDS)})")


_TAKE_BACK = "撤销|撤回|删掉|删除"
_NAMED = rf"(?P<name>[{''.join(sorted(SURNAMES))}](?:(?![不是没了请缺旷的])[\u4e00-\u9fff]){{1,3}}?)"
_SAID_WHEN = r"(?:大?前天|[昨今]天|[昨今]日|刚才|刚刚|上午|下午|早上)"
_OF_WHOM = (
    re.compile(
        rf"(?:{_TAKE_BACK})(?:了|掉|一下)?(?:对|关于)?[:：\s]*{_SAID_WHEN}?(?:报)?的?{_NAMED}"
        rf"(?=$|的|[那这]条|[，,。！!\s]|{'|'.join(RECORDS)})"
    ),
    re.compile(
        rf"(?:^|[把将，,。])\s*{_SAID_WHEN}?(?:报)?的?{_NAMED}"
        rf"(?=的|[那这]条|没|{_SAID_WHEN}|(?:报|记|登记|发|写|弄|搞)错|\s+(?:{_TAKE_BACK}))"
    ),
)


def _stranger(text: str) -> str:
    """Whom a 撤销 names beside its verb, whether or not a pupil is called so; empty where it is a word and no name."""
    found = (each["name"] for pattern in _OF_WHOM for each in pattern.finditer(text))
    return next((name for name in found if not COMMON_WORDS.match(name) and not _RECORD.match(name)), "")


def aimed(desk: Desk, actions: Sequence[Action], text: str) -> list[Action]:
    """Actions of which a 撤销 that names pupils is about them: 撤销昨天对李四的走访 must not take back what was said of 张三.

    Pupils of whom the same message records something anew are those of the correction, not of the mistake.
    """
    if any(one.action == "undo" and not one.students for one in actions) and (own := own_mistake(desk, text)):
        aimed_at = Action("undo", (own[0],), {"record": own[1]})
        return [aimed_at if one.action == "undo" and not one.students else one for one in actions]
    alone = all(one.action in ("undo", "clarify", "unknown") for one in actions)
    record = _RECORD.search(text) if alone else None
    named = {"record": record[0]} if record else {}
    aimed_ = [_of_same_kind(_aimed(desk, one, actions, text), named, actions, text) if one.action == "undo" else one for one in actions]  # fmt: skip
    of_nobody = [one for one in aimed_ if "of_nobody" in one.slots]
    return of_nobody if of_nobody and alone else aimed_  # what else its words might mean is not asked about


def _of_same_kind(undo_: Action, named: Mapping[str, str], actions: Sequence[Action], text: str) -> Action:
    """不是李四，是张三请假 is about a leave: what else was last recorded of 李四 stands."""
    if any(f"不是{mention.name}" in text for mention in undo_.students):
        right = next((_BY_ACTION[one.action] for one in actions if one.action in _BY_ACTION), "")
        named = {"record": right} if right else named
    return replace(undo_, slots={**undo_.slots, **named})


def _aimed(desk: Desk, undo_: Action, actions: Sequence[Action], text: str) -> Action:
    if undo_.students:
        return undo_
    last = desk.work.people.pupils([fact.pupil for fact in last_written(desk) if fact.pupil])
    stranger = _stranger(text)
    known = (*pupils_in(desk, text).values(), *(pupil.name for pupil in last.values())) if stranger else ()
    if stranger and not any(
        stranger in name or name in stranger for name in known
    ):  # nobody else's record may be taken for theirs
        return replace(undo_, slots={**undo_.slots, "of_nobody": stranger})
    named = {pupil.id: pupil.name for pupil in last.values() if pupil.name in text}
    if not named:
        anew = {m.name for a in actions if a.action not in ("undo", "clarify") for m in a.students}
        named = {id: name for id, name in pupils_in(desk, text).items() if name not in anew}
    return replace(undo_, students=tuple(Mention(name, (id,)) for id, name in named.items()))


def own_mistake(desk: Desk, text: str) -> tuple[Mention, str] | None:
    """The pupil whose own record a text calls wrong, with the kind of record: 胡大山是病假不是旷课 is about no other pupil's."""
    if not mistaken.denies(text):
        return None  # most messages: no name is looked up for it
    named = pupils_in(desk, text)
    found = mistaken.of_itself(text, named.values(), "|".join(RECORDS))
    ids = tuple(id for id, name in named.items() if found and name == found[0])
    return (Mention(found[0], ids), found[1]) if found and len(ids) == 1 else None

"""Actions read side by side: nothing said twice, nothing that another one of the same message explains or contradicts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.understanding.actions import Action, Mention
from handlers.understanding.each_of_them import without_latecomers, without_undated_notices
from handlers.understanding.events import TALKS


def tidied(actions: list[Action], today: dt.date) -> list[Action]:
    """Without repetitions: one question of a kind, the same record once, no greeting beside anything else."""
    if len(actions) < 2:
        return actions
    out: list[Action] = []
    for action in actions:
        if action.action == "clarify" and any(a.action == "clarify" for a in out):
            at = next(i for i, a in enumerate(out) if a.action == "clarify")
            fresh = tuple(m for m in action.students if m.name not in {o.name for o in out[at].students})
            out[at] = replace(out[at], students=out[at].students + fresh)
            continue
        same = next(
            (
                i
                for i, a in enumerate(out)
                if a.action == action.action
                and a.slots == action.slots
                and (a.action in ("all_present", "list", "stats", "export") or (a.students and action.students))
            ),
            None,
        )
        if same is not None:
            known = {m.candidates for m in out[same].students}
            out[same] = replace(
                out[same], students=out[same].students + tuple(m for m in action.students if m.candidates not in known)
            )
        elif (before := _same_talk(action, out)) is not None:
            out[before] = replace(action, slots=out[before].slots | action.slots)
        elif action.action == "assign" and out and out[-1].action == "assign" and out[-1].students == action.students:
            out[-1] = action  # 移交司法所,由张所长督办: the one named last
        elif action.action in ("greet", "todo", "whoami", "undo", "help") and any(
            a.action == action.action for a in out
        ):
            continue
        else:
            out.append(action)
    out = without_latecomers(without_undated_notices(out), str(today))
    out = _there_and_not([a for a in out if not _waits_already(a, out)], str(today))
    out = _dated_alike(_without_excused(_without_background(_without_unreached(out))))
    out = [told for a in out if (told := _less_told_fuller(a, out)) is not None]
    if any(a.action in RECORDS for a in out):
        out = [a for a in out if a.action != "help" or not _SIGH.fullmatch(str(a.slots.get("topic", "")))]
    if any(a.action == "help" for a in out):
        out = [a for a in out if a.action != "case" or "action" in a.spans]
    others = [a for a in _without_summaries(out) if a.action not in ("greet", "unknown")] or out
    return _without_needless_questions(others)


RECORDS = frozenset({"absence", "leave", "return", "visit", "contact", "dropout", "notice"})
_SIGH = re.compile(r"(?:怎么|咋|如何)?(?:搞|办|弄|整|得了)(?:呢|啊|嘛|哦|呀)?|.*(?:有啥用|有什么用)")


def _without_background(actions: list[Action]) -> list[Action]:
    """在县城打工,确定辍学了: what nobody says was talked about is why, not a contact of its own."""
    gone = {m.candidates for a in actions if a.action in ("dropout", "suspend", "transfer_out") for m in a.students}
    excused = {m.candidates for a in actions if a.action == "leave" for m in a.students}
    return [
        a
        for a in actions
        if a.action != "contact"
        or "channel" in a.slots
        or "date" in a.slots
        or not a.students
        or any(
            m.candidates not in gone | (excused if a.slots.get("outcome") in ("other", "ill") else set())
            for m in a.students
        )
    ]


def _without_excused(actions: list[Action]) -> list[Action]:
    """缺勤两人:张三、李四,张三请了假: who is on leave is not absent too, unless days are told apart."""
    excused = {m.candidates for a in actions if a.action == "leave" for m in a.students}
    out = []
    for action in actions:
        if action.action == "absence" and not {"day", "days", "from"} & set(action.slots) and len(action.students) > 1:
            left = tuple(m for m in action.students if m.candidates not in excused)
            action = replace(action, students=left)
            if not left:
                continue
        out.append(action)
    return out


def _without_unreached(actions: list[Action]) -> list[Action]:
    """她爸把我拉黑了,托邻居带话: that nobody could be reached is why others carried the word."""
    carried = {
        m.candidates for a in actions if a.action == "contact" and a.slots.get("channel") == "other" for m in a.students
    }
    return [
        a
        for a in actions
        if a.action != "contact"
        or a.slots.get("outcome") != "nobody"
        or a.slots.get("channel") == "other"
        or not {m.candidates for m in a.students} <= carried
        or not a.students
    ]


def _who(action: Action) -> list[tuple[str, ...]]:
    return [m.candidates for m in action.students]


def _same_talk(action: Action, out: list[Action]) -> int | None:
    """他妈同意,张三自己不去: one talk with one pupil, whose last word counts."""
    if action.action not in TALKS or len(action.students) != 1:
        return None
    fixed = {k: v for k, v in action.slots.items() if k in ("date", "channel")}
    undated = next(
        (
            i
            for i, a in enumerate(out)
            if a.action == action.action == "visit"
            and _who(a) == _who(action)
            and "date" not in action.slots
            and a.slots.get("outcome") == action.slots.get("outcome")
        ),
        None,
    )
    if undated is not None and "date" in out[undated].slots:
        return undated
    return next(
        (
            i
            for i, a in enumerate(out)
            if a.action == action.action
            and _who(a) == _who(action)
            and {k: v for k, v in a.slots.items() if k in ("date", "channel")} == fixed
        ),
        None,
    )


def _waits_already(action: Action, actions: list[Action]) -> bool:
    """后天再处理,先别催: the second says nothing of its own."""
    return (
        action.action == "snooze"
        and not action.slots
        and any(
            (a.action == "assign" or (a.action == "snooze" and a.slots)) and a.students == action.students
            for a in actions
        )
    )


def _there_and_not(actions: list[Action], today: str) -> list[Action]:
    """张三今天到了,张三今天没到: back and then missing on one day; which of both holds, only the writer knows."""
    back = {(m.candidates, a.slots.get("date", today)) for a in actions if a.action == "return" for m in a.students}
    for at, action in enumerate(actions):
        if twice := _on_one_day(action, actions):
            left = _without_attendance(actions, {m.candidates for m in twice})
            return [*left, Action("clarify", twice, {"about": "meaning"}, action.spans)]
        both = tuple(m for m in action.students if (m.candidates, action.slots.get("date", today)) in back)
        told_back = any(a.action == "return" for a in actions[:at])
        if action.action == "absence" and told_back and both and not set(action.slots) - {"date", "reason"}:
            asked = {m.candidates for m in both}
            return [*_without_attendance(actions, asked), Action("clarify", both, {"about": "meaning"}, action.spans)]
    return actions


def _on_one_day(action: Action, actions: list[Action]) -> tuple[Mention, ...]:
    """今天缺勤,今天到校: both of one day that is named twice."""
    if action.action != "absence" or "date" not in action.slots:
        return ()
    same = {
        m.candidates
        for a in actions
        if a.action == "return"
        and a.slots.get("date") == action.slots["date"]
        and a.spans.get("date") != action.spans.get("date")
        for m in a.students
    }
    return tuple(m for m in action.students if m.candidates in same)


def _without_attendance(actions: list[Action], asked: set[tuple[str, ...]]) -> list[Action]:
    """What is told beside the pupils who are asked about."""
    left = [
        replace(a, students=tuple(m for m in a.students if m.candidates not in asked))
        if a.action in ("absence", "return")
        else a
        for a in actions
    ]
    return [a for a in left if a.students or a.action not in ("absence", "return")]


def _dated_alike(actions: list[Action]) -> list[Action]:
    """甲和乙今天都缺课,甲是第二天了: the day said of both holds where only its number is told again."""
    day_of = {
        m.candidates: a.slots["date"]
        for a in actions
        if a.action == "absence" and set(a.slots) - {"reason"} == {"date"}
        for m in a.students
    }
    return [
        replace(a, slots=a.slots | {"date": day_of[a.students[0].candidates]})
        if a.action == "absence"
        and len(a.students) == 1
        and {"day", "days"} & set(a.slots)
        and not {"date", "from"} & set(a.slots)
        and a.students[0].candidates in day_of
        else a
        for a in actions
    ]


def _less_told_fuller(action: Action, actions: list[Action]) -> Action | None:
    """央宗、央珍都没来,央宗第2天: each pupil's absence, leave or return once, as it is told most fully."""
    if action.action not in ("absence", "leave", "return"):
        return action
    fuller = {
        m.candidates
        for a in actions
        if a is not action and a.action == action.action and action.slots.items() < a.slots.items()
        for m in a.students
    }
    left = tuple(m for m in action.students if m.candidates not in fuller)
    return replace(action, students=left) if left or not action.students else None


def _without_summaries(actions: list[Action]) -> list[Action]:
    """走访了三户, and then each home told by itself: the summary is no visit of its own."""
    out = []
    for at, action in enumerate(actions):
        if action.action in TALKS and action.slots.get("outcome") == "other":
            told = {
                m.candidates for a in actions[at + 1 :] if a.action in (action.action, "return") for m in a.students
            }
            left = tuple(m for m in action.students if m.candidates not in told)
            if not left:
                continue
            action = replace(action, students=left)
        out.append(action)
    return out


def _without_needless_questions(actions: list[Action]) -> list[Action]:
    """A pupil of whom something is plainly told is not asked about as well."""
    told = {m.candidates for a in actions if a.action != "clarify" for m in a.students}
    taken_back = any(a.action == "undo" for a in actions[-1:]) or (
        bool(told) and any(a.action == "undo" for a in actions)
    )
    out = []
    for action in actions:
        if action.action == "clarify" and action.slots.get("about") == "meaning" and action.students:
            left = tuple(m for m in action.students if m.candidates not in told and not taken_back)
            if not left:
                continue
            action = replace(action, students=left)
        out.append(action)
    return out

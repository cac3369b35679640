"""Second thoughts: where the rules understood nothing, or something that the weights of the message speak against."""

from __future__ import annotations

import re
from functools import cache

from handlers.understanding.actions import GUESSED
from handlers.understanding.clauses import Clause, Line, Part, same_pupil
from handlers.understanding.drafted import ASKED, TOLD, drafted, with_outcome
from handlers.understanding.drafts import Draft, Setting
from handlers.understanding.events import TALKS
from handlers.understanding.handed_over import TO_BE_TOLD
from handlers.understanding.moods import mood_of
from handlers.understanding.outcomes import outcome_of
from handlers.understanding.residue import ATTENDANCE, takes_object
from handlers.understanding.senses import events_of
from handlers.understanding.weights import NOTHING, kind_of, meaning_of, pieces_of, weigh

CERTAIN = 0.9  # what is believed against a question of the rules, or beside what they heard
UNWRITTEN = 0.98  # that nothing may be written is this likely …
ODD = 0.1  # … and what the rules made of it this unlikely: it is asked about
SETTLED = 0.97  # what is believed though the rules heard the word of it beside something that they could not explain
SURE = 0.6  # what the rules made nothing of is taken to mean this from here on
DOUBT, RATHER = 0.1, 0.5  # what the rules made of it is this unlikely, and another meaning at least so likely
UNBELIEVED, NOBODY = (
    0.02,
    0.1,
)  # what the rules made of it is this unlikely, and nothing else is likely either: it is asked about
UNHEARD = 0.015  # what has less than this is not written beside what has more
_SHORTEST = 4  # 都在: too little to tell
_NEVER = {"leave:other", "list:special", "report:monthly:submit", "report:zero:submit"}
"""Needs more than a meaning, or cannot be undone."""
_OF_A_PUPIL = {f"export:{form}" for form in ("visit_form", "notice_form", "persuasion_record", "dropout_report_form")}


def second_thoughts(
    drafts: list[Draft], lead: list[Clause], parts: list[Part], line: Line, setting: Setting
) -> list[Draft]:
    """The drafts of a line that is about one group of pupils or none, thought over."""
    if any(not _of_one_pupil(part, parts[0], line) for part in parts[1:]):
        return drafts
    clauses = [*lead, *(c for part in parts for c in part.clauses)]
    return thought_over(drafts, Part(parts[0].names if parts else [], clauses), line, setting)


def _of_one_pupil(part: Part, first: Part, line: Line) -> bool:
    """石头没来,石头发烧了: named again, and of nobody else."""
    return len(part.names) == len(first.names) == 1 and same_pupil(line, part.names[0], first.names[0])


def thought_over(drafts: list[Draft], part: Part, line: Line, setting: Setting) -> list[Draft]:
    """The drafts of the rules for what is told in one part, or another one where the weights are sure.

    Thresholds: docs/decisions.md. A question which pupil is meant stays one, whatever is told of them.
    """
    if sum(c.end - c.start for c in part.clauses) < _SHORTEST:
        return drafts
    odds = _of_that_talk(weigh(pieces_of(line, part.clauses, setting.role)), drafts, setting)
    meant = {meaning_of(d.action, d.slots) for d in drafts} - {NOTHING}
    if drafts and not part.names and all(kind_of(m) in ASKED for m in meant):
        return _asked_for(drafts, odds, meant, part, line, setting)
    if any(d.slots.get("about") in ("student", "date") for d in drafts):
        return drafts
    dated = any(
        (d.action == "absence" and "date" in d.slots) or (d.action == "leave" and "days" in d.slots) for d in drafts
    )
    if meant and not dated and odds[NOTHING] >= UNWRITTEN and all(odds.get(m, 1.0) <= ODD for m in meant):
        return [Draft("clarify", part.names, {"about": "meaning"})]
    if part.names and _unbelieved(drafts, odds):
        return [Draft("clarify", part.names, {"about": "meaning"})]
    if any(d.action == "clarify" for d in drafts) and (sure := _settled(odds, meant, part, line, setting)):
        return [*(d for d in drafts if d.action != "clarify"), *sure]
    others = {m: odd for m, odd in odds.items() if m not in meant}
    best = max(others, key=others.__getitem__)
    least = 1.0 if len(meant) > 1 else RATHER if meant else SURE
    if not meant and _refused(best, odds[best], part, line):
        return drafts
    barred = (
        best in (NOTHING, *_NEVER)
        or (best == "undo" and bool(part.names))
        or (best == "assign" and TO_BE_TOLD.search(line.text) is not None)
        or (best.endswith(":nobody") and _WORD_BACK.search(line.text) is not None)
        or bool(meant & _NEVER and best != "help")
        or (best.rpartition(":")[2] in ("return", "returned") and _brought_home(line))
        or _turned_round(meant, best)
        or (best == "return" and any(_went_and_returned(d, line) for d in drafts))
        or _asked_alike(meant, best)
    )
    if barred or odds[best] < least or any(odds.get(m, 0.0) > DOUBT for m in meant):
        return _believed(drafts, odds)
    made = [with_outcome(d, best) for d in drafts] if _same_talk(meant, best) else drafted(best, part, line, setting)
    if counted := [d for d in drafts if d.action == "absence" and {"day", "days", "from"} & d.slots.keys()]:
        return (
            [*counted, *_guessed(made)] if odds[best] >= CERTAIN and kind_of(best) not in TALKS else drafts
        )  # 旷了两天课: no weight takes that away
    return _guessed(made) or drafts


def _unbelieved(drafts: list[Draft], odds: dict[str, float]) -> bool:
    """Whether the weights believe neither the records of the rules, whichever talk it was, nor anything else."""
    records = [
        d
        for d in drafts
        if d.action not in (*ASKED, "case", "snooze", "clarify")
        and d.slots.get("outcome") != "other"  # what came of it was not said: nothing to believe
        and not (d.action == "absence" and "date" in d.slots)
    ]
    if not records or max(odds.values()) > NOBODY:
        return False
    return all(odds.get(meaning_of(d.action, d.slots), 1.0) <= UNBELIEVED for d in records)


_WORD_BACK = re.compile(r"(?:只|就)?回(?:了|我|过来)*(?:一)?[个句声]")  # 回了个知道了: whoever answers has been reached


def _guessed(drafts: list[Draft]) -> list[Draft]:
    """The drafts, marked as read by their weight."""
    for draft in drafts:
        draft.slots[GUESSED] = True
    return drafts


def _settled(odds: dict[str, float], meant: set[str], part: Part, line: Line, setting: Setting) -> list[Draft]:
    """What the rules ask about beside what they understood, where the weights leave no doubt of it."""
    kinds = set(map(kind_of, meant))
    sure = [m for m, odd in odds.items() if odd >= SETTLED and kind_of(m) in TOLD and kind_of(m) not in kinds]
    if not meant or len(sure) != 1 or _refused(sure[0], odds[sure[0]], part, line):
        return []
    return _guessed(drafted(sure[0], part, line, setting))


def _asked_for(
    drafts: list[Draft], odds: dict[str, float], meant: set[str], part: Part, line: Line, setting: Setting
) -> list[Draft]:
    """What is asked for of no pupil: what the rules heard and is not unlikely, and whatever else is certain."""
    doubted = bool(meant) and not any(odds.get(m, 1.0) > DOUBT for m in meant)
    least = RATHER if doubted else CERTAIN
    asked = meant | _NEVER | _OF_A_PUPIL | ({"undo"} if meant else set())  # 先别交,看看有没有填错: takes nothing back
    kinds = {kind_of(m) for m in meant if doubted}  # another list in place of the one that was asked for by name
    steps = {m.rpartition(":")[0] for m in meant if kind_of(m) == "report"}  # of the same report
    more = [
        m
        for m, odd in odds.items()
        if odd >= least and m not in asked and kind_of(m) in ASKED - kinds and m.rpartition(":")[0] not in steps
    ]
    if "help" in meant or sum(kind_of(m) == "export" for m in meant) > 1:
        more = [
            m for m in more if kind_of(m) != "export"
        ]  # how to do it, or papers asked for by name: those, and no other
    made = _guessed([d for m in more for d in drafted(m, part, line, setting)])
    kept = [
        d
        for d in drafts
        if odds.get(m := meaning_of(d.action, d.slots), 1.0) > DOUBT or (m in _NEVER and "help" not in more)
    ]
    return [*kept, *made] if made else _believed(drafts, odds)


def _refused(meaning: str, odd: float, part: Part, line: Line) -> bool:
    """Whether the rules heard just this and had their reason: a question, a plan, hearsay, something denied or of another matter."""
    kind, _, outcome = meaning.partition(":")
    if kind in ASKED:
        return kind == "undo" and bool(part.names)
    if any(mood_of(c, line) or (kind in ATTENDANCE and _NEITHER.search(c.text)) for c in part.clauses):
        return True
    whole = line.text[part.clauses[0].start : part.clauses[-1].end]
    if (
        "除" in whole
        or outcome_of(whole)[0] == "contradiction"
        or any(e.no for c in part.clauses for e in events_of(c, line))
    ):
        return True
    kin = ATTENDANCE if kind in ATTENDANCE else (kind,)
    heard = [(c, e.end) for c in part.clauses for e in events_of(c, line) if e.kind in kin]
    if kind not in TALKS:
        return bool(heard)  # 校服没来, 通知书没送成: what turns it stands beside the word, and no weight tells
    told = [(c, outcome_of(c.text)) for c in part.clauses]
    heard += [(c, c.start + span[1]) for c, (came, span) in told if came == outcome]
    return any(odd < SETTLED or takes_object(clause, end) for clause, end in heard)


_NEITHER = re.compile(r"没(?:有)?(?:缺|旷|少)|迟到|迟了|早退|晚(?:了|到)|来晚")  # neither an absence nor a coming back


def _believed(drafts: list[Draft], odds: dict[str, float]) -> list[Draft]:
    """Without what nothing speaks for, beside what something does; an absence or visit said with its day stays, as a leave with its
    days: 昨天去了张三家,今天没来."""
    if len(drafts) < 2 or {d.action for d in drafts} - ASKED == {"case"}:
        return drafts
    kinds: dict[str, float] = {}
    for meaning, odd in odds.items():
        kinds[kind_of(meaning)] = max(odd, kinds.get(kind_of(meaning), 0.0))
    said = [
        d
        for d in drafts
        if d.action == "case"
        or (d.action in ("absence", "return", "visit") and "date" in d.slots)
        or (d.action == "leave" and "days" in d.slots)
    ]
    return [d for d in drafts if d in said or kinds.get(d.action, 1.0) > UNHEARD] or drafts


def _of_that_talk(odds: dict[str, float], drafts: list[Draft], setting: Setting) -> dict[str, float]:
    """What came of it, of whichever talk it was: a visit told of before is no contact."""
    kind = next((d.action for d in drafts if d.action in TALKS), setting.talk.kind if setting.talk else None)
    if kind is None:
        return odds
    folded: dict[str, float] = {}
    for meaning, odd in odds.items():
        name = _as_told(meaning, kind)
        folded[name] = max(odd, folded.get(name, 0.0))
    return folded


@cache
def _as_told(meaning: str, kind: str) -> str:
    """The meaning, a talk as one of this kind."""
    action, sign, outcome = meaning.partition(":")
    return f"{kind}{sign}{outcome}" if action in TALKS else meaning


def _turned_round(meant: set[str], best: str) -> bool:
    """Agreed where the rules heard a refusal, or the other way: 不读了要学剃头,他家里同意."""
    wills = ("agreed", "refused")
    ends = {m.rpartition(":")[2] for m in meant if kind_of(m) in TALKS}
    return kind_of(best) in TALKS and best.rpartition(":")[2] in wills and bool(ends & set(wills))


_TALK_NAMED = re.compile(r"(?:家访|走访|入户|上门|电话|微信)(?!的)")


def _went_and_returned(draft: Draft, line: Line) -> bool:
    """家访张三,他爸同意,今早已经送来了: the visit is named, and that is how it ended."""
    at = draft.spans.get("action", (0, 0))[0]
    return draft.slots.get("outcome") == "returned" and _TALK_NAMED.match(line.text, at) is not None


_HOME = re.compile(r"(?:带|接|领|送|找|拉|跑)(?:他|她|人|孩子|娃)?回(?:了)?家")
_SCHOOL = re.compile(r"校|学|班|课|堂")


def _brought_home(line: Line) -> bool:
    """人找到了,已经带回家了: found, and not yet at school."""
    return _HOME.search(line.text) is not None and _SCHOOL.search(line.text) is None


def _asked_alike(meant: set[str], best: str) -> bool:
    """Another list, report or paper than the one that was asked for by name."""
    return kind_of(best) in ASKED and kind_of(best) in map(kind_of, meant)


def _same_talk(meant: set[str], best: str) -> bool:
    """Another outcome of the talk that was understood."""
    return kind_of(best) in TALKS and set(map(kind_of, meant)) == {kind_of(best)}

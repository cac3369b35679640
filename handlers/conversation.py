"""One message in, one answer out; at most one open question for each person.

A question is kept as the message it came from, the moment it was sent, and what has been answered so
far. An answer adds one thing to that and the message is understood again as of its own moment, so
there is one way through the code however many questions a message needs, and 今天 stays the day on
which it was said. Nothing is written for a pupil before everything about that pupil is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from casework.access import CLASSROOM
from handlers import (
    aiming,
    amending,
    care,
    commands,
    completing,
    filing,
    guard,
    helping,
    hukou,
    lent,
    numbered,
    papers,
    paraphrases,
    rolls,
    undoing,
    wording,
    work_told,
)
from handlers.answer import Written, not_recorded
from handlers.asking import Asked, choice
from handlers.desk import Desk, Said
from handlers.doubts import OPEN_FOR, clarify, lately, never_away, which
from handlers.line import Line, Without, in_own_words, once
from handlers.recorder import write
from handlers.recording import RECORDED, recorded_of
from handlers.registry import REGISTRY
from handlers.routes import ASKING, EXAMPLES
from handlers.understanding import dates
from handlers.understanding.actions import Action, NameIndex
from handlers.understanding.choices import is_bare_answer
from handlers.understanding.parse import understand

_LOOKED_UP = re.compile(r"(?:查一下|查询|查看|查)\s*(?P<name>[\u4e00-\u9fff·•]{2,12})")
STOP = ("取消", "不用了", "算了", "不记了", "不报了")


def answer(desk: Desk, text: str) -> Said:
    """What the bot says to one text message; facts are appended to the desk's unit of work on the way."""
    return numbered.keep(desk, _answer(desk, text))


def _answer(desk: Desk, text: str) -> Said:
    talk = desk.work.inbox.talk(desk.writer.id)
    desk = lent.widened(desk, f"{text}{talk['line'] if talk else ''}")
    if text.strip().rstrip("。.!！") in STOP:
        desk.work.inbox.end_talk(desk.writer.id)
        return Said(wording.CANCELLED if talk else wording.NOTHING_OPEN)
    if talk:
        said = _continue(desk, talk, text)
        if said:
            return said
    elif is_bare_answer(text):
        return numbered.chosen(desk, text) or Said(wording.NOT_ASKED)
    text = numbered.spelled(desk, text)
    return (
        _command(desk, text)
        or _guarded(desk, text)
        or _corrected(desk, text, bool(talk))
        or _of_another(desk, text)
        or _paper(desk, text)
        or _assigned(desk, text)
        or care.asked(desk, text)
        or _read(desk, Line(text, desk.now))
    )


def _command(desk: Desk, text: str) -> Said | None:
    """A command; where its note pushes a pupil out, the alarm goes out with it."""
    said = commands.run(desk, text)
    return guard.with_alarm(desk, text, said) if said else None


def _paper(desk: Desk, text: str) -> Said | None:
    """A paper asked for by its name."""
    action = papers.asked(desk, text)
    return _follow(desk, Line(text, desk.now, meant=(action,))) if action else None


def _assigned(desk: Desk, text: str) -> Said | None:
    """给张三安排包联人陈老师: the same as 张三由陈老师包联; and others that are said in more than one way."""
    plain = paraphrases.plain(text)
    return (commands.run(desk, plain) or _follow(desk, Line(plain, desk.now))) if plain else None


def _guarded(desk: Desk, text: str) -> Said | None:
    """Words that push a pupil out, or keep one out: an alarm, and what else is told is recorded; 校长让我劝退他 assigns nobody."""
    if not guard.forced(text) and not guard.refused(text):
        return None
    meant = _understand(desk, Line(text, desk.now))
    warning = guard.warn(desk, text, meant)
    if guard.refuses(desk, text, meant) or not any(
        action.action in RECORDED and action.action != "assign" for action in meant
    ):
        return not_recorded(f"{warning}\n这条消息没有记录。")
    said = _follow(desk, Line(text, desk.now))
    return replace(said, text=f"{warning}\n\n{said.text}")


def _corrected(desk: Desk, text: str, asked: bool) -> Said | None:
    """改 …: the last record is taken back and the corrected sentence recorded, both or neither."""
    found = amending.amended(desk, text, lambda words: _understand(desk, Line(words, desk.now)), asked)
    if found is None or isinstance(found, Said):
        return found
    line, last = found
    undone = f"{undoing.undone(desk, last)}\n" if last else ""
    said = _follow(desk, line)
    filing.move(desk, last)
    return replace(said, text=f"{undone}{said.text}")


def _of_another(desk: Desk, text: str) -> Said | None:
    """昨天报的李四缺勤是张三: what was written of the one is taken back and written of the other, once that is confirmed."""
    found = undoing.of_another(desk, text)
    if found is None:
        return None
    asked, meant = found
    return Said(open_question(desk, asked, Line(text, desk.now, meant=meant)), asks=True)


def _continue(desk: Desk, talk: Mapping[str, Any], text: str) -> Said | None:
    """Take the text as the answer to the open question; None when it is a message of its own."""
    options: Sequence[Mapping[str, Any]] = talk["options"]
    picked = choice(text, options)
    line = Line.of(talk["line"])
    if picked is not None:
        if not desk.work.inbox.end_talk(desk.writer.id):
            return Said(wording.ANSWERED)
        option = options[picked]
        if option.get("stop"):
            return Said(wording.CANCELLED)
        if chosen := option.get("answers", {}).get("attach"):
            return filing.attach_chosen(desk, chosen)
        return _follow(
            desk,
            replace(
                line,
                text=option.get("text", line.text),
                excluded=line.excluded + tuple(option.get("exclude", ())),
                answers={**line.answers, **option.get("answers", {})},
            ),
        )
    if talk.get("free") == "date" and (day := dates.resolve(text, line.at, dates.PAST, desk.days)):
        desk.work.inbox.end_talk(desk.writer.id)
        return _follow(desk, replace(line, answers={**line.answers, "date": day.isoformat()}))
    if is_bare_answer(text):
        return Said(talk["ask"], asks=True)
    if said := _command(desk, numbered.spelled(desk, text)):
        desk.work.inbox.end_talk(desk.writer.id)
        return said
    if (not options or talk.get("free") == "words") and not _stands_alone(desk, text):
        desk.work.inbox.end_talk(desk.writer.id)
        bare = any(m.candidates for a in _understand(desk, Line(text, desk.now)) for m in a.students)
        return _follow(desk, replace(line, text=f"{text} {line.text}" if bare else f"{line.text}，{text}"))
    if _stands_alone(desk, text):
        desk.work.inbox.end_talk(desk.writer.id)
        return None
    if whole := completing.completed(talk, line, text, lambda each: _understand(desk, each)):
        desk.work.inbox.end_talk(desk.writer.id)
        return _follow(desk, whole)
    return Said(f"{wording.FIRST_THIS}\n{talk['ask']}", asks=True)


def _stands_alone(desk: Desk, text: str) -> bool:
    """Whether the text says something by itself, so that an open question must not hold it up."""
    meant = _understand(desk, Line(text, desk.now))
    return (
        any(a.action not in ("clarify", "unknown") for a in meant)
        or amending.is_one(text)
        or bool(guard.forced(text) or guard.refused(text))
        or bool(papers.asked(desk, text))
        or work_told.is_one(desk, text, meant)
        or bool(care.asked(desk, text))
    )


def meaning(desk: Desk, text: str) -> list[Action]:
    """What a text means that is sent now; writes nothing, so it may be asked before the turn to write has come."""
    return _understand(lent.widened(desk, text), Line(text, desk.now))


def _understand(desk: Desk, line: Line) -> list[Action]:
    if line.at == desk.now and not line.excluded and line.text in desk.understood:
        return list(desk.understood[line.text])
    if listed := rolls.meant(desk, line.text, line.excluded):
        return listed
    near = [p.unit for p in desk.posts if p.role in CLASSROOM]
    names: NameIndex = desk.work.people.names(desk.scope, near)
    if line.excluded:
        names = Without(names, frozenset(line.excluded))
    return list(understand(line.text, desk.role, line.at, names, desk.days))


def _read(desk: Desk, line: Line) -> Said:
    """Understood once, whichever of the two it is for: the names in it are looked up in the register."""
    meant = _understand(desk, line)
    return work_told.answered(desk, line.text, meant) or perform(desk, in_own_words(meant, line.text), line)


def _follow(desk: Desk, line: Line) -> Said:
    return perform(desk, line.meant or in_own_words(_understand(desk, line), line.text), line)


def perform(desk: Desk, actions: Sequence[Action], line: Line) -> Said:
    """Do what was meant, in order; the first thing that must be asked becomes the open question.

    The same door for a chat message, a tapped card and a form of a page.
    """
    parts: list[str] = []
    files: list[Mapping[str, Any]] = []
    asked: Asked | None = None
    numbers: tuple[str, ...] = ()
    refused = False
    written = set(line.written)
    actions = aiming.aimed(desk, actions, line)
    for at, action in enumerate(actions, 1):
        if line.written and once(action) in line.written:
            continue
        so_far = line if at == 1 else replace(line, written=tuple(sorted(written)))
        with_more = desk if at == len(actions) else replace(desk, later=recorded_of(actions[at:]))
        result = _one(with_more, action, so_far)
        if isinstance(result, Asked):
            asked = asked or result
            continue
        parts.append(result.text)
        refused |= result.refused
        if isinstance(result, Said):
            files += result.files
            numbers = result.numbers
        elif result.keys or result.asked:  # known by pupil, of whom one may still be asked about
            written |= set(result.keys)
            asked = asked or result.asked
            continue
        written.add(once(action))
    if asked:
        parts.append(open_question(desk, asked, replace(line, written=tuple(sorted(written)))))
    text = "\n\n".join(filter(None, parts))
    return Said(text, tuple(files), asked is not None, numbers=() if asked else numbers, refused=refused and not asked)


def _one(desk: Desk, action: Action, line: Line) -> Asked | Written | Said:
    if action.action == "clarify":
        return clarify(desk, action, line)
    if action.action == "unknown" or action.action not in REGISTRY:
        if asked_for := _LOOKED_UP.fullmatch(line.text.strip()):
            return Said(wording.unknown_pupil([asked_for["name"]]))
        desk.work.inbox.keep_unknown(desk.writer.id, line.text)
        if asked := completing.asked_instead(desk, line, lambda each: _understand(desk, each)):
            return asked
        return Said(
            wording.not_understood(helping.instead(desk, line.text) or [EXAMPLES.get(desk.role, EXAMPLES["teacher"])])
        )
    row = REGISTRY[action.action]
    if not desk.reader.may(action.action):
        return not_recorded(f"“{row.title}”不在您的职责里，没有记录。如需办理，请联系学校控辍专干。")
    unknown = [m.name for m in action.students if not m.candidates]
    if unknown and action.action != "transfer_in":
        return not_recorded(wording.unknown_pupil(unknown))
    if several := next((m for m in action.students if len(m.candidates) > 1), None):
        return which(desk, several.name, several.candidates)
    if row.needs_pupil and not action.students:
        return Asked(f"请问是哪名学生？（{row.title}）", lately(desk, line), free="words")
    if action.action in ASKING:
        return ASKING[action.action](desk, action)
    if asked := never_away(desk, action, line):
        return asked
    said = write(desk, action, line.answers, line.written)
    if action.action == "found" and isinstance(said, Written) and said.keys and hukou.says_so(line.text):
        said = replace(said, text="\n".join(filter(None, (said.text, hukou.also(desk)))))
    return said


def open_question(desk: Desk, asked: Asked, line: Line) -> str:
    """Keep the question open for half an hour and give its words."""
    labels = [str(o["label"]) for o in asked.options]
    if asked.options and asked.options[0].get("yes"):
        ask = f"{asked.text}\n请回“是”或“否”。"
    elif labels:
        ask = wording.number(labels, asked.text)
    else:
        ask = f"{asked.text}\n不记了请回“{wording.CANCEL}”。"
    state = {"ask": ask, "options": list(asked.options), "line": line.kept(), "free": asked.free}
    desk.work.inbox.set_talk(desk.writer.id, state, desk.now + OPEN_FOR)
    return ask

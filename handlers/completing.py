"""Half a sentence: an answer in one's own words to an open question, and words that lack nothing but a pupil's name.

Whether they would be whole is asked of the grammar itself, by reading them together with what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.asking import Asked
from handlers.desk import Desk, Said
from handlers.doubts import OF_WHOM, clarify, lately
from handlers.line import Line
from handlers.naming import pupils_in
from handlers.recording import RECORDED
from handlers.understanding.actions import GUESSED, Action, Mention

Meaning = Callable[[Line], Sequence[Action]]
_LONGEST = 30
_NO_REPORT = re.compile(r"^(?:帮|请|麻烦|各)|[?？吗]|怎么|多少|什么")
"""Asked of the bot or of others: no child is meant."""


def asked_instead(desk: Desk, line: Line, meaning: Meaning) -> Asked | Said | None:
    """What is asked of words that were not understood: 李四迟到，到了: what of 李四? 打了电话没人接: of whom? None where they
    name no one pupil and no name would make them a record."""
    words = line.text.strip()
    if line.meant or len(words) > _LONGEST or _NO_REPORT.search(words):
        return None
    if named := pupils_in(desk, words):
        mentions = tuple(Mention(name, (id,)) for id, name in named.items())
        return clarify(desk, Action("clarify", mentions), line) if len(named) == 1 else None
    offered = lately(desk, line)
    anybody, _ = desk.work.people.in_scope(desk.scope, limit=1)
    if not anybody or not _whole(meaning(replace(line, text=f"{anybody[0].name} {words}"))):
        return None
    return Asked(OF_WHOM, offered, free="words")


def completed(talk: Mapping[str, Any], line: Line, text: str, meaning: Meaning) -> Line | None:
    """The message that an open question was about, with its answer in words: 门锁着，没人 to 结果是？, 家里没人 to 张三怎么了？
    None where they do not make a record of the one pupil together."""
    if line.meant:
        return None
    whom = {m.name for action in meaning(line) for m in action.students}
    how = any(key.startswith("outcome") for option in talk["options"] for key in option.get("answers", ()))
    what = all("text" in option for option in talk["options"])
    if len(whom) != 1 or not (how or what):
        return None
    joined = replace(line, text=f"{line.text}，{text}" if how else f"{next(iter(whom))} {text}")
    told = meaning(joined)
    return joined if _whole(told) and {m.name for action in told for m in action.students} == whom else None


def _whole(actions: Sequence[Action]) -> bool:
    """Whether these are records and nothing else, each read word by word, a talk or visit with how it ended."""
    return bool(actions) and all(
        action.action in RECORDED
        and bool(action.students)
        and not action.slots.get(GUESSED)
        and (action.action not in ("contact", "visit") or action.slots.get("outcome") not in (None, "other"))
        for action in actions
    )

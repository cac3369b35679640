"""Whole-sentence entries about lists: of the platform, of those not registered, not back at term's start, not handed over.

Only sentences of this form alone are taken; whatever says more is left to the grammar of ``understanding``.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from handlers.desk import Desk
from handlers.understanding.actions import Action, Mention

_NOT = "(?:还|都|今年|至今)*(?:没有?|未)"
_ENTRIES = (
    (
        "not_handed_over",
        re.compile(rf"小升初{_NOT}(?:移交|交接|衔接|办移交|交到初中)|{_NOT}(?:小升初移交|移交到?(?:初中|中学))"),
    ),
    (
        "platform_flag",
        re.compile(
            "(?:国家|全国)?(?:监测)?平台(?:上|里)?(?:的)?(?:疑似)?(?:辍学)?(?:名单)?(?:里|上)?(?:显示|标记?|标注|列)?"
        ),
    ),
    (
        "not_returned",
        re.compile(
            rf"(?:新学期|本学期|这学期|秋季|春季)?(?:开学)(?:了|后|以来|时)*{_NOT}(?:返校|到校|回来|来报到|报到|回校)"
        ),
    ),
    ("not_registered", re.compile(rf"{_NOT}(?:按通知书?)?(?:来|到校?|去)?(?:学校)?(?:报到|注册)(?:注册)?")),
)
_FILLER = re.compile(
    r"(?:(?:收到|拿到|领了|接到|送达|发了)《?入学通知书》?[了之以]*[后以来]*|同学|学生|名单|疑似|辍学|里有|上有|显示|标为|标成|标作|推送|[把将]|标记|标注|被标|列入|列为|出现|新生|[的了在被为是有里上这那名个和与及、，,。.；;！!\s])*"
)
_ASKS = re.compile(r"[?？]|吗|呢|哪些|哪个|谁|多少|几个")
_LONGEST = 15


def meant(desk: Desk, text: str, excluded: Collection[str] = ()) -> list[Action] | None:
    """The entry that the whole text makes about pupils of the writer's reach, less those ruled out by choosing another;
    None when it is none."""
    if _ASKS.search(text) or len(text) > 120:
        return None
    for action, pattern in _ENTRIES:
        found = pattern.search(text)
        if found is None or (action == "platform_flag" and "疑似" not in text):
            continue
        students = _students(desk, text[: found.start()], text[found.end() :])
        if students:
            left = (Mention(m.name, tuple(c for c in m.candidates if c not in excluded)) for m in students)
            return [Action(action, tuple(left), {})]
    return None


def _students(desk: Desk, before: str, after: str) -> tuple[Mention, ...]:
    """The pupils named before and after the words of the entry; none where anything else is said besides."""
    words = [run for part in (before, after) for run in re.findall(r"[\u4e00-\u9fff·]+", part)]
    pieces = {
        run[i : i + n] for run in words for i in range(len(run)) for n in range(2, min(len(run) - i, _LONGEST) + 1)
    }
    known = desk.work.people.names(desk.scope).exact(sorted(pieces)) if pieces else {}
    found, rest = list[Mention](), f"{before}，{after}"
    for name in sorted((n for n, entries in known.items() if entries), key=lambda n: (-len(n), n)):
        if name in rest:
            rest = rest.replace(name, "，")
            found.append(Mention(name, tuple(e.id for e in known[name])))
    return (
        tuple(sorted(found, key=lambda m: (before + after).index(m.name))) if found and _FILLER.fullmatch(rest) else ()
    )

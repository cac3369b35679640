"""What is told of several together, and then of one of them apart."""

from __future__ import annotations

from dataclasses import replace

from handlers.understanding.actions import Action


def without_undated_notices(actions: list[Action]) -> list[Action]:
    """甲、乙的通知书都送到了,甲是今天送的,乙是前天送的: the same papers, then each with its day."""
    dated = {m.candidates for a in actions if a.action == "notice" and "date" in a.slots for m in a.students}
    out = []
    for action in actions:
        if action.action == "notice" and "date" not in action.slots and action.students:
            left = tuple(m for m in action.students if m.candidates not in dated)
            action = replace(action, students=left)
            if not left:
                continue
        out.append(action)
    return out


def without_latecomers(actions: list[Action], today: str) -> list[Action]:
    """甲、乙、丙早读都没来,乙后来到了: who of several came later on that day was late, neither missing nor back."""
    out: list[Action] = []
    for action in actions:
        late: set[tuple[str, ...]] = set()
        if action.action == "return":
            day = action.slots.get("date", today)
            late = {m.candidates for m in action.students}
            missing = [a for a in out if _of_several_on(a, day, late)]
            for one in missing:
                out[out.index(one)] = replace(one, students=tuple(m for m in one.students if m.candidates not in late))
            late = {m.candidates for one in missing for m in one.students} & late
        left = tuple(m for m in action.students if m.candidates not in late)
        if left or not late:
            out.append(replace(action, students=left))
    return out


def _of_several_on(action: Action, day: str, late: set[tuple[str, ...]]) -> bool:
    """An absence of that day alone, of more pupils than those who came."""
    told = {m.candidates for m in action.students}
    return (
        action.action == "absence"
        and bool(told & late)
        and bool(told - late)
        and action.slots.get("date", day) == day
        and not {"day", "days", "from"} & set(action.slots)
    )

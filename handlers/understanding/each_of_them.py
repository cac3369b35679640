"""What is told of several together, and then of one of them apart."""

from __future__ import annotations

from dataclasses import replace

from handlers.understanding.actions import Action


def without_undated_notices(actions: list[Action]) -> list[Action]:
    """甲、乙的通知书都送到了,甲是今天送的,乙是前天送的: the same papers, then each with its day."""
    dated = {m.candidates for a in actions if a.action == "notice" and "date" in a.slots for m in a.students}
    if not dated:
        return actions
    told = [_without(a, dated) if a.action == "notice" and "date" not in a.slots else a for a in actions]
    return [a for a, before in zip(told, actions, strict=True) if a.students or not before.students]


def without_latecomers(actions: list[Action], today: str) -> list[Action]:
    """甲、乙、丙早读都没来,乙后来到了: who of several came later on that day was late, neither missing nor back."""
    out = list(actions)
    for at, back in enumerate(actions):
        if back.action != "return":
            continue
        came = {m.candidates for m in back.students}
        late: set[tuple[str, ...]] = set()
        for before, one in enumerate(out[:at]):
            if _of_several_on(one, back.slots.get("date", today), came):
                late |= came & {m.candidates for m in one.students}
                out[before] = _without(one, came)
        if late:
            out[at] = _without(back, late)
    return [a for a, told in zip(out, actions, strict=True) if a.students or not told.students]


def _without(action: Action, pupils: set[tuple[str, ...]]) -> Action:
    return replace(action, students=tuple(m for m in action.students if m.candidates not in pupils))


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

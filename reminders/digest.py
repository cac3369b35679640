"""A person's items as messages: one digest, and single cards for what a tap can end today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby

from casework import rungs
from casework.case import Duty
from casework.terms import RULES, clause_name, say_day
from reminders import alike, cards, circle, hours, wording
from reminders.board import Board
from reminders.message import Message, digest_of, fit, key
from reminders.plan import AHEAD, AWAKE, DUE, LATE, Item
from reminders.waiting import NOTHING

NEWS = "now-"
MOST_CARDS, MOST_NEWS = 5, 2
"""More pupils than these on one day, and the digest alone is sent: a handful of cards can be tapped, a heap cannot; of what came up
after the morning a few come as cards, so that late entry does not burst."""
TOGETHER, LIKELY = 50, 20
"""How many people's digests read together how their pupils stand, and of how many pupils each: more seldom fit into one."""
TODAY = "今天到期"
KNOW = "请您知悉"
SECTIONS: Mapping[str, str] = {DUE: TODAY, AWAKE: TODAY, LATE: "已经逾期", AHEAD: "快要到期"}
"""Under which heading an item stands, by its kind, in this order; what another one does stands last, under ``KNOW``."""


def compose(people: Iterable[tuple[str, Sequence[Item]]], board: Board, when: str = "") -> list[Message]:
    """The messages of all these people. A single pupil's card goes alone; with more, the digest counts them first.
    ``when`` begins their keys: ``NEWS`` for what came up after the morning."""
    everyone: list[tuple[str, Sequence[Item]]] = list(people)
    named = {person for person, _ in everyone}
    everyone += [(person, ()) for person in board.waiting if person not in named]
    out: list[Message] = []
    for at in range(0, len(everyone), TOGETHER):
        some = everyone[at : at + TOGETHER]
        board.expect(item.duty for _, items in some for item in items[:LIKELY])
        out += (message for person, items in some for message in _for_one(person, items, board, when))
    return out


def _for_one(person: str, items: Sequence[Item], board: Board, when: str) -> list[Message]:
    waits = board.waiting.get(person, NOTHING)
    by_pupil = _tappable(items, MOST_NEWS if when == NEWS else MOST_CARDS)
    on_cards = {item.duty.id for group in by_pupil.values() for item in group}
    listed = [item for item in items if item.duty.id not in on_cards] if on_cards else items
    asked = board.is_workday and (waits.mine or (waits.others and board.opens_week))
    needed = listed or len(by_pupil) > 1 or asked
    to_do = len(on_cards) + sum(not item.inform for item in listed) + len(waits.mine)
    figure = _figure(to_do, len(listed) or len(waits.others))
    out = [_digest(person, listed, len(by_pupil), figure, board, when)] if needed else []
    return out + [_card(person, group, board, when) for group in by_pupil.values()]


def _tappable(items: Iterable[Item], most: int) -> dict[str, list[Item]]:
    """What is due today and can be ended by a tap, by pupil; nothing when it is too much for single cards."""
    out: dict[str, list[Item]] = {}
    for item in items:
        if item.kind in (DUE, AWAKE) and not item.inform and item.duty.pupil and cards.can_be_tapped(item.duty.rule):
            out.setdefault(item.duty.pupil, []).append(item)
            if len(out) > most:
                return {}
    return out


def _figure(to_do: int, listed: int) -> tuple[str, str]:
    """The number that the digest's card shows first: what there is to do, else what there is to know."""
    return (str(to_do), "项要办") if to_do else (str(listed), "项请您知悉")


def _digest(
    person: str, items: Sequence[Item], on_cards: int, figure: tuple[str, str], board: Board, when: str
) -> Message:
    grouped: dict[str, list[Item]] = {title: [] for title in (*SECTIONS.values(), KNOW)}
    for item in items:
        grouped[KNOW if item.inform else SECTIONS[item.kind]].append(item)
    subjects = [(title, len(mine), _by_subject(mine)) for title, mine in grouped.items() if mine]
    waits = board.waiting.get(person, NOTHING)
    waited = [("等您答复", waits.mine), ("等对方答复", waits.others), (KNOW, waits.beside)]
    waited = [(title, lines) for title, lines in waited if lines]
    # Each line is made when it is known to fit: a school's morning may have a thousand. A few are looked at for those alike.
    made = [
        (title, count, _lines(person, theirs, board, few=len(items) <= LIKELY)) for title, count, theirs in subjects
    ]
    sections: list[tuple[str, int, Iterable[str]]] = [(title, count, lines) for title, count, (_, lines) in made]
    sections += [(title, len(lines), lines) for title, lines in waited]
    lines_of = [many for _, _, (many, _) in made] + [len(lines) for _, lines in waited]
    outlook = _outlook(person, items, board)
    many = (2 if on_cards else 1) + len(sections) + sum(lines_of) + len(outlook)
    message_key = key(
        f"{when}digest", board.today, person, digest_of([str(on_cards), *(f"{i.duty.id} {i.step}" for i in items)])
    )
    counts = [(title, f"{count}项") for title, count, _ in sections]
    if on_cards:
        beside = "".join(f"，另有{many}" for title, many in counts if title == TODAY)
        counts = [(TODAY, f"{on_cards}名学生，见后面的卡片{beside}"), *((t, n) for t, n in counts if t != TODAY)]
    return Message(
        key=message_key,
        to=person,
        text=fit(chain(wording.say_digest(board.today, sections, on_cards), outlook), _ending(items, board), many=many),
        card=cards.digest_card(message_key, f"{say_day(board.today)}的工作提醒", figure, counts),
        # A second earlier than the cards, so that it is claimed before them.
        not_before=board.now - dt.timedelta(seconds=1),
        expires=hours.evening(board.today),
        rules=tuple(sorted({item.duty.rule for item in items})),
        duties=tuple(item.duty.id for item in items),
        notes=tuple(item.note for item in items),
    )


def _by_subject(items: Iterable[Item]) -> list[list[Item]]:
    """What is to be said of each pupil or unit, the first first."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        found.setdefault(item.duty.subject, []).append(item)
    return list(found.values())


def _lines(person: str, theirs: Sequence[Sequence[Item]], board: Board, few: bool) -> tuple[int, Iterable[str]]:
    """How many lines these pupils and units come to, and the lines: of a few, those of whom the same is said in one."""
    rows = (_row(person, mine, board) for mine in theirs)
    if few:
        lines = alike.lines(rows, board)
        return len(lines), lines
    return len(theirs), (alike.line(row, board) for row in rows)


def _row(person: str, mine: Sequence[Item], board: Board) -> alike.Row:
    """A pupil or unit with all that is to be done about it and who else knows."""
    others = _aware(person, [i.duty for i in mine], board)
    return alike.Row(mine[0].duty, [board.say_step(i.duty, i.inform) for i in mine], others)


def _outlook(person: str, items: Sequence[Item], board: Board) -> list[str]:
    """What else falls due for this person within the next days, in one line a day."""
    named = {item.duty.id for item in items}
    coming = sorted((d for d in board.coming.get(person, ()) if d.id not in named), key=lambda d: (d.due, d.rule))
    return [wording.say_coming(due, [d.rule for d in group]) for due, group in groupby(coming, key=lambda d: d.due)]


def _aware(person: str, duties: Sequence[Duty], board: Board) -> list[str]:
    """Who else knows of one of these duties, by name: who owes it, is told beside, or stands above and was told."""
    told: dict[str, None] = {}
    for duty in duties:
        told |= dict.fromkeys(circle.others(duty, person, board.pupil_of(duty), board.world, board.today))
        if duty.id in board.told_up:
            told |= {p: None for people in board.told_up[duty.id].values() for p in people if p != person}
    return [board.name_of(p) for p in told]


def _ending(items: Sequence[Item], board: Board) -> list[str]:
    """What ends the reminders of a digest, and what happens otherwise."""
    mine = [item.duty for item in items if not item.inform]
    if not mine:
        return []
    pupil = board.pupil_of(mine[0])
    ending = wording.say_ending(mine[0], pupil.name if pupil else "")
    return [line for line in (ending, _otherwise(mine[0], board)) if line]


def _otherwise(duty: Duty, board: Board) -> str:
    if rungs.is_silent(duty, board.world):
        return wording.SILENCE
    turn = circle.next_up(duty, board.pupil_of(duty), board.world, board.now, board.told_up.get(duty.id, {}))
    return wording.say_otherwise(turn.at, turn.role) if turn else ""


def _card(person: str, items: Sequence[Item], board: Board, when: str) -> Message:
    duties = [item.duty for item in items]
    first, pupil = duties[0], board.pupil_of(duties[0])
    name = pupil.name if pupil else ""
    standing = wording.say_standing(board.case_of(first), first, board.today)
    others = _aware(person, duties, board)
    otherwise = _otherwise(first, board)
    title, body = _work_on_card(name, board.subject(first), list(dict.fromkeys(RULES[d.rule] for d in duties)))
    message_key = key(f"{when}card", board.today, person, digest_of(f"{i.duty.id} {i.step}" for i in items))
    rows = {
        "情况": standing,
        "期限": "、".join(dict.fromkeys(say_day(d.due, board.today) for d in duties)),
        "依据": "、".join(dict.fromkeys(clause_name(d.clause) for d in duties)),
        "否则": otherwise.removeprefix(wording.OTHERWISE),
        "同时告知": "、".join(others),
    }
    return Message(
        key=message_key,
        to=person,
        text=fit(wording.say_card(board.subject(first), standing, name, duties, board.today, otherwise, others)),
        card=cards.duty_card(
            message_key,
            title=title,
            rows=[(name, words) for name, words in rows.items() if words],
            body=body,
            rules=[d.rule for d in duties],
            subject=first.id,
        ),
        not_before=board.now,
        expires=hours.evening(board.today),
        rules=tuple(sorted({d.rule for d in duties})),
        duties=tuple(d.id for d in duties),
        notes=tuple(item.note for item in items),
    )


def _work_on_card(name: str, subject: str, works: Sequence[str]) -> tuple[str, str]:
    """A card's title and body: all work in the title where it has room for it, else the first and how many, and all below."""
    title = f"{name}：{'；'.join(works)}"
    if len(title) <= cards.TITLE:
        return title, subject
    return f"{name}：{works[0]}，共{len(works)}项", f"{subject}：{'；'.join(works)}"

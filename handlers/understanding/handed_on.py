"""What a part hands on to the next: the kind of talk, its day, what was told."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft, Setting, tokens_in
from handlers.understanding.events import TALKS
from handlers.understanding.senses import events_of

_OF_ALL_HOMES = re.compile(r"[了于:]?D[:]?N")  # 家访3月10日张三同意,李四不同意


def hand_on(setting: Setting, made: list[Draft], told: list[Clause], line: Line) -> None:
    """The kind of talk goes on to the next pupils; its day too where it was said of several homes before any name."""
    kinds = {d.action for d in made}
    for clause in told:
        for event in events_of(clause, line):
            if event.kind in TALKS and (event.kind in kinds or not kinds & set(TALKS)):
                if not event.channel and setting.talk and setting.talk.clause.sign == ":":
                    continue  # 电话核实: … what stands at the head goes on
                setting.talk = event
                before = line.text[clause.start : event.end]
                said = [d for d in tokens_in(line, clause, "D") if d[1].value.lean <= 0]
                days = [d for d in said if d[0] < event.end or _OF_ALL_HOMES.match(line.text, event.end)]
                if days and "N" not in before and "W" not in before:
                    setting.day = (days[0][0], days[0][0] + 1)
                elif days and (line.text[clause.start : days[0][0]].count("N") != 1):
                    setting.talk_day = (days[0][0], days[0][0] + 1)
    if made:
        setting.before = made
        setting.leaves += [d for d in made if d.action == "leave"]

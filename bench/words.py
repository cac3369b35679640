"""Row: what understanding one message costs, over a class and over a whole county."""

from __future__ import annotations

import time

from bench.answers import reports
from bench.ground import Ground
from bench.load import KEY, MORNING
from bench.measure import Measure, at_most, quantile
from bot.desks import desk_for
from handlers.conversation import meaning
from handlers.understanding import names
from storage.store import open_store

MESSAGES, WARM = 1000, 50
MORE = ("{}家访，家长同意下周一返校", "给{}妈妈打电话没人接", "{}请病假3天", "{} 返校", "查 {}", "{}昨天和今天都没来")


def understand(ground: Ground) -> list[Measure]:
    """Each message is read as chat reads it: names come from the database, within the writer's scope."""
    measures: list[Measure] = []
    with ground.county("sqlite") as url:
        store = open_store(url, data_keys=[KEY], fold=names)
        told = reports(ground.size, MESSAGES + WARM)
        for who, scope in (("", "a class"), ("xian", f"{ground.size.pupils:,} pupils")):
            taken = []
            with store.look(MORNING) as work:
                for n, (teacher, words) in enumerate(told):
                    text = words if n % 2 else MORE[n % len(MORE)].format(_name(words))
                    desk = desk_for(work, who or teacher, "")
                    assert desk is not None
                    begun = time.perf_counter()
                    meaning(desk, text)
                    taken.append((time.perf_counter() - begun) * 1000)
            taken = taken[WARM:]
            measures.append(at_most("understand", f"median, {scope} in scope", quantile(taken, 0.5), "ms", 1))
            measures.append(at_most("understand", f"p99, {scope} in scope", quantile(taken, 0.99), "ms", 5))
        store.close()
    return measures


def _name(words: str) -> str:
    """The name that a message of ``reports`` begins with."""
    ends = [at for at in (words.find(mark) for mark in (" ", "今天", "没到校")) if at > 0]
    return words[: min(ends)]

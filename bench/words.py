"""Row: what understanding one message costs, over a class and over a whole county."""

from __future__ import annotations

import time

from bench.answers import own_pupils
from bench.ground import Ground
from bench.load import KEY, MORNING
from bench.measure import Measure, at_most, quantile
from bench.said import ABSENT
from bot.desks import desk_for
from handlers.conversation import meaning
from handlers.understanding import names, shapes
from storage.store import open_store

MESSAGES, WARM = 1000, 50
MORE = ("{}家访，家长同意下周一返校", "给{}妈妈打电话没人接", "{}请病假3天", "{} 返校", "查 {}", "{}昨天和今天都没来")


def understand(ground: Ground) -> list[Measure]:
    """Each message is read as chat reads it: names come from the database, within the writer's scope.

    Teachers write alike, so most messages are of a shape that has been met; what the others cost is a row of its own.
    """
    measures: list[Measure] = []
    with ground.county("sqlite") as url:
        store = open_store(url, data_keys=[KEY], fold=names)
        told = own_pupils(ground.size, MESSAGES + WARM)
        for who, scope, met in (
            ("", "a class in scope", True),
            ("xian", f"{ground.size.pupils:,} pupils in scope", True),
            ("", "a class in scope, words never met", False),
        ):
            taken = []
            with store.look(MORNING) as work:
                for n, (teacher, name) in enumerate(told):
                    ways = ABSENT if n % 2 else MORE
                    text = ways[n // 2 % len(ways)].format(name)
                    desk = desk_for(work, who or teacher, "")
                    assert desk is not None
                    if not met:
                        shapes.forget()
                    begun = time.perf_counter()
                    meaning(desk, text)
                    taken.append((time.perf_counter() - begun) * 1000)
            taken = taken[WARM:]
            measures.append(at_most("understand", f"median, {scope}", quantile(taken, 0.5), "ms", 1))
            measures.append(at_most("understand", f"p99, {scope}", quantile(taken, 0.99), "ms", 5))
        store.close()
    return measures

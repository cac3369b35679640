"""Messages answered together: however they are cut into handfuls, each has the effect and the reply that it has alone."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import reception as room
from bot.reception import Reception
from bot.wecom.messages import Inbound, Reply, parse
from casework.scope import Scope
from storage import tables
from storage.engine import Busy, Unavailable, build_engine
from storage.rebuilding import rebuild
from storage.store import Store, Work
from tests.support.stores import throw_away_database
from tests.support.talk import Stage
from tests.support.wecom import WeComClient

WEDNESDAY = dt.datetime(2025, 9, 10, 8, 5)
REAL = dt.datetime(2026, 1, 1)
Said = tuple[str, str]
ALIKE: tuple[Said, ...] = (
    ("王老师", "张三 缺勤"),
    ("王老师", "李四今天没来，联系不上家长"),
    ("何老师", "全勤"),
    ("李主任", "待劝返名单"),
    ("刘支书", "家访 张三 家里没人"),
    ("王老师", "张三 返校"),
    ("王老师", "撤销"),
    ("王老师", "1"),
    ("王老师", "是"),
    ("王老师", "取消"),
    ("王老师", "转入 赵小六"),
    ("王老师", "赵小六 缺勤"),
    ("王老师", "待办"),
    ("王老师", "查 张三"),
    ("何老师", "张三 缺勤"),
    ("王老师", "张三 李四 请假 感冒"),
    ("王老师", "不知道说什么好"),
)


def inbound(stage: Stage, said: Said, key: int) -> Inbound:
    return parse(WeComClient("", "", "", "corp", 1).text(stage.ids[said[0]], said[1], str(key)))


def reception(stage: Stage) -> Reception:
    return Reception(stage.store, lambda: stage.now, lambda: REAL)


def answered(handfuls: Sequence[Sequence[Said]]) -> tuple[list[str], list[tuple[object, ...]], Stage]:
    """The replies to messages that come in handfuls, and what is written afterwards."""
    stage, replies, key = Stage("longchuan", WEDNESDAY), [], 0
    here = reception(stage)
    for handful in handfuls:
        many = [inbound(stage, said, key + n) for n, said in enumerate(handful)]
        key += len(many)
        for reply in here.answer_all(many):
            assert isinstance(reply, Reply), reply
            replies.append(reply.text)
    return replies, written(stage), stage


def written(stage: Stage) -> list[tuple[object, ...]]:
    """What stands: facts without their ids, cases, duties, whose they are, letters."""
    facts, cases, duties, letters = tables.facts, tables.cases, tables.duties, tables.outbox
    queries = (
        sa.select(facts.c.kind, facts.c.day, facts.c.person, facts.c.unit_id, facts.c.source),
        sa.select(cases.c.state, cases.c.ledger, cases.c.day, cases.c.since, cases.c.wake),
        sa.select(duties.c.rule, duties.c.due, duties.c.status, duties.c.owner),
        sa.select(tables.duty_people.c.person),
        sa.select(letters.c.person, letters.c.state, letters.c.cause),
        sa.select(tables.inbox.c.key, tables.inbox.c.person),
        sa.select(tables.talks.c.person),
    )
    with stage.store.look(stage.now) as work:
        return [
            tuple(
                sorted((tuple(map(str, row)) for row in work.session.run(query.where(work.session.here(one)))), key=str)
            )
            for query, one in zip(
                queries, (facts, cases, duties, tables.duty_people, letters, tables.inbox, tables.talks), strict=True
            )
        ]


HANDFULS: dict[str, tuple[Said, ...]] = {
    "several report": (("王老师", "张三 缺勤"), ("何老师", "全勤"), ("王老师", "李四 缺勤 感冒")),
    "one answers the question before": (("王老师", "张三 缺勤 3天了"), ("王老师", "1"), ("王老师", "李四 缺勤")),
    "one takes back what was just said": (("王老师", "张三 缺勤"), ("王老师", "撤销"), ("王老师", "李四 缺勤")),
    "a newcomer is reported at once": (("王老师", "转入 赵小六"), ("王老师", "赵小六 缺勤"), ("王老师", "张三 缺勤")),
    "the same child by two": (("王老师", "张三 缺勤"), ("刘支书", "家访 张三 家里没人"), ("王老师", "张三 返校")),
    "told twice": (("王老师", "张三 缺勤"), ("王老师", "张三 缺勤")),
    "a list sees what was just told": (("王老师", "张三 缺勤"), ("王老师", "待办"), ("李主任", "待劝返名单")),
    "nobody of ours understands": (("王老师", "不知道说什么好"), ("王老师", "张三 缺勤")),
}  # fmt: skip


@pytest.mark.parametrize("handful", HANDFULS.values(), ids=HANDFULS)
def test_together_each_is_answered_as_alone(handful: tuple[Said, ...]) -> None:
    together, standing, stage = answered([handful])
    alone, as_alone, _ = answered([[one] for one in handful])
    assert together == alone
    assert standing == as_alone
    assert rebuild(stage.store, stage.now, check=True) == []


def test_what_waits_together_is_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, commits, begin = Stage("longchuan", WEDNESDAY), [], Store.begin

    def counted(self: Store, *given: Any, **named: Any) -> AbstractContextManager[Work]:
        commits.append(given)
        return begin(self, *given, **named)

    monkeypatch.setattr(Store, "begin", counted)
    said = HANDFULS["several report"]
    replies = reception(stage).answer_all([inbound(stage, one, n) for n, one in enumerate(said)])
    assert all(isinstance(reply, Reply) for reply in replies)
    assert len(commits) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.sampled_from(ALIKE), min_size=1, max_size=5), min_size=1, max_size=3))
def test_however_they_are_cut(handfuls: list[list[Said]]) -> None:
    together, standing, _ = answered(handfuls)
    alone, as_alone, _ = answered([[one] for handful in handfuls for one in handful])
    assert together == alone
    assert standing == as_alone


def test_one_that_fails_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, speak = Stage("longchuan", WEDNESDAY), room.speak

    def fails(desk, kind, content, media=""):
        if "李四" in content:
            raise ZeroDivisionError
        return speak(desk, kind, content, media)

    monkeypatch.setattr(room, "speak", fails)
    said = [("王老师", "张三 缺勤"), ("王老师", "李四 缺勤"), ("何老师", "全勤")]
    first, second, third = reception(stage).answer_all([inbound(stage, one, n) for n, one in enumerate(said)])
    assert isinstance(first, Reply)
    assert "张三" in first.text
    assert isinstance(second, ZeroDivisionError)
    assert isinstance(third, Reply)
    kinds = [row[0] for row in written(stage)[0]]
    assert sorted(map(str, kinds)) == ["absence", "all_present"]


def test_a_message_that_comes_twice_at_once_is_taken_in_once() -> None:
    stage = Stage("longchuan", WEDNESDAY)
    many = [inbound(stage, ("王老师", words), key) for words, key in (("张三 缺勤", 1), ("张三 缺勤", 1), ("全勤", 2))]
    first, again, _ = reception(stage).answer_all(many)
    assert first == again
    assert len([row for row in written(stage)[0] if row[0] == "absence"]) == 1
    assert reception(stage).answer_all(many[:2]) == [first, first], "also when it is sent again"


def test_while_the_database_is_away_nobody_waits_for_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, tried = Stage("longchuan", WEDNESDAY), []

    def away(self: Reception, many: Sequence[Inbound], patient: bool) -> list[Reply]:
        tried.append(len(many))
        raise Unavailable("away")

    monkeypatch.setattr(Reception, "_together", away)
    replies = reception(stage).answer_all([inbound(stage, one, n) for n, one in enumerate(ALIKE[:4])])
    assert all(isinstance(reply, Unavailable) for reply in replies)
    assert tried == [4, 1]


def test_who_waits_for_a_pupil_whom_somebody_holds_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, tried, together = Stage("longchuan", WEDNESDAY), [], Reception._together

    def held(self: Reception, many: Sequence[Inbound], patient: bool) -> list[Reply]:
        tried.append((len(many), patient))
        if not patient and any("张三" in one.content for one in many):
            raise Busy("somebody records of 张三")
        return together(self, many, patient)

    monkeypatch.setattr(Reception, "_together", held)
    said = [("王老师", "张三 缺勤"), ("王老师", "李四 缺勤"), ("何老师", "全勤")]
    replies = reception(stage).answer_all([inbound(stage, one, n) for n, one in enumerate(said)])
    assert all(isinstance(reply, Reply) for reply in replies)
    assert tried == [(3, False), (1, False), (1, False), (1, False), (1, True)]


@pytest.mark.postgres
def test_on_postgresql_nobody_waits_long_for_a_pupil_of_another_message() -> None:
    with throw_away_database() as url:
        stage = Stage("longchuan", WEDNESDAY, build_engine(url))
        here, replies = reception(stage), list[Reply | Exception]()
        many = [inbound(stage, said, n) for n, said in enumerate(HANDFULS["several report"])]
        thread = threading.Thread(target=lambda: replies.extend(here.answer_all(many)))
        with stage.store.begin(stage.now) as work:
            [pupil] = [entry.id for entry in work.people.names(Scope(everything=True)).exact(["张三"])["张三"]]
            work.cases.hold([pupil])
            thread.start()
            until = time.monotonic() + 2.5
            while "all_present" not in [row[0] for row in written(stage)[0]]:
                assert time.monotonic() < until, "the others need not wait for 张三"
                time.sleep(0.02)
        thread.join(10)
        assert [row[0] for row in written(stage)[0]].count("absence") == 2
        assert all(isinstance(reply, Reply) for reply in replies)
        stage.store.close()


def test_a_flood_in_handfuls_is_still_a_flood() -> None:
    stage = Stage("longchuan", WEDNESDAY)
    here, replies = reception(stage), []
    for start in range(0, 96, 8):
        many = [inbound(stage, ("王老师", "待办"), start + n) for n in range(8)]
        replies += [reply.text for reply in here.answer_all(many) if isinstance(reply, Reply)]
    assert sum("太快" in reply for reply in replies) == 1
    assert replies[-1] == ""

"""Planted names, numbers, addresses, words and secrets: after a busy day none is in a log, a metric or at rest in clear."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from pathlib import Path

import pytest

from bot.app import Bot
from bot.commands.erasing import erase_now
from bot.health import gauges
from bot.media import fetch_wanted
from bot.server import forget_words, link_audit
from bot.web import answer, create_app
from bot.wecom.client import Media, Sent
from bot.wecom.errors import Retry
from bot.wecom.messages import Inbound, Reply
from casework.scope import Scope
from reminders.sender import send_due
from reminders.sweep import sweep
from tests.operation.running import KEY, NOW, running
from tests.support.talk import read

TALKS = sorted((Path(__file__).parents[1] / "talks").glob("*.md"))
PHONE, NUMBER, STUDENT = "13799998888", "441622201201017777", "G441622201201017777"
ADDRESS, GUARDIAN, WORDS = "植入路九十九号", "甄监护", "植入的家里变故说明"
SECRETS = ("planted-secret", "plantedtoken", KEY.decode())
DETAILS = {"phone": PHONE, "id_number": NUMBER, "student_number": STUDENT, "address": ADDRESS, "guardian": GUARDIAN}

CLEAR = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){9,}")
"""A run of readable characters: most of the megabytes at rest is none, and a thousand sentences are looked for."""


def heard(bot: Bot, inbound: Inbound) -> Reply:
    """The reply to one message. Raises what kept it from being answered."""
    [reply] = answer(bot, [inbound])
    if isinstance(reply, Exception):
        raise reply
    return reply


@pytest.fixture
def bot(tmp_path):
    made = running(tmp_path)
    with made.store.begin(NOW) as work:
        pupil = work.people.pupil("p1")
        work.people.put_pupil(pupil, DETAILS)
    return made


def busy_day(bot, monkeypatch) -> list[str]:
    """What everybody in all talks says, letters out and refused, pages, papers, photos, faults; returns what was said."""
    replies: list[str] = []
    monkeypatch.setattr("bot.reception.PER_MINUTE", 100_000)  # a whole day in a minute: all of it must be heard
    with bot.store.look(NOW) as work:
        ids = {person.name: person.id for person in work.people.everyone()}
    said = [event for path in TALKS for event in read(path.read_text(encoding="utf-8")).events if event.kind == "say"]
    lines = [(ids.get(event.who, "wang"), event.words) for event in said]
    lines += [("wang", f"家访 张三 家长说{WORDS}，明天返校"), ("wang", "查 张三"), ("nobody", "查 张三"), ("li", "月报"),
              ("wang", f"张三家电话 {PHONE} 打不通"), ("wang", "打印 张三 家访表"), ("li", "导出疑似辍学台账")]  # fmt: skip
    for number, (user, words) in enumerate(lines):
        replies.append(heard(bot, Inbound("text", user, agent=1000009, msg_id=str(number), content=words)).text)
    heard(bot, Inbound("image", "wang", agent=1000009, msg_id="photo", media_id="media-1"))
    monkeypatch.setattr(
        "bot.wecom.client.Client.download", lambda self, id: Media(b"\xff\xd8\xff planted jpeg", "image/jpeg", "")
    )
    fetch_wanted(bot)
    answers = iter([Retry("连不上企业微信"), *[None] * 10_000])

    def send(self, message):
        if (wrong := next(answers)) is not None:
            raise wrong
        return Sent("wx")

    monkeypatch.setattr("bot.wecom.client.Client.send", send)
    monkeypatch.setattr("bot.wecom.client.Client.upload", lambda self, kind, name, content: "media")
    for day in range(4):
        sweep(bot.store, NOW + dt.timedelta(days=day))
        send_due(bot.store, bot.courier, bot.real(), NOW + dt.timedelta(days=day))
    link_audit(bot)
    web = create_app(bot, demo=True).test_client()
    web.get("/m/login")
    with web.session_transaction(path="/m") as session:
        session["person"] = "wang"
    for page in (
        "/m/todo",
        "/m/pupil/p1",
        "/m/pending?which=all",
        "/m/ledgers?which=age",
        "/m/pupil/p1/paper/visit_form",
    ):
        web.get(page)
    monkeypatch.setattr("bot.pages.todo.render_template", lambda *a, **k: (_ for _ in ()).throw(KeyError("张三")))
    web.get("/m/todo")
    monkeypatch.setattr("handlers.conversation.answer", lambda desk, text: (_ for _ in ()).throw(ValueError(text)))
    with pytest.raises(ValueError, match="张三"):
        heard(bot, Inbound("text", "wang", agent=1000009, msg_id="bad", content="张三 缺勤"))
    return [*replies, *(words for _, words in lines)]


@pytest.mark.slow
def test_nothing_personal_reaches_log_metrics_or_disk(bot, tmp_path, monkeypatch, capfd, caplog):
    with bot.store.look(NOW) as work:
        names = {pupil.name for pupil in work.people.in_scope(Scope(everything=True), limit=1000)[0]}
    with caplog.at_level(logging.DEBUG):
        spoken = busy_day(bot, monkeypatch)
    assert sum("已记" in words for words in spoken) > 3  # a day on which something happened
    out, err = capfd.readouterr()
    metrics = bot.metrics.show(gauges(bot)).decode()
    logged = out + err + metrics + "".join(r.getMessage() + str(getattr(r, "fields", "")) for r in caplog.records)
    assert err.count('"event": "answered"') > 10
    found = [word for word in (*names, *DETAILS.values(), WORDS, *SECRETS) if word in logged]
    assert found == []
    at_rest = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said = b"\n".join(filter(speaks, set(CLEAR.findall(at_rest))))
    long = {words.splitlines()[0] for words in spoken if len(words) > 12}
    sought = {*DETAILS.values(), WORDS, "planted jpeg", *SECRETS, *long, *(json.dumps(words)[1:-1] for words in long)}
    sentences = {words for words in sought if speaks(words.encode()) and CLEAR.fullmatch(words.encode())}
    assert len(sentences) > 1000, "those that would be among the runs"
    assert [words for words in sentences if words.encode() in said] == []
    assert [words for words in sought - sentences if words.encode() in at_rest] == []


def speaks(run: bytes) -> bool:
    """Whether Chinese stands in it, plain or escaped: most that can be read at rest is ids and names of columns."""
    return not run.isascii() or b"\\u" in run


def test_erasing_reaches_every_table_and_file(bot, tmp_path, monkeypatch):
    """After it the child's name, numbers, words and photo are in no table and no file, and the trail says that it was done."""
    with bot.store.begin(NOW) as work:
        unique = work.people.pupil("p1")
        from dataclasses import replace

        work.people.put_pupil(replace(unique, name="司徒植入"), DETAILS)
    for number, words in enumerate((f"司徒植入 缺勤 家里{WORDS}", "家访 司徒植入 家长同意明天返校", "查 司徒植入")):
        heard(bot, Inbound("text", "wang", agent=1000009, msg_id=str(number), content=words))
    heard(bot, Inbound("image", "wang", agent=1000009, msg_id="photo", media_id="media-1"))
    monkeypatch.setattr(
        "bot.wecom.client.Client.download", lambda self, id: Media(b"\xff\xd8\xff jpeg", "image/jpeg", "")
    )
    assert fetch_wanted(bot) == 1
    sweep(bot.store, NOW + dt.timedelta(days=1))
    from storage.frozen import Frozen

    with bot.store.begin(NOW) as work:
        rows = [
            {"pupil": "p1", "name": "司徒植入", "state": "疑似辍学"},
            {"pupil": "p2", "name": "李四", "state": "在校"},
        ]
        school = next(u.id for u in work.world.directory.units.values() if u.kind == "school")
        work.reports.freeze(Frozen(school, "2025-08", {"dropout": {"total": 1}}, rows, "old", "li", NOW))
    with bot.store.look(NOW) as work:
        before = everything_readable(work)
    assert [word for word in ("司徒植入", *DETAILS.values(), WORDS) if word not in before] == []
    assert erase_now(bot, "p1", "文号") == 1
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    with bot.store.look(NOW) as work:
        everything = everything_readable(work)
        [frozen] = work.reports.every()
        assert {"erase", "erase_reason"} <= {t.did for t in work.audit.of("pupil:p1")}
        assert {t.did for t in work.audit.of(f"unit:{school}")} == {"blank_report"}
        facts = work.cases.facts("p1")
    for word in ("司徒植入", *DETAILS.values(), WORDS):
        assert word not in everything, word
    assert (frozen.list[0]["name"], frozen.list[1]["name"], frozen.hash != "old") == ("", "李四", True)
    assert {fact.kind.value for fact in facts} >= {"absence", "visit"}


def everything_readable(work) -> str:
    """Every row of every table as text, what is sealed with the county's own key opened."""
    import sqlalchemy as sa

    from storage.tables import metadata

    parts = []
    for table in metadata.sorted_tables:
        for row in work.session.run(sa.select(table).where(work.session.here(table))):
            parts.append(str([value for value in row if not isinstance(value, bytes)]))
    since = dt.datetime(2000, 1, 1)
    people = [person.id for person in work.people.everyone()]
    parts += [f"{one.text}{one.reply}" for person in people for one in work.inbox.recent(person, since, 1000)]
    parts += [f"{one.text}{one.card}" for person in people for one in work.outbox.sent_to(person, since)]
    parts += [unknown.text for unknown in work.inbox.unknowns(1000)]
    parts += [str(work.inbox.talk(person)) for person in people]
    parts += [str(report.list) for report in work.reports.every()]
    parts += [
        str(work.people.details("p1")),
        str([dict(f.data) for f in work.cases.facts("p1")]),
        str(work.cases.case("p1")),
    ]
    return "\n".join(parts)


def test_words_are_kept_as_long_as_the_settings_say_and_no_longer(tmp_path):
    bot = running(tmp_path, now=dt.datetime(2025, 9, 8, 2, 0))
    old, fresh = bot.now() - dt.timedelta(days=401), bot.now() - dt.timedelta(days=399)
    for moment, key in ((old, "old"), (fresh, "fresh")):
        with bot.store.begin(moment) as work:
            work.inbox.take_in(key, "wang", f"张三 缺勤 {key}", moment)
            work.inbox.answer(key, f"已记 {key}")
            work.inbox.keep_unknown("wang", f"咋整 {key}")
            work.audit.note("wang", "look", f"pupil:{key}", "chat")
    assert forget_words(bot) == 2
    assert forget_words(bot) == 0
    with bot.store.look(bot.now()) as work:
        kept = {one.key: (one.text, one.reply) for one in work.inbox.recent("wang", dt.datetime(2020, 1, 1))}
        assert kept == {"old": ("", None), "fresh": ("张三 缺勤 fresh", "已记 fresh")}
        assert [unknown.text for unknown in work.inbox.unknowns()] == ["咋整 fresh"]
        assert work.audit.of("pupil:old")  # the trail is never thinned
    with bot.store.begin(bot.now()) as work:
        assert not work.inbox.take_in("old", "wang", "again", old).new


def test_the_trail_cannot_be_kept_for_less_than_six_months(tmp_path):
    with pytest.raises(ValueError, match="190"):
        running(tmp_path, keep_words_days=180)

"""Sealed values open only where they belong, with keys that may be changed and a pupil's that may be destroyed."""

from __future__ import annotations

import datetime as dt
import os

import pytest
import sqlalchemy as sa

from casework.facts import Kind
from storage.counties import create_county
from storage.engine import build_engine
from storage.erasing import erase
from storage.evidence import Folder
from storage.migrating import migrate
from storage.outbox import Outgoing
from storage.rebuilding import rebuild
from storage.rotating import rotate
from storage.sealing import DataKey, KeyUnknown, MasterKeys, SealBroken, Sealer, new_county_keys
from storage.store import CountyUnclear, open_store
from tests.storage.county import DETAILS, NOW, fact, scope_of
from tests.storage.small_rules import SMALL
from tests.support.stores import KEY, fresh_store

REAL = dt.datetime(2026, 1, 1)


@pytest.mark.parametrize("plain", [b"", b"x", "张三的电话".encode(), os.urandom(5000)])
def test_what_is_sealed_opens(plain):
    key = DataKey(KEY)
    sealed = key.seal(plain, "facts/1")
    assert key.open(sealed, "facts/1") == plain
    assert plain not in sealed or len(plain) < 2
    assert key.seal(plain, "facts/1") != sealed


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-1], lambda s: b"\x02" + s[1:], lambda s: s[:-1] + bytes([s[-1] ^ 1]), lambda s: b""]
)
def test_what_was_changed_does_not_open(spoil):
    key = DataKey(KEY)
    with pytest.raises(SealBroken):
        key.open(spoil(key.seal(b"text", "facts/1")), "facts/1")


def test_a_value_moved_to_another_row_does_not_open():
    key = DataKey(KEY)
    with pytest.raises(SealBroken):
        key.open(key.seal(b"text", "facts/1"), "facts/2")


def test_master_keys_change():
    old, new = os.urandom(32), os.urandom(32)
    wrapped = MasterKeys([old]).wrap(b"k" * 32, "id")
    both = MasterKeys([new, old])
    assert both.unwrap(wrapped, "id") == b"k" * 32
    assert not both.is_newest(wrapped)
    again = both.rewrap(wrapped, "id")
    assert MasterKeys([new]).unwrap(again, "id") == b"k" * 32
    with pytest.raises(KeyUnknown):
        MasterKeys([new]).unwrap(wrapped, "id")
    with pytest.raises(KeyUnknown):
        MasterKeys([])


def test_the_index_finds_equal_values_of_one_column_and_county():
    masters = MasterKeys([KEY])
    here = Sealer(masters, "甲县", *new_county_keys(masters, "甲县"))
    there = Sealer(masters, "乙县", *new_county_keys(masters, "乙县"))
    assert here.index("phone", "138") == here.index("phone", "138")
    assert (
        len(
            {
                here.index("phone", "138"),
                here.index("phone", "139"),
                here.index("id", "138"),
                there.index("phone", "138"),
            }
        )
        == 4
    )


def test_rotation_leaves_the_old_key_without_use(store):
    new = os.urandom(32)
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, reason="在家帮忙")])
    both = open_store(store.engine, store.county, data_keys=[new, KEY], rules=SMALL)
    assert rotate(both, NOW) == 2 + 6
    assert rotate(both, NOW) == 0
    alone = open_store(store.engine, store.county, data_keys=[new], rules=SMALL)
    with alone.look(NOW) as work:
        assert work.people.details("p1") == DETAILS
        assert work.cases.case("p1").reason == "在家帮忙"
        assert work.people.with_equal("phone", [DETAILS["phone"]]) == {DETAILS["phone"]: ["p1"]}
    with pytest.raises(KeyUnknown):
        open_store(store.engine, store.county, data_keys=[KEY])


def test_fault_40_erasing_leaves_facts_that_name_nobody(store, tmp_path):
    folder = Folder(tmp_path, store.sealer)
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, reason="在家帮忙")])
        for key, words in (("m1", "张三 缺勤"), ("m2", "李四 缺勤")):
            work.inbox.take_in(key, "wang", words, REAL)
            work.inbox.answer(key, None)
        work.inbox.keep_unknown("wang", "张三咋整")
        work.inbox.set_talk("wang", {"text": "张三"}, NOW + dt.timedelta(hours=1))
        work.outbox.queue(Outgoing("k1", "wang", "请联系张三家长", NOW))
        work.outbox.queue(Outgoing("k2", "wang", "请联系李四家长", NOW))
        photo = work.evidence.expect("media", "wang", "image", pupil="p1")
        work.evidence.keep(photo, folder.write(photo, b"jpeg", "image/jpeg"))
    with store.begin(NOW) as work:
        paths = erase(work, "p1", "xian")
        for path in paths:
            folder.remove(path)
    scope = scope_of(store, "xian")
    with store.look(NOW) as work:
        pupil = work.people.pupil("p1")
        assert (pupil.name, work.people.details("p1")) == ("", {})
        assert [(f.kind, dict(f.data)) for f in work.cases.facts("p1")] == [(Kind.ABSENCE, {})]
        assert work.cases.todo("wang") == []
        assert {r.text for r in work.inbox.recent("wang", REAL)} == {"", "李四 缺勤"}
        assert work.inbox.unknowns() == []
        assert work.inbox.talk("wang") is None
        assert work.outbox.message("k1")[0].text == ""
        assert work.outbox.message("k2")[0].text == "请联系李四家长"
        assert work.outbox.depth().waiting == 1
        assert "p1" not in {p.id for p in work.people.in_scope(scope)[0]}
        assert work.people.names(scope).exact(["张三"])["张三"][0].id == "p5"
        assert [t.did for t in work.audit.of("pupil:p1")] == ["erase"]
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
    assert rebuild(store, NOW, check=True) == []


def test_erasing_no_one(store):
    with store.begin(NOW) as work, pytest.raises(LookupError):
        erase(work, "nobody", "xian")


def test_a_county_must_be_clear():
    engine = build_engine("sqlite://")  # its own: others keep many counties in one database
    migrate(engine)
    store = fresh_store(engine, rules=SMALL)
    assert open_store(store.engine, data_keys=[KEY]).county == store.county
    with pytest.raises(CountyUnclear):
        open_store(store.engine, "乙县", data_keys=[KEY])
    create_county(store.engine, [KEY], "乙县", "national", NOW)
    with pytest.raises(CountyUnclear):
        open_store(store.engine, data_keys=[KEY])
    with pytest.raises(sa.exc.IntegrityError):
        create_county(store.engine, [KEY], "乙县", "national", NOW)

"""The trail, evidence, tokens and frozen reports."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from storage.evidence import Folder
from storage.frozen import Frozen
from storage.sealing import SealBroken
from storage.tokens import Token
from tests.storage.county import NOW

REAL = dt.datetime(2026, 1, 1)
MINUTE = dt.timedelta(minutes=1)


def noted(store, many=5):
    for n in range(many):
        with store.begin(NOW + n * MINUTE) as work:
            work.audit.note("wang", "look", f"pupil:p{n}", "chat", {"n": n})


def test_the_trail_tells_who_did_what(store):
    noted(store)
    with store.look(NOW) as work:
        [trace] = work.audit.of("pupil:p3")
        assert (trace.person, trace.did, trace.place, trace.detail) == ("wang", "look", "chat", {"n": 3})
        assert [t.subject for t in work.audit.by("wang", limit=2)] == ["pupil:p4", "pupil:p3"]


@pytest.mark.clause("LC-42", "FJ-31")
def test_rows_are_chained_once_and_verify(store):
    noted(store)
    with store.begin(NOW) as work:
        assert work.audit.link(3) == 3
        assert work.audit.link() == 2
        assert work.audit.link() == 0
        assert work.audit.verify() is None
    noted(store, 1)
    with store.begin(NOW) as work:
        assert work.audit.link() == 1
        assert work.audit.verify() is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET person = 'li' WHERE county_id = :c AND subject = 'pupil:p2'",
        "UPDATE audit SET detail = '{\"n\": 9}' WHERE county_id = :c AND subject = 'pupil:p2'",
        "DELETE FROM audit WHERE county_id = :c AND subject = 'pupil:p2'",
        "DELETE FROM audit_chain WHERE county_id = :c AND number = 3",
        "UPDATE audit_chain SET number = number + 100 WHERE county_id = :c AND number = 3",
    ],
)
@pytest.mark.clause("LC-42", "FJ-31")
def test_fault_40_one_altered_row_is_found(store, tampering):
    noted(store)
    with store.begin(NOW) as work:
        work.audit.link()
        [trace] = work.audit.of("pupil:p2")
        work.session.run(sa.text(tampering), {"c": store.county})
        found = work.audit.verify()
        assert found is not None
        if "audit_chain" not in tampering:
            assert found == trace.id


def test_a_photo_is_noted_fetched_kept_and_shown(store, tmp_path):
    folder = Folder(tmp_path, store.sealer)
    with store.begin(NOW) as work:
        id = work.evidence.expect("media-1", "wang", "image")
        assert [p.media for p in work.evidence.wanted()] == ["media-1"]
        work.evidence.attach(id, pupil="p1", fact="f1")
    stored = folder.write(id, b"a photo", "image/jpeg")
    with store.begin(NOW) as work:
        work.evidence.keep(id, stored)
        assert work.evidence.wanted() == []
        [piece] = work.evidence.of_pupil("p1")
        assert [piece] == work.evidence.of_fact("f1")
        assert (piece.state, piece.size, piece.type, piece.by) == ("kept", 7, "image/jpeg", "wang")
    assert folder.read(piece) == b"a photo"
    path = tmp_path / stored.path
    assert b"a photo" not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SealBroken):
        folder.read(piece)


def test_a_photo_that_is_gone(store, tmp_path):
    with store.begin(NOW) as work:
        id = work.evidence.expect("media-1", "wang", "image", pupil="p1")
        work.evidence.lost(id)
        piece = work.evidence.piece(id)
        assert (piece.state, piece.media) == ("lost", None)
        assert work.evidence.wanted() == []
        assert work.evidence.piece("nothing") is None
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path, store.sealer).read(piece)


def test_a_signed_report_is_kept_with_its_month(store):
    with store.begin(NOW) as work:
        id = work.evidence.expect("media-1", "li", "file")
        work.evidence.attach(id, report="s1/2025-09")
        assert work.evidence.piece(id).report == "s1/2025-09"


def test_one_process_fetches_a_token_for_all(store):
    with store.begin(NOW) as work:
        tokens = work.tokens
        assert tokens.get("app", REAL) is None
        assert tokens.lease("app", REAL, 30)
        assert not tokens.lease("app", REAL + dt.timedelta(seconds=29), 30)
        assert tokens.lease("app", REAL + dt.timedelta(seconds=30), 30)
        tokens.put("app", Token("T1", REAL + MINUTE))
        assert tokens.get("app", REAL) == Token("T1", REAL + MINUTE)
        assert tokens.get("app", REAL + MINUTE) is None
        assert tokens.get("other", REAL) is None
        assert tokens.lease("app", REAL, 30)


def test_a_refused_token_is_dropped_unless_there_is_a_newer_one(store):
    with store.begin(NOW) as work:
        work.tokens.put("app", Token("T2", REAL + MINUTE))
        work.tokens.drop("app", "T1")
        assert work.tokens.get("app", REAL) is not None
        work.tokens.drop("app", "T2")
        assert work.tokens.get("app", REAL) is None


def test_a_report_is_frozen_once(store):
    report = Frozen("s1", "2025-09", {"dropout": 1}, [{"name": "张三"}], "hash", "li", NOW)
    with store.begin(NOW) as work:
        assert work.reports.freeze(report)
        assert not work.reports.freeze(Frozen("s1", "2025-09", {}, [], "", "li", NOW))
        assert work.reports.frozen("s1", "2025-09") == report
        assert work.reports.frozen("s2", "2025-09") is None
        assert work.reports.of_month("2025-09") == work.reports.of_unit("s1") == [report]
        work.reports.reopen("s1", "2025-09")
        assert work.reports.of_month("2025-09") == []

"""Files that come in: told by their bytes; macros, foreign kinds and large ones are turned away with a sentence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import openpyxl
import pytest

from bot.attachments import LARGEST, OLE, Unwelcome, examine
from bot.media import fetch_wanted
from bot.rosters.reading import RosterError, read_roster
from bot.wecom.client import Media
from tests.operation.running import running


@pytest.fixture
def bot(tmp_path):
    return running(tmp_path)


JPEG, PNG, PDF = b"\xff\xd8\xff\xe0" + b"x" * 50, b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"%PDF-1.7\nx"


def word() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def excel() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def with_part(content: bytes, part: str) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr(part, b"x")
    return out.getvalue()


def ole(*names: str) -> bytes:
    return OLE + b"\0" * 504 + b"".join(name.encode("utf-16-le") + b"\0" * 20 for name in names)


@pytest.mark.parametrize(("content", "kind", "type"), [
    (JPEG, "image", "image/jpeg"), (PNG, "image", "image/png"), (PNG, "file", "image/png"), (PDF, "file", "application/pdf"),
    (word(), "file", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (excel(), "file", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (ole("WordDocument"), "file", "application/x-ole-storage"),
])  # fmt: skip
def test_what_is_taken(content, kind, type):
    assert examine(content, kind) == type


@pytest.mark.parametrize(("content", "kind", "said"), [
    (b"", "file", "空"), (JPEG + b"x" * LARGEST, "image", "20兆"), (PDF, "image", "不能接收"), (b"MZ\x90\0program", "file", "不能接收"),
    (b"<html><script>", "file", "不能接收"), (b"PK\x03\x04broken", "file", "不能接收"), (b"#!/bin/sh\n", "image", "不能接收"),
    (with_part(word(), "word/vbaProject.bin"), "file", "宏"), (with_part(excel(), "xl/vbaProject.bin"), "file", "宏"),
    (with_part(excel(), "xl/macrosheets/sheet1.xml"), "file", "宏"),
    (ole("WordDocument", "Macros", "VBA"), "file", "宏"), (ole("Workbook", "_VBA_PROJECT_CUR"), "file", "宏"),
])  # fmt: skip
def test_what_is_turned_away(content, kind, said):
    with pytest.raises(Unwelcome, match=said):
        examine(content, kind)


@pytest.mark.parametrize("name", ["名单.xlsm", "名单.xlsx", "名单.xls"])
def test_a_roster_with_macros_is_not_imported(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(
        ole("Workbook", "_VBA_PROJECT_CUR") if name.endswith(".xls") else with_part(excel(), "xl/vbaProject.bin")
    )
    with pytest.raises(RosterError, match="宏"):
        read_roster(path)


@pytest.mark.parametrize("content", [with_part(word(), "word/vbaProject.bin"), b"MZ\x90\0program"])
def test_the_sender_hears_why_and_nothing_is_kept(bot, monkeypatch, content):
    """The type that the server claims is not believed."""
    with bot.store.begin(bot.now()) as work:
        piece = work.evidence.expect("m1", "wang", "file", pupil="p1")
    monkeypatch.setattr(bot.client, "download", lambda media: Media(content, "image/jpeg", "家访.jpg"))
    assert fetch_wanted(bot) == 0
    with bot.store.look(bot.now()) as work:
        found = work.evidence.piece(piece)
        assert (found.state, found.pupil, found.path) == ("lost", None, None)
        assert ("refuse_file", "wang") in [(t.did, t.person) for t in work.audit.of(f"piece:{piece}")]
    with bot.store.begin(bot.now()) as work:
        told = [c.message.text for c in work.outbox.claim(dt.datetime(2100, 1, 1), 500, 60) if c.message.to == "wang"]
    assert any("不能接收" in text for text in told)

"""What may come in as a file: told by its first bytes, not by its name; nothing that runs (macros), nothing too large."""

from __future__ import annotations

import io
import zipfile

LARGEST = 20 * 1024 * 1024  # bytes; WeChat Work itself carries no larger file (path/96484)
UNPACKED = 400 * 1024 * 1024  # bytes that an office file may grow to when opened
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_BEGINS = (
    (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"), (4, b"ftyphei", "image/heic"), (4, b"ftypmif1", "image/heic"),
    (0, b"%PDF-", "application/pdf"),
)  # fmt: skip
_PARTS = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}.presentationml.presentation",
    "OFD.xml": "application/ofd",
}
MACROS = "文件里有宏，不能接收。请另存为不带宏的文件（.docx 或 .xlsx）后再发。"
_VBA = ("vbaproject", "macrosheets", "vbadata")
_OLE_VBA = tuple(word.encode("utf-16-le") for word in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"))


class Unwelcome(Exception):
    """The file is not taken; the message is a sentence for whoever sent it."""


def examine(content: bytes, kind: str = "file") -> str:
    """The content type of a photo (``image``) or ``file``; raises ``Unwelcome``."""
    if not content:
        raise Unwelcome("文件是空的，没有保存。请重新发送。")
    if len(content) > LARGEST:
        raise Unwelcome("文件超过20兆，没有保存。请压缩或分成几份再发。")
    found = next((type for at, begin, type in _BEGINS if content.startswith(begin, at)), "") or _office(content)
    if not found or (kind == "image" and not found.startswith("image/")):
        raise Unwelcome("这种文件不能接收，没有保存。请发照片（JPG、PNG）、PDF、Word（.docx）或 Excel（.xlsx）。")
    return found


def _office(content: bytes) -> str:
    if content.startswith(OLE):
        if any(word in content for word in _OLE_VBA):
            raise Unwelcome(MACROS)
        return "application/x-ole-storage"
    if not content.startswith(b"PK"):
        return ""
    try:
        parts = parts_of(content)
    except zipfile.BadZipFile:
        return ""
    refuse_parts(parts)
    return next((type for part in parts if (type := _PARTS.get(part.filename, ""))), "")


def parts_of(content: bytes) -> list[zipfile.ZipInfo]:
    """What is packed in an office file, nothing of it unpacked. Raises ``BadZipFile``."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.infolist()


def refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    """Raises ``Unwelcome`` for an office file with macros, or one that grows beyond measure when opened."""
    if any(word in part.filename.lower() for part in parts for word in _VBA):
        raise Unwelcome(MACROS)
    if sum(part.file_size for part in parts) > UNPACKED:
        raise Unwelcome("文件展开后太大，不能接收。请只保留需要的内容，另存后再发。")

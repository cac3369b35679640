"""Cutting texts to WeChat Work's limits, which count bytes in some fields and characters in others."""

from __future__ import annotations

import re

TEXT_LIMIT = 2048  # bytes of a text message; WeChat Work itself would cut in the middle of a sentence
TAIL = "……\n（内容较长，只显示到这里。请缩小范围再查，或到网页上看全部。）"

# What XML 1.0 does not allow, lone surrogates among it.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without characters that neither XML nor JSON in UTF-8 can carry."""
    return _ILLEGAL.sub("", text)


def cut_bytes(text: str, limit: int, tail: str = "…") -> str:
    """At most ``limit`` bytes of UTF-8; what is cut ends with ``tail``, never within a character."""
    text = legal(text)
    raw = text.encode()
    if len(raw) <= limit:
        return text
    return raw[: limit - len(tail.encode())].decode(errors="ignore") + tail


def cut_characters(text: str, limit: int) -> str:
    """At most ``limit`` characters in one line; what is cut ends with ``…``."""
    text = " ".join(legal(text).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_text(text: str) -> str:
    """The content of a text message or passive text reply: 2,048 bytes, ending with a polite sentence when cut."""
    return cut_bytes(text, TEXT_LIMIT, TAIL)

"""What the porter takes for a plain post; all else is gunicorn's to judge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.porter import Post, read_post

BODY = b"<xml><Encrypt>abc</Encrypt></xml>"
LENGTH = b"Content-Length: %d" % len(BODY)


def request(*lines: bytes, start: bytes = b"POST /wecom/callback?a=1&b=%2B HTTP/1.1", body: bytes = BODY) -> bytes:
    return b"\r\n".join([start, b"Host: x", *lines, b"", b""]) + body


TAKEN = {
    "plain": (request(LENGTH), True),
    "another case": (request(LENGTH.lower()), True),
    "what follows is left": (request(LENGTH) + b"POST /", True),
    "the client leaves": (request(LENGTH, b"Connection: close"), False),
    "the client stays": (request(LENGTH, b"Connection: keep-alive"), True),
}
LEFT = {
    "another address": request(LENGTH, start=b"POST /wecom/callbacks?a=1 HTTP/1.1"),
    "no query": request(LENGTH, start=b"POST /wecom/callback HTTP/1.1"),
    "another method": request(LENGTH, start=b"GET /wecom/callback?a=1 HTTP/1.1"),
    "HTTP/1.0": request(LENGTH, start=b"POST /wecom/callback?a=1 HTTP/1.0"),
    "a blank within the address": request(LENGTH, start=b"POST /wecom/callback?a =1 HTTP/1.1"),
    "half a head": request(LENGTH)[:60],
    "half a body": request(LENGTH)[:-1],
    "no length": request(),
    "two lengths": request(LENGTH, LENGTH),
    "two lengths, one hidden": request(LENGTH, b"Content-Length : 1"),
    "a length that is none": request(b"Content-Length: +33"),
    "a length and chunks": request(LENGTH, b"Transfer-Encoding: chunked"),
    "to be asked for": request(LENGTH, b"Expect: 100-continue"),
    "another protocol": request(LENGTH, b"Upgrade: h2c"),
    "a folded line": request(b"X: y", b" z", LENGTH),
    "a bare line feed": request(LENGTH).replace(b"Host: x\r\n", b"Host: x\n"),
    "a NUL": request(LENGTH, b"X: \0"),
    "no colon": request(LENGTH, b"nonsense"),
}


@pytest.mark.parametrize(("seen", "stays"), TAKEN.values(), ids=TAKEN)
def test_a_plain_post_is_taken(seen: bytes, stays: bool) -> None:
    size = seen.index(BODY) + len(BODY)
    assert read_post(seen) == Post("a=1&b=%2B", BODY, size, stays)


@pytest.mark.parametrize("seen", LEFT.values(), ids=LEFT)
def test_what_is_not_plain_is_left(seen: bytes) -> None:
    assert read_post(seen) is None


@given(st.binary(max_size=300), st.binary(max_size=60))
def test_whatever_comes_is_read_or_left(lines: bytes, start: bytes) -> None:
    for seen in (start, b"POST /wecom/callback?" + start, request(LENGTH, lines), request(lines, LENGTH)):
        post = read_post(seen)
        assert post is None or post.size <= len(seen)

"""The envelope: official vectors, every way a request can be wrong, and what wechatpy leaves open (README 4.2, 8 and 9)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import inspect
import json
import re
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.work.crypto import WeChatCrypto
from werkzeug.datastructures import MultiDict

from bot.simulator.envelope import ServerEnvelope
from bot.wecom import crypto
from bot.wecom.crypto import Envelope, Forged, Malformed, Refused, Signed, Stale, Unreadable

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
TOKEN, CORP = "QDG6eK", "wx5823bf96d3bd56c7"
NOW = 1_700_000_000


def envelope(now: float = NOW, receiver: str = CORP) -> Envelope:
    return Envelope(TOKEN, KEY, receiver, lambda: now)


def query(encrypt: str, timestamp: int = NOW) -> Signed:
    stamp = str(timestamp)
    return Signed(crypto.signature_of(TOKEN, stamp, "n", encrypt), stamp, "n")


@pytest.mark.parametrize("vector", VECTORS["crypto"], ids=lambda vector: vector["name"])
def test_official_vectors(vector: dict) -> None:
    there = Envelope(
        vector["token"], vector["encoding_aes_key"], vector["decrypted"]["receiveid"], lambda: int(vector["timestamp"])
    )
    signed = Signed(vector["msg_signature"], vector["timestamp"], vector["nonce"])
    assert there.open(signed, vector["encrypt"]) == vector["decrypted"]["msg"]


def test_official_body_is_found_without_parsing() -> None:
    body = VECTORS["official_post_body_verbatim"].encode()
    assert crypto.encrypted(body) == VECTORS["crypto"][1]["encrypt"]


@pytest.mark.parametrize("key", VECTORS["negative"]["bad_encoding_aes_keys"])
def test_bad_keys_are_refused_at_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Envelope(TOKEN, key, CORP, time.time)


@pytest.mark.parametrize("token", ["", "a" * 33, "with space", "汉字"])
def test_bad_tokens_are_refused_at_start(token: str) -> None:
    with pytest.raises(ValueError, match="Token"):
        Envelope(token, KEY, CORP, time.time)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_whatever_is_sealed_is_read_by_the_other_side(text: str) -> None:
    other = ServerEnvelope(TOKEN, KEY, CORP)
    assert other.open_answer(envelope(time.time()).seal(text).encode()) == text
    encrypt = other.encrypt(text.encode())
    assert envelope().open(query(encrypt), encrypt) == text


@given(st.binary(max_size=400))
def test_no_ciphertext_ever_raises_anything_but_refused(raw: bytes) -> None:
    encrypt = base64.b64encode(raw).decode()
    with pytest.raises(Refused):
        envelope().open(query(encrypt), encrypt)


@given(st.binary(max_size=400))
def test_no_body_ever_raises_anything_but_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        crypto.encrypted(body)


def _raw(plain: bytes) -> str:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def _packed(message: bytes = b"hello", receiver: bytes = CORP.encode(), length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return b"r" * 16 + struct.pack(">I", size) + message + receiver


def _padded(plain: bytes) -> bytes:
    padding = 32 - len(plain) % 32
    return plain + bytes([padding]) * padding


SOUND = _raw(_padded(_packed()))
BROKEN = {
    "broken base64": "A===",
    "base64 with junk": SOUND[:8] + "!!!!" + SOUND[8:],
    "empty": "",
    "no multiple of 16": base64.b64encode(b"x" * 33).decode(),
    "48 bytes, sound but for that": _raw(_packed() + b"\x05" * 5),
    "padding 0": _raw(_packed(b"h" * 25) + b"\x00"),
    "padding 33": _raw(_packed(b"h" * 25) + b"\x21" * 33),
    "padding not uniform": _raw(_padded(_packed())[:-3] + b"\x00" + _padded(_packed())[-2:]),
    "length 0xFFFFFFFF": _raw(_padded(_packed(length=0xFFFFFFFF))),
    "length beyond the end": _raw(_padded(_packed(length=24))),
    "nothing but padding": _raw(b"\x20" * 32),
    "not UTF-8": _raw(_padded(_packed(b"\xff\xfe"))),
    "another company": _raw(_padded(_packed(receiver=b"wx0000000000000000"))),
    "no company": _raw(_padded(_packed(receiver=b""))),
}


def test_the_sound_one_beside_the_broken() -> None:
    assert envelope().open(query(SOUND), SOUND) == "hello"


@pytest.mark.parametrize("length", [6, 24, 0xFFFFFFFF])
def test_a_length_beyond_the_end_where_no_receiver_would_show_it(length: int) -> None:
    encrypt = _raw(_padded(_packed(receiver=b"", length=length)))
    with pytest.raises(Unreadable):
        envelope(receiver="").open(query(encrypt), encrypt)


@pytest.mark.parametrize("encrypt", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_inside_is_one_error(encrypt: str) -> None:
    with pytest.raises(Unreadable):
        envelope().open(query(encrypt), encrypt)


@pytest.mark.parametrize(
    ("skew", "passes"),
    [(0, True), (-300, True), (300, True), (-301, False), (301, False), (-86400, False), (10**9, False)],
)
def test_window_of_300_seconds_on_both_sides(skew: int, passes: bool) -> None:
    encrypt = _raw(_padded(_packed()))
    if passes:
        assert envelope().open(query(encrypt, NOW + skew), encrypt) == "hello"
        return
    with pytest.raises(Stale) as caught:
        envelope().open(query(encrypt, NOW + skew), encrypt)
    assert caught.value.skew == skew


def test_one_hex_digit_changed_is_forged() -> None:
    encrypt = _raw(_padded(_packed()))
    good = query(encrypt)
    for wrong in (good.signature[:-1] + ("0" if good.signature[-1] != "0" else "1"), "0" * 40):
        with pytest.raises(Forged):
            envelope().open(Signed(wrong, good.timestamp, good.nonce), encrypt)


def test_the_signature_is_checked_before_time_and_cipher() -> None:
    with pytest.raises(Forged):
        envelope().open(Signed("0" * 40, "1", "n"), "%%%")


def test_fault_03_signatures_are_compared_in_constant_time() -> None:
    source = inspect.getsource(crypto)
    assert "hmac.compare_digest(ours" in source
    assert not re.search(r"signature\b[^\n]*(==|!=)", source)


GOOD = [("msg_signature", "0" * 40), ("timestamp", "1"), ("nonce", "n")]
QUERIES = {
    **{f"no {name}": [pair for pair in GOOD if pair[0] != name] for name, _ in GOOD},
    **{f"{name} twice": [*GOOD, (name, value)] for name, value in GOOD},
    **{f"{name} empty": [(key, "" if key == name else value) for key, value in GOOD] for name, _ in GOOD},
    **{f"{name} of 10 kB": [(key, value * 10240 if key == name else value) for key, value in GOOD] for name, _ in GOOD},
    "signature in capitals": [("msg_signature", "A" * 40), *GOOD[1:]],
    "signature of Chinese": [("msg_signature", "签" * 40), *GOOD[1:]],
    "timestamp of full-width digits": [GOOD[0], ("timestamp", "１２３"), GOOD[2]],
    "negative timestamp": [GOOD[0], ("timestamp", "-5"), GOOD[2]],
    "timestamp with newline": [GOOD[0], ("timestamp", "1\n"), GOOD[2]],
}


@pytest.mark.parametrize("pairs", QUERIES.values(), ids=QUERIES.keys())
def test_malformed_queries(pairs: list) -> None:
    with pytest.raises(Malformed):
        crypto.signed(MultiDict(pairs))


BODIES = {
    "empty": b"",
    "no XML": b"hello",
    "no Encrypt": b"<xml><ToUserName>x</ToUserName></xml>",
    "empty Encrypt": b"<xml><Encrypt></Encrypt></xml>",
    "two Encrypts": b"<xml><Encrypt>QUJD</Encrypt><Encrypt>QUJD</Encrypt></xml>",
    "Encrypt within Encrypt": b"<xml><Encrypt><Encrypt>QUJD</Encrypt></Encrypt></xml>",
    "entity": b'<!DOCTYPE x [<!ENTITY a "QUJD">]><xml><Encrypt>&a;</Encrypt></xml>',
    "too long": b"<xml><Encrypt>" + b"A" * 65536 + b"</Encrypt></xml>",
    "UTF-16": "<xml><Encrypt>QUJD</Encrypt></xml>".encode("utf-16"),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_malformed_bodies(body: bytes) -> None:
    with pytest.raises(Malformed):
        crypto.encrypted(body)


@pytest.mark.parametrize(
    "inner",
    [b"QUJD", b"<![CDATA[QUJD]]>", b"\n  QUJD\n", b" <![CDATA[ QUJD ]]> "],
    ids=["bare", "CDATA", "blanks", "both"],
)
def test_ways_to_write_encrypt(inner: bytes) -> None:
    body = b"<xml>\n<AgentID>1</AgentID>\n<Encrypt>" + inner + b"</Encrypt>\n</xml>"
    assert crypto.encrypted(body) == "QUJD"


@pytest.mark.parametrize("filler", [b"<Encrypt>", b"<Encrypt> ", b" ", b"<Encrypt><![CDATA["])
def test_hostile_bodies_cost_no_time(filler: bytes) -> None:
    body = b"<Encrypt>" + filler * (65000 // len(filler))
    begun = time.perf_counter()
    with pytest.raises(Malformed):
        crypto.encrypted(body)
    assert time.perf_counter() - begun < 0.2


def test_random_bytes_are_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """wechatpy draws letters from ``random.sample``; ours come from ``secrets`` and may be any byte."""
    monkeypatch.setattr(crypto.secrets, "token_bytes", lambda size: b"\xfe" * size)
    reply = envelope().seal("hello")
    other = ServerEnvelope(TOKEN, KEY, CORP)
    decryptor = other._cipher().decryptor()
    sealed = base64.b64decode(re.search(r"Encrypt><!\[CDATA\[(.*?)\]\]", reply)[1])
    assert decryptor.update(sealed).startswith(b"\xfe" * 16)


def test_two_seals_of_one_text_differ() -> None:
    assert envelope().seal("hello") != envelope().seal("hello")


def test_wechatpy_reads_our_replies() -> None:
    reply = envelope(NOW).seal("<xml>你好</xml>")
    nonce = re.search(r"<Nonce><!\[CDATA\[(.*?)\]\]", reply)[1]
    signature = re.search(r"<MsgSignature><!\[CDATA\[(.*?)\]\]", reply)[1]
    assert WeChatCrypto(TOKEN, KEY, CORP).decrypt_message(reply, signature, str(NOW), nonce) == "<xml>你好</xml>"


def test_the_digest_is_that_of_the_official_page() -> None:
    parts = sorted([TOKEN, "1409659813", "1372623149", "QUJD"])
    assert (
        crypto.signature_of(TOKEN, "1409659813", "1372623149", "QUJD")
        == hashlib.sha1("".join(parts).encode()).hexdigest()
    )

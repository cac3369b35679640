"""The envelope of WeChat Work's callbacks: signature, time window, AES (developer.work.weixin.qq.com path/90968).

wechatpy does the AES; what it leaves open is closed here: constant-time comparison, a window of time, checks of
base64, padding and inner length, and one family of errors instead of a dozen (its defects 8 and 9). Its envelope for
what we send makes a cipher anew for each reply and took an eighth of a report's time, so that is written here, too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from wechatpy.work.crypto import PrpCrypto

WINDOW = 300  # seconds on both sides; a genuine retry comes within fifteen
BLOCK = 32
LIMIT = 64 * 1024  # bytes of a request body or an echostr; a text of 2,048 bytes needs 4 kB

# The possessive quantifiers keep a body of blanks from costing quadratic time before anybody has proved who they are.
_ENCRYPT = re.compile(rb"<Encrypt>\s*+(?:<!\[CDATA\[\s*+)?([A-Za-z0-9+/=]++)\s*+(?:\]\]>\s*+)?</Encrypt>")
_SIGNATURE, _TIMESTAMP = re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9]{1,12}")
_NONCE, _ECHOSTR = re.compile(r"[\x21-\x7e]{1,128}"), re.compile(r"[A-Za-z0-9+/=]{1,4096}")


class Refused(Exception):
    """A request that cannot be shown to be from WeChat Work. Its text is for our log, never for the sender."""


class Malformed(Refused):
    """Parameters missing, repeated, too long, or no single ``Encrypt`` element in the body."""


class Forged(Refused):
    """The signature is not ours."""


class Stale(Refused):
    """Rightly signed, but ``skew`` seconds away from our clock: a replay, or one of the two clocks is wrong."""

    def __init__(self, skew: float) -> None:
        super().__init__(f"signed {skew:+.0f} s from our clock")
        self.skew = skew


class Unreadable(Refused):
    """Rightly signed, but the ciphertext is broken or meant for another company."""


class Query(Protocol):
    """A parsed query string, such as werkzeug's ``MultiDict``."""

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Signed:
    """The three parameters that accompany every callback."""

    signature: str
    timestamp: str
    nonce: str


def signed(query: Query) -> Signed:
    """Take the parameters out of the query string; raises ``Malformed`` unless each is there once and well formed."""
    return Signed(
        _one(query, "msg_signature", _SIGNATURE),
        _one(query, "timestamp", _TIMESTAMP),
        _one(query, "nonce", _NONCE),
    )


def echostr(query: Query) -> str:
    """The challenge of the URL check, base64; raises ``Malformed``."""
    return _one(query, "echostr", _ECHOSTR)


def _one(query: Query, name: str, shape: re.Pattern[str]) -> str:
    values = query.getlist(name)
    if len(values) != 1 or not shape.fullmatch(values[0]):
        raise Malformed(f"{name}: {len(values)} value(s), or malformed")
    return values[0]


def encrypted(body: bytes) -> str:
    """The one ``Encrypt`` element of a callback body, found without parsing XML from an unknown sender.

    ToUserName and AgentID beside it are outside the signature and therefore not read. Raises ``Malformed``.
    """
    if len(body) > LIMIT:
        raise Malformed(f"body of {len(body)} bytes")
    found = _ENCRYPT.findall(body)
    if len(found) != 1 or body.count(b"<Encrypt>") != 1:
        raise Malformed("no single Encrypt element")
    return str(found[0], "ascii")


class _Cipher(PrpCrypto):  # type: ignore[misc]  # wechatpy ships no types
    """wechatpy's cipher with sixteen bytes from the system's generator, and a decryption that checks everything."""

    def encrypt(self, text: str, corp_id: str) -> str:
        message = text.encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(message)) + message + corp_id.encode()
        padding = BLOCK - len(plain) % BLOCK
        return base64.b64encode(self.cipher.encrypt(plain + bytes([padding]) * padding)).decode()

    def decrypt(self, text: str, corp_id: str) -> str:
        try:
            raw = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            raise Unreadable("base64") from None
        if not raw or len(raw) % BLOCK:
            raise Unreadable("length of the ciphertext")
        message, receiver = _unpack(self.cipher.decrypt(raw))
        if not hmac.compare_digest(receiver, corp_id.encode()):
            raise Unreadable("meant for another company")
        try:
            return message.decode()
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None


def _unpack(plain: bytes) -> tuple[bytes, bytes]:
    """Message and receiver out of: 16 random bytes, big-endian length, message, receiver, padding of 1 to 32."""
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Unreadable("padding")
    content = plain[16:-padding]
    if len(content) < 4:
        raise Unreadable("too short")
    (length,) = struct.unpack(">I", content[:4])
    if length > len(content) - 4:
        raise Unreadable("inner length")
    return content[4 : 4 + length], content[4 + length :]


def signature_of(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """SHA-1, lower-case hex, of the four strings sorted and joined."""
    return hashlib.sha1("".join(sorted((token, timestamp, nonce, encrypt))).encode()).hexdigest()


class Envelope:
    """Opens what WeChat Work posts and seals what we answer.

    ``receiver`` is the CorpID (empty for an AI bot); ``clock`` gives real time in seconds since the epoch.
    Raises ``ValueError`` for a Token or EncodingAESKey that the console could not have issued.
    """

    def __init__(self, token: str, aes_key: str, receiver: str, clock: Callable[[], float]) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]{43}", aes_key):
            raise ValueError("EncodingAESKey must be exactly 43 letters and digits")
        if not re.fullmatch(r"[A-Za-z0-9]{1,32}", token):
            raise ValueError("Token must be 1 to 32 letters and digits")
        self._cipher = _Cipher(base64.b64decode(f"{aes_key}="))
        self._token = token
        self._receiver = receiver
        self._clock = clock

    def check(self, signed: Signed, encrypt: str) -> None:
        """Whether the signature is ours; raises ``Forged``."""
        ours = signature_of(self._token, signed.timestamp, signed.nonce, encrypt)
        if not hmac.compare_digest(ours.encode(), signed.signature.encode()):
            raise Forged("signature")

    def admit(self, signed: Signed, encrypt: str) -> None:
        """Check signature and time; raises ``Forged`` or ``Stale``."""
        self.check(signed, encrypt)
        skew = int(signed.timestamp) - self._clock()
        if abs(skew) > WINDOW:
            raise Stale(skew)

    def open(self, signed: Signed, encrypt: str) -> str:
        """Check signature and time, then decrypt; raises ``Forged``, ``Stale`` or ``Unreadable``."""
        self.admit(signed, encrypt)
        return self.decrypt(encrypt)

    def decrypt(self, encrypt: str) -> str:
        """What was sealed, of whom it has been shown already; raises ``Unreadable``."""
        return str(self._cipher.decrypt(encrypt, self._receiver))

    def seal(self, plaintext: str) -> str:
        """The XML of an encrypted passive reply, with a nonce of ours and the real time."""
        stamp, nonce = str(int(self._clock())), secrets.token_hex(8)
        encrypt = self._cipher.encrypt(plaintext, self._receiver)
        signature = signature_of(self._token, stamp, nonce, encrypt)
        return (
            f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{stamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

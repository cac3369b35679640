"""The server's side of the callback's encryption, written from the official page (path/90968) alone.

It shares no code with ``bot.wecom`` and none with wechatpy, so that an error there cannot cancel itself out here.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


class BadAnswer(Exception):
    """The bot's answer is not what WeChat Work would accept; the text says why."""


@dataclass(frozen=True, slots=True)
class Post:
    """A callback ready to be posted: the query parameters and the body."""

    query: dict[str, str]
    body: bytes


class ServerEnvelope:
    """``receiver`` is the CorpID that goes into the ciphertext."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._receiver = receiver.encode()

    def pack(self, plaintext: str, agent: int) -> Post:
        """Encrypt and sign a message, each time with a new nonce and the present time."""
        sealed = self.encrypt(plaintext.encode())
        body = (
            f"<xml><ToUserName><![CDATA[{self._receiver.decode()}]]></ToUserName>"
            f"<Encrypt><![CDATA[{sealed}]]></Encrypt><AgentID><![CDATA[{agent}]]></AgentID></xml>"
        )
        return Post(self.sign(sealed), body.encode())

    def sign(self, sealed: str, timestamp: int | None = None) -> dict[str, str]:
        """The three query parameters for a ciphertext."""
        stamp, nonce = str(int(time.time()) if timestamp is None else timestamp), str(secrets.randbelow(10**10))
        return {"msg_signature": self._digest(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}

    def open_answer(self, body: bytes) -> str:
        """The plaintext of a passive reply; raises ``BadAnswer``."""
        try:
            fields = {child.tag: child.text or "" for child in ET.fromstring(body)}
            sealed, stamp, nonce = fields["Encrypt"], fields["TimeStamp"], fields["Nonce"]
            signature = fields["MsgSignature"]
        except (ET.ParseError, KeyError) as error:
            raise BadAnswer(f"not a reply envelope: {error}") from error
        if signature != self._digest(stamp, nonce, sealed):
            raise BadAnswer("wrong signature")
        return self.decrypt(sealed).decode()

    def encrypt(self, message: bytes) -> str:
        """Random bytes, length, message and receiver, padded to 32 and encrypted; base64."""
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._receiver
        padding = 32 - len(plain) % 32
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, sealed: str) -> bytes:
        """The message within a ciphertext; raises ``BadAnswer`` when it is for somebody else."""
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        plain = plain[16 : -plain[-1]]
        size = int.from_bytes(plain[:4], "big")
        if plain[4 + size :] != self._receiver:
            raise BadAnswer("wrong receiver")
        return plain[4 : 4 + size]

    def _digest(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self._token, *parts])).encode()).hexdigest()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

"""An encrypting client for tests: WeChat Work's side of the callback, written from its pages alone.

It shares no code with ``bot/wecom`` nor with the simulator, so that a common mistake cannot hide.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


@dataclass
class WeComClient:
    """Sends as any member; ``send`` returns status and the decrypted text of the reply."""

    url: str
    token: str
    aes_key: str
    corp: str
    agent: int
    count: int = field(default_factory=lambda: int.from_bytes(os.urandom(5)))

    @property
    def _key(self) -> bytes:
        return base64.b64decode(self.aes_key + "=")

    def _cipher(self) -> Cipher:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def encrypt(self, text: str) -> str:
        body = text.encode()
        plain = os.urandom(16) + struct.pack(">I", len(body)) + body + self.corp.encode()
        pad = 32 - len(plain) % 32
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypt(self, sealed: str) -> str:
        decryptor = self._cipher().decryptor()
        plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
        plain = plain[: -plain[-1]]
        size = struct.unpack(">I", plain[16:20])[0]
        assert plain[20 + size :].decode() == self.corp
        return plain[20 : 20 + size].decode()

    def signature(self, stamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, stamp, nonce, sealed))).encode()).hexdigest()

    def message_id(self) -> str:
        self.count += 1
        return str(self.count)

    def text(self, user: str, content: str, msg_id: str) -> str:
        return (
            f"<xml><ToUserName><![CDATA[{self.corp}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            f"<Content><![CDATA[{content}]]></Content><MsgId>{msg_id}</MsgId><AgentID>{self.agent}</AgentID></xml>"
        )

    def send(self, user: str, content: str, msg_id: str | None = None, timeout: float = 10) -> tuple[int, str]:
        return self._post(self.text(user, content, msg_id or self.message_id()), timeout)

    def event(self, user: str, fields: dict[str, str], timeout: float = 10) -> tuple[int, str]:
        """An event, with its own elements (path/96302 and others)."""
        own = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
        return self._post(
            f"<xml><ToUserName><![CDATA[{self.corp}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[event]]></MsgType>{own}</xml>",
            timeout,
        )

    def post(self, plain: str) -> tuple[str, bytes]:
        """Query and body of the callback that brings this message."""
        sealed = self.encrypt(plain)
        stamp, nonce = str(int(time.time())), os.urandom(5).hex()
        query = urllib.parse.urlencode(
            {"msg_signature": self.signature(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
        )
        body = f"<xml><ToUserName><![CDATA[{self.corp}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return query, body.encode()

    def _post(self, plain: str, timeout: float) -> tuple[int, str]:
        query, body = self.post(plain)
        request = urllib.request.Request(f"{self.url}?{query}", body, {"Content-Type": "text/xml"})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, self.read(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.code, ""

    def read(self, xml: str) -> str:
        """The text of a passive reply, its own signature checked; empty for an empty body."""
        if not xml:
            return ""
        part = {name: self._element(xml, name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")}
        assert part["MsgSignature"] == self.signature(part["TimeStamp"], part["Nonce"], part["Encrypt"])
        return self._element(self.decrypt(part["Encrypt"]), "Content")

    @staticmethod
    def _element(xml: str, name: str) -> str:
        found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", xml, re.DOTALL)
        assert found, f"no {name}"
        return found[1] if found[1] is not None else found[2]

"""Personal data at rest: AES-GCM with the row's identity as associated data, keys within keys, an index for equality.

The master keys (``KONGCHUO_DATA_KEY``, newest first) wrap one data key for the county and one for each
pupil; so a new master key means wrapping those again and nothing else, and a pupil is erased by destroying
one key (个人信息保护法 arts. 47, 51). A sealed value that was moved to another row does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_MARK = b"\x01"
_NONCE_BYTES = 12
NAME_BYTES = 4
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SealBroken(Exception):
    """A sealed value is damaged, or belongs to another row."""


class KeyUnknown(Exception):
    """A value was wrapped with a master key that the settings no longer name."""


class DataKey:
    """One key that seals values; ``identity`` names the row and column that a value belongs to."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, identity: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return _MARK + nonce + self._cipher.encrypt(nonce, plain, identity.encode())

    def open(self, sealed: bytes, identity: str) -> bytes:
        """The plain value. Raises ``SealBroken``."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _MARK:
                raise SealBroken(identity)
            return self._cipher.decrypt(nonce, body, identity.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(identity) from error

    def seal_text(self, text: str, identity: str) -> bytes:
        return self.seal(text.encode(), identity)

    def open_text(self, sealed: bytes, identity: str) -> str:
        return self.open(sealed, identity).decode()

    def seal_json(self, value: Any, identity: str) -> bytes:
        return self.seal(_encode(value).encode(), identity)

    def open_json(self, sealed: bytes, identity: str) -> Any:
        return json.loads(self.open(sealed, identity))


class MasterKeys:
    """The master keys, newest first: the newest wraps, any of them unwraps."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise KeyUnknown("no master key is set")
        self._newest = _name_of(keys[0])
        self._keys = {_name_of(key): DataKey(key) for key in keys}

    def wrap(self, key: bytes, identity: str) -> bytes:
        return self._newest + self._keys[self._newest].seal(key, identity)

    def unwrap(self, wrapped: bytes, identity: str) -> bytes:
        """The key within. Raises ``KeyUnknown`` or ``SealBroken``."""
        master = self._keys.get(wrapped[:NAME_BYTES])
        if master is None:
            raise KeyUnknown(f"{identity} was wrapped with key {wrapped[:NAME_BYTES].hex()}, which is not set")
        return master.open(wrapped[NAME_BYTES:], identity)

    def opens(self, wrapped: bytes) -> bool:
        """Whether the key that wrapped this is set; the beginning of it is enough."""
        return wrapped[:NAME_BYTES] in self._keys

    def is_newest(self, wrapped: bytes) -> bool:
        return wrapped[:NAME_BYTES] == self._newest

    def rewrap(self, wrapped: bytes, identity: str) -> bytes:
        """The same key under the newest master key."""
        return self.wrap(self.unwrap(wrapped, identity), identity)


class Sealer:
    """What a county seals with: its own data key, its index key, and the wrapping of its pupils' keys."""

    def __init__(self, masters: MasterKeys, county: str, county_key: bytes, index_key: bytes) -> None:
        self.masters = masters
        self.county = county
        self.own = DataKey(masters.unwrap(county_key, f"{county}/county_key"))
        self._index_key = masters.unwrap(index_key, f"{county}/index_key")

    def index(self, column: str, value: str) -> bytes:
        """An HMAC by which equal values of that column are found without being read."""
        return hmac.digest(self._index_key, f"{column}\0{value}".encode(), hashlib.sha256)[:16]

    def new_pupil_key(self, pupil: str) -> tuple[DataKey, bytes]:
        """A fresh key for a pupil, and its wrapped form for the row."""
        key = os.urandom(KEY_BYTES)
        return DataKey(key), self.masters.wrap(key, self._pupil(pupil))

    def pupil_key(self, pupil: str, wrapped: bytes) -> DataKey:
        return DataKey(self.masters.unwrap(wrapped, self._pupil(pupil)))

    def rewrap(self, pupil: str, wrapped: bytes) -> bytes:
        return self.masters.rewrap(wrapped, self._pupil(pupil))

    def _pupil(self, pupil: str) -> str:
        return f"{self.county}/pupil/{pupil}"


def new_county_keys(masters: MasterKeys, county: str) -> tuple[bytes, bytes]:
    """The wrapped data key and index key of a new county."""
    return (
        masters.wrap(os.urandom(KEY_BYTES), f"{county}/county_key"),
        masters.wrap(os.urandom(KEY_BYTES), f"{county}/index_key"),
    )


def _name_of(key: bytes) -> bytes:
    return hashlib.sha256(b"kongchuo master key\0" + key).digest()[:NAME_BYTES]

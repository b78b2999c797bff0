"""Sealing of what may not stand in clear, and blind indexes over it.

AES-256-GCM, the place of the value (org, table, column, row id) as associated data, so that a ciphertext moved to
another row does not open. Each tenant has a data key and an index key, both wrapped by a key from the settings:
rotation of the wrapping key re-wraps two values a tenant and touches no row.
"""

import hashlib
import hmac
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_PLAIN, _DEFLATED = 1, 2
_DATA_KEY_ID = 1
_DEFLATE_FROM = 200
"""Bytes from which compression pays; below it the zlib header costs more than it saves."""
_NUMBER_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class SealBroken(Exception):
    """A sealed value does not open: other key, other place, or changed bytes. Says where, never what."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Wrapping keys by id, 32 bytes each; new values are wrapped with `current`."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError(f"wrapping key {self.current!r} is not among the keys given")
        if any(len(key) != 32 for key in self.keys.values()):
            raise ValueError("a wrapping key must have 32 bytes")

    def wrap(self, org_id: int, purpose: str, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self.keys[self.current]).encrypt(nonce, key, f"{org_id}|{purpose}".encode())

    def unwrap(self, org_id: int, purpose: str, wrapped: bytes, key_id: str) -> bytes:
        if key_id not in self.keys:
            raise SealBroken(f"tenant {org_id}: its {purpose} is wrapped by key {key_id!r}, which the settings lack")
        try:
            return AESGCM(self.keys[key_id]).decrypt(wrapped[:12], wrapped[12:], f"{org_id}|{purpose}".encode())
        except (InvalidTag, ValueError):
            raise SealBroken(f"tenant {org_id}: its {purpose} does not open with key {key_id!r}") from None


class TenantKeys:
    """What seals and indexes the values of one tenant."""

    __slots__ = ("_cipher", "_index_key", "index_key_id", "org_id")

    def __init__(self, org_id: int, data_key: bytes, index_key: bytes, index_key_id: int) -> None:
        self.org_id = org_id
        self.index_key_id = index_key_id
        self._cipher = AESGCM(data_key)
        self._index_key = index_key

    def seal(self, table: str, column: str, row_id: int, value: bytes) -> bytes:
        form, body = (_DEFLATED, zlib.compress(value, 1)) if len(value) >= _DEFLATE_FROM else (_PLAIN, value)
        head, nonce = bytes((form, _DATA_KEY_ID)), os.urandom(12)
        return head + nonce + self._cipher.encrypt(nonce, body, self._place(table, column, row_id, head))

    def open(self, table: str, column: str, row_id: int, sealed: bytes) -> bytes:
        """The value; SealBroken if it was sealed elsewhere, with another key, or has changed."""
        try:
            body = self._cipher.decrypt(sealed[2:14], sealed[14:], self._place(table, column, row_id, sealed[:2]))
        except (InvalidTag, ValueError):
            raise SealBroken(f"{table}.{column} of row {row_id} does not open") from None
        return zlib.decompress(body) if sealed[0] == _DEFLATED else body

    def _place(self, table: str, column: str, row_id: int, head: bytes) -> bytes:
        """What a value is bound to: where it stands, and how it was written (so that neither can be changed)."""
        return f"{self.org_id}|{table}|{column}|{row_id}|".encode() + head

    def index(self, purpose: str, value: str) -> bytes:
        """Blind index (HMAC-SHA256) of a value: equal values meet, nothing can be read back."""
        return hmac.digest(self._index_key, f"{purpose}|{value}".encode(), "sha256")

    def claim_number(self, external_id: str) -> str:
        """CLM01 of a claim: 14 characters of A-Z and 0-9, derived from the tenant's own id for it.

        Derived, not counted: after a restore the same claim gets the same number again, and no other claim gets it.
        """
        number = int.from_bytes(self.index("clm01", external_id)[:16])
        digits = []
        for _ in range(13):
            number, digit = divmod(number, len(_NUMBER_ALPHABET))
            digits.append(_NUMBER_ALPHABET[digit])
        return "C" + "".join(digits)


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()

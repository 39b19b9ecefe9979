"""The keys that sign badges, derived from one master secret, so that several machines and restores agree."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

MOST_KEYS = 16


class KeyRing:
    """Key *n* is HKDF-SHA256 (RFC 5869, no salt) of the master, info `"badge-key-v1" + byte n`, 32 bytes."""

    def __init__(self, master: bytes) -> None:
        self._master = master

    def key(self, number: int) -> bytes:
        """The 32 bytes of key `number`, 0 to 15. Raises ValueError beyond."""
        if not 0 <= number < MOST_KEYS:
            raise ValueError(f"there is no key {number}: keys go from 0 to {MOST_KEYS - 1}")
        return _derive(self._master, number)


@lru_cache(maxsize=64)
def _derive(master: bytes, number: int) -> bytes:
    # RFC 5869 in two steps; one block of SHA-256 is all that 32 bytes need.
    extracted = hmac.digest(bytes(32), master, hashlib.sha256)
    return hmac.digest(extracted, b"badge-key-v1" + bytes([number]) + b"\x01", hashlib.sha256)

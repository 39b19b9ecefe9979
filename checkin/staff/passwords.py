"""Passwords and PINs as Argon2id: two at a time, a short line, and as long for a stranger as for a friend.

Call these outside any transaction or snapshot: a hash takes some 70 ms.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from checkin.staff.model import Proof, SecretHash
from checkin.staff.policy import plain_password

# OWASP's minimum (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. 69 ms here; the library's default 570 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
# Who waits holds a thread of the server: a flood of sign-ins must leave threads to the gates.
_IN_LINE = threading.BoundedSemaphore(8)


class TooBusyError(Exception):
    """Too many secrets are being checked at this moment; try again in a few seconds."""


def hash_secret(secret: str) -> SecretHash:
    """The hash to store. Raises TooBusyError."""
    with _turn():
        return SecretHash(_hasher.hash(plain_password(secret)))


def prove(stored: SecretHash | None, secret: str) -> Proof:
    """Whether `secret` is the one stored; takes as long where nothing is stored. Raises TooBusyError."""
    secret = plain_password(secret)
    with _turn():
        if stored is None:
            _hasher.hash(secret)
            return Proof(stored, holds=False)
        try:
            _hasher.verify(stored, secret)
        except (VerificationError, InvalidHashError):
            return Proof(stored, holds=False)
        renewed = SecretHash(_hasher.hash(secret)) if _hasher.check_needs_rehash(stored) else None
        return Proof(stored, holds=True, renewed=renewed)


@contextmanager
def _turn() -> Iterator[None]:
    if not _IN_LINE.acquire(blocking=False):
        raise TooBusyError
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_LINE.release()

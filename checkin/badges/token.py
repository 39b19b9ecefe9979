"""The signed text in the QR: 17 bytes as 28 characters. Its twin on the tablet is `static/gate/token.js`.

Bytes: 0 format and key number · 1-5 badge number · 6 issue · 7 category · 8-16 HMAC-SHA256, first 72 bits.
Proved against `tests/contract/vectors.json`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32
FORMAT = 1
TOKEN_LENGTH = 28
NUMBER_BITS = 40
MOST_ISSUE = 254
SIGNED_BYTES, MAC_BYTES = 8, 9
PADDING_BITS = TOKEN_LENGTH * 5 - (SIGNED_BYTES + MAC_BYTES) * 8

_FORM = re.compile(f"[{ALPHABET}]{{{TOKEN_LENGTH}}}", re.ASCII)
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


class IssueOutOfRangeError(ValueError):
    """A badge was printed again more often than a token can say (254 reprints)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a token says of itself; true only once `is_genuine`."""

    key_number: int
    number: int
    issue: int
    category: int
    signed: bytes
    mac: bytes


def make_token(*, event: str, key: bytes, key_number: int, number: int, issue: int, category: int) -> str:
    """The token of one print of one badge. Raises IssueOutOfRangeError; `number` has 40 bits."""
    if not 0 <= issue <= MOST_ISSUE:
        raise IssueOutOfRangeError(issue)
    head = bytes([FORMAT << 4 | key_number]) + number.to_bytes(NUMBER_BITS // 8, "big") + bytes([issue, category])
    return encode(head + _mac(key, event, head))


def read_token(text: str) -> Claim | None:
    """The claim of a canonical token (upper case, format 1, padding zero), else None. Not yet believed."""
    data = decode(text)
    if data is None or data[0] >> 4 != FORMAT or data[6] > MOST_ISSUE:
        return None
    return Claim(
        key_number=data[0] & 15,
        number=int.from_bytes(data[1:6], "big"),
        issue=data[6],
        category=data[7],
        signed=data[:SIGNED_BYTES],
        mac=data[SIGNED_BYTES:],
    )


def is_genuine(claim: Claim, *, event: str, key: bytes) -> bool:
    """Whether `key` signed this claim for this event; takes the same time either way."""
    return hmac.compare_digest(_mac(key, event, claim.signed), claim.mac)


def encode(data: bytes) -> str:
    """17 bytes as 28 characters, the last four bits zero."""
    value = int.from_bytes(data, "big") << PADDING_BITS
    return "".join(ALPHABET[value >> shift & 31] for shift in range(5 * (TOKEN_LENGTH - 1), -1, -5))


def decode(text: str) -> bytes | None:
    """The 17 bytes behind 28 characters; None unless the text is canonical: upper case, padding zero."""
    if not _FORM.fullmatch(text):
        return None
    value = 0
    for character in text:
        value = value << 5 | _VALUES[character]
    if value & (1 << PADDING_BITS) - 1:
        return None
    return (value >> PADDING_BITS).to_bytes(SIGNED_BYTES + MAC_BYTES, "big")


def _mac(key: bytes, event: str, head: bytes) -> bytes:
    return hmac.digest(key, b"badge-v1\0" + event.encode() + b"\0" + head, hashlib.sha256)[:MAC_BYTES]

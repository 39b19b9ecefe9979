"""Gate cards: printed QR codes that move a tablet to a gate. Their twin on the tablet reads them without a network.

17 bytes as 28 characters, like a badge's token. Bytes: 0 format and key number · 1-5 SHA-256 of the gate's slug,
first 40 bits · 6 direction, 0 in, 1 out · 7 zero · 8-16 HMAC-SHA256, first 72 bits.
Proved against `tests/contract/gate_cards.json`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checkin.badges.token import MAC_BYTES, SIGNED_BYTES, decode, encode
from checkin.event.model import Direction

FORMAT = 2
GATE_BYTES = 5
_DIRECTIONS = (Direction.IN, Direction.OUT)


@dataclass(frozen=True, slots=True)
class GateCard:
    """Where a genuine card sends a tablet."""

    gate: str
    direction: Direction


def make_gate_card(*, event: str, key: bytes, key_number: int, gate: str, direction: Direction) -> str:
    """What the QR of this gate's card holds. Raises ValueError for `both`: a card says one way."""
    if direction not in _DIRECTIONS:
        raise ValueError(f"a card says one way, not {direction}")
    head = bytes([FORMAT << 4 | key_number]) + _mark(gate) + bytes([_DIRECTIONS.index(direction), 0])
    return encode(head + _mac(key, event, head))


def read_gate_card(text: str, *, event: str, keys: Mapping[int, bytes], gates: Iterable[str]) -> GateCard | None:
    """Where the card sends a tablet; None unless one of `keys` signed it, for this event and one of `gates`."""
    data = decode(text)
    if data is None or data[0] >> 4 != FORMAT or data[6] >= len(_DIRECTIONS) or data[7]:
        return None
    head, mac = data[:SIGNED_BYTES], data[SIGNED_BYTES:]
    key = keys.get(data[0] & 15)
    gate = next((gate for gate in gates if _mark(gate) == head[1 : 1 + GATE_BYTES]), None)
    if key is None or gate is None or not hmac.compare_digest(_mac(key, event, head), mac):
        return None
    return GateCard(gate, _DIRECTIONS[head[6]])


def _mark(gate: str) -> bytes:
    return hashlib.sha256(gate.encode()).digest()[:GATE_BYTES]


def _mac(key: bytes, event: str, head: bytes) -> bytes:
    return hmac.digest(key, b"gate-v1\0" + event.encode() + b"\0" + head, hashlib.sha256)[:MAC_BYTES]

"""Gate cards: what is printed is read again, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.badges.gatecard import GateCard, make_gate_card, read_gate_card
from checkin.badges.token import ALPHABET, make_token, read_token
from checkin.event.model import Direction

VECTORS = json.loads((Path(__file__).parents[2] / "contract" / "gate_cards.json").read_text("utf-8"))
KEY = bytes(range(32))
GATES = ("gate-1", "gate-2", "haupt-eingang")
WAYS = st.sampled_from([Direction.IN, Direction.OUT])


def card(**changed: Any) -> str:
    facts = {"event": "expo", "key": KEY, "key_number": 0, "gate": "gate-1", "direction": Direction.IN}
    return make_gate_card(**(facts | changed))


def read(text: str, **changed: Any) -> GateCard | None:
    return read_gate_card(text, **({"event": "expo", "keys": {0: KEY}, "gates": GATES} | changed))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["card"])
def test_the_vectors_of_the_contract_are_made_and_read(vector: dict[str, Any]) -> None:
    key, way = bytes.fromhex(vector["key"]), Direction(vector["direction"])
    made = make_gate_card(
        event=vector["event"], key=key, key_number=vector["key_number"], gate=vector["gate"], direction=way
    )
    assert vector["card"] == made
    keys = {vector["key_number"]: key}
    assert GateCard(vector["gate"], way) == read_gate_card(
        made, event=vector["event"], keys=keys, gates=[vector["gate"]]
    )


@given(gate=st.sampled_from(GATES), way=WAYS, number=st.integers(0, 15), key=st.binary(min_size=32, max_size=32))
def test_a_card_is_read_as_it_was_made(gate: str, way: Direction, number: int, key: bytes) -> None:
    text = card(gate=gate, direction=way, key_number=number, key=key)
    assert GateCard(gate, way) == read(text, keys={number: key})


@given(place=st.integers(0, 27), letter=st.sampled_from(ALPHABET), gate=st.sampled_from(GATES), way=WAYS)
def test_a_card_changed_in_one_place_is_refused(place: int, letter: str, gate: str, way: Direction) -> None:
    good = card(gate=gate, direction=way)
    changed = good[:place] + letter + good[place + 1 :]
    assert (read(changed) is None) is (changed != good)


@given(st.text())
def test_any_text_is_refused_but_never_raises(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "change",
    [{"event": "other"}, {"keys": {0: bytes(32)}}, {"keys": {1: KEY}}, {"keys": {}}, {"gates": ["gate-2"]}],
)
def test_another_events_keys_or_programmes_card_is_refused(change: dict[str, Any]) -> None:
    assert read(card()) is not None
    assert read(card(), **change) is None


def test_a_badge_is_no_card_and_a_card_is_no_badge() -> None:
    badge = make_token(event="expo", key=KEY, key_number=0, number=5, issue=0, category=1)
    assert read(badge) is None
    assert read_token(card()) is None


def test_a_card_says_one_way() -> None:
    with pytest.raises(ValueError, match="one way"):
        card(direction=Direction.BOTH)

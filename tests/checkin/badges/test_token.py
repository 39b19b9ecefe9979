"""The token and the short code, proved against the contract's vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.badges.keys import KeyRing
from checkin.badges.shortcode import read_short_code, short_code
from checkin.badges.token import ALPHABET, IssueOutOfRangeError, is_genuine, make_token, read_token

VECTORS = json.loads((Path(__file__).parents[2] / "contract" / "vectors.json").read_text("utf-8"))
KEY = bytes(range(32))
NUMBERS = st.integers(0, 2**40 - 1)


def token(**changed: Any) -> str:
    facts = {"event": "expo", "key": KEY, "key_number": 0, "number": 5, "issue": 0, "category": 1}
    return make_token(**(facts | changed))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["token"])
def test_the_vectors_of_the_contract_are_made_and_read(vector: dict[str, Any]) -> None:
    key = bytes.fromhex(vector["key"])
    made = make_token(
        event=vector["event"],
        key=key,
        key_number=vector["key_number"],
        number=vector["badge_number"],
        issue=vector["issue"],
        category=vector["category"],
    )
    assert vector["token"] == made
    claim = read_token(vector["token"])
    assert claim is not None
    assert (vector["key_number"], vector["badge_number"]) == (claim.key_number, claim.number)
    assert (vector["issue"], vector["category"]) == (claim.issue, claim.category)
    assert is_genuine(claim, event=vector["event"], key=key)
    assert vector["short_code"] == short_code(vector["badge_number"])
    assert vector["badge_number"] == read_short_code(vector["short_code"])


@given(place=st.integers(0, 27), letter=st.sampled_from(ALPHABET))
def test_a_token_changed_in_one_place_is_not_genuine(place: int, letter: str) -> None:
    good = token()
    changed = good[:place] + letter + good[place + 1 :]
    claim = read_token(changed)
    assert changed == good or claim is None or not is_genuine(claim, event="expo", key=KEY)


@pytest.mark.parametrize("change", [{"event": "other"}, {"key": bytes(32)}])
def test_another_events_or_keys_token_is_not_genuine(change: dict[str, Any]) -> None:
    claim = read_token(token(**change))
    assert claim is not None
    assert not is_genuine(claim, event="expo", key=KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        token()[:-1],
        token() + "0",
        token().lower(),
        token() + "\n",
        "U" + token()[1:],
        "0" * 28,
        token()[:-1] + "1",
        "٢" * 28,
    ],
)
def test_what_is_no_canonical_token_is_not_read(text: str) -> None:
    assert read_token(text) is None


@given(st.text())
def test_any_text_is_read_or_refused_but_never_raises(text: str) -> None:
    read_token(text)
    read_short_code(text)


def test_the_255th_reprint_is_refused() -> None:
    with pytest.raises(IssueOutOfRangeError):
        token(issue=255)
    assert read_token(token(issue=254)) is not None


@given(NUMBERS, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_a_short_code_catches_every_substitution(number: int, place: int, letter: str) -> None:
    plain = short_code(number).replace("-", "")
    changed = plain[:place] + letter + plain[place + 1 :]
    assert (read_short_code(changed) == number) is (changed == plain)


@given(NUMBERS, st.integers(0, 7), st.integers(1, 8))
def test_a_short_code_catches_every_swap(number: int, one: int, other: int) -> None:
    letters = list(short_code(number).replace("-", ""))
    letters[one], letters[other] = letters[other], letters[one]
    swapped = "".join(letters)
    assert (read_short_code(swapped) == number) is (swapped == short_code(number).replace("-", ""))


@given(NUMBERS)
def test_a_short_code_forgives_how_people_type(number: int) -> None:
    typed = " " + short_code(number).lower().replace("0", "o").replace("1", "l").replace("-", " ") + " "
    assert number == read_short_code(typed)


def test_keys_are_rfc_5869_with_the_contracts_info() -> None:
    # Computed with the `cryptography` package: HKDF(SHA256, 32, salt=None, info=b"badge-key-v1" + bytes([n])).
    ring = KeyRing(bytes(range(32)))
    assert ring.key(0).hex() == "2c67a62418f13e0f1d1c1519aa8779f895113bcd55821c9cf73b98a8bee89736"
    assert ring.key(15).hex() == "4c1077d406f11d6d369d01deb5de0e29be9d0ee1f095b9a9dba8e3cce0211696"
    with pytest.raises(ValueError, match="no key 16"):
        ring.key(16)

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.registration.cleaning import PhoneError, clean_phone, clean_text, has_letters, has_urdu

HOSTILE = [
    "<b>",
    "{x}",
    ")>> /OpenAction",
    "\0",
    "\u202egnp.exe",
    "x" * 300,
    "👩‍👩‍👧",
    "=1+1",
    "\ud800",
    "%s%n",
    "'; --",
]


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("0300-1234567", ""),
        ("0300 123 4567", "PK"),
        ("3001234567", "PK"),
        ("+92 300 1234567", ""),
        ("+92 (0)300 1234567", ""),
        ("+92 0300 1234567", ""),
        ("00923001234567", "KE"),
        ("92 300 1234567", "PK"),
        ("۰۳۰۰ ۱۲۳۴۵۶۷", ""),
        ("٠٣٠٠١٢٣٤٥٦٧", ""),
        ("\u202a+92 300 1234567\u202c", ""),
        ("0300-1234567", "MY"),  # lives in Malaysia, gives the Pakistani mobile
    ],
)
def test_every_usual_way_to_write_a_pakistani_mobile_becomes_the_same_number(typed: str, country: str) -> None:
    assert clean_phone(typed, country) == "+923001234567"


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("050 123 45 67", "AZ", "+994501234567"),
        ("0712 345678", "KE", "+254712345678"),
        ("012-345 6789", "MY", "+60123456789"),
        ("042 35761234", "PK", "+924235761234"),
        ("", "PK", ""),
        ("   ", "", ""),
    ],
)
def test_a_local_number_belongs_to_the_chosen_country(typed: str, country: str, kept: str) -> None:
    assert clean_phone(typed, country) == kept


@pytest.mark.parametrize("typed", ["12", "0300 123", "call me", "+92 300 1234567 99", "0000000000", "+", *HOSTILE[:3]])
def test_what_cannot_be_dialled_is_refused(typed: str) -> None:
    with pytest.raises(PhoneError):
        clean_phone(typed)


@given(st.text(max_size=60), st.sampled_from(["", "PK", "AZ", "KE", "MY", "US", "ZZ", "<b>"]))
def test_whatever_is_typed_as_a_phone_is_a_number_nothing_or_refused(typed: str, country: str) -> None:
    try:
        kept = clean_phone(typed, country)
    except PhoneError:
        return
    assert kept == "" or (kept[0] == "+" and kept[1:].isascii() and kept[1:].isdigit() and len(kept) <= 16)


@given(st.text(max_size=400) | st.sampled_from(HOSTILE))
def test_cleaned_text_is_one_plain_line_and_stays_as_it_is_when_cleaned_again(typed: str) -> None:
    line = clean_text(typed)
    assert line == clean_text(line) == line.strip() == unicodedata.normalize("NFC", line)
    assert "  " not in line
    bad = {c for c in line if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}} - {"\u200c", "\u200d"}
    assert bad == set()


def test_names_of_the_world_stay_as_they_are() -> None:
    for name in ("Gülnarə Əliyeva-Məmmədova", "Ng'ang'a wa Thiong'o", "عائشہ صدیقی", "Nur Áisyah binti Ali", "می‌خواہم"):
        assert clean_text(f"  {name}\t") == unicodedata.normalize("NFC", name)


def test_a_name_needs_a_letter_and_an_urdu_name_an_urdu_one() -> None:
    assert has_letters("Ali")
    assert has_letters("علی")
    assert not has_letters("123 👩")
    assert has_urdu("علی")
    assert not has_urdu("Ali")

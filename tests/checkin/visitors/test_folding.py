"""However a name is written, it is found."""

from __future__ import annotations

import pytest

from checkin.visitors.folding import LONGEST, beginnings, fold, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ayşe ÇELİK", "ayse celik"),
        ("José Ñandú", "jose nandu"),
        ("Əliyev", "eliyev"),
        ("Straße", "STRASSE"),
        ("O’Brien", "O'Brien"),
        ("عائشہ صدیقی", "عايشه صديقى"),  # Urdu against an Arabic keyboard
        ("کلثوم", "كلثوم"),
        ("مُحَمَّد", "محمد"),
        ("قرۃ العین", "قرة العين"),
        ("نواز خاں", "نواز خان"),
        ("علی\u200cرضا", "علیرضا"),
        ("محـــمد", "محمد"),
        ("آمنہ", "امنه"),
        ("ﻋﻠﻲ", "علی"),  # presentation forms, as old files have them
        ("۱۲۳", "123"),
    ],
)
def test_what_looks_alike_is_alike(one: str, other: str) -> None:
    assert fold(other) == fold(one)


def test_other_names_stay_other_names() -> None:
    assert fold("Aslam") != fold("Islam")
    assert fold("سلمان") != fold("سلیمان")


def test_a_person_is_kept_by_every_word_and_by_the_end_of_the_phone() -> None:
    assert {"ayesha", "siddiqui", "عایشہ", "sialkot", "#765432100329"} == words_of(
        ("Ayesha Siddiqui", "عائشہ", "Sialkot"), "+923001234567"
    )


def test_words_are_cut_alike_on_both_sides() -> None:
    long = "x" * 100
    assert {"x" * LONGEST} == words_of((long,), "")
    assert [["x" * LONGEST]] == beginnings(long)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("4567", [["4567", "#7654"]]),
        ("0300 123-4567", [["#7654321003"]]),
        ("+92 300 1234567", [["#765432100329"]]),
        ("12", [["12"]]),
        ("1 2", []),
        ("ayesha sid", [["ayesha"], ["sid"]]),
        ("sid sid", [["sid"]]),
        ("%_'", []),
        ("", []),
    ],
)
def test_what_is_typed_says_how_words_begin(typed: str, wanted: list[list[str]]) -> None:
    assert wanted == beginnings(typed)

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from checkin.event.load import load_event
from checkin.event.mistakes import EventFileError, Mistake
from checkin.event.model import CountsAs, DayKind, Direction, Event, ReEntry, Register

Load = Callable[[str], Event]
MistakesOf = Callable[[str], tuple[Mistake, ...]]

MANY_MISTAKES = """\
[event]
slug = "Small Expo"
name = ""
time_zone = "Asia/Karachy"
public_url = "expo.example.org/badges"
capacity = true
re_entry = "maybe"
again_after_minutes = -1
names_on_tablets = "no"
venu = "A hall"

[[day]]
date = 2026-01-25
opens = "9 o'clock"
closes = "25:00"

[[day]]
date = 2026-01-24
kind = "shwo"
opens = "10:00"
closes = 1900

[[zone]]
slug = "hall"
name = "Hall"

[[gate]]
slug = "gate-1"
name = "Gate\\u0000"
zone = "hal"
direction = "left"
categories = ["trade", "tarde"]

[[category]]
number = 256
slug = "trade"
name = "Trade visitor"
colour = "gold"
days = [2026-02-24]
early_minutes = 9999

[[gates]]
slug = "gate-2"
"""


def test_a_small_file_gets_the_contracts_defaults(load: Load, small: str) -> None:
    event = load(small)

    assert (event.re_entry, event.again_after_minutes, event.names_on_tablets) == (ReEntry.ALLOW, 10, True)
    assert (event.capacity, event.name_ur, event.sectors) == (None, "", ())
    assert event.days[0].kind is DayKind.SHOW
    assert (event.gates[0].direction, event.gates[0].categories) == (Direction.BOTH, ())
    assert (event.categories[0].counts_as, event.categories[0].days) == (CountsAs.NONE, ())


def test_values_come_in_their_true_types(load: Load, small: str) -> None:
    event = load(small)

    assert event.time_zone == ZoneInfo("Asia/Karachi")
    assert event.days[0].date == date(2026, 1, 24)
    assert event.days[0].opens == time(10)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("date = 2026-01-24", 'date = "2026-01-24"'),
        ('opens = "10:00"', "opens = 10:00:00"),
        ("https://expo.example.org", "https://expo.example.org/"),
        ('colour = "#e2a829"', 'colour = "#E2A829"'),
        ('name = "Hall"', 'name = "  Hall "'),
        ("[event]", "\ufeff[event]"),
        ("\n", "\r\n"),
    ],
)
def test_another_way_to_write_the_same_gives_the_same_event(load: Load, small: str, old: str, new: str) -> None:
    assert old in small
    assert load(small.replace(old, new)) == load(small)


def test_an_address_may_have_a_port_and_may_be_a_number(load: Load, small: str) -> None:
    for address in ("http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"):
        assert load(small.replace("https://expo.example.org", address)).public_url == address


def test_every_mistake_is_told_in_one_go_with_its_place_and_mend(mistakes_of: MistakesOf) -> None:
    mistakes = mistakes_of(MANY_MISTAKES)

    expected = [
        ("[event] · venue (line 1)", "missing", 'venue = "…"'),
        ("[event] · slug (line 2)", '"Small Expo"', "main-hall"),
        ("[event] · name (line 3)", "empty", "Write"),
        ("[event] · time_zone (line 4)", '"Asia/Karachy"', 'Did you mean "Asia/Karachi"?'),
        ("[event] · public_url (line 5)", "address", "https://"),
        ("[event] · capacity (line 6)", "true is not a whole number", "without quotes"),
        ("[event] · re_entry (line 7)", '"maybe"', "allow, refuse"),
        ("[event] · again_after_minutes (line 8)", "-1", "from 0 to 1440"),
        ("[event] · names_on_tablets (line 9)", '"no"', "names_on_tablets = false"),
        ("[event] · venu (line 10)", '"venu"', 'Did you mean "venue"?'),
        ("[[day]] no. 1 2026-01-25 · opens (line 14)", "o'clock", '"09:00"'),
        ("[[day]] no. 1 2026-01-25 · closes (line 15)", '"25:00"', "24-hour"),
        ("[[day]] no. 2 2026-01-24 · date (line 18)", "comes after 2026-01-25", "order"),
        ("[[day]] no. 2 2026-01-24 · kind (line 19)", '"shwo"', 'Did you mean "show"?'),
        ("[[day]] no. 2 2026-01-24 · closes (line 21)", "1900", '"18:30"'),
        ('[[gate]] no. 1 "gate-1" · name (line 29)', "control character", "one line"),
        ('[[gate]] no. 1 "gate-1" · zone (line 30)', '"hal"', 'Did you mean "hall"?'),
        ('[[gate]] no. 1 "gate-1" · direction (line 31)', '"left"', "both, in, out"),
        ('[[gate]] no. 1 "gate-1" · categories (line 32)', '"tarde"', 'Did you mean "trade"?'),
        ('[[category]] no. 1 "trade" · number (line 35)', "256", "from 0 to 255"),
        ('[[category]] no. 1 "trade" · colour (line 38)', '"gold"', "#1d5bb8"),
        ('[[category]] no. 1 "trade" · days (line 39)', "2026-02-24", "[[day]]"),
        ('[[category]] no. 1 "trade" · early_minutes (line 40)', "9999", "from 0 to 1440"),
        ("[gates] (line 42)", '"gates"', 'Did you mean "gate"?'),
        ("[[category]]", "nobody can register", "public = true"),
    ]
    assert [place for place, _, _ in expected] == [mistake.place for mistake in mistakes]
    for (_, problem, mend), mistake in zip(expected, mistakes, strict=True):
        assert problem in mistake.problem
        assert mend in mistake.mend


def test_the_error_prints_as_a_numbered_list_in_plain_words(load: Load, small: str) -> None:
    with pytest.raises(EventFileError) as caught:
        load(small.replace('zone = "hall"', 'zone = "hal"').replace("number = 1", "number = 300"))

    told = str(caught.value)
    assert re.search(r"event\.toml has 2 mistakes:\n\n1\. ", told)
    assert '1. [[gate]] no. 1 "gate-1" · zone (line 25)\n   "hal" is not the slug of a zone.\n   Mend: Did you' in told
    assert '2. [[category]] no. 1 "trade" · number (line 28)\n' in told


def test_a_control_character_of_the_file_never_reaches_the_terminal(load: Load, small: str) -> None:
    with pytest.raises(EventFileError) as caught:
        load(small.replace('"Hall"', '"Ha\\u001b[31mll\\u202e"'))

    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(EventFileError) as caught:
        load_event(tmp_path / "event.toml")

    (mistake,) = caught.value.mistakes
    assert "no such file" in mistake.problem
    assert "event.example.toml" in mistake.mend


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(EventFileError, match="cannot be read"):
        load_event(tmp_path)


def test_a_file_in_another_encoding_is_told(tmp_path: Path, small: str) -> None:
    path = tmp_path / "event.toml"
    path.write_bytes(small.encode("utf-16"))

    with pytest.raises(EventFileError, match="UTF-8"):
        load_event(path)


@pytest.mark.parametrize(
    ("old", "new", "place", "mend"),
    [
        ('name = "Hall"', 'name = "Hall', "line 20, column", "Close the quotes"),
        ('name = "Hall"', "name = Hall", "line 20, column 8", "between quotes"),
        ('opens = "10:00"', "opens = 10:00", "line 10, column", "between quotes"),
        ('name = "Hall"', 'name = "Hall"\nname = "Hall"', "line 21, column", "twice"),
        ("[[day]]", "[event]", "line 8, column", "twice"),
        ("public = true", "public = [true", "", "Close the list"),
    ],
)
def test_a_slip_of_syntax_is_one_mistake_with_line_and_column(
    mistakes_of: MistakesOf, small: str, old: str, new: str, place: str, mend: str
) -> None:
    (mistake,) = mistakes_of(small.replace(old, new, 1))

    assert mistake.place.startswith(place)
    assert mend in mistake.mend


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000, "0x" + "f" * 9000])
def test_monstrous_values_are_a_mistake_like_any_other(mistakes_of: MistakesOf, small: str, value: str) -> None:
    assert mistakes_of(small.replace("number = 1", f"number = {value}"))


def test_without_a_register_table_the_usual_fields_are_asked(load: Load, small: str) -> None:
    assert "sectors" not in load(small).register.ask
    assert load(small + '[[sector]]\nslug = "textiles"\nname = "Textiles"\n').register == Register()


def test_a_register_table_says_what_is_asked_and_required(load: Load, small: str) -> None:
    register = load(small + '[register]\nask = ["phone", "city"]\nrequire = ["phone"]\n').register

    assert register == Register(ask=("phone", "city"), require=("phone",))

"""A small event file that is right, and a way to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checkin.event.load import load_event
from checkin.event.mistakes import EventFileError, Mistake
from checkin.event.model import Event

SMALL = """\
[event]
slug = "small-expo"
name = "Small Expo"
venue = "A hall"
time_zone = "Asia/Karachi"
public_url = "https://expo.example.org"

[[day]]
date = 2026-01-24
opens = "10:00"
closes = "19:00"

[[day]]
date = 2026-01-25
opens = "10:00"
closes = "19:00"

[[zone]]
slug = "hall"
name = "Hall"

[[gate]]
slug = "gate-1"
name = "Gate 1"
zone = "hall"

[[category]]
number = 1
slug = "trade"
name = "Trade visitor"
colour = "#e2a829"
public = true
"""


@pytest.fixture
def small() -> str:
    return SMALL


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Event]:
    """Loads the event that a text describes."""

    def load(text: str) -> Event:
        path = tmp_path / "event.toml"
        path.write_text(text, encoding="utf-8")
        return load_event(path)

    return load


@pytest.fixture
def mistakes_of(load: Callable[[str], Event]) -> Callable[[str], tuple[Mistake, ...]]:
    """The mistakes of a text that is no event."""

    def mistakes_of(text: str) -> tuple[Mistake, ...]:
        with pytest.raises(EventFileError) as caught:
            load(text)
        return caught.value.mistakes

    return mistakes_of

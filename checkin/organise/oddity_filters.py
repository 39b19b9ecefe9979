"""The filters of the page of oddities, between its address, its form and the query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.event.model import Event
from checkin.oddities.model import Kind
from checkin.organise.oddity_words import TITLES
from checkin.organise.people_filters import Choice
from checkin.registration.calendar import short_day

NAMES: Final = ("kind", "day", "settled")
_LABELS: Final = {"kind": _l("What"), "day": _l("Day"), "settled": _l("State")}
SETTLED: Final = "yes"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which oddities are shown; None leaves nothing out."""

    kind: Kind | None
    day: date | None
    is_settled: bool

    def plain(self) -> dict[str, object]:
        """As the journal has it."""
        told = {"kind": self.kind and self.kind.value, "day": self.day and self.day.isoformat()}
        return {name: value for name, value in told.items() if value} | ({"settled": True} if self.is_settled else {})


def asked(told: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address names, as it names them; nothing that leaves nothing out."""
    return {name: told[name] for name in NAMES if told.get(name)}


def read(event: Event, told: Mapping[str, str]) -> tuple[Asked, tuple[str, ...]]:
    """The filters of an address, and the labels of those that cannot be understood, which leave nothing out."""
    known: dict[str, set[str]] = {
        "kind": {kind.value for kind in Kind},
        "day": {day.isoformat() for day in event.day_by_date},
        "settled": {SETTLED},
    }
    right = {name: value for name, value in told.items() if value in known[name]}
    return Asked(
        kind=Kind(right["kind"]) if "kind" in right else None,
        day=date.fromisoformat(right["day"]) if "day" in right else None,
        is_settled="settled" in right,
    ), tuple(str(_LABELS[name]) for name in told if name not in right)


def choices(event: Event, told: Mapping[str, str], language: str) -> tuple[Choice, ...]:
    """Every filter with what can be chosen, in the language of the page."""
    everything = ("", gettext("All"))
    options = {
        "kind": [everything, *((kind.value, str(words)) for kind, words in TITLES.items())],
        "day": [everything, *((day.date.isoformat(), short_day(day.date, language)) for day in event.days)],
        "settled": [("", gettext("Open")), (SETTLED, gettext("Settled"))],
    }
    return tuple(Choice(name, str(_LABELS[name]), tuple(options[name]), told.get(name, "")) for name in NAMES)

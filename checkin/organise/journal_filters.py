"""The filters of the journal, between its address, its form and the query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l

from checkin.event.model import Event
from checkin.journal.model import Filters
from checkin.journal.words import ACTIONS, PERSONAL, SUBJECTS

LABELS: Final = {
    "who": _l("Who"),
    "what": _l("What they did"),
    "day": _l("Day"),
    "about": _l("About"),
    "number": _l("Its number, or the gate's short name"),
}
PERSONAL_DATA = "personal"
_YEARS = range(2000, 2100)
_LONGEST = 9


def asked(told: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address names, as it names them; nothing that leaves nothing out."""
    given = {name: told[name].strip() for name in LABELS if name in told}
    return {name: value for name, value in given.items() if value}


def read(
    event: Event, told: Mapping[str, str], actors: Collection[str]
) -> tuple[Filters, dict[str, str], tuple[str, ...]]:
    """The query of an address, the filters that are understood, and the labels of the others, which leave nothing out.

    Only what is understood may be journalled: anybody's name can be typed into an address.
    """
    given = asked(told)
    day, number = _day(given.get("day", "")), _number(event, given.get("number", ""))
    known = {
        "who": given.get("who") in actors,
        "what": given.get("what") in {PERSONAL_DATA, *ACTIONS},
        "day": day is not None,
        "about": given.get("about") in SUBJECTS,
        "number": number is not None,
    }
    right = {name: value for name, value in given.items() if known[name]}
    about = right.get("about", "")
    filters = Filters(
        actor=right.get("who", ""),
        actions=_actions(right.get("what", "")),
        subjects=frozenset(f"{kind}:{number}" for kind in ([about] if about else SUBJECTS)) if number else None,
        kind=f"{about}:" if about and not number else "",
        since=_midnight(event, day) if day else None,
        until=_midnight(event, day + timedelta(days=1)) if day else None,
    )
    return filters, right, tuple(str(LABELS[name]) for name in given if not known[name])


def _actions(what: str) -> frozenset[str] | None:
    if not what:
        return None
    return PERSONAL if what == PERSONAL_DATA else frozenset({what})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS and day.isoformat() == text else None


def _number(event: Event, text: str) -> str | None:
    """`17`, also as Urdu writes it; or a gate's short name."""
    if text.isdecimal() and len(text) <= _LONGEST:
        return str(int(text))
    return text if text in event.every_gate else None


def _midnight(event: Event, day: date) -> datetime:
    return datetime.combine(day, time(), event.time_zone)

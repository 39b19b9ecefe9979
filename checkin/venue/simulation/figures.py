"""The server's figures of attendance as flat numbers, and how they differ from what was counted beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from checkin.venue.simulation.oracle import Figures
from checkin.venue.simulation.wire import Wire

Flat = dict[str, int | None]
_PLAIN = ("visitors", "trade", "public", "visits", "entries", "inside", "first_time")
_LISTS = {
    "by_gate": "gate",
    "by_zone": "zone",
    "by_hour": "hour",
    "by_category": "category",
    "by_country": "country",
    "by_sector": "sector",
    "by_gender": "gender",
    "by_city": "city",
    "by_cluster": "cluster",
    "by_day": "day",
}


class NoFiguresError(Exception):
    """The server does not tell its figures; the message says what it answered."""


def ask(wire: Wire, session: str, day: date | None) -> dict[str, Any]:
    """`GET /api/v1/attendance` as an organiser. Raises NoFiguresError."""
    answer = wire.ask("GET", "/api/v1/attendance" + (f"?day={day}" if day else ""), session=session)
    if answer.status != 200:  # noqa: PLR2004
        raise NoFiguresError(f"The server answered {answer.status} when it was asked for its figures.")
    return answer.body


def flat(answer: Mapping[str, Any]) -> Flat:
    """Every number of the answer under a name such as `by_gate.entries[gate-1]`; in lists without the zeros."""
    found: Flat = {name: answer[name] for name in _PLAIN}
    found |= {f"everyone.{name}": value for name, value in answer["everyone"].items()}
    for name, key in _LISTS.items():
        for row in answer[name]:
            for what, value in row.items():
                if what != key and value:
                    found[f"{name}.{what}[{row[key]}]"] = value
    return found


def expected(figures: Figures, before: Flat) -> Flat:
    """What the server should say now: what it said before anyone was sent, and what the oracle counted. People of one
    simulation are of no other, so all figures are sums.
    """
    counted: Flat = {}
    for name, value in figures.items():
        if isinstance(value, Mapping):
            counted |= {f"{name}[{key}]": number for key, number in value.items() if number}
        else:
            counted[name] = value if isinstance(value, int) else None
    names = counted.keys() | before.keys()
    return {name: _sum(counted.get(name, 0), before.get(name, 0)) for name in names}


def unequal(day: date | None, wanted: Flat, found: Flat) -> Iterator[str]:
    """Each figure that differs, in words."""
    for name in sorted(wanted.keys() | found.keys()):
        right, is_now = wanted.get(name, 0), found.get(name, 0)
        if right != is_now:
            yield f"{day or 'all days'}: {name} is {is_now}, where {right} is right"


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other

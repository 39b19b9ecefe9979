"""Rules of print runs: in which order badges lie in the pile, and how many go into a part."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final, assert_never

from checkin.printruns.model import Chosen, Order

PART: Final = 200
"""Badges in a part, about: what a printer takes in one go, what a killed worker does again, what memory holds."""


def in_order(chosen: Sequence[Chosen], order: Order, category_rank: Mapping[int, int]) -> tuple[Chosen, ...]:
    """As the pile is wanted: by name for stuffing into holders, by category then name, or by company then name."""
    return tuple(sorted(chosen, key=_key(order, category_rank)))


def part_sizes(badges: int, *, places: int, first: int, about: int = PART) -> tuple[int, ...]:
    """How many badges each part has: whole sheets of `places`, but for the free rest of the first and the last.

    `first`: places that are used up already on the first sheet.
    """
    whole = max(about // places, 1) * places
    sizes, left, room = [], badges, whole - first % places
    while left > 0:
        sizes.append(min(left, room))
        left, room = left - room, whole
    return tuple(sizes)


def place_of(index: int, *, places: int, first: int) -> int:
    """On which place of its page, from 1, the badge `index` of a part stands; `first` counts in the first part."""
    return (first + index) % places + 1


def _key(order: Order, category_rank: Mapping[int, int]) -> Callable[[Chosen], tuple[object, ...]]:
    def by_name(one: Chosen) -> tuple[object, ...]:
        return (_folded(one.name), one.number)

    match order:
        case Order.NAME:
            return by_name
        case Order.CATEGORY:
            return lambda one: (category_rank.get(one.category, len(category_rank)), *by_name(one))
        case Order.COMPANY:
            return lambda one: (not one.organisation, _folded(one.organisation), *by_name(one))
        case _:
            assert_never(order)


def _folded(text: str) -> str:
    """As people look names up: without case and accents, so that İlham stands beside Ilham."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))

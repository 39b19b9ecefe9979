"""The event file that every new installation begins with."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from checkin.event.load import load_event
from checkin.event.model import DayKind, Direction, Event

EXAMPLE = Path(__file__).parents[3] / "instance" / "event.example.toml"

Matrix = tuple[tuple[float, float, float], ...]
SIGHTS: dict[str, Matrix] = {  # Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


@pytest.fixture(scope="module")
def example() -> Event:
    return load_event(EXAMPLE)


def test_it_says_what_was_announced(example: Event) -> None:
    assert example.slug == "sme-expo-2026"
    assert example.name == "Made in Pakistan SME Cluster Showcase Expo 2026"
    assert [day.date for day in example.show_days] == [date(2026, 1, 24), date(2026, 1, 25), date(2026, 1, 26)]
    assert len(example.sectors) == 15
    assert len(example.clusters) > 10


def test_everything_that_a_visitor_reads_has_an_urdu_name(example: Event) -> None:
    named = (*example.zones, *example.gates, *example.categories, *example.sectors, *example.clusters)

    assert [thing.slug for thing in (example, *named) if not thing.name_ur] == []
    assert example.venue_ur


def test_one_can_come_in_and_go_out_and_enter_the_womens_pavilion(example: Event) -> None:
    assert {gate.direction for gate in example.gates if gate.zone == "expo"} == set(Direction)
    assert [gate.zone for gate in example.gates].count("women") == 1


def test_exhibitors_build_up_three_hours_early_and_visitors_do_not(example: Event) -> None:
    exhibitor, visitor = example.category_by_slug["exhibitor"], example.category_by_slug["trade-visitor"]
    other_days = {day.date for day in example.days if day.kind is not DayKind.SHOW}

    assert (exhibitor.early_minutes, visitor.early_minutes) == (180, 0)
    assert other_days <= set(example.days_of(exhibitor))
    assert not other_days & set(example.days_of(visitor))


def test_its_colours_stay_apart_for_every_kind_of_colour_vision(example: Event) -> None:
    colours = {category.slug: category.colour for category in example.categories}
    near = [
        (sight, one, other)
        for sight, matrix in SIGHTS.items()
        for one, other in combinations(colours, 2)
        if distance(colours[one], colours[other], matrix) < 20  # CIE76; 2.3 is just noticed, 10 seen at a glance
    ]

    assert near == []


def test_the_file_says_what_was_chosen_and_not_announced() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    assert "NOT announced" in text
    for chosen in ("opening hours", "gates", "clusters", "which category comes on which day"):
        assert chosen in text.split("[event]\nslug")[0]


def distance(one: str, other: str, sight: Matrix) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one, sight), lab(other, sight), strict=True)) ** 0.5


def lab(colour: str, sight: Matrix) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of an sRGB colour as `sight` sees it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    r, g, b = (min(1.0, max(0.0, sum(m * v for m, v in zip(row, linear, strict=True)))) for row in sight)
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.072175 * b,
        (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)

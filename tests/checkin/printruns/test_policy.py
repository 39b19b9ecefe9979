from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.printruns.model import Chosen, Order
from checkin.printruns.policy import in_order, part_sizes, place_of


def chosen(name: str, organisation: str = "", category: int = 1, number: int = 1) -> Chosen:
    return Chosen(
        badge_id=number,
        number=number,
        category=category,
        name=name,
        name_ur="",
        organisation=organisation,
        designation="",
        city="",
        is_again=False,
    )


def test_names_stand_as_people_look_them_up_without_case_and_accents() -> None:
    pile = [chosen("Zara"), chosen("İlham"), chosen("ilham B"), chosen("Əli"), chosen("ahmed")]
    assert ["ahmed", "İlham", "ilham B", "Zara", "Əli"] == [one.name for one in in_order(pile, Order.NAME, {})]


def test_categories_stand_in_the_event_files_order_and_companies_by_name_with_none_last() -> None:
    pile = [chosen("B", "Zari", 2), chosen("A", "", 1), chosen("C", "alpha", 1), chosen("A", "Alpha", 2)]
    by_category = in_order(pile, Order.CATEGORY, {2: 0, 1: 1})
    assert [(2, "A"), (2, "B"), (1, "A"), (1, "C")] == [(one.category, one.name) for one in by_category]
    by_company = in_order(pile, Order.COMPANY, {})
    assert ["Alpha", "alpha", "Zari", ""] == [one.organisation for one in by_company]


@pytest.mark.parametrize(
    ("badges", "places", "first", "sizes"),
    [
        (0, 1, 0, ()),
        (450, 1, 0, (200, 200, 50)),
        (450, 10, 3, (197, 200, 53)),
        (450, 8, 0, (200, 200, 50)),
        (450, 9, 0, (198, 198, 54)),
        (3, 500, 499, (1, 2)),
    ],
)
def test_a_part_is_whole_sheets_but_for_the_free_rest_of_the_first(
    badges: int, places: int, first: int, sizes: tuple[int, ...]
) -> None:
    assert sizes == part_sizes(badges, places=places, first=first)


@given(badges=st.integers(0, 2000), places=st.integers(1, 40), first=st.integers(0, 39))
def test_no_badge_is_in_two_parts_or_none_and_each_new_part_begins_a_new_sheet(
    badges: int, places: int, first: int
) -> None:
    first %= places
    sizes = part_sizes(badges, places=places, first=first)
    assert badges == sum(sizes)
    assert all(size > 0 for size in sizes)
    ends = first
    for size in sizes[:-1]:
        ends += size
        assert 0 == ends % places


def test_the_first_badge_stands_on_the_first_free_place() -> None:
    assert [4, 1, 2] == [place_of(index, places=4, first=3) for index in range(3)]

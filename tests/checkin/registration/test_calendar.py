from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from flask import Flask

from checkin.event.model import Event, EventDay
from checkin.registration.calendar import openings, short_day, show_dates
from checkin.registration.colours import stylesheet, text_on
from checkin.registration.countries import codes, countries


def _days(*dates: date) -> tuple[EventDay, ...]:
    return tuple(EventDay(date=day, opens=time(9, 30), closes=time(18)) for day in dates)


@pytest.mark.parametrize(
    ("dates", "english", "urdu"),
    [
        ((date(2026, 1, 24), date(2026, 1, 26)), "24–26 January 2026", "24 سے 26 جنوری 2026"),
        ((date(2026, 1, 30), date(2026, 2, 1)), "30 January–1 February 2026", "30 جنوری سے 1 فروری 2026"),
        ((date(2026, 1, 24),), "24 January 2026", "24 جنوری 2026"),
    ],
)
def test_show_dates_are_written_as_people_write_them(
    app: Flask, expo: Event, dates: tuple[date, ...], english: str, urdu: str
) -> None:
    shown = replace(expo, days=_days(*dates))
    with app.test_request_context("/?lang=en"):
        assert show_dates(shown, "en") == english
    with app.test_request_context("/?lang=ur"):
        assert show_dates(shown, "ur") == urdu


def test_hours_are_said_in_the_words_of_each_language(app: Flask, expo: Event) -> None:
    shown = replace(expo, days=_days(date(2026, 1, 24)))
    with app.test_request_context("/?lang=en"):
        assert [(day.name, day.hours) for day in openings(shown, "en")] == [("Saturday 24 January", "9:30 am to 6 pm")]
        assert short_day(date(2026, 1, 24), "en") == "Sat 24"
    with app.test_request_context("/?lang=ur"):
        assert openings(shown, "ur")[0].hours == "صبح 9:30 بجے سے شام 6 بجے تک"


def test_pakistan_comes_first_and_the_rest_by_the_alphabet_of_the_language() -> None:
    english, urdu = dict(countries("en")), dict(countries("ur"))
    assert english.keys() == urdu.keys() == codes()
    assert next(iter(english)) == next(iter(urdu)) == "PK"
    assert {"AZ", "KE", "MY", "GB"} <= codes()
    assert not {"EU", "ZZ", "UN", "XA"} & codes()
    names = list(english.values())[1:]
    assert names[0] == "Afghanistan"
    assert names.index("Åland Islands") < names.index("Albania")  # an accent does not send it behind Z
    letters = [name[0] for name in list(urdu.values())[1:]]
    assert letters.index("آ") < letters.index("ا") < letters.index("چ") < letters.index("گ") < letters.index("ی")


@pytest.mark.parametrize(("colour", "text"), [("#e3a92b", "#000000"), ("#0b3d2e", "#ffffff"), ("#1d5bb8", "#ffffff")])
def test_text_on_a_category_colour_takes_the_side_that_reads(colour: str, text: str) -> None:
    assert text_on(colour) == text


def test_the_stylesheet_names_every_category(expo: Event) -> None:
    assert '[data-category="trade"]{--category:#e3a92b;--on-category:#000000}' in stylesheet(expo.categories)

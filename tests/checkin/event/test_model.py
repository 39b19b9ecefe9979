from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from checkin.event.model import Category, DayKind, Event, EventDay, Gate, Zone

FRIDAY, SATURDAY, SUNDAY = date(2026, 1, 23), date(2026, 1, 24), date(2026, 1, 25)
TRADE = Category(slug="trade", name="Trade visitor", number=1, colour="#e2a829", public=True)


def make_day(day: date = SATURDAY, *, kind: DayKind = DayKind.SHOW, closes: time = time(19)) -> EventDay:
    return EventDay(date=day, kind=kind, opens=time(10), closes=closes)


def make_event(*days: EventDay) -> Event:
    return Event(
        slug="small-expo",
        name="Small Expo",
        name_ur="چھوٹی ایکسپو",
        venue="A hall",
        time_zone=ZoneInfo("Asia/Karachi"),
        public_url="https://expo.example.org",
        days=days or (make_day(FRIDAY, kind=DayKind.BUILD_UP), make_day(SATURDAY), make_day(SUNDAY)),
        zones=(Zone(slug="hall", name="Hall"), Zone(slug="women", name="Women's pavilion")),
        gates=(Gate(slug="gate-1", name="Gate 1", zone="hall"),),
        categories=(TRADE,),
    )


@pytest.mark.parametrize(
    ("expected", "moment"),
    [
        (FRIDAY, datetime(2026, 1, 23, 18, 59, 59, 999999, tzinfo=UTC)),
        (SATURDAY, datetime(2026, 1, 23, 19, 0, tzinfo=UTC)),
        (SATURDAY, datetime(2026, 1, 24, 18, 59, 59, tzinfo=UTC)),
        (SUNDAY, datetime(2026, 1, 24, 19, 0, tzinfo=UTC)),
        (SATURDAY, datetime(2026, 1, 23, 23, 30, tzinfo=ZoneInfo("Europe/Berlin"))),
    ],
)
def test_the_day_of_a_moment_changes_at_midnight_in_karachi(expected: date, moment: datetime) -> None:
    assert make_event().day_of(moment) == expected


def test_a_day_opens_and_closes_at_the_venues_hours() -> None:
    event = make_event()

    assert event.opens_at(make_day()) == datetime(2026, 1, 24, 5, 0, tzinfo=UTC)
    assert event.closes_at(make_day()) == datetime(2026, 1, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(("closes", "hours"), [(time(23, 0), 13), (time(0, 0), 14), (time(1, 0), 15), (time(10), 24)])
def test_closing_at_or_before_opening_belongs_to_the_next_morning(closes: time, hours: int) -> None:
    event, day = make_event(), make_day(closes=closes)

    assert event.closes_at(day) - event.opens_at(day) == timedelta(hours=hours)


def test_a_category_without_days_enters_on_every_show_day_and_no_other() -> None:
    assert make_event().days_of(TRADE) == (SATURDAY, SUNDAY)


def test_a_category_that_names_its_days_enters_on_those() -> None:
    builder = Category(slug="crew", name="Crew", number=7, colour="#b9b3a9", days=(FRIDAY, SUNDAY))

    assert make_event().days_of(builder) == (FRIDAY, SUNDAY)


def test_a_visitors_own_days_narrow_the_categorys_and_never_widen_them() -> None:
    event = make_event()

    assert event.days_of(TRADE, (SUNDAY,)) == (SUNDAY,)
    assert event.days_of(TRADE, (FRIDAY, SUNDAY)) == (SUNDAY,)
    assert event.days_of(TRADE, (FRIDAY,)) == ()


def test_things_are_found_by_slug_number_and_date() -> None:
    event = make_event()

    assert event.category_by_slug["trade"] is event.category_by_number[1] is TRADE
    assert event.gate_by_slug["gate-1"].zone == event.first_zone == "hall"
    assert event.day_by_date[FRIDAY].kind is DayKind.BUILD_UP
    assert [day.date for day in event.show_days] == [SATURDAY, SUNDAY]


def test_a_name_falls_back_to_english_where_urdu_was_not_given() -> None:
    event = make_event()

    assert event.named("ur") == "چھوٹی ایکسپو"
    assert event.named("en") == "Small Expo"
    assert event.zones[0].named("ur") == "Hall"

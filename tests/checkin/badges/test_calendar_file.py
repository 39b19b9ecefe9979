from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from checkin.badges.calendar_file import calendar_file
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors.links import private_link
from tests.factories import SECRET, make_badge, make_visitor

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def entries(content: bytes) -> list[dict[str, object]]:
    """Each entry as another program reads it."""
    calendar = Calendar.from_ical(content.decode())
    return [
        {
            "uid": str(entry["uid"]),
            "starts": entry["dtstart"].dt,
            "ends": entry["dtend"].dt,
            "stamp": entry["dtstamp"].dt,
            "summary": str(entry["summary"]),
            "location": str(entry["location"]),
        }
        for entry in calendar.walk("VEVENT")
    ]


def made(event: Event, *days: date, language: str = "en") -> bytes:
    return calendar_file(event, days, language=language, reminder="Bring it.", now=NOW)


def test_a_day_runs_from_opening_to_closing_in_utc(event: Event) -> None:
    assert [
        {
            "uid": "2026-01-25@sme-expo-2026.checkin",
            "starts": datetime(2026, 1, 25, 5, 0, tzinfo=UTC),
            "ends": datetime(2026, 1, 25, 14, 0, tzinfo=UTC),
            "stamp": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "summary": event.name,
            "location": "Lahore Expo Centre",
        }
    ] == entries(made(event, date(2026, 1, 25)))


def test_there_is_one_entry_for_each_day_of_the_badge_and_none_for_days_that_the_event_has_not(event: Event) -> None:
    days = (date(2026, 1, 23), date(2026, 1, 24), date(2027, 1, 1))
    assert ["2026-01-23", "2026-01-24"] == [str(entry["uid"])[:10] for entry in entries(made(event, *days))]


def test_lines_are_as_the_standard_wants_them(event: Event) -> None:
    content = made(event, date(2026, 1, 24), language="ur")
    lines = content.split(b"\r\n")
    assert (b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"") == (lines[0], lines[-2], lines[-1])
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert event.name_ur == entries(content)[0]["summary"]
    assert {b"VERSION:2.0", b"PRODID:-//checkin//badges//EN", b"DTSTART:20260124T050000Z"} <= set(lines)


@pytest.mark.parametrize(("language", "venue"), [("en", "Lahore Expo Centre"), ("ur", "لاہور ایکسپو سینٹر")])
def test_the_file_of_a_badge_has_its_days_and_tells_nobody_s_name_or_link(
    client: FlaskClient, database: Database, event: Event, language: str, venue: str
) -> None:
    days = (date(2026, 1, 24), date(2026, 1, 26))
    with database.transaction() as session:
        badge = make_badge(session, event, make_visitor(session, "Ayesha Siddiqui", days=days))
    link = private_link(SECRET, badge.visitor_id, 0)
    answer = client.get(f"/badge/{link}.ics?lang={language}")
    assert "text/calendar; charset=utf-8" == answer.content_type
    assert f'inline; filename="badge-{short_code(badge.number)}.ics"' == answer.headers["Content-Disposition"]
    assert [(day.day, venue) for day in days] == [
        (int(str(entry["uid"])[8:10]), entry["location"]) for entry in entries(answer.data)
    ]
    for private in ("Ayesha", link, short_code(badge.number)):
        assert private not in answer.text

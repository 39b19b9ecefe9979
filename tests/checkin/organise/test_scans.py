"""The list of scans: filtered by its address, leafed through, journalled."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.organise import scan_views
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

from .people import did

SCANS, MINUTE = "/organise/scans", timedelta(minutes=1)


@pytest.fixture
def tablet(database: Database, event: Event) -> Device:
    """Ayesha was let in at ten to eleven and went again; Bilal, an exhibitor, at eleven; a rubbish code was refused."""
    with database.transaction() as session:
        _, tablet = make_device(session, event)
        ayesha = make_badge(session, event, make_visitor(session, "Ayesha Siddiqui"))
        bilal = make_badge(session, event, make_visitor(session, "Bilal Khan", "exhibitor"))
    first = DAY_ONE.replace(minute=50)
    send(
        database,
        event,
        tablet,
        make_item(token_of(event, ayesha), first),
        make_item(token_of(event, ayesha), first + 20 * MINUTE, gate="gate-6", direction="out"),
        make_item(token_of(event, bilal), first + 10 * MINUTE, gate="gate-2"),
        make_item("rubbish", first + 15 * MINUTE),
    )
    return tablet


def told(page: str) -> list[str]:
    """Whose scans the list shows, in its order."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return [name or "nobody" for name in re.findall(r"(?:<bdi>([A-Z][a-z]+) [A-Z]|nobody known)", body)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["Ayesha", "nobody", "Bilal", "Ayesha"]),
        ("what=entries", ["Bilal", "Ayesha"]),
        ("what=exits", ["Ayesha"]),
        ("what=refused", ["nobody"]),
        ("category=visitors", ["Ayesha", "Ayesha"]),
        ("category=exhibitor", ["Bilal"]),
        ("day=2026-01-24&hour=10", ["Ayesha"]),
        ("day=2026-01-24&hour=11", ["Ayesha", "nobody", "Bilal"]),
        ("day=2026-01-25", []),
        ("gate=gate-2", ["Bilal"]),
        ("zone=women", ["Ayesha"]),
    ],
)
def test_filters_stand_in_the_address(
    organiser: FlaskClient, tablet: Device, address: str, expected: list[str]
) -> None:
    answer = organiser.get(f"{SCANS}?{address}")
    assert (200, expected) == (answer.status_code, told(answer.text))
    chosen = re.findall(r'<option value="([^"]+)" selected>', answer.text)
    assert [part.split("=")[1] for part in address.split("&") if part] == chosen


@pytest.mark.parametrize(
    "address", ["day=2026-02-31", "hour=10", "day=2026-01-24&hour=24", "gate=x", "zone=%00", "category=x", "what=%D9"]
)
def test_what_cannot_be_understood_is_said_and_left_out(organiser: FlaskClient, tablet: Device, address: str) -> None:
    answer = organiser.get(f"{SCANS}?{address}")
    assert (400, 4) == (answer.status_code, len(told(answer.text)))
    assert "could not be understood" in answer.text


def test_it_is_leafed_through_and_nobody_is_left_out(
    organiser: FlaskClient, tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_views, "PAGE", 3)
    page = organiser.get(f"{SCANS}?category=").text
    further = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert further is not None
    after = organiser.get(further[1].replace("&amp;", "&")).text
    assert (["Ayesha", "nobody", "Bilal"], ["Ayesha"]) == (told(page), told(after))
    assert "Further down" not in after
    for wrong in ("x", "2026-01-24T10:00:00+05:00~%00", "2026-01-24~a", "%D9~"):
        assert 3 == len(told(organiser.get(f"{SCANS}?before={wrong}").text))


def test_looking_is_journalled_once_a_minute_and_an_empty_list_says_what_to_do(
    organiser: FlaskClient, database: Database
) -> None:
    assert "No scans like these" in organiser.get(f"{SCANS}?day=2026-01-24").text
    organiser.get(SCANS)
    with database.snapshot() as session:
        assert ["scans.list"] == [action for _, action, _ in did(session)]

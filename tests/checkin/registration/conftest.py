"""An expo that asks everything, and forms filled in as a browser sends them."""

from __future__ import annotations

import re
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.event.model import (
    Category,
    Cluster,
    CountsAs,
    Direction,
    Event,
    EventDay,
    Gate,
    Register,
    Sector,
    Zone,
)
from checkin.staff.model import Role
from checkin.web import Site
from tests.checkin.staff.people import add_staff, carry_session

ASKED = (
    *("name_ur", "organisation", "designation", "country", "city", "phone", "email", "gender", "sectors"),
    *("cluster", "stand", "days", "language", "consent_exhibitors", "consent_news", "consent_photo"),
)


@pytest.fixture(scope="session")
def expo() -> Event:
    """Three days, four categories of which two are public, every field asked, the phone required."""
    days = tuple(EventDay(date=date(2026, 1, day), opens=time(10), closes=time(18, 30)) for day in (24, 25, 26))
    return Event(
        slug="expo-of-tests",
        name="Expo of Tests",
        name_ur="آزمائشی ایکسپو",
        venue="Lahore Expo Centre",
        time_zone=ZoneInfo("Asia/Karachi"),
        public_url="http://127.0.0.1:8000",
        days=days,
        zones=(Zone(slug="expo", name="Expo"),),
        gates=(Gate(slug="gate-1", name="Gate 1", zone="expo", direction=Direction.IN),),
        categories=(
            Category(
                slug="trade", name="Trade visitor", number=1, colour="#e3a92b", public=True, counts_as=CountsAs.TRADE
            ),
            Category(slug="family", name="Family", number=2, colour="#0b6e4f", public=True, days=(date(2026, 1, 26),)),
            Category(slug="exhibitor", name="Exhibitor", number=3, colour="#1d5bb8"),
            Category(slug="crew", name="Crew", number=4, colour="#47506b"),
        ),
        sectors=(Sector(slug="gems", name="Gems"), Sector(slug="sports", name="Sports goods")),
        clusters=(Cluster(slug="sialkot", name="Sialkot"),),
        register=Register(ask=ASKED, require=("phone",)),
    )


def at_event(app: Flask, event: Event) -> None:
    """Let `app` serve `event` instead of the one in its file."""
    site = app.extensions["checkin"]
    app.extensions["checkin"] = Site(site.settings, site.database, event)


@pytest.fixture
def app(app: Flask, expo: Event) -> Flask:
    at_event(app, expo)
    return app


@pytest.fixture
def desk(app: Flask, database: Database) -> FlaskClient:
    """A browser that is signed in at Desk 2."""
    with database.transaction() as session:
        staff = add_staff(session, "desk2@example.com", Role.DESK, "Desk 2")
    client = app.test_client()
    carry_session(client, database, staff)
    return client


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert tag is not None, f"no field {name}"
    value = re.search(r'value="([^"]*)"', tag[0])
    assert value is not None
    return value[1]


def filled(client: FlaskClient, path: str = "/register", **more: object) -> dict[str, object]:
    """A form of `path` as it was just opened, filled in rightly but for `more`."""
    page = client.get(path).text
    return {
        "csrf_token": hidden(page, "csrf_token"),
        "form_id": hidden(page, "form_id"),
        "name": "Ayesha Siddiqui",
        "category": "trade",
        "country": "PK",
        "phone": "0300 1234567",
        "consent": "y",
        **more,
    }

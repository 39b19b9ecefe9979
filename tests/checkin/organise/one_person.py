"""One person whom organisers look at, in an event that sends mails; and what they press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.badges import service as badges
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.visitors import service as visitors
from checkin.visitors.model import Details
from tests.checkin.mail.conftest import MAIL
from tests.installed import installed

from .people import PEOPLE, fields, hidden, make_person

PERSON = f"{PEOPLE}/1"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An installation whose event sends mails."""
    with settings.event_file.open("a", encoding="utf-8") as file:
        file.write(MAIL)
    with installed(settings) as app:
        yield app


@pytest.fixture
def event(app: Flask) -> Event:
    return site_of(app).event


@pytest.fixture
def ayesha(database: Database, event: Event) -> int:
    with database.transaction() as session:
        visitor = make_person(
            session,
            event,
            organisation="Sialkot Sports",
            phone="+923001234567",
            email="ayesha@example.com",
            country="PK",
            sectors=("cutlery",),
        )
    return visitor.id


def details(database: Database, visitor_id: int = 1) -> Details:
    with database.snapshot() as session:
        return visitors.get_visitor(session, visitor_id).details


def badge(database: Database, visitor_id: int = 1) -> Badge:
    with database.snapshot() as session:
        return badges.current_badge(session, visitor_id)


def opened(client: FlaskClient, visitor_id: int = 1) -> dict[str, object]:
    return fields(client.get(f"{PEOPLE}/{visitor_id}/correct").text)


def correct(client: FlaskClient, visitor_id: int = 1, **changed: object) -> str:
    """Open the form, change some fields, save; the page that follows."""
    answer = client.post(f"{PEOPLE}/{visitor_id}/correct", data=opened(client, visitor_id) | changed)
    assert answer.status_code == 303, answer.text
    return client.get(f"{answer.location}?lang=en").text


def pressed(client: FlaskClient, path: str, page: str = PERSON, **data: object) -> str:
    answer = client.post(path, data={"csrf_token": hidden(client.get(page).text, "csrf_token"), **data})
    assert answer.status_code == 303, answer.text
    return client.get(f"{answer.location}?lang=en").text

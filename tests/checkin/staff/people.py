"""Made-up staff, and their ways through the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from checkin import clock
from checkin.database import Database
from checkin.staff import service
from checkin.staff.guard import SESSION_COOKIE
from checkin.staff.model import Invited, Role, SecretHash, Staff
from checkin.staff.passwords import hash_secret

PASSWORD = "four lanterns at dusk"
NOW = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)


@cache
def hash_of_password() -> SecretHash:
    """A real hash, made once for all tests."""
    return hash_secret(PASSWORD)


def add_staff(
    session: Session, email: str = "sana@example.com", role: Role = Role.ORGANISER, name: str = "Sana Iqbal"
) -> Staff:
    """Someone who signs in with PASSWORD."""
    staff = service.add(
        session, name=name, email=email, role=role, password=hash_of_password(), actor="tests", now=clock.now()
    )
    assert isinstance(staff, Staff)
    return staff


def make_staff(database: Database, email: str = "sana@example.com", role: Role = Role.ORGANISER) -> Staff:
    with database.transaction() as session:
        return add_staff(session, email, role)


def make_invitation(database: Database, email: str = "bilal@example.com", role: Role = Role.DESK) -> Invited:
    with database.transaction() as session:
        invited = service.invite(session, name="Bilal Khan", email=email, role=role, actor="tests", now=clock.now())
    assert isinstance(invited, Invited)
    return invited


def carry_session(client: FlaskClient, database: Database, staff: Staff) -> str:
    """Let this client be signed in as `staff`, without the form."""
    with database.transaction() as session:
        token = service.open_session(session, staff, clock.now())
    client.set_cookie(SESSION_COOKIE, token)
    return token


def csrf_of(client: FlaskClient, path: str = "/sign-in") -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, path: str, page: str = "", **data: str) -> TestResponse:
    """Send a form of `page` (the path itself, if not said) as a browser does."""
    return client.post(path, data={"csrf_token": csrf_of(client, page or path), **data})


def sign_in(
    client: FlaskClient, email: str = "sana@example.com", password: str = PASSWORD, path: str = "/sign-in"
) -> TestResponse:
    return post(client, path, email=email, password=password)


def let_pass(time: timedelta) -> None:
    """Let the clock jump ahead."""
    clock.shift(clock.now() + time - datetime.now(UTC))

"""An organiser's browser, signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from checkin import clock
from checkin.database import Database
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff


@pytest.fixture
def page(browser: Browser, url: str, database: Database) -> Iterator[Page]:
    """A page whose script errors and CSP violations fail the test."""
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(locale="en-GB")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert [] == faults

"""The board in a browser: it counts by itself, and says when it last heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of


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


def test_a_scan_is_on_the_board_without_loading_the_page_again(
    page: Page, url: str, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event)
    page.goto(f"{url}/organise/")
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard [0-3] s ago"))
    page.evaluate("window.isSamePage = true")
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("1", timeout=10_000)
    page.locator("#hours summary").click()
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE.replace(minute=50)))
    expect(page.locator("[data-figure=entries]")).to_have_text("2", timeout=10_000)
    expect(page.locator("#hours table")).to_be_visible()  # what was opened stays open
    assert page.evaluate("window.isSamePage")


def test_unchanged_figures_are_asked_for_with_their_tag_and_a_lost_server_is_said(page: Page, url: str) -> None:
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "/api/" in answer.url else None)
    page.goto(f"{url}/organise/")
    page.wait_for_event("response", lambda answer: "/api/" in answer.url and answer.status == 304, timeout=10_000)
    assert [200, 304] == answers[:2]
    page.context.clear_cookies()
    expect(page.locator("#heard")).to_have_text("signed out: load the page again", timeout=10_000)

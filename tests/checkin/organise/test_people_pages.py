"""An organiser's way through the people in a real browser: in both languages, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from checkin.visitors import service as visitors
from tests.checkin.organise.test_badge_page import assert_readable
from tests.checkin.staff.people import add_staff
from tests.factories import make_device, make_item, send, token_of

from .people import PEOPLE, make_person

SIZES = {"phone": (360, 740), "desk": (1280, 900)}


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, url: str, database: Database) -> Iterator[BrowserContext]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[request.param]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


@pytest.fixture
def crowd(database: Database, event: Event) -> None:
    """A few people, the first of whom came in today."""
    with database.transaction() as session:
        ayesha = make_person(
            session,
            event,
            name_ur="عائشہ صدیقی",
            organisation="Sialkot Sports Works (Private) Limited",
            designation="Director of Exports",
            country="PK",
            city="Sialkot",
            phone="+923001234567",
            email="ayesha@example.com",
        )
        make_person(session, event, "Bilal Khan", category="exhibitor", country="PK", city="Lahore")
        make_person(session, event, "Əli Əliyev", category="delegate", country="AZ", organisation="Bakı Tekstil")
        child = make_person(session, event, "Hina Siddiqui", country="PK")
        visitors.join_party(session, ayesha.id, child.id)
        _, device = make_device(session, event)
        token = token_of(event, badges.current_badge(session, ayesha.id))
    send(database, event, device, make_item(token, clock.now()))
    send(database, event, device, make_item(token, clock.now()))


@pytest.mark.usefixtures("crowd")
def test_an_organiser_finds_a_person_corrects_revokes_and_lets_them_in_again(page: Page, url: str) -> None:
    for language in ("ur", "en"):
        page.goto(f"{url}{PEOPLE}?lang={language}")
        assert_readable(page)
    listed = page.locator("#people tbody tr")
    expect(listed).to_have_count(4)
    page.locator("#words").press_sequentially("عايش")  # from another keyboard, and nobody presses a button
    expect(listed).to_have_count(1)
    page.locator("#words").fill("")
    page.locator("#filter-category").select_option("delegate")
    expect(listed).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?category=delegate$"))
    page.locator("#words").fill("eli")
    expect(listed).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?category=delegate$"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these people").click()
    assert "Bakı Tekstil" in download.value.path().read_text("utf-8")
    page.get_by_role("link", name="Show everybody").click()
    page.get_by_role("link", name="Ayesha Siddiqui").click()
    assert_readable(page)
    expect(page.locator("#scans")).to_contain_text("Check name")
    page.get_by_role("link", name="Correct", exact=True).click()
    assert_readable(page)
    page.get_by_label("City").fill("Gujrat")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[role=status]")).to_contain_text("a new one is made")
    page.locator("#changes").get_by_role("button", name="Undo").click()
    expect(page.locator("#badge tbody tr")).to_have_count(3)
    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.locator(".error")).to_contain_text("Please write why")
    assert_readable(page)
    page.get_by_label("Why?").fill("sold to somebody else")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.locator("main")).to_contain_text("never good again")
    page.get_by_role("link", name="New badge").click()
    assert_readable(page)
    page.get_by_role("button", name="Yes, make a new badge").click()
    expect(page.locator("#badge tbody tr")).to_have_count(4)
    page.goto(f"{page.url}?lang=ur")
    assert_readable(page)


@pytest.mark.usefixtures("crowd")
def test_the_list_works_without_scripts(browser: Browser, context: BrowserContext, url: str) -> None:
    plain = browser.new_context(java_script_enabled=False, locale="en-GB")
    plain.add_cookies(context.cookies(url))  # type: ignore[arg-type]  # what it gives, it takes
    page = plain.new_page()
    page.goto(f"{url}{PEOPLE}?lang=en")
    page.locator("#words").fill("eli")
    page.locator("#filter-category").select_option("delegate")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?category=delegate$"))
    expect(page.locator("#words")).to_have_value("eli")
    plain.close()

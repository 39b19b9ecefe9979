"""An organiser in a browser: from the board to the report, closing a day, and what comes afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from checkin import clock
from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.axe import faults_of
from tests.checkin.reports.days import LATER, be_heard, let_in
from tests.checkin.staff.people import add_staff
from tests.factories import make_device


@pytest.fixture
def tablet(database: Database, event: Event) -> Device:
    with database.transaction() as session:
        _, device = make_device(session, event, name="Tablet of gate 1")
    let_in(database, event, device)
    clock.shift(LATER - clock.machine_now())
    be_heard(database, device, outbox=3, at=clock.now())
    return device


@pytest.fixture
def page(browser: Browser, url: str, database: Database, tablet: Device) -> Iterator[Page]:
    """A page whose script errors and CSP violations fail the test."""
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert [] == faults


def downloaded(page: Page, name: str, folder: Path) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    waiting.value.save_as(folder / waiting.value.suggested_filename)
    return (folder / waiting.value.suggested_filename).read_bytes()


def test_from_the_board_to_a_signed_report_and_its_revision(
    page: Page, url: str, database: Database, event: Event, tablet: Device, tmp_path: Path
) -> None:
    page.goto(f"{url}/organise/?day=2026-01-24")
    with pypdfium2.PdfDocument(downloaded(page, "Report (PDF)", tmp_path)) as document:
        assert "Provisional" in document[0].get_textpage().get_text_range()
    page.get_by_role("link", name="All reports, close the day").click()
    day = page.locator('[data-day="2026-01-24"]')
    expect(day).to_contain_text("has owed 3 scans")
    day.get_by_role("link", name="Close Saturday 24 January").click()
    expect(page.locator("#against")).to_contain_text("Tablet of gate 1")
    page.get_by_role("button", name="Close all the same").click()
    expect(page.locator(".error")).to_contain_text("Please write why")
    page.get_by_label("Why is it closed all the same?").fill("The tablet is broken")
    page.get_by_role("button", name="Close all the same").click()
    expect(page.get_by_role("status")).to_contain_text("Closed and signed")
    version = page.locator('[data-version="1"]')
    expect(version).to_contain_text("The tablet is broken")
    signed = downloaded(page, "Saturday 24 January, PDF", tmp_path)
    assert signed.startswith(b"%PDF-")
    be_heard(database, tablet, at=clock.now())
    let_in(database, event, tablet)
    page.reload()
    expect(day.locator("[data-changes]")).to_contain_text(re.compile("Visitors .*1 → 2"))
    day.get_by_role("link", name="Sign a new version").click()
    expect(page.get_by_text("Every tablet has been heard since it closed")).to_be_visible()
    page.get_by_role("button", name="Close and sign").click()
    expect(page.locator('[data-version="2"]')).to_contain_text("version 2")
    expect(day).to_contain_text("closed, version 2")


def test_the_same_in_urdu_from_right_to_left(page: Page, url: str, tablet: Device) -> None:
    page.goto(f"{url}/organise/reports?lang=ur")
    assert "rtl" == page.locator("html").get_attribute("dir")
    page.locator('[data-day="2026-01-24"]').get_by_role("link", name="بند کریں").click()
    page.get_by_label("پھر بھی کیوں بند کیا جا رہا ہے؟").fill("ٹیبلٹ ٹوٹ گیا")
    page.get_by_role("button", name="پھر بھی بند کریں").click()
    expect(page.locator('[data-version="1"]')).to_contain_text("ٹیبلٹ ٹوٹ گیا")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_pages_pass_axe_and_fit_a_phone(page: Page, url: str, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/organise/reports", "/organise/reports/2026-01-24/close"):
        page.goto(f"{url}{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        assert "" == faults_of(page), path

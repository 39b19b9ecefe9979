"""The way through: a gate is added and a tablet sent there, hours are made longer, the gate is closed. Real pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from checkin import clock
from checkin.admission.tables import ScanRow
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.model import Health
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff, let_pass
from tests.factories import make_badge, make_device, token_of
from tests.gate.acting import come_online, scan

PAGES = (
    *("gates", "gates/new", "gates/gate/gate-6/change", "gates/gate/gate-6/close", "gates/day/2026-01-24/hours"),
    *("devices", "devices/1/change"),
)


@pytest.fixture
def office(browser: Browser, url: str, database: Database) -> Iterator[Page]:
    """An organiser's page; script errors and CSP violations fail the test."""
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield from watched(context.new_page())
    context.close()


@pytest.fixture
def tablet(browser: Browser, url: str, database: Database, event: Event) -> Iterator[Page]:
    """A paired tablet at Gate 1."""
    with database.transaction() as session:
        code = devices.open_pairing(session, name="Tablet A", gate="gate-1", now=clock.now(), by="tests")
    context = browser.new_context(locale="en-GB", viewport={"width": 800, "height": 1280})
    page = context.new_page()
    page.goto(f"{url}/gate/#pair={code}")
    page.wait_for_selector("#start")
    yield from watched(page)
    context.close()


def watched(page: Page) -> Iterator[Page]:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert [] == faults


def sync(tablet: Page) -> None:
    """The next sync, now instead of within a minute: greeting and roster."""
    with tablet.expect_response("**/devices/self"), tablet.expect_response("**/roster?**"):
        come_online(tablet)


def pass_gate(tablet: Page, token: str, verdict: str) -> None:
    before = tablet.get_attribute("#verdict", "data-scan") or ""
    scan(tablet, token)
    shown = tablet.locator(f"#verdict[data-verdict={verdict}][data-confirmed=true]:not([data-scan='{before}'])")
    expect(shown).to_be_visible()


def test_an_organiser_adds_a_gate_sends_a_tablet_there_makes_the_day_longer_and_closes_the_gate(
    office: Page, tablet: Page, url: str, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badges = [token_of(event, make_badge(session, event, name=f"Person {number}")) for number in range(3)]
    expect(tablet.locator("#where")).to_have_text("Gate 1 · Main gate · In")

    office.goto(f"{url}/organise/gates")
    office.get_by_role("link", name="Add a gate").click()
    office.fill("[name=name]", "Gate 7 · North")
    office.fill("[name=name_ur]", "گیٹ 7 · شمال")
    office.check("[name=zone][value=expo]")
    office.check("[name=direction][value=both]")
    office.get_by_role("button", name="Add the gate").click()
    expect(office.locator(".notice.good")).to_contain_text("is open. Tablets can choose it")
    office.goto(f"{url}/organise/devices")
    office.get_by_role("link", name="Change Tablet A").click()
    office.select_option("[name=place]", label="Gate 7 · North · In")
    office.get_by_role("button", name="Save").click()
    expect(office.locator(".going")).to_have_text("goes to Gate 7 · North · In with its next sync")

    sync(tablet)
    expect(tablet.locator("#where")).to_have_text("Gate 7 · North · In")
    expect(office.locator(".going")).to_have_count(0)  # the page hears of it by itself
    expect(office.locator(".tablets td").first).to_contain_text("Gate 7 · North · In")
    sync(tablet)
    pass_gate(tablet, badges[0], "admitted")

    let_pass(timedelta(hours=9))  # 19:30, half an hour after closing
    sync(tablet)
    pass_gate(tablet, badges[1], "admitted")
    expect(tablet.locator("#verdict")).to_contain_text("After closing time")
    office.goto(f"{url}/organise/gates")
    office.get_by_role("link", name="Change the hours of Saturday 24 January").click()
    office.fill("[name=closes]", "21:00")
    office.get_by_role("button", name="Save").click()
    expect(office.locator("#hours")).to_contain_text("10:00–21:00")
    sync(tablet)
    pass_gate(tablet, badges[2], "admitted")
    expect(tablet.locator("#verdict")).not_to_contain_text("After closing time")

    office.get_by_role("link", name="Close Gate 7").click()
    expect(office.locator("main")).to_contain_text("One tablet stands here")
    office.get_by_role("button", name="Close it").click()
    expect(office.locator("#closed")).to_contain_text("Gate 7 · North")
    sync(tablet)
    expect(tablet.locator("[data-trouble=gate_closed]")).to_contain_text("Gate 7 · North is closed")
    with database.snapshot() as session:
        found = session.execute(select(ScanRow.gate, ScanRow.note).order_by(ScanRow.scanned_at)).all()
    assert [("gate-7", None), ("gate-7", "after_hours"), ("gate-7", None)] == [tuple(row) for row in found]


def test_the_list_of_tablets_keeps_itself_true(office: Page, url: str, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_device(session, event, name="A: fine")
        _, weak = make_device(session, event, name="B: weak")
    office.goto(f"{url}/organise/devices")
    names = office.locator(".tablets tbody th bdi")
    expect(names).to_have_text(["A: fine", "B: weak"])
    expect(office.locator("#live")).to_contain_text("No tablet needs care.")
    office.locator("[name=name]").first.fill("half typed")
    with database.transaction() as session:
        devices.note_health(session, weak, Health(battery=0.07), now=clock.now())
    expect(names).to_have_text(["B: weak", "A: fine"])
    expect(office.locator("#live")).to_contain_text("battery low: plug it in")
    expect(office.locator("#live")).to_contain_text("One of 2 tablets needs care.")
    expect(office.locator("[name=name]").first).to_have_value("half typed")


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_gates_and_tablets_is_wider_than_its_screen(
    office: Page, url: str, database: Database, event: Event, language: str, width: int
) -> None:
    with database.transaction() as session:
        make_device(session, event, name="Tablet with a rather long name, second hall")
    office.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        office.goto(f"{url}/organise/{path}?lang={language}")
        assert office.evaluate("document.documentElement.scrollWidth <= innerWidth"), path

"""Who stands at the tablet is kept with each scan, for a shift."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.gate.acting import OTHER, TOKEN, eventually, open_gate, scan, verdict
from tests.gate.serving import FakeServer


def begin_shift(page: Page, number: str) -> None:
    page.fill("#staff", number)
    page.click("#start")
    page.wait_for_selector("#readiness[data-state=ready]")


def test_the_number_goes_with_each_scan_and_changes_with_the_shift(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    begin_shift(page, "۱2-b (!) 9999")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("12-b9999")
    page.click("[data-action=change_shift]")
    page.fill("#shift-number", "31")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    scan(page, OTHER)
    eventually(lambda: [each.get("staff") for each in server.scans.values()] == ["12-b9999", "31"])


def test_the_number_may_stay_empty_and_then_nobody_is_asked(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    begin_shift(page, "")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    assert [each.get("staff") for each in server.scans.values()] == [None]
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("dialog")).to_have_count(0)


def test_a_restart_within_the_shift_remembers_it_and_the_next_day_does_not(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    begin_shift(page, "12")
    page.reload()
    expect(page.locator("#staff")).to_have_value("12")
    page.evaluate(
        """async () => { const { getSetting, putSetting } = await import('/gate/store.js');
        await putSetting('staff', { ...await getSetting('staff'), at: Date.now() - 13 * 3_600_000 }); }""",
    )
    page.reload()
    expect(page.locator("#staff")).to_have_value("")


def test_a_tablet_that_stays_on_overnight_asks_for_the_next_number(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    begin_shift(page, "12")
    page.evaluate("() => { const now = Date.now; Date.now = () => now() + 25 * 3_600_000; }")
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#shift-number")).to_be_visible()
    page.fill("#shift-number", "44")
    page.click("#shift [type=submit]")
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("44")

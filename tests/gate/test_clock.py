"""Cheap tablets are hours or days off: scans count at their own moment all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.gate import rosters
from tests.gate.acting import come_online, eventually, learned, open_gate, owed, scan, verdict
from tests.gate.serving import FakeServer

DAY_MS = 86_400_000


def set_clock(page: Page, off_by_ms: float) -> None:
    """Lets the tablet's wall clock be off from the next load on."""
    page.add_init_script(
        f"""{{ const right = Date.now.bind(Date), OldDate = Date; const off = {off_by_ms};
        window.Date = class extends OldDate {{
            constructor(...given) {{ super(...(given.length === 0 ? [right() + off] : given)); }}
            static now() {{ return right() + off; }} }}; }}"""
    )


@pytest.mark.parametrize("off_by_ms", [5 * 3_600_000, -2 * DAY_MS, 2 * DAY_MS])
def test_a_tablet_far_off_judges_and_counts_at_the_right_moment(
    page: Page, server: FakeServer, off_by_ms: float
) -> None:
    set_clock(page, off_by_ms)
    server.roster = rosters.judging(rosters.badge(), rosters.badge(2))
    open_gate(page, server)
    learned(page)
    server.trouble = "down"
    page.reload()  # a cold start: the offset of the earlier session is all that is known
    page.wait_for_selector("#start")
    scan(page, rosters.token())
    verdict(page, verdict="admitted", confirmed="false")
    page.keyboard.press("Escape")
    server.trouble = None
    come_online(page)
    owed(page, 0)
    scan(page, rosters.token(2))
    verdict(page, verdict="admitted", confirmed="true")
    for sent in server.scans.values():
        off = datetime.fromisoformat(sent["scanned_at"]) - datetime.now(UTC)
        assert abs(off) < timedelta(seconds=20)
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("min off; counted right")


def test_a_server_that_doubts_its_clock_poisons_nobody(page: Page, server: FakeServer) -> None:
    server.clock_error, server.clock_ok = timedelta(days=-20_000), False
    server.roster = rosters.judging(rosters.badge())
    open_gate(page, server)
    learned(page)
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    owed(page, 0)
    [only] = server.scans.values()
    assert "unsure" == only["clock"]
    assert abs(datetime.fromisoformat(only["scanned_at"]) - datetime.now(UTC)) < timedelta(seconds=20)


def test_a_clock_that_no_certificate_can_hold_against_is_said_and_blocks(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(rosters.badge())
    open_gate(page, server)
    learned(page)
    eventually(lambda: page.evaluate("async () => (await import('/gate/store.js')).getSetting('clock')"))
    server.trouble = "down"
    set_clock(page, -900 * DAY_MS)
    page.reload()
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    expect(page.locator("#notice [data-trouble=clock_blocked]")).to_be_visible()
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("Wrong date or time")

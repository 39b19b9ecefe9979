"""The screen waits a little for the server, and never long."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.gate import rosters
from tests.gate.acting import eventually, learned, open_gate, owed, scan, verdict
from tests.gate.serving import FakeServer

NUMBERS = range(100, 120)


def open_judging(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(*(rosters.badge(number, name=f"Person {number}") for number in NUMBERS))
    open_gate(page, server)
    learned(page)


def test_a_quick_server_has_the_word(page: Page, server: FakeServer) -> None:
    open_judging(page, server)
    scan(page, rosters.token(NUMBERS[0]))
    verdict(page, verdict="admitted", confirmed="true")
    [only] = server.scans.values()
    assert "shown" not in only


def test_a_slow_server_is_not_waited_for_and_confirms_later(page: Page, server: FakeServer) -> None:
    open_judging(page, server)
    server.delay = 2.0
    scan(page, rosters.token(NUMBERS[0]))
    verdict(page, verdict="admitted", confirmed="false")
    verdict(page, verdict="admitted", confirmed="true")  # the same screen, quietly
    owed(page, 0)
    [only] = server.scans.values()
    assert {"verdict": "admitted", "reason": None, "confirmed": False} == only["shown"]


def test_after_slow_answers_the_tablet_answers_first_and_then_waits_again(page: Page, server: FakeServer) -> None:
    open_judging(page, server)
    server.delay = 0.6
    for number in NUMBERS[:2]:
        scan(page, rosters.token(number))
        confirmed(page, server, number)
    scan(page, rosters.token(NUMBERS[2]))
    confirmed(page, server, NUMBERS[2])
    owed(page, 0)
    assert 1 == sending(server, NUMBERS[2])  # the verdict was shown before the first message went, and told with it
    assert 2 == sending(server, NUMBERS[0])
    server.delay = 0
    for number in NUMBERS[3:6]:
        scan(page, rosters.token(number))
        verdict(page, confirmed="true")
        page.keyboard.press("Escape")
    owed(page, 0)
    scan(page, rosters.token(NUMBERS[6]))
    verdict(page, confirmed="true")
    assert "shown" not in next(s for s in server.scans.values() if s["token"] == rosters.token(NUMBERS[6]))


def test_the_server_says_otherwise_and_the_screen_says_so(page: Page, server: FakeServer) -> None:
    open_judging(page, server)
    server.trouble = "down"
    scan(page, rosters.token(NUMBERS[0]))
    verdict(page, verdict="admitted", confirmed="false")
    page.keyboard.press("Escape")
    scan(page, rosters.token(NUMBERS[1]))
    verdict(page, verdict="admitted", confirmed="false")
    page.keyboard.press("Escape")
    server.judge = lambda scan: (
        {"verdict": "refused", "reason": "revoked"}
        if scan["token"] == rosters.token(NUMBERS[0])
        else {"verdict": "re-entry"}
    )
    server.trouble = None
    page.evaluate("() => dispatchEvent(new Event('online'))")
    owed(page, 0)
    banner = page.locator("#otherwise")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("Badge withdrawn")
    expect(banner.locator("button")).not_to_contain_text("2")  # Welcome or Again: nobody went the wrong way
    banner.locator("button").click()
    expect(banner).to_be_hidden()
    page.reload()
    page.wait_for_selector("#start")
    page.click("[data-action=last_ten]")
    expect(page.locator("#recent li")).to_have_count(2)


def sending(server: FakeServer, number: int) -> int:
    """How often the scan of a badge was sent."""
    [scan_id] = [key for key, sent in server.scans.items() if sent["token"] == rosters.token(number)]
    return sum(batch.count(scan_id) for batch in server.batches)


def confirmed(page: Page, server: FakeServer, number: int) -> None:
    """Waits until the server judged this badge and the screen says so."""
    eventually(lambda: rosters.token(number) in server.tokens())
    [scan_id] = [key for key, sent in server.scans.items() if sent["token"] == rosters.token(number)]
    verdict(page, confirmed="true", scan=scan_id)

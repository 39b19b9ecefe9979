"""Pairing, and where the tablet stands."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.gate.acting import TOKEN, eventually, open_gate, scan, unlock, verdict
from tests.gate.serving import AYESHA, FakeServer


def test_the_pairing_link_pairs_and_leaves_no_code_in_the_address(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    assert f"{server.url}/gate/" == page.url
    assert "FRESH-CODE" not in page.evaluate("() => JSON.stringify(history.state) + location.href")
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    expect(page.locator("#today")).to_have_text("1,284 today")
    page.reload()
    page.wait_for_selector("#start")


def test_a_used_code_says_what_to_do_and_a_typed_one_pairs(page: Page, server: FakeServer) -> None:
    page.goto(f"{server.url}/gate/#pair=OLD-CODE")
    expect(page.locator("#pair-problem")).to_contain_text("Ask the organiser for a new one")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    assert page.input_value("#pair-code") == "OLD-CODE"
    page.fill("#pair-code", f"{server.url}/gate/#pair=FRESH-CODE")
    page.click("#pair")
    page.wait_for_selector("#start")


def test_the_tablet_tells_its_health(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    told = server.health[0]
    assert {"gate", "direction", "battery", "outbox", "app", "offset_ms", "roster_age_s"} == set(told)
    assert ("gate-2", "in", 0) == (told["gate"], told["direction"], told["outbox"])


def test_the_way_at_a_gate_for_both_is_chosen_on_the_top_line(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "left", "visitor": AYESHA}
    open_gate(page, server)
    unlock(page)
    page.click("[data-value='gate-2 out']")
    expect(page.locator("#where")).to_have_text("Gate 2 · Out")
    scan(page, TOKEN)
    verdict(page, verdict="left")
    assert [("gate-2", "out")] == [(each["gate"], each["direction"]) for each in server.scans.values()]
    page.reload()
    expect(page.locator("#where")).to_have_text("Gate 2 · Out")


def test_a_gate_that_left_the_programme_is_chosen_anew(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """async () => { const { putSetting } = await import('/gate/store.js');
        await putSetting('standing', { gate: 'gate-9', direction: 'in' }); }""",
    )
    page.reload()
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")

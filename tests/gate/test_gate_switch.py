"""Where the tablet stands changes by a PIN or by a printed gate card, never by a stray tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from checkin.badges.gatecard import make_gate_card
from checkin.event.model import Direction
from tests.factories import KEYS
from tests.gate import rosters
from tests.gate.acting import come_online, eventually, open_gate, scan, unlock, verdict
from tests.gate.serving import GATES, FakeServer


def card(gate: str, direction: str) -> str:
    return make_gate_card(event=rosters.SLUG, key=KEYS.key(0), key_number=0, gate=gate, direction=Direction(direction))


def open_with_keys(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging()
    open_gate(page, server)
    known = "async () => (await (await import('/gate/rosterstore.js')).readKnown()).keys.size"
    eventually(lambda: page.evaluate(known) == 1)
    page.wait_for_timeout(50)


def test_the_pin_opens_the_choice_for_two_minutes(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    unlock(page, "0000")
    expect(page.locator("#unlock-said")).to_have_text("Wrong PIN. Try again.")
    expect(page.locator("#unlock-pin")).to_have_value("")
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    page.click("[data-value='gate-4 out']")
    expect(page.locator("#where")).to_have_text("Gate 4 · Out")
    expect(page.locator("#toast")).to_contain_text("Now at Gate 4 · Out")
    expect(page.locator("#toast")).to_contain_text("گیٹ 4")
    page.click("#where")
    page.click("[data-value='gate-1 in']")
    expect(page.locator("#where")).to_have_text("Gate 1 · In")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(429, "Too many wrong PINs. Wait, then try again."), ("down", "Offline: scan a gate card instead.")],
)
def test_a_pin_that_cannot_be_asked_about_says_what_to_do(
    page: Page, server: FakeServer, trouble: int | str, said: str
) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = trouble
    unlock(page)
    expect(page.locator("#unlock-said")).to_have_text(said)
    assert page.locator("#gates").count() == 0


def test_a_spare_tablet_chooses_its_first_gate_without_a_pin(page: Page, server: FakeServer) -> None:
    server.gate = ""
    open_gate(page, server)
    expect(page.locator("#where")).to_have_text("Choose a gate")
    page.click("#where")
    page.click("[data-value='gate-1 in']")
    expect(page.locator("#where")).to_have_text("Gate 1 · In")


def test_a_gate_card_moves_the_tablet_offline_and_is_no_scan(page: Page, server: FakeServer) -> None:
    open_with_keys(page, server)
    server.trouble = "down"
    scan(page, card("gate-4", "out"))
    expect(page.locator("#where")).to_have_text("Gate 4 · Out")
    expect(page.locator("#outbox")).to_have_attribute("data-count", "0")
    assert page.get_attribute("#verdict", "data-verdict") == "idle"


def test_a_gate_card_settles_the_question_for_the_pin_and_a_badge_does_not(page: Page, server: FakeServer) -> None:
    open_with_keys(page, server)
    page.click("#where")
    scan(page, rosters.token())
    expect(page.locator("#toast")).to_have_text("Close this first, then scan.")
    expect(page.locator("#unlock")).to_be_visible()
    scan(page, card("gate-1", "in"))
    expect(page.locator("#unlock")).to_have_count(0)
    expect(page.locator("#where")).to_have_text("Gate 1 · In")
    assert server.batches == []
    scan(page, rosters.token())
    verdict(page, verdict="admitted")


def test_a_tablet_whose_gate_was_closed_says_so_and_another_gate_is_chosen_without_a_pin(
    page: Page, server: FakeServer
) -> None:
    open_gate(page, server)
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    server.gates = [gate for gate in GATES if gate["slug"] != "gate-2"]
    come_online(page)
    notice = page.locator("[data-trouble=gate_closed]")
    expect(notice).to_contain_text("Gate 2 is closed")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    scan(page, rosters.token())
    page.click("#language")
    expect(notice).to_contain_text("گیٹ 2")
    page.click("#language")
    assert server.batches == []
    notice.get_by_role("button", name="Choose a gate").click()
    assert page.locator("[data-value^=gate-2]").count() == 0
    page.click("[data-value='gate-1 in']")
    expect(page.locator("#where")).to_have_text("Gate 1 · In")
    expect(notice).to_have_count(0)
    eventually(lambda: server.health[-1].get("gate") == "gate-1")


def test_a_gate_that_is_opened_again_takes_its_tablet_back(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    server.gates = [gate for gate in GATES if gate["slug"] != "gate-2"]
    come_online(page)
    expect(page.locator("[data-trouble=gate_closed]")).to_be_visible()
    page.reload()
    expect(page.locator("#where")).to_have_text("Choose a gate")
    server.gates = list(GATES)
    come_online(page)
    expect(page.locator("#where")).to_have_text("Gate 2 · In")


def test_a_gate_that_leads_one_way_now_turns_the_tablet(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    server.gates = [{**gate, "direction": "out"} if gate["slug"] == "gate-2" else gate for gate in GATES]
    come_online(page)
    expect(page.locator("#where")).to_have_text("Gate 2 · Out")


def test_a_tablet_that_is_wanted_elsewhere_goes_once_and_says_that_it_knows(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    server.move = {"number": 1769234523120000, "gate": "gate-4", "direction": "out"}
    come_online(page)
    expect(page.locator("#where")).to_have_text("Gate 4 · Out")
    expect(page.locator("#toast")).to_contain_text("Now at Gate 4 · Out")
    eventually(lambda: server.move is None)
    unlock(page)
    page.click("[data-value='gate-1 in']")
    expect(page.locator("#where")).to_have_text("Gate 1 · In")
    server.move = {"number": 1769234523120000, "gate": "gate-4", "direction": "out"}  # an answer that was on its way
    told = len(server.health)
    come_online(page)
    eventually(lambda: len(server.health) > told)
    expect(page.locator("#where")).to_have_text("Gate 1 · In")


def test_a_gate_that_was_added_can_be_chosen_after_the_next_greeting(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.gates = [
        *GATES,
        {"slug": "gate-7", "name": "Gate 7", "name_ur": "", "zone": "expo", "direction": "in"},
    ]
    told = len(server.health)
    come_online(page)
    eventually(lambda: len(server.health) > told)
    unlock(page)
    page.click("[data-value='gate-7 in']")
    expect(page.locator("#where")).to_have_text("Gate 7 · In")

"""Without the server the tablet judges as the server would, and says that it did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.gate import rosters
from tests.gate.acting import come_online, eventually, learned, open_offline, owed, scan, type_code, verdict
from tests.gate.serving import FakeServer

GATE_1 = "gate-1"


def test_a_listed_badge_is_let_in_at_once_and_confirmed_later(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    scan(page, rosters.token())
    shown = verdict(page, verdict="admitted", confirmed="false")
    expect(shown).to_contain_text("Welcome")
    expect(shown).to_contain_text("Ayesha Siddiqui")
    expect(shown).to_contain_text("Trade visitor")
    owed(page, 1)
    server.trouble = None
    come_online(page)
    owed(page, 0)
    [only] = server.scans.values()
    assert {"verdict": "admitted", "reason": None, "confirmed": False} == only["shown"]


@pytest.mark.parametrize(
    ("badge", "token", "reason"),
    [
        (rosters.badge(state="revoked"), rosters.token(), "revoked"),
        (rosters.badge(issue=2), rosters.token(issue=1), "replaced"),
        (rosters.badge(), rosters.token()[:-2] + "00", "forged"),
        (rosters.badge(), rosters.token(key=1), "forged"),
        (rosters.badge(), "https://example.org/", "forged"),
        (rosters.badge(), rosters.token(rosters.AYESHA_NUMBER + 1, category=9), "unknown"),
    ],
)
def test_what_the_server_would_refuse_is_refused(
    page: Page, server: FakeServer, badge: list[object], token: str, reason: str
) -> None:
    open_offline(page, server, badge)
    scan(page, token)
    verdict(page, verdict="refused", reason=reason, confirmed="false")


def test_a_genuine_badge_that_is_not_listed_yet_is_let_in_amber(page: Page, server: FakeServer) -> None:
    open_offline(page, server)
    scan(page, rosters.token())
    shown = verdict(page, verdict="admitted", confirmed="false")
    expect(shown).to_contain_text("Not on this tablet's list yet")
    expect(page.locator("#app")).to_have_attribute("data-look", "check")


def test_under_an_older_key_only_the_roster_lets_in(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge(), newest_key=0)
    two_keys = rosters.judging(rosters.badge(), keys=rosters.keys(0, 1), newest_key=1, revision=2)
    server.trouble, server.roster = None, two_keys
    page.reload()
    learned(page, newest_key=1)
    server.trouble = "down"
    scan(page, rosters.token(key=0))
    verdict(page, verdict="admitted")
    page.keyboard.press("Escape")
    scan(page, rosters.token(77, key=0))
    verdict(page, verdict="refused", reason="unknown")
    page.keyboard.press("Escape")
    scan(page, rosters.token(78, key=1))
    verdict(page, verdict="admitted")


def test_an_older_issue_is_refused_by_who_has_seen_a_newer_one(page: Page, server: FakeServer) -> None:
    open_offline(page, server)
    scan(page, rosters.token(issue=3))
    verdict(page, verdict="admitted")
    page.reload()
    page.wait_for_selector("#start")
    scan(page, rosters.token(issue=2))
    verdict(page, verdict="refused", reason="replaced")


def test_the_same_badge_within_minutes_is_amber_after_a_reload_too(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    page.reload()
    page.wait_for_selector("#start")
    scan(page, rosters.token())
    shown = verdict(page, verdict="re-entry", check="too_soon", confirmed="false")
    expect(shown).to_contain_text("Used just now, Gate 2")


def test_who_entered_elsewhere_is_known_from_the_roster(page: Page, server: FakeServer) -> None:
    hours_ago = rosters.moment(datetime.now(UTC) - timedelta(hours=3))
    entered = [rosters.AYESHA_NUMBER, "expo", hours_ago, GATE_1, hours_ago, GATE_1, "in"]
    open_offline(page, server, rosters.badge(), admitted=[entered])
    scan(page, rosters.token())
    expect(verdict(page, verdict="re-entry", check="")).to_contain_text("In since")


def test_a_short_code_is_judged_by_the_roster_alone(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge(0x04E0A9270))
    type_code(page, rosters.short_code(0x04E0A9270))
    verdict(page, verdict="admitted")
    page.keyboard.press("Escape")
    type_code(page, rosters.short_code(5))
    verdict(page, verdict="refused", reason="unknown")


def test_a_held_gate_says_why(page: Page, server: FakeServer) -> None:
    held = rosters.event(holds={"gate": {"gate-2": "Minister's visit"}, "category": {}})
    open_offline(page, server, rosters.badge(), event=held)
    scan(page, rosters.token())
    expect(verdict(page, verdict="refused", reason="held")).to_contain_text("Minister's visit")


@pytest.mark.parametrize(
    "holds", [{"gate": {"gate-2": "Wait.\nرکیے۔"}}, {"category": {"trade-visitor": "Wait.\nرکیے۔"}}]
)
def test_a_hold_and_its_end_come_with_the_roster_and_each_language_shows_its_own_line(
    page: Page, server: FakeServer, holds: dict[str, dict[str, str]]
) -> None:
    nothing: dict[str, dict[str, str]] = {"gate": {}, "category": {}}
    known = "async () => JSON.stringify((await (await import('/gate/rosterstore.js')).readKnown()).head.event.holds)"

    def sync(told: dict[str, dict[str, str]]) -> None:
        server.trouble, server.roster = (
            None,
            rosters.judging(rosters.badge(), event=rosters.event(holds=nothing | told)),
        )
        page.reload()
        eventually(lambda: json.loads(page.evaluate(known)) == nothing | told)
        server.trouble = "down"

    server.judge = lambda _: {"verdict": "refused", "reason": "held"}  # as it was shown
    open_offline(page, server, rosters.badge())
    sync(holds)
    scan(page, rosters.token())
    shown = verdict(page, verdict="refused", reason="held")
    for language, words in {"en": "Wait.", "ur": "رکیے۔"}.items():
        expect(shown.locator(f".fact [lang={language}]")).to_have_text(words)
    page.keyboard.press("Escape")
    sync({})
    scan(page, rosters.token())
    verdict(page, verdict="admitted")


def test_the_count_goes_on_without_the_server(page: Page, server: FakeServer) -> None:
    server.today = 41
    open_offline(page, server, rosters.badge())
    expect(page.locator("#today")).to_contain_text("41")
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    expect(page.locator("#today")).to_contain_text("42")
    page.reload()
    server.trouble = None
    come_online(page)
    owed(page, 0)
    eventually(lambda: server.today == 42)
    expect(page.locator("#today")).to_contain_text("42")


def test_names_stay_away_where_the_event_keeps_them_off_tablets(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge()[:-1])
    scan(page, rosters.token())
    expect(verdict(page, verdict="admitted")).to_contain_text("Trade visitor")

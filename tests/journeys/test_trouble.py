"""Whatever breaks, no scan is lost, none is doubled, and every count is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.gate.acting import SCAN, come_online, eventually, owed, verdict
from tests.gate.fake_camera import write_clip
from tests.journeys.hall import Hall, kill_browser, make_hall, open_tablet, pair

SCANS = 200
CUTS = range(5, SCANS, 20)  # the network goes, and comes back eight scans later
SERVER_DEATHS = (30, 90, 150)
BROWSER_DEATHS = (70, 133)  # the second while there is no network


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    made = make_hall(tmp_path / "instance", "again_after_minutes = 10", "again_after_minutes = 0")
    yield made
    made.stop()
    made.database.close()


def scanned(page: Page, token: str) -> None:
    """Scans and waits until the gate says something of this very scan."""
    page.evaluate(SCAN, token)


def test_200_scans_over_ten_cuts_three_dead_servers_and_two_dead_browsers(
    hall: Hall, browser: Browser, tmp_path: Path, clip: Path
) -> None:
    write_clip(clip, [])
    tokens, memory = hall.people(100), tmp_path / "tablet"
    hall.start()
    context = open_tablet(browser, memory, clip)
    page = context.pages[0]
    pair(page, hall, "Tablet 1", "gate-1")
    for number in range(SCANS):
        if number in CUTS:
            context.set_offline(offline=True)
        if number - 8 in CUTS:
            context.set_offline(offline=False)
        if number in SERVER_DEATHS:
            hall.kill()
        if number - 6 in SERVER_DEATHS:
            hall.start()
        if number in BROWSER_DEATHS:
            kill_browser(memory)
            context = open_tablet(browser, memory, clip)
            context.set_offline(offline=number - 8 in range(-8, 0))
            page = context.pages[0]
            page.goto(f"{hall.url}/gate/")
            page.wait_for_selector("#start")
        scanned(page, tokens[number % len(tokens)])
    context.set_offline(offline=False)
    come_online(page)
    owed(page, 0)
    stored = hall.scans()
    assert SCANS == len({scan.id for scan in stored}) == len(stored)
    sent = Counter(scan.number for scan in stored)
    assert {SCANS // len(tokens)} == set(sent.values())
    assert (len(tokens), SCANS) == hall.counted()
    assert {"admitted", "re-entry"} == {scan.verdict for scan in stored}
    assert [] == hall.discrepancies()
    context.close()


def test_a_database_put_back_by_an_hour_hears_of_everything_again(
    hall: Hall, context: BrowserContext, tmp_path: Path
) -> None:
    tokens = hall.people(6)
    hall.start()
    page = context.new_page()
    pair(page, hall, "Tablet 1", "gate-1")
    for token in tokens[:2]:
        scanned(page, token)
    owed(page, 0)
    hall.keep_copy(tmp_path / "copy.sqlite3")
    for token in tokens[2:]:
        scanned(page, token)
    owed(page, 0)
    before = {scan.id: (scan.scanned_at, scan.verdict) for scan in hall.scans()}
    assert len(tokens) == len(before)
    hall.stop()
    hall.put_back(tmp_path / "copy.sqlite3")
    assert 2 == len(hall.scans())
    hall.start()
    come_online(page)
    eventually(lambda: len(hall.scans()) == len(tokens))
    owed(page, 0)
    assert before == {scan.id: (scan.scanned_at, scan.verdict) for scan in hall.scans()}
    assert (len(tokens), len(tokens)) == hall.counted()


def test_two_tablets_without_network_admit_the_same_badge_once(hall: Hall, context: BrowserContext) -> None:
    [token] = hall.people(1)
    hall.start()
    pages = [context.new_page(), context.browser.new_context().new_page()] if context.browser else []
    for page, gate in zip(pages, ("gate-1", "gate-2"), strict=True):
        pair(page, hall, f"Tablet at {gate}", gate)
    hall.kill()
    for page in pages:
        scanned(page, token)
        verdict(page, verdict="admitted", confirmed="false")
    hall.start()
    for page in pages:
        come_online(page)
        owed(page, 0)
    assert (1, 2) == hall.counted()
    [found] = hall.discrepancies()
    assert {"gate-1", "gate-2"} == {found.gate, found.other_gate}
    pages[1].context.close()


def test_a_photographed_badge_is_amber_online_and_offline(hall: Hall, context: BrowserContext) -> None:
    example = hall.settings.event_file.read_text("utf-8")
    hall.settings.event_file.write_text(example.replace("again_after_minutes = 0", "again_after_minutes = 10"), "utf-8")
    online, offline = hall.people(2)
    hall.start()
    page = context.new_page()
    pair(page, hall, "Tablet 1", "gate-1")
    scanned(page, online)
    page.wait_for_timeout(3_100)  # sooner it would be one scan
    scanned(page, online)
    verdict(page, verdict="re-entry", check="too_soon", confirmed="true")
    hall.kill()
    scanned(page, offline)
    verdict(page, verdict="admitted", confirmed="false")
    page.wait_for_timeout(3_100)
    scanned(page, offline)
    expect(verdict(page, verdict="re-entry", check="too_soon", confirmed="false")).to_contain_text("Gate 1")
    hall.start()
    come_online(page)
    owed(page, 0)
    assert [None, "too_soon", None, "too_soon"] == [scan.check for scan in hall.scans()]
    assert [] == hall.discrepancies()


@pytest.fixture
def context(browser: Browser, clip: Path) -> Iterator[BrowserContext]:
    write_clip(clip, [])
    made = browser.new_context()
    yield made
    made.close()

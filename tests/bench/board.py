"""The board of an installation in Chromium: until it is painted with its charts, and what its polling gets."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from checkin.staff.guard import SESSION_COOKIE
from tests.bench.table import Line
from tests.gate.fake_camera import launch, write_clip
from tests.journeys.conftest import running

TIMES = 11
BAR_MS = 1000
POLLS = 5
# When the last and largest piece stood on the screen, and all that the page loads had run: charts are drawn by then.
PAINTED = """() => new Promise((tell) => {
    new PerformanceObserver((list) => {
        const [page] = performance.getEntriesByType('navigation');
        tell(Math.max(page.loadEventEnd, ...list.getEntries().map(({ startTime }) => startTime)));
    }).observe({ type: 'largest-contentful-paint', buffered: true });
})"""
CHARTS = "() => [...document.querySelectorAll('.chart canvas')].filter(({ height }) => height > 0).length"


def painted(instance: Path, told: str, session: str) -> Iterator[Line]:
    """`session`: of an organiser; `told`: how many scans there are, in words."""
    write_clip(instance / "clip.y4m", [])
    with running(instance) as server, sync_playwright() as playwright:
        browser = launch(playwright, instance / "clip.y4m")
        context = _signed_in(browser, server.url, session)
        page = context.new_page()
        board, reference = f"{server.url}/organise/?day=2026-01-24", f"{server.url}/organise/staff"
        first, *later = [_time(page, board) for _ in range(TIMES)]
        if not page.evaluate(CHARTS):
            raise RuntimeError("no chart was drawn")
        plain = statistics.median(_time(page, reference) for _ in range(TIMES))
        yield Line(f"the board of {told} scans, first visit until painted with charts", first, "ms", BAR_MS)
        again = statistics.median(later)
        compared = ("a page without figures (Staff)", plain)
        yield Line(f"the board of {told} scans until painted with charts, median", again, "ms", BAR_MS, compared)
        changed = sum(status != 304 for status in _polled(page, board))
        yield Line(f"of {POLLS} polls of that board, nobody scanning: answered otherwise than 304", changed, "polls", 0)
        browser.close()


def _signed_in(browser: Browser, url: str, session: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": url}])
    return context


def _time(page: Page, address: str) -> float:
    page.goto(address, wait_until="load")
    return float(page.evaluate(PAINTED))


def _polled(page: Page, board: str) -> list[int]:
    """What a board that stays open is answered."""
    page.goto(board, wait_until="load")
    found: list[int] = []
    for _ in range(POLLS):
        with page.expect_response(lambda one: "/api/v1/attendance" in one.url, timeout=30_000) as answer:
            pass
        found.append(answer.value.status)
    return found

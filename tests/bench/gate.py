"""The tablet app with 100,000 badges, in Chromium, at full speed and at a sixth of it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from checkin.badges.keys import KeyRing
from checkin.badges.queries import badge_of
from checkin.badges.service import token_of
from checkin.badges.tables import BadgeRow
from tests.bench import pages
from tests.bench.table import Line
from tests.checkin.admission.many import fill
from tests.gate.acting import SCAN
from tests.gate.fake_camera import launch, qr_picture, reopen, write_clip
from tests.journeys.hall import Hall, make_hall, pair

PEOPLE = 100_000
SCANS = 60
BADGE_SECONDS = 0.5


def measure(folder: Path, *, hands_free: int) -> Iterator[Line]:
    hall = make_hall(folder / "instance")
    fill(hall.database, hall.event, PEOPLE)
    tokens = tokens_of(hall, max(500, hands_free * 2))
    hall.start()
    clip = folder / "clip.y4m"
    write_clip(clip, [])
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright, clip)
            yield from _gate(browser, hall, tokens, clip, hands_free)
            browser.close()
    finally:
        hall.stop()
        hall.database.close()


def tokens_of(hall: Hall, count: int) -> list[str]:
    """What the QR codes of some badges hold that any gate lets in."""
    keys = KeyRing(hall.settings.token_master)
    public = [category.number for category in hall.event.categories if category.public]
    with hall.database.snapshot() as session:
        rows = session.query(BadgeRow).filter(BadgeRow.category.in_(public), BadgeRow.revoked_at.is_(None)).limit(count)
        return [token_of(hall.event, keys, badge_of(row)) for row in rows]


def _gate(browser: Browser, hall: Hall, tokens: list[str], clip: Path, hands_free: int) -> Iterator[Line]:
    page = browser.new_context(viewport={"width": 800, "height": 1280}).new_page()
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.enable")
    page.goto(f"{hall.url}/gate/")
    page.wait_for_selector("#pair-code")
    empty = heap(cdp)
    pair(page, hall, "Bench", "gate-1")
    wire = page.evaluate(pages.ROSTER_WIRE)
    yield Line(f"first sync of {PEOPLE:,} badges with names, on the wire", wire / 1e6, "MB", 2.5)
    kept = heap(cdp) - empty + page.evaluate(pages.TABLE_BYTES)
    plain = page.evaluate(pages.MAKE_PLAIN) and heap(cdp) - empty
    yield Line("memory of that roster", kept / 1e6, "MB", 60, ("one object a badge in a Map", plain / 1e6))
    yield from _start_up(page, cdp)
    hall.stop()
    yield from _verdicts(page, cdp, tokens)
    yield from _hands_free(page, cdp, tokens, clip, hands_free)


def _start_up(page: Page, cdp: CDPSession) -> Iterator[Line]:
    page.evaluate(pages.KEEP_PLAIN)
    for name, rate, bar in (("", 1, 1_500.0), (" at a sixth of the speed", 6, None)):
        page.reload()
        page.wait_for_selector("#start")
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        ours, plain = page.evaluate(pages.LOAD), page.evaluate(pages.LOAD_PLAIN)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        yield Line(f"start-up from IndexedDB{name}", ours, "ms", bar, ("reading one object a badge", plain))


def _verdicts(page: Page, cdp: CDPSession, tokens: list[str]) -> Iterator[Line]:
    page.reload()
    page.wait_for_selector("#start")
    chosen = iter(tokens)
    for _ in range(5):
        page.evaluate(SCAN, next(chosen))  # the server is gone: now the tablet knows
    for name, rate, bar in (("", 1, 60.0), (" at a sixth of the speed", 6, 200.0)):
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
        taken = [page.evaluate(SCAN, next(chosen)) for _ in range(SCANS)]
        strict = [page.evaluate(pages.STRICT_PUT) for _ in range(SCANS)]
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        for which, of in (
            ("median", statistics.median),
            ("95 of 100", lambda all_: sorted(all_)[int(len(all_) * 0.95)]),
        ):
            reference = ("one strict write alone", of(strict))
            yield Line(f"decoded text to the tablet's own verdict{name}, {which}", of(taken), "ms", bar, reference)


def _hands_free(page: Page, cdp: CDPSession, tokens: list[str], clip: Path, seconds: int) -> Iterator[Line]:
    page.click("#start")
    page.wait_for_function("() => document.getElementById('notice').hidden")
    count = int(seconds / BADGE_SECONDS)
    shown, marks = tokens[-count:], []
    for start in range(0, count, 50):  # fifty badges a clip: 25 seconds
        part = shown[start : start + 50]
        pages.write_parade(clip, [qr_picture(token, share=0.8) for token in part])
        reopen(page)
        page.wait_for_timeout(len(part) * BADGE_SECONDS * 1000 + 1_500)
        marks.append(heap(cdp))
    missed = set(shown) - set(page.evaluate(pages.STORED))
    yield Line(f"of {count} badges at two a second, hands-free: not scanned", len(missed), "badges", 0)
    grown = (marks[-1] - marks[len(marks) // 2]) / 1e6 if len(marks) > 1 else 0.0
    yield Line("memory that grew over the second half of them", grown, "MB", 2)


def heap(cdp: CDPSession) -> float:
    """Bytes of JavaScript's heap after a collection."""
    cdp.send("HeapProfiler.collectGarbage")
    metrics: list[dict[str, Any]] = (cdp.send("Performance.enable"), cdp.send("Performance.getMetrics"))[1]["metrics"]
    return next(float(metric["value"]) for metric in metrics if metric["name"] == "JSHeapUsedSize")

"""What the tests of the gate page do with it: open, scan, wait."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.gate import rosters
from tests.gate.serving import FakeServer

TOKEN = "200J6HB7H4002Z83JX3B0Q1T8CSG"
OTHER = "23ZZZZZZZW1G4D62FGK5F2Y0FYJ0"
BADGES = (TOKEN[:-4] + f"{number:04}" for number in itertools.count())  # each time another: the same soon is no scan
SCREENS = ((360, 640), (800, 1280), (1280, 800))
URDU = re.compile("[\u0600-\u06ff]")


# From the last key of a scanner to a verdict on the screen, in milliseconds.
SCAN = """async (token) => {
    const verdict = document.getElementById('verdict');
    const before = verdict.dataset.scan;
    const seen = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error('the gate said nothing')), 15000);
        const watch = new MutationObserver(() => {
            if (['', before].includes(verdict.dataset.scan) || verdict.dataset.verdict === 'idle') return;
            watch.disconnect();
            resolve(performance.now());
        });
        watch.observe(verdict, { attributes: true });
    });
    let started;
    for (const key of [...token, 'Enter']) {
        started = performance.now();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    return (await seen) - started;
}"""


def open_gate(page: Page, server: FakeServer) -> None:
    """A paired tablet whose Start was not tapped yet; scanners and typing work."""
    page.goto(f"{server.url}/gate/#pair=FRESH-CODE")
    page.wait_for_selector("#start")


def open_offline(page: Page, server: FakeServer, *badges: list[object], **roster: object) -> None:
    """A tablet that has learned its roster and has lost the server since."""
    server.roster = rosters.judging(*badges, **roster)
    open_gate(page, server)
    learned(page)
    server.trouble = "down"


def learned(page: Page, newest_key: int = 0) -> None:
    """Waits until the tablet has the whole roster on its disk, and a moment more for its memory."""
    known = "async () => (await (await import('/gate/rosterstore.js')).readKnown()).head"
    eventually(lambda: (head := page.evaluate(known)) and head["is_whole"] and head["newest_key"] == newest_key)
    page.wait_for_timeout(50)


def start(page: Page) -> None:
    page.click("#start")
    page.wait_for_selector("#readiness[data-state=ready]")


def scan(page: Page, text: str) -> None:
    """Types as fast as a keyboard scanner does, on a busy machine too: all keys are made in one go, and then struck."""
    page.evaluate(
        """(keys) => keys.map((key) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
            .forEach((event) => (document.activeElement ?? document.body).dispatchEvent(event))""",
        [*text, "Enter"],
    )


def hold(page: Page, selector: str) -> None:
    """Keeps a finger on a button until its ring has closed."""
    page.hover(selector)
    page.mouse.down()
    page.wait_for_selector(f"{selector}[data-holding]")
    page.wait_for_function("(it) => !document.querySelector(it)?.matches('[data-holding]')", arg=selector)
    page.mouse.up()


def unlock(page: Page, pin: str = "4711") -> None:
    """Opens the choice of gates as a supervisor does."""
    page.click("#where")
    for digit in pin:
        page.click(f"#unlock .pad button:text-is('{digit}')")
    page.click("#unlock [type=submit]")


def verdict(page: Page, **wanted: str) -> Locator:
    shown = page.locator("#verdict" + "".join(f"[data-{name}='{value}']" for name, value in wanted.items()))
    expect(shown).to_be_visible()
    return shown


def owed(page: Page, count: int) -> None:
    expect(page.locator(f"#outbox[data-count='{count}']")).to_be_attached(timeout=9000)


def come_online(page: Page) -> None:
    """What a browser says when the Wi-Fi is back; without it the retry timer would be waited for."""
    page.evaluate("() => dispatchEvent(new Event('online'))")


def eventually(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 9
    while not is_true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def past(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    """An entry whose moment may be told as how long ago it was."""
    if entry is None or not isinstance(entry["at"], timedelta):
        return entry
    return {**entry, "at": (datetime.now(UTC) - entry["at"]).isoformat(timespec="milliseconds")}


def kept(page: Page) -> None:
    """Waits until the tablet could lose its network: the worker hands out the page and has all that it needs."""
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_function(
        """() => new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => resolve(data.isWhole);
            navigator.serviceWorker.controller.postMessage("report", [port2]); })"""
    )


def type_code(page: Page, code: str) -> None:
    page.click("[data-action=type_code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")

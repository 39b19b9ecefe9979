"""What the tests of the gate page do with it: open, scan, wait."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.gate.serving import FakeServer

TOKEN = "200J6HB7H4002Z83JX3B0Q1T8CSG"
OTHER = "23ZZZZZZZW1G4D62FGK5F2Y0FYJ0"
SCREENS = ((360, 640), (800, 1280), (1280, 800))
URDU = re.compile("[\u0600-\u06ff]")


def open_gate(page: Page, server: FakeServer) -> None:
    """A paired tablet whose Start was not tapped yet; scanners and typing work."""
    page.goto(f"{server.url}/gate/#pair=FRESH-CODE")
    page.wait_for_selector("#start")


def start(page: Page) -> None:
    page.click("#start")
    page.wait_for_selector("#readiness[data-state=ready]")


def scan(page: Page, text: str) -> None:
    """Types as fast as a keyboard scanner does, on a busy machine too: all keys in one go inside the page."""
    page.evaluate(
        """(keys) => keys.forEach((key) => (document.activeElement ?? document.body).dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        [*text, "Enter"],
    )


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


def type_code(page: Page, code: str) -> None:
    page.click("[data-action=type_code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")

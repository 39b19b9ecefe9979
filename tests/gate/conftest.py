from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.gate.fake_camera import write_clip
from tests.gate.serving import FakeServer, serving


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with serving(FakeServer()) as running:
        yield running


@pytest.fixture
def context(browser: Browser, clip: Path) -> Iterator[BrowserContext]:
    write_clip(clip, [])
    made = browser.new_context(viewport={"width": 360, "height": 640}, locale="en-GB", service_workers="block")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and CSP violations fail the test."""
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield made
    assert faults == []

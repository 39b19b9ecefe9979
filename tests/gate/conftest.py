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


@pytest.fixture(scope="module")
def bare_page(browser: Browser) -> Iterator[Page]:
    """A page of the gate's origin, with nothing on it, that can import the gate's modules."""
    with serving(FakeServer()) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/gate/token.js")
        yield page
        page.close()

"""The first visit over a weak Wi-Fi: one small pack instead of fifty files, and file by file where that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin.devices.shell import shell
from tests.gate.acting import TOKEN, kept, open_gate, scan, verdict
from tests.gate.fake_camera import write_clip
from tests.gate.serving import CSP, FakeServer


@pytest.fixture
def context(browser: Browser, clip: Path) -> Iterator[BrowserContext]:
    """As in the other tests, but with a service worker."""
    write_clip(clip, [])
    made = browser.new_context(viewport={"width": 360, "height": 640}, locale="en-GB")
    yield made
    made.close()


def test_a_first_visit_weighs_at_most_60_kb_on_the_wire_without_decoder_and_fonts(
    page: Page, server: FakeServer
) -> None:
    page.goto(f"{server.url}/gate/")
    kept(page)
    page.wait_for_selector("#pair-code")
    light = {path: weight for path, weight in server.weights.items() if "/vendor/" not in path and "/api/" not in path}
    assert {"/gate/", "/gate/boot.js", "/gate/sw.js", "/gate/pack.json", "/gate/icons/icon.svg"} == set(light)
    assert sum(light.values()) <= 60_000, light  # headers and all
    vendored = [path for path in server.fetched if "/vendor/" in path]
    assert sorted(address.removeprefix("..") for address in shell(server.static).files) == sorted(vendored), (
        "each of them once"
    )


def test_the_pack_holds_the_security_rules_of_the_server_for_each_file(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    kinds = page.evaluate(
        """(addresses) => Promise.all(addresses.map(async (address) => {
            const { headers } = await fetch(address);
            return [headers.get('Content-Type'), headers.get('Content-Security-Policy')]; }))""",
        ["./", "decoder-worker.js", "gate.css", "manifest.webmanifest", "../static/vendor/idb/index.js"],
    )
    types = ["text/html", "text/javascript", "text/css", "application/manifest+json", "text/javascript"]
    assert [[f"{kind}; charset=utf-8", CSP] for kind in types] == kinds


def test_every_module_of_the_pack_is_read_by_the_browser(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    modules = [a for a in shell(server.static).packed if a.endswith(".js") and a != "decoder-worker.js"]
    read = page.evaluate(
        """(modules) => Promise.all(modules.filter((name) => name !== 'boot.js')
            .map((name) => import(new URL(name, location.href)).then(() => 'read', (error) => `${name}: ${error}`)))""",
        modules,
    )
    assert {"read"} == set(read)


def test_while_the_pack_is_on_its_way_the_page_says_so_in_both_languages(page: Page, server: FakeServer) -> None:
    server.instead["/gate/pack.json"] = -1
    page.goto(f"{server.url}/gate/")
    expect(page.locator("#opening")).to_have_text("Opening…کھل رہا ہے…")
    expect(page.locator("#app")).to_be_hidden()
    assert "/gate/app.js" not in server.fetched


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("/gate/sw.js", 404),
        ("/gate/pack.json", 404),
        ("/gate/pack.json", 0),
        ("/gate/pack.json", b"<html>Sign in to the Wi-Fi</html>"),
        ("/gate/pack.json", -1),
    ],
)
def test_a_first_visit_whose_worker_does_not_come_opens_file_by_file(
    page: Page, server: FakeServer, path: str, trouble: int | bytes
) -> None:
    server.instead[path] = trouble
    open_gate(page, server)
    expect(page.locator("#opening")).to_have_count(0)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    assert "/gate/app.js" in server.fetched

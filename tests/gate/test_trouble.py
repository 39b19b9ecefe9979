"""Each trouble stands on the screen with its mend."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.gate.acting import TOKEN, open_gate, scan, verdict
from tests.gate.serving import FakeServer

REFUSED = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
FULL = """
const put = IDBObjectStore.prototype.put, add = IDBObjectStore.prototype.add;
for (const [name, real] of [["put", put], ["add", add]]) IDBObjectStore.prototype[name] = function (...given) {
  if (window.isFull) throw new DOMException("", "QuotaExceededError");
  return real.apply(this, given);
};
"""


@pytest.mark.parametrize(
    ("agent", "mend"),
    [
        ("Mozilla/5.0 (Linux; Android 10) Chrome/130.0 Mobile Safari/537.36", "beside the address, then Permissions"),
        ("Mozilla/5.0 (Android 13; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Clear “Blocked”"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5) Version/17.5 Mobile/15E148 Safari/604.1", "Website Settings"),
    ],
)
def test_a_refused_camera_says_where_this_browser_hides_its_permission(
    browser: Browser, server: FakeServer, agent: str, mend: str
) -> None:
    context = browser.new_context(user_agent=agent, service_workers="block")
    page = context.new_page()
    page.add_init_script(REFUSED)
    open_gate(page, server)
    page.click("#start")
    expect(page.locator("[data-trouble=camera_refused]")).to_contain_text(mend)
    context.close()


def test_plain_http_leads_to_the_same_host_over_https(page: Page, server: FakeServer) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    open_gate(page, server)
    page.click("#start")
    expect(page.locator("[data-trouble=camera_insecure] a")).to_have_attribute("href", "https://127.0.0.1/gate/")


def test_a_full_tablet_says_so_until_there_is_room_again(page: Page, server: FakeServer) -> None:
    page.add_init_script(FULL)
    open_gate(page, server)
    page.evaluate("() => { window.isFull = true; }")
    scan(page, TOKEN)
    verdict(page, verdict="idle", reason="unstored")
    page.keyboard.press("Escape")
    trouble = page.locator("[data-trouble=storage_full]")
    expect(trouble).to_contain_text("Scan nobody with it")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    trouble.locator("button").click()
    expect(trouble).to_be_visible()
    page.evaluate("() => { window.isFull = false; }")
    trouble.locator("button").click()
    expect(page.locator("#start")).to_be_visible()


def test_an_erased_memory_is_told_before_a_new_pairing(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """async () => { const { database } = await import('/gate/store.js'); const db = await database();
        await Promise.all([...db.objectStoreNames].map((name) => db.clear(name))); }""",
    )
    page.reload()
    expect(page.locator("[data-trouble=storage_wiped]")).to_contain_text("tell the organiser the time")
    page.click("[data-trouble=storage_wiped] button")
    expect(page.locator("#pair-code")).to_be_visible()


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ({"stored": False, "wiped": True}, "storage_full"),
        ({"wiped": True, "clockImpossible": True}, "storage_wiped"),
        ({"clockImpossible": True, "decoder": "failed"}, "clock_blocked"),
        ({"decoder": "failed", "camera": "taken"}, "decoder_failed"),
        ({"camera": "taken"}, "camera_taken"),
        ({}, None),
    ],
)
def test_the_gravest_trouble_speaks(page: Page, server: FakeServer, state: dict[str, object], trouble: str) -> None:
    page.goto(f"{server.url}/gate/")
    said = page.evaluate(
        """async (state) => (await import('/gate/notices.js'))
            .troubleOf({ stored: true, decoder: "ready", camera: "running", ...state })""",
        state,
    )
    assert trouble == said

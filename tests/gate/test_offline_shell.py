"""Opens without a network; renews itself only when a tap says so, and only as a whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin.__main__ import BROWSERS
from checkin.devices.shell import shell
from tests.gate.acting import TOKEN, come_online, eventually, kept, open_gate, owed, scan, type_code, verdict
from tests.gate.fake_camera import ARGUMENTS, qr_picture, show, write_clip
from tests.gate.icons import ICONS, PICTURES, draw
from tests.gate.serving import STATIC, FakeServer, serving

TABLET = {"viewport": {"width": 360, "height": 640}, "locale": "en-GB"}
OLD, NEW = "Show the badge", "Hold up the badge"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FakeServer]:
    """A server of its own copy of the files, so that a test may bring a newer version."""
    for name in ("gate", "vendor"):
        shutil.copytree(STATIC / name, tmp_path / "static" / name)
    with serving(FakeServer(static=tmp_path / "static")) as running:
        yield running


@pytest.fixture
def context(browser: Browser, clip: Path) -> Iterator[BrowserContext]:
    """As in the other tests, but with a service worker."""
    write_clip(clip, [])
    made = browser.new_context(**TABLET)
    yield made
    made.close()


def bring_newer(server: FakeServer) -> None:
    words = server.static / "gate" / "words.js"
    text = words.read_text("utf-8")
    assert OLD in text
    words.write_text(text.replace(OLD, NEW), "utf-8")


def caches(page: Page) -> list[str]:
    return page.evaluate("() => caches.keys()")


def workers(page: Page) -> list[str | None]:
    """The states of the worker at work, of the one that waits, of the one that is being installed."""
    return page.evaluate(
        """async () => { const found = await navigator.serviceWorker.getRegistration();
        return [found.active, found.waiting, found.installing].map((worker) => worker?.state ?? null); }"""
    )


def has_loaded(page: Page) -> bool:
    """Whether the page was loaded anew since `mark`."""
    return not page.evaluate("() => window.isMarked ?? false")


def mark(page: Page) -> None:
    page.evaluate("() => { window.isMarked = true; }")


def judged_somehow(page: Page) -> None:
    """Without a server the tablet says what it can."""
    expect(page.locator("#verdict:not([data-scan=''])")).to_be_visible()


def hold_up(page: Page, clip: Path) -> None:
    page.click("#start")
    page.wait_for_function("() => document.querySelector('#video').videoWidth > 0")
    show(page, clip, qr_picture(TOKEN))


# ── without a network ──


def test_a_cold_start_without_a_network_asks_nobody_and_reads_a_badge(
    page: Page, context: BrowserContext, server: FakeServer, clip: Path
) -> None:
    open_gate(page, server)
    kept(page)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    server.fetched.clear()
    context.set_offline(True)
    page.reload()
    hold_up(page, clip)
    owed(page, 1)
    judged_somehow(page)
    page.evaluate("() => document.fonts.ready")
    fonts = page.evaluate("() => [...document.fonts].map(({ weight, status }) => `${weight} ${status}`)")
    assert ["400 loaded", "700 loaded"] == sorted(fonts)
    assert [] == [url for url in failed if "/api/" not in url]
    # The browser's own look for a newer worker is all that passes a context that is set offline.
    assert {"/gate/sw.js"} >= {path for path in server.fetched if not path.startswith("/api/")}
    context.set_offline(False)
    come_online(page)
    owed(page, 0)
    assert [TOKEN] == server.tokens()


def test_every_file_of_the_list_is_there_without_a_network_and_the_api_never(
    page: Page, context: BrowserContext, server: FakeServer
) -> None:
    open_gate(page, server)
    scan(page, TOKEN)
    owed(page, 0)
    kept(page)
    context.set_offline(True)
    ask = "async (address) => (await fetch(address).catch(() => ({ status: 0 }))).status"
    listed = addresses(server)
    assert {200} == {page.evaluate(ask, address) for address in listed}
    assert {200} == {page.evaluate(ask, f"{address}?again#there") for address in listed}
    for elsewhere in ("../api/v1/roster", "sw.js", "../static/vendor/checksums.txt", "../"):
        assert 0 == page.evaluate(ask, elsewhere), elsewhere
    stored = page.evaluate(
        """async () => { const caught = [];
        for (const name of await caches.keys())
          for (const { url } of await (await caches.open(name)).keys()) caught.push(new URL(url).pathname);
        return caught; }"""
    )
    assert sorted(path_of(address) for address in listed) == sorted(stored)


def addresses(server: FakeServer) -> list[str]:
    now = shell(server.static)
    return [*now.packed, *now.files]


def path_of(address: str) -> str:
    return address.removeprefix("..") if address.startswith("../") else f"/gate/{address.removeprefix('./')}"


def test_a_new_browser_process_opens_while_no_server_runs(browser: Browser, clip: Path, tmp_path: Path) -> None:
    write_clip(clip, [])

    def start_browser() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path / "tablet",
            executable_path=next(filter(None, map(shutil.which, BROWSERS))),
            args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={clip}"],
            **TABLET,
        )

    with serving(FakeServer()) as server:
        first = start_browser()
        page = first.new_page()
        open_gate(page, server)
        kept(page)
        first.close()
    second = start_browser()
    page = second.new_page()
    page.goto(f"{server.url}/gate/")
    hold_up(page, clip)
    owed(page, 1)
    expect(page.locator("#where")).to_contain_text("Gate 2")
    second.close()


def test_what_the_browser_took_away_is_fetched_again(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    page.evaluate(
        """async () => { const [name] = await caches.keys(); const cache = await caches.open(name);
        for (const key of await cache.keys())
          if (/words.js|wasm|woff2/.test(key.url)) await cache.delete(key); }"""
    )
    assert count(page) == len(addresses(server)) - 6
    come_online(page)
    eventually(lambda: count(page) == len(addresses(server)))


def count(page: Page) -> int:
    return page.evaluate("async () => (await (await caches.open((await caches.keys())[0])).keys()).length")


def test_without_a_service_worker_the_gate_works_as_ever(page: Page, server: FakeServer) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined });")
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    assert [] == caches(page)


def test_a_returning_visit_asks_nobody_for_its_files(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    server.fetched.clear()
    page.reload()
    page.wait_for_selector("#start")
    assert {"/gate/sw.js"} >= {path for path in server.fetched if not path.startswith("/api/")}


# ── a newer version ──


def test_a_tap_on_the_quiet_screen_brings_the_newer_version_and_loses_nothing(page: Page, server: FakeServer) -> None:
    page.set_viewport_size({"width": 800, "height": 1280})  # where the choice of language always has room
    open_gate(page, server)
    kept(page)
    page.evaluate("() => caches.open('of-someone-else')")
    server.trouble = 503
    scan(page, TOKEN)
    judged_somehow(page)
    page.keyboard.press("Escape")
    bring_newer(server)
    server.fetched.clear()
    come_online(page)
    expect(page.locator("#update")).to_have_text("Update ready. Tap to use it.")
    assert "/gate/pack.json" in server.fetched
    assert [] == [path for path in server.fetched if "vendor" in path]  # the same as before: not worth the Wi-Fi
    page.click("#language")
    expect(page.locator("#update")).to_have_text("نیا ورژن تیار۔ ٹیپ کریں۔")
    page.click("#language")
    expect(page.locator("#prompt")).to_have_text(OLD)
    page.click("#update button")
    expect(page.locator("#prompt")).to_have_text(NEW)
    expect(page.locator("#update button")).to_have_count(0)
    assert ["of-someone-else", f"gate-shell-{shell(server.static).version}"] == caches(page)
    server.trouble = None
    come_online(page)
    eventually(lambda: [TOKEN] == server.tokens())


def test_the_offer_waits_while_a_verdict_a_dialog_or_the_look_up_is_on_the_screen(
    page: Page, server: FakeServer
) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "forged"}
    open_gate(page, server)
    kept(page)
    scan(page, TOKEN)
    verdict(page, verdict="refused", reason="forged")
    bring_newer(server)
    come_online(page)
    eventually(lambda: ["activated", "installed", None] == workers(page))
    offer = page.locator("#update button")
    expect(offer).to_have_count(0)
    page.keyboard.press("Escape")
    expect(offer).to_be_visible()
    page.click("#readiness")
    expect(offer).to_have_count(0)
    page.keyboard.press("Escape")
    expect(offer).to_be_visible()
    page.click("[data-action=look_up]")
    expect(offer).to_have_count(0)
    page.click("[data-action=back]")
    expect(offer).to_be_visible()


def test_another_window_takes_the_newer_version_only_when_its_scan_is_over(
    page: Page, context: BrowserContext, server: FakeServer
) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "forged"}
    open_gate(page, server)
    kept(page)
    other = context.new_page()
    other.goto(f"{server.url}/gate/")
    bring_newer(server)
    come_online(other)
    other.locator("#update button").wait_for()
    scan(page, TOKEN)
    shown = verdict(page, verdict="refused", reason="forged")
    mark(page)
    other.click("#update button")
    expect(other.locator("#prompt")).to_have_text(NEW)
    page.wait_for_timeout(600)  # longer than the pause between two looks whether the screen is quiet
    expect(shown).to_be_visible()
    assert not has_loaded(page)
    page.keyboard.press("Escape")
    expect(page.locator("#prompt")).to_have_text(NEW)
    assert has_loaded(page)


def test_half_an_update_is_no_update(page: Page, context: BrowserContext, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    bring_newer(server)
    other_version = shell(server.static).pack.replace(NEW.encode(), b"Of another version")
    for trouble in (404, 0, b"<html>Sign in to the Wi-Fi</html>", other_version):
        server.instead["/gate/pack.json"] = trouble
        server.fetched.clear()
        come_online(page)
        eventually(lambda: "/gate/pack.json" in server.fetched)
        eventually(lambda: ["activated", None, None] == workers(page))
        expect(page.locator("#update button")).to_have_count(0)
    context.set_offline(True)
    page.reload()
    expect(page.locator("#prompt")).to_have_text(OLD)
    context.set_offline(False)
    server.instead.clear()
    come_online(page)
    page.click("#update button")
    expect(page.locator("#prompt")).to_have_text(NEW)


def test_an_update_without_a_network_changes_nothing(page: Page, context: BrowserContext, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    bring_newer(server)
    server.instead["/gate/sw.js"] = 0
    context.set_offline(True)
    come_online(page)  # the Wi-Fi is there, but leads nowhere
    page.reload()
    expect(page.locator("#prompt")).to_have_text(OLD)
    type_code(page, "04HM-ASW9-B")
    owed(page, 1)
    assert ["activated", None, None] == workers(page)
    expect(page.locator("#update button")).to_have_count(0)


def test_a_version_that_is_whole_is_taken_into_use_without_a_network(
    page: Page, context: BrowserContext, server: FakeServer
) -> None:
    open_gate(page, server)
    kept(page)
    bring_newer(server)
    come_online(page)
    page.locator("#update button").wait_for()
    context.set_offline(True)
    page.click("#update button")
    expect(page.locator("#prompt")).to_have_text(NEW)


def test_the_server_is_told_which_version_a_tablet_runs(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    kept(page)
    page.reload()
    told = re.compile(rf"gate [\d.]+ {shell(server.static).version}")
    eventually(lambda: (come_online(page), told.fullmatch(server.health[-1]["app"]))[1])


def test_a_reload_that_goes_around_the_worker_opens_at_once(
    page: Page, context: BrowserContext, server: FakeServer
) -> None:
    open_gate(page, server)
    kept(page)
    bring_newer(server)
    come_online(page)
    page.locator("#update button").wait_for()
    context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    page.wait_for_selector(
        "#prompt:has-text('Hold up')", state="attached"
    )  # from the server, where the newer version is
    begun = page.evaluate(
        "() => performance.getEntriesByType('resource').find(({name}) => /app.js$/.test(name)).startTime"
    )
    assert begun < 7_000  # less than a worker is waited for


# ── on the home screen ──


def test_the_start_card_offers_to_install_where_the_browser_can(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    expect(page.locator("#install")).to_have_count(0)
    page.evaluate(
        """() => { const event = new Event('beforeinstallprompt', { cancelable: true });
        event.prompt = async () => { window.asked = (window.asked ?? 0) + 1; };
        dispatchEvent(event); window.isOurs = event.defaultPrevented; }"""
    )
    expect(page.locator("#install")).to_have_text("Install on this tablet")
    page.click("#language")
    expect(page.locator("#install")).to_have_text("اس ٹیبلٹ پر انسٹال کریں")
    page.click("#install")
    expect(page.locator("#install")).to_have_count(0)
    assert [1, True] == page.evaluate("() => [window.asked, window.isOurs]")
    expect(page.locator("#start")).to_be_visible()


@pytest.mark.parametrize(("name", "side", "is_full"), [(name, *how) for name, how in PICTURES.items()])
def test_an_icon_is_what_the_drawing_says(browser: Browser, name: str, side: int, is_full: bool) -> None:  # noqa: FBT001
    picture = Image.open(ICONS / name)
    assert (side, side) == picture.size
    drawn = draw(browser, side, is_full=is_full).convert("RGBA")
    difference = ImageChops.difference(drawn, picture.convert("RGBA"))
    assert max(ImageStat.Stat(difference).mean) < 3

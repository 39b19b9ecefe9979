"""The whole way, as people go it: register, print, scan, count. Real browser, real camera frames, real server."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.gate.fake_camera import on_grey, qr_picture, show
from tests.journeys.conftest import Server

PASSWORD = "a long password of the tests"
FORGED = "200J6HB7H4002Z83JX3B0Q1T8CSG"  # the contract's vector: genuine elsewhere, forged here


def watched(context: BrowserContext, server: Server) -> Page:
    """A page that fails the test when a script fails or when it asks anyone but our server."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: None if ours(request.url, server) else faults.append(request.url))
    context.on("close", lambda _: faults and pytest.fail(f"{faults}"))
    page.faults = faults  # type: ignore[attr-defined] # read at the end of a journey
    return page


def ours(url: str, server: Server) -> bool:
    return url.startswith((server.url, "data:", "blob:"))


def organiser(browser: Browser, server: Server) -> Page:
    """The first organiser opens the invitation and chooses a password."""
    page = watched(browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB"), server)
    page.goto(server.invitation)
    page.fill("[name=name]", "Sana Butt")
    page.fill("[name=email]", "sana@expo.example")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/organise/")
    return page


def register(browser: Browser, server: Server) -> Page:
    """A visitor registers on a phone and lands on their badge page."""
    page = watched(browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB"), server)
    page.goto(f"{server.url}/register")
    page.fill("[name=name]", "Ayesha Siddiqui")
    page.fill("[name=name_ur]", "عائشہ صدیقی")
    page.fill("[name=organisation]", "Sialkot Sports Goods Cluster")
    page.locator("[name=category][value=trade-visitor]").check()
    page.fill("[name=phone]", "0300 1234567")
    page.locator("[name=consent]").check()
    page.click("main button[type=submit]")
    page.wait_for_url("**/badge/*")
    return page


def gate(browser: Browser, server: Server, office: Page) -> Page:
    """The organiser pairs a tablet for Gate 1; the tablet opens the link and starts its camera."""
    office.goto(f"{server.url}/organise/devices")
    office.fill("[name=name]", "Gate 1, tablet A")
    office.select_option("[name=gate]", "gate-1")
    office.locator("form:has([name=gate]) button[type=submit]").click()
    expect(office.locator("main")).to_contain_text("#pair=")
    link = re.search(r"http\S+/gate/#pair=\w+", office.inner_text("main"))
    assert link is not None
    context = browser.new_context(viewport={"width": 800, "height": 1280}, locale="en-GB", permissions=["camera"])
    page = watched(context, server)
    page.goto(link[0])
    page.click("#start")
    page.wait_for_selector("#readiness[data-state=ready]")
    assert "pair=" not in page.url
    return page


def scan(page: Page, clip: Path, picture: Image.Image, verdict: str) -> None:
    """Hold a picture before the camera until the gate has judged it, then take it away."""
    before = page.locator("#verdict").get_attribute("data-scan")
    show(page, clip, picture)
    page.wait_for_function(
        "([before]) => { const v = document.querySelector('#verdict');"
        " return v.dataset.verdict !== 'idle' && v.dataset.scan !== before }",
        arg=[before],
        timeout=60_000,  # a busy machine reads a frame slowly; nothing here asserts speed
    )
    expect(page.locator("#verdict")).to_have_attribute("data-verdict", verdict)
    expect(page.locator("#verdict")).to_have_attribute("data-confirmed", "true")
    show(page, clip)
    page.wait_for_timeout(3_300)  # the same code counts as one scan until three seconds after it was last seen


def paper(pdf: Path, share: float = 0.95) -> Image.Image:
    """A printed page before the camera."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    if picture.height > 2_000:  # A4: people hold the folded badge up, its front is the lower right quarter
        picture = picture.crop((picture.width // 2, picture.height // 2, picture.width, picture.height))
    return on_grey([picture], share)


def download(page: Page, form: str, folder: Path) -> Path:
    """The PDF that the badge page leads to."""
    href = page.locator(f'a[href$=".pdf?template={form}"]').get_attribute("href")
    answer = page.request.get(page.url.rsplit("/badge/", 1)[0] + str(href))
    assert (200, "application/pdf") == (answer.status, answer.headers["content-type"])
    path = folder / f"{form}.pdf"
    path.write_bytes(answer.body())
    return path


def counts(office: Page, server: Server) -> tuple[int, int]:
    """Visitors and entries of day 1, as the API says them."""
    said = office.request.get(f"{server.url}/api/v1/attendance?day=2026-01-24").json()
    return said["visitors"], said["entries"]


def test_a_visitor_registers_prints_is_admitted_once_and_counted_once(
    browser: Browser, server: Server, clip: Path, tmp_path: Path
) -> None:
    office = organiser(browser, server)
    visitor = register(browser, server)
    a6, fold = download(visitor, "a6", tmp_path), download(visitor, "a4-fold", tmp_path)
    visitor.screenshot(path=tmp_path / "phone.png")
    tablet = gate(browser, server, office)
    assert (0, 0) == counts(office, server)

    scan(tablet, clip, paper(a6), "admitted")
    scan(tablet, clip, paper(a6), "re-entry")
    expect(tablet.locator("#verdict")).to_have_attribute("data-check", "too_soon")
    expect(tablet.locator("#verdict")).to_contain_text("Gate 1")
    scan(tablet, clip, qr_picture(FORGED), "refused")
    expect(tablet.locator("#verdict")).to_have_attribute("data-reason", "forged")
    assert (1, 2) == counts(office, server)
    office.goto(f"{server.url}/organise/")
    expect(office.locator("[data-figure=visitors]")).to_have_text("1")
    expect(office.locator("[data-figure=entries]")).to_have_text("2")

    scan(tablet, clip, paper(fold), "re-entry")
    scan(tablet, clip, on_grey([Image.open(tmp_path / "phone.png")], 0.95), "re-entry")
    assert (1, 4) == counts(office, server)
    expect(tablet.locator("#outbox")).to_have_attribute("data-count", "0")

    # The open page counts by itself; nobody loads it again.
    expect(office.locator("[data-figure=entries]")).to_have_text("4", timeout=15_000)
    expect(office.locator("[data-figure=visitors]")).to_have_text("1")
    for page in (office, visitor, tablet):
        assert [] == page.faults  # type: ignore[attr-defined]
        page.context.close()


@pytest.mark.parametrize("server", [("again_after_minutes = 10", "again_after_minutes = 0")], indirect=True)
def test_a_re_entry_says_since_when_and_through_which_gate(
    browser: Browser, server: Server, clip: Path, tmp_path: Path
) -> None:
    office, visitor = organiser(browser, server), register(browser, server)
    tablet = gate(browser, server, office)
    badge = paper(download(visitor, "a6", tmp_path))
    scan(tablet, clip, badge, "admitted")
    scan(tablet, clip, badge, "re-entry")
    expect(tablet.locator("#verdict")).to_contain_text(re.compile(r"10:3\d.*Main"))
    for page in (office, visitor, tablet):
        page.context.close()

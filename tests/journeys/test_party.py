"""A family on one phone: register, add people, swipe, send, print. A real browser at the width of a small phone."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from werkzeug.serving import make_server

from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.visitors.tables import VisitorRow
from tests.axe import faults_of
from tests.factories import SECRET, make_badge, make_visitor, token_of

PEOPLE = (("Ayesha Siddiqui", "عائشہ صدیقی"), ("Bilal Siddiqui", "بلال صدیقی"), ("Gülnarə Əliyeva-Məmmədova", ""))
WAYS = {"en": (1, "ArrowRight", "ArrowLeft"), "ur": (-1, "ArrowLeft", "ArrowRight")}
SMALL = """() => [...document.querySelectorAll("main button, main a, main summary")]
    .filter((it) => it.checkVisibility()).map((it) => [it.textContent, it.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 44 || height < 44).map(([name]) => name)"""
# What phones have and this browser may not: it tells what was shared, and how often the screen was kept awake.
PHONE = """
window.shared = [];
const told = () => document.documentElement.dataset;
navigator.canShare = () => true;
navigator.share = async ({ url, files }) => {
  shared.push(url ?? files.map((file) => [file.name, file.size]));
  told().shared = shared.length;
};
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
  told().awake = "yes";
  return { release: async () => { told().awake = "no"; } };
} } });
"""


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB", reduced_motion="reduce")
    made.add_init_script(PHONE)
    yield made
    made.close()


@pytest.fixture
def party(database: Database, event: Event) -> str:
    """The leader's page of three people who are registered already."""
    with database.transaction() as session:
        ids = []
        for name, name_ur in PEOPLE:
            visitor = make_visitor(session, name, name_ur=name_ur, organisation="Sialkot Sports Goods Cluster")
            make_badge(session, event, visitor)
            visitors.join_party(session, (ids or [visitor.id])[0], visitor.id)
            ids.append(visitor.id)
    return f"/badge/{private_link(SECRET, ids[0], 0)}"


def tokens(database: Database, event: Event) -> list[str]:
    """What the code of each person holds, in the order of registration."""
    with database.snapshot() as session:
        ids = session.scalars(select(VisitorRow.id).order_by(VisitorRow.id)).all()
        return [token_of(event, badges.current_badge(session, one)) for one in ids]


def seen(page: Page) -> list[str]:
    """What a scanner reads from the screen as it is."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    return [code.text for code in zxingcpp.read_barcodes(shot)]


def stands(page: Page, place: int) -> None:
    """Wait until this badge is the one in view."""
    expect(page.locator(f"#badge-{place} .badge-code")).to_be_in_viewport(ratio=1)


def fill(page: Page, name: str, name_ur: str) -> None:
    page.fill("[name=name]", name)
    page.fill("[name=name_ur]", name_ur)
    page.locator("[name=category][value=trade-visitor]").check()
    page.locator("[name=consent]").check()
    page.click("main button[type=submit]")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_family_registers_on_one_phone_and_each_code_on_the_screen_is_its_own(
    page: Page, url: str, database: Database, event: Event, language: str
) -> None:
    page.goto(f"{url}/register?lang={language}")
    page.fill("[name=organisation]", "Sialkot Sports Goods Cluster")
    fill(page, *PEOPLE[0])
    page.wait_for_url("**/badge/*")
    assert tokens(database, event) == seen(page)
    for place, person in enumerate(PEOPLE[1:], 2):
        page.locator("main a[href$='/add']").click()
        expect(page.locator("[name=name]")).to_have_value("")
        expect(page.locator("[name=organisation]")).to_have_value("Sialkot Sports Goods Cluster")
        fill(page, *person)
        page.wait_for_url(f"**/badge/*#badge-{place}")
        stands(page, place)  # the page opens at the new badge
    expected = tokens(database, event)
    assert 3 == len(set(expected))
    page.goto(page.url.split("#")[0])
    for place, token in enumerate(expected, 1):
        stands(page, place)
        assert [token] == seen(page)
        assert 320 == page.evaluate("document.documentElement.scrollWidth")
        # A swipe: the row scrolls and snaps by itself.
        page.locator(".party").evaluate("(row, way) => row.scrollBy(way * 200, 0)", WAYS[language][0])


@pytest.mark.parametrize("language", ["en", "ur"])
def test_arrows_and_their_keys_go_from_badge_to_badge_and_stop_at_the_ends(
    page: Page, url: str, party: str, database: Database, event: Event, language: str
) -> None:
    expected = tokens(database, event)
    page.goto(f"{url}{party}?lang={language}")
    page.locator("#badge-1 [data-step='1']").click()
    stands(page, 2)
    expect(page.locator("#badge-2 [data-step='1']")).to_be_focused()
    page.keyboard.press("Enter")
    stands(page, 3)
    page.locator("#badge-3 [data-step='-1']").click()
    stands(page, 2)
    assert f"{party}?lang={language}" == page.url.removeprefix(url)  # nothing to go back through
    _, on, back = WAYS[language]
    for key, place in ((on, 3), (on, 3), (back, 2), (back, 1), (back, 1), (on, 2)):
        page.keyboard.press(key)
        stands(page, place)
    page.evaluate("scrollTo(0, 0)")
    assert [expected[1]] == seen(page)


def test_a_tap_shows_the_code_alone_on_white_and_keeps_the_phone_awake(
    page: Page, url: str, party: str, database: Database, event: Event
) -> None:
    page.goto(url + party)
    page.locator("#badge-2 [data-step='1']").focus()
    stands(page, 2)
    page.locator("#badge-2 [data-full]").click()
    expect(page.locator("html")).to_have_attribute("data-awake", "yes")
    alone = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert {(255, 255, 255)} == {alone.getpixel(at) for at in ((1, 1), (318, 1), (1, 638), (318, 638))}
    assert [tokens(database, event)[1]] == [code.text for code in zxingcpp.read_barcodes(alone)]
    expect(page.locator("#full")).to_contain_text("Bilal Siddiqui")
    page.keyboard.press("ArrowLeft")  # the row behind stays where it is
    page.keyboard.press("Escape")
    expect(page.locator("html")).to_have_attribute("data-awake", "no")
    expect(page.locator("#full")).to_be_hidden()
    stands(page, 2)


def test_sending_warns_first_and_gives_whatsapp_and_the_phone_this_badge_s_own_link(
    page: Page, url: str, party: str, event: Event, database: Database
) -> None:
    page.goto(f"{url}{party}?lang=en")
    page.locator("#badge-1 [data-step='1']").click()
    stands(page, 2)
    send = page.locator("#badge-2 .send")
    expect(send.get_by_text("Whoever has the link")).to_be_hidden()
    send.locator("summary").click()
    expect(send.get_by_text("Whoever has the link")).to_be_visible()
    with database.snapshot() as session:
        second = session.scalars(select(VisitorRow.id).order_by(VisitorRow.id)).all()[1]
    address = f"{event.public_url}/badge/{private_link(SECRET, second, 0)}"
    whatsapp = urlsplit(str(send.locator("a").get_attribute("href")))
    assert ("https", "wa.me", "/") == (whatsapp.scheme, whatsapp.netloc, whatsapp.path)
    assert {"text": [f"A badge for {event.name}: {address}"]} == parse_qs(whatsapp.query)
    send.locator("[data-share=link]").click()
    send.locator("[data-share=picture]").click()
    expect(page.locator("html")).to_have_attribute("data-shared", "2")
    link, picture = page.evaluate("shared")
    assert address == link
    assert re.fullmatch(r"badge-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\.png", picture[0][0])
    assert 5_000 < picture[0][1]


def test_all_badges_print_on_a_page_each(page: Page, url: str, party: str, database: Database, event: Event) -> None:
    page.goto(f"{url}{party}?lang=en")
    href = page.get_by_role("link", name="Print all (3 pages)").get_attribute("href")
    pdf = pypdfium2.PdfDocument(io.BytesIO(page.request.get(f"{url}{href}").body()))
    read = [{code.text for code in zxingcpp.read_barcodes(one.render(scale=3).to_pil())} for one in pdf]
    assert [{token} for token in tokens(database, event)] == read


def test_without_scripts_the_page_shows_swipes_saves_and_prints(
    browser: Browser, url: str, party: str, database: Database, event: Event
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, reduced_motion="reduce", locale="en-GB"
    )
    page = context.new_page()
    page.goto(f"{url}{party}?lang=en")
    page.locator("#badge-1 a[href='#badge-2']").click()
    stands(page, 2)
    assert [tokens(database, event)[1]] == seen(page)
    page.locator("#badge-2 .send summary").click()
    expect(page.locator("#badge-2 .send a")).to_be_visible()
    expect(page.locator("#badge-2 [data-share=link]")).to_be_hidden()
    with page.expect_download() as saved:
        page.locator("#badge-2 a[download]").click()
    assert re.fullmatch(r"badge-[0-9A-Z-]{11}\.png", saved.value.suggested_filename)
    picture = Image.open(saved.value.path())
    assert [tokens(database, event)[1]] == [code.text for code in zxingcpp.read_barcodes(picture)]
    context.close()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_pages_pass_axe_and_are_big_enough_for_a_finger(page: Page, url: str, party: str, language: str) -> None:
    page.goto(f"{url}{party}?lang={language}")
    for state in ("shut", "open", "alone", "form"):
        if state == "open":
            page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true })")
            expect(page.locator("#badge-1 [data-share=picture]")).to_be_visible()
        if state == "alone":
            page.locator("#badge-1 [data-full]").click()
        if state == "form":
            page.goto(f"{url}{party}/add")
        else:
            assert [] == page.evaluate(SMALL), state
        for width in (320, 800, 1280):
            page.set_viewport_size({"width": width, "height": 640})
            assert width == page.evaluate("document.documentElement.scrollWidth"), state
        page.set_viewport_size({"width": 320, "height": 640})
        assert "" == faults_of(page), state

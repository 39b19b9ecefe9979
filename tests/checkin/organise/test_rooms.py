"""The organisers' rooms for tablets in a browser: in both languages, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.badges.gatecard import GateCard, read_gate_card
from checkin.database import Database
from checkin.devices import service
from checkin.devices.model import Health
from checkin.event.model import Direction, Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.admission.tablet import Tablet
from tests.checkin.organise.test_discrepancies import let_in_twice
from tests.checkin.staff.people import add_staff
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_device, make_item

# What is pressed and too small for a finger.
SMALL = (
    "() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select')]"
    ".map((thing) => [thing.textContent.trim(), thing.closest('label') ?? thing])"
    ".map(([text, thing]) => [text, thing.getBoundingClientRect()])"
    ".filter(([, box]) => box.width && (box.height < 44 || box.width < 24)).map(([text]) => text)"
)
SIZES = {"phone": (360, 740), "desk": (1280, 900)}


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(browser: Browser, url: str, database: Database, size: str) -> Iterator[BrowserContext]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[size]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


def furnish(app: Flask, database: Database, event: Event) -> int:
    """Tablets in every state, late scans, a discrepancy and an evening code; the code's number."""
    with database.transaction() as session:
        _, good = make_device(session, event, name="Gate 1, tablet A")
        service.note_health(session, good, Health(battery=0.87, outbox=0, app="2026.1", offset_ms=130), now=clock.now())
        _, bad = make_device(session, event, "gate-3", "A tablet with a very long name that nobody ever calls it by")
        health = Health(battery=0.11, outbox=1037, app="2026.1", offset_ms=-7_205_000)
        service.note_health(session, bad, health, now=clock.now() - timedelta(minutes=31))
        service.note_health(session, good, Health(roster_age_s=180), now=clock.now())
        make_device(session, event, "", "Spare 1")
        _, put_away = make_device(session, event, name="Old one")
        service.retire(session, put_away.id, now=clock.now(), by="tests")
    let_in_twice(app, database, event)
    retired = Tablet(app, database, event)
    with database.transaction() as session:
        service.retire(session, retired.device.id, lost=True, now=clock.now(), by="tests")
        _, opened = service.open_set(
            session,
            secret=app.config["SECRET_KEY"],
            name="Tablet",
            gate="",
            most=20,
            lives=timedelta(hours=12),
            now=clock.now(),
            by="tests",
        )
    retired.post("scans", scans=[make_item("LATE", DAY_ONE)])
    return opened.number


def rooms(number: int) -> dict[str, str]:
    return {
        "devices": "/organise/devices",
        "set": f"/organise/devices/sets/{number}",
        "retire": "/organise/devices/2/retire",
        "discard": "/organise/devices/7/quarantine/discard",
        "cards": "/organise/gate-cards",
        "gates": "/organise/gates",
        "hold": "/organise/gates/gate/gate-1/hold",
        "discrepancies": "/organise/discrepancies",
        "board": "/organise/",
    }


def assert_readable(page: Page) -> None:
    """Nothing hangs over the edge, and whatever is pressed is large enough for a finger."""
    page.wait_for_load_state("load")  # the style sheets are there
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert [] == page.evaluate(SMALL)


def test_every_room_fits_in_urdu_on_a_phone_and_in_english_at_a_desk(
    app: Flask, page: Page, url: str, database: Database, event: Event, size: str
) -> None:
    language = {"phone": "ur", "desk": "en"}[size]
    for path in rooms(furnish(app, database, event)).values():
        answer = page.goto(f"{url}{path}?lang={language}")
        assert answer is not None
        assert 200 == answer.status, path
        assert_readable(page)


def test_the_page_of_a_set_counts_by_itself_and_ends_when_all_are_paired(
    page: Page, url: str, database: Database, event: Event
) -> None:
    page.goto(f"{url}/organise/devices")
    page.fill("[name=set-most]", "2")
    page.select_option("[name=set-gate]", "(spare)")
    page.click("#pair-set button[type=submit]")
    page.wait_for_url("**/sets/*")
    expect(page.locator("#so-far")).to_contain_text("0 of 2 paired")
    page.evaluate("window.isSamePage = true")
    code = re.search(r"#pair=(\w+)", page.inner_text("main"))
    assert code is not None

    def pair() -> None:
        with database.transaction() as session:
            assert service.pair(session, event, code[1], app="tests", now=clock.now()) is not None

    pair()
    expect(page.locator("#so-far")).to_contain_text("1 of 2 paired", timeout=10_000)
    assert page.evaluate("window.isSamePage")
    pair()
    expect(page.locator("main")).to_contain_text("All are paired", timeout=10_000)
    assert 0 == page.locator(".pairing-qr").count()


def test_gate_cards_print_four_on_a_sheet_and_each_is_read_from_the_paper(
    page: Page, url: str, event: Event, tmp_path: Path, size: str
) -> None:
    page.goto(f"{url}/organise/gate-cards")
    page.pdf(path=tmp_path / "cards.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "cards.pdf") as document:
        pictures = [document[n].render(scale=2).to_pil() for n in range(len(document))]
    gates, keys = [gate.slug for gate in event.gates], {0: KEYS.key(0)}
    sheets = [
        [
            read_gate_card(found.text, event=event.slug, keys=keys, gates=gates)
            for found in zxingcpp.read_barcodes(sheet)
        ]
        for sheet in pictures
    ]
    ways = [2 if gate.direction is Direction.BOTH else 1 for gate in event.gates]
    total = sum(ways)
    assert [min(4, total - done) for done in range(0, total, 4)] == [len(sheet) for sheet in sheets]
    read = [card for sheet in sheets for card in sheet]
    assert total == len(set(read))
    assert all(isinstance(card, GateCard) for card in read)


def test_no_card_is_fuller_than_its_paper(page: Page, url: str) -> None:
    page.goto(f"{url}/organise/gate-cards")
    page.emulate_media(media="print")
    over = page.evaluate(
        "() => [...document.querySelectorAll('.gate-card')]"
        ".filter((card) => card.scrollHeight > card.clientHeight + 1).length"
    )
    assert 0 == over

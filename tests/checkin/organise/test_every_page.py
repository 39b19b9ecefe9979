"""Every room of the organisers passes axe-core, fits a phone and is large enough for a finger, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from checkin import clock
from checkin.admission.corrections import Correction, undo
from checkin.apikeys.model import Scope
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.axe import faults_of
from tests.checkin.apikeys.keys import make_key
from tests.checkin.organise.test_rooms import SMALL
from tests.checkin.staff.people import add_staff
from tests.checkin.webhooks.hooks import add_webhook, tell
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

OF_SOMEBODY = ("", "/correct", "/reissue", "/revoke", "/days", "/double", "/merge/2")
OTHERS = (
    *("gates/new", "gates/day/2026-01-24/hours", "devices/1/change", "devices/1/retire", "?day=all", "wall?day=all"),
    *("api-keys/1/revoke", "webhooks/1", "webhooks/1/remove"),
)


@pytest.fixture
def hall(app: Flask, database: Database, event: Event) -> None:
    """Two people who may be one, a tablet, scans of every kind."""
    with database.transaction() as session:
        somebody = make_visitor(
            session, phone="+923001234567", name_ur="عائشہ صدیقی", city="Lahore", sectors=("textiles",)
        )
        badge = make_badge(session, event, somebody)
        make_badge(session, event, make_visitor(session, phone="+923001234567", group="Khan"))
        _, tablet = make_device(session, event, name="Gate 1, tablet A")
        revoked = make_badge(session, event, category="delegate")
        badges.revoke(session, revoked.visitor_id, now=clock.now(), actor="tests", reason="sold")
    items = [make_item(token_of(event, one), DAY_ONE) for one in (badge, revoked)]
    told = send(
        database, event, tablet, *items, make_item("rubbish", DAY_ONE), make_item(token_of(event, badge), DAY_ONE)
    )
    now = clock.now()
    with database.transaction() as session:
        how = Correction(
            id=told[0].row.id[::-1], scan_id=told[0].row.id, at=now, reason="", by="tests", device=None, now=now
        )
        undo(session, how)
    make_key(database, *Scope)
    add_webhook(database, "https://hooks.example.org/")
    tell(database)


@pytest.fixture
def page(browser: Browser, url: str, database: Database) -> Iterator[Page]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield context.new_page()
    context.close()


def rooms(app: Flask) -> list[str]:
    """The addresses of all pages that need no name or number, and of those of one person, gate and tablet."""
    plain = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/organise/") and "GET" in (rule.methods or ()) and not rule.arguments
    }
    found = sorted(path for path in plain if not path.endswith((".csv", ".pdf", "/compare", "/runs")))
    return [*found, *(f"/organise/people/1{way}" for way in OF_SOMEBODY), *(f"/organise/{way}" for way in OTHERS)]


@pytest.mark.sqlite("what is looked at is the pages")
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_passes_axe_and_fits_a_phone(app: Flask, hall: None, page: Page, url: str, language: str) -> None:
    page.goto(f"{url}/organise/?lang={language}")
    faults, seen = [], rooms(app)
    assert len(seen) > 30
    for path in seen:
        answer = page.goto(f"{url}{path}")
        assert answer is not None
        assert answer.ok, path
        assert language == page.locator("html").get_attribute("lang")
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true })")
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        small = page.evaluate(SMALL)
        found = faults_of(page)
        if width > 0 or small or found:
            faults.append(f"{path}: {width} px too wide; too small: {small}; {found}")
    assert [] == faults, "\n".join(faults)

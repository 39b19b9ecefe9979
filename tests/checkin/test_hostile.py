"""What no database need store: NUL, halves of characters, numbers beyond all bounds. No address answers it with 500."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import carry_session, make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor

NUL = "Ayesha\0\x01 Siddiqui"
HALF = "\ud83d"
HUGE = 2**70
WORDS = (
    "q",
    "words",
    "before",
    "after",
    "since",
    "have",
    "day",
    "gate",
    "category",
    "template",
    "paper",
    "next",
    "page",
    *("hour", "zone", "what", "kind", "settled", "country", "city", "gender", "sector", "cluster", "state", "printed"),
    *("action", "actor", "from", "until", "subject", "of"),
)


@pytest.fixture
def organiser(app: Flask, database: Database) -> FlaskClient:
    client = app.test_client()
    carry_session(client, database, make_staff(database))
    return client


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)


@pytest.fixture(autouse=True)
def somebody(database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_badge(session, event, make_visitor(session))


def addresses(app: Flask, method: str, word: str) -> Iterator[str]:
    """Each address that takes `method`, with `word` where it takes a text, and a number beyond bounds for a number."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()) and "static" not in rule.endpoint and "gate." not in rule.endpoint:
            texts = re.sub(r"<(?:path:)?\w+>", quote(word, safe=""), rule.rule)
            yield re.sub(r"<int:\w+>", str(HUGE), texts)
            if "<int:" in rule.rule:
                yield re.sub(r"<int:\w+>", "1", texts)


@pytest.mark.parametrize("word", [NUL, str(HUGE), "2026-02-31", ""], ids=["nul", "huge", "no day", "empty"])
def test_any_page_asked_for_with_it_answers(app: Flask, organiser: FlaskClient, tablet: Tablet, word: str) -> None:
    query = "&".join(f"{name}={quote(word)}" for name in WORDS)
    for path in addresses(app, "GET", word):
        answer = organiser.get(f"{path}?{query}", headers=tablet.headers)
        assert answer.status_code < 500, (path, answer.status_code)


@pytest.mark.parametrize("word", [NUL, str(HUGE), "x" * 3000], ids=["nul", "huge", "long"])
def test_any_form_sent_with_it_answers(app: Flask, organiser: FlaskClient, word: str) -> None:
    for path in addresses(app, "POST", word):
        if path.startswith("/api/"):
            continue
        page = organiser.get(path).text
        names = set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', page)) - {"csrf_token"}
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', organiser.get("/register").text)
        assert token is not None
        wanted = names | {
            "words",
            "lost",
            "issue",
            "name",
            "email",
            "code",
            "pin",
            "form_id",
            "do",
            "reason",
            "message",
        }
        form = dict.fromkeys(wanted, word) | {"csrf_token": token[1]}
        answer = organiser.post(path, data=form)
        assert answer.status_code < 500, (path, answer.status_code)


@pytest.mark.parametrize("word", [NUL, HALF, "x" * 3000, HUGE, -HUGE, 1e400], ids=repr)
def test_whatever_a_tablet_sends_with_it_is_answered(
    app: Flask, tablet: Tablet, word: str | float, database: Database
) -> None:
    item = make_item("any", DAY_ONE)
    bodies: list[tuple[str, dict[str, object]]] = [
        *(
            ("scans", {"scans": [item | {name: word}]})
            for name in (*item, "gate", "direction", "clock", "shown", "staff")
        ),
        ("scans", {"scans": [item | {"shown": {"verdict": word, "reason": word, "confirmed": word}}]}),
        ("devices", {"code": word, "app": word}),
        ("look-up", {"token": word}),
        *(
            (f"scans/{item['id']}/undo", {"id": item["id"], "at": item["scanned_at"], "reason": word, name: word})
            for name in ("id", "at")
        ),
        (f"scans/{item['id']}/override", {"id": item["id"], "at": item["scanned_at"], "reason": word, "pin": word}),
    ]
    for path, body in bodies:
        answer = tablet.post(path, **body)
        assert answer.status_code < 500, (path, body, answer.status_code)
    for name in ("gate", "direction", "battery", "outbox", "app", "offset_ms", "roster_age_s", "erased"):
        answer = tablet.client.put("/api/v1/devices/self", json={name: word}, headers=tablet.headers)
        assert answer.status_code < 500, (name, answer.status_code)

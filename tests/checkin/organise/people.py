"""Made-up people for the organisers' list, and ways through its pages."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.visitors.model import Visitor
from tests.factories import make_badge, make_visitor

PEOPLE = "/organise/people"


def make_person(session: Session, event: Event, name: str = "Ayesha Siddiqui", **more: object) -> Visitor:
    """A visitor with a badge."""
    visitor = make_visitor(session, name, **more)  # type: ignore[arg-type]
    make_badge(session, event, visitor)
    return visitor


def names(page: str) -> list[str]:
    """Whom the list shows, in its order."""
    return [unescape(name) for name in re.findall(r'href="/organise/people/\d+"><bdi>([^<]*)</bdi>', page)]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, f"no field {name}"
    return unescape(found[1])


def search(client: FlaskClient, words: str, **filters: str) -> TestResponse:
    """Type words and press the button, as a browser does: redirects are gone after, with the words in the body."""
    token = hidden(client.get(PEOPLE).text, "csrf_token")
    data = {"csrf_token": token, "filters": "1", "words": words, **filters}
    answer = client.post(PEOPLE, data=data)
    if answer.status_code == 307:  # the test client has read the body away by then
        return client.post(answer.location, data=data)
    return client.get(answer.location) if answer.status_code == 303 else answer


def fields(page: str) -> dict[str, object]:
    """What a browser would send of the form of correction as it was opened."""
    form = page.partition("novalidate")[2].partition("</form>")[0]
    told: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if given.get("type") not in {"checkbox", "radio"} or "checked" in tag:
            told.setdefault(given["name"], []).append(unescape(given.get("value", "")))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        told[name] = [chosen[1] if chosen else ""]
    return dict(told)


def did(session: Session) -> list[tuple[str, str, str]]:
    """What the journal says was done to people, oldest first: who, what, to whom."""
    entries = reversed(latest(session, 100))
    return [(one.actor, one.action, one.subject) for one in entries if one.action.partition(".")[0] != "staff"]

"""HTTP for the roster: a page of JSON, packed, and not sent again while nothing in it has changed."""

from __future__ import annotations

import gzip
import hashlib
import json

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.admission.roster import Asked, roster
from checkin.admission.wire import RosterQuery
from checkin.badges.views import keys
from checkin.devices import guard
from checkin.programme.service import current_event
from checkin.web import asked_in_address, database, error_answer, site

bp = Blueprint("roster", __name__)
PASSING = ("server_time", "cursor")  # what differs each time, and is no news
LEVEL = 6  # of gzip: half the time of 9, for three parts in a hundred more bytes
SMALL = 1_000  # bytes that are not worth packing


@bp.get("/api/v1/roster")
@guard.device_required()
def get_roster() -> ResponseReturnValue:
    """What the tablet does not know yet; 304 while that is what it was told last, 410 once tablets erase all of it."""
    asked = asked_in_address(RosterQuery)
    if not isinstance(asked, RosterQuery):
        return asked
    now, open_for = clock.now(), database().open_for()
    with database().snapshot() as session:
        programme = current_event(session, site().event)
        if now >= programme.event.erase_at:
            return error_answer(410, "The event is over. Tablets erase what they know of its people.", reason="over")
        page = roster(
            session,
            programme,
            keys(),
            Asked(since=asked.since, after=asked.after, keys=asked.keys),
            now,
            open_for,
        )
    return _answer(page)


def _answer(page: dict[str, object]) -> Response:
    """The page with its ETag. The browser must not keep it (`no-store`): the tablet erases what it keeps itself."""
    news = _packed({name: value for name, value in page.items() if name not in PASSING})
    answer = Response(mimetype="application/json")
    answer.vary.add("Accept-Encoding")
    tag = hashlib.sha256(news).hexdigest()[:32]
    answer.set_etag(tag, weak=True)
    if request.if_none_match.contains_weak(tag):
        answer.status_code = 304
        return answer
    body = news[:-1] + b"," + _packed({name: page[name] for name in PASSING})[1:]
    if len(body) >= SMALL and request.accept_encodings["gzip"] > 0:
        body = gzip.compress(body, LEVEL, mtime=0)
        answer.content_encoding = "gzip"
    answer.set_data(body)
    return answer


def _packed(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

"""Each request: an id that log, answer and error page share, its time, and a line in the log when it is worth one."""

from __future__ import annotations

import itertools
import logging
import os
import re
import secrets
import time
from functools import lru_cache
from typing import Final

from flask import Flask, Request, Response, g, has_request_context, request

from checkin.sight import metrics

HEADER: Final = "X-Request-ID"
MORE: Final = "more"  # the attribute of a record that holds fields of its own: `extra={MORE: {…}}`
SLOW_S: Final = 0.5
# What tablets and machines ask all day: told when it is slow or fails, counted always.
QUIET: Final = frozenset({"static", "gate.static", "healthz", "readyz", "metrics", "admission.post_scans"})
FILES: Final = ("static", "gate.")  # how their endpoints begin: nobody reports a file, and a first visit counts bytes
_NOTHING_NEW, _FAILED = 304, 500
_SAFE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_numbers = itertools.count(secrets.randbits(32))
_log = logging.getLogger(__name__)


def init_app(app: Flask, *, behind_proxy: bool) -> None:
    """Watch every request of `app`. An id that comes with it is kept if it is harmless and `behind_proxy`."""

    def begin() -> None:
        given = request.headers.get(HEADER) if behind_proxy else None
        g.request_id = given if given and _SAFE.fullmatch(given) else _new_id()
        g.began = time.perf_counter()

    app.before_request(begin)
    app.after_request(_end)  # the first to be registered, so the last to see the answer


def _new_id() -> str:
    """Chance for the process, then a number: chance for each request would be a call of the system for each."""
    return f"{_process(os.getpid())}{next(_numbers) & 0xFFFFFFFF:08x}"


@lru_cache(maxsize=1)
def _process(_pid: int) -> str:
    return secrets.token_hex(4)  # a fork has its own


def request_id() -> str:
    """The id of this request; empty outside one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def page(asked: Request | None = None) -> str:
    """The rule of this request's route, as `/badge/<link>`."""
    rule = (asked or request).url_rule
    return rule.rule if rule else "none"


def about_request() -> dict[str, object]:
    """What may be told of the request that this thread answers, if it answers one."""
    return {"request": request_id(), "method": _method(request), "page": page()} if has_request_context() else {}


def _end(response: Response) -> Response:
    began: float | None = g.get("began")
    if began is None:  # it failed before anybody looked at it
        return response
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - one look-up, not ten
    if not (asked.endpoint or "").startswith(FILES):
        response.headers[HEADER] = g.request_id
    seconds, status = time.perf_counter() - began, response.status_code
    metrics.observe_request(page(asked), _method(asked), status, seconds)
    is_slow, has_failed = seconds > SLOW_S, status >= _FAILED
    if is_slow or has_failed or not (asked.endpoint in QUIET or status == _NOTHING_NEW):
        level = logging.ERROR if has_failed else logging.WARNING if is_slow else logging.INFO
        more = {"status": status, "ms": round(seconds * 1000, 1), "bytes": response.content_length, **_who()}
        _log.log(level, "slow request" if is_slow else "request", extra={MORE: more})
    return response


def _method(asked: Request) -> str:
    """The method, of those that we answer: any other word is the client's own."""
    return asked.method if asked.method in metrics.METHODS else "other"


def _who() -> dict[str, object]:
    """Which device or API key asked, or in which role somebody did; never who."""
    device, key, live = g.get("device"), g.get("api_key"), g.get("live_session")
    if device is not None:
        return {"device": device.id}
    if key is not None:
        return {"key": key.id}
    return {"role": live.staff.role} if live is not None else {}

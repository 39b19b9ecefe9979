"""HTTP for whoever watches this system: alive, ready, metrics."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from http import HTTPStatus
from itertools import chain
from typing import Final

from flask import Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from checkin.database import Database
from checkin.settings import Settings
from checkin.sight import metrics, ready, requests, slow
from checkin.sight.figures import of_machine
from checkin.sight.logs import about_error, kind_of

EXTENSION = "checkin.sight"
NOT_A_KEY: Final = (404, "")
Check = Callable[[str], tuple[int, str]]
"""What a key opens that came with a request: 200, or another status and why; NOT_A_KEY when it is none at all."""
_log = logging.getLogger(__name__)
_KEY, _CHECK = "CHECKIN_METRICS_KEY", "checkin.metrics_check"


def init_app(app: Flask, settings: Settings, database: Database) -> None:
    """Watch `app`, which must not have been given anything else yet that looks at requests."""
    requests.init_app(app, behind_proxy=settings.proxies > 0)
    slow.watch(database.engines, settings.slow_ms)
    found = ready.standard(settings, database)
    found.looks.append(lambda: of_machine(settings, database))
    app.extensions[EXTENSION] = found
    app.config[_KEY] = settings.metrics_key
    open_for(app, lambda _: NOT_A_KEY)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", get_metrics)


def open_for(app: Flask, check: Check) -> None:
    """Let whom `check` lets through see the metrics, beside the key of the settings, which needs no database."""
    app.extensions[_CHECK] = check


def sight_of(app: Flask) -> ready.Sight:
    """What `app` looks at; more may be added while it is put together."""
    found = app.extensions[EXTENSION]
    if not isinstance(found, ready.Sight):
        raise TypeError("the application was not made by create_app()")
    return found


def healthz() -> ResponseReturnValue:
    """Alive; touches nothing."""
    return jsonify(status="alive")


def readyz() -> ResponseReturnValue:
    """Able to store a scan: 200, else 503; every check's state either way."""
    checks = sight_of(current_app).state()
    is_ready = all(one["state"] != "failing" for one in checks.values())
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return jsonify(status="ready" if is_ready else "not ready", checks=checks), status


def get_metrics() -> ResponseReturnValue:
    """The metrics, for whoever has the key: as a bearer token, or as any user's password. Without a key, nothing.

    An API key that may read them opens them too.
    """
    key, given = current_app.config[_KEY], _given()
    if not key or not hmac.compare_digest(given.encode(), key.encode()):
        status, message = current_app.extensions[_CHECK](given)
        if (status, message) == NOT_A_KEY:
            return _ask_for_key() if key else abort(HTTPStatus.NOT_FOUND)
        if status != HTTPStatus.OK:
            return jsonify(error={"status": status, "message": message, "request": requests.request_id()}), status
    figures = chain.from_iterable(map(_figures, sight_of(current_app).looks))
    return Response(metrics.exposed(figures), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _ask_for_key() -> Response:
    return Response("A key is needed.\n", 401, {"WWW-Authenticate": 'Basic realm="metrics"'}, mimetype="text/plain")


def _figures(look: metrics.Look) -> list[metrics.Figure]:
    """What one look finds; nothing when it fails, since the others matter most then."""
    try:
        return list(look())
    except Exception as error:  # noqa: BLE001
        _log.error("figures cannot be looked up: %s", kind_of(error), extra={requests.MORE: about_error(error)})
        return []


def _given() -> str:
    given = request.authorization
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""

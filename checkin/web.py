"""What every page shares: the site at hand, language, error answers, security headers."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel, gettext, lazy_gettext
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import IntegerConverter, Map

from checkin.database import Database
from checkin.event.model import Event
from checkin.settings import Settings
from checkin.sight.logs import kind_of
from checkin.sight.requests import request_id

Asked = TypeVar("Asked", bound=BaseModel)

LANGUAGES = {"en": "English", "ur": "اردو"}
CONTENT_SECURITY_POLICY = (
    # zxing-wasm does not start without 'wasm-unsafe-eval', on the worker's own answer too.
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
SAFETY = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
NOT_KEPT = ("Cache-Control", "no-store")
FILES = ("/static/", "/gate/")
SQUEEZABLE = {"application/json", "application/manifest+json", "application/wasm", "image/svg+xml"}
csrf = CSRFProtect()
babel = Babel()

ERRORS = {
    400: lazy_gettext("That request could not be understood. Please go back and try again."),
    403: lazy_gettext("You are signed in, but this page belongs to another role. Ask an organiser."),
    404: lazy_gettext("There is nothing at this address. Check the link, or begin at the first page."),
    405: lazy_gettext("That cannot be done here. Please go back and try again."),
    413: lazy_gettext("That is too large to be taken. Please send less at once."),
    429: lazy_gettext("That was tried too often. Please wait a little and try again."),
    500: lazy_gettext("Something went wrong on our side, and it has been noted. Please try again."),
    503: lazy_gettext("The system cannot write at the moment. Nothing was lost: please try again in a little while."),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One installation at work: its settings, its database, its event file."""

    settings: Settings
    database: Database
    event: Event


def site() -> Site:
    """The installation that answers this request."""
    found = current_app.extensions["checkin"]
    if not isinstance(found, Site):
        raise TypeError("the application was not made by create_app()")
    return found


def database() -> Database:
    """The database of this installation."""
    return site().database


def is_api() -> bool:
    """Whether this request speaks JSON: tablets and other systems, never a person's browser."""
    return request.path.startswith("/api/")


def chosen_language() -> str:
    """`?lang=`, else the cookie of an earlier choice, else what the browser prefers, else English."""
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES)) or "en"


def language_link(language: str) -> str:
    """This page in `language`."""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'lang': language})}"


def error_answer(status: int, message: str, **more: object) -> ResponseReturnValue:
    """One error, told as JSON to a machine and as a page to a person, with the request's id for whoever reports it."""
    if is_api():
        return jsonify(error={"status": status, "message": message, "request": request_id(), **more}), status
    return render_template("error.html", status=status, message=message, request_id=request_id()), status


class IdConverter(IntegerConverter):
    """`<int:…>` of an address: an id that a database can hold. A greater one is nobody's, so there is no such page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def init_app(app: Flask) -> None:
    """Give `app` its language, CSRF, error pages and headers."""
    app.url_map.converters |= {"int": IdConverter, "moment": IntegerConverter}  # a moment: its microseconds, any number
    csrf.init_app(app)
    init_pages(app)
    app.jinja_env.globals.update(site=site)
    app.register_error_handler(HTTPException, _refuse)
    for refusal in (OperationalError, InterfaceError, NoConnectionError):
        app.register_error_handler(refusal, _cannot_write)
    app.register_error_handler(CSRFError, _stale_form)


def init_pages(app: Flask) -> None:
    """Give `app` what any page of ours has: its language, and the headers that keep a browser from harm."""
    babel.init_app(app, locale_selector=chosen_language)
    app.jinja_env.globals.update(languages=LANGUAGES, language=chosen_language, language_link=language_link)
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    headers, is_file = response.headers, request.path.startswith(FILES)
    given = {name for name, _ in headers}  # once: werkzeug looks through all of them for each question
    for name, value in SAFETY if is_file else (*SAFETY, NOT_KEPT):
        if name not in given:
            headers.add(name, value)
    if is_file:
        _squeeze(response)
    wish = None if is_api() else request.args.get("lang")
    if wish in LANGUAGES:
        response.set_cookie("lang", wish, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


def _squeeze(response: Response) -> None:
    kind = response.mimetype or ""
    if kind not in SQUEEZABLE and not kind.startswith("text/"):
        return
    response.vary.add("Accept-Encoding")
    if response.status_code != HTTPStatus.OK or request.method != "GET" or not request.accept_encodings["gzip"]:
        return
    response.direct_passthrough = False
    response.set_data(squeezed(response.get_data()))
    response.content_encoding = "gzip"
    response.accept_ranges = "none"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)  # the same file, in other bytes


@lru_cache(maxsize=128)
def squeezed(content: bytes) -> bytes:
    """A file as it goes over the wire: gzip at its best, worked out once."""
    return gzip.compress(content, 9, mtime=0)


def _refuse(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None:
        return error.response
    known = ERRORS.get(status)
    message = error.description if is_api() and error.description else known
    return error_answer(status, str(message or error.name))


def _cannot_write(error: OperationalError | InterfaceError | NoConnectionError) -> ResponseReturnValue:
    current_app.logger.error("the database refuses: %s", kind_of(error))
    answer = current_app.make_response(error_answer(503, str(ERRORS[503])))
    answer.headers["Retry-After"] = "5"
    return answer


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return error_answer(
        400, gettext("This form was open for too long. Go back, load the page again and send it once more.")
    )


def json_body() -> object:
    """The request's JSON. Raises BadRequest on anything that is none, and on nesting that no one means."""
    try:
        return request.get_json()
    except RecursionError:
        raise BadRequest("the JSON is nested too deeply") from None


def parsed(model: type[Asked]) -> Asked | ResponseReturnValue:
    """The request's JSON as `model`, or the answer 400 that names the place of the first mistake."""
    return _read(model, json_body())


def asked_in_address(model: type[Asked]) -> Asked | ResponseReturnValue:
    """What stands after `?` in the address as `model`, or the answer 400 as `parsed` gives it."""
    return _read(model, request.args.to_dict())


def _read(model: type[Asked], content: object) -> Asked | ResponseReturnValue:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "body"
        return error_answer(400, f"{place}: {first['msg']}", place=place)

"""Who may see a view. Every view says so: `@required(...)` with its roles, or `@public`."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.exc import OperationalError

from checkin import clock
from checkin.staff.model import LiveSession, Role, SignedIn, Staff
from checkin.staff.sessions import find_session, is_touch_due, touch_session
from checkin.web import database, error_answer, is_api

SESSION_COOKIE = "staff_session"
ROLES_ATTRIBUTE = "allowed"
"""Each view function has an attribute of this name: a frozenset of `Role`, or EVERYONE."""
EVERYONE: Final = "everyone"
LANDING: Final = {Role.ORGANISER: "/organise/", Role.DESK: "/desk/", Role.GATE: "/gate/"}
# A path on this very site. Browsers read `//x` and `/\x` as another host, and drop tabs and line ends before reading.
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")

P = ParamSpec("P")
Answer = TypeVar("Answer")


def public(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Open to everyone, signed in or not."""
    setattr(view, ROLES_ATTRIBUTE, EVERYONE)
    return view


def required(*roles: Role) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Open to these roles alone. A stranger is sent to sign in (an API's gets 401), another role gets 403."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            live = _live_session()
            if live is None:
                return _ask_to_sign_in()
            _touch(live)
            if live.staff.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        setattr(guarded, ROLES_ATTRIBUTE, frozenset(roles))
        return guarded

    return guard


def signed_in() -> Staff | None:
    """Who sends this request, if anyone is signed in; asked of the database once a request."""
    live = _live_session()
    return None if live is None else live.staff


def current_staff() -> Staff:
    """Who sends this request, in a view behind `required`. Raises LookupError elsewhere if nobody is signed in."""
    staff = signed_in()
    if staff is None:
        raise LookupError("nobody is signed in: is the view guarded?")
    return staff


def session_token() -> str:
    """What the browser's session cookie says; may be nothing, or nonsense."""
    return request.cookies.get(SESSION_COOKIE, "")


def local_path(path: str | None) -> str | None:
    """`path` if it leads to a page of this site, else None."""
    return path if path and _LOCAL_PATH.fullmatch(path) else None


def begin_session(fresh: SignedIn, path: str | None = None) -> Response:
    """Go on, signed in, to `path` (if it is one of ours) or to where this role works."""
    session.clear()  # a new CSRF token too: nothing that was known before signing in is worth anything after
    response = _redirect(local_path(path) or LANDING[fresh.staff.role])
    response.set_cookie(
        SESSION_COOKIE,
        fresh.session_token,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def leave() -> Response:
    """Go to the sign-in page, with nothing left of the session in this browser."""
    session.clear()
    response = _redirect(url_for("staff.sign_in"))
    response.delete_cookie(SESSION_COOKIE)
    return response


def _live_session() -> LiveSession | None:
    if "live_session" not in g:
        token = session_token()
        g.live_session = None
        if token:
            with database().snapshot() as reading:
                g.live_session = find_session(reading, token, clock.now())
    found = g.live_session
    return found if isinstance(found, LiveSession) else None


def _touch(live: LiveSession) -> None:
    now = clock.now()
    if is_touch_due(live, now):
        # A full disk must not keep anyone from reading.
        with suppress(OperationalError), database().transaction() as writing:
            touch_session(writing, session_token(), now)


def _ask_to_sign_in() -> ResponseReturnValue:
    if is_api():
        return error_answer(401, gettext("Please sign in first."))
    back = request.full_path.removesuffix("?") if request.method == "GET" else None
    return _redirect(url_for("staff.sign_in", next=back))


def _redirect(path: str) -> Response:
    response = redirect(path, 303)
    if not isinstance(response, Response):
        raise TypeError("the application answers with a Response of its own")
    return response

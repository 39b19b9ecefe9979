"""The plain-http side of the hall: the CA page and the check page, for tablets that trust nothing here yet.

An application of its own, without database, session or sign-in: what is not in it cannot leak from it.
"""

from __future__ import annotations

import posixpath

from flask import Flask, Response, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, NotFound

from checkin import web
from checkin.event.model import Event
from checkin.settings import ROOT
from checkin.venue.folder import Folder
from checkin.venue.model import Hall
from checkin.venue.views import EXTENSION, bp, hall
from printing import qr_svg

# What the two pages are drawn with; all else of `static/` belongs to the application.
DRAWN_WITH = ("site.css", "frame.css", "components.css", "venue/", "vendor/fonts/")


def create_plain(event: Event, served: Hall) -> Flask:
    """The two pages of this hall, and a short answer that says where to go for every other address."""
    app = Flask("checkin", root_path=str(ROOT / "checkin"), static_folder=None)
    app.extensions[EXTENSION] = served
    app.after_request(_over_plain_http)  # runs after the one of init_pages
    web.init_pages(app)
    app.jinja_env.globals.update(event=event)
    app.register_blueprint(bp, url_prefix="")
    app.add_url_rule("/", "trust", show_trust)
    app.add_url_rule("/hall-ca.crt", "authority", get_authority)
    app.add_url_rule("/static/<path:filename>", "static", get_static)
    app.register_error_handler(HTTPException, _elsewhere)
    return app


def show_trust() -> ResponseReturnValue:
    """The CA page: how a tablet comes to trust this hall, step by step."""
    here = _hall()
    authority = Folder(here.folder).standing().authority
    return render_template(
        "venue/trust.html",
        hall=here,
        authority=authority,
        networks=tuple(one for one in authority.scope.networks if not one.is_loopback) if authority else (),
        qr_here=qr_svg(f"{here.plain}/", label=gettext("QR code of this page")),
        qr_gate=qr_svg(f"{here.base}/gate/", label=gettext("QR code of the gate")),
    )


def get_authority() -> ResponseReturnValue:
    """The CA's certificate as DER, under the type that makes a device offer to install it."""
    der = Folder(_hall().folder).authority_der()
    if der is None:
        raise NotFound
    # No Content-Disposition: Safari then saves a file instead of offering the profile.
    return Response(der, content_type="application/x-x509-ca-cert")


def get_static(filename: str) -> ResponseReturnValue:
    """Style, script and letters of the two pages."""
    is_plain_path = posixpath.normpath(filename) == filename and "\\" not in filename  # `venue/../…` leads out
    if not is_plain_path or not any(
        filename == one or (one[-1] == "/" and filename.startswith(one)) for one in DRAWN_WITH
    ):
        raise NotFound
    return send_from_directory(ROOT / "static", filename)


def _hall() -> Hall:
    found = hall()
    if found is None:
        raise TypeError("the application was not made by create_plain()")
    return found


def _elsewhere(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    return render_template("venue/elsewhere.html", hall=_hall()), status


def _over_plain_http(response: Response) -> Response:
    """The check page asks the https side whether this tablet trusts it; nothing else may leave for another origin."""
    response.headers["Content-Security-Policy"] = f"{web.CONTENT_SECURITY_POLICY}; connect-src 'self' {_hall().base}"
    del response.headers["Cross-Origin-Opener-Policy"]  # browsers heed it on secure pages alone, and complain else
    return response

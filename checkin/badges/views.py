"""The visitor's own badge page behind its private link, and badges as PDF for them and for the desk."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from checkin import clock
from checkin.badges import service
from checkin.badges.faces import face_of
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge, BadgeState
from checkin.badges.shortcode import short_code
from checkin.event.model import Event
from checkin.staff.guard import public, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.web import database, error_answer, site
from printing import Paper, qr_svg, render_badge

bp = Blueprint("badges", __name__)
PAPERS = {"a6": Paper.A6, "a4-fold": Paper.A4_FOLD}


@bp.get("/badge/<link>")
@public
def page(link: str) -> ResponseReturnValue:
    """The badge on a phone: its QR first, then who it is for and how to print it."""
    event = site().event
    with database().snapshot() as session:
        badge = _find_by_link(session, link)
    if badge is None:
        return _private(_unknown_link())
    revoked = badge.state_at(clock.now()) is BadgeState.REVOKED
    token = service.token_of(event, keys(), badge)
    answer = render_template(
        "badges/page.html",
        badge=badge,
        revoked=revoked,
        qr=Markup(qr_svg(token, label=gettext("The QR code of your badge"))),  # noqa: S704 - our own drawing
        code=short_code(badge.number),
        category=event.category_by_number[badge.category],
        days=[(format_date(day.date, "EEE d"), day.date in badge.days) for day in event.show_days],
        pdf=url_for(".pdf", link=link),
    )
    return _private(answer)


@bp.get("/badge/<link>.pdf")
@public
def pdf(link: str) -> ResponseReturnValue:
    """The badge to print at home: `?paper=a6` or `a4-fold`."""
    with database().snapshot() as session:
        badge = _find_by_link(session, link)
    if badge is None:
        return _private(_unknown_link())
    return _private(_printed(badge))


@bp.get("/desk/people/<int:visitor_id>/badge.pdf")
@required(Role.DESK, Role.ORGANISER)
def desk_pdf(visitor_id: int) -> ResponseReturnValue:
    """The badge as the desk prints it."""
    with database().snapshot() as session:
        try:
            badge = service.current_badge(session, visitor_id)
        except service.NoBadgeError:
            abort(404)
    return _printed(badge)


def _find_by_link(session: Session, link: str) -> Badge | None:
    visitor = visitors.find_by_link(session, link)
    if visitor is None:
        return None
    try:
        return service.current_badge(session, visitor.id)
    except service.NoBadgeError:
        return None


def _printed(badge: Badge) -> ResponseReturnValue:
    paper = PAPERS.get(request.args.get("paper", "a6"))
    if paper is None or badge.state_at(clock.now()) is BadgeState.REVOKED:
        abort(404)
    event: Event = site().event
    answer = Response(render_badge(face_of(event, keys(), badge), paper), mimetype="application/pdf")
    # The file's name is seen by whoever looks at the phone: it says which badge, not whose.
    answer.headers["Content-Disposition"] = f'inline; filename="badge-{short_code(badge.number)}.pdf"'
    return answer


def _private(answer: ResponseReturnValue) -> Response:
    """An answer that tells nobody its address: no referrer, no index, no store."""
    response = current_app.make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def _unknown_link() -> ResponseReturnValue:
    return error_answer(
        404,
        gettext(
            "This link opens no badge. Check that it is whole; if it is, ask at a registration desk with your name or "
            "phone number."
        ),
    )


def keys() -> KeyRing:
    """The keys of this installation."""
    return KeyRing(site().settings.token_master)

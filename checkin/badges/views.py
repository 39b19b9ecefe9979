"""The visitor's own badge page behind its private link, its files, and badges as PDF for the desk."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.badges import service
from checkin.badges.answers import (
    badge_ics,
    badge_pdf,
    badge_png,
    badges_pdf,
    cannot_draw,
    keys,
    mend_template,
    private,
    revoked,
    unknown_link,
)
from checkin.badges.cards import card_of
from checkin.badges.model import Badge, BadgeState
from checkin.badges.templates import DESK, HOME, NoSuchTemplateError
from checkin.staff.guard import public, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.visitors.model import Visitor
from checkin.web import database, site
from printing import TemplateError

__all__ = ["bp", "keys"]

bp = Blueprint("badges", __name__)
FOR_VISITORS = {HOME, DESK}


@bp.get("/badge/<link>")
@public
def page(link: str) -> ResponseReturnValue:
    """The badge on a phone, QR first; the leader of a party has everyone's badge to swipe through."""
    event, secret = site().event, site().settings.secret_key
    cards = [
        card_of(event, badge, private_link(secret, visitor.id, visitor.link_version)) for visitor, badge in _party(link)
    ]
    may_add = any(category.public for category in event.categories) and len(cards) < visitors.MOST_OF_A_PARTY
    return private(render_template("badges/page.html", cards=cards, may_add=may_add and not cards[0].is_revoked))


@bp.get("/badge/<link>.pdf")
@public
def pdf(link: str) -> ResponseReturnValue:
    """The badge to print at home: `?template=a4-fold` (as it is without a word) or `a6`."""
    template = _wished(HOME)
    if template not in FOR_VISITORS:
        abort(404)
    return _drawn(lambda badge: badge_pdf(badge, template), link)


@bp.get("/badge/<link>.png")
@public
def png(link: str) -> ResponseReturnValue:
    """The badge as a picture to keep on the phone."""
    return _drawn(badge_png, link)


@bp.get("/badge/<link>.ics")
@public
def ics(link: str) -> ResponseReturnValue:
    """The badge's days for a calendar."""
    return _drawn(badge_ics, link)


@bp.get("/badge/<link>/all.pdf")
@public
def all_pdf(link: str) -> ResponseReturnValue:
    """Every badge of this page to print at home, a page each; the revoked are left out."""
    live = tuple(badge for _, badge in _party(link) if not _is_revoked(badge))
    if not live:
        return revoked()
    try:
        return private(badges_pdf(live))
    except TemplateError as error:
        return cannot_draw(error)


@bp.get("/desk/people/<int:visitor_id>/badge.pdf")
@required(Role.DESK, Role.ORGANISER)
def desk_pdf(visitor_id: int) -> ResponseReturnValue:
    """The badge as the desk prints it: `?template=` with the name of any template."""
    with database().snapshot() as session:
        badge = service.newest_of(session, [visitor_id]).get(visitor_id)
    if badge is None or _is_revoked(badge):
        abort(404)
    template = _wished(DESK)
    try:
        return badge_pdf(badge, template)
    except NoSuchTemplateError:
        abort(404)
    except TemplateError as error:
        return mend_template(template, error)


def _party(link: str) -> list[tuple[Visitor, Badge]]:
    """Whose badges this page shows, its owner's first. An unknown link ends the request with 404."""
    with database().snapshot() as session:
        owner = visitors.find_by_link(session, link)
        party = () if owner is None else visitors.party_of(session, owner.id)
        newest = service.newest_of(session, [visitor.id for visitor in party])
    if owner is None or owner.id not in newest:
        abort(unknown_link())
    return [(visitor, newest[visitor.id]) for visitor in party if visitor.id in newest]


def _drawn(draw: Callable[[Badge], Response], link: str) -> Response:
    """A file of the link's own badge."""
    with database().snapshot() as session:
        visitor = visitors.find_by_link(session, link)
        badge = None if visitor is None else service.newest_of(session, [visitor.id]).get(visitor.id)
    if badge is None:
        return unknown_link()
    if _is_revoked(badge):
        return revoked()
    try:
        return private(draw(badge))
    except TemplateError as error:
        return cannot_draw(error)


def _is_revoked(badge: Badge) -> bool:
    return badge.state_at(clock.now()) is BadgeState.REVOKED


def _wished(otherwise: str) -> str:
    """The template that was asked for; `paper` is what the word was before there were templates."""
    return request.args.get("template") or request.args.get("paper") or otherwise

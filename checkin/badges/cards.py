"""A badge on the page of its visitor, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import format_date, gettext
from markupsafe import Markup

from checkin import clock
from checkin.badges.answers import keys
from checkin.badges.model import Badge, BadgeState
from checkin.badges.service import token_of
from checkin.badges.shortcode import short_code
from checkin.event.model import Category, Event
from checkin.web import chosen_language
from printing import qr_svg


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One badge as its page shows it. `qr` is empty where the badge was revoked; `days`: label, enters or not."""

    badge: Badge
    link: str
    is_revoked: bool
    qr: Markup
    code: str
    category: Category
    days: tuple[tuple[str, bool], ...]
    address: str
    whatsapp: str


def card_of(event: Event, badge: Badge, link: str) -> Card:
    """The card of this badge, behind its visitor's own private link."""
    is_revoked = badge.state_at(clock.now()) is BadgeState.REVOKED
    drawn = "" if is_revoked else qr_svg(token_of(event, keys(), badge), label=gettext("The QR code of your badge"))
    address = event.public_url.rstrip("/") + url_for("badges.page", link=link)
    # No name: the words go to WhatsApp in an address.
    words = gettext("A badge for %(event)s: %(link)s", event=event.named(chosen_language()), link=address)
    return Card(
        badge=badge,
        link=link,
        is_revoked=is_revoked,
        qr=Markup(drawn),  # noqa: S704 - our own drawing
        code=short_code(badge.number),
        category=event.category_by_number[badge.category],
        days=tuple((format_date(day.date, "EEE d"), day.date in badge.days) for day in event.show_days),
        address=address,
        whatsapp=f"https://wa.me/?text={quote(words, safe='')}",
    )

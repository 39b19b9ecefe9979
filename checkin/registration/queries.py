"""Who stands at the desk: finding people by whatever they can say or show."""

from __future__ import annotations

from sqlalchemy.orm import Session

from checkin.badges import service as badges
from checkin.badges.shortcode import read_short_code
from checkin.badges.token import read_token
from checkin.registration.cleaning import PhoneError, clean_phone, clean_text
from checkin.visitors import service as visitors
from checkin.visitors.model import Visitor

FEWEST_LETTERS = 2


def find_people(session: Session, typed: str) -> tuple[Visitor, ...]:
    """Visitors by short code, a scanned QR, phone, name or organisation; none for fewer than two letters."""
    words = clean_text(typed)
    number = _badge_number(words)
    badge = None if number is None else badges.find_newest(session, number)
    if badge is not None:
        return (visitors.get_visitor(session, badge.visitor_id),)
    if len(words) < FEWEST_LETTERS:
        return ()
    return visitors.search(session, _phone(words) or words)


def _badge_number(words: str) -> int | None:
    claim = read_token(words.upper())
    return read_short_code(words) if claim is None else claim.number


def _phone(words: str) -> str:
    """The number as it is kept, where a whole one was typed."""
    try:
        return clean_phone(words) if any(character.isdecimal() for character in words) else ""
    except PhoneError:
        return ""

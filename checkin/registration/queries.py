"""Who stands at the desk: finding people by whatever they can say or show."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from checkin.badges import service as badges
from checkin.badges.shortcode import numbers_beginning, read_short_code
from checkin.badges.token import read_token
from checkin.registration.cleaning import clean_text
from checkin.visitors import service as visitors
from checkin.visitors.model import Visitor
from checkin.visitors.words import is_of, meant_by


def find_people(session: Session, typed: str) -> tuple[Visitor, ...]:
    """Visitors by short code, a scanned QR, name, organisation or the end of their phone."""
    return visitors.search(session, who(typed))


def who(typed: str) -> ColumnElement[bool]:
    """That a visitor is meant by what was typed, as far as it is typed; of nobody for fewer than two letters."""
    words = clean_text(typed)
    claim = read_token(words.upper())
    number = read_short_code(words) if claim is None else claim.number
    numbers = numbers_beginning(words) if number is None else range(number, number + 1)
    # A name may look like a code, and the other way round.
    return meant_by(words) | is_of(badges.whose(numbers)) if numbers else meant_by(words)

"""What a scanned or typed text turns out to be, and what is known of its badge."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from checkin.admission import queries
from checkin.admission.model import Reading
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.service import newest_key_number
from checkin.badges.shortcode import read_short_code
from checkin.badges.token import is_genuine, read_token
from checkin.event.model import Event

# Nine letters or digits, spaces and dashes between them: typed by a person, never signed.
_SHORT_CODE_FORM = re.compile(r"\s*(?:[0-9A-Za-z][\s-]*){9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The badge behind a text. `scanned` is the issue that was read, `newest` the one that should be worn."""

    reading: Reading
    number: int | None = None
    scanned: Badge | None = None
    newest: Badge | None = None
    days: tuple[date, ...] = ()


def find(session: Session, event: Event, keys: KeyRing, text: str) -> Found:
    """Read `text` and look its badge up. A genuine token of nobody has no `scanned`; anything else is forged."""
    claim = read_token(text)
    if claim is not None:
        known_key = claim.key_number <= newest_key_number(session)
        if not known_key or not is_genuine(claim, event=event.slug, key=keys.key(claim.key_number)):
            return Found(reading=Reading.FORGED)
        issues, days = queries.issues_of(session, claim.number)
        scanned = next((badge for badge in issues if badge.issue == claim.issue), None)
        newest = issues[-1] if issues else None
        return Found(reading=Reading.GENUINE, number=claim.number, scanned=scanned, newest=newest, days=days)
    if _SHORT_CODE_FORM.fullmatch(text):
        number = read_short_code(text)
        issues, days = ([], ()) if number is None else queries.issues_of(session, number)
        newest = issues[-1] if issues else None
        return Found(reading=Reading.SHORT_CODE, number=number, scanned=newest, newest=newest, days=days)
    return Found(reading=Reading.FORGED)

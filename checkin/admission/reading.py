"""What a scanned or typed text turns out to be, and what is known of its badge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from checkin.admission import queries
from checkin.admission.model import Reading
from checkin.admission.queries import Holder
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.service import newest_key_number
from checkin.badges.shortcode import read_short_code
from checkin.badges.token import is_genuine, read_token
from checkin.event.model import Event

# Nine letters or digits, spaces and dashes between them: typed by a person, never signed.
_SHORT_CODE_FORM = re.compile(r"\s*(?:[0-9A-Za-z][\s-]*){9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a text says of itself, before anybody is looked up. `number` None: nobody can be.

    `issue` None: the badge's newest, as a short code means it. `key_number`: the key that signed it.
    """

    reading: Reading
    number: int | None = None
    issue: int | None = None
    key_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The badge behind a text. `scanned` is the issue that was read, `newest` the one that should be worn."""

    reading: Reading
    number: int | None = None
    scanned: Badge | None = None
    newest: Badge | None = None
    days: tuple[date, ...] = ()


FORGED = Found(reading=Reading.FORGED)


def read(event: Event, keys: KeyRing, text: str) -> Claim:
    """What `text` claims, its signature proven under the key that it names."""
    token = read_token(text)
    if token is not None:
        if not is_genuine(token, event=event.slug, key=keys.key(token.key_number)):
            return Claim(Reading.FORGED)
        return Claim(Reading.GENUINE, token.number, token.issue, token.key_number)
    if _SHORT_CODE_FORM.fullmatch(text):
        return Claim(Reading.SHORT_CODE, read_short_code(text))
    return Claim(Reading.FORGED)


def match(claim: Claim, newest_key: int, holder: Holder | None) -> Found:
    """Whose badge that is. A genuine token of nobody has no `scanned`; under a key not yet in use it is forged."""
    if claim.reading is Reading.FORGED or claim.key_number > newest_key:
        return FORGED
    issues: Sequence[Badge] = holder.issues if holder else ()
    newest = issues[-1] if issues else None
    scanned = newest if claim.issue is None else next((one for one in issues if one.issue == claim.issue), None)
    return Found(
        reading=claim.reading,
        number=claim.number,
        scanned=scanned,
        newest=newest,
        days=holder.days if holder else (),
    )


def find(session: Session, event: Event, keys: KeyRing, text: str) -> Found:
    """Read `text` and look its badge up."""
    claim = read(event, keys, text)
    holders = {} if claim.number is None else queries.holders_of(session.connection(), [claim.number], [])
    return match(claim, newest_key_number(session), next(iter(holders.values()), None))

"""Mails in words: where each stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from checkin import clock
from checkin.mail.model import Mail, MailState
from checkin.mail.words import PROBLEMS
from checkin.organise.words import moment
from checkin.visitors import service as visitors
from checkin.web import chosen_language, site

STATES = {
    MailState.WAITING: _l("Waits"),
    MailState.SENDING: _l("Is being sent"),
    MailState.SENT: _l("Sent"),
    MailState.UNSURE: _l("Perhaps sent"),
    MailState.GIVEN_UP: _l("Given up"),
    MailState.DROPPED: _l("Not needed any more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One mail, ready to show. `needs_care`: nothing happens to it unless somebody does something."""

    id: int
    visitor_id: int
    name: str
    address: str
    state: str
    reason: str
    code: str
    tries: int
    at: str
    next_try: str
    may_be_double: bool
    needs_care: bool


def lines(session: Session, found: Iterable[Mail]) -> list[Line]:
    """A line for each mail."""
    event, now, language = site().event, clock.now(), chosen_language()
    return [
        Line(
            id=mail.id,
            visitor_id=mail.visitor_id,
            name=visitors.get_visitor(session, mail.visitor_id).details.name,
            address=mail.address,
            state=str(STATES[mail.state]),
            reason=str(PROBLEMS[mail.trouble.problem]) if mail.trouble else "",
            code=mail.trouble.code if mail.trouble else "",
            tries=mail.tries,
            at=moment(event, mail.sent_at or mail.made_at, now, language),
            next_try=moment(event, mail.next_try_at, now, language) if mail.state is MailState.WAITING else "",
            may_be_double=mail.may_be_double,
            needs_care=mail.state in {MailState.UNSURE, MailState.GIVEN_UP},
        )
        for mail in found
    ]

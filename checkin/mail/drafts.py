"""From a mail that is due to the message that goes out: who it is for as they are now, and their badge drawn."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from email.message import EmailMessage

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.faces import face_of
from checkin.badges.keys import KeyRing
from checkin.badges.model import BadgeState
from checkin.badges.templates import HOME, get_template
from checkin.mail.message import Envelope, compose, plain_recipient
from checkin.mail.model import Mail, Never, Problem, Trouble
from checkin.programme.service import current_event
from checkin.settings import Settings
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.web import Site
from printing import render_badge


@dataclass(frozen=True, slots=True)
class Draft:
    """A message ready to be handed over."""

    message: EmailMessage
    sender: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nobody should get this mail any more: the badge was replaced or revoked, or the expo is over."""


def draft(site: Site, mail: Mail) -> Draft | Overtaken | Never:
    """The message of this mail. Never: its address is none. Raises TemplateError."""
    now = clock.now()
    with site.database.snapshot() as session:
        event = current_event(session, site.event).event
        visitor = visitors.get_visitor(session, mail.visitor_id)
        badge = badges.current_badge(session, mail.visitor_id)
    is_over = all(event.closes_at(day) <= now for day in event.days)
    is_good = badge.issue == mail.issue and badge.state_at(now) is BadgeState.LIVE
    if event.mailing is None or is_over or not is_good:
        return Overtaken()
    recipient = plain_recipient(mail.address)
    if recipient is None:
        return Never(Trouble(Problem.ADDRESS))
    face = face_of(event, KeyRing(site.settings.token_master), badge)
    message = compose(
        event,
        badge,
        Envelope(
            mailing=event.mailing,
            recipient=recipient,
            message_id=_message_id(site.settings, mail, event.mailing.sender),
            date=clock.machine_now(),  # other machines judge it
        ),
        link=f"{event.public_url}/badge/{private_link(site.settings.secret_key, visitor.id, visitor.link_version)}",
        pdf=render_badge(face, get_template(site.settings, HOME)),
        language=visitor.details.language,
    )
    return Draft(message, event.mailing.sender, recipient)


def _message_id(settings: Settings, mail: Mail, sender: str) -> str:
    """The same for every try, so that a server that got it twice can know it; another when it is sent anew."""
    subject = f"mail-v1:{mail.number}:{mail.issue}:{mail.kind}:{mail.again}".encode()
    digest = hmac.digest(settings.secret_key.encode(), subject, hashlib.sha256)
    return f"<{digest[:16].hex()}@{sender.rpartition('@')[2]}>"

"""Visitors who registered, and the mails that were noted for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from checkin import clock
from checkin.mail.model import Mail
from checkin.mail.queries import mail_of
from checkin.mail.tables import MailRow
from checkin.registration import service as registration
from checkin.visitors.model import Details, Source, Visitor
from checkin.web import Site


def register(site: Site, name: str = "Ayesha Siddiqui", email: str = "ayesha@example.com", **more: object) -> Visitor:
    """A visitor with a badge, as the public form makes them."""
    details = Details(name=name, email=email, category="trade-visitor", **more)  # type: ignore[arg-type]
    with site.database.transaction() as session:
        return registration.register(
            session,
            site.event,
            details,
            form_id=registration.new_form_id(),
            source=Source.ONLINE,
            secret=site.settings.secret_key,
            now=clock.now(),
            by="online",
        )


def mails(site: Site) -> list[Mail]:
    with site.database.snapshot() as session:
        return [mail_of(row) for row in session.scalars(select(MailRow).order_by(MailRow.id))]


def states(site: Site) -> list[str]:
    return [mail.state.value for mail in mails(site)]


def let_pass(time: timedelta) -> None:
    """Let the clock jump ahead."""
    clock.shift(clock.now() + time - datetime.now(UTC))

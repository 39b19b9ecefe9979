"""Reports by mail in the background: once a day has closed, its report goes to whom the event file names.

Whoever looks at the clock may do it, on every machine: a row for each day and address decides. A server that was off
at closing time sends it when it is back. A report is drawn first and claimed last, as all mails are.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Final

from checkin import clock
from checkin.event.model import Event, Mailing
from checkin.jobs.registry import Registry
from checkin.mail.policy import is_servers_fault
from checkin.mail.transport import Line, NoServerError, connect
from checkin.programme.service import current_event
from checkin.reports import mailing, policy, service
from checkin.reports.letters import letter
from checkin.reports.model import Report, Version
from checkin.web import Site

_NAME: Final = "reports.mail"
_log = logging.getLogger(__name__)


def register(registry: Registry) -> None:
    """Let the workers look every minute whether a day's report is to go out."""
    registry.every_minute[_NAME] = send_due


def send_due(site: Site) -> None:
    """Note and send what is due. Nothing without a mail server, or where the event file names nobody."""
    told = site.event.mailing
    if site.settings.smtp is None or told is None or not told.reports_to:
        return
    note_due(site, told)
    with site.database.transaction() as session:
        mailing.note_stale(session, clock.now())
    with site.database.snapshot() as session:
        if mailing.find_due(session, clock.now()) is None:
            return
    try:
        with connect(site.settings.smtp) as line:
            while line.is_open and _send_next(site, line, told):
                pass
    except NoServerError as error:
        _log.warning("reports wait, the mail server cannot be used: %s %s", error.trouble.problem, error.trouble.code)
        with site.database.transaction() as session:
            mailing.put_off_all(session, error.trouble, clock.now())


def note_due(site: Site, told: Mailing) -> None:
    """Note each closed day's report for whom it was not noted yet."""
    now = clock.now()
    with site.database.snapshot() as session:
        event = current_event(session, site.event).event
        noted = {(one.day, one.address) for one in mailing.all_mails(session)}
        due = [
            day.date
            for day in event.show_days
            if event.closes_at(day) <= now <= event.closes_at(day) + policy.MAIL_IS_NEWS
            and any((day.date, address) not in noted for address in told.reports_to)
            and policy.is_mail_due(event, day, service.figures(session, event, day=day.date, now=now))
        ]
    for one in due:
        with site.database.transaction() as session:
            mailing.note(session, one, told.reports_to, now)


def _send_next(site: Site, line: Line, told: Mailing) -> bool:
    """Send the mail that has waited longest; False when none is due, or the server had enough."""
    with site.database.snapshot() as session:
        now = clock.now()
        mail = mailing.find_due(session, now)
        if mail is None:
            return False
        event = current_event(session, site.event).event
    report, version = _content(site, event, mail.day)
    made = letter(told, mail, report, version, secret=site.settings.secret_key, date=clock.machine_now())
    claimed_at = clock.now()
    with site.database.transaction() as session:
        if not mailing.claim(session, mail, claimed_at):
            return True  # another worker has it
    outcome = line.deliver(made, sender=told.sender, recipient=mail.address)
    with site.database.transaction() as session:
        mailing.settle(session, mail, outcome, claimed_at=claimed_at, now=clock.now())
    trouble = getattr(outcome, "trouble", None)
    return trouble is None or not is_servers_fault(trouble.problem)


def _content(site: Site, event: Event, day: date) -> tuple[Report, Version | None]:
    """The newest signed version of the day if there is a true one, else its figures as they are."""
    with site.database.snapshot() as session:
        version = service.find_latest(session, day, service.key_of(site.settings.secret_key))
        if version is not None and version.is_true:
            return version.report, version
        return service.figures(session, event, day=day, now=clock.now()), None

"""Mails in the background: whatever is due is sent, one after the other, over one line to the server.

A mail is drawn first and claimed last, right before the server hears of it. So a worker that is killed while it
draws has lost nothing, and one that is killed while it talks leaves a claim, which after a while is *unsure*.
"""

from __future__ import annotations

import logging
import time
from typing import Final

from checkin import clock
from checkin.jobs.queue import enqueue
from checkin.jobs.registry import Registry
from checkin.mail import service
from checkin.mail.drafts import Draft, Overtaken, draft
from checkin.mail.model import Mail, Never, NotNow, Outcome, Problem, Trouble
from checkin.mail.policy import is_servers_fault
from checkin.mail.transport import Line, NoServerError, connect
from checkin.web import Site
from printing import TemplateError

KIND: Final = "mail"
NO_JOB: Final = 0  # the queue carries job numbers; a mail has a row of its own and needs none
PIECE_S: Final = 10.0  # then other work has its turn
_log = logging.getLogger(__name__)


def register(registry: Registry) -> None:
    """Let the workers send mails: when they are woken, and every minute."""
    registry.tasks[KIND] = lambda site, _job_id: send_due(site)
    registry.every_minute["mail.due"] = lambda site: wake(site) if send_due(site) else None


def wake(site: Site) -> None:
    """Let a worker look for due mails now, after the transaction that noted one; without it they go a minute later."""
    if site.event.mailing is not None:
        enqueue(site.settings, KIND, NO_JOB)


def send_due(site: Site) -> bool:
    """Send what is due, for some seconds; True when there is more. Sends nothing without a server and a sender."""
    with site.database.transaction() as session:
        unsure = service.note_stale(session, clock.now())
    if unsure:
        _log.warning("%d mails may have gone out when their worker ended: an organiser decides", unsure)
    if site.settings.smtp is None or site.event.mailing is None:
        return False
    with site.database.snapshot() as session:
        now = clock.now()
        if service.is_server_resting(session, now) or service.find_due(session, now) is None:
            return False
    try:
        with connect(site.settings.smtp) as line:
            return _send_over(site, line)
    except NoServerError as error:
        _put_off_all(site, error.trouble)
    return False


def _send_over(site: Site, line: Line) -> bool:
    until = time.monotonic() + PIECE_S
    while line.is_open:
        with site.database.snapshot() as session:
            mail_id = service.find_due(session, clock.now())
            mail = None if mail_id is None else service.get_mail(session, mail_id)
        if mail is None:
            return False
        if time.monotonic() > until:
            return True
        outcome = _send(site, line, mail)
        trouble = getattr(outcome, "trouble", None)
        if trouble is not None and is_servers_fault(trouble.problem):
            _put_off_all(site, trouble)
            return False
    return True  # the line broke, so another is needed


def _send(site: Site, line: Line, mail: Mail) -> Outcome | None:
    """Draw, claim, deliver, write down. None where there was nothing to deliver."""
    made: Draft | Overtaken | NotNow | Never
    try:
        made = draft(site, mail)
    except TemplateError as error:
        # Its text names the organiser's own file and the mend, and no person.
        _log.error("no badge can be drawn for mails: %s", error)
        made = NotNow(Trouble(Problem.CANNOT_DRAW))
    except Exception as error:  # noqa: BLE001 - one badge that cannot be drawn keeps no other mail
        _log.error("mail %d cannot be made: %s", mail.id, type(error).__name__)
        made = NotNow(Trouble(Problem.CANNOT_DRAW))
    match made:
        case Overtaken():
            with site.database.transaction() as session:
                service.drop(session, mail.id)
            return None
        case NotNow() | Never():
            with site.database.transaction() as session:
                service.settle(session, mail, made, claimed_at=None, now=clock.now())
            return made
        case Draft():
            return _deliver(site, line, mail, made)


def _deliver(site: Site, line: Line, mail: Mail, made: Draft) -> Outcome | None:
    claimed_at = clock.now()
    with site.database.transaction() as session:
        if not service.claim(session, mail.id, now=claimed_at):
            return None  # another worker has it
    outcome = line.deliver(made.message, sender=made.sender, recipient=made.recipient)
    with site.database.transaction() as session:
        service.settle(session, mail, outcome, claimed_at=claimed_at, now=clock.now())
    return outcome


def _put_off_all(site: Site, trouble: Trouble) -> None:
    _log.warning("mails wait, the server cannot be used: %s %s", trouble.problem, trouble.code)
    with site.database.transaction() as session:
        service.put_off_all(session, trouble, now=clock.now())

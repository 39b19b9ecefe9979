"""`flask mail …`: badges that are sent by mail, from the command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.mail import service
from checkin.mail.model import MailState
from checkin.mail.queries import NoSuchMailError
from checkin.mail.tasks import wake
from checkin.visitors import service as visitors
from checkin.web import database, site

group = AppGroup("mail", help="Badges by mail.")
ACTOR = "command line"


class RefusedError(click.ClickException):
    """Nothing was done, and the message says why and what to do."""

    exit_code = 2


@group.command("list")
@click.option("--most", default=50, show_default=True, help="How many at the most.")
def list_mails(most: int) -> None:
    """Tell how many mails stand where, and those with a problem: number, state, tries, why. Exit status 1 if any."""
    with database().snapshot() as session:
        counts, found = service.count(session), service.troubled(session, most=most)
    click.echo(
        f"{counts.sent} sent, {counts.waiting + counts.sending} waiting, {counts.unsure} unsure, "
        f"{counts.given_up} given up, {counts.dropped} overtaken."
    )
    if site().event.mailing is None:
        click.echo("The event file has no [mail] from: no mail is noted.")
    elif site().settings.smtp is None:
        click.echo("CHECKIN_SMTP_URL is not set here: this process sends none.")
    for mail in found:
        why = f"{mail.trouble.problem} {mail.trouble.code}".rstrip() if mail.trouble else ""
        click.echo(f"{mail.id:>6}  visitor {mail.visitor_id:<6} {mail.state:<9} {mail.tries} tries  {why}")
    if counts.unsure or counts.given_up:
        raise SystemExit(1)


@group.command("retry")
@click.argument("mail_id", metavar="NUMBER", type=int)
@click.option("--even-if-double", is_flag=True, help="Also one that may have arrived already.")
def retry(mail_id: int, *, even_if_double: bool) -> None:
    """Send a mail again, to the address that its visitor has now."""
    try:
        with database().transaction() as session:
            mail = service.get_mail(session, mail_id)
            address = visitors.get_visitor(session, mail.visitor_id).details.email
            service.send_again(
                session, mail, address=address, even_if_double=even_if_double, now=clock.now(), actor=ACTOR
            )
    except NoSuchMailError:
        raise RefusedError(f"There is no mail {mail_id}. `mail list` tells them.") from None
    except service.MayBeDoubleError:
        state = MailState.SENT if mail.state is MailState.SENT else MailState.UNSURE
        raise RefusedError(
            f"This mail is {state}: it may arrive twice. Add --even-if-double if that is meant."
        ) from None
    wake(site())
    click.echo("It is sent in a moment, if a worker runs; `mail list` tells what became of it.")

"""`flask staff …`: people who sign in, from the command line."""

from __future__ import annotations

import sys
from typing import NoReturn

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.staff import service
from checkin.staff.links import invitation_link
from checkin.staff.model import EmailTaken, Invited, Role, SecretHash, Staff
from checkin.staff.passwords import hash_secret
from checkin.staff.policy import (
    INVITATION_LASTS,
    NAME_LONGEST,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    PasswordProblem,
    is_email,
    password_problem,
    plain_email,
    plain_name,
)
from checkin.web import database, site

group = AppGroup("staff", help="People who sign in: organisers, desk and gate.")
ACTOR = "command line"
PASSWORD_PROBLEMS = {
    PasswordProblem.TOO_SHORT: f"The password is too short: give {PASSWORD_SHORTEST} characters or more.",
    PasswordProblem.TOO_LONG: f"The password is too long: give at most {PASSWORD_LONGEST} characters.",
    PasswordProblem.IS_YOU: "The password is the name or e-mail address: choose another.",
}


class RefusedError(click.ClickException):
    """Nothing was done, and the message says why and what to do."""

    exit_code = 2


@group.command("add")
@click.argument("name")
@click.option("--email", required=True, help="What the person signs in with.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")
def add(name: str, email: str, role: str, *, password_stdin: bool) -> None:
    """Give NAME access. Without a password, print the link with which they choose one."""
    if not plain_name(name) or len(plain_name(name)) > NAME_LONGEST:
        raise RefusedError(f"The name is empty or longer than {NAME_LONGEST} characters.")
    if not is_email(plain_email(email)):
        raise RefusedError(f"{email!r} is no e-mail address: give one such as name@example.com.")
    now = clock.now()
    added: Staff | Invited | EmailTaken
    if password_stdin:
        password = _password_from_stdin(name, email)
        with database().transaction() as session:
            added = service.add(
                session, name=name, email=email, role=Role(role), password=password, actor=ACTOR, now=now
            )
    else:
        with database().transaction() as session:
            added = service.invite(session, name=name, email=email, role=Role(role), actor=ACTOR, now=now)
    _tell(added, email)


@group.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a new link to choose a password, for someone who has access and forgot theirs."""
    with database().transaction() as session:
        staff = service.find_staff_by_email(session, email)
        invited = staff and service.invite_again(session, staff.id, actor=ACTOR, now=clock.now())
    if invited is None:
        raise RefusedError(f"Nobody signs in with {email}. `staff add` gives access.")
    _tell(invited, email)


def _tell(outcome: Staff | Invited | EmailTaken, email: str) -> None:
    match outcome:
        case EmailTaken():
            _refuse_taken(email)
        case Staff():
            click.echo(f"{outcome.name} can sign in as {outcome.role} at {site().event.public_url.rstrip('/')}/sign-in")
        case Invited():
            click.echo(f"Give {outcome.staff.name} this link. It works once, for {INVITATION_LASTS.days} days:")
            click.echo(invitation_link(site().event.public_url, outcome.code))


def _refuse_taken(email: str) -> NoReturn:
    raise RefusedError(f"Someone already signs in with {email}. `staff link {email}` makes them a new link.")


def _password_from_stdin(name: str, email: str) -> SecretHash:
    password = sys.stdin.readline().rstrip("\r\n")
    problem = password_problem(password, name=name, email=email)
    if problem is not None:
        raise RefusedError(PASSWORD_PROBLEMS[problem])
    return hash_secret(password)

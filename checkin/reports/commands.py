"""`flask attendance report` and `verify`: stand here and not in `attendance`, since reports are above it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from checkin import clock
from checkin.attendance.commands import catch_up, group
from checkin.attendance.service import NotADayError, scope
from checkin.reports import service
from checkin.reports.model import Form, Report, Version
from checkin.reports.words import local_text
from checkin.reports.writers import write
from checkin.web import database, site

__all__ = ["group"]
_FORMS = {f".{form}": form for form in Form}


@group.command("report")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day of the event. Left out: all show days.")
@click.option("--version", "number", type=int, metavar="NUMBER", help="A signed version instead, by its number.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"A file ending in {', '.join(_FORMS)}. Left out: text on the terminal.",
)
def report(day: datetime | None, number: int | None, output: Path | None) -> None:
    """Tell the figures of a day, or of the event: as they are now, or as they were signed."""
    form = _FORMS.get(output.suffix.lower() if output else ".txt")
    if form is None:
        raise click.BadParameter(f"choose a file that ends in {', '.join(_FORMS)}.", param_hint="'--output'")
    version = None if number is None else _version(number)
    content = write(version.report if version else _figures(day.date() if day else None), form, version)
    if output is None:
        click.echo(content.decode(), nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}.", param_hint="'--output'") from None
    click.echo(f"Written to {output}.")


@group.command("verify")
@click.argument("what", metavar="FILE|NUMBER")
def verify(what: str) -> None:
    """Say whether a signed version holds: by its NUMBER, or whether FILE is one, to the last byte. Status 2: no."""
    is_number = what.isascii() and what.isdigit()
    found = [_version(int(what))] if is_number else _same(Path(what))
    for version in found:
        told = version.report
        click.echo(
            f"Version {version.revision} of {service.scope_of(told.day)} (number {version.number}), signed by "
            f"{version.signer} at {local_text(told, version.signed_at)}, {version.mark}."
        )
        if not version.is_true:
            click.echo(
                "The signature does NOT hold: someone changed it in the database, or with another key.", err=True
            )
            raise SystemExit(2)
    if not found:
        click.echo(
            "This file is none of the signed versions, to the last byte. Was it changed, or saved anew by a "
            "spreadsheet? Is its ending the one that it was downloaded with?",
            err=True,
        )
        raise SystemExit(2)
    click.echo("The signature holds." if is_number else "The file is this version, and the signature holds.")


def _figures(day: date | None) -> Report:
    try:
        scope(site().event, day)
    except NotADayError as error:
        days = ", ".join(one.date.isoformat() for one in site().event.days)
        raise click.BadParameter(f"{error} is no day of this event. Its days: {days}.", param_hint="'--day'") from None
    event = catch_up()
    with database().snapshot() as session:
        return service.figures(session, event, day=day, now=clock.now())


def _version(number: int) -> Version:
    try:
        with database().snapshot() as session:
            return service.get_version(session, number, service.key_of(site().settings.secret_key))
    except service.NoSuchVersionError:
        raise click.BadParameter(f"there is no signed version {number}.", param_hint="'NUMBER'") from None
    except service.UnreadableVersionError:
        click.echo(f"What is stored as version {number} is no report: someone changed it in the database.", err=True)
        raise SystemExit(2) from None


def _same(path: Path) -> list[Version]:
    """The version whose file this is, if there is one: each is written anew and compared."""
    form = _FORMS.get(path.suffix.lower())
    try:
        content = path.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror}.", param_hint="'FILE'") from None
    with database().snapshot() as session:
        found = service.versions(session, service.key_of(site().settings.secret_key))
    return [one for one in found if form and write(one.report, form, one) == content][:1]

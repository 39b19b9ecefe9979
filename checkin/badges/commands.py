"""`flask event …`: the event file, and whether it keeps what printed badges rely on."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from checkin.badges.promises import broken_promises
from checkin.web import database, site

group = AppGroup("event", help="The event file.")


@group.command("check")
def check() -> None:
    """Tell every mistake of the event file at once; refuse what would kill printed badges. Exit status 2."""
    event = site().event  # a file with mistakes has not come this far: create_app told them all
    with database().snapshot() as session:
        problems = broken_promises(session, event)
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(2)
    days = len(event.show_days)
    click.echo(
        f"{event.name}: {days} show {'day' if days == 1 else 'days'}, {len(event.gates)} gates, "
        f"{len(event.categories)} categories. No mistakes."
    )

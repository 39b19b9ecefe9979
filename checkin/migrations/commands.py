"""`flask database …`."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import text

from checkin.migrations import upgrade as migrations
from checkin.web import database

group = AppGroup("database", help="The database of this installation.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the schema of this code; harmless when it is there."""
    before, after = migrations.upgrade(database())
    click.echo(
        "The database is up to date." if before == after else f"The database went from {before or 'empty'} to {after}."
    )


@group.command("check")
def check() -> None:
    """Tell whether the schema fits this code and, on SQLite, whether the file is sound. Exit status 2 if not."""
    problems = [f"The schema differs: {difference}" for difference in migrations.differences(database())]
    if database().is_sqlite:
        with database().snapshot() as session:
            found = session.execute(text("PRAGMA quick_check")).scalars().all()
        problems += [f"The file is damaged: {line}" for line in found if line != "ok"]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.echo("Run `flask --app wsgi database upgrade`, or restore a backup.", err=True)
        raise SystemExit(2)
    click.echo("The database is sound.")

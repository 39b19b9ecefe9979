"""`flask database …`. What it does is imported when it is done: Alembic takes 11 MB, and a server does without."""

from __future__ import annotations

import sys
from contextlib import closing

import click
from flask.cli import AppGroup
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from checkin import clock
from checkin.database import Database
from checkin.settings import SettingsError
from checkin.web import database

group = AppGroup("database", help="The database of this installation.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the schema of this code; harmless when it is there."""
    from checkin.migrations import upgrade as migrations  # noqa: PLC0415

    before, after = migrations.upgrade(database())
    click.echo(
        "The database is up to date." if before == after else f"The database went from {before or 'empty'} to {after}."
    )


@group.command("check")
def check() -> None:
    """Tell whether the schema fits this code and, on SQLite, whether the file is sound. Exit status 2 if not."""
    from checkin.migrations import upgrade as migrations  # noqa: PLC0415

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


@group.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy everything from database FROM into the empty database TO, SQLite or PostgreSQL, and compare the two.

    Both are addresses as in CHECKIN_DATABASE_URL. Stop the server first: what comes to FROM meanwhile is not copied.
    All or nothing; exit status 2 when TO is not empty, differs in the end, or cannot be reached.
    """
    from checkin.migrations import copying  # noqa: PLC0415

    try:
        with closing(Database(source)) as old, closing(Database(target)) as new:
            quiet = not sys.stderr.isatty()
            with click.progressbar(length=copying.rows_of(old), label="Rows", file=sys.stderr, hidden=quiet) as bar:
                copied = copying.copy(old, new, clock.now(), bar.update)
    except (copying.CannotCopyError, SettingsError) as error:
        raise click.UsageError(f"{error} Nothing was copied.") from None
    except DBAPIError as error:
        raise click.UsageError(f"A database does not answer: {error.orig} Nothing was copied.") from None
    for one in copied:
        click.echo(f"{one.table:<20} {one.rows:>10,}")
    click.echo(f"{'together':<20} {sum(one.rows for one in copied):>10,} rows, read back and the same.")
    click.echo("Give TO as CHECKIN_DATABASE_URL and start the server. Tablets will offer again what they have sent.")

"""`flask jobs …`: work in the background, from the command line."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from checkin import clock
from checkin.jobs import service
from checkin.jobs.registry import Registry
from checkin.programme.machines import note_machine, this_machine
from checkin.sight.logs import kind_of
from checkin.web import database, site

group = AppGroup("jobs", help="Work in the background: print runs, mails.")
EXTENSION = "checkin.jobs"
_POLITE = 5  # a gate's scan goes before a badge's drawing


@group.command("work")
@click.option("--follow", is_flag=True, help="Beside a server: give way to it, and end when standard input does.")
def work(follow: bool) -> None:  # noqa: FBT001 - click's flag
    """Do what is waiting, until told to stop (Ctrl-C). `run`, `demo` and `venue` start one; more may help it."""
    from checkin.jobs.storages import DOWN  # noqa: PLC0415 - see jobs.queue: only a worker needs Huey
    from checkin.jobs.worker import Worker  # noqa: PLC0415

    registry = current_app.extensions[EXTENSION]
    if not isinstance(registry, Registry):
        raise TypeError("the application was not made by create_app()")
    if not follow:
        _compare()
        click.echo("Working on what is waiting. Stop with Ctrl-C.")
    elif hasattr(os, "nice"):
        os.nice(_POLITE)
    try:
        worker = Worker(current_app._get_current_object(), site(), registry)  # type: ignore[attr-defined]  # noqa: SLF001
    except DOWN as error:
        click.echo(f"The queue of CHECKIN_JOBS_URL cannot be used now ({type(error).__name__}).", err=True)
        raise SystemExit(1) from None
    try:
        worker.run(follow=follow)
    finally:
        worker.close()
        database().close()


def _compare() -> None:
    """Tell what this machine was told otherwise than the others: it would print badges that they refuse."""
    one = site()
    try:
        with one.database.transaction() as session:
            differences = note_machine(session, this_machine(one.settings, one.event), clock.now())
    except DBAPIError as error:
        click.echo(f"The database cannot be used now ({kind_of(error)}). Is it there, and upgraded?", err=True)
        raise SystemExit(1) from None
    for line in differences:
        click.echo(f"Note: {line}", err=True)


@group.command("list")
def list_jobs() -> None:
    """Tell the newest jobs: number, kind, state, how much of it is done, and what stopped it."""
    with database().snapshot() as session:
        found = service.latest(session)
    for job in found:
        failed = f", {job.failed} failed" if job.failed else ""
        note = f"  {job.note}" if job.note else ""
        click.echo(f"{job.id:>5}  {job.kind:<16} {job.state:<10} {job.done}/{job.total}{failed}{note}")
    if not found:
        click.echo("There is no job yet.")

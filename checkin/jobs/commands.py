"""`flask jobs …`: work in the background, from the command line."""

from __future__ import annotations

import os

import click
from flask import current_app
from flask.cli import AppGroup

from checkin.jobs import service
from checkin.jobs.registry import Registry
from checkin.jobs.worker import Worker
from checkin.web import database, site

group = AppGroup("jobs", help="Work in the background: print runs, mails.")
EXTENSION = "checkin.jobs"
_POLITE = 5  # a gate's scan goes before a badge's drawing


@group.command("work")
@click.option("--follow", is_flag=True, help="Beside a server: give way to it, and end when standard input does.")
def work(follow: bool) -> None:  # noqa: FBT001 - click's flag
    """Do what is waiting, until told to stop (Ctrl-C). `run`, `demo` and `venue` start one; more may help it."""
    registry = current_app.extensions[EXTENSION]
    if not isinstance(registry, Registry):
        raise TypeError("the application was not made by create_app()")
    if not follow:
        click.echo("Working on what is waiting. Stop with Ctrl-C.")
    elif hasattr(os, "nice"):
        os.nice(_POLITE)
    worker = Worker(current_app._get_current_object(), site(), registry)  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        worker.run(follow=follow)
    finally:
        worker.close()
        database().close()


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

"""`flask attendance …`: the report, and whether the counts agree with the scans."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.attendance import audit, service
from checkin.attendance.audit import Entrance
from checkin.attendance.reports import as_csv, as_text
from checkin.programme.service import current_event
from checkin.web import database, site

group = AppGroup("attendance", help="Counts, and whether they agree with the scans.")
ACTOR = "command line"
MOST_SHOWN = 20
_WRITERS = {".txt": as_text, ".csv": as_csv}


@group.command("report")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="A day of the event. Left out: all show days.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file ending in .csv or .txt.")
def report(day: datetime | None, output: Path | None) -> None:
    """Tell the figures of a day, or of the event."""
    write = _WRITERS.get(output.suffix.lower() if output else ".txt")
    if write is None:
        raise click.BadParameter(f"choose a file that ends in {' or '.join(_WRITERS)}.", param_hint="'--output'")
    try:
        with database().snapshot() as session:
            event = current_event(session, site().event).event
            counted = service.count(session, event, day=day and day.date(), now=clock.now())
    except service.NotADayError as error:
        days = ", ".join(one.date.isoformat() for one in site().event.days)
        raise click.BadParameter(f"{error} is no day of this event. Its days: {days}.", param_hint="'--day'") from None
    text = write(event, counted)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, "utf-8", newline="")
    except OSError as error:
        raise click.BadParameter(f"{output}: {error.strerror}.", param_hint="'--output'") from None
    click.echo(f"Written to {output}.")


@group.command("check")
def check() -> None:
    """Compare the admissions with the scans, undos and overrides. Exit status 2 when they differ."""
    with database().snapshot() as session:
        found = audit.check(session)
    for word, rows in (("missing", found.missing), ("too much", found.surplus)):
        for row in rows[:MOST_SHOWN]:
            click.echo(f"{word}: {_told(row)}", err=True)
        if len(rows) > MOST_SHOWN:
            click.echo(f"{word}: {len(rows) - MOST_SHOWN:,} more", err=True)
    if found.missing or found.surplus:
        click.echo("The admissions differ from the scans. `flask attendance rebuild` mends that.", err=True)
        raise SystemExit(2)
    click.echo("The admissions agree with the scans.")


@group.command("rebuild")
def rebuild() -> None:
    """Work the admissions out anew from the facts, in one transaction."""
    with database().transaction() as session:
        audit.rebuild(session, now=clock.now(), by=ACTOR)
    click.echo("The admissions were worked out anew from the scans.")


def _told(row: Entrance) -> str:
    moment = site().event.local(row.at).isoformat(timespec="seconds")
    return f"visitor {row.visitor_id}, {row.day}, zone {row.zone or '-'}: scan {row.scan_id} at {row.gate}, {moment}"

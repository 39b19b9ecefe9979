"""`flask attendance …`: the report, and whether the counts agree with the scans."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import chain
from pathlib import Path

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.attendance import audit, service, tallies
from checkin.attendance.audit import Entrance
from checkin.attendance.counting import count_all
from checkin.attendance.reports import as_csv, as_text
from checkin.event.model import Event
from checkin.journal import service as journal
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
        service.scope(site().event, day and day.date())
    except service.NotADayError as error:
        days = ", ".join(one.date.isoformat() for one in site().event.days)
        raise click.BadParameter(f"{error} is no day of this event. Its days: {days}.", param_hint="'--day'") from None
    _catch_up()
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        counted = service.count(session, event, day=day and day.date(), now=clock.now())
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
    """Compare admissions and counts with the scans, undos and overrides. Exit status 2 when they differ."""
    event, told = _catch_up(), _Told()
    try:
        with database().snapshot() as session:
            for found in audit.check_in_parts(session):
                for word, rows in (("missing", found.missing), ("too much", found.surplus)):
                    for row in rows:
                        told.tell(word, _entrance(row))
            for wrong in chain(audit.check_figures(session, event), audit.check_shares(session, event)):
                told.tell("wrong", f"{wrong.what}: {wrong.kept} kept, {wrong.true} by the scans")
    except audit.BehindError:
        click.echo("Scans come faster than they are counted just now: check again in a minute.", err=True)
        raise SystemExit(1) from None
    for word, number in told.numbers.items():
        if number > MOST_SHOWN:
            click.echo(f"{word}: {number - MOST_SHOWN:,} more", err=True)
    if told.numbers:
        click.echo("These differ from the scans. `flask attendance rebuild` mends that.", err=True)
        raise SystemExit(2)
    click.echo("Admissions and counts agree with the scans.")


@group.command("rebuild")
def rebuild() -> None:
    """Work admissions and counts out anew from the scans, in short transactions: tablets may go on scanning."""
    with database().transaction() as session:
        event, now = current_event(session, site().event).event, clock.now()
        waiting = tallies.begin_anew(session, event, now)
        journal.record(session, now=now, actor=ACTOR, action="attendance.rebuild")
        visitors = audit.ranges(session)
    mended = 0
    with click.progressbar(visitors, label="Admissions") as parts:
        for part in parts:
            with database().transaction() as session:
                mended += audit.mend(session, part)
    with click.progressbar(length=waiting, label="Counts") as bar:
        for counted in count_all(database(), event):
            bar.update(counted.subjects)
    click.echo(f"Admissions and counts were worked out anew from the scans; admissions mended: {mended:,}.")


def _catch_up() -> Event:
    """Count what waits, if nobody else does; the event as it runs."""
    with database().snapshot() as session:
        event = current_event(session, site().event).event
    for _ in count_all(database(), event):
        pass
    return event


class _Told:
    """Tells the first lines of each kind, and counts all."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()

    def tell(self, word: str, line: str) -> None:
        self.numbers[word] += 1
        if self.numbers[word] <= MOST_SHOWN:
            click.echo(f"{word}: {line}", err=True)


def _entrance(row: Entrance) -> str:
    moment = site().event.local(row.at).isoformat(timespec="seconds")
    return f"visitor {row.visitor_id}, {row.day}, zone {row.zone or '-'}: scan {row.scan_id} at {row.gate}, {moment}"

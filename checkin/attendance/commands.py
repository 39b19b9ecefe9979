"""`flask attendance …`: whether the counts agree with the scans. The report is told by `reports.commands`."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.attendance import audit, tallies
from checkin.attendance.audit import Entrance
from checkin.attendance.counting import count_all
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.programme.service import current_event
from checkin.web import database, site

group = AppGroup("attendance", help="Counts, and whether they agree with the scans.")
ACTOR = "command line"
MOST_SHOWN = 20


@group.command("check")
def check() -> None:
    """Compare admissions and counts with the scans, undos and overrides. Exit status 2 when they differ."""
    event, told = catch_up(), _Told()
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


def catch_up() -> Event:
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

"""`flask devices take-in`: stands here and not in `devices`, since it judges scans, which is above it."""

from __future__ import annotations

from pathlib import Path

import click

from checkin import clock
from checkin.admission import quarantine
from checkin.badges.views import keys
from checkin.devices.commands import ACTOR, group
from checkin.programme.service import current_event
from checkin.web import database, site

__all__ = ["group"]


@group.command("take-in")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(file: Path) -> None:
    """Take in FILE, the scans that a tablet saved when it could not reach the server. Exit status 1: not all of it."""
    try:
        content = file.read_bytes()
        with database().transaction() as session:
            programme = current_event(session, site().event)
            done = quarantine.take_in(session, programme, keys(), content, by=ACTOR, now=clock.now())
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}.", param_hint="'FILE'") from None
    except quarantine.OutboxFileError as error:
        raise click.BadParameter(str(error), param_hint="'FILE'") from None
    click.echo(
        f"{done.device.name}: {done.stored} stored, {done.repeated} known already, {done.conflicts} in conflict, "
        f"{done.corrected} corrections done, {done.unreadable} refused."
    )
    if done.conflicts or done.unreadable:
        raise SystemExit(1)

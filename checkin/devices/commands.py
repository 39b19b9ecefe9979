"""`flask devices …`: tablets, from the command line."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.devices import service
from checkin.devices.links import pairing_link
from checkin.staff.policy import plain_name
from checkin.web import database, site
from printing import qr_text

group = AppGroup("devices", help="Tablets: pair, list, retire.")
ACTOR = "command line"
NAME_LONGEST = 80


@group.command("pair")
@click.argument("name")
@click.option("--gate", required=True, help="The gate's slug, as in the event file.")
def pair(name: str, gate: str) -> None:
    """Print a pairing link for the tablet NAME, and its QR: good once, for ten minutes."""
    event, now, name = site().event, clock.now(), plain_name(name)
    if gate not in event.gate_by_slug:
        gates = ", ".join(event.gate_by_slug)
        raise click.BadParameter(f"there is no gate {gate!r}. The gates: {gates}.", param_hint="'--gate'")
    if not 0 < len(name) <= NAME_LONGEST:
        raise click.BadParameter(f"give a name of 1 to {NAME_LONGEST} characters.", param_hint="'NAME'")
    with database().transaction() as session:
        code = service.open_pairing(session, name=name, gate=gate, now=now, by=ACTOR)
    link = pairing_link(event.public_url, code)
    until = event.local(now + service.PAIRING_LIVES)
    if _can_print(qr := qr_text(link)):
        click.echo(qr)
    click.echo(link)
    click.echo(f"Open it on the tablet for {event.gate_by_slug[gate].name}. It works once, until {until:%H:%M}.")


@group.command("list")
def list_devices() -> None:
    """Tell every tablet: its number, name, gate, and when it was last seen."""
    with database().snapshot() as session:
        found = service.all_devices(session)
    for device in found:
        seen = f"{site().event.local(device.last_seen_at):%d %b %H:%M}" if device.last_seen_at else "never"
        state = "retired" if device.is_retired else f"seen {seen}, owes {device.outbox or 0}"
        click.echo(f"{device.id:>4}  {device.name:<32} {device.gate or 'spare':<16} {state}")
    if not found:
        click.echo("No tablet is paired yet: flask --app wsgi devices pair NAME --gate GATE")


@group.command("retire")
@click.argument("number", type=int)
def retire(number: int) -> None:
    """End the access of the tablet NUMBER; what it still sends is kept in quarantine."""
    try:
        with database().transaction() as session:
            device = service.retire(session, number, now=clock.now(), by=ACTOR)
    except service.NoSuchDeviceError:
        raise click.BadParameter(f"there is no tablet {number}. `devices list` tells them.") from None
    click.echo(f"{device.name} is retired.")


def _can_print(text: str) -> bool:
    """Whether this terminal's alphabet has half blocks; an old Windows console has not."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True

"""`flask devices …`: tablets, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.badges.service import NoMoreKeysError
from checkin.devices import policy, service, sets
from checkin.devices.links import pairing_link
from checkin.devices.model import Device, RetiredAs
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.staff.policy import plain_name
from checkin.web import database, site
from printing import qr_text

group = AppGroup("devices", help="Tablets: pair, list, retire.")
ACTOR = "command line"
NAME_LONGEST = 80


@group.command("pair")
@click.argument("name")
@click.option("--gate", default="", help="The gate's slug, as in the event file.")
@click.option("--spare", is_flag=True, help="Without a gate: staff choose it at the tablet.")
@click.option("--set", "most", type=click.IntRange(1, sets.MOST_TABLETS), help="One code for so many tablets.")
@click.option("--hours", type=click.IntRange(1, 24), default=12, help="How long a set's code is good; 12 if not said.")
def pair(name: str, gate: str, spare: bool, most: int | None, hours: int) -> None:  # noqa: FBT001 - click's flag
    """Print a pairing link for the tablet NAME, and its QR: good once, for ten minutes.

    With --set it pairs a whole set of tablets: NAME 1, NAME 2 …
    """
    now, name = clock.now(), plain_name(name)
    with database().snapshot() as session:
        event = current_event(session, site().event).event
    _check_gate(event, gate, spare=spare)
    longest = sets.NAME_LONGEST if most else NAME_LONGEST
    if not 0 < len(name) <= longest:
        raise click.BadParameter(f"give a name of 1 to {longest} characters.", param_hint="'NAME'")
    lives = timedelta(hours=hours) if most else service.PAIRING_LIVES
    with database().transaction() as session:
        if most:
            code, _ = service.open_set(
                session,
                secret=site().settings.secret_key,
                name=name,
                gate=gate,
                most=most,
                lives=lives,
                now=now,
                by=ACTOR,
            )
        else:
            code = service.open_pairing(session, name=name, gate=gate, now=now, by=ACTOR)
    link = pairing_link(event.public_url, code)
    if _can_print(qr := qr_text(link)):
        click.echo(qr)
    click.echo(link)
    whose = f"for {event.gate_by_slug[gate].name}" if gate else "that stays a spare: its gate is chosen on it"
    which, times = ("each tablet", f"for {most} tablets") if most else ("the tablet", "once")
    until = event.local(now + lives)
    click.echo(f"Open it on {which} {whose}. It works {times}, until {until:%H:%M}.")


@group.command("list")
def list_devices() -> None:
    """Tell every tablet: its number, name and gate, when it was last seen, what it owes, and what needs care."""
    with database().snapshot() as session:
        found, event = service.all_devices(session), current_event(session, site().event).event
    for device in found:
        said = ", ".join(_told(event, device, clock.now()))
        click.echo(f"{device.id:>4}  {device.name:<32} {device.gate or 'spare':<16} {said}")
    if not found:
        click.echo("No tablet is paired yet: flask --app wsgi devices pair NAME --gate GATE")


@group.command("retire")
@click.argument("number", type=int)
@click.option("--lost", is_flag=True, help="Lost or stolen: badges printed from now on carry a new key.")
def retire(number: int, lost: bool) -> None:  # noqa: FBT001 - click's flag
    """End the access of the tablet NUMBER; what it still sends is kept in quarantine."""
    try:
        with database().transaction() as session:
            device = service.retire(session, number, lost=lost, now=clock.now(), by=ACTOR)
    except service.NoSuchDeviceError:
        raise click.BadParameter(f"there is no tablet {number}. `devices list` tells them.") from None
    except NoMoreKeysError as error:
        raise click.BadParameter(f"{error} Retire it without --lost.", param_hint="'--lost'") from None
    click.echo(f"{device.name} is retired.")
    if lost:
        click.echo("Badges printed from now on carry a new key. Tablets learn it with their next sync.")


def _check_gate(event: Event, gate: str, *, spare: bool) -> None:
    gates = ", ".join(event.gate_by_slug)
    if spare and gate:
        raise click.BadParameter("say --gate or --spare, not both.", param_hint="'--spare'")
    if not spare and gate not in event.gate_by_slug:
        problem = f"there is no gate {gate!r}." if gate else "say which gate, or --spare."
        raise click.BadParameter(f"{problem} The gates: {gates}.", param_hint="'--gate'")


def _told(event: Event, device: Device, now: datetime) -> Iterator[str]:
    """What there is to say of a tablet, piece by piece."""
    if device.retired_at is not None:
        how = "lost" if device.retired_as is RetiredAs.LOST else "put away"
        yield f"retired {_moment(event, device.retired_at)} ({how})"
    yield f"seen {_moment(event, device.last_seen_at)}" if device.last_seen_at else "seen never"
    if device.battery is not None:
        yield f"battery {device.battery:.0%}"
    since = f" since {_moment(event, device.first_owed_at)}" if device.outbox and device.first_owed_at else ""
    yield f"owes {device.outbox or 0}{since}"
    if policy.is_clock_off(device):
        yield f"CLOCK OFF by {(device.offset_ms or 0) / 1000:+.0f} s"
    if device.roster_at is not None:
        yield f"roster {(now - device.roster_at) / timedelta(minutes=1):.0f} min old"
    if device.app:
        yield f"app {device.app}"
    if device.erased_at is not None:
        yield f"erased {_moment(event, device.erased_at)}"
    elif policy.is_to_be_erased(device, event, now):
        yield "NOT YET ERASED: switch it on near the Wi-Fi once"


def _moment(event: Event, at: datetime) -> str:
    return f"{event.local(at):%d %b %H:%M}"


def _can_print(text: str) -> bool:
    """Whether this terminal's alphabet has half blocks; an old Windows console has not."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True

"""`flask keys …`: API keys, from the command line."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import Scope
from checkin.apikeys.policy import LASTS_DAYS, NAME_LONGEST, PREFIX, USUAL_DAYS, standing
from checkin.staff.commands import ACTOR, RefusedError
from checkin.staff.policy import plain_name
from checkin.web import database

group = AppGroup("keys", help="API keys: what other systems ask with.")


@group.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--days", type=click.IntRange(1, LASTS_DAYS[-1]), default=USUAL_DAYS, show_default=True)
def add(name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a key called NAME and print it, this once."""
    plain = plain_name(name)
    if not plain or len(plain) > NAME_LONGEST:
        raise RefusedError(f"The name is empty or longer than {NAME_LONGEST} characters.")
    wanted = {Scope(scope) for scope in scopes}
    with database().transaction() as session:
        made = service.make(
            session, name=plain, scopes=wanted, lasts=timedelta(days=days), by=ACTOR, actor=ACTOR, now=clock.now()
        )
    click.echo(f"Until {made.key.expires_at:%Y-%m-%d %H:%M} UTC this key opens {', '.join(sorted(wanted))}:", err=True)
    click.echo(made.text)


@group.command("list")
def list_keys() -> None:
    """Tell every key: its beginning, state, scopes, end, last use and name."""
    now = clock.now()
    with database().snapshot() as session:
        found = service.all_keys(session)
    for key in found:
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
        scopes = ",".join(sorted(key.scopes))
        click.echo(
            f"{PREFIX}{key.handle}  {standing(key, now):<8} {scopes:<28} {key.expires_at:%Y-%m-%d}  {used}  {key.name}"
        )
    if not found:
        click.echo("There is no API key yet.")


@group.command("revoke")
@click.argument("beginning")
def revoke(beginning: str) -> None:
    """End the key that begins with BEGINNING, as `keys list` shows it, at once."""
    handle = beginning.removeprefix(PREFIX)[:8]
    try:
        with database().transaction() as session:
            key = service.get_by_handle(session, handle)
            done = service.revoke(session, key.id, actor=ACTOR, now=clock.now())
    except service.NoSuchKeyError:
        raise RefusedError("No API key begins like this. `keys list` tells them.") from None
    click.echo(f"{key.name} is revoked." if done else f"{key.name} was revoked before.")

"""`flask venue …`: the certificates of the hall's own Wi-Fi; and a simulation, which has a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import ParamSpec

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.machine import this_machine
from checkin.venue.model import Address, Certificate, Names, Network, TlsError
from checkin.venue.policy import ends_soon, is_name, names_of, title_of
from checkin.web import site

SIMULATE = "simulate"


class _Venue(AppGroup):
    """The simulation is imported when it is asked for: a server starts a tenth sooner without it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), SIMULATE))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != SIMULATE:
            return super().get_command(ctx, cmd_name)
        from checkin.venue.simulation.command import simulate  # noqa: PLC0415 - see above

        return simulate


group = _Venue("venue", help="The hall: certificates for its own Wi-Fi, and a simulated expo.")
tls = AppGroup("tls", help="HTTPS: make, take, renew and show the certificate.")
group.add_command(tls)
FILE = click.Path(path_type=Path)
P = ParamSpec("P")


def _refusing(command: Callable[P, None]) -> Callable[P, None]:
    """Tell why not, with exit status 2."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TlsError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2) from None

    return guarded


def _name(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for name in given:
        if not is_name(name.lower()):
            raise click.BadParameter(f"{name!r} is no name of a machine, as gate.example.org is.")
    return tuple(name.lower() for name in given)


def _address(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Address, ...]:
    try:
        return tuple(ip_address(one) for one in given)
    except ValueError as error:
        raise click.BadParameter(f"{error}. Write it as 192.168.1.10.") from None


def _network(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one) for one in given)
    except ValueError as error:
        raise click.BadParameter(f"{error}. Write it as 192.168.0.0/24.") from None


more_names = click.option("--name", "names", multiple=True, callback=_name, help="A further name of this machine.")
more_addresses = click.option(
    "--address", "addresses", multiple=True, callback=_address, help="A further address of this machine."
)


@tls.command("init")
@more_names
@more_addresses
@click.option("--network", "networks", multiple=True, callback=_network, help="A network it may stand in later.")
@click.option("--certificate", type=FILE, help="Take this certificate (PEM, the chain behind it) instead.")
@click.option("--key", type=FILE, help="The private key of that certificate.")
@click.option("--again", is_flag=True, help="Replace what is there; tablets must then trust the new authority.")
@_refusing
def init(
    names: tuple[str, ...],
    addresses: tuple[Address, ...],
    networks: tuple[Network, ...],
    certificate: Path | None,
    key: Path | None,
    *,
    again: bool,
) -> None:
    """Make an authority for this hall and its certificate; or take a certificate from elsewhere."""
    folder, now = Folder(site().settings.tls), clock.machine_now()
    if (certificate is None) != (key is None):
        raise click.UsageError("Give --certificate and --key together.")
    if certificate is not None and key is not None:
        if names or addresses or networks:
            raise click.UsageError("A given certificate has its names already: leave --name, --address, --network out.")
        _tell(service.take(folder, certificate, key, now=now, again=again).server, "The certificate")
        return
    if not clock.is_plausible():
        raise TlsError(f"This machine's clock says {now:%d %B %Y}. Set it first: tablets compare the dates.")
    more = names_of(site().event).with_more(Names(names, addresses))
    title = title_of(site().event, now)
    standing = service.init(folder, this_machine(), more, title=title, now=now, networks=networks, again=again)
    _tell(standing.authority, "The hall's authority")
    _tell(standing.server, "The certificate")
    follows = service.FOLLOWS if again else "Its CA page walks each tablet through."
    click.echo(f"Next: python3 -m checkin venue. {follows}")


@tls.command("renew")
@more_names
@more_addresses
@_refusing
def renew(names: tuple[str, ...], addresses: tuple[Address, ...]) -> None:
    """Make a new certificate for today's addresses, from the same authority. Exit status 1 if some are left out."""
    machine, more = this_machine(), names_of(site().event).with_more(Names(names, addresses))
    folder = Folder(site().settings.tls)
    standing, left_out = service.renew(folder, machine, more, now=clock.machine_now())
    _tell(standing.server, "The certificate")
    click.echo("Start the server again to use it. Tablets trust it as before.")
    if left_out.texts() and standing.authority:
        click.echo(service.strayed(left_out, standing.authority.scope, machine), err=True)
        raise SystemExit(1)


@tls.command("status")
@_refusing
def status() -> None:
    """Tell who signs, until when, for which names, and the fingerprint. Exit status 1 if something needs care."""
    standing, now = Folder(site().settings.tls).standing(), clock.machine_now()
    if standing.authority is not None:
        _tell(standing.authority, "The hall's authority")
    if standing.server is None:
        raise TlsError(f"There is no certificate yet. Make one: {service.INIT}")
    _tell(standing.server, "The certificate, given to us" if standing.is_given else "The certificate")
    days = standing.server.days_left(now)
    if days < 0:
        raise TlsError("It is over.")
    click.echo(f"{days} days are left.")
    lacking = [str(one) for one in this_machine().lan.addresses if one not in standing.server.names.addresses]
    if lacking and not standing.is_given:
        click.echo(f"It does not name this machine's address {', '.join(lacking)}: venue tls renew", err=True)
    if (lacking and not standing.is_given) or ends_soon(standing.server, now):
        raise SystemExit(1)


def _tell(certificate: Certificate | None, what: str) -> None:
    if certificate is None:
        return
    click.echo(f"{what}: {certificate.subject}, signed by {certificate.issuer}")
    click.echo(f"  from        {certificate.begins_at:%d %B %Y} until {certificate.ends_at:%d %B %Y}")
    if certificate.names.texts():
        click.echo(f"  speaks for  {', '.join(certificate.names.texts())}")
    if certificate.scope.networks:
        may = (*certificate.scope.dns, *map(str, certificate.scope.networks))
        click.echo(f"  may sign    {', '.join(may)}")
    click.echo(f"  fingerprint {certificate.fingerprint}")

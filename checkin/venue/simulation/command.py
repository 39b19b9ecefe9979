"""`flask venue simulate`: three days of an expo in minutes, and whether every scan is there and every count right."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TypedDict, Unpack

import click
from flask.cli import with_appcontext

from checkin.event.model import Event
from checkin.venue.simulation import told
from checkin.venue.simulation.figures import NoFiguresError
from checkin.venue.simulation.hall import own_hall
from checkin.venue.simulation.model import Scenario, Size
from checkin.venue.simulation.play import Play, Run, made_up_here
from checkin.venue.simulation.scenario import ScenarioError, build
from checkin.venue.simulation.stage import NotHereError
from checkin.venue.simulation.told import Ticker
from checkin.venue.simulation.wire import Wire
from checkin.web import Site, site

VISITORS, SCANS_EACH, DAYS, GATES = 40_000, 3, 3, 12
COUNT = click.IntRange(1)


class Asked(TypedDict):
    """What the command line says."""

    visitors: int
    scans: int | None
    days: int
    gates: int | None
    seed: int
    clients: int
    speed: float | None
    url: str | None
    pin: str
    yes: bool


def _address(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    try:
        Wire(given or "http://127.0.0.1")
    except ValueError as error:
        raise click.BadParameter(f"{error}.") from None
    return given


@click.command("simulate")
@click.option("--visitors", type=COUNT, default=VISITORS, show_default=True, help="How many people there are.")
@click.option("--scans", type=COUNT, help="How many scans they make. Left out: three each.")
@click.option("--days", type=COUNT, default=DAYS, show_default=True, help="Show days, from the first one on.")
@click.option("--gates", type=COUNT, help=f"At least so many gates, of an own installation. Left out: {GATES}.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same number makes the same scans.")
@click.option("--clients", type=COUNT, default=8, show_default=True, help="How many tablets send at once.")
@click.option("--speed", type=click.FloatRange(0, min_open=True), help="Times life. Left out: as fast as it goes.")
@click.option(
    "--url",
    callback=_address,
    help="A running server of this installation. Left out: an own installation, thrown away.",
)
@click.option("--pin", default="", help="The supervisor's PIN of this installation, where one is set.")
@click.option("--yes", is_flag=True, help="Do not ask before people are added to this installation.")
@with_appcontext
def simulate(**asked: Unpack[Asked]) -> None:
    """Play an expo with made-up people: rushes, copies, wrong clocks, network cuts. Exit status 1 for differences."""
    url, gates, visitors = (asked["url"] or "").rstrip("/"), asked["gates"], asked["visitors"]
    if url and gates:
        raise click.UsageError("With --url the gates are those of the event file: leave --gates out.")
    size = Size(visitors=visitors, scans=asked["scans"] or visitors * SCANS_EACH, days=asked["days"])
    how = Play(url=url, clients=asked["clients"], speed=asked["speed"], pin=asked["pin"])
    try:
        here = site()
        if url:
            scenario = build(here.event, size, asked["seed"])
            _ask_first(here, scenario, url, yes=asked["yes"])
            is_right = _play(here, scenario, how, say=click.echo)
        else:
            is_right = _play_apart(here, size, asked["seed"], gates or GATES, how)
    except (NotHereError, NoFiguresError, ScenarioError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    if not is_right:
        raise SystemExit(1)


def _play_apart(here: Site, size: Size, seed: int, gates: int, how: Play) -> bool:
    with own_hall(here.settings.event_file, gates) as hall:
        scenario = build(hall.site.event, size, seed)
        click.echo(f"{_sentence(scenario)} It has an installation of its own, which is thrown away at the end.")
        is_right = hall.keep = False
        try:
            is_right = _play(hall.site, scenario, replace(how, url=hall.url))
        finally:
            hall.keep = not is_right
            if hall.keep:
                click.echo(f"Kept to be looked into: {hall.folder}", err=True)
        return is_right


def _ask_first(here: Site, scenario: Scenario, url: str, *, yes: bool) -> None:
    before = made_up_here(here, scenario)
    where = here.database.url.render_as_string(hide_password=True)
    click.echo(f"{_sentence(scenario)} It plays on the installation in {here.settings.instance} ({where}), at {url}.")
    click.echo(f"{before:,} made-up people are here from before. The new ones stay here, with all their scans.")
    if not yes and not (sys.stdin.isatty() and click.confirm("Go on?")):
        raise NotHereError("Nothing was done. To go on without being asked: --yes")


def _sentence(scenario: Scenario) -> str:
    event: Event = scenario.event
    days = min(scenario.size.days, len(event.show_days))
    return (
        f"{len(scenario.guests):,} made-up people, {len(scenario.scans):,} scans, {len(scenario.tablets)} tablets at "
        f"{len(event.gates)} gates, show days: {days}, seed {scenario.seed}."
    )


def _play(here: Site, scenario: Scenario, how: Play, say: Callable[[str], None] = lambda _: None) -> bool:
    with closing(Run(here, scenario, how, Ticker(is_seen=sys.stdout.isatty()))) as run:
        if not how.pin:
            say(f"The supervisor's PIN of this installation is new: {run.stage.pin}")
        log = run.send()
        click.echo(told.table(scenario, log))
        outcome = run.check(log)
    click.echo(told.verdict(outcome))
    return not outcome.differences

"""The demo: a living example on its own folder, its own port and the clock of day 1. Made anew at each start."""

from __future__ import annotations

import random
import secrets
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.model import Source as ScanSource
from checkin.admission.service import Desk, record
from checkin.admission.wire import read_batch
from checkin.app import create_app
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.devices import service as devices
from checkin.devices.model import Device, Health
from checkin.event.load import load_event
from checkin.event.model import Direction, Event
from checkin.launch.people import invent
from checkin.launch.serve import address, prepare, say, serve, site_of
from checkin.programme.service import current_event
from checkin.settings import ROOT, Settings
from checkin.staff.service import first_organiser_invitation
from checkin.staff.supervisor import set_supervisor_pin
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.visitors.model import Source, Visitor
from checkin.web import Site

FOLDER = ROOT / ".demo"
PEOPLE = 320
HOURS_OPEN = timedelta(hours=1, minutes=20)  # how long the doors have been open when the demo starts


def run(host: str, port: int) -> int:
    """`python3 -m checkin demo`. Raises EventFileError, CannotServeError."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    shutil.copyfile(ROOT / "instance" / "event.example.toml", FOLDER / "event.toml")
    event = load_event(FOLDER / "event.toml")
    opened = event.opens_at(event.show_days[0])
    settings = Settings.load({"CHECKIN_INSTANCE": str(FOLDER)})
    app = create_app(replace(settings, clock_shift=opened + HOURS_OPEN - datetime.now(UTC)))
    prepare(app)
    say("Inviting made-up people and letting them in …")
    site = site_of(app)
    pin = f"{secrets.randbelow(900_000) + 100_000}"
    with site.database.transaction() as session:
        people = _register(session, site, opened)
        _let_in(session, site, people, opened)
        code = first_organiser_invitation(session, clock.now())
        while set_supervisor_pin(session, pin, actor="demo", now=clock.now()) is not None:
            pin = f"{secrets.randbelow(900_000) + 100_000}"
    base, newest = address(host, port), people[-1][0]
    say("", f"The demo of {event.name}: it is {event.local(clock.now()):%H:%M} on its first day.")
    say(f"  Organisers     {base}/invitation/{code}  (opens once: choose any password)")
    say(f"  A badge        {base}/badge/{private_link(settings.secret_key, newest.id, newest.link_version)}")
    say(f"  Register       {base}/register", f"  Pair a gate    {base}/organise/devices, or open {base}/gate/ here")
    say(f"  Supervisor PIN {pin}", "Everything in it is forgotten when it starts again.")
    return serve(app, host, port)


def _register(session: Session, site: Site, opened: datetime) -> list[tuple[Visitor, Badge]]:
    """People who registered in the weeks before, with their badges."""
    made = []
    for number, details in enumerate(invent(site.event, PEOPLE)):
        before = opened - timedelta(hours=1 + 3 * (PEOPLE - number))
        visitor = visitors.add(session, details, source=Source.DEMO, secret=site.settings.secret_key, now=before)
        made.append((visitor, badges.issue(session, site.event, visitor, now=before, by="online")))
    return made


def _let_in(session: Session, site: Site, people: list[tuple[Visitor, Badge]], opened: datetime) -> None:
    """A morning of scans through the real judge: a rush at the doors, some leave and come back."""
    dice = random.Random(24)  # noqa: S311 - the same morning each time
    keys = KeyRing(site.settings.token_master)
    programme = current_event(session, site.event)
    tablets = {gate.slug: _tablet(session, site.event, gate.slug, gate.name, opened) for gate in site.event.gates}
    for moment, gate, direction, badge in sorted(_moves(site.event, people, opened, dice), key=lambda move: move[0]):
        item = {
            "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            "token": badges.token_of(site.event, keys, badge),
            "scanned_at": moment.isoformat(),
            "source": ScanSource.CAMERA,
            "direction": direction,
        }
        desk = Desk(programme=programme, keys=keys, device=tablets[gate], now=moment)
        record(session, desk, read_batch({"scans": [item]}))
    for tablet in tablets.values():
        devices.note_health(session, tablet, Health(battery=dice.uniform(0.4, 1), outbox=0), now=clock.now())


def _moves(
    event: Event, people: list[tuple[Visitor, Badge]], opened: datetime, dice: random.Random
) -> Iterator[tuple[datetime, str, Direction, Badge]]:
    expo = [gate for gate in event.gates if gate.zone == event.first_zone and not gate.categories]
    ways_in = [gate.slug for gate in expo if gate.direction is not Direction.OUT]
    ways_out = [gate.slug for gate in expo if gate.direction is not Direction.IN]
    pavilions = [gate.slug for gate in event.gates if gate.zone != event.first_zone]
    minutes = HOURS_OPEN.total_seconds() / 60
    for _, badge in people:
        if dice.random() < 0.35:  # noqa: PLR2004 - has not come yet
            continue
        arrival = min(1 + dice.expovariate(1 / 25), minutes - 8)
        yield opened + timedelta(minutes=arrival), dice.choice(ways_in), Direction.IN, badge
        if pavilions and dice.random() < 0.2:  # noqa: PLR2004
            yield opened + timedelta(minutes=arrival + 6), dice.choice(pavilions), Direction.IN, badge
        if ways_out and dice.random() < 0.15 and arrival < minutes - 30:  # noqa: PLR2004
            yield opened + timedelta(minutes=arrival + 15), dice.choice(ways_out), Direction.OUT, badge
            if dice.random() < 0.5:  # noqa: PLR2004 - the others went home
                yield opened + timedelta(minutes=arrival + 28), dice.choice(ways_in), Direction.IN, badge


def _tablet(session: Session, event: Event, gate: str, name: str, now: datetime) -> Device:
    code = devices.open_pairing(session, name=f"{name}, tablet A", gate=gate, now=now, by="demo")
    paired = devices.pair(session, event, code, app="demo", now=now)
    if paired is None:
        raise RuntimeError("a pairing code of this second must be live")
    return paired[1]

"""Made-up people, tablets and an organiser on this installation, through its own services; never among real ones."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from checkin.admission.tables import ScanRow
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.badges.shortcode import short_code
from checkin.badges.token import ALPHABET, make_token
from checkin.devices import service as devices
from checkin.devices.tables import DeviceRow
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.staff import service as staff
from checkin.staff.model import EmailTaken, Role, Staff
from checkin.staff.queries import find_supervisor_pin_set_at
from checkin.venue.simulation.model import Code, Guest, Held, Scenario, Tablet
from checkin.visitors import service as visitors
from checkin.visitors.model import Source
from checkin.visitors.tables import VisitorRow
from checkin.web import Site

APP = "simulator"  # what its tablets call themselves: it marks their scans as made up
TABLET = "Simulated tablet"
ACTOR = "simulator"
EMAIL = "simulator@example.invalid"
AT_ONCE = 200
NEVER_PRINTED = 9
Progress = Callable[[str, int, int], None]


class NotHereError(Exception):
    """Nothing may be simulated on this installation; the message says why, and what to do."""


@dataclass(slots=True)
class Stage:
    """What the made-up people and tablets are on this installation, by their places in the scenario."""

    event: Event
    keys: KeyRing
    visitors: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    devices: list[int] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    key_number: int = 0
    pin: str = ""

    def text(self, code: Code, guests: tuple[Guest, ...]) -> str:
        """What a camera reads, or a finger types, of `code`."""
        number = code.number if code.guest is None else self.numbers[code.guest]
        if code.held is Held.FORGED:
            return code.text
        if code.held in {Held.SHORT_CODE, Held.MISTYPED}:
            typed = short_code(number).lower().replace("-", " ")
            if code.held is Held.SHORT_CODE:
                return typed
            check = ALPHABET[(ALPHABET.index(typed[-1].upper()) + 1) % len(ALPHABET)]
            return typed[:-1] + check
        category = guests[code.guest or 0].details.category
        return make_token(
            event=self.event.slug,
            key=self.keys.key(self.key_number),
            key_number=self.key_number,
            number=number,
            issue=code.issue,
            category=self.event.category_by_slug[category].number,
        )


def refuse_to_mix(session: Session, event: Event, scan_ids: list[str]) -> int:
    """How many made-up people are here already. Raises NotHereError where anybody or anything is real.

    `scan_ids`: some of the scans to come; where one is stored, this very simulation was played here before.
    """
    counted = session.execute(select(VisitorRow.source, func.count()).group_by(VisitorRow.source))
    people = {source: number for source, number in counted}  # noqa: C416 - rows are no pairs to mypy
    made_up = people.pop(Source.DEMO, 0)
    if real := sum(people.values()):
        raise NotHereError(
            f"{real:,} real people are registered here. Made-up ones would be among them for good, in every count.\n"
            "Leave out --url: then it plays on an installation of its own. Or give it a folder: CHECKIN_INSTANCE=…"
        )
    ours = exists().where(DeviceRow.id == ScanRow.device_id, DeviceRow.app == APP)
    if not made_up and session.scalar(select(ScanRow.id).where(~ours).limit(1)):
        raise NotHereError("Tablets have scanned here: this is no rehearsal. Leave out --url, or give another folder.")
    if current_event(session, event).holds:
        raise NotHereError("A gate or a category is held here. Release it first: the counts are of an open hall.")
    if session.scalar(select(ScanRow.id).where(ScanRow.id.in_(scan_ids)).limit(1)):
        raise NotHereError("This simulation was played here before. Another one: --seed with another number.")
    return made_up


def set_up(site: Site, scenario: Scenario, now: datetime, *, pin: str = "", progress: Progress) -> Stage:
    """Pair the tablets, then add everyone with their badges, and the supervisor's PIN. Raises NotHereError.

    Some people were printed a second badge, some lost theirs for good: at moments of the scenario.
    """
    stage = Stage(scenario.event, KeyRing(site.settings.token_master), pin=_pin(site, pin, now))
    with site.database.transaction() as session:
        for tablet in scenario.tablets:
            device, bearer = _pair(session, scenario.event, tablet, now)
            stage.devices.append(device)
            stage.bearers.append(bearer)
        stage.key_number = badges.newest_key_number(session)
    for start in range(0, len(scenario.guests), AT_ONCE):
        with site.database.transaction() as session:
            _add(session, site, stage, scenario.guests[start : start + AT_ONCE], start_of(scenario))
        progress("People made", len(stage.visitors), len(scenario.guests))
    return stage


def start_of(scenario: Scenario) -> datetime:
    """When the first day that is played opens."""
    return scenario.event.opens_at(scenario.event.show_days[0])


def sign_in(site: Site, now: datetime) -> str:
    """A session of an organiser who asks for the figures. `now` is the server's: sessions end by its clock."""
    with site.database.transaction() as session:
        fields = {"name": "Simulation", "email": EMAIL, "role": Role.ORGANISER}
        who = staff.add(session, **fields, password=None, actor=ACTOR, now=now)  # type: ignore[arg-type]
        known = staff.find_staff_by_email(session, EMAIL) if isinstance(who, EmailTaken) else who
        if not isinstance(known, Staff):
            raise NotHereError(f"{EMAIL} cannot sign in here.")
        return staff.open_session(session, known, now)


def clear(site: Site, stage: Stage, now: datetime) -> None:
    """Put the tablets away and end the organiser's sessions; people and scans stay."""
    with site.database.transaction() as session:
        for device in stage.devices:
            devices.retire(session, device, now=now, by=ACTOR)
        who = staff.find_staff_by_email(session, EMAIL)
        if who is not None:
            staff.end_sessions(session, who.id, now)


def _pin(site: Site, pin: str, now: datetime) -> str:
    """The supervisor's PIN that holds: the one that is set and was told, or a new one where none is set."""
    with site.database.snapshot() as session:
        if find_supervisor_pin_set_at(session) is not None:
            if not staff.check_supervisor_pin(session, pin):
                raise NotHereError("This installation has a supervisor's PIN, for overrides: tell it with --pin.")
            return pin
    with site.database.transaction() as session:
        while not pin or staff.set_supervisor_pin(session, pin, actor=ACTOR, now=now) is not None:
            pin = f"{secrets.randbelow(900_000) + 100_000}"
    return pin


def _pair(session: Session, event: Event, tablet: Tablet, now: datetime) -> tuple[int, str]:
    name = f"{TABLET} {tablet.place + 1}"
    code = devices.open_pairing(session, name=name, gate=tablet.gate, now=now, by=ACTOR)
    paired = devices.pair(session, event, code, app=APP, now=now)
    if paired is None:
        raise RuntimeError("a pairing code of this second must be live")
    return paired[1].id, paired[0]


def _add(session: Session, site: Site, stage: Stage, guests: Sequence[Guest], opened: datetime) -> None:
    """These people with their badges, registered at one moment of the weeks before; some are printed once more."""
    before = opened - timedelta(hours=1 + guests[0].place % 700)
    details, secret = [guest.details for guest in guests], site.settings.secret_key
    people = visitors.add_all(session, details, source=Source.DEMO, secret=secret, now=before)
    first = badges.issue_first(session, stage.event, people, now=before, by="online")
    for guest, visitor in zip(guests, people, strict=True):
        if guest.reprinted_at is not None:
            badges.replace(session, stage.event, visitor, now=guest.reprinted_at, by="Desk 1", actor=ACTOR)
        if guest.revoked_at is not None:
            badges.revoke(session, visitor.id, now=guest.revoked_at, actor=ACTOR, reason="Given to another")
    stage.visitors += [visitor.id for visitor in people]
    stage.numbers += [badge.number for badge in first]

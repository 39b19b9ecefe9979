"""Three days of made-up people and scans through the real judge: re-entries, exits, undos, overrides, late arrivals."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.corrections import Correction, override, undo
from checkin.admission.service import Told
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors.model import Gender
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

CATEGORIES = ["trade-visitor", "trade-visitor", "general-visitor", "delegate", "exhibitor", "media", "crew"]
SECTORS = ["textiles", "cutlery", "leather-goods"]


def scans(database: Database, event: Event, seed: int, *, people: int = 30, number: int = 260) -> list[Told]:
    """Everything stored; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - the same crowd each time
    with database.transaction() as session:
        tokens = [token(session, event, dice, place) for place in range(people)]
        tablets = [make_device(session, event, gate.slug, gate.name)[1] for gate in event.gates]
    told: list[Told] = []
    for _ in range(4):
        batch = [item(event, dice, tokens) for _ in range(number // 4)]
        told += send(database, event, dice.choice(tablets), *batch)
    with database.transaction() as session:
        for one in dice.sample(told, number // 8):
            undo(session, correction(one.row.id, dice))
        refused = [one for one in told if one.row.verdict == "refused"]
        for one in dice.sample(refused, len(refused) // 3):
            override(session, correction(one.row.id, dice))
    return told


def token(session: Session, event: Event, dice: random.Random, place: int) -> str:
    visitor = make_visitor(
        session,
        category=dice.choice(CATEGORIES),
        country=dice.choice(["PK", "PK", "AZ", "KE", ""]),
        sectors=tuple(dice.sample(SECTORS, dice.randrange(3))),
        days=dice.choice([(), (), (date(2026, 1, 25),)]),
        gender=list(Gender)[place % 4],
        city=["Lahore", " LAHORE", "Sialkot", "سیالکوٹ", ""][place % 5],
        cluster=["", "", "sialkot-sports", "wazirabad-cutlery"][place % 7 % 4],
    )
    badge = make_badge(session, event, visitor)
    if dice.random() < 0.1:
        badges.revoke(session, visitor.id, now=clock.now(), actor="tests", reason="stolen")
    return token_of(event, badge)


def item(event: Event, dice: random.Random, tokens: list[str]) -> dict[str, object]:
    day = dice.choice([one.date for one in (*event.days, *event.show_days, *event.show_days)])
    at = datetime.combine(day, datetime.min.time(), event.time_zone)
    at += timedelta(minutes=dice.choice([1, 9 * 60 + 59, *(dice.randrange(600, 1200) for _ in range(5)), 24 * 60 - 1]))
    where = dice.choice([gate.slug for gate in event.gates] + ["gate-3", "gate-6", "nowhere"])
    text = "rubbish" if dice.random() < 0.05 else dice.choice(tokens)
    direction = dice.choice(["in", "in", "out"])
    number = str(uuid.UUID(int=dice.getrandbits(128), version=4))
    return make_item(text, at, gate=where, direction=direction) | {"id": number}


def correction(scan_id: str, dice: random.Random) -> Correction:
    number, now = str(uuid.UUID(int=dice.getrandbits(128), version=4)), clock.now()
    return Correction(id=number, scan_id=scan_id, at=now, reason="", by="tests", device=None, now=now)

"""Small makers of real rows, through the services; each takes what a test cares about and invents the rest."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.model import Verdict
from checkin.admission.service import Desk, Told, record
from checkin.admission.wire import read_batch
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Source, Visitor

KEYS = KeyRing(bytes(range(32)))
SECRET = "a secret of the tests, 32 letters"


def make_visitor(
    session: Session, name: str = "Ayesha Siddiqui", category: str = "trade-visitor", **more: object
) -> Visitor:
    details = Details(name=name, category=category, **more)  # type: ignore[arg-type]
    return visitors.add(session, details, source=Source.ONLINE, secret=SECRET, now=clock.now())


def make_badge(session: Session, event: Event, visitor: Visitor | None = None, **more: object) -> Badge:
    visitor = visitor or make_visitor(session, **more)  # type: ignore[arg-type]
    return badges.issue(session, event, visitor, now=clock.now() - timedelta(days=7), by="online")


def make_device(session: Session, event: Event, gate: str = "gate-1", name: str = "Tablet") -> tuple[str, Device]:
    """A paired tablet: its token and itself."""
    code = devices.open_pairing(session, name=name, gate=gate, now=clock.now(), by="tests")
    paired = devices.pair(session, event, code, app="tests", now=clock.now())
    assert paired is not None
    return paired


def token_of(event: Event, badge: Badge) -> str:
    return badges.token_of(event, KEYS, badge)


def make_item(token: str, at: datetime, **more: object) -> dict[str, object]:
    """One scan as a tablet sends it."""
    return {"id": str(uuid.uuid4()), "token": token, "scanned_at": at.isoformat(), "source": "camera", **more}


def send(database: Database, event: Event, device: Device, *items: dict[str, object]) -> list[Told]:
    """Record items as one batch, as the view does."""
    with database.transaction() as session:
        desk = Desk(programme=current_event(session, event), keys=KEYS, device=device, now=clock.now())
        return record(session, desk, read_batch({"scans": list(items)}))


def verdicts(told: list[Told]) -> list[Verdict]:
    return [Verdict(one.row.verdict) for one in told]

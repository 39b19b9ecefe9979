"""Quarantine is settled once, and an outbox file counts as if its tablet had sent it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from checkin import clock
from checkin.admission import quarantine
from checkin.admission.quarantine import OutboxFileError, Problem, Released, TakenIn
from checkin.admission.tables import AdmissionRow, OverrideRow, QuarantineRow, ScanRow, UndoRow
from checkin.database import Database
from checkin.devices import service as devices
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.programme.service import current_event
from tests.checkin.admission.tablet import Tablet, count
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_badge, make_item, make_visitor, token_of


def retire(database: Database, tablet: Tablet) -> None:
    with database.transaction() as session:
        devices.retire(session, tablet.device.id, now=DAY_ONE, by="tests")


def release(database: Database, event: Event, device_id: int) -> Released:
    with database.transaction() as session:
        programme = current_event(session, event)
        return quarantine.release(session, programme, KEYS, device_id, by="staff:1", now=clock.now())


def discard(database: Database, device_id: int) -> int:
    with database.transaction() as session:
        return quarantine.discard(session, device_id, by="staff:1", now=clock.now())


def waiting(database: Database) -> list[quarantine.Waiting]:
    with database.snapshot() as session:
        return quarantine.waiting(session)


def actions(database: Database) -> list[str]:
    with database.snapshot() as session:
        return [entry.action for entry in latest(session, 50)]


def test_released_scans_are_the_tablets_own_counted_once(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    known = make_item(token, DAY_ONE - timedelta(minutes=25), gate="gate-2")
    tablet.scan(known)
    retire(database, tablet)
    shown = {"verdict": "admitted", "reason": None, "confirmed": False}
    late = make_item(token, DAY_ONE, gate="gate-3", staff="12", clock="unsure", shown=shown)
    early = make_item(token, DAY_ONE - timedelta(minutes=20), shown={"verdict": "nonsense"})
    for _ in range(2):
        assert 403 == tablet.post("scans", scans=[late, known, early]).status_code
    (one,) = waiting(database)
    assert (tablet.device.id, tablet.device.name, 3) == (one.device_id, one.device_name, one.scans)
    assert Released(stored=2, repeated=1) == release(database, event, tablet.device.id)
    assert Released() == release(database, event, tablet.device.id)
    assert 0 == discard(database, tablet.device.id)
    assert [] == waiting(database)
    with database.snapshot() as session:
        stored = session.scalars(select(ScanRow).order_by(ScanRow.scanned_at)).all()
        assert [known["id"]] == list(session.scalars(select(AdmissionRow.scan_id)))
        settled = {(row.settled_as, row.settled_by) for row in session.scalars(select(QuarantineRow))}
    assert ["admitted", "re-entry", "re-entry"] == [row.verdict for row in stored]
    assert ("gate-3", "12", "unsure", "admitted") == tuple(
        getattr(stored[2], name) for name in ("gate", "staff", "clock", "shown_verdict")
    )
    assert stored[1].shown_verdict is None
    assert {tablet.device.id} == {row.device_id for row in stored}
    assert {("released", "staff:1")} == settled
    assert 1 == actions(database).count("quarantine.release")
    # What the tablet sends once more is known, and waits for nobody.
    tablet.post("scans", scans=[late])
    assert [] == waiting(database)


def test_discarded_scans_stay_stored_and_never_count(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    retire(database, tablet)
    tablet.post("scans", scans=[make_item(token, DAY_ONE), make_item("rubbish", DAY_ONE)])
    assert [2, 0] == [discard(database, tablet.device.id) for _ in range(2)]
    assert Released() == release(database, event, tablet.device.id)
    assert (0, 0, 2) == tuple(count(database, table) for table in (ScanRow, AdmissionRow, QuarantineRow))
    assert 1 == actions(database).count("quarantine.discard")


def test_two_contents_of_one_id_are_one_scan_and_one_conflict(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    retire(database, tablet)
    item = make_item(token, DAY_ONE)
    tablet.post("scans", scans=[item, item | {"source": "typed"}, {"id": str(uuid.uuid4()), "token": ["a", "tree"]}])
    assert 2 == waiting(database)[0].scans
    assert Released(stored=2, conflicts=1) == release(database, event, tablet.device.id)


def test_a_release_of_no_tablet_is_told(database: Database, event: Event) -> None:
    with pytest.raises(devices.NoSuchDeviceError):
        release(database, event, 99)


def outbox(tablet: Tablet, event: Event, /, **changed: object) -> dict[str, Any]:
    return {
        "format": "checkin-outbox",
        "version": 1,
        "event": event.slug,
        "device": {"id": tablet.device.id, "name": tablet.device.name},
        "saved_at": DAY_ONE.isoformat(),
        "scans": [],
        "actions": [],
    } | changed


@pytest.fixture
def take_in(database: Database, event: Event) -> Callable[[object], TakenIn]:
    def taken(content: object) -> TakenIn:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        with database.transaction() as session:
            programme = current_event(session, event)
            return quarantine.take_in(session, programme, KEYS, data, by="staff:1", now=clock.now())

    return taken


def action(kind: str, scan: object, **more: object) -> dict[str, object]:
    return {"kind": kind, "id": str(uuid.uuid4()), "scan": scan, "at": DAY_ONE.isoformat(), "reason": "guest"} | more


def test_an_outbox_file_is_as_if_its_tablet_had_sent_it_and_twice_is_once(
    tablet: Tablet, database: Database, event: Event, token: str, take_in: Callable[[object], TakenIn]
) -> None:
    with database.transaction() as session:
        not_today = token_of(event, make_badge(session, event, make_visitor(session, days=(event.show_days[1].date,))))
    sent, kept, wrong, refused = (
        make_item(text, DAY_ONE + timedelta(minutes=turn))
        for turn, text in enumerate((token, token, "rubbish", not_today))
    )
    tablet.scan(sent)
    retire(database, tablet)
    bad: list[object] = [{"id": "x"}, 7, None, ["a"]]
    file = outbox(
        tablet,
        event,
        scans=[sent, kept, wrong, refused, sent | {"source": "typed"}, *bad],
        actions=[
            action("undo", sent["id"]),
            action("override", refused["id"]),
            action("override", str(uuid.uuid4())),
            action("dance", sent["id"]),
            "rubbish",
        ],
    )
    taken = take_in(file)
    assert (3, 1, 1, 2, 7) == (taken.stored, taken.repeated, taken.conflicts, taken.corrected, taken.unreadable)
    assert tablet.device.id == taken.device.id
    again = take_in(file)
    assert (0, 4, 1, 2, 7) == (again.stored, again.repeated, again.conflicts, again.corrected, again.unreadable)
    assert (4, 1, 1) == tuple(count(database, table) for table in (ScanRow, UndoRow, OverrideRow))
    with database.snapshot() as session:
        assert {kept["id"], refused["id"]} == set(session.scalars(select(AdmissionRow.scan_id)))
        assert {"staff:1"} == {row.by for row in session.scalars(select(UndoRow))}
    assert 2 == actions(database).count("outbox.take_in")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"format": "something"}, Problem.UNREADABLE),
        ({"version": 2}, Problem.UNREADABLE),
        ({"scans": 7}, Problem.UNREADABLE),
        ({"device": None}, Problem.UNREADABLE),
        ({"event": "other-expo"}, Problem.OTHER_EVENT),
        ({"device": {"id": 99, "name": "Tablet"}}, Problem.UNKNOWN_DEVICE),
        ({"device": {"id": 1, "name": "Another tablet"}}, Problem.UNKNOWN_DEVICE),
        ({"device": {"id": 10**40, "name": "Tablet"}}, Problem.UNKNOWN_DEVICE),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_whole(
    tablet: Tablet,
    database: Database,
    event: Event,
    take_in: Callable[[object], TakenIn],
    changed: dict[str, object],
    problem: Problem,
) -> None:
    with pytest.raises(OutboxFileError) as refusal:
        take_in(outbox(tablet, event, **{"scans": [make_item("x", DAY_ONE)]} | changed))
    assert problem is refusal.value.problem
    assert 0 == count(database, ScanRow)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"null", b"PK\x03\x04", b'{"format": NaN}'])
def test_what_is_no_json_is_no_outbox_file(take_in: Callable[[object], TakenIn], content: bytes) -> None:
    with pytest.raises(OutboxFileError) as refusal:
        take_in(content)
    assert Problem.UNREADABLE is refusal.value.problem

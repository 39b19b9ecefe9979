"""Evening codes: one code pairs a whole set of tablets, and not one more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from checkin import clock
from checkin.admission.model import Reason
from checkin.admission.tables import ScanRow
from checkin.database import Database
from checkin.devices import service, sets
from checkin.devices.links import set_code
from checkin.devices.model import Device, TabletSet
from checkin.devices.tables import PairingRow
from checkin.event.model import Event
from checkin.journal.queries import latest
from tests.conftest import DAY_ONE
from tests.factories import SECRET, make_badge, make_device, make_item, token_of


def open_set(
    database: Database, most: int, *, name: str = "Tablet", gate: str = "gate-1", hours: float = 12
) -> tuple[str, TabletSet]:
    with database.transaction() as session:
        return service.open_set(
            session,
            secret=SECRET,
            name=name,
            gate=gate,
            most=most,
            lives=timedelta(hours=hours),
            now=clock.now(),
            by="tests",
        )


def pair(database: Database, event: Event, code: str, *, later: timedelta = timedelta()) -> Device | None:
    with database.transaction() as session:
        paired = service.pair(session, event, code, app="tests", now=clock.now() + later)
    return paired and paired[1]


def paired_names(database: Database, event: Event, code: str, times: int) -> list[str | None]:
    found = [pair(database, event, code) for _ in range(times)]
    return [one and one.name for one in found]


def set_of(database: Database, number: int) -> TabletSet:
    with database.snapshot() as session:
        return service.get_set(session, number)


def test_each_tablet_gets_the_next_number_and_one_too_many_is_too_late(database: Database, event: Event) -> None:
    code, opened = open_set(database, 3)
    assert ["Tablet 1", "Tablet 2", "Tablet 3", None] == paired_names(database, event, code, 4)
    found = set_of(database, opened.number)
    assert (3, False) == (found.used, found.is_live(clock.now()))


def test_a_number_is_never_given_twice_not_even_a_retired_tablets(database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_device(session, event, name="Tablet 2")
        _, old = make_device(session, event, name="Tablet 3")
        service.retire(session, old.id, now=clock.now(), by="tests")
    one, _ = open_set(database, 2)
    other, _ = open_set(database, 2)
    assert ["Tablet 1", "Tablet 4"] == paired_names(database, event, one, 2)
    assert ["Tablet 5", "Tablet 6"] == paired_names(database, event, other, 2)


def test_of_many_tablets_at_once_as_many_as_the_code_is_for_are_paired(database: Database, event: Event) -> None:
    code, opened = open_set(database, 5)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: pair(database, event, code), range(12)))
    names = [one.name for one in found if one]
    assert {f"Tablet {n}" for n in range(1, 6)} == set(names)
    assert 5 == len(names)
    assert 5 == set_of(database, opened.number).used


def test_a_set_of_one_lives_as_long_as_any_set_and_has_a_number(database: Database, event: Event) -> None:
    code, _ = open_set(database, 1, name="Spare", gate="")
    tablet = pair(database, event, code, later=timedelta(hours=11))
    assert tablet is not None
    assert ("Spare 1", "") == (tablet.name, tablet.gate)
    assert pair(database, event, code) is None


def test_after_its_hours_a_code_pairs_nobody(database: Database, event: Event) -> None:
    code, _ = open_set(database, 3, hours=1)
    assert pair(database, event, code, later=timedelta(minutes=59)) is not None
    assert pair(database, event, code, later=timedelta(minutes=61)) is None


def test_an_ended_code_pairs_nobody_and_who_was_paired_stays(database: Database, event: Event) -> None:
    code, opened = open_set(database, 3)
    tablet = pair(database, event, code)
    assert tablet is not None
    for _ in range(2):
        with database.transaction() as session:
            ended = service.end_set(session, opened.number, now=clock.now(), by="staff:1")
        assert (1, False) == (ended.used, ended.is_live(clock.now()))
    assert pair(database, event, code) is None
    with database.snapshot() as session:
        assert [False] == [device.is_retired for device in service.all_devices(session)]
        assert 1 == [entry.action for entry in latest(session, 10)].count("device.end_set")


def test_a_code_for_one_tablet_is_no_set(database: Database, event: Event) -> None:
    with database.transaction() as session:
        code = service.open_pairing(session, name="Gate 1, tablet A", gate="gate-1", now=clock.now(), by="tests")
        assert () == service.all_sets(session)
    assert ["Gate 1, tablet A", None] == paired_names(database, event, code, 2)


def test_the_code_is_shown_again_with_the_secret_and_the_database_alone_does_not_know_it(database: Database) -> None:
    code, opened = open_set(database, 3)
    assert code == set_code(SECRET, set_of(database, opened.number).opened_at)
    assert code != set_code("another secret", opened.opened_at)
    with database.snapshot() as session:
        stored = session.scalars(select(PairingRow)).one()
    assert all(code not in str(value) for value in vars(stored).values())


@pytest.mark.parametrize(("most", "hours"), [(0, 12), (201, 12), (5, 0.5), (5, 25)])
def test_what_no_set_may_be_is_refused(database: Database, most: int, hours: float) -> None:
    with pytest.raises(ValueError, match="a set"):
        open_set(database, most, hours=hours)


def test_a_set_that_never_was_is_not_found(database: Database) -> None:
    with database.snapshot() as session, pytest.raises(sets.NoSuchSetError):
        service.get_set(session, 17)


def test_a_spares_scans_are_refused_and_stored_until_it_has_a_gate(
    app: Flask, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        token, spare = make_device(session, event, gate="")
        badge = token_of(event, make_badge(session, event))
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def scan() -> dict[str, str]:
        answer = client.post("/api/v1/scans", json={"scans": [make_item(badge, DAY_ONE)]}, headers=headers)
        return dict(answer.json["judgements"][0])

    assert "" == spare.gate
    assert ("refused", Reason.WRONG_GATE) == (scan()["verdict"], scan()["reason"])
    chosen = client.put("/api/v1/devices/self", json={"gate": "gate-2"}, headers=headers)
    assert "gate-2" == chosen.json["device"]["gate"]
    assert "admitted" == scan()["verdict"]
    with database.snapshot() as session:
        assert ["", "", "gate-2"] == list(session.scalars(select(ScanRow.gate).order_by(ScanRow.received_at)))

"""Several tablets that use one pairing code at the same moment, on two servers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from checkin import clock
from checkin.badges.service import newest_key_number
from checkin.database import Database
from checkin.devices import service as devices
from checkin.event.model import Event
from checkin.settings import Settings
from tests.at_once import at_once
from tests.factories import make_device
from tests.installed import installed


@pytest.mark.parametrize("most", [1, 3])
def test_a_code_pairs_as_many_tablets_as_it_may_and_no_more(
    app: Flask, settings: Settings, database: Database, most: int
) -> None:
    with database.transaction() as session:
        if most == 1:
            code = devices.open_pairing(session, name="Tablet", gate="gate-1", now=clock.now(), by="tests")
        else:
            set_of = {"name": "Tablet", "gate": "gate-1", "most": most, "lives": timedelta(hours=2)}
            code, _ = devices.open_set(session, secret="x" * 32, now=clock.now(), by="tests", **set_of)
    with installed(settings) as other:
        clients = [server.test_client() for server in (app, other) * 3]
        answers = at_once(
            *(partial(client.post, "/api/v1/devices", json={"code": code, "app": "1"}) for client in clients)
        )
    assert [201] * most + [404] * (6 - most) == sorted(answer.status_code for answer in answers)
    with database.snapshot() as session:
        names = [device.name for device in devices.all_devices(session)]
    assert most == len(names) == len(set(names))


def test_two_tablets_lost_at_once_move_on_by_two_keys(database: Database, event: Event) -> None:
    with database.transaction() as session:
        ids = [make_device(session, event, name=f"Tablet {number}")[1].id for number in (1, 2)]

    def lose(device_id: int) -> None:
        with database.transaction() as session:
            devices.retire(session, device_id, lost=True, now=clock.now(), by="tests")

    at_once(*(partial(lose, device_id) for device_id in ids))
    with database.snapshot() as session:
        assert 2 == newest_key_number(session)

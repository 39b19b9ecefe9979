"""What was noted arrives, signed, sooner or later, once for who looks at its id; or is given up and says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checkin import clock
from checkin.database import Database
from checkin.settings import ROOT, Settings
from checkin.web import Site
from checkin.webhooks import service, tasks
from checkin.webhooks.model import DeliveryState, Problem, Topic
from checkin.webhooks.policy import ADDRESS_WAIT, LASTS, STALE_AFTER, WAITS
from checkin.webhooks.signature import secret_of
from checkin.webhooks.tasks import send_due, wake
from tests.checkin.printruns.workers import wait_until, worker
from tests.checkin.sight.conftest import Log
from tests.checkin.staff.people import let_pass

from .hooks import REVOKED, add_webhook, deliveries, states, tell
from .receiver import Receiver

SECOND = timedelta(seconds=1)


def test_a_message_arrives_signed_with_what_happened(site: Site, database: Database, receiver: Receiver) -> None:
    webhook = add_webhook(database, receiver.address)
    tell(database)
    assert [] == receiver.taken
    assert not send_due(site)
    (taken,) = receiver.taken
    assert "/hook?from=expo" == taken.path
    assert {"type": "badge.revoked", "timestamp": "2026-01-24T05:30", "data": REVOKED} == taken.said | {
        "timestamp": taken.said["timestamp"][:16]
    }
    assert re.fullmatch(r"msg_[\w-]{24}", taken.headers["webhook-id"])
    assert taken.is_signed_with(secret_of(site.settings.secret_key, webhook.salt))
    assert ["delivered"] == states(database)
    assert not send_due(site)
    assert 1 == len(receiver.taken)


def test_its_moment_is_the_machines_own_which_no_rehearsal_shifts(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    send_due(site)
    sent_at = datetime.fromtimestamp(int(receiver.taken[0].headers["webhook-timestamp"]), UTC)
    assert abs(sent_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert abs(sent_at - clock.now()) > timedelta(days=1)


def test_nothing_is_told_without_a_webhook_that_wants_it(site: Site, database: Database, receiver: Receiver) -> None:
    tell(database)
    add_webhook(database, receiver.address, [Topic.DEVICE_SILENT])
    tell(database)
    send_due(site)
    assert ([], []) == (receiver.taken, states(database))


def test_what_was_rolled_back_is_not_told(site: Site, database: Database, receiver: Receiver) -> None:
    add_webhook(database, receiver.address)
    with suppress(ZeroDivisionError), database.transaction() as session:
        service.tell(session, Topic.BADGE_REVOKED, REVOKED, now=clock.now())
        raise ZeroDivisionError
    send_due(site)
    assert [] == receiver.taken


def test_a_message_that_did_not_arrive_is_tried_again_with_growing_pauses_under_the_same_id(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    receiver.answers = [500, "hang up", 302]
    for wait in WAITS[:3]:
        send_due(site)
        send_due(site)
        let_pass(wait - SECOND)
        send_due(site)
        let_pass(SECOND)
    assert [3, 3] == [len(receiver.taken), deliveries(database)[0].tries]
    send_due(site)
    (done,) = deliveries(database)
    assert (DeliveryState.DELIVERED, 4, 204, None) == (done.state, done.tries, done.status, done.problem)
    assert 1 == len({one.headers["webhook-id"] for one in receiver.taken})
    assert 1 == len({one.body for one in receiver.taken})


def test_a_message_nobody_takes_for_hours_is_given_up_and_says_why(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    receiver.answers = [410] * 99
    for _ in range(100):
        send_due(site)
        let_pass(timedelta(minutes=10))
    (ended,) = deliveries(database)
    assert (DeliveryState.GIVEN_UP, 410, Problem.REFUSED) == (ended.state, ended.status, ended.problem)
    assert 8 < len(receiver.taken) < 14


def test_a_dead_receiver_costs_one_try_whatever_waits_for_it(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    add_webhook(database, receiver.address.replace("/hook?", "/alive?"))
    for _ in range(5):
        tell(database)
    receiver.answers = ["hang up", *[204] * 5]
    send_due(site)
    assert (["waiting"] * 5, ["delivered"] * 5) == (states(database), states(database, 2))
    tell(database)
    send_due(site)
    assert (["waiting"] * 6, 7) == (states(database), len(receiver.taken))
    let_pass(WAITS[0])
    send_due(site)
    assert ["delivered"] * 6 == states(database)


def test_one_message_that_a_receiver_refuses_keeps_no_others(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    tell(database)
    receiver.answers = [400, 204, 400]
    send_due(site)
    assert ["waiting", "waiting"] == states(database)
    let_pass(ADDRESS_WAIT)
    send_due(site)
    assert ["delivered", "waiting"] == sorted(states(database))


def test_what_is_too_old_is_given_up_without_a_try(site: Site, database: Database, receiver: Receiver) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    let_pass(LASTS)
    send_due(site)
    assert (["given_up"], []) == (states(database), receiver.taken)


def test_off_nothing_is_noted_and_what_waits_is_dropped_but_a_test_goes(
    site: Site, database: Database, receiver: Receiver
) -> None:
    webhook = add_webhook(database, receiver.address)
    tell(database)
    with database.transaction() as session:
        service.turn(session, webhook.id, on=False, actor="tests", now=clock.now())
    assert ["dropped"] == states(database)
    tell(database)
    with database.transaction() as session:
        service.test(session, webhook.id, actor="tests", now=clock.now())
    send_due(site)
    assert ["dropped", "delivered"] == states(database)
    assert {"webhook": webhook.id} == receiver.taken[0].said["data"]
    with database.transaction() as session:
        service.turn(session, webhook.id, on=True, actor="tests", now=clock.now())
    tell(database)
    send_due(site)
    assert "badge.revoked" == receiver.taken[1].said["type"]


def test_what_is_noted_while_its_webhook_is_being_removed_is_dropped(
    site: Site, database: Database, receiver: Receiver
) -> None:
    webhook = add_webhook(database, receiver.address)
    tell(database)
    with database.transaction() as session:
        service.remove(session, webhook.id, actor="tests", now=clock.now())
        service._note(session, webhook.id, Topic.BADGE_REVOKED, {}, clock.now(), clock.now())  # noqa: SLF001
    send_due(site)
    assert (["dropped", "dropped"], []) == (states(database), receiver.taken)


def test_of_two_workers_one_sends(
    site: Site, database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    first = deliveries(database)[0]
    assert send_due(site) is False
    tasks._send(site, first, add_webhook(database, receiver.address))  # noqa: SLF001 - it saw the message still waiting
    assert 1 == len(receiver.taken)


WORK = """
import dataclasses, socket, sys
from pathlib import Path
from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.webhooks.tasks import send_due
real = socket.getaddrinfo
socket.getaddrinfo = lambda host, *more, **words: real("127.0.0.1", *more, **words)
send_due(site_of(create_app(dataclasses.replace(Settings.load(), webhook_trial=Path(sys.argv[1])))))
"""


def kill_a_worker_that_waits_for_an_answer(receiver: Receiver, settings: Settings) -> None:
    environment = {
        "CHECKIN_INSTANCE": str(settings.instance),
        "CHECKIN_DATABASE_URL": settings.database_url,
        "CHECKIN_SECRET_KEY": settings.secret_key,
        "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
        "CHECKIN_CLOCK_SHIFT": str((clock.now() - datetime.now(UTC)).total_seconds()),
    }
    receiver.answers = ["hang"]
    command = [sys.executable, "-c", WORK, str(receiver.authority)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment) as process:
        assert receiver.hears.wait(60)
        process.kill()
    receiver.goes_on.set()


def test_a_worker_that_is_killed_loses_nothing_the_next_one_sends_it_under_the_same_id(
    site: Site, database: Database, receiver: Receiver
) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    kill_a_worker_that_waits_for_an_answer(receiver, site.settings)
    send_due(site)
    assert ["sending"] == states(database)
    let_pass(STALE_AFTER + SECOND)
    send_due(site)
    assert ["delivered"] == states(database)
    assert 2 == len(receiver.taken)
    assert 1 == len({one.headers["webhook-id"] for one in receiver.taken})


@pytest.mark.parametrize("is_woken", [True, False])
def test_a_real_worker_sends_what_is_noted_woken_or_by_itself(
    site: Site, database: Database, receiver: Receiver, *, is_woken: bool
) -> None:
    """A worker knows no setting of the tests: for it the receiver's name leads nowhere public."""
    add_webhook(database, "https://127.0.0.1.nip.invalid/")
    if not is_woken:
        tell(database)
    with worker(site.settings):
        if is_woken:
            tell(database)
            wake(site)
        wait_until(lambda: deliveries(database)[0].tries == 1)
    assert deliveries(database)[0].problem in {Problem.NAME, Problem.TIME}


def test_the_log_tells_no_address_and_no_payload(site: Site, database: Database, receiver: Receiver, log: Log) -> None:
    add_webhook(database, receiver.address)
    tell(database)
    receiver.answers = [500]
    send_due(site)
    assert ("hooks.example.org" in log.getvalue(), "7K3M" in log.getvalue()) == (False, False)


def test_there_is_no_variable_that_lets_webhooks_reach_this_machine(tmp_path: Path) -> None:
    names = {f"CHECKIN_{name}": str(tmp_path) for name in ("WEBHOOK_TRIAL", "WEBHOOKS_TRIAL", "TRIAL")}
    assert Settings.load({"CHECKIN_INSTANCE": str(tmp_path), **names}).webhook_trial is None

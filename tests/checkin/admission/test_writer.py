"""The writer: many scans in one commit, each answered after it; no live scan waits for a batch."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from checkin import clock
from checkin.admission import policy, writer
from checkin.admission.model import Facts, Judgement, Scan
from checkin.admission.tables import ScanRow
from checkin.admission.views import writer as writer_of
from checkin.admission.writer import Writer
from checkin.database import Database
from checkin.devices.tables import DeviceRow
from checkin.event.model import Event
from checkin.programme.model import Programme
from tests.checkin.admission.tablet import Tablet, count
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, token_of


@pytest.fixture
def ours(app: Flask) -> Writer:
    with app.app_context():
        return writer_of()


@pytest.fixture
def batches(ours: Writer) -> list[int]:
    """How many scans each transaction held."""
    found: list[int] = []
    ours.on_batch = lambda scans, _seconds: found.append(scans)
    return found


@pytest.fixture
def shut(database: Database) -> Iterator[threading.Event]:
    """Nobody can write until the event is set."""
    opened, is_shut = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as session:
            session.execute(delete(ScanRow).where(ScanRow.id == "nobody's"))
            is_shut.set()
            opened.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_shut.wait(10)
    yield opened
    opened.set()
    holder.join()


def until(holds: Callable[[], bool]) -> bool:
    """Whether it holds within some seconds."""
    return any(holds() or time.sleep(0.01) for _ in range(1_000))


@pytest.fixture
def has_begun(ours: Writer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Waits until the writer has taken up its first transaction, and cannot write it."""

    def wait() -> bool:
        with monkeypatch.context() as patch:
            patch.setattr(writer, "STUCK_S", 0.0)
            return until(lambda: ours.problem() == "the writer is stuck")

    return wait


def together(*acts: object) -> list[threading.Thread]:
    threads = [threading.Thread(target=act) for act in acts]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
        time.sleep(0.05)  # in this order
    return threads


@pytest.mark.sqlite("the writers of PostgreSQL do not wait for each other")
def test_what_comes_while_nobody_can_write_is_one_transaction_in_the_order_it_came(
    app: Flask,
    tablet: Tablet,
    token: str,
    ours: Writer,
    batches: list[int],
    shut: threading.Event,
    has_begun: Callable[[], bool],
) -> None:
    tablet.client.get("/healthz")
    answers: dict[int, str] = {}

    def scan(number: int) -> None:
        own = app.test_client()
        item = make_item(token, DAY_ONE + timedelta(minutes=number))
        answer = own.post("/api/v1/scans", json={"scans": [item]}, headers=tablet.headers)
        answers[number] = answer.json["judgements"][0]["verdict"]

    threads = together(lambda: scan(0))
    assert has_begun()
    threads += together(*(lambda number=number: scan(number) for number in range(1, 6)))
    assert until(lambda: ours.waiting == 6)
    assert {} == answers
    shut.set()
    for thread in threads:
        thread.join(10)
    assert {0: "admitted", **dict.fromkeys(range(1, 6), "re-entry")} == answers
    assert [1, 5] == batches


@pytest.mark.sqlite("the writers of PostgreSQL do not wait for each other")
def test_a_live_scan_overtakes_the_rest_of_a_large_batch(
    app: Flask, tablet: Tablet, ours: Writer, batches: list[int], shut: threading.Event, has_begun: Callable[[], bool]
) -> None:
    def send(scans: int) -> None:
        items = [make_item("any", DAY_ONE) for _ in range(scans)]
        assert 200 == app.test_client().post("/api/v1/scans", json={"scans": items}, headers=tablet.headers).status_code

    threads = together(lambda: send(700))
    assert has_begun()
    threads += together(lambda: send(1))
    assert until(lambda: ours.waiting == 201)
    shut.set()
    for thread in threads:
        thread.join(20)
    assert [200, 1, 200, 200, 100] == batches


def test_a_large_batch_is_answered_in_its_order(tablet: Tablet, token: str, batches: list[int]) -> None:
    items = [make_item(token, DAY_ONE + timedelta(minutes=11 * n)) for n in range(30)]
    items += [make_item("forged", DAY_ONE) for _ in range(420)]
    told = tablet.scan(*items)
    assert [item["id"] for item in items] == [one["id"] for one in told]
    assert ["admitted", "re-entry", "refused"] == [told[place]["verdict"] for place in (0, 29, 449)]
    assert [200, 200, 50] == batches


def test_too_much_at_once_is_sent_back_with_everything_kept(
    tablet: Tablet, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_WAITING", 0)
    answer = tablet.post("scans", scans=[make_item("any", DAY_ONE)])
    assert (503, "2", "busy") == (answer.status_code, answer.headers["Retry-After"], answer.json["error"]["reason"])
    monkeypatch.undo()
    assert 0 == count(database, ScanRow)
    tablet.scan(make_item("any", DAY_ONE))


@pytest.mark.sqlite("the writers of PostgreSQL do not wait for each other")
def test_whoever_waits_too_long_is_sent_back_and_a_resend_is_known(
    tablet: Tablet, database: Database, monkeypatch: pytest.MonkeyPatch, shut: threading.Event
) -> None:
    monkeypatch.setattr(writer, "PATIENCE_S", 0.2)
    item = make_item("any", DAY_ONE)
    assert 503 == tablet.post("scans", scans=[item]).status_code
    monkeypatch.undo()
    shut.set()
    (told,) = tablet.scan(item)
    assert told["repeated"]
    assert 1 == count(database, ScanRow)


@pytest.mark.parametrize("culprit", [0, 3, 11])
def test_a_scan_that_cannot_be_stored_is_named_and_the_others_are_stored(
    tablet: Tablet, database: Database, token: str, monkeypatch: pytest.MonkeyPatch, culprit: int
) -> None:
    items = [make_item(token, DAY_ONE + timedelta(minutes=n)) for n in range(12)]
    real = policy.judge

    def judge(programme: Programme, scan: Scan, facts: Facts) -> Judgement:
        if scan.id == items[culprit]["id"]:
            raise ZeroDivisionError
        return real(programme, scan, facts)

    monkeypatch.setattr(policy, "judge", judge)
    answer = tablet.post("scans", scans=items)
    assert (400, culprit) == (answer.status_code, answer.json["error"]["index"])
    assert 11 == count(database, ScanRow)
    told = tablet.scan(*(item for place, item in enumerate(items) if place != culprit))
    assert all(one["repeated"] for one in told)


def test_a_database_that_refuses_is_503_for_each_and_stores_nothing(
    tablet: Tablet, database: Database, ours: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("INSERT", {}, OSError("database or disk is full"))

    monkeypatch.setattr(writer, "store", refuse)
    answer = tablet.post("scans", scans=[make_item("any", DAY_ONE) for _ in range(3)])
    assert 503 == answer.status_code
    assert "Retry-After" in answer.headers
    monkeypatch.undo()
    assert 0 == count(database, ScanRow)
    assert ours.problem() is None
    tablet.scan(make_item("any", DAY_ONE))


def test_a_device_whose_token_is_gone_since_its_last_scan_is_unknown(tablet: Tablet, database: Database) -> None:
    assert 200 == tablet.post("scans", scans=[make_item("any", DAY_ONE)]).status_code
    with database.transaction() as session:
        session.execute(update(DeviceRow).values(token_hash="another"))
    assert 401 == tablet.post("scans", scans=[make_item("any", DAY_ONE)]).status_code
    assert 1 == count(database, ScanRow)


def test_the_gates_count_goes_up_with_each_entry_and_forgets_what_was_undone(
    tablet: Tablet, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        tokens = [token_of(event, make_badge(session, event, name=f"Visitor {n}")) for n in range(3)]
    items = [make_item(one, clock.now()) for one in tokens]

    def today(item: dict[str, object]) -> int:
        return int(tablet.post("scans", scans=[item]).json["gate_today"])

    assert [1, 2, 2] == [today(item) for item in (items[0], items[1], items[1])]
    undo = {"id": "6464e0fb-83f4-4604-91d0-f6704c86fda1", "at": clock.now().isoformat(), "reason": ""}
    assert 1 == tablet.post(f"scans/{items[0]['id']}/undo", **undo).json["gate_today"]
    assert [2, 2] == [today(item) for item in (items[2], make_item("forged", clock.now()))]


@pytest.mark.sqlite("the writers of PostgreSQL do not wait for each other")
def test_a_writer_that_is_stuck_says_so(
    app: Flask, tablet: Tablet, ours: Writer, monkeypatch: pytest.MonkeyPatch, shut: threading.Event
) -> None:
    assert ours.problem() is None
    monkeypatch.setattr(writer, "STUCK_S", 0.0)
    (thread,) = together(lambda: tablet.post("scans", scans=[make_item("any", DAY_ONE)]))
    assert until(lambda: ours.waiting == 1)
    assert until(lambda: ours.problem() == "the writer is stuck")
    shut.set()
    thread.join(10)
    assert (None, 0) == (ours.problem(), ours.waiting)


def test_a_process_that_was_forked_has_a_writer_of_its_own(tablet: Tablet, database: Database) -> None:
    tablet.scan(make_item("any", DAY_ONE))
    database.close()  # connections are no child's to use

    def scan() -> None:
        tablet.scan(make_item("any", DAY_ONE))

    child = multiprocessing.get_context("fork").Process(target=scan)
    child.start()
    child.join(20)
    assert 0 == child.exitcode
    tablet.scan(make_item("any", DAY_ONE))
    assert 3 == count(database, ScanRow)

"""How a simulation sends: each tablet in its order, nothing given up, whatever the server answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from checkin.badges.keys import KeyRing
from checkin.event.model import Event
from checkin.venue.simulation.drive import Driver
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Code, Held, Kind, Lane, Message, Scenario
from checkin.venue.simulation.play import at_once, pace
from checkin.venue.simulation.stage import Stage
from tests.checkin.venue.simulated import OPENS, scan, scenario

SECOND = timedelta(seconds=1)


@dataclass
class Counter:
    """What a server heard, in its order; `refusals` are its first answers."""

    refusals: list[tuple[int, str]] = field(default_factory=list)
    heard: list[tuple[str, list[str]]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, bearer: str, body: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
        ids = [item["id"] for item in body["scans"]]
        with self.lock:
            if self.refusals:
                status, wait = self.refusals.pop(0)
                return status, wait, {}
            self.heard.append((bearer, ids))
            told = [
                {"id": one, "verdict": "refused", "reason": "forged", "check": None, "repeated": one in self.known}
                for one in ids
            ]
            self.known |= set(ids)
            return 200, "", {"judgements": told}


@contextmanager
def serving(counter: Counter) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, wait, answer = counter.answer(self.headers["Authorization"], body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            if wait:
                self.send_header("Retry-After", wait)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the tablet's network broke, as it was told to
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def message(number: int, tablet: int = 0, **more: object) -> Message:
    fields: dict[str, Any] = {"lane": Lane.LIVE, "kind": Kind.LIVE, "scans": (number,)} | more
    return Message(at=OPENS + number * SECOND, tablet=tablet, **fields)


def sent(event: Event, counter: Counter, messages: list[Message], *, clients: int = 4) -> Log:
    with serving(counter) as url:
        return driver(event, url, messages, clients=clients).run()


def driver(event: Event, url: str, messages: list[Message], *, clients: int = 4) -> Driver:
    stage = Stage(event, KeyRing(bytes(32)), bearers=["a", "b"])
    return Driver(made(event, messages), stage, url, clients=clients, due=at_once)


def made(event: Event, messages: list[Message]) -> Scenario:
    count = 1 + max(place for one in messages for place in one.scans)
    scans = [scan(n, 0, n / 60, code=Code(held=Held.FORGED, text=str(n))) for n in range(count)]
    found = scenario(event, [], scans)
    return Scenario(**{name: getattr(found, name) for name in found.__slots__} | {"messages": tuple(messages)})


def test_each_tablet_sends_in_its_own_order(event: Event) -> None:
    counter = Counter()
    log = sent(event, counter, [message(n, n % 2) for n in range(60)])
    for tablet in ("Bearer a", "Bearer b"):
        ids = [int(one[0].removeprefix("scan-")) for bearer, one in counter.heard if bearer == tablet]
        assert (30, sorted(ids)) == (len(ids), ids)
    assert (60, []) == (len(log.spans), log.wrong)


def test_who_is_told_to_come_back_comes_back_with_the_same(event: Event) -> None:
    counter = Counter(refusals=[(503, "0"), (429, ""), (500, "")])
    log = sent(event, counter, [message(0), message(1)], clients=1)
    assert [["scan-0"], ["scan-1"]] == [ids for _, ids in counter.heard]
    assert {503: 1, 429: 1, 500: 1} == log.refused
    assert [] == log.wrong


def test_a_lost_answer_is_sent_again_and_called_repeated_without_a_fault(event: Event) -> None:
    counter = Counter()
    log = sent(event, counter, [message(0, loses_answer=True), message(1)])
    assert {"scan-0", "scan-1"} == counter.known
    assert (1, []) == (log.lost, log.wrong)
    assert log.spans[0].began <= log.spans[0].ended


def test_a_server_that_knows_what_was_never_sent_is_told(event: Event) -> None:
    assert 1 == len(sent(event, Counter(known={"scan-0"}), [message(0)]).wrong)


def test_a_server_that_judges_anew_what_it_knows_is_told(event: Event) -> None:
    class Forgetful(Counter):
        def answer(self, bearer: str, body: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
            self.known.clear()
            return super().answer(bearer, body)

    again = message(0, kind=Kind.AGAIN)
    assert [] == sent(event, Counter(), [message(0), again]).wrong
    assert 1 == len(sent(event, Forgetful(), [message(0), again]).wrong)


def test_a_refusal_that_no_tablet_expects_is_told(event: Event) -> None:
    assert ["tablet 1, live: answered 400"] == sent(event, Counter(refusals=[(400, "")]), [message(0)]).wrong


def test_a_quick_tablet_does_not_run_away_from_a_slow_one(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkin.venue.simulation.drive._APART", 10)
    held, counter = threading.Event(), Counter()
    first = counter.answer

    def answer(bearer: str, body: dict[str, Any]) -> tuple[int, str, dict[str, Any]]:
        if body["scans"][0]["id"] == "scan-0":
            held.wait(20)
        elif body["scans"][0]["id"] == "scan-10":
            held.set()  # without the bound, 59 would be there before 0
        return first(bearer, body)

    counter.answer = answer  # type: ignore[method-assign]
    sent(event, counter, [message(0), *(message(n, 1) for n in range(1, 60))])
    order = [ids[0] for _, ids in counter.heard]
    assert order.index("scan-0") < order.index("scan-30")


def test_a_server_that_is_gone_for_good_is_an_error_in_the_end(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MOST_TRIES", 3), ("_LAST_PAUSE_S", 0.01)):
        monkeypatch.setattr(f"checkin.venue.simulation.drive.{name}", value)
    with serving(Counter()) as url:
        pass
    with pytest.raises(ConnectionError, match="no useful answer"):
        driver(event, url, [message(0), message(1, 1)]).run()


def test_the_pace_is_so_many_times_lifes_and_skips_the_night(event: Event) -> None:
    night = Message(at=OPENS + timedelta(hours=24), tablet=0, lane=Lane.LIVE, kind=Kind.LIVE, scans=(1,))
    due = pace(made(event, [message(0), night]), 3600)
    assert due(OPENS) <= 0
    assert 1 < due(night.at) <= 2

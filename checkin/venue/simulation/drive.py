"""Sends a scenario: tablets beside each other, each in its own order, as fast as the server answers or at a pace."""

from __future__ import annotations

import heapq
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime

from checkin.venue.simulation.letters import Letters
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Kind, Lane, Scenario
from checkin.venue.simulation.replay import Span
from checkin.venue.simulation.stage import Stage
from checkin.venue.simulation.wire import Wire

MOST_TRIES = 200
_NOT_YET, _COME_BACK = 404, {0, 429, 500, 502, 503, 504}
_FIRST_PAUSE_S, _LAST_PAUSE_S = 0.05, 5.0
_APART = 200  # a quick tablet is not further ahead of a slow one than so many messages of them all
Due = Callable[[datetime], float]
"""Seconds until a moment of the simulation comes; zero or less when it is due."""


class Driver:
    """Sends the messages of a scenario to `url`, `clients` at once; what comes back stands in `log`."""

    def __init__(self, scenario: Scenario, stage: Stage, url: str, *, clients: int, due: Due) -> None:
        self.log = Log()
        self._scenario, self._stage, self._url, self._due = scenario, stage, url, due
        self._letters = Letters(scenario, stage)
        self._clients = clients
        self._changed = threading.Condition()
        self._lanes: defaultdict[tuple[int, Lane], deque[int]] = defaultdict(deque)
        for number, message in enumerate(scenario.messages):
            self._lanes[message.tablet, message.lane].append(number)
        # What comes next in each lane of which nothing is on its way; messages are numbered by their moments.
        self._next = [lane[0] for lane in self._lanes.values()]
        heapq.heapify(self._next)
        self._flying: set[int] = set()
        self._left = len(scenario.messages)
        self._failure: BaseException | None = None

    def run(self, stop: threading.Event | None = None) -> Log:
        """Send everything, or until `stop`. Raises what went wrong in a client."""
        stop = stop or threading.Event()
        threads = [threading.Thread(target=self._work, args=(stop,), daemon=True) for _ in range(self._clients)]
        self.log.began = self.log.ended = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._failure is not None:
            raise self._failure
        return self.log

    def _work(self, stop: threading.Event) -> None:
        try:
            with Wire(self._url) as wire:
                while (number := self._take(stop)) is not None:
                    self._deliver(wire, number)
        except BaseException as error:  # noqa: BLE001 - `run` raises it, in the thread that waits
            with self._changed:
                self._failure, self._left = error, 0
                self._changed.notify_all()

    def _take(self, stop: threading.Event) -> int | None:
        """The next message that is due, of a lane that is free; None when all are taken."""
        with self._changed:
            while self._left and not stop.is_set():
                wait = self._wait()
                if wait <= 0:
                    number = heapq.heappop(self._next)
                    self._flying.add(number)
                    self._left -= 1
                    self._changed.notify()  # there may be more
                    return number
                self._changed.wait(min(wait, 1.0))
            self._changed.notify()
            return None

    def _wait(self) -> float:
        """Seconds until the next message may go; whatever comes back meanwhile may change it."""
        if not self._next:
            return 1.0
        if self._flying and self._next[0] - min(self._flying) > _APART:
            return 1.0
        return self._due(self._scenario.messages[self._next[0]].at)

    def _deliver(self, wire: Wire, number: int) -> None:
        """Send one message until it is answered for good, as a tablet does: nothing is given up."""
        message = self._scenario.messages[number]
        request, bearer = self._letters.write(message), self._stage.bearers[message.tablet]
        began, pause, tries = time.monotonic(), _FIRST_PAUSE_S, 0
        if message.loses_answer:
            tries = 1
            wire.lose(request.method, request.path, request.body, bearer=bearer)
        while tries < MOST_TRIES:
            tries += 1
            sent = time.monotonic()
            answer = wire.ask(request.method, request.path, request.body, bearer=bearer)
            ended = time.monotonic()
            is_early = message.kind is Kind.CORRECTION and answer.status == _NOT_YET
            if answer.status not in _COME_BACK and not is_early:
                span = Span(number, 0, began, ended)
                with self._changed:
                    self.log.lost += message.loses_answer
                    self.log.note(self._scenario, message, answer, span, took=ended - sent, once=tries == 1)
                    self._flying.discard(number)
                    self._free((message.tablet, message.lane))
                return
            with self._changed:
                self.log.refused[answer.status] += 1
            time.sleep(min(_LAST_PAUSE_S, pause if answer.retry_after is None else answer.retry_after))
            pause = min(_LAST_PAUSE_S, pause * 2)
        raise ConnectionError(f"The server at {self._url} gave no useful answer, {MOST_TRIES} times.")

    def _free(self, key: tuple[int, Lane]) -> None:
        lane = self._lanes[key]
        lane.popleft()
        if lane:
            heapq.heappush(self._next, lane[0])
        self._changed.notify()

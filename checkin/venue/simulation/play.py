"""A simulation from its first question to its last: may it be here, set up, send, check, clear."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from checkin import clock
from checkin.venue.simulation import check as checking
from checkin.venue.simulation.check import Heard, Outcome, greet, hear
from checkin.venue.simulation.drive import Driver, Due
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Scenario
from checkin.venue.simulation.stage import NotHereError, clear, refuse_to_mix, set_up, sign_in
from checkin.venue.simulation.told import EVERY_S, Ticker, Underway
from checkin.venue.simulation.wire import Wire
from checkin.web import Site

NIGHT = timedelta(hours=2)  # a longer pause in which nobody scans is skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How a scenario is sent: where to, by how many at once, and how many times faster than life (None: at once)."""

    url: str
    clients: int = 8
    speed: float | None = None
    pin: str = ""


def made_up_here(site: Site, scenario: Scenario) -> int:
    """How many made-up people are here from before. Raises NotHereError where anyone is real."""
    with site.database.snapshot() as session:
        return refuse_to_mix(session, scenario.event, [scan.id for scan in scenario.scans[:100]])


class Run:
    """A scenario that is set up on an installation and its server: `send` it, `check` it, `close` it."""

    def __init__(self, site: Site, scenario: Scenario, how: Play, ticker: Ticker) -> None:
        """Raises NotHereError; what was set up by then is closed."""
        made_up_here(site, scenario)
        _reach(how.url)
        self._site, self._scenario, self._how, self._ticker = site, scenario, how, ticker
        self.stage = set_up(
            site,
            scenario,
            clock.now(),
            pin=how.pin,
            progress=lambda what, done, whole: ticker.say(f"{what}: {done:,} of {whole:,}"),
        )
        ticker.end()
        try:
            with Wire(how.url) as wire:
                now, *_ = greet(wire, self.stage, 0, scenario)
            self._session = sign_in(site, now)
            self._before = self._hear()
        except BaseException:
            self.close()
            raise

    def send(self) -> Log:
        """Every message, until each is answered."""
        how = self._how
        due = at_once if how.speed is None else pace(self._scenario, how.speed)
        driver = Driver(self._scenario, self.stage, how.url, clients=how.clients, due=due)
        return _sent(driver, Underway(self._scenario), self._ticker)

    def check(self, log: Log) -> Outcome:
        """What is stored and told now, against the oracle. Raises NoFiguresError."""
        return checking.check(self._site, self._scenario, self.stage, log, self._before, self._hear)

    def close(self) -> None:
        """Put the tablets away; people and scans stay."""
        clear(self._site, self.stage, clock.now())

    def _hear(self) -> Heard:
        return hear(self._scenario, self.stage, self._how.url, self._session)


def at_once(_: datetime) -> float:
    """Everything is due: as fast as the server answers."""
    return 0.0


def pace(scenario: Scenario, speed: float) -> Due:
    """So many times faster than life, from now on; nights are skipped."""
    moments, seconds, played = [message.at for message in scenario.messages], {}, timedelta()
    for earlier, later in pairwise(moments):
        seconds[earlier] = played.total_seconds() / speed
        played += min(later - earlier, NIGHT)
    seconds[moments[-1]] = played.total_seconds() / speed
    began = time.monotonic()
    return lambda moment: began + seconds[moment] - time.monotonic()


def _reach(url: str) -> None:
    with Wire(url) as wire:
        if not wire.ask("GET", "/healthz").status:
            raise NotHereError(f"Nobody answers at {url}. Start the server there: python3 -m checkin run")


def _sent(driver: Driver, underway: Underway, ticker: Ticker) -> Log:
    is_over = threading.Event()

    def tell() -> None:
        while not is_over.wait(EVERY_S):
            ticker.say(underway.line(driver.log))

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        return driver.run()
    finally:
        is_over.set()
        teller.join()
        ticker.end()

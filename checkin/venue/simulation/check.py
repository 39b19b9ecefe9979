"""Every scan there, every count right? The rows, the figures and the gates' own counts against the oracle."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from checkin.venue.simulation import figures, ledger, oracle
from checkin.venue.simulation.figures import Flat
from checkin.venue.simulation.ledger import Books
from checkin.venue.simulation.letters import Letters
from checkin.venue.simulation.log import OK, Log
from checkin.venue.simulation.model import Scenario
from checkin.venue.simulation.oracle import Fact
from checkin.venue.simulation.replay import replay
from checkin.venue.simulation.stage import TABLET, NotHereError, Stage
from checkin.venue.simulation.wire import Wire
from checkin.web import Site

UNKNOWN = 401
PATIENCE_S = 10.0  # figures may be a second behind the scans; a busy machine is given more


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the check found. `open`: scans that arrived beside another which decides theirs, so that either is right."""

    differences: Sequence[str]
    scans: int
    judged: int
    open: int
    admissions: int
    figures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the server says: what each tablet's screen counts on which day, the figures of each day, and how many of
    the tablets are waited for.
    """

    gates: Sequence[tuple[date, int]]
    figures: Mapping[date | None, Flat]
    waiting: int


def hear(scenario: Scenario, stage: Stage, url: str, session: str) -> Heard:
    """Ask for everything. Raises NoFiguresError, or NotHereError where the tablets are not known."""
    days = [None, *(day.date for day in scenario.event.days)]
    with Wire(url) as wire:
        gates = [greet(wire, stage, place, scenario)[1:] for place in range(len(scenario.tablets))]
        answers = {day: figures.ask(wire, session, day) for day in days}
    return Heard(
        gates=gates,
        figures={day: figures.flat(answer) for day, answer in answers.items()},
        waiting=sum(one["device"].startswith(TABLET) for one in answers[None]["waiting"]),
    )


def greet(wire: Wire, stage: Stage, place: int, scenario: Scenario) -> tuple[datetime, date, int]:
    """A tablet says that it owes nothing, and hears the server's time, and how many entered at its gate on which day.

    Raises NotHereError where the server knows no such tablet, or cannot be reached.
    """
    answer = wire.ask("PUT", "/api/v1/devices/self", {"outbox": 0}, bearer=stage.bearers[place])
    if answer.status == UNKNOWN:
        raise NotHereError("That server is of another installation than this command.")
    if answer.status != OK:
        raise NotHereError(f"That server cannot be used: it answered {answer.status or 'nothing'}.")
    now = datetime.fromisoformat(answer.body["server_time"])
    return now, now.astimezone(scenario.event.time_zone).date(), int(answer.body["gate_today"])


def check(site: Site, scenario: Scenario, stage: Stage, log: Log, before: Heard, ask: Callable[[], Heard]) -> Outcome:
    """Compare everything. `ask` hears the server: again until its figures are right, as long as patience goes."""
    facts = oracle.facts(scenario)
    replayed = replay(scenario, facts, log.spans, log.corrected, lambda place: log.judged[place]["reason"])
    counting = oracle.counting(scenario, facts, replayed.refused)
    counted = oracle.passes(counting)
    books = Books(
        scenario=scenario,
        stage=stage,
        letters=Letters(scenario, stage),
        log=log,
        facts=facts,
        replayed=replayed,
        counted=counted,
    )
    with site.database.snapshot() as reading:
        found = [*log.wrong, *ledger.differences(reading, books)]
    wanted = {
        day: figures.expected(oracle.figures(scenario.event, counted, day), flat)
        for day, flat in before.figures.items()
    }
    until = time.monotonic() + PATIENCE_S
    while unequal := _unequal(scenario, wanted, before, ask(), counting):
        if found or time.monotonic() > until:
            break
        time.sleep(0.5)
    return Outcome(
        differences=[*found, *unequal],
        scans=len(scenario.scans),
        judged=len(replayed.right),
        open=replayed.open,
        admissions=len(oracle.admissions(counted)),
        figures=sum(len(one) for one in wanted.values()),
    )


def _unequal(
    scenario: Scenario, wanted: Mapping[date | None, Flat], before: Heard, now: Heard, counting: Sequence[Fact]
) -> list[str]:
    found = [text for day, flat in wanted.items() for text in figures.unequal(day, flat, now.figures[day])]
    for tablet, (old_day, old), (day, number) in zip(scenario.tablets, before.gates, now.gates, strict=True):
        right = oracle.entries_at(counting, tablet.gate, day) + (old if old_day == day else 0)
        if number != right and old_day == day:
            found.append(f"{day}: the screen at {tablet.gate} counts {number}, where {right} is right")
    if now.waiting:
        found.append(f"{now.waiting} tablets are waited for, and owe nothing")
    return found

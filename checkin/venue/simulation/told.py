"""What a simulation says while it runs and at its end. Plain text for a terminal; English, as all commands are."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence

import click

from checkin.venue.simulation.check import Outcome
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Held, Kind, Scenario

MOST_SHOWN = 20
EVERY_S = 0.5
_RECENT = 1_000


class Ticker:
    """One line that is written over, where a terminal looks on; nothing elsewhere."""

    def __init__(self, *, is_seen: bool) -> None:
        self._is_seen, self._told = is_seen, 0.0

    def say(self, text: str) -> None:
        """At most twice a second."""
        now = time.monotonic()
        if self._is_seen and now - self._told >= EVERY_S:
            self._told = now
            click.echo(f"\r\033[K{text}", nl=False)

    def end(self) -> None:
        """Leave the line to what follows."""
        if self._is_seen:
            click.echo("\r\033[K", nl=False)


class Underway:
    """How far a simulation is."""

    def __init__(self, scenario: Scenario) -> None:
        self._made = sorted(scan.made_at for scan in scenario.scans)
        self._local = scenario.event.local

    def line(self, log: Log) -> str:
        """One line: the moment that is played, scans, their rate, latencies, what waits."""
        sent, took = len(log.spans), max(log.ended - log.began, 0.001)
        moment = f"{self._local(log.reached):%d %b %H:%M}" if log.reached else "…"
        owed = bisect_right(self._made, log.reached) - sent if log.reached else 0
        return (
            f"{moment}  {sent:,} of {len(self._made):,} scans, {sent / took:,.0f}/s  "
            f"live {latencies(log.live[-_RECENT:])}  batches {latencies(log.batches[-_RECENT:])}  "
            f"outboxes {max(0, owed):,}  sent again {sum(log.refused.values()) + log.lost:,}"
        )


def table(scenario: Scenario, log: Log) -> str:
    """What was sent, and how fast it was answered."""
    took = max(log.ended - log.began, 0.001)
    kinds = [message.kind for message in scenario.messages]
    held = [scan.code.held for scan in scenario.scans]
    rows = [
        ("visitors, tablets, gates", f"{len(scenario.guests):,}, {len(scenario.tablets)}, {len(scenario.event.gates)}"),
        ("scans", f"{len(log.spans):,} in {took:.1f} s: {len(log.spans) / took:,.0f} a second"),
        ("requests", f"{len(kinds):,}: {len(kinds) / took:,.0f} a second"),
        ("live scans", latencies(log.live)),
        ("batches", f"{latencies(log.batches)}  ({len(log.batches):,})"),
        ("came late", f"{sum(scan.waited for scan in scenario.scans):,} waited for a network"),
        ("unsure moments", f"{sum(scan.clock == 'unsure' for scan in scenario.scans):,}"),
        ("typed, not ours", f"{held.count(Held.SHORT_CODE):,}, {_not_ours(held):,}"),
        (
            "undos, overrides",
            ", ".join(f"{sum(one.is_undo is kind for one in scenario.corrections):,}" for kind in (True, False)),
        ),
        ("told again, changed", f"{kinds.count(Kind.AGAIN):,}, {kinds.count(Kind.CONFLICT):,}"),
        ("answers lost", f"{log.lost:,}"),
        (
            "come back later",
            ", ".join(f"{status or 'no answer'}: {number:,}" for status, number in sorted(log.refused.items()))
            or "none",
        ),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)


def verdict(outcome: Outcome) -> str:
    """What the check found; at most a few of the differences."""
    compared = (
        f"{outcome.scans:,} scans, {outcome.judged:,} judgements, {outcome.admissions:,} admissions and "
        f"{outcome.figures:,} figures were compared"
    )
    either = f" ({outcome.open:,} judgements came at the same time as another that decides them: either was right)"
    lines = [compared + (either if outcome.open else "") + "."]
    if outcome.differences:
        lines += outcome.differences[:MOST_SHOWN]
        if len(outcome.differences) > MOST_SHOWN:
            lines.append(f"… and {len(outcome.differences) - MOST_SHOWN:,} more")
        lines.append(f"Differences: {len(outcome.differences):,}.")
    else:
        lines.append("Every scan is there and every count is right: no difference.")
    return "\n".join(lines)


def latencies(seconds: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    if not seconds:
        return "-"
    ordered = sorted(seconds)
    marks = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99))
    return "p50 {:.0f} p95 {:.0f} p99 {:.0f} ms".format(*marks)


def _not_ours(held: Sequence[Held]) -> int:
    return sum(one in {Held.FORGED, Held.NOBODYS, Held.NEVER_PRINTED, Held.MISTYPED} for one in held)

"""How many have entered at each gate today, as its screen shows it: counted once, then kept up by the writer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import Connection

from checkin.admission.model import StoredScan, Verdict
from checkin.event.model import Direction

Count = Callable[[Connection, str, date], int]
FRESH_S = 10.0  # what other processes, undos and overrides change shows after so long


class GateCounts:
    """The counts of one process; only its writer asks for them."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._kept: dict[tuple[str, date], tuple[int, float]] = {}
        self._is_stale = False

    def fresh(self, connection: Connection, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], int]:
        """Exact counts of those gates that are not known, or not for a while, from what the transaction sees."""
        if self._is_stale:
            self._is_stale = False
            self._kept.clear()
        until = time.monotonic() - FRESH_S
        old = [key for key in wanted if key not in self._kept or self._kept[key][1] < until]
        return {(gate, day): self._count(connection, gate, day) for gate, day in old}

    def keep(self, fresh: dict[tuple[str, date], int], stored: Iterable[StoredScan]) -> None:
        """After the commit: take over what was counted in it, and add its entries to what was not."""
        now = time.monotonic()
        for scan in stored:
            key = (scan.gate, scan.day)
            if key in self._kept and key not in fresh and _is_entry(scan):
                number, since = self._kept[key]
                self._kept[key] = (number + 1, since)
        for key, number in fresh.items():
            self._kept[key] = (number, now)

    def at(self, gate: str, day: date) -> int:
        """The count of a gate that was asked for in this batch."""
        return self._kept[gate, day][0]

    def forget(self) -> None:
        """Count anew from the next batch on: something was taken back or overridden. Any thread may say so."""
        self._is_stale = True


def _is_entry(scan: StoredScan) -> bool:
    return scan.direction == Direction.IN and scan.verdict in {Verdict.ADMITTED, Verdict.RE_ENTRY}

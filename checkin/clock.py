"""now(): the one place that reads the clock. A demo or a rehearsal shifts it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_shift = timedelta()
# The clock of a machine without a battery wakes up in 1970; this software is younger than that.
_WRITTEN = datetime(2025, 12, 1, tzinfo=UTC)


def now() -> datetime:
    """This moment in UTC, shifted if a demo or a rehearsal asked for it."""
    return datetime.now(UTC) + _shift


def machine_now() -> datetime:
    """This moment by the machine's own clock, never shifted: for what other machines judge, as certificates are."""
    return datetime.now(UTC)


def shift(by: timedelta) -> None:
    """Let `now()` run ahead of the machine's clock by `by` (behind it when negative), for the whole process."""
    global _shift  # noqa: PLW0603 - one process has one clock
    _shift = by


def is_plausible() -> bool:
    """Whether tablets may set their clocks by ours: not before this software was written."""
    return now() >= _WRITTEN

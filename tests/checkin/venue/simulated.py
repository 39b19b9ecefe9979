"""Small makers of a simulation's parts, and the contract's event as its rules read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from checkin.event.model import Event
from checkin.venue.simulation.model import Code, Correction, Guest, Held, Scan, Scenario, Size, Tablet
from checkin.visitors.model import Details

OPENS = datetime(2026, 1, 24, 5, tzinfo=UTC)  # 10:00 in Lahore


def guest(place: int, category: str = "trade-visitor", **more: object) -> Guest:
    details = Details(name=f"Visitor {place}", category=category, **more)  # type: ignore[arg-type]
    return Guest(place=place, details=details)


def scan(number: int, who: int, minutes: float, gate: str = "gate-1", direction: str = "in", **more: object) -> Scan:
    """Scan `number` of guest `who`, so many minutes after the doors opened on day 1."""
    at = OPENS + timedelta(minutes=minutes)
    fields = {"code": Code(held=Held.BADGE, guest=who), "tablet": 0} | more
    return Scan(
        id=f"scan-{number}",
        made_at=at,
        scanned_at=at,
        clock="sure",
        source="camera",
        gate=gate,
        direction=direction,
        **fields,  # type: ignore[arg-type]
    )


def correction(scan: int, *, undo: bool, minutes: float = 1, tablet: int = 0) -> Correction:
    """Of the scan at this place, made so many minutes after the doors opened."""
    at = OPENS + timedelta(minutes=minutes)
    return Correction(id=f"correction-{scan}-{undo}", is_undo=undo, scan=scan, tablet=tablet, at=at, reason="x")


def scenario(
    event: Event, guests: list[Guest], scans: list[Scan], corrections: tuple[Correction, ...] = ()
) -> Scenario:
    tablets = tuple(Tablet(place=n, gate="gate-1", direction="in", clock_error=timedelta()) for n in range(2))
    return Scenario(
        event=event,
        size=Size(visitors=len(guests), scans=len(scans)),
        seed=1,
        guests=tuple(guests),
        tablets=tablets,
        scans=tuple(scans),
        corrections=corrections,
        messages=(),
    )

"""Messages of a scenario as requests of HTTP, word for word as the tablet app writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from checkin.venue.simulation.model import Kind, Message, Scan, Scenario, Shown
from checkin.venue.simulation.stage import Stage


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    body: dict[str, object]


class Letters:
    """Writes the messages of one scenario for one installation."""

    def __init__(self, scenario: Scenario, stage: Stage) -> None:
        self._scenario, self._stage = scenario, stage
        self.texts = [stage.text(scan.code, scenario.guests) for scan in scenario.scans]

    def write(self, message: Message) -> Request:
        """The request that this message is."""
        scenario = self._scenario
        if message.kind is Kind.HEALTH:
            return Request("PUT", "/api/v1/devices/self", self._health(message))
        if message.kind is Kind.CORRECTION:
            correction = scenario.corrections[message.correction]
            body: dict[str, object] = {"id": correction.id, "at": iso(correction.at), "reason": correction.reason}
            if not correction.is_undo:
                body["pin"] = self._stage.pin
            word = "undo" if correction.is_undo else "override"
            return Request("POST", f"/api/v1/scans/{scenario.scans[correction.scan].id}/{word}", body)
        items = [self._item(place, message.shown) for place in message.scans]
        if message.kind is Kind.CONFLICT:
            first = scenario.scans[message.scans[0]]
            items[0]["scanned_at"] = iso(first.scanned_at + timedelta(milliseconds=1))
        return Request("POST", "/api/v1/scans", {"scans": items})

    def _item(self, place: int, shown: Shown | None) -> dict[str, object]:
        scan = self._scenario.scans[place]
        item: dict[str, object] = {"id": scan.id, "token": self.texts[place], "clock": scan.clock, **told(scan)}
        on_screen = shown or (scan.screen if scan.waited else None)
        if on_screen is not None:
            item["shown"] = {"verdict": on_screen.verdict, "reason": on_screen.reason, "confirmed": False}
        return item if scan.staff is None else {**item, "staff": scan.staff}

    def _health(self, message: Message) -> dict[str, object]:
        tablet = self._scenario.tablets[message.tablet]
        battery = round(1 - (message.tablet * 7 % 60) / 100, 2)
        offset = -round(tablet.clock_error / timedelta(milliseconds=1))
        return {"outbox": message.outbox, "offset_ms": offset, "battery": battery}


def told(scan: Scan) -> dict[str, str]:
    """What makes two sendings the same scan, but for the text; what the tablet leaves out is not there."""
    at = "yesterday" if scan.is_broken else iso(scan.scanned_at)
    fields = {"scanned_at": at, "source": scan.source, "gate": scan.gate, "direction": scan.direction}
    return {name: value for name, value in fields.items() if value is not None}


def iso(moment: datetime) -> str:
    """As JavaScript writes a moment: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

"""What is stored, row by row, against what was sent: every scan once and as it was, every fact that followed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from checkin.admission.tables import AdmissionRow, ConflictRow, OverrideRow, ScanRow, UndoRow
from checkin.database import table_of
from checkin.venue.simulation.letters import Letters, told
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Held, Kind, Scan, Scenario
from checkin.venue.simulation.oracle import Fact, Pass, admissions, is_taken
from checkin.venue.simulation.replay import Replayed
from checkin.venue.simulation.rules import Expected, Passed
from checkin.venue.simulation.stage import NEVER_PRINTED, Stage

SENT = ("token", "scanned_at", "gate", "direction", "source")
_SCAN = table_of(ScanRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What everything is compared with: the scenario, where it was staged, what came back, what should have."""

    scenario: Scenario
    stage: Stage
    letters: Letters
    log: Log
    facts: Sequence[Fact]
    replayed: Replayed
    counted: Sequence[Pass]


def stored(session: Session, stage: Stage) -> dict[str, Row[Any]]:
    """Every stored scan of the simulation's tablets, by its id."""
    rows = (
        row for device in stage.devices for row in session.execute(select(_SCAN).where(_SCAN.c.device_id == device))
    )
    return {row.id: row for row in rows}


def differences(session: Session, books: Books) -> Iterator[str]:
    """Every difference between the rows and the books, in words."""
    rows = stored(session, books.stage)
    facts = {fact.place: fact for fact in books.facts}
    shown = _shown(books.scenario)
    for place, scan in enumerate(books.scenario.scans):
        row = rows.pop(scan.id, None)
        if row is None:
            yield f"scan {scan.id} of tablet {scan.tablet + 1}: it is not stored"
            continue
        wanted = _as_sent(books, place, scan) | shown.get(place, _shown_as(None))
        fact = facts.get(place)
        wanted |= _as_fact(books, fact) if fact else {"verdict": "refused", "reason": "malformed", "visitor_id": None}
        answer = books.log.judged.get(place)
        wanted |= {} if answer is None else {name: answer[name] for name in ("verdict", "reason", "check")}
        yield from _unequal(f"scan {scan.id}", wanted, row)
        if fact:
            right = [_as_judged(one) for one in books.replayed.right.get(place, ())]
            found = {name: getattr(row, name) for name in right[0]} if right else {}
            if right and found not in right:
                yield f"scan {scan.id}: judged {_words(found)}, where {' or '.join(map(_words, right))} is right"
    yield from (f"scan {unknown}: stored, and sent by nobody" for unknown in rows)
    yield from _of_admissions(session, books)
    yield from _of_facts(session, books)


def _as_sent(books: Books, place: int, scan: Scan) -> dict[str, object]:
    content = {"token": books.letters.texts[place], **told(scan)}
    tablet = books.scenario.tablets[scan.tablet]
    return {
        "sent": {name: content.get(name) for name in SENT},
        "device_id": books.stage.devices[scan.tablet],
        "clock": "unsure" if scan.is_broken else scan.clock,
        "source": "camera" if scan.is_broken else scan.source,
        "staff": None if scan.is_broken else scan.staff,
        "gate": tablet.gate if scan.is_broken else scan.gate or tablet.gate,
    }


def _as_fact(books: Books, fact: Fact) -> dict[str, object]:
    code, visitor, number = fact.scan.code, None, None
    if code.guest is not None and code.held is not Held.MISTYPED:
        number = books.stage.numbers[code.guest]
    if fact.guest is not None:
        visitor = books.stage.visitors[fact.guest.place]
    printed = code.issue if code.held is Held.BADGE else None
    issue = fact.guest.newest if fact.guest and code.held is Held.SHORT_CODE else printed
    return {
        "scanned_at": fact.scan.scanned_at,
        "day": fact.where.day,
        "zone": fact.where.zone,
        "direction": "in" if fact.where.is_in else "out",
        "visitor_id": visitor,
        "number": number,
        "issue": None if issue == NEVER_PRINTED else issue,
    }


def _as_judged(one: Expected) -> dict[str, object]:
    first, previous = one.first, one.previous
    return {
        "verdict": one.verdict,
        "reason": one.reason,
        "check": one.check,
        "note": one.note,
        **_seen("first", first),
        **_seen("previous", previous),
        "previous_direction": None if previous is None else "in" if previous.is_in else "out",
    }


def _seen(word: str, one: Passed | None) -> dict[str, object]:
    return {f"{word}_at": one and one.at, f"{word}_gate": one and one.gate}


def _shown(scenario: Scenario) -> dict[int, dict[str, object]]:
    """What each scan's screen showed, as the first message that told it."""
    found: dict[int, dict[str, object]] = {}
    for message in scenario.messages:
        if message.kind in {Kind.LIVE, Kind.BATCH, Kind.AGAIN}:
            for place in message.scans:
                scan = scenario.scans[place]
                on_screen = message.shown or (scan.screen if scan.waited else None)
                if on_screen is not None:
                    found.setdefault(place, _shown_as((on_screen.verdict, on_screen.reason)))
    return found


def _shown_as(what: tuple[str, str | None] | None) -> dict[str, object]:
    verdict, reason = what or (None, None)
    return {"shown_verdict": verdict, "shown_reason": reason, "shown_confirmed": None if what is None else False}


def _of_admissions(session: Session, books: Books) -> Iterator[str]:
    visitors = books.stage.visitors
    ours, ids = set(visitors), {visitors[person]: person for person in range(len(visitors))}
    wanted: dict[tuple[int, date, str], tuple[datetime, str, str]] = {
        (visitors[person], day, zone): (one.at, one.id, one.where.gate)
        for (person, day, zone), one in admissions(books.counted).items()
    }
    for row in session.execute(select(table_of(AdmissionRow))):
        if row.visitor_id in ours:
            right = wanted.pop((row.visitor_id, row.day, row.zone), None)
            if right != (row.at, row.scan_id, row.gate):
                person = ids[row.visitor_id]
                is_is = f"{row.at} at {row.gate} by {row.scan_id}"
                yield f"admission of person {person}, {row.day}, {row.zone}: {is_is}, where {right} is right"
    for (visitor, day, zone), right in wanted.items():
        yield f"admission of person {ids[visitor]}, {day}, {zone}: missing, where {right} is right"


def _of_facts(session: Session, books: Books) -> Iterator[str]:
    """Undos, overrides, and what came under a known id with other content."""
    scenario = books.scenario
    ids = {scan.id for scan in scenario.scans}
    taken = [one for one in scenario.corrections if is_taken(scenario, one)]
    for name, kind, is_undo in (("undo", UndoRow, True), ("override", OverrideRow, False)):
        table = table_of(kind)
        wanted = {one.id: (scenario.scans[one.scan].id, one.at) for one in taken if one.is_undo is is_undo}
        for row in session.execute(select(table.c.id, table.c.scan_id, table.c.at)):
            if row.scan_id in ids and wanted.pop(row.id, None) != (row.scan_id, row.at):
                yield f"{name} {row.id}: stored otherwise than it was sent, or sent by nobody"
        yield from (f"{name} {missing}: it is not stored" for missing in wanted)
    conflicts = {one.scans[0] for one in scenario.messages if one.kind is Kind.CONFLICT}
    wanted_ids = {scenario.scans[place].id for place in conflicts}
    found = {one for one in session.scalars(select(table_of(ConflictRow).c.scan_id)) if one in ids}
    for scan_id in sorted(wanted_ids ^ found):
        what = "was sent under its id, and is not kept" if scan_id in wanted_ids else "is kept, and was never sent"
        yield f"scan {scan_id}: other content {what}"


def _unequal(name: str, wanted: dict[str, object], row: Row[Any]) -> Iterator[str]:
    for column, right in wanted.items():
        found = getattr(row, column)
        found = json.loads(found) if column == "sent" else found
        if found != right:
            yield f"{name}: {column} is {found!r}, where {right!r} is right"


def _words(judgement: dict[str, object]) -> str:
    return ", ".join(str(value) for value in judgement.values() if value is not None)

"""The same figures from the bare facts, as naively as can be: loops, sets and the definitions of the contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.admission import discrepancies
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.event.model import CountsAs, Direction, Event
from checkin.visitors.tables import MergeRow, SeparationRow, VisitorRow


@dataclass(frozen=True)
class Pass:
    """A scan that counts, of somebody."""

    visitor: VisitorRow
    day: date
    zone: str
    gate: str
    at: datetime
    id: str
    is_in: bool


def passes(session: Session) -> list[Pass]:
    """In their order."""
    people = {row.id: row for row in session.scalars(select(VisitorRow))}
    undone = set(session.scalars(select(UndoRow.scan_id)))
    overridden = set(session.scalars(select(OverrideRow.scan_id)))
    same = merged(session)
    found = []
    for row in session.scalars(select(ScanRow)):
        if row.visitor_id is None or row.id in undone:
            continue
        if row.verdict != "refused" or row.id in overridden:
            person, is_in = people[kept(row.visitor_id, same)], row.direction == "in"
            found.append(Pass(person, row.day, row.zone, row.gate, row.scanned_at, row.id, is_in))
    return sorted(found, key=lambda one: (one.at, one.id))


def merged(session: Session) -> dict[int, int]:
    """The merges that stand: who is whom, step by step."""
    back = set(session.scalars(select(SeparationRow.merge_id)))
    return {row.double_id: row.kept_id for row in session.scalars(select(MergeRow)) if row.id not in back}


def kept(visitor: int, same: dict[int, int]) -> int:
    return kept(same[visitor], same) if visitor in same else visitor


def figures(session: Session, event: Event, day: date | None) -> dict[str, object]:
    """What the JSON should say, without `day`, `as_of`, `provisional` and `waiting`."""
    show = [one.date for one in event.days if one.kind == "show"]
    days = show if day is None else [day]
    everything = passes(session)
    into = [one for one in everything if one.is_in]
    ours = [one for one in into if counts_as(event, one) is not CountsAs.NONE and one.day in show]
    mine = [one for one in ours if one.day in days]
    all_of_days = [one for one in into if one.day in days]
    first_day = {}
    for one in ours:
        first_day[one.visitor.id] = min(one.day, first_day.get(one.visitor.id, one.day))
    return {
        "visitors": people(mine),
        "trade": people(one for one in mine if counts_as(event, one) is CountsAs.TRADE),
        "public": people(one for one in mine if counts_as(event, one) is CountsAs.PUBLIC),
        "visits": len({(one.visitor.id, one.day) for one in mine}),
        "entries": sum(one.zone == event.first_zone for one in mine),
        "inside": inside(event, everything, day),
        "first_time": sum(first in days for first in first_day.values()),
        "everyone": {
            "people": people(all_of_days),
            "entries": sum(one.zone == event.first_zone for one in all_of_days),
        },
        "by_gate": {
            slug: two(one for one in mine if one.gate == slug)
            for slug in {gate.slug for gate in event.gates} | {one.gate for one in mine}
        },
        "by_zone": {
            slug: two(one for one in mine if one.zone == slug)
            for slug in {zone.slug for zone in event.zones} | {one.zone for one in mine}
        },
        "by_hour": by_hour(event, mine),
        "by_category": {
            c.slug: (
                people(one for one in all_of_days if one.visitor.category == c.slug),
                sum(one.visitor.category == c.slug and one.zone == event.first_zone for one in all_of_days),
            )
            for c in event.categories
        },
        "by_country": groups(mine, lambda row: [row.country]),
        "by_sector": groups(mine, lambda row: [entry.sector for entry in row.sectors]),
        "by_gender": groups(mine, lambda row: [row.gender]),
        "by_city": groups(mine, lambda row: [row.city.strip().lower()]),
        "by_cluster": {c.slug: 0 for c in event.clusters}
        | groups(all_of_days, lambda row: [row.cluster] if row.cluster else []),
        "registered": registered(session, event),
        "by_day": {
            one.isoformat(): (
                people(p for p in ours if p.day == one),
                sum(p.day == one and p.zone == event.first_zone for p in ours),
            )
            for one in show
        },
    }


def sums(
    session: Session, event: Event
) -> tuple[dict[tuple[object, ...], list[int]], dict[tuple[object, ...], list[int]]]:
    """What the rows of `tally_scan` and of `tally_people` should be, by their keys."""
    people, same = {row.id: row for row in session.scalars(select(VisitorRow))}, merged(session)
    counted = {one.id for one in passes(session)}
    undone, overridden = (set(session.scalars(select(row.scan_id))) for row in (UndoRow, OverrideRow))
    otherwise = {one.scan_id for one in discrepancies.found(session, event, most=1_000_000)}
    scans: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    here: set[tuple[object, date, str, str]] = set()
    for row in session.scalars(select(ScanRow)):
        who = None if row.visitor_id is None else kept(row.visitor_id, same)
        category = "" if who is None else people[who].category
        hour = row.scanned_at.astimezone(event.time_zone).hour
        numbers = scans[row.day, row.gate, hour, row.zone, row.direction, row.verdict, category]
        numbers[0] += 1
        is_of_nobody = row.visitor_id is None and row.id in overridden - undone
        numbers[1] += row.id in counted or is_of_nobody
        numbers[2] += row.id in otherwise
        here.add((who or row.id, row.day, "device", str(row.device_id)))
    last: dict[tuple[int, date, str], bool] = {}
    for one in passes(session):
        last[one.visitor.id, one.day, one.zone] = one.is_in
        if not one.is_in:
            continue
        if (one.visitor.id, one.day, "all", "") not in here:
            hour = one.at.astimezone(event.time_zone).hour
            here.add((one.visitor.id, one.day, "hour", f"{hour:02}"))
        keys = {("all", ""), ("gate", one.gate), ("zone", one.zone), ("country", one.visitor.country)}
        keys |= {("sector", entry.sector) for entry in one.visitor.sectors}
        keys |= {("gender", one.visitor.gender), ("city", one.visitor.city.strip().lower())}
        keys |= {("cluster", one.visitor.cluster)} if one.visitor.cluster else set()
        here |= {(one.visitor.id, one.day, kind, key) for kind, key in keys}
    here |= {(visitor, day, "inside", zone) for (visitor, day, zone), is_in in last.items() if is_in}
    found: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    show = [one.date for one in event.show_days]
    for whom, day, kind, key in here:
        numbers = found[day, kind, key, people[whom].category if isinstance(whom, int) else ""]
        numbers[0] += 1
        numbers[1] += day in show and not any((whom, one, kind, key) in here for one in show if one < day)
    return dict(scans), dict(found)


def plain(answer: dict[str, object]) -> dict[str, object]:
    """The JSON's lists as mappings, so that the oracle need not know their order; hours without anyone left out."""
    keys = {"by_gate": "gate", "by_zone": "zone", "by_category": "category", "by_day": "day"}
    told: dict[str, object] = {
        name: value for name, value in answer.items() if name not in {"day", "as_of", "provisional", "waiting", "pace"}
    }
    for name, key in keys.items():
        rows = answer[name]
        assert isinstance(rows, list)
        told[name] = {row[key]: (row.get("visitors", row.get("people")), row["entries"]) for row in rows}
    for name, key in {"by_gender": "gender", "by_city": "city", "by_cluster": "cluster"}.items():
        told[name] = {row[key]: row.get("visitors", row.get("people")) for row in answer[name]}  # type: ignore[attr-defined]
    told["by_country"] = {row["country"]: row["visitors"] for row in answer["by_country"]}  # type: ignore[attr-defined]
    told["by_sector"] = {row["sector"]: row["visitors"] for row in answer["by_sector"]}  # type: ignore[attr-defined]
    hours = answer["by_hour"]
    assert isinstance(hours, list)
    told["by_hour"] = {row["hour"]: (row["first"], row["entries"]) for row in hours if row["first"] or row["entries"]}
    return told


def registered(session: Session, event: Event) -> dict[str, int]:
    same = merged(session)
    people = [row for row in session.scalars(select(VisitorRow)) if row.id not in same]
    kinds = [event.category_by_slug[row.category].counts_as for row in people]
    trade, public = kinds.count(CountsAs.TRADE), kinds.count(CountsAs.PUBLIC)
    return {"visitors": trade + public, "trade": trade, "public": public, "everyone": len(kinds)}


def counts_as(event: Event, one: Pass) -> CountsAs:
    return event.category_by_slug[one.visitor.category].counts_as


def people(some: Iterable[Pass]) -> int:
    return len({one.visitor.id for one in some})


def two(some: Iterable[Pass]) -> tuple[int, int]:
    listed = list(some)
    return people(listed), len(listed)


def groups(some: Iterable[Pass], of: object) -> dict[str, int]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for one in some:
        for name in of(one.visitor):  # type: ignore[operator]
            found[name].add(one.visitor.id)
    return {name: len(ids) for name, ids in found.items()}


def inside(event: Event, everything: list[Pass], day: date | None) -> int | None:
    gates = [gate for gate in event.gates if gate.zone == event.first_zone]
    if day is None or not any(gate.direction in {Direction.OUT, Direction.BOTH} for gate in gates):
        return None
    last = {one.visitor.id: one.is_in for one in everything if one.day == day and one.zone == event.first_zone}
    return sum(last.values())


def by_hour(event: Event, mine: list[Pass]) -> dict[int, tuple[int, int]]:
    first: dict[tuple[int, date], int] = {}
    entries: defaultdict[int, int] = defaultdict(int)
    for one in mine:  # in their order, so the first stays
        hour = one.at.astimezone(event.time_zone).hour
        first.setdefault((one.visitor.id, one.day), hour)
        entries[hour] += one.zone == event.first_zone
    hours = {*first.values(), *(hour for hour, number in entries.items() if number)}
    return {hour: (list(first.values()).count(hour), entries[hour]) for hour in hours}

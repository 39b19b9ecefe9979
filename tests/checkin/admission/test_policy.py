"""The contract's table of cases, judged by the pure policy."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checkin.admission.model import Facts, Passage, Reading, Scan
from checkin.admission.policy import judge
from checkin.badges.model import Badge
from checkin.event.model import Category, DayKind, Direction, Event, EventDay, Gate, ReEntry, Zone
from checkin.programme.model import HoldKind, Programme

TABLE = json.loads((Path(__file__).parents[2] / "contract" / "verdicts.json").read_text("utf-8"))


def event_of(base: dict[str, Any], **changed: Any) -> Event:
    data = base | changed
    return Event(
        slug=data["slug"],
        name="Expo",
        venue="Hall",
        public_url="http://127.0.0.1:8000",
        time_zone=ZoneInfo(data["time_zone"]),
        re_entry=ReEntry(data["re_entry"]),
        again_after_minutes=data["again_after_minutes"],
        days=tuple(
            EventDay(
                date=date.fromisoformat(d["date"]),
                kind=DayKind(d["kind"]),
                opens=time.fromisoformat(d["opens"]),
                closes=time.fromisoformat(d["closes"]),
            )
            for d in data["days"]
        ),
        zones=tuple(Zone(slug=slug, name=slug) for slug in data["zones"]),
        gates=tuple(gate_of(g) for g in data["gates"]),
        closed_gates=tuple(gate_of(g) for g in data.get("closed_gates", ())),
        categories=tuple(
            Category(
                slug=c["slug"],
                name=c["slug"],
                number=c["number"],
                colour="#000000",
                days=tuple(date.fromisoformat(d) for d in c["days"]),
                early_minutes=c["early_minutes"],
            )
            for c in data["categories"]
        ),
    )


def gate_of(data: dict[str, Any]) -> Gate:
    return Gate(
        slug=data["slug"],
        name=data["slug"],
        zone=data["zone"],
        direction=Direction(data["direction"]),
        categories=tuple(data["categories"]),
        closed_at=moment(data.get("closed_at")),
    )


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def badge_of(data: dict[str, Any] | None) -> Badge | None:
    if data is None:
        return None
    return Badge(
        visitor_id=1,
        number=1,
        issue=data["issue"],
        key_number=0,
        category=data["category"],
        days=(),
        name="Ayesha Siddiqui",
        name_ur="",
        organisation="",
        designation="",
        city="",
        country="PK",
        issued_at=datetime(2026, 1, 1, tzinfo=UTC),
        issued_by="online",
        replaced_at=moment(data["replaced_at"]),
        revoked_at=moment(data["revoked_at"]),
    )


def passage_of(data: dict[str, Any]) -> Passage:
    return Passage(
        scan_id=data["id"],
        at=datetime.fromisoformat(data["at"]),
        zone=data["zone"],
        gate=data["gate"],
        direction=Direction(data["direction"]),
    )


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_the_table_of_cases_is_judged_as_it_says(case: dict[str, Any]) -> None:
    event = event_of(TABLE["event"], **case["event"])
    holds = {(HoldKind(kind), slug): words for kind, of in case["holds"].items() for slug, words in of.items()}
    scan = Scan(
        id=case["scan"]["id"],
        scanned_at=datetime.fromisoformat(case["scan"]["at"]),
        gate=case["scan"]["gate"],
        direction=Direction(case["scan"]["direction"]),
    )
    facts = Facts(
        reading=Reading(case["reading"]),
        badge=badge_of(case["badge"]),
        days=tuple(date.fromisoformat(d) for d in case["days"]),
        passages=[passage_of(p) for p in case["passages"]],
    )
    judged = judge(Programme(event=event, holds=holds), scan, facts)
    found = {
        "verdict": judged.verdict,
        "reason": judged.reason,
        "check": judged.check,
        "note": judged.note,
        "first": judged.first and judged.first.scan_id,
        "previous": judged.previous and judged.previous.scan_id,
    }
    assert case["expect"] == found


def test_the_table_holds_every_reason_a_judgement_can_have() -> None:
    reasons = {case["expect"]["reason"] for case in TABLE["cases"]} - {None}
    expected = ["forged", "unknown", "revoked", "replaced", "held", "not_today", "not_yet", "wrong_gate", "already_in"]
    assert set(expected) == reasons


def test_a_held_gate_says_the_organisers_message() -> None:
    event = event_of(TABLE["event"])
    scan = Scan(id="m", scanned_at=datetime(2026, 1, 24, 7, tzinfo=UTC), gate="gate-1", direction=Direction.IN)
    programme = Programme(event=event, holds={(HoldKind.GATE, "gate-1"): "The minister arrives"})
    held = {"category": 1, "issue": 0, "replaced_at": None, "revoked_at": None}
    judged = judge(programme, scan, Facts(reading=Reading.GENUINE, badge=badge_of(held)))
    assert judged.message == "The minister arrives"

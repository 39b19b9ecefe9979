"""The oracle's rules, which know nothing of the server's: the contract's table of cases is true of them too."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from checkin.venue.simulation.model import Code, Guest, Held
from checkin.venue.simulation.rules import Passed, judged, refusal, stands
from checkin.visitors.model import Details
from tests.checkin.admission.test_policy import TABLE, event_of

HELD = {"genuine": Held.BADGE, "short_code": Held.SHORT_CODE, "forged": Held.FORGED}


def told(case: dict[str, Any]) -> bool:
    """Whether a simulation can meet this case: no gate is held or closed, and every category is the event's."""
    badge = case["badge"] or {"category": 1, "replaced_at": None, "revoked_at": None}
    is_ended_twice = badge["replaced_at"] and badge["revoked_at"]
    is_open = not case["holds"] and "closed_gates" not in case["event"]
    return is_open and badge["category"] in {1, 2, 3} and not is_ended_twice


CASES = [case for case in TABLE["cases"] if told(case)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_contracts_cases_are_judged_as_they_say(case: dict[str, Any]) -> None:
    event = event_of(TABLE["event"], **case["event"])
    at, gate, badge = datetime.fromisoformat(case["scan"]["at"]), case["scan"]["gate"], case["badge"]
    where = stands(event, at, gate, case["scan"]["direction"])
    guest = None
    if badge is not None:
        category = event.category_by_number[badge["category"]].slug
        days = tuple(date.fromisoformat(day) for day in case["days"])
        moments = (badge[name] and datetime.fromisoformat(badge[name]) for name in ("replaced_at", "revoked_at"))
        reprinted_at, revoked_at = moments
        details = Details(name="Ayesha", category=category, days=days)
        guest = Guest(place=0, details=details, reprinted_at=reprinted_at, revoked_at=revoked_at)
    code = Code(held=HELD[case["reading"]], guest=guest and 0)
    passages = [
        Passed(datetime.fromisoformat(p["at"]), p["id"], p["gate"], p["direction"] == "in")
        for p in case["passages"]
        if p["zone"] == where.zone
    ]
    before = sorted((p for p in passages if (p.at, p.scan) < (at, "m")), key=lambda p: (p.at, p.scan))
    reason = refusal(event, guest, code, at, where)
    found = judged(event, at, "m", where, reason, [] if guest is None or reason == "forged" else before)
    assert case["expect"] == {
        "verdict": found.verdict,
        "reason": found.reason,
        "check": found.check,
        "note": found.note,
        "first": found.first and found.first.scan,
        "previous": found.previous and found.previous.scan,
    }


def test_most_of_the_contracts_cases_are_met() -> None:
    closing = sum("closed_gates" in case["event"] for case in TABLE["cases"])
    assert len(CASES) >= len(TABLE["cases"]) - closing - 10

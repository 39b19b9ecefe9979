"""The contract's table of cases, judged by the tablet: the twin of tests/checkin/admission/test_policy.py."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from checkin.admission.roster import event_json
from checkin.programme.model import HoldKind, Programme
from tests.checkin.admission.test_policy import event_of

TABLE = json.loads((Path(__file__).parents[1] / "contract" / "verdicts.json").read_text("utf-8"))
JUDGE = """async ({ event, scan, facts }) => {
    const { createRules } = await import('/gate/verdict.js');
    const found = createRules(event).judge(scan, facts);
    const { verdict, reason, check, note, first, previous } = found;
    return { verdict, reason, check, note, first: first?.id ?? null, previous: previous?.id ?? null };
}"""


def milliseconds(text: str | None) -> float | None:
    return None if text is None else datetime.fromisoformat(text).timestamp() * 1000


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["name"])
def test_the_table_of_cases_is_judged_as_it_says(bare_page: Page, case: dict[str, Any]) -> None:
    holds = {(HoldKind(kind), slug): words for kind, of in case["holds"].items() for slug, words in of.items()}
    programme = Programme(event=event_of(TABLE["event"], **case["event"]), holds=holds)
    badge = case["badge"] and {
        "category": case["badge"]["category"],
        "revokedAt": milliseconds(case["badge"]["revoked_at"]),
        "replacedAt": milliseconds(case["badge"]["replaced_at"]),
    }
    passages = [{**passage, "at": milliseconds(passage["at"])} for passage in case["passages"]]
    given = {
        "event": event_json(programme),
        "scan": {**case["scan"], "at": milliseconds(case["scan"]["at"])},
        "facts": {"reading": case["reading"], "badge": badge, "days": case["days"], "passages": passages},
    }
    assert case["expect"] == bare_page.evaluate(JUDGE, given)

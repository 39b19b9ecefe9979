"""Two registrations of one person, and two people after all: what gates, figures, tablets and pages make of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from checkin import clock
from checkin.admission import queries
from checkin.admission.corrections import Correction, undo
from checkin.admission.roster import Asked, roster
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.attendance import audit, tallies
from checkin.attendance.service import count
from checkin.badges import service as badges
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.registration import corrections, merging
from checkin.registration.merging import Good
from checkin.visitors import service as visitors
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_device, make_item, make_visitor, send, token_of, verdicts

from .twice import editor, merge, registered, separate

SATURDAY, SUNDAY = date(2026, 1, 24), date(2026, 1, 25)
AN_HOUR = timedelta(hours=1)


def stored(database: Database) -> list[str]:
    with database.snapshot() as session:
        rows = session.execute(select(ScanRow.__table__).order_by(ScanRow.id)).mappings()
        return [json.dumps(dict(row), default=str) for row in rows]


def admissions(database: Database) -> list[tuple[int, str]]:
    """Whose, and at which gate."""
    with database.snapshot() as session:
        return [(row.visitor_id, row.gate) for row in session.scalars(select(AdmissionRow).order_by(AdmissionRow.at))]


def visits(database: Database, event: Event) -> tuple[int, int, int]:
    """Visitors, visits and entries of the whole event; the sums and admissions are what the facts say."""
    with database.snapshot() as session:
        assert [] == list(audit.check_figures(session, event))
        found = audit.check(session)
        assert ((), ()) == (found.missing, found.surplus)
        counted = count(session, event, day=None, now=clock.now())
    return counted.visitors, counted.visits, counted.entries


def told(database: Database, event: Event, since: int = 0, after: str = "") -> dict[str, object]:
    with database.snapshot() as session:
        asked = Asked(since=since, after=after)
        return roster(session, current_event(session, event), KEYS, asked, clock.now())


def test_a_day_on_which_both_came_has_one_admission_the_earlier_and_no_scan_is_touched(
    database: Database, event: Event
) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    with database.transaction() as session:
        tablets = [make_device(session, event, gate)[1] for gate in ("gate-1", "gate-3")]
    send(database, event, tablets[0], make_item(token_of(event, kept), DAY_ONE + AN_HOUR))
    send(database, event, tablets[1], make_item(token_of(event, double), DAY_ONE))
    before, two = stored(database), admissions(database)
    assert (2, 2, 2) == visits(database, event)
    made = merge(database, event, kept.visitor_id, double.visitor_id)
    assert [(kept.visitor_id, "gate-3")] == admissions(database)
    assert (1, 1, 2) == visits(database, event)
    assert separate(database, event, made)
    assert (two, before) == (admissions(database), stored(database))
    assert (2, 2, 2) == visits(database, event)
    assert not separate(database, event, made)


def test_either_badge_is_judged_as_the_one_persons_late_scans_too(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    with database.transaction() as session:
        _, tablet = make_device(session, event)
    merge(database, event, kept.visitor_id, double.visitor_id)
    send(database, event, tablet, make_item(token_of(event, kept), DAY_ONE))
    again = make_item(token_of(event, double), DAY_ONE + timedelta(minutes=2))
    (second,) = send(database, event, tablet, again)
    assert ("re-entry", "too_soon") == (second.row.verdict, second.row.check)
    assert second.row.visitor_id == double.visitor_id  # the fact: whose badge was read
    with database.transaction() as session:
        tallies.count_some(session, event, clock.now())
    (late,) = send(database, event, tablet, make_item(token_of(event, double), DAY_ONE - timedelta(minutes=5)))
    assert "admitted" == late.row.verdict
    assert (1, 1, 3) == visits(database, event)
    sunday = [DAY_ONE + timedelta(days=1, hours=hour) for hour in range(1, 4)]
    (first,) = send(database, event, tablet, make_item(token_of(event, double), sunday[0]))
    both = [make_item(token_of(event, one), at) for one, at in ((kept, sunday[1]), (double, sunday[2]))]
    assert ["admitted", "re-entry", "re-entry"] == verdicts([first, *send(database, event, tablet, *both)])
    assert (1, 2, 6) == visits(database, event)


def test_a_scan_costs_no_statement_more_when_others_were_merged(
    database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, double, other = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi", "Bilal")
    with database.transaction() as session:
        _, tablet = make_device(session, event)

    asked: list[object] = []

    def run(*told: object) -> object:
        asked.append(told)
        return plain(*told)

    def statements(badge: Badge) -> int:
        asked.clear()
        send(database, event, tablet, make_item(token_of(event, badge), clock.now()))
        return len(asked)

    plain = queries.run
    monkeypatch.setattr(queries, "run", run)
    before = statements(other)
    merge(database, event, kept.visitor_id, double.visitor_id)
    assert before == statements(other)


def test_an_undo_moves_the_admission_to_the_other_badges_entry(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    with database.transaction() as session:
        tablets = [make_device(session, event, gate)[1] for gate in ("gate-1", "gate-3")]
    merge(database, event, kept.visitor_id, double.visitor_id)
    send(database, event, tablets[0], make_item(token_of(event, double), DAY_ONE + AN_HOUR))
    (first,) = send(database, event, tablets[1], make_item(token_of(event, kept), DAY_ONE))
    assert [(kept.visitor_id, "gate-3")] == admissions(database)
    now = clock.now()
    with database.transaction() as session:
        undo(session, Correction(id="u" * 36, scan_id=first.row.id, at=now, reason="", by="x", device=None, now=now))
    assert [(kept.visitor_id, "gate-1")] == admissions(database)
    assert (1, 1, 1) == visits(database, event)


def test_who_is_merged_in_steps_is_one_person_and_goes_as_they_came(database: Database, event: Event) -> None:
    one, two, three = registered(database, event, "Ayesha", "Aisha", "Ayesha S.")
    with database.transaction() as session:
        _, tablet = make_device(session, event)
    for badge in (one, two, three):
        send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    inner = merge(database, event, two.visitor_id, three.visitor_id)
    outer = merge(database, event, one.visitor_id, two.visitor_id)
    assert (1, 1, 3) == visits(database, event)
    assert 0 == merge(database, event, three.visitor_id, one.visitor_id)  # a double is nobody to be merged
    separate(database, event, outer)
    assert (2, 2, 3) == visits(database, event)
    separate(database, event, inner)
    assert (3, 3, 3) == visits(database, event)


@pytest.mark.parametrize(
    ("good", "states", "after"),
    [
        (Good.BOTH, ("live", "live"), ("live", "live")),
        (Good.KEPT, ("live", "revoked"), ("live", "live")),
        (Good.NEW, ("live", "revoked"), ("live", "live")),
    ],
)
def test_badges_are_as_was_chosen_and_after_separating_everybody_has_a_good_one(
    database: Database, event: Event, good: Good, states: tuple[str, str], after: tuple[str, str]
) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")

    def found() -> list[tuple[str, int]]:
        with database.snapshot() as session:
            both = [badges.current_badge(session, one.visitor_id) for one in (kept, double)]
        return [(one.state_at(clock.now()).value, one.issue) for one in both]

    made = merge(database, event, kept.visitor_id, double.visitor_id, good=good)
    assert states == tuple(state for state, _ in found())
    assert found()[0][1] == (1 if good is Good.NEW else 0)
    separate(database, event, made)
    assert after == tuple(state for state, _ in found())
    assert found()[1][1] == (0 if good is Good.BOTH else 1)  # what was revoked is never good again


def test_what_was_picked_is_written_without_a_new_badge_and_written_back(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    with database.snapshot() as session:
        before = visitors.get_visitor(session, kept.visitor_id).details
    wanted = replace(before, name="Aisha Siddiqi", phone="+923001234567", country="AZ")
    made = merge(database, event, kept.visitor_id, double.visitor_id, wanted=wanted)
    with database.snapshot() as session:
        assert wanted == visitors.get_visitor(session, kept.visitor_id).details
        assert 0 == badges.current_badge(session, kept.visitor_id).issue
    with database.transaction() as session:  # the badge says another name all the while: that is no reason later
        later = replace(wanted, email="a@example.com")
        seen = visitors.get_visitor(session, kept.visitor_id).details
        done = corrections.correct(session, event, kept.visitor_id, seen=seen, wanted=later, editor=editor())
    assert done == corrections.Corrected(frozenset({"email"}))
    separate(database, event, made)
    with database.snapshot() as session:
        assert replace(before, email="a@example.com") == visitors.get_visitor(session, kept.visitor_id).details


def test_tablets_learn_that_either_badge_is_in_and_that_they_are_apart_again(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi", days=(SATURDAY,))
    with database.transaction() as session:
        _, tablet = make_device(session, event)
        visitors.correct(
            session,
            kept.visitor_id,
            replace(visitors.get_visitor(session, kept.visitor_id).details, days=(SATURDAY, SUNDAY)),
            now=clock.now(),
            by="tests",
        )
    send(database, event, tablet, make_item(token_of(event, kept), DAY_ONE - AN_HOUR / 2))
    clock.shift(DAY_ONE + 3 * AN_HOUR - datetime.now(UTC))  # the scan is no news any more
    first = told(database, event)
    made = merge(database, event, kept.visitor_id, double.visitor_id)
    news = told(database, event, since=int(str(first["revision"])), after=str(first["cursor"]))
    rows: list[list[object]] = news["admitted"]  # type: ignore[assignment]
    assert {kept.number, double.number} == {row[0] for row in rows}
    assert len({json.dumps(row[1:]) for row in rows}) == 1
    masks = {row[0]: row[3] for row in news["badges"]}  # type: ignore[attr-defined]
    assert masks[kept.number] == masks[double.number]  # the days of the one that is kept
    separate(database, event, made)
    last = told(database, event, since=int(str(news["revision"])), after=str(news["cursor"]))
    gone = [row for row in last["admitted"] if row[0] == double.number and row[2] is not None]  # type: ignore[attr-defined]
    assert [] == gone
    assert any(row[0] == double.number for row in last["admitted"])  # type: ignore[attr-defined]
    masks = {row[0]: row[3] for row in last["badges"]}  # type: ignore[attr-defined]
    assert masks[kept.number] != masks[double.number]


def test_of_two_organisers_the_second_is_told_and_nothing_is_overwritten(database: Database, event: Event) -> None:
    kept, double, third = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi", "Ayesha S.")
    with database.transaction() as session:
        seen = [merging.side(session, one.visitor_id).as_seen for one in (kept, double)]
        details = visitors.get_visitor(session, double.visitor_id).details
        visitors.correct(session, double.visitor_id, replace(details, city="Lahore"), now=clock.now(), by="Bilal")
    assert 0 == merge(database, event, kept.visitor_id, double.visitor_id, seen=seen)
    assert merge(database, event, kept.visitor_id, double.visitor_id)
    assert 0 == merge(database, event, third.visitor_id, double.visitor_id)
    assert 0 == merge(database, event, third.visitor_id, third.visitor_id)


def test_who_never_came_and_has_no_badge_can_be_merged_too(database: Database, event: Event) -> None:
    with database.transaction() as session:
        one, two = (make_visitor(session, name).id for name in ("Ayesha", "Aisha"))
    made = merge(database, event, one, two, good=Good.NEW)
    with database.snapshot() as session:
        assert 0 == badges.current_badge(session, one).issue
    assert ([], (0, 0, 0)) == (admissions(database), visits(database, event))
    assert separate(database, event, made)

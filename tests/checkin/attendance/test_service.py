"""Figures equal a naive count over the bare facts, whatever happened at the gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy import event as sql

from checkin import clock
from checkin.admission.corrections import Correction, undo
from checkin.admission.tables import AdmissionRow, OverrideRow, ScanRow, UndoRow
from checkin.attendance import audit
from checkin.attendance.answers import attendance_json
from checkin.attendance.model import Attendance, Pace
from checkin.attendance.service import NotACategoryError, NotADayError, count
from checkin.database import Database
from checkin.event.model import Direction, Event
from tests.checkin.attendance import oracle
from tests.checkin.attendance.crowd import scans
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

SATURDAY, SUNDAY = date(2026, 1, 24), date(2026, 1, 25)
BUILD_UP = date(2026, 1, 23)


def counted(database: Database, event: Event, day: date | None = SATURDAY) -> Attendance:
    with database.snapshot() as session:
        return count(session, event, day=day, now=clock.now())


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}+05:00")


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_equals_the_oracles(database: Database, event: Event, seed: int) -> None:
    scans(database, event, seed)
    for day in (None, *event.day_by_date):
        answer = attendance_json(event, counted(database, event, day))
        with database.snapshot() as session:
            assert oracle.figures(session, event, day) == oracle.plain(answer), day


def test_the_made_up_crowd_has_everything_that_the_oracle_should_try(database: Database, event: Event) -> None:
    scans(database, event, 0)
    with database.snapshot() as session:
        verdicts = dict(session.execute(select(ScanRow.verdict, func.count()).group_by(ScanRow.verdict)).all())
        corrections = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (UndoRow, OverrideRow)]
    assert min(verdicts[word] for word in ("admitted", "re-entry", "left", "refused")) > 10
    assert min(corrections) > 10
    everyone = counted(database, event, None)
    assert 0 < everyone.visitors < everyone.visits < everyone.entries
    assert everyone.visitors < everyone.everyone.people


def test_figures_of_a_part_are_consistent_with_the_whole(database: Database, event: Event) -> None:
    scans(database, event, 7)
    for day in (None, SATURDAY):
        found = counted(database, event, day)
        assert found.visitors == found.trade + found.public
        assert found.visits == sum(hour.first for hour in found.by_hour)
        assert found.entries == sum(hour.entries for hour in found.by_hour) == found.by_zone[0].entries
        assert found.everyone.people == sum(one.people for one in found.by_category)
        assert found.visitors == sum(one.visitors for one in found.by_country)


def test_an_empty_event_counts_nothing_and_still_names_its_gates_and_opening_hours(
    database: Database, event: Event
) -> None:
    found = counted(database, event)
    assert (0, 0, 0, 0) == (found.visitors, found.entries, found.inside, found.everyone.people)
    assert [gate.slug for gate in event.gates] == [one.gate for one in found.by_gate]
    assert list(range(10, 19)) == [hour.hour for hour in found.by_hour]
    assert not found.provisional


def test_a_minute_before_midnight_and_one_after_belong_to_two_days(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, category="organiser")  # who may come that early
        visitor = make_badge(session, event)
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, visitor), local("24T23:59")))
    send(database, event, tablet, make_item(token_of(event, badge), local("25T00:01")))
    saturday, sunday = counted(database, event, SATURDAY), counted(database, event, SUNDAY)
    assert (1, 1) == (saturday.visitors, saturday.by_hour[-1].first)
    assert 23 == saturday.by_hour[-1].hour
    assert 0 == sunday.visitors


def test_hours_are_the_venues_where_its_zone_is_no_whole_hour_off(database: Database, event: Event) -> None:
    nepal = replace(event, time_zone=ZoneInfo("Asia/Kathmandu"))
    with database.transaction() as session:
        badge = make_badge(session, nepal)
        _, tablet = make_device(session, nepal)
    at = datetime.fromisoformat("2026-01-24T11:59:59.999+05:45")
    send(
        database,
        nepal,
        tablet,
        make_item(token_of(nepal, badge), at),
        make_item(token_of(nepal, badge), at.replace(hour=12)),
    )
    hours = {hour.hour: (hour.first, hour.entries) for hour in counted(database, nepal).by_hour}
    assert ((1, 1), (0, 1)) == (hours[11], hours[12])


def test_the_womens_pavilion_counts_its_own_and_makes_a_visitor_but_no_entry_to_the_expo(
    database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event, "gate-6")
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    found = counted(database, event)
    assert (1, 0, 0) == (found.visitors, found.entries, found.inside)
    assert [("expo", 0, 0), ("women", 1, 1)] == [(one.zone, one.visitors, one.entries) for one in found.by_zone]


def test_an_exhibitor_is_no_visitor_but_is_inside_and_among_everyone(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, category="exhibitor")
        _, tablet = make_device(session, event, "gate-5")
    for at in (local("23T09:00"), local("24T08:00")):
        send(database, event, tablet, make_item(token_of(event, badge), at))
    found = counted(database, event)
    assert (0, 0, 1, 1) == (found.visitors, found.entries, found.inside, found.everyone.people)
    assert (0, 1) == (counted(database, event, BUILD_UP).visitors, counted(database, event, BUILD_UP).everyone.people)
    assert 1 == counted(database, event, None).everyone.entries  # days of building up are not of the event's figures


def test_nobody_is_inside_after_leaving_and_it_is_unknown_without_a_way_out(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event)
        _, exit_ = make_device(session, event, "gate-4")
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    assert 1 == counted(database, event).inside
    (left,) = send(database, event, exit_, make_item(token_of(event, badge), DAY_ONE + timedelta(minutes=9)))
    assert 0 == counted(database, event).inside
    with database.transaction() as session:
        now = clock.now()
        one = Correction(id="u", scan_id=left.row.id, at=now, reason="", by="tests", device=None, now=now)
        undo(session, one)
    assert 1 == counted(database, event).inside
    assert counted(database, event, None).inside is None
    one_way = tuple(replace(g, direction=Direction.IN) if g.zone == "expo" else g for g in event.gates)
    assert counted(database, replace(event, gates=one_way)).inside is None


def test_a_day_that_is_none_of_the_events_is_refused(database: Database, event: Event) -> None:
    with pytest.raises(NotADayError):
        counted(database, event, date(2026, 2, 1))


def test_a_category_that_the_event_file_no_longer_names_is_nobodys_visitor(database: Database, event: Event) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session, category="delegate")
        badge = make_badge(session, event, visitor)
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    fewer = replace(event, categories=tuple(one for one in event.categories if one.slug != "delegate"))
    found = counted(database, fewer)
    assert (0, 1) == (found.visitors, found.everyone.people)
    assert ("delegate", 1) == (found.by_category[-1].category, found.by_category[-1].people)


def test_the_number_of_statements_does_not_grow_with_the_scans(database: Database, event: Event) -> None:
    statements: list[object] = []
    told = []
    for number in (40, 240):
        scans(database, event, number, number=number)
        with database.snapshot() as session:
            if not told:
                sql.listen(session.get_bind(), "before_cursor_execute", lambda *words: statements.append(words[2]))
            statements.clear()
            count(session, event, day=SATURDAY, now=clock.now())
            told.append(len(statements))
    assert 14 >= told[0] == told[1]


def test_check_finds_what_is_missing_and_too_much_and_it_is_mended(database: Database, event: Event) -> None:
    scans(database, event, 3)
    with database.snapshot() as session:
        assert audit.Difference((), ()) == audit.check(session)
        before = session.scalars(select(AdmissionRow.scan_id).order_by(AdmissionRow.scan_id)).all()
    with database.transaction() as session:
        assert 0 == sum(audit.mend(session, visitors) for visitors in audit.ranges(session))
        session.execute(delete(AdmissionRow).where(AdmissionRow.scan_id == before[0]))
        session.execute(update(AdmissionRow).where(AdmissionRow.scan_id == before[1]).values(gate="gate-2", zone="x"))
    with database.snapshot() as session:
        found = audit.check(session)
    assert {before[0], before[1]} == {row.scan_id for row in found.missing}
    assert [(before[1], "x")] == [(row.scan_id, row.zone) for row in found.surplus]
    with database.transaction() as session:
        assert 3 == sum(audit.mend(session, visitors) for visitors in audit.ranges(session))
    with database.snapshot() as session:
        assert audit.Difference((), ()) == audit.check(session)
        assert before == session.scalars(select(AdmissionRow.scan_id).order_by(AdmissionRow.scan_id)).all()


def test_a_category_alone_makes_its_people_the_visitors(database: Database, event: Event) -> None:
    scans(database, event, 3)
    with database.snapshot() as session:
        whole = count(session, event, day=None, now=DAY_ONE)
        each = {one.category: one.people for one in whole.by_category}
        alone = {slug: count(session, event, day=None, now=DAY_ONE, category=slug) for slug in each}
    assert each == {slug: one.visitors for slug, one in alone.items()}
    assert whole.visits == sum(alone[slug].visits for slug in ("trade-visitor", "general-visitor", "delegate"))
    assert (0, 0) == (alone["exhibitor"].trade, alone["exhibitor"].public)
    assert each["exhibitor"] == sum(one.visitors for one in alone["exhibitor"].by_gender) > 0
    assert {whole.everyone} == {one.everyone for one in alone.values()}
    with pytest.raises(NotACategoryError), database.snapshot() as session:
        count(session, event, day=None, now=DAY_ONE, category="nobody")


def test_pace_is_of_the_last_five_minutes_by_the_moments_of_the_scans(database: Database, event: Event) -> None:
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event, category="exhibitor"))
        (_, first), (_, second) = make_device(session, event), make_device(session, event, "gate-2", "Two")
    late, minute = DAY_ONE - timedelta(minutes=30), timedelta(minutes=1)
    send(database, event, first, *(make_item(token, at) for at in (late, DAY_ONE - 5 * minute, DAY_ONE - 4 * minute)))
    send(database, event, second, make_item(token, DAY_ONE), make_item(token, DAY_ONE + minute))
    with database.snapshot() as session:
        today = count(session, event, day=DAY_ONE.date(), now=DAY_ONE).pace
        others = [
            count(session, event, day=day, now=DAY_ONE).pace for day in (None, DAY_ONE.date() + timedelta(days=1))
        ]
    assert Pace(minutes=5, entries=2, by_gate={"gate-1": 1, "gate-2": 1}) == today
    assert [None, None] == others

"""Closing a day freezes its figures and signs them; what comes later makes a new version."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from checkin import clock
from checkin.attendance.service import count
from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.journal.tables import JournalRow
from checkin.reports import policy, service
from checkin.reports.building import report_of
from checkin.reports.model import Form, Obstacle
from checkin.reports.tables import ReportRow
from checkin.reports.writers import write
from checkin.staff.model import Staff
from tests.at_once import at_once
from tests.checkin.attendance.crowd import scans
from tests.checkin.reports.days import CLOSES, DAY, LATER, be_heard, close, let_in, told, versions
from tests.checkin.staff.people import make_staff
from tests.conftest import DAY_ONE
from tests.factories import SECRET, make_badge, make_device, make_item, send


@pytest.fixture
def tablet(database: Database, event: Event) -> Device:
    with database.transaction() as session:
        _, device = make_device(session, event)
    return device


@pytest.fixture
def sana(database: Database) -> Staff:
    return make_staff(database)


@pytest.mark.parametrize("day", [DAY, None])
def test_a_report_says_what_attendance_counted(database: Database, event: Event, day: date | None) -> None:
    scans(database, event, 3)
    now = clock.now()
    with database.snapshot() as session:
        counted = count(session, event, day=day, now=now)
    report = told(database, event, day, now)
    assert report == report_of(event, counted, last_scan_at=report.last_scan_at, quarantined=())
    assert counted.visitors == report.totals["visitors"] > 0


def test_it_says_until_which_scan_that_counts(database: Database, event: Event, tablet: Device) -> None:
    assert told(database, event).last_scan_at is None
    let_in(database, event, tablet)
    send(database, event, tablet, make_item("NO BADGE OF OURS", DAY_ONE + timedelta(hours=1)))  # refused: no figure
    assert DAY_ONE == told(database, event).last_scan_at
    assert told(database, event, date(2026, 1, 25)).last_scan_at is None


def test_what_was_signed_stays_as_it_was_when_later_scans_come(
    app: Flask, database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)
    number = close(database, event, sana)
    frozen = told(database, event)
    with app.app_context():
        files = {form: write(versions(database)[0].report, form, versions(database)[0]) for form in Form}
    let_in(database, event, tablet)
    (version,) = versions(database)
    assert (number, 1, frozen, True) == (version.number, version.revision, version.report, version.is_true)
    assert ("staff:1", "Sana Iqbal", LATER, "") == (
        version.signed_by,
        version.signer,
        version.signed_at,
        version.reason,
    )
    with app.app_context():
        assert files == {form: write(version.report, form, version) for form in Form}
    assert 2 == told(database, event).totals["visitors"]


def test_late_scans_make_a_numbered_revision_and_are_told_one_by_one(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet, country="PK")
    be_heard(database, tablet)
    close(database, event, sana)
    with pytest.raises(service.NothingNewError):
        close(database, event, sana, revision=2)
    let_in(database, event, tablet, category="exhibitor")
    changed = policy.changes(versions(database)[0].report, told(database, event))
    assert {("everyone", 1, 2), ("everyone_entries", 1, 2), ("inside", 1, 2)} == {
        (one.key, one.before, one.after) for one in changed if one.section is None
    }
    close(database, event, sana, revision=2)
    assert [2, 1] == [one.revision for one in versions(database)]
    assert [2, 1] == [one.report.totals["everyone"] for one in versions(database)]


def test_registrations_and_waiting_tablets_change_no_figure(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)
    close(database, event, sana)
    with database.transaction() as session:
        make_badge(session, event)
    be_heard(database, tablet, outbox=3)
    now = told(database, event)
    assert now.provisional
    assert 2 == now.registered["visitors"]
    assert () == policy.changes(versions(database)[0].report, now)


@pytest.mark.parametrize("case", ["owes", "is silent", "is running"])
def test_a_day_with_something_against_it_is_closed_only_with_a_reason(
    database: Database, event: Event, tablet: Device, sana: Staff, case: str
) -> None:
    let_in(database, event, tablet)
    now = CLOSES - timedelta(hours=1) if case == "is running" else LATER
    seen = CLOSES - timedelta(minutes=10) if case == "is silent" else now
    be_heard(database, tablet, outbox=2 if case == "owes" else 0, at=seen)
    against = (Obstacle.RUNNING,) if case == "is running" else (Obstacle.WAITING,)
    assert against == policy.obstacles(event, told(database, event, now=now))
    with pytest.raises(service.ReasonNeededError):
        close(database, event, sana, "  ", now=now)
    assert () == versions(database)
    close(database, event, sana, " The hall\n burns ", now=now)
    (version,) = versions(database)
    assert "The hall burns" == version.reason
    assert version.report.provisional is (case != "is running")


def test_one_closed_all_the_same_can_be_signed_anew_once_nothing_stands_against_it(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet, outbox=2)
    close(database, event, sana, "We go home")
    with pytest.raises(service.NothingNewError):
        close(database, event, sana, "We go home", revision=2)
    be_heard(database, tablet)
    close(database, event, sana, revision=2)
    assert [False, True] == [one.report.provisional for one in versions(database)]


def test_a_day_that_has_not_begun_is_not_closed(database: Database, event: Event, sana: Staff) -> None:
    with pytest.raises(service.NotYetError):
        close(database, event, sana, "why not", now=DAY_ONE - timedelta(hours=3))


def test_figures_that_are_behind_are_not_signed(
    database: Database, event: Event, sana: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans(database, event, 1)
    monkeypatch.setattr("checkin.attendance.queries.MOST_ON_THE_WAY", 0)
    with pytest.raises(service.CountingError):
        close(database, event, sana, "we are in a hurry")


def test_of_two_who_close_at_once_one_signs_and_the_other_is_told(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)

    def try_it(_number: int) -> str:
        try:
            close(database, event, sana)
        except (service.ClosedMeanwhileError, service.NothingNewError) as error:
            return type(error).__name__
        return "signed"

    found = at_once(lambda: try_it(1), lambda: try_it(2))
    assert 1 == len(versions(database))
    assert 1 == found.count("signed")


@pytest.mark.parametrize(
    "spoil",
    [
        update(ReportRow).values(content=ReportRow.content.op("||")(" ")),
        update(ReportRow).values(signature="0" * 64),
        update(ReportRow).values(revision=9),
        update(ReportRow).values(scope="2026-01-25"),
    ],
    ids=["figures", "signature", "revision", "day"],
)
def test_whoever_changes_a_signed_version_in_the_database_is_found_out(
    database: Database, event: Event, tablet: Device, sana: Staff, spoil: object
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)
    number = close(database, event, sana)
    with database.transaction() as session:
        session.execute(spoil)  # type: ignore[call-overload]
    with database.snapshot() as session:
        assert not service.get_version(session, number, service.key_of(SECRET)).is_true


def test_another_installations_key_does_not_verify_it(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)
    close(database, event, sana)
    assert [False] == [one.is_true for one in versions(database, "another secret of 32 letters or so")]


def test_a_version_that_is_no_report_any_more_hides_no_other(
    database: Database, event: Event, tablet: Device, sana: Staff
) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet)
    number = close(database, event, sana)
    with database.transaction() as session:
        session.execute(update(ReportRow).values(content='{"figures": "gone"}'))
    assert () == versions(database)
    with database.snapshot() as session:
        assert (number,) == service.unreadable(session)
        with pytest.raises(service.UnreadableVersionError):
            service.get_version(session, number, service.key_of(SECRET))
        with pytest.raises(service.NoSuchVersionError):
            service.get_version(session, 4711, service.key_of(SECRET))


def test_closing_is_journalled_without_names(database: Database, event: Event, tablet: Device, sana: Staff) -> None:
    let_in(database, event, tablet)
    be_heard(database, tablet, outbox=1)
    number = close(database, event, sana, "Tablet of Bilal burnt")
    with database.snapshot() as session:
        (entry,) = session.scalars(select(JournalRow).where(JournalRow.action == "report.close"))
    assert ("staff:1", f"report:{number}") == (entry.actor, entry.subject)
    assert {"day": "2026-01-24", "revision": 1, "against": ["waiting"]} == entry.detail


def test_the_whole_event_is_closed_after_its_last_day(database: Database, event: Event, sana: Staff) -> None:
    report = told(database, event, None)
    assert Obstacle.RUNNING in policy.obstacles(event, report)
    after = told(database, event, None, CLOSES + timedelta(days=2, hours=1))
    assert Obstacle.RUNNING not in policy.obstacles(event, after)

"""From a file to registered people: doubles, delegations, the same file again, workers that are killed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from checkin import clock
from checkin.badges.tables import BadgeRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.imports import registering, service, tasks
from checkin.imports.model import Decision, Fault, Likeness, RowState, Stage
from checkin.imports.tables import ImportFileRow, ImportRowRow
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.journal.queries import latest
from checkin.launch.serve import site_of
from checkin.visitors import service as visitors
from checkin.visitors.tables import PartyMemberRow, VisitorRow
from checkin.web import Site
from tests.checkin.imports.lists import (
    again,
    ask_to_check,
    ask_to_run,
    check,
    csv_of,
    people,
    person,
    run,
    take,
    xlsx_of,
)
from tests.factories import make_badge


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def count(database: Database, table: type = VisitorRow) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def names(database: Database) -> list[str]:
    with database.snapshot() as session:
        return list(session.scalars(select(VisitorRow.name).order_by(VisitorRow.id)))


def party(database: Database, name: str) -> list[str]:
    """Whom the page of this person shows."""
    with database.snapshot() as session:
        leader = session.scalars(select(VisitorRow.id).where(VisitorRow.name == name)).one()
        return [one.details.name for one in visitors.party_of(session, leader)]


def test_everybody_gets_a_badge_as_registration_gives_one(site: Site, database: Database) -> None:
    run(site, check(site, csv_of(*people(3))))
    assert 3 == count(database, BadgeRow)
    with database.snapshot() as session:
        badge = session.scalars(select(BadgeRow).order_by(BadgeRow.id)).first()
        assert badge is not None
        assert ("Person a 0", 0, "import") == (badge.name, badge.issue, badge.issued_by)
        revisions = list(session.scalars(select(BadgeRow.revision)))
        assert ["import"] * 3 == list(session.scalars(select(VisitorRow.source)))
    assert len(set(revisions)) == 3


def test_a_dry_run_registers_nobody_and_says_what_would_happen(site: Site, database: Database) -> None:
    found = check(site, csv_of(*people(2), person(""), person("Bilal", "1")))
    assert Stage.REVIEW is found.stage
    assert (2, 2) == (found.counts[RowState.READY], found.counts[RowState.WRONG])
    assert 0 == count(database)


def test_the_same_list_again_registers_nobody_twice_whatever_its_file(site: Site, database: Database) -> None:
    rows = [*people(5), person("Ayesha"), person("Ayesha")]
    run(site, check(site, csv_of(*rows)), Decision.REGISTER)
    assert 7 == count(database)
    found = check(site, xlsx_of(*rows))
    assert 7 == found.counts[RowState.KNOWN]
    run(site, found)
    assert 7 == count(database)
    found = check(site, csv_of(*rows, person("New Person")))
    run(site, found)
    assert 8 == count(database)


@pytest.mark.parametrize(
    ("row", "likeness"),
    [
        (person("B. Khan", "0300 1112222"), Likeness.PHONE),
        (person("B. Khan", email="Bilal@Example.com"), Likeness.EMAIL),
        (person("BILAL  khan", company="Khan-Sports"), Likeness.NAME),
    ],
)
def test_somebody_who_is_registered_is_a_double_until_a_person_decides(
    site: Site, database: Database, event: Event, row: tuple[object, ...], likeness: Likeness
) -> None:
    with database.transaction() as session:
        badge = make_badge(
            session,
            event,
            name="Bilal Khan",
            organisation="Khan Sports",
            phone="+923001112222",
            email="bilal@example.com",
        )
    found = check(site, csv_of(row, *people(1)))
    with database.snapshot() as session:
        (double,) = service.doubles(session, found.id, after=-1, most=9)
    assert (likeness, badge.visitor_id) == (double.twin.likeness, double.twin.visitor_id)
    assert "Bilal Khan" == double.twin_name
    with pytest.raises(service.UndecidedError), database.transaction() as session:
        service.run(session, found.id, now=clock.now(), by="Sana", actor="tests")
    run(site, found, Decision.SKIP)
    assert ["Bilal Khan", "Person a 0"] == names(database)


def test_doubles_within_the_file_name_the_line_that_came_first(site: Site, database: Database) -> None:
    rows = (
        person("Sana Tariq", "0300 1112222", company="Daily News"),
        person("Somebody Else", "0300 111 2222"),
        person("sana tariq", company="Daily News"),
        person("Sana Tariq", "0300 1112222", company="Daily News"),
        person("Muhammad Ali"),
        person("Muhammad Ali", email="ali@example.com"),  # a name alone is nobody's own
    )
    found = check(site, csv_of(*rows))
    with database.snapshot() as session:
        told = [
            (one.line, one.twin.likeness, one.twin.line) for one in service.doubles(session, found.id, after=-1, most=9)
        ]
    assert [(3, Likeness.PHONE, 2), (4, Likeness.NAME, 2), (5, Likeness.LINE, 2)] == told
    run(site, found, Decision.REGISTER)
    assert 6 == count(database)


def test_a_delegation_is_a_party_on_its_leaders_page(site: Site, database: Database) -> None:
    rows = (
        person("Leyla", "+994501234567", company="Caspian", group="Azerbaijan"),
        person("Wanjiku", "+254712345678", group="Kenya"),
        person("Rashad", "+994501234567", group="azerbaijan "),
        person("Otieno", group="Kenya"),
        person("Alone"),
    )
    run(site, check(site, csv_of(*rows)))  # one phone in a delegation is no double
    assert ["Leyla", "Rashad"] == party(database, "Leyla")
    assert ["Wanjiku", "Otieno"] == party(database, "Wanjiku")
    assert ["Alone"] == party(database, "Alone")
    with database.snapshot() as session:
        assert "+254712345678" == session.scalar(select(VisitorRow.phone).where(VisitorRow.name == "Otieno"))


def test_a_member_who_was_mended_later_joins_the_page_there_is(site: Site, database: Database) -> None:
    rows = [person("Leyla", group="Azerbaijan"), person("Rashad", "1", group="Azerbaijan")]
    run(site, check(site, csv_of(*rows)))
    rows[1] = person("Rashad", "+994501234567", group="Azerbaijan")
    run(site, check(site, csv_of(*rows)))
    assert ["Leyla", "Rashad"] == party(database, "Leyla")


def test_a_delegation_beyond_one_page_fills_the_next(
    site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "MOST_OF_A_PARTY", 3)
    monkeypatch.setattr(registering, "AT_ONCE", 2)
    run(site, check(site, csv_of(*(person(f"Member {letter}", group="Malaysia") for letter in "abcdefgh"))))
    assert ["Member a", "Member b", "Member c"] == party(database, "Member a")
    assert ["Member d", "Member e", "Member f"] == party(database, "Member d")
    assert ["Member g", "Member h"] == party(database, "Member g")
    assert 5 == count(database, PartyMemberRow)


def test_a_worker_that_fails_in_the_middle_leaves_whole_pieces_and_the_next_one_completes_them(
    site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "AT_ONCE", 10)
    found = ask_to_run(database, check(site, csv_of(*people(35))))
    assert found.job is not None
    real, calls = jobs.advance, []

    def fail(*words: object, **more: object) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "advance", fail)
    with pytest.raises(KeyboardInterrupt):
        tasks.run(site, found.job.id)
    assert 20 == count(database)
    while tasks.run(site, found.job.id):
        pass
    assert 35 == count(database) == count(database, BadgeRow)
    assert Stage.DONE is again(database, found).stage


def test_a_check_that_was_cut_off_begins_anew(site: Site, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_AT_ONCE", 10)
    content = csv_of(*people(35))
    found = ask_to_check(database, take(database, content), content)
    assert found.job is not None
    real, calls = service.is_checked_by, []

    def cut_off(*words: object) -> bool:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "is_checked_by", cut_off)
    with pytest.raises(KeyboardInterrupt):
        tasks.check(site, found.job.id)
    assert 20 == count(database, ImportRowRow)
    monkeypatch.setattr(service, "is_checked_by", real)
    tasks.check(site, found.job.id)
    assert Stage.REVIEW is again(database, found).stage
    assert 35 == count(database, ImportRowRow)


def test_of_two_workers_that_check_one_file_the_earlier_one_gives_way(
    site: Site, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = csv_of(*people(35))
    found = ask_to_check(database, take(database, content), content)
    assert found.job is not None
    real = tasks.find_doubles

    def meanwhile(*words: object) -> None:
        with database.transaction() as session:
            service.begin_check(session, found.id, "another")
        real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(tasks, "find_doubles", meanwhile)
    tasks.check(site, found.job.id)
    assert 0 == count(database, ImportRowRow)
    assert Stage.CHECKING is again(database, found).stage


def test_a_file_that_breaks_in_the_middle_fails_the_job_with_its_reason(site: Site, database: Database) -> None:
    content = b"Name,Category\n" + b"Sana,delegate\n" * 20 + b"Bilal," + b"x" * 40_000 + b"\n"
    with pytest.raises(Exception, match="huge cell"):
        check(site, content)
    good = csv_of(*people(2))
    found = take(database, good)
    with database.transaction() as session:
        row = session.get_one(ImportFileRow, found.id)
        row.content = content
    found = ask_to_check(database, found, good)
    assert found.job is not None
    tasks.check(site, found.job.id)
    found = again(database, found)
    assert found.job is not None
    assert (JobState.FAILED, Fault.HUGE_CELL) == (found.job.state, found.job.note)


def test_who_brought_in_how_many_is_journalled_without_names(site: Site, database: Database) -> None:
    run(site, check(site, csv_of(*people(2), person(""))))
    with database.snapshot() as session:
        done, began, taken = latest(session, 3)
    assert ["import.take", "import.run", "import.done"] == [taken.action, began.action, done.action]
    assert (2, 1) == (done.detail["done"], done.detail["wrong"])
    assert "Person" not in f"{done}{began}{taken}"


def test_nothing_of_the_file_stays_but_what_was_wrong_and_that_goes_after_a_day(site: Site, database: Database) -> None:
    run(site, check(site, csv_of(*people(2), person("Secret Name", "12"))))
    left = check(site, csv_of(*people(3)))
    with database.snapshot() as session:
        kept = session.scalars(select(ImportRowRow).where(ImportRowRow.import_id != left.id)).all()
        assert [({}, [{"field": "phone", "problem": "phone"}])] == [(one.details, one.mistakes) for one in kept]
    tasks.forget_old(site)
    assert Stage.REVIEW is again(database, left).stage
    with database.transaction() as session:
        service.forget_old(session, clock.now() + timedelta(days=1, minutes=1))
    assert Stage.DISCARDED is again(database, left).stage
    assert 0 == count(database, ImportRowRow) + count(database, ImportFileRow)

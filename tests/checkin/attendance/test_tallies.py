"""The sums are what a naive count over the bare facts says, after every step and however they were counted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event as sql
from sqlalchemy import func, select, text, update

from checkin import clock
from checkin.admission import discrepancies as listed
from checkin.admission.queries import entries_at
from checkin.admission.service import Desk, record
from checkin.admission.tables import RecountRow
from checkin.admission.wire import read_batch
from checkin.attendance import audit, counting, queries, share, tallies
from checkin.attendance.answers import attendance_json
from checkin.attendance.groupings import Groupings
from checkin.attendance.policy import scope_of
from checkin.attendance.service import count, find_entries_at
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyShareRow, TallyStateRow
from checkin.attendance.tallies import Counted
from checkin.database import Database, table_of
from checkin.event.model import DayKind, Event
from checkin.programme.service import current_event
from tests.checkin.attendance import oracle
from tests.checkin.attendance.crowd import scans
from tests.checkin.attendance.walk import Walk
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_badge, make_device, make_item, send, token_of
from tests.postgres import fresh_database

SATURDAY = date(2026, 1, 24)


def count_some(database: Database, event: Event, most: int = tallies.MOST) -> Counted:
    with database.transaction() as session:
        return tallies.count_some(session, event, clock.now(), most)


def count_all(database: Database, event: Event) -> None:
    while count_some(database, event).is_more:
        pass


def stored(database: Database, row: type[TallyScanRow | TallyPeopleRow]) -> dict[tuple[object, ...], list[int]]:
    """The rows of a table of sums by their keys, those that came down to nothing left out."""
    table = table_of(row)
    size = len(table.primary_key)
    with database.snapshot() as session:
        return {tuple(one[:size]): list(one[size:]) for one in session.execute(select(table)) if any(one[size:])}


def waiting(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(RecountRow)) or 0


def assert_right(database: Database, event: Event) -> None:
    """Every figure of every day, by the sums with what waits, by GROUP BYs and by the oracle."""
    with database.snapshot() as session:
        groupings = Groupings(session, event)
        for day in (None, *event.day_by_date):
            scope = scope_of(event, day)
            quick, standing = queries.read(session, event, scope)
            assert groupings.read(scope) == quick, day
            assert not standing.is_behind
            answer = attendance_json(event, count(session, event, day=day, now=clock.now()))
            assert oracle.figures(session, event, day) == oracle.plain(answer), day


@pytest.mark.parametrize("seed", range(3))
def test_after_every_step_figures_are_right_and_whenever_all_is_counted_the_sums_are(
    database: Database, event: Event, backend: str, seed: int
) -> None:
    walk = Walk(database, event, seed if backend == "sqlite" else 3 + seed)  # each database walks ways of its own
    for _ in range(14):
        walk.step()
        if walk.dice.random() < 0.6:
            count_some(database, event, walk.dice.randrange(1, 20))
        assert_right(database, event)
    count_all(database, event)
    assert 0 == waiting(database)
    with database.snapshot() as session:
        true = oracle.sums(session, event)
        assert [] == list(audit.check_shares(session, event))
    assert true == (stored(database, TallyScanRow), stored(database, TallyPeopleRow))


def test_the_walk_meets_everything_that_changes_a_figure(database: Database, event: Event) -> None:
    walk = Walk(database, event, 9, people=12)
    for _ in range(45):
        walk.step()
    with database.snapshot() as session:
        scanned, people = oracle.sums(session, event)
        same = oracle.merged(session)
    assert len(walk.merges) > len(same) > 0  # some were taken back
    assert set(same) & set(same.values())  # a double of a double
    assert {"admitted", "re-entry", "left", "refused"} == {key[5] for key in scanned}
    assert any(numbers[2] for numbers in scanned.values())
    assert any(key[6] == "" and numbers[1] for key, numbers in scanned.items())  # an overridden forgery
    assert any(numbers[0] > numbers[1] for numbers in people.values())


def test_counting_again_what_did_not_change_changes_nothing(database: Database, event: Event) -> None:
    scans(database, event, 2)
    count_all(database, event)
    before = stored(database, TallyScanRow), stored(database, TallyPeopleRow)
    with database.transaction() as session:
        everybody = select(TallyShareRow.subject)
        for subject in session.scalars(everybody).all():
            row = {"visitor_id": int(subject)} if subject.isdigit() else {"scan_id": subject}
            session.add_all([RecountRow(**row), RecountRow(**row)])
    count_all(database, event)
    assert before == (stored(database, TallyScanRow), stored(database, TallyPeopleRow))


def test_what_fails_in_the_middle_is_counted_later_as_if_nothing_had_been(
    database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans(database, event, 2, number=80)
    waited = waiting(database)

    def fail(*_words: object) -> None:
        raise OSError("the power is cut")

    with monkeypatch.context() as patch:
        patch.setattr(tallies, "_sign", fail)
        with pytest.raises(OSError, match="power"):
            count_some(database, event)
    assert (waited, {}) == (waiting(database), stored(database, TallyScanRow))
    count_all(database, event)
    assert_right(database, event)


def test_more_than_can_be_added_on_the_way_is_said_and_the_figures_are_of_when_something_was_counted(
    database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_ON_THE_WAY", 20)
    scans(database, event, 4, number=80)
    with database.snapshot() as session:
        found = count(session, event, day=SATURDAY, now=DAY_ONE)
    assert (True, True, 0, DAY_ONE) == (found.is_behind, found.provisional, found.visitors, found.as_of)
    earlier = datetime(2026, 1, 24, 5, 0, tzinfo=UTC)
    with database.transaction() as session:
        tallies.count_some(session, event, earlier, 10)
    with database.snapshot() as session:
        assert earlier == count(session, event, day=SATURDAY, now=DAY_ONE).as_of
        assert find_entries_at(session.connection(), event, "gate-1", SATURDAY) is None
    count_all(database, event)
    assert_right(database, event)


@pytest.mark.parametrize("change", ["days", "zone", "code"])
def test_other_rules_have_everything_counted_anew(
    database: Database, event: Event, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    scans(database, event, 5)
    count_all(database, event)
    if change == "code":
        with database.transaction() as session:
            session.execute(update(TallyStateRow).values(version=share.VERSION - 1))
            session.execute(update(TallyPeopleRow).values(people=7))
    else:
        first, *others = event.days
        days = (replace(first, kind=DayKind.SHOW), *others)
        event = replace(event, days=days) if change == "days" else replace(event, time_zone=ZoneInfo("Asia/Kathmandu"))
    with database.snapshot() as session:
        assert count(session, event, day=None, now=DAY_ONE).is_behind
        assert tallies.is_due(session, event)
    count_all(database, event)
    assert_right(database, event)
    with database.snapshot() as session:
        assert not tallies.is_due(session, event)
        assert oracle.sums(session, event)[1] == stored(database, TallyPeopleRow)


def test_sums_of_newer_code_are_left_to_it(database: Database, event: Event) -> None:
    scans(database, event, 5, number=40)
    count_some(database, event, 5)
    waited = waiting(database)
    with database.transaction() as session:
        session.execute(update(TallyStateRow).values(version=share.VERSION + 1))
    assert Counted(is_ours=False) == count_some(database, event)
    with database.snapshot() as session:
        assert not tallies.is_due(session, event)
    assert waited == waiting(database)


@pytest.fixture
def postgresql() -> Iterator[Database]:
    with fresh_database() as url:
        database = Database(url)
        yield database
        database.close()


def test_while_another_process_counts_nothing_is_counted_twice(postgresql: Database, event: Event) -> None:
    """On SQLite the transaction itself is the lock."""
    scans(postgresql, event, 5, number=40)
    with postgresql.transaction() as other:
        assert tallies.count_some(other, event, clock.now(), 5).is_ours
        assert Counted(is_ours=False) == count_some(postgresql, event)
        other.rollback()
    count_all(postgresql, event)
    assert_right(postgresql, event)


def test_a_fact_that_commits_late_is_counted_all_the_same(postgresql: Database, event: Event) -> None:
    """No watermark passes it by: its note commits with it, however old its number is. SQLite has one writer."""
    with postgresql.transaction() as session:
        early, late = (make_badge(session, event) for _ in range(2))
        tablets = [make_device(session, event)[1] for _ in range(2)]
    with postgresql.transaction() as slow:
        desk = Desk(programme=current_event(slow, event), keys=KEYS, device=tablets[0], now=clock.now())
        record(slow, desk, read_batch({"scans": [make_item(token_of(event, late), DAY_ONE)]}))
        send(postgresql, event, tablets[1], make_item(token_of(event, early), DAY_ONE))
        count_all(postgresql, event)
        assert 0 == waiting(postgresql)
    assert 1 == waiting(postgresql)
    assert_right(postgresql, event)
    count_all(postgresql, event)
    assert 0 == waiting(postgresql)
    assert_right(postgresql, event)


def test_two_who_count_at_once_count_everything_once(postgresql: Database, event: Event) -> None:
    scans(postgresql, event, 8)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: list(counting.count_all(postgresql, event)), range(4)))
    assert 0 == waiting(postgresql)
    assert_right(postgresql, event)
    with postgresql.snapshot() as session:
        assert oracle.sums(session, event) == (stored(postgresql, TallyScanRow), stored(postgresql, TallyPeopleRow))


def test_entries_of_a_gate_today_count_nobody_known_too(database: Database, event: Event) -> None:
    walk = Walk(database, event, 3)
    for _ in range(25):
        walk.step()
    for most in (0, 7, 500):
        if most:
            count_some(database, event, most)
        with database.snapshot() as session:
            for gate in event.gates:
                for day in event.day_by_date:
                    told = find_entries_at(session.connection(), event, gate.slug, day)
                    assert entries_at(session, gate.slug, day) == told


def test_discrepancies_are_those_of_the_list(database: Database, event: Event) -> None:
    walk = Walk(database, event, 11)
    for _ in range(20):
        walk.step()
    count_some(database, event, 9)
    with database.snapshot() as session:
        number = listed.count(session)
        assert number > 0
        assert number == count(session, event, day=None, now=clock.now()).discrepancies


def test_counting_takes_a_fixed_number_of_statements(database: Database, event: Event) -> None:
    statements: list[object] = []
    sql.listen(database.engine, "before_cursor_execute", lambda *words: statements.append(words[2]))
    told = []
    for number in (40, 160):
        scans(database, event, number, number=number)
        count_all(database, event)  # the first time there is more to say
        scans(database, event, number + 1, number=number)
        statements.clear()
        count_some(database, event)
        told.append(len(statements))
    assert 17 >= told[0] == told[1]  # twelve of them count, five tell what is odd


def test_reading_writes_nothing(database: Database, event: Event) -> None:
    scans(database, event, 6, number=80)
    with database.transaction() as session:
        if not database.is_sqlite:
            session.execute(text("SET TRANSACTION READ ONLY"))
            count(session, event, day=None, now=DAY_ONE)
        else:
            session.execute(text("PRAGMA query_only=1"))
            count(session, event, day=None, now=DAY_ONE)
            session.execute(text("PRAGMA query_only=0"))

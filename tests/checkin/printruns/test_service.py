from __future__ import annotations

import pytest

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.journal.queries import latest
from checkin.printruns import service
from checkin.printruns.model import Choice, NotOverError, Order, Outcome, Run, Which
from checkin.printruns.parts import Result, claim_part, finish_part
from checkin.printruns.queries import badges_of_part
from checkin.visitors.service import get_visitor
from tests.checkin.printruns.runs import make_people, make_run, names
from tests.factories import make_badge, make_visitor


def chosen(database: Database, event: Event, which: Which, category: str = "") -> list[str]:
    with database.snapshot() as session:
        found = service.choose(session, event, Choice(which=which, category=category), Order.NAME)
    return [one.name for one in found]


def print_all(database: Database, run: Run) -> Run:
    """As if the worker had drawn it."""
    with database.transaction() as session:
        while part := claim_part(session, run.id, "tests", clock.now()):
            results = [Result(seq=seq, outcome=Outcome.PRINTED) for seq, _ in badges_of_part(session, run.id, part)]
            finish_part(session, run, part, "tests", results, clock.now())
        jobs.finish(session, run.job.id, clock.now())
        return service.get_run(session, run.id)


def mark(database: Database, run: Run) -> int | None:
    with database.transaction() as session:
        run = service.get_run(session, run.id)
        return service.mark_printed(session, run, now=clock.now(), by="Sana", actor="staff:1")


def unmark(database: Database, run: Run) -> int | None:
    with database.transaction() as session:
        return service.unmark(session, run, now=clock.now(), by="Sana", actor="staff:1")


def reprint(database: Database, event: Event, badge: Badge) -> Badge:
    with database.transaction() as session:
        visitor = get_visitor(session, badge.visitor_id)
        return badges.replace(session, event, visitor, now=clock.now(), by="Desk 1", actor="staff:1")


def test_only_live_badges_are_chosen_by_category_or_all(database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_visitor(session, "Without A Badge")
        make_badge(session, event, name="Ayesha")
        make_badge(session, event, name="Bilal", category="exhibitor")
        gone = make_badge(session, event, name="Chandni")
        badges.revoke(session, gone.visitor_id, now=clock.now(), actor="staff:1", reason="")
    assert ["Ayesha", "Bilal"] == chosen(database, event, Which.ALL)
    assert ["Bilal"] == chosen(database, event, Which.ALL, "exhibitor")


def test_a_badge_is_unprinted_until_its_run_is_marked_and_again_when_that_is_taken_back(
    database: Database, event: Event
) -> None:
    make_people(database, event, 3)
    run = print_all(database, make_run(database, event))
    assert 3 == len(chosen(database, event, Which.UNPRINTED))  # drawn is not printed
    assert 3 == mark(database, run)
    assert mark(database, run) is None
    assert [] == chosen(database, event, Which.UNPRINTED)
    assert 3 == unmark(database, run)
    assert unmark(database, run) is None
    assert 3 == len(chosen(database, event, Which.UNPRINTED))
    assert 3 == mark(database, run)


def test_taking_one_mark_back_leaves_what_another_run_and_the_desk_said(database: Database, event: Event) -> None:
    with database.transaction() as session:
        one, two = make_badge(session, event, name="Ayesha"), make_badge(session, event, name="Bilal")
        assert service.mark_one(session, one, now=clock.now(), by="Desk 1", actor="staff:2")
        assert not service.mark_one(session, one, now=clock.now(), by="Desk 1", actor="staff:2")
    first, second = (print_all(database, make_run(database, event)) for _ in range(2))
    mark(database, first)
    mark(database, second)
    unmark(database, second)
    assert [] == chosen(database, event, Which.UNPRINTED)
    unmark(database, first)
    assert ["Bilal"] == chosen(database, event, Which.UNPRINTED)
    with database.snapshot() as session:
        found = service.find_mark(session, one)
        assert found is not None
        assert "Desk 1" == found.by
        assert service.find_mark(session, two) is None


def test_changed_is_who_got_a_new_issue_since_an_earlier_one_was_marked(database: Database, event: Event) -> None:
    with database.transaction() as session:
        changed, other, never = (make_badge(session, event, name=name) for name in ("Ayesha", "Bilal", "Chandni"))
        people = Choice(which=Which.PEOPLE, numbers=(changed.number, other.number))
    mark(database, print_all(database, make_run(database, event, people)))
    reprint(database, event, changed)
    reprint(database, event, never)
    assert ["Ayesha"] == chosen(database, event, Which.CHANGED)
    assert ["Ayesha", "Chandni"] == chosen(database, event, Which.UNPRINTED)


def test_the_same_issue_is_known_to_be_printed_again_and_a_new_issue_is_not(database: Database, event: Event) -> None:
    with database.transaction() as session:
        old, _ = make_badge(session, event, name="Ayesha"), make_badge(session, event, name="Bilal")
    mark(database, print_all(database, make_run(database, event)))
    reprint(database, event, old)
    with database.snapshot() as session:
        found = service.choose(session, event, Choice(), Order.NAME)
    assert [("Ayesha", False), ("Bilal", True)] == [(one.name, one.is_again) for one in found]


def test_a_run_keeps_the_badges_it_was_made_of(database: Database, event: Event) -> None:
    make_people(database, event, 3)
    run = make_run(database, event, about=2)
    make_people(database, event, 1)
    with database.snapshot() as session:
        assert [f"Visitor {number:04}" for number in (1, 2, 3)] == names(session, run)
        assert [2, 1] == [part.badges for part in service.parts(session, run.id)]


def test_a_run_that_is_not_over_can_be_neither_marked_nor_deleted(database: Database, event: Event) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    with pytest.raises(NotOverError):
        mark(database, run)
    with pytest.raises(NotOverError), database.transaction() as session:
        service.forget_files(session, run, now=clock.now(), actor="staff:1")


def test_whoever_is_silent_loses_the_part_and_cannot_finish_it_any_more(database: Database, event: Event) -> None:
    make_people(database, event, 1)
    run, now = make_run(database, event), clock.now()
    with database.transaction() as session:
        assert 1 == claim_part(session, run.id, "slow", now)
        assert claim_part(session, run.id, "quick", now) is None
        assert 1 == claim_part(session, run.id, "quick", now.replace(minute=now.minute + 2))
        assert not finish_part(session, run, 1, "slow", [], now)
        assert finish_part(session, run, 1, "quick", [], now)
        assert claim_part(session, run.id, "slow", now) is None


def test_the_journal_has_who_made_marked_took_back_and_deleted_with_counts_and_no_names(
    database: Database, event: Event
) -> None:
    make_people(database, event, 2)
    run = print_all(database, make_run(database, event))
    mark(database, run)
    unmark(database, run)
    with database.transaction() as session:
        service.forget_files(session, run, now=clock.now(), actor="staff:1")
        entries = latest(session, 4)
    assert ["print.delete_files", "print.unmark", "print.mark", "print.make"] == [entry.action for entry in entries]
    assert {f"print:{run.id}"} == {entry.subject for entry in entries}
    assert [2, 2, 2] == [entry.detail["badges"] for entry in entries[1:]]
    assert "Visitor" not in str(entries)

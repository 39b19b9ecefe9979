"""Who was merged: how they are found, listed and printed, and what becomes of their badges later."""

from __future__ import annotations

from dataclasses import replace

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.model import BadgeState
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.people.model import Filters
from checkin.people.queries import people
from checkin.printruns.model import Choice, Which
from checkin.printruns.queries import choose
from checkin.registration import corrections, service
from checkin.registration.queries import find_people
from checkin.visitors import service as visitors

from .twice import editor, merge, registered, separate


def test_the_double_is_found_as_the_kept_one_listed_once_and_never_printed(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Zulekha Bano")
    made = merge(database, event, kept.visitor_id, double.visitor_id)
    code = short_code(double.number)

    def found(typed: str) -> list[int]:
        with database.snapshot() as session:
            return [one.id for one in find_people(session, typed)]

    def listed() -> list[int]:
        with database.snapshot() as session:
            return [one.visitor.id for one in people(session, Filters(), most=10)]

    def printed() -> list[int]:
        with database.snapshot() as session:
            return sorted(one.number for one in choose(session, Choice(which=Which.UNPRINTED), None))

    assert [kept.visitor_id] == found("Zulekha") == found("Siddiqui") == found(code) == listed()
    assert [kept.number] == printed()
    with database.snapshot() as session:
        assert {kept.visitor_id} == {one.id for one in visitors.contacts(session)}
    with database.transaction() as session:  # a correction loses nobody's words
        details = visitors.get_visitor(session, kept.visitor_id).details
        visitors.correct(session, kept.visitor_id, replace(details, city="Lahore"), now=clock.now(), by="tests")
    assert [kept.visitor_id] == found("Zulekha")
    separate(database, event, made)
    assert ([double.visitor_id], [double.visitor_id]) == (found("Zulekha"), found(code))
    assert [double.visitor_id, kept.visitor_id] == listed()
    assert sorted([kept.number, double.number]) == printed()


def test_a_new_badge_and_a_revocation_are_of_the_whole_person(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    merge(database, event, kept.visitor_id, double.visitor_id)

    def state(visitor_id: int) -> BadgeState:
        with database.snapshot() as session:
            return badges.current_badge(session, visitor_id).state_at(clock.now())

    with database.transaction() as session:
        visitor = visitors.get_visitor(session, kept.visitor_id)
        service.reprint(session, event, visitor, lost=0, now=clock.now(), by="Desk 1", actor="staff:1")
    assert (BadgeState.LIVE, BadgeState.REVOKED) == (state(kept.visitor_id), state(double.visitor_id))
    third, fourth = registered(database, event, "Omar", "Umar")
    merge(database, event, third.visitor_id, fourth.visitor_id)
    with database.transaction() as session:
        assert corrections.revoke(session, third.visitor_id, issue=0, reason="sold", editor=editor())
    assert {BadgeState.REVOKED} == {state(third.visitor_id), state(fourth.visitor_id)}


def test_a_category_that_no_badge_says_any_more_makes_a_new_one_and_ends_the_doubles(
    database: Database, event: Event
) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    merge(database, event, kept.visitor_id, double.visitor_id)
    with database.transaction() as session:
        seen = visitors.get_visitor(session, kept.visitor_id).details
        wanted = replace(seen, category="exhibitor")
        corrections.correct(session, event, kept.visitor_id, seen=seen, wanted=wanted, editor=editor())
    with database.snapshot() as session:
        assert 1 == badges.current_badge(session, kept.visitor_id).issue
        assert badges.current_badge(session, double.visitor_id).revoked_at is not None

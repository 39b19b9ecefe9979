"""Who may be registered twice: by the rules of an import, whenever somebody is registered or corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.oddities import queries, twins
from checkin.oddities.model import Kind
from checkin.oddities.tables import LikenessRow, OddityRow
from checkin.visitors import service as visitors
from checkin.visitors.model import Visitor
from checkin.visitors.tables import VisitorRow
from tests.checkin.registration.twice import merge, separate
from tests.factories import make_visitor

PHONE = "+923001234567"
Compare = Callable[[], list[tuple[int, str]]]


@pytest.fixture
def compare(database: Database, event: Event) -> Compare:
    """Compare whoever waits; then each suspected double with whom and by what they are alike, the newest first."""

    def compared() -> list[tuple[int, str]]:
        is_more = True
        while is_more:
            with database.transaction() as session:
                is_more = twins.compare_some(session, event, 2)
        with database.snapshot() as session:
            assert not twins.is_due(session)
            found = queries.listed(session, queries.Fresh(), Kind.DOUBLE, most=100)
            return [(one.visitor_id or 0, one.other) for one in found]

    return compared


def add(database: Database, name: str, **more: object) -> Visitor:
    with database.transaction() as session:
        return make_visitor(session, name, **more)  # type: ignore[arg-type]


def correct(session: Session, visitor: Visitor, **more: object) -> None:
    visitors.correct(session, visitor.id, replace(visitor.details, **more), now=clock.now(), by="tests")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "likeness"),
    [
        ({"phone": PHONE}, {"phone": PHONE}, "phone"),
        ({"email": "A@example.com"}, {"email": "a@Example.com"}, "email"),
        ({"organisation": "Sialkot Sports"}, {"organisation": "SIALKOT  sports"}, "name"),
        ({"phone": PHONE, "email": "a@b.pk"}, {"phone": PHONE, "email": "a@b.pk"}, "phone"),
    ],
)
def test_whoever_gives_the_same_is_told_with_who_was_there_before(
    database: Database, compare: Compare, first: dict[str, str], second: dict[str, str], likeness: str
) -> None:
    one, other = add(database, "Ayesha Siddiqui", **first), add(database, "ayesha SIDDIQUI", **second)
    assert [(other.id, f"{one.id} {likeness}")] == compare()


def test_a_name_alone_a_delegation_and_a_family_on_one_page_are_no_doubles(
    database: Database, compare: Compare
) -> None:
    for _ in range(2):
        add(database, "Muhammad Ali")
    for name in ("Əli Əliyev", "Leyla Əliyeva"):
        add(database, name, phone=PHONE, group="Azerbaijan")
    with database.transaction() as session:
        leader, member = (make_visitor(session, name, phone="+923331234567") for name in ("Father", "Son"))
        visitors.join_party(session, leader.id, member.id)
    assert [] == compare()
    with database.snapshot() as session:
        told = " ".join(row.digest for row in session.scalars(select(LikenessRow)))
    assert "phone " in told
    assert PHONE not in told


def test_of_many_alike_each_is_told_once_with_the_first(database: Database, compare: Compare) -> None:
    first, *others = (add(database, "Ayesha Siddiqui", phone=PHONE, organisation="Sports") for _ in range(5))
    assert [(one.id, f"{first.id} phone") for one in reversed(others)] == compare()
    late = add(database, "Ayesha Siddiqui", phone=PHONE)
    assert (late.id, f"{first.id} phone") == compare()[0]


def test_a_correction_makes_and_unmakes_doubles(database: Database, compare: Compare) -> None:
    first, second, third = (add(database, f"Person {n}", phone=f"{PHONE[:-1]}{n}") for n in range(3))
    assert [] == compare()
    with database.transaction() as session:
        correct(session, first, phone=second.details.phone)
    assert [(second.id, f"{first.id} phone")] == compare()
    with database.transaction() as session:
        correct(session, visitors.get_visitor(session, first.id), phone=third.details.phone)
    assert [(third.id, f"{first.id} phone")] == compare()
    with database.transaction() as session:
        correct(session, third, phone="")
    assert [] == compare()


def test_who_is_erased_is_nobodys_double(database: Database, compare: Compare) -> None:
    add(database, "Ayesha", phone=PHONE)
    other = add(database, "Ayesha", phone=PHONE)
    assert 1 == len(compare())
    with database.transaction() as session:
        session.execute(delete(VisitorRow).where(VisitorRow.id == other.id))
    assert [] == compare()
    with database.snapshot() as session:
        assert [] == session.scalars(select(OddityRow)).all()


def test_who_was_merged_is_no_suspicion_until_they_are_separated(
    database: Database, event: Event, compare: Compare
) -> None:
    first = add(database, "Ayesha", phone=PHONE)
    second = add(database, "Ayesha", phone=PHONE)
    for kept, double in ((first, second), (second, first)):
        assert [(second.id, f"{first.id} phone")] == compare()
        made = merge(database, event, kept.id, double.id)
        assert [] == compare()
        separate(database, event, made)

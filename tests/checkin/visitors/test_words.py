"""The words that visitors are found by are kept up with them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from checkin import clock
from checkin.database import Database
from checkin.visitors import service as visitors
from checkin.visitors.tables import VisitorWordRow
from checkin.visitors.words import meant_by
from tests.factories import make_visitor


def found(database: Database, typed: str) -> list[str]:
    with database.snapshot() as session:
        return [one.details.name for one in visitors.search(session, meant_by(typed))]


@pytest.mark.parametrize(
    "typed", ["ayesha", "SID ay", "عايشه", "sial", "234567", "0300 1234567", "0092 300 1234567", "+923001234567"]
)
def test_a_visitor_is_found_by_what_was_written(database: Database, typed: str) -> None:
    with database.transaction() as session:
        make_visitor(session, name_ur="عائشہ صدیقی", organisation="Sialkot Sports", phone="+923001234567")
        make_visitor(session, "Bilal Khan", organisation="Wazirabad Cutlery", phone="+923007654321")
    assert ["Ayesha Siddiqui"] == found(database, typed)


@pytest.mark.parametrize("typed", ["esha", "a", "ayesha khan", "%", "__", "9234", "\U0010ffff", "'; --"])
def test_nobody_is_found_by_anything_else(database: Database, typed: str) -> None:
    with database.transaction() as session:
        make_visitor(session, phone="+923001234567")
        make_visitor(session, "Bilal Khan")
    assert [] == found(database, typed)


def test_letters_are_ordered_as_bytes_whatever_the_database_thinks_of_them(database: Database) -> None:
    with database.transaction() as session:
        for name in ("Zz Top", "Żółw", "Éclair", "zebra-fish", "ظفر"):
            make_visitor(session, name)
    assert ["Zz Top"] == found(database, "zz")
    assert ["ظفر"] == found(database, "ظف")
    assert ["Éclair"] == found(database, "ec")


def test_a_correction_changes_the_words_and_keeps_what_was_there_before(database: Database) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session, organisation="Sialkot Sports", sectors=("gems",))
        details = visitor.details.with_plain({"name": "Aisha Siddiqui", "sectors": ["sports", "toys"]})
        changed = visitors.correct(session, visitor.id, details, now=clock.now(), by="Sana")
    assert {"name", "sectors"} == changed
    assert [] == found(database, "ayesha")
    assert ["Aisha Siddiqui"] == found(database, "aisha sialkot")
    with database.snapshot() as session:
        assert details == visitors.get_visitor(session, visitor.id).details
        (correction,) = visitors.corrections_of(session, visitor.id)
    assert {"name": "Ayesha Siddiqui", "sectors": ["gems"]} == correction.before
    assert {"name": "Aisha Siddiqui", "sectors": ["sports", "toys"]} == correction.after


def test_words_go_with_the_transaction_that_wrote_the_visitor(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as session:  # noqa: PT012 - what is tested
        make_visitor(session)
        raise ZeroDivisionError
    with database.snapshot() as session:
        assert [] == session.scalars(select(VisitorWordRow.word)).all()

from __future__ import annotations

from checkin.database import Database
from checkin.staff.policy import PinProblem
from checkin.staff.service import check_supervisor_pin, set_supervisor_pin
from tests.checkin.staff.people import NOW


def test_no_pin_holds_while_none_is_set(database: Database) -> None:
    with database.snapshot() as session:
        assert not check_supervisor_pin(session, "")
        assert not check_supervisor_pin(session, "482915")


def test_only_the_last_pin_holds_in_any_digits(database: Database) -> None:
    with database.transaction() as session:
        assert set_supervisor_pin(session, "739164", actor="staff:1", now=NOW) is None
        assert set_supervisor_pin(session, "482915", actor="staff:1", now=NOW) is None
    with database.snapshot() as session:
        assert check_supervisor_pin(session, "482915")
        assert check_supervisor_pin(session, " ۴۸۲۹۱۵")
        assert not check_supervisor_pin(session, "739164")


def test_an_easy_pin_is_refused_and_the_old_one_stays(database: Database) -> None:
    with database.transaction() as session:
        set_supervisor_pin(session, "482915", actor="staff:1", now=NOW)
        assert set_supervisor_pin(session, "123456", actor="staff:1", now=NOW) is PinProblem.TOO_EASY
    with database.snapshot() as session:
        assert check_supervisor_pin(session, "482915")
        assert not check_supervisor_pin(session, "123456")

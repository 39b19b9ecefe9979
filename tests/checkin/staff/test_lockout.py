from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from checkin.database import Database
from checkin.staff.lockout import find_lock, forget_failures, settle_try
from checkin.staff.model import LockedUntil
from checkin.staff.tables import FailureRow
from tests.checkin.staff.people import NOW

KEY = "pin:device:7"


def test_a_lock_grows_with_each_wrong_try_and_ends(database: Database) -> None:
    now = NOW
    with database.transaction() as session:
        assert [settle_try(session, KEY, now, right=False) for _ in range(4)] == [None] * 4
        for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
            until = now + timedelta(minutes=minutes)
            assert settle_try(session, KEY, now, right=False) == LockedUntil(until)
            assert find_lock(session, KEY, until - timedelta(seconds=1)) == LockedUntil(until)
            assert find_lock(session, KEY, until) is None
            now = until


def test_while_locked_the_right_secret_is_refused_and_a_wrong_one_does_not_make_it_longer(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(5):
            settle_try(session, KEY, NOW, right=False)
        lock = LockedUntil(NOW + timedelta(minutes=1))
        assert settle_try(session, KEY, NOW + timedelta(seconds=30), right=True) == lock
        assert settle_try(session, KEY, NOW + timedelta(seconds=30), right=False) == lock
        assert settle_try(session, KEY, NOW + timedelta(minutes=1), right=True) is None


def test_the_right_secret_begins_the_count_anew(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(3):
            assert [settle_try(session, KEY, NOW, right=False) for _ in range(4)] == [None] * 4
            assert settle_try(session, KEY, NOW, right=True) is None


def test_one_key_does_not_lock_another(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(5):
            settle_try(session, KEY, NOW, right=False)
        assert find_lock(session, "pin:device:8", NOW) is None


def test_a_lock_can_be_opened(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(5):
            settle_try(session, KEY, NOW, right=False)
        forget_failures(session, KEY)
        assert find_lock(session, KEY, NOW) is None


def test_wrong_tries_of_yesterday_are_thrown_away(database: Database) -> None:
    with database.transaction() as session:
        for key in ("a", "b", "c"):
            settle_try(session, key, NOW, right=False)
        settle_try(session, "d", NOW + timedelta(hours=25), right=False)
        assert session.scalar(select(func.count()).select_from(FailureRow)) == 1

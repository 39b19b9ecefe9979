"""One count for all who look."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from checkin.attendance.model import Attendance, Everyone, Registered
from checkin.attendance.snapshots import Snapshot, Snapshots
from checkin.event.model import Event
from tests.conftest import DAY_ONE

SECOND = timedelta(seconds=1)
SATURDAY, SUNDAY = date(2026, 1, 24), date(2026, 1, 25)


class Maker:
    """Makes snapshots, and knows how many."""

    def __init__(self, event: Event) -> None:
        nothing = dict.fromkeys(("visitors", "trade", "public", "visits", "entries", "first_time", "discrepancies"), 0)
        lists = (
            "waiting",
            *(
                f"by_{word}"
                for word in (
                    "gate",
                    "zone",
                    "hour",
                    "category",
                    "country",
                    "sector",
                    "gender",
                    "city",
                    "cluster",
                    "day",
                )
            ),
        )
        counted = Attendance(
            day=SATURDAY,
            as_of=DAY_ONE,
            inside=None,
            everyone=Everyone(0, 0),
            registered=Registered(0, 0, 0, 0),
            **nothing,
            **dict.fromkeys(lists, ()),  # type: ignore[arg-type]
        )
        self._made = Snapshot(event, counted, b"{}", "tag", DAY_ONE)
        self.made = 0

    def at(self, now: datetime) -> Snapshot:
        self.made += 1
        return replace(self._made, made_at=now)


@pytest.fixture
def maker(event: Event) -> Maker:
    return Maker(event)


@pytest.mark.parametrize(("seconds", "made"), [(0.0, 1), (0.9, 1), (1.0, 2), (3600.0, 2), (-5.0, 2)])
def test_it_lasts_for_a_second_and_a_clock_that_was_put_back_makes_nothing_fresh(
    maker: Maker, seconds: float, made: int
) -> None:
    kept = Snapshots()
    for now in (DAY_ONE, DAY_ONE + timedelta(seconds=seconds)):
        found = kept.find((SATURDAY, ""), now, SECOND, lambda now=now: maker.at(now))  # type: ignore[misc]
    assert (made, DAY_ONE + timedelta(seconds=seconds) * (made - 1)) == (maker.made, found.made_at)


def test_each_day_has_its_own_and_without_lasting_each_is_new(maker: Maker) -> None:
    kept = Snapshots()
    for day in (SATURDAY, SUNDAY, None, SATURDAY):
        kept.find((day, ""), DAY_ONE, SECOND, lambda: maker.at(DAY_ONE))
    assert 3 == maker.made
    kept.find((None, ""), DAY_ONE, timedelta(), lambda: maker.at(DAY_ONE))
    assert 4 == maker.made


def test_all_who_come_at_once_get_the_one_that_is_made(maker: Maker) -> None:
    kept, gate = Snapshots(), threading.Event()

    def make() -> Snapshot:
        gate.wait(30)
        return maker.at(DAY_ONE)

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(kept.find, (SATURDAY, ""), DAY_ONE, SECOND, make) for _ in range(8)]
        gate.set()
        found = {id(one.result()) for one in asked}
    assert (1, 1) == (maker.made, len(found))


def test_what_fails_is_made_by_whoever_asks_next(maker: Maker) -> None:
    kept = Snapshots()

    def fail() -> Snapshot:
        raise OSError("the database is away")

    with pytest.raises(OSError, match="away"):
        kept.find((SATURDAY, ""), DAY_ONE, SECOND, fail)
    assert DAY_ONE == kept.find((SATURDAY, ""), DAY_ONE, SECOND, lambda: maker.at(DAY_ONE)).made_at

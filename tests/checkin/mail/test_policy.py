from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from checkin.mail.model import Accepted, MailState, Never, NotNow, Problem, Trouble, Unknown
from checkin.mail.policy import SERVER_WAIT, WAITS, Standing, is_servers_fault, standing_after

NOW = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
LATER = Trouble(Problem.NOT_NOW, "451")


def test_waits_grow_from_a_minute_to_a_day_and_end_after_four_to_five_days() -> None:
    assert (timedelta(minutes=1), timedelta(days=1)) == (WAITS[0], WAITS[-1])
    assert all(earlier <= later for earlier, later in pairwise(WAITS))
    assert timedelta(days=4) < sum(WAITS, timedelta()) < timedelta(days=5)


def test_each_try_waits_longer_and_the_last_one_gives_up() -> None:
    for tries, wait in enumerate(WAITS, start=1):
        assert Standing(MailState.WAITING, LATER, NOW + wait) == standing_after(NotNow(LATER), tries=tries, now=NOW)
    assert Standing(MailState.GIVEN_UP, LATER) == standing_after(NotNow(LATER), tries=len(WAITS) + 1, now=NOW)


def test_an_answer_settles_it() -> None:
    trouble = Trouble(Problem.ADDRESS, "550 5.1.1")
    assert Standing(MailState.SENT) == standing_after(Accepted(), tries=1, now=NOW)
    assert Standing(MailState.GIVEN_UP, trouble) == standing_after(Never(trouble), tries=1, now=NOW)
    assert Standing(MailState.UNSURE, trouble) == standing_after(Unknown(trouble), tries=1, now=NOW)


@pytest.mark.parametrize("problem", [problem for problem in Problem if is_servers_fault(problem)])
def test_a_server_that_fails_all_never_makes_one_mail_give_up(problem: Problem) -> None:
    trouble = Trouble(problem)
    assert Standing(MailState.WAITING, trouble, NOW + SERVER_WAIT) == standing_after(NotNow(trouble), tries=99, now=NOW)

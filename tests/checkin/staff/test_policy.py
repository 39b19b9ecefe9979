from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from checkin.staff.policy import (
    PasswordProblem,
    PinProblem,
    failures_after,
    is_email,
    is_session_live,
    lock_lasts,
    password_problem,
    pin_problem,
    plain_email,
    plain_name,
    plain_pin,
)

NOW = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "failures"),
    [(0, 0), (0, 1), (0, 4), (1, 5), (2, 6), (4, 7), (8, 8), (16, 9), (32, 10), (60, 11), (60, 12), (60, 10_000)],
)
def test_a_lock_begins_with_the_fifth_wrong_try_and_doubles_up_to_an_hour(minutes: int, failures: int) -> None:
    assert timedelta(minutes=minutes) == lock_lasts(failures)


def test_wrong_tries_add_up_and_are_forgotten_after_a_quiet_day() -> None:
    assert failures_after(4, NOW - timedelta(hours=23), NOW) == 5
    assert failures_after(4, NOW - timedelta(hours=25), NOW) == 1


def test_a_session_dies_of_12_idle_hours_or_at_its_end() -> None:
    end = NOW + timedelta(hours=24)
    assert is_session_live(end, NOW, NOW + timedelta(hours=11, minutes=59))
    assert not is_session_live(end, NOW, NOW + timedelta(hours=12))
    assert not is_session_live(end, end, end)


@pytest.mark.parametrize(
    ("problem", "password"),
    [
        (None, "correct horse"),
        (None, "aaaaaaaaaa"),  # no silly rules
        (None, "چار چراغ شام کو"),
        (PasswordProblem.TOO_SHORT, "123456789"),
        (PasswordProblem.TOO_LONG, "x" * 201),
        (PasswordProblem.IS_YOU, "Sana.Iqbal@Example.com"),
        (PasswordProblem.IS_YOU, "sana.iqbal"),
        (PasswordProblem.IS_YOU, "sana iqbal khan"),
        (PasswordProblem.IS_YOU, "SanaIqbalKhan"),
    ],
)
def test_a_password_is_long_and_not_the_person(problem: PasswordProblem | None, password: str) -> None:
    assert problem is password_problem(password, name="Sana Iqbal Khan", email="sana.iqbal@example.com")


@pytest.mark.parametrize(
    ("problem", "pin"),
    [
        (None, "482915"),
        (None, "4829153076"),
        (None, "۴۸۲۹۱۵"),
        (PinProblem.NOT_DIGITS, ""),
        (PinProblem.NOT_DIGITS, "48291"),
        (PinProblem.NOT_DIGITS, "48291530761"),
        (PinProblem.NOT_DIGITS, "4829a5"),
        (PinProblem.TOO_EASY, "000000"),
        (PinProblem.TOO_EASY, "123456"),
        (PinProblem.TOO_EASY, "7890123"),
        (PinProblem.TOO_EASY, "987654"),
        (PinProblem.TOO_EASY, "123123"),
        (PinProblem.TOO_EASY, "121212"),
        (PinProblem.TOO_EASY, "۱۲۳۴۵۶"),
    ],
)
def test_a_pin_is_6_to_10_digits_without_a_pattern(problem: PinProblem | None, pin: str) -> None:
    assert problem is pin_problem(pin)


def test_a_pin_is_the_same_on_an_urdu_keyboard() -> None:
    assert plain_pin(" ۴۸۲۹۱۵ ") == "482915"


def test_names_and_addresses_have_one_plain_form() -> None:
    assert plain_email("  Sana@Example.COM ") == "sana@example.com"
    assert plain_name("  Sana\x00\tIqbal \n") == "Sana Iqbal"


@pytest.mark.parametrize(
    ("good", "email"),
    [(True, "desk1@expo.local"), (False, "desk1"), (False, "a@b@c"), (False, "a b@c"), (False, "a" * 250 + "@b.pk")],
)
def test_an_address_has_one_at_sign_and_no_spaces(good: bool, email: str) -> None:  # noqa: FBT001
    assert good is is_email(email)

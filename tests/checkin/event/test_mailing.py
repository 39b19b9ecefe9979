"""`[mail]`: who the mails come from. Without it there are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkin.event.mistakes import Mistake
from checkin.event.model import Event, Mailing

Load = Callable[[str], Event]
MistakesOf = Callable[[str], tuple[Mistake, ...]]


def test_an_event_sends_no_mails_unless_it_says_from_whom(small: str, load: Load) -> None:
    assert load(small).mailing is None


def test_a_sender_is_enough_and_answers_may_go_elsewhere(small: str, load: Load) -> None:
    assert Mailing(sender="badges@expo.example.org") == load(small + '[mail]\nfrom = "badges@expo.example.org"').mailing
    both = '[mail]\nfrom = "badges@expo.example.org"\nreply_to = "info@expo.example.org"'
    assert Mailing(sender="badges@expo.example.org", reply_to="info@expo.example.org") == load(small + both).mailing


def test_reports_go_to_a_list_of_addresses(small: str, load: Load) -> None:
    table = '[mail]\nfrom = "badges@expo.example.org"\nreports_to = ["a@expo.org", "b@expo.org"]'
    mailing = load(small + table).mailing
    assert mailing
    assert ("a@expo.org", "b@expo.org") == mailing.reports_to


@pytest.mark.parametrize(
    ("place", "problem", "table"),
    [
        ("[mail] · from (line 34)", "from is missing.", "[mail]"),
        (
            "[mail] · from (line 35)",
            '"Expo <badges@expo.org>" is not an e-mail address.',
            '[mail]\nfrom = "Expo <badges@expo.org>"',
        ),
        ("[mail] · from (line 35)", '"badges" is not an e-mail address.', '[mail]\nfrom = "badges"'),
        (
            "[mail] · from (line 35)",
            '"a@b.org\\\\nBcc: x@y.org" is not an e-mail address.',
            '[mail]\nfrom = "a@b.org\\nBcc: x@y.org"',
        ),
        ("[mail] · from (line 35)", '"کارڈ@expo.org" is not an e-mail address.', '[mail]\nfrom = "کارڈ@expo.org"'),
        (
            "[mail] · reports_to (line 36)",
            '"the director" is not an e-mail address.',
            '[mail]\nfrom = "a@b.org"\nreports_to = ["the director"]',
        ),
        (
            "[mail] · password (line 36)",
            '"password" is no setting of this table.',
            '[mail]\nfrom = "a@b.org"\npassword = "x"',
        ),
    ],
)
def test_each_mistake_is_told_with_its_place(
    small: str, mistakes_of: MistakesOf, place: str, problem: str, table: str
) -> None:
    (mistake,) = mistakes_of(f"{small}\n{table}")
    assert (place, problem.replace("\\\\", "\\")) == (mistake.place, mistake.problem)

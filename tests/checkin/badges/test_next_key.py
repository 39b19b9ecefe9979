"""A lost tablet moves the signing on to the next key; what is printed stays good."""

from __future__ import annotations

import pytest

from checkin.admission.model import Reason, Verdict
from checkin.badges import service as badges
from checkin.badges.token import make_token, read_token
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.queries import latest
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_badge, make_device, make_item, send, token_of, verdicts


def move_on(database: Database) -> int:
    with database.transaction() as session:
        return badges.next_key(session, now=DAY_ONE, actor="staff:1")


def test_new_badges_carry_the_next_key_and_old_ones_still_open_the_gate(database: Database, event: Event) -> None:
    with database.transaction() as session:
        old = make_badge(session, event, name="Old")
        _, device = make_device(session, event)
    assert 1 == move_on(database)
    with database.transaction() as session:
        new = make_badge(session, event, name="New")
    assert [0, 1] == [
        claim.key_number for claim in map(read_token, (token_of(event, old), token_of(event, new))) if claim
    ]
    told = send(database, event, device, *(make_item(token_of(event, badge), DAY_ONE) for badge in (old, new)))
    assert [Verdict.ADMITTED] * 2 == verdicts(told)
    with database.snapshot() as session:
        (entry,) = latest(session, 1)
    assert ("staff:1", "badge.next_key", {"key": 1}) == (entry.actor, entry.action, entry.detail)


def test_a_key_that_is_not_in_use_yet_is_forged(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, device = make_device(session, event)
    early = make_token(
        event=event.slug, key=KEYS.key(2), key_number=2, number=badge.number, issue=0, category=badge.category
    )
    move_on(database)
    (told,) = send(database, event, device, make_item(early, DAY_ONE))
    assert Reason.FORGED == told.row.reason
    move_on(database)
    (told,) = send(database, event, device, make_item(early, DAY_ONE))
    assert Verdict.ADMITTED == told.row.verdict


def test_there_are_sixteen_keys_and_no_more(database: Database) -> None:
    assert list(range(1, 16)) == [move_on(database) for _ in range(15)]
    with pytest.raises(badges.NoMoreKeysError, match="16"):
        move_on(database)

"""One person who was registered twice."""

from __future__ import annotations

import pytest

from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from tests.conftest import DAY_ONE
from tests.factories import make_device, make_item, send, token_of

from .people import PEOPLE, make_person

MERGE = f"{PEOPLE}/1/merge/2"


@pytest.fixture
def two(database: Database, event: Event) -> tuple[int, int]:
    """Ayesha, registered online and once more from a delegation's list; both came in on Saturday."""
    with database.transaction() as session:
        one = make_person(session, event, "Ayesha Siddiqui", name_ur="عائشہ صدیقی", phone="+923001234567")
        other = make_person(
            session, event, "Aisha Siddiqi", organisation="Sialkot Sports", phone="+923001234567", city="Sialkot"
        )
        _, tablet = make_device(session, event, name="Tablet A")
        tokens = [token_of(event, badges.current_badge(session, who.id)) for who in (one, other)]
    send(database, event, tablet, *(make_item(token, DAY_ONE) for token in tokens))
    return one.id, other.id

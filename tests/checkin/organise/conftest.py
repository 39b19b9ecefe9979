"""An organiser who is signed in."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from checkin.database import Database
from tests.checkin.staff.people import carry_session, make_staff


@pytest.fixture
def organiser(client: FlaskClient, database: Database) -> FlaskClient:
    carry_session(client, database, make_staff(database))
    return client

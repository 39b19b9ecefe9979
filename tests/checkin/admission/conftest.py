from __future__ import annotations

import pytest
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet
from tests.factories import make_badge, make_visitor, token_of


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)


@pytest.fixture
def token(database: Database, event: Event) -> str:
    with database.transaction() as session:
        return token_of(event, make_badge(session, event, make_visitor(session, organisation="Sialkot Sports")))

from __future__ import annotations

import pytest
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)

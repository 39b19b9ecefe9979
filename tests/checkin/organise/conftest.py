"""An organiser who is signed in, and the application behind a real address."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from checkin.database import Database
from tests.checkin.staff.people import carry_session, make_staff


@pytest.fixture
def organiser(client: FlaskClient, database: Database) -> FlaskClient:
    carry_session(client, database, make_staff(database))
    return client


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()

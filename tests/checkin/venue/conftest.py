"""A hall with its own certificates, in the folder of a test's installation."""

from __future__ import annotations

import pytest

from checkin.settings import Settings
from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.model import Hall, Names
from tests.checkin.venue.certificates import NOW, TITLE, make_machine


@pytest.fixture
def hall(settings: Settings) -> Hall:
    folder = Folder(settings.tls)
    server = service.init(folder, make_machine(), Names(), title=TITLE, now=NOW).server
    assert server is not None
    return Hall(
        folder=folder.path,
        base="https://192.168.4.10:8443",
        plain="http://192.168.4.10:8080",
        port=8443,
        http_port=8080,
        names=server.names,
    )

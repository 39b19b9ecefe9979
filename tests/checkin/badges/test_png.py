from __future__ import annotations

import io

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image

from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors.links import private_link
from tests.factories import SECRET, make_badge, make_visitor, token_of


@pytest.mark.parametrize("name", ["Ayesha Siddiqui", "عائشہ صدیقی", "Gülnarə Əliyeva-Məmmədova", "W" * 120, "<b>&{x}"])
def test_the_picture_is_as_wide_as_a_phone_and_reads_back(
    client: FlaskClient, database: Database, event: Event, name: str
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, make_visitor(session, name))
    answer = client.get(f"/badge/{private_link(SECRET, badge.visitor_id, 0)}.png")
    assert "image/png" == answer.mimetype
    assert f'inline; filename="badge-{short_code(badge.number)}.png"' == answer.headers["Content-Disposition"]
    picture = Image.open(io.BytesIO(answer.data))
    assert ("PNG", 1080) == (picture.format, picture.width)
    assert [token_of(event, badge)] == [code.text for code in zxingcpp.read_barcodes(picture)]

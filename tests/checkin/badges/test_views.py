from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.model import Badge
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from tests.factories import SECRET, make_badge, make_visitor, token_of


@pytest.fixture
def badge(database: Database, event: Event) -> Badge:
    with database.transaction() as session:
        return make_badge(session, event, make_visitor(session, name_ur="عائشہ صدیقی"))


@pytest.fixture
def page(badge: Badge) -> str:
    """The address of the badge's own page."""
    return f"/badge/{private_link(SECRET, badge.visitor_id, 0)}"


def test_the_page_shows_the_qr_the_names_and_the_short_code(client: FlaskClient, page: str, badge: Badge) -> None:
    text = client.get(page).text
    for part in ("<svg", "Ayesha Siddiqui", "عائشہ صدیقی", short_code(badge.number), 'data-category="trade-visitor"'):
        assert part in text


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_the_address_of_the_page_is_told_to_nobody(client: FlaskClient, page: str, ending: str) -> None:
    headers = client.get(page + ending).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("ending", ["", ".pdf"])
@pytest.mark.parametrize("link", ["unknown", "A" * 22, "x" * 3000, "%00", "%F0%9F%98%80"])
def test_an_unknown_link_is_404_and_says_what_to_do(client: FlaskClient, link: str, ending: str) -> None:
    answer = client.get(f"/badge/{link}{ending}?lang=en")
    assert answer.status_code == 404
    assert "ask at a registration desk" in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("paper", ["a6", "a4-fold"])
def test_the_pdf_holds_the_token_and_its_name_holds_nobody(
    client: FlaskClient, page: str, badge: Badge, event: Event, paper: str
) -> None:
    answer = client.get(f"{page}.pdf?paper={paper}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="badge-{short_code(badge.number)}.pdf"'
    picture = pypdfium2.PdfDocument(io.BytesIO(answer.data))[0].render(scale=3).to_pil()
    assert token_of(event, badge) in {code.text for code in zxingcpp.read_barcodes(picture)}


def test_a_paper_that_we_do_not_have_is_404(client: FlaskClient, page: str) -> None:
    assert client.get(f"{page}.pdf?paper=papyrus").status_code == 404


def test_a_revoked_badge_says_so_and_shows_no_code(
    client: FlaskClient, page: str, badge: Badge, database: Database
) -> None:
    with database.transaction() as session:
        badges.revoke(session, badge.visitor_id, now=clock.now(), actor="organiser", reason="sold")
    text = client.get(f"{page}?lang=en").text
    assert "no longer valid" in text
    assert "<svg" not in text
    assert client.get(f"{page}.pdf").status_code == 404


def test_after_a_reprint_the_page_shows_the_new_issue(
    client: FlaskClient, page: str, badge: Badge, database: Database, event: Event
) -> None:
    before = client.get(page).text
    with database.transaction() as session:
        visitor = visitors.get_visitor(session, badge.visitor_id)
        badges.replace(session, event, visitor, now=clock.now(), by="Desk 2", actor="tests")
    assert client.get(page).text != before


def test_the_desk_s_pdf_is_for_the_desk(client: FlaskClient, badge: Badge) -> None:
    assert client.get(f"/desk/people/{badge.visitor_id}/badge.pdf").status_code == 303

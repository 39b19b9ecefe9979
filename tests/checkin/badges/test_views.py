from __future__ import annotations

import io
import logging

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
from checkin.settings import ROOT, Settings
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from tests.checkin.staff.people import carry_session, make_staff
from tests.factories import SECRET, make_badge, make_visitor, token_of

FILES = [".pdf", ".png", ".ics", "/all.pdf"]


@pytest.fixture
def badge(database: Database, event: Event) -> Badge:
    with database.transaction() as session:
        return make_badge(session, event, make_visitor(session, name_ur="عائشہ صدیقی"))


@pytest.fixture
def page(badge: Badge) -> str:
    """The address of the badge's own page."""
    return f"/badge/{private_link(SECRET, badge.visitor_id, 0)}"


@pytest.fixture
def desk(client: FlaskClient, database: Database) -> FlaskClient:
    carry_session(client, database, make_staff(database, role=Role.DESK))
    return client


def codes(pdf: bytes) -> set[str]:
    """What the QR codes of a PDF say."""
    pages = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return {code.text for page in pages for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}


def revoke(database: Database, badge: Badge) -> None:
    with database.transaction() as session:
        badges.revoke(session, badge.visitor_id, now=clock.now(), actor="organiser", reason="sold")


def break_templates(settings: Settings) -> None:
    """Put organisers' templates that cannot be used before the shipped ones."""
    settings.templates.mkdir()
    for name in ("a4-fold", "a6", "phone"):
        (settings.templates / f"{name}.toml").write_text("title = [", "utf-8")


def test_the_page_shows_the_qr_the_names_and_the_short_code(client: FlaskClient, page: str, badge: Badge) -> None:
    text = client.get(page).text
    for part in ("<svg", "Ayesha Siddiqui", "عائشہ صدیقی", short_code(badge.number), 'data-category="trade-visitor"'):
        assert part in text


def test_every_way_from_the_page_needs_no_script(client: FlaskClient, page: str) -> None:
    text = client.get(page).text
    for ending in (".pdf?template=a4-fold", ".pdf?template=a6", ".png", ".ics", "/add"):
        assert f'href="{page}{ending}"' in text
        assert 200 == client.get(page + ending).status_code


def test_the_page_is_light(client: FlaskClient, page: str) -> None:
    assert 12_000 > len(client.get(page).data)
    assert 6_000 > (ROOT / "static" / "badge.js").stat().st_size


def test_whatsapp_gets_the_link_and_no_name(client: FlaskClient, page: str, event: Event) -> None:
    text = client.get(f"{page}?lang=en").text
    address = (event.public_url + page).replace(":", "%3A").replace("/", "%2F")
    assert f'href="https://wa.me/?text=A%20badge%20for%20{event.name.replace(" ", "%20")}%3A%20{address}"' in text
    assert 'rel="noreferrer noopener"' in text
    assert text.index("Whoever has the link") < text.index("https://wa.me/")


@pytest.mark.parametrize("ending", ["", *FILES, "/add"])
def test_the_address_of_the_page_is_told_to_nobody(client: FlaskClient, page: str, ending: str) -> None:
    answer = client.get(page + ending)
    assert 200 == answer.status_code
    assert "no-referrer" == answer.headers["Referrer-Policy"]
    assert "noindex" == answer.headers["X-Robots-Tag"]
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize("ending", ["", *FILES, "/add"])
@pytest.mark.parametrize("link", ["unknown", "A" * 22, "x" * 3000, "%00", "%F0%9F%98%80"])
def test_an_unknown_link_is_404_and_says_what_to_do(client: FlaskClient, link: str, ending: str) -> None:
    answer = client.get(f"/badge/{link}{ending}?lang=en")
    assert answer.status_code == 404
    assert "ask at a registration desk" in answer.text
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("query", ["", "?template=a6", "?template=a4-fold", "?paper=a6"])
def test_the_pdf_holds_the_token_and_its_name_holds_nobody(
    client: FlaskClient, page: str, badge: Badge, event: Event, query: str
) -> None:
    answer = client.get(f"{page}.pdf{query}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'inline; filename="badge-{short_code(badge.number)}.pdf"'
    assert {token_of(event, badge)} == codes(answer.data)


def test_a_visitor_prints_on_what_homes_have_unless_they_say_otherwise(client: FlaskClient, page: str) -> None:
    def width_mm(query: str) -> int:
        pdf = pypdfium2.PdfDocument(io.BytesIO(client.get(f"{page}.pdf{query}").data))
        return round(pdf[0].get_width() / 72 * 25.4)

    assert (210, 105) == (width_mm(""), width_mm("?template=a6"))


@pytest.mark.parametrize("template", ["papyrus", "phone", "../a6", "a6.toml", "%00"])
def test_a_template_that_is_not_for_visitors_is_404(client: FlaskClient, page: str, template: str) -> None:
    assert client.get(f"{page}.pdf?template={template}").status_code == 404


def test_a_revoked_badge_says_so_and_shows_no_code(
    client: FlaskClient, page: str, badge: Badge, database: Database
) -> None:
    revoke(database, badge)
    text = client.get(f"{page}?lang=en").text
    assert "no longer valid" in text
    for gone in ("<svg", ".pdf", ".png", ".ics", "wa.me", "/add"):
        assert gone not in text


@pytest.mark.parametrize("ending", [*FILES, "/add"])
def test_a_revoked_badge_has_no_files_and_adds_nobody(
    client: FlaskClient, page: str, badge: Badge, database: Database, ending: str
) -> None:
    revoke(database, badge)
    answer = client.get(f"{page}{ending}?lang=en")
    assert 410 == answer.status_code
    assert "no longer valid" in answer.text
    assert "no-referrer" == answer.headers["Referrer-Policy"]


def test_after_a_reprint_the_page_and_its_files_show_the_new_issue(
    client: FlaskClient, page: str, badge: Badge, database: Database, event: Event
) -> None:
    before = client.get(page).text
    with database.transaction() as session:
        visitor = visitors.get_visitor(session, badge.visitor_id)
        newest = badges.replace(session, event, visitor, now=clock.now(), by="Desk 2", actor="tests")
    assert client.get(page).text != before
    assert {token_of(event, newest)} == codes(client.get(f"{page}.pdf").data)


def test_the_desk_s_pdf_is_for_the_desk(client: FlaskClient, badge: Badge) -> None:
    assert client.get(f"/desk/people/{badge.visitor_id}/badge.pdf").status_code == 303


@pytest.mark.parametrize("query", ["", "?template=a4-fold", "?template=phone"])
def test_the_desk_prints_with_any_template(desk: FlaskClient, badge: Badge, event: Event, query: str) -> None:
    answer = desk.get(f"/desk/people/{badge.visitor_id}/badge.pdf{query}")
    assert {token_of(event, badge)} == codes(answer.data)


def test_the_desk_finds_no_template_that_is_not_there_and_no_revoked_badge(
    desk: FlaskClient, badge: Badge, database: Database
) -> None:
    assert 404 == desk.get(f"/desk/people/{badge.visitor_id}/badge.pdf?template=papyrus").status_code
    revoke(database, badge)
    assert 404 == desk.get(f"/desk/people/{badge.visitor_id}/badge.pdf").status_code


def test_a_broken_template_tells_the_desk_which_and_how_to_see_it(
    desk: FlaskClient, badge: Badge, settings: Settings
) -> None:
    break_templates(settings)
    answer = desk.get(f"/desk/people/{badge.visitor_id}/badge.pdf?template=a6&lang=en")
    assert 503 == answer.status_code
    assert "python -m printing preview a6" in answer.text


@pytest.mark.parametrize("ending", [".pdf", ".png", "/all.pdf"])
def test_a_broken_template_tells_a_visitor_that_the_page_works_and_the_log_what_is_wrong(
    client: FlaskClient, page: str, settings: Settings, caplog: pytest.LogCaptureFixture, ending: str
) -> None:
    break_templates(settings)
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"{page}{ending}?lang=en")
    assert 503 == answer.status_code
    assert "the gate reads the code from the screen" in answer.text
    assert ".toml" not in answer.text
    assert ".toml" in caplog.text
    assert page.rsplit("/", 1)[1] not in caplog.text
    assert 200 == client.get(page).status_code

"""Tablets: the list, pairing, retiring."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image, ImageDraw

from checkin import clock
from checkin.badges.keys import MOST_KEYS
from checkin.badges.service import newest_key_number, next_key
from checkin.database import Database
from checkin.devices import service
from checkin.devices.model import Health, RetiredAs
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.staff.guard import SESSION_COOKIE
from checkin.staff.model import Role
from tests.checkin.staff.people import carry_session, csrf_of, let_pass, make_staff
from tests.factories import make_device

PAGE = "/organise/devices"


def pair(client: FlaskClient, base: str = "http://localhost") -> str:
    """The page with the code, as asked for under the address `base`."""
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE, base_url=base).text)
    assert csrf is not None
    form = {"csrf_token": csrf[1], "name": "Gate 1, tablet A", "gate": "gate-1"}
    answer = client.post(PAGE, data=form, base_url=base)
    assert (200, "no-store") == (answer.status_code, answer.headers["Cache-Control"])
    return answer.text


def read_qr(page: str) -> str:
    """What a camera reads off the page: the SVG's bars as a picture."""
    svg = re.search(r'viewBox="0 0 (\d+) \1".*?d="([^"]+)"', page, re.DOTALL)
    assert svg is not None
    side, scale = int(svg[1]), 8
    picture = Image.new("L", (side * scale, side * scale), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, length in (map(int, bar) for bar in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg[2])):
        draw.rectangle((x * scale, y * scale, (x + length) * scale - 1, (y + 1) * scale - 1), fill=0)
    (found,) = zxingcpp.read_barcodes(picture)
    return str(found.text)


def test_pairing_shows_a_qr_of_a_link_that_pairs_once(organiser: FlaskClient, database: Database, event: Event) -> None:
    page = pair(organiser)
    link = re.search(r"http://localhost/gate/#pair=(\w+)", html.unescape(page))
    assert link is not None
    assert link[0] == read_qr(page)
    assert "until 10:4" in page
    for works in (True, False):
        with database.transaction() as session:
            paired = service.pair(session, event, link[1], app="tests", now=clock.now())
        assert works is (paired is not None)
    with database.snapshot() as session:
        assert "device.open_pairing" in [entry.action for entry in latest(session, 5)]
    assert "Gate 1, tablet A" in organiser.get(PAGE).text


def test_the_link_has_the_address_that_the_organiser_uses(organiser: FlaskClient, database: Database) -> None:
    assert "works on this machine alone" in pair(organiser)
    cookie = organiser.get_cookie(SESSION_COOKIE)
    assert cookie is not None
    organiser.set_cookie(SESSION_COOKIE, cookie.value, domain="192.168.1.5")
    page = pair(organiser, "http://192.168.1.5:8000")
    assert "http://192.168.1.5:8000/gate/#pair=" in html.unescape(page)
    assert "works on this machine alone" not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Please give the tablet a name."),
        ({"name": " \x00 "}, "Please give the tablet a name."),
        ({"name": "x" * 81}, "80 characters at most"),
        ({"gate": "gate-9"}, "Not a valid choice"),
    ],
)
def test_a_form_with_mistakes_keeps_what_was_typed(organiser: FlaskClient, data: dict[str, str], words: str) -> None:
    form = {"csrf_token": csrf_of(organiser, PAGE), "name": "My tablet", "gate": "gate-2"} | data
    answer = organiser.post(PAGE, data=form)
    assert 422 == answer.status_code
    assert words in html.unescape(answer.text)
    assert form["name"] == "My tablet" or "selected" in answer.text


def test_pairing_needs_the_pages_own_form(organiser: FlaskClient) -> None:
    assert 400 == organiser.post(PAGE, data={"name": "Tablet", "gate": "gate-1"}).status_code


def test_the_list_tells_each_tablets_health_in_words(organiser: FlaskClient, database: Database, event: Event) -> None:
    assert "No tablet is paired yet" in organiser.get(PAGE).text
    with database.transaction() as session:
        _, tablet = make_device(session, event, "gate-3", "<i>Tablet</i>")
        health = Health(battery=0.12, outbox=1037, app="2026.1", offset_ms=-90_000)
        note_health = service.note_health(session, tablet, health, now=clock.now())
        assert note_health.outbox == 1037
    let_pass(timedelta(minutes=3))
    page = organiser.get(PAGE).text
    for words in ("&lt;i&gt;Tablet", "Gate 3 · Metro gate", "3 minutes ago", "12%", "1,037", "-90.0 s", "2026.1"):
        assert words in page, words


def test_retiring_asks_first_and_ends_the_tablets_access(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        token, tablet = make_device(session, event, name="Old tablet")
        service.note_health(session, tablet, Health(outbox=2), now=clock.now())
    path = f"{PAGE}/{tablet.id}/retire"
    asked = organiser.get(path).text
    assert "Retire Old tablet?" in asked
    assert "It still owes 2 scans" in asked
    assert "it comes back with a new pairing code" in asked
    assert "badges printed from now on carry a new key" in asked
    form = {"csrf_token": csrf_of(organiser, path)}
    unsaid = organiser.post(path, data=form)
    assert (422, True) == (unsaid.status_code, "Please choose one." in unsaid.text)
    assert 303 == organiser.post(path, data=form | {"how": "put_away"}).status_code
    with database.snapshot() as session:
        found = service.find_by_token(session, token)
        assert found is not None
        assert found.retired_as is RetiredAs.PUT_AWAY
        assert 0 == newest_key_number(session)
    page = organiser.get(PAGE).text
    assert "Old tablet is retired." in page
    assert "One retired tablet" in page
    assert "Old tablet, put away" in page
    assert "Not yet erased: switch it on once" in page


def test_lost_the_next_key_signs_and_the_page_says_so(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event, name="Stolen one")
    path = f"{PAGE}/{tablet.id}/retire"
    answer = organiser.post(path, data={"csrf_token": csrf_of(organiser, path), "how": "lost"}, follow_redirects=True)
    assert "Stolen one is retired as lost. Badges printed from now on carry a new key." in answer.text
    assert "If it turns up" in answer.text
    with database.snapshot() as session:
        assert 1 == newest_key_number(session)


def test_when_no_key_is_left_lost_is_refused_and_says_what_to_do(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event)
        for _ in range(MOST_KEYS - 1):
            next_key(session, now=clock.now(), actor="tests")
    path = f"{PAGE}/{tablet.id}/retire"
    answer = organiser.post(path, data={"csrf_token": csrf_of(organiser, path), "how": "lost"})
    assert (422, True) == (answer.status_code, "All sixteen badge keys are in use" in answer.text)


def test_the_list_says_since_when_scans_are_owed_how_old_the_roster_is_and_which_clock_is_off(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event)
        service.note_health(session, tablet, Health(outbox=3, offset_ms=130_000, roster_age_s=0), now=clock.now())
    let_pass(timedelta(minutes=3))
    page = organiser.get(PAGE).text
    assert re.search(r"3 <small>since 10:3\d</small>", page)
    assert re.search(r'class="number look"><span><bdi>\+2 min</bdi> <small>set its clock', page)
    assert "3 min old" in page
    assert "not yet erased" not in page


def test_a_day_after_the_event_it_says_which_tablets_have_not_told_that_they_erased(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, done = make_device(session, event, name="Good one")
        make_device(session, event, name="Silent one")
        _, old = make_device(session, event, name="Old one")
        service.retire(session, old.id, now=clock.now(), by="tests")
        service.note_health(session, done, Health(erased=True), now=clock.now())
    let_pass(event.erase_at - clock.now() - timedelta(minutes=1))
    carry_session(organiser, database, make_staff(database, "later@example.com"))
    assert "have not yet erased" not in organiser.get(PAGE).text
    let_pass(timedelta(minutes=2))
    page = organiser.get(PAGE).text
    notice = page[page.index("2 tablets have not yet erased") : page.index("</section>")]
    assert ["Old one", "Silent one"] == sorted(re.findall(r"<li><bdi>([^<]+)", notice))
    assert "Switch these on once, near the Wi-Fi" in notice


def test_one_tablet_may_be_paired_as_a_spare(organiser: FlaskClient, database: Database) -> None:
    form = {"csrf_token": csrf_of(organiser, PAGE), "name": "Spare one", "gate": "(spare)"}
    page = organiser.post(PAGE, data=form).text
    assert ">spare<" in page
    code = re.search(r"#pair=(\w+)", page)
    assert code is not None
    paired = organiser.post("/api/v1/devices", json={"code": code[1]})
    assert (201, "") == (paired.status_code, paired.json["device"]["gate"])


def test_a_tablet_that_is_none_is_404(organiser: FlaskClient) -> None:
    assert 404 == organiser.get(f"{PAGE}/999/retire").status_code
    data = {"csrf_token": csrf_of(organiser, PAGE)}
    assert 404 == organiser.post(f"{PAGE}/999/retire", data=data).status_code


def test_other_roles_may_neither_pair_nor_retire(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database, "desk@example.com", Role.DESK))
    data = {"csrf_token": csrf_of(client, "/desk/"), "name": "A", "gate": "gate-1"}
    assert [403, 403] == [client.post(path, data=data).status_code for path in (PAGE, f"{PAGE}/1/retire")]
    assert 403 == client.get(f"{PAGE}/1/retire").status_code

"""The page of badge templates: each one as its file is now, with its mistakes or its pictures."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.badges.templates import template_paths
from checkin.database import Database
from checkin.event.model import Event
from checkin.settings import Settings
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff
from tests.factories import make_badge, token_of

PAGE = "/organise/badges"


def own_template(settings: Settings, name: str = "our-badge") -> Path:
    """A template of the organisers' own, as the page tells them to begin one."""
    settings.templates.mkdir(exist_ok=True)
    path = settings.templates / f"{name}.toml"
    shutil.copyfile(template_paths(settings)["a6"], path)
    return path


def change(path: Path, old: str, new: str) -> None:
    """Edit the file as a person does: later than it was written."""
    text = path.read_text("utf-8")
    assert old in text
    before = path.stat().st_mtime_ns
    path.write_text(text.replace(old, new), "utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def pictures(page: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'src="(/organise/badges/[^"]+)"', page)]


def of(template: str, page: str) -> str:
    """The part of the page that shows this template."""
    return page.partition(f'id="template-{template}"')[2].partition("</section>")[0]


def test_every_shipped_template_is_there_with_pictures_of_the_hardest_names(
    organiser: FlaskClient, settings: Settings
) -> None:
    page = organiser.get(PAGE).text
    for name in template_paths(settings):
        assert 12 <= len(pictures(of(name, page))), name
        assert "105 × 148" in of("a6", page)


def test_a_picture_is_a_small_png_of_the_size_that_the_page_keeps_free_for_it(organiser: FlaskClient) -> None:
    page = of("cr80", organiser.get(PAGE).text)
    sizes = re.findall(r'width="(\d+)" height="(\d+)"', page)
    answer = organiser.get(pictures(page)[0])
    assert ("image/png", "private, no-cache") == (answer.mimetype, answer.headers["Cache-Control"])
    with Image.open(BytesIO(answer.data)) as image:
        assert abs(image.height - int(sizes[0][1])) <= 1
        assert (int(sizes[0][0]), True) == (image.width, image.width <= 360)
    assert page.count("<img ") == page.count('loading="lazy"') == len(sizes)


def test_a_picture_that_has_not_changed_is_not_drawn_again(organiser: FlaskClient, settings: Settings) -> None:
    path = own_template(settings)
    address = f"{PAGE}/our-badge/everyday.png"
    tag = organiser.get(address).headers["ETag"]
    assert 304 == organiser.get(address, headers={"If-None-Match": tag}).status_code
    assert 200 == organiser.get(f"{address}?category=crew", headers={"If-None-Match": tag}).status_code
    change(path, "#0b3d2e", "#1d3a6e")
    assert 200 == organiser.get(address, headers={"If-None-Match": tag}).status_code


def test_the_category_that_is_chosen_gives_its_colour(organiser: FlaskClient, event: Event) -> None:
    page = organiser.get(f"{PAGE}?category=media").text
    assert 'aria-current=page><span class="badge-colour" data-category="media"' in page
    with Image.open(BytesIO(organiser.get(pictures(of("a6", page))[0]).data)) as image:
        found = image.convert("RGB").getpixel((6, image.height - 6))
    colour = event.category_by_slug["media"].colour
    assert tuple(bytes.fromhex(colour[1:])) == found


def test_real_people_are_drawn_for_nobody_to_keep(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        made = [make_badge(session, event, name=f"Visitor {number}") for number in range(4)]
    page = of("a6", organiser.get(PAGE).text)
    shown = [address for address in pictures(page) if "/people/" in address]
    assert [f"/people/{badge.visitor_id}.png" for badge in made[:0:-1]] == [
        re.sub(r".*(/people/\d+\.png).*", r"\1", address) for address in shown
    ]
    assert "Visitor 3" not in page
    answer = organiser.get(shown[0])
    assert ("image/png", "no-store", None) == (
        answer.mimetype,
        answer.headers["Cache-Control"],
        answer.headers.get("ETag"),
    )


def test_an_own_template_stands_first_and_one_of_the_same_name_takes_the_place_of_the_shipped(
    organiser: FlaskClient, settings: Settings
) -> None:
    own_template(settings)
    change(own_template(settings, "a4-fold"), 'title = "A6, for a lanyard"', 'title = "Ours to fold"')
    page = organiser.get(PAGE).text
    assert page.index("template-a4-fold") < page.index("template-our-badge") < page.index("template-4x3")
    assert ("Your own" in of("a4-fold", page), "Ours to fold" in of("a4-fold", page)) == (True, True)
    assert "Your own" not in of("a6", page)


def test_a_broken_template_tells_all_its_mistakes_and_the_others_still_show(
    organiser: FlaskClient, settings: Settings
) -> None:
    path = own_template(settings)
    change(path, 'kind = "card"', 'kind = "crad"')
    change(path, "height = 148", "height = 1")
    page = organiser.get(PAGE).text
    assert "crad" in of("our-badge", page)
    assert 2 <= of("our-badge", page).count('class="mend"')
    assert [] == pictures(of("our-badge", page))
    assert pictures(of("a6", page))
    for address in ("everyday.png", "people/1.png", "sample.pdf"):
        assert 404 == organiser.get(f"{PAGE}/our-badge/{address}").status_code
    assert 200 == organiser.get(f"{PAGE}/our-badge.toml").status_code


@pytest.mark.parametrize("content", [b"", b"title = ", b"\xff\xfe", b"[[front]]\n" * 2000, b"title = 3\nwidth = true"])
def test_no_file_however_broken_stops_the_page(organiser: FlaskClient, settings: Settings, content: bytes) -> None:
    own_template(settings).write_bytes(content)
    answer = organiser.get(PAGE)
    assert (200, True) == (answer.status_code, 'class="mend"' in of("our-badge", answer.text))


def test_the_file_and_a_sample_to_print_are_there(organiser: FlaskClient, settings: Settings) -> None:
    answer = organiser.get(f"{PAGE}/a6.toml")
    assert template_paths(settings)["a6"].read_bytes() == answer.data
    assert "attachment; filename=a6.toml" == answer.headers["Content-Disposition"]
    answer = organiser.get(f"{PAGE}/a6/sample.pdf")
    assert "application/pdf" == answer.mimetype
    with pypdfium2.PdfDocument(answer.data) as document:
        picture = document[0].render(scale=3).to_pil()
    assert [True] == [found.text.startswith("SAMP1E") for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize(
    "address",
    [
        "none/everyday.png",
        "a6/none.png",
        "..%2Fa6/everyday.png",
        "a6/people/99.png",
        "none.toml",
        "%2e%2e/settings.toml",
    ],
)
def test_what_is_not_there_is_404(organiser: FlaskClient, address: str) -> None:
    assert 404 == organiser.get(f"{PAGE}/{address}").status_code


def test_a_side_that_a_template_does_not_have_is_404(organiser: FlaskClient) -> None:
    assert [200, 404] == [
        organiser.get(f"{PAGE}/{name}/everyday.png?side=back").status_code for name in ("a6", "phone")
    ]


SIZES = {"phone": (320, 740), "tablet": (800, 1100), "desk": (1280, 900)}


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, url: str, database: Database) -> Iterator[BrowserContext]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[request.param]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


def assert_readable(page: Page) -> None:
    """Nothing hangs over the edge, and whatever is pressed is large enough for a finger."""
    page.wait_for_load_state("load")  # the style sheets are there
    assert page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    small = page.evaluate(
        "() => [...document.querySelectorAll('main a, main button, main summary')]"
        ".map((thing) => [thing.textContent.trim(), thing.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && (box.height < 44 || box.width < 44)).map(([text]) => text)"
    )
    assert [] == small


def test_an_edited_file_is_seen_at_the_next_look_without_a_restart(
    page: Page, url: str, settings: Settings, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        make_badge(session, event)
    path = own_template(settings)
    page.goto(f"{url}{PAGE}")
    expect(page.locator("#template-our-badge .previews img").first).to_have_js_property("naturalWidth", 360)
    assert_readable(page)
    first = picture_shown(page)
    page.reload()
    assert first == picture_shown(page)
    change(path, "#0b3d2e", "#7a1f2b")
    page.reload()
    assert first != picture_shown(page)
    change(path, 'kind = "card"', 'kind = "crad"')
    page.goto(f"{url}{PAGE}?lang=ur")
    expect(page.locator("#template-our-badge .mistakes li")).not_to_have_count(0)
    assert_readable(page)


def picture_shown(page: Page) -> str:
    """What the first preview shows, by its bytes."""
    first = page.locator("#template-our-badge .previews img").first
    expect(first).to_have_js_property("naturalWidth", 360)
    answer = page.request.get(page.evaluate("(image) => image.src", first.element_handle()))
    return hashlib.sha256(answer.body()).hexdigest()


def test_the_page_does_not_jump_when_pictures_come(page: Page, url: str) -> None:
    page.route("**/*.png*", lambda _route: None)  # none comes
    page.goto(f"{url}{PAGE}", wait_until="domcontentloaded")
    expect(page.locator(".previews").first).to_have_css("display", "flex")  # the style sheets are there
    before = place_of(page)
    page.unroute("**/*.png*")
    page.goto(f"{url}{PAGE}")
    expect(page.locator(".previews img").first).to_have_js_property("naturalWidth", 360)
    assert abs(before - place_of(page)) < 1


def place_of(page: Page) -> float:
    """How far down the page a template stands, below others with pictures."""
    box = page.locator("#template-a6").bounding_box()
    assert box is not None
    return box["y"]


def test_a_code_of_a_sample_opens_no_gate(organiser: FlaskClient, event: Event, database: Database) -> None:
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
    with Image.open(BytesIO(organiser.get(f"{PAGE}/a6/everyday.png").data)) as image:
        found = {one.text for one in zxingcpp.read_barcodes(image.resize((image.width * 3, image.height * 3)))}
    assert ({"SAMP1E"}, False) == ({text[:6] for text in found}, token in found)

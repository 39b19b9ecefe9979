"""The board in a browser: it counts by itself, and says when it last heard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of


@pytest.fixture
def page(browser: Browser, url: str, database: Database) -> Iterator[Page]:
    """A page whose script errors and CSP violations fail the test."""
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(locale="en-GB")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert [] == faults


def test_a_scan_is_on_the_board_without_loading_the_page_again(
    page: Page, url: str, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event)
    page.goto(f"{url}/organise/")
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard [0-3] s ago"))
    page.evaluate("window.isSamePage = true")
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("1")
    page.locator("#hours summary").click()
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE.replace(minute=50)))
    expect(page.locator("[data-figure=entries]")).to_have_text("2")
    expect(page.locator("#hours table")).to_be_visible()  # what was opened stays open
    assert page.evaluate("window.isSamePage")


def test_only_what_changed_is_drawn_anew(page: Page, url: str, database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge, other = (make_badge(session, event) for _ in range(2))
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    page.goto(f"{url}/organise/")
    page.locator("#hours summary").click()
    parts = "#live, [data-figure], #hours, #hours tr, .chart"
    page.evaluate(
        """(place) => {
            for (const node of document.querySelectorAll(place)) node.was = 1;
            document.querySelector("#hours summary").focus();
        }""",
        parts,
    )
    send(database, event, tablet, make_item(token_of(event, other), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("2")
    assert page.evaluate("(place) => [...document.querySelectorAll(place)].every((node) => node.was)", parts)
    expect(page.locator("#hours table")).to_be_visible()
    assert "hours" == page.evaluate("document.activeElement.parentElement.id")


def test_what_appears_opens_nothing_and_closes_nothing(page: Page, url: str, database: Database, event: Event) -> None:
    """A notice comes, so the parts of the page no longer lie where they lay."""
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    page.goto(f"{url}/organise/")
    page.locator("#hours summary").click()
    wrong = {"verdict": "admitted", "confirmed": False}
    send(database, event, tablet, make_item("no badge", DAY_ONE, shown=wrong))
    expect(page.locator("#discrepancies")).to_contain_text("something else than what holds: 1")
    expect(page.locator("#hours table")).to_be_visible()
    assert "hours" == page.evaluate("document.activeElement.parentElement.id")


def test_figures_are_asked_for_with_the_tag_of_what_is_shown_and_being_signed_out_is_said(
    page: Page, url: str, database: Database, event: Event
) -> None:
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if "/api/" in answer.url else None)
    with page.expect_response(lambda answer: "/api/" in answer.url):
        page.goto(f"{url}/organise/")
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("1")
    with page.expect_response(lambda answer: "/api/" in answer.url):
        pass
    assert [304, 200, 304] == [
        status for place, status in enumerate(answers) if place == 0 or status != answers[place - 1]
    ]
    page.context.clear_cookies()
    expect(page.locator("#heard")).to_have_text("signed out: load the page again")


def test_a_lost_server_is_said_and_one_that_is_back_is_asked_at_once(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(f"{url}/organise/")
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard [0-3] s ago"))
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)
    page.context.set_offline(True)
    page.clock.run_for(12_000)
    expect(page.locator("#heard")).to_have_text(re.compile(r"not heard for \d+ s"))
    page.context.set_offline(False)  # the page's clock stands still: only that the network is back can make it ask
    expect(page.locator("#heard")).to_have_text("live · heard 0 s ago")


def test_a_hidden_board_does_not_ask_and_one_that_is_looked_at_again_asks_once(page: Page, url: str) -> None:
    page.goto(f"{url}/organise/")
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard"))
    hide = "(is) => { Object.defineProperty(document, 'hidden', { value: is, configurable: true }); }"
    tell = "() => document.dispatchEvent(new Event('visibilitychange'))"
    asked: list[Route] = []

    def hold(route: Route) -> None:  # nobody answers for now
        asked.append(route)

    page.evaluate(hide, arg=True)
    page.evaluate(tell)
    page.route("**/api/**", hold)
    page.wait_for_timeout(3_000)
    assert [] == asked
    page.evaluate(hide, arg=False)
    for _ in range(5):
        page.evaluate(tell)
    page.wait_for_timeout(500)
    assert 1 == len(asked)
    asked[0].continue_()
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard [0-3] s ago"))


CHART = """(of) => {
  const { data } = Chart.getChart(document.querySelector(`.chart[data-of="${of}"] canvas`));
  const plain = ({ backgroundColor }) => backgroundColor.map((one) => typeof one === 'string');
  return [data.labels, ...data.datasets.map((set) => [set.data, plain(set)])];
}"""


def test_a_chart_draws_its_table_and_follows_it(page: Page, url: str, database: Database, event: Event) -> None:
    with database.transaction() as session:
        badges = [make_badge(session, event) for _ in range(2)]
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badges[0]), DAY_ONE))
    page.goto(f"{url}/organise/?day=2026-01-24")
    expect(page.locator(".chart[data-of=hours] canvas")).to_be_visible()
    hours, (figures, plain) = page.evaluate(CHART, "hours")
    running = hours.index("10")
    assert (1, sum(figures)) == (figures[running], 1)
    assert [place != running for place in range(len(hours))] == plain  # the hour that runs is hatched
    send(database, event, tablet, make_item(token_of(event, badges[1]), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("2")
    assert 2 == page.evaluate(CHART, "hours")[1][0][running]
    page.goto(f"{url}/organise/?day=all")
    expect(page.locator(".chart[data-of=compared] canvas")).to_be_visible()
    assert [2, 0, 0] == [sum(column[0]) for column in page.evaluate(CHART, "compared")[1:]]


def test_the_wall_counts_by_itself_and_lines_that_were_folded_unfold(
    page: Page, url: str, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badges = [make_badge(session, event, city=f"City {place}") for place in range(12)]
        _, tablet = make_device(session, event)
    for badge in badges[1:]:
        send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))
    page.goto(f"{url}/organise/wall")
    expect(page.locator("[data-figure=visitors]")).to_have_text("11")
    expect(page.locator(".chart canvas").first).to_be_visible()
    send(database, event, tablet, make_item(token_of(event, badges[0]), DAY_ONE))
    expect(page.locator("[data-figure=visitors]")).to_have_text("12")
    page.get_by_role("link", name="Back to the board").click()
    last = page.locator("[data-table=cities] .rest tr").last
    expect(last).not_to_be_visible()
    page.locator("#cities summary").click()
    expect(last).to_be_visible()

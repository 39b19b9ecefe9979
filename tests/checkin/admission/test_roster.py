"""The roster: what a tablet knows offline, told once and kept right."""

from __future__ import annotations

import base64
import gzip
import json
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from checkin import clock
from checkin.admission import queries
from checkin.admission.corrections import Correction, override, undo
from checkin.admission.roster import OVERLAP, Asked, event_json, roster
from checkin.admission.tables import ScanRow
from checkin.badges import service as badges
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.devices import service as devices
from checkin.event.model import Direction, Event
from checkin.programme import service as programmes
from checkin.programme.epoch import current_epoch
from checkin.programme.model import HoldKind, Programme
from checkin.programme.service import current_event
from checkin.web import Site
from tests.checkin.admission.many import fill
from tests.checkin.admission.tablet import Tablet
from tests.checkin.attendance.crowd import scans
from tests.checkin.registration.twice import merge
from tests.checkin.staff.people import let_pass
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_badge, make_item, make_visitor, token_of


def ask(tablet: Tablet, headers: dict[str, str] | None = None, **asked: object) -> Any:
    return tablet.client.get("/api/v1/roster", query_string=asked, headers=tablet.headers | (headers or {}))


def issue(database: Database, event: Event, **details: object) -> Badge:
    with database.transaction() as session:
        return make_badge(session, event, make_visitor(session, **details))


def take_back(database: Database, scan_id: object, *, let_in: bool = False) -> None:
    correction = Correction(
        id=str(uuid.uuid4()),
        scan_id=str(scan_id),
        at=clock.now(),
        reason="tests",
        by="tests",
        device=None,
        now=clock.now(),
    )
    with database.transaction() as session:
        (override if let_in else undo)(session, correction)


def test_a_new_tablet_is_told_all_that_its_rules_need(tablet: Tablet, database: Database, event: Event) -> None:
    badge = issue(database, event, name="گل Ayesha")
    answer = ask(tablet)
    page = answer.json
    assert 32 == len(page["epoch"])
    assert (1, False, "2026-01-24", True) == tuple(page[key] for key in ("revision", "more", "day", "whole"))
    assert [[badge.number, 0, badge.category, 0, "live", "گل Ayesha"]] == page["badges"]
    assert ({"0": base64.b64encode(KEYS.key(0)).decode()}, 0) == (page["keys"], page["newest_key"])
    assert ([], "2026-01-28T15:00:00.000Z", True) == (page["admitted"], page["erase_at"], page["clock_ok"])
    assert "no-store" == answer.headers["Cache-Control"]


def test_the_event_is_told_with_each_day_in_utc(event: Event) -> None:
    holds = {(HoldKind.GATE, "gate-1"): "Wait", (HoldKind.CATEGORY, "media"): "Press at noon"}
    told = event_json(Programme(event=event, holds=holds))
    assert json.loads(json.dumps(told)) == told
    first_show = told["days"][1]  # type: ignore[index]
    assert {
        "date": "2026-01-24",
        "starts": "2026-01-23T19:00:00.000Z",
        "ends": "2026-01-24T19:00:00.000Z",
        "opens": "2026-01-24T05:00:00.000Z",
        "closes": "2026-01-24T14:00:00.000Z",
    } == first_show
    assert {"gate": {"gate-1": "Wait"}, "category": {"media": "Press at noon"}} == told["holds"]
    exhibitor = next(one for one in told["categories"] if one["slug"] == "exhibitor")  # type: ignore[attr-defined]
    assert "2026-01-23" in exhibitor["days"]
    assert ("expo", "allow", 10) == tuple(told[key] for key in ("first_zone", "re_entry", "again_after_minutes"))
    assert {"slug", "name", "name_ur", "zone", "direction", "categories"} == set(told["gates"][0])  # type: ignore[index]


def test_only_what_changed_since_a_revision_comes_and_one_row_for_each_number(
    tablet: Tablet, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        people = [make_visitor(session, name=f"Person {number}") for number in range(3)]
        made = [make_badge(session, event, person) for person in people]
    assert [] == ask(tablet, since=3).json["badges"]
    assert [made[2].number] == [row[0] for row in ask(tablet, since=2).json["badges"]]
    with database.transaction() as session:
        badges.replace(session, event, people[0], now=DAY_ONE, by="Desk 1", actor="tests")
        badges.revoke(session, people[1].id, now=DAY_ONE, actor="tests", reason="stolen")
    page = ask(tablet, since=3).json
    assert [[made[0].number, 1, "live"], [made[1].number, 0, "revoked"]] == [[*r[:2], r[4]] for r in page["badges"]]
    assert 6 == page["revision"]
    assert 3 == len(ask(tablet).json["badges"])


def test_a_server_that_never_reached_the_tablets_revision_begins_anew(
    tablet: Tablet, database: Database, event: Event
) -> None:
    issue(database, event)
    page = ask(tablet, since=10**30).json
    assert (1, 1) == (len(page["badges"]), page["revision"])


def test_a_visitors_own_days_are_bits_of_the_events_days(
    app: Flask, tablet: Tablet, database: Database, event: Event
) -> None:
    shows = [day.date for day in event.show_days]
    issue(database, event, days=(shows[2], shows[0]))
    assert [0b01010] == [row[3] for row in ask(tablet).json["badges"]]
    # The day leaves the event file: the badge must not become one for every day.
    site = app.extensions["checkin"]
    shorter = replace(event, days=tuple(day for day in event.days if day.date not in (shows[0], shows[2])))
    app.extensions["checkin"] = Site(site.settings, site.database, shorter)
    assert [0b1000] == [row[3] for row in ask(tablet).json["badges"]]


def test_names_stay_off_tablets_where_the_event_says_so(
    app: Flask, tablet: Tablet, database: Database, event: Event
) -> None:
    issue(database, event, name="Ayesha Siddiqui")
    site = app.extensions["checkin"]
    app.extensions["checkin"] = Site(site.settings, site.database, replace(event, names_on_tablets=False))
    answer = ask(tablet)
    assert 5 == len(answer.json["badges"][0])
    assert "Ayesha" not in answer.text


def test_keys_come_once_and_the_next_one_after_a_loss(tablet: Tablet, database: Database) -> None:
    assert {} == ask(tablet, have="0").json["keys"]
    with database.transaction() as session:
        badges.next_key(session, now=DAY_ONE, actor="tests")
    page = ask(tablet, have="0").json
    assert ({"1": base64.b64encode(KEYS.key(1)).decode()}, 1) == (page["keys"], page["newest_key"])
    assert {"0", "1"} == set(ask(tablet).json["keys"])


@pytest.mark.parametrize(
    "asked", [{"since": "abc"}, {"since": "-1"}, {"since": "1.5"}, {"have": "x"}, {"have": "0;1"}, {"after": "x" * 65}]
)
def test_a_parameter_that_is_none_is_400_with_its_place(tablet: Tablet, asked: dict[str, str]) -> None:
    answer = ask(tablet, **asked)
    assert (400, next(iter(asked))) == (answer.status_code, answer.json["error"]["place"])


@pytest.mark.parametrize("after", ["rubbish", "2026-01-24/", "2026-01-24/2026-01-24T05:00:00", "/", "a/b/c", "🙂"])
def test_a_cursor_that_is_not_ours_begins_anew(tablet: Tablet, after: str) -> None:
    assert ask(tablet, after=after).json["whole"]


def test_passages_of_today_tell_the_first_entry_and_the_last_passage(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    tablet.scan(
        make_item(token, DAY_ONE - timedelta(minutes=1), gate="gate-2"),
        make_item(token, DAY_ONE - timedelta(minutes=9), gate="gate-1"),
        make_item(token, DAY_ONE, gate="gate-1"),
        make_item("rubbish", DAY_ONE),
    )
    with database.snapshot() as session:
        (number,) = {one.number for one in queries.scans_of(session, ask(tablet).json["badges"][0][0])}
    first, last = "2026-01-24T05:21:00.000Z", "2026-01-24T05:30:00.000Z"
    assert [[number, "expo", first, "gate-1", last, "gate-1", "in"]] == ask(tablet).json["admitted"]


def test_only_visitors_touched_since_the_cursor_come_and_an_undone_entry_is_told_as_none(
    tablet: Tablet, database: Database, event: Event
) -> None:
    one, two = (issue(database, event, name=name) for name in ("One", "Two"))
    mine, other = (make_item(token_of(event, badge), DAY_ONE) for badge in (one, two))
    tablet.scan(mine, other)
    cursor = ask(tablet).json["cursor"]
    let_pass(OVERLAP + timedelta(seconds=30))
    page = ask(tablet, after=cursor).json
    assert (False, 2) == (page["whole"], len(page["admitted"]))  # the overlap: once more, harmless
    let_pass(OVERLAP + timedelta(seconds=30))
    cursor = page["cursor"]
    assert [] == ask(tablet, after=cursor).json["admitted"]
    take_back(database, mine["id"])
    assert [[one.number, "expo", None, "", None, "", ""]] == ask(tablet, after=cursor).json["admitted"]
    assert [two.number] == [row[0] for row in ask(tablet).json["admitted"]]


def test_an_override_reaches_the_tablets_that_heard_of_the_scan(
    tablet: Tablet, database: Database, event: Event
) -> None:
    badge = issue(database, event, days=(event.show_days[1].date,))
    item = make_item(token_of(event, badge), DAY_ONE)
    tablet.scan(item)
    let_pass(timedelta(minutes=5))
    cursor = ask(tablet).json["cursor"]
    assert [] == ask(tablet).json["admitted"]
    take_back(database, item["id"], let_in=True)
    (row,) = ask(tablet, after=cursor).json["admitted"]
    assert (badge.number, "gate-1") == (row[0], row[3])


def test_yesterdays_cursor_begins_the_new_day_and_a_late_scan_of_yesterday_is_not_told(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    cursor = ask(tablet).json["cursor"]
    let_pass(timedelta(days=1))
    tablet.scan(make_item(token, DAY_ONE))
    page = ask(tablet, after=cursor).json
    assert ("2026-01-25", True, []) == (page["day"], page["whole"], page["admitted"])
    assert not ask(tablet, after=page["cursor"]).json["whole"]


def test_a_server_whose_clock_went_back_tells_all_again(tablet: Tablet) -> None:
    cursor = ask(tablet).json["cursor"]
    let_pass(-timedelta(minutes=10))
    assert ask(tablet, after=cursor).json["whole"]


def test_what_is_told_of_passages_is_what_the_scans_say_in_any_order(database: Database, event: Event) -> None:
    """Against a plain count in Python, over a crowd with exits, undos, overrides, wrong gates and doubles."""
    scans(database, event, seed=11)
    for kept, double in ((1, 2), (3, 4), (3, 1)):  # one person with four badges
        merge(database, event, kept, double)
    for show in event.show_days:
        now = event.closes_at(show)
        with database.snapshot() as session:
            page = roster(session, current_event(session, event), KEYS, Asked(), now)
            told = {(row[0], row[1]): row[2:] for row in page["admitted"]}  # type: ignore[index, union-attr]
            expected = {}
            numbers = [row[0] for row in page["badges"]]  # type: ignore[index, attr-defined]
            for number, holder in queries.holders_of(session.connection(), numbers, [show.date]).items():
                passages = sorted(holder.passages.get(show.date, ()), key=lambda one: one.order)
                for zone in {one.zone for one in passages}:
                    mine = [one for one in passages if one.zone == zone]
                    entry = next((one for one in mine if one.direction is Direction.IN), None)
                    expected[number, zone] = [
                        *((_utc(entry.at), entry.gate) if entry else (None, "")),
                        *(_utc(mine[-1].at), mine[-1].gate, mine[-1].direction),
                    ]
        assert expected == told
        assert expected


def _utc(at: Any) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def test_nothing_new_is_304_until_something_is(tablet: Tablet, database: Database, event: Event) -> None:
    answer = ask(tablet)
    tag = answer.headers["ETag"]
    assert tag.startswith('W/"')
    let_pass(timedelta(seconds=20))
    unchanged = ask(tablet, {"If-None-Match": tag})
    assert (304, b"") == (unchanged.status_code, unchanged.data)
    with database.transaction() as session:
        programmes.hold(session, HoldKind.GATE, "gate-1", message="Wait", now=DAY_ONE)
    assert 200 == ask(tablet, {"If-None-Match": tag}).status_code


def test_it_is_packed_for_whoever_takes_gzip(tablet: Tablet) -> None:
    packed, plain = ask(tablet, {"Accept-Encoding": "gzip, br"}), ask(tablet)
    assert ("gzip", None) == (packed.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding"))
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (packed, plain))
    passing = {"server_time": "", "cursor": ""}
    assert plain.json | passing == json.loads(gzip.decompress(packed.data)) | passing
    assert "Content-Encoding" not in ask(tablet, {"Accept-Encoding": "gzip;q=0"}).headers


def test_nobody_but_a_paired_tablet_gets_it_and_none_that_was_retired(tablet: Tablet, database: Database) -> None:
    assert 401 == tablet.client.get("/api/v1/roster").status_code
    with database.transaction() as session:
        devices.retire(session, tablet.device.id, now=DAY_ONE, by="tests")
    answer = ask(tablet)
    assert (403, "retired") == (answer.status_code, answer.json["error"]["reason"])
    assert "keys" not in answer.text


def test_a_day_after_the_event_it_is_over(tablet: Tablet, event: Event) -> None:
    let_pass(event.erase_at - clock.now() - timedelta(minutes=1))
    assert 200 == ask(tablet).status_code
    let_pass(timedelta(minutes=2))
    answer = ask(tablet)
    assert (410, "over") == (answer.status_code, answer.json["error"]["reason"])


def test_a_hundred_thousand_badges_with_names_come_in_pages_of_less_than_half_a_megabyte(
    tablet: Tablet, database: Database, event: Event
) -> None:
    fill(database, event, 25_000)
    pages, since, size = [], 0, 0
    while not pages or pages[-1]["more"]:
        answer = ask(tablet, {"Accept-Encoding": "gzip"}, since=since, after="kept")
        size += len(answer.data)
        pages.append(json.loads(gzip.decompress(answer.data)))
        since = pages[-1]["revision"]
    assert [(20_000, True, False), (5_000, False, True)] == [(len(p["badges"]), p["more"], p["whole"]) for p in pages]
    assert [20_000, 25_000] == [page["revision"] for page in pages]
    assert "kept" == pages[0]["cursor"]
    assert 25_000 == len({row[0] for page in pages for row in page["badges"]})
    assert size * 4 < 2_500_000, f"{size * 4} bytes for 100,000 badges"


def test_a_page_never_tears_badges_of_one_revision_apart(
    database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkin.admission.roster.MOST_BADGES", 10)
    fill(database, event, 24)
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE badge SET revision = 9 WHERE revision BETWEEN 9 AND 15")
    found, since, more = [], 0, True
    with database.snapshot() as session:
        while more:
            page = roster(session, Programme(event=event), KEYS, Asked(since=since), DAY_ONE)
            found.append(len(page["badges"]))  # type: ignore[arg-type]
            since, more = int(str(page["revision"])), bool(page["more"])
    assert [15, 9] == found


def test_it_names_the_epoch(tablet: Tablet, database: Database) -> None:
    with database.snapshot() as session:
        assert current_epoch(session) == ask(tablet).json["epoch"]


def test_the_staff_number_is_kept_and_a_bad_one_refuses_nobody(tablet: Tablet, database: Database, token: str) -> None:
    texts: list[object] = ["12", "B-7", "123456789", "", "ز", 12, None, ["1"], {"a": 1}, "\0"]
    items = [make_item(token, DAY_ONE, staff=text) for text in texts]
    assert "refused" not in {answer["verdict"] for answer in tablet.scan(*items)}
    with database.snapshot() as session:
        kept = [session.get_one(ScanRow, str(item["id"])).staff for item in items]
    assert ["12", "B-7", *[None] * 8] == kept
    assert tablet.scan(items[0] | {"staff": "99"})[0]["repeated"]


def test_the_api_describes_its_parameters(tablet: Tablet) -> None:
    said = tablet.client.get("/api/v1/openapi.json").json["paths"]["/api/v1/roster"]["get"]
    assert ["since", "after", "have"] == [one["name"] for one in said["parameters"]]
    assert "requestBody" not in said

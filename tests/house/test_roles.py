"""Every route has a line in this table: who may call it. A new route without one fails."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.apikeys.guard import KEYS
from checkin.database import Database
from checkin.devices.guard import ALLOWED, DEVICES
from checkin.devices.model import Kind
from checkin.event.model import Event
from checkin.staff.guard import EVERYONE, ROLES_ATTRIBUTE
from checkin.staff.model import Role
from tests.checkin.staff.people import carry_session, make_staff
from tests.factories import make_device

ORGANISER, DESK, GATE = Role.ORGANISER, Role.DESK, Role.GATE
# Endpoints that Flask or the ground below staff brings: open to all, and they show nothing of anyone.
GROUND = {"static", "gate.static", "healthz", "readyz", "metrics"}
TABLE: dict[str, frozenset[str] | str] = {
    "admission.post_look_up": frozenset({DEVICES}),
    "admission.post_override": frozenset({DEVICES}),
    "admission.post_scans": frozenset({DEVICES}),
    "admission.post_undo": frozenset({DEVICES, ORGANISER}),
    "admission.put_self": frozenset({DEVICES}),
    "attendance.get_attendance": frozenset({ORGANISER, KEYS}),
    "badges.all_pdf": EVERYONE,
    "badges.desk_pdf": frozenset({ORGANISER, DESK}),
    "badges.ics": EVERYONE,
    "badges.page": EVERYONE,
    "badges.pdf": EVERYONE,
    "badges.png": EVERYONE,
    "devices.post_device": EVERYONE,
    "devices.post_unlock": frozenset({DEVICES}),
    "gate.index": EVERYONE,
    "gate.pack": EVERYONE,
    "gate.worker": EVERYONE,
    "organise.add_webhook": frozenset({ORGANISER}),
    "organise.add_gate": frozenset({ORGANISER}),
    "organise.ask_to_cancel_run": frozenset({ORGANISER}),
    "organise.ask_to_delete_run_files": frozenset({ORGANISER}),
    "organise.ask_to_discard": frozenset({ORGANISER}),
    "organise.ask_to_discard_import": frozenset({ORGANISER}),
    "organise.ask_to_mail_again": frozenset({ORGANISER}),
    "organise.ask_to_retire": frozenset({ORGANISER}),
    "organise.badge_file": frozenset({ORGANISER}),
    "organise.badge_preview": frozenset({ORGANISER}),
    "organise.badge_preview_of": frozenset({ORGANISER}),
    "organise.badge_sample": frozenset({ORGANISER}),
    "organise.call_off_move": frozenset({ORGANISER}),
    "organise.cancel_run": frozenset({ORGANISER}),
    "organise.close_day": frozenset({ORGANISER}),
    "organise.compare_people": frozenset({ORGANISER}),
    "organise.change_webhook": frozenset({ORGANISER}),
    "organise.change_device": frozenset({ORGANISER}),
    "organise.change_gate": frozenset({ORGANISER}),
    "organise.change_hours": frozenset({ORGANISER}),
    "organise.close_gate": frozenset({ORGANISER}),
    "organise.correct_person": frozenset({ORGANISER}),
    "organise.decide_import": frozenset({ORGANISER}),
    "organise.delete_run_files": frozenset({ORGANISER}),
    "organise.discard": frozenset({ORGANISER}),
    "organise.discard_import": frozenset({ORGANISER}),
    "organise.end_set": frozenset({ORGANISER}),
    "organise.export_journal": frozenset({ORGANISER}),
    "organise.export_people": frozenset({ORGANISER}),
    "organise.find_double": frozenset({ORGANISER}),
    "organise.get_arrivals": frozenset({ORGANISER}),
    "organise.get_headings": frozenset({ORGANISER}),
    "organise.get_import_mistakes": frozenset({ORGANISER}),
    "organise.get_openapi": EVERYONE,
    "organise.get_report": frozenset({ORGANISER}),
    "organise.get_run_covers": frozenset({ORGANISER}),
    "organise.get_run_manifest": frozenset({ORGANISER}),
    "organise.get_run_part": frozenset({ORGANISER}),
    "organise.get_version": frozenset({ORGANISER}),
    "organise.hold": frozenset({ORGANISER}),
    "organise.mail_again": frozenset({ORGANISER}),
    "organise.mail_person": frozenset({ORGANISER}),
    "organise.mark_days": frozenset({ORGANISER}),
    "organise.make_api_key": frozenset({ORGANISER}),
    "organise.mark_run_printed": frozenset({ORGANISER}),
    "organise.match_import": frozenset({ORGANISER}),
    "organise.match_import_again": frozenset({ORGANISER}),
    "organise.merge_people": frozenset({ORGANISER}),
    "organise.open_gate": frozenset({ORGANISER}),
    "organise.open_set": frozenset({ORGANISER}),
    "organise.pair": frozenset({ORGANISER}),
    "organise.pause_import": frozenset({ORGANISER}),
    "organise.pause_run": frozenset({ORGANISER}),
    "organise.reissue": frozenset({ORGANISER}),
    "organise.release": frozenset({ORGANISER}),
    "organise.release_hold": frozenset({ORGANISER}),
    "organise.reopen_oddity": frozenset({ORGANISER}),
    "organise.remove_webhook": frozenset({ORGANISER}),
    "organise.renew_webhook_secret": frozenset({ORGANISER}),
    "organise.resume_import": frozenset({ORGANISER}),
    "organise.resume_run": frozenset({ORGANISER}),
    "organise.retire": frozenset({ORGANISER}),
    "organise.review_print": frozenset({ORGANISER}),
    "organise.revoke": frozenset({ORGANISER}),
    "organise.revoke_api_key": frozenset({ORGANISER}),
    "organise.reword_hold": frozenset({ORGANISER}),
    "organise.run_import": frozenset({ORGANISER}),
    "organise.separate_people": frozenset({ORGANISER}),
    "organise.settle_oddity": frozenset({ORGANISER}),
    "organise.show_arrivals": frozenset({ORGANISER}),
    "organise.show_api": frozenset({ORGANISER}),
    "organise.show_api_keys": frozenset({ORGANISER}),
    "organise.show_badges": frozenset({ORGANISER}),
    "organise.show_board": frozenset({ORGANISER}),
    "organise.show_devices": frozenset({ORGANISER}),
    "organise.show_discrepancies": frozenset({ORGANISER}),
    "organise.show_gate_cards": frozenset({ORGANISER}),
    "organise.show_gates": frozenset({ORGANISER}),
    "organise.show_import": frozenset({ORGANISER}),
    "organise.show_imports": frozenset({ORGANISER}),
    "organise.show_journal": frozenset({ORGANISER}),
    "organise.show_mail": frozenset({ORGANISER}),
    "organise.show_merge": frozenset({ORGANISER}),
    "organise.show_people": frozenset({ORGANISER}),
    "organise.show_person": frozenset({ORGANISER}),
    "organise.show_print": frozenset({ORGANISER}),
    "organise.show_print_runs": frozenset({ORGANISER}),
    "organise.show_scans": frozenset({ORGANISER}),
    "organise.show_wall": frozenset({ORGANISER}),
    "organise.show_reports": frozenset({ORGANISER}),
    "organise.show_run": frozenset({ORGANISER}),
    "organise.show_set": frozenset({ORGANISER}),
    "organise.show_webhook": frozenset({ORGANISER}),
    "organise.show_webhooks": frozenset({ORGANISER}),
    "organise.start_print": frozenset({ORGANISER}),
    "organise.take_in": frozenset({ORGANISER}),
    "organise.test_webhook": frozenset({ORGANISER}),
    "organise.turn_webhook": frozenset({ORGANISER}),
    "organise.undo_change": frozenset({ORGANISER}),
    "organise.undo_correction": frozenset({ORGANISER}),
    "organise.unmark_run_printed": frozenset({ORGANISER}),
    "organise.unwatch": frozenset({ORGANISER}),
    "organise.upload": frozenset({ORGANISER}),
    "organise.watch": frozenset({ORGANISER}),
    "organise.watch_again": frozenset({ORGANISER}),
    "registration.add_person": EVERYONE,
    "registration.colours": EVERYONE,
    "registration.desk.home": frozenset({ORGANISER, DESK}),
    "registration.desk.mark_printed": frozenset({ORGANISER, DESK}),
    "registration.desk.person": frozenset({ORGANISER, DESK}),
    "registration.desk.register": frozenset({ORGANISER, DESK}),
    "registration.desk.reprint": frozenset({ORGANISER, DESK}),
    "registration.event": EVERYONE,
    "registration.register": EVERYONE,
    "roster.get_roster": frozenset({DEVICES}),
    "staff.ask_to_end": frozenset({ORGANISER}),
    "staff.end": frozenset({ORGANISER}),
    "staff.invitation": EVERYONE,
    "staff.invite": frozenset({ORGANISER}),
    "staff.invite_again": frozenset({ORGANISER}),
    "staff.people": frozenset({ORGANISER}),
    "staff.pin": frozenset({ORGANISER}),
    "staff.sign_in": EVERYONE,
    "staff.sign_out": EVERYONE,
    "venue.get_now": EVERYONE,
    "venue.show_check": EVERYONE,
}


def routes(app: Flask) -> dict[str, list[tuple[str, str]]]:
    """Each endpoint's methods and an address of it."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:int|moment):\w+>", "1", re.sub(r"<(?:path:)?\w+>", "x", rule.rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found.setdefault(rule.endpoint, []).append((method, address))
    return found


def test_every_route_has_a_line_in_the_table_and_says_the_same_itself(app: Flask) -> None:
    views = {name: app.view_functions[name] for name in routes(app) if name not in GROUND}
    said = {name: getattr(view, ROLES_ATTRIBUTE, None) for name, view in views.items()}
    assert TABLE == said


@pytest.mark.parametrize("who", ["nobody", ORGANISER, DESK, GATE])
def test_whoever_may_not_is_turned_away_from_every_route(app: Flask, database: Database, who: str) -> None:
    client = app.test_client()
    if who != "nobody":
        carry_session(client, database, make_staff(database, role=Role(who)))
    app.config["WTF_CSRF_ENABLED"] = False  # what is tested here is the guard behind it
    for name, ways in routes(app).items():
        allowed = TABLE.get(name, EVERYONE)
        if allowed == EVERYONE or who in allowed:
            continue
        for method, address in ways:
            answer = client.open(address, method=method, json={} if address.startswith("/api/") else None)
            away = answer.status_code in {401, 403} or answer.headers.get("Location", "").startswith("/sign-in")
            assert away, f"{who} got {answer.status_code} from {method} {address}"


def test_a_tablet_may_call_what_its_kind_lists_and_nothing_else(app: Flask, database: Database, event: Event) -> None:
    with database.transaction() as session:
        token, _ = make_device(session, event)
    client = app.test_client()
    assert ALLOWED[Kind.GATE] == {name for name, allowed in TABLE.items() if DEVICES in allowed}
    for name, ways in routes(app).items():
        if TABLE.get(name, EVERYONE) == EVERYONE or DEVICES in TABLE[name]:
            continue
        for method, address in ways:
            answer = client.open(address, method=method, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code in {303, 400, 401, 403}, f"{answer.status_code} from {method} {address}"


def test_the_table_is_what_decides(client: FlaskClient) -> None:
    """A control of the test above: an open page is open."""
    assert client.get("/register").status_code == 200

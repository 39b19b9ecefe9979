"""HTTP for organisers: the board, and the tablets."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.attendance import service as attendance
from checkin.attendance.views import asked_day
from checkin.devices import service as devices
from checkin.devices.links import pairing_link
from checkin.organise import openapi
from checkin.organise.addresses import base_for_tablets, is_loopback
from checkin.organise.board import ALL_DAYS, board, default_day
from checkin.organise.forms import PairForm
from checkin.organise.tablets import tablets
from checkin.programme.service import current_event
from checkin.staff.guard import current_staff, public, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from printing import qr_svg

bp = Blueprint("organise", __name__)


@bp.get("/organise/")
@required(Role.ORGANISER)
def show_board() -> ResponseReturnValue:
    """The figures of `?day=` (a date, or `all`); without one, today's."""
    now, wish = clock.now(), request.args.get("day")
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        day = default_day(event, event.day_of(now)) if wish is None else _day(wish)
        counted = attendance.count(session, event, day=day, now=now)
        has_tablet = any(not device.is_retired for device in devices.all_devices(session))
    return render_template("organise/board.html", board=board(event, counted, chosen_language()), has_tablet=has_tablet)


@bp.get("/organise/devices")
@required(Role.ORGANISER)
def show_devices() -> ResponseReturnValue:
    """Every tablet, and the form to pair another."""
    return _devices_page()


@bp.post("/organise/devices")
@required(Role.ORGANISER)
def pair() -> ResponseReturnValue:
    """A pairing code, shown once: it stands in this answer and in no address of ours."""
    form = PairForm().offer(site().event, chosen_language())
    if not form.validate():
        return _devices_page(form, status=422)
    now = clock.now()
    with database().transaction() as session:
        code = devices.open_pairing(
            session, name=form.name.data or "", gate=form.gate.data, now=now, by=current_staff().actor
        )
    base = base_for_tablets(site().event.public_url, request.host_url)
    link, event = pairing_link(base, code), site().event
    return render_template(
        "organise/pairing.html",
        name=form.name.data,
        gate=event.gate_by_slug[form.gate.data].named(chosen_language()),
        link=link,
        code=code,
        qr=qr_svg(link, label=gettext("QR code of the pairing link")),
        until=f"{event.local(now + devices.PAIRING_LIVES):%H:%M}",
        seconds=int(devices.PAIRING_LIVES.total_seconds()),
        is_only_here=is_loopback(base),
    )


@bp.get("/organise/devices/<int:device_id>/retire")
@required(Role.ORGANISER)
def ask_to_retire(device_id: int) -> ResponseReturnValue:
    """Ask once more before a tablet's access ends."""
    with database().snapshot() as session:
        found = next((one for one in devices.all_devices(session) if one.id == device_id), None)
    if found is None:
        raise devices.NoSuchDeviceError(device_id)
    return render_template("organise/retire.html", device=found)


@bp.post("/organise/devices/<int:device_id>/retire")
@required(Role.ORGANISER)
def retire(device_id: int) -> ResponseReturnValue:
    """End a tablet's access."""
    with database().transaction() as session:
        device = devices.retire(session, device_id, now=clock.now(), by=current_staff().actor)
    flash(gettext("%(tablet)s is retired. What it still sends is kept aside.", tablet=device.name))
    return redirect(url_for("organise.show_devices"), 303)


@bp.get("/api/v1/openapi.json")
@public
def get_openapi() -> ResponseReturnValue:
    """The API, described."""
    return jsonify(openapi.describe(site().event))


@bp.errorhandler(devices.NoSuchDeviceError)
def _no_such_device(_error: devices.NoSuchDeviceError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _day(wish: str) -> date | None:
    return None if wish == ALL_DAYS else asked_day(wish)


def _devices_page(form: PairForm | None = None, *, status: int = 200) -> ResponseReturnValue:
    event, language = site().event, chosen_language()
    with database().snapshot() as session:
        found = devices.all_devices(session)
    lines = tablets(event, found, now=clock.now(), language=language)
    form = form or PairForm(formdata=None).offer(event, language)
    return render_template("organise/devices.html", tablets=lines, form=form), status

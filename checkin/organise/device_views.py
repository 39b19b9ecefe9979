"""HTTP for the tablets: the list, pairing one or a whole set, retiring."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.admission import quarantine
from checkin.badges.service import NoMoreKeysError
from checkin.devices import service as devices
from checkin.devices.links import pairing_link, set_code
from checkin.devices.model import Device, RetiredAs
from checkin.devices.sets import NoSuchSetError
from checkin.devices.views import current_shell
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.organise.addresses import base_for_tablets, is_loopback
from checkin.organise.forms import DeviceForm, OutboxForm, PairForm, RetireForm, SetForm
from checkin.organise.late import late_scans
from checkin.organise.tablets import gate_name, live_sets, place_name, set_line, tablets
from checkin.organise.views import bp
from checkin.organise.words import isolated, moment
from checkin.programme.service import current_event
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from printing import qr_svg


@bp.get("/organise/devices")
@required(Role.ORGANISER)
def show_devices() -> ResponseReturnValue:
    """Every tablet, and the forms to pair one more or a whole set; 304 while no tablet says anything else."""
    return devices_page()


@bp.post("/organise/devices")
@required(Role.ORGANISER)
def pair() -> ResponseReturnValue:
    """A pairing code for one tablet, shown once: it stands in this answer and in no address of ours."""
    form, language, now, event = PairForm(), chosen_language(), clock.now(), _running()
    form.offer(event, language)
    if not form.validate():
        return devices_page(pair_form=form, status=422)
    with database().transaction() as session:
        code = devices.open_pairing(
            session, name=form.name.data or "", gate=form.gate_slug, now=now, by=current_staff().actor
        )
    return render_template(
        "organise/pairing.html",
        name=form.name.data,
        gate=gate_name(event, form.gate_slug, language),
        code=_code(code),
        until=f"{event.local(now + devices.PAIRING_LIVES):%H:%M}",
        seconds=int(devices.PAIRING_LIVES.total_seconds()),
    )


@bp.post("/organise/devices/sets")
@required(Role.ORGANISER)
def open_set() -> ResponseReturnValue:
    """An evening code, on a page of its own that any organiser may open again."""
    form = SetForm()
    form.offer(_running(), chosen_language())
    if not form.validate():
        return devices_page(set_form=form, status=422)
    with database().transaction() as session:
        _, opened = devices.open_set(
            session,
            secret=site().settings.secret_key,
            name=form.name.data or "",
            gate=form.gate_slug,
            most=form.most.data or 1,
            lives=timedelta(hours=form.hours.data or 1),
            now=clock.now(),
            by=current_staff().actor,
        )
    return redirect(url_for("organise.show_set", number=opened.number), 303)


@bp.get("/organise/devices/sets/<moment:number>")
@required(Role.ORGANISER)
def show_set(number: int) -> ResponseReturnValue:
    """The code of a set while it is good, and how many have paired so far."""
    with database().snapshot() as session:
        found = devices.get_set(session, number)
    now = clock.now()
    code = set_code(site().settings.secret_key, found.opened_at) if found.is_live(now) else None
    line = set_line(_running(), found, now, chosen_language())
    return render_template("organise/set.html", set=line, code=code and _code(code))


@bp.post("/organise/devices/sets/<moment:number>/end")
@required(Role.ORGANISER)
def end_set(number: int) -> ResponseReturnValue:
    """Let no further tablet take the code."""
    with database().transaction() as session:
        devices.end_set(session, number, now=clock.now(), by=current_staff().actor)
    flash(gettext("The code has ended. The tablets that it paired stay paired."))
    return redirect(url_for("organise.show_devices"), 303)


@bp.route("/organise/devices/<int:device_id>/change", methods=["GET", "POST"])
@required(Role.ORGANISER)
def change_device(device_id: int) -> ResponseReturnValue:
    """Another name, another gate. 409 with what it is now when somebody else was quicker."""
    found, form = _device(device_id), DeviceForm()
    if found.is_retired:
        raise devices.NoSuchDeviceError(device_id)
    event, language = _running(), chosen_language()
    form.offer(event, language, place_name(event, found.gate, found.direction, language))
    if request.method == "GET":
        form.name.data = found.name
    if not form.validate_on_submit():
        return _change_page(found, form), 422 if form.errors else 200
    seen = request.form.get("seen_name", ""), request.form.get("seen_move", -1, type=int)
    name, to = form.name.data or "", form.wanted()
    with database().transaction() as session:
        done = devices.change_device(
            session, device_id, seen, name=name, to=to, now=clock.now(), by=current_staff().actor
        )
    if done is None:
        return _change_page(_device(device_id), form, is_overtaken=True), 409
    if to:
        where = isolated(place_name(event, *to, language))
        flash(gettext("%(tablet)s goes to %(gate)s with its next sync.", tablet=isolated(name), gate=where))
    else:
        flash(gettext("%(tablet)s is saved.", tablet=isolated(name)))
    return redirect(url_for("organise.show_devices"), 303)


@bp.post("/organise/devices/<int:device_id>/stay/<moment:number>")
@required(Role.ORGANISER)
def call_off_move(device_id: int, number: int) -> ResponseReturnValue:
    """Leave a tablet where it is, if it has not heard yet that it is wanted elsewhere."""
    with database().transaction() as session:
        done = devices.forget_move(session, device_id, number)
        if done:
            actor, subject = current_staff().actor, f"device:{device_id}"
            journal.record(session, now=clock.now(), actor=actor, action="device.call_off_move", subject=subject)
    if done:
        flash(gettext("The tablet stays where it is."))
    else:
        flash(gettext("Nothing was done: the tablet knows already, or is wanted elsewhere by now."))
    return redirect(url_for("organise.show_devices"), 303)


@bp.get("/organise/devices/<int:device_id>/retire")
@required(Role.ORGANISER)
def ask_to_retire(device_id: int) -> ResponseReturnValue:
    """Ask how a tablet ended, and what follows, before it does."""
    return _retire_page(_device(device_id), RetireForm(formdata=None))


@bp.post("/organise/devices/<int:device_id>/retire")
@required(Role.ORGANISER)
def retire(device_id: int) -> ResponseReturnValue:
    """End a tablet's access; lost, the next key takes over."""
    found, form = _device(device_id), RetireForm()
    if not form.validate():
        return _retire_page(found, form, status=422)
    lost = form.how.data == RetiredAs.LOST
    try:
        with database().transaction() as session:
            device = devices.retire(session, device_id, lost=lost, now=clock.now(), by=current_staff().actor)
    except NoMoreKeysError:
        words = gettext(
            "All sixteen badge keys are in use, so there is no new one. Choose the other to end its access."
        )
        form.how.errors = [words]
        return _retire_page(found, form, status=422)
    if lost:
        flash(gettext("%(tablet)s is retired as lost. Badges printed from now on carry a new key.", tablet=device.name))
    else:
        flash(gettext("%(tablet)s is retired. What it still sends is kept aside.", tablet=device.name))
    return redirect(url_for("organise.show_devices"), 303)


@bp.errorhandler(NoSuchSetError)
@bp.errorhandler(devices.NoSuchDeviceError)
def _no_such_thing(_error: LookupError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


@dataclass(frozen=True, slots=True)
class _Code:
    """A pairing code as a page shows it; `is_only_here`: other machines cannot follow its link."""

    text: str
    link: str
    qr: str
    is_only_here: bool


def _code(text: str) -> _Code:
    base = base_for_tablets(site().event.public_url, request.host_url)
    link = pairing_link(base, text)
    return _Code(text, link, qr_svg(link, label=gettext("QR code of the pairing link")), is_loopback(base))


def _device(device_id: int) -> Device:
    with database().snapshot() as session:
        found = next((one for one in devices.all_devices(session) if one.id == device_id), None)
    if found is None:
        raise devices.NoSuchDeviceError(device_id)
    return found


def _running() -> Event:
    with database().snapshot() as session:
        return current_event(session, site().event).event


def _change_page(device: Device, form: DeviceForm, *, is_overtaken: bool = False) -> str:
    """The form, and where the tablet is wanted already. `seen`: what it was when the organiser looked."""
    event, language = _running(), chosen_language()
    with database().snapshot() as session:
        move = devices.find_move(session, device.id)
    was_told = request.method == "GET" or is_overtaken
    return render_template(
        "organise/device.html",
        device=device,
        form=form,
        seen_name=device.name if was_told else request.form.get("seen_name", ""),
        seen_move=(move.number if move else 0) if was_told else request.form.get("seen_move", -1),
        going=place_name(event, move.gate, move.direction, language) if move else "",
        move=move,
        is_overtaken=is_overtaken,
    )


def _retire_page(device: Device, form: RetireForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("organise/retire.html", device=device, form=form), status


def devices_page(
    *,
    pair_form: PairForm | None = None,
    set_form: SetForm | None = None,
    outbox_form: OutboxForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of the tablets, with the form that was filled in wrongly as it was."""
    language, now = chosen_language(), clock.now()
    with database().snapshot() as session:
        event, moves = current_event(session, site().event).event, devices.moves(session)
        found, sets = devices.all_devices(session), devices.all_sets(session)
        waiting = quarantine.waiting(session)
    lines = tablets(event, found, now=now, language=language, version=current_shell().version, moves=moves)
    tag = hashlib.sha256(repr((lines, language)).encode()).hexdigest()[:32]
    if status == HTTPStatus.OK and request.if_none_match.contains_weak(tag):
        return Response(status=304)
    # formdata=None: what was posted to one form of this page is nothing to the others
    pair_form, set_form = pair_form or PairForm(formdata=None), set_form or SetForm(formdata=None)
    for form in (pair_form, set_form):
        form.offer(event, language)
    page = render_template(
        "organise/devices.html",
        tablets=lines,
        tag=tag,
        sets=live_sets(event, sets, now=now, language=language),
        waiting=late_scans(event, waiting, now=now, language=language),
        pair_form=pair_form,
        set_form=set_form,
        outbox_form=outbox_form or OutboxForm(formdata=None),
        is_over=now >= event.erase_at,
        erase_at=moment(event, event.erase_at, now, language),
    )
    return page, status

"""HTTP for the tablets: the list, pairing one or a whole set, retiring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.admission import quarantine
from checkin.badges.service import NoMoreKeysError
from checkin.devices import service as devices
from checkin.devices.links import pairing_link, set_code
from checkin.devices.model import Device, RetiredAs
from checkin.devices.sets import NoSuchSetError
from checkin.organise.addresses import base_for_tablets, is_loopback
from checkin.organise.forms import OutboxForm, PairForm, RetireForm, SetForm
from checkin.organise.late import late_scans
from checkin.organise.tablets import gate_name, live_sets, set_line, tablets
from checkin.organise.views import bp
from checkin.organise.words import moment
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from printing import qr_svg


@bp.get("/organise/devices")
@required(Role.ORGANISER)
def show_devices() -> ResponseReturnValue:
    """Every tablet, and the forms to pair one more or a whole set."""
    return devices_page()


@bp.post("/organise/devices")
@required(Role.ORGANISER)
def pair() -> ResponseReturnValue:
    """A pairing code for one tablet, shown once: it stands in this answer and in no address of ours."""
    form, language, now = PairForm(), chosen_language(), clock.now()
    form.offer(site().event, language)
    if not form.validate():
        return devices_page(pair_form=form, status=422)
    with database().transaction() as session:
        code = devices.open_pairing(
            session, name=form.name.data or "", gate=form.gate_slug, now=now, by=current_staff().actor
        )
    return render_template(
        "organise/pairing.html",
        name=form.name.data,
        gate=gate_name(site().event, form.gate_slug, language),
        code=_code(code),
        until=f"{site().event.local(now + devices.PAIRING_LIVES):%H:%M}",
        seconds=int(devices.PAIRING_LIVES.total_seconds()),
    )


@bp.post("/organise/devices/sets")
@required(Role.ORGANISER)
def open_set() -> ResponseReturnValue:
    """An evening code, on a page of its own that any organiser may open again."""
    form = SetForm()
    form.offer(site().event, chosen_language())
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
    line = set_line(site().event, found, now, chosen_language())
    return render_template("organise/set.html", set=line, code=code and _code(code))


@bp.post("/organise/devices/sets/<moment:number>/end")
@required(Role.ORGANISER)
def end_set(number: int) -> ResponseReturnValue:
    """Let no further tablet take the code."""
    with database().transaction() as session:
        devices.end_set(session, number, now=clock.now(), by=current_staff().actor)
    flash(gettext("The code has ended. The tablets that it paired stay paired."))
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
    event, language, now = site().event, chosen_language(), clock.now()
    with database().snapshot() as session:
        found, sets = devices.all_devices(session), devices.all_sets(session)
        waiting = quarantine.waiting(session)
    # formdata=None: what was posted to one form of this page is nothing to the others
    pair_form, set_form = pair_form or PairForm(formdata=None), set_form or SetForm(formdata=None)
    for form in (pair_form, set_form):
        form.offer(event, language)
    page = render_template(
        "organise/devices.html",
        tablets=tablets(event, found, now=now, language=language),
        sets=live_sets(event, sets, now=now, language=language),
        waiting=late_scans(event, waiting, now=now, language=language),
        pair_form=pair_form,
        set_form=set_form,
        outbox_form=outbox_form or OutboxForm(formdata=None),
        is_over=now >= event.erase_at,
        erase_at=moment(event, event.erase_at, now, language),
    )
    return page, status

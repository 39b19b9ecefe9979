"""HTTP for scans that came past the usual way: a retired tablet's, and those in a file."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from checkin import clock
from checkin.admission import quarantine
from checkin.admission.quarantine import OutboxFileError, Released, TakenIn
from checkin.badges.views import keys
from checkin.devices.service import NoSuchDeviceError
from checkin.organise.device_views import devices_page
from checkin.organise.forms import OutboxForm
from checkin.organise.late import FILE_PROBLEMS
from checkin.organise.views import bp
from checkin.organise.words import isolated
from checkin.programme.service import current_event
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import database, site


@bp.post("/organise/devices/<int:device_id>/quarantine/release")
@required(Role.ORGANISER)
def release(device_id: int) -> ResponseReturnValue:
    """Judge a retired tablet's late scans as if they had come in time."""
    with database().transaction() as session:
        programme = current_event(session, site().event)
        done = quarantine.release(session, programme, keys(), device_id, by=current_staff().actor, now=clock.now())
    flash(_told(done))
    return redirect(url_for("organise.show_devices"), 303)


@bp.get("/organise/devices/<int:device_id>/quarantine/discard")
@required(Role.ORGANISER)
def ask_to_discard(device_id: int) -> ResponseReturnValue:
    """Ask once more, since it cannot be undone."""
    with database().snapshot() as session:
        found = next((one for one in quarantine.waiting(session) if one.device_id == device_id), None)
    if found is None:
        raise NoSuchDeviceError(device_id)
    return render_template("organise/discard.html", waiting=found)


@bp.post("/organise/devices/<int:device_id>/quarantine/discard")
@required(Role.ORGANISER)
def discard(device_id: int) -> ResponseReturnValue:
    """Let a retired tablet's late scans never count."""
    with database().transaction() as session:
        scans = quarantine.discard(session, device_id, by=current_staff().actor, now=clock.now())
    flash(ngettext("One scan was discarded.", "%(num)d scans were discarded.", scans))
    return redirect(url_for("organise.show_devices"), 303)


@bp.post("/organise/devices/outbox")
@required(Role.ORGANISER)
def take_in() -> ResponseReturnValue:
    """Take in the file of a tablet that could not reach the server."""
    form = OutboxForm()
    if not form.validate():
        return devices_page(outbox_form=form, status=422)
    content = form.file.data.read()
    try:
        with database().transaction() as session:
            programme = current_event(session, site().event)
            done = quarantine.take_in(session, programme, keys(), content, by=current_staff().actor, now=clock.now())
    except OutboxFileError as error:
        form.file.errors = [FILE_PROBLEMS[error.problem]]
        return devices_page(outbox_form=form, status=422)
    flash(gettext("The file of %(tablet)s: %(result)s", tablet=isolated(done.device.name), result=_told(done)))
    return redirect(url_for("organise.show_devices"), 303)


def _told(done: Released) -> str:
    """What became of the scans, as one sentence; what there is none of is left out, but for the first."""
    parts = [ngettext("one scan stored", "%(num)d scans stored", done.stored)]
    if done.repeated:
        parts.append(ngettext("one known already", "%(num)d known already", done.repeated))
    if done.conflicts:
        parts.append(
            ngettext(
                "one known with other content, kept aside",
                "%(num)d known with other content, kept aside",
                done.conflicts,
            )
        )
    if isinstance(done, TakenIn) and done.corrected:
        parts.append(ngettext("one correction done", "%(num)d corrections done", done.corrected))
    if isinstance(done, TakenIn) and done.unreadable:
        parts.append(
            ngettext("one refused, it cannot be used", "%(num)d refused, they cannot be used", done.unreadable)
        )
    return " · ".join(parts)

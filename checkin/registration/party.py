"""Another person on the page of one who is registered: what a family or delegation shares is not asked twice."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext

from checkin.registration.fields import Given
from checkin.registration.forms import VisitorForm
from checkin.visitors.model import Details

SHOWN = ("organisation", "city", "country")  # on the badge in any case
KEPT = ("phone", "email")  # never on the page: whoever has its link would read them


def prefill(form: VisitorForm, leader: Details) -> None:
    """Write into a fresh form what the leader's badge says of all of them."""
    for name in SHOWN:
        if name in form:
            form[name].data = getattr(leader, name)
    if "category" in form and leader.category in {category.slug for category in form.categories}:
        form.category.data = leader.category
    if "days" in form:
        form.days.data = [day.isoformat() for day in leader.days]


def ask_less(form: VisitorForm, leader: Details) -> None:
    """Let phone and e-mail be left empty where the leader gave them, and ask for consent in another's name."""
    for name in KEPT:
        if name in form and getattr(leader, name):
            form[name].validators = [check for check in form[name].validators if not isinstance(check, Given)]
            form[name].flags.required = False
            form[name].description = gettext("Leave it empty to use the one that was given before.")
    form.consent.label.text = gettext("This person was asked, and agrees that these details are kept for the badge.")


def completed(details: Details, leader: Details) -> Details:
    """What was told, with the leader's phone, e-mail and group where nothing was."""
    return replace(
        details,
        phone=details.phone or leader.phone,
        email=details.email or leader.email,
        group=details.group or leader.group,
    )

"""Oddities in words: what each kind is called, what it means, and what to do about it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from checkin.imports.model import Likeness
from checkin.oddities.model import Kind

TITLES: Final = {
    Kind.TWO_GATES: _l("One badge at two gates at once"),
    Kind.OLD_BADGE: _l("An old badge was shown"),
    Kind.TOO_SOON: _l("In again too soon"),
    Kind.SILENT: _l("Tablets that are silent or owe scans"),
    Kind.QUIET_GATE: _l("Gates without a scan for ten minutes"),
    Kind.CLOCK: _l("Clocks that are off or unsure"),
    Kind.SHOWN: _l("The gate showed something else than what holds"),
    Kind.NO_MAIN_GATE: _l("In a pavilion, but at no gate of the expo"),
    Kind.QUARANTINE: _l("Scans of retired tablets that wait"),
    Kind.DOUBLE: _l("People who may be registered twice"),
}
MEANINGS: Final = {
    Kind.TWO_GATES: _l(
        "Within two minutes the same badge passed two gates. One of the two is likely a copy: look at the person’s "
        "page and call both gates. If somebody copied it, make a new badge: the old one is refused from then on."
    ),
    Kind.OLD_BADGE: _l(
        "A badge that has been replaced was shown again; the gate refused it. Ask the person for the new one; if they "
        "do not have it, print it at a desk. If it was somebody else, the old badge was passed on."
    ),
    Kind.TOO_SOON: _l(
        "The badge came in a few minutes after it came in, and nobody saw it leave. Often somebody stepped out past "
        "the gate; else two people use one badge. Ask the gate whether the name was checked."
    ),
    Kind.SILENT: _l(
        "See that the tablet is on and has Wi-Fi; it keeps what it has scanned. Until it is heard the figures are "
        "provisional. If it is lost or broken, retire it on the page of devices."
    ),
    Kind.QUIET_GATE: _l(
        "Call the gate: perhaps people are let in unscanned, the tablet is flat or nobody stands there. If the gate "
        "is closed, hold it or move its tablet."
    ),
    Kind.CLOCK: _l(
        "Set the tablet to automatic time and let it reach the server. Its scans are corrected as far as can be; those "
        "whose minute cannot be proved are counted all the same."
    ),
    Kind.SHOWN: _l(
        "Here a gate showed something else than what holds: it was offline, and could not know what another gate had "
        "seen. The counts follow what holds. Nothing is to be mended, unless somebody was turned away who may enter."
    ),
    Kind.NO_MAIN_GATE: _l(
        "Somebody passed a main gate unscanned, or its tablet has not told yet. Ask the main gates. The person "
        "counts as a visitor all the same, by the pavilion’s scan."
    ),
    Kind.QUARANTINE: _l(
        "A tablet that was retired still sent scans. Let them count or discard them, on the page of devices."
    ),
    Kind.DOUBLE: _l(
        "Compare the two. If it is one person, merge them: they count as one from then on; if it is a family or "
        "colleagues with one phone, settle it."
    ),
}
ALIKE: Final = {
    Likeness.PHONE: _l("The same phone as"),
    Likeness.EMAIL: _l("The same e-mail as"),
    Likeness.NAME: _l("The same name and organisation as"),
}

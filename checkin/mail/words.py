"""Why a mail has not gone, in words, with what to do about it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from checkin.mail.model import Problem

PROBLEMS: Final = {
    Problem.NO_CONNECTION: _l("The mail server cannot be reached. It is tried again every minute."),
    Problem.CERTIFICATE: _l("The mail server’s certificate is not right, so nothing was sent: ask whoever runs it."),
    Problem.NO_TLS: _l("The mail server offers no encryption, so nothing was sent: check CHECKIN_SMTP_URL."),
    Problem.SIGN_IN: _l("The mail server refuses user and password: check CHECKIN_SMTP_URL."),
    Problem.SENDER: _l("The mail server lets nobody send from this address: check “from” in the event file’s [mail]."),
    Problem.ADDRESS: _l("There is no such address, or it takes no mail. Ask the visitor for the right one."),
    Problem.CONTENT: _l("The mail server refuses this message. Ask whoever runs it, with the code beside."),
    Problem.NOT_NOW: _l("The other side said: not now. It is tried again by itself."),
    Problem.BROKE_OFF: _l("The line broke before the message was out. It is tried again by itself."),
    Problem.NO_ANSWER: _l("The line broke after the message was out: it may have arrived."),
    Problem.STALE: _l("This system was stopped while it sent: the mail may have arrived."),
    Problem.CANNOT_DRAW: _l("The badge cannot be drawn: mend the template a4-fold. It is tried again by itself."),
    Problem.TOO_MANY: _l("This address was given for very many people today. Send it if you know why."),
}

"""The mail that carries a day's report: the headlines in both languages, and the PDF."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from flask_babel import gettext, ngettext

from checkin.event.model import Mailing
from checkin.mail.message import header_line, one_line
from checkin.reports import words
from checkin.reports.mailing import ReportMail
from checkin.reports.model import Form, Report, Version
from checkin.reports.words import both, each
from checkin.reports.writers import file_name, write

_HEADLINES = ("visitors", "visits", "entries", "women", "foreign", "everyone")


def letter(
    mailing: Mailing, mail: ReportMail, report: Report, version: Version | None, *, secret: str, date: datetime
) -> EmailMessage:
    """The whole mail; the signed `version` where there is one, else the figures as they are now."""
    message = EmailMessage()
    message["From"] = Address(display_name=header_line(report.event.en), addr_spec=mailing.sender)
    message["To"] = Address(addr_spec=mail.address)
    if mailing.reply_to:
        message["Reply-To"] = Address(addr_spec=mailing.reply_to)
    subject = both(lambda: _subject(report, version)).en
    message["Subject"] = header_line(subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _message_id(secret, mail, mailing.sender)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    told = each(lambda: _lines(report, version))
    text = "\n".join((*(one.en for one in told), "", *(one.ur for one in told))) + "\n"
    message.set_content(text, cte="base64")
    name = file_name(report, Form.PDF, version)
    message.add_attachment(write(report, Form.PDF, version), maintype="application", subtype="pdf", filename=name)
    return message


def _subject(report: Report, version: Version | None) -> str:
    number = report.totals["visitors"] or 0
    return str(
        ngettext(
            "Attendance, %(day)s: one visitor (%(standing)s) · %(event)s",
            "Attendance, %(day)s: %(visitors)s visitors (%(standing)s) · %(event)s",
            number,
            day=words.title(report),
            visitors=f"{number:,}",
            standing=words.standing(report, version),
            event=one_line(report.event.en),
        )
    )


def _lines(report: Report, version: Version | None) -> list[str]:
    heading = (report.event.ur or report.event.en) if words.language() == "ur" else report.event.en
    told = [one_line(heading), f"{words.title(report)} · {words.standing(report, version)}", ""]
    told += [f"{words.TOTALS[key]}: {report.totals[key] or 0:,}" for key in _HEADLINES]
    told += ["", *(words.signed_words(version) if version else ()), *words.basis(report), ""]
    told.append(gettext("The whole report is in the attached PDF."))
    return told


def _message_id(secret: str, mail: ReportMail, sender: str) -> str:
    """The same for every try, so that a server that got it twice can know it."""
    digest = hmac.digest(secret.encode(), f"report-mail-v1:{mail.day}:{mail.address}".encode(), hashlib.sha256)
    return f"<{digest[:16].hex()}@{sender.rpartition('@')[2]}>"

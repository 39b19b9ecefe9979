"""The mail that carries a badge: both languages in one, as text and as simple HTML, with the sheet to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from typing import Final

from babel.dates import format_date
from babel.support import NullTranslations, Translations
from email_validator import EmailNotValidError, validate_email
from jinja2 import Environment, FileSystemLoader, select_autoescape

from checkin.badges.model import Badge
from checkin.badges.shortcode import short_code
from checkin.event.model import Event, Mailing
from checkin.settings import ROOT

LANGUAGES: Final = ("en", "ur")
LONGEST_NAME: Final = 60  # in a subject; phones show about forty characters of it
_JOINERS: Final = {"\u200c", "\u200d"}  # Urdu words and emoji need them
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The words of the mail in one language, ready to show."""

    language: str
    direction: str
    greeting: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    button: str
    gate_heading: str
    gate: str
    printing: str
    private: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands around the words: who sends, to whom, and the marks that make the message one and the same."""

    mailing: Mailing
    recipient: str
    message_id: str
    date: datetime


def plain_recipient(address: str) -> str | None:
    """The address as every mail server takes it (ASCII, its domain as IDNA); None if it is none."""
    try:
        return validate_email(address, check_deliverability=False).ascii_email
    except EmailNotValidError:
        return None


def compose(event: Event, badge: Badge, envelope: Envelope, *, link: str, pdf: bytes, language: str) -> EmailMessage:
    """The whole mail, in the visitor's `language` first. Names may hold anything: they cannot leave their place."""
    first = [language] if language in LANGUAGES else []
    order = first + [other for other in LANGUAGES if other not in first]
    letters = [_letter(event, badge, each) for each in order]
    name = header_line(event.named(order[0]))
    message = EmailMessage()
    message["From"] = Address(display_name=name, addr_spec=envelope.mailing.sender)
    message["To"] = Address(addr_spec=envelope.recipient)
    if envelope.mailing.reply_to:
        message["Reply-To"] = Address(addr_spec=envelope.mailing.reply_to)
    message["Subject"] = _subject(event, badge, order[0])
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    shown = {"letters": letters, "link": link, "title": message["Subject"], "sender": name}
    message.set_content(_templates().get_template("mail/badge.txt").render(shown), cte="base64")
    message.add_alternative(_templates().get_template("mail/badge.html").render(shown), subtype="html", cte="base64")
    # The file's name is seen by whoever looks at the phone: it says which badge, not whose.
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"badge-{short_code(badge.number)}.pdf")
    message["Content-Language"] = ", ".join(order)  # last: whatever begins with Content- goes into the first part
    return message


def one_line(text: str, most: int = 0) -> str:
    """`text` without line ends and without what is not seen or turns the text around it; cut to `most` characters."""
    kept = "".join(c for c in " ".join(text.split()) if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    line = " ".join(kept.split())
    return line if not most or len(line) <= most else line[: most - 1].rstrip() + "…"


def header_line(text: str, most: int = 0) -> str:
    """`text` for a header. What looks like an encoded word (RFC 2047) is broken up: it would be decoded."""
    return one_line(text, most).replace("=?", "= ?")


def _subject(event: Event, badge: Badge, language: str) -> str:
    _ = _gettext(language)
    name = badge.name_ur if language == "ur" and one_line(badge.name_ur) else badge.name
    return _("Your badge: %(name)s · %(event)s") % {
        "name": header_line(name, LONGEST_NAME),
        "event": header_line(event.named(language)),
    }


def _letter(event: Event, badge: Badge, language: str) -> Letter:
    _ = _gettext(language)
    is_urdu = language == "ur"
    name = badge.name_ur if is_urdu and one_line(badge.name_ur) else badge.name
    days = [format_date(day, "EEE d MMM", locale=language) for day in badge.days]
    venue = event.venue_ur if is_urdu and event.venue_ur else event.venue
    return Letter(
        language=language,
        direction="rtl" if is_urdu else "ltr",
        greeting=_("Hello %(name)s,") % {"name": _isolated(one_line(name))},
        opening=_("your badge for %(event)s is ready.") % {"event": _isolated(one_line(event.named(language)))},
        facts=(
            (_("Where"), one_line(venue)),
            (_("Good on"), ("، " if is_urdu else ", ").join(days)),
            (_("You come as"), one_line(event.category_by_number[badge.category].named(language))),
            (_("Short code"), f"\N{LEFT-TO-RIGHT ISOLATE}{short_code(badge.number)}\N{POP DIRECTIONAL ISOLATE}"),
        ),
        button=_("Open my badge"),
        gate_heading=_("At the gate"),
        gate=_(
            "Show the QR code of your badge, on your phone or on paper. The phone needs no network if you have "
            "saved the badge as a picture."
        ),
        printing=_("To print it: the attached PDF is one sheet of A4. Print it at 100 % and fold it twice."),
        private=_("The link and the PDF are yours alone: whoever shows the badge first is let in with it."),
        why=_(
            "You get this mail once, because this address was given at the registration. If that was not you, "
            "please delete it."
        ),
    )


def _isolated(name: str) -> str:
    """A name in a sentence of the other direction, kept from turning the sentence round."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def _gettext(language: str) -> Callable[[str], str]:
    return _translations(language).ugettext


@cache
def _translations(language: str) -> NullTranslations:
    return Translations.load(ROOT / "checkin" / "translations", [language])


@cache
def _templates() -> Environment:
    """Ours, beside the pages': a mail is written in a worker, where there is no request."""
    folder = FileSystemLoader(ROOT / "checkin" / "templates")
    return Environment(loader=folder, autoescape=select_autoescape(["html"]), trim_blocks=True, lstrip_blocks=True)

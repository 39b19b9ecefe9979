"""What stands in a mail: both languages, the link, a badge that reads back, and names that cannot leave their place."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pypdfium2
import pytest
import zxingcpp

from checkin.badges import service as badges
from checkin.mail.message import one_line, plain_recipient
from checkin.mail.tasks import send_due
from checkin.visitors.links import private_link
from checkin.web import Site
from tests.checkin.mail.people import mails, register
from tests.checkin.mail.post import Post
from tests.factories import token_of

HARD_NAMES = [
    "Ali <b>Khan</b> & Sons",
    "Ali\r\nBcc: everybody@example.com",
    "Ali\nSubject: won",
    "\u202eriahc\u202c \u2066x\u2069",
    "{{ 7 * 7 }} %(name)s {x} %s",
    '"; DROP "Ayesha" <x@example.com>',
    "x" * 120,
    "محمد عبدالرحمٰن صدیقی",
    "Əliağa Vahid 🌍",
    "=?utf-8?q?hello=0d=0aBcc:_all@example.com?=",
    "One\x01Unit\x85\u2028Line",
]


def sent(site: Site, post: Post) -> EmailMessage:
    send_due(site)
    assert 1 == len(post.taken), mails(site)
    return post.taken[0]


def words(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("en", "Ayesha Siddiqui", "عائشہ صدیقی"), ("ur", "عائشہ صدیقی", "Ayesha Siddiqui")],
)
def test_both_languages_stand_in_one_mail_the_visitors_first(
    site: Site, post: Post, language: str, first: str, second: str
) -> None:
    register(site, name_ur="عائشہ صدیقی", language=language)
    message = sent(site, post)
    for kind in ("plain", "html"):
        content = words(message, kind)
        assert 0 <= content.index(first) < content.index(second)
    assert '<div lang="ur" dir="rtl"' in words(message, "html")
    assert ("en, ur" if language == "en" else "ur, en") == message["Content-Language"]


def test_the_link_is_the_private_one_at_the_public_address(site: Site, post: Post) -> None:
    visitor = register(site)
    message = sent(site, post)
    link = f"{site.event.public_url}/badge/{private_link(site.settings.secret_key, visitor.id, 0)}"
    assert (f"\n{link}\n" in words(message), f'href="{link}"' in words(message, "html")) == (True, True)


def test_the_attached_pdf_reads_back_as_this_persons_badge(site: Site, post: Post) -> None:
    visitor = register(site)
    with site.database.snapshot() as session:
        badge = badges.current_badge(session, visitor.id)
    (attached,) = sent(site, post).iter_attachments()
    name = attached.get_filename()
    assert ("application/pdf", True) == (
        attached.get_content_type(),
        bool(re.fullmatch(r"badge-[0-9A-Z-]+\.pdf", name or "")),
    )
    with pypdfium2.PdfDocument(attached.get_content()) as document:
        picture = document[0].render(scale=3).to_pil()
    assert {token_of(site.event, badge)} == {found.text for found in zxingcpp.read_barcodes(picture)}


def test_the_headers_say_who_sends_and_that_nobody_need_answer(site: Site, post: Post) -> None:
    register(site)
    message = sent(site, post)
    assert "badges@expo.example.org" == message["From"].addresses[0].addr_spec
    assert site.event.name == message["From"].addresses[0].display_name
    assert "info@expo.example.org" == message["Reply-To"]
    assert "ayesha@example.com" == message["To"]
    assert "auto-generated" == message["Auto-Submitted"]
    assert f"Your badge: Ayesha Siddiqui · {site.event.name}" == message["Subject"]
    assert re.fullmatch(r"<[0-9a-f]{32}@expo\.example\.org>", message["Message-ID"])
    assert message["Date"].datetime is not None


def test_nothing_in_it_is_loaded_from_elsewhere_or_runs(site: Site, post: Post) -> None:
    register(site)
    page = words(sent(site, post), "html").lower()
    assert [] == re.findall(r"<(?:img|script|link|iframe|object|embed|form|video|audio)|url\(|src=|@import", page)
    assert 2 == page.count("http")  # the private link, once for each language


@pytest.mark.parametrize("name", HARD_NAMES)
def test_a_name_may_hold_anything_and_stays_a_name(site: Site, post: Post, name: str) -> None:
    register(site, name)
    message = sent(site, post)
    assert ["ayesha@example.com"] == post.recipients
    assert {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted"} | {
        "X-Auto-Response-Suppress",
        "MIME-Version",
        "Content-Type",
    } == {key for key in message if not key.startswith("X-Peer") and not key.startswith("X-Mail")}
    assert 1 == len(message.get_all("Subject"))
    assert one_line(name, 60).replace("=?", "= ?") in str(message["Subject"])
    page = words(message, "html")
    assert ("<b>" in page, "49" in page.replace(site.event.public_url, "").split("<table")[0]) == (False, False)
    again = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert message["Subject"] == again["Subject"]
    assert not re.search("[\u202a-\u202e\x00\x85\u2028]", words(message) + page + str(message["Subject"]))


@pytest.mark.parametrize(
    "event_name", ["Expo\r\nBcc: all@example.com", 'Expo "2026" <x@example.com>', "ایکسپو\u202e 2026"]
)
def test_the_events_own_name_is_no_way_into_the_headers_either(site: Site, post: Post, event_name: str) -> None:
    other = replace(site, event=replace(site.event, name=event_name))
    register(other)
    message = sent(other, post)
    assert (None, "badges@expo.example.org") == (message["Bcc"], message["From"].addresses[0].addr_spec)
    assert 1 == len(message["From"].addresses)


@pytest.mark.parametrize(
    ("plain", "address"),
    [
        ("ayesha@example.com", "ayesha@example.com"),
        ("a@xn--mgberp4a5d4ar.com", "a@السعودية.com"),
        (None, "عائشہ@example.com"),
        (None, "a@b"),
        (None, "a b@example.com"),
        (None, "a@example.com\r\nx"),
        (None, ""),
    ],
)
def test_an_address_goes_out_in_plain_letters_or_not_at_all(plain: str | None, address: str) -> None:
    assert plain == plain_recipient(address)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Ali Khan", " Ali\r\n\tKhan "),
        ("Ali", "\u202eAli\u202c\u2066\u2069\ufeff"),
        ("میں\u200cنے", "میں\u200cنے"),
        ("abc…", "abcdefgh"),
        ("", "\x00\x01"),
    ],
)
def test_a_line_holds_what_is_seen_and_no_more(line: str, text: str) -> None:
    assert line == one_line(text, 4 if text == "abcdefgh" else 0)

"""A day's report by mail: once to each organiser, when the day has closed, with a real server at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from checkin import clock
from checkin.devices.model import Device
from checkin.jobs.registry import Registry
from checkin.jobs.worker import Worker
from checkin.journal.tables import JournalRow
from checkin.launch.serve import site_of
from checkin.mail.model import MailState
from checkin.reports import mailing, tasks
from checkin.reports.mailing import ReportMail
from checkin.settings import Settings, SmtpServer
from checkin.web import Site
from tests.at_once import at_once
from tests.checkin.mail.post import Post, open_post
from tests.checkin.reports.days import CLOSES, DAY, LATER, be_heard, close, let_in
from tests.checkin.staff.people import make_staff
from tests.factories import make_device
from tests.installed import installed

MAIL = '\n[mail]\nfrom = "badges@expo.example.org"\nreports_to = ["sana@example.org", "minister@example.org"]\n'
BOTH = ["sana@example.org", "minister@example.org"]


@pytest.fixture
def post() -> Iterator[Post]:
    controller, post = open_post()
    yield post
    controller.stop()


@pytest.fixture
def app(settings: Settings, post: Post) -> Iterator[Flask]:
    with settings.event_file.open("a", encoding="utf-8") as file:
        file.write(MAIL)
    mailing = replace(settings, smtp=SmtpServer.parse(f"smtp://127.0.0.1:{post.port}"))
    with installed(mailing) as app, app.app_context():
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


@pytest.fixture
def tablet(site: Site) -> Device:
    """One that let a visitor in on the first day."""
    with site.database.transaction() as session:
        _, device = make_device(session, site.event)
    let_in(site.database, site.event, device)
    return device


def be(moment: datetime) -> None:
    """Let it be this moment."""
    clock.shift(moment - clock.machine_now())


def mails(site: Site) -> tuple[ReportMail, ...]:
    with site.database.snapshot() as session:
        return mailing.all_mails(session)


def states(site: Site) -> list[str]:
    return [one.state.value for one in mails(site)]


def subject_of(message: EmailMessage) -> str:
    """What a reader shows; where a long line was folded there may be two spaces."""
    return " ".join(str(message["Subject"]).split())


def test_a_settled_day_is_sent_at_its_closing_and_never_again(site: Site, post: Post, tablet: Device) -> None:
    be(CLOSES - timedelta(minutes=1))
    tasks.send_due(site)
    assert [] == post.recipients
    be(CLOSES + timedelta(minutes=1))
    be_heard(site.database, tablet, at=CLOSES)
    for _ in range(3):
        tasks.send_due(site)
    assert (BOTH, ["sent", "sent"]) == (post.recipients, states(site))
    be(CLOSES + timedelta(hours=9))
    tasks.send_due(site)
    assert 2 == len(post.recipients)


def test_the_mail_has_the_headlines_in_both_languages_and_the_pdf(site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    be_heard(site.database, tablet, at=LATER)
    tasks.send_due(site)
    message = post.taken[0]
    assert subject_of(message).startswith("Attendance, Saturday 24 January 2026: one visitor (Not signed) · Made in")
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    for words in ("Visitors: 1", "Footfall: entries of visitors: 1", "وزیٹر: 1", "ہفتہ 24 جنوری 2026"):
        assert words in text, words
    (attached,) = message.iter_attachments()
    assert "attendance-2026-01-24.pdf" == attached.get_filename()
    with pypdfium2.PdfDocument(attached.get_content()) as document:
        assert len(document) > 1


def test_tablets_have_some_minutes_to_send_what_they_hold_and_then_it_goes_provisional(
    site: Site, post: Post, tablet: Device
) -> None:
    be_heard(site.database, tablet, outbox=3, at=CLOSES)
    be(CLOSES + timedelta(minutes=19))
    tasks.send_due(site)
    assert [] == post.recipients
    be(CLOSES + timedelta(minutes=21))
    tasks.send_due(site)
    assert BOTH == post.recipients
    assert "(Provisional)" in post.taken[0]["Subject"]
    assert "has owed 3 scans" in post.taken[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_server_that_was_off_sends_it_when_it_is_back_but_no_old_news(site: Site, post: Post, tablet: Device) -> None:
    be(CLOSES + timedelta(days=1, hours=-2))  # the next afternoon
    tasks.send_due(site)
    assert [("2026-01-24", one) for one in BOTH] == [(one.day.isoformat(), one.address) for one in mails(site)]
    be(CLOSES + timedelta(days=8, hours=1))  # of day 2 it is too late, of day 3 not
    tasks.send_due(site)
    assert {"2026-01-24", "2026-01-26"} == {one.day.isoformat() for one in mails(site)}


def test_several_machines_that_look_at_once_send_it_once(app: Flask, site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    be_heard(site.database, tablet, at=LATER)

    def look() -> None:
        with app.app_context():
            tasks.send_due(site)

    at_once(look, look, look)
    assert sorted(BOTH) == sorted(post.recipients)
    assert 2 == len(post.taken)


def test_the_signed_version_is_what_is_sent(site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    be_heard(site.database, tablet, at=LATER)
    close(site.database, site.event, make_staff(site.database))
    let_in(site.database, site.event, tablet)
    tasks.send_due(site)
    assert "one visitor (Signed · version 1)" in subject_of(post.taken[0])
    (attached,) = post.taken[0].iter_attachments()
    assert "attendance-2026-01-24-v1.pdf" == attached.get_filename()


def test_without_a_server_nothing_is_noted_and_one_that_refuses_is_tried_again(
    site: Site, post: Post, tablet: Device
) -> None:
    be(LATER)
    be_heard(site.database, tablet, at=LATER)
    tasks.send_due(replace(site, settings=replace(site.settings, smtp=None)))
    assert () == mails(site)
    post.at_recipient.append("450 4.2.1 later")
    tasks.send_due(site)
    assert ["waiting", "sent"] == states(site)
    be(LATER + timedelta(minutes=2))
    tasks.send_due(site)
    assert ["sent", "sent"] == states(site)
    assert 2 == len(post.taken)


def test_a_server_that_cannot_be_reached_is_no_fault_of_the_mail(site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    be_heard(site.database, tablet, at=LATER)
    away = replace(site, settings=replace(site.settings, smtp=SmtpServer.parse("smtp://127.0.0.1:9")))
    tasks.send_due(away)
    assert [("waiting", 0), ("waiting", 0)] == [(one.state, one.tries) for one in mails(site)]
    be(LATER + timedelta(minutes=2))
    tasks.send_due(site)
    assert ["sent", "sent"] == states(site)


def test_a_worker_that_was_killed_while_it_talked_leaves_it_unsure(site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    assert site.event.mailing
    tasks.note_due(site, site.event.mailing)
    with site.database.transaction() as session:
        for one in mailing.all_mails(session):
            assert mailing.claim(session, one, clock.now())
    be(LATER + timedelta(minutes=11))
    tasks.send_due(site)
    assert ([MailState.UNSURE] * 2, []) == ([one.state for one in mails(site)], post.recipients)


def test_it_is_journalled_without_an_address(site: Site, post: Post, tablet: Device) -> None:
    be(LATER)
    tasks.send_due(site)
    with site.database.snapshot() as session:
        entries = session.scalars(select(JournalRow).where(JournalRow.action == "report.mail")).all()
    assert [("server", DAY.isoformat())] * 2 == [(one.actor, one.detail["day"]) for one in entries]
    assert "@" not in str([one.detail for one in entries])


def test_a_worker_looks_every_minute(app: Flask, site: Site) -> None:
    registry = Registry()
    tasks.register(registry)
    assert tasks.send_due in registry.every_minute.values()
    Worker(app, site, registry).close()

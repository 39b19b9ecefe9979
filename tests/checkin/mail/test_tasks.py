"""Sending, with a real server at the other end: retries, refusals, crashes, and nothing twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.badges import service as badges
from checkin.jobs.registry import Registry
from checkin.jobs.worker import Worker
from checkin.mail import tasks
from checkin.mail.model import Problem, Trouble
from checkin.mail.policy import WAITS
from checkin.web import Site
from tests.checkin.mail.people import let_pass, mails, register, states
from tests.checkin.mail.post import Post, free_port, open_post
from tests.checkin.staff.people import csrf_of


def test_whoever_registers_with_an_address_is_sent_the_badge_once(
    app: Flask, client: FlaskClient, site: Site, post: Post
) -> None:
    form = {"name": "Ayesha Siddiqui", "category": "trade-visitor", "email": "ayesha@example.com", "consent": "y"}
    answer = client.post("/register", data={**form, "csrf_token": csrf_of(client, "/register"), "form_id": "1"})
    assert 303 == answer.status_code
    registry = Registry()
    tasks.register(registry)
    worker = Worker(app, site, registry)
    try:
        assert not worker.work_on(tasks.KIND, tasks.NO_JOB)
        assert not worker.work_on(tasks.KIND, tasks.NO_JOB)
    finally:
        worker.close()
    assert ["ayesha@example.com"] == post.recipients
    (mail,) = mails(site)
    assert ("sent", clock.now().date()) == (mail.state, mail.sent_at and mail.sent_at.date())
    assert answer.location in post.taken[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_nobody_is_mailed_without_an_address(site: Site, post: Post) -> None:
    register(site, email="")
    assert not tasks.send_due(site)
    assert ([], []) == (mails(site), post.taken)


def test_without_a_server_in_the_environment_mails_wait(site: Site, post: Post) -> None:
    register(site)
    assert not tasks.send_due(replace(site, settings=replace(site.settings, smtp=None)))
    assert (["waiting"], []) == (states(site), post.taken)
    tasks.send_due(site)
    assert ["sent"] == states(site)


def test_without_a_sender_in_the_event_file_nothing_is_noted_or_sent(site: Site, post: Post) -> None:
    silent = replace(site, event=replace(site.event, mailing=None))
    register(silent)
    tasks.send_due(silent)
    assert ([], []) == (mails(site), post.taken)


def test_not_now_is_tried_again_after_growing_waits_until_it_is_taken(site: Site, post: Post) -> None:
    register(site)
    post.at_recipient = ["451 4.7.1 greylisted <ayesha@example.com>"] * 3
    for number, wait in enumerate(WAITS[:3], start=1):
        tasks.send_due(site)
        (mail,) = mails(site)
        assert ("waiting", number, Trouble(Problem.NOT_NOW, "451 4.7.1")) == (mail.state, mail.tries, mail.trouble)
        let_pass(wait - timedelta(seconds=5))
        tasks.send_due(site)
        assert number == len(post.recipients)
        let_pass(timedelta(seconds=6))
    tasks.send_due(site)
    (mail,) = mails(site)
    assert ("sent", 4, None) == (mail.state, mail.tries, mail.trouble)
    assert 1 == len(post.taken)


def test_an_address_that_does_not_exist_is_given_up_at_once_and_keeps_no_other(site: Site, post: Post) -> None:
    register(site, email="gone@example.com")
    register(site, "Bilal Khan", "bilal@example.com")
    post.at_recipient = ["550 5.1.1 <gone@example.com>: no such user"]
    tasks.send_due(site)
    assert ["given_up", "sent"] == states(site)
    assert Trouble(Problem.ADDRESS, "550 5.1.1") == mails(site)[0].trouble
    let_pass(timedelta(days=1))
    tasks.send_due(site)
    assert ["gone@example.com", "bilal@example.com"] == post.recipients


@pytest.mark.parametrize(
    "address", ["x@y\r\nBcc: all@example.com", "nobody", "نام@example.com", "a@b@c", "<a@example.com>"]
)
def test_what_is_no_address_never_reaches_the_server(site: Site, post: Post, address: str) -> None:
    register(site, email=address)
    tasks.send_due(site)
    assert (["given_up"], []) == (states(site), post.recipients)


def test_a_server_that_is_down_delays_and_harms_no_mail(site: Site) -> None:
    port = free_port()
    server = replace(site.settings.smtp, port=port)  # type: ignore[type-var]
    site = replace(site, settings=replace(site.settings, smtp=server))
    for number in range(3):
        register(site, email=f"v{number}@example.com")
    for _ in range(30):
        tasks.send_due(site)
        let_pass(timedelta(seconds=61))
    assert [("waiting", 0, Problem.NO_CONNECTION)] * 3 == [
        (mail.state, mail.tries, mail.trouble and mail.trouble.problem) for mail in mails(site)
    ]
    controller, post = open_post(port)
    tasks.send_due(site)
    controller.stop()
    assert (["sent"] * 3, 3) == (states(site), len(post.taken))


def test_a_new_mail_does_not_knock_at_a_server_that_failed_a_moment_ago(site: Site, post: Post) -> None:
    register(site)
    post.at_sender = ["550 5.7.1 you may not"]
    tasks.send_due(site)
    register(site, "Bilal Khan", "bilal@example.com")
    tasks.send_due(site)
    assert [] == post.recipients
    assert Trouble(Problem.SENDER, "550 5.7.1") == mails(site)[0].trouble
    let_pass(timedelta(seconds=61))
    tasks.send_due(site)
    assert ["sent", "sent"] == states(site)


def test_a_server_that_goes_away_in_the_middle_is_tried_anew(site: Site, post: Post) -> None:
    register(site)
    register(site, "Bilal Khan", "bilal@example.com")
    post.at_recipient = ["421 4.3.2 shutting down"]
    tasks.send_due(site)
    assert {"421 4.3.2"} == {mail.trouble and mail.trouble.code for mail in mails(site)}
    let_pass(timedelta(seconds=61))
    tasks.send_due(site)
    assert (["sent", "sent"], 2) == (states(site), len(post.taken))


def test_silence_after_the_whole_message_is_unsure_and_nothing_sends_it_again(site: Site, post: Post) -> None:
    register(site)
    post.at_content = ["hang up"]
    tasks.send_due(site)
    assert (["unsure"], Problem.NO_ANSWER) == (states(site), mails(site)[0].trouble and mails(site)[0].trouble.problem)  # type: ignore[union-attr]
    let_pass(timedelta(days=1))
    tasks.send_due(site)
    assert (["unsure"], 1) == (states(site), len(post.taken))


def test_two_workers_send_a_mail_once(site: Site, post: Post) -> None:
    for number in range(12):
        register(site, email=f"v{number}@example.com")
    workers = [threading.Thread(target=tasks.send_due, args=(site,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {"sent"} == set(states(site))
    assert sorted(f"v{number}@example.com" for number in range(12)) == sorted(post.recipients)


def test_a_replaced_or_revoked_badge_is_not_mailed(site: Site, post: Post) -> None:
    replaced, revoked = register(site), register(site, "Bilal Khan", "bilal@example.com")
    with site.database.transaction() as session:
        badges.replace(session, site.event, replaced, now=clock.now(), by="Desk 2", actor="staff:1")
        badges.revoke(session, revoked.id, now=clock.now(), actor="staff:1", reason="stolen")
    let_pass(timedelta(seconds=1))
    tasks.send_due(site)
    assert (["dropped", "dropped"], []) == (states(site), post.taken)


def test_nothing_is_mailed_when_the_expo_is_over(site: Site, post: Post) -> None:
    register(site)
    let_pass(timedelta(days=5))
    tasks.send_due(site)
    assert (["dropped"], []) == (states(site), post.taken)


def test_a_template_with_mistakes_puts_the_mail_off_and_says_so(
    site: Site, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    register(site)
    own = site.settings.templates / "a4-fold.toml"
    own.parent.mkdir()
    own.write_text("title = ", "utf-8")
    tasks.send_due(site)
    (mail,) = mails(site)
    assert ("waiting", 1, Trouble(Problem.CANNOT_DRAW)) == (mail.state, mail.tries, mail.trouble)
    assert ("a4-fold.toml" in caplog.text, "ayesha" in caplog.text.lower()) == (True, False)
    own.unlink()
    let_pass(WAITS[0])
    tasks.send_due(site)
    assert ["sent"] == states(site)


def test_a_try_never_tells_a_log_who_it_was_for(site: Site, post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="checkin")
    for number in range(3):
        register(site, f"Ayesha {number}", f"ayesha{number}@example.com")
    post.at_recipient = ["550 5.1.1 <ayesha0@example.com>", "451 <ayesha1@example.com>", "421 <ayesha2@example.com>"]
    tasks.send_due(site)
    assert "ayesha" not in caplog.text.lower()

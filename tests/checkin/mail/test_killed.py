"""A worker that is killed while it sends: nothing is lost, nothing is sent twice by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from checkin import clock
from checkin.mail.policy import STALE_AFTER
from checkin.mail.tasks import send_due
from checkin.settings import ROOT
from checkin.web import Site
from tests.checkin.mail.people import let_pass, register, states
from tests.checkin.mail.post import Post

WORK = """
from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.mail.tasks import send_due
send_due(site_of(create_app()))
"""


def kill_a_worker_at(post: Post, site: Site, word: str) -> None:
    """A process of its own sends what is due, and is killed when the server has heard `word`."""
    settings = site.settings
    environment = {
        "CHECKIN_INSTANCE": str(settings.instance),
        "CHECKIN_DATABASE_URL": settings.database_url,
        "CHECKIN_SECRET_KEY": settings.secret_key,
        "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
        "CHECKIN_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "CHECKIN_CLOCK_SHIFT": str((clock.now() - datetime.now(UTC)).total_seconds()),
    }
    post.stops_at = word
    worker = subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT, env=os.environ | environment)
    try:
        assert post.hears.wait(30)
    finally:
        worker.kill()
        worker.wait()
    post.stops_at = ""
    post.goes_on.set()


def test_killed_before_the_server_heard_of_the_mail_it_is_sent_by_the_next(site: Site, post: Post) -> None:
    register(site)
    kill_a_worker_at(post, site, "EHLO")
    assert ["waiting"] == states(site)
    send_due(site)
    assert (["sent"], 1) == (states(site), len(post.taken))


@pytest.mark.parametrize("word", ["RCPT", "DATA"])
def test_killed_while_it_talks_the_mail_is_unsure_and_waits_for_a_person(site: Site, post: Post, word: str) -> None:
    register(site)
    register(site, "Bilal Khan", "bilal@example.com")
    kill_a_worker_at(post, site, word)
    send_due(site)
    assert ["sending", "sent"] == states(site)
    let_pass(STALE_AFTER + timedelta(seconds=1))
    send_due(site)
    let_pass(timedelta(days=1))
    send_due(site)
    assert ["unsure", "sent"] == states(site)
    assert 1 == post.recipients.count("bilal@example.com")

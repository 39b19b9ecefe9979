"""An installation that sends mails, and a server that takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from checkin.launch.serve import site_of
from checkin.settings import Settings, SmtpServer
from checkin.web import Site
from tests.checkin.mail.post import Post, open_post
from tests.installed import installed

MAIL = '\n[mail]\nfrom = "badges@expo.example.org"\nreply_to = "info@expo.example.org"\n'


@pytest.fixture
def post() -> Iterator[Post]:
    controller, post = open_post()
    yield post
    controller.stop()


@pytest.fixture
def mailing(settings: Settings, post: Post) -> Settings:
    """Settings of an event that sends mails to `post`."""
    with settings.event_file.open("a", encoding="utf-8") as file:
        file.write(MAIL)
    return replace(settings, smtp=SmtpServer.parse(f"smtp://127.0.0.1:{post.port}"))


@pytest.fixture
def app(mailing: Settings) -> Iterator[Flask]:
    with installed(mailing) as app:
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)

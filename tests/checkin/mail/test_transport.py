"""The line to the mail server: encrypted, to the right host, signed in, and silent about the password."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email.message import EmailMessage
from ipaddress import ip_network
from pathlib import Path

import pytest

from checkin.mail.model import Accepted, Never, NotNow, Outcome, Problem, Trouble, Unknown
from checkin.mail.tasks import send_due
from checkin.mail.transport import NoServerError, connect
from checkin.settings import Security, Settings, SettingsError, SmtpServer
from checkin.venue import authority
from checkin.venue.model import Scope
from checkin.web import Site
from tests.checkin.mail.people import mails, register, states
from tests.checkin.mail.post import Post, open_post
from tests.checkin.venue.certificates import make_pair, pem

PASSWORD = "a-word-nobody-may-read"
Open = Callable[..., tuple[SmtpServer, Post]]


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a server with a certificate for `host`; this machine trusts who signed it, unless told not to."""
    with ExitStack() as ends:

        def open_encrypted(host: str = "127.0.0.1", *, trusted: bool = True) -> tuple[SmtpServer, Post]:
            own, signed = make_pair(Scope(networks=(ip_network("127.0.0.0/8"),)), host)
            (tmp_path / "server.crt").write_bytes(pem(signed))
            (tmp_path / "server.key").write_bytes(authority.key_pem(signed.key))
            (tmp_path / "anchor.crt").write_bytes(pem(own))
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "anchor.crt"))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tmp_path / "server.crt", tmp_path / "server.key")
            controller, post = open_post(login=("expo", PASSWORD), tls=context)
            ends.callback(controller.stop)
            return SmtpServer.parse(f"smtp+starttls://expo:{PASSWORD}@127.0.0.1:{post.port}"), post

        yield open_encrypted


def using(site: Site, server: SmtpServer) -> Site:
    return replace(site, settings=replace(site.settings, smtp=server))


def test_with_the_right_certificate_user_and_password_the_mail_goes(site: Site, encrypted: Open) -> None:
    server, post = encrypted()
    register(site)
    send_due(using(site, server))
    assert (["sent"], 1) == (states(site), len(post.taken))


@pytest.mark.parametrize(("host", "trusted"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_a_wrong_certificate_gets_neither_mail_nor_password(
    site: Site,
    encrypted: Open,
    host: str,
    trusted: bool,  # noqa: FBT001
) -> None:
    server, post = encrypted(host, trusted=trusted)
    register(site)
    send_due(using(site, server))
    assert (["waiting"], []) == (states(site), post.recipients)
    assert Trouble(Problem.CERTIFICATE) == mails(site)[0].trouble


def test_a_server_without_encryption_gets_nothing_where_it_was_asked_for(site: Site, post: Post) -> None:
    register(site)
    for url, problem in (
        (f"smtp+starttls://127.0.0.1:{post.port}", Problem.NO_TLS),
        (f"smtps://127.0.0.1:{post.port}", Problem.NO_TLS),
    ):
        with pytest.raises(NoServerError) as caught, connect(SmtpServer.parse(url)):
            pass
        assert problem is caught.value.trouble.problem
    assert [] == post.recipients


def test_a_wrong_password_is_said_and_told_to_nobody(
    site: Site, encrypted: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="checkin")
    server, _ = encrypted()
    wrong = replace(server, password=PASSWORD + "x")
    register(site)
    send_due(using(site, wrong))
    (mail,) = mails(site)
    assert (Problem.SIGN_IN, "535") == (mail.trouble and mail.trouble.problem, mail.trouble and mail.trouble.code[:3])
    assert ("sign_in" in caplog.text, PASSWORD in caplog.text) == (True, False)
    with pytest.raises(NoServerError) as caught, connect(wrong):
        pass
    assert (False, None, True) == (
        PASSWORD in repr(caught.value) + str(caught.value),
        caught.value.__cause__,
        caught.value.__suppress_context__,
    )
    assert PASSWORD not in repr(using(site, wrong))


def test_a_line_that_is_only_a_dot_does_not_end_the_message(post: Post) -> None:
    message = EmailMessage()
    message["Subject"] = "Dots"
    message.set_content("before\n.\n..two\nafter\n")
    with connect(SmtpServer.parse(f"smtp://127.0.0.1:{post.port}")) as line:
        assert Accepted() == line.deliver(message, sender="a@example.org", recipient="b@example.org")
    assert ["before", ".", "..two", "after"] == post.taken[0].get_content().splitlines()


def test_one_line_carries_many_messages_and_goes_on_after_a_refusal(post: Post) -> None:
    message = EmailMessage()
    message.set_content("hello")
    post.at_recipient = ["550 5.1.1 no", "250 OK", "450 4.2.2 full"]
    with connect(SmtpServer.parse(f"smtp://127.0.0.1:{post.port}")) as line:
        outcomes = [line.deliver(message, sender="a@example.org", recipient="b@example.org") for _ in range(4)]
    assert [
        Never(Trouble(Problem.ADDRESS, "550 5.1.1")),
        Accepted(),
        NotNow(Trouble(Problem.NOT_NOW, "450 4.2.2")),
        Accepted(),
    ] == outcomes


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        (Never(Trouble(Problem.CONTENT, "554 5.7.1")), "554 5.7.1 spam"),
        (NotNow(Trouble(Problem.NOT_NOW, "452 4.3.1")), "452 4.3.1 disk full"),
        (Unknown(Trouble(Problem.NO_ANSWER)), "hang up"),
    ],
)
def test_what_the_server_says_to_the_whole_message_decides(post: Post, outcome: Outcome, answer: str) -> None:
    message = EmailMessage()
    message.set_content("hello")
    post.at_content = [answer]
    with connect(SmtpServer.parse(f"smtp://127.0.0.1:{post.port}")) as line:
        assert outcome == line.deliver(message, sender="a@example.org", recipient="b@example.org")


def test_a_password_for_a_server_that_asks_for_none_is_said(post: Post) -> None:
    server = replace(SmtpServer.parse(f"smtp://127.0.0.1:{post.port}"), user="expo", password=PASSWORD)
    with pytest.raises(NoServerError) as caught, connect(server):
        pass
    assert Trouble(Problem.SIGN_IN) == caught.value.trouble


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (SmtpServer(host="localhost", port=25, security=Security.NONE), "smtp://localhost"),
        (SmtpServer(host="mail.example.org", port=465, security=Security.TLS), "smtps://mail.example.org/"),
        (
            SmtpServer(host="h", port=2525, security=Security.STARTTLS, user="a@b", password="p:/#%"),
            "smtp+starttls://a%40b:p%3A%2F%23%25@h:2525",
        ),
    ],
)
def test_the_environment_says_where_mails_go(server: SmtpServer, url: str, tmp_path: Path) -> None:
    settings = Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_SMTP_URL": url})
    assert server == settings.smtp
    assert "p:/#%" not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtps://",
        f"smtp://u:{PASSWORD}@mail.example.org",
        f"smtps://u:{PASSWORD}#x@mail.example.org",
        f"smtps://u:{PASSWORD}@mail.example.org:99999",
        f"smtps://u:{PASSWORD}@mail.example.org/inbox",
        f"smtps://u:{PASSWORD}ü@mail.example.org",
        f"smtps://:{PASSWORD}@mail.example.org",
        "smtps://u@mail.example.org",
        f"smtps://u:{PASSWORD}@[::1",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CHECKIN_SMTP_URL") as caught:
        Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_SMTP_URL": url})
    assert (False, None) == (PASSWORD in str(caught.value), caught.value.__context__)


def test_no_server_is_no_mistake(tmp_path: Path) -> None:
    assert Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_SMTP_URL": ""}).smtp is None

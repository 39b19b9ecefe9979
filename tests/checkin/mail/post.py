"""A real mail server for tests: it listens on a port of this machine and answers as it is told."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"


@dataclass
class Post:
    """What the server took, and what it is going to answer: one of a list after the other, then 250."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at_sender: list[str] = field(default_factory=list)
    at_recipient: list[str] = field(default_factory=list)
    at_content: list[str] = field(default_factory=list)
    login: tuple[str, str] | None = None
    stops_at: str = ""  # EHLO, RCPT or DATA: it hears it, and says nothing until it goes on
    hears: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        await self._stop_at("EHLO")
        session.host_name = hostname
        return answers

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.at_sender.pop(0) if self.at_sender else OK
        if answer == OK:
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        await self._stop_at("RCPT")
        self.recipients.append(address)
        answer = self.at_recipient.pop(0) if self.at_recipient else OK
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        await self._stop_at("DATA")
        answer = self.at_content.pop(0) if self.at_content else OK
        if answer.startswith("2") or answer == "hang up":
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        if answer == "hang up":
            server.transport.abort()
        return answer

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == self.login
        return AuthResult(success=known, handled=False)

    async def _stop_at(self, word: str) -> None:
        if word == self.stops_at:
            self.hears.set()
            await asyncio.to_thread(self.goes_on.wait)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def open_post(
    port: int = 0, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> tuple[Controller, Post]:
    """A server that listens; `login` (with `tls`, by STARTTLS): the only user and password that it knows."""
    post = Post(port or free_port(), login=login)
    more: dict[str, Any] = {}
    if tls is not None:
        more |= {"tls_context": tls, "require_starttls": True}
    if login is not None:
        more |= {"authenticator": post.authenticate, "auth_required": True}
    controller = Controller(post, hostname="127.0.0.1", port=post.port, **more)
    controller.start()
    return controller, post

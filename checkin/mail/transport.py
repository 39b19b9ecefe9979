"""A conversation with the mail server: its answers become outcomes; its words are neither kept nor logged."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import policy
from email.message import EmailMessage
from typing import Final

from checkin.mail.model import Accepted, Never, NotNow, Outcome, Problem, Trouble, Unknown
from checkin.settings import Security, SmtpServer

HELLO_S: Final = 10  # for a server to be reached: a worker has other things to do
ANSWER_S: Final = 60  # for each answer: a server may look into a message before it takes it
_TAKEN: Final = (250, 251)
_GO_AHEAD: Final = 354
_GOING_AWAY: Final = 421  # says so of itself, whatever it was asked
_FOR_GOOD: Final = 500
_ENHANCED = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")  # RFC 3463: says more than the three digits
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class NoServerError(Exception):
    """The server cannot be used at the moment: no mail's fault."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.problem, trouble.code)
        self.trouble = trouble


class Line:
    """A server that listens, and knows us."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def deliver(self, message: EmailMessage, *, sender: str, recipient: str) -> Outcome:
        """Hand one message over; `is_open` then says whether another may follow."""
        try:
            refusal = self._greet(sender, recipient) or self._write(message)
        except (smtplib.SMTPException, OSError):
            self._smtp.close()
            return NotNow(Trouble(Problem.BROKE_OFF))
        if refusal is not None:
            return refusal
        return self._answer()

    @property
    def is_open(self) -> bool:
        """Whether the server still listens."""
        return self._smtp.sock is not None

    def _greet(self, sender: str, recipient: str) -> Outcome | None:
        code, words = self._smtp.mail(sender)
        if code not in _TAKEN:
            return self._refused(code, words, NotNow(Trouble(Problem.SENDER, _code(code, words))))
        code, words = self._smtp.rcpt(recipient)
        if code not in _TAKEN:
            return self._refused(code, words, Never(Trouble(Problem.ADDRESS, _code(code, words))))
        return None

    def _write(self, message: EmailMessage) -> Outcome | None:
        code, words = self._smtp.docmd("DATA")
        if code != _GO_AHEAD:
            return self._refused(code, words, Never(Trouble(Problem.CONTENT, _code(code, words))))
        content = _LEADING_DOT.sub(b"..", message.as_bytes(policy=policy.SMTP))
        # In one piece with the dot that ends it: if this raises, the end has not left us, and nobody has the message.
        self._smtp.send(content + b".\r\n")
        return None

    def _answer(self) -> Outcome:
        """What the server says to the whole message. Silence is no answer: it may have it."""
        try:
            code, words = self._smtp.getreply()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()
            return Unknown(Trouble(Problem.NO_ANSWER))
        if code in _TAKEN:
            return Accepted()
        if code < 0:
            self._smtp.close()
            return Unknown(Trouble(Problem.NO_ANSWER))
        return self._refused(code, words, Never(Trouble(Problem.CONTENT, _code(code, words))))

    def _refused(self, code: int, words: bytes, for_good: Outcome) -> Outcome:
        """`for_good` for a 5xx; any other answer is not for ever. Leaves the line ready for another message."""
        if code == _GOING_AWAY:
            self._smtp.close()
            return NotNow(Trouble(Problem.NO_CONNECTION, _code(code, words)))
        try:
            self._smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()
        return for_good if code >= _FOR_GOOD else NotNow(Trouble(Problem.NOT_NOW, _code(code, words)))


@contextmanager
def connect(server: SmtpServer) -> Iterator[Line]:
    """A line to `server`, encrypted and signed in as its settings say. Raises NoServerError."""
    smtp = _opened(server)
    try:
        yield Line(smtp)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
        smtp.close()


def _opened(server: SmtpServer) -> smtplib.SMTP:
    context = ssl.create_default_context()  # checks the certificate, and that it is this host's
    smtp: smtplib.SMTP | None = None
    try:
        if server.security is Security.TLS:
            smtp = smtplib.SMTP_SSL(server.host, server.port, context=context, timeout=HELLO_S)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=HELLO_S)
        smtp.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS:
            smtp.starttls(context=context)
        if server.user:
            smtp.login(server.user, server.password)
        if smtp.sock is not None:
            smtp.sock.settimeout(ANSWER_S)
    except (smtplib.SMTPException, OSError) as error:
        if smtp is not None:
            smtp.close()
        # `from None`: what the server said, and whom it knows us as, is nothing for a log.
        raise NoServerError(_trouble_of(error, signing_in=smtp is not None and server.user != "")) from None
    return smtp


def _trouble_of(error: Exception, *, signing_in: bool) -> Trouble:
    match error:
        case ssl.SSLCertVerificationError():
            return Trouble(Problem.CERTIFICATE)
        case ssl.SSLError():
            return Trouble(Problem.NO_TLS)
        case smtplib.SMTPAuthenticationError():
            return Trouble(Problem.SIGN_IN, _code(error.smtp_code, error.smtp_error))
        case smtplib.SMTPNotSupportedError():
            is_about_tls = "STARTTLS" in str(error)
            return Trouble(Problem.SIGN_IN if signing_in and not is_about_tls else Problem.NO_TLS)
        case smtplib.SMTPResponseException():
            return Trouble(Problem.NO_CONNECTION, _code(error.smtp_code, error.smtp_error))
        case _:
            return Trouble(Problem.NO_CONNECTION)


def _code(code: int, words: bytes | str) -> str:
    """`550 5.1.1`: what the server said, without its words, which may hold the address."""
    found = _ENHANCED.match(words.encode() if isinstance(words, str) else words)
    return f"{code} {found[0].decode()}" if found else str(code)

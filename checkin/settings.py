"""Where this installation keeps its state, and its secrets: read once from the environment, then frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
_JOBS_SCHEME = "sqlite:///"  # what follows is a path: absolute ones have a fourth slash, but for Windows' own


class SettingsError(Exception):
    """A setting cannot be used; the message says which and what to do."""


class Security(Enum):
    """How the mail server is spoken to: the scheme of its address, and the port that is usual for it."""

    NONE = ("smtp", 25)
    STARTTLS = ("smtp+starttls", 587)
    TLS = ("smtps", 465)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mails are handed over. `user` is empty where the server asks for none."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """The server of `smtp+starttls://user:password@host:587`. Raises SettingsError, which never repeats the URL."""
        security = next((one for one in Security if url.startswith(f"{one.value[0]}://")), None)
        if security is None:
            raise SettingsError(
                f"CHECKIN_SMTP_URL must begin with smtp://, smtp+starttls:// or smtps://. {_SMTP_SHAPE}"
            )
        try:
            parts = urlsplit(url)
            port = parts.port or security.value[1]
        except ValueError:  # none of its own words: they repeat the address
            parts, port = urlsplit(""), 0
        if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise SettingsError(f"CHECKIN_SMTP_URL is no address of a mail server. {_SMTP_SHAPE}")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) != bool(password) or not (user + password).isascii():
            raise SettingsError(f"CHECKIN_SMTP_URL needs both user and password, in plain letters. {_SMTP_SHAPE}")
        if user and security is Security.NONE:
            raise SettingsError(
                "CHECKIN_SMTP_URL would send the password unencrypted: use smtp+starttls:// or smtps://."
            )
        return cls(host=parts.hostname, port=port, security=security, user=user, password=password)


_SMTP_SHAPE = (
    "It looks like smtp+starttls://user:password@mail.example.org:587; in user and password write %40 for @, "
    "%3A for :, %2F for /, %23 for #, %3F for ? and %25 for %."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations of the same code, but for the event file."""

    instance: Path
    database_url: str
    secret_key: str
    token_master: bytes
    clock_shift: timedelta = timedelta()
    smtp: SmtpServer | None = None
    jobs_url: str = ""

    @property
    def event_file(self) -> Path:
        return self.instance / "event.toml"

    @property
    def templates(self) -> Path:
        """The organiser's own badge templates, with their pictures."""
        return self.instance / "templates"

    @property
    def tls(self) -> Path:
        return self.instance / "tls"

    @property
    def jobs_file(self) -> Path:
        """The SQLite file in which background jobs queue."""
        return Path(self.jobs_url.removeprefix(_JOBS_SCHEME)) if self.jobs_url else self.instance / "jobs.sqlite3"

    @property
    def prints(self) -> Path:
        """The PDFs of print runs, a folder each."""
        return self.instance / "print"

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the environment; make the instance folder and missing secrets (mode 0600). Raises SettingsError."""
        instance = Path(environ.get("CHECKIN_INSTANCE") or ROOT / "instance").resolve()
        instance.mkdir(parents=True, exist_ok=True)
        master = environ.get("CHECKIN_TOKEN_MASTER") or _secret(instance / "token_master")
        try:
            token_master = bytes.fromhex(master)
        except ValueError:
            raise SettingsError("CHECKIN_TOKEN_MASTER is not hexadecimal: give 64 digits from 0-9 and a-f.") from None
        if len(token_master) < 32:  # noqa: PLR2004 - 256 bits, the strength of HMAC-SHA256
            raise SettingsError("CHECKIN_TOKEN_MASTER is too short: give 64 hexadecimal digits or more.")
        secret_key = environ.get("CHECKIN_SECRET_KEY") or _secret(instance / "secret_key")
        if len(secret_key) < 32:  # noqa: PLR2004 - 128 bits as hexadecimal digits
            raise SettingsError("CHECKIN_SECRET_KEY is too short: give 32 characters or more.")
        smtp_url = environ.get("CHECKIN_SMTP_URL")
        jobs_url = environ.get("CHECKIN_JOBS_URL") or ""
        if jobs_url and not jobs_url.startswith(_JOBS_SCHEME):
            raise SettingsError(
                f"CHECKIN_JOBS_URL must name a SQLite file, as {_JOBS_SCHEME}/var/lib/checkin/jobs.sqlite3."
            )
        return cls(
            instance=instance,
            database_url=environ.get("CHECKIN_DATABASE_URL")
            or f"sqlite:///{(instance / 'checkin.sqlite3').as_posix()}",
            secret_key=secret_key,
            token_master=token_master,
            clock_shift=timedelta(seconds=float(environ.get("CHECKIN_CLOCK_SHIFT") or 0)),
            smtp=SmtpServer.parse(smtp_url) if smtp_url else None,
            jobs_url=jobs_url,
        )


def _secret(path: Path) -> str:
    """The secret kept in `path`, made there once; O_EXCL lets only one of two first starts make it."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path.read_text("ascii").strip()

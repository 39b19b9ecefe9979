"""Where this installation keeps its state, and its secrets: read once from the environment, then frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parent.parent
JOBS_ON_SQLITE: Final = "sqlite:///"  # what follows is a path: absolute ones have a fourth slash, but for Windows' own
_FOLDER, _BUCKET = "file://", "s3://"
COUNTS: Final = "PROMETHEUS_MULTIPROC_DIR"  # the library's own word: where several processes count together
_MOST_PROXIES = 9
_MOST_PROCESSES = 64
_JOBS_ON_SERVERS = ("postgres://", "postgresql://", "postgresql+psycopg://", "redis://", "rediss://")


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
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    token_master: bytes = field(repr=False)
    clock_shift: timedelta = timedelta()
    smtp: SmtpServer | None = None
    jobs_url: str = field(default="", repr=False)
    files_url: str = ""
    proxies: int = 0
    web_processes: int = 1
    read_database_url: str = field(default="", repr=False)  # a replica, for figures and exports
    metrics_key: str = field(default="", repr=False)
    slow_ms: int = 200
    # For tests alone, so no variable sets it: the authority of a receiver of webhooks on this very machine.
    webhook_trial: Path | None = None

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
    def queue_url(self) -> str:
        """Where background jobs queue: where it is said, else on a PostgreSQL database too, else in a SQLite file."""
        if self.jobs_url or self.database_url.startswith("postgres"):
            return self.jobs_url or self.database_url
        return f"{JOBS_ON_SQLITE}{(self.instance / 'jobs.sqlite3').as_posix()}"

    @property
    def bucket_url(self) -> str:
        """The S3 bucket, and what its keys begin with, of what workers make and pages hand out; empty: a folder."""
        return self.files_url if self.files_url.startswith(_BUCKET) else ""

    @property
    def prints(self) -> Path:
        """The PDFs of print runs, a folder each, where there is no bucket."""
        shared = self.files_url and not self.bucket_url
        return (Path(url2pathname(urlsplit(self.files_url).path)) if shared else self.instance) / "print"

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
        return cls(
            instance=instance,
            database_url=environ.get("CHECKIN_DATABASE_URL")
            or f"sqlite:///{(instance / 'checkin.sqlite3').as_posix()}",
            secret_key=secret_key,
            token_master=token_master,
            clock_shift=timedelta(seconds=float(environ.get("CHECKIN_CLOCK_SHIFT") or 0)),
            smtp=SmtpServer.parse(smtp_url) if smtp_url else None,
            jobs_url=_jobs_url(environ.get("CHECKIN_JOBS_URL") or ""),
            files_url=_files_url(environ.get("CHECKIN_FILES_URL") or ""),
            proxies=_proxies(environ.get("CHECKIN_PROXIES") or "0"),
            web_processes=_web_processes(environ.get("CHECKIN_WEB_PROCESSES") or "1"),
            read_database_url=environ.get("CHECKIN_READ_DATABASE_URL") or "",
            metrics_key=environ.get("CHECKIN_METRICS_KEY") or "",
            slow_ms=_slow_ms(environ.get("CHECKIN_SLOW_MS") or "200"),
        )


def _jobs_url(url: str) -> str:
    if url and not url.startswith((JOBS_ON_SQLITE, *_JOBS_ON_SERVERS)):
        raise SettingsError(
            f"CHECKIN_JOBS_URL must begin with {JOBS_ON_SQLITE} and name a file, as "
            f"{JOBS_ON_SQLITE}/var/lib/checkin/jobs.sqlite3, or begin with postgresql://, redis:// or rediss://."
        )
    return url


def _files_url(url: str) -> str:
    """As it was given, without a slash at the end; nothing of it is repeated where it holds a password."""
    parts = urlsplit(url)
    if not url or (url.startswith(_FOLDER) and not parts.netloc and len(parts.path) > 1):
        return url.rstrip("/")
    if "@" in parts.netloc:
        raise SettingsError("CHECKIN_FILES_URL holds no keys: give them as AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.")
    if not url.startswith(_BUCKET) or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(
            "CHECKIN_FILES_URL must name a folder that all machines share, as file:///srv/checkin, or a bucket, as "
            "s3://checkin/lahore-2026."
        )
    return url.rstrip("/")


def _proxies(count: str) -> int:
    if not (count.isascii() and count.isdigit() and int(count) <= _MOST_PROXIES):
        raise SettingsError(
            f"CHECKIN_PROXIES is the number of proxies in front of this server, 0 to {_MOST_PROXIES}: as many of the "
            "addresses in X-Forwarded-For are believed."
        )
    return int(count)


def _web_processes(count: str) -> int:
    if not (count.isascii() and count.isdigit() and 1 <= int(count) <= _MOST_PROCESSES):
        raise SettingsError(
            f"CHECKIN_WEB_PROCESSES is how many processes answer requests, 1 to {_MOST_PROCESSES}: with PostgreSQL as "
            "many as there are cores."
        )
    return int(count)


def _slow_ms(milliseconds: str) -> int:
    if not (milliseconds.isascii() and milliseconds.isdigit()):
        raise SettingsError("CHECKIN_SLOW_MS is a number of milliseconds: what the database takes longer for is told.")
    return int(milliseconds)


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

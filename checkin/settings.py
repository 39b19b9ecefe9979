"""Where this installation keeps its state, and its secrets: read once from the environment, then frozen."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that differs between two installations of the same code, but for the event file."""

    instance: Path
    database_url: str
    secret_key: str
    token_master: bytes
    clock_shift: timedelta = timedelta()

    @property
    def event_file(self) -> Path:
        return self.instance / "event.toml"

    @property
    def tls(self) -> Path:
        return self.instance / "tls"

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
        return cls(
            instance=instance,
            database_url=environ.get("CHECKIN_DATABASE_URL")
            or f"sqlite:///{(instance / 'checkin.sqlite3').as_posix()}",
            secret_key=secret_key,
            token_master=token_master,
            clock_shift=timedelta(seconds=float(environ.get("CHECKIN_CLOCK_SHIFT") or 0)),
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

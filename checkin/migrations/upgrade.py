"""Bring a database to the schema of this code, and compare the two."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from checkin import clock
from checkin.database import Database
from checkin.engines import PATIENCE_S
from checkin.jobs.model import QUEUE_TABLES
from checkin.programme.epoch import ensure_epoch
from checkin.schema import metadata

_LOCK: Final = 0x6D69 << 40  # of PostgreSQL's advisory locks, which are numbers that all capabilities share
# For another upgrade we wait however long it takes; for a lock of someone at work no longer than usual.
_ALONE: Final = (
    "SET LOCAL lock_timeout = 0",
    f"SELECT pg_advisory_xact_lock({_LOCK})",
    f"SET LOCAL lock_timeout = '{PATIENCE_S}s'",
)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file: the scripts lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database) -> tuple[str | None, str | None]:
    """Run every migration that is missing, all or none, and see to an epoch; the revisions before and after.

    Whoever else upgrades at this moment, on whatever machine, waits, and finds it done.
    """
    with database.transaction() as session:
        connection = session.connection()
        if not database.is_sqlite:  # there a transaction is alone anyway
            for words in _ALONE:
                connection.exec_driver_sql(words)
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(configuration(connection), "head")
        after = MigrationContext.configure(connection).get_current_revision()
        ensure_epoch(session, clock.now())
    return before, after


def newest() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def revision_of(database: Database) -> str | None:
    """The revision that the database has; None when it is empty."""
    with database.snapshot() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def differences(database: Database) -> list[object]:
    """Where the models and the migrated database differ; empty when they agree."""
    with database.snapshot() as session:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or not _is_a_queues(name),
        }
        context = MigrationContext.configure(session.connection(), opts=options)
        return list(compare_metadata(context, metadata))


def _is_a_queues(table: str) -> bool:
    """Jobs may queue in the same database, in tables that Huey makes."""
    return table.startswith(QUEUE_TABLES)

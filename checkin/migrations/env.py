"""Alembic's way in: the connection is given by whoever upgrades, so that there is one place that opens databases."""

from alembic import context
from sqlalchemy import Connection

from checkin.schema import metadata

connection = context.config.attributes["connection"]
if not isinstance(connection, Connection):
    raise TypeError("migrations run through checkin.migrations.upgrade")
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()

"""What machines were told"""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("templates", sa.String(length=64), nullable=False),
        sa.Column("secret_key", sa.String(length=64), nullable=False),
        sa.Column("token_master", sa.String(length=64), nullable=False),
        sa.Column("started_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_machine")),
    )

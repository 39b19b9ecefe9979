"""Sums of attendance: everything that waits is counted into them by whoever serves next."""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally_scan",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=4), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("discrepancies", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "gate", "hour", "zone", "direction", "verdict", "category", name=op.f("pk_tally_scan")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_people",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("newcomers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "key", "category", name=op.f("pk_tally_people")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_share",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_tally_share")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("counted_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_state")),
    )

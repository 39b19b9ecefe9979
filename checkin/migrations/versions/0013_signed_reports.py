"""Signed reports"""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("signed_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("scope", "revision", name=op.f("uq_report_scope_revision")),
    )
    op.create_table(
        "report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mail")),
        sa.UniqueConstraint("day", "address", name=op.f("uq_report_mail_day_address")),
    )

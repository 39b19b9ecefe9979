"""API keys and webhooks"""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("handle", sa.String(length=8), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("expires_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("handle", name=op.f("uq_api_key_handle")),
    )
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=43), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("made_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_told",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_webhook_told")),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("message", name=op.f("uq_webhook_delivery_message")),
    )
    op.create_index(
        op.f("ix_webhook_delivery_state_webhook_delivery_next_try_at"),
        "webhook_delivery",
        ["state", "next_try_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_webhook_delivery_webhook_id_webhook_delivery_id"),
        "webhook_delivery",
        ["webhook_id", "id"],
        unique=False,
    )

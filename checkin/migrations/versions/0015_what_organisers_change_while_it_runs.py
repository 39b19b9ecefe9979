"""What organisers change over the event file while the expo runs, and tablets that they send to another gate."""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programme_change",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "slug", "number", name=op.f("pk_programme_change")),
    )
    op.create_table(
        "device_move",
        sa.Column("device_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("wanted_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_move_device_id_device")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_move")),
    )

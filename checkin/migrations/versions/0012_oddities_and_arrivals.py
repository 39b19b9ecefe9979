"""Oddities with what was said of them, suspected doubles, and the watch list; everything is looked at once anew."""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gate_heard",
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("gate", "day", name=op.f("pk_gate_heard")),
    )
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("which", sa.String(length=120), nullable=False),
        sa.Column("added_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=120), nullable=False),
        sa.Column("ended_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("kind", "which", name=op.f("uq_watch_kind_which")),
    )

    op.create_table(
        "oddity",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_oddity_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_oddity")),
    )
    op.create_index(op.f("ix_oddity_kind_oddity_at"), "oddity", ["kind", "at"], unique=False)
    op.create_index(op.f("ix_oddity_subject"), "oddity", ["subject"], unique=False)
    op.create_index(op.f("ix_oddity_visitor_id"), "oddity", ["visitor_id"], unique=False)

    op.create_table(
        "oddity_settled",
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("settled_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("gate", sa.String(length=64), nullable=False),
        sa.Column("other", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_oddity_settled_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_oddity_settled")),
    )
    op.create_index(op.f("ix_oddity_settled_kind_oddity_settled_at"), "oddity_settled", ["kind", "at"], unique=False)
    op.create_index(op.f("ix_oddity_settled_visitor_id"), "oddity_settled", ["visitor_id"], unique=False)

    op.create_table(
        "visitor_compared",
        sa.Column("visitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_compared_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_visitor_compared")),
    )
    op.create_table(
        "visitor_likeness",
        sa.Column("digest", sa.String(length=40), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_likeness_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "visitor_id", name=op.f("pk_visitor_likeness")),
    )
    op.create_index(op.f("ix_visitor_likeness_visitor_id"), "visitor_likeness", ["visitor_id"], unique=False)

    op.create_index(op.f("ix_visitor_group"), "visitor", ["group"], unique=False)

    # Whoever has scans is counted anew, which changes no figure and finds what is odd.
    op.execute("INSERT INTO recount (visitor_id) SELECT DISTINCT visitor_id FROM scan WHERE visitor_id IS NOT NULL")
    op.execute("INSERT INTO recount (scan_id) SELECT id FROM scan WHERE visitor_id IS NULL")

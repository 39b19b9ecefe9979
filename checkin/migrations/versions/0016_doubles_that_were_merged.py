"""Doubles that were merged"""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("double_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=True),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"],
            ["visitor_correction.id"],
            name=op.f("fk_visitor_merge_correction_id_visitor_correction"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["double_id"], ["visitor.id"], name=op.f("fk_visitor_merge_double_id_visitor"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["visitor.id"], name=op.f("fk_visitor_merge_kept_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_merge")),
    )
    for column in ("at", "double_id", "kept_id"):
        op.create_index(op.f(f"ix_visitor_merge_{column}"), "visitor_merge", [column], unique=False)
    op.create_table(
        "visitor_separation",
        sa.Column("merge_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"],
            ["visitor_merge.id"],
            name=op.f("fk_visitor_separation_merge_id_visitor_merge"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_visitor_separation")),
    )
    op.create_index(op.f("ix_visitor_separation_at"), "visitor_separation", ["at"], unique=False)
    op.create_table(
        "visitor_double",
        sa.Column("visitor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kept_id"], ["visitor.id"], name=op.f("fk_visitor_double_kept_id_visitor"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_double_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visitor_id", name=op.f("pk_visitor_double")),
    )
    op.create_index(op.f("ix_visitor_double_kept_id"), "visitor_double", ["kept_id"], unique=False)

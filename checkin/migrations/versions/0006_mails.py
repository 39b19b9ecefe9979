"""Mails: one for each issue of a badge"""

import sqlalchemy as sa
from alembic import op

import checkin.database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("made_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", checkin.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_mail_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("number", "issue", "kind", name=op.f("uq_mail_number_issue_kind")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_state_mail_next_try_at"), ["state", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_visitor_id"), ["visitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_address_mail_made_at"), ["address", "made_at"], unique=False)

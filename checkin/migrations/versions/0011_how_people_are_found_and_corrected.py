"""How people are found and corrected"""

import sqlalchemy as sa
from alembic import op

import checkin.database
from checkin.visitors.folding import words_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AT_ONCE = 2_000  # visitors


def upgrade() -> None:
    op.create_table(
        "visitor_word",
        sa.Column(
            "word",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_word_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "visitor_id", name=op.f("pk_visitor_word")),
    )
    _fill(op.get_bind())
    op.create_index(op.f("ix_visitor_word_visitor_id"), "visitor_word", ["visitor_id"], unique=False)
    op.create_table(
        "visitor_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=False),
        sa.Column("at", checkin.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["visitor_correction.id"],
            name=op.f("fk_visitor_correction_undoes_visitor_correction"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["visitor.id"], name=op.f("fk_visitor_correction_visitor_id_visitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_correction")),
        sa.UniqueConstraint("undoes", name=op.f("uq_visitor_correction_undoes")),
    )
    op.create_index(op.f("ix_visitor_correction_visitor_id"), "visitor_correction", ["visitor_id"], unique=False)


def _fill(connection: sa.Connection) -> None:
    """The words of everybody who is there already."""
    names = ("id", "name", "name_ur", "organisation", "phone")
    visitor = sa.table("visitor", *map(sa.column, names))
    word = sa.table("visitor_word", sa.column("word"), sa.column("visitor_id"))
    last = 0
    while True:
        some = sa.select(*visitor.c).where(visitor.c.id > last).order_by(visitor.c.id).limit(AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        last = rows[-1].id
        found = [
            {"word": one, "visitor_id": row.id}
            for row in rows
            for one in sorted(words_of((row.name, row.name_ur, row.organisation), row.phone))
        ]
        if found:
            connection.execute(sa.insert(word), found)

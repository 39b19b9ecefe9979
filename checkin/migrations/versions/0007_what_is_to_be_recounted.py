"""What is to be recounted: at first, everything."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recount",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visitor_id", sa.Integer(), nullable=True),
        sa.Column("scan_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    op.execute("INSERT INTO recount (visitor_id) SELECT DISTINCT visitor_id FROM scan WHERE visitor_id IS NOT NULL")
    op.execute("INSERT INTO recount (scan_id) SELECT id FROM scan WHERE visitor_id IS NULL")

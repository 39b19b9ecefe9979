"""Scans by their moment"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_scan_scanned_at"), "scan", ["scanned_at"], unique=False)

"""Alembic's migrations, and `upgrade`. A landed migration is never changed: a new one follows it."""

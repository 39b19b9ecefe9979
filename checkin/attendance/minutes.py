"""The minute of a moment in SQL, on both databases. Local hours follow in Python: SQLite knows no time zones."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class MinuteOf(FunctionElement[str]):
    """`2026-01-24 05:30`, in UTC, as text."""

    inherit_cache = True
    name = "minute_of"
    type = String()


@compiles(MinuteOf)
def _on_postgresql(element: MinuteOf, compiler: SQLCompiler, **more: object) -> str:
    return f"to_char({compiler.process(element.clauses, **more)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"


@compiles(MinuteOf, "sqlite")
def _on_sqlite(element: MinuteOf, compiler: SQLCompiler, **more: object) -> str:
    return f"substr({compiler.process(element.clauses, **more)}, 1, 16)"

"""`column IN (these values)` as one parameter: the statement's text is the same for any number of values.

SQLAlchemy writes an IN anew for each number of values, and SQLite then prepares it anew: twice the cost of a small
SELECT. SQLite takes the values as a JSON array, PostgreSQL as an array.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, bindparam
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine


class _Values(TypeDecorator[Sequence[Any]]):
    """Texts, whole numbers or dates, as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = Text() if dialect.name == "sqlite" else postgresql.ARRAY(self.of)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> object:
        if value is None or dialect.name != "sqlite":
            return value
        return json.dumps([one.isoformat() if isinstance(one, date) else one for one in value])


class _Among(FunctionElement[Any]):
    """Of no type that SQLAlchemy knows: of a boolean function it asks on SQLite whether it is 1."""

    inherit_cache = True
    name = "among"
    type = NullType()


def among(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """Whether the column's value is one of the parameter `name`, a list of texts, whole numbers or dates."""
    return _Among(column, bindparam(name, type_=_Values(column.type)))


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **more: object) -> str:
    column, values = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - names, no values


@compiles(_Among)
def _on_postgresql(element: _Among, compiler: SQLCompiler, **more: object) -> str:
    column, values = (compiler.process(clause, **more) for clause in element.clauses)
    return f"{column} = ANY ({values})"

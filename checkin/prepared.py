"""Core statements in their compiled text, run by the driver itself, for what happens with every scan.

SQLAlchemy's own way costs eight times as much as SQLite does for a small statement. What a statement says, the types of
its parameters and columns, the transaction and the errors stay SQLAlchemy's.
"""

from __future__ import annotations

import time
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from checkin.engines import TOLD, say_less

Process = Callable[[Any], Any]
Parameters = Mapping[str, Any]
# Both take parameters by name then; nothing else of a server's dialect matters for the text.
_DIALECTS: dict[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": psycopg.dialect(),  # type: ignore[no-untyped-call]
}


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Its text with its constants, what is done to parameters and columns on their way, and what makes a row."""

    text: str
    constants: dict[str, Any]
    parameters: tuple[tuple[str, Process], ...]
    columns: tuple[tuple[int, Process], ...]
    row: Callable[[Iterable[Any]], Any]


def run(connection: Connection, statement: ClauseElement, parameters: Parameters) -> list[Any]:
    """Every row, as a tuple whose places have the columns' names. Raises what `connection.execute` would."""
    prepared = _prepare(statement, connection.dialect.name, tuple(parameters))
    rows = _told(connection, prepared, [parameters], is_many=False)
    if not prepared.columns:
        return [prepared.row(row) for row in rows]
    found = []
    for each in rows:
        row = list(each)
        for place, process in prepared.columns:
            row[place] = process(row[place])
        found.append(prepared.row(row))
    return found


def run_for_each(connection: Connection, statement: ClauseElement, rows: Sequence[Parameters]) -> None:
    """Run a statement that returns nothing for each of these, at least one, all with the same names."""
    prepared = _prepare(statement, connection.dialect.name, tuple(rows[0]))
    _told(connection, prepared, rows, is_many=True)


def _told(connection: Connection, prepared: _Prepared, given: Sequence[Parameters], *, is_many: bool) -> list[Any]:
    parameters = [{**prepared.constants, **one} for one in given]
    for one in parameters:
        for name, process in prepared.parameters:
            one[name] = process(one[name])
    text = prepared.text
    tell, began = connection.get_execution_options().get(TOLD), time.perf_counter()
    cursor = connection.connection.cursor()
    try:
        if is_many:
            cursor.executemany(text, parameters)
            return []
        cursor.execute(text, parameters[0])
        return list(cursor.fetchall()) if cursor.description else []
    except connection.dialect.loaded_dbapi.Error as error:
        raise _refusal(connection, text, error, cursor) from error
    finally:
        if tell is not None:
            tell(text, time.perf_counter() - began, cursor.rowcount)
        cursor.close()


def _refusal(connection: Connection, text: str, error: Exception, cursor: Any) -> BaseException:  # noqa: ANN401
    """As SQLAlchemy raises it. A connection that is lost leaves the pool when it cannot be rolled back."""
    dialect = connection.dialect
    is_lost = dialect.is_disconnect(error, connection.connection, cursor)  # type: ignore[arg-type]
    say_less(error)
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )


@lru_cache(maxsize=256)
def _prepare(statement: ClauseElement, dialect_name: str, names: tuple[str, ...]) -> _Prepared:
    dialect = _DIALECTS[dialect_name]
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    columns = list(getattr(statement, "selected_columns", ()))
    keys: Any = [column.key for column in columns]
    row: Any = namedtuple("row", keys, rename=True)  # type: ignore[misc]  # noqa: PYI024 - made of data
    binds = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    return _Prepared(
        text=str(compiled),
        constants={name: bind.effective_value for name, bind in compiled.binds.items() if name not in names},
        parameters=_those(binds),
        columns=_those({place: _reading(column.type, dialect) for place, column in enumerate(columns)}),
        row=row._make,
    )


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """What makes a column's value ours. PostgreSQL's driver brings every type of its own already."""
    is_done = dialect.name == "postgresql" and not isinstance(kind, TypeDecorator)
    return None if is_done else kind.dialect_impl(dialect).result_processor(dialect, None)


def _those(found: Mapping[Any, Process | None]) -> tuple[tuple[Any, Process], ...]:
    return tuple((key, process) for key, process in found.items() if process is not None)

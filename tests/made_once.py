"""What every application of the tests would compile anew though it is the same: templates, addresses, statements.

It took half of the time of a test of a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.event import listens_for
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """Templates of this process, by name and content: an edited one is compiled again."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        compiled = self._compiled.get(bucket.key)
        if compiled is not None:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


def compile_addresses_once() -> None:
    """Let rules of the same text share what is compiled of them; what builds an address is told its rule each time."""
    compile_rule: Callable[[Rule], None] = Rule.compile
    known: dict[tuple[object, ...], dict[str, Any]] = {}

    def compile_once(rule: Rule) -> None:
        key = rule.subdomain, rule.host, rule.rule, str(rule.defaults), rule.merge_slashes
        if key in known:
            rule.arguments = set(known[key]["arguments"])
            rule.__dict__ |= {name: one for name, one in known[key].items() if name != "arguments"}
        else:
            compile_rule(rule)
            builders = {name: vars(rule)[name].__func__ for name in ("_build", "_build_unknown")}
            kept = {name: vars(rule)[name] for name in ("_parts", "_trace", "_converters", "arguments")}
            known[key] = kept | {"builders": builders}
        for name, builder in known[key]["builders"].items():
            setattr(rule, name, builder.__get__(rule))

    Rule.compile = compile_once  # type: ignore[method-assign]


def compile_statements_once() -> None:
    """Let all engines of a kind of database share what is compiled of statements; SQLAlchemy keeps it by engine."""
    known = LRUCache[Any, Any](10_000)

    @listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = known  # noqa: SLF001 - it has no public place

    # A part of what is compiled is known by; all dialects of a kind are alike here.
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign]
        dialect.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign]

"""What every application of the tests would compile anew though it is the same: templates, and what builds addresses.

It took half of the time of a test of a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
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
    """Let rules of the same text share the function that builds their addresses; it is told its rule with each call."""
    compile_builder: Callable[[Rule, bool], Any] = Rule._compile_builder  # noqa: SLF001 - it has no public place
    known: dict[tuple[object, ...], Any] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002 - as werkzeug calls it
        key = rule.subdomain, rule.rule, str(rule.defaults), append_unknown
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compiled  # type: ignore[method-assign]  # noqa: SLF001

"""An application on settings of a test's own, which ends with the test: its database, and its thread that counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.settings import Settings
from tests.made_once import CompiledTemplates, compile_addresses_once, compile_statements_once

_TEMPLATES = CompiledTemplates()
compile_addresses_once()
compile_statements_once()


@contextmanager
def installed(settings: Settings) -> Iterator[Flask]:
    """The whole application on `settings`, counting only when it is asked for figures."""
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = _TEMPLATES
    try:
        yield app
    finally:
        _, counting = app.extensions["attendance"]
        counting.stop()
        site_of(app).database.close()

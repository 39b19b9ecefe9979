"""The log, as the tests of `sight` read it."""

from tests.checkin.sight.conftest import log

__all__ = ["log"]

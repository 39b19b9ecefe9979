"""The log: a line for each event, ours and every library's, as JSON or for a reader. It holds nothing about people.

- An exception is told by its kind and its places, never by its words: they may be a name.
- A library's line is told by its pattern, without what it filled in; ours may fill in ids, counts and kinds.
- A request is told by its route's rule, never by its address: links to badges are addresses.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path

from structlog.contextvars import get_contextvars
from structlog.processors import JSONRenderer
from structlog.typing import EventDict, Processor

from checkin.settings import ROOT, SettingsError
from checkin.sight.requests import MORE, about_request

_SERVER = "_granian"
_FRAME = re.compile(r'^  File "(.+)", line (\d+), in (\w+)$', re.MULTILINE)
_log = logging.getLogger(__name__)


class LineFormatter(logging.Formatter):
    """A record as one line, `json` or `text`."""

    def __init__(self, form: str, *, colours: bool = False) -> None:
        super().__init__()
        self._render = JSONRenderer(ensure_ascii=False) if form == "json" else _for_readers(colours=colours)

    def format(self, record: logging.LogRecord) -> str:
        line: EventDict = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_told(record),
            **get_contextvars(),
            **about_request(),
            **getattr(record, MORE, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line.update(about_error(record.exc_info[1]))
        return str(self._render(None, record.levelname.lower(), line))


def _for_readers(*, colours: bool) -> Processor:
    from structlog.dev import ConsoleRenderer  # noqa: PLC0415 - what makes it pretty takes 3 MB

    return ConsoleRenderer(colors=colours)


def set_up() -> None:
    """Let the whole process log to standard error: for whoever starts a process; nobody else changes logging.

    CHECKIN_LOG is `json` or `text`; without it, JSON for a machine, and for a terminal only what is wrong, as text.
    Raises SettingsError.
    """
    form, stream = os.environ.get("CHECKIN_LOG", ""), sys.stderr
    if form not in {"", "json", "text"}:
        raise SettingsError("CHECKIN_LOG is json or text; without it, JSON unless a terminal looks on.")
    is_terminal = stream.isatty()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(form or ("text" if is_terminal else "json"), colours=is_terminal))
    logging.raiseExceptions = False  # it would print what could not be logged
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.WARNING)
    logging.getLogger("checkin").setLevel(logging.WARNING if is_terminal and not form else logging.INFO)
    for server in ("werkzeug", "gunicorn.error"):  # they tell addresses, in their own way
        logging.getLogger(server).handlers = []
        logging.getLogger(server).propagate = True
        logging.getLogger(server).setLevel(logging.WARNING)
    threading.excepthook = _tell_of_thread


def about_error(error: BaseException) -> dict[str, object]:
    """What may be told of an exception."""
    return {"error": kind_of(error), "places": places_of(error)}


def kind_of(error: BaseException) -> str:
    """The kind of an exception; of one by a database, what that calls it: `IntegrityError SQLITE_CONSTRAINT_UNIQUE`."""
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def places_of(error: BaseException) -> list[str]:
    """Where it went wrong, as `checkin/mail/tasks.py:31 in send`, the innermost last: our own lines, if it met any."""
    frames = [(Path(frame.filename), frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__)]
    return (
        [_place(*frame) for frame in frames if _is_ours(frame[0])] or [_place(*frame) for frame in frames[-3:]] or ["?"]
    )


def _told(record: logging.LogRecord) -> dict[str, object]:
    library, message = record.name.split(".", 1)[0], record.msg if isinstance(record.msg, str) else "?"
    if library == "checkin":
        return {"event": record.getMessage()}
    if library != _SERVER:
        return {"event": message}
    first, _, rest = message.partition("\n")  # then a traceback as Python prints it, with the exception's words
    frames = [(Path(file), line, name) for file, line, name in _FRAME.findall(rest)]
    places = [_place(*frame) for frame in frames if _is_ours(frame[0])]
    return {"event": first, "places": places} if places else {"event": first}


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and ".venv" not in path.parts


def _place(path: Path, line: object, name: str) -> str:
    shown = path.relative_to(ROOT) if _is_ours(path) else Path(*path.parts[-2:])
    return f"{shown.as_posix()}:{line} in {name}"


def _tell_of_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else "?"
        _log.error("thread %s has ended", name, extra={MORE: about_error(args.exc_value)})

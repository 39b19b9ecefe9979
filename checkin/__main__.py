"""`python3 -m checkin WORD`: run, demo, venue, test, bench, soak, torture. Needs Python 3.11 and nothing else.

The standard library alone until `.venv/` stands with the pinned packages; then this starts again inside it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# One more than there are cores: tests wait for browsers and servers much of the time.
WORKERS = str((os.cpu_count() or 1) + 1)
# What runs with a browser and the packages of requirements-dev.txt.
PROGRAMS = {
    "test": ("-m", "pytest", "-n", WORKERS, "--dist", "worksteal"),
    "bench": ("-m", "tests.bench"),
    "soak": ("-m", "tests.bench.soak"),
    "torture": ("-m", "tests.faults.torture"),
}


def main() -> int:
    """Prepare, then do what was asked; the exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells it
        return _refuse(f"This needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(prog="python3 -m checkin", description="Badges and gates for a trade expo.")
    words = parser.add_subparsers(
        dest="word", required=True, metavar="run | demo | venue | test | bench | soak | torture"
    )
    for word, help_text, host, port in (
        ("run", "set up what is missing and serve this installation", "127.0.0.1", 8000),
        ("demo", "serve a living example on its own folder and clock", "127.0.0.1", 8001),
        ("venue", "serve the hall over https, with pages that make tablets ready", "0.0.0.0", 8443),  # noqa: S104 - the hall is the aim
    ):
        options = words.add_parser(word, help=help_text)
        reach = "this machine only" if host == "127.0.0.1" else "every network it is in"
        options.add_argument("--host", default=host, help=f"the address to listen on (default: {reach})")
        options.add_argument("--port", type=int, default=port, help=f"the port (default {port})")
        if word == "venue":
            options.add_argument("--http-port", type=int, default=8080, help="the CA page's port (default 8080)")
        if word == "demo":
            options.add_argument("--quiet", action="store_true", help="nobody arrives any more once it is open")
        if word == "run":
            options.add_argument(
                "--no-worker", action="store_true", help="others do the background work: flask jobs work"
            )
    words.add_parser("test", help="set up what is missing and run every test; further words go to pytest")
    words.add_parser("bench", help="set up what is missing and measure; takes half an hour")
    words.add_parser("soak", help="compare two kinds of server under load, without and with TLS; takes 20 minutes")
    words.add_parser("torture", help="kill servers and databases under load, twenty times each; takes some minutes")
    asked, rest = parser.parse_known_args()
    if rest and asked.word not in PROGRAMS:
        parser.error(f"what does {rest[0]!r} mean here?")
    ready = prepare("requirements-dev.txt" if asked.word in PROGRAMS else "requirements.txt")
    if ready:
        return ready
    os.chdir(ROOT)
    if asked.word in PROGRAMS:
        return _in_browser(*PROGRAMS[asked.word], *rest)
    more = ["--http-port", str(asked.http_port)] if asked.word == "venue" else []
    more += ["--no-worker"] if asked.word == "run" and asked.no_worker else []
    more += ["--quiet"] if asked.word == "demo" and asked.quiet else []
    return _inside("-m", "checkin.launch", asked.word, "--host", asked.host, "--port", str(asked.port), *more)


def prepare(requirements: str) -> int:
    """Make `.venv/` and install the pinned packages, once for each state of the lists; the tests' list holds both."""
    if PYTHON.exists() and any(_is_installed(name) for name in (requirements, "requirements-dev.txt")):
        return 0
    if not PYTHON.exists():
        print("Making a virtual environment in .venv/ …", flush=True)
        if not _has_venv() or subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            return _refuse(
                "Python's venv module does not work here. On Debian or Ubuntu: sudo apt install python3-venv. "
                "Elsewhere: install Python from its own installer, which has it. Then run this again."
            )
    print(f"Installing the packages of {requirements} (a minute or two, the first time) …", flush=True)
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        str(ROOT / requirements),
    ]
    if subprocess.run(pip, check=False).returncode:
        return _refuse("The packages could not be installed. Look at the message above; is the network there?")
    _stamp(requirements).write_text(_state(requirements))
    return 0


def _is_installed(requirements: str) -> bool:
    return _stamp(requirements).exists() and _stamp(requirements).read_text() == _state(requirements)


def _stamp(requirements: str) -> Path:
    return VENV / f"installed-{requirements}"


def _state(requirements: str) -> str:
    lists = ("requirements.txt", requirements)
    return hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in lists)).hexdigest()


def _has_venv() -> bool:
    """Whether `venv` can make an environment with pip; as root on Debian, install what is missing."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of its python3 package
        import venv  # noqa: F401, PLC0415
    except ImportError:
        version = f"python3.{sys.version_info.minor}"
        return sys.executable.startswith("/usr/bin/") and _apt(f"{version}-venv")
    return True


def _apt(*packages: str) -> bool:
    """Install Debian packages, as root only, saying so."""
    if os.name == "nt" or shutil.which("apt-get") is None or os.geteuid() != 0:
        return False
    print(f"Installing {', '.join(packages)} with apt-get, since it is missing …", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update"], check=False, **quiet)  # type: ignore[call-overload]
    done = subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *packages], check=False, **quiet)  # type: ignore[call-overload]
    return bool(done.returncode == 0)


def _in_browser(*words: str) -> int:
    """Start what drives a browser; say how to get one where there is none."""
    if not any(shutil.which(name) for name in BROWSERS) and not _apt("chromium"):
        return _refuse("This needs Chromium. On Debian: sudo apt install chromium. Then run this again.")
    if shutil.which("pdftotext") is None and not _apt("poppler-utils"):
        print("Without pdftotext (on Debian: sudo apt install poppler-utils) some tests of badges are left out.")
    return _inside(*words)


def _inside(*words: str) -> int:
    """Start again inside `.venv/`: as this same process where the system can, so that signals find it."""
    if os.name != "nt":
        os.execv(PYTHON, [str(PYTHON), *words])
    child = subprocess.Popen([str(PYTHON), *words])
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # Ctrl-C reaches the child too: wait for its own farewell
            continue


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())

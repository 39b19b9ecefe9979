"""What a tablet keeps to open the gate without a network: worked out from the files, so that nobody can forget it."""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from checkin.devices.minify import small_css, small_javascript

WORKER = "sw.js"  # the browser keeps it by itself
PAGE = "index.html"
TEXTS = {  # icons in PNG are fetched when the app is installed
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
}
VENDORED = re.compile(r"""["'](\.\./static/vendor/[^"']+\.\w+)["']""")
IMPORTED = re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']""")
DECODER = "vendor/zxing-wasm/"


@dataclass(frozen=True, slots=True)
class Shell:
    """One version of the tablet app, its addresses told from /gate/.

    `pack` is JSON: address → [content type, text]. `files` has the heavy rest that seldom changes, the decoder and the
    fonts, with a checksum (`sha256-…`) each.
    """

    version: str  # 8 hexadecimal digits
    pack: bytes
    packed: tuple[str, ...]
    files: Mapping[str, str]
    worker: str

    @property
    def script(self) -> str:
        """The service worker as it is served: `sw.js` under its version, its lists and their checksums."""
        told = {"VERSION": self.version, "PACK": _checksum(self.pack), "PACKED": self.packed, "FILES": self.files}
        return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in told.items()) + self.worker


def shell(static: Path) -> Shell:
    """The shell of the files as they are now: all texts of `static/gate` and the vendored files that they name.

    Whatever a browser could notice makes another version; a comment makes none. Raises FileNotFoundError when a
    vendored file is missing.
    """
    gate = static / "gate"
    texts = {_address(path.relative_to(gate).as_posix()): path for path in gate.rglob("*") if _is_own(path)}
    worker = small_javascript(texts.pop(WORKER).read_text("utf-8"))
    vendored = {f"../static/{name}": static / name for name in _vendored(static, texts.values())}
    texts |= {address: path for address, path in vendored.items() if _is_light(address)}
    heavy = {address: _checksum(path.read_bytes()) for address, path in vendored.items() if not _is_light(address)}
    small = {address: _small(path) for address, path in texts.items()}
    # What is alike stands together, texts of a kind, and of scripts those that bring in as many others: gzip looks back
    # no further than 32 kB.
    packed = sorted(texts, key=lambda address: (texts[address].suffix, -small[address].count("import"), address))
    content = {address: (TEXTS[texts[address].suffix], small[address]) for address in packed}
    pack = json.dumps(content, ensure_ascii=False).encode()
    version = hashlib.sha256(json.dumps([worker, _checksum(pack), heavy], sort_keys=True).encode()).hexdigest()[:8]
    return Shell(version, pack, tuple(packed), dict(sorted(heavy.items())), worker)


def _is_light(address: str) -> bool:
    return address.endswith(".js") and DECODER not in address


def _is_own(path: Path) -> bool:
    # Editors and file managers leave hidden files and copies behind.
    return path.is_file() and path.suffix in TEXTS and not path.name.startswith(".")


def _address(name: str) -> str:
    return "./" if name == PAGE else name


def _small(path: Path) -> str:
    text = path.read_text("utf-8")
    if path.suffix == ".js":
        return small_javascript(text)
    return small_css(text) if path.suffix == ".css" else text


def _vendored(static: Path, own: Iterable[Path]) -> set[str]:
    """Names under `static` of the vendored files that the gate names, and of the modules that those import in turn."""
    waiting = [
        name.removeprefix("../static/")
        for path in own
        if path.suffix in {".js", ".css", ".html"}
        for name in VENDORED.findall(path.read_text("utf-8"))
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name.endswith(".js"):
            text = (static / name).read_text("utf-8")
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(name), n)) for n in IMPORTED.findall(text)]
    return found


def _checksum(content: bytes) -> str:
    return "sha256-" + b64encode(hashlib.sha256(content).digest()).decode()

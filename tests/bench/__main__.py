"""`python3 -m checkin bench`: measures, compares with a reference of the same run, and prints a table.

`--only badges` or `--only gate` measures one of the two. `--hands-free SECONDS`
sets how long badges are held before the camera, two a second (default 250: 500 badges).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import chain
from pathlib import Path

from tests.bench import badges, gate
from tests.bench.table import Line, print_table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m checkin bench", description=__doc__)
    parser.add_argument("--hands-free", type=int, default=250, metavar="SECONDS")
    parser.add_argument("--only", choices=("badges", "gate"))
    asked = parser.parse_args()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        parts = [] if asked.only == "gate" else [badges.measure(Path(folder))]
        if asked.only != "badges":
            parts.append(gate.measure(Path(folder), hands_free=asked.hands_free))
        for line in chain(*parts):
            print(f"  {line.what}: {line.figure}", file=sys.stderr, flush=True)
            lines.append(line)
    print_table(lines)
    return 1 if any(line.misses for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())

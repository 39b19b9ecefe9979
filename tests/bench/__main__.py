"""`python3 -m checkin bench`: measures, compares with a reference of the same run, and prints a table.

`--only PART` measures one part. `--hands-free SECONDS`
sets how long badges are held before the camera, two a second (default 250: 500 badges).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from itertools import chain
from pathlib import Path

from tests.bench import attendance, badges, gate, imports, scans
from tests.bench.table import Line, print_table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m checkin bench", description=__doc__)
    parser.add_argument("--hands-free", type=int, default=250, metavar="SECONDS")
    parser.add_argument("--only", choices=("attendance", "badges", "gate", "imports", "scans"))
    asked = parser.parse_args()
    parts = {
        "badges": badges.measure,
        "gate": partial(gate.measure, hands_free=asked.hands_free),
        "scans": scans.measure,
        "imports": imports.measure,
        "attendance": attendance.measure,
    }
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        for line in chain.from_iterable(parts[part](Path(folder)) for part in ([asked.only] if asked.only else parts)):
            print(f"  {line.what}: {line.figure}", file=sys.stderr, flush=True)
            lines.append(line)
    print_table(lines)
    return 1 if any(line.misses for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())

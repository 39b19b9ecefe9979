"""`python -m tests.bench.way WAY COUNT`: print so many badges one way, and tell what it cost. Imports only printing."""

from __future__ import annotations

import json
import re
import sys
import time
from io import BytesIO
from itertools import islice
from pathlib import Path

from printing import find_templates, load_template, print_badges
from tests.bench.crowd import people

PART = 250  # as print runs have them


def main() -> None:
    way, count = sys.argv[1], int(sys.argv[2])
    faces, size = people(count), 0
    template = load_template(find_templates()["a6"])
    began = time.process_time()
    if way == "naive":
        from tests.bench.naive import print_naively

        target = BytesIO()
        print_naively(faces, target)
        size = len(target.getvalue())
    else:
        while part := list(islice(faces, PART)):
            target = BytesIO()
            print_badges(part, template, target)
            size += len(target.getvalue())
    spent = time.process_time() - began
    # Not getrusage: its figure begins with that of the process which started this one.
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024
    sys.stdout.write(json.dumps({"ms": spent / count * 1000, "bytes": size / count, "mb": peak}))


if __name__ == "__main__":
    main()

"""How long does it take to fill a database with 100,000 annotations?

python -m benchmarks.filling [--annotations 100000]
"""

import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from benchmarks.rig import serving

LIMIT_SECONDS = 60.0


def main() -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--annotations", type=int, default=100_000)
    number = parser.parse_args().annotations
    with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder:
        installation = serving.Installation(Path(folder))
        installation.manage("prepare")
        started_at = time.monotonic()
        sizes = ("--articles", "20", "--paragraphs", "40", "--readers", "500")
        installation.manage("seed_load", *sizes, "--annotations", str(number))
        seconds = time.monotonic() - started_at
    print(f"{number:,} annotations in {seconds:.1f} s; the limit for 100,000 is {LIMIT_SECONDS:.0f} s")
    return 0 if seconds <= LIMIT_SECONDS * number / 100_000 else 1


if __name__ == "__main__":
    sys.exit(main())

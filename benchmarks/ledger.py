"""How long does it take to read the margin and the ledger of a long article about which much has been said?

    python -m benchmarks.ledger [--paragraphs 500] [--annotations 10000] [--ratings 50000] [--databases sqlite]

A site with one long article is filled; a process of its own then reads and draws it again and again.
Told are the milliseconds for what the page is made of, those of the ledger alone, and how many queries the page takes.
"""

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from benchmarks.rig import databases, serving

MOST_QUERIES = 3
# Of the ledger alone, for half of the readings: what a reader does not notice after a change to the page.
LIMIT_MS = 250
_SLUG = "load-1-1"


def main() -> int:
    options = _options()
    are_good = []
    for database in options.databases:
        with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder, databases.address(database) as address:
            installation = serving.Installation(Path(folder))
            if address:
                installation.environment["DATABASE_URL"] = address
            _fill(installation, options)
            are_good.append(_tell(database, _read(installation, options)))
    return 0 if all(are_good) else 1


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    for name, default in (("paragraphs", 500), ("annotations", 10_000), ("ratings", 50_000), ("times", 30)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--databases", nargs="+", choices=databases.NAMES, default=databases.NAMES)
    return parser.parse_args()


def _fill(installation: serving.Installation, options: Namespace) -> None:
    print("Preparing an installation …", flush=True)
    installation.manage("prepare", "--static")
    size = [f"--{name}={getattr(options, name)}" for name in ("paragraphs", "annotations", "ratings")]
    installation.manage("seed_load", "--articles=1", "--readers=500", *size)


def _read(installation: serving.Installation, options: Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.rig.reading", _SLUG, str(options.times)]
    done = subprocess.run(
        command, cwd=serving.ROOT, env=installation.environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit("The article could not be read.")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _tell(database: str, said: dict[str, Any]) -> bool:
    counts = ", ".join(f"{number:,} {name}" for name, number in said["size"].items())
    print(f"\n{database}: {counts}")
    for step, (half, most) in said["times"].items():
        print(f"  {half:7.1f} ms, p95 {most:7.1f} ms  {step}")
    half, queries = said["times"]["the ledger alone"][0], said["queries"]
    is_fast, is_short = half <= LIMIT_MS, queries <= MOST_QUERIES
    print(f"  The ledger alone takes {half:.0f} ms; the limit is {LIMIT_MS}: {_verdict(is_good=is_fast)}.")
    print(f"  The page takes a stranger {queries} queries; the limit is {MOST_QUERIES}: {_verdict(is_good=is_short)}.")
    return bool(is_fast and is_short)


def _verdict(*, is_good: bool) -> str:
    return "reached" if is_good else "MISSED"


if __name__ == "__main__":
    sys.exit(main())

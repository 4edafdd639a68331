"""How long does publishing a revision of a long article with many annotations take, and how do readers fare meanwhile?

    python -m benchmarks.publishing [--characters 500000] [--annotations 10000] [--databases sqlite postgresql]

A site with one long article is filled and served. A process of its own, as the worker is, plans and writes a revision
of many edits, while somebody keeps asking for the page. Told are the seconds of each step, those of the transaction
that readers' writing has to wait for, and how long the page took to come.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from benchmarks.rig import databases, serving

LIMIT_SECONDS = 10.0
PAGE = "/articles/load-1-1/"
# Characters of a made-up paragraph, and annotations for each one that has a place of its own: the others are replies.
_PARAGRAPH_LENGTH = 365
_WITH_REPLIES = 1.29
# A reader asks, and waits for so long before asking again.
_PAUSE_SECONDS = 0.01


class Asked(NamedTuple):
    """What a reader got who kept asking."""

    times: list[float]
    errors: int


def main() -> int:
    options = _options()
    are_held = []
    for database in options.databases:
        with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder, databases.address(database) as address:
            installation = serving.Installation(Path(folder))
            if address:
                installation.environment["DATABASE_URL"] = address
            _fill(installation, options)
            with installation.serve() as server:
                steps, asked = _publish_while_asked(installation, server)
        are_held.append(_tell(database, steps, asked))
    return 0 if all(are_held) else 1


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=500_000)
    parser.add_argument("--annotations", type=int, default=10_000)
    parser.add_argument("--databases", nargs="+", choices=databases.NAMES, default=databases.NAMES)
    return parser.parse_args()


def _fill(installation: serving.Installation, options: Namespace) -> None:
    print("Preparing an installation …", flush=True)
    installation.manage("prepare", "--static")
    paragraphs, annotations = options.characters // _PARAGRAPH_LENGTH, int(options.annotations * _WITH_REPLIES)
    size = ["--articles=1", f"--paragraphs={paragraphs}", f"--annotations={annotations}", "--readers=200"]
    installation.manage("seed_load", *size)


def _publish_while_asked(installation: serving.Installation, server: serving.Server) -> tuple[dict[str, Any], Asked]:
    """Publish in a process of its own, and ask for the page from the moment it begins until it has ended."""
    server.get(PAGE)
    asked, is_done = Asked([], 0), threading.Event()
    outcome: list[Asked] = []

    def ask() -> None:
        nonlocal asked
        while not is_done.is_set():
            asked_at = time.perf_counter()
            try:
                is_good = server.get(PAGE, accept_encoding="gzip").status == 200
            except OSError:
                is_good = False
            asked.times.append(time.perf_counter() - asked_at)
            asked = asked if is_good else asked._replace(errors=asked.errors + 1)
            time.sleep(_PAUSE_SECONDS)
        outcome.append(asked)

    reader = threading.Thread(target=ask)
    command = [sys.executable, "-m", "benchmarks.rig.revising", PAGE.strip("/").rpartition("/")[2]]
    with subprocess.Popen(
        command,
        cwd=serving.ROOT,
        env=installation.environment,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdout.readline()
        reader.start()
        process.stdin.write("go\n")
        process.stdin.flush()
        said = process.stdout.readline()
        is_done.set()
    reader.join()
    if process.returncode:
        sys.exit("The revision was not published.")
    return json.loads(said), outcome[0]


def _tell(database: str, said: dict[str, Any], asked: Asked) -> bool:
    print(
        f"\n{database}: {said['characters']:,} characters, {said['blocks']:,} blocks, {said['edits']:,} of them edited"
    )
    for step, seconds in said["steps"].items():
        print(f"  {seconds:7.2f} s  {step}")
    total, verdict = said["seconds"], "held" if said["seconds"] <= LIMIT_SECONDS else "MISSED"
    print(f"  {total:7.2f} s  in all; the limit is {LIMIT_SECONDS:.0f} s: {verdict}")
    print(f"  {said['locked']:7.2f} s  of it in the transaction, when readers read and nobody else writes")
    counts = ", ".join(f"{number:,} {status}" for status, number in said["anchors"].items())
    print(f"  {said['annotations']:,} annotations: {counts}")
    times = [taken * 1000 for taken in asked.times]
    p99 = quantiles(times, n=100, method="inclusive")[98]
    print(
        f"  The page was asked for {len(times):,} times meanwhile, {asked.errors} in vain: "
        f"median {median(times):.1f} ms, p99 {p99:.1f} ms, at most {max(times):.0f} ms"
    )
    return bool(total <= LIMIT_SECONDS and asked.errors == 0)


if __name__ == "__main__":
    sys.exit(main())

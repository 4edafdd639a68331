"""How fast is the reading page, next to what Django costs without it and to what the server could do at most?

    python -m benchmarks.page [--rounds 4] [--seconds 2] [--few 100] [--many 10000]

One process of the server with one thread. Every round asks every target once, so that what else the machine does
falls on all of them alike; the middle of the rounds is told.
"""

import json
import os
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NamedTuple

from benchmarks.rig import asking, serving, weighing

PARAGRAPHS = 9
AIM = 0.7
HEAVIEST_KB, MOST_REQUESTS = 100, 8
# As browsers ask.
_ACCEPTING = {"Accept-Encoding": "gzip"}


class Target(NamedTuple):
    """Something to ask for."""

    name: str
    server: serving.Server
    path: str = "/"
    headers: Mapping[str, str] = _ACCEPTING


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder, ExitStack() as stack:
        installation = serving.Installation(Path(folder))
        _prepare(installation, options)
        site = stack.enter_context(installation.serve())
        floor = stack.enter_context(installation.serve(DJANGO_SETTINGS_MODULE="benchmarks.rig.settings"))
        limit = stack.enter_context(_limit(installation, site.get(_address(1), accept_encoding="gzip")))
        pages = [
            Target("the page, {few:,} annotations", site, _address(1)),
            Target("the page, {many:,} annotations", site, _address(2)),
            _conditional("  not modified (304), {few:,}", site, _address(1)),
            _conditional("  not modified (304), {many:,}", site, _address(2)),
        ]
        bounds = [Target("Django's floor: an empty view", floor), Target("the limit: the same bytes, bare", limit)]
        targets = [target._replace(name=target.name.format(**vars(options))) for target in (*pages, *bounds)]
        speeds = _measure(targets, options)
        _tell_speeds(targets, speeds)
        weights = _tell_weights(site, options)
    slowest = min(speed.rate for speed in speeds[:2]) / speeds[-2].rate
    return _conclude(slowest, weights)


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    for name, default in (("rounds", 4), ("seconds", 2), ("few", 100), ("many", 10_000)):
        # Each can come from the environment as well: BENCH_ROUNDS=8 make bench.
        kept = int(os.environ.get(f"BENCH_{name.upper()}", default))
        parser.add_argument(f"--{name}", type=int, default=kept)
    return parser.parse_args()


def _prepare(installation: serving.Installation, options: Namespace) -> None:
    print("Preparing an installation …", flush=True)
    installation.manage("prepare", "--samples", "--static")
    for seed, number in ((1, options.few), (2, options.many)):
        size = ["--articles=1", f"--paragraphs={PARAGRAPHS}", f"--annotations={number}", "--readers=200"]
        installation.manage("seed_load", *size, f"--seed={seed}")


def _address(seed: int) -> str:
    return f"/articles/load-{seed}-1/"


def _conditional(name: str, server: serving.Server, path: str) -> Target:
    etag = server.get(path, accept_encoding="gzip").headers["etag"]
    answer = server.get(path, accept_encoding="gzip", if_none_match=etag)
    if answer.status != 304:
        sys.exit(f"A conditional request was answered with {answer.status}.")
    return Target(name, server, path, {**_ACCEPTING, "If-None-Match": etag})


def _limit(installation: serving.Installation, page: serving.Answer) -> AbstractContextManager[serving.Server]:
    """Serve the page's own bytes and headers by an application that does nothing else."""
    body = installation.folder / "page"
    body.write_bytes(page.body)
    left_to_server = {"date", "server", "connection"}
    headers = [pair for pair in page.headers.items() if pair[0].lower() not in left_to_server]
    head = json.dumps([f"{page.status} {page.reason}", headers])
    return installation.serve(
        "benchmarks.rig.limit:application", *serving.WSGI_FLAGS, LIMIT_HEAD=head, LIMIT_BODY=str(body)
    )


def _measure(targets: Sequence[Target], options: Namespace) -> list[asking.Speed]:
    seconds = len(targets) * options.rounds * options.seconds
    print(f"Asking for about {seconds} seconds, with {asking.means()} …", flush=True)
    seen: list[list[asking.Speed]] = [[] for _ in targets]
    for _ in range(options.rounds):
        for target, speeds in zip(targets, seen, strict=True):
            speeds.append(asking.ask(target.server, target.path, seconds=options.seconds, headers=target.headers))
    return [asking.spread(speeds) for speeds in seen]


def _tell_speeds(targets: Sequence[Target], speeds: Sequence[asking.Speed]) -> None:
    floor, limit = speeds[-2].rate, speeds[-1].rate
    print(f"\n{'':34} {'requests/s':>10} {'of floor':>9} {'of limit':>9} {'median':>10} {'p99':>10}")
    for target, speed in zip(targets, speeds, strict=True):
        ratios = f"{speed.rate / floor:9.2f} {speed.rate / limit:9.3f}"
        print(f"{target.name:34} {speed.rate:10,.0f} {ratios} {speed.median:7.2f} ms {speed.p99:7.2f} ms")
    print(f"One process, one thread, {asking.CONNECTIONS} connections kept open.\n")


def _tell_weights(server: serving.Server, options: Namespace) -> dict[str, int]:
    """Tell what a first visit fetches, and give it for the first article. Slanted words ask for a second face."""
    paths = {
        "the first article": serving.FIRST_ARTICLE,
        f"{options.few:,} annotations": _address(1),
        f"{options.many:,} annotations": _address(2),
    }
    found = {name: weighing.weigh(server, path) for name, path in paths.items()}
    for name, weights in found.items():
        faces = sum(address.endswith(".woff2") for address in weights)
        kilobytes = f"{_kilobytes(weights):.1f} KB in {len(weights)} requests, gzip"
        print(f"A first visit, {name}: {kilobytes}, {faces} face{'s' if faces > 1 else ''}")
    first = found["the first article"]
    for address, weight in first.items():
        print(f"{weight / 1000:8.1f} KB  {address}")
    return first


def _kilobytes(weights: Mapping[str, int]) -> float:
    return sum(weights.values()) / 1000


def _conclude(share: float, weights: Mapping[str, int]) -> int:
    weight, requests = _kilobytes(weights), len(weights)
    is_fast, is_light, is_short = share >= AIM, weight <= HEAVIEST_KB, requests <= MOST_REQUESTS
    print(f"\nThe slower page reaches {share:.2f} of Django's floor; the aim is {AIM}: {_verdict(is_good=is_fast)}.")
    print(f"The first article weighs {weight:.1f} KB; the limit is {HEAVIEST_KB}: {_verdict(is_good=is_light)}.")
    print(f"It takes {requests} requests; the limit is {MOST_REQUESTS}: {_verdict(is_good=is_short)}.")
    return 0 if is_fast and is_light and is_short else 1


def _verdict(*, is_good: bool) -> str:
    return "reached" if is_good else "MISSED"


if __name__ == "__main__":
    sys.exit(main())

"""How many open pages, asking every five seconds what is new, does one two-core machine serve?

    python -m benchmarks.polling [--pages 1000 2500 5000 7500 10000] [--seconds 20] [--posting 10] [--rounds 4]

The site is served as `make run` does, by two processes. Pages are opened, a connection each, one in ten for a reader
who is signed in; each asks at its own moments, whether or not the server keeps up (`rig/pages.py`). Meanwhile
annotations are posted, and each makes every page ask for the news once, and one in fifty fetch the page. Those who ask
share the two cores with the server, so a machine that only serves does better; how late they are to ask is in the
times and told beside them, for on a machine that is busy otherwise it is most of what is seen. Then: what one question
costs, next to a bare 204.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.rig import asking, serving

AIM_PAGES, LIMIT_MS = 5_000, 100.0
SLUG = "load-1-1"
PATH = f"/articles/{SLUG}/"
_TWO_PROCESSES = ("--workers", "2", *serving.FLAGS[2:])
# Pages fetched before anything is counted, so that both processes have their templates and a kept page.
_WARMING = 20
# Files for the connections, and some for everything else.
_SPARE_FILES = 500


class Target(NamedTuple):
    """Something to ask for, as fast as it is answered."""

    name: str
    server: serving.Server
    path: str
    headers: Mapping[str, str] = {}


def main() -> int:
    options = _options()
    _allow_files(max(options.pages) + _SPARE_FILES)
    with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder:
        installation = serving.Installation(Path(folder))
        print("Preparing an installation …", flush=True)
        installation.manage("prepare", "--static")
        size = ("--articles=1", "--paragraphs=9", f"--annotations={options.annotations}", "--readers=200")
        installation.manage("seed_load", *size)
        most = _open_pages(installation, options)
        _compare(installation, options)
    verdict = "reached" if most >= AIM_PAGES else "MISSED"
    print(f"\n{most:,} pages with 99 in 100 answered within {LIMIT_MS:.0f} ms; the aim is {AIM_PAGES:,}: {verdict}.")
    return 0 if most >= AIM_PAGES else 1


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 2_500, 5_000, 7_500, 10_000])
    parser.add_argument("--posting", type=float, default=10, help="seconds from one posted annotation to the next")
    for name, default in (("seconds", 20), ("annotations", 1_000), ("rounds", 4)):
        kept = int(os.environ.get(f"BENCH_{name.upper()}", default))
        parser.add_argument(f"--{name}", type=int, default=kept)
    return parser.parse_args()


def _allow_files(number: int) -> None:
    """Let this program and the server have as many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= number:
        return
    if hard < number:
        sys.exit(f"This machine allows {hard:,} open files; {number:,} are needed. Please ask for fewer --pages.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


# Pages that stay open


def _open_pages(installation: serving.Installation, options: Namespace) -> int:
    """Open more and more pages, tell how they fared, and give the most that were served in time."""
    with installation.serve("reader.rsgi:application", *_TWO_PROCESSES) as server, _posting(installation) as post:
        said = {
            "port": server.port,
            "pid": server.pid,
            "path": PATH,
            "known": post.known,
            "pages": options.pages,
            "seconds": options.seconds,
        }
        command = [sys.executable, "-m", "benchmarks.rig.pages", json.dumps(said)]
        for _ in range(_WARMING):
            server.get(PATH, accept_encoding="gzip")
            server.get(f"{PATH}news/?after=0")
        print(f"One annotation is posted every {options.posting:.0f} seconds.\n")
        print(f"{'':>8} {'polls/s':>17} {'other':>7} {'poll':^29} {'news':>10} {'CPU (of two cores)':>20}")
        print(
            f"{'pages':>8} {'due':>8} {'made':>8} {'/s':>7} {'median':>9} {'p99':>9} {'most':>9} {'p99':>10} "
            f"{'server':>9} {'asking':>9} {'late p99':>10} {'errors':>7}",
            flush=True,
        )
        post.every(options.posting)
        with subprocess.Popen(command, cwd=serving.ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            steps = [_tell(json.loads(line)) for line in process.stdout]
        if process.returncode:
            sys.exit("The pages could not be kept open.")
    return max((pages for pages, is_good in steps if is_good), default=0)


def _tell(seen: Mapping[str, Any]) -> tuple[int, bool]:
    median, p99, most = seen["poll_times"]
    print(
        f"{seen['pages']:8,} {seen['expected']:8,.0f} {seen['polls']:8,.0f} {seen['news']:7,.0f} "
        f"{median:6.1f} ms {p99:6.1f} ms {most:6.0f} ms {seen['news_times'][1]:7.1f} ms "
        f"{seen['server']:9.2f} {seen['asker']:9.2f} {seen['late'][1]:7.1f} ms {seen['errors']:7}",
        flush=True,
    )
    return seen["pages"], p99 < LIMIT_MS and not seen["errors"]


class Poster:
    """A process that posts an annotation whenever it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self._stdin, self._stdout = process.stdin, process.stdout
        self.known: Mapping[str, Any] = json.loads(self._stdout.readline())
        self._ended = threading.Event()

    def every(self, seconds: float) -> None:
        """Post at even intervals until told to stop."""

        def post() -> None:
            while not self._ended.wait(seconds):
                self._stdin.write("one\n")
                self._stdin.flush()
                self._stdout.readline()

        self._thread = threading.Thread(target=post)
        self._thread.start()

    def stop(self) -> None:
        """Post no more."""
        self._ended.set()
        self._thread.join()
        self._stdin.close()


@contextmanager
def _posting(installation: serving.Installation) -> Iterator[Poster]:
    with installation.start("benchmarks.rig.posting", SLUG) as process:
        poster = Poster(process)
        try:
            yield poster
        finally:
            poster.stop()


# What one costs


def _compare(installation: serving.Installation, options: Namespace) -> None:
    """Tell what one question costs the server, next to a bare 204 and to the same from behind our middleware."""
    nothing = {"LIMIT_HEAD": json.dumps(["204 No Content", []]), "LIMIT_BODY": os.devnull}
    with ExitStack() as stack:
        site = stack.enter_context(installation.serve())
        floor = stack.enter_context(installation.serve(DJANGO_SETTINGS_MODULE="benchmarks.rig.settings"))
        bare = stack.enter_context(
            installation.serve("benchmarks.rig.limit:application", *serving.WSGI_FLAGS, **nothing)
        )
        state = site.get(f"{PATH}activity/").headers["etag"]
        targets = (
            Target("a poll, nothing new (304)", site, f"{PATH}activity/", {"If-None-Match": state}),
            Target("a poll, something new (200)", site, f"{PATH}activity/"),
            Target("the news, as a stranger (200)", site, f"{PATH}news/?after={_last_but(3, site)}"),
            Target("a 204 of Django, same middleware", floor, "/nothing/"),
            Target("a bare 204 of a WSGI function", bare, "/"),
        )
        seen: list[list[asking.Speed]] = [[] for _ in targets]
        for _ in range(options.rounds):
            for target, speeds in zip(targets, seen, strict=True):
                speeds.append(asking.ask(target.server, target.path, seconds=2, headers=target.headers))
    speeds = [asking.spread(one) for one in seen]
    print(f"\nOne process, one thread, {asking.CONNECTIONS} connections kept open, as fast as it answers:")
    print(f"{'':34} {'requests/s':>10} {'µs each':>8} {'of Django 204':>14} {'of bare 204':>12}")
    for target, speed in zip(targets, speeds, strict=True):
        ratios = f"{speeds[-2].rate / speed.rate:13.2f}× {speeds[-1].rate / speed.rate:11.1f}×"
        print(f"{target.name:34} {speed.rate:10,.0f} {1e6 / speed.rate:8.0f} {ratios}")


def _last_but(number: int, site: serving.Server) -> int:
    """Give the id after which so many of the article's annotations come."""
    ids = re.search(r'data-news="([\d ]+)"', site.get(f"{PATH}news/?after=0").body.decode())
    if ids is None:
        sys.exit("There is no news of the article.")
    return int(ids[1].split()[number])


if __name__ == "__main__":
    sys.exit(main())

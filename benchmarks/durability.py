"""Is everything there afterwards that readers were told was posted, when server and database are killed meanwhile?

    python -m benchmarks.durability [--seconds 20] [--databases sqlite postgresql] [--seed N]

Eight readers post annotations by the site's own form, one after the other and as fast as they are answered. What is not
answered well they send again, with the token that the form came with, as a browser does. Meanwhile the web server is
killed (SIGKILL) at moments drawn at random, and PostgreSQL is ended in the mode it calls immediate, with everything on
that makes it durable. Then each annotation whose posting was answered with a redirect has to be there exactly once.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import psycopg

from benchmarks.rig import serving

SLUG = "load-1-1"
_DATABASES = ("sqlite", "postgresql")
# From when everything is up to the next blow.
_LEAST_PAUSE, _LONGEST_PAUSE = 0.2, 3.0
# At the end all is let be, and what was begun is sent until it is answered.
_PATIENCE_SECONDS = 40
_FLAGS = ("--workers", "2", *serving.FLAGS[2:])


class Outcome(NamedTuple):
    """What became of what was sent."""

    acknowledged: int
    sent_again: int
    lost: list[str]
    duplicated: list[str]


class Site:
    """A web server that can be killed with everything that belongs to it."""

    def __init__(self, installation: serving.Installation) -> None:
        self.port = serving.free_port()
        self._installation = installation
        self._process = self._start()

    def kill(self) -> None:
        """Kill it without a word, and start it again."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = self._start()

    def await_answer(self) -> None:
        """Wait until it is up, with its database."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                if serving.Server(self.port).get("/readyz", host="127.0.0.1").status == http.HTTPStatus.OK:
                    return
            time.sleep(0.1)
        sys.exit("The site did not come up again.")

    def stop(self) -> None:
        """End it."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "granian", *_FLAGS, "--host", serving.HOST, "--port", str(self.port)]
        return subprocess.Popen(
            [*command, "reader.rsgi:application"],
            cwd=serving.ROOT,
            env=self._installation.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


class Writer(threading.Thread):
    """A reader who posts one annotation after the other."""

    def __init__(self, number: int, port: int, known: Mapping[str, Any], ended: threading.Event) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self.number, self.known, self.ended = number, known, ended
        self.port = port
        self.acknowledged: list[str] = []
        self.sent_again = 0
        self.refusal = ""

    def run(self) -> None:
        count = 0
        while not self.ended.is_set() and not self.refusal:
            count += 1
            self._post(f"Durable {self.number}.{count}: a remark that must not be lost.")

    def _post(self, body: str) -> None:
        """Send one annotation until it is answered."""
        token, until = str(uuid.uuid4()), time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                status, said = self._send(body, token)
            except (OSError, http.client.HTTPException):
                status, said = 0, ""
            if status in {200, 201, 302}:
                self.acknowledged.append(body)
                return
            if 400 <= status < 500 and status != 429:
                self.refusal = f"{status}: {said[-400:]}"
                return
            self.sent_again += 1
            time.sleep(0.1)

    def _send(self, body: str, token: str) -> tuple[int, str]:
        blocks, csrf = self.known["blocks"], "c" * 32
        form = {
            "csrfmiddlewaretoken": csrf,
            "kind": "note",
            "body": body,
            "place": "paragraph",
            "revision": self.known["revision"],
            "token": token,
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"{self.known['cookie']}={self.known['sessions'][self.number]}; csrftoken={csrf}",
        }
        path = f"/articles/{SLUG}/{blocks[self.number % len(blocks)]}/annotations/"
        connection = http.client.HTTPConnection(serving.HOST, self.port, timeout=20)
        try:
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()


def main() -> int:
    options = _options()
    print(f"Drawn from seed {options.seed}.\n")
    print(f"{'':12} {'acknowledged':>13} {'sent again':>11} {'blows':>6} {'lost':>5} {'twice':>6}", flush=True)
    are_good = [_try(database, options) for database in options.databases]
    print(f"\nNothing that was acknowledged is lost or there twice: {'reached' if all(are_good) else 'MISSED'}.")
    return 0 if all(are_good) else 1


def _options() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20, help="of each database's trial")
    parser.add_argument("--databases", nargs="+", choices=_DATABASES, default=_DATABASES)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    return parser.parse_args()


def _try(database: str, options: Namespace) -> bool:
    """Try one database, tell how it went, and say whether that was well."""
    drawn = random.Random(f"{options.seed} {database}")
    with tempfile.TemporaryDirectory(prefix="gloss-benchmark-") as folder, _server(database) as (address, crash):
        installation = serving.Installation(Path(folder))
        if address:
            installation.environment["DATABASE_URL"] = address
        installation.manage("prepare", "--static")
        installation.manage("seed_load", "--articles=1", "--paragraphs=9", "--annotations=10", "--readers=20")
        blows, outcome = _write(installation, crash, drawn, options.seconds)
    lost, twice = len(outcome.lost), len(outcome.duplicated)
    print(f"{database:12} {outcome.acknowledged:13,} {outcome.sent_again:11,} {blows:6} {lost:5} {twice:6}", flush=True)
    for body in (*outcome.lost[:5], *outcome.duplicated[:5]):
        print(f"    {body}")
    return not lost and not twice and outcome.acknowledged > 0


def _write(
    installation: serving.Installation, crash: Callable[[], None] | None, drawn: random.Random, seconds: float
) -> tuple[int, Outcome]:
    """Have all of them write while blows fall; give how many fell, and what became of what was sent."""
    with installation.start("benchmarks.rig.writing", SLUG) as asked:
        assert asked.stdin
        assert asked.stdout
        known = json.loads(asked.stdout.readline())
        site, ended = Site(installation), threading.Event()
        try:
            writers = [Writer(number, site.port, known, ended) for number in range(len(known["sessions"]))]
            for writer in writers:
                writer.start()
            blows = _strike(site, crash, drawn, seconds)
            ended.set()
            for writer in writers:
                writer.join(_PATIENCE_SECONDS)
        finally:
            site.stop()
        if refused := [writer.refusal for writer in writers if writer.refusal]:
            sys.exit(f"The site refused what was posted: {refused[0]}")
        asked.stdin.write("now\n")
        asked.stdin.flush()
        found: dict[str, int] = json.loads(asked.stdout.readline())
    acknowledged = [body for writer in writers for body in writer.acknowledged]
    return blows, Outcome(
        acknowledged=len(acknowledged),
        sent_again=sum(writer.sent_again for writer in writers),
        lost=[body for body in acknowledged if body not in found],
        duplicated=[body for body, number in found.items() if number > 1],
    )


def _strike(site: Site, crash: Callable[[], None] | None, drawn: random.Random, seconds: float) -> int:
    """Let blows fall for so long: on the web server, and every other one on the database where that is a server."""
    until, blows = time.monotonic() + seconds, 0
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, drawn.uniform(_LEAST_PAUSE, _LONGEST_PAUSE)))
        if crash and blows % 2:
            crash()
        else:
            site.kill()
        site.await_answer()
        blows += 1
    return blows


@contextmanager
def _server(database: str) -> Iterator[tuple[str, Callable[[], None] | None]]:
    """Give the address of a PostgreSQL that is as durable as one that is kept, and what ends it without warning."""
    if database == "sqlite":
        yield "", None
        return
    command = [sys.executable, "-W", "ignore", "-m", "tools.postgresql", "--durable"]
    with subprocess.Popen(
        command, cwd=serving.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout
        address = stdout.readline().strip()
        place, _, name = address.rpartition("/")
        with psycopg.connect(f"{place}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')

        def crash() -> None:
            stdin.write("crash\n")
            stdin.flush()
            if stdout.readline().strip() != "up":
                sys.exit("PostgreSQL did not come up again.")

        yield address, crash
        stdin.close()


if __name__ == "__main__":
    sys.exit(main())

"""Many open pages, each on a connection of its own, asking every five seconds: what `benchmarks.polling` runs.

The load is open: every page has its moments, and a question that has to wait for an answer counts from the moment when
it was due, so a server that falls behind cannot hide it. Takes one object of JSON as its argument; for every number of
pages prints one line of JSON with what was seen.
"""

import asyncio
import gc
import json
import re
import resource
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

import psutil

from benchmarks.rig.serving import HOST

INTERVAL = 5.0
# Of those who are told that something is new, one in so many wants to see it at once, and the page is fetched.
_WANTING = 50
# Of the pages, one in so many is open for somebody who is signed in.
_SIGNED_IN = 10
# Seconds between the last page that is opened and the first question that counts.
_SETTLING = INTERVAL + 1
_OPENED_A_SECOND = 500
# As a browser asks.
_HEADERS = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Accept: */*",
    "Accept-Language: en-GB,en;q=0.9",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Sec-Fetch-Dest: empty",
    "Sec-Fetch-Mode: cors",
    "Sec-Fetch-Site: same-origin",
    "Connection: keep-alive",
)
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


class Question(NamedTuple):
    """What a page asks for, and when it was due."""

    kind: str
    due: float
    words: bytes


@dataclass
class Seen:
    """The seconds that answers took, by the kind of question, and what went wrong, while it counts."""

    begins: float
    ends: float
    times: dict[str, list[float]] = field(default_factory=lambda: {"poll": [], "changed": [], "news": [], "page": []})
    # How late we ourselves were to ask, which is in the times too: much of it tells of a machine that is busy.
    late: list[float] = field(default_factory=list)
    errors: int = 0

    def add(self, kind: str, due: float, *, is_good: bool) -> None:
        if self.begins <= due < self.ends:
            self.times[kind].append(time.perf_counter() - due)
            self.errors += not is_good


class Site:
    """What all pages have in common: where they ask, what they know at first, and what has been seen."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.port: int = options["port"]
        self.path: str = options["path"]
        self.known: dict[str, Any] = options["known"]
        self.seen = Seen(0, 0)
        self.random = Random(1)

    def words(self, address: str, *headers: str) -> bytes:
        lines = (f"GET {address} HTTP/1.1", f"Host: {HOST}:{self.port}", *_HEADERS, *headers, "", "")
        return "\r\n".join(lines).encode()


class Page(asyncio.Protocol):
    """One open page of an article."""

    def __init__(self, site: Site, number: int) -> None:
        self.site = site
        cookies = site.known["cookies"]
        cookie = f"; {cookies[number % len(cookies)]}" if number % _SIGNED_IN == 0 else ""
        self._cookie = f"Cookie: theme=system; size=medium{cookie}"
        self._is_wanting = number % _WANTING == 1
        self._state = f"{site.known['revision']}.{site.known['activity']}"
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Question] = deque()
        self._asked: Question | None = None
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._due = time.perf_counter() + self.site.random.random() * INTERVAL
        self._plan()

    def connection_lost(self, _error: Exception | None) -> None:
        self.site.seen.errors += 1

    def data_received(self, data: bytes) -> None:
        self._answer += data
        end = self._answer.find(b"\r\n\r\n")
        if end < 0 or not self._asked:
            return
        length = _LENGTH.search(self._answer, 0, end)
        if len(self._answer) < end + 4 + (int(length[1]) if length else 0):
            return
        question, status, body = self._asked, int(self._answer[9:12]), self._answer[end + 4 :]
        self._asked, self._answer = None, b""
        self._heard(question, status, body)
        self._next()

    def _plan(self) -> None:
        self._loop.call_later(max(0.0, self._due - time.perf_counter()), self._poll)

    def _poll(self) -> None:
        self.site.seen.late.append(time.perf_counter() - self._due)
        address = f"{self.site.path}activity/"
        self._ask("poll", self._due, address, f'If-None-Match: "{self._state}"')
        self._due += INTERVAL
        self._plan()

    def _ask(self, kind: str, due: float, address: str, *headers: str) -> None:
        self._waiting.append(Question(kind, due, self.site.words(address, self._cookie, *headers)))
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._asked and not self._transport.is_closing():
            self._asked = self._waiting.popleft()
            self._transport.write(self._asked.words)

    def _heard(self, question: Question, status: int, body: bytes) -> None:
        is_changed = question.kind == "poll" and status == 200
        self.site.seen.add("changed" if is_changed else question.kind, question.due, is_good=status < 400)
        if is_changed:
            said = json.loads(body)
            self._state = f"{said['revision']}.{said['activity']}"
            query = f"?after={self.site.known['newest']}&revision={said['revision']}"
            self._ask("news", time.perf_counter(), f"{self.site.path}news/{query}")
        elif question.kind == "news" and self._is_wanting:
            self._ask("page", time.perf_counter(), self.site.path)


async def _run(options: dict[str, Any]) -> None:
    # Looking for what can be thrown away among so many pages would stop them all, and be counted as the server's.
    gc.disable()
    site = Site(options)
    loop = asyncio.get_running_loop()
    server = _processes(options["pid"])
    opened = 0
    for wanted in options["pages"]:
        for number in range(opened, wanted):
            await loop.create_connection(lambda number=number: Page(site, number), HOST, site.port)  # type: ignore[misc]
            await asyncio.sleep(1 / _OPENED_A_SECOND)
        opened = wanted
        await asyncio.sleep(_SETTLING)
        site.seen = Seen(time.perf_counter(), time.perf_counter() + options["seconds"])
        busy = _busy(server), _own()
        await asyncio.sleep(options["seconds"])
        busy = _busy(server) - busy[0], _own() - busy[1]
        # Answers that are late are waited for, and count.
        await asyncio.sleep(1)
        print(json.dumps(_said(wanted, site.seen, options["seconds"], busy)), flush=True)


def _said(pages: int, seen: Seen, seconds: float, busy: tuple[float, float]) -> dict[str, Any]:
    polls = [*seen.times["poll"], *seen.times["changed"]]
    return {
        "pages": pages,
        "polls": len(polls) / seconds,
        "news": (len(seen.times["news"]) + len(seen.times["page"])) / seconds,
        "expected": pages / INTERVAL,
        "poll_times": _spread(polls),
        "news_times": _spread(seen.times["news"]),
        "late": _spread(seen.late),
        "errors": seen.errors,
        "server": busy[0] / seconds,
        "asker": busy[1] / seconds,
    }


def _spread(times: Sequence[float]) -> list[float]:
    """Give the milliseconds of half, of ninety-nine in a hundred, and of all."""
    ordered = sorted(times)
    if not ordered:
        return [0.0, 0.0, 0.0]
    return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99, 1.0)]


def _processes(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _busy(processes: Sequence[psutil.Process]) -> float:
    return sum(seconds for process in processes for seconds in _seconds(process))


def _seconds(process: psutil.Process) -> Iterator[float]:
    times = process.cpu_times()
    yield times.user
    yield times.system


def _own() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(_run(json.loads(sys.argv[1])))

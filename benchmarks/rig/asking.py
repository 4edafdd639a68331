"""Ask a server as fast as it answers: with wrk where there is one, else with a loop of our own in its own process."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from statistics import median, quantiles
from typing import NamedTuple

from benchmarks.rig.serving import HOST, ROOT, Server

CONNECTIONS = 8
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Speed(NamedTuple):
    """What was seen in one round: requests a second, and milliseconds for half and for nearly all of them."""

    rate: float
    median: float
    p99: float


def means() -> str:
    """Give the name of what asks."""
    return "wrk" if shutil.which("wrk") else "a loop in Python, which is slower than the fastest servers"


def ask(server: Server, path: str, *, seconds: float, headers: Mapping[str, str]) -> Speed:
    """Ask for the path over a few kept connections for so many seconds. An answer of 400 or above ends the program."""
    url = f"http://{HOST}:{server.port}{path}"
    words = [f"{name}: {value}" for name, value in headers.items()]
    return _wrk(url, seconds, words) if shutil.which("wrk") else _loop(url, seconds, words)


def spread(speeds: list[Speed]) -> Speed:
    """Give the middle of several rounds."""
    return Speed(*(median(values) for values in zip(*speeds, strict=True)))


def _wrk(url: str, seconds: float, headers: list[str]) -> Speed:
    options = [option for header in headers for option in ("-H", header)]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "--latency", *options, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(f"{url} did not answer well:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    times = dict(re.findall(r"^\s+(50|99)%\s+([\d.]+[mu]?s)", said, re.MULTILINE))
    if rate is None or len(times) != 2:
        sys.exit(f"wrk said something unexpected:\n{said}")
    return Speed(float(rate[1]), _milliseconds(times["50"]), _milliseconds(times["99"]))


def _milliseconds(words: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", words).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]


def _loop(url: str, seconds: float, headers: list[str]) -> Speed:
    command = [sys.executable, "-m", "benchmarks.rig.asking", url, str(seconds), *headers]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Speed(*json.loads(done.stdout))


async def _ask_all(url: str, seconds: float, headers: list[str]) -> Speed:
    host, _, path = url.removeprefix("http://").partition("/")
    address, _, port = host.partition(":")
    request = "\r\n".join((f"GET /{path} HTTP/1.1", f"Host: {host}", *headers, "", "")).encode()
    until = time.perf_counter() + seconds
    times = await asyncio.gather(*(_keep_asking(address, int(port), request, until) for _ in range(CONNECTIONS)))
    every = [taken for one in times for taken in one]
    return Speed(len(every) / seconds, median(every) * 1000, quantiles(every, n=100)[98] * 1000)


async def _keep_asking(address: str, port: int, request: bytes, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection(address, port)
    times = []
    while (asked_at := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if int(head.split(maxsplit=2)[1]) >= 400:
            raise SystemExit(f"The server answered {head.decode()}")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        times.append(time.perf_counter() - asked_at)
    writer.close()
    await writer.wait_closed()
    return times


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_ask_all(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))))

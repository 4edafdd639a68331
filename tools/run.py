"""`make run`: from a fresh clone, or from yesterday's data, to the site in a browser."""

import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NoReturn

from tools import environment

HOST = "127.0.0.1"
APPLICATION = "reader.rsgi:application"
PATIENCE_SECONDS = 30
# Of a process, and with them files; macOS allows no more.
CONNECTIONS = 10_240
# What is being imported or published may be finished within these; later it can be begun again from its page.
GRACE_SECONDS = 10
_LOOK_SECONDS = 0.2
_REST_SECONDS = 1.0


def main() -> NoReturn:
    started_at = time.monotonic()
    port = _free_port(os.environ.get("PORT", "8000"))
    _make_writable(environment.var_dir())
    environment.ensure(environment.RUNNING)
    _prepare()
    sys.exit(_run(port, started_at))


def _free_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16:
        sys.exit(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            sys.exit(_why_not(port, error))
    return port


def _why_not(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; choose another one: make run PORT={port % 65535 + 1}"
    if error.errno == errno.EACCES:
        return f"Port {port} is for administrators; choose one from 1024 on: make run PORT=8000"
    return f"Port {port} of {HOST} cannot be used: {error.strerror}."


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        sys.exit(f"The folder {folder} cannot be written to, and Gloss keeps its data there.")


def _prepare() -> None:
    command = [str(environment.PYTHON), "manage.py", "prepare", "--static", "--samples", "--moderator"]
    try:
        prepared = subprocess.run(command, cwd=environment.ROOT, check=False)
    except KeyboardInterrupt:
        sys.exit(130)
    if prepared.returncode:
        sys.exit(prepared.returncode)


def _run(port: int, started_at: float) -> int:
    """Run the web server with the worker beside it until somebody stops them, and give how the server ended."""
    stops: list[int] = []
    _allow_connections()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: stops.append(number))
    server = _started(*server_command(port))
    worker = None
    try:
        # Only then, as both would be slower at once.
        if _answers(f"http://{HOST}:{port}/", server, stops):
            _announce(port, started_at)
        while server.poll() is None and not stops:
            worker = _kept_up(worker)
            time.sleep(_LOOK_SECONDS)
    finally:
        _end([process for process in (server, worker) if process], stops)
    return server.returncode


def _allow_connections() -> None:
    """Let the server have thousands of connections, where this machine's first word is fewer but not its last."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _started(*arguments: str) -> subprocess.Popen[bytes]:
    """Start one of our processes in a group of its own, so that Ctrl-C comes to it once, from us."""
    return subprocess.Popen([str(environment.PYTHON), *arguments], cwd=environment.ROOT, process_group=0)


def server_command(port: int) -> list[str]:
    # A second process answers while the first one thinks. One that is told to stop while it starts does not hear it,
    # hence the time-out; what it was answering is finished within it.
    processes = ["--workers", "2", "--workers-kill-timeout", "8"]
    # An open page keeps its connection; by default the server would leave the 1,025th waiting for ever.
    connections = ["--backpressure", str(CONNECTIONS)]
    # Whoever takes longer over the first lines of a request, or makes them longer, is no browser.
    lines = ["--http", "1", "--http1-header-read-timeout", "10000", "--http1-buffer-size", "65536"]
    arguments = [*processes, *connections, *lines, "--interface", "rsgi", "--no-ws", "--log-level", "warning"]
    return ["-m", "granian", *arguments, "--host", HOST, "--port", str(port), APPLICATION]


def _answers(address: str, server: subprocess.Popen[bytes], stops: list[int]) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None and not stops:
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=PATIENCE_SECONDS):
                return True
        except OSError:
            time.sleep(0.02)
    return False


def _announce(port: int, started_at: float) -> None:
    print(
        f"\nGloss is at http://{HOST}:{port}/ (ready after {time.monotonic() - started_at:.1f} seconds)\n"
        "Mail, such as that of a sign-up, is printed here. Ctrl-C stops it.\n",
        flush=True,
    )


def _kept_up(worker: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
    """Give the worker, started when there is none, or none any more."""
    if worker is not None:
        if worker.poll() is None:
            return worker
        print("The worker, which imports and publishes, has ended. It is started again.", file=sys.stderr, flush=True)
        time.sleep(_REST_SECONDS)
    return _started("manage.py", "db_worker", "--no-reload", "--no-startup-delay", "--verbosity", "0")


def _end(processes: list[subprocess.Popen[bytes]], stops: list[int]) -> None:
    """Ask the processes to end, and end them when they do not, or when somebody asks a second time."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until, asked = time.monotonic() + GRACE_SECONDS, len(stops)
    while any(process.poll() is None for process in processes):
        if time.monotonic() > until or len(stops) > asked:
            for process in processes:
                process.kill()
        time.sleep(0.02)


if __name__ == "__main__":
    main()

"""`make run`: from a fresh clone, or from yesterday's data, to the site in a browser."""

import errno
import os
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
APPLICATION = "reader.wsgi:application"
PATIENCE_SECONDS = 30


def main() -> NoReturn:
    started_at = time.monotonic()
    port = _free_port(os.environ.get("PORT", "8000"))
    _make_writable(environment.var_dir())
    environment.ensure(environment.RUNNING)
    _prepare()
    _announce(port, started_at)
    _serve(port)


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


def _announce(port: int, started_at: float) -> None:
    """Leave a process behind that says when the site answers, and ends."""
    server = os.getpid()
    sys.stdout.flush()
    if child := os.fork():
        os.waitpid(child, 0)
        return
    # Twice, so that the server that this process becomes is not left with a child it does not know.
    if os.fork():
        os._exit(0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    address = f"http://{HOST}:{port}/"
    if _answers(address, server):
        print(
            f"\nGloss is at {address} (ready after {time.monotonic() - started_at:.1f} seconds)\n"
            "Mail, such as that of a sign-up, is printed here. Ctrl-C stops it.\n",
            flush=True,
        )
    os._exit(0)


def _answers(address: str, server: int) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and _runs(server):
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=PATIENCE_SECONDS):
                return True
        except OSError:
            time.sleep(0.02)
    return False


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _serve(port: int) -> NoReturn:
    # One thread a process answers cached pages fastest, and a second process answers while the first one thinks.
    # A process that is told to stop while it starts does not hear it, hence the time-out.
    processes = ["--workers", "2", "--blocking-threads", "1", "--workers-kill-timeout", "3"]
    arguments = [*processes, "--interface", "wsgi", "--log-level", "warning"]
    os.chdir(environment.ROOT)
    python = str(environment.PYTHON)
    os.execv(python, [python, "-m", "granian", *arguments, "--host", HOST, "--port", str(port), APPLICATION])


if __name__ == "__main__":
    main()

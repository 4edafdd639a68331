"""Installations and servers that live as long as a benchmark."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
# Of the samples, which `manage.py prepare --samples` brings.
FIRST_ARTICLE = "/articles/china-cutting-cooperation-with-the-us/"
_PATIENCE_SECONDS = 20

# As `make run` and the image serve, but for the second process: ratios are told of one.
FLAGS = (
    *("--workers", "1", "--workers-kill-timeout", "8", "--backpressure", "8192", "--http", "1"),
    *("--interface", "rsgi", "--log-level", "error"),
)
# For what is no site: a function alone.
WSGI_FLAGS = (*("--workers", "1", "--blocking-threads", "1"), *("--interface", "wsgi", "--log-level", "error"))


class Answer(NamedTuple):
    """What a server said to one request, as it came over the wire."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class Server(NamedTuple):
    """A server that answers at this port of this machine, and nowhere else."""

    port: int
    # Of its first process; the others are that one's children.
    pid: int = 0

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for one thing. A header's name is written with underscores."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_PATIENCE_SECONDS)
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return Answer(response.status, response.reason, dict(response.getheaders()), body)


class Installation:
    """A site with its own data in a folder that is thrown away afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "VAR_DIR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "DATABASE_URL": f"sqlite:///{folder / 'gloss.sqlite3'}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "PRODUCTION": "false",
            "DEBUG": "false",
            # A thousand readers come from this machine here.
            "LIMITS": "off",
        }

    def manage(self, *arguments: str) -> None:
        """Run one of the site's commands in silence; its words are shown when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stderr or done.stdout}")

    def start(self, module: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start a program of ours beside the site, to be spoken with by its standard input and output."""
        command = [sys.executable, "-m", module, *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdin=pipe, stdout=pipe, text=True)

    @contextmanager
    def serve(self, application: str = "reader.rsgi:application", *flags: str, **variables: str) -> Iterator[Server]:
        """Serve the application until the block ends."""
        port = free_port()
        command = [sys.executable, "-m", "granian", *(flags or FLAGS), "--host", HOST, "--port", str(port), application]
        process = subprocess.Popen(command, cwd=ROOT, env=self.environment | variables, stdin=subprocess.DEVNULL)
        try:
            _await(process, port)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit(f"The server ended at once, with {process.returncode}.")
        try:
            Server(port).get("/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        else:
            return
    sys.exit(f"The server did not answer within {_PATIENCE_SECONDS} seconds.")

"""The site as granian serves it: what slow, broken and rude clients get, and that they keep nobody else waiting."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest

from tools import run

pytestmark = pytest.mark.machine

ROOT = Path(__file__).resolve().parents[2]
HOST = b"Host: 127.0.0.1\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"


class Served:
    """A site of its own, served as `make run` serves it, by one process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.database = folder / "gloss.sqlite3"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.env = kept | {"VAR_DIR": str(folder), "BODY_SECONDS": "2"}
        prepare = [sys.executable, "manage.py", "prepare", "--static", "--samples"]
        subprocess.run(prepare, cwd=ROOT, env=self.env, check=True, capture_output=True, timeout=120)
        command = [sys.executable, *run.server_command(self.port)]
        command[command.index("--workers") + 1] = "1"
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env)
        _until_answered(self.port)

    def connect(self, *lines: bytes) -> socket.socket:
        """Open a connection and send these."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(b"".join(lines))
        return connection

    def ask(self, *lines: bytes) -> bytes:
        """Send these, and give the answer up to where nothing more comes of it."""
        with self.connect(*lines) as connection:
            return answer(connection)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def answer(connection: socket.socket) -> bytes:
    """Give the next answer on a connection; nothing when it was closed."""
    got = b""
    while b"\r\n\r\n" not in got:
        chunk = connection.recv(65536)
        if not chunk:
            return got
        got += chunk
    return got


def _until_answered(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("It was not served.")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.stop()


def test_slow_clients_keep_nobody_waiting_and_are_told_when_it_is_too_long(site: Served) -> None:
    begun = [b"POST /preferences/ HTTP/1.1\r\n", FORM, b"Content-Length: 1000\r\n\r\na="]
    bodies = [site.connect(*begun) for _ in range(20)]
    heads = [site.connect(b"GET / HTTP/1.1\r\nHost: 127.") for _ in range(20)]
    time.sleep(0.3)
    started_at = time.monotonic()
    assert site.ask(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").startswith(b"HTTP/1.1 200")
    assert time.monotonic() - started_at < 1
    for body in bodies:
        assert answer(body).startswith(b"HTTP/1.1 408")
    for connection in (*bodies, *heads):
        connection.close()


def test_a_body_that_comes_in_pieces_is_answered(site: Served) -> None:
    with site.connect(b"POST /preferences/ HTTP/1.1\r\n", FORM, b"Content-Length: 10\r\n\r\ntheme") as slow:
        time.sleep(0.3)
        slow.sendall(b"=dark")
        assert b"theme=dark" in answer(slow)


def test_a_body_without_a_length_is_read_as_far_as_one_may_go(site: Served) -> None:
    head = [b"POST /preferences/ HTTP/1.1\r\n", FORM, b"Transfer-Encoding: chunked\r\n\r\n"]
    assert b"theme=dark" in site.ask(*head, b"a\r\ntheme=dark\r\n0\r\n\r\n")
    assert site.ask(*head, *([b"10000\r\n" + b"a" * 65536 + b"\r\n"] * 5)).startswith(b"HTTP/1.1 413")


def test_too_much_is_refused_before_it_is_sent(site: Served) -> None:
    asked = [b"POST / HTTP/1.1\r\n", FORM, b"Content-Length: 9000000\r\nExpect: 100-continue\r\n\r\n"]
    assert site.ask(*asked).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param(b"GET /healthz HTTP/1.1\r\n" + HOST + b"Cookie: a=\xff\xfe\r\n\r\n", b"200", id="bytes"),
        pytest.param(b"GET /healthz?a=%ff\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"", id="bytes in the query"),
        pytest.param(b"GET /%ff%fe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404", id="bytes in the path"),
        pytest.param(b"GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"400", id="a NUL"),
        pytest.param(b"GET /healthz HTTP/1.1\r\nHost: evil.example.org\r\n\r\n", b"400", id="another site"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n\r\n", b"", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 400_000 + b"\r\n\r\n", b"431", id="a long header"),
        pytest.param(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"200", id="the head alone"),
    ],
)  # fmt: skip
def test_rude_clients_are_answered_and_do_no_harm(site: Served, lines: bytes, status: bytes) -> None:
    got = site.ask(lines)
    assert got.startswith(b"HTTP/1.1 " + status)
    assert not got.startswith(b"HTTP/1.1 5")
    assert site.ask(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").endswith(b"alive\n")


def test_nobody_passes_a_header_off_as_the_proxy_s(site: Served) -> None:
    got = site.ask(b"GET / HTTP/1.1\r\nX_Host: evil\r\nHost: 127.0.0.1\r\nContent_Length: 9\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200")


def test_what_is_being_answered_is_finished_when_the_site_is_told_to_stop(tmp_path: Path) -> None:
    site = Served(tmp_path)
    other = sqlite3.connect(site.database, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    # Counting the try has to wait for the lock.
    page = site.ask(b"GET /accounts/password/reset/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").decode()
    token = page.partition("csrftoken=")[2].partition(";")[0]
    body = f"email=nobody%40example.org&csrfmiddlewaretoken={token}".encode()
    head = f"Cookie: csrftoken={token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    begun = site.connect(b"POST /accounts/password/reset/ HTTP/1.1\r\n", FORM, head, body)
    time.sleep(0.5)
    site.process.send_signal(signal.SIGTERM)
    threading.Timer(1.5, lambda: other.execute("ROLLBACK")).start()
    with begun:
        assert answer(begun).startswith(b"HTTP/1.1 302")
    other.close()
    assert site.process.wait(20) == 0

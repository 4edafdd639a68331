"""Starting, stopping and supervising the site, as its host does."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TypeVar

import psutil
import pytest
from django.core.management import call_command
from django.test import Client

from annotations.models import Annotation
from reader.models import Article, User

ROOT = Path(__file__).resolve().parents[2]
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
PRODUCTION = {
    "ALLOWED_HOSTS": "gloss.example.org",
    "SECRET_KEY": "fifty characters or more, and known to nobody but the tests",
    "EMAIL_URL": "submission://gloss:password@mail.example.org:587",
}

machine = pytest.mark.machine

Found = TypeVar("Found")


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Give the environment of somebody who set nothing, with a folder for data."""
    (tmp_path / "var").mkdir()
    return _bare(tmp_path / "var")


def _bare(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {"VAR_DIR": str(folder), "PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(*command: str | Path, env: Mapping[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)


def _ask(code: str, env: Mapping[str, str]) -> str:
    settings = {"DJANGO_SETTINGS_MODULE": "reader.settings"}
    asked = _run(sys.executable, "-c", f"import django; django.setup()\n{code}", env={**env, **settings})
    return asked.stdout.strip() or asked.stderr.strip()


# Settings


@machine
def test_with_nothing_set_the_site_is_local_and_debug_is_off(bare: dict[str, str]) -> None:
    said = _ask("from django.conf import settings as s; print(s.DEBUG, s.PRODUCTION, s.ALLOWED_HOSTS)", bare)
    assert said == "False False ['localhost', '127.0.0.1', '[::1]']"


@machine
def test_the_local_secret_stays_the_same_and_is_its_owners_alone(bare: dict[str, str]) -> None:
    code = "from django.conf import settings as s; print(s.SECRET_KEY)"
    assert _ask(code, bare) == _ask(code, bare)
    assert (Path(bare["VAR_DIR"]) / "secret_key").stat().st_mode & 0o077 == 0


@machine
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        pytest.param({"SECRET_KEY": ""}, "needs SECRET_KEY", id="without a secret of its own"),
        pytest.param({"DEBUG": "true"}, "must not run with DEBUG", id="with debug"),
    ],
)
def test_production_refuses_to_start(bare: dict[str, str], changed: dict[str, str], reason: str) -> None:
    assert reason in _ask("", bare | PRODUCTION | changed)


@machine
def test_djangos_deployment_check_has_nothing_to_say(bare: dict[str, str]) -> None:
    checked = _run(sys.executable, "manage.py", "check", "--deploy", env=bare | PRODUCTION)
    assert checked.stdout == "System check identified no issues (0 silenced).\n"
    assert checked.stderr == ""


# Health


def test_the_process_says_that_it_lives(client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"


@pytest.mark.django_db
def test_the_site_is_ready_when_the_database_answers(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@machine
def test_the_site_is_not_ready_when_the_database_does_not_answer(bare: dict[str, str]) -> None:
    nobody = {"DATABASE_URL": f"postgresql://gloss@127.0.0.1:{_free_port()}/gloss"}
    asked = "from django.test import Client; c = Client(HTTP_HOST='localhost')\n"
    said = _ask(f"{asked}print(c.get('/readyz').status_code, c.get('/healthz').status_code)", bare | nobody)
    assert said == "503 200"


@machine
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_supervisors_are_not_sent_to_https(bare: dict[str, str], address: str) -> None:
    code = f"from django.test import Client; print(Client(HTTP_HOST='gloss.example.org').get('{address}').status_code)"
    assert _ask(code, bare | PRODUCTION) == "200"


# Preparing


@pytest.mark.django_db
def test_preparing_twice_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    counts = []
    for _ in range(2):
        call_command("prepare", samples=True, moderator=True)
        counts.append((Article.objects.count(), Annotation.objects.count(), User.objects.count()))
    assert counts[0] == counts[1]
    assert counts[0][0] == 1
    assert capsys.readouterr().out.count("password") == 2  # One password, and the word that it is shown once.


@pytest.mark.django_db
def test_the_printed_password_opens_the_panel_and_the_desk(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare", moderator=True)
    found = re.search(r"name (\S+), password (\S+)", capsys.readouterr().out)
    assert found is not None
    assert client.login(username=found[1], password=found[2])
    assert client.get("/admin/annotations/annotation/").status_code == 200
    assert client.get("/desk/").status_code == 200


@machine
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(bare: dict[str, str]) -> None:
    nobody = {"DATABASE_URL": f"postgresql://gloss@127.0.0.1:{_free_port()}/gloss"}
    prepared = _run(sys.executable, "manage.py", "prepare", env=bare | nobody)
    assert prepared.returncode == 1
    assert prepared.stderr.startswith("CommandError: The database could not be used: ")
    assert "Traceback" not in prepared.stderr


# `make run`


class Site:
    """The site as `make run` starts it."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.address = f"http://127.0.0.1:{env['PORT']}/"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.run"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
        )

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def until_ready(self) -> str:
        """Give all that is said up to the address."""
        said = ""
        for line in self.output:
            said += line
            if "Gloss is at" in line:
                return said
        pytest.fail(f"It ended before it was ready:\n{said}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        self.output.close()
        return code


@pytest.fixture
def sites() -> Generator[list[Site]]:
    started: list[Site] = []
    yield started
    for site in started:
        if site.process.poll() is None:
            site.stop()
        site.output.close()


@machine
def test_a_later_start_loses_nothing(bare: dict[str, str], sites: list[Site]) -> None:
    first, said = _start(bare, sites)
    assert "password" in said
    before = _body(first.address)
    assert first.stop() == 0
    later, said = _start(bare, sites)
    assert f"Gloss is at {later.address}" in said
    assert "password" not in said
    assert _body(later.address) == before


def _start(env: Mapping[str, str], sites: list[Site]) -> tuple[Site, str]:
    site = Site(env)
    sites.append(site)
    return site, site.until_ready()


def _body(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
    return body


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder as the first start leaves it."""
    folder = tmp_path_factory.mktemp("prepared")
    made = _run(sys.executable, "manage.py", "prepare", "--static", "--moderator", env=_bare(folder))
    assert made.returncode == 0
    return folder


@pytest.fixture
def settled(bare: dict[str, str], prepared: Path) -> dict[str, str]:
    """Give the environment of somebody who has started it before."""
    shutil.copytree(prepared, bare["VAR_DIR"], dirs_exist_ok=True)
    return bare


@machine
def test_the_worker_reads_in_what_is_brought_and_outlives_its_death(settled: dict[str, str], sites: list[Site]) -> None:
    site, _ = _start(settled, sites)
    first = _until(lambda: _workers(site), is_good=bool)
    first[0].kill()
    pk = _ask(
        "from reader import tasks; from reader.importing import receiving\n"
        "draft = receiving.receive(given='A Toll Bridge\\n\\nIt is long.', format='plain', by=None)\n"
        "tasks.read_draft.enqueue(draft.pk, draft.version); print(draft.pk)",
        settled,
    )
    asked = f"from reader.models import Draft; d = Draft.objects.get(pk={pk}); print(d.state, d.title)"
    assert _until(lambda: _ask(asked, settled), is_good=lambda said: said == "open A Toll Bridge")
    assert first != _workers(site)


@machine
def test_more_than_a_thousand_open_pages_keep_their_connections(settled: dict[str, str], sites: list[Site]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
    _start(settled, sites)
    with ExitStack() as stack:
        for _ in range(1_100):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", int(settled["PORT"])), timeout=20))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(64).startswith(b"HTTP/1.1 200")


@machine
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_running(settled: dict[str, str], sites: list[Site], number: signal.Signals) -> None:
    site, _ = _start(settled, sites)
    _until(lambda: _workers(site), is_good=bool)
    ours = psutil.Process(site.process.pid).children(recursive=True)
    assert len(ours) >= 4  # The server and its two processes, and the worker.
    assert site.stop(number) == 0
    assert [process for process in ours if process.is_running()] == []


@machine
def test_when_the_server_ends_the_worker_does_too(settled: dict[str, str], sites: list[Site]) -> None:
    site, _ = _start(settled, sites)
    worker = _until(lambda: _workers(site), is_good=bool)[0]
    server = next(child for child in psutil.Process(site.process.pid).children() if child != worker)
    server.send_signal(signal.SIGINT)
    assert site.process.wait(timeout=20) == 0
    assert not worker.is_running()


def _workers(site: Site) -> list[psutil.Process]:
    children = psutil.Process(site.process.pid).children()
    return [child for child in children if child.status() != psutil.STATUS_ZOMBIE and "db_worker" in child.cmdline()]


def _until(find: Callable[[], Found], *, is_good: Callable[[Found], bool]) -> Found:
    """Look until what is found is good, and give it."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if is_good(found := find()):
            return found
        time.sleep(0.1)
    pytest.fail(f"Nothing good was found in time, but {find()!r}")


@machine
def test_a_taken_port_is_said_in_a_sentence(bare: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", int(bare["PORT"]))):
        _assert_sentence(_run(sys.executable, "-m", "tools.run", env=bare), f"Port {bare['PORT']} is taken")


@machine
@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "８０００"])
def test_a_port_that_is_none_is_said_in_a_sentence(bare: dict[str, str], port: str) -> None:
    started = _run(sys.executable, "-m", "tools.run", env=bare | {"PORT": port})
    _assert_sentence(started, "PORT must be a number from 1 to 65535")


@machine
def test_a_folder_that_cannot_be_written_to_is_said_in_a_sentence(bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    started = _run(sys.executable, "-m", "tools.run", env=bare | {"VAR_DIR": str(tmp_path / "file" / "var")})
    _assert_sentence(started, "cannot be written to")


@machine
def test_requirements_that_cannot_be_fetched_are_said_in_a_sentence(bare: dict[str, str], tmp_path: Path) -> None:
    for name in ("tools", "requirements.txt"):
        _copy(ROOT / name, tmp_path / "clone" / name)
    offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    started = _run(sys.executable, "-m", "tools.run", env=bare | offline, cwd=tmp_path / "clone")
    _assert_sentence(started, "The requirements could not be installed; is this machine online?")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


@machine
@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        pytest.param('case "$2" in *ensurepip*) exit 1 ;; esac', "lacks its venv module", id="without venv"),
        pytest.param("exit 1", "needs Python 3.11 or newer", id="too old"),
    ],
)
def test_a_python_that_does_not_do_is_said_in_a_sentence(tmp_path: Path, python: str, sentence: str) -> None:
    for name in ("python3", *(f"python3.{number}" for number in range(11, 15))):
        (tmp_path / name).write_text(f"#!/bin/sh\n{python}\n")
        (tmp_path / name).chmod(0o755)
    shell = shutil.which("sh")
    assert shell is not None
    found = _run(shell, ROOT / "tools" / "python.sh", env={"PATH": str(tmp_path)}, cwd=tmp_path)
    _assert_sentence(found, sentence)


def _assert_sentence(ended: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1

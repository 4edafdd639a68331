"""While the database is away: a page that says so within a second, keeps what was typed, and is over by itself."""

import logging
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import Settings

from annotations.models import Annotation, Visit
from reader.outages import is_outage
from reader.postgresql import driver, silence
from reader.postgresql.base import DatabaseWrapper
from reader.postgresql.silence import Server
from tests.factories import make_article, make_moderator, make_reader
from tests.web import serving

pytestmark = pytest.mark.django_db

FORM = {
    "kind": "note",
    "body": "Tolls <were> counted.\nTwice.",
    "place": "paragraph",
    "revision": "1",
    "token": "6e0bd3e5-4b0d-4a1c-9a1e-0a9be5e1c001",
}


def words(response: Any) -> str:
    return str(response.content, "utf-8")


@pytest.fixture
def bold(client: Client) -> Client:
    """Give a browser that is shown faults as people are."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what takes the database away."""

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    return lambda: monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)


@pytest.mark.parametrize(
    "address", ["/", "/articles/a-short-title/", "/articles/a-short-title/p1/", "/accounts/login/?next=/", "/notices/"]
)
def test_every_page_says_that_the_site_is_away_and_when_to_come_back(
    bold: Client, away: Callable[[], None], address: str
) -> None:
    make_article()
    bold.force_login(make_reader())
    away()
    response = bold.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Gloss is away for a moment" in words(response)


def test_a_stranger_is_told_in_place_of_the_kept_page_and_gets_it_again_afterwards(
    bold: Client, away: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    bold.get(article.get_absolute_url())
    away()
    assert bold.get(article.get_absolute_url()).status_code == 503
    monkeypatch.undo()
    assert bold.get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/admin/annotations/annotation/"])
def test_the_panel_says_so_too(bold: Client, away: Callable[[], None], address: str) -> None:
    bold.force_login(make_moderator())
    away()
    assert bold.get(address).status_code == 503


def test_supervisors_are_told_while_the_process_lives(bold: Client, away: Callable[[], None]) -> None:
    away()
    assert bold.get("/readyz").status_code == 503
    assert bold.get("/healthz").status_code == 200


def test_a_lost_connection_is_not_ready(bold: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)
    assert bold.get("/readyz").status_code == 503


def test_what_was_typed_is_on_the_page_to_be_sent_again(bold: Client, away: Callable[[], None]) -> None:
    article = make_article()
    bold.force_login(make_reader())
    away()
    page = words(bold.post(f"{article.get_absolute_url()}p1/annotations/", FORM))
    assert f'action="{article.get_absolute_url()}p1/annotations/"' in page
    assert "Tolls &lt;were&gt; counted.\nTwice.</textarea>" in page
    assert '<label for="written-1">Body</label>' in page
    assert '<input type="hidden" name="kind" value="note">' in page


def test_what_is_sent_again_is_posted_once(bold: Client) -> None:
    article = make_article()
    bold.force_login(make_reader())
    address = f"{article.get_absolute_url()}p1/annotations/"
    for _ in range(2):
        assert bold.post(address, FORM).status_code == 302
    assert Annotation.objects.count() == 1


def test_an_outage_after_the_words_were_kept_is_one_too_and_they_are_posted_once(
    bold: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    bold.force_login(make_reader())
    address = f"{article.get_absolute_url()}p1/annotations/"
    monkeypatch.setattr(Session, "save", _fail_as_the_database_does)
    assert bold.post(address, FORM).status_code == 503
    monkeypatch.undo()
    assert bold.post(address, FORM).status_code == 302
    assert Annotation.objects.count() == 1


def test_htmx_is_told_without_the_rest_of_a_page(bold: Client, away: Callable[[], None]) -> None:
    article = make_article()
    away()
    response = bold.post(f"{article.get_absolute_url()}p1/annotations/", FORM, headers={"HX-Request": "true"})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "<html" not in words(response)
    assert "Tolls &lt;were&gt; counted." in words(response)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        pytest.param("/accounts/login/", {"login": "ada", "password": "correct horse battery"}, id="at the door"),
        pytest.param("/preferences/", {"password": "correct horse battery"}, id="anywhere else"),
    ],
)
def test_a_password_is_never_repeated(
    bold: Client, away: Callable[[], None], monkeypatch: pytest.MonkeyPatch, address: str, form: dict[str, str]
) -> None:
    monkeypatch.setattr("reader.views.preferences.preferences.remember", _fail_as_the_database_does)
    away()
    response = bold.post(address, form | {"name": "theme", "value": "dark"})
    assert response.status_code == 503
    assert "correct horse" not in words(response)


def _fail_as_the_database_does(*_: object, **__: object) -> None:
    raise OperationalError("gone")


def test_the_log_has_a_line_and_no_traceback(
    bold: Client, away: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    away()
    with caplog.at_level(logging.ERROR):
        bold.get("/")
    assert [record.getMessage() for record in caplog.records] == ["The database is away, at /: connection refused"]
    assert caplog.records[0].exc_info is None


def test_a_fault_of_ours_is_no_outage() -> None:
    assert not is_outage(RuntimeError("connection refused"))
    wrong = OperationalError("no such table: annotation")
    wrong.__cause__ = sqlite3.OperationalError("no such table: annotation")
    assert not is_outage(wrong)


# A database of SQLite that somebody else has locked


@contextmanager
def locked() -> Iterator[None]:
    """Lock the database as another program does."""
    if connection.vendor != "sqlite":
        yield
        return
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def impatient() -> Iterator[None]:
    """Have this connection wait for a lock a tenth of a second, where a test would wait for twenty."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.execute("PRAGMA busy_timeout = 100")
    yield
    connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_read_and_what_cannot_be_written_is_kept(bold: Client) -> None:
    article = make_article()
    reader = make_reader()
    bold.force_login(reader)
    with locked():
        assert bold.get(article.get_absolute_url()).status_code == 200
        posted = bold.post(f"{article.get_absolute_url()}p1/annotations/", FORM)
    if connection.vendor == "sqlite":
        assert Visit.objects.count() == 0
        assert posted.status_code == 503
        assert "Tolls &lt;were&gt; counted." in words(posted)
    again = bold.post(f"{article.get_absolute_url()}p1/annotations/", FORM)
    assert again.status_code == 302


# A server of PostgreSQL that does not answer


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    silence._silent_until.clear()


def _say_nothing(connection: socket.socket, _asked: str) -> None:
    connection.recv(1)


def _say_no_tls(connection: socket.socket, _asked: str) -> None:
    connection.sendall(b"N")


def test_a_server_that_says_nothing_is_silent_and_is_not_asked_again_at_once() -> None:
    with serving(_say_nothing) as port:
        server = Server("127.0.0.1", port)
        assert server.is_silent()
        started_at = time.monotonic()
        assert server.is_silent()
        assert time.monotonic() - started_at < silence.PATIENCE_SECONDS


def test_a_server_that_answers_or_refuses_is_not_silent() -> None:
    with serving(_say_no_tls) as port:
        assert not Server("127.0.0.1", port).is_silent()
    assert not Server("127.0.0.1", port).is_silent()


def test_a_server_that_answers_again_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "MEMORY_SECONDS", 0)
    with serving(_say_nothing) as port:
        assert Server("127.0.0.1", port).is_silent()
    assert not Server("127.0.0.1", port).is_silent()


@pytest.mark.parametrize(
    ("parameters", "server"),
    [
        pytest.param(
            {"host": "db.example.org", "port": "6543"}, Server("db.example.org", 6543), id="a host and a port"
        ),
        pytest.param({"host": "/run/postgresql"}, Server("/run/postgresql", 5432), id="a folder"),
        pytest.param({}, None, id="nothing"),
        pytest.param({"host": "one,two"}, None, id="several"),
        pytest.param({"host": "db", "service": "gloss"}, None, id="a service"),
    ],
)
def test_a_server_is_asked_where_it_is_known(parameters: dict[str, str], server: Server | None) -> None:
    assert Server.of(parameters) == server


def test_no_connection_is_begun_to_a_server_that_says_nothing(settings: Settings) -> None:
    with serving(_say_nothing) as port:
        address = {"NAME": "gloss", "HOST": "127.0.0.1", "PORT": str(port), "USER": "gloss"}
        database = DatabaseWrapper({**connection.settings_dict, **address, "OPTIONS": {}})
        with pytest.raises(OperationalError, match="does not answer"):
            database.ensure_connection()


class Waiting(driver.PatientConnection):
    """A connection that needs no server: what it waits for never comes."""

    def __init__(self, server: Server | None) -> None:
        self.server, self.was_closed = server, False

    def close(self) -> None:
        self.was_closed = True

    def cancel_safe(self, *, timeout: float = 30.0) -> None:
        pass


def _never() -> Any:
    while True:
        yield 1


def _wait(waiting: Waiting) -> None:
    steps = waiting._watched(_never())
    next(steps)
    for _ in range(100):
        time.sleep(0.01)
        steps.send(0)


def test_a_statement_is_given_up_when_the_server_has_fallen_silent() -> None:
    with serving(_say_nothing) as port:
        waiting = Waiting(Server("127.0.0.1", port))
        with pytest.raises(driver.OperationalError, match="stopped answering"):
            _wait(waiting)
    assert waiting.was_closed


def test_a_slow_statement_of_a_server_that_answers_is_waited_for() -> None:
    with serving(_say_no_tls) as port:
        _wait(Waiting(Server("127.0.0.1", port)))


def test_a_page_gives_up_a_statement_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "PAGE_SECONDS", 0.1)
    driver.begin()
    waiting = Waiting(None)
    with pytest.raises(driver.OperationalError, match="a page waited"):
        _wait(waiting)
    driver.end()
    _wait(Waiting(None))

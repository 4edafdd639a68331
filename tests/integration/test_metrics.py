"""What the host may know of requests: a line of each and numbers of all, and nothing of who asked."""

import json
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import Settings

from annotations import annotating, appealing, moderating
from annotations.models import Annotation, WatchedTerm
from reader import logs, measuring
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_restatement

pytestmark = pytest.mark.django_db

TOKEN = "a token for nobody but the tests"


def words(response: Any) -> str:
    return str(response.content, "utf-8")


def metrics(token: str = TOKEN) -> Any:
    client = Client(raise_request_exception=False)
    return client.get("/metrics", headers={"Authorization": f"Bearer {token}"})


def value(name: str) -> float:
    """Give what one of the numbers is now; nothing counted is 0."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", words(metrics()), re.MULTILINE)
    return float(found[1]) if found else 0


@pytest.fixture
def counting(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Have everything counted, anew."""
    settings.METRICS_TOKEN = TOKEN
    settings.METRICS_DIR = tmp_path / "metrics"
    measuring._made.cache_clear()
    yield
    measuring._made.cache_clear()


@pytest.fixture
def lines(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], list[str]]]:
    """Have a line written of each request, and give what gives them."""
    settings.LOG_REQUESTS = "json"
    monkeypatch.setattr(logs.requests, "propagate", True)
    with caplog.at_level(logging.INFO, logger="reader.requests"):
        yield lambda: [each.getMessage() for each in caplog.records if each.name == "reader.requests"]


# Numbers


def test_there_are_no_metrics_until_there_is_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert "X-Request-ID" not in client.get("/healthz").headers


@pytest.mark.usefixtures("counting")
@pytest.mark.parametrize("token", ["", "another", "\xff", TOKEN[:-1]])
def test_metrics_are_for_who_has_the_token(token: str) -> None:
    response = metrics(token)
    assert response.status_code == 401
    assert "gloss_" not in words(response)


@pytest.mark.usefixtures("counting")
def test_metrics_are_only_read() -> None:
    assert Client().post("/metrics").status_code == 405


@pytest.mark.usefixtures("counting")
def test_requests_are_counted_by_route_and_status_and_never_by_address() -> None:
    article = make_article()
    client = Client()
    client.get(article.get_absolute_url())
    client.get("/nowhere/at/all/?secret=1")
    assert value('gloss_requests_total{method="GET",route="reading",status="200"}') == 1
    assert value('gloss_requests_total{method="GET",route="nothing",status="404"}') == 1
    assert value('gloss_request_seconds_count{route="reading"}') == 1
    assert article.slug not in words(metrics())
    assert "secret" not in words(metrics())


@pytest.mark.usefixtures("counting")
def test_made_up_methods_are_counted_together() -> None:
    Client().generic("BREW", "/")
    assert value('gloss_requests_total{method="other",route="library",status="405"}') == 1


@pytest.mark.usefixtures("counting")
def test_kept_pages_are_counted() -> None:
    article = make_article()
    for _ in range(3):
        Client().get(article.get_absolute_url())
    assert value('gloss_kept_pages_total{result="miss"}') == 1
    assert value('gloss_kept_pages_total{result="hit"}') == 2


@pytest.mark.usefixtures("counting")
def test_what_waits_is_counted_when_it_is_asked_for() -> None:
    annotation = make_annotation()
    assert value("gloss_annotations_pending") == 0
    Annotation.objects.filter(pk=annotation.pk).update(state="pending")
    assert value("gloss_annotations_pending") == 1
    assert value("gloss_lines_pending") == 0
    WatchedTerm.objects.create(words="casino")
    make_restatement(of=make_annotation(article=annotation.article), body="You say casino.")
    assert value("gloss_lines_pending") == 1
    moderating.deny(annotation=annotation, by=make_moderator(), rule="off topic", reason="Not about this.")
    appealing.appeal(annotation=annotation, by=annotation.creator, words="It is.")
    assert value("gloss_appeals_open") == 1
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    assert value("gloss_appeals_open") == 0
    assert value("gloss_tasks_ready") == 0
    assert value("gloss_database_up") == 1


@pytest.mark.usefixtures("counting")
def test_metrics_are_given_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)
    assert Client(raise_request_exception=False).get("/").status_code == 503
    assert value("gloss_database_up") == 0
    assert value("gloss_database_errors_total") == 1


@pytest.mark.usefixtures("counting")
def test_preparing_begins_anew(settings: Settings) -> None:
    Client().get("/healthz")
    measuring.tidy()
    assert not list(settings.METRICS_DIR.glob("*.db"))


def test_nothing_of_prometheus_is_counted_without_a_token(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    measuring.kept_page(is_hit=True)
    assert measuring._meters() is None


# Lines


def test_a_request_is_written_down_without_who_asked_or_what_for(lines: Callable[[], list[str]]) -> None:
    article = make_article()
    client = Client(headers={"User-Agent": "Browser of Ada", "X-Forwarded-For": "203.0.113.9"})
    client.force_login(make_reader(username="ada"))
    response = client.get(f"{article.get_absolute_url()}?by=ada")
    line = json.loads(lines()[-1])
    assert set(line) == {"time", "id", "method", "route", "status", "ms", "bytes"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "reading", 200)
    assert line["bytes"] == len(response.content)
    assert line["id"] == response.headers["X-Request-ID"]
    for personal in ("ada", "Ada", "203.0.113.9", article.slug):
        assert personal not in lines()[-1]


def test_each_request_has_another_name_and_nobody_gives_it_one(lines: Callable[[], list[str]]) -> None:
    client = Client(headers={"X-Request-ID": "chosen"})
    names = {client.get("/healthz").headers["X-Request-ID"] for _ in range(3)}
    assert len(names) == 3
    assert "chosen" not in names
    assert len(lines()) == 3


def test_the_line_of_a_fault_says_which_request_it_was(
    lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(logs.RequestFilter())
    handler.setFormatter(logging.Formatter("{name}{request_id}: {message}", style="{"))
    logger = logging.getLogger("reader.views.errors")
    logger.addHandler(handler)

    def fail(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fail)
    response = Client(raise_request_exception=False).get("/")
    logger.removeHandler(handler)
    assert f"reader.views.errors [{response.headers['X-Request-ID']}]: The database is away" in capsys.readouterr().out
    assert json.loads(lines()[-1])["status"] == 503

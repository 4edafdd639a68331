"""What readers are shown of the check of a source."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating
from annotations.models import Annotation, Document
from tests.factories import make_annotation, make_article, make_reader, make_source

pytestmark = pytest.mark.django_db

CHECKED_AT = dt.datetime(2026, 10, 3, 12, tzinfo=dt.UTC)
COPY = "https://web.archive.org/web/2020/https://example.org/count"


def cite(**found: Any) -> Annotation:
    annotation = make_annotation(kind="source")
    Document.objects.update(**{"checked_at": CHECKED_AT, **found})
    return annotation


def line(annotation: Annotation, *, client: Client | None = None, address: str = "") -> str:
    """Give what stands under the source, in words; nothing where nothing does."""
    page = (client or Client()).get(address or annotation.get_absolute_url()).content.decode()
    found = re.search(r'<p class="source-facts facts" id="check-\d+">(.*?)</p>', page, re.DOTALL)
    return (
        " ".join(re.sub(r"<[^>]+>", " ", re.sub(r'<span class="unseen">.*?</span>', "", found[1])).split())
        if found
        else ""
    )


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param({"checked_at": None}, "", id="nothing before the first look"),
        pytest.param({"checked_at": None, "obstacle": "not found"}, "", id="nothing of what is not sure"),
        pytest.param({"status": "alive"}, "checked 3 October 2026", id="the day, of what is there"),
        pytest.param(
            {"status": "moved", "moved_to": "https://example.com/b"},
            "Moved to example.com/b checked 3 October 2026",
            id="where it moved to",
        ),
        pytest.param(
            {"status": "changed"},
            "Changed since it was cited checked 3 October 2026 give an archived copy",
            id="that it changed",
        ),
        pytest.param(
            {"status": "dead", "obstacle": "not found"},
            "No longer there checked 3 October 2026 give an archived copy",
            id="that it is gone",
        ),
        pytest.param(
            {"status": "dead", "obstacle": "no answer", "archived_url": COPY},
            "Does not answer any more archived copy checked 3 October 2026",
            id="that nobody answers, with its copy",
        ),
        pytest.param(
            {"status": "blocked", "obstacle": "robots"},
            "Cannot be checked (asks robots to stay away) checked 3 October 2026",
            id="why it cannot be checked",
        ),
        pytest.param(
            {"status": "blocked", "obstacle": "no answer"},
            "Cannot be checked checked 3 October 2026",
            id="no reason that is not sure",
        ),
        pytest.param({"checked_at": None, "archived_url": COPY}, "archived copy", id="a copy before the first look"),
    ],
)
def test_under_a_source_stands(found: dict[str, Any], words: str) -> None:
    assert line(cite(**found)) == words


def test_it_stands_wherever_the_source_does() -> None:
    annotation = cite(status="dead")
    source = annotation.sources.get()
    places = [
        annotation.get_absolute_url(),
        f"/articles/{annotation.article.slug}/p1/",
        f"/sources/{source.pk}/verdicts/",
    ]
    assert all(line(annotation, address=place).startswith("No longer there") for place in places)


def test_of_earlier_sources_nothing_is_said() -> None:
    annotation = cite(status="dead")
    sources = [make_source(url="https://other.example/")]
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="See.", sources=sources)
    response = Client().get(f"/annotations/{annotation.pk}/wordings/")
    assert response.status_code == 200
    assert "No longer there" not in response.content.decode()


def test_an_address_that_tries_something_is_only_words() -> None:
    annotation = cite(status="moved", moved_to='https://example.com/"><script>alert(1)</script>')
    assert "<script>alert" not in Client().get(annotation.get_absolute_url()).content.decode()


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_a_page_of_sources_costs_no_query_more_for_each(client: Client, *, is_signed_in: bool) -> None:
    article = make_article()
    if is_signed_in:
        client.force_login(make_reader())
    numbers = []
    for more in (1, 6):
        for number in range(more):
            sources = [make_source(url=f"https://example.org/{more}/{number}")]
            make_annotation(article=article, kind="source", sources=sources)
        Document.objects.update(status="dead", archived_url=COPY, archived_by=make_reader(), checked_at=CHECKED_AT)
        client.get(f"/articles/{article.slug}/p1/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/articles/{article.slug}/p1/")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]

"""Read an article's margin and ledger again and again, and say how long each took: for `benchmarks.ledger`."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reader.settings")
django.setup()

from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from annotations import ledger, margin  # noqa: E402
from annotations.margin.standing import read_standing  # noqa: E402
from annotations.models import Annotation, Rating, Source  # noqa: E402
from reader.models import Article, Paragraph  # noqa: E402
from reader.models.revisions import ParagraphQuerySet  # noqa: E402


def main() -> None:
    slug, times = sys.argv[1], int(sys.argv[2])
    article = Article.objects.with_revision().get(slug=slug)
    revision = article.current_revision_id
    assert revision is not None
    steps: dict[str, Callable[[], object]] = {
        "the page's part that all readers see, drawn": lambda: _page(article),
        "the margin with the ledger": lambda: margin.read_revision(revision),
        "  the entries of the margin": lambda: read_standing(revision, margin.EVERYTHING),
        "the ledger alone": lambda: ledger.read(list(_blocks(revision).with_article())),
        "  its blocks with the rows of the evidence": lambda: list(_blocks(revision)),
        "  the same blocks without them": lambda: list(Paragraph.objects.filter(revision=revision)),
        "its sums, as for the map in the library": lambda: ledger.sums(list(_blocks(revision).only(*_SLIGHT))),
    }
    said = {
        "size": {
            "paragraphs": Paragraph.objects.filter(revision=revision).count(),
            "annotations": Annotation.objects.count(),
            "sources": Source.objects.count(),
            "ratings": Rating.objects.count(),
        },
        "times": {name: _taken(step, times) for name, step in steps.items()},
        "queries": _queries(article),
    }
    print(json.dumps(said), flush=True)


_SLIGHT = ("name", "start", "end", "revision")


def _blocks(revision: int) -> ParagraphQuerySet:
    return ledger.with_evidence(Paragraph.objects.filter(revision=revision))


def _page(article: Article) -> None:
    caches["pages"].clear()
    answer = Client(headers={"host": "127.0.0.1"}).get(article.get_absolute_url())
    assert answer.status_code == 200


def _queries(article: Article) -> int:
    with CaptureQueriesContext(connection) as queries:
        _page(article)
    return len(queries)


def _taken(step: Callable[[], object], times: int) -> Sequence[float]:
    """Give the milliseconds of half and of nineteen in twenty, after a first time that does not count."""
    step()
    taken = []
    for _ in range(times):
        begun_at = time.perf_counter()
        step()
        taken.append((time.perf_counter() - begun_at) * 1000)
    return median(taken), quantiles(taken, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()

"""Ratings as data: what every score was made of, without a name, so that anybody can make it again."""

import csv
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from typing import Protocol

from annotations.models import Annotation, Rating
from reader.models import Article

COLUMNS = (
    "annotation",
    "rater",
    "value",
    "reasons",
    "weight",
    "side",
    "day",
    "rating_count",
    "rating_share",
    "score",
    "is_bridging",
    "top_reasons",
)


class Writable(Protocol):
    """What can be written to: a file, or where a command says what it does."""

    def write(self, words: str, /) -> object: ...


# Of a pseudonym: as many characters tell a billion readers apart.
_PSEUDONYM_LENGTH = 16


def write_ratings(file: Writable, *, article: Article | None = None) -> int:
    """Write the ratings of all that is published, or of what is on one article, as CSV, and give how many they are.

    A line is one rating with what it counted with; behind it stands what all ratings of that annotation come to. The
    rater is a keyed hash with a key that is drawn now and thrown away: the same reader has one pseudonym in this file
    and another in every other. Read in one query, so that ratings and scores are of the same moment.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = 0
    for row in _rows(article):
        writer.writerow(row)
        rows += 1
    return rows


def _rows(article: Article | None) -> Iterator[tuple[object, ...]]:
    key = secrets.token_bytes(32)
    ratings = Rating.objects.counted().filter(annotation__state=Annotation.State.PUBLISHED).select_related("annotation")
    if article is not None:
        ratings = ratings.filter(annotation__article=article)
    of_one: list[tuple[object, ...]] = []
    annotation = None
    # Of one annotation in the order of the pseudonyms: that in which they came would tell who was first.
    for rating in ratings.order_by("annotation", "id").iterator():
        if rating.annotation_id != annotation:
            yield from sorted(of_one, key=str)
            annotation, of_one = rating.annotation_id, []
        of_one.append(_row(rating, key))
    yield from sorted(of_one, key=str)


def _row(rating: Rating, key: bytes) -> tuple[object, ...]:
    annotation = rating.annotation
    rater = hmac.new(key, str(rating.reader_id).encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_LENGTH]
    return (
        annotation.pk,
        rater,
        rating.value,
        json.dumps(rating.reasons),
        repr(rating.weight),
        rating.side,
        rating.changed_at.date().isoformat(),
        annotation.rating_count,
        "" if annotation.rating_share is None else repr(annotation.rating_share),
        "" if annotation.score is None else repr(annotation.score),
        "yes" if annotation.is_bridging else "no",
        json.dumps(annotation.top_reasons),
    )

"""The order that ratings give, and the badge: in threads, in the margin, as a filter, and what an open page notices."""

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import filtering, margin, ranking, rating, restating, threads
from annotations.models import Annotation
from annotations.ranking import Standing
from reader.models import Article
from tests.factories import make_annotation, make_article, make_rating, make_reader, make_regular, paragraph_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


def stand(annotation: Annotation, *, score: float | None = None, is_bridging: bool = False, lot: int = 0) -> Annotation:
    """Give an annotation a place, as ratings would."""
    annotation.score, annotation.is_bridging, annotation.lot = score, is_bridging, lot
    annotation.save(update_fields=["score", "is_bridging", "lot"])
    return annotation


def note(article: Article, **place: Any) -> Annotation:
    return stand(make_annotation(article=article, exact="39,000 cars"), **place)


def ids(found: Any) -> list[int]:
    return [each.head.annotation.pk for each in found]


def threads_of(article: Article, query: str = "") -> list[int]:
    asked = filtering.Filter.parse(QueryDict(query))
    return ids(threads.on_paragraph(paragraph_of(article, "p2"), make_reader(), narrowing=asked))


def restate(annotation: Annotation) -> None:
    said = restating.restate(annotation=annotation, by=make_reader(), body="That it was counted.")
    restating.judge(restatement=said, by=annotation.creator, judgement="fair", seen=said.key)


# Threads


def test_without_ratings_the_lot_decides_and_not_who_was_first(article: Article) -> None:
    last, first, middle = (note(article, lot=lot) for lot in (3, 1, 2))
    assert threads_of(article) == [first.pk, middle.pk, last.pk]


def test_threads_on_the_same_words_stand_in_the_order_of_their_scores(article: Article) -> None:
    low, unknown, high = (note(article, score=score) for score in (0.1, None, 0.6))
    assert threads_of(article) == [high.pk, unknown.pk, low.pk]


def test_what_bridges_comes_first_then_what_was_restated_fairly_then_the_score(article: Article) -> None:
    liked, restated, bridging = note(article, score=0.9), note(article), note(article, score=0.4, is_bridging=True)
    restate(restated)
    assert threads_of(article) == [bridging.pk, restated.pk, liked.pk]


def test_the_words_come_before_the_score(article: Article) -> None:
    later = stand(make_annotation(article=article, exact="cars a day"), score=0.9, is_bridging=True)
    earlier = note(article, score=0.1)
    assert threads_of(article) == [earlier.pk, later.pk]


def test_a_reader_can_ask_for_the_most_helpful_first_and_for_other_orders(article: Article) -> None:
    earlier = note(article, score=0.1)
    later = stand(make_annotation(article=article, exact="cars a day"), score=0.9)
    assert threads_of(article, "sort=best") == [later.pk, earlier.pk]
    assert threads_of(article, "sort=oldest") == [earlier.pk, later.pk]


def test_the_database_orders_as_the_pure_room_does(article: Article) -> None:
    places = [(False, 0.3), (True, 0.2), (False, None), (True, 0.9), (False, 0.1)]
    made = [note(article, score=score, is_bridging=is_bridging) for is_bridging, score in places]
    expected = sorted(made, key=lambda each: Standing(each.score, each.is_bridging).place, reverse=True)
    assert threads_of(article) == [each.pk for each in expected]


# The margin


def entries(article: Article, name: str = "p2") -> list[margin.Entry]:
    return list(margin.read(article).row(name).margin.entries)


def marks(article: Article) -> str:
    return margin.read(article).row("p2").html


def test_of_many_of_a_sign_the_most_helpful_are_marked_and_none_is_hidden(article: Article) -> None:
    poor = note(article, score=0.01)
    good = [note(article, score=0.5) for _ in range(margin.MOST_OF_A_SIGN)]
    assert str(poor.pk) not in marks(article)
    assert all(str(each.pk) in marks(article) for each in good)
    assert margin.read(article).row("p2").margin.total == len(good) + 1
    assert poor.pk in threads_of(article)


def test_entries_stand_in_the_order_of_the_words_whatever_their_score(article: Article) -> None:
    later = stand(make_annotation(article=article, exact="cars a day"), score=0.9)
    earlier = note(article, score=0.1)
    assert [entry.id for entry in entries(article)] == [earlier.pk, later.pk]


def test_where_there_is_room_for_few_what_bridges_is_among_them(article: Article) -> None:
    first = [note(article) for _ in range(5)]
    bridging = stand(make_annotation(article=article, exact="cars a day"), score=0.4, is_bridging=True)
    shown = [entry.id for entry in entries(article)]
    assert len(shown) < len(first)
    assert shown[-1] == bridging.pk


def test_only_what_bridges_has_a_badge(client: Client, article: Article) -> None:
    stand(make_annotation(article=article, exact="cars a day"), score=0.9)
    assert "both sides" not in client.get(article.get_absolute_url()).content.decode()
    article.touch()
    note(article, score=0.4, is_bridging=True)
    page = client.get(article.get_absolute_url()).content.decode()
    assert page.count("helpful to</span> both sides") == 1


def test_a_margin_of_rated_annotations_costs_the_same_two_queries(article: Article) -> None:
    for score in (None, 0.2, 0.9):
        note(article, score=score, is_bridging=score == 0.9)
    with CaptureQueriesContext(connection) as queries:
        margin.read(article)
    assert len(queries) == 2


# What an open page notices


def activity(article: Article) -> int:
    return Article.objects.get(pk=article.pk).activity


def test_a_rating_that_gives_another_place_gives_the_page_a_new_tag(client: Client, article: Article) -> None:
    annotation = note(article)
    for _ in range(ranking.FEWEST - 1):
        make_rating(annotation=annotation)
    etag = client.get(article.get_absolute_url()).headers["ETag"]
    make_rating(annotation=annotation)
    assert client.get(article.get_absolute_url(), headers={"If-None-Match": etag}).status_code == 200


def test_a_rating_that_changes_no_place_leaves_the_page_as_it_was(article: Article) -> None:
    annotation = note(article)
    before = activity(article)
    reader = make_regular()
    make_rating(annotation=annotation, by=reader)
    rating.take_back(annotation=annotation, by=reader)
    assert activity(article) == before


def test_ratings_alone_are_no_news(client: Client, article: Article) -> None:
    annotation = note(article)
    before = activity(article)
    for _ in range(ranking.FEWEST):
        make_rating(annotation=annotation)
    assert activity(article) > before
    assert client.get(f"{article.get_absolute_url()}news/?after={annotation.pk}").status_code == 204

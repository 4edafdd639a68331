"""Made-up content: it must be whole, and obey every rule that what readers write obeys."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from annotations import ranking, seeding
from annotations.models import (
    Anchor,
    Annotation,
    Flag,
    ModerationEntry,
    Rating,
    Source,
)
from annotations.ranking import Value
from reader.models import Article, Paragraph, User

pytestmark = pytest.mark.django_db

Kind, State, Target = Annotation.Kind, Annotation.State, Annotation.Target


def load(*, seed: int = 1, **size: int) -> list[Article]:
    sizes = {"articles": 2, "paragraphs": 4, "annotations": 400, "readers": 12} | size
    return seeding.fill(seeding.Size(**sizes), seed=seed)


def run(**options: Any) -> str:
    output = StringIO()
    sizes = {"articles": 1, "paragraphs": 2, "annotations": 5, "readers": 2} | options
    call_command("seed_load", stdout=output, **sizes)
    return output.getvalue()


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Article, Paragraph, Annotation, Anchor, Source, User))


def test_a_load_has_the_size_asked_for() -> None:
    load()
    assert Article.objects.published().count() == 2
    assert Paragraph.objects.filter(revision__article__slug="load-1-1").numbered().count() == 4
    assert Annotation.objects.count() == 400
    assert User.objects.exclude(username="sample-load-1-moderator").count() == 12


def test_annotations_are_shared_out_evenly() -> None:
    load(articles=3, annotations=100)
    assert Counter(Annotation.objects.values_list("article__slug", flat=True)) == {
        "load-1-1": 34,
        "load-1-2": 33,
        "load-1-3": 33,
    }


def test_a_load_holds_everything_that_readers_write() -> None:
    load(annotations=3000)
    for column, values in (("kind", Kind), ("target", Target), ("state", State)):
        assert set(Annotation.objects.values_list(column, flat=True)) == set(values.values)
    assert set(Annotation.objects.exclude(grounds="").values_list("grounds", flat=True)) == set(
        Annotation.Grounds.values
    )
    assert set(Source.objects.values_list("stance", flat=True)) == set(Source.Stance.values)
    decided = {"hold", "hide", "restore", "keep", "deny", "spam", "remove"}
    assert set(ModerationEntry.objects.values_list("action", flat=True)) == decided
    assert Flag.objects.open().exists()
    assert Annotation.objects.filter(parent__kind=Kind.REPLY).exists()


def test_nobody_reports_their_own_annotation() -> None:
    load(annotations=600, readers=3)
    assert all(flag.creator_id != flag.annotation.creator_id for flag in Flag.objects.select_related("annotation"))


def test_as_many_ratings_are_given_as_were_asked_for_of_what_can_be_rated() -> None:
    load(annotations=100, ratings=301)
    assert Rating.objects.count() == 301
    assert set(Rating.objects.values_list("annotation__kind", flat=True)) == {"note", "source", "disagreement"}
    assert not Rating.objects.exclude(annotation__state=State.PUBLISHED).exists()
    for rating in Rating.objects.all():
        assert 1 <= len(rating.reasons) <= 2
        assert set(rating.reasons) <= set(ranking.fitting(Value(rating.value)))


def test_no_more_are_given_than_there_can_be() -> None:
    load(annotations=10, readers=3, articles=1, ratings=5_000)
    rateable = Annotation.objects.published().filter(kind__in=("note", "source", "disagreement")).count()
    assert Rating.objects.count() == 2 * rateable


def test_a_load_raises_the_activity_of_its_articles() -> None:
    # So few that no moderator's decision raises it.
    assert all(Article.objects.get(pk=article.pk).activity > 0 for article in load(annotations=4))


def test_every_page_of_a_load_can_be_read(client: Client) -> None:
    article = load(annotations=60)[0]
    for address in (article.get_absolute_url(), f"{article.get_absolute_url()}p1/", "/readers/sample-load-1-1/", "/"):
        assert client.get(address).status_code == 200


def test_the_same_seed_makes_the_same_load() -> None:
    loads = []
    for _ in range(2):
        with transaction.atomic():
            load(annotations=80, ratings=60)
            columns = ("kind", "state", "start", "end", "body", "token", "rating_count", "is_settled")
            loads.append(list(Annotation.objects.values_list(*columns)))
            transaction.set_rollback(True)
    assert loads[0] == loads[1]


def test_another_seed_adds_another_load() -> None:
    run(seed=1)
    run(seed=2)
    assert Article.objects.filter(slug__in=("load-1-1", "load-2-1")).count() == 2
    assert Annotation.objects.count() == 10


def test_the_same_seed_is_refused_and_adds_nothing() -> None:
    run(seed=3)
    before = counts()
    with pytest.raises(CommandError, match=r"^The load of seed 3 is here already; another --seed adds another one\.$"):
        run(seed=3, readers=4)
    assert counts() == before


def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts()
    with pytest.raises(ZeroDivisionError):
        seeding.fill(
            seeding.Size(articles=1, paragraphs=2, annotations=10, readers=2),
            seed=1,
            tell=lambda line: 1 / ("Annotations" not in line),
        )
    assert counts() == before


def test_a_load_tells_how_far_it_is_and_how_long_it_took() -> None:
    lines = run(annotations=30, ratings=5).splitlines()
    assert lines[:4] == ["Readers: 2", "Articles: 1", "Annotations: 30 of 30", "Ratings: 5 of 5"]
    assert lines[4].startswith("Done in ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("articles", "0"),
        ("paragraphs", "-3"),
        ("annotations", "many"),
        ("readers", "1.5"),
        ("seed", "9" * 30),
        ("ratings", "-1"),
        ("annotations", ""),
        ("readers", "٣"),
    ],
    ids=[
        "too few",
        "below nothing",
        "a word",
        "a fraction",
        "too many figures",
        "not even none",
        "nothing",
        "other figures",
    ],
)
def test_a_number_that_is_none_is_refused_with_a_sentence(name: str, said: str) -> None:
    before = counts()
    with pytest.raises(CommandError, match=rf"^--{name} takes a whole number from [\d,]+ to [\d,]+, not '.*'\.$"):
        run(**{name: said})
    assert counts() == before


def test_the_smallest_load_is_an_article_that_nobody_has_annotated(client: Client) -> None:
    article = load(articles=1, paragraphs=1, annotations=0, readers=1)[0]
    assert client.get(article.get_absolute_url()).status_code == 200


def test_one_annotation_by_one_reader_is_a_load_too() -> None:
    load(articles=1, paragraphs=1, annotations=1, readers=1)
    assert Annotation.objects.get().kind != Kind.REPLY

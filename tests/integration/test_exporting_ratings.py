"""Ratings as data: the same numbers come out of the file, and no name is in it; and the example in the docs."""

import csv
import io
import json
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from annotations import annotating, margin, positions, ranking, rating
from annotations.models import Annotation, Rating
from annotations.ranking import Judgement, Side, Value
from reader.models import User
from tests.factories import make_annotation, make_article, make_rating, make_reader, make_regular

DOCS = Path(__file__).parents[2] / "docs"


def exported(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("export_ratings", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def judgement(row: dict[str, str]) -> Judgement:
    return Judgement(Value(row["value"]), tuple(json.loads(row["reasons"])), float(row["weight"]), Side(row["side"]))


@pytest.fixture
def rated() -> list[Annotation]:
    """Give three annotations that many readers rated: one bridges, one is disputed, one has few ratings."""
    article = make_article()
    dispute = make_annotation(article=article, kind="disagreement", exact="39,000 cars")
    notes = [make_annotation(article=article, exact="39,000 cars") for _ in range(2)]
    for number in range(6):
        reader = make_regular()
        positions.take(annotation=dispute, by=reader, is_agreeing=number % 2 == 0)
        make_rating(annotation=notes[0], by=reader)
        make_rating(annotation=notes[1], by=reader, value=("helpful", "not", "somewhat")[number % 3])
    make_rating(annotation=dispute, by=make_reader(date_joined=timezone.now()))
    make_rating(annotation=notes[1], by=make_reader(date_joined=timezone.now()))
    return [*notes, dispute]


@pytest.mark.django_db
def test_every_score_comes_out_of_the_file(rated: list[Annotation]) -> None:
    given: dict[int, list[Judgement]] = defaultdict(list)
    rows = exported()
    for row in rows:
        given[int(row["annotation"])].append(judgement(row))
    assert given.keys() == {each.pk for each in rated}
    for annotation in Annotation.objects.filter(pk__in=given):
        standing = ranking.standing(given[annotation.pk])
        told = next(row for row in rows if row["annotation"] == str(annotation.pk))
        assert (standing.score, standing.is_bridging) == (annotation.score, annotation.is_bridging)
        assert told["score"] == ("" if standing.score is None else repr(standing.score))
        assert json.loads(told["top_reasons"]) == list(standing.top_reasons) == annotation.top_reasons
    assert {row["is_bridging"] for row in rows} == {"yes", "no"}


@pytest.mark.django_db
def test_no_name_and_no_hour_is_in_the_file(rated: list[Annotation]) -> None:
    rows = exported()
    words = json.dumps(rows)
    assert not any(name in words for name in User.objects.values_list("username", flat=True))
    assert {row["day"] for row in rows} == {timezone.now().date().isoformat()}
    assert not re.search(r"\d\d:\d\d", words)


@pytest.mark.django_db
def test_a_reader_has_one_pseudonym_in_a_file_and_another_in_the_next(rated: list[Annotation]) -> None:
    first, second = ({row["rater"] for row in exported()} for _ in range(2))
    assert len(first) == len(second) == Rating.objects.values("reader").distinct().count()
    assert not first & second


@pytest.mark.django_db
def test_only_what_is_published_and_counts_is_in_the_file(rated: list[Annotation]) -> None:
    annotating.withdraw(annotation=rated[0], by=rated[0].creator)
    User.objects.filter(ratings__annotation=rated[2]).update(is_active=False)
    assert {row["annotation"] for row in exported()} == {str(rated[1].pk)}


@pytest.mark.django_db
def test_one_article_s_ratings_go_to_a_file(rated: list[Annotation], tmp_path: Path) -> None:
    make_rating(annotation=make_annotation(article=make_article(text="Another\n\nText.\n", slug="another")))
    file, out = tmp_path / "ratings.csv", io.StringIO()
    call_command("export_ratings", rated[0].article.slug, output=str(file), stdout=out)
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert {row["annotation"] for row in rows} == {str(each.pk) for each in rated}
    assert out.getvalue() == f"Wrote {len(rows)} ratings to {file}.\n"


@pytest.mark.django_db
def test_what_cannot_be_exported_is_answered_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no article “nowhere”"):
        exported("nowhere")
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        exported("--output", str(tmp_path / "missing" / "ratings.csv"))


# Counting anew


@pytest.mark.django_db
def test_the_nightly_count_lets_accounts_grow(rated: list[Annotation]) -> None:
    for reader in User.objects.filter(ratings__annotation=rated[1]):
        User.objects.filter(pk=reader.pk).update(date_joined=timezone.now() - timedelta(days=60))
    out = io.StringIO()
    call_command("recount_ratings", stdout=out)
    assert out.getvalue() == "Counted the ratings of 3 annotations anew; 1 have another place now.\n"
    assert {each.weight for each in Rating.objects.filter(annotation=rated[1])} == {0.5, 1.0}


@pytest.mark.django_db
def test_counting_anew_what_stands_changes_nothing(rated: list[Annotation]) -> None:
    before = list(Annotation.objects.values("pk", "score", "article__activity"))
    assert rating.recount(rating.rated()) == 0
    assert list(Annotation.objects.values("pk", "score", "article__activity")) == before


# The example


def test_the_example_in_the_docs_counts_as_it_says() -> None:
    text = (DOCS / "ranking.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \w \| (\w+) \| ([^|]+) \| ([\d.]+) \| (\w+) \|$", text, re.MULTILINE)
    given = [
        Judgement(Value(value), tuple(reasons.split(", ")), float(weight), Side(side))
        for value, reasons, weight, side in rows
    ]
    assert len(given) == 7
    for count in (6, 7):
        standing = ranking.standing(given[:count])
        assert f"**{standing.score:.4f}**" in text
        assert ranking.label(standing) in " ".join(text.split())
    assert [standing.is_bridging for standing in map(ranking.standing, (given[:6], given))] == [False, True]


def test_the_docs_tell_the_numbers_that_are_used() -> None:
    text = (DOCS / "ranking.md").read_text(encoding="utf-8")
    assert f"z = {ranking.Z}" in text
    assert f"Fewer than {ranking.FEWEST} ratings" in text
    assert f"at {ranking.NEUTRAL:.4f}" in text
    assert f"up to {margin.MOST_OF_A_SIGN} of each sign" in text

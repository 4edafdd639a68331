"""Made-up content: it must be whole, and obey every rule that what readers write obeys."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Model
from django.test import Client

from annotations import addresses, markdown, ranking, seeding, verdicts
from annotations.models import (
    Anchor,
    Annotation,
    Flag,
    ModerationEntry,
    Position,
    Rating,
    Resolution,
    Source,
    SourceVerdict,
)
from annotations.ranking import Value
from annotations.selectors import confirm, describe
from reader.models import Article, Paragraph, Revision, User
from reader.text.paragraphs import plain_text
from reader.usernames import skeleton

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


def test_every_quotation_is_the_words_at_its_place() -> None:
    load()
    placed = Annotation.objects.filter(start__isnull=False).select_related("revision")
    assert placed.exists()
    for annotation in placed:
        assert annotation.span is not None
        assert confirm(annotation.revision.text, annotation.span, annotation.exact) == annotation.span
        quoted = (annotation.exact, annotation.prefix, annotation.suffix)
        assert describe(annotation.revision.text, annotation.span) == quoted


def test_every_head_of_a_thread_has_its_anchor_and_no_reply_has_one() -> None:
    load()
    anchored = Anchor.objects.values_list("annotation", flat=True)
    assert sorted(anchored) == sorted(Annotation.objects.exclude(kind=Kind.REPLY).values_list("pk", flat=True))


def test_every_anchor_lies_where_its_annotation_was_written_and_names_the_block_it_begins_in() -> None:
    load()
    for anchor in Anchor.objects.select_related("annotation", "paragraph", "revision"):
        annotation = anchor.annotation
        assert (anchor.revision, anchor.span) == (annotation.revision, annotation.span)
        assert (anchor.span is None) == (annotation.target == Target.ARTICLE) == (anchor.paragraph is None)
        if anchor.span and anchor.paragraph:
            assert anchor.paragraph == anchor.revision.paragraphs.overlapping(anchor.span).first()


def test_whole_paragraphs_and_passages_that_cross_them_are_among_the_places() -> None:
    load()
    whole = Annotation.objects.filter(target=Target.PARAGRAPH)
    assert all(annotation.revision.paragraphs.filter(text=annotation.exact).exists() for annotation in whole[:20])
    assert Annotation.objects.filter(target=Target.PASSAGE, exact__contains="\n").exists()


def test_every_body_is_rendered_as_the_acts_render_it() -> None:
    load()
    for annotation in Annotation.objects.all():
        assert markdown.has_words(annotation.body)
        assert annotation.body == annotation.body.strip()
        assert annotation.body_html == markdown.render(annotation.body)
        assert annotation.gist == markdown.gist(annotation.body)


def test_every_sign_is_the_kind_or_the_stance_of_the_first_source() -> None:
    load()
    for annotation in Annotation.objects.prefetch_related("sources"):
        first = annotation.sources.all()[:1]
        assert annotation.sign == (first[0].stance if annotation.kind == Kind.SOURCE else annotation.kind)


def test_only_disagreements_have_grounds_and_each_has() -> None:
    load()
    disagreements = Annotation.objects.filter(kind=Kind.DISAGREEMENT)
    assert not disagreements.filter(grounds="").exists()
    assert not Annotation.objects.exclude(kind=Kind.DISAGREEMENT).exclude(grounds="").exists()


def test_no_question_and_no_reply_cites_anything_and_every_address_is_canonical() -> None:
    load()
    assert not Source.objects.filter(annotation__kind__in=(Kind.QUESTION, Kind.REPLY)).exists()
    for source in Source.objects.all():
        assert source.document.canonical_url == addresses.canonical(source.url)
        source.full_clean(exclude=["annotation"])


def test_every_reply_answers_something_older_in_its_own_thread() -> None:
    load()
    for reply in Annotation.objects.filter(kind=Kind.REPLY).select_related("parent", "root"):
        assert reply.parent is not None
        assert reply.parent.pk < reply.pk
        assert reply.root == (reply.parent.root or reply.parent)
        assert (reply.article_id, reply.target) == (reply.parent.article_id, Target.ANNOTATION)


def test_what_is_hidden_was_hidden_by_the_last_line_of_its_log() -> None:
    load(annotations=1500)
    for annotation in Annotation.objects.prefetch_related("moderation_entries"):
        states = [entry.to_state for entry in annotation.moderation_entries.all()]
        assert (annotation.state == State.HIDDEN) == (states[:1] == [State.HIDDEN])


def test_nobody_reports_their_own_annotation() -> None:
    load(annotations=1500, readers=3)
    assert all(flag.creator_id != flag.annotation.creator_id for flag in Flag.objects.select_related("annotation"))


# What others say of it


@pytest.mark.parametrize(
    ("model", "annotation", "reader"),
    [
        (Rating, "annotation", "reader"),
        (SourceVerdict, "source__annotation", "reader"),
        (Position, "annotation", "reader"),
        (Resolution, "annotation", "editor"),
    ],
)
def test_others_respond_and_nobody_to_their_own(model: type[Model], annotation: str, reader: str) -> None:
    load(ratings=300)
    given = model._default_manager.all()
    assert given.exists()
    assert not given.filter(**{f"{annotation}__creator": F(reader)}).exists()


def test_as_many_ratings_are_given_as_were_asked_for_of_what_can_be_rated() -> None:
    load(ratings=301)
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


def test_what_ratings_come_to_stands_on_the_annotation() -> None:
    load(ratings=600)
    counted = Annotation.objects.annotate(given=Count("ratings"))
    assert not counted.exclude(rating_count=F("given")).exists()
    assert counted.filter(given__gte=ranking.FEWEST).exists()
    assert not counted.filter(given__gte=ranking.FEWEST, score__isnull=True).exists()
    assert not counted.filter(given__lt=ranking.FEWEST, score__isnull=False).exists()


def test_what_readers_found_decides_whether_a_source_is_verified() -> None:
    load(annotations=1500)
    for source in Source.objects.prefetch_related("verdicts"):
        found = Counter(verdict.verdict for verdict in source.verdicts.all())
        assert source.is_verified == verdicts.is_verified(found)


def test_what_an_editor_answered_is_settled_unless_its_writer_says_that_it_is_not() -> None:
    load(annotations=1500)
    settled = Resolution.objects.exclude(is_settling=False).values("annotation")
    assert Resolution.objects.filter(is_settling=False).exists()
    assert set(Annotation.objects.filter(is_settled=True)) == set(Annotation.objects.filter(pk__in=settled))
    assert not Resolution.objects.exclude(annotation__kind=Kind.DISAGREEMENT).exists()


def test_a_question_is_asked_by_its_writer_and_some_by_others_too() -> None:
    load(annotations=1500)
    questions = Annotation.objects.filter(kind=Kind.QUESTION).annotate(readers=Count("asks"))
    assert not questions.exclude(asks__reader=F("creator")).exists()
    assert questions.filter(readers__gt=1).exists()


def test_readers_say_by_their_names_that_they_are_made_up_and_nobody_can_be_them() -> None:
    load()
    for reader in User.objects.all():
        assert reader.username.startswith("sample-load-1-")
        assert reader.is_sample
        assert not reader.has_usable_password()
        assert reader.username_skeleton == skeleton(reader.username)


def test_no_made_up_account_keeps_any_power() -> None:
    load()
    assert not User.objects.filter(groups__isnull=False).exists()
    assert not User.objects.filter(is_staff=True).exists()


def test_every_text_holds_together() -> None:
    load()
    for revision in Revision.objects.all():
        blocks = list(revision.paragraphs.all())
        assert revision.text == "\n".join(block.text for block in blocks)
        assert all(plain_text(block.html) == block.text == revision.quote(block.span) for block in blocks)


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

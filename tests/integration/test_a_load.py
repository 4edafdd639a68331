"""A load of made-up content: every rule that what readers write obeys holds in it."""

from collections import Counter

import pytest
from django.db.models import Count, F, Model

from annotations import addresses, markdown, ranking, seeding, verdicts
from annotations.models import (
    Anchor,
    Annotation,
    Position,
    Rating,
    Resolution,
    Source,
    SourceVerdict,
)
from annotations.selectors import confirm, describe
from reader.models import Revision, User
from reader.text.paragraphs import plain_text
from reader.usernames import skeleton

Kind, State, Target = Annotation.Kind, Annotation.State, Annotation.Target


@pytest.fixture(scope="module", autouse=True)
def load(module_db: None) -> None:
    seeding.fill(seeding.Size(articles=2, paragraphs=4, annotations=1500, readers=12, ratings=600), seed=1)


pytestmark = pytest.mark.django_db


def test_every_quotation_is_the_words_at_its_place() -> None:
    placed = Annotation.objects.filter(start__isnull=False).select_related("revision")
    assert placed.exists()
    for annotation in placed:
        assert annotation.span is not None
        assert confirm(annotation.revision.text, annotation.span, annotation.exact) == annotation.span
        quoted = (annotation.exact, annotation.prefix, annotation.suffix)
        assert describe(annotation.revision.text, annotation.span) == quoted


def test_every_head_of_a_thread_has_its_anchor_and_no_reply_has_one() -> None:
    anchored = Anchor.objects.values_list("annotation", flat=True)
    assert sorted(anchored) == sorted(Annotation.objects.exclude(kind=Kind.REPLY).values_list("pk", flat=True))


def test_every_anchor_lies_where_its_annotation_was_written_and_names_the_block_it_begins_in() -> None:
    for anchor in Anchor.objects.select_related("annotation", "paragraph", "revision"):
        annotation = anchor.annotation
        assert (anchor.revision, anchor.span) == (annotation.revision, annotation.span)
        assert (anchor.span is None) == (annotation.target == Target.ARTICLE) == (anchor.paragraph is None)
        if anchor.span and anchor.paragraph:
            assert anchor.paragraph == anchor.revision.paragraphs.overlapping(anchor.span).first()


def test_whole_paragraphs_and_passages_that_cross_them_are_among_the_places() -> None:
    whole = Annotation.objects.filter(target=Target.PARAGRAPH)
    assert all(annotation.revision.paragraphs.filter(text=annotation.exact).exists() for annotation in whole[:20])
    assert Annotation.objects.filter(target=Target.PASSAGE, exact__contains="\n").exists()


def test_every_body_is_rendered_as_the_acts_render_it() -> None:
    for annotation in Annotation.objects.all():
        assert markdown.has_words(annotation.body)
        assert annotation.body == annotation.body.strip()
        assert annotation.body_html == markdown.render(annotation.body)
        assert annotation.gist == markdown.gist(annotation.body)


def test_every_sign_is_the_kind_or_the_stance_of_the_first_source() -> None:
    for annotation in Annotation.objects.prefetch_related("sources"):
        first = annotation.sources.all()[:1]
        assert annotation.sign == (first[0].stance if annotation.kind == Kind.SOURCE else annotation.kind)


def test_only_disagreements_have_grounds_and_each_has() -> None:
    disagreements = Annotation.objects.filter(kind=Kind.DISAGREEMENT)
    assert not disagreements.filter(grounds="").exists()
    assert not Annotation.objects.exclude(kind=Kind.DISAGREEMENT).exclude(grounds="").exists()


def test_no_question_and_no_reply_cites_anything_and_every_address_is_canonical() -> None:
    assert not Source.objects.filter(annotation__kind__in=(Kind.QUESTION, Kind.REPLY)).exists()
    for source in Source.objects.all():
        assert source.document.canonical_url == addresses.canonical(source.url)
        source.full_clean(exclude=["annotation"])


def test_every_reply_answers_something_older_in_its_own_thread() -> None:
    for reply in Annotation.objects.filter(kind=Kind.REPLY).select_related("parent", "root"):
        assert reply.parent is not None
        assert reply.parent.pk < reply.pk
        assert reply.root == (reply.parent.root or reply.parent)
        assert (reply.article_id, reply.target) == (reply.parent.article_id, Target.ANNOTATION)


def test_what_is_hidden_was_hidden_by_the_last_line_of_its_log() -> None:
    for annotation in Annotation.objects.prefetch_related("moderation_entries"):
        states = [entry.to_state for entry in annotation.moderation_entries.all()]
        assert (annotation.state == State.HIDDEN) == (states[:1] == [State.HIDDEN])


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
    given = model._default_manager.all()
    assert given.exists()
    assert not given.filter(**{f"{annotation}__creator": F(reader)}).exists()


def test_what_ratings_come_to_stands_on_the_annotation() -> None:
    counted = Annotation.objects.annotate(given=Count("ratings"))
    assert not counted.exclude(rating_count=F("given")).exists()
    assert counted.filter(given__gte=ranking.FEWEST).exists()
    assert not counted.filter(given__gte=ranking.FEWEST, score__isnull=True).exists()
    assert not counted.filter(given__lt=ranking.FEWEST, score__isnull=False).exists()


def test_what_readers_found_decides_whether_a_source_is_verified() -> None:
    for source in Source.objects.prefetch_related("verdicts"):
        found = Counter(verdict.verdict for verdict in source.verdicts.all())
        assert source.is_verified == verdicts.is_verified(found)


def test_what_an_editor_answered_is_settled_unless_its_writer_says_that_it_is_not() -> None:
    settled = Resolution.objects.exclude(is_settling=False).values("annotation")
    assert Resolution.objects.filter(is_settling=False).exists()
    assert set(Annotation.objects.filter(is_settled=True)) == set(Annotation.objects.filter(pk__in=settled))
    assert not Resolution.objects.exclude(annotation__kind=Kind.DISAGREEMENT).exists()


def test_a_question_is_asked_by_its_writer_and_some_by_others_too() -> None:
    questions = Annotation.objects.filter(kind=Kind.QUESTION).annotate(readers=Count("asks"))
    assert not questions.exclude(asks__reader=F("creator")).exists()
    assert questions.filter(readers__gt=1).exists()


def test_readers_say_by_their_names_that_they_are_made_up_and_nobody_can_be_them() -> None:
    for reader in User.objects.all():
        assert reader.username.startswith("sample-load-1-")
        assert reader.is_sample
        assert not reader.has_usable_password()
        assert reader.username_skeleton == skeleton(reader.username)


def test_no_made_up_account_keeps_any_power() -> None:
    assert not User.objects.filter(groups__isnull=False).exists()
    assert not User.objects.filter(is_staff=True).exists()


def test_every_text_holds_together() -> None:
    for revision in Revision.objects.all():
        blocks = list(revision.paragraphs.all())
        assert revision.text == "\n".join(block.text for block in blocks)
        assert all(plain_text(block.html) == block.text == revision.quote(block.span) for block in blocks)

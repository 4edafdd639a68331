"""What becomes of annotations when a revision is published: each keeps its words, or is said to have lost them."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import annotating, moderating, placing, reanchoring
from annotations.models import Anchor, Annotation
from annotations.placing import Spot
from reader import publishing
from reader.models import Article, Picture
from reader.signals import revision_planned
from reader.text.blocks import Block
from tests.factories import (
    anchor_of,
    make_annotation,
    make_document,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."


@pytest.fixture
def article() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def words(anchor: Anchor) -> str:
    return anchor.revision.quote(anchor.span) if anchor.span else ""


def fate(annotation: Annotation) -> tuple[str, str, str]:
    """Give status, words and block of an annotation as it stands now."""
    anchor = anchor_of(annotation)
    return anchor.status, words(anchor), anchor.paragraph.name if anchor.paragraph else ""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param((FIRST, SECOND, "New."), ("exact", "39,000 cars", "p2"), id="another block is edited"),
        pytest.param((FIRST, f"Well. {SECOND}", THIRD), ("exact", "39,000 cars", "p2"), id="words are put in before"),
        pytest.param((SECOND, FIRST, THIRD), ("moved", "39,000 cars", "p2"), id="its block is moved"),
        pytest.param(
            (FIRST, SECOND.replace("39,000", "40,000"), THIRD), ("changed", "40,000 cars", "p2"), id="they are edited"
        ),
        pytest.param((FIRST, THIRD), ("orphaned", "", ""), id="its block is taken out"),
        pytest.param((FIRST, "It is busy, they say.", THIRD), ("orphaned", "", ""), id="they are taken out"),
        pytest.param((f"{FIRST} {SECOND}", THIRD), ("moved", "39,000 cars", "p1"), id="its block is joined to another"),
    ],
)
def test_what_becomes_of_words_when(article: Article, texts: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, *texts)
    assert fate(annotation) == expected


def test_one_anchor_is_written_for_each_annotation_whatever_its_state(article: Article) -> None:
    shown, hidden, withdrawn = (make_annotation(article=article, exact="39,000 cars") for _ in range(3))
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="Not about these words.")
    annotating.withdraw(annotation=withdrawn, by=withdrawn.creator)
    make_revision(article, SECOND)
    assert [fate(annotation) for annotation in (shown, hidden, withdrawn)] == [("exact", "39,000 cars", "p2")] * 3


def test_a_reply_has_no_anchor(article: Article) -> None:
    answer = make_reply(parent=make_annotation(article=article))
    make_revision(article, FIRST)
    assert not answer.anchors.exists()


def test_what_is_about_the_whole_article_stays_so(article: Article) -> None:
    whole = attach(article, annotating.Target(revision_number=1))
    make_revision(article, "Something else entirely was said here later.")
    assert fate(whole) == ("exact", "", "")


def test_what_is_about_a_whole_paragraph_follows_the_paragraph(article: Article) -> None:
    annotation = make_annotation(article=article)
    edited = f"{FIRST} It is still there."
    make_revision(article, SECOND, edited)
    assert fate(annotation) == ("changed", edited, "p1")


# Told of the words that were written about


@pytest.mark.parametrize("edited", ["40,000 cars", "39,000 lorries", "39,000 red cars"])
def test_words_that_are_put_back_are_exact_again(article: Article, edited: str) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, SECOND.replace("39,000 cars", edited), THIRD)
    seen = fate(annotation)[0]
    make_revision(article, FIRST, SECOND, THIRD)
    assert (seen, *fate(annotation)) == ("changed", "exact", "39,000 cars", "p2")


@pytest.mark.parametrize(
    ("exact", "after", "expected"),
    [
        pytest.param("39,000 cars", "40,000 cars", "40,000 cars", id="its first figures"),
        pytest.param("It carries 39,000", "It carries 39,412", "It carries 39,412", id="its last figures"),
        pytest.param("000 cars", "000 lorries and cars", "000 lorries and cars", id="it began in one"),
    ],
)
def test_a_number_is_not_cut_in_half_when_this_is_edited(
    article: Article, exact: str, after: str, expected: str
) -> None:
    annotation = make_annotation(article=article, exact=exact)
    make_revision(article, FIRST, SECOND.replace(exact, after), THIRD)
    assert fate(annotation) == ("changed", expected, "p2")


def test_words_edited_once_stay_changed(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, SECOND.replace("39,000", "40,000"), THIRD)
    make_revision(article, FIRST, SECOND.replace("39,000", "40,000"))
    anchor = anchor_of(annotation)
    assert (anchor.status, anchor.edited_in) == ("changed", 2)
    assert 0.8 < anchor.score < 1


def test_words_in_another_block_than_they_were_written_about_stay_moved(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, f"{FIRST} {SECOND}", THIRD)
    make_revision(article, f"{FIRST} {SECOND}", "New.")
    assert fate(annotation) == ("moved", "39,000 cars", "p1")


def test_a_block_that_stays_where_it_was_moved_to_is_no_news(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, SECOND, FIRST, THIRD)
    make_revision(article, SECOND, FIRST)
    assert fate(annotation) == ("exact", "39,000 cars", "p2")


# Orphans


def test_an_orphan_knows_which_revision_took_its_words_from_where(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, THIRD)
    make_revision(article, FIRST)
    anchor = anchor_of(annotation)
    assert (anchor.status, anchor.removed_in, anchor.stood_in, anchor.score) == ("orphaned", 2, "p2", 0.0)


def test_an_orphan_whose_words_come_back_stands_on_them_again(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, THIRD)
    make_revision(article, FIRST)
    make_revision(article, FIRST, SECOND)
    assert fate(annotation) == ("moved", "39,000 cars", "p4")
    assert anchor_of(annotation).removed_in is None


def test_an_orphan_about_a_whole_paragraph_comes_back_with_it(article: Article) -> None:
    annotation = make_annotation(article=article, exact="")
    make_revision(article, SECOND)
    make_revision(article, FIRST, SECOND)
    assert fate(annotation) == ("moved", FIRST, "p4")


def test_the_same_words_elsewhere_do_not_bring_an_orphan_back(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, THIRD)
    make_revision(article, FIRST, THIRD, "On the ferry, which takes 39,000 cars each summer, nobody counts either.")
    assert fate(annotation)[0] == "orphaned"


def test_words_that_come_back_otherwise_leave_an_orphan(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, THIRD)
    make_revision(article, FIRST, SECOND.replace("39,000", "39,412"), THIRD, "A ferry takes 39,000 cars each summer.")
    assert fate(annotation)[0] == "orphaned"


def test_orphans_cost_nothing_where_their_words_are_in_no_new_block() -> None:
    twin = "Roads take public money, too."
    article = publishing.publish(make_document(FIRST, twin))
    make_annotation(article=article, exact="public money")
    make_revision(article, twin)
    plan = publishing.plan(article, make_document(twin, "Something new."))
    with CaptureQueriesContext(connection) as queries:
        reanchoring.plan(plan, tell=quietly)
    assert len(queries) == 1


def test_what_a_person_called_gone_stays_gone(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    by_hand(annotation, Spot())
    make_revision(article, FIRST, SECOND.replace("It", "She"), THIRD)
    anchor = anchor_of(annotation)
    assert (anchor.status, anchor.set_by) == ("orphaned", annotation.moderation_entries.get().moderator)


# What is carried on


def by_hand(annotation: Annotation, spot: Spot) -> None:
    placing.set_by_hand(
        annotation=annotation, by=make_moderator(), spot=spot, reason="Belongs there.", seen=anchor_of(annotation).key
    )


def test_what_was_set_by_hand_is_followed_from_there(article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    by_hand(annotation, Spot(block="p3", words="the traffic"))
    make_revision(article, THIRD, SECOND, FIRST)
    assert fate(annotation) == ("changed", "the traffic", "p3")
    assert anchor_of(annotation).set_by is not None


def confirmed(article: Article) -> Annotation:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, FIRST, SECOND.replace("39,000", "40,000"), THIRD)
    placing.confirm(annotation=annotation, by=annotation.creator, seen=anchor_of(annotation).key)
    return annotation


def test_a_confirmation_holds_while_the_words_stay(article: Article) -> None:
    annotation = confirmed(article)
    make_revision(article, THIRD, FIRST, SECOND.replace("39,000", "40,000"))
    assert anchor_of(annotation).confirmed_at is not None


def test_a_confirmation_ends_when_the_words_are_edited_again(article: Article) -> None:
    annotation = confirmed(article)
    make_revision(article, FIRST, SECOND.replace("39,000", "41,000"), THIRD)
    anchor = anchor_of(annotation)
    assert (anchor.confirmed_at, anchor.edited_in) == (None, 3)


# Between planning and writing


def quietly(_step: str, _hundredths: int) -> None:
    pass


def test_what_is_attached_after_planning_gets_its_anchor_too(article: Article) -> None:
    plan = publishing.plan(article, make_document(FIRST, f"{SECOND} {THIRD}"))
    found = reanchoring.plan(plan, tell=quietly)
    late = make_annotation(article=article, exact="the traffic")
    publishing.write(plan)
    assert late.pk not in {outcome.standing.annotation for outcome in found.outcomes}
    assert fate(late) == ("moved", "the traffic", "p2")


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Do something after everything is planned and before the transaction begins."""
    kept: list[Callable[..., Any]] = []

    def connect(act: Callable[[], None]) -> None:
        def receiver(**_: object) -> Callable[[object], None]:
            act()
            return lambda _revision: None

        kept.append(receiver)
        revision_planned.connect(receiver)

    yield connect
    for receiver in kept:
        revision_planned.disconnect(receiver)


def test_what_is_set_by_hand_after_planning_is_followed_from_there(article: Article, beside: Any) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    beside(lambda: by_hand(annotation, Spot(block="p3", words="the traffic")))
    make_revision(article, FIRST, SECOND, f"{THIRD} Or before.")
    assert fate(annotation) == ("changed", "the traffic", "p3")


def test_a_plan_says_what_publishing_then_does(article: Article) -> None:
    for exact in ("39,000 cars", "public money", "the traffic", ""):
        make_annotation(article=article, exact=exact)
    plan = publishing.plan(article, make_document(SECOND.replace("39,000", "40,000"), FIRST))
    counts = reanchoring.plan(plan, tell=quietly).counts
    revision = publishing.write(plan)
    assert counts == Counter(revision.anchors.values_list("status", flat=True))
    assert set(counts) == {"changed", "exact", "orphaned"}


def test_when_writing_fails_no_anchor_is_left(article: Article) -> None:
    make_annotation(article=article, exact="39,000 cars")
    plans = [publishing.plan(article, make_document(text)) for text in (FIRST, SECOND)]
    publishing.write(plans[0])
    with pytest.raises(publishing.Overtaken):
        publishing.write(plans[1])
    assert Anchor.objects.count() == 2


@pytest.mark.parametrize("number", [2, 40])
def test_reading_and_writing_anchors_takes_as_many_queries_for_few_as_for_many(article: Article, number: int) -> None:
    for _ in range(number):
        make_annotation(article=article, exact="39,000 cars")
    plan = publishing.plan(article, make_document(FIRST, SECOND))
    with CaptureQueriesContext(connection) as planned:
        found = reanchoring.plan(plan, tell=quietly)
    assert (len(planned), len(found.outcomes)) == (1, number)


def test_a_first_revision_has_nothing_to_follow() -> None:
    document = make_document(FIRST)
    article = publishing.open_article(document)
    plan = publishing.plan(article, document)
    assert reanchoring.plan(plan, tell=quietly).outcomes == []


def attach(article: Article, target: annotating.Target) -> Annotation:
    return annotating.attach(
        article=article, creator=make_reader(), kind="note", target=target, body="All of it.", token=uuid.uuid4()
    )


def test_a_caption_that_is_taken_from_under_its_picture_leaves_an_orphan() -> None:
    picture = Picture.objects.create(hash="0" * 64, width=40, height=30, size=1)
    figure = Block("figure", "A drawing of the bridge.", image=picture.pk)
    article = publishing.publish(make_document(FIRST, figure))
    annotation = attach(article, annotating.Target(revision_number=1, paragraph=paragraph_of(article, "f1")))
    make_revision(article, FIRST, replace(figure, html="", name="f1"))
    assert (fate(annotation)[0], anchor_of(annotation).stood_in) == ("orphaned", "f1")


def test_progress_is_told_in_words(article: Article) -> None:
    make_annotation(article=article, exact="39,000 cars")
    told: list[str] = []
    publishing.revise(article, make_document(FIRST), tell=lambda step, _: told.append(step))
    assert "Finding the words of 1 annotations in the new text" in told

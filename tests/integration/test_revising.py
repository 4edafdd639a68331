"""Revising: names that stay, what is refused, and that readers see one state or the other and nothing between."""

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader import publishing
from reader.models import Article, Paragraph, Revision
from reader.publishing import NothingChanged, Overtaken, PublishingError
from reader.signals import revision_planned, revision_published
from reader.text.blocks import Block
from tests.factories import make_document, make_editor, make_revision, paragraph_of

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
pytestmark = pytest.mark.django_db


def make_bridge() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def names(revision: Revision) -> list[str]:
    return list(revision.paragraphs.values_list("name", flat=True))


def changes(revision: Revision) -> list[list[Any]]:
    revision.refresh_from_db()
    found: list[list[Any]] = revision.changes
    return found


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param((FIRST, SECOND.replace("39,000", "40,000"), THIRD), "p1 p2 p3", id="an edit"),
        pytest.param((THIRD, FIRST, SECOND), "p3 p1 p2", id="a move"),
        pytest.param((FIRST, "A new one, about nothing.", SECOND, THIRD), "p1 p4 p2 p3", id="a paragraph between"),
        pytest.param((FIRST, THIRD), "p1 p3", id="a paragraph taken out"),
        pytest.param((f"{FIRST} {SECOND}", THIRD), "p1 p3", id="two joined"),
        pytest.param(
            ("The bridge was built in 1990", "with public money.", SECOND, THIRD), "p1 p4 p2 p3", id="a split"
        ),
    ],
)
def test_a_block_keeps_its_name_through(texts: tuple[str, ...], expected: str) -> None:
    assert names(make_revision(make_bridge(), *texts)) == expected.split()


def test_a_name_once_used_is_never_given_again() -> None:
    article = make_bridge()
    make_revision(article, FIRST, SECOND)
    third = make_revision(article, FIRST, SECOND, "Something else entirely was said here later.")
    assert names(third) == ["p1", "p2", "p4"]


def test_what_became_of_each_block_is_kept_with_the_revision() -> None:
    revision = make_revision(make_bridge(), f"{FIRST} {SECOND}", "Something else entirely.")
    assert changes(revision) == [["merged", ["p1", "p2"], ["p1"]], ["new", [], ["p4"]], ["gone", ["p3"], []]]


def test_a_revision_says_who_made_it_and_why() -> None:
    editor = make_editor()
    revision = make_revision(make_bridge(), FIRST, note=" The number was wrong. ", by=editor)
    assert (revision.number, revision.note, revision.creator) == (2, "The number was wrong.", editor)


def test_the_same_text_is_not_published_twice() -> None:
    article = make_bridge()
    with pytest.raises(NothingChanged):
        make_revision(article, FIRST, SECOND, THIRD)
    assert article.revisions.count() == 1


def test_a_new_title_alone_is_a_revision() -> None:
    article = make_bridge()
    revision = publishing.revise(article, make_document(FIRST, SECOND, THIRD, title="A Longer Title"))
    assert (revision.title, names(revision), changes(revision)) == ("A Longer Title", ["p1", "p2", "p3"], [])


def test_of_two_revisions_planned_at_once_the_second_is_refused() -> None:
    article = make_bridge()
    plans = [publishing.plan(article, make_document(text)) for text in (FIRST, SECOND)]
    publishing.write(plans[0])
    with pytest.raises(Overtaken):
        publishing.write(plans[1])
    assert Article.objects.get().current_revision == plans[0].revision


def test_an_old_text_may_come_back_under_its_old_names() -> None:
    article = make_bridge()
    make_revision(article, FIRST)
    third = make_revision(article, FIRST, SECOND)
    assert names(third) == ["p1", "p4"]
    assert third.text == f"{FIRST}\n{SECOND}"


def test_links_between_blocks_follow_their_names() -> None:
    note = Block("footnote", "They said so.", key="cite-1", marker="1")
    article = publishing.publish(make_document(f'{FIRST}<sup><a href="#cite-1">1</a></sup>', note))
    assert paragraph_of(article).html.endswith('<sup><a href="#n1">1</a></sup>')
    assert paragraph_of(article, "n1").marker == "1"


def test_the_reading_page_shows_the_new_text_at_once(client: Any) -> None:
    article = make_bridge()
    before = client.get(article.get_absolute_url())
    make_revision(article, FIRST.replace("1990", "1991"), SECOND, THIRD)
    after = client.get(article.get_absolute_url())
    assert b"1990" in before.content
    assert b"1991" in after.content
    assert b"1990" not in after.content


@pytest.fixture
def beside() -> Iterator[Callable[[Callable[..., Any]], None]]:
    """Connect receivers of `revision_planned` for one test."""
    receivers: list[Callable[..., Any]] = []

    def connect(receiver: Callable[..., Any]) -> None:
        receivers.append(receiver)
        revision_planned.connect(receiver)

    yield connect
    for receiver in receivers:
        revision_planned.disconnect(receiver)


def test_what_is_written_beside_a_revision_is_in_its_transaction(
    beside: Callable[[Callable[..., Any]], None],
) -> None:
    article = make_bridge()

    def fail(_revision: Revision) -> None:
        raise RuntimeError

    def receiver(**_: object) -> Callable[[Revision], None]:
        return fail

    beside(receiver)
    with pytest.raises(RuntimeError):
        make_revision(article, FIRST)
    article.refresh_from_db()
    assert (article.revisions.count(), Paragraph.objects.count()) == (1, 3)
    assert article.current_revision is not None
    assert article.current_revision.number == 1


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(make_document(), id="no blocks"),
        pytest.param(make_document("<em> </em>"), id="blocks without words"),
        pytest.param(make_document(FIRST, title="x" * 301), id="a title that is too long"),
        pytest.param(
            make_document(FIRST, Block("figure", "A bridge.", image="0" * 64)), id="a picture that is not here"
        ),
    ],
)
def test_nothing_is_written_for(document: Any) -> None:
    article = make_bridge()
    with pytest.raises(PublishingError):
        publishing.revise(article, document)
    assert article.revisions.count() == 1


def test_an_article_in_draft_is_seen_once_it_is_published(client: Any) -> None:
    document = make_document(FIRST)
    article = publishing.open_article(document)
    assert article.is_draft
    assert client.get(article.get_absolute_url()).status_code == 404
    publishing.write(publishing.plan(article, document))
    assert client.get(article.get_absolute_url()).status_code == 200
    assert Article.objects.get().status == Article.Status.PUBLISHED


_numbers = itertools.count()
_WORDS = st.sampled_from(["bridge", "toll", "money", "car", "mayor", "river", "safe", "old"])
_TEXTS = st.lists(st.lists(_WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_TEXTS, min_size=2, max_size=5))
def test_no_two_blocks_of_one_article_ever_share_a_name(states: list[list[str]]) -> None:
    article = publishing.publish(make_document(f"Text number {next(_numbers)}, before anything was said."))
    held: dict[str, int] = {"p1": 1}
    for state in states:
        try:
            revision = make_revision(article, *state)
        except NothingChanged:
            continue
        for name in names(revision):
            # A name is either carried on from the revision before, or has never been there.
            assert held.get(name, revision.number - 1) == revision.number - 1
            held[name] = revision.number


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_publish_at_once_make_one_revision() -> None:
    article = make_bridge()
    plans = [publishing.plan(article, make_document(text)) for text in (FIRST, SECOND)]
    refused: list[Exception] = []

    def publish(plan: publishing.Plan) -> None:
        try:
            publishing.write(plan)
        except Overtaken as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=[plan]) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), article.revisions.count()) == (1, 2)


def test_a_revision_is_announced_once_it_is_certain(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[int] = []

    def hear(revision: Revision, **_: object) -> None:
        heard.append(revision.number)

    article = make_bridge()
    revision_published.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        make_revision(article, FIRST)
        assert heard == []
    revision_published.disconnect(hear)
    assert heard == [2]

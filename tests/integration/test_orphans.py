"""What readers see when words go or are edited: nothing is dropped, and its writer is asked."""

import gzip
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating, margin, moderating, placing
from annotations.models import Annotation
from reader import publishing
from reader.models import Article, User
from tests.factories import (
    anchor_of,
    make_annotation,
    make_document,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
)

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def article() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


@pytest.fixture
def writer() -> User:
    return make_reader(username="anna")


def orphaned(
    article: Article, *, creator: User | None = None, body: str = "Worth knowing.", **given: Any
) -> Annotation:
    """Give an annotation whose words the next revision takes out."""
    annotation = make_annotation(article=article, creator=creator, exact="39,000 cars", body=body, **given)
    make_revision(article, FIRST, THIRD)
    return annotation


def changed(article: Article, *, creator: User | None = None) -> Annotation:
    annotation = make_annotation(article=article, creator=creator, exact="39,000 cars", body="Is it so many?")
    make_revision(article, FIRST, SECOND.replace("39,000", "40,000"), THIRD)
    return annotation


def page(client: Client, address: str) -> str:
    """Give a page's words, without what says how they look."""
    content = client.get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content[content.index("<main") :]))


# Under the article


def test_words_that_are_gone_are_told_under_the_article(client: Client, article: Article) -> None:
    orphaned(article, body="It was never counted.")
    words = page(client, article.get_absolute_url())
    assert "39,000 cars" in words
    assert "About words that revision 2 removed from paragraph 2" in words
    assert "It was never counted." in words


def test_the_place_where_they_stood_answers(client: Client, article: Article) -> None:
    orphaned(article)
    content = client.get(article.get_absolute_url()).content.decode()
    address = f"{article.get_absolute_url()}p2/"
    assert f'href="{address}"' in content
    assert SECOND in page(client, address)


@pytest.mark.parametrize("act", ["hide", "withdraw"])
def test_what_nobody_may_read_is_not_told_there(client: Client, article: Article, act: str) -> None:
    annotation = orphaned(article)
    if act == "hide":
        moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not about these words.")
    else:
        annotating.withdraw(annotation=annotation, by=annotation.creator)
    assert "About words" not in page(client, article.get_absolute_url())


def test_what_stands_nowhere_is_not_counted_as_standing_somewhere(article: Article) -> None:
    orphaned(article)
    make_annotation(article=article, exact="traffic")
    reading = margin.read(article)
    assert [count.number for count in reading.counts] == [1]
    assert reading.orphans.total == 1
    assert [count.number for count in margin.read_maps([article])[article.pk][1]] == [1]


def test_what_is_about_all_of_the_text_is_counted_apart(article: Article) -> None:
    orphaned(article)
    annotating.attach(
        article=article,
        creator=make_reader(),
        kind="note",
        target=annotating.Target(revision_number=2),
        body="All of it.",
        token=uuid.uuid4(),
    )
    reading = margin.read(article)
    assert (reading.about_article.total, reading.orphans.total) == (1, 1)


def test_of_many_the_newest_of_each_sign_are_shown_and_the_rest_a_page_away(client: Client, article: Article) -> None:
    for number in range(11):
        make_annotation(article=article, exact="39,000 cars", body=f"Remark {number}.")
    orphaned(article, kind="question")
    words = page(client, article.get_absolute_url())
    assert "3 more" in words
    assert ("Remark 10." in words, "Remark 2." in words) == (True, False)
    assert "Remark 2." in page(client, f"{article.get_absolute_url()}orphans/")


@pytest.mark.parametrize("number", [1, 30])
def test_a_stranger_s_page_takes_three_queries_with_words_gone(article: Article, number: int) -> None:
    for _ in range(number):
        make_annotation(article=article, exact="39,000 cars")
    orphaned(article)
    with CaptureQueriesContext(connection) as queries:
        Client().get(article.get_absolute_url())
    assert len(queries) == 3


def test_the_page_stays_small_however_many_words_go(article: Article) -> None:
    long = "very " * 200
    article = publishing.publish(make_document(FIRST, f"It carries {long}many cars."))
    for _ in range(40):
        make_annotation(article=article, exact=f"{long}many")
    make_revision(article, FIRST)
    content = Client().get(article.get_absolute_url()).content
    orphans = margin.read(article).orphans
    assert orphans.total == 40
    assert {len(orphan.words) for orphan in orphans.entries} == {200}
    assert len(content) < 25_000
    assert len(gzip.compress(content)) < 6_000


# The page of all of them


def test_the_page_of_all_has_their_threads_what_went_last_first(client: Client, article: Article) -> None:
    make_annotation(article=article, exact="the traffic", body="Lost late.")
    early = orphaned(article, body="Lost early.")
    make_reply(parent=early, body="An answer.")
    make_revision(article, FIRST)
    words = page(client, f"{article.get_absolute_url()}orphans/")
    assert words.index("Lost late.") < words.index("Lost early.") < words.index("An answer.")


def test_the_page_of_all_says_when_nothing_is_lost(client: Client, article: Article) -> None:
    make_annotation(article=article)
    assert "stands beside its words" in page(client, f"{article.get_absolute_url()}orphans/")


@pytest.mark.parametrize("number", [2, 12])
def test_the_page_of_all_takes_as_many_queries_for_few_as_for_many(
    client: Client, article: Article, number: int
) -> None:
    for _ in range(number):
        make_annotation(article=article, exact="39,000 cars")
    orphaned(article)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{article.get_absolute_url()}orphans/")
    assert len(queries) == 13


def test_the_page_of_all_belongs_to_a_published_article(client: Client) -> None:
    publishing.open_article(make_document(FIRST), slug="unpublished")
    assert client.get("/articles/unpublished/orphans/").status_code == 404
    assert client.get("/articles/none/orphans/").status_code == 404


def test_the_page_of_all_cannot_be_posted_to(client: Client, article: Article) -> None:
    assert client.post(f"{article.get_absolute_url()}orphans/").status_code == 405


# One annotation


def test_an_orphan_s_own_page_says_what_became_of_its_words(client: Client, article: Article) -> None:
    annotation = orphaned(article)
    words = page(client, annotation.get_absolute_url())
    assert "39,000 cars" in words
    assert "About words that revision 2 removed from paragraph 2." in words


def test_an_orphan_s_thread_goes_on(client: Client, article: Article, writer: User) -> None:
    annotation = orphaned(article)
    client.force_login(writer)
    make_reply(parent=annotation, creator=writer, body="It still matters.")
    assert "It still matters." in page(client, annotation.get_absolute_url())


def test_an_orphan_about_a_whole_paragraph_quotes_it(client: Client, article: Article) -> None:
    annotation = make_annotation(article=article)
    make_revision(article, SECOND, THIRD)
    words = page(client, annotation.get_absolute_url())
    assert FIRST in words
    assert "About a paragraph that revision 2 removed: paragraph 1." in words


def test_words_that_moved_say_where_to(client: Client, article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, f"{FIRST} {SECOND}", THIRD)
    assert "Moved to paragraph 1, from paragraph 2." in page(client, annotation.get_absolute_url())


def test_words_that_moved_with_their_paragraph_say_so(client: Client, article: Article) -> None:
    annotation = make_annotation(article=article, exact="39,000 cars")
    make_revision(article, SECOND, FIRST, THIRD)
    assert "Its paragraph was moved." in page(client, annotation.get_absolute_url())


def test_edited_words_are_shown_then_and_now(client: Client, article: Article) -> None:
    annotation = changed(article)
    content = client.get(annotation.get_absolute_url()).content.decode()
    assert "<del>39,000</del><ins>40,000</ins> cars" in content
    assert "revision 2" in page(client, annotation.get_absolute_url())


def test_edited_words_stand_as_before_in_the_margin(client: Client, article: Article) -> None:
    changed(article)
    content = client.get(article.get_absolute_url()).content.decode()
    assert re.search(r"<mark[^>]*>40,000 cars</mark>", content)
    assert "<del>" not in content


def test_long_words_are_not_compared_but_linked(client: Client) -> None:
    long = "word " * 700
    article = publishing.publish(make_document(FIRST, f"It says {long}here."))
    annotation = make_annotation(article=article, exact=f"{long}here")
    make_revision(article, FIRST, f"It says {long.replace('word', 'term', 1)}here.")
    content = client.get(annotation.get_absolute_url()).content.decode()
    assert "<del>" not in content
    assert "/revisions/1..2/" in content


def test_its_writer_is_asked_whether_it_still_applies(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    client.force_login(writer)
    assert "Does this still apply?" in page(client, annotation.get_absolute_url())


def test_nobody_else_is_asked(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    asked = ["Does this" in page(client, annotation.get_absolute_url())]
    client.force_login(make_moderator())
    asked.append("Does this" in page(client, annotation.get_absolute_url()))
    assert asked == [False, False]


# "Does this still apply?" Yes.


def confirm(client: Client, annotation: Annotation, seen: str = "", **headers: str) -> Any:
    given = {"seen": seen or anchor_of(annotation).key}
    return client.post(f"/annotations/{annotation.pk}/confirmation/", given, headers=headers)


def test_who_says_yes_is_not_asked_again_and_readers_are_told(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    client.force_login(writer)
    response = confirm(client, annotation)
    words = page(client, annotation.get_absolute_url())
    assert response.url == annotation.get_absolute_url()
    assert "Does this" not in words
    assert "Its writer says that it still applies." in words


def test_yes_said_through_htmx_gives_the_thread_anew(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    client.force_login(writer)
    content = confirm(client, annotation, **HTMX).content.decode()
    assert f'id="thread-{annotation.pk}"' in content
    assert 'id="p2"' in content
    assert "Does this" not in content


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_yes_to_words_that_were_edited_again_is_not_taken(
    client: Client, article: Article, writer: User, headers: dict[str, str]
) -> None:
    annotation = changed(article, creator=writer)
    seen = anchor_of(annotation).key
    make_revision(article, FIRST, SECOND.replace("39,000", "41,000"), THIRD)
    client.force_login(writer)
    response = confirm(client, annotation, seen, **headers)
    assert anchor_of(annotation).confirmed_at is None
    answer = response if headers else client.get(response.url)
    assert "The words were edited again meanwhile." in answer.content.decode()


def test_saying_yes_twice_changes_the_page_once(article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    for _ in range(2):
        placing.confirm(annotation=annotation, by=writer, seen=anchor_of(annotation).key)
    before = Article.objects.get(pk=article.pk).activity
    placing.confirm(annotation=annotation, by=writer, seen=anchor_of(annotation).key)
    assert Article.objects.get(pk=article.pk).activity == before


def test_there_is_nothing_to_confirm_where_no_words_were_edited(article: Article, writer: User) -> None:
    annotation = make_annotation(article=article, creator=writer, exact="39,000 cars")
    with pytest.raises(moderating.Refused, match="Nothing has to be confirmed"):
        placing.confirm(annotation=annotation, by=writer, seen=anchor_of(annotation).key)


def test_a_stranger_who_says_yes_is_asked_to_sign_in(client: Client, article: Article) -> None:
    annotation = changed(article)
    assert confirm(client, annotation).url.startswith("/accounts/login/")


def test_only_its_writer_can_say_yes(client: Client, article: Article) -> None:
    annotation = changed(article)
    client.force_login(make_reader())
    assert confirm(client, annotation).status_code == 403
    assert anchor_of(annotation).confirmed_at is None


def test_what_was_withdrawn_is_not_there_to_confirm(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    annotating.withdraw(annotation=annotation, by=writer)
    client.force_login(writer)
    assert confirm(client, annotation).status_code == 404


def test_a_confirmation_has_no_page(client: Client, article: Article, writer: User) -> None:
    annotation = changed(article, creator=writer)
    client.force_login(writer)
    assert client.get(f"/annotations/{annotation.pk}/confirmation/").status_code == 405


# What htmx swaps in


def test_a_reply_about_moved_words_swaps_the_row_they_stand_in_now(
    client: Client, article: Article, writer: User
) -> None:
    annotation = make_annotation(article=article, exact="the traffic", creator=writer)
    make_revision(article, THIRD, "Something new stands between them now.", FIRST, SECOND)
    client.force_login(writer)
    content = withdrawn(client, annotation)
    assert 'id="p3"' in content
    assert 'id="p2"' not in content


def withdrawn(client: Client, annotation: Annotation) -> str:
    response = client.post(f"/annotations/{annotation.pk}/withdraw/", headers=HTMX)
    assert response.status_code == 200
    return response.content.decode()


def test_withdrawing_the_last_orphan_empties_their_section(client: Client, article: Article, writer: User) -> None:
    annotation = orphaned(article, creator=writer)
    client.force_login(writer)
    content = withdrawn(client, annotation)
    assert re.search(r'id="orphans"[^>]*hidden', content)
    assert 'class="row' not in content


def test_an_old_state_shows_what_was_about_words_gone_by_then(client: Client, article: Article) -> None:
    orphaned(article)
    make_revision(article, FIRST, THIRD, "A third one.")
    shown = {number: page(client, f"{article.get_absolute_url()}revisions/{number}/") for number in (1, 2)}
    assert "About words that are gone" not in shown[1]
    assert "About words that revision 2 removed" in shown[2]

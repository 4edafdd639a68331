"""What the site knows about a source, and what it says when a source is there already."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from annotations import annotating, moderating, sourcing
from annotations.models import Annotation, Document
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db

URL = "https://example.org/count"
WORDS = "It carries 39,000 cars a day"
TOLD: dict[str, Any] = {"title": "The count", "publisher": "The Office", "published_on": dt.date(2015, 9, 11)}


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def writer(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


def cite(article: Article, *, exact: str = WORDS, kind: str = "source", url: str = URL, **told: Any) -> Annotation:
    sources = [make_source(url=url, **{"title": "", **told})]
    return make_annotation(article=article, exact=exact, kind=kind, sources=sources)


def post(client: Client, article: Article, *, words: str = WORDS, **fields: Any) -> Any:
    assert article.current_revision is not None
    start = article.current_revision.text.index(words)
    form = {"kind": "source", "body": "See there.", "token": uuid.uuid4(), "revision": 1, "url": URL}
    form |= {"stance": "supports", "place": "words", "start": start, "end": start + len(words), "exact": words}
    return client.post(f"/articles/{article.slug}/p2/annotations/", form | fields)


def ask(client: Client, article: Article, **query: Any) -> str:
    """Ask as a form does whose address field was left."""
    query = {"url": URL, "kind": "source", "place": "paragraph", **query}
    response = client.get(f"/articles/{article.slug}/p2/known-source/", query)
    assert response.status_code == 200
    return response.content.decode()


def facts(annotation: Annotation) -> tuple[str, str, dt.date | None]:
    source = annotation.sources.get()
    return source.title, source.publisher, source.published_on


def test_what_is_left_empty_is_taken_from_who_cited_it_before(article: Article) -> None:
    cite(article, **TOLD)
    assert facts(cite(article, url=f"{URL}?utm_source=x#top")) == tuple(TOLD.values())


def test_what_the_writer_says_stays(article: Article) -> None:
    cite(article, **TOLD)
    assert facts(cite(article, title="Their count"))[0] == "Their count"


def test_each_fact_is_the_one_written_last(article: Article) -> None:
    cite(article, **TOLD)
    cite(article, title="The new count")
    assert facts(cite(article)) == ("The new count", "The Office", dt.date(2015, 9, 11))


def test_what_a_note_cites_is_known_too(article: Article) -> None:
    cite(article, kind="note", **TOLD)
    assert sourcing.known(URL).title == "The count"


def withdraw(annotation: Annotation) -> None:
    annotating.withdraw(annotation=annotation, by=annotation.creator)


def hide(annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not a source.")


@pytest.mark.parametrize("take_away", [withdraw, hide])
def test_what_is_no_longer_published_gives_nothing_away(client: Client, article: Article, take_away: Any) -> None:
    citation = cite(article, **TOLD)
    assert "The Office" in ask(client, article)
    take_away(citation)
    page = ask(client, article)
    assert "The Office" not in page
    assert "already here" not in page
    assert facts(cite(article)) == ("", "", None)


def test_an_edit_leaves_empty_what_its_writer_emptied(article: Article) -> None:
    cite(article, **TOLD)
    own = cite(article)
    annotating.edit(annotation=own, by=own.creator, version=1, body="See.", sources=[make_source(url=URL, title="")])
    assert facts(own) == ("", "", None)


def test_the_form_is_told_what_is_known_without_an_account(client: Client, article: Article) -> None:
    cite(article, **TOLD)
    page = ask(client, article)
    assert 'data-title="The count" data-publisher="The Office" data-published_on="2015-09-11"' in page


@pytest.mark.parametrize(
    "url", ["", "nowhere", "javascript:alert(1)", "https://example.org/else", "http://[", "x" * 3000]
)
def test_of_another_address_nothing_is_known(client: Client, article: Article, url: str) -> None:
    cite(article, **TOLD)
    assert 'data-title="" data-publisher="" data-published_on=""' in ask(client, article, url=url)


@pytest.mark.parametrize(
    ("place", "is_there"),
    [
        pytest.param({"place": "paragraph"}, True, id="the whole paragraph"),
        pytest.param({"place": "s0"}, True, id="the sentence it is in"),
        pytest.param({"place": "s1"}, False, id="another sentence"),
        pytest.param({"place": "words", "start": 0, "end": 20}, False, id="words before it"),
        pytest.param({"place": "words"}, False, id="no words"),
        pytest.param({"place": "words", "start": "x"}, False, id="an offset that is no number"),
        pytest.param({"place": "s99"}, False, id="a sentence that is not there"),
    ],
)
def test_a_source_is_there_already_on_words_that_overlap(
    client: Client, article: Article, place: dict[str, Any], *, is_there: bool
) -> None:
    cite(article)
    assert ("This source is already here" in ask(client, article, **place)) is is_there


def test_only_what_will_be_a_source_is_told_that_it_is_there(client: Client, article: Article) -> None:
    cite(article)
    assert "already here" not in ask(client, article, kind="note")


def test_it_is_there_wherever_its_words_are_now(client: Client, article: Article) -> None:
    cite(article)
    make_revision(article, "Something new before it.", f"{WORDS}, they say.")
    name = article.__class__.objects.get().current_revision.paragraphs.last().name  # type: ignore[union-attr]
    query = {"url": URL, "kind": "source", "place": "paragraph"}
    page = client.get(f"/articles/{article.slug}/{name}/known-source/", query).content.decode()
    assert "This source is already here" in page


def test_nothing_is_there_of_a_paragraph_that_is_gone(client: Client, article: Article) -> None:
    cite(article)
    make_revision(article, "Something else entirely.")
    assert "already here" not in ask(client, article)


def test_a_source_that_is_there_is_pointed_out_before_it_is_posted(
    client: Client, article: Article, writer: User
) -> None:
    citation = cite(article)
    response = post(client, article, body="What I typed.")
    page = response.content.decode()
    assert response.status_code == 422
    assert "This source is already here" in page
    assert citation.get_absolute_url() in page
    assert "What I typed." in page
    assert Annotation.objects.count() == 1


def test_posting_again_posts_all_the_same(client: Client, article: Article, writer: User) -> None:
    citation = cite(article)
    assert f'name="pointed_out" value="{citation.pk}"' in post(client, article).content.decode()
    assert post(client, article, pointed_out=str(citation.pk)).status_code == 302
    assert Annotation.objects.count() == 2


def test_another_one_is_pointed_out_anew(client: Client, article: Article, writer: User) -> None:
    first, second = cite(article), cite(article)
    response = post(client, article, pointed_out=str(first.pk))
    assert response.status_code == 422
    assert second.get_absolute_url() in response.content.decode()


@pytest.mark.parametrize("sent", ["x", "9" * 5000, "-1", "1;2"])
def test_what_was_pointed_out_is_read_with_care(client: Client, article: Article, writer: User, sent: str) -> None:
    for _ in range(3):
        cite(article)
    assert post(client, article, pointed_out=sent).status_code == 422


@pytest.mark.parametrize(
    "fields", [{"kind": "note"}, {"words": "The toll should go."}, {"url": "https://example.org/else"}], ids=str
)
def test_what_is_no_double_is_posted_at_once(
    client: Client, article: Article, writer: User, fields: dict[str, Any]
) -> None:
    cite(article)
    assert post(client, article, **fields).status_code == 302


def test_a_post_whose_answer_was_lost_is_not_pointed_out_to_its_own_writer(
    client: Client, article: Article, writer: User
) -> None:
    token = uuid.uuid4()
    first, second = post(client, article, token=token), post(client, article, token=token)
    assert second.headers["Location"] == first.headers["Location"]
    assert Annotation.objects.count() == 1


def test_what_is_about_the_whole_article_is_there_for_the_whole_article_only(client: Client, article: Article) -> None:
    target = annotating.Target(revision_number=1)
    told: dict[str, Any] = {"article": article, "creator": make_reader(), "kind": "source", "sources": [make_source()]}
    about_all = annotating.attach(target=target, body="See.", token=uuid.uuid4(), **told)
    about_words = cite(article)
    query = {"url": URL, "kind": "source", "place": "article"}
    there = client.get(f"/articles/{article.slug}/whole/known-source/", query).content.decode()
    assert about_all.get_absolute_url() in there
    assert about_words.get_absolute_url() not in there
    assert about_all.get_absolute_url() not in ask(client, article)


def test_what_nobody_can_be_shown_is_posted_at_once(article: Article) -> None:
    cite(article)
    cite(article)
    assert Annotation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_source_posted_by_several_at_once_is_lost_for_none(article: Article) -> None:
    statuses: list[int] = []

    def send(user: User, token: uuid.UUID) -> None:
        client = Client()
        client.force_login(user)
        posted = post(client, article, token=token)
        for _ in range(3):
            # One of the others was faster, and is pointed out; the next may be faster again.
            if posted.status_code == 422:
                found = " ".join(str(pk) for pk in Annotation.objects.values_list("pk", flat=True))
                posted = post(client, article, token=token, pointed_out=found)
        statuses.append(posted.status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=(make_reader(), uuid.uuid4())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    assert Annotation.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_document_that_is_cited_in_posts_and_edits_at_once_is_one_for_the_article(article: Article) -> None:
    new = [make_source(url="https://example.org/new")]
    own = [cite(article, url=f"https://example.org/{number}") for number in range(4)]
    acts: list[Callable[[], Any]] = [lambda: make_annotation(article=article, kind="source", sources=new)] * 4
    acts += [
        partial(annotating.edit, annotation=each, by=each.creator, version=1, body="See.", sources=new) for each in own
    ]
    together, failures = threading.Barrier(len(acts)), list[Exception]()

    def do(act: Callable[[], Any]) -> None:
        together.wait()
        try:
            act()
        except Exception as error:
            failures.append(error)
        connection.close()

    threads = [threading.Thread(target=do, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Document.objects.get(canonical_url="https://example.org/new").sources.count() == 8


def test_an_edit_to_another_address_cites_that_and_leaves_the_earlier_document_uncited(article: Article) -> None:
    own = cite(article)
    other = [make_source(url="https://example.org/other")]
    annotating.edit(annotation=own, by=own.creator, version=1, body="See.", sources=other)
    assert [document.canonical_url for document in Document.objects.cited()] == ["https://example.org/other"]
    assert Document.objects.count() == 2


def test_instead_of_saying_it_again_a_reader_can_answer_with_what_they_wrote(
    client: Client, article: Article, writer: User
) -> None:
    citation = cite(article)
    response = post(client, article, body="It stops in May.", answer=str(citation.pk))
    assert response.headers["Location"] == f"/annotations/{citation.pk}/replies/"
    page = client.get(response.headers["Location"]).content.decode()
    assert "It stops in May." in page
    assert "Here is what you were writing." in page
    assert Annotation.objects.count() == 1


@pytest.mark.parametrize("wanted", ["99", "x", "9" * 5000])
def test_what_is_not_there_cannot_be_answered(client: Client, article: Article, writer: User, wanted: str) -> None:
    response = post(client, article, answer=wanted)
    assert response.headers["Location"].startswith(f"/articles/{article.slug}/")

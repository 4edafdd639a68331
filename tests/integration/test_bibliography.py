"""The bibliography that readers built: what stands in it, in which order, and for whom."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import annotating, documents, moderating, stories, verdicts
from annotations.models import Annotation, Document, Source
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_revision, make_source

pytestmark = pytest.mark.django_db

BRIDGE = "The bridge was built in 1990"
CARS = "39,000 cars"


@pytest.fixture
def article() -> Article:
    return make_article()


def cite(article: Article, *, exact: str = CARS, creator: User | None = None, **told: Any) -> Source:
    annotation = make_annotation(
        article=article, exact=exact, kind="source", creator=creator, sources=[make_source(**told)]
    )
    return annotation.sources.get()


def cite_many(article: Article, number: int, **told: Any) -> list[Source]:
    addresses = [f"https://example.org/{place}" for place in range(number)]
    return [cite(article, url=url, title=f"Report {url[20:]}", **told) for url in addresses]


def page(client: Client, article: Article, query: str = "") -> str:
    """Give the page's words from its heading on, without what says how they look."""
    response = client.get(f"{article.get_absolute_url()}sources/{query}")
    assert response.status_code == 200
    content = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content[content.index("<h1>") :]))


def test_a_stranger_reads_what_is_cited_and_for_which_words(client: Client, article: Article) -> None:
    ada = make_reader(username="ada")
    cite(article, creator=ada, publisher="The Office", excerpt="Counted twice.", locator="p. 12")
    words = page(client, article)
    for told in ("For 1 source", "The count", "The Office", "39,000 cars", "cited by ada", "Counted twice.", "p. 12"):
        assert told in words


def test_a_passage_leads_to_its_annotation_beside_the_text(client: Client, article: Article) -> None:
    annotation = cite(article).annotation
    content = client.get(f"{article.get_absolute_url()}sources/").content.decode()
    address = f"{article.get_absolute_url()}p2/?at={annotation.pk}#annotation-{annotation.pk}"
    assert f'<a href="{address}">39,000 cars</a>' in content
    assert f'id="annotation-{annotation.pk}"' in client.get(address).content.decode()


def test_a_document_cited_twice_stands_once_with_both_passages(client: Client, article: Article) -> None:
    cite(article)
    cite(article, exact=BRIDGE, url="http://www.example.org/count/")
    content = client.get(f"{article.get_absolute_url()}sources/").content.decode()
    assert content.count('class="work"') == 1
    assert content.count('class="passage ') == 2


def test_it_is_listed_by_paragraph(client: Client, article: Article) -> None:
    cite(article, title="On cars")
    cite(article, exact=BRIDGE, url="https://example.org/bridge", title="On the bridge")
    words = page(client, article, "?by=paragraph")
    assert words.index("Paragraph 1") < words.index("On the bridge") < words.index("Paragraph 2")
    assert words.index("Paragraph 2") < words.index("On cars")


def test_it_is_listed_by_publisher_who_is_told_what_they_stand_behind(client: Client, article: Article) -> None:
    cite_many(article, 2, publisher="The Post", stance="contradicts")
    cite(article, url="https://sun.example.net/1", stance="contradicts")
    words = page(client, article, "?by=publisher")
    assert "The Post 2 sources Stands behind 2 of 3 sources against." in words
    assert "example.net 1 source Stands behind 1 of 3 sources against." in words


def test_that_most_on_a_side_is_one_publishers_is_told_above(client: Client, article: Article) -> None:
    cite_many(article, 2, publisher="The Post", stance="contradicts")
    assert "The Post stands behind" not in page(client, article)
    cite(article, url="https://sun.example.net/1", stance="contradicts")
    assert "The Post stands behind 2 of 3 sources against." in page(client, article)


@pytest.mark.parametrize("query", ["?by=colour", "?by=", "?page=nine", "?page=0", "?by=stance&page=99"])
def test_an_unknown_way_or_page_is_one_that_there_is(client: Client, article: Article, query: str) -> None:
    cite(article)
    assert "For 1 source" in page(client, article, query)


def test_what_readers_found_in_a_source_stands_beside_it(client: Client, article: Article) -> None:
    source = cite(article)
    verdicts.give(source=source, by=make_reader(username="ben"), verdict="supports", remark="In table 2.")
    words = page(client, article)
    assert "Verified" in words
    assert "1 reader says it supports this" in words
    assert "ben: it supports this In table 2." in words


def test_who_says_there_what_they_found_comes_back_to_there(client: Client, article: Article) -> None:
    source = cite(article)
    client.force_login(make_reader())
    back = f"{article.get_absolute_url()}sources/?by=publisher#verdicts-{source.pk}"
    listed = client.get(back.partition("#")[0]).content.decode()
    [form] = re.findall(r'class="to-verdict" href="([^"]+)"', listed)
    content = client.get(form).content.decode()
    assert f'name="next" value="{back}"' in content
    assert f'class="cancel" href="{back}"' in content
    refused = client.post(form, {"next": back})
    assert f'name="next" value="{back}"' in refused.content.decode()
    assert client.post(form, {"verdict": "supports", "next": back}).headers["Location"] == back
    assert f'id="verdicts-{source.pk}"' in client.get(back.partition("#")[0]).content.decode()


def test_who_gives_an_archived_copy_there_comes_back_to_there(client: Client, article: Article) -> None:
    source = cite(article)
    Document.objects.update(status="dead", checked_at=timezone.now())
    client.force_login(make_reader())
    back = f"{article.get_absolute_url()}sources/#check-{source.pk}"
    [form] = re.findall(r'href="([^"]+/archived-copy/[^"]*)"', client.get(back.partition("#")[0]).content.decode())
    assert f'name="next" value="{back}"' in client.get(form).content.decode()
    given = {"archived_url": f"https://web.archive.org/web/2026/{source.url}", "next": back}
    assert client.post(form, given).headers["Location"] == back


def test_who_cited_it_is_not_asked_what_they_found(client: Client, article: Article) -> None:
    ada = make_reader(username="ada")
    cite(article, creator=ada)
    asked = "Say what you found"
    assert asked in page(client, article)
    client.force_login(ada)
    assert asked not in page(client, article)


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_what_is_no_longer_shown_is_not_in_it(client: Client, article: Article, state: str) -> None:
    annotation = cite(article).annotation
    if state == "hidden":
        moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Made up.")
    else:
        annotating.withdraw(annotation=annotation, by=annotation.creator)
    client.force_login(annotation.creator)
    assert "The count" not in page(client, article)


def test_what_is_about_gone_words_stands_last_and_counts_for_nothing(client: Client, article: Article) -> None:
    source = cite(article, title="On cars")
    cite(article, exact=BRIDGE, url="https://example.org/bridge", title="On the bridge")
    make_revision(article, "The bridge was built in 1990 with public money.", "The toll should go.")
    words = page(client, Article.objects.get(pk=article.pk))
    assert words.index("On the bridge") < words.index("About words that are gone") < words.index("On cars")
    assert "For 1 source" in words
    content = client.get(f"{article.get_absolute_url()}sources/").content.decode()
    assert f'<a href="/annotations/{source.annotation_id}/">39,000 cars</a>' in content


def test_words_that_were_edited_say_so(client: Client, article: Article) -> None:
    cite(article)
    make_revision(article, "It carries 40,000 cars a day, they say.")
    assert "edited since" in page(client, Article.objects.get(pk=article.pk))


def test_what_is_about_the_article_as_a_whole_stands_in_it(client: Client, article: Article) -> None:
    assert article.current_revision
    annotating.attach(
        article=article,
        creator=make_reader(),
        kind="source",
        target=annotating.Target(revision_number=article.current_revision.number),
        body="On all of it.",
        token="6f1c7f0e-8f0e-4a0b-9a3c-6b1d2c3e4f50",  # type: ignore[arg-type]
        sources=[make_source()],
    )
    assert "The article as a whole" in page(client, article)
    assert "On the article as a whole" in page(client, article, "?by=paragraph")


def test_a_long_list_has_pages_and_a_heading_goes_on(client: Client, article: Article) -> None:
    cite_many(article, documents.STORIES_ON_A_PAGE + 1)
    words = page(client, article, "?page=2")
    assert "For 21 sources continued" in words
    assert f"Report {documents.STORIES_ON_A_PAGE}" in words
    assert "Report 0 " not in words


def test_a_document_with_many_passages_says_how_many_more(client: Client, article: Article) -> None:
    for _ in range(documents.MOST_CITATIONS + 2):
        cite(article)
    assert "2 more passages, by paragraph" in page(client, article)


@pytest.mark.parametrize("by", ["stance", "paragraph", "publisher"])
def test_it_takes_the_same_queries_whatever_is_in_it(client: Client, article: Article, by: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, article, f"?by={by}")
        return len(asked)

    source = cite(article)
    verdicts.give(source=source, by=make_reader(), verdict="supports")
    few = queries()
    for another in cite_many(article, 40):
        verdicts.give(source=another, by=make_reader(), verdict="partly")
    first, second = Document.objects.order_by("pk")[:2]
    stories.say(document=first, other=second.pk, by=make_reader(), is_same=True)
    assert (few, queries()) == (6, 6)


def test_an_empty_bibliography_says_how_to_begin_it(client: Client, article: Article) -> None:
    make_annotation(article=article)
    words = page(client, article)
    assert "Nobody has put a source beside this text yet." in words
    assert (
        f"{article.get_absolute_url()}whole/?kind=source"
        in client.get(f"{article.get_absolute_url()}sources/").content.decode()
    )


def test_a_closed_article_asks_for_nothing(client: Client, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(status=Article.Status.CLOSED)
    assert "Nobody put a source beside this text." in page(client, article)
    Article.objects.filter(pk=article.pk).update(status=Article.Status.PUBLISHED)
    cite(article)
    Article.objects.filter(pk=article.pk).update(status=Article.Status.CLOSED)
    client.force_login(make_reader())
    words = page(client, article)
    assert "The count" in words
    assert "Say what you found" not in words
    assert "To add a source" not in words


def test_no_article_has_no_bibliography(client: Client) -> None:
    Article.objects.create(slug="draft")
    assert client.get("/articles/nothing/sources/").status_code == 404
    assert client.get("/articles/draft/sources/").status_code == 404


def test_it_is_only_read(client: Client, article: Article) -> None:
    assert client.post(f"{article.get_absolute_url()}sources/").status_code == 405


def test_every_answer_is_asked_for_again(client: Client, article: Article) -> None:
    response = client.get(f"{article.get_absolute_url()}sources/")
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_search_engines_keep_its_first_page_alone(client: Client, article: Article) -> None:
    address = f"{article.get_absolute_url()}sources/"
    first, other = client.get(address).content.decode(), client.get(f"{address}?by=publisher").content.decode()
    assert f'<link rel="canonical" href="http://testserver{address}">' in first
    assert 'content="noindex"' not in first
    assert 'content="noindex"' in other


def test_pages_of_the_article_lead_to_it(client: Client, article: Article) -> None:
    source = cite(article)
    home = article.get_absolute_url()
    for address in (home, f"{home}revisions/", f"/sources/{source.pk}/verdicts/"):
        assert f'href="{home}sources/"' in client.get(address).content.decode()


def test_the_same_story_stands_together_and_counts_once(client: Client, article: Article) -> None:
    first, second = (source.document for source in cite_many(article, 2))
    for _ in range(stories.ENOUGH):
        stories.say(document=first, other=second.pk, by=make_reader(), is_same=True)
    words = page(client, article)
    assert "For 1 source" in words
    assert words.index("Report 0") < words.index("The same story, counted once:") < words.index("Report 1")


def test_a_story_whose_first_document_nobody_cites_any_more_goes_on(client: Client, article: Article) -> None:
    first, second, third = (source.document for source in cite_many(article, 3))
    for other in (second, third):
        for _ in range(stories.ENOUGH):
            stories.say(document=first, other=other.pk, by=make_reader(), is_same=True)
    gone = Annotation.objects.get(sources__document=first)
    annotating.withdraw(annotation=gone, by=gone.creator)
    words = page(client, article)
    assert "Report 0" not in words
    assert "For 1 source" in words

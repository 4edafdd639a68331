"""Publishing: what is written, what is refused, and that nothing is ever written by half."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from reader import publishing
from reader.importing.extraction import from_plain_text
from reader.models import Article, Paragraph, Revision
from reader.publishing import AlreadyPublished, PublishingError, publish
from reader.signals import revision_published
from reader.text.blocks import Block, Document
from reader.text.spans import Span
from tests.factories import make_reader

FIRST_ARTICLE = Path(publishing.__file__).parent / "data" / "first-article.txt"


def make_document(*sentences: str, **fields: Any) -> Document:
    blocks = tuple(Block("paragraph", sentence) for sentence in sentences or ("The toll should go.",))
    document = Document(title="A Toll Bridge", kicker="", byline="", author_note="", blocks=blocks, dropped=())
    return replace(document, **fields)


def nothing_written() -> bool:
    return not (Article.objects.exists() or Revision.objects.exists() or Paragraph.objects.exists())


@pytest.fixture
def announced() -> Iterator[list[tuple[Article, Revision]]]:
    heard: list[tuple[Article, Revision]] = []

    def hear(article: Article, revision: Revision, **_: object) -> None:
        heard.append((article, revision))

    revision_published.connect(hear)
    yield heard
    revision_published.disconnect(hear)


@pytest.mark.django_db
def test_the_first_article_has_nine_numbered_paragraphs() -> None:
    article = publish(from_plain_text(FIRST_ARTICLE.read_text(encoding="utf-8")))
    assert article.current_revision is not None
    names = list(article.current_revision.paragraphs.values_list("name", flat=True))
    assert names == ["f1", *[f"p{number}" for number in range(1, 10)], "n1"]
    assert article.slug == "china-cutting-cooperation-with-the-us-on-illegal-immigration-shows-its"
    assert article.title.startswith("China Cutting Cooperation")


@pytest.mark.django_db
def test_offsets_say_where_each_block_and_sentence_lies() -> None:
    article = publish(from_plain_text(FIRST_ARTICLE.read_text(encoding="utf-8")))
    assert article.current_revision is not None
    quote = article.current_revision.quote
    paragraphs = list(article.current_revision.paragraphs.all())
    assert [quote(paragraph.span) for paragraph in paragraphs] == [paragraph.text for paragraph in paragraphs]
    fifth = next(paragraph for paragraph in paragraphs if paragraph.name == "p5")
    assert [quote(span)[-22:] for span in fifth.sentence_spans] == [
        "s—with little success.",
        "led “removal inventory.”"[-22:],
        "yet that rarely happens."[-22:],
    ]


@pytest.mark.django_db
def test_the_text_is_what_the_html_shows() -> None:
    article = publish(make_document("The <em>cafe\u0301</em>&nbsp; &amp;\tthe<br>bar", "<b> </b>", " 👍🏽 so. "))
    assert article.current_revision is not None
    assert article.current_revision.text == "The café & the bar\n👍🏽 so."
    last = article.current_revision.paragraphs.get(name="p2")
    assert (last.span, last.html, last.sentences) == (Span(19, 25), "👍🏽 so.", [[0, 6]])


@pytest.mark.django_db
def test_what_is_known_of_the_article_is_kept() -> None:
    editor = make_reader()
    document = make_document(title=" A\tToll Bridge", kicker="Opinion", byline="Jane Doe", author_note="One.\nTwo.")
    article = publish(
        document, publisher="The Times", original_url="https://example.org/a", language="en-GB", by=editor
    )
    revision = article.current_revision
    assert revision is not None
    assert (revision.number, revision.title, revision.kicker) == (1, "A Toll Bridge", "Opinion")
    assert (revision.byline, revision.author_note, revision.creator) == ("Jane Doe", "One.\nTwo.", editor)
    assert (article.publisher, article.original_url) == ("The Times", "https://example.org/a")
    assert article.published_at is not None


@pytest.mark.django_db
def test_publication_is_announced_once_it_is_certain(
    announced: list[tuple[Article, Revision]], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article = publish(make_document())
        assert announced == []
    assert announced == [(article, article.current_revision)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "slug"),
    [
        pytest.param("A Toll Bridge: Why?", "a-toll-bridge-why", id="words"),
        pytest.param("Élan & Café", "elan-cafe", id="accents"),
        pytest.param("word " * 30, "-".join(["word"] * 14), id="cut at a word"),
        pytest.param("w" * 90, "w" * 70, id="a word longer than that"),
        pytest.param("桥", "article-c82bfaf3", id="no Latin letters"),
    ],
)
def test_the_address_is_made_from_the_title(title: str, slug: str) -> None:
    assert publish(make_document(title=title)).slug == slug


@pytest.mark.django_db
def test_articles_of_one_title_are_numbered() -> None:
    slugs = [publish(make_document(f"This is text {number}.")).slug for number in range(3)]
    assert slugs == ["a-toll-bridge", "a-toll-bridge-2", "a-toll-bridge-3"]


@pytest.mark.django_db
def test_the_same_text_is_published_once() -> None:
    article = publish(make_document("The <em>toll</em>  should go."))
    with pytest.raises(AlreadyPublished, match="already here, as “A Toll Bridge”") as refusal:
        publish(make_document("The toll should go.", title="Another Title"), slug="another")
    assert refusal.value.article == article
    assert Article.objects.count() == 1


@pytest.mark.django_db
def test_an_address_asked_for_is_given_once() -> None:
    publish(make_document(), slug="bridge")
    with pytest.raises(AlreadyPublished, match="“bridge” belongs to “A Toll Bridge”"):
        publish(make_document("Something else."), slug="bridge")
    assert Revision.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "fields", "message"),
    [
        pytest.param(make_document("<b> </b>", "\u200b"), {}, "no text", id="no text"),
        pytest.param(make_document(title=""), {}, "title: This field cannot be blank", id="no title"),
        pytest.param(make_document(title="t" * 301), {}, "title: .* at most 300", id="a title too long"),
        pytest.param(make_document(byline="b" * 301), {}, "byline: .* at most 300", id="a byline too long"),
        pytest.param(make_document(), {"slug": "a b"}, "slug: Enter a valid", id="a slug with a space"),
        pytest.param(make_document(), {"slug": "s" * 101}, "slug: .* at most 100", id="a slug too long"),
        pytest.param(make_document(), {"publisher": "p" * 201}, "publisher: .* at most 200", id="a long publisher"),
        pytest.param(make_document(), {"original_url": "ftp://example.org/"}, "http://", id="an address of files"),
        pytest.param(make_document(), {"original_url": "javascript:alert(1)"}, "http://", id="an address that runs"),
        pytest.param(make_document(), {"original_url": "http://[bad"}, "http://", id="half an address"),
        pytest.param(make_document(), {"language": "English, please"}, "a tag such as", id="no language tag"),
    ],
)
def test_what_does_not_fit_is_refused_whole(document: Document, fields: dict[str, str], message: str) -> None:
    with pytest.raises(PublishingError, match=message):
        publish(document, **fields)  # type: ignore[arg-type]
    assert nothing_written()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_second_is_refused() -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def run(slug: str) -> None:
        try:
            start.wait(timeout=10)
            publish(make_document(*[f"This is sentence {number}." for number in range(200)]), slug=slug)
            outcomes.append("published")
        except AlreadyPublished:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(slug,)) for slug in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["published", "refused"]
    assert (Article.objects.count(), Paragraph.objects.count()) == (1, 200)


@pytest.mark.django_db
def test_a_long_article_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    document = make_document(*[f"This is sentence {number}." for number in range(1500)])
    # SQLite takes about sixty rows in one.
    with django_assert_max_num_queries(40):
        publish(document)
    assert Paragraph.objects.count() == 1500

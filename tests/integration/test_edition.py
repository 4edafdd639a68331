"""The edition: numbers that match their notes, a bibliography that names everything once, and nothing unpublished."""

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import annotating, edition, moderating, seeding
from annotations.models import Annotation
from reader import publishing
from reader.models import Article
from reader.text.blocks import Block
from tests.factories import (
    make_annotation,
    make_article,
    make_document,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."


@pytest.fixture
def article() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def read(article: Article, client: Client | None = None, **headers: str) -> Any:
    """Ask for the edition as a stranger does, or as who the client is."""
    return (client or Client()).get(f"{article.get_absolute_url()}edition/", headers=headers)


def page(article: Article) -> str:
    response = read(article)
    assert response.status_code == 200
    return str(response.content, "utf-8")


def words(html: str) -> str:
    """Give what is read: without tags, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def block(html: str, name: str) -> str:
    """Give a block of the text with the numbers in it, as [1]."""
    found = re.search(rf'<div class="leaf [^>]*id="{name}".*?data-start="\d+">(.*?)</p>', html, re.DOTALL)
    assert found
    return words(re.sub(r'<sup class="ref".*?>(\d[^<]*)</a></sup>', r"[\1]", found[1]))


def notes(html: str) -> dict[int, str]:
    """Give the notes by their numbers."""
    found = re.findall(
        r'<li class="endnote[^>]*id="note-(\d+)">(.*?)(?=<li class="endnote|</section>)', html, re.DOTALL
    )
    return {int(number): words(note) for number, note in found}


def works(html: str) -> list[str]:
    return [words(work) for work in re.findall(r'<li class="work".*?</li>', html, re.DOTALL)]


# The numbers and their notes


def test_numbers_stand_where_the_words_end_and_lead_to_their_notes(article: Article) -> None:
    make_annotation(article=article, exact="39,000 cars", body="So many?")
    make_annotation(article=article, exact="public money", body="Whose money?")
    html = page(article)
    assert block(html, "p1") == "The bridge was built in 1990 with public money[1]."
    assert block(html, "p2") == "It carries 39,000 cars[2] a day, they say."
    assert "Whose money?" in notes(html)[1]
    assert "So many?" in notes(html)[2]


def test_every_number_has_a_note_and_every_note_leads_back() -> None:
    article = make_load(60)
    html = page(article)
    links = re.findall(r'href="#((?:ref|note|work)-\d+)"', html)
    ids = re.findall(r'id="((?:ref|note|work)-\d+)"', html)
    assert links
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))


def test_notes_on_words_that_end_together_share_a_mark(article: Article) -> None:
    for exact in ("public money", "built in 1990 with public money", "money"):
        make_annotation(article=article, exact=exact, body=f"On {exact}.")
    html = page(article)
    assert block(html, "p1") == "The bridge was built in 1990 with public money[1–3]."
    assert html.count('href="#ref-1"') == 3
    said = [note.partition("On ")[2] for note in notes(html).values()]
    assert said == ["built in 1990 with public money.", "public money.", "money."]


def test_the_number_of_words_across_paragraphs_stands_in_the_last(article: Article) -> None:
    make_annotation(article=article, exact="public money.\nIt carries 39,000 cars", body="One after the other.")
    html = page(article)
    assert block(html, "p2") == "It carries 39,000 cars[1] a day, they say."
    assert "public money. It carries 39,000 cars" in notes(html)[1]


def test_the_number_of_a_whole_paragraph_stands_at_its_end_after_those_of_words(article: Article) -> None:
    make_annotation(article=article, body="All of it.")
    make_annotation(article=article, exact="money.", body="The last word.")
    html = page(article)
    assert block(html, "p1") == f"{FIRST}[1–2]"
    assert "The last word." in notes(html)[1]
    assert "The whole paragraph." in notes(html)[2]


def test_what_is_about_the_whole_article_has_a_number_and_no_mark(article: Article) -> None:
    target = annotating.Target(revision_number=1)
    token = uuid.uuid4()
    annotating.attach(article=article, creator=make_reader(), kind="note", target=target, body="Good.", token=token)
    make_annotation(article=article, exact="traffic", body="Last in the text.")
    html = page(article)
    assert "Good." in notes(html)[2]
    assert 'id="ref-2"' not in html
    assert html.index("The article as a whole") < html.index("Good.")


def test_words_that_are_gone_come_last_with_what_became_of_them(article: Article) -> None:
    make_annotation(article=article, exact="39,000 cars", body="So many?")
    make_annotation(article=article, exact="traffic", body="What traffic?")
    make_revision(article, FIRST, THIRD)
    html = page(article)
    assert "What traffic?" in notes(html)[1]
    assert html.index("Words that are gone") < html.index("So many?")
    assert "39,000 cars" in notes(html)[2]
    assert "Removed in revision 2 from paragraph 2." in notes(html)[2]


def test_edited_words_are_quoted_as_they_were_written_about(article: Article) -> None:
    make_annotation(article=article, exact="39,000 cars", body="So many?")
    make_revision(article, FIRST, SECOND.replace("39,000", "40,000"), THIRD)
    html = page(article)
    assert block(html, "p2") == "It carries 40,000 cars[1] a day, they say."
    assert "39,000 cars" in notes(html)[1]
    assert "Revision 2 edited these words since." in notes(html)[1]


def test_a_note_says_all_that_its_writer_said(article: Article) -> None:
    make_annotation(
        article=article,
        creator=make_reader(username="anna"),
        exact="39,000 cars",
        kind="disagreement",
        grounds="number",
        body="It was *half*.",
        would_change_my_mind="A count.",
        sources=[make_source(stance="contradicts", locator="page 9", excerpt="Some 20,000 cars.")],
    )
    note = notes(page(article))[1]
    for said in ("Disagrees: number", "anna", "It was half.", "Would change my mind: A count."):
        assert said in note
    assert "Contradicts: The count, page 9 [1] Some 20,000 cars." in note


def test_answers_stand_under_their_note_each_after_what_it_answers(article: Article) -> None:
    head = make_annotation(article=article, exact="traffic", body="What traffic?")
    first = make_reply(parent=head, body="The first answer.")
    make_reply(parent=head, body="The second answer.")
    make_reply(parent=first, body="To the first.")
    note = notes(page(article))[1]
    said = ("What traffic?", "The first answer.", "To the first.", "The second answer.")
    assert sorted(said, key=note.index) == list(said)


def test_the_text_s_own_footnotes_keep_their_numbers_and_are_told_from_notes() -> None:
    cited = Block("paragraph", 'It is old.<sup><a href="#cite">1</a></sup>')
    article = publishing.publish(make_document(cited, Block("footnote", "See the yearbook.", key="cite", marker="1")))
    make_annotation(article=article, exact="old", body="How old?")
    make_annotation(article=article, exact="the yearbook", body="Of what?")
    html = page(article)
    assert block(html, "p1") == "It is old[1].1"
    assert block(html, "n1") == "See the yearbook[2]."
    assert 'class="edition has-footnotes"' in html
    assert ">Footnote 1</a>" in html


def test_an_article_that_nobody_wrote_about_has_no_notes() -> None:
    html = page(make_article())
    assert "Bibliography" not in html
    assert "endnotes-heading" not in html
    assert "None, as of" in words(html)


# The bibliography


def test_the_bibliography_has_each_document_once_with_what_rests_on_it(article: Article) -> None:
    def cite(exact: str, url: str, stance: str, **source: Any) -> None:
        make_annotation(
            article=article, exact=exact, kind="source", sources=[make_source(url=url, stance=stance, **source)]
        )

    cite("public money", "https://example.org/budget", "supports", publisher="County Office", title="The budget")
    cite("39,000 cars", "https://example.org/budget?utm_source=letter#page=2", "contradicts", title="Budget")
    cite("traffic", "https://EXAMPLE.org/budget", "supports", published_on=date(1990, 5, 3))
    assert works(page(article)) == [
        "[1] County Office. The budget. 3 May 1990. https://example.org/budget supports 2 · contradicts 1 · notes 1–3"
    ]


def test_the_bibliography_is_in_the_order_of_publishers_and_titles(article: Article) -> None:
    for title, publisher in (("Zebra", "an office"), ("Bridges", ""), ("Apes", "An office"), ("Ants", "The Courier")):
        address = f"https://example.org/{title}"
        make_annotation(
            article=article, kind="source", sources=[make_source(url=address, title=title, publisher=publisher)]
        )
    found = [re.search("Zebra|Bridges|Apes|Ants", work) for work in works(page(article))]
    assert [title and title[0] for title in found] == ["Apes", "Zebra", "Bridges", "Ants"]


# What is in it and what is not


def test_what_is_withdrawn_or_hidden_is_not_in_it(article: Article) -> None:
    source = make_source(title="A false count")
    withdrawn = make_annotation(article=article, kind="source", body="On second thoughts.", sources=[source])
    hidden = make_annotation(article=article, exact="traffic", body="Fools.")
    annotating.withdraw(annotation=withdrawn, by=withdrawn.creator)
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="An insult.")
    html = page(article)
    assert not notes(html)
    assert not works(html)
    assert not re.search("On second thoughts|Fools|An insult|A false count", html)


@pytest.mark.parametrize(
    ("act", "stub"), [("withdraw", "Withdrawn by its writer."), ("hide", "Hidden by a moderator: personal attack.")]
)
def test_what_was_answered_leaves_a_stub_without_its_words(article: Article, act: str, stub: str) -> None:
    writer = make_reader(username="eleonora")
    head = make_annotation(
        article=article,
        creator=writer,
        exact="traffic",
        body="Fools.",
        kind="disagreement",
        would_change_my_mind="No.",
        sources=[make_source(title="A false count")],
    )
    answer = make_reply(parent=head, creator=writer, body="All fools.")
    make_reply(parent=answer, body="Please be kind.")
    for annotation in (head, answer):
        if act == "hide":
            moderating.hide(
                annotation=annotation,
                by=make_moderator(username=f"w{annotation.pk}"),
                rule="attack",
                reason="An insult.",
            )
        else:
            annotating.withdraw(annotation=annotation, by=writer)
    html = page(article)
    assert notes(html)[1].count(stub) == 2
    assert "Please be kind." in notes(html)[1]
    assert not works(html)
    assert not re.search("[Ff]ools|eleonora|An insult|Would change|A false count", html)


def test_an_answer_that_was_withdrawn_and_not_answered_leaves_nothing(article: Article) -> None:
    head = make_annotation(article=article, exact="traffic")
    answer = make_reply(parent=head, body="Never mind.")
    annotating.withdraw(annotation=answer, by=answer.creator)
    assert not re.search("Never mind|Withdrawn", page(article))


def test_of_very_many_the_newest_of_each_place_are_printed_and_the_rest_is_said() -> None:
    article = make_load(1_600)
    html = page(article)
    standing = Annotation.objects.published().filter(root=None)
    printed = len(notes(html))
    unprinted = sum(int(number) for number in re.findall(r">(\d+) older annotation", html))
    assert edition.MOST_NOTES * 0.9 < printed <= edition.MOST_NOTES
    assert f"{printed:,} of {printed + unprinted:,} annotations" in words(html)
    assert printed + unprinted >= standing.count()
    assert f"/annotations/{standing.latest('pk').pk}/" in html


def test_of_very_many_answers_the_oldest_are_printed_and_the_rest_is_said(article: Article) -> None:
    head = make_annotation(article=article, exact="traffic")
    most = edition.MOST_ANSWERS
    writer = make_reader()
    Annotation.objects.bulk_create(
        Annotation(
            article=article, revision=head.revision, creator=writer, kind="reply", sign="reply", target="annotation",
            parent=head, root=head, body="x", body_html=f"<p>Answer {number}.</p>", token=uuid.uuid4(),
        )
        for number in range(most + 3)
    )  # fmt: skip
    note = notes(page(article))[1]
    assert f"Answer {most - 1}." in note
    assert f"Answer {most}." not in note
    assert "3 later answers are not printed." in note


# The page


def make_load(annotations: int) -> Article:
    size = seeding.Size(articles=1, paragraphs=4, annotations=annotations, readers=5)
    return seeding.fill(size, seed=annotations)[0]


@pytest.mark.parametrize("number", [10, 100, 600])
def test_it_costs_seven_queries_whatever_the_number_of_annotations(number: int) -> None:
    article = make_load(number)
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as drawn:
        read(article)
    with CaptureQueriesContext(connection) as kept:
        read(article)
    assert (len(drawn), len(kept)) == (7, 1)


def test_an_edition_that_the_browser_has_costs_no_bytes_until_something_changes(article: Article) -> None:
    annotation = make_annotation(article=article)
    etag = read(article).headers["ETag"]
    again = read(article, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    assert read(article, if_none_match=etag).status_code == 200


def test_the_edition_and_the_reading_page_are_not_taken_for_each_other(article: Article) -> None:
    reading = Client().get(article.get_absolute_url())
    assert read(article, if_none_match=reading.headers["ETag"]).status_code == 200
    assert read(article).content != reading.content


def test_nothing_of_a_signed_in_reader_reaches_a_stranger(article: Article, client: Client) -> None:
    client.force_login(make_reader(username="eleonora"))
    own = read(article, client)
    assert "eleonora" in str(own.content, "utf-8")
    assert "private" in own.headers["Cache-Control"]
    assert "eleonora" not in page(article)


def test_it_says_what_it_is_an_edition_of(client: Client) -> None:
    article = publishing.publish(
        make_document(FIRST, title="What it cost", byline="Nobody in Particular"),
        publisher="No Publisher",
        original_url="https://example.org/cost",
        published_on=date(1999, 5, 3),
    )
    head = words(page(article).partition("</header>")[2].partition("</header>")[0])
    for fact in ("What it cost", "Nobody in Particular", "No Publisher, 3 May 1999", "https://example.org/cost"):
        assert fact in head
    assert f"http://testserver{article.get_absolute_url()}" in head
    assert f"as of {timezone.localdate():%-d %B %Y}" in head
    assert "Revision 1 of" in head


def test_search_engines_are_led_to_the_reading_page(article: Article) -> None:
    html = page(article)
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in html
    assert '<meta name="robots" content="noindex">' in html


def test_the_reading_page_leads_to_it(article: Article) -> None:
    address = f"{article.get_absolute_url()}edition/"
    assert f'href="http://testserver{address}"' in Client().get(article.get_absolute_url()).content.decode()


def test_a_draft_has_no_edition() -> None:
    assert read(Article.objects.create(slug="unpublished")).status_code == 404


def test_it_cannot_be_posted_to(article: Article) -> None:
    assert Client().post(f"{article.get_absolute_url()}edition/").status_code == 405

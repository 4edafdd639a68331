"""The history of an article: every state stays readable, and any two can be compared."""

import re
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from reader import history, publishing
from reader.models import Article, Paragraph, Revision
from reader.text.blocks import Block
from tests.factories import make_annotation, make_document, make_editor, make_reader, make_revision

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
FOURTH = "The toll should go, and soon."


def make_bridge() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def make_revised(*, note: str = "The number was wrong.") -> Article:
    article = make_bridge()
    make_revision(article, FIRST, SECOND.replace("39,000", "41,000"), THIRD, note=note, by=make_editor())
    return article


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def words(page: str) -> str:
    """Give what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", "", page.partition("<main")[2]).split())


def compared(article: Article, one: int = 1, other: int = 2) -> list[tuple[str, str]]:
    """Give what is told of each part of a comparison, and its words: [gone] and {new}."""
    revisions = {revision.number: revision for revision in article.revisions.all()}
    shapes = {"same": "{}", "gone": "[{}]", "new": "{{{}}}"}
    return [
        (part.sentence, "".join(shapes[piece.kind].format(piece.text) for piece in part.pieces))
        if isinstance(part, history.BlockChange)
        else (f"{len(part.blocks)} unchanged", "")
        for part in history.compare(article, revisions[one], revisions[other]).parts
    ]


def test_the_history_shows_each_revision_newest_first_with_what_it_did(client: Client) -> None:
    article = make_revised()
    page = words(read(client, reverse("revisions", args=[article.slug])))
    assert page.index("Revision 2") < page.index("Revision 1")
    for told in (
        "the current text",
        "editor",
        "The number was wrong.",
        "In the text p2 changed.",
        "First published here.",
    ):
        assert told in page


def test_a_revision_of_the_head_matter_alone_says_so(client: Client) -> None:
    article = make_bridge()
    publishing.revise(article, make_document(FIRST, SECOND, THIRD, title="A Longer Title", byline="Ada Miller"))
    page = words(read(client, reverse("revisions", args=[article.slug])))
    assert "Title changed, byline changed." in page


def test_the_history_costs_the_same_whatever_the_number_of_revisions(client: Client) -> None:
    counts = []
    article = make_bridge()
    for number in range(2, 6):
        make_revision(article, FIRST, f"It carries {number} cars a day.", by=make_editor(username=f"editor{number}"))
        with CaptureQueriesContext(connection) as queries:
            read(client, reverse("revisions", args=[article.slug]))
        counts.append(len(queries))
    assert counts[0] == counts[-1]


def test_any_two_revisions_are_compared_by_the_form_of_the_history(client: Client) -> None:
    article = make_revised()
    response = client.get(reverse("revisions", args=[article.slug]), {"one": "1", "other": "2"}, follow=True)
    assert response.redirect_chain[-1][0].endswith("/revisions/1..2/")


@pytest.mark.parametrize("number", ["9" * 1000, "two", "²", ""], ids=["a thousand figures", "a word", "raised", "none"])
def test_the_form_of_the_history_takes_only_numbers_of_revisions(client: Client, number: str) -> None:
    response = client.get(f"{make_revised().get_absolute_url()}revisions/", {"one": number, "other": "2"})
    assert response.status_code == 200


def test_an_old_revision_shows_its_own_words_and_the_annotations_as_they_stood(client: Client) -> None:
    article = make_bridge()
    note = make_annotation(article=article, exact="39,000 cars", body="Counted twice.")
    make_revision(article, FIRST, THIRD)
    page = read(client, reverse("revision", args=[article.slug, 1]))
    assert f'data-ids="{note.pk}">39,000 cars</mark>' in page
    assert f'href="{note.get_absolute_url()}"' in page


def test_an_old_revision_says_when_it_stood_and_leads_to_the_current_text(client: Client) -> None:
    article = make_revised()
    first, second = article.revisions.order_by("number")
    page = read(client, first.get_absolute_url())
    days = [date_format(revision.created_at, "j F Y") for revision in (first, second)]
    assert f"Revision 1 of 2, from {days[0]} to {days[1]}." in words(page)
    assert '<meta name="robots" content="noindex">' in page


def test_nothing_can_be_added_to_an_old_revision(client: Client) -> None:
    article = make_revised()
    client.force_login(make_reader())
    main = read(client, reverse("revision", args=[article.slug, 1])).partition("<main")[2]
    assert 'class="rows"' in main
    assert "respond" not in main.lower()
    assert "<form" not in main


@pytest.mark.parametrize("numbers", ["1..2", "2..1"])
def test_two_revisions_are_compared_by_words_in_whatever_order_they_are_named(client: Client, numbers: str) -> None:
    article = make_revised()
    page = read(client, f"{article.get_absolute_url()}revisions/{numbers}/")
    assert "carries <del>39,000</del><ins>41,000</ins> cars" in page
    assert "From revision 1 to 2" in page


def test_a_revision_compared_with_itself_has_nothing_to_show(client: Client) -> None:
    page = words(read(client, f"{make_revised().get_absolute_url()}revisions/2..2/"))
    assert "There is nothing to compare." in page


@pytest.mark.parametrize("place", ["revisions/7/", "revisions/0/", "revisions/1..7/", "revisions/7..1/"])
def test_a_revision_that_never_was_is_not_found(client: Client, place: str) -> None:
    assert client.get(f"{make_revised().get_absolute_url()}{place}").status_code == 404


@pytest.mark.parametrize("place", ["revisions/", "revisions/1/", "revisions/1..1/"])
def test_the_history_of_a_draft_is_not_found(client: Client, place: str) -> None:
    article = publishing.open_article(make_document(FIRST))
    assert client.get(f"{article.get_absolute_url()}{place}").status_code == 404


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        pytest.param(
            (FIRST, SECOND, FOURTH, THIRD),
            [("2 unchanged", ""), ("Paragraph 4 is new", f"{{{FOURTH}}}"), ("1 unchanged", "")],
            id="a new paragraph",
        ),
        pytest.param(
            (FIRST, THIRD),
            [("1 unchanged", ""), ("Paragraph 2 taken out", f"[{SECOND}]"), ("1 unchanged", "")],
            id="one taken out",
        ),
        pytest.param(
            (THIRD, FIRST, SECOND),
            [("Paragraph 3 moved, with the same words", THIRD), ("2 unchanged", "")],
            id="one moved",
        ),
        pytest.param(
            (f"{FIRST} {SECOND}", THIRD),
            [
                ("Paragraph 1 and paragraph 2 joined into paragraph 1", f"{FIRST}[¶\n]{{ }}{SECOND}"),
                ("1 unchanged", ""),
            ],
            id="two joined",
        ),
        pytest.param(
            ("The bridge was built in 1990", "with public money.", SECOND, THIRD),
            [
                (
                    "Paragraph 1 split into paragraph 1 and paragraph 4",
                    "The bridge was built in 1990[ ]{¶\n}with public money.",
                ),
                ("2 unchanged", ""),
            ],
            id="one split",
        ),
        pytest.param(
            (f"<em>{FIRST}</em>", SECOND, THIRD),
            [("Paragraph 1: the same words in another form", FIRST), ("2 unchanged", "")],
            id="other markup",
        ),
    ],
)
def test_a_comparison_says_what_happened_to_each_block(texts: tuple[str, ...], told: list[tuple[str, str]]) -> None:
    article = make_bridge()
    make_revision(article, *texts)
    assert compared(article) == told


def test_splits_are_followed_through_the_revisions_between() -> None:
    long = "It carries thirty-nine thousand cars in both directions, as the ministry of roads has printed twice,"
    parts = (long, "most of them on working days and in the morning,", "and nobody has counted lorries.")
    article = publishing.publish(make_document(FIRST, " ".join(parts)))
    make_revision(article, FIRST, parts[0], f"{parts[1]} {parts[2]}")
    make_revision(article, FIRST, *parts)
    assert [sentence for sentence, _ in compared(article, 1, 3)] == [
        "1 unchanged",
        "Paragraph 2 split into paragraph 2, paragraph 3 and paragraph 4",
    ]


def test_joins_are_followed_through_the_revisions_between() -> None:
    article = make_bridge()
    make_revision(article, f"{FIRST} {SECOND}", THIRD)
    make_revision(article, f"{FIRST} {SECOND} {THIRD}")
    assert "Paragraph 1, paragraph 2 and paragraph 3 joined into paragraph 1" in dict(compared(article, 1, 3))


@pytest.mark.parametrize(
    "texts",
    [
        (SECOND, f"{THIRD} {FIRST}", FOURTH),
        (FOURTH, THIRD),
        ("The bridge was built", f"in 1990 with public money. {SECOND}", THIRD),
    ],
)
def test_a_comparison_loses_no_block_of_either_state(texts: tuple[str, ...]) -> None:
    article = make_bridge()
    make_revision(article, FOURTH, FIRST, SECOND, THIRD)
    make_revision(article, *texts)
    first, last = article.revisions.get(number=1), article.revisions.get(number=3)
    parts = history.compare(article, first, last).parts
    assert sorted(told(parts, "before")) == sorted(names(first))
    assert sorted(told(parts, "after")) == sorted(names(last))


def told(parts: Sequence[history.BlockChange | history.Unchanged], side: str) -> list[str]:
    """Give the names of all blocks of one side that a comparison tells of."""
    return [
        block.name
        for part in parts
        for block in (part.blocks if isinstance(part, history.Unchanged) else getattr(part, side))
    ]


def names(revision: Revision) -> list[str]:
    return list(revision.paragraphs.values_list("name", flat=True))


def test_unchanged_paragraphs_are_folded_and_those_of_a_long_text_are_a_link(client: Client) -> None:
    long = [f"Paragraph number {number} of many. " + "It goes on for some time. " * 30 for number in range(60)]
    article = publishing.publish(make_document(FIRST, SECOND, *long))
    make_revision(article, FIRST, f"{SECOND} Or so.", *long)
    page = read(client, f"{article.get_absolute_url()}revisions/1..2/")
    assert "<summary>1 paragraph unchanged</summary>" in page
    assert "60 paragraphs unchanged</a>" in page
    assert "It goes on" not in page


def test_readers_are_told_of_corrections_under_the_byline(client: Client) -> None:
    article = make_bridge()
    assert "since publication" not in read(client, article.get_absolute_url())
    make_revision(article, FIRST, SECOND)
    assert "1 correction since publication" in words(read(client, article.get_absolute_url()))
    make_revision(article, FIRST)
    page = read(client, article.get_absolute_url())
    assert "2 corrections since publication" in words(page)
    assert f'href="{reverse("revisions", args=[article.slug])}"' in page


def test_the_byline_says_when_the_text_was_first_published(client: Client) -> None:
    article = make_bridge()
    Article.objects.filter(pk=article.pk).update(published_on="2022-08-12")
    assert "First published 12 August 2022" in words(read(client, article.get_absolute_url()))


def test_the_head_says_since_when_the_text_is_here(client: Client) -> None:
    article = make_revised()
    Article.objects.filter(pk=article.pk).update(published_at="2026-05-03T12:00:00Z")
    assert "Here since 3 May 2026" in words(read(client, article.get_absolute_url()))


def test_a_block_of_code_keeps_its_lines_in_a_comparison() -> None:
    article = publishing.publish(make_document(FIRST, Block("code", "one\ntwo")))
    make_revision(article, FIRST, Block("code", "one\n  two"))
    assert compared(article)[-1][1] == "one[\n]{\n  }two"
    assert Paragraph.objects.filter(kind="code").count() == 2


def test_what_a_revision_did_is_not_read_again_with_every_paragraph(client: Client) -> None:
    article = make_revised()
    with CaptureQueriesContext(connection) as queries:
        read(client, article.get_absolute_url())
    assert not [query for query in queries.captured_queries if '"changes"' in query["sql"]]

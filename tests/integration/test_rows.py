"""What stands round the text on the reading page: footnotes beside it, its contents, and the way to say something."""

import re

import pytest
from django.test import Client

from annotations import margin
from reader import publishing
from reader.models import Article
from reader.text.blocks import Block
from tests.factories import make_annotation, make_article, make_document, make_reader

pytestmark = pytest.mark.django_db

CITING = Block("paragraph", 'The bridge is old, and nobody has counted the cars.<sup><a href="#cite">1</a></sup>')
NOTE = Block("footnote", 'See the <cite>yearbook</cite> at <a href="https://example.org/">its place</a>.', key="cite")
HEADINGS = tuple(Block("heading", f"Part {number}", level=2 + number % 2) for number in range(3))


def make_blocks(*blocks: Block, language: str = "en") -> Article:
    return publishing.publish(make_document(*blocks), language=language)


def read(client: Client, article: Article) -> str:
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def row_of(page: str, name: str) -> str:
    return page.partition(f'id="{name}"')[2].partition('<div class="row ')[0]


# Footnotes


def test_a_footnote_stands_beside_the_paragraph_that_cites_it_and_at_the_end(client: Client) -> None:
    page = read(client, make_blocks(CITING, NOTE))
    copy = re.search(r'<aside class="sidenote".*?</aside>', row_of(page, "p1"), re.DOTALL)
    assert copy
    assert "<cite>yearbook</cite>" in copy[0]
    assert 'href="#n1"' in copy[0]
    assert "<cite>yearbook</cite>" in row_of(page, "n1")


def test_a_copy_is_not_heard_nor_reached_by_keys_and_has_no_name_of_its_own(client: Client) -> None:
    page = read(client, make_blocks(CITING, NOTE, language="fr"))
    (copy,) = re.findall(r"<aside class=\"sidenote\".*?</aside>", page, re.DOTALL)
    assert 'aria-hidden="true"' in copy
    assert copy.count("<a ") == copy.count('tabindex="-1"') == 2
    assert " id=" not in copy
    assert 'class="text' not in copy
    assert 'lang="fr" dir="ltr"' in copy


def test_what_readers_say_of_a_footnote_stays_beside_the_footnote(client: Client) -> None:
    article = make_blocks(CITING, NOTE)
    make_annotation(article=article, exact="yearbook", body="Which one?")
    page = read(client, article)
    assert "Which one?" not in row_of(page, "p1")
    assert "<mark" not in row_of(page, "p1")
    assert "Which one?" in row_of(page, "n1")


# Room


@pytest.mark.parametrize("words", [20, 60, 200])
def test_a_margin_with_two_hundred_annotations_is_not_taller_than_its_paragraph(words: int) -> None:
    article, creator = make_blocks(Block("paragraph", "word " * words)), make_reader()
    for number in range(200):
        kind = ("note", "question")[number % 2]
        make_annotation(article=article, creator=creator, body=f"Remark {number}.", kind=kind)
    (row,) = margin.read(article).rows
    lines = words * 5 / 62 + 1
    assert len(row.margin.entries) <= max(2, lines / 1.6)
    assert row.margin.total == 200


def test_an_entry_beside_a_footnote_makes_room_for_it() -> None:
    article = make_blocks(CITING, NOTE)
    for _ in range(3):
        make_annotation(article=article, exact="The bridge is old")
    row = margin.read(article).row("p1")
    assert (len(row.margin.entries), row.margin.more) == (1, 2)


# Contents


def test_a_text_of_three_headings_has_a_list_of_contents_of_real_links(client: Client) -> None:
    page = read(client, make_blocks(CITING, *HEADINGS))
    assert re.findall(r'<li(?: class="deeper")?><a href="#(h\d)">(Part \d)</a>', page) == 2 * [
        ("h1", "Part 0"),
        ("h2", "Part 1"),
        ("h3", "Part 2"),
    ]


def test_a_text_of_two_headings_has_none(client: Client) -> None:
    assert "contents" not in read(client, make_blocks(CITING, *HEADINGS[:2]))


# The way to say something


def test_where_nothing_is_said_the_way_to_say_something_follows_the_last_word(client: Client) -> None:
    article = make_article()
    make_annotation(article=article, exact="39,000 cars")
    page = read(client, article)
    for name, place in (("p1", "main"), ("p2", "margin")):
        main, _, beside = row_of(page, name).partition('<div class="margin"')
        found = {"main": main, "margin": beside}
        assert f'aria-label="Respond to paragraph {name[1:]}"' in found.pop(place)
        assert "Respond" not in found.popitem()[1]


def test_a_text_that_nobody_has_written_about_says_how_to_begin(client: Client) -> None:
    article = make_article()
    assert "To begin" in read(client, article)
    make_annotation(article=article)
    assert "To begin" not in read(client, article)


def test_the_map_of_an_arabic_text_begins_at_the_right() -> None:
    article = make_article(language="ar")
    first, *_, last = margin.read(article).columns
    assert first.x > last.x
    columns, _ = margin.read_maps([article])[article.pk]
    assert columns[0].x == first.x

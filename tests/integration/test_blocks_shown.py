"""Every kind of block on the reading page: its own element, and its text untouched for offsets to count."""

import re
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from reader import publishing
from reader.models import Article, Picture
from reader.text.blocks import Block
from tests.factories import make_annotation, make_article, make_document, make_reader

pytestmark = pytest.mark.django_db

FIRST = Block("paragraph", 'The bridge is old.<sup><a href="#cite">1</a></sup>')
NOTE = Block("footnote", "See the <cite>yearbook</cite>.", key="cite", marker="1")
TABLE = Block("table", "<tr><th>Year </th><th>Cars </th></tr><tr><td>1990 </td><td>39,000</td></tr>")
CODE = Block("code", "def toll(cars):\n    return 2 &lt; cars")


def make_picture() -> Picture:
    file = ContentFile(b"not looked at here", name="bridge.webp")
    return Picture.objects.create(hash="a" * 64, file=file, width=1200, height=700, size=18)


def make_blocks(*blocks: Block, **fields: Any) -> Article:
    return publishing.publish(make_document(*blocks), **fields)


def read(client: Client, article: Article, place: str = "") -> str:
    response = client.get(f"{article.get_absolute_url()}{place}")
    assert response.status_code == 200
    return response.content.decode()


class _Texts(HTMLParser):
    """The text nodes within each element of class "text", by the offset it claims."""

    VOID = ("br", "img", "link", "meta", "input", "rect", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[int, str] = {}
        self._start = -1
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if self._depth:
            self._depth += tag not in self.VOID
        elif "text" in (told.get("class") or "").split() and "data-start" in told:
            self._start, self._depth = int(told["data-start"] or -1), 1
            self.texts[self._start] = ""

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= tag not in self.VOID

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[self._start] += data


def test_the_text_of_each_block_is_on_the_page_to_the_letter_and_nothing_else(client: Client) -> None:
    make_picture()
    article = make_blocks(
        FIRST,
        Block("heading", "What it <em>cost</em>", level=3),
        Block("quote", "It is safe &amp; sound."),
        Block("list item", "One", marker="1."),
        Block("list item", "Two", level=9),
        Block("figure", "The bridge. <cite>A drawing</cite>", image="a" * 64, alt="A bridge"),
        TABLE,
        CODE,
        NOTE,
        Block("note", "Views are the author's."),
    )
    make_annotation(article=article, exact="1990 39,000")
    page = _Texts()
    page.feed(read(client, article))
    assert article.current_revision
    assert page.texts == {block.start: block.text for block in article.current_revision.paragraphs.all()}


@pytest.mark.parametrize(("level", "tag"), [(0, "h2"), (2, "h2"), (3, "h3"), (4, "h4")])
def test_a_heading_has_the_rank_it_was_given(client: Client, level: int, tag: str) -> None:
    article = make_blocks(FIRST, Block("heading", "What it cost", level=level))
    assert re.search(rf'<{tag} class="text"[^>]*>What it cost</{tag}>', read(client, article))


def test_items_side_by_side_are_one_list_with_their_markers_outside_the_text(client: Client) -> None:
    items = [
        Block("list item", "One", marker="1."),
        Block("list item", "Two", marker="2."),
        Block("list item", "Three"),
    ]
    page = read(client, make_blocks(*items[:2], FIRST, items[2]))
    assert page.count('role="list"') == 2
    assert page.count('role="listitem"') == 3
    assert '<span class="marker">2.</span><p class="text"' in page
    assert '<span class="marker bullet" aria-hidden="true">•</span><p class="text"' in page


def test_an_item_within_an_item_says_how_deep_it_stands(client: Client) -> None:
    page = read(client, make_blocks(Block("list item", "One"), Block("list item", "Two", level=1)))
    assert "level-1" in page
    assert 'aria-label="Paragraph 2, level 2"' in page


def test_a_picture_without_words_is_not_written_about(client: Client) -> None:
    article = make_blocks(FIRST, Block("figure", "", image=make_picture().pk, alt="A bridge"))
    address = f"{article.get_absolute_url()}f1/"
    client.force_login(make_reader())
    sent = {"kind": "note", "place": "paragraph", "revision": 1, "body": "Which bridge?", "token": uuid4()}
    answer = client.post(f"{address}annotations/", sent)
    assert answer.status_code == 422
    assert "A picture alone has no words." in answer.content.decode()
    assert "Which bridge?" in answer.content.decode()
    assert f'class="respond" href="{address}"' not in read(client, article)
    assert 'id="respond"' not in read(client, article, "f1/")


def test_a_picture_is_shown_with_its_size_and_words_before_it_is_loaded(client: Client) -> None:
    picture = make_picture()
    page = read(client, make_blocks(FIRST, Block("figure", "The bridge.", image=picture.pk, alt='A "long" bridge')))
    address = reverse("picture", args=[picture.pk])
    assert f'<img src="{address}" width="1200" height="700" alt="A &quot;long&quot; bridge" loading="lazy"' in page
    assert re.search(r'<figcaption class="text caption" data-start="\d+">The bridge.</figcaption>', page)


@pytest.mark.parametrize(("block", "label"), [(TABLE, "Table, paragraph 2"), (CODE, "Code, paragraph 2")])
def test_what_may_be_wider_than_the_column_scrolls_in_a_region_the_keyboard_reaches(
    client: Client, block: Block, label: str
) -> None:
    page = read(client, make_blocks(FIRST, block))
    assert f'role="region" tabindex="0" aria-label="{label}"' in page


def test_a_footnote_leads_back_to_each_paragraph_that_cites_it(client: Client) -> None:
    page = read(client, make_blocks(FIRST, NOTE, Block("quote", 'Old.<sup><a href="#cite">1</a></sup>')))
    row = page.partition('id="n1"')[2].partition('class="margin"')[0]
    assert re.findall(r'class="back" href="#(\w+)"', row) == ["p1", "p2"]
    assert '<a href="#n1">1</a>' in page


def test_a_footnote_keeps_its_ways_back_when_its_row_is_drawn_anew(client: Client) -> None:
    article = make_blocks(FIRST, NOTE)
    client.force_login(make_annotation(article=article).creator)
    sent = {"kind": "note", "body": "There.", "place": "paragraph", "revision": 1}
    token = "5b4f2f5e-6d0e-4d0c-9d0b-3a1f3f6f2b11"
    response = client.post(
        reverse("attach", args=[article.slug, "n1"]), {**sent, "token": token}, headers={"HX-Request": "true"}
    )
    assert 'class="back" href="#p1"' in response.content.decode()


def test_a_block_of_each_kind_has_a_page_of_its_own(client: Client) -> None:
    make_picture()
    article = make_blocks(FIRST, TABLE, CODE, Block("figure", "The bridge.", image="a" * 64), NOTE)
    assert article.current_revision
    for block in article.current_revision.paragraphs.all():
        assert f'data-start="{block.start}"' in read(client, article, f"{block.name}/")


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("zh-Hans", "ltr"), ("en", "ltr")]
)
def test_a_text_runs_the_way_its_language_is_written(client: Client, language: str, direction: str) -> None:
    article = make_article(language=language)
    for place in ("", "p1/", "revisions/1/"):
        assert f'lang="{language}" dir="{direction}"' in read(client, article, place)

"""Every kind of block under a reader's hands: what is chosen there is what is kept."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations.models import Annotation
from reader import publishing
from reader.importing import pictures
from reader.models import Article
from reader.text.blocks import Block
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_document

Check = Callable[..., None]

CITED = '<sup><a href="#one">1</a></sup>'
WIDE = "".join(f"<td>Column number {number} of many </td>" for number in range(1, 12))
BLOCKS = (
    Block("paragraph", f"The bridge was built in <em>1990</em> with public money.{CITED}"),
    Block("heading", "What it cost", level=2),
    Block("list item", "The first thing, said 🌉 twice", marker="1."),
    Block("list item", "The second thing", marker="2."),
    Block("list item", "and a part of it", level=1),
    Block("table", f"<caption>Cars by year </caption><tr>{WIDE}<td>The last</td></tr>"),
    Block("code", "def toll(cars):\n    return cars * 2  # " + "and nothing more " * 12),
    Block("footnote", "See the <cite>Yearbook of Roads</cite>.", key="one", marker="1"),
)


@pytest.fixture
def article(live_server: LiveServer) -> Article:
    """Give an article with a block of every kind, and a picture."""
    drawn = io.BytesIO()
    Image.new("RGB", (1200, 700), "tan").save(drawn, "PNG")
    picture = pictures.keep(pictures.encode(drawn.getvalue()))
    figure = Block("figure", "The bridge from the south.", image=picture.pk, alt="A bridge over water")
    return publishing.publish(make_document(*BLOCKS, figure))


@pytest.mark.parametrize(
    ("words", "to", "exact"),
    [
        pytest.param("first thing, said 🌉 twice", "", "first thing, said 🌉 twice", id="an item"),
        pytest.param("said 🌉 twice", "The second", "said 🌉 twice\nThe second", id="from item to item"),
        pytest.param("number 2 of", "", "number 2 of", id="a cell"),
        pytest.param("def toll", "return", "def toll(cars):\n    return", id="lines of code"),
        pytest.param("from the south", "", "from the south", id="a caption"),
        pytest.param("Yearbook of", "", "Yearbook of", id="a footnote"),
    ],
)
def test_words_chosen_in_any_kind_of_block_are_the_words_that_are_kept(
    signed_in_page: NewPage, article: Article, words: str, to: str, exact: str
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, article)
    hands.select(page, words, to=to)
    hands.post(hands.respond(page, "Note"), "Just these.")
    expect(page.locator("#panel .post.fresh")).to_be_visible()
    assert Annotation.objects.get().exact == exact
    expect(page.locator(".rows mark").first).to_be_visible()


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_a_wide_table_and_long_lines_scroll_inside_themselves(
    signed_in_page: NewPage, article: Article, options: dict[str, Any], check_accessibility: Check
) -> None:
    make_annotation(article=article, exact="number 2 of")
    page = signed_in_page("ada", **options)
    hands.open_article(page, article)
    assert not hands.is_wider_than_the_screen(page)
    for region in page.get_by_role("region", name="paragraph").all():
        assert region.evaluate("one => one.scrollWidth > one.clientWidth")
    check_accessibility(page)


def test_the_keyboard_reaches_and_scrolls_a_wide_table(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    region = page.get_by_role("region", name="Table")
    region.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("one => one.scrollLeft > 0", arg=region.element_handle())


def test_a_footnote_is_found_from_its_sign_and_leads_back(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    page.locator("#p1 .text a").click()
    expect(page.locator("#n1:target")).to_be_in_viewport()
    page.get_by_role("link", name="Back to where it is cited").click()
    expect(page.locator("#p1:target")).to_be_in_viewport()


def test_a_picture_takes_its_place_before_it_is_loaded(page: Page, article: Article) -> None:
    page.route("**/pictures/**", lambda route: route.fulfill(status=404))
    hands.open_article(page, article)
    box = page.get_by_role("img", name="A bridge over water").bounding_box()
    assert box
    assert box["height"] == pytest.approx(box["width"] * 700 / 1200, rel=0.02)


def test_a_text_from_right_to_left_stands_on_the_other_side(
    page: Page, live_server: LiveServer, check_accessibility: Check
) -> None:
    article = publishing.publish(make_document("بُني الجسر عام 1990 بأموال عامة."), language="ar")
    make_annotation(article=article, exact="1990 بأموال")
    hands.open_article(page, article)
    number, text, margin = (page.locator(f"#p1 .{name}").bounding_box() for name in ("name", "text", "margin"))
    assert number
    assert text
    assert margin
    assert margin["x"] < text["x"] < number["x"]
    check_accessibility(page)

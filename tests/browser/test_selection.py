"""Words that are selected: from anywhere, in whole letters, and what the toolbar beside them does."""

import io
import re
from collections.abc import Callable

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
from tests.browser.conftest import PHONE, NewContext, NewPage
from tests.factories import make_annotation, make_document

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.fixture
def article(live_server: LiveServer) -> Article:
    """Give an article with a heading, a picture with a caption, and one without words."""
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), "tan").save(drawn, "PNG")
    picture = pictures.keep(pictures.encode(drawn.getvalue()))
    blocks = (
        Block("paragraph", "The bridge is old. Nobody paid."),
        Block("heading", "What it cost", level=2),
        Block("figure", "The bridge from the south.", image=picture.pk, alt="A bridge"),
        Block("paragraph", f"The family {FAMILY} crossed it."),
        Block("figure", "", image=picture.pk, alt="The same bridge"),
        Block("paragraph", "The end."),
    )
    found = publishing.publish(make_document(*blocks))
    make_annotation(article=found, exact="Nobody paid.")
    return found


@pytest.mark.parametrize(
    ("first", "last", "exact"),
    [
        pytest.param("h1", "#p1 .text", "The bridge is old. Nobody paid.", id="from the head"),
        pytest.param("#p1 .entry", "#h1 .text", "What it cost", id="from the margin"),
        pytest.param(
            "#h1 .text", "#f1 .text", "What it cost\nThe bridge from the south.", id="a heading and a caption"
        ),
        pytest.param(
            "#p2 .text", "#p3 .text", f"The family {FAMILY} crossed it.\n\nThe end.", id="over a bare picture"
        ),
        pytest.param("#p3 .text", "#whole", "The end.", id="past the end of the text"),
        pytest.param("#p1 mark", "#p1 mark", "Nobody paid.", id="just a mark"),
    ],
)
def test_of_what_is_selected_the_words_of_the_text_are_meant(
    signed_in_page: NewPage, article: Article, first: str, last: str, exact: str
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, article)
    hands.select_between(page, first, last)
    hands.post(hands.respond(page, "Note"), "Just these.")
    expect(page.locator("#panel .post.fresh")).to_be_visible()
    assert Annotation.objects.latest("pk").exact == exact


def test_three_clicks_select_a_paragraph_and_nothing_of_the_next(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    page.locator("#p2 .text").click(click_count=3)
    form = hands.respond(page, "Ask")
    expect(form.locator("[data-chosen]")).to_have_text(f"The family {FAMILY} crossed it.")


def test_the_whole_text_can_be_selected_from_the_middle_of_it(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    page.locator("#p5").scroll_into_view_if_needed()
    page.keyboard.press("Control+A")
    toolbar = page.get_by_role("toolbar")
    expect(toolbar).to_be_in_viewport(ratio=1)
    bar, box = page.locator(".site").bounding_box(), toolbar.bounding_box()
    assert bar
    assert box
    assert box["y"] > bar["height"]
    expect(hands.respond(page, "Note").locator("[data-chosen]")).to_have_text(re.compile("^A security guard"))


def test_half_of_an_emoji_is_all_of_it(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    # From the second woman to the space behind the child.
    page.evaluate(
        """const [text] = document.querySelector('#p2 .text').childNodes;
        getSelection().setBaseAndExtent(text, 14, text, 20);"""
    )
    form = hands.respond(page, "Note")
    expect(form.locator("[data-chosen]")).to_have_text(FAMILY)


def test_words_of_other_scripts_are_selected_as_they_are_read(page: Page, live_server: LiveServer) -> None:
    for language, text, words in (
        ("ar", "بُني الجسر عام 1990 بأموال عامة.", "الجسر عام 1990"),
        ("zh", "大桥建于一九九〇年。没有人数过车。", "没有人数过车"),
    ):
        hands.open_article(page, publishing.publish(make_document(text, title=words), language=language))
        hands.touch(page, words)
        expect(page.get_by_role("toolbar")).to_be_in_viewport(ratio=1)
        expect(hands.respond(page, "Note").locator("[data-chosen]")).to_have_text(words)


def test_of_two_annotations_on_the_same_words_the_narrower_opens(page: Page, article: Article) -> None:
    narrow = make_annotation(article=article, exact="Nobody")
    hands.open_article(page, article)
    hands.marked(page, "Nobody").click()
    expect(page.locator("#panel .post.is-lit")).to_have_id(f"annotation-{narrow.pk}")
    page.get_by_role("link", name=re.compile("annotation$")).first.click()
    expect(page.locator("#panel .post.is-lit .words")).to_have_text("Nobody paid.")


def test_the_toolbar_is_used_with_the_keyboard(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    page.locator("#rows").focus()
    hands.select_between(page, "#p1 .text", "#p1 .text")
    expect(page.locator("#announcer")).to_have_text("Words selected. Press Tab to respond.")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text(re.compile("Note"))
    for key, name in (("ArrowRight", "Source"), ("ArrowLeft", "Note"), ("ArrowLeft", "Ask"), ("Home", "Note")):
        page.keyboard.press(key)
        expect(focused).to_have_text(re.compile(name))
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#rows")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#p1 .entry a")).to_be_focused()


def test_escape_sends_the_toolbar_away_and_keeps_the_words_and_the_panel(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel h1")).to_be_focused()
    hands.select_between(page, "#p1 .text", "#p1 .text")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    assert page.evaluate("String(getSelection())").startswith("The bridge is old.")
    expect(page.locator("#panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()


@pytest.mark.parametrize(
    ("cookies", "status"),
    [
        pytest.param({"toolbar": "off"}, "published", id="switched off"),
        pytest.param({"reading": "alone"}, "published", id="in a first reading"),
        pytest.param({}, "closed", id="where the article is closed"),
    ],
)
def test_no_toolbar_comes_where_none_is_wanted(
    new_context: NewContext, live_server: LiveServer, article: Article, cookies: dict[str, str], status: str
) -> None:
    Article.objects.filter(pk=article.pk).update(status=status)
    article.touch()
    context = new_context()
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    hands.open_article(page, article)
    hands.select_between(page, "#p1 .text", "#p1 .text")
    # The keys come after what would have shown it, in any case.
    page.wait_for_timeout(400)
    expect(page.locator("#toolbar:visible")).to_have_count(0)
    assert page.locator("#announcer").inner_text() == ""


def test_under_a_thumb_the_toolbar_stays_while_the_selection_grows_and_the_page_scrolls(
    new_context: NewContext, article: Article, check_accessibility: Callable[..., None]
) -> None:
    page = new_context(**PHONE | {"viewport": {"width": 820, "height": 1180}}).new_page()
    hands.open_article(page, article)
    hands.touch(page, "bridge")
    toolbar = page.get_by_role("toolbar")
    box = toolbar.bounding_box()
    assert box
    assert box["y"] + box["height"] > 1180 - 20
    page.evaluate("getSelection().modify('extend', 'forward', 'word'); scrollBy(0, 200)")
    expect(toolbar).to_be_in_viewport(ratio=1)
    check_accessibility(page)
    toolbar.get_by_role("button", name="Note").tap()
    expect(page.locator("#panel [data-chosen]")).to_have_text(re.compile("^bridge is"))

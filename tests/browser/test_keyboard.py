"""A reader with the keyboard alone."""

import re

from playwright.sync_api import Page, expect

from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import make_annotation

SENTENCE = "To do so, these people need to be issued travel documents by China"


def test_a_sentence_is_answered_with_the_keyboard_alone(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    _tab_to(page, "Respond to paragraph 5")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h1")).to_be_focused()
    _tab_to(page, "Note")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Disagree")).to_be_checked()
    _tab_to(page, "One sentence of it")
    page.keyboard.press("Enter")
    _tab_to(page, "Paragraph 5, all of it", key="Shift+Tab")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name=SENTENCE)).to_be_checked()
    _tab_to(page, "What is wrong with these words")
    page.keyboard.type("outd")
    _tab_to(page, "Your words")
    page.keyboard.type("They are issued now.")
    _tab_to(page, "Post")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .post.fresh")).to_be_focused()
    expect(hands.marked(page, SENTENCE)).to_have_class("m m-disagreement is-lit")
    written = Annotation.objects.get()
    assert (written.grounds, written.body) == ("outdated", "They are issued now.")


def test_escape_closes_the_panel_and_gives_the_focus_back(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    address = page.url
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel h1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.get_by_role("link", name="Respond to paragraph 2")).to_be_focused()
    assert page.url == address


def test_back_closes_the_panel_and_forward_opens_it(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
    expect(page).to_have_url(re.compile("/p2/$"))
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")


def test_an_address_of_the_panel_is_the_address_of_a_page(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paragraph 2")
    expect(page.get_by_role("link", name="Back to the text")).to_be_visible()


def test_an_entry_of_the_margin_opens_at_what_it_says(page: Page, first_article: Article) -> None:
    make_annotation(article=first_article, exact="The Chinese regime", body="First.")
    make_annotation(article=first_article, exact="safe havens", body="Second.")
    hands.open_article(page, first_article)
    page.locator("#p1 .entry a", has_text="Second.").press("Enter")
    expect(page.locator("#panel .post", has_text="Second.")).to_be_focused()
    expect(page.locator(".rows mark.is-lit")).to_have_text("safe havens")
    page.keyboard.press("Escape")
    expect(page.locator("#p1 .entry a", has_text="Second.")).to_be_focused()


def test_words_selected_with_the_keyboard_bring_the_toolbar_and_escape_sends_it_away(
    page: Page, first_article: Article
) -> None:
    hands.open_article(page, first_article)
    page.evaluate("getSelection().collapse(document.querySelector('#p2 .text').firstChild, 0)")
    page.evaluate("for (let n = 0; n < 5; n += 1) getSelection().modify('extend', 'forward', 'character')")
    expect(page.get_by_role("toolbar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_hidden()


def test_the_first_stop_of_the_keyboard_leads_past_the_bar(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the text")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def _tab_to(page: Page, name: str, *, key: str = "Tab") -> None:
    """Press a key until what bears this name has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        focused = page.evaluate(
            "(document.activeElement.ariaLabel || document.activeElement.labels?.[0]?.innerText"
            " || document.activeElement.innerText || '').trim()"
        )
        if focused.endswith(name):
            return
    raise AssertionError(f"The keyboard does not come to {name}.")

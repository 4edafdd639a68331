"""A reader with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
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
    expect(page).to_have_url(address)


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


def test_from_the_page_to_a_posted_note_and_back_by_keys(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".row").first).to_be_focused()
    _press_until(page, "j", "#p4")
    page.keyboard.press("k")
    expect(page.locator("#p3")).to_be_focused()
    expect(page.locator("#p3 > .main")).to_have_css("outline-style", "solid")
    expect(page.locator("#p3")).to_be_in_viewport()
    page.keyboard.press("n")
    field = page.locator("#panel").get_by_label("Your words")
    expect(field).to_be_focused()
    # Letters are words now.
    page.keyboard.type("jack? no, ask [c] ")
    expect(field).to_have_value("jack? no, ask [c] ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#panel .post.fresh")).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#p3")).to_be_focused()
    expect(page).to_have_url(re.compile("/#main$"))
    assert Annotation.objects.get().exact.startswith("With that in mind")


@pytest.mark.parametrize(
    ("key", "kind"), [("n", "Note"), ("s", "Source"), ("d", "Disagree"), ("a", "Ask")], ids=["n", "s", "d", "a"]
)
def test_a_letter_answers_the_words_that_are_selected(page: Page, first_article: Article, key: str, kind: str) -> None:
    hands.open_article(page, first_article)
    hands.select(page, "soft on crime")
    page.keyboard.press(key)
    form = page.locator("#panel form.composer")
    expect(form.get_by_role("radio", name="soft on crime")).to_be_checked()
    expect(form.get_by_role("radio", name=kind)).to_be_checked()


def test_brackets_walk_from_annotation_to_annotation_and_say_where_the_way_ends(
    page: Page, first_article: Article
) -> None:
    for exact in ("The Chinese regime", "safe havens", "soft on crime"):
        make_annotation(article=first_article, exact=exact)
    hands.open_article(page, first_article)
    page.locator("#rows").focus()
    _press_until(page, "j", "#p1")
    for words in ("The Chinese regime", "safe havens", "soft on crime"):
        page.keyboard.press("]")
        expect(page.locator("#panel .post.is-lit .words")).to_have_text(words)
        expect(page.locator("#panel .post.is-lit")).to_be_focused()
    page.keyboard.press("]")
    expect(page.locator("#announcer")).to_have_text("This is the last annotation.")
    page.keyboard.press("[")
    expect(page.locator("#panel .post.is-lit .words")).to_have_text("safe havens")
    page.keyboard.press("c")
    expect(page.locator("#p1 .entry a").last).to_be_focused()


def test_o_and_enter_open_what_stands_at_a_paragraph(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    for key in ("o", "Enter"):
        page.locator("#rows").focus()
        _press_until(page, "j", "#p2")
        page.keyboard.press(key)
        expect(page.locator("#panel h1")).to_be_focused()
        expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
        page.keyboard.press("Escape")
        expect(page.locator("#p2")).to_be_focused()


def test_the_list_of_keys_opens_and_closes_and_turns_them_off_at_once(
    page: Page, first_article: Article, check_accessibility: Callable[..., None]
) -> None:
    hands.open_article(page, first_article)
    rows = page.get_by_role("region", name="The text")
    rows.focus()
    expect(rows).to_have_accessible_description("Press ? for the keys.")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_role("button", name="Close")).to_be_focused()
    check_accessibility(page)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(rows).to_be_focused()
    page.keyboard.press("?")
    keys.get_by_role("checkbox", name="Use these keys").uncheck()
    keys.get_by_role("button", name="Close").click()
    expect(page.locator("#rows")).not_to_have_attribute("tabindex", "0")
    page.locator("#p2 a.respond").focus()
    for key in ("?", "j", "n", "o"):
        page.keyboard.press(key)
    expect(page.locator("#p2 a.respond")).to_be_focused()
    expect(page.locator("#panel")).to_be_hidden()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.get_by_role("button", name="Keyboard").click()
    expect(keys.get_by_role("checkbox", name="Use these keys")).not_to_be_checked()
    keys.get_by_role("checkbox", name="Use these keys").check()
    keys.get_by_role("button", name="Close").click()
    page.get_by_role("region", name="The text").focus()
    page.keyboard.press("j")
    expect(page.locator(".row:focus")).to_have_count(1)


def test_letters_do_nothing_elsewhere_nor_with_a_modifier(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    for elsewhere in (page.get_by_role("link", name="Library"), page.locator("#preferences summary")):
        elsewhere.focus()
        page.keyboard.press("?")
        page.keyboard.press("j")
        expect(elsewhere).to_be_focused()
    page.locator("#p2 a.respond").focus()
    for key in ("Control+j", "Alt+n", "Shift+J", "Meta+o"):
        page.keyboard.press(key)
    expect(page.locator("#p2 a.respond")).to_be_focused()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_in_a_first_reading_keys_lead_through_the_text_and_nowhere_else(
    page: Page, first_article: Article, base_url: str
) -> None:
    page.context.add_cookies([{"name": "reading", "value": "alone", "url": base_url}])
    hands.open_article(page, first_article)
    page.locator("#rows").focus()
    page.keyboard.press("j")
    expect(page.locator(".row:focus")).to_have_count(1)
    page.keyboard.press("n")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".row:focus")).to_have_count(1)
    assert page.evaluate("document.getElementById('panel').hidden")


def _press_until(page: Page, key: str, row: str) -> None:
    """Press a key until a row has the focus."""
    for _ in range(30):
        page.keyboard.press(key)
        if page.locator(f"{row}:focus").count():
            return
    raise AssertionError(f"{key} does not come to {row}.")


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

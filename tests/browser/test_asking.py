"""Readers ask for a source together, and one of them gives it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_editor

SENTENCE = "Of those, three issues concern law enforcement cooperation."
ASK = "Source? Ask for that of sentence 3"


def open_paragraph(page: Page, article: Article) -> None:
    """Open the third paragraph beside the text, with all its sentences."""
    hands.open_article(page, article)
    page.get_by_role("link", name="Respond to paragraph 3").first.press("Enter")
    expect(page.locator("#panel h1")).to_be_focused()
    page.locator("#panel .bare").evaluate_all("folds => folds.forEach((fold) => { fold.open = true; })")


def test_one_asks_another_joins_and_a_third_answers(signed_in_page: NewPage, first_article: Article) -> None:
    ada, bob, cy = (signed_in_page(name) for name in ("ada", "bob", "cy"))
    open_paragraph(ada, first_article)
    ada.get_by_role("button", name=ASK).click()
    expect(ada.get_by_role("button", name=ASK)).to_have_attribute("aria-pressed", "true")
    expect(ada.get_by_role("button", name=ASK)).to_be_focused()
    expect(ada.locator("#threads .post")).to_contain_text("What is the source for this?")
    expect(hands.marked(ada, SENTENCE)).to_have_class("m m-question")

    open_paragraph(bob, first_article)
    bob.get_by_role("button", name=ASK).click()
    expect(bob.locator("#threads .post")).to_contain_text("2 readers ask this: ada, bob.")
    expect(bob.locator("#ledger")).to_contain_text("2 asked")

    cy.goto(f"{first_article.get_absolute_url()}requests/")
    cy.get_by_role("link", name="Give a source").click()
    expect(cy.get_by_role("checkbox", name="This answers")).to_be_checked()
    cy.get_by_label("Web address").fill("https://example.org/list")
    cy.get_by_label("Title").fill("The list of measures")
    cy.get_by_label("What it does for these words").select_option("supports")
    cy.get_by_label("Your words").fill("It is in the third item.")
    cy.get_by_role("button", name="Post").click()
    expect(cy.locator("main")).to_contain_text("Answered by + The list of measures")

    ada.goto("/notices/")
    expect(ada.locator(".told-what")).to_contain_text("cy gave a source for what you asked")
    ada.get_by_role("link", name="What is the source for this?").click()
    ada.get_by_role("button", name="It does not answer").click()
    expect(ada.locator("main")).to_contain_text("1 that does not answer it")
    assert not Annotation.objects.get(kind="question").is_settled


def test_a_source_is_asked_for_and_no_longer_with_the_keyboard_alone(
    signed_in_page: NewPage, first_article: Article
) -> None:
    page = signed_in_page("ada")
    open_paragraph(page, first_article)
    button = page.get_by_role("button", name=ASK)
    button.focus()
    for state in ("true", "false"):
        page.keyboard.press("Enter")
        expect(button).to_have_attribute("aria-pressed", state)
        expect(button).to_be_focused()
    assert not Annotation.objects.published().exists()


def test_what_is_swapped_in_works_at_once(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    open_paragraph(page, first_article)
    button = page.get_by_role("button", name=ASK)
    page.evaluate(
        """() => new MutationObserver((_, observer) => {
            const pressed = document.querySelector("#panel .ask-it[aria-pressed=true]");
            if (!pressed) return;
            observer.disconnect();
            pressed.click();
        }).observe(document.body, { subtree: true, childList: true, attributes: true })"""
    )
    button.press("Enter")
    expect(page.locator("#threads")).to_contain_text("Withdrawn.")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_what_is_being_written_stays_when_a_source_is_asked_for(
    signed_in_page: NewPage, first_article: Article
) -> None:
    page = signed_in_page("ada")
    open_paragraph(page, first_article)
    page.get_by_label("Your words").fill("Half a thought")
    page.get_by_role("button", name=ASK).click()
    expect(page.get_by_role("button", name=ASK)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Your words")).to_have_value("Half a thought")


def test_a_stranger_s_click_is_done_after_signing_in_without_a_script(
    no_script_page: Page, signed_in_page: NewPage, first_article: Article
) -> None:
    signed_in_page("ada")
    page = no_script_page
    page.goto(f"{first_article.get_absolute_url()}p3/")
    page.get_by_role("link", name=ASK).click()
    hands.sign_in(page, "ada")
    expect(page.locator(".words")).to_contain_text(SENTENCE)
    page.get_by_role("button", name="What is the source for this?").click()
    expect(page.locator(".messages")).to_contain_text("You ask for the source of this.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_requests_are_open_to_everybody(
    signed_in_page: NewPage, first_article: Article, theme: str, check_accessibility: Callable[..., None]
) -> None:
    make_annotation(article=first_article, kind="question", exact=SENTENCE, body="")
    page = signed_in_page(make_editor().username, **PHONE)
    home = first_article.get_absolute_url()
    start = page_start(first_article)
    asked = f"{home}p3/request/?revision=1&start={start}&end={start + len(SENTENCE)}"
    for address in (
        f"{home}requests/",
        "/requests/",
        "/requests/?state=answered",
        "/desk/requests/",
        asked,
        f"{home}p3/",
    ):
        page.goto(address)
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme }", theme)
        check_accessibility(page)
        assert not hands.is_wider_than_the_screen(page), address


def page_start(article: Article) -> int:
    assert article.current_revision
    return article.current_revision.text.index(SENTENCE)

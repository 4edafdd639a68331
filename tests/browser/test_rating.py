"""Readers say in the panel how helpful an annotation is, with the mouse and with the keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation, Rating
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import make_annotation, make_rating, make_reader

WORDS = "suspension or termination of cooperation"


@pytest.fixture
def note(first_article: Article) -> Annotation:
    return make_annotation(article=first_article, creator=make_reader(username="anna"), exact=WORDS, body="See there.")


def open_note(page: Page, note: Annotation) -> None:
    hands.open_article(page, note.article)
    page.locator("#p3 .entry a").click()
    expect(page.locator(f"#quality-{note.pk}")).to_be_visible()


def test_three_readers_rate_and_the_label_follows(signed_in_page: NewPage, note: Annotation) -> None:
    for _ in range(2):
        make_rating(annotation=note, reasons=("clear",))
    for number, (name, word, reason) in enumerate(
        [("ada", "Yes", "Good sources"), ("ben", "No", "Opinion"), ("eve", "Somewhat", "Clear")], 3
    ):
        page = signed_in_page(name)
        open_note(page, note)
        page.locator(".rate").get_by_role("link", name=word).click()
        expect(page.get_by_role("radio", name=word, exact=True)).to_be_focused()
        page.get_by_role("checkbox", name=reason, exact=True).check()
        page.get_by_role("button", name="Keep it").click()
        expect(page.locator("#announcer")).to_have_text("Kept. Thank you for rating it.")
        label = f"{number} of 5 ratings so far" if number < 5 else "Most readers find it helpful: clear, good sources"
        expect(page.locator(f"#quality-{note.pk} summary")).to_contain_text(label)
        expect(page.locator(".rate [aria-current]")).to_contain_text(word)
        page.close()


def test_a_rating_is_given_with_the_keyboard_alone(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada")
    open_note(page, note)
    page.locator(".rate a").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Yes", exact=True)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(f"#annotation-{note.pk}")).to_be_focused()
    given = Rating.objects.get()
    assert (given.value, given.reasons) == ("helpful", ["good sources"])


def test_only_the_reasons_that_fit_are_offered(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada")
    open_note(page, note)
    page.locator(".rate a").first.click()
    good, bad = page.get_by_role("group", name="What is good"), page.get_by_role("group", name="What is not")
    expect(good).to_be_visible()
    expect(bad).to_be_hidden()
    page.get_by_role("radio", name="No", exact=True).check()
    expect(good).to_be_hidden()
    expect(bad).to_be_visible()
    page.get_by_role("radio", name="Somewhat", exact=True).check()
    expect(good).to_be_visible()
    expect(bad).to_be_visible()


def test_what_was_ticked_stays_when_a_reason_is_missing(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada")
    open_note(page, note)
    page.locator(".rate a").last.click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".rate-form .errors")).to_be_focused()
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".rate a").last).to_be_focused()


def test_a_rating_is_given_without_a_script(signed_in_page: NewPage, note: Annotation) -> None:
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(note.get_absolute_url())
    page.locator(".rate a").first.click()
    expect(page).to_have_url(re.compile(r"/rating/\?value=helpful$"))
    page.get_by_role("checkbox", name="Fair in tone").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("1 of 5 ratings so far")).to_be_visible()


def test_the_form_breaks_no_rule_of_accessibility(
    signed_in_page: NewPage, note: Annotation, check_accessibility: Callable[..., None]
) -> None:
    make_rating(annotation=note)
    page = signed_in_page("ada")
    open_note(page, note)
    page.locator(f"#quality-{note.pk} summary").click()
    page.locator(".rate a").nth(1).click()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".rate-form .errors")).to_be_focused()
    check_accessibility(page)
    page.goto(f"/annotations/{note.pk}/rating/?value=not")
    check_accessibility(page)

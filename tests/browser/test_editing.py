"""Editors at their desk, and a reader who has the article open all the while."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Dialog, Page, expect

from reader.models import Article, Draft
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_editor

Check = Callable[..., None]

WRONG, RIGHT = "some 39,000 illegal immigrants", "some 41,000 illegal immigrants"


# Waits until this tab keeps what was typed.
_KEPT = """
new Promise((resolve) => {
  const look = () => {
    if (Object.keys(sessionStorage).some((key) => key.startsWith("drafting:"))) resolve();
    else setTimeout(look, 50);
  };
  look();
})
"""


def revise(page: Page) -> None:
    """Go from the library to a draft of the first article."""
    page.goto("/")
    page.get_by_role("link", name="Desk").click()
    page.get_by_role("button", name="Revise").first.click()
    expect(page.get_by_role("heading", name="The text")).to_be_visible()


def block(page: Page, words: str) -> str:
    """Give the name of the field that holds these words."""
    fields = [field for field in page.locator(".block-text").all() if words in field.input_value()]
    assert len(fields) == 1
    return fields[0].get_attribute("name") or ""


def correct(page: Page, wrong: str, right: str) -> None:
    field = page.locator(f"[name='{block(page, wrong)}']")
    field.fill(field.input_value().replace(wrong, right))


def publish(page: Page, article: Article, note: str) -> None:
    """Publish the draft that is open."""
    page.get_by_role("button", name="Save and review").click()
    page.get_by_label("Correction note").fill(note)
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page).to_have_url(re.compile(article.get_absolute_url()))


def test_an_editor_revises_what_a_reader_has_open(signed_in_page: NewPage, first_article: Article) -> None:
    make_editor(username="editor")
    reader, editor = signed_in_page("ada"), signed_in_page("editor")
    hands.open_article(reader, first_article)
    revise(editor)
    correct(editor, WRONG, RIGHT)
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    reader.reload()
    expect(reader.locator("main")).to_contain_text(WRONG)
    publish(editor, first_article, "The number was wrong.")
    # The page that is open goes on working, with the words it has.
    expect(reader.locator("main")).to_contain_text(WRONG)
    reader.get_by_role("link", name="Respond to paragraph 5").press("Enter")
    expect(reader.locator("#panel form.composer")).to_be_visible()
    hands.open_article(reader, first_article)
    expect(reader.locator("main")).to_contain_text(RIGHT)
    expect(reader.locator("main")).not_to_contain_text(WRONG)


def test_two_editors_at_once_are_shown_both_texts(signed_in_page: NewPage, first_article: Article) -> None:
    make_editor(username="one")
    make_editor(username="two")
    one, two = signed_in_page("one"), signed_in_page("two")
    revise(one)
    revise(two)
    correct(two, WRONG, "some 42,000 illegal immigrants")
    correct(one, WRONG, RIGHT)
    publish(one, first_article, "The number was wrong.")
    two.get_by_role("button", name="Save and review").click()
    expect(two.get_by_role("heading", name="Two texts to bring together")).to_be_visible()
    choices = two.get_by_role("group", name=re.compile("both were changed"))
    expect(choices).to_have_count(1)
    expect(choices.locator("ins")).to_have_text(["42,000", "41,000"])
    choices.get_by_role("radio", name=re.compile("This draft")).check()
    two.get_by_role("button", name="Bring them together").click()
    expect(two.get_by_role("heading", name="Two texts to bring together")).to_be_hidden()
    two.get_by_label("Correction note").fill("The number was wrong again.")
    two.get_by_role("button", name="Publish", exact=True).click()
    expect(two.locator("main")).to_contain_text("some 42,000 illegal immigrants")
    assert first_article.revisions.count() == 3


def test_two_tabs_on_one_draft_lose_nothing(signed_in_page: NewPage, first_article: Article) -> None:
    make_editor(username="editor")
    first = signed_in_page("editor")
    revise(first)
    second = first.context.new_page()
    second.goto(first.url)
    for page, right in ((first, RIGHT), (second, "many immigrants")):
        correct(page, WRONG, right)
        page.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("saved elsewhere")
    standing = second.get_by_role("region", name="What stands now, and yours")
    expect(standing.locator("del").last).to_contain_text("41,000")
    expect(standing.locator("ins").last).to_contain_text("many")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert "many immigrants" in str(Draft.objects.get().blocks)


def test_words_that_did_not_arrive_are_offered_again(signed_in_page: NewPage, first_article: Article) -> None:
    make_editor(username="editor")
    page = signed_in_page("editor")
    revise(page)
    page.once("dialog", lambda dialog: dialog.accept())
    correct(page, WRONG, RIGHT)
    page.evaluate(_KEPT)
    page.reload()
    expect(page.get_by_text("What you typed here last was not saved.")).to_be_visible()
    page.get_by_role("button", name="Save it now").click()
    expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    assert "41,000" in str(Draft.objects.get().blocks)
    page.reload()
    expect(page.get_by_text("What you typed here last was not saved.")).to_have_count(0)


def test_nobody_leaves_unsaved_words_without_being_asked(signed_in_page: NewPage, first_article: Article) -> None:
    make_editor(username="editor")
    page = signed_in_page("editor")
    revise(page)
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_on)
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/$"))
    assert asked == []
    page.go_back()
    correct(page, WRONG, RIGHT)
    page.get_by_role("link", name="Library").click()
    expect(page).to_have_url(re.compile("/$"))
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_a_draft_is_written_without_javascript(
    signed_in_page: NewPage, first_article: Article, options: dict[str, object]
) -> None:
    make_editor(username="editor")
    page = signed_in_page("editor", java_script_enabled=False, **options)
    revise(page)
    page.get_by_role("button", name="Down p1", exact=True).click()
    page.get_by_role("button", name="Add below p2", exact=True).click()
    page.get_by_role("textbox", name="Text of new block").fill("One more thing.\n\nAnd another.")
    page.get_by_role("checkbox", name="Take out p9 when saving").check()
    page.get_by_role("textbox", name="By", exact=True).press("Enter")
    names = [each["name"] for each in Draft.objects.get().blocks]
    assert names == ["f1", "p2", "", "", "p1", *[f"p{number}" for number in range(3, 9)], "n1"]


def test_the_desk_and_drafts_keep_the_accessibility_rules(
    signed_in_page: NewPage, first_article: Article, check_accessibility: Check
) -> None:
    make_editor(username="editor")
    page = signed_in_page("editor")
    revise(page)
    draft = Draft.objects.get()
    for address in (draft.get_absolute_url(), reverse("draft-text", args=[draft.pk]), reverse("desk")):
        page.goto(address)
        check_accessibility(page)
    page.goto(draft.get_absolute_url())
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessibility(page)

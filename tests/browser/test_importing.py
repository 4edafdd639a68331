"""A text on its way to its readers: pasted, read in, corrected, published and read."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext, NewPage
from tests.factories import make_editor

PASTED = """\
# What the Bridge Cost

By Nobody in Particular

The bridge was built in 1990 with *public* money.

## Who pays

It carries 39,000 cars a day, they say, and the toll was to pay for it within ten years.

- Lorries pay nothing.
- Neither does the mayor.

Share this article
"""
WRONG, RIGHT = "39,000 cars", "41,000 cars"


@pytest.fixture(autouse=True)
def waiting_tasks(settings: Settings) -> None:
    """Let work wait for the worker, as it does on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work() -> None:
    """Do what waits, as the worker does beside the site."""
    call_command("db_worker", batch=True, startup_delay=False, interval=0.1, verbosity=0)


def paste(page: Page) -> None:
    """Go from the library to the import page and have the text read."""
    page.goto("/")
    page.get_by_role("link", name="Desk", exact=True).click()
    page.get_by_role("link", name="Bring in a text").click()
    page.get_by_role("textbox", name="The text").fill(PASTED)
    page.get_by_label("What it is").select_option("markdown")
    page.get_by_role("button", name="Read the text").click()


def correct(page: Page) -> None:
    """Mend a number and take out a line that belongs to no article."""
    number = page.locator(".block-text", has_text=WRONG)
    number.fill(number.input_value().replace(WRONG, RIGHT))
    furniture = page.locator(".block-fields", has=page.locator(".block-text", has_text="Share this article"))
    furniture.get_by_role("checkbox").check()


def check_progress(page: Page, step: str) -> None:
    """See that the work has not begun, which the page says."""
    expect(page.get_by_role("status").filter(has_text=step)).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()


def check_reading(page: Page) -> None:
    """See the article as its readers do."""
    page.goto("/")
    page.get_by_role("link", name="What the Bridge Cost").first.click()
    expect(page.get_by_role("heading", name="What the Bridge Cost", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Who pays")).to_be_visible()
    expect(page.locator(".rows")).to_contain_text(RIGHT)
    expect(page.locator(".rows")).not_to_contain_text("Share this article")
    expect(page.locator("#p1 em")).to_have_text("public")
    expect(page.get_by_role("listitem").filter(has_text="Lorries pay nothing.")).to_be_visible()


def test_a_pasted_text_is_corrected_published_and_read(signed_in_page: NewPage, page: Page) -> None:
    make_editor(username="editor")
    editor = signed_in_page("editor")
    paste(editor)
    check_progress(editor, "Waiting for its turn")
    work()
    # The page asks by itself, and goes on.
    expect(editor.get_by_role("heading", name="The text")).to_be_visible()
    expect(editor.get_by_label("Title", exact=True)).to_have_value("What the Bridge Cost")
    expect(editor.get_by_label("By", exact=True)).to_have_value("Nobody in Particular")
    correct(editor)
    page.goto("/")
    expect(page.get_by_role("link", name="What the Bridge Cost")).to_have_count(0)
    editor.get_by_role("button", name="Save and review").click()
    expect(editor.get_by_role("heading", name="A first publication")).to_be_visible()
    editor.get_by_role("button", name="Publish", exact=True).click()
    check_progress(editor, "Waiting for its turn")
    work()
    expect(editor).to_have_url(re.compile("/articles/[a-z-]+/$"))
    check_reading(page)
    hands.select(page, RIGHT)
    hands.respond(page, "Note")
    assert Article.objects.get().is_open


def test_it_is_done_without_javascript_on_a_phone_too(signed_in_page: NewPage, new_context: NewContext) -> None:
    make_editor(username="editor")
    editor = signed_in_page("editor", java_script_enabled=False, **PHONE)
    paste(editor)
    check_progress(editor, "Waiting for its turn")
    work()
    editor.get_by_role("link", name="See how far it is").click()
    expect(editor.get_by_role("heading", name="The text")).to_be_visible()
    assert not hands.is_wider_than_the_screen(editor)
    correct(editor)
    editor.get_by_role("button", name="Save and review").click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    work()
    editor.get_by_role("link", name="See how far it is").click()
    expect(editor).to_have_url(re.compile("/articles/[a-z-]+/$"))
    reader = new_context(java_script_enabled=False, **PHONE).new_page()
    check_reading(reader)
    reader.get_by_role("link", name="Respond to paragraph 2").click()
    expect(reader.get_by_label("Your words")).to_be_visible()

"""A moderator at work, and what readers see of it."""

import pytest
from playwright.sync_api import Page, expect

from annotations import moderating, reporting
from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewContext, NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

LIST = "/admin/annotations/annotation/"
WORDS = "soft on crime"


@pytest.fixture
def insult(first_article: Article) -> Annotation:
    """Give an annotation that was answered and reported."""
    writer = make_reader(username="ada")
    insult = make_annotation(article=first_article, creator=writer, exact=WORDS, body="Fools, all of them.")
    make_reply(parent=insult, body="That helps nobody.")
    reporting.report(annotation=insult, by=make_reader(), reason="attack", details="And not the first time.")
    return insult


@pytest.fixture
def moderator_page(signed_in_page: NewPage) -> Page:
    make_moderator(username="warden")
    return signed_in_page("warden")


def test_what_a_moderator_hides_is_gone_for_readers_and_told_to_its_writer(
    page: Page, new_context: NewContext, signed_in_page: NewPage, insult: Annotation
) -> None:
    make_moderator(username="warden")
    reader = new_context().new_page()
    hands.open_article(reader, insult.article)
    expect(reader.locator("#p2 .entry")).to_contain_text("Fools, all of them.")

    page.goto("/admin/")
    hands.sign_in(page, "warden")
    _open_case(page)
    page.get_by_role("link", name="Hide").click()
    page.get_by_label("Rule").select_option("attack")
    page.get_by_role("textbox", name="Why").fill("Personal attack.")
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".messagelist")).to_contain_text("Hidden: Note")

    reader.reload()
    expect(reader.locator("#p2 .entry")).to_have_count(0)
    expect(reader.locator("#p2 mark")).to_have_count(0)
    writer = signed_in_page("ada")
    writer.goto(insult.get_absolute_url())
    expect(writer.locator(".decided")).to_contain_text("Hidden by a moderator: personal attack.")
    expect(writer.locator(".decided")).to_contain_text("Personal attack.")


def test_what_is_hidden_and_restored_from_the_list_goes_and_comes_back(
    page: Page, moderator_page: Page, insult: Annotation
) -> None:
    moderator_page.goto(f"{LIST}?kind=note")
    _decide_for_all(moderator_page, "Hide", "Personal attack.")
    hands.open_article(page, insult.article)
    expect(page.get_by_text("Fools")).to_have_count(0)
    _decide_for_all(moderator_page, "Restore", "It was a quotation.")
    page.reload()
    expect(page.locator("#p2 .entry")).to_contain_text("Fools, all of them.")


def test_a_hidden_annotation_keeps_its_replies_in_the_panel(page: Page, insult: Annotation) -> None:
    moderating.hide(annotation=insult, by=make_moderator(), rule="attack", reason="Personal attack.")
    hands.open_article(page, insult.article)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel .stub")).to_have_text("Hidden by a moderator: personal attack.")
    expect(page.locator("#panel .replies .body")).to_have_text("That helps nobody.")
    expect(page.get_by_text("Fools")).to_have_count(0)


def test_a_moderator_reads_the_case_before_deciding(moderator_page: Page, insult: Annotation) -> None:
    _open_case(moderator_page)
    expect(moderator_page.locator("#passage mark")).to_have_text(WORDS)
    expect(moderator_page.locator("#reports")).to_contain_text("And not the first time.")
    moderator_page.get_by_role("link", name="Keep…").click()
    moderator_page.get_by_label("Why").fill("Rude, and an answer.")
    moderator_page.get_by_role("button", name="Keep").click()
    expect(moderator_page.get_by_text("Kept: Note")).to_be_visible()
    expect(moderator_page.get_by_text("0 annotations")).to_be_visible()


def _open_case(page: Page) -> None:
    page.goto(f"{LIST}?reports=open")
    page.locator("#result_list tbody a", has_text="Fools").click()


def _decide_for_all(page: Page, action: str, reason: str) -> None:
    """Tick everything in the list, choose what to do, say why, and confirm."""
    page.get_by_label("Select all objects on this page").check()
    page.get_by_label("Action:").select_option(label=f"{action}…")
    page.get_by_role("button", name="Go").click()
    if action == "Hide":
        page.get_by_label("Rule").select_option("attack")
    page.get_by_label("Why").fill(reason)
    page.get_by_role("button", name=action).click()
    expect(page.locator(".messagelist")).to_contain_text("Note")

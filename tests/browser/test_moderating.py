"""A moderator at work, and what readers see of it."""

from playwright.sync_api import Page, expect

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewContext, NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

WORDS = "soft on crime"


def test_what_a_moderator_hides_is_gone_for_readers_told_to_its_writer_and_can_be_restored(
    page: Page, new_context: NewContext, signed_in_page: NewPage, first_article: Article
) -> None:
    make_moderator(username="warden")
    insult = make_annotation(
        article=first_article, creator=make_reader(username="ada"), exact=WORDS, body="Fools, all of them."
    )
    reader = new_context().new_page()
    hands.open_article(reader, first_article)
    expect(reader.locator("#p2 .entry")).to_contain_text("Fools, all of them.")

    page.goto("/admin/")
    hands.sign_in(page, "warden")
    _decide(page, "Fools", "Hide", "Personal attack.")
    reader.reload()
    expect(reader.locator("#p2 .entry")).to_have_count(0)
    expect(reader.locator("#p2 mark")).to_have_count(0)
    reader.goto(insult.get_absolute_url())
    expect(reader.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")

    writer = signed_in_page("ada")
    writer.goto(insult.get_absolute_url())
    expect(writer.locator(".hidden-notice")).to_have_text("Hidden by a moderator: Personal attack.")

    _decide(page, "Fools", "Restore", "It was a quotation.")
    hands.open_article(reader, first_article)
    expect(reader.locator("#p2 .entry")).to_contain_text("Fools, all of them.")


def test_a_hidden_annotation_keeps_its_replies_in_the_panel(
    page: Page, signed_in_page: NewPage, first_article: Article
) -> None:
    insult = make_annotation(article=first_article, exact=WORDS, body="Fools, all of them.")
    make_reply(parent=insult, body="That helps nobody.")
    make_moderator(username="warden")
    moderator = signed_in_page("warden")
    _decide(moderator, "Fools", "Hide", "Personal attack.")
    hands.open_article(page, first_article)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel .stub")).to_have_text("Hidden by a moderator.")
    expect(page.locator("#panel .replies .body")).to_have_text("That helps nobody.")
    expect(page.get_by_text("Fools")).to_have_count(0)


def _decide(page: Page, words: str, decision: str, reason: str) -> None:
    page.goto("/admin/annotations/annotation/")
    page.locator("#result_list tbody a", has_text=words).click()
    page.get_by_role("link", name=decision).click()
    page.get_by_role("textbox", name="Why").fill(reason)
    page.get_by_role("button", name=decision).click()
    expect(page.locator(".messagelist")).to_contain_text("Fools")

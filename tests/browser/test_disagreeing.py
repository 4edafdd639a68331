"""From a disagreement to the correction that it led to: in the panel, and without JavaScript."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_article, make_editor, make_reader, make_restatement, make_revision

POINT = "You are saying that the cars were never counted."
CORRECTED = "It carries 31,000 cars a day, they say. “It is safe,” said the mayor."


def correct(article: Article) -> None:
    """Let the next revision say another number."""
    assert article.current_revision
    first, _, last = (paragraph.html for paragraph in article.current_revision.paragraphs.all())
    make_revision(article, first, CORRECTED, last, note="The number was a guess.")


def open_post(page: Page, article: Article) -> Locator:
    """Open the only annotation of an article in the panel."""
    hands.open_article(page, article)
    page.locator(".rows :is(.entry, .counts) a:visible").first.click()
    post = page.locator("#panel .post").first
    expect(post).to_be_visible()
    return post


def test_a_disagreement_is_restated_answered_corrected_and_settled(
    signed_in_page: NewPage, check_accessibility: Callable[..., None]
) -> None:
    article = make_article()
    make_editor(username="edith")
    ada, bob, edith = (signed_in_page(name) for name in ("ada", "bob", "edith"))

    hands.open_article(ada, article)
    hands.select(ada, "39,000 cars")
    form = hands.respond(ada, "Disagree")
    hands.post(form, "Nobody counted.", grounds="number", would_change_my_mind="A count.")
    expect(ada.locator("#panel .post.fresh")).to_contain_text("Would change my mind: A count.")

    post = open_post(bob, article)
    post.get_by_role("link", name="Reply to ada").click()
    post.get_by_text("First say what they are saying").click()
    post.get_by_label("You are saying that …").fill(POINT)
    post.get_by_label("Your answer").fill("The council did, in 2019.")
    check_accessibility(bob, within="#panel")
    post.get_by_role("button", name="Post reply").click()
    expect(bob.locator("#panel .post.fresh")).to_contain_text("The council did, in 2019.")
    expect(bob.locator("#panel .restatement").first).to_contain_text("Waiting for ada")

    post = open_post(ada, article)
    post.get_by_role("button", name=re.compile("^Fair")).click()
    expect(ada.get_by_role("button", name=re.compile("^Fair"))).to_have_attribute("aria-pressed", "true")
    expect(ada.locator("#panel .post").first).to_be_focused()

    correct(article)
    post = open_post(edith, article)
    hands.more(post, "Resolve")
    expect(post.get_by_role("radio", name="Corrected")).to_be_focused()
    expect(post.get_by_label("Corrected in")).to_have_value("2")
    post.get_by_label("In a few words").fill("You are right.")
    check_accessibility(edith, within="#panel")
    post.get_by_role("button", name="Keep it").click()
    expect(edith.locator("#panel .resolution")).to_contain_text("Corrected in revision 2 by edith, editor")

    post = open_post(ada, article)
    post.get_by_role("button", name="This settles it").click()
    expect(ada.locator("#panel .resolution")).to_contain_text("ada says that this settles it")
    check_accessibility(ada, within="#panel")

    bob.goto(f"{article.get_absolute_url()}revisions/")
    behind = bob.get_by_role("listitem").filter(has_text="The number was a guess.")
    expect(behind).to_contain_text("39,000 cars")
    check_accessibility(bob)
    behind.get_by_role("link", name=re.compile("Nobody counted")).click()
    expect(bob.locator(".resolution")).to_contain_text("Corrected in revision 2")
    bob.goto(f"{article.get_absolute_url()}disputes/")
    check_accessibility(bob)


def test_all_of_it_goes_without_javascript(signed_in_page: NewPage) -> None:
    article = make_article()
    make_editor(username="edith")
    found = make_annotation(
        article=article, creator=make_reader(username="ada"), kind="disagreement", exact="39,000 cars", body="A guess."
    )
    ada, bob, edith = (signed_in_page(name, java_script_enabled=False) for name in ("ada", "bob", "edith"))

    bob.goto(found.get_absolute_url())
    hands.more(bob.locator(".post"), "Put it in your words")
    bob.get_by_role("button", name="Keep it").click()
    expect(bob.get_by_role("alert")).to_contain_text("please look at what is marked below")
    bob.get_by_label("You are saying that …").fill(POINT)
    bob.get_by_role("button", name="Keep it").click()
    expect(bob.locator(".restatement")).to_contain_text("Waiting for ada")

    ada.goto(found.get_absolute_url())
    ada.get_by_role("button", name="Not quite").click()
    expect(ada.locator(".messages")).to_have_text("Noted: not quite.")

    correct(article)
    edith.goto(f"{article.get_absolute_url()}disputes/")
    edith.get_by_role("link", name="Resolve").click()
    edith.get_by_role("button", name="Keep it").click()
    expect(edith.locator(".resolution")).to_contain_text("Corrected in revision 2")

    ada.goto(found.get_absolute_url())
    ada.get_by_role("button", name="It does not").click()
    expect(ada.locator(".resolution")).to_contain_text("ada says that this does not settle it")
    ada.goto(f"{article.get_absolute_url()}disputes/")
    ada.get_by_role("link", name="Open 1").click()
    expect(ada.locator(".dispute")).to_have_count(1)
    ada.goto(f"{article.get_absolute_url()}revisions/")
    expect(ada.get_by_text("ada says that this does not settle it.")).to_be_visible()


def test_what_was_changed_while_one_read_is_said_in_the_panel(signed_in_page: NewPage) -> None:
    article, bob = make_article(), make_reader(username="bob")
    found = make_annotation(article=article, creator=make_reader(username="ada"), kind="disagreement", exact="The toll")
    make_restatement(of=found, by=bob, body=POINT)
    page = signed_in_page("ada", **PHONE)
    post = open_post(page, article)
    make_restatement(of=found, by=bob, body="You are saying the opposite.")
    post.get_by_role("button", name=re.compile("^Fair")).click()
    expect(page.locator("#panel").get_by_role("alert")).to_contain_text("Please read them again.")
    expect(page.locator("#panel .restatement")).to_contain_text("You are saying the opposite.")
    assert not hands.is_wider_than_the_screen(page)

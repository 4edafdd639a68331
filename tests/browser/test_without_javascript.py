"""A reader whose browser runs no scripts: everything by links and forms."""

from playwright.sync_api import Page, expect

from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import PASSWORD, make_annotation

SENTENCE = "Furthermore, cooperation against the narcotics trade was also suspended."


def test_who_writes_before_having_an_account_makes_one_and_comes_back_to_their_words(
    no_script_page: Page, first_article: Article
) -> None:
    page = no_script_page
    page.goto("/")
    page.get_by_role("link", name=first_article.title).click()
    page.get_by_role("link", name="Respond to paragraph 3").click()
    page.get_by_label(SENTENCE).check()
    page.get_by_label("Disagree").check(force=True)
    page.get_by_label("What is wrong with these words").select_option("number")
    page.get_by_label("Your words").fill("That makes *four*.")
    page.get_by_role("button", name="Sign in and post").click()

    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name", exact=True).fill("ada")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Make an account").click()

    expect(page.get_by_text("Here is what you were writing. It is not posted yet.")).to_be_visible()
    expect(page.get_by_label(SENTENCE)).to_be_checked()
    expect(page.get_by_label("Disagree")).to_be_checked()
    expect(page.get_by_label("What is wrong with these words")).to_have_value("number")
    page.get_by_role("button", name="Post").click()

    expect(page.locator(".post")).to_contain_text("That makes four.")
    expect(page.locator(".alone mark")).to_have_text(SENTENCE)
    page.get_by_role("link", name="Back to the text").click()
    expect(hands.marked(page, SENTENCE)).to_have_class("m m-disagreement")
    assert Annotation.objects.get().creator == User.objects.get(username="ada")


def test_what_is_wrong_is_said_beside_what_was_typed(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(f"{first_article.get_absolute_url()}p3/")
    page.get_by_role("radio", name="Source").check(force=True)
    page.get_by_label("Web address").fill("ftp://example.org/list")
    page.get_by_label("Your words").fill("The list itself.")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".field-url .error")).to_be_visible()
    expect(page.locator(".field-stance .error")).to_be_visible()
    expect(page.get_by_label("Web address")).to_have_value("ftp://example.org/list")
    expect(page.get_by_label("Your words")).to_have_value("The list itself.")
    assert not Annotation.objects.exists()


def test_answering_editing_reporting_and_withdrawing_are_pages_too(
    signed_in_page: NewPage, first_article: Article
) -> None:
    question = make_annotation(article=first_article, exact=SENTENCE, kind="question", body="Says who?")
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(question.get_absolute_url())
    hands.more(page.locator(".post"), "Report")
    page.get_by_label("Spam").check()
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_text("Reported. A moderator will look at it.")).to_be_visible()
    page.get_by_role("link", name="Reply").click()
    page.get_by_label("Your answer").fill("The ministry.")
    page.get_by_role("button", name="Post reply").click()
    answer = page.locator(".post", has_text="The ministry")
    hands.more(answer, "Edit")
    page.get_by_label("Your words").fill("The ministry says so.")
    page.get_by_role("button", name="Save").click()
    hands.more(answer, "Withdraw")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn.", exact=True)).to_be_visible()
    assert list(Annotation.objects.order_by("pk").values_list("body", "state")) == [
        ("Says who?", "published"),
        ("The ministry says so.", "withdrawn"),
    ]

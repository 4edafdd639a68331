"""What is being written is not lost: not to a sign-in, a failure, a closed panel or an impatient finger."""

import pytest
from playwright.sync_api import Page, Route, expect
from pytest_django.fixtures import Settings

from annotations.models import Annotation
from reader import rates
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import make_annotation, make_reader

WORDS = "soft on crime"


def test_who_selects_and_writes_signed_out_comes_back_to_it_after_signing_in(
    page: Page, first_article: Article
) -> None:
    make_reader(username="ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Source")
    form.get_by_label("Web address").fill("https://example.org/speech")
    form.get_by_label("What it does for these words").select_option("context")
    hands.post(form, "Who said it first.")
    hands.sign_in(page, "ada")
    expect(page.get_by_text("Here is what you were writing. It is not posted yet.")).to_be_visible()
    expect(page.get_by_role("radio", name=WORDS)).to_be_checked()
    expect(page.get_by_label("Web address")).to_have_value("https://example.org/speech")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".post")).to_contain_text("Who said it first.")
    assert (Annotation.objects.get().exact, Annotation.objects.get().sign) == (WORDS, "context")


def test_a_lost_connection_keeps_the_words_and_says_what_to_do_until_it_is_back(
    signed_in_page: NewPage, first_article: Article, complaints: list[str]
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Note")
    page.context.set_offline(True)
    hands.post(form, "Written on a train.")
    expect(form.get_by_role("alert")).to_have_text(
        "You are not connected. What you wrote is kept on this device; post again when you are back."
    )
    expect(form.get_by_role("button", name="Post")).to_be_focused()
    form.get_by_label("Your words").press("End")
    page.context.set_offline(False)
    expect(form.get_by_role("status").filter(has_text="connected again")).to_be_visible()
    expect(form.get_by_label("Your words")).to_be_focused()
    form.get_by_role("button", name="Post").click()
    expect(page.locator("#panel .post.fresh")).to_contain_text("Written on a train.")
    # The lost connection is told in the console, as it should be.
    assert "Failed to load resource: net::ERR_INTERNET_DISCONNECTED" in complaints
    complaints.clear()


def test_an_answer_that_is_lost_posts_once(
    signed_in_page: NewPage, first_article: Article, complaints: list[str]
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Note")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/annotations/", lose)
    hands.post(form, "Said once.")
    expect(form.get_by_role("alert")).to_contain_text("The site could not be reached.")
    page.unroute("**/annotations/")
    page.reload()
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".post")).to_contain_text("Said once.")
    assert Annotation.objects.count() == 1
    complaints.clear()


@pytest.mark.parametrize(
    ("status", "headers", "sentence"),
    [
        pytest.param(403, {}, "This form has expired", id="an expired session"),
        pytest.param(413, {}, "This is too long to be sent.", id="too much"),
        pytest.param(429, {"Retry-After": "90"}, "post again in 2 minutes.", id="too often"),
        pytest.param(500, {}, "Something went wrong here, not with you.", id="a failure"),
    ],
)
def test_a_server_that_refuses_keeps_the_words_and_says_what_to_do(
    *,
    signed_in_page: NewPage,
    first_article: Article,
    complaints: list[str],
    status: int,
    headers: dict[str, str],
    sentence: str,
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Note")
    page.route("**/annotations/", lambda route: route.fulfill(status=status, headers=headers, body="<h1>No</h1>"))
    hands.post(form, "Written in a storm.")
    expect(form.get_by_role("alert")).to_contain_text(sentence)
    expect(form.get_by_role("alert")).to_contain_text("What you wrote is kept on this device")
    expect(form.get_by_label("Your words")).to_have_value("Written in a storm.")
    page.unroute("**/annotations/")
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("Written in a storm.")
    assert [complaint[:30] for complaint in complaints] == [f"Response Status Error Code {status}"]
    complaints.clear()


def test_a_double_click_on_post_makes_one_annotation(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Note")
    form.get_by_label("Your words").fill("Once.")
    form.get_by_role("button", name="Post").dblclick()
    expect(page.locator("#panel .post.fresh")).to_contain_text("Once.")
    page.reload()
    expect(page.locator(".post")).to_have_count(1)


def test_a_double_click_without_javascript_makes_one_annotation(
    signed_in_page: NewPage, first_article: Article
) -> None:
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(f"{first_article.get_absolute_url()}p2/")
    page.get_by_label("Your words").fill("Once.")
    page.get_by_role("button", name="Post").dblclick()
    expect(page.locator(".post")).to_have_count(1)


def test_what_was_being_written_is_there_when_the_panel_opens_again(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Ask")
    form.get_by_label("Your words").fill("Half a thought")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.reload()
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(form.get_by_label("Your words")).to_have_value("Half a thought")
    expect(form.get_by_role("radio", name="Ask")).to_be_checked()


def test_what_was_posted_does_not_come_back_as_a_draft(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    hands.post(hands.respond(page, "Note"), "Said once.")
    expect(page.locator("#panel .post.fresh")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel .post")).to_have_count(1)
    expect(page.locator("#panel").get_by_label("Your words")).to_have_value("")


def test_what_is_wrong_is_said_in_the_panel_beside_what_was_typed(
    signed_in_page: NewPage, first_article: Article
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    form = hands.respond(page, "Disagree")
    hands.post(form, "Not so soft.")
    expect(form.get_by_role("alert")).to_be_focused()
    expect(form.get_by_role("alert")).to_be_in_viewport(ratio=1)
    expect(form.locator(".field-grounds .error")).to_be_visible()
    expect(form.get_by_label("Your words")).to_have_value("Not so soft.")
    expect(form.get_by_role("radio", name=WORDS)).to_be_checked()
    form.get_by_label("What is wrong with these words").select_option("framing")
    form.get_by_role("button", name="Post").click()
    expect(page.locator("#panel .post.fresh")).to_contain_text("Not so soft.")


def test_a_thread_grows_changes_and_shrinks_in_the_panel(signed_in_page: NewPage, first_article: Article) -> None:
    note = make_annotation(article=first_article, exact=WORDS, body="They say so.")
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.marked(page, WORDS).click()
    panel = page.locator("#panel")
    panel.get_by_role("link", name="Reply").click()
    panel.get_by_label("Your answer").fill("Who does?")
    panel.get_by_role("button", name="Post reply").click()
    answer = panel.locator(f"#thread-{note.pk} .replies .post")
    hands.more(answer, "Edit")
    expect(answer.get_by_label("Your words")).to_be_focused()
    answer.get_by_label("Your words").fill("Who does, and where?")
    answer.get_by_role("button", name="Save").click()
    expect(answer.locator(".body")).to_have_text("Who does, and where?")
    hands.more(answer, "Withdraw")
    answer.get_by_role("button", name="Withdraw").click()
    expect(answer.get_by_role("button", name="Undo")).to_be_visible()
    expect(panel.locator(".post .body")).to_have_text("They say so.")


def test_of_two_edits_at_once_the_second_is_shown_the_first(signed_in_page: NewPage, first_article: Article) -> None:
    first, second = signed_in_page("ada"), signed_in_page("ada")
    note = make_annotation(article=first_article, creator=User.objects.get())
    for page in (first, second):
        page.goto(f"{note.get_absolute_url()}edit/")
    first.get_by_label("Your words").fill("At home.")
    first.get_by_role("button", name="Save").click()
    expect(first.locator(".post .body")).to_have_text("At home.")
    second.get_by_label("Your words").fill("On the way.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("edited elsewhere")
    expect(second.get_by_text("At home.").first).to_be_visible()
    expect(second.get_by_label("Your words")).to_have_value("On the way.")


def test_a_post_that_came_too_soon_stays_in_its_form_and_says_when(
    signed_in_page: NewPage, first_article: Article, settings: Settings
) -> None:
    settings.LIMITS = rates.parse("annotations=1/m")
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, WORDS)
    hands.post(hands.respond(page, "Note"), "The first.")
    expect(page.locator(".post.fresh")).to_contain_text("The first.")
    form = page.locator("[data-composer]")
    hands.post(form, "The second, in a hurry.")
    expect(form.get_by_role("alert")).to_contain_text("You can post again in")
    expect(form.get_by_label("Your words")).to_have_value("The second, in a hurry.")
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("The second, in a hurry.")
    settings.LIMITS = {}
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".post").get_by_text("The second, in a hurry.")).to_be_visible()
    assert Annotation.objects.count() == 2


def test_without_a_script_a_post_that_came_too_soon_stays_in_its_form(
    signed_in_page: NewPage, first_article: Article, settings: Settings
) -> None:
    settings.LIMITS = rates.parse("annotations=1/m")
    page = signed_in_page("ada", java_script_enabled=False)
    for words in ("The first.", "The second, in a hurry."):
        page.goto(f"{first_article.get_absolute_url()}p1/")
        page.get_by_label("Your words").fill(words)
        page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_contain_text("You can post again in")
    expect(page.get_by_label("Your words")).to_have_value("The second, in a hurry.")


def test_a_button_pressed_too_often_says_so_in_its_thread(
    signed_in_page: NewPage, first_article: Article, settings: Settings
) -> None:
    settings.LIMITS = rates.parse("judgements=1/m")
    annotation = make_annotation(article=first_article)
    page = signed_in_page("ada")
    page.goto(annotation.get_absolute_url())
    page.locator(f"#agree-{annotation.pk}").click()
    expect(page.locator(f"#agree-{annotation.pk}")).to_have_attribute("aria-pressed", "true")
    page.locator(f"#disagree-{annotation.pk}").click()
    expect(page.locator(".position").get_by_role("status")).to_contain_text("again in")
    expect(page.locator(f"#agree-{annotation.pk}")).to_have_attribute("aria-pressed", "true")

"""Writing with help: drafts that come back, words seen before they are posted, and sources that are known."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_article, make_reader, make_revision, make_source

WORDS = "soft on crime"
RESTORED = "Here is what you were writing. It is not posted yet."
URL = "https://example.org/count"
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft/'))"
SHORT = f"A Short Title\n\nThe first of two paragraphs.\n\nThe second is {WORDS}, as they say.\n"


def open_place(page: Page) -> Locator:
    """Open paragraph 2 beside the text without choosing words, and give its form."""
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    form = page.locator("#panel form.composer")
    expect(form).to_be_visible()
    return form


def begin(page: Page, article: Article, kind: str = "Note", body: str = "Half a thought") -> Locator:
    hands.open_article(page, article)
    hands.select(page, WORDS)
    form = hands.respond(page, kind)
    form.get_by_label("Your words").fill(body)
    return form


def known(article: Article) -> Annotation:
    """Give a source on the words, which was described in full."""
    told = make_source(url=URL, title="The count", publisher="The Office", published_on=dt.date(2015, 9, 11))
    return make_annotation(article=article, exact=WORDS, kind="source", sources=[told], body="They counted.")


def test_a_draft_comes_back_after_a_reload_with_its_words_lit(page: Page, first_article: Article) -> None:
    begin(page, first_article, "Ask")
    hands.open_article(page, first_article)
    form = open_place(page)
    expect(form.get_by_text(RESTORED)).to_be_visible()
    expect(form.get_by_label("Your words")).to_have_value("Half a thought")
    expect(form.get_by_role("radio", name="Ask")).to_be_checked()
    expect(form.get_by_role("radio", name=WORDS)).to_be_checked()
    assert page.evaluate("[...CSS.highlights.get('chosen')].map(String)") == [WORDS]


def test_a_draft_comes_back_as_it_was_when_its_own_address_is_loaded_again(page: Page, first_article: Article) -> None:
    form = begin(page, first_article, "Note")
    form.get_by_role("radio", name="Ask").check(force=True)
    page.reload()
    expect(page.get_by_label("Your words")).to_have_value("Half a thought")
    expect(page.get_by_role("radio", name="Ask")).to_be_checked()


def test_a_draft_goes_with_its_writer_through_signing_in(page: Page, first_article: Article) -> None:
    make_reader(username="ada")
    begin(page, first_article)
    page.get_by_role("link", name="Sign in").click()
    hands.sign_in(page, "ada")
    hands.open_article(page, first_article)
    form = open_place(page)
    expect(form.get_by_label("Your words")).to_have_value("Half a thought")
    form.get_by_role("button", name="Post").click()
    expect(page.locator("#panel .post.fresh")).to_contain_text("Half a thought")
    assert Annotation.objects.get().exact == WORDS
    assert page.evaluate(DRAFTS) == []


def test_on_a_shared_computer_nobody_sees_the_draft_of_another(page: Page, first_article: Article) -> None:
    for username in ("ada", "bob"):
        make_reader(username=username)
    page.goto("/accounts/login/")
    hands.sign_in(page, "ada")
    begin(page, first_article)
    # The session ends without a word; what was being written stays, for her alone.
    page.context.clear_cookies()
    hands.open_article(page, first_article)
    expect(open_place(page).get_by_label("Your words")).to_have_value("")
    page.goto("/accounts/login/")
    hands.sign_in(page, "bob")
    hands.open_article(page, first_article)
    expect(open_place(page).get_by_label("Your words")).to_have_value("")
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    hands.sign_in(page, "ada")
    hands.open_article(page, first_article)
    expect(open_place(page).get_by_label("Your words")).to_have_value("Half a thought")


def test_who_signs_out_leaves_no_draft_behind(page: Page, first_article: Article) -> None:
    make_reader(username="ada")
    page.goto("/accounts/login/")
    hands.sign_in(page, "ada")
    begin(page, first_article)
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.evaluate(DRAFTS) == []


def test_a_draft_can_be_let_go(page: Page, first_article: Article) -> None:
    begin(page, first_article)
    hands.open_article(page, first_article)
    form = open_place(page)
    form.get_by_role("button", name="Discard").click()
    expect(form.get_by_label("Your words")).to_be_focused()
    expect(form.get_by_label("Your words")).to_have_value("")
    expect(form.get_by_text(RESTORED)).to_have_count(0)
    expect(form.get_by_role("radio", name="Paragraph 2, all of it")).to_be_checked()
    hands.open_article(page, first_article)
    expect(open_place(page).get_by_label("Your words")).to_have_value("")


def test_other_words_chosen_since_are_what_the_draft_is_about(page: Page, first_article: Article) -> None:
    begin(page, first_article, "Ask")
    page.keyboard.press("Escape")
    hands.select(page, "a strong argument")
    form = hands.respond(page, "Disagree")
    expect(form.get_by_label("Your words")).to_have_value("Half a thought")
    expect(form.get_by_role("radio", name="Disagree")).to_be_checked()
    expect(form.get_by_role("radio", name="a strong argument")).to_be_checked()


@pytest.mark.parametrize(
    ("texts", "told", "chosen"),
    [
        pytest.param(
            ("The first of two paragraphs.", f"The second, they say, is {WORDS}, as they say."),
            "the words you chose are still there",
            WORDS,
            id="words that stand elsewhere",
        ),
        pytest.param(
            ("The first of two paragraphs.", "The second is another one, as they say."),
            f"not there as they were: “{WORDS}”",
            "Paragraph 2, all of it",
            id="words that are gone",
        ),
    ],
)
def test_a_draft_outlives_a_revision_and_says_so(page: Page, texts: tuple[str, ...], told: str, chosen: str) -> None:
    article = make_article(text=SHORT)
    begin(page, article)
    make_revision(article, *texts)
    hands.open_article(page, article)
    form = open_place(page)
    expect(form.locator(".draft-notice")).to_contain_text(told)
    expect(form.get_by_label("Your words")).to_have_value("Half a thought")
    expect(form.get_by_role("radio", name=chosen)).to_be_checked()


def test_what_was_written_about_a_paragraph_that_is_gone_is_still_to_be_read(page: Page) -> None:
    article = make_article(text=SHORT)
    begin(page, article)
    make_revision(article, "The first of two paragraphs.")
    page.goto(f"{article.get_absolute_url()}p2/")
    expect(page.locator(".draft-notice")).to_contain_text("Half a thought")
    page.get_by_role("button", name="Discard").click()
    page.reload()
    expect(page.get_by_text("no longer in the text")).to_be_visible()
    expect(page.locator(".draft-notice")).to_have_count(0)


def test_answers_and_edits_have_drafts_too(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    note = make_annotation(article=first_article, exact=WORDS, creator=User.objects.get(username="ada"))
    for way, label in (("replies", "Your answer"), ("edit", "Your words")):
        page.goto(f"{note.get_absolute_url()}{way}/")
        page.get_by_label(label).fill(f"Half of {way}")
        page.reload()
        expect(page.locator(".draft-notice")).to_contain_text(RESTORED)
        expect(page.get_by_label(label)).to_have_value(f"Half of {way}")
        page.get_by_label(label).press("Control+Enter")
        expect(page.locator(".post").filter(has_text=f"Half of {way}")).to_be_visible()
        page.goto(f"{note.get_absolute_url()}{way}/")
        expect(page.get_by_label(label)).to_be_visible()
        expect(page.locator(".draft-notice")).to_have_count(0)


def test_words_are_seen_as_they_will_look_and_posting_is_another_button(
    signed_in_page: NewPage, first_article: Article, check_accessibility: Callable[..., None]
) -> None:
    page = signed_in_page("ada")
    form = begin(page, first_article, body="Says *who*?")
    form.get_by_role("button", name="Preview").click()
    preview = form.get_by_role("region", name="Preview")
    expect(preview).to_be_focused()
    expect(preview.locator("em")).to_have_text("who")
    check_accessibility(page, within="#panel")
    form.get_by_label("Your words").press_sequentially("!")
    expect(preview).to_contain_text("As it looked before your last change")
    assert not Annotation.objects.exists()
    form.get_by_role("button", name="Post").click()
    expect(page.locator("#panel .post.fresh em")).to_have_text("who")


def test_words_are_seen_as_they_will_look_without_javascript(no_script_page: Page, first_article: Article) -> None:
    page = no_script_page
    page.goto(f"{first_article.get_absolute_url()}p2/")
    page.get_by_role("radio", name="Disagree").check(force=True)
    page.get_by_label("Your words").fill("Says *who*?")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("who")
    expect(page.get_by_role("region", name="Preview")).to_be_in_viewport()
    expect(page.get_by_label("Your words")).to_have_value("Says *who*?")
    expect(page.get_by_role("radio", name="Disagree")).to_be_checked()


def test_what_is_left_of_the_length_is_told_near_its_end_only(page: Page, first_article: Article) -> None:
    form = begin(page, first_article, body="😀" * 7_999)
    expect(form.locator(".count")).to_have_count(0)
    form.get_by_label("Your words").fill("😀" * 8_000)
    expect(form.locator(".count")).to_have_text("2,000 characters left")
    expect(page.locator("#announcer")).to_have_text("2,000 characters left")
    form.get_by_label("Your words").press_sequentially("ab")
    expect(form.locator(".count")).to_have_text("1,998 characters left")
    expect(page.locator("#announcer")).to_have_text("2,000 characters left")
    form.get_by_label("Your words").fill("a" * 10_001)
    expect(form.locator(".count")).to_have_text("1 character too many")


def test_a_known_source_fills_itself_and_what_was_typed_stays(signed_in_page: NewPage, first_article: Article) -> None:
    known(first_article)
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, "a strong argument")
    form = hands.respond(page, "Source")
    form.get_by_label("Publisher").fill("Their office")
    form.get_by_label("Web address").fill(f"{URL}?utm_source=x")
    form.get_by_label("Web address").press("Tab")
    expect(form.get_by_text("Filled in from what readers wrote here before.")).to_be_visible()
    values = [form.get_by_label(label).input_value() for label in ("Title", "Publisher", "Date")]
    assert values == ["The count", "Their office", "2015-09-11"]
    form.get_by_label("Web address").fill("https://example.org/else")
    form.get_by_label("Web address").press("Tab")
    expect(form.get_by_label("Title")).to_have_value("")
    expect(form.get_by_label("Publisher")).to_have_value("Their office")


def test_a_source_that_is_there_is_pointed_out_at_once_and_can_be_answered(
    signed_in_page: NewPage, first_article: Article, check_accessibility: Callable[..., None]
) -> None:
    citation = known(first_article)
    page = signed_in_page("ada")
    form = begin(page, first_article, "Source", body="It stops in May.")
    form.get_by_label("Web address").fill(URL)
    form.get_by_label("Web address").press("Tab")
    expect(form.get_by_role("status").filter(has_text="This source is already here.")).to_be_visible()
    check_accessibility(page, within="#panel")
    form.get_by_role("button", name="Say what you think of it").click()
    answer = page.locator(f"#slot-{citation.pk}")
    expect(answer.get_by_label("Your answer")).to_have_value("It stops in May.")
    expect(answer.get_by_label("Your answer")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(answer.get_by_label("Your answer")).to_be_focused()
    answer.get_by_role("button", name="Post reply").click()
    expect(page.locator(f"#thread-{citation.pk}")).to_contain_text("It stops in May.")
    assert Annotation.objects.get(parent=citation).body == "It stops in May."


def test_a_source_that_is_there_is_posted_all_the_same_by_a_second_press(
    signed_in_page: NewPage, first_article: Article
) -> None:
    known(first_article)
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(f"{first_article.get_absolute_url()}p2/")
    page.get_by_role("radio", name="Source").check(force=True)
    page.get_by_label("Web address").fill(URL)
    page.get_by_label("What it does for these words").select_option("context")
    page.get_by_label("Your words").fill("See there.")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".duplicate")).to_contain_text("They counted.")
    expect(page.get_by_label("Your words")).to_have_value("See there.")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".post").filter(has_text="See there.")).to_contain_text("The count")


def test_enter_in_a_field_posts_and_does_nothing_else(signed_in_page: NewPage, first_article: Article) -> None:
    known(first_article)
    page = signed_in_page("ada")
    form = begin(page, first_article, "Source", body="See there.")
    form.get_by_label("What it does for these words").select_option("context")
    form.get_by_label("Web address").fill(URL)
    form.get_by_label("Web address").press("Tab")
    expect(form.locator(".duplicate")).to_be_visible()
    form.get_by_label("Title").press("Enter")
    expect(page.locator("#panel .post.fresh")).to_contain_text("See there.")


def test_a_source_that_is_there_is_told_on_a_phone_without_sideways_scrolling(
    signed_in_page: NewPage, first_article: Article
) -> None:
    known(first_article)
    page = signed_in_page("ada", **PHONE)
    hands.open_article(page, first_article)
    form = open_place(page)
    form.get_by_role("radio", name="Source").check(force=True)
    form.get_by_label("Web address").fill(URL)
    form.get_by_label("Title").focus()
    expect(form.locator(".duplicate")).to_be_visible()
    answer = form.get_by_role("button", name="Say what you think of it").bounding_box()
    assert answer is not None
    assert answer["height"] >= 44
    assert not hands.is_wider_than_the_screen(page)

"""What readers say, beside the text: the way there and back, along the annotations, and through bad connections."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext, NewPage
from tests.factories import make_annotation, make_article

FOOTNOTED = "One, two and three.\n\n" + "\n\n".join(f"This is a longer paragraph, number {n}." * 9 for n in range(12))


def open_place(page: Page, number: int) -> None:
    page.get_by_role("link", name=f"Respond to paragraph {number}", exact=True).press("Enter")
    expect(page.locator("#panel h1")).to_have_text(f"Paragraph {number}")


def hold(page: Page, address: str) -> list[Route]:
    """Let questions to an address wait; give them as they come."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(address, keep)
    return held


def test_back_goes_through_the_places_that_were_opened_and_ends_at_the_text(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    open_place(page, 2)
    open_place(page, 4)
    page.go_back()
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
    expect(page.locator("#p2")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator(".row[aria-current]")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")


def test_closing_leaves_nothing_in_the_way_back(page: Page, first_article: Article) -> None:
    page.goto("/")
    hands.open_article(page, first_article)
    address = page.url
    for number in (2, 4):
        open_place(page, number)
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(address)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")


def test_after_a_reload_the_way_back_leads_to_the_text(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    open_place(page, 8)
    page.reload()
    expect(page.get_by_role("link", name="Back to the text")).to_be_visible()
    page.go_back()
    expect(page.locator("#p8")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"/#p8$"))


def test_the_text_stays_where_it_is_when_the_panel_comes_and_goes(page: Page) -> None:
    article = make_article(text=f"Long\n\n{FOOTNOTED}")
    make_annotation(article=article, exact="two")
    hands.open_article(page, article)
    for number, leave in ((4, "Escape"), (6, "Back"), (9, "Escape")):
        row = page.locator(f"#p{number}")
        page.get_by_role("link", name=f"Respond to paragraph {number}", exact=True).focus()
        before = row.bounding_box()
        open_place(page, number)
        opened = row.bounding_box()
        page.evaluate("scrollBy({ top: 150, behavior: 'instant' })")
        page.keyboard.press("Escape") if leave == "Escape" else page.go_back()
        expect(page.locator("#panel")).to_be_hidden()
        page.wait_for_function("!history.state")
        after = row.bounding_box()
        assert before
        assert opened
        assert after
        assert opened["y"] == pytest.approx(before["y"], abs=1)
        assert after["y"] == pytest.approx(before["y"] - 150, abs=1)


def test_a_link_within_the_text_is_followed_while_the_panel_is_open(page: Page, first_article: Article) -> None:
    asked: list[str] = []
    page.goto("/")
    hands.open_article(page, first_article)
    address = page.url
    page.on("request", lambda request: asked.append(request.url))
    open_place(page, 2)
    page.get_by_role("link", name="Link to paragraph 9").click()
    expect(page.locator("#p9")).to_be_in_viewport()
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(address)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    assert sum(url.endswith("/p2/") for url in asked) == 1


def test_the_walk_leads_through_the_annotations_and_back_closes(page: Page, sample_reading: Article) -> None:
    total = Annotation.objects.filter(root=None).count()
    hands.open_article(page, sample_reading)
    address = page.url
    page.locator(".rows .entry a").first.click()
    for number in range(2, total + 1):
        page.get_by_role("link", name="Next annotation").click()
        expect(page.locator(".walk-place")).to_have_text(f"{number} of {total}")
        post = page.locator("#panel .post.is-lit")
        expect(post).to_be_focused()
        expect(page.locator(".rows mark.is-lit").first).to_be_in_viewport()
        pk = post.get_attribute("data-id")
        expect(page).to_have_url(re.compile(rf"/p\d+/\?at={pk}#annotation-{pk}$"))
    expect(page.locator("#announcer")).to_have_text("This is the last annotation.")
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page).to_have_url(address)


def test_what_the_page_has_not_marked_yet_lights_its_paragraph(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    make_annotation(article=first_article, exact="soft on crime")
    open_place(page, 1)
    page.get_by_role("link", name="Next annotation").click()
    expect(page.locator("#panel .post.is-lit .words")).to_have_text("soft on crime")
    expect(page.locator("#p2 .text")).to_have_class("text is-lit")


def test_a_connection_that_is_lost_says_so_and_can_be_tried_again(
    page: Page, first_article: Article, check_accessibility: Callable[..., None], complaints: list[str]
) -> None:
    hands.open_article(page, first_article)
    page.context.set_offline(True)
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    failed = page.locator("#panel").get_by_role("heading", name="Not opened. You are not connected.")
    expect(failed).to_be_focused()
    check_accessibility(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#panel h1")).to_have_text("Paragraph 2")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Respond to paragraph 2")).to_be_focused()
    assert {complaint[:50] for complaint in complaints} <= {"Failed to load resource: net::ERR_INTERNET_DISCONN"}
    complaints.clear()


def test_a_server_that_fails_says_so_and_what_is_not_there_is_shown_as_a_page(
    page: Page, first_article: Article
) -> None:
    hands.open_article(page, first_article)
    page.route("**/p2/", lambda route: route.fulfill(status=500))
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel h1")).to_have_text("Not opened. Something went wrong here, not with you.")
    page.keyboard.press("Escape")
    page.route("**/p3/", lambda route: route.fulfill(status=404, content_type="text/html", body="<h1>Not here</h1>"))
    page.get_by_role("link", name="Respond to paragraph 3").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not here")


def test_what_takes_long_says_so_and_the_last_wish_wins(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    held = hold(page, "**/p2/")
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Opening…")).to_be_focused()
    expect(page.locator("#panel")).to_have_attribute("aria-busy", "true")
    open_place(page, 4)
    for route in held:
        route.continue_()
    page.wait_for_timeout(300)
    expect(page.locator("#panel h1")).to_have_text("Paragraph 4")
    expect(page.locator("#panel")).not_to_have_attribute("aria-busy", re.compile(""))
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()


def test_what_takes_long_can_be_given_up(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    address = page.url
    held = hold(page, "**/p2/")
    page.get_by_role("link", name="Respond to paragraph 2").press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Opening…")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    for route in held:
        route.abort()
    expect(page).to_have_url(address)
    expect(page.get_by_role("link", name="Respond to paragraph 2")).to_be_focused()
    expect(page.locator("#panel")).to_be_empty()


def test_the_focus_comes_back_to_a_row_that_was_drawn_anew(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    open_place(page, 2)
    hands.post(page.locator("#panel form.composer"), "Said of it all.")
    expect(page.locator("#panel .post.fresh")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Respond to paragraph 2")).to_be_focused()


def test_words_that_were_typed_are_there_again_after_another_place(page: Page, first_article: Article) -> None:
    hands.open_article(page, first_article)
    open_place(page, 2)
    page.locator("#panel").get_by_label("Your words").fill("Half a thought")
    open_place(page, 4)
    expect(page.locator("#panel").get_by_label("Your words")).to_have_value("")
    page.go_back()
    expect(page.locator("#panel").get_by_label("Your words")).to_have_value("Half a thought")


def test_that_the_margin_is_folded_is_said_once(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    page.locator("#p3 .entry a").first.click()
    expect(page.locator(".folded")).to_be_in_viewport(ratio=1)
    expect(page.locator("#p5 .counts")).to_be_visible()
    open_place(page, 1)
    expect(page.locator(".folded")).to_have_count(0)


def test_a_sheet_is_made_larger_for_a_long_thread_and_smaller_again(
    new_context: NewContext, sample_reading: Article, check_accessibility: Callable[..., None]
) -> None:
    page = new_context(**PHONE).new_page()
    hands.open_article(page, sample_reading)
    page.locator("#p5 mark").first.tap()
    sheet = page.locator("#panel")
    expect(sheet.locator(".post.is-lit")).to_be_visible()
    small = sheet.bounding_box()
    page.get_by_role("button", name="Larger").tap()
    large = sheet.bounding_box()
    assert small
    assert large
    assert large["height"] > small["height"] + 150
    at = page.evaluate("scrollY")
    page.mouse.wheel(0, 9_000)
    page.mouse.wheel(0, 9_000)
    assert page.evaluate("scrollY") == at
    check_accessibility(page, within="#panel")
    page.get_by_role("button", name="Smaller").tap()
    assert sheet.bounding_box() == small
    expect(page.locator(".rows mark.is-lit").first).to_be_in_viewport(ratio=1)

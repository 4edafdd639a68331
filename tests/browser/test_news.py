"""A page that stays open is told what others post, without anything moving under its reader's eyes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from annotations import annotating
from reader import publishing
from reader.models import Article, Paragraph
from tests.browser import hands
from tests.browser.conftest import NewContext, NewPage
from tests.factories import make_annotation, make_document, make_reply

# How often a page asks, in milliseconds.
INTERVAL = 5_000
TOP_OF = "(name) => document.getElementById(name).querySelector('.text').getBoundingClientRect().top"


def open_article(page: Page, article: Article) -> None:
    """Open the reading page with its clocks in the test's hands."""
    page.clock.install()
    hands.open_article(page, article)
    page.clock.run_for(200)


def wait(page: Page, *, times: int = 1) -> None:
    """Let so much time pass that the page asks so often, and let each answer come before the next."""
    for _ in range(times):
        with page.expect_response("**/activity/"):
            page.clock.run_for(INTERVAL)
        page.wait_for_load_state("networkidle")
        page.clock.run_for(50)


def pill(page: Page) -> Locator:
    return page.locator("#news .pill")


def asked(page: Page) -> list[str]:
    """Give the addresses that the page asks for from now on, of those that concern news."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url) if "/activity/" in request.url else None)
    return addresses


def read_from(page: Page, name: str) -> None:
    page.evaluate(
        "(name) => document.getElementById(name).scrollIntoView({ block: 'center', behavior: 'instant' })", name
    )


def test_what_another_reader_posts_is_told_and_shown_without_moving_the_text(
    page: Page, signed_in_page: NewPage, first_article: Article
) -> None:
    open_article(page, first_article)
    read_from(page, "p9")
    # Some browsers hold the text of themselves, and others do not.
    page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
    other = signed_in_page("ada")
    hands.open_article(other, first_article)
    hands.select(other, "safe havens")
    hands.post(hands.respond(other, "Note"), "Nobody had said so before.")
    expect(other.locator("#panel .post.fresh")).to_be_visible()

    wait(page)
    expect(pill(page)).to_have_text("1 new annotation. Show it.")
    before = page.evaluate(TOP_OF, "p9")
    pill(page).click()
    entry = page.locator(".rows .entry.is-new", has_text="Nobody had said so before. ada")
    expect(entry).to_be_visible()
    assert page.evaluate(TOP_OF, "p9") == pytest.approx(before, abs=1)
    expect(hands.marked(page, "safe havens")).to_have_class("m m-note")
    expect(page.locator("#map .sums")).to_contain_text("1 note")
    expect(pill(page)).to_have_count(0)
    expect(page.get_by_role("navigation", name="1 new annotation").get_by_role("link")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("#panel .post.is-lit")).to_contain_text("Nobody had said so before.")
    expect(page.locator("#news nav")).to_have_count(0)


def test_an_answer_is_shown_in_the_open_thread_and_what_is_being_typed_stays(
    signed_in_page: NewPage, first_article: Article
) -> None:
    note = make_annotation(article=first_article, exact="safe havens", body="It says so.")
    page = signed_in_page("bo")
    open_article(page, first_article)
    hands.marked(page, "safe havens").click()
    page.locator("#panel [name=body]").fill("Half a thought")
    make_reply(parent=note, body="And I agree.")
    wait(page)
    pill(page).click()
    expect(page.locator("#panel .replies .post")).to_contain_text("And I agree.")
    expect(page.locator("#panel [name=body]")).to_have_value("Half a thought")
    expect(page.locator(".rows .m.is-lit")).to_have_text("safe havens")


def test_a_thread_in_which_an_answer_is_being_written_is_left_alone(
    signed_in_page: NewPage, first_article: Article
) -> None:
    note = make_annotation(article=first_article, exact="safe havens", body="It says so.")
    page = signed_in_page("bo")
    open_article(page, first_article)
    hands.marked(page, "safe havens").click()
    page.locator("#panel").get_by_role("link", name="Reply").click()
    answer = page.locator(f"#slot-{note.pk} [name=body]")
    answer.fill("Half an answer")
    make_annotation(article=first_article, exact="safe havens", body="A second thread.")
    make_reply(parent=note, body="And I agree.")
    wait(page)
    pill(page).click()
    expect(page.locator("#panel .thread")).to_have_count(2)
    expect(answer).to_have_value("Half an answer")
    expect(page.locator(".rows .m.is-lit").first).to_have_text("safe havens")


def test_words_that_are_being_written_about_stay_lit(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("bo")
    open_article(page, first_article)
    hands.select(page, "safe havens")
    page.clock.run_for(500)
    hands.respond(page, "Note").locator("[name=body]").fill("Half a thought")
    before = page.evaluate(hands.BOX_OF_CHOSEN)
    make_annotation(article=first_article, exact="safe havens")
    wait(page)
    pill(page).click()
    expect(hands.marked(page, "safe havens")).to_be_visible()
    assert page.evaluate(hands.BOX_OF_CHOSEN) == pytest.approx(before, abs=1)
    expect(page.locator("#panel [name=body]")).to_have_value("Half a thought")


def test_what_one_posts_oneself_is_no_news(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    open_article(page, first_article)
    hands.select(page, "safe havens")
    page.clock.run_for(500)
    hands.post(hands.respond(page, "Note"), "My own.")
    expect(page.locator("#panel .post.fresh")).to_be_visible()
    with page.expect_response("**/news/*") as answer:
        page.clock.run_for(INTERVAL)
    assert answer.value.status == 204
    expect(pill(page)).to_have_count(0)
    wait(page)
    expect(pill(page)).to_have_count(0)


def test_what_is_withdrawn_again_is_no_longer_told(page: Page, first_article: Article) -> None:
    open_article(page, first_article)
    annotation = make_annotation(article=first_article)
    wait(page)
    expect(pill(page)).to_be_visible()
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    wait(page)
    expect(pill(page)).to_have_count(0)


def test_a_revision_is_told_and_the_page_comes_back_at_the_same_paragraph(page: Page, first_article: Article) -> None:
    open_article(page, first_article)
    read_from(page, "p9")
    blocks = Paragraph.objects.filter(revision=first_article.current_revision_id, kind="paragraph")
    publishing.revise(first_article, make_document(*(block.html for block in blocks), "One more at the end."))
    wait(page)
    link = page.get_by_role("link", name="This text was revised")
    with page.expect_navigation():
        link.click()
    expect(page.get_by_text("One more at the end.")).to_have_count(1)
    assert page.url.rpartition("#")[2].startswith("p")
    expect(page.locator(":target")).to_be_in_viewport()


def hide(page: Page, *, state: str = "hidden") -> None:
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { configurable: true, value: state });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def show(page: Page) -> None:
    hide(page, state="visible")


def go_offline(page: Page) -> None:
    page.context.set_offline(True)


def go_online(page: Page) -> None:
    page.context.set_offline(False)


@pytest.mark.parametrize(
    ("leave", "return_"),
    [
        pytest.param(hide, show, id="hidden"),
        pytest.param(go_offline, go_online, id="without a network"),
    ],
)
def test_a_page_that_nobody_can_see_or_tell_does_not_ask_until_it_is_back(
    page: Page, first_article: Article, leave: Callable[[Page], None], return_: Callable[[Page], None]
) -> None:
    open_article(page, first_article)
    wait(page)
    leave(page)
    addresses = asked(page)
    page.clock.run_for(20 * INTERVAL)
    assert addresses == []
    make_annotation(article=first_article)
    with page.expect_response("**/activity/"):
        return_(page)
        page.clock.run_for(INTERVAL)
    expect(pill(page)).to_be_visible()


def test_a_page_asks_every_five_seconds_and_less_often_when_it_gets_no_answer(
    page: Page, first_article: Article
) -> None:
    open_article(page, first_article)
    wait(page)
    addresses = asked(page)
    wait(page, times=12)
    # The minute, and what the machine takes meanwhile.
    assert 12 <= len(addresses) <= 16
    page.route("**/activity/", lambda route: route.fulfill(status=503))
    addresses.clear()
    for _ in range(12):
        page.clock.run_for(INTERVAL)
        page.wait_for_load_state("networkidle")
    assert 1 <= len(addresses) <= 7


def test_a_first_reading_is_left_alone(page: Page, live_server: LiveServer, first_article: Article) -> None:
    page.context.add_cookies([{"name": "reading", "value": "alone", "url": live_server.url}])
    open_article(page, first_article)
    addresses = asked(page)
    page.clock.run_for(4 * INTERVAL)
    assert addresses == []


@pytest.mark.parametrize("width", [320, 390, 820, 1100, 1440])
def test_the_news_lie_beside_the_words_or_below_them(
    new_context: NewContext, check_accessibility: Callable[..., None], first_article: Article, width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 844}).new_page()
    open_article(page, first_article)
    make_annotation(article=first_article)
    wait(page)
    assert_apart(page)
    check_accessibility(page, within="#news")
    pill(page).click()
    expect(page.locator("#news nav")).to_be_visible()
    assert_apart(page)
    check_accessibility(page, within="#news")


def assert_apart(page: Page) -> None:
    """Assert that what is to be pressed is as tall as a finger, and lies on no column of text but at its very end."""
    news, text = page.locator("#news").bounding_box(), page.locator("#p1 .text").bounding_box()
    assert news
    assert text
    assert news["x"] + news["width"] <= text["x"] or (news["x"] == 0 and news["height"] < 120)
    assert news["y"] + news["height"] <= 844
    assert page.locator("#news :is(a, button)").evaluate_all("(all) => all.every((one) => one.offsetHeight >= 44)")
    assert not hands.is_wider_than_the_screen(page)

"""A text read alone first: nothing of what readers say is there until its end, and then everything is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext
from tests.factories import make_annotation, make_article, make_revision

Check = Callable[..., None]

# What tells on the page that there are readers who say something.
TRACES = ".margin, .map, .filter, .whole, .orphans, .toolbar, .news, .panel"


@pytest.fixture
def article(sample_reading: Article) -> Article:
    """Give the first article with annotations of every sort: on words, on all of it, and on words that are gone."""
    assert sample_reading.current_revision
    make_annotation(article=sample_reading, exact="Views expressed", body="As always.")
    blocks = [paragraph.block for paragraph in sample_reading.current_revision.paragraphs.all()]
    make_revision(sample_reading, *blocks[:-1])
    return sample_reading


def reading_alone(context: BrowserContext, live_server: LiveServer) -> Page:
    context.add_cookies([{"name": "reading", "value": "alone", "url": live_server.url}])
    return context.new_page()


def expect_the_text_alone(page: Page) -> None:
    expect(page.locator(".rows .text").first).to_be_visible()
    for trace in page.locator(TRACES).all():
        expect(trace).to_be_hidden()
    expect(page.locator(".rows mark").first).to_have_css("text-decoration-line", "none")
    # Nor is anything of it read out or reached by Tab.
    tree = page.locator("main").aria_snapshot()
    assert "Respond" not in tree
    assert "Disagrees" not in tree


def expect_everything(page: Page) -> None:
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#p3 .entry, #p3 .counts").locator("visible=true").first).to_be_visible()
    expect(page.locator("#whole")).to_be_visible()
    expect(page.locator("#orphans")).to_be_visible()
    expect(page.locator(".rows mark").first).not_to_have_css("text-decoration-line", "none")


def scroll_to_the_end(page: Page) -> None:
    """Scroll as a reader does, a screen at a time, until the end is in view."""
    page.mouse.move(200, 400)
    end = page.locator(".end-said")
    for _ in range(60):
        page.mouse.wheel(0, 300)
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        if end.evaluate("(one) => one.getBoundingClientRect().bottom < innerHeight"):
            return


def top_of(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_reaching_the_end_shows_what_readers_say_and_it_stays(
    new_context: NewContext, live_server: LiveServer, article: Article, options: dict[str, object]
) -> None:
    page = reading_alone(new_context(**{**options, "is_mobile": False}), live_server)
    hands.open_article(page, article)
    expect(page.get_by_text("You are reading the text alone.")).to_be_visible()
    expect_the_text_alone(page)
    with page.expect_response("**/readings/"):
        scroll_to_the_end(page)
    expect_everything(page)
    expect(page.locator("#announcer")).to_have_text("What readers say is shown now.")
    expect(page.get_by_text("You have read to the end. What readers say is shown now.")).to_be_visible()
    page.reload()
    expect_everything(page)
    expect(page.locator(".first-reading, .end").locator("visible=true")).to_have_count(0)


def test_the_words_stay_where_they_are_when_the_rest_comes(
    new_context: NewContext, live_server: LiveServer, article: Article
) -> None:
    page = reading_alone(new_context(viewport={"width": 820, "height": 700}), live_server)
    hands.open_article(page, article)
    page.evaluate(
        """() => {
          const words = [...document.querySelectorAll(".rows .text")].at(-1);
          const seen = [];
          const look = () => {
            const isAlone = "alone" in document.documentElement.dataset;
            seen.push([scrollY, words.getBoundingClientRect().top, isAlone]);
            requestAnimationFrame(look);
          };
          look();
          window.seen = seen;
        }"""
    )
    scroll_to_the_end(page)
    expect_everything(page)
    before = page.evaluate("window.seen.filter(([, , isAlone]) => isAlone).at(-1)")
    after = page.evaluate("window.seen.find(([, , isAlone]) => !isAlone)")
    assert after[0] > before[0]
    assert after[1] == pytest.approx(before[1], abs=1.5)


def test_who_does_not_want_to_wait_is_shown_everything_at_once(
    new_context: NewContext, live_server: LiveServer, article: Article
) -> None:
    page = reading_alone(new_context(), live_server)
    hands.open_article(page, article)
    with page.expect_response("**/readings/"):
        page.get_by_role("button", name="Show what readers say").first.press("Enter")
    expect_everything(page)
    expect(page.locator("#map")).to_be_focused()
    page.reload()
    expect_everything(page)


@pytest.mark.parametrize("nth", [0, -1], ids=["above the text", "at its end"])
def test_without_javascript_the_buttons_show_it(
    new_context: NewContext, live_server: LiveServer, article: Article, nth: int
) -> None:
    page = reading_alone(new_context(java_script_enabled=False), live_server)
    page.goto(article.get_absolute_url())
    expect_the_text_alone(page)
    page.get_by_role("button", name="Show what readers say").nth(nth).click()
    expect_everything(page)
    page.goto(article.get_absolute_url())
    expect_everything(page)


def test_a_text_that_fits_on_the_screen_is_not_taken_for_read(new_context: NewContext, live_server: LiveServer) -> None:
    annotation = make_annotation(article=make_article())
    page = reading_alone(new_context(), live_server)
    hands.open_article(page, annotation.article)
    expect(page.get_by_text("You have read to the end.")).to_be_in_viewport()
    # Whoever watches the end is told of it in the same moment as this.
    page.evaluate("new Promise((done) => new IntersectionObserver(done).observe(document.querySelector('.end-said')))")
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_role("button", name="Show what readers say").last.click()
    expect(page.locator("#map")).to_be_visible()
    expect(page.locator("#end")).to_be_focused()


def test_what_was_asked_for_by_its_own_address_is_shown(
    new_context: NewContext, live_server: LiveServer, article: Article
) -> None:
    page = reading_alone(new_context(), live_server)
    annotation = article.annotations.filter(gist__gt="").earliest("pk")
    page.goto(annotation.get_absolute_url())
    expect(page.locator(f"#annotation-{annotation.pk}")).to_be_visible()
    page.goto(f"{article.get_absolute_url()}p3/")
    expect(page.locator(".post").first).to_be_visible()


def test_the_setting_is_followed_at_once_in_both_directions(page: Page, article: Article) -> None:
    hands.open_article(page, article)
    expect_everything(page)
    page.get_by_label("How pages look").click()
    page.get_by_label("The text alone, until I have read to the end").check()
    expect_the_text_alone(page)
    page.get_by_label("The text with what readers say").check()
    expect_everything(page)


def test_nothing_happens_at_words_that_somebody_marked(
    new_context: NewContext, live_server: LiveServer, article: Article
) -> None:
    page = reading_alone(new_context(), live_server)
    hands.open_article(page, article)
    mark = page.locator("#p3 mark").first
    mark.scroll_into_view_if_needed()
    left, top, height = mark.evaluate(
        "(one) => { const { x, y, height } = one.getClientRects()[0]; return [x, y, height]; }"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.mouse.click(left + 4, top + height / 2)
    hands.select(page, "soft on crime")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    assert not asked
    expect(page).to_have_url(article.get_absolute_url())


def test_a_first_reading_follows_the_accessibility_rules(
    new_context: NewContext, live_server: LiveServer, article: Article, check_accessibility: Check
) -> None:
    page = reading_alone(new_context(), live_server)
    hands.open_article(page, article)
    check_accessibility(page)
    page.get_by_label("How pages look").click()
    check_accessibility(page)
    page.keyboard.press("Escape")
    scroll_to_the_end(page)
    expect_everything(page)
    check_accessibility(page)

"""Light, dark and quiet pages, as each reader wants them."""

from playwright.sync_api import Page, expect

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewContext

LINE_OF_MARK = "getComputedStyle(document.querySelector('.rows mark')).textDecorationLine"
LIGHTNESS_OF_PAPER = "Number(getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/)[0])"


def test_what_is_chosen_shows_at_once_and_after_a_reload(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    assert page.evaluate(LIGHTNESS_OF_PAPER) > 0.9
    page.get_by_label("How pages look").click()
    page.get_by_role("radio", name="Dark").check()
    page.get_by_role("radio", name="Off").check()
    for _ in range(2):
        assert page.evaluate(LIGHTNESS_OF_PAPER) < 0.3
        assert page.evaluate(LINE_OF_MARK) == "none"
        page.reload()
    page.goto("/")
    assert page.evaluate(LIGHTNESS_OF_PAPER) < 0.3
    page.get_by_label("How pages look").click()
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    expect(page.get_by_role("radio", name="Off")).to_be_checked()


def test_what_is_chosen_without_javascript_stays_too(new_context: NewContext, sample_reading: Article) -> None:
    page = new_context(color_scheme="dark", java_script_enabled=False).new_page()
    page.goto(sample_reading.get_absolute_url())
    page.get_by_label("How pages look").click()
    page.get_by_role("radio", name="Light", exact=True).check()
    page.get_by_role("radio", name="Off").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(sample_reading.get_absolute_url())
    for _ in range(2):
        expect(page.locator("body")).to_have_css("color-scheme", "light")
        expect(page.locator(".rows mark").first).to_have_css("text-decoration-line", "none")
        page.reload()


def test_a_page_is_light_or_dark_as_the_device_is(new_context: NewContext, sample_reading: Article) -> None:
    page = new_context(color_scheme="dark").new_page()
    hands.open_article(page, sample_reading)
    assert page.evaluate(LIGHTNESS_OF_PAPER) < 0.3
    page.emulate_media(color_scheme="light")
    assert page.evaluate(LIGHTNESS_OF_PAPER) > 0.9


def test_an_open_menu_closes_by_a_click_elsewhere_and_by_escape(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    menu = page.locator("#preferences .menu-body")
    page.get_by_label("How pages look").click()
    expect(menu).to_be_visible()
    page.locator("h1").click()
    expect(menu).to_be_hidden()
    page.get_by_label("How pages look").click()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_label("How pages look")).to_be_focused()

"""Light, dark and quiet pages, as each reader wants them."""

import pytest
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


def test_every_setting_is_within_reach_of_the_keyboard(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    page.get_by_label("How pages look").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="System")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "sepia")
    for name, key in (("Medium", "ArrowRight"), ("Quiet", "ArrowRight")):
        page.keyboard.press("Tab")
        expect(page.get_by_role("radio", name=name)).to_be_focused()
        page.keyboard.press(key)
    for _ in ("margin", "toolbar", "keys"):
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("#preferences .menu-body")).to_be_hidden()
    for _ in range(2):
        for name, value in CHOSEN.items():
            expect(page.locator("html")).to_have_attribute(f"data-{name}", value)
        page.reload()


CHOSEN = {
    "theme": "sepia",
    "size": "large",
    "marks": "full",
    "margin": "off",
    "toolbar": "off",
    "keys": "off",
    "reading": "alone",
}


def test_the_browser_s_own_bars_follow_the_theme_at_once(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    bars, scheme = page.locator("meta[name=theme-color]").first, page.locator("meta[name=color-scheme]")
    page.get_by_label("How pages look").click()
    page.get_by_role("radio", name="Dark").check()
    expect(scheme).to_have_attribute("content", "dark")
    expect(bars).to_have_attribute("content", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.get_by_role("radio", name="System").check()
    expect(scheme).to_have_attribute("content", "light dark")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    expect(bars).to_have_attribute("content", dark)


def test_what_only_scripts_do_is_offered_only_where_they_run(no_script_page: Page, sample_reading: Article) -> None:
    page = no_script_page
    page.goto(sample_reading.get_absolute_url())
    page.get_by_label("How pages look").click()
    margin = page.get_by_label("What readers say, in the margin")
    expect(page.get_by_label("Keys of single letters", exact=True)).to_be_hidden()
    expect(page.get_by_label("Ways to respond at selected words")).to_be_hidden()
    margin.uncheck()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("html")).to_have_attribute("data-margin", "off")
    expect(page.locator("html")).to_have_attribute("data-keys", "on")
    expect(page.locator("html")).to_have_attribute("data-toolbar", "on")


@pytest.mark.parametrize(
    "viewport", [(320, 568), (720, 450), (320, 256)], ids=["narrow", "twice as large", "four times as large"]
)
def test_the_menu_scrolls_in_itself_and_every_part_of_it_can_be_touched(
    new_context: NewContext, sample_reading: Article, viewport: tuple[int, int]
) -> None:
    width, height = viewport
    page = new_context(viewport={"width": width, "height": height}, has_touch=True).new_page()
    hands.open_article(page, sample_reading)
    page.get_by_label("How pages look").click()
    last = page.get_by_label("The text alone, until I have read to the end")
    last.scroll_into_view_if_needed()
    last.check()
    assert page.evaluate("scrollY") == 0
    for target in page.locator("#preferences label, #preferences summary").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert not hands.is_wider_than_the_screen(page)

"""What comes out on paper: the edition where scripts run, the page itself where they do not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext

SHOWN = "(selector) => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility())"
LIGHTNESS = "(one) => Number(getComputedStyle(one).color.match(/[\\d.]+/)[0])"
# What is on the screen and has no place on paper.
TOOLS = ".site, .panel, .toolbar, .skip, .news, .ways, .edition-tools, button"


def shows(page: Page, selector: str) -> bool:
    return bool(page.evaluate(SHOWN, selector))


def begin_printing(page: Page) -> None:
    """Do what a browser does before it lays a page out for paper."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not shows(page, ".edition"), "the screen stays as it is"
    page.emulate_media(media="print")


def end_printing(page: Page) -> None:
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")


def state(page: Page) -> Any:
    """Give where the reader is: how far down, with what in focus, what open, at which address."""
    return page.evaluate(
        """() => [Math.round(scrollY), document.activeElement.outerHTML, document.getElementById("panel").hidden,
          document.documentElement.className, document.body.children.length, location.href]"""
    )


def test_the_reading_page_is_printed_as_its_edition_and_is_then_as_it_was(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    page.get_by_role("link", name="Respond to paragraph 6").press("Enter")
    expect(page.locator("#panel").get_by_role("heading", name="Paragraph 6")).to_be_focused()
    before = state(page)
    begin_printing(page)
    expect(page.locator("body > .edition .endnote").first).to_be_visible()
    expect(page.locator("body > .edition .work").first).to_have_css("display", "grid")
    assert not shows(page, f".rows, {TOOLS}")
    end_printing(page)
    assert state(page) == before
    assert not shows(page, ".edition")


def test_paper_comes_out_of_a_real_browser(page: Page, sample_reading: Article) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    hands.open_article(page, sample_reading)
    before = state(page)
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert any(url.endswith(f"{sample_reading.get_absolute_url()}edition/") for url in asked)
    assert state(page) == before


@pytest.mark.parametrize("missing", ["**/edition/", "**/edition*.css"], ids=["the edition", "its style"])
def test_what_cannot_be_fetched_is_not_printed_but_the_page_itself(
    page: Page, sample_reading: Article, missing: str
) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=503)

    hands.open_article(page, sample_reading)
    page.route(missing, refuse)
    begin_printing(page)
    expect(page.locator(".row .entry").first).to_be_visible()
    assert not shows(page, TOOLS)
    end_printing(page)


def test_who_reads_the_text_alone_first_gets_it_alone_on_paper(
    new_context: NewContext, sample_reading: Article, base_url: str
) -> None:
    context = new_context()
    context.add_cookies([{"name": "reading", "value": "alone", "url": base_url}])
    page = context.new_page()
    hands.open_article(page, sample_reading)
    begin_printing(page)
    assert shows(page, ".rows .text")
    assert not shows(page, f".edition, .entry, .map, {TOOLS}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_javascript_the_page_prints_its_margin_as_notes(
    new_context: NewContext, sample_reading: Article, base_url: str, theme: str
) -> None:
    context = new_context(java_script_enabled=False)
    context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])
    page = context.new_page()
    page.goto(sample_reading.get_absolute_url())
    page.emulate_media(media="print")
    row = page.locator(".row", has=page.locator(".entry")).first
    words, margin = row.locator(".text").bounding_box(), row.locator(".margin").bounding_box()
    assert words
    assert margin
    assert margin["y"] >= words["y"] + words["height"]
    expect(row.locator(".entry .sign").first).to_be_visible()
    assert not shows(page, TOOLS)
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    assert row.locator(".entry .sign").first.evaluate(LIGHTNESS) < 0.6
    way = page.get_by_role("link", name="Edition for print")
    content = way.evaluate("(link) => getComputedStyle(link, '::after').content")
    assert content == f'": {base_url}{sample_reading.get_absolute_url()}edition/"'


def test_an_edition_is_reached_read_and_printed_from(new_context: NewContext, sample_reading: Article) -> None:
    page = new_context(**PHONE).new_page()
    hands.open_article(page, sample_reading)
    page.get_by_role("link", name="Edition for print").click()
    expect(page.locator("#edition")).to_be_visible()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")
    page.get_by_role("link", name="Note 2", exact=True).click()
    expect(page.locator("#note-2")).to_be_in_viewport()
    page.get_by_role("link", name="2, back to the text", exact=True).click()
    expect(page.locator("#ref-2")).to_be_in_viewport()
    assert not hands.is_wider_than_the_screen(page)
    page.get_by_role("link", name="Back to the text", exact=True).click()
    expect(page.locator("#article")).to_be_visible()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["at a desk", "on a phone"])
def test_the_edition_can_be_read_by_everybody(
    new_context: NewContext, sample_reading: Article, check_accessibility: Callable[..., None], options: dict[str, Any]
) -> None:
    page = new_context(**options).new_page()
    page.goto(f"{sample_reading.get_absolute_url()}edition/")
    check_accessibility(page)

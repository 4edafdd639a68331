"""The ledger under a pointer and under the keys: a line lights its words and leads to what stands on them."""

from playwright.sync_api import Page, expect

from reader.models import Article
from tests.browser import hands

LIT = "[...(CSS.highlights.get('chosen') ?? [])].map((range) => range.toString())"
SENTENCE = "Of those, three issues concern law enforcement cooperation."


def test_a_line_lights_its_words_while_it_is_pointed_at(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    page.locator("#p3 .line a").nth(1).hover()
    assert page.evaluate(LIT) == [SENTENCE]
    page.locator("#p4 .text").hover()
    assert page.evaluate(LIT) == []


def test_a_line_that_is_opened_keeps_its_words_lit_and_gets_the_focus_back(page: Page, sample_reading: Article) -> None:
    hands.open_article(page, sample_reading)
    line = page.locator("#p3 .line a").nth(1)
    line.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.locator(".sentence-line[aria-current]")).to_contain_text("1 against, verified")
    expect(panel.locator(".post")).to_have_count(1)
    assert page.evaluate(LIT) == [SENTENCE]
    page.keyboard.press("Escape")
    expect(line).to_be_focused()

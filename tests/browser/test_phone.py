"""A reader with a phone: 390 pixels wide, under a thumb."""

import pytest
from django.urls import reverse
from playwright.sync_api import FloatRect, Locator, Page, expect

from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage

LARGE = 44
WIDTH, HEIGHT = 390, 844


def test_no_page_scrolls_sideways(signed_in_page: NewPage, sample_reading: Article) -> None:
    page = signed_in_page("ada", **PHONE)
    question = Annotation.objects.filter(kind="question").earliest("pk")
    addresses = [
        *(reverse(name) for name in ("library", "account_email", "account_change_password", "account_logout")),
        sample_reading.get_absolute_url(),
        f"{sample_reading.get_absolute_url()}p3/",
        question.get_absolute_url(),
        reverse("replies", args=[question.pk]),
        reverse("flags", args=[question.pk]),
        question.creator.get_absolute_url(),
        "/nothing/here/",
    ]
    for address in addresses:
        page.goto(address)
        assert not hands.is_wider_than_the_screen(page), address


def test_the_margin_folds_into_a_line_of_counts(phone_page: Page, sample_reading: Article) -> None:
    hands.open_article(phone_page, sample_reading)
    row = phone_page.locator("#p3")
    expect(row.locator(".entries")).to_be_hidden()
    expect(row.locator(".counts")).to_contain_text("disputed")
    text, line = _box(row.locator(".text")), _box(row.locator(".margin"))
    assert line["y"] >= text["y"] + text["height"]
    assert line["height"] < 1.5 * LARGE
    expect(phone_page.locator("#p1 .counts")).to_have_count(0)


@pytest.mark.parametrize("name", ["p1", "p3", "p8", "p9"])
def test_a_sheet_comes_from_below_and_leaves_the_paragraph_to_be_read(
    phone_page: Page, sample_reading: Article, name: str
) -> None:
    hands.open_article(phone_page, sample_reading)
    phone_page.locator(f"#{name} .respond").tap()
    sheet = phone_page.locator("#panel")
    expect(sheet.get_by_role("heading", level=1)).to_be_visible()
    box, text = _box(sheet), _box(phone_page.locator(f"#{name} .text"))
    assert box["y"] + box["height"] == pytest.approx(HEIGHT, abs=1)
    assert box["width"] == WIDTH
    bar = _box(phone_page.locator(".site"))["height"]
    assert bar <= text["y"] + 1
    assert text["y"] + 90 < box["y"]
    assert not hands.is_wider_than_the_screen(phone_page)


def test_the_words_of_an_opened_annotation_are_not_under_the_sheet(phone_page: Page, sample_reading: Article) -> None:
    hands.open_article(phone_page, sample_reading)
    marks = phone_page.locator("#p5 mark, #p8 mark")
    for number in range(marks.count()):
        marks.nth(number).tap()
        expect(phone_page.locator("#panel .post.is-lit")).to_be_visible()
        lit = [_box(mark) for mark in phone_page.locator("mark.is-lit").all()]
        assert min(box["y"] for box in lit) >= _box(phone_page.locator(".site"))["height"]
        assert max(box["y"] + box["height"] for box in lit) <= _box(phone_page.locator("#panel"))["y"]
        phone_page.get_by_role("link", name="Close").tap()
        expect(phone_page.locator("#panel")).to_be_hidden()


def test_touched_words_bring_the_toolbar_to_the_thumb(signed_in_page: NewPage, sample_reading: Article) -> None:
    page = signed_in_page("ada", **PHONE)
    hands.open_article(page, sample_reading)
    hands.touch(page, "few Western politicians")
    toolbar = page.get_by_role("toolbar")
    expect(toolbar).to_be_in_viewport(ratio=1)
    assert _box(toolbar)["y"] > HEIGHT - 80
    toolbar.get_by_role("button", name="Ask").tap()
    form = page.locator("#panel form.composer")
    expect(form.locator("[data-chosen]")).to_have_text("few Western politicians")
    chosen = page.evaluate(hands.BOX_OF_CHOSEN)
    assert chosen["bottom"] <= _box(page.locator("#panel"))["y"]
    hands.post(form, "Which ones?")
    expect(hands.marked(page, "few Western politicians")).to_have_class("m m-question is-lit")
    expect(page.locator("#p2 .counts")).to_contain_text("asked")


def test_what_is_touched_most_is_as_large_as_a_fingertip(signed_in_page: NewPage, sample_reading: Article) -> None:
    page = signed_in_page("ada", **PHONE)
    hands.open_article(page, sample_reading)
    small = _small(page.locator(".site a, .site summary, .row .respond, .row .counts a, .whole .respond"))
    page.locator("#p3 .respond").tap()
    expect(page.locator("#panel h1")).to_be_visible()
    page.get_by_role("radio", name="Source").check(force=True)
    targets = (
        ".close, .walk a, .kinds label, .about label, .about summary, .acts :is(a, summary), .replies > summary,"
        " .field > input, .field > select, button:not([aria-hidden])"
    )
    small += _small(page.locator("#panel").locator(targets))
    hands.touch(page, "good riddance")
    small += _small(page.locator("#toolbar button"))
    assert small == []


def _small(targets: Locator) -> list[str]:
    """Name the targets that are lower than a fingertip or narrower than the least that the guidelines ask."""
    shown = [target for target in targets.all() if target.is_visible()]
    assert shown
    boxes = [(target, _box(target)) for target in shown]
    return [
        f"{target.inner_text() or target.get_attribute('name')}: {box['width']:.0f} by {box['height']:.0f}"
        for target, box in boxes
        if box["height"] < LARGE - 0.5 or box["width"] < 24
    ]


def _box(target: Locator) -> FloatRect:
    box = target.bounding_box()
    assert box is not None
    return box

"""One reader writes beside the text, and another one reads it in another browser."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import NewContext, NewPage
from tests.factories import make_article, make_reader

SUSPENSION = "suspension or termination of cooperation in eight areas"

EMOJI = """A Short Title

The toll 😀 went up 👍🏽 in May, said 👩\u200d👩\u200d👧 and others, after long talks about the money.

From 🇪🇸 to 🇸🇪 they paid, and “nobody” asked.
"""


def test_what_one_reader_posts_stands_in_the_margin_at_once_and_the_other_reads_it(
    page: Page, new_context: NewContext, first_article: Article
) -> None:
    make_reader(username="ada")
    hands.open_article(page, first_article)
    page.get_by_role("link", name="Sign in").click()
    hands.sign_in(page, "ada")
    expect(page.locator("#p3")).to_be_visible()
    page.evaluate("window.isSameDocument = true")
    hands.select(page, SUSPENSION)
    form = hands.respond(page, "Note")
    hands.post(form, "The ministry published the list.")
    entry = page.locator("#p3 .entry", has_text="The ministry published the list. ada")
    expect(entry).to_have_count(1)
    expect(hands.marked(page, SUSPENSION)).to_have_class("m m-note is-lit")
    assert page.evaluate("window.isSameDocument")

    other = new_context().new_page()
    hands.open_article(other, first_article)
    expect(other.locator("#p3 .entry", has_text="The ministry published the list. ada")).to_be_visible()
    hands.marked(other, SUSPENSION).click()
    expect(other.locator("#panel .post.is-lit")).to_contain_text("The ministry published the list.")


KINDS = {
    "Note": ({}, "m-note"),
    "Source": ({"url": "https://example.org/list", "stance": "contradicts"}, "m-contradicts"),
    "Disagree": ({"grounds": "number", "would_change_my_mind": "A count."}, "m-disagreement"),
    "Ask": ({}, "m-question"),
}


def test_all_four_kinds_can_be_posted_one_after_the_other(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    places = ["safe havens", "law enforcement", "soft on crime", "incredibly interesting"]
    for words, (kind, (fields, sign)) in zip(places, KINDS.items(), strict=True):
        hands.select(page, words)
        form = hands.respond(page, kind)
        hands.post(form, f"On {words}.", **fields)
        expect(hands.marked(page, words).first).to_have_class(f"m {sign} is-lit")
    written = Annotation.objects.order_by("pk").values_list("kind", "exact", "sign")
    assert list(written) == [
        ("note", "safe havens", "note"),
        ("source", "law enforcement", "contradicts"),
        ("disagreement", "soft on crime", "disagreement"),
        ("question", "incredibly interesting", "question"),
    ]


def test_a_passage_may_run_from_one_paragraph_into_the_next(signed_in_page: NewPage, first_article: Article) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, first_article)
    hands.select(page, "creating a “safe haven,” including", to="With a partner like that")
    hands.post(hands.respond(page, "Note"), "Both of them.")
    expect(page.locator("#p8 mark")).to_contain_text("creating a “safe haven,” including for nearly 1,000")
    expect(page.locator("#p9 mark")).to_have_text("With a partner like that")
    written = Annotation.objects.get()
    assert written.exact.endswith("consequences.\nWith a partner like that")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param("went up 👍🏽 in", "went up 👍🏽 in", id="an emoji with a skin tone"),
        pytest.param("👩\u200d👩\u200d👧 and", "👩\u200d👩\u200d👧 and", id="a family"),
        pytest.param("others, after", "🇸🇪 they", id="two paragraphs with flags"),
    ],
)
def test_words_among_emoji_are_the_words_that_were_selected(signed_in_page: NewPage, first: str, last: str) -> None:
    article = make_article(text=EMOJI)
    page = signed_in_page("ada")
    hands.open_article(page, article)
    hands.select(page, first, to=last)
    hands.post(hands.respond(page, "Note"), "Among emoji.")
    expect(page.locator("#panel .post .words")).to_contain_text(first[:5])
    written = Annotation.objects.get()
    assert written.exact.startswith(first)
    assert written.exact.endswith(last)
    assert "".join(page.locator(".rows mark").all_inner_texts()) == written.exact.replace("\n", "")

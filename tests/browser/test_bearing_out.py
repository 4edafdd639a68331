"""A reader says what a source bears out, where they stand and what changed their mind; others see how many did."""

import pytest
from playwright.sync_api import Locator, Page, expect

from annotations import minds, stories, verdicts
from annotations.models import Annotation, Source, SourceVerdict
from reader.models import Article
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext, NewPage
from tests.browser.test_accessibility import Check
from tests.factories import make_annotation, make_reader, make_source

WORDS = "suspension or termination of cooperation in eight areas"
TO_VERDICT = "Opened it? Say what you found in The list"


@pytest.fixture
def source(first_article: Article) -> Source:
    """Give a source of ben's, which four readers say changed their mind."""
    annotation = make_cited(first_article, title="The list", creator="ben")
    for _ in range(minds.TOLD_FROM - 1):
        minds.change(annotation=annotation, by=make_reader())
    return annotation.sources.get()


def make_cited(article: Article, *, title: str, creator: str = "", exact: str = WORDS) -> Annotation:
    told = make_source(url=f"https://example.org/{title.replace(' ', '-')}", title=title, publisher="The Office")
    return make_annotation(
        article=article, creator=make_reader(username=creator), exact=exact, kind="source", sources=[told]
    )


def open_post(page: Page, article: Article) -> Locator:
    """Open the panel at the words, and give the post that stands there."""
    hands.open_article(page, article)
    hands.marked(page, WORDS).first.click()
    post = page.locator("#panel .post").first
    expect(post).to_contain_text("The list")
    return post


def test_a_reader_says_what_they_think_and_another_sees_the_counts(
    signed_in_page: NewPage, new_context: NewContext, source: Source
) -> None:
    article = source.annotation.article
    page = signed_in_page("ada")
    post = open_post(page, article)
    post.get_by_role("link", name=TO_VERDICT).click()
    post.get_by_label("Yes, it supports this").check()
    post.get_by_role("button", name="Keep it").click()
    expect(post.locator(".verdicts")).to_contain_text("Verified · 1 reader says it supports this")

    post.get_by_role("link", name="Change what you said").click()
    expect(post.get_by_label("Yes, it supports this")).to_be_checked()
    post.get_by_label("Partly").check()
    post.get_by_label("In a line, if it helps").fill("Six of the eight.")
    post.get_by_role("button", name="Keep it").click()
    expect(post.locator(".verdicts")).to_contain_text("Verified in part · 1 reader says partly")

    post.get_by_role("button", name="Agree with ben", exact=True).click()
    expect(post.get_by_role("button", name="Agree with ben 1")).to_have_attribute("aria-pressed", "true")
    hands.more(post, "This changed my mind")
    expect(post.locator(".stand")).to_have_text("Changed 5 readers’ minds, yours among them")

    other = open_post(new_context().new_page(), article)
    expect(other.locator(".stand")).to_have_text("Changed 5 readers’ minds")
    expect(other.get_by_role("link", name="Agree with ben 1")).to_be_visible()
    other.get_by_text("1 reader says partly").click()
    expect(other.locator(".findings")).to_contain_text("ada: partly Six of the eight.")


def test_a_verdict_is_given_with_the_keyboard_alone(signed_in_page: NewPage, source: Source) -> None:
    page = signed_in_page("ada")
    post = open_post(page, source.annotation.article)
    post.get_by_role("link", name=TO_VERDICT).focus()
    page.keyboard.press("Enter")
    expect(post.get_by_label("Yes, it supports this")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Six of the eight.")
    page.keyboard.press("Enter")
    expect(post.locator(".verdicts")).to_contain_text("1 reader says partly")
    assert SourceVerdict.objects.get().remark == "Six of the eight."
    # Once what was swapped in has settled.
    expect(page.locator(":focus")).to_have_count(1)


def test_a_verdict_and_a_same_story_need_no_script(signed_in_page: NewPage, source: Source) -> None:
    article = source.annotation.article
    make_cited(article, title="The copy")
    page = signed_in_page("ada", java_script_enabled=False)
    page.goto(f"{article.get_absolute_url()}sources/")
    page.get_by_role("link", name=TO_VERDICT).click()
    page.get_by_label("No, it does not say this").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".verdicts").first).to_contain_text("1 reader says it does not say this")
    page.goto(f"{article.get_absolute_url()}sources/")
    page.get_by_role("link", name="The same story as another? The list").click()
    page.get_by_label("The other document").select_option(label="The copy · The Office")
    page.get_by_label("Yes: one report").check()
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".pair-said").first).to_contain_text("The same story? The copy · 1 reader says so")
    page.get_by_role("button", name="Not the same").first.click()
    expect(page.locator(".pair-said").first).to_contain_text("1 reader says that it is not")


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_the_bibliography_and_its_forms_are_for_everybody(
    signed_in_page: NewPage, source: Source, check_accessibility: Check, options: dict[str, object]
) -> None:
    article = source.annotation.article
    home = f"{article.get_absolute_url()}sources/"
    for title in ("The copy", "The second", "The third"):
        make_cited(article, title=title)
    one, other = Source.objects.order_by("pk")[:2]
    verdicts.give(source=source, by=make_reader(username="cleo"), verdict="supports", remark="On page 2.")
    for _ in range(stories.ENOUGH):
        stories.say(document=one.document, other=other.document_id, by=make_reader(), is_same=True)
    page = signed_in_page("ada", **options)
    forms = [f"/sources/{source.pk}/verdict/", f"/sources/{source.pk}/verdicts/"]
    forms += [f"/documents/{source.document_id}/same-story/"]
    for address in (home, f"{home}?by=paragraph", f"{home}?by=publisher", *forms):
        page.goto(address)
        for summary in page.locator("main summary").all():
            summary.click()
        check_accessibility(page)
        assert not hands.is_wider_than_the_screen(page)
    page.goto(forms[0])
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessibility(page)

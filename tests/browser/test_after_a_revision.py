"""What readers, writers, moderators and editors see of a revision, in a browser."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Annotation
from reader import drafting
from reader.drafting import Head
from reader.models import Article, Draft, Revision
from reader.text.blocks import Block
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_editor, make_moderator, make_reader, make_revision

Check = Callable[..., None]

EDITED, LOST, KEPT = "to yell loudly", "crying wolf", "soft on crime"


def blocks_of(article: Article) -> list[Block]:
    assert article.current_revision
    return [paragraph.block for paragraph in article.current_revision.paragraphs.all()]


def without(blocks: list[Block], words: str) -> list[Block]:
    return [block for block in blocks if words not in block.html]


def reworded(blocks: list[Block], words: str, others: str) -> list[Block]:
    return [replace(block, html=block.html.replace(words, others)) for block in blocks]


@pytest.fixture
def revised(first_article: Article) -> Revision:
    """Give the revision after which one of a writer's annotations is changed, and another is orphaned."""
    writer = make_reader(username="anna")
    for exact in (EDITED, LOST, KEPT):
        make_annotation(article=first_article, creator=writer, exact=exact, body=f"About {exact}.")
    texts = without(reworded(blocks_of(first_article), EDITED, "to speak very loudly"), LOST)
    return make_revision(first_article, *texts, note="It was said otherwise.")


def paragraph_of(revision: Revision, words: str) -> str:
    return revision.paragraphs.get(text__contains=words).name


def about(words: str) -> Annotation:
    return Annotation.objects.get(exact=words)


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_pages_after_a_revision(
    signed_in_page: NewPage, revised: Revision, check_accessibility: Check, options: dict[str, Any]
) -> None:
    page = signed_in_page("anna", **options)
    home = revised.article.get_absolute_url()
    for address in (home, f"{home}orphans/", about(EDITED).get_absolute_url(), about(LOST).get_absolute_url()):
        page.goto(address)
        check_accessibility(page)


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_setting_an_anchor_and_reviewing_a_draft(
    signed_in_page: NewPage, revised: Revision, check_accessibility: Check, options: dict[str, Any]
) -> None:
    make_moderator(username="warden")
    page = signed_in_page("warden", **options)
    page.goto(f"/annotations/{about(LOST).pk}/anchor/")
    check_accessibility(page)
    page.get_by_role("button", name="Set it there").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessibility(page)
    make_editor(username="editor")
    page = signed_in_page("editor", **options)
    page.goto(f"/drafts/{make_draft(revised).pk}/review/")
    check_accessibility(page)


def make_draft(revision: Revision) -> Draft:
    editor = make_editor(username="other")
    draft = drafting.revise(article=revision.article, by=editor)
    blocks = without(list(draft.document.blocks), KEPT)
    head = Head(title="Another Title")
    return drafting.save(draft=draft, by=editor, version=draft.version, head=head, blocks=blocks, note="")


def test_a_writer_says_in_the_panel_that_it_still_applies(signed_in_page: NewPage, revised: Revision) -> None:
    page = signed_in_page("anna")
    hands.open_article(page, revised.article)
    page.locator(f'.entry a[data-id="{about(EDITED).pk}"]').click()
    panel = page.locator("#panel")
    expect(panel.locator(".compared ins").first).to_contain_text("very")
    panel.get_by_role("button", name="Yes, it does").click()
    expect(panel).to_contain_text("Its writer says that it still applies.")
    expect(panel.get_by_role("button", name="Yes, it does")).to_have_count(0)
    expect(page.locator(f'.entry a[data-id="{about(EDITED).pk}"]')).to_have_count(1)


def test_an_orphan_withdrawn_where_its_paragraph_stood_leaves_the_page(
    signed_in_page: NewPage, revised: Revision
) -> None:
    page = signed_in_page("anna")
    hands.open_article(page, revised.article)
    orphans = page.locator("#orphans")
    expect(orphans).to_contain_text(LOST)
    orphans.get_by_role("link", name="paragraph").click()
    panel = page.locator("#panel")
    hands.more(panel.locator(".post"), "Withdraw")
    panel.get_by_role("button", name="Withdraw").click()
    expect(panel).to_contain_text("Withdrawn.")
    expect(orphans).to_be_hidden()


def test_without_scripts_a_moderator_finds_lost_words_again(signed_in_page: NewPage, revised: Revision) -> None:
    make_moderator(username="warden")
    page: Page = signed_in_page("warden", java_script_enabled=False)
    page.goto(about(LOST).get_absolute_url())
    hands.more(page.locator(".post"), "Set its place")
    page.get_by_label("The words", exact=True).fill(KEPT)
    page.get_by_label("Paragraph", exact=True).select_option(value=paragraph_of(revised, KEPT))
    page.get_by_role("button", name="Set it there").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("The words", exact=True)).to_have_value(KEPT)
    page.get_by_label("Why").fill("It says the same.")
    page.get_by_role("button", name="Set it there").click()
    expect(page.locator(".post").first).to_contain_text("Set by hand on these words")
    expect(page.locator(".compared")).to_contain_text(KEPT)

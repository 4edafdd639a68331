"""A moderator at work in the panel, in a real browser under the site's own content-security policy."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from annotations import moderating
from annotations.models import Annotation
from tests.browser.conftest import NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

LIST = "/admin/annotations/annotation/"


@pytest.fixture
def annotation() -> Annotation:
    """Give an annotation that was answered and reported."""
    annotation = make_annotation(exact="39,000 cars", kind="source", body="They counted 12,000.")
    make_reply(parent=annotation, body="When was that?")
    moderating.flag(annotation=annotation, by=make_reader(), reason="misleading", details="Page 4 says otherwise.")
    return annotation


@pytest.fixture
def panel(signed_in_page: NewPage) -> Page:
    make_moderator(username="warden")
    return signed_in_page("warden")


def decide(panel: Page, action: str, reason: str) -> None:
    """Tick everything in the list, choose what to do, say why, and confirm."""
    panel.get_by_label("Select all objects on this page").check()
    panel.get_by_label("Action:").select_option(label=f"{action}…")
    panel.get_by_role("button", name="Go").click()
    panel.get_by_label("Why").fill(reason)
    panel.get_by_role("button", name=action).click()


def test_a_moderator_hides_and_restores_and_a_reader_sees_it_at_once(
    panel: Page, page: Page, annotation: Annotation
) -> None:
    panel.goto(f"{LIST}?kind=source")
    decide(panel, "Hide", "The document says nothing like it.")
    expect(panel.get_by_text("Hidden: Source")).to_be_visible()
    page.goto(annotation.article.get_absolute_url())
    expect(page.get_by_text("They counted 12,000.")).to_have_count(0)
    decide(panel, "Restore", "It does, on page 4.")
    expect(panel.get_by_text("Restored: Source")).to_be_visible()
    page.reload()
    expect(page.get_by_text("They counted 12,000.").first).to_be_visible()


def test_a_moderator_reads_the_case_before_deciding(panel: Page, annotation: Annotation) -> None:
    panel.goto(f"{LIST}?reports=open")
    panel.get_by_role("link", name="They counted 12,000.").click()
    expect(panel.locator("#passage mark")).to_have_text("39,000 cars")
    expect(panel.locator("#reports")).to_contain_text("Page 4 says otherwise.")
    panel.get_by_role("link", name="Keep…").click()
    panel.get_by_label("Why").fill("Page 4 does say so.")
    panel.get_by_role("button", name="Keep").click()
    expect(panel.get_by_text("Kept: Source")).to_be_visible()
    expect(panel.get_by_text("0 annotations")).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_panel_can_be_used_by_everybody(
    signed_in_page: NewPage, axe: Callable[[Page], None], annotation: Annotation, color_scheme: str
) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(username="warden"), reason="It says nothing like it.")
    # The checker writes styles of its own into the page, which the policy would stop.
    page = signed_in_page("warden", color_scheme=color_scheme, bypass_csp=True)
    case = annotation.pk
    for address in (
        "",
        "annotation/",
        f"annotation/{case}/change/",
        f"annotation/restore/?ids={case}",
        "flag/",
        "source/",
    ):
        page.goto(f"/admin/annotations/{address}")
        axe(page)

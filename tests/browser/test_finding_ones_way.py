"""Finding one's way among many annotations: filters, the walk from one to the next, and what is new."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotations import following
from annotations.models import Annotation, Visit
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import PHONE, NewContext, NewPage
from tests.factories import make_annotation, make_reader, make_reply

MINUTES = 31
WORDS = "a pro forma exercise"


def test_a_phone_without_javascript_shows_what_is_asked_for(
    new_context: NewContext, sample_reading: Article, check_accessibility: Callable[..., None]
) -> None:
    page = new_context(**PHONE, java_script_enabled=False).new_page()
    page.goto(sample_reading.get_absolute_url())
    page.get_by_text("Show: all").tap()
    page.get_by_label("Kind").select_option("Questions")
    page.get_by_label("Order").select_option("Newest first")
    page.get_by_role("button", name="Show").tap()
    expect(page.locator("#showing")).to_have_text(re.compile(r"Showing 1 of \d+: questions, newest first · Show all"))
    expect(page.locator("#map")).to_be_in_viewport()
    expect(page.locator(".rows mark")).to_have_count(1)
    assert not hands.is_wider_than_the_screen(page)
    page.locator(".rows .counts a").tap()
    expect(page.locator(".showing")).to_contain_text("here: questions, newest first")
    page.get_by_role("link", name="Back to the text").tap()
    expect(page.locator("#showing")).to_contain_text("Showing 1 of")
    page.get_by_role("link", name="Show all").tap()
    expect(page.locator("#showing")).to_have_count(0)


def test_the_keyboard_alone_walks_through_the_annotations(no_script_page: Page, sample_reading: Article) -> None:
    page = no_script_page
    page.goto(f"{sample_reading.get_absolute_url()}p1/?show=source")
    total = Annotation.objects.filter(kind="source").count()
    walked = []
    for step in range(1, 4):
        _tab_to(page, "Next annotation")
        page.keyboard.press("Enter")
        expect(page.locator(".walk-place")).to_have_text(f"{step} of {total}")
        walked.append(page.locator(".post:target").get_attribute("aria-label"))
    assert len(walked) == 3
    assert all("by sample" in str(label) for label in walked)
    _tab_to(page, "Previous annotation")
    page.keyboard.press("Enter")
    expect(page.locator(".walk-place")).to_have_text(f"2 of {total}")


def test_what_others_wrote_meanwhile_is_new_to_a_stranger(page: Page, sample_reading: Article) -> None:
    head = Annotation.objects.filter(root=None).earliest("pk")
    hands.open_article(page, sample_reading)
    expect(page.locator(".is-new")).to_have_count(0)
    _go_away(page)
    make_reply(parent=head)
    written = make_annotation(article=sample_reading, exact=WORDS)
    hands.open_article(page, sample_reading)
    new = page.locator(".rows .entry.is-new a")
    expect(new).to_have_count(2)
    for pk in (head.pk, written.pk):
        entry = page.locator(f'.entry a[data-id="{pk}"]')
        expect(entry).to_have_accessible_name(re.compile(r"\bnew\b"))
    entry.click()
    expect(page.locator(f"#panel #annotation-{written.pk} .signed")).to_contain_text("new")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="New since your last visit").click()
    expect(page.locator("#showing")).to_contain_text("Showing 2 of")
    expect(page.locator(".entry.is-new")).to_have_count(2)
    assert not Visit.objects.exists()


def test_what_is_new_is_seen_on_a_phone_too(phone_page: Page, sample_reading: Article) -> None:
    hands.open_article(phone_page, sample_reading)
    _go_away(phone_page)
    make_annotation(article=sample_reading, exact=WORDS)
    hands.open_article(phone_page, sample_reading)
    expect(phone_page.locator("#p1 .counts")).to_contain_text("new")
    phone_page.get_by_text("Show: all").tap()
    phone_page.get_by_label("New since my last visit").check()
    phone_page.get_by_role("button", name="Show").tap()
    expect(phone_page.locator("#showing")).to_contain_text("Showing 1 of")
    expect(phone_page.get_by_role("link", name="Show all")).to_be_visible()


def test_one_s_own_words_are_not_marked_as_new_to_oneself(signed_in_page: NewPage, sample_reading: Article) -> None:
    page = signed_in_page("ada")
    newest = Annotation.objects.latest("pk").pk
    ada = User.objects.get(username="ada")
    Visit.objects.create(reader=ada, article=sample_reading, seen_to=newest, reached=newest, at=ada.date_joined)
    own = make_annotation(article=sample_reading, creator=ada, exact=WORDS)
    other = make_annotation(article=sample_reading, exact=WORDS)
    hands.open_article(page, sample_reading)
    expect(page.get_by_role("link", name="1 new since your last visit")).to_be_visible()
    expect(page.locator(".is-new a")).to_have_attribute("data-id", str(other.pk))
    expect(page.locator(f'.entry a[data-id="{own.pk}"]')).to_be_visible()


def test_following_keeps_the_place_and_the_focus(signed_in_page: NewPage, sample_reading: Article) -> None:
    page = signed_in_page("ada")
    head = Annotation.objects.filter(root=None, kind="source").earliest("pk")
    hands.open_article(page, sample_reading)
    page.locator(f'.entry a[data-id="{head.pk}"]').click()
    post = page.locator(f"#panel #annotation-{head.pk}")
    post.locator(".more-acts > summary").click()
    post.get_by_role("button", name="Follow this thread", exact=True).press("Enter")
    expect(post.get_by_role("button", name="Unfollow this thread")).to_be_focused()
    expect(post.get_by_role("status").filter(has_text="You follow this thread.")).to_have_count(1)
    page.goto(f"{sample_reading.get_absolute_url()}?followed=1")
    expect(page.locator(".rows .entry a")).to_have_attribute("data-id", str(head.pk))


def test_a_filter_stays_while_the_panel_comes_and_goes(page: Page, sample_reading: Article) -> None:
    page.goto(f"{sample_reading.get_absolute_url()}?show=source")
    expect(page.locator("html")).to_have_class("is-scripted")
    page.locator(".rows mark").first.click()
    expect(page.locator("#panel .showing")).to_contain_text("here: sources")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/\?show=source$"))


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_the_pages_of_what_is_followed_and_filtered_are_accessible(
    signed_in_page: NewPage,
    sample_reading: Article,
    check_accessibility: Callable[..., None],
    screen: dict[str, Any],
) -> None:
    page = signed_in_page("ada", **screen)
    home = sample_reading.get_absolute_url()
    page.goto("/following/")
    check_accessibility(page)
    ada = User.objects.get(username="ada")
    following.follow_person(follower=ada, person=make_reader(username="bob"))
    following.follow_thread(follower=ada, head=Annotation.objects.earliest("pk"))
    for address in (
        "/following/",
        "/readers/bob/",
        f"{home}?show=source&by=nobody&sort=best",
        f"{home}p3/?show=source",
    ):
        page.goto(address)
        check_accessibility(page)
    page.goto(f"{home}?since=3&sort=newest")
    page.get_by_text("Show something else").click()
    check_accessibility(page)


def _go_away(page: Page) -> None:
    """Let the last visit be some time ago."""
    page.evaluate(
        """(minutes) => {
          const visits = JSON.parse(localStorage.visits);
          for (const visit of Object.values(visits)) visit.at -= minutes * 60_000;
          localStorage.visits = JSON.stringify(visits);
        }""",
        MINUTES,
    )


def _tab_to(page: Page, name: str) -> None:
    """Press the key until the focus is on what has this name, which must not take for ever."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(name) => document.activeElement.textContent.trim().endsWith(name)", name):
            return
    raise AssertionError(f"the keyboard does not come to {name}")

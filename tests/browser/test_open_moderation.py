"""What strangers can trust: whose words are held or taken down is told why and can answer, and all see how it went."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotations import appealing, moderating
from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

WORDS = "soft on crime"
LOG = "/moderation/log/"


@pytest.fixture
def newcomer() -> User:
    return make_reader(username="ada", date_joined=timezone.now() - timedelta(days=1))


def decide(page: Page, annotation: Annotation, verb: str, *, rule: str = "", why: str = "") -> None:
    """Decide about an annotation on its page in the queue, which the moderator opens anew."""
    page.goto(reverse("case", args=[annotation.pk]))
    if rule:
        page.get_by_label("Rule").select_option(rule)
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name=verb, exact=False).first.click()
    expect(page.get_by_text("Nothing was done")).to_have_count(0)


def test_a_held_link_is_sent_back_mended_and_let_through_for_all_to_see(
    page: Page, signed_in_page: NewPage, first_article: Article, newcomer: User
) -> None:
    make_moderator(username="warden")
    writer, moderator = signed_in_page(newcomer.username), signed_in_page("warden")
    hands.open_article(writer, first_article)
    hands.select(writer, WORDS)
    form = hands.respond(writer, "Source")
    form.get_by_label("Web address").fill("https://unknown.example.net/a")
    form.get_by_label("What it does for these words").select_option("context")
    hands.post(form, "Buy it there.")
    expect(writer.locator("#panel .notice").first).to_contain_text("A moderator looks at it first")
    expect(writer.locator("#panel .decided")).to_contain_text("Waiting for a moderator. Until then only you")
    hands.open_article(page, first_article)
    expect(page.locator("#p2 .entry")).to_have_count(0)

    held = Annotation.objects.get()
    decide(moderator, held, "Send back", rule="spam", why="Say what it shows.")
    writer.goto(held.get_absolute_url())
    expect(writer.locator(".decided")).to_contain_text("Sent back to its writer by a moderator: spam.")
    expect(writer.locator(".decided")).to_contain_text("Say what it shows.")
    writer.get_by_role("link", name="Edit and send again").press("Enter")
    writer.get_by_label("Your words").fill("It shows who said it first.")
    writer.get_by_role("button", name="Send again").click()
    expect(writer.locator(".decided")).to_contain_text("Waiting for a moderator.")

    decide(moderator, held, "Approve")
    page.reload()
    expect(page.locator("#p2 .entry")).to_contain_text("It shows who said it first.")
    page.goto(LOG)
    expect(page.locator(".log-what")).to_have_text(
        ["Approved", "Sent back to its writer: spam", "Held for a moderator"]
    )
    expect(page.locator("main")).not_to_contain_text("ada")
    expect(page.locator("main")).not_to_contain_text("Say what it shows.")


def test_a_removed_annotation_leaves_a_tombstone_and_comes_back_on_appeal(
    page: Page, signed_in_page: NewPage, first_article: Article
) -> None:
    head = make_annotation(article=first_article, creator=make_reader(username="ada"), exact=WORDS, body="Fools!")
    make_reply(parent=head, body="That helps nobody.")
    for name in ("warden", "second"):
        make_moderator(username=name)
    first, second, writer = (signed_in_page(name) for name in ("warden", "second", "ada"))
    decide(first, head, "Remove", rule="attack", why="About people.")
    page.goto(head.get_absolute_url())
    expect(page.locator(".stub")).to_have_text("Removed by a moderator: personal attack.")
    expect(page.locator(".replies .body")).to_have_text("That helps nobody.")

    writer.goto(head.get_absolute_url())
    writer.get_by_role("link", name="Appeal").click()
    writer.get_by_label("Why it should stand").fill("It quotes the debate.")
    writer.locator(".slot").get_by_role("button", name="Appeal").click()
    expect(writer.locator(".decided")).to_contain_text("Another moderator will look at it.")
    expect(writer.get_by_role("link", name="Appeal")).to_have_count(0)

    decide(second, head, "Restore", why="It is a quotation.")
    page.reload()
    expect(page.locator(".post .body").first).to_have_text("Fools!")
    page.goto(LOG)
    expect(page.locator(".log-what")).to_have_text(["Restored on appeal", "Removed: personal attack"])
    for name in ("ada", "Fools", "It quotes the debate."):
        expect(page.locator("main")).not_to_contain_text(name)


def test_the_log_is_narrowed_without_a_script(
    no_script_page: Page, signed_in_page: NewPage, first_article: Article
) -> None:
    moderator = make_moderator()
    for rule in ("attack", "spam"):
        annotation = make_annotation(article=first_article, exact=WORDS)
        moderating.hide(annotation=annotation, by=moderator, rule=rule, reason="Not here.")
    no_script_page.goto("/")
    no_script_page.get_by_role("link", name="Moderation log").click()
    expect(no_script_page.locator(".log-what")).to_have_count(2)
    no_script_page.get_by_text("Look for something").click()
    no_script_page.get_by_label("Rule").select_option("spam")
    no_script_page.get_by_role("button", name="Show", exact=True).click()
    expect(no_script_page.locator(".log-what")).to_have_text(["Hidden: spam"])
    no_script_page.get_by_role("link", name=WORDS).click()
    expect(no_script_page).to_have_url(re.compile("/p2/$"))


def test_the_pages_of_open_moderation_are_accessible(
    phone_page: Page, signed_in_page: NewPage, first_article: Article, check_accessibility: Callable[..., None]
) -> None:
    moderator, writer = make_moderator(), make_reader(username="ada")
    heads = [make_annotation(article=first_article, creator=writer, exact=WORDS) for _ in range(3)]
    moderating.remove(annotation=heads[0], by=moderator, rule="attack", reason="About people.")
    moderating.deny(annotation=heads[1], by=moderator, rule="spam", reason="An advert.")
    moderating.undo(entry=moderating.hide(annotation=heads[2], by=moderator, rule="spam", reason="One."), by=moderator)
    appealing.appeal(annotation=heads[0], by=writer, words="It quotes the debate.")
    for address in (LOG, f"{LOG}?action=nothing", heads[0].get_absolute_url()):
        phone_page.goto(address)
        check_accessibility(phone_page)
        assert not hands.is_wider_than_the_screen(phone_page), address
    own = signed_in_page("ada", **PHONE)
    for head in heads:
        own.goto(head.get_absolute_url())
        check_accessibility(own)
    for address in (reverse("appeal", args=[heads[1].pk]), "/reports/", "/notices/"):
        own.goto(address)
        check_accessibility(own)
        assert not hands.is_wider_than_the_screen(own), address

"""The accessibility rules on every page and in every state, light and dark.

The rules are those of WCAG 2.2, levels A and AA, and axe's best practices.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from playwright.sync_api import Page, expect

from annotations import moderating, reporting
from annotations.models import Annotation
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import PHONE, NewPage
from tests.factories import make_annotation, make_moderator, make_reader, make_reply, make_revision

Check = Callable[..., None]

PARAGRAPH = "p3"


def test_pages_that_everybody_sees(page: Page, sample_reading: Article, check_accessibility: Check) -> None:
    head = Annotation.objects.filter(replies__isnull=False).earliest("pk")
    home = sample_reading.get_absolute_url()
    names = ("library", "account_login", "account_signup", "account_reset_password", "account_inactive")
    addresses = [*map(reverse, names), home, f"{home}{PARAGRAPH}/", f"{home}p1/", f"{home}whole/"]
    addresses += [head.get_absolute_url(), head.creator.get_absolute_url(), reverse("replies", args=[head.pk])]
    for address in [*addresses, "/nothing/here/", "/readers/a%00b/", "/?archived=1"]:
        page.goto(address)
        check_accessibility(page)


def test_the_reading_page_on_a_phone(phone_page: Page, sample_reading: Article, check_accessibility: Check) -> None:
    hands.open_article(phone_page, sample_reading)
    check_accessibility(phone_page)


def test_the_history_and_what_is_gone(page: Page, sample_reading: Article, check_accessibility: Check) -> None:
    assert sample_reading.current_revision
    blocks = [paragraph.block for paragraph in sample_reading.current_revision.paragraphs.all()]
    changed = replace(blocks[3], html=blocks[3].html.replace("the", "this"))
    make_revision(sample_reading, *blocks[:3], changed, *blocks[5:], note="Two things were wrong.")
    make_revision(sample_reading, *blocks[:3], changed, *blocks[6:])
    home = sample_reading.get_absolute_url()
    gone = sample_reading.revisions.get(number=1).paragraphs.get(position=4).name
    for place in ("", "revisions/", "revisions/1/", "revisions/3/", "revisions/1..3/", "revisions/2..2/", f"{gone}/"):
        page.goto(f"{home}{place}")
        check_accessibility(page)


def test_an_archived_article(phone_page: Page, sample_reading: Article, check_accessibility: Check) -> None:
    Article.objects.filter(pk=sample_reading.pk).update(status=Article.Status.ARCHIVED)
    home = sample_reading.get_absolute_url()
    for address in ("/", "/?archived=1", home, f"{home}{PARAGRAPH}/"):
        phone_page.goto(address)
        check_accessibility(phone_page)


def test_pages_on_the_way_to_a_new_password(
    page: Page, check_accessibility: Check, mailoutbox: list[EmailMessage]
) -> None:
    make_reader(username="ada")
    page.goto(reverse("account_reset_password"))
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(reverse("account_reset_password_done"))
    check_accessibility(page)
    page.goto(re.findall(r"https?://\S+", str(mailoutbox[0].body))[0])
    check_accessibility(page)
    for field in page.locator("[type=password]").all():
        field.fill("another horse battery")
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(reverse("account_reset_password_from_key_done"))
    check_accessibility(page)


def test_an_empty_library(page: Page, check_accessibility: Check) -> None:
    page.goto("/")
    check_accessibility(page)


def test_pages_of_who_is_signed_in(
    signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check
) -> None:
    page = signed_in_page("ada")
    own = make_annotation(
        article=sample_reading, creator=User.objects.get(username="ada"), kind="disagreement", exact="yell loudly"
    )
    theirs = Annotation.objects.exclude(creator=own.creator).earliest("pk")
    source = make_annotation(article=sample_reading, creator=own.creator, kind="source", exact="crying wolf")
    names = ("account", "account_email", "account_change_password", "account_logout", "account_email_verification_sent")
    addresses = list(map(reverse, names))
    addresses += [reverse("edit", args=[own.pk]), reverse("edit", args=[source.pk]), reverse("withdraw", args=[own.pk])]
    addresses += [
        reverse("edit", args=[theirs.pk]),
        reverse("flags", args=[theirs.pk]),
        own.get_absolute_url(),
        own.creator.get_absolute_url(),
    ]
    for address in addresses:
        page.goto(address)
        check_accessibility(page)


def test_forms_with_errors(signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check) -> None:
    page = signed_in_page("ada")
    home = sample_reading.get_absolute_url()
    theirs = Annotation.objects.earliest("pk")
    sent = {
        f"{home}{PARAGRAPH}/": "Post",
        reverse("replies", args=[theirs.pk]): "Post reply",
        reverse("flags", args=[theirs.pk]): "Report",
    }
    for address, button in sent.items():
        page.goto(address)
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        check_accessibility(page)


def test_signing_in_with_errors(page: Page, check_accessibility: Check) -> None:
    for name, button in {"account_login": "Sign in", "account_signup": "Make an account"}.items():
        page.goto(reverse(name))
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        check_accessibility(page)


@pytest.mark.parametrize("options", [pytest.param({}, id="at a desk"), pytest.param(PHONE, id="on a phone")])
def test_the_panel_in_each_of_its_states(
    signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check, options: dict[str, Any]
) -> None:
    page = signed_in_page("ada", **options)
    hands.open_article(page, sample_reading)
    page.get_by_role("link", name="Respond to paragraph 5").press("Enter")
    panel = page.locator("#panel")
    for kind in ("Note", "Source", "Disagree", "Ask"):
        panel.get_by_role("radio", name=kind).check(force=True)
        check_accessibility(page, within="#panel")
    if not options:
        check_accessibility(page)
    panel.get_by_role("radio", name="Note").check(force=True)
    panel.get_by_role("button", name="Post").click()
    expect(panel.get_by_role("alert")).to_be_visible()
    check_accessibility(page, within="#panel")
    panel.get_by_label("Your words").fill("All of it.")
    panel.get_by_role("button", name="Post").click()
    expect(panel.locator(".post.fresh")).to_be_visible()
    check_accessibility(page, within="#panel")
    panel.get_by_role("link", name="Reply").first.click()
    expect(panel.get_by_label("Your answer")).to_be_visible()
    check_accessibility(page, within="#panel")


def test_words_selected_and_menus_open(
    signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check
) -> None:
    page = signed_in_page("ada")
    hands.open_article(page, sample_reading)
    hands.touch(page, "soft on crime")
    check_accessibility(page)
    page.keyboard.press("Escape")
    page.get_by_text("By paragraph").click()
    page.get_by_label("How pages look").click()
    check_accessibility(page)
    page.locator(".menu summary", has_text="ada").click()
    check_accessibility(page)


def test_the_moderators_panel(signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check) -> None:
    moderator = make_moderator(username="warden")
    page = signed_in_page("warden")
    note = make_annotation(article=sample_reading, exact="yell loudly", body="Fools.")
    make_reply(parent=note)
    reporting.report(annotation=note, by=make_reader(), reason="attack", details="And not the first time.")
    hidden = make_annotation(article=sample_reading, exact="crying wolf", kind="source")
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason="It says nothing like it.")
    names = ("annotation", "flag", "source", "moderationentry")
    addresses = [reverse("admin:index"), *(reverse(f"admin:annotations_{name}_changelist") for name in names)]
    addresses += [reverse("admin:annotations_annotation_change", args=[one.pk]) for one in (note, hidden)]
    addresses += [f"{reverse('admin:annotations_annotation_hide')}?ids={note.pk}"]
    for address in addresses:
        page.goto(address)
        check_accessibility(page)

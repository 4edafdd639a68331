"""An account from its pages: another name, a copy of one's data, and leaving, which is called off."""

import json
import re
import zipfile
from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.urls import reverse
from playwright.sync_api import Page, expect

from annotations import muting
from reader.models import Article, User
from tests.browser import hands
from tests.browser.conftest import NewPage
from tests.factories import PASSWORD, make_annotation, make_reader

Check = Callable[..., None]

NAMES = (
    "account",
    "account-name",
    "account-sessions",
    "exports",
    "account-leave",
    "account-data",
    "muted",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
)


def test_another_name_a_copy_of_the_data_and_leaving_called_off(
    signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check
) -> None:
    page = signed_in_page("ada")
    ada = User.objects.get(username="ada")
    make_annotation(article=sample_reading, creator=ada, exact="yell loudly")
    page.goto(reverse("account"))
    page.get_by_role("link", name="Name", exact=True).click()
    show_password(page)
    page.get_by_label("The new name").fill("admin")
    page.get_by_role("button", name="Take this name").click()
    expect(page.get_by_role("main")).to_contain_text("kept for the site itself")
    check_accessibility(page)
    page.get_by_label("The new name").fill("lovelace")
    page.get_by_role("button", name="Take this name").click()
    expect(page.get_by_text("Your name is lovelace now")).to_be_visible()
    hands.open_article(page, sample_reading)
    expect(page.locator(".rows .who", has_text="lovelace").first).to_be_attached()

    page.goto(reverse("exports"))
    page.get_by_role("button", name="Make a copy").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Fetch it").click()
    copy = zipfile.ZipFile(fetched.value.path())
    assert json.loads(copy.read("account.json"))["name"] == "lovelace"
    assert json.loads(copy.read("annotations.jsonld"))["total"] == 1

    page.goto(reverse("account-leave"))
    page.get_by_label("Take it down").check()
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_text("Your account is closed.")).to_be_visible()
    page.goto(reverse("account_login"))
    hands.sign_in(page, "lovelace")
    expect(page.get_by_role("heading", name="Do you want your account back?")).to_be_visible()
    check_accessibility(page)
    page.get_by_role("button", name="Open it again").click()
    hands.sign_in(page, "lovelace")
    expect(page.locator("[data-reader=lovelace]")).to_be_attached()


def test_every_page_of_an_account(signed_in_page: NewPage, sample_reading: Article, check_accessibility: Check) -> None:
    page = signed_in_page("ada")
    ada = User.objects.get(username="ada")
    EmailAddress.objects.update_or_create(user=ada, email=ada.email, defaults={"primary": True, "verified": True})
    other = make_reader(username="berta")
    folded = make_annotation(article=sample_reading, creator=other, exact="yell loudly")
    muting.mute(reader=ada, person=other)
    page.goto(reverse("account-name"))
    show_password(page)
    for name in NAMES:
        page.goto(reverse(name))
        check_accessibility(page)
    page.goto(folded.get_absolute_url())
    expect(page.get_by_text("Worth knowing.")).to_be_hidden()
    check_accessibility(page)
    page.get_by_text("whom you muted").click()
    expect(page.get_by_text("Worth knowing.")).to_be_visible()


def test_the_policy_lets_a_passkey_s_scripts_run(page: Page, sample_reading: Article) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("That did not work|Sign in"))
    assert not [text for text in said if "Content Security Policy" in text]


def show_password(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

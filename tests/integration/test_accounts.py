"""Accounts: signing up, in and out, passwords and addresses, each through its pages and its mail."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from reader import posting
from reader.forms import LoginForm
from reader.models import Letter, User
from tests.factories import PASSWORD, confirm_address, make_reader

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "staple battery horse"

HOSTILE = {
    "another host": "https://evil.example/",
    "no scheme": "//evil.example/",
    "three slashes": "///evil.example/",
    "a scheme without slashes": "https:evil.example",
    "backslashes": "\\\\evil.example",
    "a slash and a backslash": "/\\evil.example",
    "a script": "javascript:alert(1)",
    "data": "data:text/html,hello",
    "a name in front": "https://testserver@evil.example/",
    "our name as a part of theirs": "https://testserver.evil.example/",
    "a tab inside": "/\t/evil.example/",
    "another port": "http://testserver:8080/",
    "another host of ours": "http://localhost/",
}

PUBLIC = {
    "account_login": [],
    "account_signup": [],
    "account_inactive": [],
    "account_reset_password": [],
    "account_reset_password_done": [],
    "account_reset_password_from_key": ["1", "wrong-key"],
    "account_reset_password_from_key_done": [],
    "account_email_verification_sent": [],
    "account_confirm_email": ["wrong-key"],
}
PRIVATE = ["account_email", "account_change_password", "account_set_password", "account_reauthenticate"]


@pytest.fixture
def mandatory(settings: Settings) -> None:
    """Demand a confirmed address, as production does."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_PREVENT_ENUMERATION = "strict"


# Every page


@pytest.mark.parametrize(("name", "args"), PUBLIC.items(), ids=PUBLIC.keys())
def test_a_page_for_strangers_opens_to_them(client: Client, name: str, args: list[str]) -> None:
    page = client.get(reverse(name, args=args))
    assert page.status_code == 200
    assert_in_house(page.content.decode())


@pytest.mark.parametrize("name", PRIVATE)
def test_a_page_of_ones_own_sends_strangers_to_sign_in(client: Client, name: str) -> None:
    page = client.get(reverse(name))
    assert page["Location"] == f"{reverse('account_login')}?next={reverse(name)}"


@pytest.mark.parametrize(
    "name", ["account_email", "account_change_password", "account_reauthenticate", "account_logout"]
)
def test_a_page_of_ones_own_opens_to_its_owner(client: Client, name: str) -> None:
    client.force_login(make_reader())
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert_in_house(page.content.decode())


def test_an_account_without_a_password_may_choose_one(client: Client) -> None:
    reader = User.objects.create_user("anna", "anna@example.org")
    client.force_login(reader)
    assert_in_house(client.get(reverse("account_set_password")).content.decode())
    client.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})
    reader.refresh_from_db()
    assert reader.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "account_logout"])
def test_a_wrong_method_is_refused(client: Client, name: str) -> None:
    client.force_login(make_reader()) if name == "account_logout" else None
    assert client.delete(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", PRIVATE)
def test_a_wrong_method_on_a_page_of_ones_own_is_refused(client: Client, name: str) -> None:
    reader = make_reader()
    if name == "account_set_password":
        reader.set_unusable_password()
        reader.save()
    client.force_login(reader)
    assert client.delete(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ["account_inactive", "account_reset_password_done", "account_email_verification_sent"])
def test_a_page_that_only_tells_takes_no_post(client: Client, name: str) -> None:
    assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", ["request_login_code", "confirm_login_code"])
def test_a_page_of_allauth_that_we_wrote_no_words_for_is_in_our_frame_too(rf: RequestFactory, name: str) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    form = {"form": LoginForm(), "verify_form": LoginForm(), "change_form": LoginForm()}
    text = render_to_string(f"account/{name}.html", form, request)
    assert_in_house(text)
    assert '<div class="field' in text
    assert '<button class="button" type="submit">' in text


# Signing up


def test_signing_up_makes_an_account_and_signs_in(client: Client) -> None:
    answer = sign_up(client)
    assert answer["Location"] == reverse("library")
    assert signed_in(client) == User.objects.get(username="anna", email="anna@example.org")


def test_a_name_is_kept_in_its_one_spelling(client: Client) -> None:
    sign_up(client, username="Ａｎｎａ")
    assert signed_in(client).username == "anna"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"username": "a b c"}, "cannot be part of a name"),
        ({"username": "admin"}, "kept for the site itself"),
        ({"username": "paypаl"}, "keep to one alphabet"),
        ({"username": "rnichael"}, "taken, or looks like one"),
        ({"username": "MICHAEL"}, "taken, or looks like one"),
        ({"username": ""}, "This field is required"),
        ({"email": "nobody"}, "valid email address"),
        ({"email": ""}, "This field is required"),
        ({"password1": "short"}, "too short"),
        ({"password1": "anna@example.org"}, "too similar"),
        ({"password1": "password123"}, "too common"),
        ({"email": "michael@example.org"}, "an account with this address already"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_bad_sign_up_says_why_with_what_was_typed_still_there(
    client: Client, wrong: dict[str, str], why: str
) -> None:
    make_reader(username="michael")
    page = sign_up(client, **wrong).content.decode()
    typed = {"username": "anna", "email": "anna@example.org"} | wrong
    assert why in page
    assert f'value="{typed["username"]}"' in page or not typed["username"]
    assert f'value="{typed["email"]}"' in page or not typed["email"]
    assert 'aria-invalid="true"' in page
    assert User.objects.count() == 1


def test_of_two_who_want_one_name_at_once_the_second_is_told(client: Client, settings: Settings) -> None:
    # Passwords are judged after the name was looked up and before the account is made: there the rival comes first.
    settings.AUTH_PASSWORD_VALIDATORS = [{"NAME": "tests.integration.test_accounts.RivalBeforeThePassword"}]
    page = sign_up(client, username="rnichael")
    assert page.status_code == 200
    assert "taken, or looks like one" in page.content.decode()
    assert [reader.username for reader in User.objects.all()] == ["michael"]


class RivalBeforeThePassword:
    """Somebody who signs up as michael while another sign-up is on its way."""

    def validate(self, password: str, user: User | None = None) -> None:
        if not User.objects.looking_like("michael").exists():
            make_reader(username="michael")

    def get_help_text(self) -> str:
        return ""


def test_what_stands_in_the_session_survives_signing_up(client: Client) -> None:
    keep_draft(client)
    sign_up(client)
    assert client.session["draft"] == "half a thought"


# Confirming an address


@pytest.mark.usefixtures("mandatory")
def test_where_an_address_must_be_confirmed_signing_up_does_not_sign_in(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert not signed_in(client).is_authenticated
    (mail,) = mailoutbox
    assert mail.to == ["anna@example.org"]
    assert mail.subject == "Welcome to Gloss: confirm your e-mail address"


@pytest.mark.usefixtures("mandatory")
def test_the_link_in_the_mail_asks_before_it_confirms(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client)
    page = client.get(link_in(mailoutbox[0])).content.decode()
    assert "Is anna@example.org the address of anna?" in page
    assert_in_house(page)
    assert not EmailAddress.objects.get().verified


@pytest.mark.usefixtures("mandatory")
def test_confirming_in_the_same_browser_signs_in_and_leads_back(client: Client, mailoutbox: list[EmailMessage]) -> None:
    keep_draft(client)
    sign_up(client, next="/articles/bridge/")
    answer = client.post(link_in(mailoutbox[0]))
    assert answer["Location"] == "/articles/bridge/"
    assert signed_in(client).username == "anna"
    assert client.session["draft"] == "half a thought"
    assert EmailAddress.objects.get().verified


@pytest.mark.usefixtures("mandatory")
def test_confirming_in_another_browser_leads_back_through_signing_in(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client, next="/articles/bridge/")
    other = Client()
    answer = other.post(link_in(mailoutbox[0]))
    assert answer["Location"] == "/accounts/login/?" + urlencode({"next": "/articles/bridge/"})
    assert not signed_in(other).is_authenticated
    assert sign_in(other, login="anna", next="/articles/bridge/")["Location"] == "/articles/bridge/"


@pytest.mark.usefixtures("mandatory")
def test_signing_in_before_confirming_asks_for_the_mail(client: Client) -> None:
    make_reader(username="anna")
    assert sign_in(client, login="anna")["Location"] == reverse("account_email_verification_sent")
    assert not signed_in(client).is_authenticated


@pytest.mark.usefixtures("mandatory")
def test_a_link_works_once(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client)
    client.post(link_in(mailoutbox[0]))
    assert "This link no longer works" in Client().get(link_in(mailoutbox[0])).content.decode()


@pytest.mark.usefixtures("mandatory")
def test_signing_up_with_a_known_address_looks_like_any_other(client: Client, mailoutbox: list[EmailMessage]) -> None:
    reader = make_reader(username="berta")
    confirm_address(reader)
    known, new = sign_up(client, email=reader.email), sign_up(Client(), username="otto")
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert [mail.subject for mail in mailoutbox] == [
        "You have an account on Gloss already",
        "Welcome to Gloss: confirm your e-mail address",
    ]


@pytest.mark.usefixtures("mandatory")
@pytest.mark.parametrize("email", ["berta@example.org", "otto@example.org"])
def test_nothing_that_comes_after_signing_up_tells_whether_the_address_was_known(client: Client, email: str) -> None:
    confirm_address(make_reader(username="berta"))
    sign_up(client, email=email, password1=NEW_PASSWORD)
    # The name is given away, it signs in as far as it can, and the address alone does not.
    assert "taken, or looks like one" in sign_up(Client(), email="else@example.org").content.decode()
    assert client.get(reverse("reader", args=["anna"])).status_code == 200
    assert sign_in(Client(), login="anna", password=NEW_PASSWORD)["Location"] == reverse(
        "account_email_verification_sent"
    )
    assert "sign in with your name" in sign_in(Client(), login=email, password=NEW_PASSWORD).content.decode()


@pytest.mark.usefixtures("mandatory")
def test_an_address_that_another_confirmed_cannot_be_confirmed(client: Client, mailoutbox: list[EmailMessage]) -> None:
    anna, berta = Client(), make_reader(username="berta")
    sign_up(anna, email=berta.email)
    sign_up(client, username="carla", email=berta.email)
    confirm_address(berta)
    answer = anna.post(link_in(mailoutbox[0]), follow=True)
    assert not signed_in(anna).is_authenticated
    assert answer.status_code == 200
    assert list(EmailAddress.objects.filter(verified=True).values_list("user__username", flat=True)) == ["berta"]


@pytest.mark.usefixtures("mandatory")
def test_who_never_confirmed_an_address_keeps_nobody_from_it(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(Client(), username="squatter")
    sign_up(client)
    client.post(link_in(mailoutbox[1]))
    assert signed_in(client).username == "anna"
    assert sign_in(Client(), login="anna@example.org")["Location"] == reverse("library")


@pytest.mark.usefixtures("mandatory")
def test_of_several_accounts_that_wait_for_one_address_one_gets_a_new_password(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    for name in ("anna", "berta"):
        sign_up(Client(), username=name, email="both@example.org")
    mailoutbox.clear()
    client.post(reverse("account_reset_password"), {"email": "both@example.org"})
    assert ["anna" in str(mail.body) for mail in mailoutbox] == [True]


def test_where_it_need_not_be_confirmed_the_mail_comes_and_stands_in_nobodys_way(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client)
    assert signed_in(client).is_authenticated
    client.post(link_in(mailoutbox[0]))
    assert EmailAddress.objects.get().verified


# Signing in and out


@pytest.mark.parametrize("login", ["anna", "Anna", "anna@example.org", "ANNA@EXAMPLE.ORG", " anna "])
def test_one_signs_in_by_name_or_address_in_any_capitals(client: Client, login: str) -> None:
    reader = make_reader(username="anna")
    sign_in(client, login=login)
    assert signed_in(client) == reader


def test_a_wrong_password_says_so_with_the_name_still_there(client: Client) -> None:
    make_reader(username="anna")
    page = sign_in(client, login="anna", password="wrong").content.decode()
    assert "do not belong together" in page
    assert 'value="anna"' in page
    assert "wrong" not in re.findall(r'value="([^"]*)"', page)


@pytest.mark.parametrize("known", ["anna", "anna@example.org"])
def test_an_unknown_name_and_a_wrong_password_are_answered_alike(client: Client, known: str) -> None:
    make_reader(username="anna")
    wrong = sign_in(client, login=known, password="wrong").content.decode()
    unknown = sign_in(client, login=known.replace("anna", "otto"), password="wrong").content.decode()
    assert without_token(wrong) == without_token(unknown).replace("otto", "anna")


def test_too_many_requests_are_answered_in_plain_words(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    sign_in(client, login="anna")
    page = sign_in(client, login="anna")
    assert page.status_code == 429
    assert "You can do it again in 60 seconds." in page.content.decode()
    assert page.headers["Retry-After"] == "60"
    assert_in_house(page.content.decode())


def test_behind_a_proxy_each_reader_has_their_own_limit(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    statuses = [
        client.post(reverse("account_login"), headers={"x-forwarded-for": f"6.6.6.6, 10.0.0.{number}"}).status_code
        for number in (1, 2, 1)
    ]
    assert statuses == [200, 200, 429]


def test_a_closed_account_does_not_open(client: Client) -> None:
    make_reader(username="anna", is_active=False)
    assert sign_in(client, login="anna")["Location"] == reverse("account_inactive")
    assert not signed_in(client).is_authenticated


def test_a_sample_account_cannot_be_signed_in_to(client: Client) -> None:
    User.objects.create_user("sample-reader", is_sample=True)
    for password in ("", "!", PASSWORD):
        sign_in(client, login="sample-reader", password=password)
    assert not signed_in(client).is_authenticated


def test_what_stands_in_the_session_survives_signing_in(client: Client) -> None:
    make_reader(username="anna")
    keep_draft(client)
    before = client.session.session_key
    sign_in(client, login="anna")
    assert client.session["draft"] == "half a thought"
    assert client.session.session_key != before


def test_signing_out_asks_first_and_then_forgets(client: Client) -> None:
    client.force_login(make_reader())
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert signed_in(client).is_authenticated
    client.post(reverse("account_logout"))
    assert not signed_in(client).is_authenticated


def test_staff_sign_in_to_the_panel_where_everybody_does(client: Client) -> None:
    answer = client.get(reverse("admin:login"))
    assert answer["Location"].startswith(reverse("account_login"))


# Where the way leads afterwards


@pytest.mark.parametrize("address", HOSTILE.values(), ids=HOSTILE.keys())
def test_signing_in_never_leads_off_the_site(client: Client, address: str) -> None:
    make_reader(username="anna")
    assert sign_in(client, login="anna", next=address)["Location"] == reverse("library")


@pytest.mark.parametrize("address", HOSTILE.values(), ids=HOSTILE.keys())
def test_signing_up_and_out_never_leads_off_the_site(client: Client, address: str) -> None:
    assert sign_up(client, next=address)["Location"] == reverse("library")
    assert client.post(reverse("account_logout"), {"next": address})["Location"] == reverse("library")


def test_who_is_signed_in_already_is_not_led_off_the_site_either(client: Client) -> None:
    client.force_login(make_reader())
    page = client.get(reverse("account_login"), {"next": "//evil.example/"})
    assert page["Location"] == reverse("library")


def test_signing_in_leads_back(client: Client) -> None:
    make_reader(username="anna")
    address = "/articles/bridge/?kind=note#p7"
    assert sign_in(client, login="anna", next=address)["Location"] == address


@pytest.mark.parametrize(("here", "there"), [("account_login", "account_signup"), ("account_signup", "account_login")])
def test_the_way_back_is_kept_between_signing_in_and_signing_up(client: Client, here: str, there: str) -> None:
    text = client.get(reverse(here), {"next": "/articles/bridge/"}).content.decode()
    assert f'href="{reverse(there)}?next=%2Farticles%2Fbridge%2F"' in text
    assert '<input type="hidden" name="next" value="/articles/bridge/">' in text


def test_a_way_back_is_written_into_the_page_as_text_only(client: Client) -> None:
    page = client.get(reverse("account_login"), {"next": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


# A forgotten password


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    reader = make_reader(username="anna")
    answer = client.post(reverse("account_reset_password"), {"email": reader.email})
    assert answer["Location"] == reverse("account_reset_password_done")
    form = client.get(link_in(mailoutbox[0]), follow=True)
    assert_in_house(form.content.decode())
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    sign_in(client, login="anna", password=NEW_PASSWORD)
    assert signed_in(client) == reader
    assert mailoutbox[1].subject == "Your password was changed"


def test_two_different_new_passwords_are_told_apart(client: Client, mailoutbox: list[EmailMessage]) -> None:
    reader = make_reader(username="anna")
    client.post(reverse("account_reset_password"), {"email": reader.email})
    form = client.get(link_in(mailoutbox[0]), follow=True)
    page = client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": PASSWORD})
    assert "must type the same password" in page.content.decode()


def test_a_reset_link_works_once(client: Client, mailoutbox: list[EmailMessage]) -> None:
    reader = make_reader(username="anna")
    client.post(reverse("account_reset_password"), {"email": reader.email})
    form = client.get(link_in(mailoutbox[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert "This link no longer works" in Client().get(link_in(mailoutbox[0]), follow=True).content.decode()


def test_asking_for_an_unknown_address_is_answered_alike(client: Client, mailoutbox: list[EmailMessage]) -> None:
    reader = make_reader(username="anna")
    known = client.post(reverse("account_reset_password"), {"email": reader.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "otto@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.subject for mail in mailoutbox] == ["Choose a new password", "No account on Gloss with this address"]


def test_a_bad_address_for_a_new_password_says_why(client: Client) -> None:
    page = client.post(reverse("account_reset_password"), {"email": "nobody"}).content.decode()
    assert "valid email address" in page
    assert 'value="nobody"' in page


@pytest.mark.parametrize("known", ["anna", "anna@example.org"])
def test_a_wrong_password_is_made_unreadable_once_whether_the_account_is_there_or_not(
    client: Client, settings: Settings, known: str
) -> None:
    settings.PASSWORD_HASHERS = ["tests.integration.test_accounts.CountingHasher"]
    make_reader(username="anna")
    numbers = []
    for login in (known, known.replace("anna", "otto")):
        CountingHasher.number = 0
        sign_in(client, login=login, password="wrong")
        numbers.append(CountingHasher.number)
    assert numbers == [1, 1]


@pytest.mark.usefixtures("mandatory")
def test_a_wrong_password_is_made_unreadable_once_however_many_accounts_wait_for_the_address(
    client: Client, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["tests.integration.test_accounts.CountingHasher"]
    for name in ("anna", "berta"):
        sign_up(Client(), username=name, email="both@example.org")
    CountingHasher.number = 0
    sign_in(client, login="both@example.org", password="wrong")
    assert CountingHasher.number == 1


@pytest.mark.usefixtures("mandatory")
def test_signing_up_makes_one_password_unreadable_whether_the_address_is_known_or_not(
    client: Client, settings: Settings
) -> None:
    reader = make_reader(username="berta")
    confirm_address(reader)
    settings.PASSWORD_HASHERS = ["tests.integration.test_accounts.CountingHasher"]
    numbers = []
    for name, email in (("anna", reader.email), ("otto", "otto@example.org")):
        CountingHasher.number = 0
        sign_up(client, username=name, email=email)
        numbers.append(CountingHasher.number)
    assert numbers == [1, 1]


class CountingHasher(MD5PasswordHasher):
    """Makes passwords unreadable, and counts how often."""

    number = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.number += 1
        return super().encode(password, salt)


# A password changed


def test_changing_the_password_keeps_this_browser_and_signs_out_the_others(client: Client) -> None:
    reader = make_reader(username="anna")
    other = Client()
    for browser in (client, other):
        sign_in(browser, login="anna")
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert signed_in(client) == reader
    assert not signed_in(other).is_authenticated


def test_a_wrong_old_password_changes_nothing(client: Client) -> None:
    reader = make_reader()
    client.force_login(reader)
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "not your password of today" in client.post(reverse("account_change_password"), form).content.decode()
    reader.refresh_from_db()
    assert reader.check_password(PASSWORD)


# Addresses


def test_an_address_is_added_confirmed_made_the_main_one_and_the_old_one_removed(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    reader = make_reader(username="anna")
    sign_in(client, login="anna")
    show_password(client)
    page = reverse("account_email")
    client.post(page, {"action_add": "", "email": "new@example.org"})
    client.post(link_in(mailoutbox[0]))
    client.post(page, {"action_primary": "", "email": "new@example.org"})
    client.post(page, {"action_remove": "", "email": "anna@example.org"})
    reader.refresh_from_db()
    assert reader.email == "new@example.org"
    assert [address.email for address in EmailAddress.objects.all()] == ["new@example.org"]


def test_a_bad_address_says_why_with_what_was_typed_still_there(client: Client) -> None:
    make_reader(username="anna")
    sign_in(client, login="anna")
    page = client.post(reverse("account_email"), {"action_add": "", "email": "nobody"}).content.decode()
    assert "valid email address" in page
    assert 'value="nobody"' in page


def test_before_an_address_is_added_the_password_is_asked_for_and_then_it_goes_on(client: Client) -> None:
    make_reader(username="anna")
    sign_in(client, login="anna")
    answer = client.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"})
    assert answer["Location"] == f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('account_email')})}"
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    show_password(client, next=reverse("account_email"))
    assert EmailAddress.objects.filter(email="new@example.org").exists()


def test_a_wrong_password_before_a_change_says_so(client: Client) -> None:
    client.force_login(make_reader())
    page = client.post(reverse("account_reauthenticate"), {"password": "wrong"}).content.decode()
    assert "This is not your password" in page


# Mail


def test_mail_is_plain_text_in_our_words_and_names_nothing_but_the_site(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    sign_up(client)
    (mail,) = mailoutbox
    text = str(mail.body)
    assert text.startswith("Hello,\n\nWelcome, anna.")
    assert text.endswith("Gloss\nhttp://testserver/")
    assert not getattr(mail, "alternatives", [])
    assert "&" not in text


def test_a_mail_server_that_does_not_answer_is_no_error_page_and_the_mail_waits(
    client: Client, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sign_up(client)
    assert signed_in(client).username == "anna"
    settings.EMAIL_BACKEND = working
    posting.send_letter.call(Letter.objects.get().pk)
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]


def test_a_mail_is_forgotten_when_it_is_sent(client: Client, mailoutbox: list[EmailMessage]) -> None:
    sign_up(client)
    assert mailoutbox
    assert not Letter.objects.exists()


def test_a_mail_that_cannot_be_sent_for_days_is_thrown_away() -> None:
    letters = [Letter.objects.create(address="ada@example.org", subject="Hello", body="Hello.") for _ in range(2)]
    Letter.objects.filter(pk=letters[0].pk).update(created_at=timezone.now() - posting.KEPT_FOR)
    assert posting.forget_unsent() == 1
    assert Letter.objects.get() == letters[1]


# What the tests above are made of


def sign_up(client: Client, **changes: str) -> Any:
    form = {"username": "anna", "email": "anna@example.org", "password1": PASSWORD} | changes
    return client.post(reverse("account_signup"), form)


def sign_in(client: Client, *, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password} | more)


def show_password(client: Client, **more: str) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD} | more)


def signed_in(client: Client) -> User:
    request = HttpRequest()
    request.session = client.session
    return get_user(request)  # type: ignore[return-value]


def keep_draft(client: Client) -> None:
    session = client.session
    session["draft"] = "half a thought"
    session.save()


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/accounts/\S+)", str(mail.body))
    assert found, mail.body
    return found[1]


def without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def assert_in_house(page: str) -> None:
    """See that a page is one of ours: in the house's frame, with nothing the content-security policy forbids."""
    assert page.count('<section class="sheet">') == 1
    assert page.count("<h1>") == 1
    assert '<main id="main"' in page
    assert " style=" not in page
    assert " placeholder=" not in page
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"<script(?![^>]*\s(?:src=|type=\"application/json\"))", page)

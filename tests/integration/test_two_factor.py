"""Two-factor sign-in: setting it up, signing in with it, and what staff may do without."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from reader.models import User
from tests.factories import PASSWORD, make_editor, make_moderator, make_reader
from tests.integration.test_accounts import assert_in_house

pytestmark = pytest.mark.django_db

PRIVATE = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"]


@pytest.fixture
def ada(client: Client) -> User:
    """Give ada with a confirmed address, signed in, her password shown."""
    reader = make_reader(username="ada")
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    client.force_login(reader)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return reader


@pytest.fixture
def secret(ada: User) -> str:
    """Give the key of ada's app."""
    key: str = generate_totp_secret()
    TOTP.activate(ada, key)
    return key


@pytest.fixture
def required(settings: Settings) -> None:
    settings.STAFF_TWO_FACTOR = "required"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("name", PRIVATE)
def test_every_page_is_in_our_house_and_words(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert_in_house(page)
    assert "uthenticator App" not in page


@pytest.mark.parametrize("name", PRIVATE)
def test_a_stranger_is_sent_to_sign_in(client: Client, name: str) -> None:
    assert client.get(reverse(name))["Location"].startswith(reverse("account_login"))


def test_the_app_is_set_up_with_its_code(
    client: Client,
    ada: User,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    found = re.search(r"<code>(\w+)</code>", page)
    assert found
    assert "<svg" in page
    assert "data:image" not in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.filter(user=ada, type=Authenticator.Type.TOTP).exists()
    assert "An authenticator app was added" in [mail.subject for mail in mailoutbox]
    assert_in_house(client.get(answer["Location"]).content.decode())


@pytest.mark.usefixtures("ada")
def test_a_wrong_code_says_so(client: Client) -> None:
    client.get(reverse("mfa_activate_totp"))
    assert "This is not the code." in client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()


def test_without_a_confirmed_address_there_is_no_second_factor(client: Client, ada: User) -> None:
    EmailAddress.objects.filter(user=ada).update(verified=False)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert "confirm your e-mail address first" in page


def test_signing_in_asks_for_the_code(secret: str) -> None:
    client = sign_in()
    assert not is_in(client)
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert_in_house(page)
    assert "Type the code that your app shows now" in page
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client)


@pytest.mark.usefixtures("secret")
def test_a_recovery_code_signs_in_once(client: Client, ada: User) -> None:
    client.post(reverse("mfa_generate_recovery_codes"))
    code = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()[0]
    for is_first in (True, False):
        other = sign_in()
        other.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(other) is is_first


@pytest.mark.usefixtures("secret")
def test_the_app_is_turned_off(client: Client, ada: User) -> None:
    assert_in_house(client.get(reverse("mfa_deactivate_totp")).content.decode())
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=ada).exists()


def test_signing_in_offers_a_passkey_by_scripts_of_our_own(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    assert "Sign in with a passkey" in page
    assert all(source.startswith("/static/") for source in re.findall(r'<script[^>]* src="([^"]+)"', page))


# Staff


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("address", ["/admin/", "/desk/", "/desk/import/", "/drafts/1/"])
def test_where_it_is_required_staff_without_it_are_led_to_set_it_up(client: Client, address: str) -> None:
    editor = make_editor()
    editor.is_staff = True
    editor.save()
    client.force_login(editor)
    assert client.get(address)["Location"] == reverse("mfa_index")
    assert "asks for two-factor sign-in here" in client.get(reverse("mfa_index")).content.decode()


@pytest.mark.usefixtures("required")
def test_where_it_is_required_staff_with_it_come_in(client: Client) -> None:
    moderator = make_moderator()
    TOTP.activate(moderator, generate_totp_secret())
    client.force_login(moderator)
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("required")
def test_recovery_codes_alone_are_no_second_factor(client: Client) -> None:
    moderator = make_moderator()
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(moderator)
    assert client.get("/admin/").status_code == 302


@pytest.mark.usefixtures("required")
def test_where_it_is_required_readers_notice_nothing(client: Client) -> None:
    client.force_login(make_reader())
    assert client.get(reverse("library")).status_code == 200
    assert client.get("/desk/").status_code == 403


def test_where_it_is_not_required_staff_come_in(client: Client) -> None:
    client.force_login(make_moderator())
    assert client.get("/admin/").status_code == 200


def sign_in() -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    """Give the code that an app with this key shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    code: str = format_hotp_value(hotp_value(secret, counter))
    return code


def is_in(client: Client) -> bool:
    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated

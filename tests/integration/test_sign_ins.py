"""Where people are signed in: what is known of it, and how it ends."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reader import signing_in
from reader.models import SignIn, User
from reader.models.sign_ins import NETWORK_KEPT_FOR
from tests.factories import PASSWORD, make_reader

pytestmark = pytest.mark.django_db

PAGE = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1"


@pytest.fixture
def reader() -> User:
    return make_reader(username="ada")


def sign_in(user_agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": user_agent}, REMOTE_ADDR="192.0.2.77")
    client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})
    return client


@pytest.mark.usefixtures("reader")
def test_signing_in_keeps_the_browser_in_words_and_no_address() -> None:
    sign_in()
    known = SignIn.objects.get()
    assert (known.browser, known.network) == ("Firefox on Linux", "192.0.2.0/24")
    assert "192.0.2.77" not in str(vars(known))


@pytest.mark.usefixtures("reader")
def test_the_page_lists_every_browser_and_says_which_is_this_one() -> None:
    sign_in(PHONE)
    page = sign_in().get(PAGE).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This browser.") == 1


def test_the_page_lists_nobody_else_s(client: Client, reader: User) -> None:
    sign_in(PHONE)
    client.force_login(make_reader())
    assert "iPhone" not in client.get(PAGE).content.decode()


@pytest.mark.usefixtures("reader")
def test_one_browser_is_signed_out() -> None:
    phone, here = sign_in(PHONE), sign_in()
    here.post(reverse("account-end", args=[SignIn.objects.get(browser__contains="iPhone").pk]))
    assert not is_in(phone)
    assert is_in(here)


@pytest.mark.usefixtures("reader")
def test_all_the_others_are_signed_out() -> None:
    others, here = [sign_in(PHONE), sign_in()], sign_in()
    here.post(reverse("account-end-others"))
    assert [is_in(client) for client in (*others, here)] == [False, False, True]
    assert SignIn.objects.count() == 1


@pytest.mark.usefixtures("reader")
def test_ending_one_s_own_session_signs_out() -> None:
    here = sign_in()
    answer = here.post(reverse("account-end", args=[SignIn.objects.get().pk]))
    assert answer["Location"] == reverse("library")
    assert not is_in(here)


def test_nobody_ends_another_s_session(client: Client, reader: User) -> None:
    ada = sign_in()
    client.force_login(make_reader())
    client.post(reverse("account-end", args=[SignIn.objects.get(reader=reader).pk]))
    assert is_in(ada)


@pytest.mark.usefixtures("reader")
def test_a_new_password_ends_the_others_and_keeps_this_one() -> None:
    other, here = sign_in(PHONE), sign_in()
    form = {"oldpassword": PASSWORD, "password1": "staple battery horse", "password2": "staple battery horse"}
    here.post(reverse("account_change_password"), form)
    assert not is_in(other)
    page = here.get(PAGE).content.decode()
    assert "iPhone" not in page
    assert "This browser." in page


@pytest.mark.usefixtures("reader")
def test_signing_out_ends_it() -> None:
    here = sign_in()
    here.post(reverse("account_logout"))
    assert not SignIn.objects.standing().exists()
    assert signing_in.forget() == 1


@pytest.mark.usefixtures("reader")
def test_using_a_session_is_written_down_once_an_hour() -> None:
    here = sign_in()
    SignIn.objects.update(seen_at=timezone.now() - timedelta(days=2))
    here.get(PAGE)
    assert SignIn.objects.get().seen_at < timezone.now() - timedelta(days=1)
    caches["people"].clear()
    here.get(PAGE)
    assert SignIn.objects.get().seen_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.usefixtures("reader")
def test_after_a_month_not_even_the_surroundings_are_known() -> None:
    sign_in()
    SignIn.objects.update(seen_at=timezone.now() - NETWORK_KEPT_FOR)
    signing_in.forget()
    assert SignIn.objects.get().network == ""


def test_a_stranger_s_session_is_not_written_down(client: Client) -> None:
    session = client.session
    session["draft"] = "half a thought"
    session.save()
    client.get(reverse("account_login"))
    assert not SignIn.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for address in (PAGE, reverse("account-end", args=[1]), reverse("account-end-others")):
        assert client.post(address)["Location"].startswith(reverse("account_login"))


def test_a_wrong_method_is_refused(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert client.post(PAGE).status_code == 405
    assert client.get(reverse("account-end-others")).status_code == 405
    assert client.get(reverse("account-end", args=[1])).status_code == 405


@pytest.mark.parametrize("number", [1, 6])
def test_the_page_takes_as_many_queries_for_many_as_for_one(reader: User, number: int) -> None:
    clients = [sign_in() for _ in range(number)]
    with CaptureQueriesContext(connection) as queries:
        clients[-1].get(PAGE)
    assert len(queries) == 9


def is_in(client: Client) -> bool:
    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated

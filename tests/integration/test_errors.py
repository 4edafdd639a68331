"""What went wrong is said in plain words: what happened, what is not lost, and what to do."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from pytest_django import Settings

from tests.factories import make_annotation, make_article, make_reader

Send: TypeAlias = Callable[..., Any]

pytestmark = pytest.mark.django_db

MULTIPART = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nWords\r\n--x--\r\n'


def words(response: Any) -> str:
    return str(response.content, "utf-8")


@pytest.fixture
def bold(client: Client) -> Client:
    """Give a browser that is shown faults as people are."""
    client.raise_request_exception = False
    return client


# Too much at once


def send_many_bytes(client: Client, **headers: str) -> Any:
    return client.post("/accounts/login/", {"login": "a" * 2_000}, headers=headers)


def send_many_fields(client: Client, **headers: str) -> Any:
    return client.post("/accounts/login/", {f"field{number}": "" for number in range(20)}, headers=headers)


def send_many_files(client: Client, **headers: str) -> Any:
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n.\r\n'
    body = part * 20 + b"--x--\r\n"
    return client.generic(
        "POST", "/accounts/login/", body, content_type="multipart/form-data; boundary=x", headers=headers
    )


@pytest.fixture
def narrow(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = settings.DATA_UPLOAD_MAX_NUMBER_FILES = 10


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("send", [send_many_bytes, send_many_fields, send_many_files])
@pytest.mark.parametrize("checks", [True, False], ids=["seen by the check of its token", "seen by the form"])
def test_more_than_the_site_takes_is_answered_with_413(send: Send, *, checks: bool) -> None:
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    client.get("/accounts/login/")
    response = send(client)
    assert response.status_code == 413
    assert "This is too much at once" in words(response)
    assert "all of it is still in your browser" in words(response)


@pytest.mark.usefixtures("narrow")
def test_htmx_is_told_of_too_much_without_the_rest_of_a_page(client: Client) -> None:
    response = send_many_bytes(client, HX_Request="true")
    assert response.status_code == 413
    assert "This is too much at once" in words(response)
    assert "<html" not in words(response)


@pytest.mark.usefixtures("narrow")
def test_the_page_for_too_much_is_in_the_reader_s_colours(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in words(send_many_bytes(client))


# What cannot be read


@pytest.mark.parametrize("charset", ["base64", "idna", "rot13", "undefined", "utf-16", "latin-1", "nobody-knows-this"])
@pytest.mark.parametrize("checks", [True, False], ids=["with the check of its token", "without"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_in_another_encoding_is_refused_in_words(charset: str, kind: str, *, checks: bool) -> None:
    client = Client(enforce_csrf_checks=checks)
    response = client.generic("POST", "/preferences/", MULTIPART, content_type=f"{kind}; charset={charset}")
    assert response.status_code == 415
    assert "This was sent in another encoding" in words(response)


def test_htmx_is_told_of_another_encoding_without_the_rest_of_a_page(client: Client) -> None:
    kind, headers = "application/x-www-form-urlencoded; charset=utf-16", {"HX-Request": "true"}
    response = client.generic("POST", "/preferences/", b"a=b", content_type=kind, headers=headers)
    assert response.status_code == 415
    assert "<html" not in words(response)


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii"])
def test_a_form_in_utf_8_is_read_however_that_is_spelt(client: Client, charset: str) -> None:
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert client.generic("POST", "/preferences/", MULTIPART, content_type=kind).status_code == 302


def test_a_form_that_breaks_off_is_refused_in_words(bold: Client) -> None:
    response = bold.generic("POST", "/preferences/", b"x", content_type="multipart/form-data")
    assert response.status_code == 400
    assert "Nothing was changed" in words(response)


@pytest.mark.parametrize(
    "address", ["/readers/a%00b/", "/?page=%00", "/articles/a%00/", "/articles/a-short-title/?by=%00"]
)
def test_a_nul_in_an_address_is_refused_in_words(bold: Client, address: str) -> None:
    response = bold.get(address)
    assert response.status_code == 400
    assert "This request could not be read" in words(response)


def test_a_nul_in_a_cookie_is_refused_in_words(bold: Client) -> None:
    bold.cookies.load('sessionid="abcdefgh\\000ijk"')
    assert bold.get("/").status_code == 400


@pytest.mark.parametrize("name", ["body", "url", "title", "exact", "token", "place", "start"])
def test_a_nul_in_a_form_is_pointed_out_in_the_form(bold: Client, name: str) -> None:
    article = make_article()
    bold.force_login(make_reader())
    form = {"kind": "source", "body": "Words.", "url": "https://example.org/", "stance": "supports", name: "a\0b"}
    response = bold.post(f"{article.get_absolute_url()}p1/annotations/", form)
    assert response.status_code == 422
    assert 'role="alert"' in words(response)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_a_nul_in_an_account_s_form_is_pointed_out_in_the_form(bold: Client, address: str) -> None:
    names = ("login", "password", "username", "email", "password1")
    response = bold.post(address, dict.fromkeys(names, "a\0b"))
    assert response.status_code == 200
    assert "Null characters are not allowed" in words(response)


# What is not there, not open, or broken


def test_who_may_not_change_something_is_told_why_and_as_whom(client: Client) -> None:
    annotation = make_annotation()
    client.force_login(make_reader(username="ada"))
    page = words(client.get(f"/annotations/{annotation.pk}/edit/"))
    assert "Only its writer can change an annotation." in page
    assert "You are signed in as ada" in page


@pytest.mark.parametrize("address", ["/nothing/", "/articles/nothing/", "/annotations/987654/"])
def test_an_address_that_holds_nothing_leads_to_the_library(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "There is nothing at this address" in words(response)
    assert 'href="/">To the library' in words(response)


def test_a_fault_is_admitted_when_the_database_is_away(bold: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", _fail)
    bold.cookies["theme"] = "sepia"
    response = bold.get("/")
    assert response.status_code == 500
    assert "The fault is ours" in words(response)
    assert 'data-theme="sepia"' in words(response)


def test_a_fault_is_admitted_even_without_static_files(bold: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StaticFilesStorage, "url", _fail)
    response = bold.get("/")
    assert response.status_code == 500
    assert "The fault is ours" in words(response)


def _fail(*_: object, **__: object) -> None:
    raise RuntimeError

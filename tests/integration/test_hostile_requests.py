"""What no browser sends is refused early, in words, and harms nobody: neither the site nor who reads after."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from reader import sizes
from reader.models import Draft
from tests import site_map
from tests.factories import make_annotation, make_article, make_editor, make_moderator, make_reader

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def words(response: Any) -> str:
    return str(response.content, "utf-8")


@pytest.fixture
def bold(client: Client) -> Client:
    """Give a browser that is shown faults as people are."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def quiet() -> Iterator[None]:
    """Have no refusal written down with how it came about, where nearly all is refused."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def send(client: Client, address: str, length: int, **headers: str) -> Any:
    """Say that so much comes, and send nothing: who would read it would wait."""
    return client.generic("POST", address, b"", content_type=FORM, CONTENT_LENGTH=str(length), headers=headers)


# Too much


@pytest.mark.parametrize(
    "address", ["/", "/accounts/login/", "/articles/a/p1/annotations/", "/desk/import/", "/drafts/1/"]
)
def test_more_than_a_reader_writes_is_refused_before_it_is_read(client: Client, address: str) -> None:
    response = send(client, address, sizes.MOST_BYTES + 1)
    assert response.status_code == 413
    assert "This is too much at once" in words(response)


def test_a_long_answer_of_a_reader_is_read(client: Client) -> None:
    body = {"name": "theme", "value": "dark", "more": "a" * (sizes.MOST_BYTES - 100)}
    assert client.post("/preferences/", body, content_type=FORM).status_code != 413


def test_an_editor_brings_whole_pages(client: Client) -> None:
    client.force_login(make_editor())
    text = "<p>A word.</p>" * 200_000
    file = SimpleUploadedFile("text.html", text.encode(), content_type="text/html")
    response = client.post(reverse("import"), {"way": "file", "file": file})
    assert response.status_code == 302
    assert Draft.objects.get().given == text


def test_what_is_too_much_for_an_editor_is_refused_too(client: Client) -> None:
    client.force_login(make_editor())
    assert send(client, reverse("import"), sizes.MOST_BYTES_OF_TEXTS + 1).status_code == 413
    assert send(client, reverse("draft", args=[1]), sizes.MOST_BYTES_OF_DRAFTS + 1).status_code == 413


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("import", sizes.MOST_BYTES_OF_TEXTS),
        ("import-again", sizes.MOST_BYTES_OF_TEXTS),
        ("draft-text", sizes.MOST_BYTES_OF_TEXTS),
        ("draft-conflict", sizes.MOST_BYTES_OF_TEXTS),
        ("draft", sizes.MOST_BYTES_OF_DRAFTS),
        ("publish-draft", sizes.MOST_BYTES),
    ],
)
def test_the_addresses_of_long_forms_are_those_of_the_site_map(name: str, most: int) -> None:
    address = reverse(name) if name == "import" else reverse(name, args=[7])
    assert sizes.most_bytes(address, is_known=True) == most
    assert sizes.most_bytes(address, is_known=False) == sizes.MOST_BYTES


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "0x10", "1" * 19])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    response = client.generic("POST", "/preferences/", b"", content_type=FORM, CONTENT_LENGTH=length)
    assert response.status_code == 400


def test_what_comes_without_a_length_is_refused(client: Client) -> None:
    client.defaults |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert client.generic("POST", "/preferences/", b"", content_type=FORM).status_code == 411


@pytest.mark.parametrize(
    ("address", "status"),
    [
        pytest.param(f"/?q={'a' * sizes.LONGEST_QUERY}", 414, id="a long query"),
        pytest.param(f"/{'a' * sizes.LONGEST_PATH}/", 414, id="a long path"),
        pytest.param(f"/articles/{'a' * sizes.LONGEST_PATH}/", 414, id="a long name of a text"),
        pytest.param(f"/?{'&' * sizes.MOST_PARAMETERS}", 400, id="many parts"),
    ],
)
def test_an_absurd_address_is_refused_in_words(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert "This address" in words(response)
    assert "To the library" in words(response)


def test_more_fields_than_a_form_has_are_refused(client: Client, settings: Settings) -> None:
    body = "&".join(f"f{number}=" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert client.post("/preferences/", body, content_type=FORM).status_code == 413


def test_nothing_reads_json(bold: Client) -> None:
    bold.force_login(make_reader())
    deep = "[" * 100_000 + "]" * 100_000
    for address in site_map.addresses(MADE_UP):
        assert bold.post(address, deep, content_type="application/json").status_code < 500, address


# What cannot be read


MADE_UP = {"slug": "a-short-title", "name": "p1", "username": "ada", "hash": "0" * 64}


HOSTILE = {
    "a NUL": b"a%00b",
    "half of a letter, bytes of no text, raw bytes": b"a%ED%A0%80b%FF%FE%C3\xff\xed\xa0\x80",
    "a number beyond all": b"9" * 300,
    "a letter that is no digit": "²".encode(),
}
FIELDS = (
    b"body url title exact token place start end revision kind answer value name version reason at by page after "
    b"stance verdict grounds next preview username login email"
).split()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("who", ["a stranger", "a moderator"])
def test_no_form_and_no_query_makes_a_page_fail(bold: Client, who: str, hostile: bytes) -> None:
    make_annotation(article=make_article(), body="Words.")
    if who != "a stranger":
        bold.force_login(make_moderator())
    query = b"&".join(name + b"=" + hostile for name in FIELDS)
    for address in site_map.addresses(MADE_UP):
        if "logout" in address:
            continue
        for response in (
            bold.generic("POST", address, query, content_type=FORM),
            bold.get(address, QUERY_STRING=query.decode("latin-1")),
        ):
            assert response.status_code < 500, address


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"HTTP_COOKIE": "sessionid=\xff\xfe; theme=\xed\xa0\x80; messages=\xff"}, id="cookies"),
        pytest.param({"HTTP_COOKIE": 'sessionid="\\355\\240\\200"; csrftoken="\\000"'}, id="cookies written in octal"),
        pytest.param({"HTTP_COOKIE": "=; ;;; a=b=c; sessionid"}, id="cookies that are none"),
        pytest.param({"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://\xff/%ff?\x00"}, id="where htmx is"),
        pytest.param({"HTTP_HX_CURRENT_URL_URI_AUTOENCODED": "true", "HTTP_HX_CURRENT_URL": "%ED%A0%80"}, id="encoded"),
        pytest.param({"HTTP_IF_NONE_MATCH": 'W/"\xff", *, "'}, id="tags"),
        pytest.param({"HTTP_IF_MODIFIED_SINCE": "Sun, 99 Foo 99999 99:99:99 GMT"}, id="a date that never was"),
        pytest.param(
            {"HTTP_ACCEPT_ENCODING": "gzip;q=\xff", "HTTP_ACCEPT_LANGUAGE": "\xff" * 3000}, id="what it takes"
        ),
        pytest.param({"HTTP_REFERER": "http://[::1", "HTTP_ORIGIN": "\xff"}, id="where it comes from"),
        pytest.param({"HTTP_RANGE": "bytes=9-1,-,a"}, id="a range"),
        pytest.param({"HTTP_X_FORWARDED_FOR": "\xff, 999.1.1.1, ::::"}, id="who it comes from"),
        pytest.param({"HTTP_AUTHORIZATION": "Basic \xff"}, id="a password"),
    ],
)
def test_no_header_makes_a_page_fail(bold: Client, headers: dict[str, str]) -> None:
    article = make_article()
    bold.defaults |= headers
    for address in ("/", article.get_absolute_url(), f"{article.get_absolute_url()}p1/", "/accounts/login/", "/admin/"):
        assert bold.get(address).status_code < 500
        assert bold.post(address, b"a=b", content_type=FORM).status_code < 500


@pytest.mark.parametrize("path", ["/%ff%fe/", "/readers/%ED%A0%80/", "/articles/%C3%28/", "/%2e%2e/%2e%2e/etc/passwd"])
def test_a_path_that_is_no_text_holds_nothing(bold: Client, path: str) -> None:
    assert bold.get(path).status_code == 404


# The page that everybody is given


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"X-Forwarded-Host": "evil.example.org"}, id="a host on the way"),
        pytest.param({"X-Forwarded-Port": "666", "X-Forwarded-Prefix": "/evil"}, id="a port and a prefix on the way"),
        pytest.param({"X-Original-URL": "/evil/", "X-Rewrite-URL": "/evil/"}, id="another address"),
        pytest.param({"HX-Request": "true", "HX-Target": "evil", "HX-Boosted": "true"}, id="htmx"),
        pytest.param({"HX-Current-URL": "http://evil.example.org/"}, id="where htmx is"),
        pytest.param({"X-HTTP-Method-Override": "DELETE"}, id="another method"),
    ],
)
def test_no_header_changes_the_page_that_all_are_given(headers: dict[str, str]) -> None:
    address = make_article().get_absolute_url()
    first = Client().get(address, headers=headers)
    later = Client().get(address)
    assert words(first) == words(later)
    assert "evil" not in words(first)
    assert first.headers["ETag"] == later.headers["ETag"]


def test_a_page_asked_for_under_another_name_of_the_site_is_kept_apart(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]
    address = make_article().get_absolute_url()
    first = Client().get(address, headers={"Host": "one.example.org"})
    second = Client().get(address, headers={"Host": "two.example.org"})
    assert "two.example.org" not in words(first)
    assert "one.example.org" not in words(second)
    assert first.headers["ETag"] != second.headers["ETag"]


@pytest.mark.parametrize("host", ["evil.example.org", "localhost@evil.example.org", "localhost:evil", "\xff", ""])
def test_a_name_that_is_not_the_site_s_gets_no_page(bold: Client, host: str) -> None:
    address = make_article().get_absolute_url()
    assert bold.get(address, headers={"Host": host}).status_code == 400
    assert Client().get(address).status_code == 200


def test_the_page_that_all_are_given_sets_no_cookie_and_names_nobody() -> None:
    article = make_article()
    reader = Client()
    reader.force_login(make_reader(username="somebody-in-particular"))
    reader.get(article.get_absolute_url())
    stranger = Client().get(article.get_absolute_url())
    assert not stranger.cookies
    assert "somebody-in-particular" not in words(stranger)
    assert "csrfmiddlewaretoken" not in words(stranger)


def test_the_page_of_somebody_signed_in_is_kept_by_nobody() -> None:
    article = make_article()
    reader = Client()
    reader.force_login(make_reader())
    assert "private" in reader.get(article.get_absolute_url()).headers["Cache-Control"]


@pytest.mark.parametrize("theme", ['dark"><script>', "evil", "dark\x00", "\xff"])
def test_a_made_up_preference_does_not_get_into_a_kept_page(theme: str) -> None:
    article = make_article()
    plain = words(Client().get(article.get_absolute_url()))
    made_up = Client().get(article.get_absolute_url(), HTTP_COOKIE=f"theme={theme}")
    assert made_up.status_code == 400 or words(made_up) == plain


def test_a_made_up_filter_is_not_kept(client: Client) -> None:
    article = make_article()
    before = words(client.get(article.get_absolute_url()))
    client.get(f"{article.get_absolute_url()}?by=evil&kind=%22%3E%3Cscript%3E")
    assert words(Client().get(article.get_absolute_url())) == before

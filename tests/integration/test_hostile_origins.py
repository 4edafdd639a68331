"""What another site sends, leads to, frames or makes up never acts for a reader, and never reaches another."""

import re
import uuid
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Mute
from tests import site_map
from tests.factories import PASSWORD, make_annotation, make_article, make_reader
from tests.hostile import Site, make_site

pytestmark = pytest.mark.django_db

ELSEWHERE = {
    "another host": "//evil.example/",
    "another host behind three strokes": "///evil.example/",
    "another host behind strokes that lean": "\\\\evil.example",
    "strokes of both kinds": "/\\evil.example",
    "a stroke after a tab": "/\t/evil.example",
    "a whole address": "https://evil.example/",
    "an address without strokes": "https:evil.example",
    "a script": "javascript:alert(1)",
    "a script after a space": " javascript:alert(1)",
    "a page in an address": "data:text/html,x",
    "a host after ours": "http://testserver@evil.example/",
    "a host that is none": "http://[::1",
    "strokes that are encoded": "%2f%2fevil.example",
    "a dot": ".",
    "the name of a page": "desk",
    "a figure": "²",
    "a very long way": "/" + "a" * 20_000,
    "the lines of a header": "/\r\nLocation: https://evil.example/",
}


@pytest.mark.parametrize("wanted", ELSEWHERE.values(), ids=ELSEWHERE)
def test_no_form_leads_to_another_site(wanted: str) -> None:
    reader, found = make_reader(), make_annotation(kind=Annotation.Kind.SOURCE)
    client = Client(raise_request_exception=False)
    client.force_login(reader)
    forms = {
        reverse("mute", args=[found.creator.username]): {"act": "mute"},
        reverse("follow-person", args=[found.creator.username]): {},
        reverse("follow-thread", args=[found.pk]): {},
        reverse("position", args=[found.pk]): {"act": "agree"},
        reverse("verdict", args=[found.sources.get().pk]): {"verdict": "supports"},
        reverse("preferences"): {"theme": "dark"},
        reverse("account_login"): {"login": reader.username, "password": PASSWORD},
        reverse("account_logout"): {},
    }
    for address, fields in forms.items():
        response = client.post(address, {**fields, "next": wanted})
        assert response.status_code < 500, address
        location = response.headers.get("Location", "/")
        assert "\\" not in location, address
        assert urlsplit(urljoin(f"http://testserver{address}", location)).hostname == "testserver", address


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "https://evil.example"}, id="another site's form"),
        pytest.param({"Origin": "null"}, id="a form of no site"),
        pytest.param({"Origin": "http://testserver.evil.example"}, id="a site of a name like ours"),
        pytest.param({}, id="no token"),
    ],
)
def test_a_form_of_another_site_does_nothing(headers: dict[str, str]) -> None:
    client, found = Client(enforce_csrf_checks=True), make_annotation()
    client.force_login(make_reader())
    address = reverse("mute", args=[found.creator.username])
    response = client.post(address, {"act": "mute", "csrfmiddlewaretoken": ""}, headers=headers)
    assert response.status_code == 403
    assert not Mute.objects.exists()


def test_the_token_of_another_browser_is_none() -> None:
    found = make_annotation()
    mine, theirs = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    for client in (mine, theirs):
        client.force_login(make_reader())
        client.get(f"{found.article.get_absolute_url()}p1/")
    fields = {"act": "mute", "csrfmiddlewaretoken": theirs.cookies[settings.CSRF_COOKIE_NAME].value}
    assert mine.post(reverse("mute", args=[found.creator.username]), fields).status_code == 403


def test_every_form_but_those_that_harm_nobody_asks_for_its_token() -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_reader(is_staff=True, is_superuser=True))
    taken = {address for address in site_map.addresses({}) if client.post(address).status_code not in {403, 404, 405}}
    # How pages look, that a text was read, and the end of mail by a signed link, which is of no reader here.
    assert taken <= {"/preferences/", "/accounts/two-factor/webauthn/login/"}


def test_the_token_of_another_s_form_posts_nothing_in_their_name(client: Client) -> None:
    article, token = make_article(), uuid.uuid4()
    found = make_annotation(article=article)
    Annotation.objects.filter(pk=found.pk).update(token=token)
    client.force_login(make_reader())
    fields = {"kind": "note", "body": "Mine.", "revision": 1, "place": "paragraph", "token": token}
    client.post(f"{article.get_absolute_url()}p1/annotations/", fields)
    assert Annotation.objects.filter(body="Mine.").exclude(creator=found.creator).exists()
    assert Annotation.objects.get(pk=found.pk).body == "Worth knowing."


@pytest.mark.parametrize("who", ["a stranger", "a reader"])
def test_no_page_can_be_framed_and_none_is_kept_for_others_that_names_somebody(who: str) -> None:
    site = make_site()
    client, names = browser(site, who)
    for address in (*site_map.addresses(site.values), *NOWHERE):
        response = client.get(address)
        content, cached = b"".join(response), response.headers.get("Cache-Control", "")
        assert is_safe(response), address
        if "public" in cached and "text" in response.headers["Content-Type"]:
            assert not re.search(names, content.decode()), address
            assert not response.cookies, address
        elif who != "a stranger":
            assert "private" in cached or "no-store" in cached or is_of_nobody(response), address


# Pages of what went wrong, and files.
NOWHERE = (
    "/nowhere/",
    "/%00/",
    "/articles/nowhere/",
    "/static/css/site.css",
    f"/{'a' * 3000}/",
    "/accounts/confirm-email/x/",
)


def browser(site: Site, who: str) -> tuple[Client, str]:
    """Give somebody's browser, and a pattern for what only they may be shown."""
    client = Client(raise_request_exception=False)
    person = site.people[who]
    if person:
        client.force_login(person)
    return client, f"csrfmiddlewaretoken|account_logout|/accounts/logout/{f'|>{person.username}<' if person else ''}"


def is_safe(response: Any) -> bool:
    """Say whether a browser is told to frame it nowhere, and to take it for nothing else than it is."""
    headers = response.headers
    return bool(headers.get("X-Frame-Options") == "DENY" and headers.get("X-Content-Type-Options") == "nosniff")


def is_of_nobody(response: Any) -> bool:
    """Say whether it leads on, was refused, or is a file."""
    return bool(response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""))


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            {"HX-Request": "true", "HX-Target": "evil", "HX-Current-URL": "https://evil.example/?by=evil"}, id="htmx"
        ),
        pytest.param(
            {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-URL": "/evil"},
            id="what is between",
        ),
    ],
)
def test_no_header_changes_what_others_are_given(headers: dict[str, str]) -> None:
    site = make_site("Words.")
    for address in site_map.addresses(site.values):
        client = Client(raise_request_exception=False)
        before = client.get(address, headers=headers)
        if "public" in before.headers.get("Cache-Control", ""):
            later = Client().get(address)
            assert b"".join(before) == b"".join(later), address
        else:
            asked = "HX-Request" in before.headers.get("Vary", "") or b"evil" not in b"".join(before)
            assert asked, address


@pytest.mark.parametrize(
    "cookies",
    [
        pytest.param({"sessionid": "a" * 32}, id="a made-up session"),
        pytest.param({"sessionid": "'; DROP TABLE django_session; --"}, id="a session that is a command"),
        pytest.param({"sessionid": "a" * 5_000}, id="a very long session"),
        pytest.param({f"cookie{number}": "a" * 50 for number in range(400)}, id="four hundred cookies"),
        pytest.param(dict.fromkeys(("theme", "size", "marks", "read", "readings"), "<x-evil>"), id="preferences"),
        pytest.param({"csrftoken": "<x-evil>", "messages": "[[]]"}, id="a token"),
    ],
)
def test_no_cookie_makes_a_page_fail(cookies: dict[str, str]) -> None:
    article = make_article()
    for address in (
        "/",
        article.get_absolute_url(),
        f"{article.get_absolute_url()}p1/",
        "/accounts/login/",
        "/notices/",
    ):
        client = Client(raise_request_exception=False)
        client.cookies.load(cookies)
        response = client.get(address)
        assert response.status_code in {200, 302, 400}
        assert b"x-evil" not in response.content


@pytest.mark.parametrize("body", ["a=&" * 10_000, "a" * 250_000, "=&" * 900, "%" * 1000])
def test_a_large_form_is_refused_or_read(body: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_reader())
    article = make_article()
    for address in (f"{article.get_absolute_url()}p1/annotations/", "/preview/", "/preferences/"):
        response = client.generic("POST", address, body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in {200, 302, 400, 413, 422}

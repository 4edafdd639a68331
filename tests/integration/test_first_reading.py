"""The settings that a browser keeps, and the reading of a text alone until its end."""

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from reader import preferences
from reader.models import Article
from tests.factories import make_annotation, make_article, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_annotation(exact="39,000 cars").article


def ask(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content, "utf-8")


def read_to_the_end(client: Client, article: Article, **sent: str) -> Any:
    return client.post(reverse("readings", args=[article.slug]), sent)


def is_alone(client: Client, article: Article) -> bool:
    root = re.search("<html[^>]*>", ask(client, article.get_absolute_url()))
    assert root is not None
    return " data-alone" in root[0]


# Settings


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in preferences.CHOICES.items() for value in values]
)
def test_every_setting_is_kept_for_a_year_and_stands_on_the_page(client: Client, name: str, value: str) -> None:
    response = client.post("/preferences/", {name: value})
    kept = response.cookies[name]
    assert (kept.value, kept["max-age"], kept["samesite"]) == (value, preferences.YEAR, "Lax")
    page = ask(client, "/")
    assert f' data-{name}="{value}"' in page
    is_switch_off = value == "off" and name != "marks"
    assert bool(re.search(rf'name="{name}" value="{value}" checked', page)) is not is_switch_off
    assert not (is_switch_off and re.search(rf'name="{name}" value="on" checked', page))


def test_a_box_without_its_tick_turns_a_setting_off(client: Client) -> None:
    page = ask(client, "/")
    for name in ("margin", "toolbar", "keys"):
        fields = re.findall(rf'<input type="(\w+)" name="{name}" value="(\w+)"', page)
        assert fields == [("hidden", "off"), ("checkbox", "on")]
        assert client.post("/preferences/", {name: ["off", "on"]}).cookies[name].value == "on"
        assert client.post("/preferences/", {name: "off"}).cookies[name].value == "off"


@pytest.mark.parametrize("value", ["plaid", "on", "", "a" * 4000, '"quoted"', "quiet;full", "\xb2"])
def test_a_setting_that_is_not_known_counts_as_not_said(client: Client, article: Article, value: str) -> None:
    plain = Client().get(article.get_absolute_url())
    client.cookies = SimpleCookie()
    client.cookies["marks"] = client.cookies["theme"] = value
    other = client.get(article.get_absolute_url())
    assert other.headers["ETag"] == plain.headers["ETag"]
    assert 'data-marks="quiet"' in other.content.decode()


@pytest.mark.parametrize(
    ("theme", "scheme", "papers"),
    [
        ("system", "light dark", ["light", "dark"]),
        ("light", "light", ["light"]),
        ("sepia", "light", ["sepia"]),
        ("dark", "dark", ["dark"]),
    ],
)
def test_the_browser_s_own_bars_match_the_theme(client: Client, theme: str, scheme: str, papers: list[str]) -> None:
    client.cookies["theme"] = theme
    page = ask(client, "/")
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    assert re.findall('<meta name="theme-color" content="([^"]+)"', page) == [
        preferences.PAPERS[name] for name in papers
    ]


def test_who_sets_something_comes_back_to_the_very_page(client: Client, article: Article) -> None:
    told = f"http://testserver{article.get_absolute_url()}?show=note"
    response = client.post("/preferences/", {"theme": "dark", "next": "/"}, headers={"referer": told})
    assert response.headers["Location"] == told


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "http://testserver.evil.example/", "javascript:alert(1)"]
)
def test_a_page_elsewhere_is_not_gone_back_to(client: Client, elsewhere: str) -> None:
    response = client.post("/preferences/", {"theme": "dark", "next": "/?page=2"}, headers={"referer": elsewhere})
    assert response.headers["Location"] == "/?page=2"


def test_on_a_safe_site_settings_travel_safely(client: Client, settings: Settings, article: Article) -> None:
    settings.SESSION_COOKIE_SECURE = True
    assert client.post("/preferences/", {"theme": "dark"}).cookies["theme"]["secure"]
    assert read_to_the_end(client, article).cookies["read"]["secure"]


# A first reading


def test_a_text_is_alone_only_for_who_wants_it_so(client: Client, article: Article) -> None:
    assert not is_alone(client, article)
    client.cookies["reading"] = "alone"
    assert is_alone(client, article)
    assert not is_alone(Client(), article)


def test_a_text_that_was_read_to_its_end_is_alone_no_more(client: Client, article: Article) -> None:
    client.cookies["reading"] = "alone"
    other = make_article(text="Another\n\nIt says something else, and nobody minds.\n")
    read_to_the_end(client, article)
    assert not is_alone(client, article)
    assert is_alone(client, other)


def test_who_is_signed_in_reads_alone_too(client: Client, article: Article) -> None:
    client.force_login(make_reader())
    client.cookies["reading"] = "alone"
    assert is_alone(client, article)
    read_to_the_end(client, article)
    assert not is_alone(client, article)


def test_only_the_reading_page_is_alone(client: Client, article: Article) -> None:
    client.cookies["reading"] = "alone"
    annotation = article.annotations.get()
    home = article.get_absolute_url()
    for address in ("/", f"{home}p2/", annotation.get_absolute_url(), f"{home}revisions/1/"):
        page = ask(client, address)
        assert " data-alone" not in page
    assert "Worth knowing." in ask(client, f"{home}p2/")


def test_the_end_leads_below_the_text_and_the_way_out_above_it_to_the_top(client: Client, article: Article) -> None:
    home = article.get_absolute_url()
    assert read_to_the_end(client, article, at="end").headers["Location"] == f"{home}#whole"
    assert read_to_the_end(client, article).headers["Location"] == home


def test_the_forms_of_the_page_are_those_that_are_answered(client: Client, article: Article) -> None:
    page = ask(client, article.get_absolute_url())
    assert page.count(f'method="post" action="{reverse("readings", args=[article.slug])}"') == 2


@pytest.mark.parametrize("said", ["1,2", "abc", "..", "1..2", "-1", "1.x", "<b>", "9" * 30, "²"])
def test_a_list_of_texts_that_is_none_counts_as_nothing_read(client: Client, article: Article, said: str) -> None:
    client.cookies["reading"] = "alone"
    client.cookies["read"] = f"{said}"
    assert is_alone(client, article)
    assert read_to_the_end(client, article).cookies["read"].value == str(article.pk)


def test_the_oldest_texts_are_forgotten_when_there_are_too_many(client: Client, article: Article) -> None:
    client.cookies["read"] = ".".join(str(number) for number in range(1_000_001, 1_000_130))
    kept = read_to_the_end(client, article).cookies["read"].value
    assert len(kept) <= 1_000
    assert kept.endswith(f".1000129.{article.pk}")
    assert not kept.startswith("1000001.")


def test_a_text_that_is_read_twice_is_kept_once(client: Client, article: Article) -> None:
    client.cookies["read"] = f"{article.pk}.987"
    assert read_to_the_end(client, article).cookies["read"].value == f"987.{article.pk}"


def test_a_first_reading_is_a_kept_page_of_its_own(client: Client, article: Article) -> None:
    client.cookies["reading"] = "alone"
    address = article.get_absolute_url()
    first = client.get(address)
    read_to_the_end(client, article)
    second = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.headers["ETag"] != first.headers["ETag"]


def test_what_else_was_read_makes_no_further_pages(client: Client, article: Article) -> None:
    client.cookies["reading"] = "alone"
    first = client.get(article.get_absolute_url()).headers["ETag"]
    client.cookies["read"] = "987.988"
    assert client.get(article.get_absolute_url()).headers["ETag"] == first


@pytest.mark.parametrize("slug", ["nothing", "unpublished"])
def test_nothing_is_read_where_there_is_no_text(client: Client, slug: str) -> None:
    Article.objects.create(slug="unpublished")
    assert client.post(reverse("readings", args=[slug])).status_code == 404


def test_the_end_is_not_reached_by_a_link(client: Client, article: Article) -> None:
    assert client.get(reverse("readings", args=[article.slug])).status_code == 405

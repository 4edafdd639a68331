"""What search engines, shared links and phones are told."""

import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from annotations import moderating, sitemaps
from annotations.models import Annotation
from reader.models import Article
from tests.factories import (
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
)

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "gloss.example"]


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def told(page: str, name: str) -> str:
    """Give what a page's head says under a name, of its meta elements and its canonical link."""
    found = re.findall(rf'<(?:meta (?:name|property)|link rel)="{name}" (?:content|href)="([^"]*)"', page)
    assert len(found) == 1, f"{name}: {found}"
    return html.unescape(found[0])


def make_several(number: int) -> list[Article]:
    return [make_article(text=f"Title {one}\n\nThe text of it says {one} words here.\n") for one in range(number)]


def data(page: str) -> dict[str, Any]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(blocks) == 1
    found: dict[str, Any] = json.loads(blocks[0])
    return found


def is_kept_out(page: str) -> bool:
    return '<meta name="robots" content="noindex">' in page


# What a page says of itself


def test_a_text_is_told_of_by_how_it_begins(client: Client) -> None:
    head = page(client, make_article().get_absolute_url())
    opening = (
        "The bridge was built in 1990 with public money. Nobody has counted the traffic since. "
        "It carries 39,000 cars a day, they say."
    )
    assert told(head, "description") == told(head, "og:description") == opening
    assert told(head, "og:title") == "A Short Title"


def test_every_page_has_one_address_of_its_own(client: Client) -> None:
    annotation = make_annotation()
    home = annotation.article.get_absolute_url()
    addresses = ["/", "/?archived=1", home, f"{home}p1/", f"{home}whole/", f"{home}orphans/", f"{home}revisions/"]
    for address in [*addresses, annotation.get_absolute_url(), annotation.creator.get_absolute_url()]:
        head = page(client, address)
        assert told(head, "canonical") == told(head, "og:url") == f"{SITE}{address}"
        assert told(head, "description")
        assert not is_kept_out(head)


def test_a_paragraph_is_told_of_by_its_own_words(client: Client) -> None:
    head = page(client, f"{make_article().get_absolute_url()}p3/")
    assert told(head, "description") == "The toll should go."
    assert told(head, "og:title") == "Paragraph 3 · A Short Title"


@pytest.mark.parametrize("query", ["at=1", "start=0&amp;end=3", "page=2", "utm_source=elsewhere"])
def test_what_an_address_asks_is_no_page_of_its_own(client: Client, query: str) -> None:
    home = make_article().get_absolute_url()
    for address in (home, f"{home}p1/"):
        assert told(page(client, f"{address}?{query}"), "canonical") == f"{SITE}{address}"


def test_an_article_is_told_of_in_schema_org_s_words(client: Client) -> None:
    article = make_article(publisher="The Gazette", original_url="https://example.org/safe", language="en-GB")
    article.revisions.update(byline="A. Writer")
    said = data(page(client, article.get_absolute_url()))
    assert said["@type"] == "Article"
    assert said["headline"] == "A Short Title"
    assert said["url"] == f"{SITE}{article.get_absolute_url()}"
    assert said["author"] == {"@type": "Person", "name": "A. Writer"}
    assert said["publisher"] == {"@type": "Organization", "name": "The Gazette"}
    assert said["isBasedOn"] == "https://example.org/safe"
    assert said["inLanguage"] == "en-GB"
    assert said["image"] == told(page(client, article.get_absolute_url()), "og:image")


def test_what_nobody_knows_of_an_article_is_left_out(client: Client) -> None:
    said = data(page(client, make_article().get_absolute_url()))
    assert not {"author", "publisher", "isBasedOn"} & set(said)


def test_a_title_cannot_end_the_block_of_data(client: Client) -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    article = make_article(text=f"{title}\n\nIt is safe, said the mayor, and nobody asked him.\n")
    raw = page(client, article.get_absolute_url())
    assert data(raw)["headline"] == " ".join(title.split())
    assert "<script>alert" not in raw
    assert "<!-- &" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "{home}?show=note",
        "{home}p1/?show=note",
        "{home}revisions/1/",
        "{home}revisions/1..2/",
        "/annotations/{id}/replies/",
        "/readers/nobody-yet/",
    ],
)
def test_forms_filtered_views_and_old_states_are_kept_out(client: Client, address: str) -> None:
    make_reader(username="nobody-yet")
    annotation = make_annotation()
    make_revision(annotation.article, "The bridge was built in 1990 with public money.")
    home = annotation.article.get_absolute_url()
    assert is_kept_out(page(client, address.format(home=home, id=annotation.pk)))


def test_forms_of_who_is_signed_in_are_kept_out(client: Client) -> None:
    own = make_annotation(creator=make_editor(username="ada"))
    client.force_login(own.creator)
    for name in ("edit", "withdraw", "anchor"):
        assert is_kept_out(page(client, reverse(name, args=[own.pk])))


def test_the_words_of_what_is_hidden_are_not_in_the_head_of_its_page(client: Client) -> None:
    annotation = make_annotation(body="Slander about the mayor.")
    make_reply(parent=annotation)
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="It is slander.")
    head = page(client, annotation.get_absolute_url())
    assert "Slander" not in head
    assert is_kept_out(head)


def test_two_hosts_get_pages_of_their_own() -> None:
    home = make_article().get_absolute_url()
    first = Client().get(home, headers={"host": "testserver"})
    second = Client().get(home, headers={"host": "gloss.example"})
    assert told(first.content.decode(), "canonical") == f"http://testserver{home}"
    assert told(second.content.decode(), "canonical") == f"http://gloss.example{home}"
    assert first.headers["ETag"] != second.headers["ETag"]


def test_a_page_asked_for_safely_gets_an_address_of_its_own(client: Client) -> None:
    home = make_article().get_absolute_url()
    plain, safe = (client.get(home, secure=is_safe).content.decode() for is_safe in (False, True))
    assert told(plain, "canonical") == f"{SITE}{home}"
    assert told(safe, "canonical") == f"https://testserver{home}"


# The picture


def card(client: Client, article: Article, **headers: str) -> Any:
    return client.get(reverse("card", args=[article.slug]), headers=headers)


def test_a_link_to_an_article_is_shown_with_its_map(client: Client) -> None:
    article = make_article()
    head = page(client, article.get_absolute_url())
    address = told(head, "og:image")
    response = client.get(address.removeprefix(SITE))
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    assert (told(head, "og:image:width"), told(head, "og:image:height")) == ("1200", "630")


def test_the_picture_is_another_one_after_an_annotation(client: Client) -> None:
    article = make_article()
    before = card(client, article)
    make_annotation(article=article)
    after = card(client, article, if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_a_picture_that_somebody_has_costs_one_query_and_is_not_drawn(client: Client) -> None:
    article = make_article()
    etag = card(client, article).headers["ETag"]
    caches["pages"].clear()
    with CaptureQueriesContext(connection) as queries:
        response = card(client, article, if_none_match=etag)
    assert (response.status_code, response.content, len(queries)) == (304, b"", 1)
    assert "max-age" in response.headers["Cache-Control"]


def test_a_picture_is_drawn_once_for_each_state(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_article()
    first = card(client, article).content
    monkeypatch.setattr("annotations.cards.draw", lambda **_: b"drawn again")
    assert card(client, article).content == first


def test_there_is_no_picture_of_what_is_not_there(client: Client) -> None:
    Article.objects.create(slug="unpublished")
    for slug in ("nothing", "unpublished"):
        assert client.get(reverse("card", args=[slug])).status_code == 404


# For robots


def test_the_sitemap_lists_the_library_and_every_article_that_is_read(client: Client) -> None:
    listed, archived = make_several(2)
    Article.objects.filter(pk=archived.pk).update(status=Article.Status.ARCHIVED)
    Article.objects.create(slug="unpublished")
    index = re.findall("<loc>(.*?)</loc>", page(client, "/sitemap.xml"))
    found = [place for part in index for place in re.findall("<loc>(.*?)</loc>", page(client, part[len(SITE) :]))]
    assert sorted(found) == sorted(
        f"{SITE}{path}" for path in ("/", "/moderation/log/", *(one.get_absolute_url() for one in (listed, archived)))
    )


@pytest.mark.parametrize("change", ["a revision", "an annotation"])
def test_the_sitemap_tells_when_something_last_changed(client: Client, change: str) -> None:
    article = make_article()
    article.revisions.update(created_at=article.created_at - timedelta(days=900))
    assert article.current_revision
    if change == "an annotation":
        make_annotation(article=article)
        Annotation.objects.update(created_at=article.created_at - timedelta(days=300))
    else:
        make_revision(article, "Something else entirely.")
        article.revisions.filter(number=2).update(created_at=article.created_at - timedelta(days=300))
    expected = f"{article.created_at - timedelta(days=300):%Y-%m-%d}"
    assert f"<lastmod>{expected}</lastmod>" in page(client, "/sitemap-articles.xml")


def test_a_long_sitemap_is_turned_over_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps.ArticleSitemap, "limit", 2)
    make_several(3)
    assert "/sitemap-articles.xml?p=2" in page(client, "/sitemap.xml")
    assert page(client, "/sitemap-articles.xml?p=2").count("<loc>") == 1


def test_the_sitemap_takes_as_many_queries_for_ten_articles_as_for_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    for article in make_several(10):
        make_annotation(article=article)
    with django_assert_num_queries(2):
        client.get("/sitemap-articles.xml")


def test_robots_are_told_where_the_sitemap_is_and_what_is_not_for_them(client: Client) -> None:
    rules = page(client, "/robots.txt")
    assert f"Sitemap: {SITE}/sitemap.xml" in rules
    for address in ("/admin/", "/accounts/", "/drafts/", "/desk/"):
        assert f"Disallow: {address}\n" in rules
    assert "Disallow: /\n" not in rules
    assert "Disallow: /articles" not in rules


def test_a_phone_is_told_what_the_site_is_called_and_finds_its_signs(client: Client) -> None:
    said = json.loads(page(client, "/manifest.webmanifest"))
    assert said["name"] == "Gloss"
    for icon in said["icons"]:
        assert client.get(icon["src"]).getvalue()


@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png"])
def test_browsers_find_the_sign_where_they_guess_it(client: Client, address: str) -> None:
    picture = client.get(address, follow=True).getvalue()
    assert Image.open(io.BytesIO(picture)).width >= 48

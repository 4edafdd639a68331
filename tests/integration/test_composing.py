"""What a form to write in does besides posting: it shows how the words will look, counts them and lets a draft go."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from annotations.models import Annotation
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_reader

pytestmark = pytest.mark.django_db

BODY = "Says *who*?\n\n> It carries"
DRAWN = "<p>Says <em>who</em>?</p>\n<blockquote>\n<p>It carries</p>\n</blockquote>"


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def writer(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


def send(client: Client, address: str, **fields: Any) -> Any:
    form = {"kind": "note", "body": BODY, "token": uuid.uuid4(), "revision": 1, "place": "paragraph"}
    return client.post(address, form | fields)


def place_of(article: Article) -> str:
    return f"/articles/{article.slug}/p2/annotations/"


def addresses(article: Article, writer: User) -> list[str]:
    """Give where a reader can write: anew, in answer, and what they wrote before."""
    note = make_annotation(article=article, creator=writer)
    return [place_of(article), f"{note.get_absolute_url()}replies/", f"{note.get_absolute_url()}edit/"]


def test_a_preview_is_drawn_for_everybody_and_kept_by_nobody(client: Client) -> None:
    page = client.post("/preview/", {"body": BODY}).content.decode()
    assert DRAWN in page
    assert not Annotation.objects.exists()


def test_a_preview_is_what_is_posted(client: Client, article: Article, writer: User) -> None:
    body = "<b>x</b> [a](javascript:x) https://example.org **b**\r\n- one \n- two\n\n![p](https://example.org/x.png)"
    page = client.post("/preview/", {"body": body}).content.decode()
    send(client, place_of(article), body=body)
    assert Annotation.objects.get().body_html in page


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        pytest.param("", "Please write something.", id="nothing"),
        pytest.param(" \r\n ", "Please write something.", id="white space"),
        pytest.param("*** <b></b>", "This is markup without words.", id="only markup"),
        pytest.param("a" * 10_001, "This is 10,001 characters long; 10,000 is the most.", id="too much"),
    ],
)
def test_a_preview_says_why_something_could_not_be_posted(client: Client, body: str, sentence: str) -> None:
    assert sentence in client.post("/preview/", {"body": body}).content.decode()


def test_the_address_of_previews_is_for_posting_only(client: Client) -> None:
    assert client.get("/preview/").status_code == 405


def test_without_a_script_every_form_comes_back_with_its_preview_and_posts_nothing(
    client: Client, article: Article, writer: User
) -> None:
    for address in addresses(article, writer):
        before = Annotation.objects.values_list("body", "version")
        response = send(client, address, preview="yes")
        page = response.content.decode()
        assert response.status_code == 200
        assert DRAWN in page
        assert "Says *who*?" in page
        assert "Not posted yet" not in page
        assert list(Annotation.objects.values_list("body", "version")) == list(before)


def test_a_preview_keeps_everything_that_was_typed_and_chosen(client: Client, article: Article, writer: User) -> None:
    typed = {
        "kind": "source",
        "url": "https://example.org/x",
        "title": "A title",
        "published_on": "2015",
        "stance": "context",
    }
    page = send(client, place_of(article), place="s1", preview="yes", **typed).content.decode()
    for kept in (
        'value="source" checked',
        'value="s1" checked',
        'value="A title"',
        'value="2015"',
        'value="context" selected',
    ):
        assert kept in page


def test_a_stranger_sees_a_preview_without_signing_in(client: Client, article: Article) -> None:
    assert DRAWN in send(client, place_of(article), preview="yes").content.decode()


def test_a_preview_of_what_was_written_before_a_revision_is_about_the_new_text(
    client: Client, article: Article
) -> None:
    page = send(client, place_of(article), revision=7, preview="yes").content.decode()
    assert 'name="revision" value="1"' in page


@pytest.mark.parametrize(
    ("name", "limit"),
    [("title", 300), ("publisher", 200), ("locator", 200), ("excerpt", 5000), ("would_change_my_mind", 1000)],
)
def test_a_field_takes_as_many_characters_as_it_says(
    client: Client, article: Article, writer: User, name: str, limit: int
) -> None:
    full = "😀" * (limit - 2) + "\r\n."
    fields = {"kind": "disagreement", "grounds": "number", "url": "https://example.org", "stance": "context"}
    fits = send(client, place_of(article), **fields, **{name: f" {full} "})
    too_long = send(client, place_of(article), **fields, **{name: f"{full}."})
    assert (fits.status_code, too_long.status_code) == (302, 422)
    assert f"{limit + 1} characters long; {limit} is the most" in too_long.content.decode()


def test_the_page_says_how_much_fits_and_cuts_off_nothing(client: Client, article: Article) -> None:
    page = client.get(f"/articles/{article.slug}/p2/").content.decode()
    assert re.findall(r'<textarea name="body"[^>]* data-limit="(\d+)"', page) == ["10000"]
    assert re.findall(r'<input type="text" name="title"[^>]* data-limit="(\d+)"', page) == ["300"]
    assert "maxlength" not in page


def test_two_forms_in_one_panel_have_labels_of_their_own(client: Client, article: Article, writer: User) -> None:
    found: list[str] = []
    for address in addresses(article, writer):
        page = client.get(
            address.replace("annotations/", "", 1) if "/articles/" in address else address
        ).content.decode()
        found += re.findall(r'<textarea name="body"[^>]* id="([^"]+)"', page)
    assert len(set(found)) == 3


def test_a_draft_kept_through_signing_in_can_be_let_go(client: Client, article: Article) -> None:
    send(client, place_of(article))
    client.force_login(make_reader())
    place = f"/articles/{article.slug}/p2/"
    assert "Discard" in client.get(place).content.decode()
    response = send(client, place_of(article), discard="yes")
    assert response.headers["Location"] == f"{place}#respond"
    assert "Says *who*?" not in client.get(place).content.decode()
    assert not Annotation.objects.exists()


def test_a_draft_of_an_answer_can_be_let_go_too(client: Client, article: Article) -> None:
    address = f"{make_annotation(article=article).get_absolute_url()}replies/"
    send(client, address)
    client.force_login(make_reader())
    assert "Discard" in client.get(address).content.decode()
    send(client, address, discard="yes")
    assert "Says *who*?" not in client.get(address).content.decode()


def test_a_form_on_a_page_of_its_own_goes_on_to_the_next_page(client: Client, article: Article, writer: User) -> None:
    for address in addresses(article, writer):
        response = client.post(
            address,
            {
                "kind": "note",
                "body": BODY,
                "token": uuid.uuid4(),
                "revision": 1,
                "place": "paragraph",
                "version": 1,
                "alone": "yes",
            },
            headers={"HX-Request": "true"},
        )
        assert "#annotation-" in response.headers["HX-Redirect"] or "/annotations/" in response.headers["HX-Redirect"]


def test_what_is_wrong_with_a_form_on_its_own_page_is_said_in_its_place(
    client: Client, article: Article, writer: User
) -> None:
    for address in addresses(article, writer):
        response = client.post(address, {"alone": "yes"}, headers={"HX-Request": "true"})
        page = response.content.decode()
        assert response.status_code == 422
        assert "HX-Retarget" not in response.headers
        assert 'name="alone"' in page
        assert "<html" not in page


def test_the_page_tells_a_script_who_writes_and_strangers_nothing(client: Client, article: Article) -> None:
    place = article.get_absolute_url()
    assert "data-reader" not in client.get(place).content.decode()
    client.force_login(make_reader(username="anna"))
    assert 'data-reader="anna"' in client.get(place).content.decode()

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations import margin, sampling, threads
from annotations.models import Annotation
from reader.models import Article
from tests.factories import draw_last, make_annotation, make_article, make_editor, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_article() -> Article:
    return sampling.ensure()


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_first_article_is_read_with_its_head_matter(client: Client, first_article: Article) -> None:
    page = page_of(client, first_article.get_absolute_url())
    for words in (
        "Commentary",
        "Peter Dahlin",
        "The Epoch Times",
        "_4673654.html",
        "Nicolas Asfouri",
        "Views expressed",
    ):
        assert words in page
    assert page.count('class="name"') == 9


@pytest.mark.parametrize("place", ["", "p5/", "f1/", "n1/", "whole/"])
def test_every_page_of_an_article_shows_byline_publisher_and_address(
    client: Client, first_article: Article, place: str
) -> None:
    page = page_of(client, f"{first_article.get_absolute_url()}{place}")
    for words in ("Peter Dahlin", "The Epoch Times", "https://www.theepochtimes.com/"):
        assert words in page


def test_the_sample_reading_is_there_once_however_often_it_is_asked_for(first_article: Article) -> None:
    before = Annotation.objects.count()
    sampling.ensure()
    assert Annotation.objects.count() == before == 14


def test_sample_accounts_say_that_they_are_samples(first_article: Article) -> None:
    for annotation in Annotation.objects.with_creator():
        assert annotation.creator.username.startswith("sample-")
        assert annotation.creator.is_sample
        assert not annotation.creator.has_usable_password()


def test_a_sample_that_its_moderator_hid_stays_hidden(first_article: Article) -> None:
    Annotation.objects.update(state="hidden")
    sampling.ensure()
    assert not Annotation.objects.published().exists()


def test_the_words_are_marked_and_the_margin_says_what_stands_there(client: Client, first_article: Article) -> None:
    page = page_of(client, first_article.get_absolute_url())
    assert ">suspension or termination of cooperation in eight areas</mark>" in page
    assert "Which document gives the list and its length?" in page
    assert 'aria-label="On paragraph 6"' in page


def test_the_counts_are_said_in_words(client: Client, first_article: Article) -> None:
    page = page_of(client, first_article.get_absolute_url())
    for words in ("4</b> sources for", "3</b> sources against", "3</b> context", "2</b> readers ask", "4</b> disagree"):
        assert f"<b>{words}" in page


def test_a_margin_lists_a_few_and_counts_all(client: Client) -> None:
    article, creator = make_article(), make_reader()
    for number in range(30):
        make_annotation(article=article, creator=creator, exact="39,000 cars", body=f"Remark {number}.")
    row = next(row for row in margin.read(article).rows if row.paragraph.name == "p2")
    assert row.margin.total == 30
    assert len(row.margin.entries) + row.margin.more == 30
    assert len(row.margin.entries) < 5


def test_a_reading_takes_two_queries_however_many_annotations(django_assert_num_queries: Any) -> None:
    article, creator = make_article(), make_reader()
    for number in range(12):
        make_annotation(article=article, creator=creator, body=f"Remark {number}.")
    with django_assert_num_queries(2):
        margin.read(article)


def test_the_library_takes_as_many_queries_for_twenty_articles_as_for_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(20):
        make_annotation(article=make_article(text=f"Title {number}\n\nThe text of it says {number} words here.\n"))
    with django_assert_num_queries(5):
        client.get("/")


def test_a_paragraph_page_takes_as_many_queries_for_ten_threads_as_for_one(
    client: Client, django_assert_num_queries: Any
) -> None:
    article = make_article()
    for _ in range(10):
        make_annotation(article=article)
    with django_assert_num_queries(21):
        client.get(f"{article.get_absolute_url()}p1/")


def test_a_passage_across_paragraphs_is_told_of_on_both_pages(client: Client) -> None:
    annotation = make_annotation(exact="said the mayor.\nThe toll", body="Across.")
    for name in ("p2", "p3"):
        assert "Across." in page_of(client, f"{annotation.article.get_absolute_url()}{name}/")


def test_a_remark_on_the_whole_article_stands_under_it(client: Client, first_article: Article) -> None:
    client.force_login(make_reader())
    address = f"{first_article.get_absolute_url()}whole/annotations/"
    form = {"kind": "note", "body": "On all of it.", "token": "5c1f7c9e-6d4b-4d3c-9a40-111111111111", "revision": 1}
    assert client.post(address, form).status_code == 302
    assert "On all of it." in page_of(client, first_article.get_absolute_url())


def test_many_threads_are_turned_over_in_pages(client: Client) -> None:
    article, creator = make_article(), make_reader()
    made = [
        make_annotation(article=article, creator=creator, body=f"Remark {n}.") for n in range(threads.PAGE_LENGTH + 1)
    ]
    draw_last(made[-1])
    page = page_of(client, f"{article.get_absolute_url()}p1/")
    assert "Page 1 of 2" in page
    assert f"annotation-{made[-1].pk}" not in page
    assert f"annotation-{made[-1].pk}" in page_of(client, f"{article.get_absolute_url()}p1/?at={made[-1].pk}")


def test_a_reader_s_page_shows_what_they_wrote(client: Client) -> None:
    annotation = make_annotation(body="Mine.")
    assert "Mine." in page_of(client, f"/readers/{annotation.creator.username}/")


@pytest.mark.parametrize(
    "address", ["/articles/none/", "/articles/none/p1/", "/readers/nobody/", "/articles/a-short-title/p77/", "/x"]
)
def test_what_is_not_there_is_a_plain_404(client: Client, address: str) -> None:
    make_article()
    response = client.get(address)
    assert response.status_code == 404
    assert "nothing at this address" in response.content.decode().replace("\n", " ")


@pytest.mark.parametrize("address", ["/", "/articles/a-short-title/", "/articles/a-short-title/p1/"])
def test_a_page_for_reading_cannot_be_posted_to(client: Client, address: str) -> None:
    make_article()
    assert client.post(address).status_code == 405


def test_an_empty_library_says_so(client: Client) -> None:
    assert "No article has been published yet" in page_of(client, "/")


# How pages look


def test_preferences_are_kept_in_cookies_and_shown_on_the_page(client: Client) -> None:
    article = make_article()
    address = article.get_absolute_url()
    response = client.post("/preferences/", {"theme": "dark", "marks": "off", "next": address})
    assert response.headers["Location"] == address
    page = page_of(client, address)
    assert 'data-theme="dark"' in page
    assert 'data-marks="off"' in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_preferences_lead_nowhere_else(client: Client, elsewhere: str) -> None:
    response = client.post("/preferences/", {"theme": "dark", "next": elsewhere})
    assert response.headers["Location"] == "/"


def test_an_unknown_preference_is_not_kept(client: Client) -> None:
    assert not client.post("/preferences/", {"theme": "plaid"}).cookies


# Safety


def test_pages_forbid_scripts_and_styles_but_their_own(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "data:" not in policy


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_every_page_carries_the_headers_of_a_careful_site(client: Client, header: str, value: str) -> None:
    response = client.get("/")
    assert response.headers[header] == value
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_what_a_reader_writes_cannot_become_markup(client: Client) -> None:
    annotation = make_annotation(exact="39,000 cars", body='Look: <script>alert(1)</script> <img src=x onerror="y">')
    for address in ("", "p2/"):
        page = page_of(client, f"{annotation.article.get_absolute_url()}{address}")
        assert "<script>alert" not in page
        assert "<img" not in page


def test_a_form_without_its_token_is_refused_in_plain_words(first_article: Article) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"{first_article.get_absolute_url()}p1/annotations/", {"body": "x"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_a_fault_of_ours_is_admitted_in_plain_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("annotations.margin.read_maps", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "The fault is ours" in response.content.decode()


# Where there is nothing yet


def test_an_empty_library_leads_an_editor_to_the_desk_and_nobody_else(client: Client) -> None:
    assert reverse("desk") not in page_of(client, "/")
    client.force_login(make_editor())
    assert f'href="{reverse("desk")}">Go to the desk' in page_of(client, "/")


def test_a_reader_who_wrote_nothing_is_told_how_to_begin(client: Client) -> None:
    reader = make_reader(username="ada")
    assert "<bdi>ada</bdi> has written nothing yet." in page_of(client, reader.get_absolute_url())
    client.force_login(reader)
    assert "You have written nothing yet." in page_of(client, reader.get_absolute_url())


def test_a_paragraph_without_annotations_invites_only_where_it_is_open(client: Client) -> None:
    article = make_article()
    address = f"{article.get_absolute_url()}p1/"
    assert "Be the first" in page_of(client, address)
    Article.objects.update(status=Article.Status.CLOSED)
    assert "Be the first" not in page_of(client, address)
    assert "Nobody has said anything here." in page_of(client, address)


def test_an_empty_desk_says_how_an_article_comes_about(client: Client) -> None:
    client.force_login(make_editor())
    page = page_of(client, reverse("desk"))
    assert "Bring in a text to begin." in page
    assert "Choose Revise" not in page

"""Paragraphs that are gone: their address still answers, with their last words and what readers said there."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation
from reader import publishing
from reader.models import Article
from tests.factories import make_annotation, make_document, make_reader, make_revision

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
HTMX = {"HX-Request": "true"}


def make_bridge() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def read(client: Client, article: Article, name: str = "p2", **headers: Any) -> str:
    response = client.get(reverse("paragraph", args=[article.slug, name]), headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def post(client: Client, article: Article, *, name: str = "p2", revision: int = 1, **fields: object) -> Any:
    sent = {"kind": "note", "body": "They counted twice.", "place": "paragraph", "revision": revision}
    return client.post(reverse("attach", args=[article.slug, name]), {**sent, "token": uuid.uuid4(), **fields})


def test_a_paragraph_that_was_taken_out_answers_with_its_last_words(client: Client) -> None:
    article = make_bridge()
    make_revision(article, FIRST, SECOND.replace("39,000", "41,000"), THIRD)
    make_revision(article, FIRST, THIRD)
    page = read(client, article)
    assert "It carries 41,000 cars" in page
    assert "Revision 3 removed this paragraph on" in page
    assert reverse("comparison", args=[article.slug, 2, 3]) in page


def test_a_paragraph_that_was_joined_leads_to_where_its_words_are(client: Client) -> None:
    article = make_bridge()
    make_revision(article, f"{FIRST} {SECOND}", THIRD)
    page = read(client, article)
    assert "Revision 2 joined this paragraph with paragraph 1 on" in page
    assert f'href="{reverse("paragraph", args=[article.slug, "p1"])}"' in page


def test_what_readers_said_there_is_shown_with_its_words_marked(client: Client) -> None:
    article = make_bridge()
    note = make_annotation(article=article, exact="39,000 cars", body="Counted twice.")
    make_revision(article, FIRST, THIRD)
    page = read(client, article)
    assert "Counted twice." in page
    assert f'data-ids="{note.pk}">39,000 cars</mark>' in page


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["as a page", "in the panel"])
def test_nothing_can_be_added_to_a_paragraph_that_is_gone(client: Client, headers: dict[str, str]) -> None:
    article = make_bridge()
    make_revision(article, FIRST, THIRD)
    page = read(client, article, **headers)
    assert "Revision 2 removed this paragraph" in page
    assert "data-composer" not in page
    assert page.count("<html") == (0 if headers else 1)


def test_a_name_that_never_was_is_not_found(client: Client) -> None:
    article = make_bridge()
    make_revision(article, FIRST, THIRD)
    assert client.get(reverse("paragraph", args=[article.slug, "p9"])).status_code == 404
    assert post(client, article, name="p9").status_code == 404


def test_who_wrote_while_it_was_taken_out_keeps_what_they_wrote(client: Client) -> None:
    article = make_bridge()
    make_revision(article, FIRST, THIRD)
    client.force_login(make_reader())
    response = post(client, article)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Revision 2 removed this paragraph while you were writing" in page
    assert "They counted twice.</textarea>" in page
    assert not Annotation.objects.exists()


def test_what_was_written_about_a_joined_paragraph_is_posted_again_about_the_one_that_has_its_words(
    client: Client,
) -> None:
    article = make_bridge()
    make_revision(article, f"{FIRST} {SECOND}", THIRD)
    client.force_login(make_reader())
    start = len(FIRST) + 1
    response = post(client, article, place="words", start=start, end=start + 10, exact="39,000 cars")
    page, form = response.content.decode(), response.context["form"]
    assert f'action="{reverse("attach", args=[article.slug, "p1"])}"' in page
    again = {name: form[name].value() for name in ("kind", "body", "place", "revision", "start", "end", "exact")}
    assert post(client, article, name="p1", **again).status_code == 302
    assert Annotation.objects.get().exact == "39,000 cars"


def test_what_was_written_about_a_paragraph_without_heir_may_be_said_of_the_whole_article(client: Client) -> None:
    article = make_bridge()
    make_revision(article, FIRST, THIRD)
    client.force_login(make_reader())
    response = post(client, article, place="words", start=60, end=71, exact="39,000 cars")
    assert f'action="{reverse("attach", args=[article.slug, "whole"])}"' in response.content.decode()
    form = response.context["form"]
    assert post(client, article, name="whole", revision=form["revision"].value(), place=form["place"].value())
    assert Annotation.objects.get().target == Annotation.Target.ARTICLE


def test_who_wrote_while_the_paragraph_was_edited_posts_again_with_their_words_chosen_anew(client: Client) -> None:
    article = make_bridge()
    make_revision(article, f"{FIRST} It was opened in May.", SECOND.replace("a day", "each day"), THIRD)
    client.force_login(make_reader())
    first = post(client, article, place="words", start=59, end=70, exact="39,000 cars")
    form = first.context["form"]
    again = {name: form[name].value() for name in ("place", "revision", "start", "end", "exact")}
    assert first.status_code == 422
    assert "was revised while you were writing" in first.content.decode()
    assert post(client, article, **again).status_code == 302
    assert Annotation.objects.get().exact == "39,000 cars"

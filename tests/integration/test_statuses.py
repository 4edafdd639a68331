"""Drafts, closed and archived articles: who sees them, and what can still be done."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations import accepting, annotating
from annotations.models import Annotation
from reader import publishing
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_document,
    make_moderator,
    make_reader,
    make_reply,
    make_source,
    make_target,
)

pytestmark = pytest.mark.django_db

ENDED = pytest.mark.parametrize("status", [Article.Status.CLOSED, Article.Status.ARCHIVED])


def set_status(article: Article, status: str) -> None:
    Article.objects.filter(pk=article.pk).update(status=status)
    article.refresh_from_db()
    article.touch()


def make_ended(status: str) -> tuple[Article, Annotation]:
    """Give an article of this status, and a note on it from when it was open."""
    article = make_article()
    note = make_annotation(article=article, exact="39,000 cars", body="Counted twice.")
    set_status(article, status)
    return article, note


def read(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.mark.parametrize("place", ["", "p1/", "whole/", "revisions/", "revisions/1/"])
@pytest.mark.parametrize("who", ["stranger", "reader", "moderator"])
def test_readers_see_nothing_of_a_draft(client: Client, place: str, who: str) -> None:
    article = publishing.open_article(make_document("Not yet for anybody."))
    if who != "stranger":
        sign_in(client, make_reader() if who == "reader" else make_moderator())
    assert client.get(f"{article.get_absolute_url()}{place}").status_code == 404


def test_a_draft_is_not_in_the_library(client: Client) -> None:
    article = publishing.open_article(make_document("Not yet for anybody."))
    for address in ("/", "/?archived=1"):
        assert article.slug not in read(client, address)


@ENDED
def test_what_was_said_stays_readable(client: Client, status: str) -> None:
    article, note = make_ended(status)
    assert "Counted twice." in read(client, article.get_absolute_url())
    assert "Counted twice." in read(client, f"{article.get_absolute_url()}p2/")
    assert "Counted twice." in read(client, note.get_absolute_url())


@ENDED
@pytest.mark.parametrize("place", ["", "p1/", "whole/", "note"])
def test_no_page_offers_to_respond(client: Client, status: str, place: str) -> None:
    article, note = make_ended(status)
    sign_in(client, make_reader())
    page = read(client, note.get_absolute_url() if place == "note" else f"{article.get_absolute_url()}{place}")
    for offer in ('class="respond"', "data-composer", 'id="toolbar"', ">Reply<"):
        assert offer not in page


@pytest.mark.parametrize(
    ("status", "line"),
    [(Article.Status.CLOSED, "Closed to new annotations"), (Article.Status.ARCHIVED, "Archived: kept as it stands")],
)
def test_a_quiet_line_says_so(client: Client, status: str, line: str) -> None:
    article, _ = make_ended(status)
    page = read(client, article.get_absolute_url())
    assert page.count(line) == 1


@ENDED
def test_what_was_typed_when_the_article_was_closed_is_still_there(client: Client, status: str) -> None:
    article, note = make_ended(status)
    sign_in(client, make_reader())
    sent = {"kind": "note", "place": "paragraph", "revision": 1, "body": "Typed before.", "token": uuid.uuid4()}
    for address in (reverse("attach", args=[article.slug, "p1"]), reverse("replies", args=[note.pk])):
        response = client.post(address, sent)
        page = response.content.decode()
        assert response.status_code == 422
        assert "closed to new annotations" in page
        assert "Typed before.</textarea>" in page
    assert Annotation.objects.count() == 1


@ENDED
def test_no_way_in_adds_anything(status: str) -> None:
    article, note = make_ended(status)
    acts: list[Any] = [
        lambda: make_annotation(article=article, kind="source", sources=[make_source()]),
        lambda: make_reply(parent=note),
    ]
    for act in acts:
        with pytest.raises(accepting.NotAccepted, match="closed to new annotations"):
            act()


@ENDED
def test_a_form_posted_twice_gives_what_it_made_before_the_article_was_closed(status: str) -> None:
    article, creator, token = make_article(), make_reader(), uuid.uuid4()
    given: dict[str, Any] = {"article": article, "creator": creator, "kind": "note", "body": "Once.", "token": token}
    note = annotating.attach(target=make_target(article=article), **given)
    set_status(article, status)
    assert annotating.attach(target=make_target(article=article), **given) == note


@ENDED
def test_ones_own_can_still_be_edited_and_withdrawn(client: Client, status: str) -> None:
    _, note = make_ended(status)
    sign_in(client, note.creator)
    assert "Edit" in read(client, note.get_absolute_url())
    client.post(reverse("edit", args=[note.pk]), {"body": "Counted once.", "version": 1})
    note.refresh_from_db()
    assert note.body == "Counted once."
    client.post(reverse("withdraw", args=[note.pk]))
    note.refresh_from_db()
    assert note.state == Annotation.State.WITHDRAWN


@ENDED
def test_the_page_of_a_reply_says_why_there_is_no_form(client: Client, status: str) -> None:
    _, note = make_ended(status)
    page = read(client, reverse("replies", args=[note.pk]))
    assert "<textarea" not in page
    assert "closed to new annotations" in page


def test_a_closed_article_stays_in_the_library(client: Client) -> None:
    article, _ = make_ended(Article.Status.CLOSED)
    assert article.get_absolute_url() in read(client, "/")


def test_an_archived_article_leaves_the_library_for_a_list_of_its_own(client: Client) -> None:
    assert "archived" not in read(client, "/")
    article, _ = make_ended(Article.Status.ARCHIVED)
    library, archive = read(client, "/"), read(client, "/?archived=1")
    assert article.get_absolute_url() not in library
    assert 'href="?archived=1"' in library
    assert article.get_absolute_url() in archive


def test_the_pages_of_the_archive_stay_in_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotations.views.reading.ARTICLES_ON_A_PAGE", 1)
    for text in ("A Title\n\nOne text of two.", "A Title\n\nAnother text of two."):
        set_status(make_article(text=text), Article.Status.ARCHIVED)
    assert "archived=1&amp;page=2" in read(client, "/?archived=1")

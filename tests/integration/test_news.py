"""What an open page asks from time to time: whether anything has changed, and what is new."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import annotating, moderating
from annotations.middleware import ADDRESS
from annotations.models import Annotation
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
)

pytestmark = pytest.mark.django_db


def activity(article: Article, *, method: str = "get", client: Client | None = None, **headers: str) -> Any:
    asker = client or Client()
    return getattr(asker, method)(reverse("activity", args=[article.slug]), headers=headers)


def news(article: Article, *, after: int | str = 0, reader: User | None = None, **query: int) -> Any:
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(reverse("news", args=[article.slug]), {"after": after, **query})


def words(response: Any) -> str:
    return " ".join(str(response.content, "utf-8").split())


def posted(response: Any) -> list[int]:
    """Give the ids that a pill stands for."""
    ids = words(response).partition('data-news="')[2].partition('"')[0]
    return [int(one) for one in ids.split()]


# Has anything changed?


def test_nothing_has_changed_and_nothing_is_said() -> None:
    article = make_article()
    etag = activity(article).headers["ETag"]
    answer = activity(article, if_none_match=etag)
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", etag)


def test_what_has_changed_is_told_with_a_new_strong_tag() -> None:
    article = make_article()
    before = activity(article)
    make_annotation(article=article)
    after = activity(article, if_none_match=before.headers["ETag"])
    assert after.status_code == 200
    assert after.json() == before.json() | {"activity": before.json()["activity"] + 1}
    assert after.headers["ETag"] != before.headers["ETag"]
    assert not after.headers["ETag"].startswith("W/")


def test_a_revision_is_told() -> None:
    article = make_article()
    before = activity(article).json()["revision"]
    revision = make_revision(article, "Something else entirely.")
    assert activity(article).json()["revision"] == revision.pk != before


def test_the_page_knows_in_which_state_it_was_drawn() -> None:
    article = make_annotation().article
    etag = activity(article).headers["ETag"].strip('"')
    assert f'data-state="{etag}"' in words(Client().get(article.get_absolute_url()))


@pytest.mark.parametrize("status", [Article.Status.CLOSED, Article.Status.ARCHIVED])
def test_articles_that_take_nothing_more_still_tell(status: str) -> None:
    article = make_article()
    Article.objects.filter(pk=article.pk).update(status=status)
    assert activity(article).status_code == 200


@pytest.mark.parametrize("name", ["activity", "news"])
def test_a_draft_and_an_address_without_an_article_tell_nothing(name: str) -> None:
    Article.objects.create(slug="draft")
    answers = [Client().get(reverse(name, args=[slug]), {"after": 0}) for slug in ("draft", "nothing-here")]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("name", ["activity", "news"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_sent_there(name: str, method: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert getattr(client, method)(reverse(name, args=[make_article().slug])).status_code == 405


def test_a_head_request_has_the_headers_of_the_answer() -> None:
    article = make_article()
    asked, head = activity(article), activity(article, method="head")
    assert head.content == b""
    assert head.headers["ETag"] == asked.headers["ETag"]


@pytest.mark.parametrize("is_changed", [False, True])
def test_one_question_costs_one_query_also_of_who_is_signed_in(client: Client, *, is_changed: bool) -> None:
    article = make_article()
    client.force_login(make_reader())
    etag = activity(article).headers["ETag"]
    if is_changed:
        article.touch()
    with CaptureQueriesContext(connection) as queries:
        answer = activity(article, client=client, if_none_match=etag)
    assert (answer.status_code, len(queries)) == (200 if is_changed else 304, 1)


def test_the_answer_is_the_same_for_all_and_nobody_gets_a_cookie(client: Client) -> None:
    article = make_article()
    client.force_login(make_reader())
    own, other = activity(article, client=client), activity(article)
    assert own.content == other.content
    assert dict(own.headers) == dict(other.headers)
    assert "Vary" not in own.headers
    assert not own.cookies


def test_no_cache_on_the_way_may_answer_without_asking() -> None:
    article = make_article()
    assert activity(article).headers["Cache-Control"] == "public, no-cache"
    assert news(make_annotation(article=article).article).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["activity", "news"])
def test_the_answers_are_as_safe_as_every_page(name: str) -> None:
    article = make_annotation().article
    answer, page = Client().get(reverse(name, args=[article.slug]), {"after": 0}), Client().get(reverse("library"))
    names = {"X-Frame-Options", "Permissions-Policy", "Referrer-Policy", "X-Content-Type-Options"}
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in names} == {name: page.headers[name] for name in names}
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("name", ["activity", "news"])
def test_they_are_answered_where_the_site_map_has_them(name: str) -> None:
    address = ADDRESS.fullmatch(reverse(name, args=["the-bridge_2"]))
    assert address is not None
    assert (address["slug"], address["part"]) == ("the-bridge_2", f"{name}/")


# What is new?


def test_nothing_new_is_said_without_words() -> None:
    annotation = make_annotation()
    answer = news(annotation.article, after=annotation.pk)
    assert (answer.status_code, answer.content) == (204, b"")


def test_annotations_and_answers_are_new() -> None:
    first = make_annotation()
    second = make_annotation(article=first.article)
    answer = make_reply(parent=first)
    told = news(first.article, after=first.pk)
    assert posted(told) == [answer.pk, second.pk]
    assert "2 new<" in words(told)


def test_what_one_wrote_oneself_is_not_new() -> None:
    ada = make_reader(username="ada")
    annotation = make_annotation(creator=ada)
    assert news(annotation.article, reader=ada).status_code == 204
    assert posted(news(annotation.article, reader=make_reader())) == [annotation.pk]


def hide(annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="Not about these words.")


def withdraw(annotation: Annotation) -> None:
    annotating.withdraw(annotation=annotation, by=annotation.creator)


@pytest.mark.parametrize("change", [hide, withdraw])
def test_what_is_no_longer_published_is_not_new(change: Callable[[Annotation], None]) -> None:
    annotation = make_annotation()
    assert news(annotation.article).status_code == 200
    change(annotation)
    assert news(annotation.article).status_code == 204


def test_what_is_new_on_another_article_is_not_told() -> None:
    article = make_article(text="Another Title\n\nOn ferries.")
    make_annotation()
    assert news(article).status_code == 204


def test_the_news_lead_to_where_they_stand() -> None:
    article = make_article()
    first = make_annotation(article=article, exact="39,000 cars")
    newer = make_reply(parent=make_annotation(article=article, exact="The toll"))
    told = words(news(article))
    for place, annotation in (("p2", first), ("p3", newer)):
        address = reverse("paragraph", args=[article.slug, place])
        assert f'href="{address}?at={annotation.pk}#annotation-{annotation.pk}"' in told


def test_what_is_new_about_words_that_are_gone_leads_to_its_own_page() -> None:
    annotation = make_annotation(exact="39,000 cars")
    make_revision(annotation.article, "Something else entirely, about nothing that was there.")
    assert f'href="{annotation.get_absolute_url()}"' in words(news(annotation.article))


def test_a_page_of_an_earlier_revision_is_told_of_the_revision_alone() -> None:
    annotation = make_annotation()
    before = activity(annotation.article).json()["revision"]
    revision = make_revision(annotation.article, "Something else entirely.")
    assert "This text was revised" in words(news(annotation.article, after=annotation.pk, revision=before))
    assert news(annotation.article, after=annotation.pk, revision=revision.pk).status_code == 204


@pytest.mark.parametrize("number", [1, 30, 150])
def test_what_is_new_costs_the_same_queries_whatever_its_number(number: int) -> None:
    article, reader = make_article(), make_reader()
    annotation = make_annotation(article=article)
    for _ in range(number - 1):
        make_reply(parent=annotation, creator=annotation.creator)
    with CaptureQueriesContext(connection) as stranger_s:
        news(article)
    with CaptureQueriesContext(connection) as next_stranger_s:
        news(article)
    client = Client()
    client.force_login(reader)
    with CaptureQueriesContext(connection) as signed_in_s:
        client.get(reverse("news", args=[article.slug]), {"after": 0})
    assert (len(stranger_s), len(next_stranger_s), len(signed_in_s)) == (2, 1, 3)


def test_of_very_many_the_newest_are_told_and_that_there_are_more() -> None:
    annotation = make_annotation()
    for _ in range(120):
        make_reply(parent=annotation, creator=annotation.creator)
    told = news(annotation.article)
    assert len(posted(told)) == 100
    assert "More than 100 new" in words(told)


@pytest.mark.parametrize("after", ["", "-1", "p7", "1" * 30])
def test_what_is_no_number_of_an_annotation_is_refused_with_the_reason(after: str) -> None:
    answer = news(make_article(), after=after)
    assert answer.status_code == 400
    assert "?after=0" in words(answer)


def test_the_page_knows_its_newest_annotation_or_answer() -> None:
    annotation = make_annotation()
    reply = make_reply(parent=annotation)
    assert f'data-newest="{reply.pk}"' in words(Client().get(annotation.article.get_absolute_url()))
    assert news(annotation.article, after=reply.pk).status_code == 204

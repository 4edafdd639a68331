"""Pauses: slow mode, and the pause that grows with the reports on some words or in a thread."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertNumQueries

from annotations import asking, pacing, reporting, restraining
from annotations.accepting import NotAccepted, TooOften
from annotations.models import Annotation, Ask, Flag
from reader.models import Article, User
from tests.factories import (
    ELSEWHERE,
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_target,
    paragraph_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    return reader


def slow_down(article: Article, *, seconds: int = 60) -> None:
    until = timezone.now() + timedelta(hours=1)
    restraining.slow(article=article, by=make_moderator(), seconds=seconds, until=until, reason="It got loud.")


def report(annotation: Annotation, *, times: int) -> None:
    for _ in range(times):
        reporting.report(annotation=annotation, by=make_reader(date_joined=timezone.now()), reason="spam")


def post(client: Client, article: Article, body: str = "Worth knowing.", name: str = "p1", **headers: str) -> Any:
    given = {"kind": "note", "body": body, "place": "paragraph", "revision": 1, "token": uuid.uuid4()}
    return client.post(reverse("attach", args=[article.slug, name]), given, headers=headers)


def put_forward(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    later = timezone.now() + timedelta(**by)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)


# Slow mode


def test_on_a_slowed_article_the_second_post_waits_with_its_words(client: Client, ada: User, article: Article) -> None:
    slow_down(article)
    assert post(client, article).status_code == 302
    refused = post(client, article, "And another.", name="p2")
    content = refused.content.decode()
    assert (refused.status_code, 58 <= int(refused.headers["Retry-After"]) <= 60) == (429, True)
    assert "Slow mode: one contribution in 60 seconds, until " in content
    assert "You can post again in " in content
    assert "And another.</textarea>" in content
    assert Annotation.objects.count() == 1


def test_after_the_pause_it_goes_on(
    client: Client, ada: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_down(article)
    post(client, article)
    put_forward(monkeypatch, seconds=61)
    assert post(client, article).status_code == 302


def test_slow_mode_that_is_over_or_elsewhere_slows_nobody(
    client: Client, ada: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_article(text=ELSEWHERE, slug="other")
    slow_down(article, seconds=3600)
    assert [post(client, other).status_code for _ in range(2)] == [302, 302]
    post(client, article)
    put_forward(monkeypatch, hours=1)
    assert post(client, article).status_code == 302


def test_answers_and_questions_wait_too(ada: User, article: Article) -> None:
    parent, question = make_annotation(article=article), make_annotation(article=article, kind="question")
    slow_down(article)
    make_annotation(article=article, creator=ada)
    for act in (
        lambda: make_reply(parent=parent, creator=ada),
        lambda: asking.join(question=question, by=ada),
        lambda: asking.ask(
            article=article, by=ada, target=make_target(article=article, exact="39,000"), token=uuid.uuid4()
        ),
        lambda: asking.ask(article=article, by=ada, target=make_target(article=article), token=uuid.uuid4()),
    ):
        with pytest.raises(TooOften, match="Slow mode"):
            act()


def test_who_asks_already_is_told_so_and_waits_for_nothing(client: Client, ada: User, article: Article) -> None:
    question = make_annotation(article=article, kind="question")
    slow_down(article)
    address = reverse("asks", args=[question.pk])
    assert [client.post(address, {"act": "join"}).status_code for _ in range(2)] == [302, 302]
    target = make_target(article=article)
    assert not asking.ask(article=article, by=ada, target=target, token=uuid.uuid4()).is_joined


@pytest.mark.parametrize("at", ["sentence", ""], ids=["beside the sentence", "below the post"])
def test_a_refusal_is_said_once_where_the_button_is(client: Client, ada: User, article: Article, at: str) -> None:
    question = make_annotation(article=article, kind="question", exact="39,000 cars")
    slow_down(article)
    make_annotation(article=article, creator=ada)
    here = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{article.get_absolute_url()}p2/"}
    fields = {"act": "join", "at": at} if at else {"act": "join"}
    refused = client.post(reverse("asks", args=[question.pk]), fields, headers=here)
    assert refused.status_code == 429
    ledger, said, _ = refused.content.decode().partition('class="thread"')
    assert refused.content.decode().count("Slow mode: one contribution in") == 1
    assert ("Slow mode: " in ledger, bool(said)) == (at == "sentence", True)


def test_without_a_script_a_refusal_is_said_once_with_its_reason(client: Client, ada: User, article: Article) -> None:
    question = make_annotation(article=article, kind="question")
    slow_down(article)
    make_annotation(article=article, creator=ada)
    refused = client.post(reverse("asks", args=[question.pk]), {"act": "join"})
    assert refused.status_code == 429
    assert refused.content.decode().count("Slow mode: one contribution in") == 1
    assert refused.content.decode().count("You can ") == 1
    assert "What you typed" not in refused.content.decode()
    assert "Slow mode" not in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_as_one_reader_the_second_waits() -> None:
    article, reader = make_article(), make_reader()
    asked = [make_annotation(article=article, kind="question", exact=exact) for exact in ("39,000 cars", "1990")]
    slow_down(article)
    statuses: list[int] = []

    def join(question: Annotation) -> None:
        client = Client()
        client.force_login(reader)
        try:
            statuses.append(client.post(reverse("asks", args=[question.pk]), {"act": "join"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=join, args=[question]) for question in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(statuses), Ask.objects.filter(reader=reader).count()) == ([302, 429], 1)


def test_who_asked_by_one_click_waits_as_well(ada: User, article: Article) -> None:
    question = make_annotation(article=article, kind="question")
    slow_down(article)
    asking.join(question=question, by=ada)
    with pytest.raises(TooOften):
        make_annotation(article=article, creator=ada)


def test_others_do_not_wait_for_one_reader(ada: User, article: Article) -> None:
    slow_down(article)
    make_annotation(article=article, creator=ada)
    assert make_annotation(article=article, creator=make_reader()).is_published


def test_moderators_are_not_slowed(article: Article) -> None:
    slow_down(article)
    moderator = make_moderator(username="other")
    for _ in range(2):
        assert make_annotation(article=article, creator=moderator).is_published


def test_the_same_form_twice_is_no_second_post(client: Client, ada: User, article: Article) -> None:
    slow_down(article)
    given = {"kind": "note", "body": "Once.", "place": "paragraph", "revision": 1, "token": uuid.uuid4()}
    statuses = [client.post(reverse("attach", args=[article.slug, "p1"]), given).status_code for _ in range(2)]
    assert (statuses, Annotation.objects.count()) == ([302, 302], 1)


def test_the_form_says_so_while_it_holds(client: Client, ada: User, article: Article) -> None:
    annotation = make_annotation(article=article)
    addresses = [reverse("paragraph", args=[article.slug, "p1"]), reverse("replies", args=[annotation.pk])]
    assert not any("Slow mode" in client.get(address).content.decode() for address in addresses)
    slow_down(article)
    for address in addresses:
        assert "Slow mode: one contribution in 60 seconds, until " in client.get(address).content.decode()


def test_a_moderator_s_form_says_nothing_of_it(client: Client, article: Article) -> None:
    slow_down(article)
    client.force_login(make_moderator(username="other"))
    assert "Slow mode" not in client.get(reverse("paragraph", args=[article.slug, "p1"])).content.decode()


# Reports


@pytest.mark.parametrize(
    ("reports", "seconds"), [(0, 0), (1, 0), (2, 30), (3, 60), (4, 120), (8, 1920), (9, 3600), (500, 3600)]
)
def test_the_pause_grows_with_the_reports(reports: int, seconds: int) -> None:
    assert pacing.grown(reports) == seconds


def test_where_two_reports_are_open_the_next_post_waits(client: Client, ada: User, article: Article) -> None:
    report(make_annotation(article=article), times=2)
    assert post(client, article).status_code == 302
    refused = post(client, article, "And another.")
    assert (refused.status_code, 28 <= int(refused.headers["Retry-After"]) <= 30) == (429, True)
    assert "Readers reported what is said here" in refused.content.decode()


def test_one_report_slows_nobody(client: Client, ada: User, article: Article) -> None:
    report(make_annotation(article=article), times=1)
    assert [post(client, article).status_code for _ in range(2)] == [302, 302]


def test_other_paragraphs_are_not_slowed(client: Client, ada: User, article: Article) -> None:
    report(make_annotation(article=article), times=2)
    assert [post(client, article, name="p2").status_code for _ in range(2)] == [302, 302]


def test_words_of_the_paragraph_are_slowed_though_they_do_not_overlap(ada: User, article: Article) -> None:
    report(make_annotation(article=article, exact="bridge"), times=2)
    make_annotation(article=article, creator=ada, exact="public money")
    with pytest.raises(TooOften):
        make_annotation(article=article, creator=ada, exact="traffic")


def test_a_reported_thread_is_slowed(ada: User, article: Article) -> None:
    head = make_annotation(article=article)
    report(make_reply(parent=head), times=3)
    make_reply(parent=head, creator=ada)
    with pytest.raises(TooOften, match=r"again in (60|59|58) seconds"):
        make_reply(parent=head, creator=ada)


def test_reports_that_were_decided_about_or_are_a_day_old_slow_nobody(
    ada: User, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(make_annotation(article=article), times=2)
    Flag.objects.update(created_at=timezone.now() - timedelta(hours=25))
    for _ in range(2):
        assert make_annotation(article=article, creator=ada)


def test_moderators_do_not_pause(article: Article) -> None:
    report(make_annotation(article=article), times=4)
    moderator = make_moderator()
    for _ in range(2):
        assert make_annotation(article=article, creator=moderator)


def test_nobody_is_slowed_on_the_whole_article_by_reports_on_a_paragraph(
    client: Client, ada: User, article: Article
) -> None:
    report(make_annotation(article=article), times=2)
    given = {"kind": "note", "body": "On all of it.", "place": "article", "revision": 1}
    address = reverse("attach", args=[article.slug, "whole"])
    statuses = [client.post(address, {**given, "token": uuid.uuid4()}).status_code for _ in range(2)]
    assert statuses == [302, 302]


def test_where_nothing_is_slowed_it_costs_one_query(article: Article, ada: User) -> None:
    shown = Article.objects.with_revision().select_related("slow_mode").get(pk=article.pk)
    place = paragraph_of(article).span
    with assertNumQueries(1):
        pacing.pause(shown, by=ada, place=place)


def test_a_refusal_is_one_like_any_other() -> None:
    assert issubclass(TooOften, NotAccepted)

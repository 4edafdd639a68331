"""The lists of requests for sources: an article's, the site's, and the editors'."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from annotations import annotating, asking, moderating
from annotations.annotating import Target
from annotations.models import Annotation
from reader import drafting
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_revision,
    make_target,
)

pytestmark = pytest.mark.django_db

LISTS = ("/articles/a-short-title/requests/", "/requests/", "/desk/requests/")


def ask(article: Article, *readers: User, exact: str = "39,000 cars", body: str = "") -> Annotation:
    target = make_target(article=article, exact=exact) if exact else Target(revision_number=1)
    for reader in readers or (make_reader(),):
        asked = asking.ask(article=article, by=reader, target=target, token=uuid.uuid4(), body=body)
    return asked.question


def answered(article: Article, exact: str = "39,000 cars") -> Annotation:
    question = ask(article, exact=exact)
    source = make_annotation(article=article, kind="source", exact=exact)
    asking.answer(question=question, annotation=source, by=source.creator)
    return question


def page_of(client: Client, address: str) -> str:
    return " ".join(strip_tags(client.get(address).content.decode()).split())


@pytest.fixture
def article() -> Article:
    return make_article()


@pytest.fixture
def editor(client: Client) -> User:
    found = make_editor()
    client.force_login(found)
    return found


@pytest.mark.parametrize("address", LISTS)
def test_the_most_asked_come_first_and_then_the_oldest(
    client: Client, article: Article, editor: User, address: str
) -> None:
    ask(article, exact="1990")
    ask(article, make_reader(), make_reader(), exact="39,000 cars")
    ask(article, exact="The toll")
    page = client.get(address).content.decode()
    assert page.index("<mark>39,000 cars") < page.index("<mark>1990") < page.index("<mark>The toll")


@pytest.mark.parametrize("address", LISTS)
def test_a_request_shows_its_words_in_their_sentence_and_how_many_ask(
    client: Client, article: Article, editor: User, address: str
) -> None:
    ask(article, editor, make_reader())
    page = page_of(client, address)
    assert "It carries 39,000 cars a day, they say." in page
    assert "It is safe" not in page
    assert "2 readers ask, since" in page
    assert "you among them" in page


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("number", [1, 30])
def test_a_list_takes_as_many_queries_for_thirty_as_for_one(
    client: Client, editor: User, django_assert_num_queries: Any, address: str, number: int
) -> None:
    words = [f"Claim{index} holds." for index in range(number)]
    article = make_article(text="A Short Title\n\n" + "\n\n".join(f"{each} And so on." for each in words))
    for each in words:
        ask(article, exact=each)
    client.get("/requests/")
    # Session, account, notices and rights; the article, its requests, and their numbers.
    with django_assert_num_queries({LISTS[0]: 6, LISTS[1]: 5, LISTS[2]: 7}[address]):
        assert client.get(address).content.decode().count('class="asked-row"') == number


@pytest.mark.parametrize("number", [1, 30])
def test_the_answered_take_as_many_queries_for_thirty_as_for_one(
    client: Client, django_assert_num_queries: Any, number: int
) -> None:
    words = [f"Claim{index} holds." for index in range(number)]
    article = make_article(text="A Short Title\n\n" + "\n\n".join(words))
    for each in words:
        answered(article, each)
    with django_assert_num_queries(4):
        page = client.get("/requests/?state=answered").content.decode()
    assert page.count('class="asked-answer"') == number


def test_a_long_list_has_pages(client: Client) -> None:
    words = [f"Claim{index} holds." for index in range(31)]
    article = make_article(text="A Short Title\n\n" + "\n\n".join(words))
    for each in words:
        ask(article, exact=each)
    assert client.get("/requests/").content.decode().count('class="asked-row"') == 30
    assert client.get("/requests/?page=2").content.decode().count('class="asked-row"') == 1
    assert client.get("/requests/?page=nonsense").status_code == 200


def test_the_answered_are_in_a_view_of_their_own_and_say_by_what(client: Client, article: Article) -> None:
    answered(article)
    ask(article, exact="1990")
    address = f"/articles/{article.slug}/requests/"
    assert "39,000 cars" not in page_of(client, address)
    page = page_of(client, f"{address}?state=answered")
    assert "Answered by The count" in page
    assert "1990" not in page
    assert "Open 1 Answered 1" in page


@pytest.mark.parametrize("address", LISTS)
def test_where_nothing_is_asked_the_list_says_so(client: Client, article: Article, editor: User, address: str) -> None:
    assert "Nobody " in page_of(client, address)


def test_a_request_leads_to_the_form_for_a_source_and_to_asking_too(client: Client, article: Article) -> None:
    question = ask(article)
    page = client.get("/requests/").content.decode()
    assert f"p2/?kind=source&amp;start={question.start}&amp;end={question.end}&amp;answers={question.pk}" in page
    form = client.get(f"/articles/{article.slug}/p2/?kind=source&answers={question.pk}").content.decode()
    assert f'name="answers_{question.pk}" value="yes" checked' in form
    client.force_login(make_reader())
    back = f"/requests/#request-{question.pk}"
    response = client.post(f"/annotations/{question.pk}/asks/", {"act": "join", "next": back})
    assert response.headers["Location"] == back
    assert question.asks.count() == 2


def test_nobody_is_led_to_another_site(client: Client, article: Article) -> None:
    question = ask(article)
    client.force_login(make_reader())
    response = client.post(f"/annotations/{question.pk}/asks/", {"act": "join", "next": "https://example.org/"})
    assert response.headers["Location"] == question.get_absolute_url()


def test_requests_follow_their_words_and_those_that_lost_them_are_a_number(client: Client, article: Article) -> None:
    ask(article, exact="39,000 cars")
    ask(article, exact="The toll should go.")
    make_revision(article, "First of all.", "It carries 39,000 cars a day, they say.")
    page = page_of(client, f"/articles/{article.slug}/requests/")
    assert "It carries 39,000 cars a day, they say." in page
    assert "The toll" not in page
    assert "1 more is about words that are gone" in page


def test_about_the_whole_article_a_request_has_no_words(client: Client, article: Article) -> None:
    ask(article, exact="")
    page = client.get("/requests/").content.decode()
    assert "The article as a whole" in page
    assert f"/articles/{article.slug}/whole/?kind=source&amp;answers=" in page


def test_requests_of_closed_accounts_are_not_listed(client: Client, article: Article) -> None:
    asker = make_reader()
    ask(article, asker)
    asker.is_active = False
    asker.save()
    assert "39,000 cars" not in page_of(client, "/requests/")


def test_withdrawn_and_hidden_requests_are_not_listed(client: Client, article: Article) -> None:
    gone, hidden = ask(article, exact="1990"), ask(article, exact="The toll")
    annotating.withdraw(annotation=gone, by=gone.creator)
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="No claim.")
    assert "Nobody is waiting for a source" in page_of(client, "/requests/")


def test_on_a_closed_article_requests_are_read_and_no_longer_answered(client: Client, article: Article) -> None:
    ask(article)
    Article.objects.update(status=Article.Status.CLOSED)
    page = client.get(f"/articles/{article.slug}/requests/").content.decode()
    assert "<mark>39,000 cars" in page
    assert "Give a source" not in page
    assert "39,000 cars" not in page_of(client, "/requests/")


def test_an_editor_sees_those_on_the_texts_they_are_revising(client: Client, article: Article, editor: User) -> None:
    ask(article)
    other = make_article(text="Another Title\n\nIt was built in 1990.", slug="another")
    ask(other, exact="1990")
    drafting.revise(article=other, by=editor)
    assert "39,000 cars" in page_of(client, "/desk/requests/")
    page = page_of(client, "/desk/requests/?drafts=own")
    assert "39,000 cars" not in page
    assert "1990" in page
    assert 'href="/desk/requests/"' in client.get("/desk/").content.decode()


def test_the_editors_list_is_for_editors(client: Client) -> None:
    assert client.get("/desk/requests/").headers["Location"].startswith("/accounts/login/")
    client.force_login(make_reader())
    assert client.get("/desk/requests/").status_code == 403


@pytest.mark.parametrize("address", LISTS)
def test_lists_are_only_read(client: Client, article: Article, editor: User, address: str) -> None:
    assert client.post(address).status_code == 405


def test_an_article_that_is_not_there_has_no_requests(client: Client) -> None:
    assert client.get("/articles/nothing/requests/").status_code == 404


def test_the_library_leads_to_the_requests(client: Client, article: Article) -> None:
    assert 'href="/requests/"' in client.get("/").content.decode()

"""Following people and threads, and what is new to a reader since they were there last."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import annotating, following, moderating
from annotations.models import Annotation, Subscription, Visit
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply, make_revision

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    return reader


@pytest.fixture
def bob() -> User:
    return make_reader(username="bob")


@pytest.fixture
def thread(bob: User) -> Annotation:
    return make_annotation(creator=bob, body="Bob began this.")


def of_thread(head: Annotation) -> str:
    return f"/annotations/{head.pk}/subscription/"


def of_person(person: User) -> str:
    return f"/readers/{person.username}/subscription/"


# Following


def test_who_follows_a_thread_finds_it_among_what_they_follow(client: Client, ada: User, thread: Annotation) -> None:
    client.post(of_thread(thread), {"act": "follow"})
    assert "Bob began this." in client.get("/following/").content.decode()
    client.post(of_thread(thread), {"act": "unfollow"})
    assert "Bob began this." not in client.get("/following/").content.decode()


def test_who_follows_somebody_finds_them_among_what_they_follow(client: Client, ada: User, bob: User) -> None:
    client.post(of_person(bob), {"act": "follow"})
    assert 'href="/readers/bob/"' in client.get("/following/").content.decode()
    client.post(of_person(bob), {"act": "unfollow"})
    assert 'href="/readers/bob/"' not in client.get("/following/").content.decode()


def test_following_twice_is_following_once(client: Client, ada: User, bob: User, thread: Annotation) -> None:
    for address in (of_person(bob), of_thread(thread)) * 2:
        assert client.post(address, {"act": "follow"}).status_code == 302
    assert Subscription.objects.count() == 2
    for address in (of_person(bob), of_thread(thread)) * 2:
        assert client.post(address, {"act": "unfollow"}).status_code == 302
    assert not Subscription.objects.exists()


def test_what_one_follows_others_do_not(client: Client, ada: User, bob: User, thread: Annotation) -> None:
    following.follow_thread(follower=bob, head=thread)
    client.post(of_thread(thread), {"act": "unfollow"})
    assert Subscription.objects.get().follower == bob
    assert "Bob began this." not in client.get("/following/").content.decode()


def test_the_button_says_what_it_does_next(client: Client, ada: User, bob: User, thread: Annotation) -> None:
    pages = (thread.article.get_absolute_url() + "p1/", thread.get_absolute_url(), bob.get_absolute_url())
    for page in pages:
        assert ">Follow<" in client.get(page).content.decode()
    following.follow_thread(follower=ada, head=thread)
    following.follow_person(follower=ada, person=bob)
    for page in pages:
        assert ">Unfollow<" in client.get(page).content.decode()


def test_htmx_gets_the_button_anew_and_says_what_was_done(client: Client, ada: User, thread: Annotation) -> None:
    answer = client.post(of_thread(thread), {"act": "follow"}, headers=HTMX).content.decode()
    assert answer.strip().startswith("<form")
    assert ">Unfollow<" in answer
    assert '<span class="unseen" role="status">You follow this thread.</span>' in answer


@pytest.mark.parametrize(
    ("wanted", "back"),
    [
        ("/following/", "/following/"),
        ("https://elsewhere.example/", "own"),
        ("//elsewhere.example/", "own"),
        ("", "own"),
    ],
)
def test_who_followed_comes_back_to_where_they_were(
    client: Client, ada: User, thread: Annotation, wanted: str, back: str
) -> None:
    response = client.post(of_thread(thread), {"act": "follow", "next": wanted})
    assert response.headers["Location"] == (thread.get_absolute_url() if back == "own" else back)


def test_strangers_are_offered_to_sign_in_and_follow_nothing(bob: User, thread: Annotation) -> None:
    page = Client().get(thread.get_absolute_url()).content.decode()
    assert f'class="follow" href="/accounts/login/?next={thread.get_absolute_url()}"' in page
    for address in (of_thread(thread), of_person(bob)):
        assert Client().post(address, {"act": "follow"}).headers["Location"].startswith("/accounts/login/")
    assert Client().get("/following/").headers["Location"].startswith("/accounts/login/")


def test_nobody_is_offered_to_follow_themselves_or_where_they_write(
    client: Client, ada: User, thread: Annotation
) -> None:
    make_reply(parent=thread, creator=ada)
    for page in (ada.get_absolute_url(), thread.get_absolute_url()):
        assert 'class="follow"' not in client.get(page).content.decode()
    client.post(of_person(ada), {"act": "follow"})
    assert not Subscription.objects.exists()


def test_an_answer_cannot_be_followed(client: Client, ada: User, thread: Annotation) -> None:
    answer = make_reply(parent=thread)
    assert client.get(thread.get_absolute_url()).content.decode().count('class="follow"') == 1
    client.post(of_thread(answer), {"act": "follow"})
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("address", ["/annotations/987654/subscription/", "/readers/nobody-here/subscription/"])
def test_what_is_not_there_cannot_be_followed(client: Client, ada: User, address: str) -> None:
    assert client.post(address, {"act": "follow"}).status_code == 404


def test_what_is_hidden_cannot_be_followed_nor_is_it_read_on_the_list(
    client: Client, ada: User, thread: Annotation
) -> None:
    following.follow_thread(follower=ada, head=thread)
    moderating.hide(annotation=thread, by=make_moderator(), rule="attack", reason="Not about these words.")
    page = client.get("/following/").content.decode()
    assert "Bob began this." not in page
    assert "no longer shown" in page
    assert client.post(of_thread(thread), {"act": "follow"}).status_code == 404
    client.post(of_thread(thread), {"act": "unfollow"})
    assert not Subscription.objects.exists()


def test_who_left_cannot_be_followed_and_is_named_without_a_link(client: Client, ada: User, bob: User) -> None:
    following.follow_person(follower=ada, person=bob)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert 'href="/readers/bob/"' not in client.get("/following/").content.decode()
    assert client.post(of_person(bob), {"act": "follow"}).status_code == 404


def test_following_is_a_button_and_the_list_a_page(client: Client, ada: User, bob: User, thread: Annotation) -> None:
    assert client.get(of_thread(thread)).status_code == 405
    assert client.get(of_person(bob)).status_code == 405
    assert client.post("/following/").status_code == 405


def test_an_empty_list_says_what_to_do(client: Client, ada: User) -> None:
    assert "Choose Follow" in client.get("/following/").content.decode()


@pytest.mark.parametrize("several", [1, 15])
def test_the_list_takes_as_many_queries_for_thirty_as_for_two(client: Client, ada: User, several: int) -> None:
    for number in range(several):
        following.follow_person(follower=ada, person=make_reader())
        article = make_article(text=f"Title {number}\n\nThe text of it has {number} words.\n")
        following.follow_thread(follower=ada, head=make_annotation(article=article))
    client.get("/following/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/following/")
    assert len(queries) == 4


@pytest.mark.parametrize("number", [1, 12])
def test_whether_threads_are_followed_is_one_query_for_all(client: Client, ada: User, bob: User, number: int) -> None:
    article = make_article()
    for _ in range(number):
        following.follow_thread(follower=ada, head=make_annotation(article=article, creator=bob))
    client.get(f"{article.get_absolute_url()}p1/")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"{article.get_absolute_url()}p1/").content.decode()
    assert page.count(">Unfollow<") == number
    assert len([query for query in queries if "subscription" in query["sql"]]) == 1


# What is new


def read(client: Client, article: Article, **headers: str) -> str:
    return client.get(article.get_absolute_url(), headers=headers).content.decode()


def go_away(minutes: int = 31) -> None:
    Visit.objects.update(at=F("at") - timedelta(minutes=minutes))


def told_by(page: str) -> str:
    found = re.search(r'<p class="filter-new"><a href="([^"]+)">([^<]+)</a>', page)
    return f"{found[2]}: {found[1]}" if found else ""


def test_on_a_first_visit_nothing_is_new(client: Client, ada: User, thread: Annotation) -> None:
    page = read(client, thread.article)
    assert told_by(page) == ""
    assert 'data-since=""' in page


def test_what_others_wrote_since_the_visit_before_is_new(client: Client, ada: User, thread: Annotation) -> None:
    read(client, thread.article)
    go_away()
    make_annotation(article=thread.article)
    for _ in range(2):
        make_reply(parent=thread)
    own = make_annotation(article=thread.article, creator=ada)
    page = read(client, thread.article)
    since = f"{thread.article.get_absolute_url()}?since={thread.pk}"
    assert told_by(page) == f"2 new since your last visit: {since}#map"
    assert f'data-since="{thread.pk}" data-own="{own.pk}"' in page
    assert "Showing <b>2</b> of 3: new annotations" in client.get(since).content.decode()


def test_it_stays_new_while_the_visit_goes_on_and_no_longer(client: Client, ada: User, thread: Annotation) -> None:
    read(client, thread.article)
    go_away()
    make_annotation(article=thread.article)
    told = []
    for minutes in (0, 29, 29, 31):
        go_away(minutes)
        told.append(told_by(read(client, thread.article)).partition(":")[0])
    assert told == ["1 new since your last visit"] * 3 + [""]


def test_what_came_while_one_was_reading_is_known_afterwards(client: Client, ada: User, thread: Annotation) -> None:
    read(client, thread.article)
    make_annotation(article=thread.article)
    read(client, thread.article)
    go_away()
    assert told_by(read(client, thread.article)) == ""


def test_what_was_hidden_or_lost_its_words_is_not_counted_as_new(client: Client, ada: User, thread: Annotation) -> None:
    article = thread.article
    read(client, article)
    go_away()
    hidden, _gone = make_annotation(article=article), make_annotation(article=article, exact="The toll should go.")
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="Not about these words.")
    make_revision(article, "The bridge was built in 1990 with public money.")
    assert told_by(read(client, article)) == ""


@pytest.mark.parametrize(
    "headers",
    [{"HX-Request": "true"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}],
    ids=["by a script", "in advance", "in advance, as it was said once"],
)
def test_what_nobody_saw_is_no_visit(client: Client, ada: User, thread: Annotation, headers: dict[str, str]) -> None:
    read(client, thread.article, **headers)
    client.head(thread.article.get_absolute_url())
    assert not Visit.objects.exists()


def test_a_stranger_s_visit_is_not_kept(thread: Annotation) -> None:
    page = read(Client(), thread.article)
    assert not Visit.objects.exists()
    assert "data-since" not in page
    assert '<p class="filter-new" hidden>' in page


def test_a_visit_is_written_when_something_changes_and_not_otherwise(
    client: Client, ada: User, thread: Annotation
) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, thread.article)
        return sum("annotations_visit" in query["sql"] and "SELECT" not in query["sql"] for query in queries)

    told = [writes(), writes()]
    make_annotation(article=thread.article)
    told += [writes(), writes()]
    go_away(2)
    assert [*told, writes(), writes()] == [1, 0, 1, 0, 1, 0]


def test_two_tabs_opened_at_once_make_one_visit(ada: User, thread: Annotation) -> None:
    visit: dict[str, Any] = {"reader": ada, "article_id": thread.article_id}
    for _ in range(2):
        following.visit(**visit, last=None, newest=5)
    go_away()
    found, now = following.last_visit(**visit), timezone.now()
    for newest in (9, 8):
        following.visit(**visit, last=found, newest=newest, now=now)
    kept = Visit.objects.get()
    assert (kept.seen_to, kept.reached) == (5, 9)


def test_a_withdrawal_of_the_newest_makes_nothing_new_again(client: Client, ada: User, thread: Annotation) -> None:
    newest = make_annotation(article=thread.article)
    read(client, thread.article)
    annotating.withdraw(annotation=newest, by=newest.creator)
    for _ in range(2):
        go_away()
        assert told_by(read(client, thread.article)) == ""
    assert Visit.objects.get().reached == newest.pk


def test_each_article_has_visits_of_its_own(client: Client, ada: User, thread: Annotation) -> None:
    other = make_article(text="Other\n\nOther words.\n")
    read(client, thread.article)
    go_away()
    make_annotation(article=thread.article)
    read(client, other)
    assert told_by(read(client, thread.article)).startswith("1 new")
    assert Visit.objects.count() == 2


@pytest.mark.parametrize("number", [1, 40])
def test_telling_what_is_new_takes_the_same_queries_for_forty_as_for_one(
    client: Client, ada: User, thread: Annotation, number: int
) -> None:
    read(client, thread.article)
    go_away()
    for _ in range(number):
        make_reply(parent=make_annotation(article=thread.article), creator=ada)
    read(client, thread.article)
    with CaptureQueriesContext(connection) as queries:
        page = read(client, thread.article)
    assert told_by(page).startswith(f"{number} new")
    assert len(queries) == 6

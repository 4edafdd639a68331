"""Documents that tell the same story: who says so, when it counts, and the form to say it."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotations import annotating, ledger, stories
from annotations.accepting import NotAccepted
from annotations.models import Annotation, Document, SameStory
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_reader, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return make_article()


def make_documents(article: Article, number: int) -> list[Document]:
    """Give documents, each cited once for the same words."""
    addresses = [f"https://paper{place}.example.org/report" for place in range(number)]
    cited = [
        make_annotation(
            article=article,
            exact="39,000 cars",
            kind="source",
            sources=[make_source(url=url, title=f"In paper {url[13]}")],
        )
        for url in addresses
    ]
    return [annotation.sources.get().document for annotation in cited]


def say(one: Document, other: Document, *, by: User | None = None, is_same: bool = True) -> None:
    stories.say(document=one, other=other.pk, by=by or make_reader(), is_same=is_same)


def say_enough(one: Document, other: Document) -> None:
    for _ in range(stories.ENOUGH):
        say(one, other)


def firsts(*documents: Document) -> list[int]:
    """Give what each is counted as."""
    fresh = Document.objects.in_bulk([document.pk for document in documents])
    return [fresh[document.pk].story_id for document in documents]


# When it counts


def test_one_reader_is_not_enough(article: Article) -> None:
    one, other = make_documents(article, 2)
    say(other, one)
    assert firsts(one, other) == [one.pk, other.pk]


def test_two_readers_make_two_documents_one_story(article: Article) -> None:
    one, other = make_documents(article, 2)
    say(one, other)
    say(other, one)
    assert firsts(one, other) == [one.pk, one.pk]


def test_as_many_against_as_for_are_not_one(article: Article) -> None:
    one, other = make_documents(article, 2)
    say_enough(one, other)
    for _ in range(stories.ENOUGH):
        say(one, other, is_same=False)
    assert firsts(one, other) == [one.pk, other.pk]
    say(one, other)
    assert firsts(one, other) == [one.pk, one.pk]


def test_a_reader_who_says_it_twice_counts_once(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other, by=ada)
    say(other, one, by=ada)
    assert firsts(one, other) == [one.pk, other.pk]
    assert SameStory.objects.count() == 1


def test_a_reader_may_change_their_word(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other)
    say(one, other, by=ada)
    say(one, other, by=ada, is_same=False)
    assert firsts(one, other) == [one.pk, other.pk]


def test_a_word_taken_back_no_longer_counts(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other)
    say(one, other, by=ada)
    for _ in range(2):
        stories.take_back(document=other, other=one.pk, by=ada)
    assert firsts(one, other) == [one.pk, other.pk]


def test_the_same_as_the_same_is_one_story(article: Article) -> None:
    one, other, third, fourth = make_documents(article, 4)
    say_enough(third, fourth)
    say_enough(fourth, other)
    assert firsts(one, other, third, fourth) == [one.pk, other.pk, other.pk, other.pk]
    say_enough(one, third)
    assert firsts(one, other, third, fourth) == [one.pk] * 4


def test_a_story_that_falls_apart_leaves_each_half_together(article: Article) -> None:
    one, other, third, fourth = make_documents(article, 4)
    for pair in ((one, other), (other, third), (third, fourth)):
        say_enough(*pair)
    for _ in range(stories.ENOUGH):
        say(other, third, is_same=False)
    assert firsts(one, other, third, fourth) == [one.pk, one.pk, third.pk, third.pk]


def test_the_ledger_counts_a_story_once(article: Article) -> None:
    one, other = make_documents(article, 2)
    assert article.current_revision

    def told() -> str:
        assert article.current_revision
        paragraphs = list(ledger.with_evidence(article.current_revision.paragraphs.all()))
        return ledger.read(paragraphs).sums.whole.words

    assert told() == "2 for"
    say_enough(one, other)
    assert told() == "1 for"


def test_a_closed_account_no_longer_counts_and_an_opened_one_does_again(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other)
    say(one, other, by=ada)
    ada.is_active = False
    ada.save()
    assert firsts(one, other) == [one.pk, other.pk]
    ada.is_active = True
    ada.save()
    assert firsts(one, other) == [one.pk, one.pk]


def test_a_deleted_account_no_longer_counts(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other)
    say(one, other, by=ada)
    ada.delete()
    assert firsts(one, other) == [one.pk, other.pk]


def test_only_what_changes_a_group_changes_the_page(article: Article) -> None:
    one, other = make_documents(article, 2)

    def activity() -> int:
        return Article.objects.get(pk=article.pk).activity

    before = activity()
    say(one, other)
    assert activity() == before
    say(one, other)
    assert activity() == before + 1
    say(one, other)
    assert activity() == before + 1


# What is refused


def test_a_document_is_not_another_story_than_its_own(article: Article) -> None:
    (one,) = make_documents(article, 1)
    with pytest.raises(NotAccepted, match="the same document"):
        say(one, one)


def test_documents_beside_two_articles_are_not_compared(article: Article) -> None:
    (one,) = make_documents(article, 1)
    (other,) = make_documents(make_article(text="Another\n\nAlso 39,000 cars.\n"), 1)
    with pytest.raises(NotAccepted, match="beside this article"):
        say(one, other)


def test_nothing_is_said_beside_a_closed_article_and_one_s_word_can_be_taken_back(article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader()
    say(one, other, by=ada)
    Article.objects.filter(pk=article.pk).update(status=Article.Status.CLOSED)
    with pytest.raises(NotAccepted, match="closed"):
        say(one, other)
    stories.take_back(document=one, other=other.pk, by=ada)
    assert not SameStory.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_words_at_once_the_second_counts_the_first() -> None:
    one, other = make_documents(make_article(), 2)
    readers = [make_reader(), make_reader()]
    failures: list[BaseException] = []
    start = threading.Barrier(2)

    def run(reader: User) -> None:
        try:
            start.wait(10)
            say(one, other, by=reader)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert firsts(one, other) == [one.pk, one.pk]


# The form


def address(document: Document) -> str:
    return reverse("same-story", args=[document.pk])


def send(client: Client, one: Document, **form: Any) -> Any:
    return client.post(address(one), form)


def test_a_reader_says_that_two_are_the_same_story(client: Client, article: Article) -> None:
    one, other = make_documents(article, 2)
    ada = make_reader(username="ada")
    client.force_login(ada)
    assert "In paper 1 · example.org" in client.get(address(one)).content.decode()
    response = send(client, one, other=other.pk, said="same")
    assert response.headers["Location"] == f"{article.get_absolute_url()}sources/"
    content = client.get(response.headers["Location"]).content.decode()
    assert "1 reader says so" in content
    assert "<bdi>ada</bdi></a>: the same story" in content


def test_the_buttons_beside_what_was_said_take_it_back(client: Client, article: Article) -> None:
    one, other = make_documents(article, 2)
    client.force_login(make_reader())
    send(client, one, other=other.pk, said="different")
    assert SameStory.objects.get().is_same is False
    back = f"{article.get_absolute_url()}sources/?by=publisher"
    response = send(client, other, other=one.pk, **{"take-back": "different", "next": back})
    assert response.headers["Location"] == back
    assert not SameStory.objects.exists()


def test_a_stranger_signs_in_first(client: Client, article: Article) -> None:
    one, other = make_documents(article, 2)
    response = send(client, one, other=other.pk, said="same")
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert not SameStory.objects.exists()
    assert "The same story as another?" not in client.get(f"{article.get_absolute_url()}sources/").content.decode()


@pytest.mark.parametrize(
    ("form", "why"),
    [
        pytest.param({"said": "same"}, "Choose the other document.", id="nothing chosen"),
        pytest.param({"other": "OTHER"}, "Say whether they tell the same story.", id="nothing said"),
        pytest.param({"other": "OTHER", "said": "maybe"}, "Say whether they tell the same story.", id="something else"),
        pytest.param({"other": "999999", "said": "same"}, "no longer cited", id="no document"),
        pytest.param({"other": "x\x00", "said": "same"}, "no longer cited", id="no number"),
        pytest.param({"other": "OWN", "said": "same"}, "no longer cited", id="itself"),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_kept(
    client: Client, article: Article, form: dict[str, str], why: str
) -> None:
    one, other = make_documents(article, 2)
    client.force_login(make_reader())
    ids = {"OTHER": str(other.pk), "OWN": str(one.pk)}
    response = send(client, one, **{name: ids.get(value, value) for name, value in form.items()})
    content = response.content.decode()
    assert response.status_code == 422
    assert why in content
    assert (f'value="{other.pk}" selected' in content) == (form.get("other") == "OTHER")
    assert not SameStory.objects.exists()


def test_a_closed_article_says_why_nothing_is_kept(client: Client, article: Article) -> None:
    one, other = make_documents(article, 2)
    Article.objects.filter(pk=article.pk).update(status=Article.Status.CLOSED)
    client.force_login(make_reader())
    response = send(client, one, other=other.pk, said="same")
    assert response.status_code == 422
    assert "This article is closed" in response.content.decode()


def test_a_document_that_nobody_cites_any_more_has_no_form(client: Client, article: Article) -> None:
    one, _ = make_documents(article, 2)
    annotation = Annotation.objects.get(sources__document=one)
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    client.force_login(make_reader())
    assert client.get(address(one)).status_code == 404
    assert client.get(reverse("same-story", args=[999_999])).status_code == 404


def test_one_is_led_back_to_no_other_site(client: Client, article: Article) -> None:
    one, other = make_documents(article, 2)
    client.force_login(make_reader())
    response = send(client, one, other=other.pk, said="same", next="https://elsewhere.example.org/")
    assert response.headers["Location"] == f"{article.get_absolute_url()}sources/"


def test_another_method_is_refused(client: Client, article: Article) -> None:
    one, _ = make_documents(article, 2)
    client.force_login(make_reader())
    assert client.put(address(one)).status_code == 405

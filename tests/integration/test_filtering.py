"""What a filter shows of the annotations beside a text, on every page that knows it."""

import re
import uuid
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating, following, margin, moderating, threads
from annotations.filtering import Filter
from annotations.models import Annotation
from reader.models import Article, User
from tests.factories import (
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
    make_source,
    paragraph_of,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def article() -> Article:
    """Give an article with a source and a note by ada on its second paragraph, and a question by bob on its first."""
    article, ada = make_article(), make_reader(username="ada")
    make_annotation(article=article, creator=ada, exact="39,000 cars", kind="source", body="The count.")
    make_annotation(article=article, creator=ada, exact="a day", body="Worth a note.")
    make_annotation(
        article=article, creator=make_reader(username="bob"), exact="1990", kind="question", body="Says who?"
    )
    return article


def page_of(
    article: Article,
    query: str = "",
    *,
    place: str = "",
    client: Client | None = None,
    headers: dict[str, str] | None = None,
) -> str:
    response = (client or Client()).get(f"{article.get_absolute_url()}{place}{query}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def said_in(page: str) -> str:
    """Give what the page says about its filter, without markup."""
    found = re.search(r'<div class="showing".*?</div>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split()) if found else ""


def shown_in(page: str) -> set[int]:
    return {int(pk) for pk in re.findall(r'<a href="[^"]*" data-id="(\d+)"', page)}


def about(article: Article, creator: User, body: str = "On all of it.") -> Annotation:
    revision = article.current_revision
    assert revision is not None
    target = annotating.Target(revision_number=revision.number)
    return annotating.attach(
        article=article, creator=creator, kind="note", target=target, body=body, token=uuid.uuid4()
    )


# What is shown


@pytest.mark.parametrize(
    ("query", "kinds", "said"),
    [
        ("?show=source", {"source"}, "Showing 1 of 3: sources · Show all"),
        ("?by=ada", {"source", "note"}, "Showing 2 of 3: annotations by ada · Show all"),
        ("?show=note&by=ada", {"note"}, "Showing 1 of 3: notes by ada · Show all"),
        ("?by=bob&sort=newest", {"question"}, "Showing 1 of 3: annotations by bob, newest first · Show all"),
        ("?sort=oldest", {"source", "note", "question"}, "Showing all 3, oldest first · In the order of the words"),
    ],
)
def test_the_page_shows_what_is_asked_for_and_says_how_much_that_is(
    article: Article, query: str, kinds: set[str], said: str
) -> None:
    page = page_of(article, query)
    assert shown_in(page) == set(Annotation.objects.filter(kind__in=kinds).values_list("pk", flat=True))
    assert said_in(page) == said


def test_marks_show_what_is_asked_for_and_the_ledger_all_there_is(article: Article) -> None:
    page = page_of(article, "?show=question")
    assert re.findall(r'<mark class="m m-(\w+)"', page) == ["question"]
    assert re.findall(r"<b>(\d+)</b> (reader asks|note|source for)", page) == [
        ("1", "source for"),
        ("1", "reader asks"),
        ("1", "note"),
    ]
    assert re.findall(r'class="block s-(\w+)"', page) == ["question", "supports"]
    assert re.findall(r'class="tally s-(\w+)"', page) == ["question", "supports"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "?by=nobody-here",
            "Nothing to show in the text: none of the 3 here are annotations by nobody-here · Show all",
        ),
        ("?show=disagreement", "Nothing to show in the text: none of the 3 here are disagreements · Show all"),
        ("?show=poem", "“poem” is no kind of annotation. Showing all 3."),
        ("?since=soon", "A part of the address could not be understood. Showing all 3."),
        ("?followed=1", "Sign in to see only what you follow. Showing all 3."),
        ("?since=999999999999999999", "Nothing to show in the text: none of the 3 here are new annotations · Show all"),
    ],
)
def test_what_shows_nothing_or_cannot_be_is_explained(article: Article, query: str, said: str) -> None:
    page = page_of(article, query)
    assert said_in(page).startswith(said)
    assert "Select some words to begin" not in page


def test_what_others_wrote_or_answered_since_is_new_and_marked(article: Article) -> None:
    first, *_, newest = Annotation.objects.order_by("pk")
    answer = make_reply(parent=first)
    later = make_annotation(article=article, body="Later.")
    page = page_of(article, f"?since={newest.pk}")
    assert shown_in(page) == {first.pk, later.pk}
    assert page.count('<span class="new">new</span>') == 2
    assert f'data-latest="{answer.pk}"' in page


def test_what_was_hidden_is_not_new(article: Article) -> None:
    first = Annotation.objects.earliest("pk")
    newest = Annotation.objects.latest("pk").pk
    answer = make_reply(parent=first)
    moderating.hide(annotation=answer, by=make_moderator(), rule="attack", reason="Not about these words.")
    assert shown_in(page_of(article, f"?since={newest}")) == set()
    assert "data-latest" not in page_of(article)


def test_one_s_own_words_are_not_new_to_oneself(client: Client, article: Article) -> None:
    newest = Annotation.objects.latest("pk").pk
    ada = User.objects.get(username="ada")
    client.force_login(ada)
    make_annotation(article=article, creator=ada)
    assert not shown_in(page_of(article, f"?since={newest}", client=client))
    assert shown_in(page_of(article, f"?since={newest}"))


def test_what_one_follows_is_people_threads_and_where_one_writes(client: Client, article: Article) -> None:
    cleo = make_reader(username="cleo")
    by_ada, _, by_bob = Annotation.objects.order_by("pk")
    followed, taken_part_in = make_annotation(article=article), make_annotation(article=article)
    make_annotation(article=article)
    answered_by_bob = make_annotation(article=article)
    own = make_annotation(article=article, creator=cleo)
    make_reply(parent=answered_by_bob, creator=by_bob.creator)
    make_reply(parent=taken_part_in, creator=cleo)
    following.follow_person(follower=cleo, person=by_bob.creator)
    following.follow_thread(follower=cleo, head=followed)
    following.follow_thread(follower=by_bob.creator, head=by_ada)
    client.force_login(cleo)
    wanted = {by_bob.pk, followed.pk, taken_part_in.pk, answered_by_bob.pk, own.pk}
    page = page_of(article, "?followed=1", place="p1/", client=client)
    assert {int(pk) for pk in re.findall(r'id="thread-(\d+)"', page)} == wanted
    assert said_in(page).startswith("5 of 6 here: annotations that you follow")
    assert said_in(page_of(article, "?followed=1", client=client)).startswith("Showing 5 of 8")


def test_who_follows_nothing_is_told_how(client: Client, article: Article) -> None:
    client.force_login(make_reader())
    assert "choose Follow" in said_in(page_of(article, "?followed=1", client=client))


@pytest.mark.parametrize(
    ("query", "order"),
    [("", [1, 0, 2]), ("?sort=newest", [2, 1, 0]), ("?sort=oldest", [0, 1, 2]), ("?sort=answered", [0, 2, 1])],
)
def test_entries_and_threads_stand_in_the_order_asked_for(query: str, order: list[int]) -> None:
    article = make_article(text="Title\n\n" + "The bridge was built and it carries many cars a day. " * 9 + "\n")
    ids = [make_annotation(article=article, exact=words).pk for words in ("cars", "bridge", "many cars")]
    # The words of the third begin before those of the first.
    order = [1, 2, 0] if not query else order
    for _ in range(2):
        make_reply(parent=Annotation.objects.get(pk=ids[0]))
    make_reply(parent=Annotation.objects.get(pk=ids[2]))
    wanted = [ids[place] for place in order]
    assert [int(pk) for pk in re.findall(r'data-id="(\d+)"', page_of(article, query))] == wanted
    heads = re.findall(r'id="thread-(\d+)"', page_of(article, query, place="p1/"))
    assert [int(pk) for pk in heads] == wanted


def test_what_is_about_words_that_are_gone_is_filtered_too_and_counted_apart(article: Article) -> None:
    make_revision(article, "Nothing of the kind.", "The toll should go.")
    article.refresh_from_db()
    make_annotation(article=article, exact="The toll", body="It should not.")
    page = page_of(article, "?by=ada")
    assert said_in(page).startswith(
        "Nothing to show in the text: none of the 1 here are annotations by ada, except 2 about"
    )
    assert page.count('class="orphan ') == 2
    assert "/orphans/?by=ada" not in page
    gone = page_of(article, "?show=source", place="orphans/")
    assert said_in(gone) == "1 of 3 here: sources · Show all"
    assert gone.count('class="thread"') == 1


def test_the_writers_to_choose_from_are_those_of_the_article_whatever_is_shown(article: Article) -> None:
    make_annotation(creator=make_reader(username="elsewhere"), article=make_article(text="Other\n\nOther words.\n"))
    for query in ("", "?by=bob", "?show=disagreement"):
        assert re.findall(r'<option value="([a-z]+)"></option>', page_of(article, query)) == ["ada", "bob"]


# Strangers' pages


@pytest.mark.parametrize("number", [1, 60])
@pytest.mark.parametrize(
    "query", ["show=note", "by=ada", "since=0", "sort=answered", "show=note&by=ada&since=0&sort=oldest"]
)
def test_a_stranger_s_filtered_page_costs_three_queries_whatever_the_number(number: int, query: str) -> None:
    article, ada = make_article(), make_reader(username="ada")
    for _ in range(number):
        make_reply(parent=make_annotation(article=article, creator=ada), creator=ada)
    with CaptureQueriesContext(connection) as queries:
        page_of(article, f"?{query}")
    assert len(queries) == 3


def test_a_filtered_page_is_neither_kept_nor_mistaken_for_the_kept_one(article: Article) -> None:
    plain = page_of(article)
    kept = len(caches["pages"]._cache)  # type: ignore[attr-defined]
    assert page_of(article, "?show=note") != plain
    assert page_of(article) == plain
    assert len(caches["pages"]._cache) == kept  # type: ignore[attr-defined]


def test_an_address_that_asks_for_nothing_gives_the_kept_page(article: Article) -> None:
    etag = Client().get(article.get_absolute_url()).headers["ETag"]
    for query in ("?utm_source=letter", "?show=&by=&sort="):
        assert Client().get(f"{article.get_absolute_url()}{query}", headers={"If-None-Match": etag}).status_code == 304


def test_a_filtered_page_is_known_again_by_its_own_tag_until_something_changes(article: Article) -> None:
    def ask(query: str) -> Any:
        return Client().get(f"{article.get_absolute_url()}{query}", headers={"If-None-Match": etag})

    etag = Client().get(f"{article.get_absolute_url()}?by=ada&show=note").headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert ask("?show=note&by=ada").status_code == 304
    assert len(queries) == 1
    assert [ask(query).status_code for query in ("", "?by=ada", "?show=note&by=ada&sort=newest")] == [200, 200, 200]
    make_annotation(article=article)
    assert ask("?show=note&by=ada").status_code == 200


def test_search_engines_keep_the_whole_page_only(article: Article) -> None:
    assert 'content="noindex"' in page_of(article, "?show=note")
    assert 'content="noindex"' not in page_of(article)


def test_nothing_of_a_reader_reaches_a_stranger_s_filtered_page(client: Client, article: Article) -> None:
    client.force_login(make_reader(username="eleonora"))
    assert "eleonora" in page_of(article, "?show=note", client=client)
    page = page_of(article, "?show=note")
    assert "eleonora" not in page
    assert "data-since" not in page
    assert "Only what I follow" not in page


# Where links lead


def test_links_from_a_filtered_page_carry_the_filter(article: Article) -> None:
    page = page_of(article, "?show=note&by=ada")
    pk = Annotation.objects.get(kind="note").pk
    assert f'/p2/?at={pk}&amp;show=note&amp;by=ada#annotation-{pk}"' in page
    assert '/p2/?show=note&amp;by=ada" aria-label="Respond to paragraph 2"' in page
    assert 'data-query="show=note&amp;by=ada"' in page


def test_the_way_back_to_the_text_carries_the_filter(article: Article) -> None:
    assert f'href="{article.get_absolute_url()}?show=note#p2"' in page_of(article, "?show=note", place="p2/")


def test_a_mail_s_link_without_a_filter_stays_as_it_is(article: Article) -> None:
    assert "data-query" not in page_of(article)
    assert 'class="showing"' not in page_of(article, place="p2/")


# One place


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "panel"])
def test_a_paragraph_shows_what_is_asked_for_and_says_how_much_that_is(
    article: Article, headers: dict[str, str]
) -> None:
    page = page_of(article, "?show=note", place="p2/", headers=headers)
    assert said_in(page) == "1 of 2 here: notes · Show all"
    assert "Worth a note." in page
    assert "The count." not in page


def test_a_paragraph_without_what_is_asked_for_says_so(article: Article) -> None:
    page = page_of(article, "?show=question", place="p2/")
    assert said_in(page) == "None of the 2 here are questions · Show all"
    assert "Nobody has said anything" not in page


@pytest.mark.parametrize("is_answer", [False, True], ids=["an annotation", "an answer"])
def test_a_permanent_link_shows_its_annotation_whatever_the_filter_says(article: Article, *, is_answer: bool) -> None:
    source = Annotation.objects.get(kind="source")
    wanted = make_reply(parent=source) if is_answer else source
    page = page_of(article, f"?at={wanted.pk}&show=note", place="p2/")
    assert f'id="annotation-{wanted.pk}"' in page
    assert "Worth a note." in page
    assert said_in(page) == "1 of 2 here: notes; beside them the one you came for · Show all"


def test_a_filter_shows_no_stub_of_what_it_asks_for(article: Article) -> None:
    source = Annotation.objects.get(kind="source")
    make_reply(parent=source)
    annotating.withdraw(annotation=source, by=source.creator)
    found = threads.on_paragraph(paragraph_of(article, "p2"), make_reader(), narrowing=Filter(kind="source"))
    assert (found.kept, found.whole) == (0, 2)


def test_what_is_about_the_article_is_filtered_too(article: Article) -> None:
    about(article, make_reader(username="cleo"))
    about(article, User.objects.get(username="ada"))
    assert said_in(page_of(article, "?by=cleo", place="whole/")) == "1 of 2 here: annotations by cleo · Show all"


def test_what_is_posted_from_a_filtered_page_is_shown_and_the_rest_stays_filtered(
    client: Client, article: Article
) -> None:
    client.force_login(make_reader())
    place = f"{article.get_absolute_url()}p2/"
    data = {
        "kind": "question",
        "place": "paragraph",
        "revision": 1,
        "token": str(uuid.uuid4()),
        "body": "And by night?",
    }
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{place}?show=note"}
    page = client.post(f"{place}annotations/", data, headers=headers).content.decode()
    assert "And by night?" in page
    assert "The count." not in page
    assert "Showing <b>1</b> of 4: notes" in page


@pytest.mark.parametrize("number", [1, 12])
@pytest.mark.parametrize("query", ["?show=note", "?show=note&since=0&followed=1&sort=answered"])
def test_a_filtered_paragraph_takes_as_many_queries_for_twelve_threads_as_for_one(number: int, query: str) -> None:
    article = make_article()
    for _ in range(number):
        make_reply(parent=make_annotation(article=article, sources=[make_source()]))
    with CaptureQueriesContext(connection) as queries:
        page_of(article, query, place="p1/")
    assert len(queries) == 23


def test_a_reading_with_a_filter_takes_two_queries(article: Article, django_assert_num_queries: Any) -> None:
    view = margin.View(Filter(kind="note", by="ada", followed=True, since=0, sort="answered"), make_reader(), since=1)
    with django_assert_num_queries(2):
        margin.read(article, view)

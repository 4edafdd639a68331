"""How a thread is shown: what is quoted, what is folded, where each post has its address, and what it costs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import annotating, moderating
from annotations.models import Annotation
from annotations.threads import MOST_BELOW_ONE, MOST_UNFOLDED, PAGE_LENGTH
from tests.factories import (
    draw_last,
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_revision,
    make_source,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def annotation() -> Annotation:
    return make_annotation(creator=make_reader(username="anna"), exact="39,000 cars", body="It was *39,000* then.")


def read(annotation: Annotation) -> str:
    """Give the page of one annotation as a stranger gets it."""
    return page_at(annotation.get_absolute_url())


def page_at(address: str) -> str:
    return Client().get(address).content.decode()


def post_in(page: str, annotation: Annotation) -> str:
    """Give the element of one post."""
    start = page.index(f'id="annotation-{annotation.pk}"')
    return page[start : page.index("</article>", start)]


def fold_of(page: str, annotation: Annotation) -> str:
    """Give the tag that folds the answers to an annotation."""
    found = re.search(rf'<details [^>]*id="replies-{annotation.pk}"[^>]*>', page)
    assert found
    return found[0]


def make_long(head: Annotation) -> list[Annotation]:
    """Give answers to a head, more than are shown unasked; the first of them has many answers of its own."""
    answers = [make_reply(parent=head, body=f"Answer {number}.") for number in range(MOST_UNFOLDED)]
    return answers + [make_reply(parent=answers[0], body="Below it.") for _ in range(MOST_BELOW_ONE + 1)]


# Quoting


def test_a_quoted_reply_begins_with_the_words_and_whose_they_are(client: Client, annotation: Annotation) -> None:
    page = client.get(f"/annotations/{annotation.pk}/replies/?quote=1").content.decode()
    assert "anna wrote:\n\n&gt; It was *39,000* then.\n\n</textarea>" in page


def test_of_what_was_quoted_only_the_chosen_words_are_taken(client: Client, annotation: Annotation) -> None:
    page = client.get(
        f"/annotations/{annotation.pk}/replies/", {"quote": "1", "words": " 39,000\n then"}
    ).content.decode()
    assert "&gt; 39,000 then\n\n</textarea>" in page


def test_words_that_were_not_said_are_not_put_into_a_mouth(client: Client, annotation: Annotation) -> None:
    page = client.get(f"/annotations/{annotation.pk}/replies/", {"quote": "1", "words": "I lied"}).content.decode()
    assert "I lied" not in page
    assert "It was *39,000* then." in page


def test_a_plain_reply_begins_empty(client: Client, annotation: Annotation) -> None:
    assert "wrote:" not in client.get(f"/annotations/{annotation.pk}/replies/").content.decode()


def test_what_its_writer_sees_hidden_is_not_quoted(client: Client, annotation: Annotation) -> None:
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")
    client.force_login(annotation.creator)
    assert "anna wrote:" not in client.get(f"/annotations/{annotation.pk}/replies/?quote=1").content.decode()


def test_what_was_begun_before_signing_in_is_not_replaced_by_a_quotation(annotation: Annotation) -> None:
    stranger = Client()
    address = f"/annotations/{annotation.pk}/replies/"
    stranger.post(address, {"body": "Kept for later.", "token": "6f1c2a52-6d0e-4d0c-9d0b-3a1f3f6f2b11"})
    page = stranger.get(f"{address}?quote=1").content.decode()
    assert "Kept for later." in page
    assert "anna wrote:" not in page


# Folding


def test_a_short_thread_is_open(annotation: Annotation) -> None:
    for _ in range(MOST_UNFOLDED):
        make_reply(parent=annotation)
    page = read(annotation)
    assert " open" in fold_of(page, annotation)
    assert f"{MOST_UNFOLDED} replies" in page


def test_a_long_thread_is_folded(annotation: Annotation) -> None:
    answers = make_long(annotation)
    page = read(annotation)
    assert " open" not in fold_of(page, annotation)
    assert " open" not in fold_of(page, answers[0])
    assert f"{len(answers)} replies" in page


def test_a_link_to_a_reply_unfolds_the_way_to_it_and_no_more(annotation: Annotation) -> None:
    answers = make_long(annotation)
    beside, below = read(answers[1]), read(answers[-1])
    assert " open" in fold_of(beside, annotation)
    assert " open" not in fold_of(beside, answers[0])
    assert " open" in fold_of(below, answers[0])


def test_a_paragraph_s_page_unfolds_what_is_asked_for(annotation: Annotation) -> None:
    answers = make_long(annotation)
    address = f"{annotation.article.get_absolute_url()}p2/"
    assert " open" not in fold_of(page_at(address), annotation)
    assert " open" in fold_of(page_at(f"{address}?at={answers[-1].pk}"), answers[0])


def test_a_link_to_a_reply_finds_the_page_that_its_thread_is_on() -> None:
    article, reader = make_article(), make_reader()
    heads = [make_annotation(article=article, creator=reader, exact="39,000 cars") for _ in range(PAGE_LENGTH + 1)]
    draw_last(heads[-1])
    answer = make_reply(parent=heads[-1])
    page = page_at(f"{article.get_absolute_url()}p2/?at={answer.pk}")
    assert f'id="annotation-{answer.pk}"' in page
    assert f'id="annotation-{heads[0].pk}"' not in page


def test_new_answers_unfold_a_long_thread_and_are_marked(annotation: Annotation) -> None:
    answers = make_long(annotation)
    page = page_at(f"{annotation.article.get_absolute_url()}p2/?since={answers[-2].pk}")
    assert " open" in fold_of(page, annotation)
    assert f"{len(answers)} replies, 1 new" in page
    assert '<b class="new">new</b>' in post_in(page, answers[-1])
    assert '<b class="new">new</b>' not in post_in(page, answers[-2])


def test_stubs_are_not_counted_as_replies(annotation: Annotation) -> None:
    answer = make_reply(parent=annotation)
    make_reply(parent=answer)
    annotating.withdraw(annotation=answer, by=answer.creator)
    assert "1 reply<" in read(annotation)


def test_an_answer_that_was_just_posted_is_not_folded_away(annotation: Annotation, client: Client) -> None:
    make_long(annotation)
    client.force_login(make_reader())
    form = {"body": "Indeed.", "token": "6f1c2a52-6d0e-4d0c-9d0b-3a1f3f6f2b11"}
    page = client.post(f"/annotations/{annotation.pk}/replies/", form, headers=HTMX).content.decode()
    assert " open" in fold_of(page, annotation)
    assert "fresh" in page[page.rindex("<article", 0, page.index("<p>Indeed.")) : page.index("<p>Indeed.")]


def test_where_the_indent_ends_an_answer_says_what_it_answers(annotation: Annotation) -> None:
    answers = [annotation]
    for name in ("ada", "bob", "cleo", "dora", "emil"):
        answers.append(make_reply(parent=answers[-1], creator=make_reader(username=name)))
    page = read(annotation)
    answered = f'<a href="#annotation-{answers[3].pk}" data-post><bdi>cleo</bdi></a>'
    assert f"in answer to {answered}" in post_in(page, answers[4])
    assert "in answer to" not in post_in(page, answers[3])


def test_a_stub_does_not_say_whose_it_was(annotation: Annotation) -> None:
    make_reply(parent=annotation)
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")
    page = read(annotation)
    assert "Note, hidden" in page
    assert "anna" not in page


# The page of one


def test_the_page_shows_the_words_in_their_paragraph_and_leads_into_the_text(annotation: Annotation) -> None:
    page = read(annotation)
    assert re.search(r"It carries <mark[^>]*>39,000 cars</mark> a day, they say.", page)
    assert f'href="{annotation.article.get_absolute_url()}#p2"' in page
    assert f'href="{annotation.article.get_absolute_url()}p2/?at={annotation.pk}#annotation-{annotation.pk}"' in page


def test_the_page_shows_the_words_where_they_are_now(annotation: Annotation) -> None:
    make_revision(annotation.article, "A new beginning.", "It carries 39,000 cars a day, as they say.")
    page = read(annotation)
    assert re.search(r"It carries <mark[^>]*>39,000 cars</mark> a day, as they say.", page)


def test_the_page_of_what_is_about_words_that_are_gone_has_its_thread(annotation: Annotation) -> None:
    make_revision(annotation.article, "Something else entirely.")
    page = read(annotation)
    assert "39,000 cars" in page
    assert "Something else" not in page
    assert "About words that are gone" in page


def test_the_page_says_what_it_is_to_search_engines(annotation: Annotation) -> None:
    page = read(annotation)
    assert re.search(rf'<link rel="canonical" href="[^"]*/annotations/{annotation.pk}/">', page)
    assert '<meta name="description" content="It was 39,000 then.">' in page
    assert "<title>Note by anna ·" in page


def test_each_post_has_its_permanent_link(annotation: Annotation) -> None:
    answer = make_reply(parent=annotation)
    page = read(annotation)
    for post in (annotation, answer):
        assert f'<a href="/annotations/{post.pk}/" aria-label=' in post_in(page, post)
        assert f'data-copy="/annotations/{post.pk}/"' in post_in(page, post)


def test_what_can_be_done_says_with_whom(annotation: Annotation) -> None:
    page = read(annotation)
    assert 'aria-label="Reply to anna"' in page
    assert 'aria-label="Quote anna"' in page


def test_what_is_wrong_with_an_answer_stays_below_what_it_answers(client: Client, annotation: Annotation) -> None:
    client.force_login(make_reader())
    form = {"body": " ", "token": "6f1c2a52-6d0e-4d0c-9d0b-3a1f3f6f2b11"}
    response = client.post(f"/annotations/{annotation.pk}/replies/", form, headers=HTMX)
    assert response.headers["HX-Retarget"] == f"#slot-{annotation.pk}"
    assert response.headers["HX-Reswap"] == "innerHTML"


# What it costs


@pytest.mark.parametrize("place", ["/annotations/{id}/", "/articles/a-short-title/p2/?at={id}"])
@pytest.mark.parametrize("is_signed_in", [False, True], ids=["a stranger", "who wrote it"])
def test_a_thread_costs_the_same_however_long(
    client: Client, annotation: Annotation, place: str, *, is_signed_in: bool
) -> None:
    address = place.format(id=annotation.pk)
    if is_signed_in:
        client.force_login(annotation.creator)
    # What every page asks now and then.
    client.get("/")
    make_reply(parent=annotation)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    grow(annotation)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(before) == len(after)


def grow(head: Annotation) -> None:
    """Add what can stand in a thread: answers of every depth, edited, withdrawn and hidden ones, and sources."""
    writer, warden = make_reader(), make_moderator()
    parent = head
    for number in range(8):
        parent = make_reply(parent=parent, creator=head.creator if number % 2 else writer)
        annotating.edit(annotation=parent, by=parent.creator, version=1, body="Otherwise.", sources=[make_source()])
    for number in range(6):
        answer = make_reply(parent=head, creator=writer)
        if number % 2:
            annotating.withdraw(annotation=answer, by=writer)
        else:
            moderating.hide(annotation=answer, by=warden, rule="attack", reason="An insult.")

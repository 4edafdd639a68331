"""The review of a draft: what it says will happen is what publishing then does, and nobody but editors reads it."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations import annotating, consequences, moderating
from reader import drafting, publishing
from reader.drafting import Head
from reader.models import Article, Draft, User
from reader.text.blocks import Block
from tests.factories import (
    make_annotation,
    make_document,
    make_editor,
    make_moderator,
    make_reader,
    make_resolution,
    make_revision,
)

pytestmark = pytest.mark.django_db

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
FOURTH = "The toll should go, and the booth with it."


@pytest.fixture
def editor(client: Client) -> User:
    found = make_editor()
    client.force_login(found)
    return found


@pytest.fixture
def article() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD, FOURTH))


def make_draft(
    article: Article, editor: User, *texts: str | Block, note: str = "", title: str = "A Short Title"
) -> Draft:
    """Give a draft that says these paragraphs."""
    draft = drafting.revise(article=article, by=editor)
    blocks = make_document(*texts).blocks
    return drafting.save(
        draft=draft, by=editor, version=draft.version, head=Head(title=title), blocks=blocks, note=note
    )


def edited(article: Article, editor: User, **given: str) -> Draft:
    """Give a draft in which paragraph 2 is edited, 3 is taken out and a new one put in."""
    return make_draft(article, editor, FIRST, SECOND.replace("39,000", "40,000"), FOURTH, "Trains run too.", **given)


def address(draft: Draft) -> str:
    return f"/drafts/{draft.pk}/review/"


def words(response: Any) -> str:
    content = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", content[content.index("<main") :]))


# What it says


def test_it_says_what_becomes_of_the_text(client: Client, article: Article, editor: User) -> None:
    told = words(client.get(address(edited(article, editor))))
    assert "The text: p1 kept, p2 changed, p3 gone, p4 kept, p5 new." in told


def test_it_says_what_becomes_of_the_annotations(client: Client, article: Article, editor: User) -> None:
    for exact in ("39,000 cars", "the traffic", "public money", "The toll"):
        make_annotation(article=article, exact=exact)
    told = words(client.get(address(edited(article, editor))))
    assert "2 annotations exact, 1 changed, 1 orphaned." in told


def test_what_it_counts_is_what_publishing_then_writes(article: Article, editor: User) -> None:
    for exact in ("39,000 cars", "the traffic", "public money", "The toll", "counted", ""):
        make_annotation(article=article, exact=exact)
    draft = edited(article, editor)
    counts = consequences.of(draft).counts
    revision = publishing.revise(article, draft.document)
    assert counts == Counter(revision.anchors.values_list("status", flat=True))
    assert counts.total() == 6


def test_what_nobody_may_read_is_neither_counted_nor_shown(client: Client, article: Article, editor: User) -> None:
    hidden = make_annotation(article=article, exact="the traffic", body="Something vile.")
    withdrawn = make_annotation(article=article, exact="the traffic", body="Something regretted.")
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="Not about these words.")
    annotating.withdraw(annotation=withdrawn, by=withdrawn.creator)
    told = words(client.get(address(edited(article, editor))))
    assert "Nobody has written about this text yet." in told
    assert "Something" not in told


def test_each_annotation_is_shown_with_its_words_before_and_after_the_lost_first(
    client: Client, article: Article, editor: User
) -> None:
    make_annotation(article=article, exact="39,000 cars", body="Is it so many?")
    make_annotation(article=article, exact="the traffic", body="Somebody has.")
    make_annotation(article=article, exact="public money", body="Whose?")
    response = client.get(address(edited(article, editor)))
    told = words(response)
    assert told.index("Its words go from paragraph 3") < told.index("Its words in paragraph 2 are edited")
    assert "<del>39,000</del><ins>40,000</ins> cars" in response.content.decode()
    assert ("Is it so many?" in told, "Somebody has." in told, "Whose?" in told) == (True, True, False)


def test_what_was_lost_before_is_counted_and_not_told_again(client: Client, article: Article, editor: User) -> None:
    make_annotation(article=article, exact="the traffic", body="Somebody has.")
    make_annotation(article=article, exact="The toll", body="It pays for paint.")
    make_revision(article, FIRST, SECOND, FOURTH)
    told = words(client.get(address(make_draft(article, editor, FIRST, SECOND))))
    assert "2 annotations orphaned." in told
    assert "It pays for paint." in told
    assert "1 that an earlier revision moved, changed or orphaned stays as it is." in told
    assert "Somebody has." not in told


def test_words_that_come_back_are_told(client: Client, article: Article, editor: User) -> None:
    make_annotation(article=article, exact="the traffic")
    make_revision(article, FIRST, SECOND, FOURTH)
    told = words(client.get(address(make_draft(article, editor, FIRST, SECOND, THIRD, FOURTH))))
    assert "Its words are back, in paragraph 5" in told


def test_words_that_move_are_told(client: Client, article: Article, editor: User) -> None:
    make_annotation(article=article, exact="39,000 cars")
    draft = make_draft(article, editor, f"{FIRST} {SECOND}", THIRD, FOURTH)
    assert "Its words move from paragraph 2 to paragraph 1" in words(client.get(address(draft)))


def test_changed_blocks_and_head_matter_are_compared_by_words(client: Client, article: Article, editor: User) -> None:
    content = client.get(address(edited(article, editor, title="A Longer Title"))).content.decode()
    assert "<del>Short</del><ins>Longer</ins>" in content
    assert "Paragraph 3 taken out" in content
    assert "Paragraph 5 is new" in content


def test_the_text_is_shown_as_it_will_be_under_its_names(client: Client, article: Article, editor: User) -> None:
    content = client.get(address(edited(article, editor))).content.decode()
    shown = re.findall(r'preview-name" lang="en">(\w+)<', content)
    assert shown == ["p1", "p2", "p4", "p5"]
    assert '<p class="text" data-start=' in content


def test_a_first_publication_shows_text_and_names_alone(client: Client, editor: User) -> None:
    document = make_document(FIRST, SECOND)
    opened = publishing.open_article(document)
    draft = Draft(article=opened, creator=editor, title=document.title)
    draft.put(document.blocks)
    draft.save()
    response = client.get(address(draft))
    told = words(response)
    assert "A first publication 2 blocks" in told
    assert "What readers wrote" not in told
    assert b'name="note"' not in response.content


# Publishing from it


def test_its_form_publishes_with_the_note(client: Client, article: Article, editor: User) -> None:
    draft = edited(article, editor)
    content = client.get(address(draft)).content.decode()
    assert f'action="/drafts/{draft.pk}/publication/"' in content
    client.post(f"/drafts/{draft.pk}/publication/", {"version": draft.version, "note": "It was wrong.", "at": ""})
    current = Article.objects.with_revision().get(pk=article.pk).current_revision
    assert current is not None
    assert (current.number, current.note) == (2, "It was wrong.")


def test_a_revision_is_asked_for_its_note_which_the_draft_keeps(client: Client, article: Article, editor: User) -> None:
    content = client.get(address(edited(article, editor, note="It was wrong."))).content.decode()
    field = content[content.index('name="note"') :]
    assert "required" in field[: field.index(">")]
    assert "It was wrong." in field[: field.index("</textarea>")]


def test_a_scheduled_draft_shows_its_time_and_can_be_called_off(client: Client, article: Article, editor: User) -> None:
    draft = edited(article, editor)
    at = timezone.now() + timedelta(days=1)
    draft = drafting.schedule(draft=draft, by=editor, version=draft.version, at=at, note="Later.")
    response = client.get(address(draft))
    assert "To be published on" in words(response)
    assert b'name="unschedule"' in response.content


def test_an_overtaken_draft_leads_to_both_texts(client: Client, article: Article, editor: User) -> None:
    draft = edited(article, editor)
    make_revision(article, FIRST)
    response = client.get(address(draft))
    assert f'href="/drafts/{draft.pk}/conflict/"' in response.content.decode()
    assert b'name="note"' not in response.content


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        pytest.param((FIRST, SECOND, THIRD, FOURTH), "There is nothing to publish.", id="nothing changed"),
        pytest.param((), "There is no text to publish.", id="no text"),
    ],
)
def test_what_cannot_be_published_is_said_and_there_is_no_form(
    client: Client, article: Article, editor: User, texts: tuple[str, ...], said: str
) -> None:
    response = client.get(address(make_draft(article, editor, *texts)))
    assert said in words(response)
    assert b"Publish</button>" not in response.content


# Long texts


@pytest.fixture
def long(article: Article, editor: User) -> Draft:
    """Give a draft of 130 paragraphs, each of them edited, with 60 annotations that are changed."""
    texts = [f"Number {index} of them carries 39,000 cars a day, they say of it." for index in range(130)]
    make_revision(article, *texts)
    for index in range(60):
        make_annotation(article=article, exact=f"Number {index} of them carries 39,000 cars", body=f"Remark {index}.")
    return make_draft(article, editor, *(text.replace("cars", "new cars") for text in texts))


@pytest.mark.parametrize(
    ("part", "first", "later"),
    [
        ("annotations", "Remark 10.", "Remark 55."),
        ("changes", "Paragraph 15 changed", "Paragraph 100 changed"),
        ("text", "Number 50 of", "Number 120 of"),
    ],
)
def test_a_long_part_begins_on_the_review_and_goes_on_on_pages_of_its_own(
    client: Client, long: Draft, part: str, first: str, later: str
) -> None:
    whole = client.get(address(long))
    pages = [words(client.get(f"{address(long)}?part={part}&page={number}")) for number in (1, 2)]
    assert first not in words(whole)
    assert f'href="?part={part}"' in whole.content.decode()
    assert (first in pages[0], later in pages[0], later in pages[1]) == (True, False, True)


def test_a_part_that_is_none_is_the_whole(client: Client, long: Draft) -> None:
    assert "What will happen" in words(client.get(f"{address(long)}?part=nothing&page=x"))


def test_what_was_worked_out_is_kept_until_draft_or_article_change(client: Client, long: Draft) -> None:
    client.get(address(long))
    with CaptureQueriesContext(connection) as again:
        client.get(f"{address(long)}?part=text")
    make_annotation(article=long.article, exact="Number 90 of them", body="Something new.")
    assert len(again) == 5
    assert "1 annotation exact, 60 changed." in words(client.get(address(long)))


def test_a_draft_that_was_saved_is_reviewed_anew(client: Client, article: Article, editor: User) -> None:
    client.get(address(edited(article, editor)))
    draft = make_draft(article, editor, FIRST, SECOND, THIRD, FOURTH, "Boats run too.")
    assert "Boats run too." in words(client.get(address(draft)))


def test_it_says_that_words_of_open_disagreements_are_changed(client: Client, article: Article, editor: User) -> None:
    make_annotation(article=article, exact="39,000 cars")
    assert "open disagreement" not in words(client.get(address(edited(article, editor))))
    still, settled = (make_annotation(article=article, kind="disagreement", exact="39,000 cars") for _ in range(2))
    make_resolution(of=settled, by=editor)
    response = client.get(address(edited(article, editor)))
    assert "It changes words that 1 open disagreement is about." in words(response)
    assert f'href="{article.get_absolute_url()}disputes/?state=open"' in response.text
    make_resolution(of=still, by=editor)
    assert "open disagreement" not in words(client.get(address(edited(article, editor))))


@pytest.mark.parametrize("number", [2, 9])
def test_it_takes_as_many_queries_for_few_annotations_as_for_many(
    client: Client, article: Article, editor: User, number: int
) -> None:
    for _ in range(number):
        make_annotation(article=article, exact="39,000 cars")
    draft = edited(article, editor)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get(address(draft))
    assert len(queries) == 11


# Who reads it


def test_a_stranger_is_asked_to_sign_in(client: Client, article: Article) -> None:
    draft = edited(article, make_editor())
    assert client.get(address(draft)).headers["Location"].startswith("/accounts/login/")


def test_a_reader_finds_nothing(client: Client, article: Article) -> None:
    draft = edited(article, make_editor())
    client.force_login(make_reader())
    assert client.get(address(draft)).status_code == 404


def test_a_draft_that_is_none_is_not_found(client: Client, editor: User) -> None:
    assert client.get("/drafts/987654/review/").status_code == 404


def test_it_cannot_be_posted_to(client: Client, article: Article, editor: User) -> None:
    assert client.post(address(edited(article, editor))).status_code == 405


@pytest.mark.parametrize("state", ["reading", "publishing", "published", "discarded"])
def test_what_cannot_be_published_now_leads_to_the_draft(
    client: Client, article: Article, editor: User, state: str
) -> None:
    draft = edited(article, editor)
    Draft.objects.filter(pk=draft.pk).update(state=state)
    assert client.get(address(draft)).headers["Location"] == f"/drafts/{draft.pk}/"

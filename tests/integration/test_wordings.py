"""What an annotation said before its writer edited it, and who may read that."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations import accepting, annotating, moderating
from annotations.models import Annotation, Wording
from annotations.wordings import PAGE_LENGTH
from reader.models import Article, User
from reader.text.comparison import MOST_COMPARED
from tests.factories import make_annotation, make_moderator, make_reader, make_reply, make_source

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def writer() -> User:
    return make_reader(username="anna")


@pytest.fixture
def annotation(writer: User) -> Annotation:
    return make_annotation(creator=writer, exact="39,000 cars", body="It was 39,000 then.")


def edit(annotation: Annotation, body: str, **fields: Any) -> Annotation:
    """Edit it as it stands."""
    version = Annotation.objects.get(pk=annotation.pk).version
    return annotating.edit(annotation=annotation, by=annotation.creator, version=version, body=body, **fields)


def history(annotation: Annotation, viewer: User | None = None, *, page: str = "") -> str:
    """Give the page with the wordings as a reader gets it."""
    client = Client()
    if viewer:
        client.force_login(viewer)
    return client.get(f"/annotations/{annotation.pk}/wordings/{page}").content.decode()


def words(page: str) -> str:
    """Give what can be read on a page's main part, on one line."""
    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
    return " ".join(main.split())


# Keeping


def test_an_edit_keeps_what_was_said_before(annotation: Annotation) -> None:
    edit(annotation, "It was *40,000* then.")
    kept = annotation.wordings.get()
    assert (kept.version, kept.body, kept.written_at) == (1, "It was 39,000 then.", annotation.created_at)
    assert kept.body_html == "<p>It was 39,000 then.</p>"


def test_an_edit_keeps_the_grounds_and_the_sources(writer: User) -> None:
    source = make_source(locator="p. 3")
    annotation = make_annotation(creator=writer, kind="disagreement", sources=[source], would_change_my_mind="A count.")
    edit(annotation, "Otherwise.", grounds="outdated")
    kept = annotation.wordings.get()
    assert (kept.grounds, kept.would_change_my_mind) == ("number", "A count.")
    assert [(each.url, each.locator, each.published_on) for each in kept.cited] == [(source.url, "p. 3", None)]


@pytest.mark.parametrize("body", ["It was 39,000 then.", "  It was 39,000 then.\r\n"])
def test_an_edit_that_changes_nothing_keeps_nothing_and_is_told_so(annotation: Annotation, body: str) -> None:
    client = Client()
    client.force_login(annotation.creator)
    page = client.post(f"/annotations/{annotation.pk}/edit/", {"body": body, "version": 1}, follow=True)
    annotation.refresh_from_db()
    assert (annotation.version, annotation.edited_at) == (1, None)
    assert "You changed nothing" in page.content.decode()
    assert not Wording.objects.exists()


def test_an_edit_that_changes_nothing_leaves_the_article_s_page_as_it_is(annotation: Annotation) -> None:
    activity = Article.objects.get().activity
    edit(annotation, annotation.body)
    assert Article.objects.get().activity == activity


def test_a_change_of_the_source_alone_is_a_change(writer: User) -> None:
    annotation = make_annotation(creator=writer, kind="source", sources=[make_source()])
    edit(annotation, annotation.body, sources=[make_source(locator="p. 4")])
    assert annotation.wordings.get().sources[0]["locator"] == ""


def test_the_same_edit_sent_twice_is_one_edit(annotation: Annotation) -> None:
    for _ in range(2):
        annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Once.")
    annotation.refresh_from_db()
    assert (annotation.version, annotation.wordings.count()) == (2, 1)


def test_an_edit_that_came_too_late_keeps_nothing(annotation: Annotation) -> None:
    edit(annotation, "From one window.")
    with pytest.raises(accepting.EditConflict):
        annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="From the other.")
    assert annotation.wordings.count() == 1


# Reading


def test_the_mark_of_an_edit_leads_to_the_wordings(client: Client, annotation: Annotation) -> None:
    address = f'href="/annotations/{annotation.pk}/wordings/"'
    assert address not in client.get(annotation.get_absolute_url()).content.decode()
    edit(annotation, "It was 40,000 then.")
    assert address in client.get(annotation.get_absolute_url()).content.decode()


def test_each_wording_shows_what_it_changed_the_newest_first(annotation: Annotation) -> None:
    edit(annotation, "It was 40,000 then.")
    edit(annotation, "It was 40,000 then, they say.")
    page = history(annotation)
    assert re.search(r"<del>39,000</del>\s*<ins>40,000</ins>", page)
    assert [page.index(f'id="wording-{version}"') for version in (3, 2, 1)] == sorted(
        page.index(f'id="wording-{version}"') for version in (3, 2, 1)
    )
    assert page.index("<ins>, they say</ins>") < page.index("<ins>40,000</ins>")


def test_changes_of_grounds_and_sources_are_told_in_words(writer: User) -> None:
    annotation = make_annotation(creator=writer, kind="disagreement", sources=[make_source()])
    edit(annotation, annotation.body, grounds="outdated", sources=[make_source(stance="context")])
    edit(annotation, annotation.body, grounds="outdated", sources=[make_source(url="https://example.org/other")])
    said = words(history(annotation))
    assert "What is wrong with the words: Number Outdated" in said
    assert "Of the source “The count”: What it does for the words: Supports Gives context" in said
    assert "A source was added: The count" in said
    assert "A source was taken out: The count" in said
    assert said.count("The words stayed as they were.") == 2


def test_long_wordings_are_shown_without_marks(annotation: Annotation) -> None:
    edit(annotation, "long " * (MOST_COMPARED // 2))
    page = history(annotation)
    assert "Too long to mark what changed" in page
    assert "<ins>long" not in page
    assert "<p>long long" in page


def test_what_was_edited_before_wordings_were_kept_says_so(annotation: Annotation) -> None:
    edit(annotation, "It was 40,000 then.")
    edit(annotation, "It was 41,000 then.")
    assert "earlier wordings were not kept" not in history(annotation)
    Wording.objects.filter(version=1).delete()
    assert "It was edited before this; earlier wordings were not kept then." in history(annotation)
    Wording.objects.all().delete()
    assert "It was edited before this; earlier wordings were not kept then." in history(annotation)


def test_what_was_never_edited_says_so(annotation: Annotation) -> None:
    assert "It was never edited." in history(annotation)


def test_htmx_gets_the_wordings_alone(client: Client, annotation: Annotation) -> None:
    edit(annotation, "It was 40,000 then.")
    page = client.get(f"/annotations/{annotation.pk}/wordings/", headers=HTMX).content.decode()
    assert page.lstrip().startswith(f'<section class="wordings" id="wordings-{annotation.pk}"')
    assert "<main" not in page


def test_many_wordings_are_on_several_pages_and_each_is_compared(annotation: Annotation) -> None:
    for number in range(PAGE_LENGTH + 2):
        edit(annotation, f"Word {number}.")
    first, second = history(annotation), history(annotation, page="?page=2")
    last = PAGE_LENGTH + 3
    assert re.findall(r'id="wording-(\d+)"', first) == [str(last - place) for place in range(PAGE_LENGTH)]
    assert re.findall(r'id="wording-(\d+)"', second) == ["3", "2", "1"]
    assert first.count("<ins>") == PAGE_LENGTH + 1
    assert "earlier wordings were not kept" not in first + second


@pytest.mark.parametrize("edits", [1, 10])
def test_a_history_costs_the_same_however_long(annotation: Annotation, edits: int) -> None:
    for number in range(edits):
        edit(annotation, f"Word {number}.", sources=[make_source(locator=f"p. {number}")])
    with CaptureQueriesContext(connection) as queries:
        history(annotation)
    assert len(queries) == 5


def test_a_reply_has_wordings_too(annotation: Annotation) -> None:
    answer = make_reply(parent=annotation, body="Indeed.")
    edit(answer, "Indeed not.")
    assert "<ins>not</ins>" in history(answer).replace(" not", "not").replace("<ins> ", "<ins>")


# Who may read them


def test_wordings_of_what_is_hidden_are_for_its_writer_and_for_moderators(
    client: Client, annotation: Annotation
) -> None:
    edit(annotation, "Kind words.")
    warden = make_moderator()
    moderating.hide(annotation=annotation, by=warden, rule="attack", reason="An insult, before it was edited.")
    assert client.get(f"/annotations/{annotation.pk}/wordings/").status_code == 404
    client.force_login(make_reader())
    assert client.get(f"/annotations/{annotation.pk}/wordings/").status_code == 404
    assert all("39,000" in history(annotation, viewer) for viewer in (warden, annotation.creator))


def test_wordings_of_what_was_withdrawn_are_for_nobody(client: Client, annotation: Annotation) -> None:
    edit(annotation, "It was 40,000 then.")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    for viewer in (annotation.creator, make_moderator()):
        client.force_login(viewer)
        assert client.get(f"/annotations/{annotation.pk}/wordings/").status_code == 404


def test_wordings_cannot_be_posted_to(client: Client, annotation: Annotation) -> None:
    client.force_login(annotation.creator)
    assert client.post(f"/annotations/{annotation.pk}/wordings/").status_code == 405


def test_moderators_find_earlier_wordings_in_the_panel_even_of_what_was_withdrawn(
    client: Client, annotation: Annotation
) -> None:
    edit(annotation, "Kind words.")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    client.force_login(make_moderator())
    page = client.get(f"/admin/annotations/annotation/{annotation.pk}/change/").content.decode()
    assert "Earlier wordings" in page
    assert "39,000" in page[page.index("Earlier wordings") :]


def test_moderators_can_go_back_to_the_first_wording(client: Client, annotation: Annotation) -> None:
    for number in range(PAGE_LENGTH):
        edit(annotation, f"Word {number}.")
    client.force_login(make_moderator())
    address = f"/admin/annotations/annotation/{annotation.pk}/change/"
    assert 'href="?wordings=2#wordings"' in client.get(address).content.decode()
    assert "as first written" in client.get(f"{address}?wordings=2").content.decode()

"""Drafting: what editors do to a text before anybody reads it, alone, at once, and too late."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from reader import drafting, publishing, tasks
from reader.drafting import DraftConflict, DraftingError, Facts, Head, NoteMissing
from reader.importing import markdown
from reader.models import Article, Draft, Picture, Revision, User
from reader.models.drafts import STUCK_AFTER
from reader.publishing import NothingChanged, Overtaken, PublishingError
from reader.signals import revision_planned
from reader.text.blocks import Block
from reader.text.merging import MINE, THEIRS
from tests.factories import make_article, make_document, make_editor, make_reader, make_revision

FIRST = "The bridge was built in 1990 with public money."
SECOND = "It carries 39,000 cars a day, they say."
THIRD = "Nobody has counted the traffic since."
pytestmark = pytest.mark.django_db


def make_bridge() -> Article:
    return publishing.publish(make_document(FIRST, SECOND, THIRD))


def make_draft(*, article: Article | None = None, by: User | None = None) -> Draft:
    """Give an editor's draft of the next revision, which says what it corrects."""
    draft = drafting.revise(article=article or make_bridge(), by=by or editor())
    draft.note = draft.note or "It says so now."
    draft.save()
    return draft


def editor(username: str = "editor") -> User:
    return User.objects.filter(username=username).first() or make_editor(username=username)


def make_import(**facts: Any) -> Draft:
    """Give the draft of a new article, as it is when it has been read in."""
    document = make_document(FIRST, SECOND, title="A Toll Bridge")
    article = publishing.open_article(document, **facts)
    draft = Draft(article=article, creator=editor(), title=document.title)
    draft.put(document.blocks)
    draft.save()
    return draft


def words(draft: Draft) -> list[str]:
    return [f"{block.name or '-'} {block.html}" for block in draft.document.blocks]


def save(draft: Draft, *texts: str, version: int | None = None, by: User | None = None, **fields: Any) -> Draft:
    """Save the draft with these words in its blocks, as many of them as there are texts, and new ones after."""
    standing = list(draft.document.blocks)
    blocks = [
        Block("paragraph", text, name=standing[index].name if index < len(standing) else "")
        for index, text in enumerate(texts)
    ]
    given = {"head": Head(title=fields.pop("title", draft.title)), "blocks": blocks, "note": draft.note, **fields}
    return drafting.save(draft=draft, by=by or editor(), version=version or draft.version, **given)


def publish(draft: Draft, **given: Any) -> Revision:
    begun = drafting.begin_publishing(draft=draft, by=editor(), version=draft.version, **given)
    return drafting.publish(begun)


# Beginning and saving


def test_a_draft_begins_with_the_text_as_readers_have_it() -> None:
    draft = make_draft()
    assert (draft.title, words(draft)) == ("A Short Title", [f"p1 {FIRST}", f"p2 {SECOND}", f"p3 {THIRD}"])
    assert draft.base == Revision.objects.get()


def test_an_editor_goes_on_with_their_own_draft() -> None:
    draft = make_draft()
    assert drafting.revise(article=Article.objects.get(), by=editor()) == draft
    assert drafting.revise(article=Article.objects.get(), by=editor("second")) != draft


def test_after_publishing_a_new_draft_begins() -> None:
    draft = make_draft()
    publish(save(draft, FIRST))
    again = drafting.revise(article=Article.objects.get(), by=editor())
    assert again != draft
    assert words(again) == [f"p1 {FIRST}"]


def test_editors_share_the_draft_of_an_article_that_is_not_published_yet() -> None:
    draft = make_import()
    assert drafting.revise(article=Article.objects.get(), by=editor("second")) == draft


def test_what_is_saved_is_seen_by_no_reader(client: Client) -> None:
    draft = save(make_draft(), "Something else entirely.")
    assert draft.article is not None
    assert b"Something else" not in client.get(draft.article.get_absolute_url()).content


def test_of_two_who_save_at_once_the_second_is_told_what_stands() -> None:
    draft = make_draft()
    save(draft, "By the first.")
    with pytest.raises(DraftConflict) as refusal:
        save(draft, "By the second.", by=editor("second"))
    assert words(refusal.value.draft) == ["p1 By the first."]
    assert words(Draft.objects.get()) == ["p1 By the first."]


def test_after_a_conflict_saving_again_replaces_what_stood() -> None:
    draft = make_draft()
    save(draft, "By the first.")
    save(draft, "By the second.", version=2)
    assert words(Draft.objects.get()) == ["p1 By the second."]


def test_of_blocks_with_one_name_the_first_has_it() -> None:
    draft = make_draft()
    blocks = [Block("paragraph", "One.", name="p1"), Block("paragraph", "Two.", name="p1")]
    saved = drafting.save(draft=draft, by=editor(), version=1, head=Head(title="T"), blocks=blocks, note="")
    assert words(saved) == ["p1 One.", "- Two."]


@pytest.mark.parametrize(
    "state", [Draft.State.READING, Draft.State.PUBLISHING, Draft.State.PUBLISHED, Draft.State.DISCARDED]
)
def test_a_draft_is_not_saved_while_it_is(state: str) -> None:
    draft = make_draft()
    Draft.objects.update(state=state)
    with pytest.raises(DraftingError):
        save(draft, "Changed.")
    assert words(Draft.objects.get())[0] == f"p1 {FIRST}"


def test_a_title_that_is_too_long_is_not_saved() -> None:
    with pytest.raises(DraftingError, match="300"):
        save(make_draft(), FIRST, title="x" * 301)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda draft, by: drafting.revise(article=draft.article, by=by), id="revise"),
        pytest.param(lambda draft, by: save(draft, "Changed.", by=by), id="save"),
        pytest.param(lambda draft, by: drafting.replace_text(draft=draft, by=by, version=1, text="x"), id="replace"),
        pytest.param(lambda draft, by: drafting.begin_publishing(draft=draft, by=by, version=1), id="publish"),
        pytest.param(lambda draft, by: drafting.discard(draft=draft, by=by, version=1), id="discard"),
        pytest.param(lambda draft, by: drafting.restore(draft=draft, by=by), id="restore"),
        pytest.param(
            lambda draft, by: drafting.set_status(article=draft.article, by=by, status="closed"), id="set the status"
        ),
    ],
)
def test_who_is_no_editor_cannot(act: Any) -> None:
    with pytest.raises(DraftingError, match="Only editors"):
        act(make_draft(), make_reader())


# Where it comes from


def test_what_is_said_of_a_new_article_is_written_down() -> None:
    facts = Facts(slug="toll", publisher="The Paper", original_url="https://example.org/toll", language="en-GB")
    save(make_import(), FIRST, facts=facts)
    article = Article.objects.get()
    assert (article.slug, article.publisher, article.language) == ("toll", "The Paper", "en-GB")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param({"slug": "a-short-title"}, "belongs to “A Short Title”", id="an address that is taken"),
        pytest.param({"original_url": "ftp://x"}, "http:// or https://", id="an address that is none"),
        pytest.param({"language": "English!"}, "a tag such as en", id="a language that is none"),
    ],
)
def test_facts_are_refused_with_a_sentence(facts: dict[str, Any], sentence: str) -> None:
    make_article()
    draft = make_import()
    with pytest.raises(DraftingError, match=sentence):
        save(draft, "Changed.", facts=Facts(**facts))
    assert words(Draft.objects.get()) == words(draft)


def test_the_address_of_a_published_article_stays() -> None:
    save(make_draft(), FIRST, facts=Facts(slug="elsewhere"))
    assert Article.objects.get().slug == "a-short-title"


# The whole text


def test_the_whole_text_unchanged_changes_nothing() -> None:
    picture = Picture.objects.create(hash="a" * 64, file="pictures/a.webp", width=40, height=30, size=100)
    figure = Block("figure", "A bridge.", image=picture.pk, alt="A bridge at night.")
    table = Block("table", "<tbody><tr><th>Cars </th><td>39,000</td></tr></tbody>")
    article = publishing.publish(make_document(FIRST, figure, Block("heading", "More", level=2), SECOND, table))
    draft = make_draft(article=article)
    text = markdown.to_markdown(draft.document.blocks)
    after = drafting.replace_text(draft=draft, by=editor(), version=1, text=text)
    assert [(block.name, block.html, block.image, block.alt) for block in after.document.blocks] == [
        ("p1", FIRST, "", ""),
        ("f1", "A bridge.", picture.pk, "A bridge at night."),
        ("h1", "More", "", ""),
        ("p2", SECOND, "", ""),
        ("p3", table.html, "", ""),
    ]
    with pytest.raises(NothingChanged):
        publish(after)


def test_the_whole_text_replaced_keeps_names_by_words() -> None:
    text = f"Something new.\n\n{THIRD}\n\n{SECOND.replace('39,000', '40,000')}\n"
    after = drafting.replace_text(draft=make_draft(), by=editor(), version=1, text=text)
    assert [line.partition(" ")[0] for line in words(after)] == ["-", "p3", "p2"]


def test_of_two_who_replace_the_text_the_second_is_told() -> None:
    draft = make_draft()
    drafting.replace_text(draft=draft, by=editor(), version=1, text="By the first.")
    with pytest.raises(DraftConflict):
        drafting.replace_text(draft=draft, by=editor(), version=1, text="By the second.")


# Overtaken


def make_overtaken(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Draft:
    """Give a draft with some words after a revision with other words was published."""
    save(make_draft(), *mine)
    make_revision(Article.objects.get(), *theirs)
    return Draft.objects.get()


def test_what_only_one_side_changed_is_brought_together() -> None:
    draft = make_overtaken((FIRST.replace("1990", "1991"), SECOND, THIRD), (FIRST, SECOND, THIRD, "They count again."))
    after = drafting.rebase(draft=draft, by=editor(), version=draft.version, onto=2, choices={})
    assert [line.partition(" ")[0] for line in words(after)] == ["p1", "p2", "p3", "p4"]
    assert "1991" in words(after)[0]
    assert not after.is_overtaken
    assert publish(after).number == 3


@pytest.mark.parametrize(("choice", "expected"), [(MINE, "1991"), (THEIRS, "1992")])
def test_what_both_changed_is_as_it_was_chosen(choice: str, expected: str) -> None:
    draft = make_overtaken((FIRST.replace("1990", "1991"), SECOND, THIRD), (FIRST.replace("1990", "1992"), SECOND))
    after = drafting.rebase(draft=draft, by=editor(), version=draft.version, onto=2, choices={"p1": choice})
    assert expected in words(after)[0]
    assert len(words(after)) == 2


@pytest.mark.parametrize("choices", [{}, {"p1": "both"}, {"p2": MINE}])
def test_nothing_is_brought_together_without_a_choice(choices: dict[str, str]) -> None:
    draft = make_overtaken((FIRST.replace("1990", "1991"), SECOND, THIRD), (FIRST.replace("1990", "1992"), SECOND))
    with pytest.raises(DraftingError, match="Choose one"):
        drafting.rebase(draft=draft, by=editor(), version=draft.version, onto=2, choices=choices)
    assert Draft.objects.get().is_overtaken


def test_choices_about_a_revision_that_was_overtaken_itself_do_not_count() -> None:
    draft = make_overtaken((FIRST.replace("1990", "1991"),), (FIRST.replace("1990", "1992"),))
    make_revision(Article.objects.get(), FIRST.replace("1990", "1993"))
    with pytest.raises(DraftingError, match="Yet another revision"):
        drafting.rebase(draft=draft, by=editor(), version=draft.version, onto=2, choices={"p1": MINE})


# Publishing


def test_a_draft_and_its_revision_are_published_together() -> None:
    revision = publish(save(make_draft(), FIRST, note="Two were wrong."))
    draft = Draft.objects.get()
    assert (draft.state, draft.revision, revision.number) == (Draft.State.PUBLISHED, revision, 2)
    assert (revision.creator, revision.note) == (editor(), "Two were wrong.")


def test_when_the_draft_cannot_be_settled_nothing_is_published() -> None:
    begun = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)
    Draft.objects.update(version=9)
    with pytest.raises(PublishingError):
        drafting.publish(begun)
    assert Article.objects.get().revisions.count() == 1


def test_a_note_may_come_with_the_publication() -> None:
    assert publish(save(make_draft(), FIRST), note=" One was wrong. ").note == "One was wrong."


@pytest.mark.parametrize("note", [None, "", " \n"])
def test_a_revision_says_what_it_corrects(note: str | None) -> None:
    draft = drafting.revise(article=make_bridge(), by=editor())
    with pytest.raises(NoteMissing):
        publish(save(draft, FIRST), note=note)


def test_a_first_publication_corrects_nothing() -> None:
    assert publish(make_import()).note == ""


def test_what_stands_in_the_way_is_kept_with_the_draft() -> None:
    with pytest.raises(NothingChanged):
        publish(make_draft())
    draft = Draft.objects.get()
    assert draft.state == Draft.State.OPEN
    assert draft.problem.startswith("This is the text as it stands")


def test_an_overtaken_draft_is_not_begun_to_be_published() -> None:
    draft = make_overtaken((FIRST,), (SECOND,))
    with pytest.raises(Overtaken):
        drafting.begin_publishing(draft=draft, by=editor(), version=draft.version)
    assert Draft.objects.get().state == Draft.State.OPEN


def test_a_draft_overtaken_while_it_is_published_is_open_again() -> None:
    begun = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)
    make_revision(Article.objects.get(), SECOND)
    with pytest.raises(Overtaken):
        drafting.publish(begun)
    draft = Draft.objects.get()
    assert (draft.state, draft.is_overtaken) == (Draft.State.OPEN, True)
    assert draft.problem.startswith("Another revision was published")


def test_a_fault_of_ours_leaves_the_draft_open_with_all_that_is_in_it() -> None:
    begun = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)

    def fail(**_: object) -> None:
        raise RuntimeError

    revision_planned.connect(fail)
    with pytest.raises(RuntimeError):
        tasks.publish_draft.call(begun.pk, begun.version)
    revision_planned.disconnect(fail)
    draft = Draft.objects.get()
    assert (draft.state, draft.problem, words(draft)) == (Draft.State.OPEN, tasks.OUR_FAULT, [f"p1 {FIRST}"])


def test_a_publication_done_twice_makes_one_revision() -> None:
    begun = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)
    assert drafting.publish(begun) == drafting.publish(begun)
    tasks.publish_draft.call(begun.pk, begun.version)
    assert Article.objects.get().revisions.count() == 2


def test_a_publication_is_begun_once() -> None:
    begun = drafting.begin_publishing(draft=make_draft(), by=editor(), version=1)
    with pytest.raises(DraftingError, match="being published"):
        drafting.begin_publishing(draft=begun, by=editor(), version=begun.version)


def test_a_publication_that_has_stopped_is_begun_again_and_the_old_one_does_nothing_more() -> None:
    first = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)
    Draft.objects.update(updated_at=timezone.now() - STUCK_AFTER * 2)
    second = drafting.begin_publishing(draft=first, by=editor(), version=first.version)
    tasks.publish_draft.call(first.pk, first.version)
    assert Article.objects.get().revisions.count() == 1
    tasks.publish_draft.call(second.pk, second.version)
    assert Article.objects.get().revisions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_draft_published_by_two_workers_at_once_makes_one_revision() -> None:
    begun = drafting.begin_publishing(draft=save(make_draft(), FIRST), by=editor(), version=2)
    made: list[Revision] = []

    def work() -> None:
        try:
            made.append(drafting.publish(Draft.objects.get(pk=begun.pk)))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1]
    assert (Article.objects.get().revisions.count(), Draft.objects.get().state) == (2, Draft.State.PUBLISHED)


# At a time


@pytest.fixture
def worker(settings: Settings) -> Callable[[], None]:
    """Put tasks in the database, as the site does, and give what does those that are due."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

    def work() -> None:
        for due in DBTaskResult.objects.ready():
            due.task.call(*due.task_result.args)

    return work


def make_scheduled(client: Client, **given: Any) -> Draft:
    """Schedule a draft through the page, and let its time come."""
    draft = save(make_draft(), FIRST)
    client.force_login(editor())
    at = timezone.now() + timedelta(hours=1)
    sent = {"version": draft.version, "at": f"{at:%Y-%m-%dT%H:%M}", "note": "At its time.", **given}
    client.post(reverse("publish-draft", args=[draft.pk]), sent)
    return Draft.objects.get()


def let_time_pass() -> None:
    DBTaskResult.objects.update(run_after=timezone.now() - timedelta(seconds=1))


def test_a_scheduled_draft_is_published_at_its_time_and_not_before(client: Client, worker: Any) -> None:
    draft = make_scheduled(client)
    worker()
    assert (draft.state, Revision.objects.count()) == (Draft.State.SCHEDULED, 1)
    let_time_pass()
    worker()
    draft.refresh_from_db()
    assert (draft.state, Revision.objects.latest("pk").note) == (Draft.State.PUBLISHED, "At its time.")


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda draft: save(draft, SECOND), id="saved"),
        pytest.param(
            lambda draft: drafting.unschedule(draft=draft, by=editor(), version=draft.version), id="called off"
        ),
        pytest.param(lambda draft: drafting.discard(draft=draft, by=editor(), version=draft.version), id="thrown away"),
        pytest.param(
            lambda draft: drafting.schedule(
                draft=draft, by=editor(), version=draft.version, at=timezone.now() + timedelta(days=1)
            ),
            id="put off",
        ),
    ],
)
def test_nothing_is_published_when_a_scheduled_draft_was(act: Any, client: Client, worker: Any) -> None:
    act(make_scheduled(client))
    let_time_pass()
    worker()
    assert Revision.objects.count() == 1


def test_a_scheduled_draft_that_is_saved_no_longer_waits(client: Client, worker: Any) -> None:
    draft = save(make_scheduled(client), SECOND)
    assert (draft.state, draft.publish_at) == (Draft.State.OPEN, None)


def test_a_scheduled_draft_that_was_overtaken_is_open_with_its_problem(client: Client, worker: Any) -> None:
    draft = make_scheduled(client)
    make_revision(Article.objects.get(), SECOND)
    let_time_pass()
    worker()
    draft.refresh_from_db()
    assert draft.state == Draft.State.OPEN
    assert draft.problem in client.get(reverse("desk")).content.decode()


def test_a_draft_is_not_scheduled_for_a_time_that_has_passed() -> None:
    with pytest.raises(DraftingError, match="has passed"):
        drafting.schedule(draft=make_draft(), by=editor(), version=1, at=timezone.now() - timedelta(minutes=1))


# Thrown away


def test_a_draft_thrown_away_can_be_taken_back() -> None:
    draft = save(make_draft(), FIRST)
    thrown = drafting.discard(draft=draft, by=editor(), version=draft.version)
    assert not Draft.objects.unfinished().exists()
    back = drafting.restore(draft=thrown, by=editor())
    assert (back.state, words(back)) == (Draft.State.OPEN, [f"p1 {FIRST}"])


def test_an_article_that_was_never_published_goes_with_its_last_draft_and_comes_back() -> None:
    draft = make_import(slug="toll", publisher="The Paper")
    thrown = drafting.discard(draft=draft, by=editor(), version=1)
    assert not Article.objects.exists()
    back = drafting.restore(draft=thrown, by=editor())
    article = Article.objects.get()
    assert (back.article, article.slug, article.publisher) == (article, "toll", "The Paper")
    assert article.is_draft


def test_an_article_whose_address_was_taken_meanwhile_comes_back_at_another() -> None:
    thrown = drafting.discard(draft=make_import(slug="a-short-title"), by=editor(), version=1)
    make_article()
    drafting.restore(draft=thrown, by=editor())
    assert Article.objects.get(status="draft").slug == "a-toll-bridge"


def test_a_text_published_meanwhile_is_not_taken_back() -> None:
    thrown = drafting.discard(draft=make_import(), by=editor(), version=1)
    publishing.publish(make_document(FIRST, SECOND))
    with pytest.raises(DraftingError, match="already here"):
        drafting.restore(draft=thrown, by=editor())
    assert Draft.objects.get().state == Draft.State.DISCARDED


def test_a_published_article_stays_when_its_draft_goes() -> None:
    draft = make_draft()
    drafting.discard(draft=draft, by=editor(), version=1)
    assert Article.objects.published().exists()


def test_a_draft_that_was_saved_meanwhile_is_not_thrown_away() -> None:
    draft = make_draft()
    save(draft, FIRST)
    with pytest.raises(DraftConflict):
        drafting.discard(draft=draft, by=editor("second"), version=1)


# The status of articles


@pytest.mark.parametrize("status", [Article.Status.CLOSED, Article.Status.ARCHIVED])
def test_a_published_article_can_be_closed_and_opened_again(status: str) -> None:
    article = make_bridge()
    before = Article.objects.get().activity
    assert drafting.set_status(article=article, by=editor(), status=status).status == status
    assert drafting.set_status(article=article, by=editor(), status="published").is_open
    assert Article.objects.get().activity == before + 2


def test_a_published_article_never_is_a_draft_again() -> None:
    with pytest.raises(DraftingError):
        drafting.set_status(article=make_bridge(), by=editor(), status=Article.Status.DRAFT)


def test_an_article_in_draft_is_published_by_its_draft_alone() -> None:
    draft = make_import()
    assert draft.article is not None
    with pytest.raises(DraftingError, match="not published yet"):
        drafting.set_status(article=draft.article, by=editor(), status="published")

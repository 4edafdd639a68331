"""What waits for a moderator before all see it, and what three reports hold."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from annotations import annotating, moderating, reporting
from annotations.models import Annotation, KnownSite, ModerationEntry, WatchedTerm
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply, make_source

pytestmark = pytest.mark.django_db

State = Annotation.State


def make_newcomer(**fields: Any) -> User:
    return make_reader(date_joined=timezone.now() - timedelta(days=2), **fields)


def why(annotation: Annotation) -> str:
    return ModerationEntry.objects.get(annotation=annotation, action="hold").details


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def page(article: Article, client: Client | None = None) -> str:
    return (client or Client()).get(f"{article.get_absolute_url()}p1/").content.decode()


def signed_in(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def linking(url: str, creator: User, article: Article | None = None) -> Annotation:
    return make_annotation(article=article, creator=creator, kind="source", sources=[make_source(url=url)])


# What is held


def test_a_first_contribution_is_held_where_the_site_wants_that(settings: Any) -> None:
    settings.HOLD_FIRST_CONTRIBUTION = True
    reader = make_reader()
    first = make_annotation(creator=reader)
    assert (first.state, why(first)) == (State.PENDING, "the first contribution of this account")
    moderating.approve(annotation=first, by=make_moderator())
    assert make_annotation(creator=reader, article=first.article).is_published


def test_a_first_contribution_is_published_at_once_elsewhere() -> None:
    assert make_annotation(creator=make_newcomer()).is_published


def test_a_link_to_an_unknown_site_from_a_new_account_is_held() -> None:
    held = linking("https://news.unknown.example.co.uk/story", make_newcomer())
    assert (held.state, why(held)) == (State.PENDING, "a new account links to a site new here: example.co.uk")


def test_a_link_in_the_words_counts_as_well() -> None:
    held = make_annotation(creator=make_newcomer(), body="See https://unknown.example.com/a for more.")
    assert held.is_pending


def test_who_has_been_here_for_a_week_brings_new_sites() -> None:
    first = linking("https://unknown.example.com/a", make_reader())
    assert first.is_published
    assert KnownSite.objects.filter(name="example.com").exists()
    assert linking("https://other.example.com/b", make_newcomer(), first.article).is_published


def test_a_held_link_makes_no_site_known_and_an_approved_one_does() -> None:
    held = linking("https://unknown.example.com/a", make_newcomer())
    assert not KnownSite.objects.filter(name="example.com").exists()
    moderating.approve(annotation=held, by=make_moderator())
    assert KnownSite.objects.filter(name="example.com").exists()


@pytest.mark.parametrize(("number", "state"), [(5, State.PUBLISHED), (6, State.PENDING)])
def test_more_than_five_links_are_held(number: int, state: str) -> None:
    body = "\n\n".join(f"https://example.org/{page}" for page in range(number))
    assert make_annotation(body=body).state == state


@pytest.mark.parametrize("words", ["Casino!", "the CASINO", "c\u200basino", "\uff43asino"], ids=ascii)
def test_watched_words_are_held_however_they_are_dressed(words: str) -> None:
    WatchedTerm.objects.create(words="casino")
    held = make_annotation(body=words)
    assert (held.state, why(held)) == (State.PENDING, "watched words: casino")


def test_watched_words_within_others_are_none() -> None:
    WatchedTerm.objects.create(words="ass")
    assert make_annotation(body="A classic assumption.").is_published


@pytest.mark.parametrize("field", ["title", "publisher", "excerpt", "locator"])
def test_watched_words_in_what_is_said_of_a_source_are_held(field: str) -> None:
    WatchedTerm.objects.create(words="casino")
    held = make_annotation(kind="source", sources=[make_source(**{field: "The Casino Times"})])
    assert (held.state, why(held)) == (State.PENDING, "watched words: casino")


def test_watched_words_in_the_address_of_a_source_are_held() -> None:
    WatchedTerm.objects.create(words="casino")
    assert linking("https://example.org/casino/", make_reader()).is_pending


def test_watched_words_that_are_taken_over_from_an_earlier_source_are_held() -> None:
    first = make_annotation(kind="source", sources=[make_source(title="The casino")])
    WatchedTerm.objects.create(words="casino")
    assert make_annotation(article=first.article, kind="source", sources=[make_source(title="")]).is_pending


def test_watched_words_in_markup_are_held() -> None:
    WatchedTerm.objects.create(words="casino")
    assert make_annotation(body="The ca*si*no and the cas&#105;no.").is_pending


def test_watched_words_end_where_they_began() -> None:
    WatchedTerm.objects.create(words="cheap shoes")
    source = make_source(title="Not cheap", publisher="Shoes", excerpt="Cheap\nshirts")
    assert make_annotation(kind="source", body="It is cheap", sources=[source]).is_published


def test_what_moderators_and_samples_write_is_not_held() -> None:
    WatchedTerm.objects.create(words="casino")
    article = make_article()
    for creator in (make_moderator(), make_reader(is_sample=True)):
        assert make_annotation(article=article, creator=creator, body="A casino.").is_published


def test_an_edit_is_held_as_a_new_annotation_is() -> None:
    WatchedTerm.objects.create(words="casino")
    annotation = make_annotation()
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="A casino.")
    assert state_of(annotation) == State.PENDING


def test_an_edit_of_a_source_is_held_for_what_it_says_now() -> None:
    WatchedTerm.objects.create(words="casino")
    annotation = make_annotation(kind="source")
    source = make_source(excerpt="The casino paid for it.")
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Worth knowing.", sources=[source])
    assert (state_of(annotation), why(annotation)) == (State.PENDING, "watched words: casino")


# Who sees it


def test_what_waits_is_seen_by_its_writer_and_moderators_alone() -> None:
    WatchedTerm.objects.create(words="casino")
    held = make_annotation(body="Nothing but a casino.")
    for client, is_seen in (
        (Client(), False),
        (signed_in(make_reader()), False),
        (signed_in(held.creator), True),
        (signed_in(make_moderator()), True),
    ):
        assert ("Nothing but a casino." in page(held.article, client)) == is_seen
    assert "Waiting for a moderator. Until then only you and moderators see it." in page(
        held.article, signed_in(held.creator)
    )


def test_what_waits_cannot_be_answered() -> None:
    WatchedTerm.objects.create(words="casino")
    held = make_annotation(body="A casino.")
    with pytest.raises(ValueError, match="can no longer be answered"):
        make_reply(parent=held)


# Three reports


def report(annotation: Annotation, times: int, **fields: Any) -> None:
    for _ in range(times):
        reporting.report(annotation=annotation, by=make_reader(**fields), reason="spam")


@pytest.mark.parametrize(("times", "state"), [(2, State.PUBLISHED), (3, State.PENDING)])
def test_three_reports_hold_an_annotation(times: int, state: str) -> None:
    annotation = make_annotation()
    report(annotation, times)
    assert state_of(annotation) == state


def test_reports_of_accounts_made_for_it_hold_nothing() -> None:
    annotation = make_annotation()
    report(annotation, 5, date_joined=timezone.now())
    assert state_of(annotation) == State.PUBLISHED


def test_the_word_of_who_reported_what_was_kept_holds_nothing() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    reporters = [make_reader() for _ in range(3)]
    for reporter in reporters:
        kept = make_annotation(article=annotation.article)
        reporting.report(annotation=kept, by=reporter, reason="spam")
        moderating.keep(annotation=kept, by=moderator, reason="No advert.")
    for reporter in reporters:
        reporting.report(annotation=annotation, by=reporter, reason="spam")
    assert state_of(annotation) == State.PUBLISHED


def test_a_kept_annotation_is_reopened_only_by_a_new_reason() -> None:
    annotation = make_annotation()
    report(annotation, 1)
    moderating.keep(annotation=annotation, by=make_moderator(), reason="No advert.")
    again = reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    assert again.outcome == "Looked at, kept"
    assert not annotation.flags.open().exists()
    reporting.report(annotation=annotation, by=make_reader(), reason="private")
    assert annotation.flags.open().count() == 1


def test_a_kept_annotation_that_was_edited_since_is_looked_at_again() -> None:
    annotation = make_annotation()
    report(annotation, 1)
    moderating.keep(annotation=annotation, by=make_moderator(), reason="No advert.")
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Buy this.")
    annotation.refresh_from_db()
    report(annotation, 1)
    assert annotation.flags.open().count() == 1


def test_reporters_and_writer_are_told_of_the_outcome() -> None:
    annotation, reporter = make_annotation(), make_reader()
    reporting.report(annotation=annotation, by=reporter, reason="attack")
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")
    assert reporter.notices.get().event == "reported"
    assert annotation.creator.notices.get().event == "moderated"


# Sent back, sent again


def deny(annotation: Annotation, by: User) -> None:
    moderating.deny(annotation=annotation, by=by, rule="off topic", reason="Not about these words.")


def send_again(annotation: Annotation, words: str) -> Annotation:
    current = Annotation.objects.get(pk=annotation.pk)
    return annotating.edit(annotation=current, by=current.creator, version=current.version, body=words)


def test_what_was_sent_back_may_be_mended_and_sent_again_twice() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    for words in ("Better.", "Better still."):
        deny(annotation, moderator)
        assert send_again(annotation, words).state == State.PENDING
    deny(annotation, moderator)
    with pytest.raises(ValueError, match="sent this again twice"):
        send_again(annotation, "Best.")
    assert state_of(annotation) == State.DENIED


def test_what_was_withdrawn_while_it_waited_waits_again_when_that_is_undone() -> None:
    WatchedTerm.objects.create(words="casino")
    held = make_annotation(body="A casino.")
    annotating.withdraw(annotation=held, by=held.creator)
    assert annotating.reinstate(annotation=held, by=held.creator).state == State.PENDING


@pytest.mark.parametrize("act", [annotating.withdraw, annotating.reinstate])
def test_what_writers_do_with_their_own_is_in_the_log_as_theirs(act: Callable[..., Annotation]) -> None:
    annotation = make_annotation()
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    act(annotation=annotation, by=annotation.creator)
    entries = annotation.moderation_entries.all()
    assert {entry.role for entry in entries} == {"writer"}
    assert not ModerationEntry.objects.decisions().exists()

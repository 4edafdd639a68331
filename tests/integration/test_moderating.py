"""Reporting, hiding, restoring and keeping, and the log that remembers it."""

import threading
import time
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction

from annotations import annotating, moderating, reporting
from annotations.models import Annotation, Flag, ModerationEntry
from annotations.models.moderation import AppendOnlyError
from reader.models import Article, User
from tests.factories import make_annotation, make_moderator, make_reader, make_reply

pytestmark = pytest.mark.django_db

State = Annotation.State


HIDE = partial(moderating.hide, rule="attack")


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def copy_of(annotation: Annotation) -> Annotation:
    """Give the annotation as somebody else's page holds it."""
    return Annotation.objects.get(pk=annotation.pk)


def activity_of(article: Article) -> int:
    return Article.objects.get(pk=article.pk).activity


def make_hidden(*, by: User, reason: str = "An insult.") -> Annotation:
    annotation = make_annotation()
    moderating.hide(annotation=annotation, by=by, rule="attack", reason=reason)
    return annotation


def make_withdrawn() -> Annotation:
    annotation = make_annotation()
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    return annotation


# Hiding and restoring


def test_hiding_changes_the_state_and_writes_the_log() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    entry = moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="  An insult. ")
    assert state_of(annotation) == annotation.state == State.HIDDEN
    assert (entry.action, entry.from_state, entry.to_state) == ("hide", State.PUBLISHED, State.HIDDEN)
    assert (entry.annotation, entry.moderator, entry.reason) == (annotation, moderator, "An insult.")


def test_restoring_shows_it_again_and_writes_the_log() -> None:
    moderator = make_moderator()
    annotation = make_hidden(by=moderator)
    moderating.restore(annotation=annotation, by=moderator, reason="A mistake of ours.")
    assert state_of(annotation) == State.PUBLISHED
    assert [entry.action for entry in annotation.moderation_entries.all()] == ["restore", "hide"]


@pytest.mark.parametrize("act", [HIDE, moderating.restore])
def test_what_readers_see_change_raises_the_activity(act: Callable[..., ModerationEntry]) -> None:
    moderator = make_moderator()
    annotation = make_annotation() if act is HIDE else make_hidden(by=moderator)
    before = activity_of(annotation.article)
    act(annotation=annotation, by=moderator, reason="A reason.")
    assert activity_of(annotation.article) == before + 1


def test_a_hidden_annotation_keeps_its_replies() -> None:
    annotation = make_annotation()
    reply = make_reply(parent=annotation)
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")
    assert list(annotation.thread.published()) == [reply]


def test_a_restored_reply_stands_where_it_stood() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    first = make_reply(parent=annotation)
    second = make_reply(parent=first)
    moderating.hide(annotation=first, by=moderator, rule="attack", reason="An insult.")
    moderating.restore(annotation=first, by=moderator, reason="It was none.")
    assert list(annotation.thread.published()) == [first, second]
    assert (first.parent, second.parent) == (annotation, first)


@pytest.mark.django_db(transaction=True)
def test_state_and_log_are_written_together_or_not_at_all() -> None:
    annotation = make_annotation()
    before = activity_of(annotation.article)
    nobody = User(pk=10**6, username="ghost", is_superuser=True)
    with pytest.raises(IntegrityError):
        moderating.hide(annotation=annotation, by=nobody, rule="attack", reason="An insult.")
    assert state_of(annotation) == State.PUBLISHED
    assert activity_of(annotation.article) == before
    assert not ModerationEntry.objects.exists()


# Who may


@pytest.mark.parametrize("act", [HIDE, moderating.restore, moderating.keep])
def test_only_moderators_decide(act: Callable[..., ModerationEntry]) -> None:
    annotation = make_annotation()
    with pytest.raises(PermissionDenied):
        act(annotation=annotation, by=make_reader(is_staff=True), reason="I do not like it.")
    assert state_of(annotation) == State.PUBLISHED
    assert not ModerationEntry.objects.exists()


# Reasons


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u200b\u200d", "…", "\x00"], ids=repr)
def test_a_reason_that_says_nothing_is_refused(reason: str) -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.ReasonMissing, match="say why"):
        moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason=reason)
    assert state_of(annotation) == State.PUBLISHED


def test_a_reason_longer_than_the_log_keeps_is_refused() -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.ReasonTooLong, match="1,001 characters"):
        moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="x" * 1001)
    assert state_of(annotation) == State.PUBLISHED


# Stale decisions


def test_hiding_what_is_hidden_is_a_conflict_and_keeps_the_first_reason() -> None:
    moderator = make_moderator()
    annotation = make_hidden(by=moderator, reason="An insult.")
    with pytest.raises(moderating.StaleDecision, match="hidden already"):
        moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="Advertising.")
    assert [entry.reason for entry in annotation.moderation_entries.all()] == ["An insult."]


def test_restoring_what_is_published_is_a_conflict() -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.StaleDecision, match="published already"):
        moderating.restore(annotation=annotation, by=make_moderator(), reason="It may stay.")
    assert not annotation.moderation_entries.exists()


@pytest.mark.parametrize("act", [HIDE, moderating.restore, moderating.keep])
def test_no_decision_leads_out_of_withdrawn(act: Callable[..., ModerationEntry]) -> None:
    annotation = make_withdrawn()
    with pytest.raises(moderating.StaleDecision, match="Its writer has withdrawn it"):
        act(annotation=annotation, by=make_moderator(), reason="A reason.")
    assert state_of(annotation) == State.WITHDRAWN


def test_a_moderator_who_holds_an_old_copy_is_told_of_the_withdrawal() -> None:
    annotation = make_annotation()
    copy = copy_of(annotation)
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    with pytest.raises(moderating.StaleDecision):
        moderating.hide(annotation=copy, by=make_moderator(), rule="attack", reason="An insult.")
    assert state_of(annotation) == State.WITHDRAWN


def test_a_decision_about_words_edited_since_is_a_conflict() -> None:
    annotation = make_annotation()
    annotating.edit(annotation=annotation, by=annotation.creator, version=1, body="Said better.")
    with pytest.raises(moderating.StaleDecision, match="edited it"):
        moderating.hide(
            annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.", seen="published.1"
        )
    assert state_of(annotation) == State.PUBLISHED


# Reports


def test_a_report_keeps_its_reason_and_details() -> None:
    annotation, reader = make_annotation(), make_reader()
    flag = reporting.report(annotation=annotation, by=reader, reason="spam", details=" Sells shoes. ")
    assert (flag.creator, flag.reason, flag.details, flag.outcome) == (reader, "spam", "Sells shoes.", "Waiting")


def test_a_report_changes_nothing_readers_see() -> None:
    annotation = make_annotation()
    before = activity_of(annotation.article)
    reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    assert (state_of(annotation), activity_of(annotation.article)) == (State.PUBLISHED, before)


def test_reporting_twice_is_answered_kindly_and_counts_once() -> None:
    annotation, reader = make_annotation(), make_reader()
    reporting.report(annotation=annotation, by=reader, reason="spam")
    with pytest.raises(reporting.AlreadyFlagged, match="thank you"):
        reporting.report(annotation=annotation, by=reader, reason="attack")
    assert annotation.flags.get().reason == "spam"


def test_nobody_reports_their_own() -> None:
    annotation = make_annotation()
    with pytest.raises(reporting.OwnAnnotation, match="edit or withdraw"):
        reporting.report(annotation=annotation, by=annotation.creator, reason="spam")
    assert not annotation.flags.exists()


def test_a_report_needs_one_of_the_reasons() -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.Refused) as refusal:
        reporting.report(annotation=annotation, by=make_reader(), reason="boring")
    assert refusal.value.field == "reason"


def test_details_longer_than_a_report_keeps_are_refused() -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.Refused, match="1,001 characters") as refusal:
        reporting.report(annotation=annotation, by=make_reader(), reason="off topic", details="x" * 1001)
    assert refusal.value.field == "details"


@pytest.mark.parametrize("hidden", [True, False], ids=["hidden", "withdrawn"])
def test_what_is_no_longer_shown_cannot_be_reported(hidden: bool) -> None:  # noqa: FBT001
    annotation = make_hidden(by=make_moderator()) if hidden else make_withdrawn()
    with pytest.raises(moderating.StaleDecision, match="no longer shown"):
        reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    assert not annotation.flags.exists()


def test_hiding_answers_the_reports_and_restoring_does_not_reopen_them() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    flag = reporting.report(annotation=annotation, by=make_reader(), reason="attack")
    moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult.")
    moderating.restore(annotation=annotation, by=moderator, reason="It was none.")
    flag.refresh_from_db()
    assert flag.outcome == "Hidden"
    assert not annotation.flags.open().exists()


def test_keeping_answers_the_reports_and_changes_nothing_readers_see() -> None:
    annotation = make_annotation()
    flag = reporting.report(annotation=annotation, by=make_reader(), reason="misrepresented")
    before = activity_of(annotation.article)
    moderating.keep(annotation=annotation, by=make_moderator(), reason="The quotation is right.")
    flag.refresh_from_db()
    assert flag.outcome == "Looked at, kept"
    assert (state_of(annotation), activity_of(annotation.article)) == (State.PUBLISHED, before)


def test_keeping_what_nobody_waits_for_is_a_conflict() -> None:
    annotation = make_annotation()
    with pytest.raises(moderating.StaleDecision, match="No report"):
        moderating.keep(annotation=annotation, by=make_moderator(), reason="It may stay.")
    assert not annotation.moderation_entries.exists()


def test_withdrawing_leaves_no_report_waiting() -> None:
    annotation = make_annotation()
    flag = reporting.report(annotation=annotation, by=make_reader(), reason="spam")
    annotating.withdraw(annotation=annotation, by=annotation.creator)
    assert not Flag.objects.open().exists()
    assert Flag.objects.get(pk=flag.pk).outcome == "Withdrawn by its writer"


# The log


def change_a_line(entry: ModerationEntry) -> None:
    entry.reason = "Another."
    entry.save()


def bulk_update_lines(entry: ModerationEntry) -> None:
    entry.reason = "Another."
    ModerationEntry.objects.bulk_update([entry], ["reason"])


def overwrite_lines(entry: ModerationEntry) -> None:
    entry.reason = "Another."
    ModerationEntry.objects.bulk_create([entry], update_conflicts=True, update_fields=["reason"], unique_fields=["id"])


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(change_a_line, id="saved again"),
        pytest.param(lambda entry: entry.delete(), id="deleted"),
        pytest.param(lambda _: ModerationEntry.objects.update(reason="Another."), id="updated in a query"),
        pytest.param(lambda _: ModerationEntry.objects.all().delete(), id="deleted in a query"),
        pytest.param(
            lambda entry: entry.annotation.moderation_entries.all().delete(), id="deleted from its annotation"
        ),
        pytest.param(bulk_update_lines, id="updated in bulk"),
        pytest.param(overwrite_lines, id="overwritten in bulk"),
    ],
)
def test_a_line_of_the_log_stays_as_it_was_written(tamper: Callable[[ModerationEntry], None]) -> None:
    moderator = make_moderator()
    make_hidden(by=moderator, reason="An insult.")
    with pytest.raises(AppendOnlyError), transaction.atomic():
        tamper(ModerationEntry.objects.get())
    assert ModerationEntry.objects.get().reason == "An insult."


def test_a_new_line_never_replaces_one_with_its_number() -> None:
    make_hidden(by=make_moderator(), reason="An insult.")
    line = ModerationEntry.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ModerationEntry(**line | {"reason": "Another."}).save()
    assert ModerationEntry.objects.get().reason == "An insult."


@pytest.mark.parametrize("part", ["annotation", "moderator"])
def test_what_a_line_of_the_log_speaks_of_cannot_be_deleted(part: str) -> None:
    make_hidden(by=make_moderator())
    with pytest.raises(models.ProtectedError):
        getattr(ModerationEntry.objects.get(), part).delete()


# At once


def overlapping(
    first: Callable[[], object], second: Callable[[], object], *, at_last: Callable[[], object] = lambda: None
) -> list[object]:
    """Let the second act start while the first's transaction is open, and give what came of both.

    `at_last` is what the first still does once the second has gone as far as it is let.
    """
    outcomes: list[object] = [None, None]
    has_acted = threading.Event()

    def begin() -> object:
        with transaction.atomic():
            outcome = first()
            has_acted.set()
            time.sleep(0.3)
            at_last()
            return outcome

    def follow() -> object:
        has_acted.wait(timeout=5)
        return second()

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            outcomes[number] = act()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((begin, follow))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def kinds(outcomes: list[object]) -> list[str]:
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_the_second_is_told() -> None:
    annotation = make_annotation()
    one, other = make_moderator(username="one.warden"), make_moderator(username="other.warden")
    outcomes = overlapping(
        lambda: moderating.hide(annotation=annotation, by=one, rule="attack", reason="An insult."),
        lambda: moderating.hide(annotation=copy_of(annotation), by=other, rule="attack", reason="Advertising."),
    )
    assert kinds(outcomes) == ["ModerationEntry", "StaleDecision"]
    assert annotation.moderation_entries.get().reason == "An insult."


@pytest.mark.django_db(transaction=True)
def test_a_decision_during_a_withdrawal_is_told_of_it() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    outcomes = overlapping(
        lambda: annotating.withdraw(annotation=annotation, by=annotation.creator),
        lambda: moderating.hide(annotation=copy_of(annotation), by=moderator, rule="attack", reason="An insult."),
    )
    assert kinds(outcomes) == ["Annotation", "StaleDecision"]
    assert state_of(annotation) == State.WITHDRAWN


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_during_a_decision_is_told_of_it() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    outcomes = overlapping(
        lambda: moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult."),
        lambda: annotating.withdraw(annotation=copy_of(annotation), by=annotation.creator),
    )
    assert kinds(outcomes) == ["ModerationEntry", "NotAccepted"]
    assert state_of(annotation) == State.HIDDEN


@pytest.mark.django_db(transaction=True)
def test_a_report_sent_twice_at_once_counts_once() -> None:
    annotation, reader = make_annotation(), make_reader()
    outcomes = overlapping(
        lambda: reporting.report(annotation=annotation, by=reader, reason="spam"),
        lambda: reporting.report(annotation=copy_of(annotation), by=reader, reason="spam"),
    )
    assert kinds(outcomes) == ["Flag", "AlreadyFlagged"]
    assert annotation.flags.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_report_during_a_decision_is_told_of_it() -> None:
    annotation, moderator, reader = make_annotation(), make_moderator(), make_reader()
    outcomes = overlapping(
        lambda: moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult."),
        lambda: reporting.report(annotation=copy_of(annotation), by=reader, reason="spam"),
    )
    assert kinds(outcomes) == ["ModerationEntry", "StaleDecision"]
    assert not annotation.flags.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["hide", "withdraw"])
def test_posting_an_answer_and_taking_away_what_it_answers_lock_nobody_out(act: str) -> None:
    annotation, moderator, reader = make_annotation(), make_moderator(), make_reader()

    def take_away() -> object:
        if act == "hide":
            return moderating.hide(annotation=copy_of(annotation), by=moderator, rule="attack", reason="An insult.")
        return annotating.withdraw(annotation=copy_of(annotation), by=annotation.creator)

    outcomes = overlapping(
        # What a reply takes first, and the reply itself once the other holds the annotation.
        lambda: Article.objects.select_for_update().get(pk=annotation.article_id),
        take_away,
        at_last=lambda: annotating.reply(parent=annotation, creator=reader, body="An answer.", token=uuid.uuid4()),
    )
    assert kinds(outcomes) == ["Article", "ModerationEntry" if act == "hide" else "Annotation"]
    assert annotation.thread.get().body == "An answer."

"""Undoing, appealing, staying impartial; the seal on the log."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from annotations import appealing, moderating, reporting, restraining, sealing
from annotations.models import Annotation, ModerationEntry
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply

pytestmark = pytest.mark.django_db

State = Annotation.State


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def hide(annotation: Annotation, **fields: Any) -> ModerationEntry:
    by = fields.pop("by", None) or make_moderator()
    return moderating.hide(annotation=annotation, by=by, rule="attack", reason="An insult.", **fields)


# Undo


def test_a_decision_is_undone_within_a_minute_with_the_reports_it_answered() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    reporting.report(annotation=annotation, by=make_reader(), reason="attack")
    entry = hide(annotation, by=moderator)
    moderating.undo(entry=entry, by=moderator)
    assert state_of(annotation) == State.PUBLISHED
    assert annotation.flags.open().count() == 1
    assert [entry.action for entry in annotation.moderation_entries.all()] == ["undo", "hide"]


def test_a_decision_cannot_be_undone_later(monkeypatch: pytest.MonkeyPatch) -> None:
    annotation, moderator = make_annotation(), make_moderator()
    entry = hide(annotation, by=moderator)
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(moderating.Refused, match="for a minute"):
        moderating.undo(entry=entry, by=moderator)
    assert state_of(annotation) == State.HIDDEN


def test_nobody_undoes_another_s_decision() -> None:
    entry = hide(make_annotation())
    with pytest.raises(moderating.Refused, match="whoever made it"):
        moderating.undo(entry=entry, by=make_moderator(username="other"))


def test_what_something_came_after_is_not_undone() -> None:
    annotation, moderator = make_annotation(), make_moderator()
    entry = hide(annotation, by=moderator)
    moderating.restore(annotation=annotation, by=make_moderator(username="other"), reason="It was none.")
    with pytest.raises(moderating.StaleDecision, match="Something else"):
        moderating.undo(entry=entry, by=moderator)


# Stale and partial


def test_a_decision_on_what_somebody_else_decided_meanwhile_says_who_was_faster() -> None:
    annotation = make_annotation()
    seen = annotation.key
    hide(Annotation.objects.get(pk=annotation.pk), by=make_moderator(username="quick"))
    with pytest.raises(moderating.StaleDecision, match="quick was faster: hidden"):
        moderating.remove(annotation=annotation, by=make_moderator(), rule="legal", reason="A complaint.", seen=seen)
    assert state_of(annotation) == State.HIDDEN


@pytest.mark.parametrize("is_head", [True, False], ids=["who began it", "who answered"])
def test_a_moderator_does_not_decide_in_a_thread_they_write_in(is_head: bool) -> None:  # noqa: FBT001
    moderator = make_moderator()
    head = make_annotation(creator=moderator if is_head else None)
    reply = make_reply(parent=head, creator=None if is_head else moderator)
    for annotation in (head, reply):
        with pytest.raises(moderating.OwnThread, match="another moderator"):
            hide(annotation, by=moderator)


def test_a_decision_that_takes_something_down_names_a_rule() -> None:
    with pytest.raises(moderating.ReasonMissing) as refusal:
        moderating.hide(annotation=make_annotation(), by=make_moderator(), rule="boring", reason="Dull.")
    assert refusal.value.field == "rule"


# Appeals


def test_an_appeal_is_answered_by_another_moderator() -> None:
    annotation, first, second = make_annotation(), make_moderator(), make_moderator(username="second")
    hide(annotation, by=first)
    appeal = appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a joke.")
    with pytest.raises(moderating.OwnThread, match="your own decision"):
        moderating.restore(annotation=annotation, by=first, reason="Fine.")
    moderating.restore(annotation=annotation, by=second, reason="It was one.")
    appeal.refresh_from_db()
    assert appeal.answered_by is not None
    assert state_of(annotation) == State.PUBLISHED


def test_an_appeal_may_be_answered_by_leaving_it_so() -> None:
    annotation = make_annotation()
    hide(annotation)
    appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a joke.")
    moderating.uphold(annotation=annotation, by=make_moderator(username="second"), reason="It was none.")
    assert state_of(annotation) == State.HIDDEN
    assert "moderated" in annotation.creator.notices.values_list("event", flat=True)


def test_there_is_one_appeal_for_each_annotation() -> None:
    annotation = make_annotation()
    hide(annotation)
    first = appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a joke.")
    assert appealing.appeal(annotation=annotation, by=annotation.creator, words="It was a joke.") == first
    with pytest.raises(ValueError, match="one appeal"):
        appealing.appeal(annotation=annotation, by=annotation.creator, words="Please.")


def test_nobody_appeals_for_another_or_against_nothing() -> None:
    annotation = make_annotation()
    with pytest.raises(ValueError, match="no decision"):
        appealing.appeal(annotation=annotation, by=annotation.creator, words="Why?")
    hide(annotation)
    with pytest.raises(ValueError, match="Only its writer"):
        appealing.appeal(annotation=annotation, by=make_reader(), words="Why?")


# Suspensions and purges


def test_who_is_suspended_from_writing_is_told_until_when_and_why() -> None:
    reader, article = make_reader(), make_article()
    until = timezone.now() + timedelta(days=3)
    restraining.suspend(reader=reader, by=make_moderator(), scope="writing", until=until, reason="Three insults.")
    with pytest.raises(ValueError, match="Three insults"):
        make_annotation(article=article, creator=reader)


def test_a_suspension_ends_by_itself_and_can_be_lifted() -> None:
    reader, moderator = make_reader(), make_moderator()
    until = timezone.now() + timedelta(days=3)
    suspension = restraining.suspend(reader=reader, by=moderator, scope="writing", until=until, reason="Insults.")
    assert reader.suspensions.in_force(until - timedelta(seconds=1)).exists()
    assert not reader.suspensions.in_force(until).exists()
    restraining.lift(suspension=suspension, by=moderator, reason="They said sorry.")
    assert make_annotation(creator=reader).is_published
    assert list(reader.entries_about.values_list("action", flat=True)) == ["lift", "suspend"]


def test_a_purge_marks_everything_and_is_undone_as_it_was() -> None:
    reader, moderator, article = make_reader(), make_moderator(), make_article()
    published, hidden = (make_annotation(article=article, creator=reader, body=f"{name}.") for name in "AB")
    hide(hidden, by=moderator)
    batch = restraining.purge(reader=reader, by=moderator, reason="A spammer.")
    assert (state_of(published), state_of(hidden)) == (State.SPAM, State.SPAM)
    assert restraining.unpurge(batch=batch, by=moderator, reason="The wrong account.") == 2
    assert (state_of(published), state_of(hidden)) == (State.PUBLISHED, State.HIDDEN)
    assert not reader.suspensions.in_force().exists()


# The seal


@pytest.mark.parametrize("act", ["UPDATE {} SET reason = 'Another.'", "DELETE FROM {}"], ids=["changed", "deleted"])
def test_the_database_itself_refuses_to_have_a_line_of_the_log(act: str) -> None:
    hide(make_annotation())
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(ModerationEntry._meta.db_table))
    assert ModerationEntry.objects.get().reason == "An insult."


def test_sealing_twice_is_as_good_as_once() -> None:
    sealing.seal(connection)
    sealing.seal(connection)

"""What readers are told of decisions: who wrote it, who reported it, and who looks up what became of their reports."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations import appealing, copying, departing, moderating, muting, notifying, reporting, restraining
from annotations.models import Annotation, Appeal, Flag, Suspension, WatchedTerm
from annotations.states import Action
from reader.models import User
from tests.factories import make_annotation, make_article, make_moderator, make_reader, make_reply

pytestmark = pytest.mark.django_db

REPORTS = "/reports/"
NOTICES = "/notices/"


@pytest.fixture
def moderator() -> User:
    return make_moderator()


def seen(address: str, viewer: User) -> str:
    client = Client()
    client.force_login(viewer)
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def reported(reason: str = "attack") -> tuple[Annotation, User]:
    annotation, reporter = make_annotation(), make_reader()
    reporting.report(annotation=annotation, by=reporter, reason=reason)
    return annotation, reporter


def decide(action: Action, annotation: Annotation, by: User) -> Any:
    rule = "attack" if moderating.names_a_rule(action) else ""
    return moderating.decide(action, annotation=annotation, by=by, rule=rule, reason="An insult.")


# Notices


@pytest.mark.parametrize(
    ("action", "writer", "reporter"),
    [
        (
            Action.KEEP,
            "looked at what you wrote, which readers had reported, and kept it.",
            "looked at what you reported, and it was kept.",
        ),
        (Action.HIDE, "hid what you wrote.", "hid what you reported."),
        (Action.REMOVE, "removed what you wrote.", "removed what you reported."),
        (Action.SPAM, "marked what you wrote as spam.", "marked what you reported as spam."),
        (
            Action.DENY,
            "sent back what you wrote. You can mend it and send it again.",
            "sent back to its writer what you reported.",
        ),
    ],
    ids=str,
)
def test_writer_and_reporter_are_told_what_was_decided_and_not_by_whom(
    moderator: User, action: Action, writer: str, reporter: str
) -> None:
    annotation, by = reported()
    decide(action, annotation, moderator)
    told = seen(NOTICES, annotation.creator)
    assert f"A moderator {writer}" in told
    assert f"A moderator {reporter}" in seen(NOTICES, by)
    assert "warden" not in told


def test_a_writer_is_told_that_an_appeal_was_refused(moderator: User) -> None:
    annotation, _ = reported()
    decide(Action.HIDE, annotation, moderator)
    seen(NOTICES, annotation.creator)
    appealing.appeal(annotation=annotation, by=annotation.creator, words="A joke.")
    decide(Action.UPHOLD, annotation, make_moderator(username="second"))
    told = seen(NOTICES, annotation.creator)
    assert "looked at what you wrote again, and it stays as it was decided." in told
    assert "A moderator hid what you wrote." in told


@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read"])
def test_what_was_told_of_an_undone_decision_is_taken_back(
    moderator: User,
    is_read: bool,  # noqa: FBT001
    django_capture_on_commit_callbacks: Any,
) -> None:
    annotation, reporter = reported()
    entry = decide(Action.HIDE, annotation, moderator)
    if is_read:
        seen(NOTICES, reporter)
        seen(NOTICES, annotation.creator)
    with django_capture_on_commit_callbacks(execute=True):
        moderating.undo(entry=entry, by=moderator)
    for reader in (reporter, annotation.creator):
        assert not reader.notices.exists()
        assert notifying.unread_count(reader) == 0


def test_undoing_takes_nothing_back_of_an_earlier_decision(moderator: User) -> None:
    annotation, _ = reported()
    decide(Action.HIDE, annotation, moderator)
    seen(NOTICES, annotation.creator)
    moderating.undo(entry=decide(Action.RESTORE, annotation, moderator), by=moderator)
    assert "A moderator hid what you wrote." in seen(NOTICES, annotation.creator)


def test_who_muted_a_moderator_is_told_of_decisions_all_the_same(moderator: User) -> None:
    annotation, reporter = reported()
    for reader in (annotation.creator, reporter):
        muting.mute(reader=reader, person=moderator)
    decide(Action.HIDE, annotation, moderator)
    assert (annotation.creator.notices.count(), reporter.notices.count()) == (1, 1)


# One's own reports


@pytest.mark.parametrize(
    ("action", "outcome"),
    [(None, "Waiting for a moderator"), (Action.KEEP, "Looked at, kept"), (Action.HIDE, "Hidden")],
    ids=["waiting", "kept", "hidden"],
)
def test_a_reader_sees_what_became_of_what_they_reported(moderator: User, action: Action | None, outcome: str) -> None:
    annotation, reporter = reported()
    if action:
        decide(action, annotation, moderator)
    page = seen(REPORTS, reporter)
    assert outcome in page
    assert "Reported: personal attack" in page
    assert ("Worth knowing." in page) == (action != Action.HIDE)
    assert "warden" not in page


def test_nobody_sees_another_s_reports_and_a_stranger_signs_in(client: Client) -> None:
    reported()
    assert "Nothing. To report" in seen(REPORTS, make_reader())
    response = client.get(REPORTS)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={REPORTS}")


def test_one_s_reports_are_only_read_and_found_from_the_notices(client: Client) -> None:
    reader = make_reader()
    client.force_login(reader)
    assert client.post(REPORTS).status_code == 405
    assert f'href="{REPORTS}"' in client.get(NOTICES).content.decode()


def test_the_reports_take_as_many_queries_for_ten_as_for_one(
    client: Client, moderator: User, django_assert_num_queries: Any
) -> None:
    head, reporter = make_annotation(), make_reader()
    client.force_login(reporter)
    client.get(REPORTS)
    for number in (1, 10):
        for _ in range(number):
            reply = make_reply(parent=head)
            reporting.report(annotation=reply, by=reporter, reason="spam")
            decide(Action.HIDE, reply, moderator)
        with django_assert_num_queries(4):
            client.get(REPORTS)


def test_the_form_says_what_each_reason_means_and_that_disagreeing_is_none(client: Client) -> None:
    annotation = make_annotation()
    client.force_login(make_reader())
    page = client.get(reverse("flags", args=[annotation.pk])).content.decode()
    assert page.index("If you disagree with it, say that instead:") < page.index("What is wrong with it")
    for meaning in ("It is about a person, and not about what they say.", "The same stands here already."):
        assert meaning in page
    assert page.count('type="radio" name="reason"') == 7


# The copy, and leaving


def test_the_copy_has_what_waits_appeals_suspensions_and_decisions_without_names(moderator: User) -> None:
    WatchedTerm.objects.create(words="casino")
    article, reader = make_article(), make_reader()
    until = timezone.now() + timedelta(days=3)
    annotation = make_annotation(article=article, creator=reader)
    make_annotation(article=article, creator=reader, body="My casino.")
    decide(Action.HIDE, annotation, moderator)
    appealing.appeal(annotation=annotation, by=reader, words="A joke.")
    restraining.suspend(reader=reader, by=moderator, scope="rating", until=until, reason="Too many.")
    told = copying.account(reader)
    assert [row["words"] for row in told["appeals"]] == ["A joke."]
    assert [row["reason"] for row in told["suspensions"]] == ["Too many."]
    decided = told["decided_about_what_you_wrote"]
    assert [(row["action"], row["rule"]) for row in decided] == [("hold", ""), ("hide", "attack")]
    said = json.dumps([told["appeals"], told["suspensions"], decided], default=str)
    assert "watched" not in said
    assert "moderator_id" not in said


def test_a_moderator_s_own_decisions_are_in_their_copy_with_their_details(moderator: User) -> None:
    annotation, reporter = reported()
    decide(Action.HIDE, annotation, moderator)
    assert "details" in copying.account(moderator)["decisions"][0]
    assert "details" in copying.account(reporter)["reports"][0]


def test_who_leaves_takes_waiting_appeals_and_suspensions_along(moderator: User) -> None:
    annotation, _ = reported()
    decide(Action.HIDE, annotation, moderator)
    appealing.appeal(annotation=annotation, by=annotation.creator, words="A joke.")
    until = timezone.now() + timedelta(days=3)
    restraining.suspend(reader=annotation.creator, by=moderator, scope="rating", until=until, reason="Too many.")
    departing.forget(annotation.creator)
    assert not Appeal.objects.exists()
    assert not Suspension.objects.exists()
    assert Flag.objects.count() == 1


@pytest.mark.parametrize("what", ["an appeal", "what is held"])
def test_the_last_moderator_stays_while_somebody_waits_for_them(moderator: User, what: str) -> None:
    second = make_moderator(username="second")
    annotation = make_annotation()
    if what == "an appeal":
        decide(Action.HIDE, annotation, second)
        appealing.appeal(annotation=annotation, by=annotation.creator, words="A joke.")
    else:
        WatchedTerm.objects.create(words="casino")
        make_annotation(article=annotation.article, body="My casino.")
    assert departing.refusal(moderator) == ""
    User.objects.filter(pk=second.pk).update(is_active=False)
    assert "no other moderator is here" in departing.refusal(moderator)

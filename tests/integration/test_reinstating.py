"""A writer who withdrew an annotation brings it back."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from annotations import accepting, annotating, moderating, reporting
from annotations.models import Annotation, Flag
from reader.models import Article, User
from tests.factories import anchor_of, make_annotation, make_moderator, make_reader, make_reply, make_revision

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
State = Annotation.State


@pytest.fixture
def writer(client: Client) -> User:
    user = make_reader(username="anna")
    client.force_login(user)
    return user


@pytest.fixture
def withdrawn(writer: User) -> Annotation:
    """Give an annotation that its writer withdrew just now."""
    annotation = make_annotation(creator=writer, exact="39,000 cars", body="First words.")
    return annotating.withdraw(annotation=annotation, by=writer)


def undo(client: Client, annotation: Annotation) -> int:
    return client.post(f"/annotations/{annotation.pk}/reinstatement/").status_code


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def withdrawn_before(annotation: Annotation, **ago: float) -> None:
    Annotation.objects.filter(pk=annotation.pk).update(withdrawn_at=timezone.now() - timedelta(**ago))


# Undoing


def test_an_undone_withdrawal_leaves_the_annotation_as_it_was(client: Client, withdrawn: Annotation) -> None:
    assert undo(client, withdrawn) == 302
    again = Annotation.objects.get()
    assert (again.state, again.withdrawn_at, again.version) == (State.PUBLISHED, None, 1)
    page = Client().get(again.article.get_absolute_url()).content.decode()
    assert "First words." in page
    assert 'data-ids="' in page


def test_who_withdraws_is_shown_at_once_how_to_undo_it(client: Client, writer: User) -> None:
    annotation = make_annotation(creator=writer, body="First words.")
    page = client.post(f"/annotations/{annotation.pk}/withdraw/", follow=True).content.decode()
    assert "Withdrawn." in page
    assert f'action="/annotations/{annotation.pk}/reinstatement/"' in page


def test_htmx_gets_the_stub_with_the_way_back(client: Client, writer: User) -> None:
    annotation = make_annotation(creator=writer, body="First words.")
    page = client.post(f"/annotations/{annotation.pk}/withdraw/", headers=HTMX).content.decode()
    assert page.lstrip().startswith(f'<div class="thread" id="thread-{annotation.pk}"')
    assert f'data-hx-post="/annotations/{annotation.pk}/reinstatement/"' in page


def test_htmx_gets_the_thread_and_the_row_with_the_annotation_again(client: Client, withdrawn: Annotation) -> None:
    page = client.post(f"/annotations/{withdrawn.pk}/reinstatement/", headers=HTMX).content.decode()
    assert "First words." in page
    assert 'id="p2"' in page
    assert f'data-ids="{withdrawn.pk}"' in page


@pytest.mark.parametrize("place", ["/annotations/{id}/", "/articles/a-short-title/p2/"])
def test_only_its_writer_finds_where_it_stood(client: Client, withdrawn: Annotation, place: str) -> None:
    address, offer = place.format(id=withdrawn.pk), f"/annotations/{withdrawn.pk}/reinstatement/"
    assert offer in client.get(address).content.decode()
    for viewer in (make_reader(), make_moderator()):
        client.force_login(viewer)
        assert offer not in client.get(address).content.decode()
    assert "First words." not in Client().get(address).content.decode()


def test_a_withdrawn_reply_that_nobody_answered_is_found_by_its_writer_alone(client: Client, writer: User) -> None:
    head = make_annotation()
    answer = make_reply(parent=head, creator=writer, body="Said in haste.")
    annotating.withdraw(annotation=answer, by=writer)
    offer = f"/annotations/{answer.pk}/reinstatement/"
    assert offer in client.get(head.get_absolute_url()).content.decode()
    assert f'id="annotation-{answer.pk}"' not in Client().get(head.get_absolute_url()).content.decode()


def test_the_stub_that_others_see_offers_nothing(client: Client, withdrawn: Annotation, writer: User) -> None:
    annotating.reinstate(annotation=withdrawn, by=writer)
    make_reply(parent=withdrawn)
    annotating.withdraw(annotation=withdrawn, by=writer)
    page = Client().get(withdrawn.get_absolute_url()).content.decode()
    assert "Withdrawn by its writer." in page
    assert "reinstatement" not in page


@pytest.mark.parametrize(("ago", "is_possible"), [({"days": 6, "hours": 23}, True), ({"days": 7, "minutes": 1}, False)])
def test_a_withdrawal_can_be_undone_for_seven_days(
    client: Client, withdrawn: Annotation, ago: dict[str, float], *, is_possible: bool
) -> None:
    withdrawn_before(withdrawn, **ago)
    assert (client.get(withdrawn.get_absolute_url()).status_code == 200) is is_possible
    assert undo(client, withdrawn) == (302 if is_possible else 422)
    assert (state_of(withdrawn) == State.PUBLISHED) is is_possible


def test_who_comes_too_late_is_told_so(client: Client, withdrawn: Annotation) -> None:
    withdrawn_before(withdrawn, days=8)
    page = client.post(f"/annotations/{withdrawn.pk}/reinstatement/").content.decode()
    assert "can be undone for 7 days" in page


def test_what_was_withdrawn_before_the_moment_was_kept_stays_withdrawn(client: Client, withdrawn: Annotation) -> None:
    Annotation.objects.update(withdrawn_at=None)
    assert undo(client, withdrawn) == 422
    assert state_of(withdrawn) == State.WITHDRAWN


def test_a_revision_in_between_loses_nothing(client: Client, withdrawn: Annotation) -> None:
    make_revision(withdrawn.article, "Something new before it.", "It carries 39,000 cars a day, they say.")
    undo(client, withdrawn)
    anchor = anchor_of(withdrawn)
    assert anchor.revision.quote(anchor.span) == "39,000 cars"  # type: ignore[arg-type]
    assert "First words." in Client().get(withdrawn.article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", [Article.Status.CLOSED, Article.Status.ARCHIVED])
def test_a_withdrawal_can_be_undone_on_a_closed_article(client: Client, withdrawn: Annotation, status: str) -> None:
    Article.objects.update(status=status)
    assert "Undo" in client.get(withdrawn.get_absolute_url()).content.decode()
    assert undo(client, withdrawn) == 302
    assert state_of(withdrawn) == State.PUBLISHED


def test_undoing_twice_does_nothing_more(client: Client, withdrawn: Annotation) -> None:
    undo(client, withdrawn)
    activity = Article.objects.get().activity
    assert undo(client, withdrawn) == 302
    assert Article.objects.get().activity == activity


def test_reports_wait_again_for_a_moderator(client: Client, withdrawn: Annotation, writer: User) -> None:
    annotating.reinstate(annotation=withdrawn, by=writer)
    reporting.report(annotation=withdrawn, by=make_reader(), reason="attack")
    annotating.withdraw(annotation=withdrawn, by=writer)
    assert not Flag.objects.open().exists()
    undo(client, withdrawn)
    assert Flag.objects.open().exists()


# Who may


def test_nobody_else_can_undo_it(client: Client, withdrawn: Annotation) -> None:
    for viewer in (make_reader(), make_moderator()):
        client.force_login(viewer)
        assert undo(client, withdrawn) == 404
    assert state_of(withdrawn) == State.WITHDRAWN


def test_the_act_itself_refuses_another_reader(withdrawn: Annotation) -> None:
    with pytest.raises(accepting.NotAccepted):
        annotating.reinstate(annotation=withdrawn, by=make_reader())


def test_what_a_moderator_hid_is_not_brought_back_by_its_writer(client: Client, writer: User) -> None:
    annotation = make_annotation(creator=writer)
    moderating.hide(annotation=annotation, by=make_moderator(), rule="attack", reason="An insult.")
    assert undo(client, annotation) == 422
    assert state_of(annotation) == State.HIDDEN


def test_who_was_signed_out_is_asked_again_after_signing_in(withdrawn: Annotation) -> None:
    stranger = Client()
    response = stranger.post(f"/annotations/{withdrawn.pk}/reinstatement/")
    assert response.headers["Location"] == f"/accounts/login/?next=/annotations/{withdrawn.pk}/reinstatement/"
    stranger.force_login(withdrawn.creator)
    assert ">Undo</button>" in stranger.get(f"/annotations/{withdrawn.pk}/reinstatement/").content.decode()
    assert state_of(withdrawn) == State.WITHDRAWN


# At once


def overlapping(first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Let the second act start while the first's transaction is open, and give what kind of thing came of both."""
    outcomes = ["", ""]
    has_acted = threading.Event()

    def begin() -> object:
        with transaction.atomic():
            outcome = first()
            has_acted.set()
            time.sleep(0.3)
            return outcome

    def follow() -> object:
        has_acted.wait(timeout=5)
        return second()

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            outcomes[number] = type(act()).__name__
        except Exception as error:
            outcomes[number] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((begin, follow))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def copy_of(annotation: Annotation) -> Annotation:
    return Annotation.objects.get(pk=annotation.pk)


@pytest.mark.django_db(transaction=True)
def test_undone_twice_at_once_counts_once(withdrawn: Annotation, writer: User) -> None:
    activity = Article.objects.get().activity
    outcomes = overlapping(
        lambda: annotating.reinstate(annotation=withdrawn, by=writer),
        lambda: annotating.reinstate(annotation=copy_of(withdrawn), by=writer),
    )
    assert outcomes == ["Annotation", "Annotation"]
    assert Article.objects.get().activity == activity + 1


@pytest.mark.django_db(transaction=True)
def test_a_decision_during_the_undoing_finds_it_published(withdrawn: Annotation, writer: User) -> None:
    moderator = make_moderator()
    outcomes = overlapping(
        lambda: annotating.reinstate(annotation=withdrawn, by=writer),
        lambda: moderating.hide(annotation=copy_of(withdrawn), by=moderator, rule="attack", reason="An insult."),
    )
    assert outcomes == ["Annotation", "ModerationEntry"]
    assert state_of(withdrawn) == State.HIDDEN


@pytest.mark.django_db(transaction=True)
def test_undoing_during_a_decision_changes_nothing(withdrawn: Annotation, writer: User) -> None:
    moderator = make_moderator()
    annotating.reinstate(annotation=withdrawn, by=writer)
    outcomes = overlapping(
        lambda: moderating.hide(annotation=copy_of(withdrawn), by=moderator, rule="attack", reason="An insult."),
        lambda: annotating.reinstate(annotation=withdrawn, by=writer),
    )
    assert outcomes == ["ModerationEntry", "NotAccepted"]
    assert state_of(withdrawn) == State.HIDDEN


@pytest.mark.django_db(transaction=True)
def test_an_answer_during_a_withdrawal_is_refused_or_stands_under_a_stub(writer: User) -> None:
    annotation, reader = make_annotation(creator=writer), make_reader()
    outcomes = overlapping(
        lambda: annotating.withdraw(annotation=annotation, by=writer),
        lambda: annotating.reply(parent=copy_of(annotation), creator=reader, body="Yes.", token=uuid.uuid4()),
    )
    assert outcomes[0] == "Annotation"
    assert (outcomes[1] == "Annotation") is annotation.thread.exists()
    page = Client().get(annotation.get_absolute_url())
    assert page.status_code == (200 if annotation.thread.exists() else 404)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_during_an_answer_leaves_a_stub_and_can_be_undone(client: Client, writer: User) -> None:
    annotation, reader = make_annotation(creator=writer), make_reader()
    outcomes = overlapping(
        lambda: annotating.reply(parent=annotation, creator=reader, body="Yes.", token=uuid.uuid4()),
        lambda: annotating.withdraw(annotation=copy_of(annotation), by=writer),
    )
    assert outcomes == ["Annotation", "Annotation"]
    assert "Withdrawn by its writer." in Client().get(annotation.get_absolute_url()).content.decode()
    assert undo(client, annotation) == 302
    assert state_of(annotation) == State.PUBLISHED

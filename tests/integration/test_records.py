"""What moderators know of a reader and do about one: suspending, purging, and taking both back."""

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations import annotating, moderating, rating, reporting, restraining, verdicts
from annotations.accepting import NotAccepted
from annotations.models import Annotation, ModerationEntry, SlowMode, Suspension
from annotations.moving import Refused
from reader.models import Article, User
from tests.factories import make_annotation, make_article, make_editor, make_moderator, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator() -> User:
    return make_moderator()


@pytest.fixture
def panel(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


@pytest.fixture
def ada() -> User:
    return make_reader(username="ada")


@pytest.fixture
def article() -> Article:
    return make_article()


def told(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(name: str, reader: User) -> str:
    return reverse(name, args=[reader.username])


def states(reader: User) -> list[str]:
    return list(Annotation.objects.by(reader).values_list("state", flat=True))


def suspended(reader: User, *, by: User, scope: str = "rating") -> Suspension:
    until = timezone.now() + timedelta(days=3)
    return restraining.suspend(reader=reader, by=by, scope=scope, until=until, reason="Brigading.")


# The record


def test_a_record_tells_what_was_written_reported_and_decided(
    panel: Client, moderator: User, ada: User, article: Article
) -> None:
    hidden = make_annotation(article=article, creator=ada, body="Fools, all of them.")
    other = make_annotation(article=article)
    reporting.report(annotation=hidden, by=make_reader(username="bea"), reason="attack", details="Rude.")
    reporting.report(annotation=other, by=ada, reason="spam", details="Sells shoes.")
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason="An insult.")
    suspended(ada, by=moderator)
    page = told(panel.get(address("record", ada)))
    for words in ("Hidden by a moderator (1)", "“Rude.”", "“Sells shoes.” Waiting", "“An insult.”", "In force."):
        assert words in page


def test_a_record_narrows_to_one_state(panel: Client, moderator: User, ada: User, article: Article) -> None:
    make_annotation(article=article, creator=ada, body="Still there.")
    hidden = make_annotation(article=article, creator=ada, body="Gone.")
    moderating.hide(annotation=hidden, by=moderator, rule="attack", reason="An insult.")
    page = panel.get(f"{address('record', ada)}?state=published").content.decode()
    assert "Still there." in page
    assert f'<a href="{reverse("case", args=[hidden.pk])}">Note {hidden.pk}: Gone.</a> <small>' not in page
    assert panel.get(f"{address('record', ada)}?state=nonsense&page=x").status_code == 200


def test_a_record_asks_the_database_the_same_whatever_it_tells(
    panel: Client, ada: User, article: Article, moderator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for _ in range(3):
        for _ in range(4):
            annotation = make_annotation(article=article, creator=ada)
            reporting.report(annotation=annotation, by=make_reader(), reason="spam")
            moderating.hide(annotation=annotation, by=moderator, rule="attack", reason="An insult.")
        with django_assert_max_num_queries(20) as asked:
            panel.get(address("record", ada))
        counts.append(len(asked))
    assert len(set(counts)) == 1


@pytest.mark.parametrize("name", ["record", "purge", "suspend", "unpurge"])
def test_a_reader_who_is_not_there_is_404(panel: Client, name: str) -> None:
    ask = panel.post if name in {"suspend", "unpurge"} else panel.get
    assert ask(reverse(name, args=["nobody"])).status_code == 404


@pytest.mark.parametrize("name", ["record", "purge", "suspend", "unpurge"])
def test_records_are_for_moderators(client: Client, ada: User, name: str) -> None:
    assert "/accounts/login/" in client.post(address(name, ada))["Location"]
    editor = make_editor()
    User.objects.filter(pk=editor.pk).update(is_staff=True)
    client.force_login(editor)
    assert client.post(address(name, ada), {"reason": "No."}).status_code in {403, 405}
    assert not ModerationEntry.objects.exists()


# Suspending


def test_a_reader_is_suspended_until_the_end_of_a_day(panel: Client, ada: User) -> None:
    day = timezone.localdate() + timedelta(days=5)
    form = {"scope": "writing", "until": day.isoformat(), "reason": "Insults."}
    page = panel.post(address("suspend", ada), form, follow=True)
    assert "Suspended from writing: ada." in told(page)
    suspension = ada.suspensions.get()
    assert (timezone.localdate(suspension.until), suspension.reason) == (day, "Insults.")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": " "}, "Please say why"),
        ({"until": "tomorrow"}, "This is no day."),
        ({"until": ""}, "Choose a day."),
        ({"until": "2001-01-01"}, "Choose a day from tomorrow on"),
        ({"until": "9999-12-31"}, "Choose a day from tomorrow on"),
        ({"scope": "reading"}, "reading is not one of the available choices"),
    ],
)
def test_a_suspension_that_makes_no_sense_is_asked_again(
    panel: Client, ada: User, said: dict[str, str], sentence: str
) -> None:
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    page = panel.post(address("suspend", ada), {"scope": "writing", "until": day, "reason": "My words.", **said})
    assert page.status_code == 422
    assert sentence in told(page)
    assert said.get("reason") or "My words." in page.content.decode()
    assert not ada.suspensions.exists()


def test_moderators_are_not_suspended(panel: Client) -> None:
    colleague = make_moderator(username="colleague")
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    page = panel.post(address("suspend", colleague), {"scope": "writing", "until": day, "reason": "Insults."})
    assert page.status_code == 422
    assert not colleague.suspensions.exists()


def test_a_suspension_is_ended_with_a_reason(panel: Client, ada: User, moderator: User) -> None:
    suspension = suspended(ada, by=moderator)
    place = reverse("lift-suspension", args=[suspension.pk])
    assert panel.post(place, {"reason": ""}).status_code == 422
    page = panel.post(place, {"reason": "They asked kindly."}, follow=True)
    assert "No longer suspended from rating: ada." in told(page)
    assert not ada.suspensions.in_force().exists()


def test_who_is_suspended_from_rating_judges_nothing(ada: User, moderator: User, article: Article) -> None:
    annotation = make_annotation(article=article, kind="source")
    suspended(ada, by=moderator)
    refused = pytest.raises(NotAccepted, match="suspended your account from rating until")
    with refused:
        rating.rate(annotation=annotation, by=ada, value="helpful", reasons=["clear"])
    with refused:
        verdicts.give(source=annotation.sources.get(), by=ada, verdict="supports")
    assert not annotation.ratings.exists()


def test_who_is_suspended_from_rating_may_take_back_what_they_said(
    ada: User, moderator: User, article: Article
) -> None:
    annotation = make_annotation(article=article)
    rating.rate(annotation=annotation, by=ada, value="helpful", reasons=["clear"])
    suspended(ada, by=moderator)
    rating.take_back(annotation=annotation, by=ada)
    assert not annotation.ratings.exists()


def test_who_is_suspended_from_rating_still_writes(ada: User, moderator: User, article: Article) -> None:
    suspended(ada, by=moderator)
    assert make_annotation(article=article, creator=ada).is_published


def test_who_is_suspended_from_rating_is_told_where_they_rate(
    client: Client, ada: User, moderator: User, article: Article
) -> None:
    annotation = make_annotation(article=article)
    suspended(ada, by=moderator)
    client.force_login(ada)
    answer = client.post(reverse("rating", args=[annotation.pk]), {"value": "helpful", "reasons": ["clear"]})
    assert answer.status_code == 422
    assert "suspended your account from rating until" in told(answer)


# Purging


def test_a_purge_says_how_many_before_it_is_done(panel: Client, ada: User, article: Article) -> None:
    for _ in range(3):
        make_annotation(article=article, creator=ada)
    page = panel.get(address("purge", ada))
    assert "3 of 3 by ada would be marked as spam at once: they wrote 3 that are published." in told(page)
    assert states(ada) == ["published"] * 3


def test_a_purge_marks_everything_and_is_undone_by_a_button(panel: Client, ada: User, article: Article) -> None:
    kept = make_annotation(article=article, creator=ada)
    withdrawn = make_annotation(article=article, creator=ada)
    annotating.withdraw(annotation=withdrawn, by=ada)
    panel.post(address("purge", ada), {"batch": uuid.uuid4(), "reason": "Shoes, shoes, shoes."})
    assert states(ada) == ["spam", "withdrawn"]
    assert "Undo the purge" in told(panel.get(address("record", ada)))
    page = panel.post(address("unpurge", ada), {"reason": "The wrong account."}, follow=True)
    assert "Put back where it was: 1 by ada." in told(page)
    assert Annotation.objects.get(pk=kept.pk).is_published
    assert not ada.suspensions.in_force().exists()
    assert "Undo the purge" not in told(page)


def test_a_purge_sent_twice_is_one(panel: Client, ada: User, article: Article) -> None:
    make_annotation(article=article, creator=ada)
    form = {"batch": uuid.uuid4(), "reason": "Shoes."}
    panel.post(address("purge", ada), form)
    panel.post(address("purge", ada), form)
    assert ModerationEntry.objects.filter(action="purge").count() == 1
    assert ada.suspensions.count() == 1


def test_a_purge_needs_a_reason_and_keeps_its_name(panel: Client, ada: User, article: Article) -> None:
    make_annotation(article=article, creator=ada)
    batch = uuid.uuid4()
    page = panel.post(address("purge", ada), {"batch": batch, "reason": ""})
    assert page.status_code == 422
    assert str(batch) in page.content.decode()
    assert states(ada) == ["published"]


def test_undoing_a_purge_leaves_a_suspension_that_came_since(ada: User, moderator: User, article: Article) -> None:
    make_annotation(article=article, creator=ada)
    batch = restraining.purge(reader=ada, by=moderator, reason="Shoes.")
    suspended(ada, by=make_moderator(username="colleague"), scope="writing")
    restraining.unpurge(batch=batch, by=moderator, reason="No spam.")
    assert ada.suspensions.in_force().get().reason == "Brigading."


def test_where_no_purge_stands_there_is_nothing_to_undo(panel: Client, ada: User) -> None:
    page = panel.post(address("unpurge", ada), {"reason": "A mistake."}, follow=True)
    assert "No purge stands" in told(page)


# One article


def restraints(article: Article) -> str:
    return reverse("restraints", args=[article.slug])


def test_an_article_is_slowed_down_and_quickened(panel: Client, article: Article) -> None:
    page = panel.post(
        restraints(article), {"act": "slow", "seconds": "120", "hours": "6", "reason": "A storm."}, follow=True
    )
    assert "Slowed down: 120 seconds" in told(page)
    panel.post(restraints(article), {"act": "quicken", "reason": "It is over."})
    assert not SlowMode.objects.exists()


def test_an_article_is_closed_and_opened_with_a_line_of_the_log_each(
    panel: Client, article: Article, moderator: User
) -> None:
    for act, status in (("close", "closed"), ("reopen", "published")):
        before = Article.objects.get(pk=article.pk).activity
        panel.post(restraints(article), {"act": act, "reason": f"To {act} it."})
        current = Article.objects.get(pk=article.pk)
        assert (current.status, current.activity) == (status, before + 1)
    entries = ModerationEntry.objects.about(article)
    assert [(entry.action, entry.reason, entry.moderator) for entry in entries] == [
        ("open", "To reopen it.", moderator),
        ("close", "To close it.", moderator),
    ]


def test_closing_twice_writes_one_line(article: Article, moderator: User) -> None:
    for _ in range(2):
        restraining.close(article=article, by=moderator, reason="A storm.")
    assert ModerationEntry.objects.about(article).count() == 1


def test_what_editors_put_away_is_theirs_to_open(panel: Client, article: Article, moderator: User) -> None:
    Article.objects.filter(pk=article.pk).update(status="archived")
    with pytest.raises(Refused, match="theirs to open"):
        restraining.reopen(article=article, by=moderator, reason="Open.")
    page = panel.post(restraints(article), {"act": "reopen", "reason": "Open."})
    assert page.status_code == 422


@pytest.mark.parametrize("act", ["close", "reopen", "slow", "quicken"])
def test_only_moderators_restrain_an_article(article: Article, act: str) -> None:
    further: dict[str, Any] = {"seconds": 60, "until": timezone.now() + timedelta(hours=1)} if act == "slow" else {}
    with pytest.raises(PermissionDenied):
        getattr(restraining, act)(article=article, by=make_editor(), reason="A storm.", **further)
    assert not ModerationEntry.objects.exists()


@pytest.mark.parametrize(
    "form",
    [{"act": "close", "reason": ""}, {"act": "explode", "reason": "Boom."}, {}, {"act": "slow", "seconds": "1"}],
    ids=["without a reason", "no act", "nothing", "no pause"],
)
def test_what_makes_no_sense_changes_nothing_about_an_article(
    panel: Client, article: Article, form: dict[str, str]
) -> None:
    assert panel.post(restraints(article), form).status_code == 422
    assert not ModerationEntry.objects.exists()


# Words that are watched, templates and sites


def test_watched_words_are_added_once_whatever_their_capitals(panel: Client) -> None:
    place = reverse("admin:annotations_watchedterm_add")
    assert panel.post(place, {"words": " Cheap   Shoes ", "note": ""}).status_code == 302
    assert "These words are watched already." in told(panel.post(place, {"words": "cheap shoes", "note": ""}))
    assert "Write at least one letter or figure." in told(panel.post(place, {"words": "…", "note": ""}))


@pytest.mark.parametrize("model", ["reasontemplate", "watchedterm", "knownsite", "suspension", "appeal"])
def test_moderators_have_the_lists_of_their_trade(panel: Client, model: str) -> None:
    assert panel.get(reverse(f"admin:annotations_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["knownsite", "suspension", "appeal"])
def test_what_comes_of_acts_is_not_added_by_hand(panel: Client, model: str) -> None:
    assert panel.get(reverse(f"admin:annotations_{model}_add")).status_code == 403


def test_a_template_is_added_changed_and_deleted(panel: Client) -> None:
    place = reverse("admin:annotations_reasontemplate_add")
    answer = panel.post(place, {"title": "Shouting", "rule": "attack", "words": "Please do not shout."})
    assert answer.status_code == 302
    assert "Shouting" in told(panel.get(reverse("admin:annotations_reasontemplate_changelist")))

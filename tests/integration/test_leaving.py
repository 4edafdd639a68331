"""Leaving: the account is closed, can be had back for a week, and is removed after that."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations import copying, following, moderating, muting, positions, reporting, restraining, verdicts
from annotations.models import Annotation, Export, ModerationEntry, Mute, Position, SourceVerdict, Subscription
from reader import leaving
from reader.leaving import NotLeaving
from reader.models import Departure, Name, SignIn, User
from tests.factories import PASSWORD, make_annotation, make_moderator, make_reader, make_reply, make_source

pytestmark = pytest.mark.django_db

PAGE = "/accounts/leave/"


@pytest.fixture
def ada() -> User:
    reader = make_reader(username="ada")
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)
    return reader


@pytest.fixture
def browser(client: Client, ada: User) -> Client:
    """Give a browser in which ada is signed in and has shown her password."""
    client.force_login(ada)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


# The page


@pytest.mark.parametrize(("words", "is_withdrawing"), [("leave", False), ("withdraw", True)])
def test_who_leaves_is_signed_out_and_has_a_week(
    browser: Client,
    ada: User,
    mailoutbox: list[EmailMessage],
    words: str,
    is_withdrawing: bool,  # noqa: FBT001
) -> None:
    page = browser.post(PAGE, {"words": words}, follow=True).content.decode()
    assert "Your account is closed. Sign in before" in page
    departure = Departure.objects.get(reader=ada, is_withdrawing=is_withdrawing)
    assert departure.due_at - timezone.now() > timedelta(days=6, hours=23)
    assert not is_in(browser)
    assert mailoutbox[-1].subject == "Your account on Gloss is closed, and goes in a week"
    assert "call it off" in str(mailoutbox[-1].body)


def test_what_becomes_of_the_words_must_be_said(browser: Client, ada: User) -> None:
    page = browser.post(PAGE, {"words": "burn"})
    assert page.status_code == 422
    assert "Please choose what becomes" in page.content.decode()
    assert not Departure.objects.exists()


def test_the_password_is_asked_for_first(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.post(PAGE, {"words": "leave"})["Location"].startswith(reverse("account_reauthenticate"))
    assert not Departure.objects.exists()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"].startswith(reverse("account_login"))


def test_a_wrong_method_is_refused(browser: Client) -> None:
    assert browser.delete(PAGE).status_code == 405
    assert browser.delete(reverse("account-reopen")).status_code == 405
    assert browser.post(reverse("account-data")).status_code == 405


# Meanwhile


def test_a_closed_account_s_pages_show_nothing_and_its_name_leads_nowhere(client: Client, ada: User) -> None:
    annotation = make_annotation(creator=ada)
    leaving.announce(reader=ada, is_withdrawing=False)
    assert client.get("/readers/ada/").status_code == 404
    assert 'href="/readers/ada/"' not in client.get(annotation.get_absolute_url()).content.decode()


def test_all_sessions_end(browser: Client, ada: User) -> None:
    leaving.announce(reader=ada, is_withdrawing=False)
    assert not is_in(browser)
    assert not SignIn.objects.exists()


def test_leaving_twice_is_leaving_once(ada: User) -> None:
    first = leaving.announce(reader=ada, is_withdrawing=False)
    assert leaving.announce(reader=ada, is_withdrawing=True) == first


# Called off


def test_signing_in_asks_and_opens_the_account_again(client: Client, ada: User) -> None:
    leaving.announce(reader=ada, is_withdrawing=True)
    asked = sign_in(client)
    assert asked["Location"] == reverse("account-reopen")
    assert "Do you want your account back?" in client.get(reverse("account-reopen")).content.decode()
    assert not is_in(client)
    client.post(reverse("account-reopen"))
    sign_in(client)
    assert is_in(client)
    assert not Departure.objects.exists()


def test_only_who_has_shown_the_password_opens_it_again(client: Client, ada: User) -> None:
    leaving.announce(reader=ada, is_withdrawing=True)
    assert client.post(reverse("account-reopen"))["Location"] == reverse("account_login")
    sign_in(client, password="wrong")
    client.post(reverse("account-reopen"))
    assert Departure.objects.exists()


def test_an_account_that_a_moderator_closed_is_not_opened(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(client)["Location"] == reverse("account_inactive")
    assert not leaving.call_off(reader=ada)
    ada.refresh_from_db()
    assert not ada.is_active


def test_after_calling_off_all_is_as_it_was(ada: User) -> None:
    annotation = make_annotation(creator=ada)
    leaving.announce(reader=ada, is_withdrawing=True)
    leaving.call_off(reader=ada)
    call_command("remove_accounts", verbosity=0)
    annotation.refresh_from_db()
    assert (annotation.state, str(annotation.creator)) == ("published", "ada")


# Removed


def test_before_the_week_is_over_nothing_is_removed(ada: User) -> None:
    leaving.announce(reader=ada, is_withdrawing=False)
    call_command("remove_accounts", verbosity=0)
    assert User.objects.filter(username="ada").exists()


def test_what_is_personal_is_gone(ada: User) -> None:
    copying.ask(reader=ada)
    path = Export.objects.get().path
    following.follow_person(follower=ada, person=make_reader())
    muting.mute(reader=make_reader(), person=ada)
    remove(ada)
    assert (ada.username, ada.email, ada.is_active) == (f"former-reader-{ada.pk}", "", False)
    assert not ada.has_usable_password()
    for rows in (EmailAddress.objects.filter(user=ada), Subscription.objects, Mute.objects, Export.objects):
        assert not rows.exists()
    assert not path.exists()
    assert not Name.objects.filter(username="ada").exists()


def test_a_removed_account_s_names_are_nobody_s_for_a_year(ada: User) -> None:
    remove(ada)
    assert User.objects.is_taken("ada")
    assert User.objects.bearing("ada") is None


def test_what_they_wrote_stays_under_former_reader_without_a_link(client: Client, ada: User) -> None:
    annotation = make_annotation(creator=ada, body="Worth knowing.")
    remove(ada)
    page = client.get(annotation.get_absolute_url()).content.decode()
    margin = client.get(annotation.article.get_absolute_url()).content.decode()
    assert "Worth knowing." in page
    assert '<bdi class="who">former reader</bdi>' in margin
    for text in (page, margin):
        assert "former reader" in text
        assert "former-reader" not in text
        assert "ada" not in text.replace("data", "").replace("metadata", "")


def test_what_they_wrote_is_withdrawn_if_they_wish(client: Client, ada: User) -> None:
    annotation = make_annotation(creator=ada, body="Loud words.")
    make_reply(parent=annotation)
    remove(ada, is_withdrawing=True)
    annotation.refresh_from_db()
    assert annotation.state == Annotation.State.WITHDRAWN
    assert "Loud words." not in client.get(annotation.get_absolute_url()).content.decode()


def test_what_they_said_of_others_words_goes_and_is_counted_anew(ada: User) -> None:
    annotation = make_annotation(kind="source", sources=[make_source()])
    source = annotation.sources.get()
    verdicts.give(source=source, by=ada, verdict="supports")
    positions.take(annotation=annotation, by=ada, is_agreeing=True)
    before = article_activity(annotation)
    remove(ada)
    source.refresh_from_db()
    assert not source.is_verified
    assert not SourceVerdict.objects.exists()
    assert not Position.objects.exists()
    assert article_activity(annotation) > before


def test_decisions_keep_standing_by_former_reader() -> None:
    make_moderator(username="other")
    warden = make_moderator()
    moderating.hide(annotation=make_annotation(), by=warden, rule="attack", reason="An insult.")
    remove(warden)
    entry = ModerationEntry.objects.get()
    assert (str(entry.moderator), entry.reason) == ("former reader", "An insult.")


def test_removing_again_does_nothing(ada: User) -> None:
    departure = leaving.announce(reader=ada, is_withdrawing=False)
    remove(ada)
    leaving.remove_account.call(departure.pk)
    assert leaving.carry_out_due() == 0


def test_nobody_signs_in_to_what_is_left(client: Client, ada: User) -> None:
    remove(ada)
    for login in ("ada", "ada@example.org", ada.username):
        sign_in(client, login=login)
        assert not is_in(client)


# Refused


def test_a_sample_account_stays() -> None:
    with pytest.raises(NotLeaving, match="sample"):
        leaving.announce(reader=User.objects.create_user("sample-a", is_sample=True), is_withdrawing=False)


def test_the_last_superuser_stays() -> None:
    root = make_reader(is_superuser=True)
    with pytest.raises(NotLeaving, match="give rights"):
        leaving.announce(reader=root, is_withdrawing=False)
    make_reader(is_superuser=True)
    leaving.announce(reader=root, is_withdrawing=False)


def test_the_last_moderator_decides_about_reports_first(client: Client) -> None:
    warden = make_moderator()
    report = reporting.report(annotation=make_annotation(), by=make_reader(), reason="spam")
    assert report
    client.force_login(warden)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Reports wait for a decision" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"words": "leave"}).status_code == 422
    make_moderator(username="other")
    leaving.announce(reader=warden, is_withdrawing=False)


# What is stored


def test_everybody_can_read_what_is_stored(client: Client) -> None:
    page = client.get(reverse("account-data")).content.decode()
    assert "What is stored, and why" in page
    assert "for 30 days" in page


def test_the_account_s_page_has_all_the_ways(browser: Client) -> None:
    page = browser.get(reverse("account")).content.decode()
    for name in (
        "account-name",
        "account_email",
        "account_change_password",
        "mfa_index",
        "account-sessions",
        "notices",
    ):
        assert f'href="{reverse(name)}"' in page
    for name in ("following", "muted", "exports", "account-data", "account-leave"):
        assert f'href="{reverse(name)}"' in page


def remove(reader: User, *, is_withdrawing: bool = False) -> None:
    """Let a reader leave, and the week go by."""
    leaving.announce(reader=reader, is_withdrawing=is_withdrawing)
    Departure.objects.update(due_at=timezone.now())
    call_command("remove_accounts", verbosity=0)
    reader.refresh_from_db()


def sign_in(client: Client, *, login: str = "ada", password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password})


def is_in(client: Client) -> bool:
    request = HttpRequest()
    request.session = client.session
    return get_user(request).is_authenticated


def article_activity(annotation: Annotation) -> int:
    annotation.article.refresh_from_db()
    return annotation.article.activity


# Accounts that nobody came into


@pytest.fixture
def waiting(settings: Any) -> User:
    """Give an account that was made more than a month ago and has waited ever since for somebody to confirm it."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    reader = make_reader(username="waiting", date_joined=timezone.now() - leaving.UNCONFIRMED_KEPT_FOR)
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True)
    return reader


def test_an_account_that_nobody_confirmed_within_a_month_is_removed_with_its_name(waiting: User) -> None:
    call_command("remove_accounts", verbosity=0)
    assert not User.objects.filter(pk=waiting.pk).exists()
    assert not EmailAddress.objects.exists()
    assert not User.objects.is_taken("waiting")


@pytest.mark.parametrize(
    "kept",
    [
        {"date_joined": timezone.now() - timedelta(days=29)},
        {"last_login": timezone.now()},
        {"is_staff": True},
        {"is_sample": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_somebody_may_still_come_into_or_has_stays(waiting: User, kept: dict[str, Any]) -> None:
    User.objects.filter(pk=waiting.pk).update(**kept)
    assert leaving.remove_unconfirmed() == 0


def test_a_confirmed_account_stays_and_so_does_one_where_nobody_has_to_confirm(waiting: User, settings: Any) -> None:
    EmailAddress.objects.update(verified=True)
    assert leaving.remove_unconfirmed() == 0
    EmailAddress.objects.update(verified=False)
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    assert leaving.remove_unconfirmed() == 0


def test_an_account_that_the_log_speaks_of_stays(waiting: User) -> None:
    until = timezone.now() + timedelta(days=3)
    by = make_moderator()
    restraining.suspend(reader=waiting, by=by, scope="writing", until=until, reason="A name that insults.")
    assert leaving.remove_unconfirmed() == 0
    assert User.objects.filter(pk=waiting.pk).exists()

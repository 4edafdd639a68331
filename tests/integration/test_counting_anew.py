"""What is counted of readers' words, after an account was closed, opened again or deleted."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import verdicts
from annotations.models import Source
from reader.models import Article, User
from tests.factories import make_annotation, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    """Give a source that two readers looked at: ada bears it out, and ben could not open it."""
    found: Source = make_annotation(kind="source").sources.get()
    verdicts.give(source=found, by=make_reader(username="ada"), verdict="supports")
    verdicts.give(source=found, by=make_reader(username="ben"), verdict="could not open")
    return found


def is_verified(source: Source) -> bool:
    return Source.objects.get(pk=source.pk).is_verified


def close(username: str) -> None:
    account = User.objects.get(username=username)
    account.is_active = False
    account.save()


def activity(source: Source) -> int:
    return Article.objects.get(pk=source.annotation.article_id).activity


def test_what_a_closed_account_said_no_longer_verifies(source: Source) -> None:
    assert is_verified(source)
    close("ada")
    assert not is_verified(source)


def test_an_account_opened_again_counts_again(source: Source) -> None:
    close("ada")
    account = User.objects.get(username="ada")
    account.is_active = True
    account.save(update_fields=["is_active"])
    assert is_verified(source)


def test_what_a_deleted_account_said_no_longer_verifies(source: Source) -> None:
    User.objects.get(username="ada").delete()
    assert not is_verified(source)


def test_accounts_deleted_together_no_longer_verify(source: Source) -> None:
    User.objects.filter(username__in=["ada", "ben"]).delete()
    assert not is_verified(source)


def test_an_account_closed_in_the_panel_no_longer_counts(client: Client, source: Source) -> None:
    client.force_login(User.objects.create_superuser("root", "root@example.org", "correct horse battery"))
    ada = User.objects.get(username="ada")
    form = {"email": ada.email, "date_joined_0": "2026-01-01", "date_joined_1": "12:00:00"}
    response = client.post(reverse("admin:reader_user_change", args=[ada.pk]), form)
    assert response.status_code == 302
    assert not is_verified(source)


def test_closing_an_account_gives_the_page_a_new_activity(source: Source) -> None:
    before = activity(source)
    close("ada")
    assert activity(source) > before


def test_an_account_saved_for_another_reason_counts_nothing_anew(source: Source) -> None:
    before = activity(source)
    account = User.objects.get(username="ada")
    account.email = "ada@example.net"
    account.save()
    assert (activity(source), is_verified(source)) == (before, True)


def test_signing_in_asks_nothing_about_what_is_counted(source: Source) -> None:
    account = User.objects.get(username="ada")
    with CaptureQueriesContext(connection) as queries:
        account.save(update_fields=["last_login"])
    assert len(queries) == 1

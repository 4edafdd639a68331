"""The panel's pages for people and texts, and the commands that make accounts."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from reader import publishing
from reader.models import Article, User
from tests.factories import PASSWORD, make_article, make_document, make_moderator, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client: Client) -> User:
    """Sign in as the superuser."""
    owner = User.objects.create_superuser("warden", "warden@example.org", PASSWORD)
    client.force_login(owner)
    return owner


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("admin", "kept for the site itself"),
        ("rnichael", "taken, or looks like one"),
        ("paypаl", "keep to one alphabet"),
        ("an\u200dna", "invisible"),
    ],
)
def test_a_new_account_obeys_the_rules_for_names(client: Client, name: str, why: str) -> None:
    make_reader(username="michael")
    page = client.post(reverse("admin:reader_user_add"), new_account(name))
    assert why in page.content.decode()
    assert not User.objects.filter(username=name).exists()


@pytest.mark.usefixtures("owner")
def test_a_new_accounts_name_is_kept_in_its_one_spelling(client: Client) -> None:
    client.post(reverse("admin:reader_user_add"), new_account("Ａｎｎａ"))
    assert User.objects.get(username="anna").check_password(PASSWORD)


@pytest.mark.usefixtures("owner")
def test_an_account_with_a_reserved_name_can_still_be_changed(client: Client) -> None:
    moderator = make_moderator(username="moderator")
    answer = client.post(page_of(moderator), account(moderator, email="new@example.org"))
    moderator.refresh_from_db()
    assert (answer.status_code, moderator.email) == (302, "new@example.org")


@pytest.mark.usefixtures("owner")
def test_an_account_is_never_deleted(client: Client) -> None:
    assert client.post(reverse("admin:reader_user_delete", args=[make_reader().pk])).status_code == 403


@pytest.mark.usefixtures("owner")
def test_a_name_stays_as_it_was_given(client: Client) -> None:
    reader = make_reader(username="michael")
    client.post(page_of(reader), account(reader, username="somebody", email="new@example.org"))
    reader.refresh_from_db()
    assert (reader.username, reader.email) == ("michael", "new@example.org")


@pytest.mark.usefixtures("owner")
def test_a_name_that_somebody_takes_in_between_is_asked_for_again(client: Client) -> None:
    def be_first(**_: object) -> None:
        pre_save.disconnect(be_first, sender=User)
        raise IntegrityError

    pre_save.connect(be_first, sender=User)
    answer = client.post(reverse("admin:reader_user_add"), new_account("michael"))
    assert answer.status_code == 302
    assert User.objects.filter(username="michael").exists()


def test_only_a_superuser_gives_powers(client: Client) -> None:
    warden = make_warden()
    client.force_login(warden)
    client.post(page_of(warden), account(warden, is_superuser="on", email="new@example.org"))
    warden.refresh_from_db()
    assert (warden.is_superuser, warden.email) == (False, "new@example.org")


def test_only_a_superuser_changes_a_superuser(client: Client, owner: User) -> None:
    client.force_login(make_warden())
    assert client.post(page_of(owner), account(owner, email="new@example.org")).status_code == 403


@pytest.mark.usefixtures("owner")
def test_a_publisher_put_right_is_on_the_page_at_once(client: Client) -> None:
    article = make_article()
    article.refresh_from_db()
    answer = client.post(
        reverse("admin:reader_article_change", args=[article.pk]), beside(article, publisher="The Bridge Herald")
    )
    assert answer.status_code == 302
    assert "The Bridge Herald" in client.get(article.get_absolute_url()).content.decode()
    assert Article.objects.get().activity == article.activity + 1


@pytest.mark.usefixtures("owner")
def test_what_readers_do_while_the_panel_saves_is_not_undone(client: Client) -> None:
    article = make_article()
    article.refresh_from_db()

    def post_meanwhile(**_: object) -> None:
        article.touch()

    pre_save.connect(post_meanwhile, sender=Article)
    client.post(reverse("admin:reader_article_change", args=[article.pk]), beside(article, publisher="The Herald"))
    pre_save.disconnect(post_meanwhile, sender=Article)
    assert Article.objects.get().activity == article.activity + 2


@pytest.mark.usefixtures("owner")
def test_an_articles_text_and_address_are_shown_and_not_changed(client: Client) -> None:
    article = make_article()
    address = reverse("admin:reader_article_change", args=[article.pk])
    client.post(address, beside(article, slug="elsewhere"))
    assert Article.objects.get().slug == article.slug
    assert "A Short Title" in client.get(address).content.decode()


@pytest.mark.usefixtures("owner")
def test_the_address_of_an_article_changes_as_long_as_nobody_has_seen_it(client: Client) -> None:
    article = publishing.open_article(make_document("The toll should go."))
    address = reverse("admin:reader_article_change", args=[article.pk])
    client.post(address, beside(article, slug="elsewhere"))
    assert Article.objects.get().slug == "elsewhere"


@pytest.mark.usefixtures("owner")
def test_an_articles_page_says_its_status_and_leads_to_the_desk(client: Client) -> None:
    article = make_article()
    for address in (
        reverse("admin:reader_article_change", args=[article.pk]),
        reverse("admin:reader_article_changelist"),
    ):
        page = client.get(address).content.decode()
        assert "Published" in page
        assert f'href="{reverse("desk")}"' in page


@pytest.mark.usefixtures("owner")
def test_articles_are_neither_added_nor_deleted_in_the_panel(client: Client) -> None:
    article = make_article()
    assert client.get(reverse("admin:reader_article_add")).status_code == 403
    assert client.post(reverse("admin:reader_article_delete", args=[article.pk])).status_code == 403


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("model", ["user", "article"])
def test_the_lists_take_as_many_queries_for_many_as_for_few(
    client: Client, model: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        make_reader()
        make_article(text=f"Title {number}\n\nOne sentence of the body, number {number}.\n")
    with django_assert_max_num_queries(10):
        assert client.get(reverse(f"admin:reader_{model}_changelist")).status_code == 200


def test_a_name_is_kept_in_its_one_spelling_however_it_comes() -> None:
    assert User.objects.create(username="ＡＮＮＡ").username == "anna"


def test_a_command_keeps_a_name_in_its_one_spelling_and_may_use_a_reserved_one() -> None:
    call_command("createsuperuser", "--noinput", username="Ｍｏｄｅｒａｔｏｒ", email="warden@example.org")
    assert User.objects.get().username == "moderator"


@pytest.mark.parametrize(("name", "why"), [("rnichael", "already taken"), ("paypаl", "one alphabet")])
def test_a_command_is_refused_a_bad_name(name: str, why: str) -> None:
    make_reader(username="michael")
    with pytest.raises(CommandError, match=why):
        call_command("createsuperuser", "--noinput", username=name, email="warden@example.org")


def make_warden() -> User:
    """Make somebody of the staff who may change accounts, and is no superuser."""
    warden = make_reader(is_staff=True)
    warden.user_permissions.add(Permission.objects.get(codename="change_user", content_type__app_label="reader"))
    return warden


def new_account(name: str) -> dict[str, str]:
    return {
        "username": name,
        "email": "new@example.org",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }


def page_of(reader: User) -> str:
    return reverse("admin:reader_user_change", args=[reader.pk])


def account(reader: User, **changes: str) -> dict[str, str]:
    return {"username": reader.username, "email": reader.email, "is_active": "on"} | changes


def beside(article: Article, **changes: str) -> dict[str, str]:
    return {
        "publisher": article.publisher,
        "original_url": article.original_url,
        "language": article.language,
        "revisions-TOTAL_FORMS": "0",
        "revisions-INITIAL_FORMS": "0",
    } | changes

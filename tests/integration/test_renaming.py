"""Another name: who may take which, when, and what then stands where."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import following
from annotations.models import Subscription
from reader import renaming
from reader.models import Article, Name, User
from reader.models.names import KEPT_FOR
from reader.renaming import AT_MOST_EVERY, NotRenamed
from tests.factories import PASSWORD, make_annotation, make_article, make_reader

pytestmark = pytest.mark.django_db

PAGE = "/accounts/name/"


@pytest.fixture
def ada(client: Client) -> User:
    """Give ada, signed in and with her password shown."""
    reader = make_reader(username="ada")
    client.force_login(reader)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return reader


# The page


def test_a_reader_takes_another_name(client: Client, ada: User) -> None:
    answer = client.post(PAGE, {"username": "Ada.Lovelace"})
    assert answer["Location"] == reverse("account")
    ada.refresh_from_db()
    assert ada.username == "ada.lovelace"


def test_the_page_says_what_will_happen(client: Client, ada: User) -> None:
    page = client.get(PAGE).content.decode()
    assert "You are <bdi>ada</bdi> here." in page
    assert "after 30 days" in page


def test_before_the_name_changes_the_password_is_asked_for_and_then_it_goes_on(client: Client) -> None:
    client.force_login(make_reader(username="ada"))
    asked = client.post(PAGE, {"username": "lovelace"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(username="ada").exists()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": PAGE})
    assert User.objects.filter(username="lovelace").exists()


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"{reverse('account_login')}?next={PAGE}"


@pytest.mark.usefixtures("ada")
def test_a_wrong_method_is_refused(client: Client) -> None:
    assert client.delete(PAGE).status_code == 405


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    ("username", "why"),
    [
        ("", "This field is required"),
        ("a b c", "cannot be part of a name"),
        ("admin", "kept for the site itself"),
        ("former-reader-9", "kept for the site itself"),
        ("f0rmer.reader", "kept for the site itself"),
        ("rnichael", "taken, or looks like one"),
        ("ab", "3 to 30 characters"),
        ("\x00ada", "Null characters"),
    ],
)
def test_a_bad_name_says_why_and_keeps_what_was_typed(client: Client, username: str, why: str) -> None:
    make_reader(username="michael")
    page = client.post(PAGE, {"username": username})
    assert page.status_code == 422
    assert why in page.content.decode()
    assert f'value="{username}"' in page.content.decode() or username in {"", "\x00ada"}


@pytest.mark.usefixtures("ada")
def test_the_account_s_page_leads_there(client: Client) -> None:
    assert f'href="{PAGE}"' in client.get(reverse("account")).content.decode()


# Whose a name is


def test_the_name_that_one_has_changes_nothing(ada: User) -> None:
    renaming.rename(reader=ada, username="ADA")
    assert renaming.next_at(ada) is None


@pytest.mark.parametrize("wanted", ["ada", "ADA", "аdа".replace("а", "a")])
def test_a_name_that_was_given_up_is_nobody_else_s(ada: User, wanted: str) -> None:
    renaming.rename(reader=ada, username="lovelace")
    with pytest.raises(NotRenamed, match="taken"):
        renaming.rename(reader=make_reader(), username=wanted)


def test_what_looks_like_a_name_that_was_given_up_is_nobody_else_s(client: Client) -> None:
    renaming.rename(reader=make_reader(username="michael"), username="lovelace")
    form = {"username": "rnichael", "email": "new@example.org", "password1": PASSWORD}
    assert "taken, or looks like one" in client.post(reverse("account_signup"), form).content.decode()


def test_the_panel_gives_nobody_a_name_that_is_kept(admin_client: Client) -> None:
    renaming.rename(reader=make_reader(username="ada"), username="lovelace")
    form = {"username": "ada", "email": "", "usable_password": "false"}
    page = admin_client.post(reverse("admin:reader_user_add"), form).content.decode()
    assert "taken, or looks like one" in page


def test_after_a_year_a_name_is_free(ada: User) -> None:
    renaming.rename(reader=ada, username="lovelace")
    Name.objects.filter(username="ada").update(given_up_at=timezone.now() - KEPT_FOR)
    other = renaming.rename(reader=make_reader(), username="ada")
    assert User.objects.bearing("ada") == other


def test_who_gave_a_name_up_may_take_it_back(ada: User) -> None:
    renaming.rename(reader=ada, username="lovelace")
    later(ada)
    assert renaming.rename(reader=ada, username="ada").username == "ada"
    assert User.objects.bearing("lovelace") == ada


def test_a_name_that_looks_like_one_s_own_may_be_taken() -> None:
    reader = make_reader(username="michael")
    assert renaming.rename(reader=reader, username="rnichael").username == "rnichael"


def test_a_name_changes_once_in_a_while(client: Client, ada: User) -> None:
    client.post(PAGE, {"username": "lovelace"})
    page = client.post(PAGE, {"username": "countess"})
    assert "You changed your name lately" in page.content.decode()
    later(ada)
    client.post(PAGE, {"username": "countess"})
    ada.refresh_from_db()
    assert ada.username == "countess"


def test_a_sample_account_keeps_its_name() -> None:
    with pytest.raises(NotRenamed, match="sample"):
        renaming.rename(reader=User.objects.create_user("sample-a", is_sample=True), username="ada")


def test_of_two_who_want_one_name_at_once_the_second_is_refused(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_reader(username="berta")
    # Between the look and the writing comes the rival.
    monkeypatch.setattr(renaming, "_check", rival(other, monkeypatch))
    with pytest.raises(NotRenamed, match="taken"):
        renaming.rename(reader=ada, username="lovelace")
    ada.refresh_from_db()
    assert ada.username == "ada"


def test_a_name_that_is_kept_is_refused_by_the_database_itself(ada: User) -> None:
    renaming.rename(reader=ada, username="lovelace")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ada")
    assert User.objects.filter(username="ada").count() == 0


# Where it stands


def test_the_old_name_leads_to_the_new_one_for_a_while(client: Client, ada: User) -> None:
    renaming.rename(reader=ada, username="lovelace")
    answer = client.get("/readers/ada/")
    assert (answer.status_code, answer["Location"]) == (302, "/readers/lovelace/")
    Name.objects.filter(username="ada").update(given_up_at=timezone.now() - KEPT_FOR)
    assert client.get("/readers/ada/").status_code == 404


def test_the_old_name_of_who_is_not_here_leads_nowhere(client: Client, ada: User) -> None:
    renamed = renaming.rename(reader=ada, username="lovelace")
    renamed.is_active = False
    renamed.save()
    assert client.get("/readers/ada/").status_code == 404


def test_who_is_followed_by_the_old_name_is_followed(client: Client, ada: User) -> None:
    follower = make_reader()
    following.follow_person(follower=follower, person=ada)
    renaming.rename(reader=ada, username="lovelace")
    client.force_login(follower)
    client.post(reverse("follow-person", args=["ada"]), {"act": "unfollow"})
    assert not Subscription.objects.exists()


def test_a_kept_page_shows_the_new_name_at_once(client: Client) -> None:
    ada = make_reader(username="ada")
    article = make_annotation(creator=ada).article
    assert "ada" in text_of(article)
    renaming.rename(reader=ada, username="lovelace")
    assert '<bdi class="who">lovelace</bdi>' in text_of(article)


def test_every_article_they_wrote_beside_is_shown_anew_and_no_other() -> None:
    ada, other = make_reader(username="ada"), article_called("other")
    articles = [make_annotation(article=article_called(slug), creator=ada).article for slug in ("one", "two")]
    before = activities()
    renaming.rename(reader=ada, username="lovelace")
    after = activities()
    assert [after[article.pk] - before[article.pk] for article in articles] == [1, 1]
    assert after[other.pk] == before[other.pk]


def test_showing_anew_takes_as_many_queries_for_many_articles_as_for_one() -> None:
    numbers = []
    for number in (1, 4):
        reader = make_reader()
        for place in range(number):
            make_annotation(article=article_called(f"a{number}-{place}"), creator=reader)
        with CaptureQueriesContext(connection) as queries:
            renaming.rename(reader=reader, username=f"lovelace{number}")
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_mention_of_the_old_name_stays_as_it_was_written(client: Client) -> None:
    ada = make_reader(username="ada")
    annotation = make_annotation(body="As ada says.")
    renaming.rename(reader=ada, username="lovelace")
    assert "As ada says." in client.get(annotation.get_absolute_url()).content.decode()


def article_called(slug: str) -> Article:
    return make_article(slug=slug, text=f"{slug}\n\nThis is the text of {slug}.")


def later(reader: User) -> None:
    """Let the time pass after which a name may change again."""
    User.objects.filter(pk=reader.pk).update(renamed_at=timezone.now() - AT_MOST_EVERY - timedelta(minutes=1))


def rival(other: User, patch: pytest.MonkeyPatch) -> Any:
    """Give a check in which somebody else takes the name meanwhile."""

    def check(*_: object) -> None:
        patch.undo()
        renaming.rename(reader=other, username="lovelace")

    return check


def activities() -> dict[int, int]:
    return dict(Article.objects.values_list("pk", "activity"))


def text_of(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()

"""Muting people: what is folded for whom, who hears of it, and the way back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import following, muting, notifying
from annotations.models import Annotation, Mute, Notice, Subscription
from reader.models import User
from tests.factories import make_annotation, make_reader, make_reply

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def viewer(client: Client) -> User:
    reader = make_reader(username="berta")
    client.force_login(reader)
    return reader


@pytest.fixture
def ada() -> User:
    return make_reader(username="ada")


# The button


def test_somebody_is_muted_and_heard_from_again(client: Client, viewer: User, ada: User) -> None:
    client.post(reverse("mute", args=["ada"]), {"act": "mute"})
    assert muting.is_muting(reader=viewer, person=ada)
    client.post(reverse("mute", args=["ada"]), {"act": "unmute"})
    assert not Mute.objects.exists()


@pytest.mark.usefixtures("viewer", "ada")
def test_the_button_leads_back_to_where_it_stood(client: Client) -> None:
    answer = client.post(reverse("mute", args=["ada"]), {"act": "mute", "next": "/articles/bridge/p1/#annotation-3"})
    assert answer["Location"] == "/articles/bridge/p1/#annotation-3"


@pytest.mark.usefixtures("viewer", "ada")
@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", ""])
def test_the_button_leads_nowhere_else(client: Client, wanted: str) -> None:
    answer = client.post(reverse("mute", args=["ada"]), {"act": "mute", "next": wanted})
    assert answer["Location"] == "/readers/ada/"


@pytest.mark.usefixtures("viewer", "ada")
def test_for_htmx_the_button_becomes_the_other_one(client: Client) -> None:
    page = client.post(reverse("mute", args=["ada"]), {"act": "mute", "at": "7"}, headers=HTMX).content.decode()
    assert page.count("<form") == 1
    assert 'id="mute-7">Unmute ada' in page


def test_muting_twice_is_muting_once(viewer: User, ada: User) -> None:
    muting.mute(reader=viewer, person=ada)
    muting.mute(reader=viewer, person=ada)
    assert Mute.objects.count() == 1


@pytest.mark.usefixtures("viewer")
def test_nobody_mutes_themselves(client: Client) -> None:
    page = client.post(reverse("mute", args=["berta"]), {"act": "mute"}, follow=True)
    assert "You cannot mute yourself." in page.content.decode()
    assert not Mute.objects.exists()


@pytest.mark.usefixtures("ada")
def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.post(reverse("mute", args=["ada"]))["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("muted"))["Location"].startswith(reverse("account_login"))


@pytest.mark.usefixtures("viewer")
def test_who_is_not_here_cannot_be_muted(client: Client) -> None:
    make_reader(username="gone", is_active=False)
    assert client.post(reverse("mute", args=["gone"]), {"act": "mute"}).status_code == 404
    assert client.post(reverse("mute", args=["nobody"]), {"act": "mute"}).status_code == 404


@pytest.mark.usefixtures("viewer", "ada")
def test_a_wrong_method_is_refused(client: Client) -> None:
    assert client.get(reverse("mute", args=["ada"])).status_code == 405
    assert client.post(reverse("muted")).status_code == 405


def test_muting_ends_following_and_following_ends_muting(viewer: User, ada: User) -> None:
    following.follow_person(follower=viewer, person=ada)
    muting.mute(reader=viewer, person=ada)
    assert not Subscription.objects.exists()
    following.follow_person(follower=viewer, person=ada)
    assert not Mute.objects.exists()


# What is folded


def test_what_a_muted_person_wrote_is_folded_in_threads(client: Client, viewer: User, ada: User) -> None:
    head = make_annotation(body="A head.")
    make_reply(parent=head, creator=ada, body="Loud words.")
    muting.mute(reader=viewer, person=ada)
    page = client.get(head.get_absolute_url()).content.decode()
    folded = page[page.index('<details class="muted">') :]
    assert "<bdi>ada</bdi>, whom you muted · Show" in folded
    assert "Loud words." in folded[: folded.index("</article>")]
    assert page.count('<details class="muted">') == 1


def test_nothing_is_folded_for_anybody_else(client: Client, viewer: User, ada: User) -> None:
    head = make_annotation(creator=ada)
    muting.mute(reader=viewer, person=ada)
    for reader in (None, ada, make_reader()):
        client.force_login(reader) if reader else client.logout()
        assert "muted" not in client.get(head.get_absolute_url()).content.decode()


def test_a_stub_does_not_tell_that_it_is_a_muted_person_s(client: Client, viewer: User, ada: User) -> None:
    head = make_annotation(creator=ada)
    make_reply(parent=head)
    Annotation.objects.filter(pk=head.pk).update(state=Annotation.State.WITHDRAWN)
    muting.mute(reader=viewer, person=ada)
    assert "whom you muted" not in client.get(head.get_absolute_url()).content.decode()


def test_the_more_menu_mutes_others_and_not_oneself(client: Client, viewer: User, ada: User) -> None:
    others, own = make_annotation(creator=ada), None
    assert "Mute ada" in client.get(others.get_absolute_url()).content.decode()
    own = make_annotation(creator=viewer, article=others.article)
    assert "Mute berta" not in client.get(own.get_absolute_url()).content.decode()


def test_a_stranger_is_offered_no_muting(client: Client, ada: User) -> None:
    annotation = make_annotation(creator=ada)
    assert "Mute ada" not in client.get(annotation.get_absolute_url()).content.decode()
    assert "Mute ada" not in client.get(ada.get_absolute_url()).content.decode()


def test_threads_take_as_many_queries_for_many_muted_as_for_none(client: Client, viewer: User) -> None:
    head = make_annotation()
    numbers = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(head.get_absolute_url())
        numbers.append(len(queries))
        muting.mute(reader=viewer, person=make_reply(parent=head).creator)
    assert numbers[1] == numbers[2]


# Notices


def test_a_muted_person_causes_no_notices(viewer: User, ada: User) -> None:
    muting.mute(reader=viewer, person=ada)
    annotation = make_annotation(creator=viewer)
    assert notifying.tell(viewer, Notice.Event.ANSWERED, annotation=annotation, actor=ada) is None
    assert notifying.tell(viewer, Notice.Event.ANSWERED, annotation=annotation, actor=make_reader()) is not None


def test_who_muted_somebody_still_causes_them_notices(viewer: User, ada: User) -> None:
    muting.mute(reader=viewer, person=ada)
    annotation = make_annotation(creator=ada)
    assert notifying.tell(ada, Notice.Event.ANSWERED, annotation=annotation, actor=viewer) is not None


# The list


def test_the_list_has_whom_one_muted_with_the_way_back(client: Client, viewer: User, ada: User) -> None:
    muting.mute(reader=viewer, person=ada)
    muting.mute(reader=make_reader(), person=make_reader(username="carla"))
    page = client.get(reverse("muted")).content.decode()
    assert "Unmute ada" in page
    assert "carla" not in page


@pytest.mark.usefixtures("viewer")
def test_the_list_of_nobody_says_how_to_mute(client: Client) -> None:
    assert "choose Mute on their page" in client.get(reverse("muted")).content.decode()


@pytest.mark.parametrize("number", [1, 8])
def test_the_list_takes_as_many_queries_for_many_as_for_one(client: Client, viewer: User, number: int) -> None:
    for _ in range(number):
        muting.mute(reader=viewer, person=make_reader())
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("muted"))
    assert len(queries) == 7


def test_a_reader_s_page_offers_to_mute_and_says_when_they_are(client: Client, viewer: User, ada: User) -> None:
    assert "Mute ada" in client.get(ada.get_absolute_url()).content.decode()
    muting.mute(reader=viewer, person=ada)
    assert "Unmute ada" in client.get(ada.get_absolute_url()).content.decode()

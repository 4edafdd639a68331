"""A copy of all that is kept about a reader: what is in it, who gets it, and when it is gone."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import annotating, copying, following, moderating, muting
from annotations.models import Export
from annotations.models.exports import KEPT_FOR
from reader.models import User
from tests.factories import (
    PASSWORD,
    make_annotation,
    make_article,
    make_moderator,
    make_reader,
    make_reply,
    make_source,
)
from tests.unit import web_annotations

pytestmark = pytest.mark.django_db

PAGE = "/accounts/export/"
# What points to a reader and is another's.
OTHERS = {"annotations.Subscription.person", "annotations.Mute.person", "annotations.Annotation.creator"}
OURS = {"annotations.Export.reader", "admin.LogEntry.user"}


@pytest.fixture
def ada(client: Client) -> User:
    reader = make_reader(username="ada")
    client.force_login(reader)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return reader


def copy_of(reader: User) -> zipfile.ZipFile:
    export = copying.ask(reader=reader)
    export.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(export.path.read_bytes()))


def account_of(reader: User) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(copy_of(reader).read("account.json"))
    return data


# What is in it


def test_a_copy_has_what_one_wrote_as_web_annotations(ada: User) -> None:
    head = make_annotation(creator=ada, exact="39,000 cars", kind="source", sources=[make_source()])
    make_reply(parent=make_annotation(article=head.article), creator=ada)
    make_annotation(article=head.article)
    data = json.loads(copy_of(ada).read("annotations.jsonld"))
    assert web_annotations.problems_of_collection(data) == []
    assert data["total"] == 2
    assert [item["motivation"] for item in data["first"]["items"]] == ["linking", "replying"]


def test_a_copy_of_who_wrote_nothing_is_whole(ada: User) -> None:
    copy = copy_of(ada)
    assert web_annotations.problems_of_collection(json.loads(copy.read("annotations.jsonld"))) == []
    assert set(copy.namelist()) == {"README.txt", "account.json", "annotations.jsonld"}


def test_a_copy_has_a_text_for_each_article(ada: User) -> None:
    make_annotation(creator=ada, exact="39,000 cars", body="Who **counted** them?", kind="disagreement")
    other = make_article(slug="other", text="Another\n\nThis is another text.")
    make_annotation(article=other, creator=ada, body="Of the other.")
    copy = copy_of(ada)
    text = copy.read("annotations/a-short-title.md").decode()
    assert "# A Short Title" in text
    assert "## Disagreement: number" in text
    assert "> 39,000 cars" in text
    assert "Who **counted** them?" in text
    assert "Of the other." in copy.read("annotations/other.md").decode()


def test_what_was_withdrawn_or_hidden_is_in_it_and_says_so(ada: User) -> None:
    hidden = make_annotation(creator=ada, body="An insult.")
    moderating.hide(annotation=hidden, by=make_moderator(), rule="attack", reason="An insult.")
    withdrawn = make_annotation(creator=ada, article=hidden.article)
    annotating.withdraw(annotation=withdrawn, by=ada)
    text = copy_of(ada).read("annotations/a-short-title.md").decode()
    assert "(hidden by a moderator)" in text
    assert "(withdrawn by its writer)" in text


def test_a_copy_has_the_account(ada: User) -> None:
    following.follow_person(follower=ada, person=make_reader())
    muting.mute(reader=ada, person=make_reader())
    account = account_of(ada)
    assert account["name"] == "ada"
    assert account["address"] == "ada@example.org"
    assert [len(account[name]) for name in ("names", "follows", "muted", "signed_in")] == [1, 1, 1, 1]


def test_a_copy_holds_no_secret_and_nothing_of_another_s(client: Client, ada: User) -> None:
    muting.mute(reader=make_reader(), person=ada)
    following.follow_person(follower=make_reader(), person=ada)
    text = copy_of(ada).read("account.json").decode()
    assert str(client.session.session_key) not in text
    assert ada.password not in text
    account = json.loads(text)
    assert (account["muted"], account["follows"]) == ([], [])


def test_everything_that_points_to_a_reader_is_told_or_is_another_s() -> None:
    told = {f"{model._meta.label}.{column}" for model, column in copying.TOLD.values()}
    kept = {f"{each.related_model._meta.label}.{each.field.name}" for each in User._meta.related_objects}
    assert {name for name in kept - told if not name.endswith("Departure.reader")} == OTHERS | OURS


@pytest.mark.parametrize("number", [1, 9])
def test_a_copy_takes_as_many_queries_for_many_annotations_as_for_one(ada: User, number: int) -> None:
    article = make_article()
    for _ in range(number):
        make_annotation(article=article, creator=ada)
    with CaptureQueriesContext(connection) as queries:
        copying.ask(reader=ada)
    assert len(queries) == 40


# Who gets it


def test_a_copy_is_asked_for_and_fetched(client: Client, ada: User) -> None:
    assert client.post(PAGE)["Location"] == PAGE
    assert "Fetch it" in client.get(PAGE).content.decode()
    answer = client.get(reverse("export", args=[Export.objects.get(reader=ada).token]))
    assert answer["Content-Type"] == "application/zip"
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "account.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_nobody_else_gets_it(client: Client, ada: User) -> None:
    export = copying.ask(reader=ada)
    client.force_login(make_reader())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("export", args=[export.token])).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for address in (PAGE, reverse("export", args=["anything"])):
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_the_password_is_asked_for_first(client: Client) -> None:
    reader = make_reader()
    client.force_login(reader)
    for address in (PAGE, reverse("export", args=[copying.ask(reader=reader).token])):
        assert client.get(address)["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.usefixtures("ada")
def test_a_wrong_method_is_refused(client: Client) -> None:
    assert client.delete(PAGE).status_code == 405
    assert client.post(reverse("export", args=["anything"])).status_code == 405


def test_asked_twice_within_the_hour_there_is_one_copy(ada: User) -> None:
    assert copying.ask(reader=ada) == copying.ask(reader=ada)
    Export.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    copying.ask(reader=ada)
    assert Export.objects.count() == 2


# When it is gone


def test_after_a_week_the_copy_and_its_file_are_gone(client: Client, ada: User) -> None:
    export = copying.ask(reader=ada)
    Export.objects.update(asked_at=timezone.now() - KEPT_FOR)
    assert client.get(reverse("export", args=[export.token])).status_code == 404
    assert copying.forget() == 1
    assert not export.path.exists()
    assert not Export.objects.exists()


def test_a_file_that_belongs_to_no_copy_is_removed(ada: User) -> None:
    export = copying.ask(reader=ada)
    stray = Path(export.path).with_name("stray.zip")
    stray.touch()
    copying.forget()
    assert not stray.exists()
    assert export.path.exists()


def test_a_copy_whose_file_is_lost_is_not_there(client: Client, ada: User) -> None:
    export = copying.ask(reader=ada)
    export.path.unlink()
    assert client.get(reverse("export", args=[export.token])).status_code == 404


def test_only_the_site_itself_can_read_the_file(ada: User) -> None:
    assert copying.ask(reader=ada).path.stat().st_mode & 0o077 == 0

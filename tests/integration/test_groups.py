"""What the migrations give to moderators and editors, and what the panel then lets them do."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from annotations import sealing
from reader.models import User
from tests.factories import make_annotation, make_moderator, make_reader

pytestmark = pytest.mark.django_db

PERMISSIONS = {
    "Moderators": {
        "annotations.add_reasontemplate",
        "annotations.add_watchedterm",
        "annotations.change_reasontemplate",
        "annotations.change_watchedterm",
        "annotations.delete_knownsite",
        "annotations.delete_reasontemplate",
        "annotations.delete_watchedterm",
        "annotations.moderate_annotation",
        "annotations.view_annotation",
        "annotations.view_flag",
        "annotations.view_knownsite",
        "annotations.view_moderationentry",
        "annotations.view_reasontemplate",
        "annotations.view_source",
        "annotations.view_suspension",
        "annotations.view_watchedterm",
    },
    "Editors": {
        "reader.add_article",
        "reader.change_article",
        "reader.view_article",
        "reader.view_paragraph",
        "reader.view_revision",
    },
}

# Where a group may go in the panel, and where it may not. Nobody adds articles there: they come by import.
OPEN = {
    "Moderators": ("annotations/annotation", "annotations/flag", "annotations/moderationentry", "annotations/source"),
    "Editors": ("reader/article",),
}
CLOSED = {
    "Moderators": ("reader/article", "reader/user", "auth/group", "annotations/annotation/add"),
    "Editors": (
        "annotations/annotation",
        "annotations/flag",
        "annotations/moderationentry",
        "reader/user",
        "auth/group",
    ),
}


def make_member(*, group: str) -> User:
    member = make_reader(is_staff=True)
    member.groups.add(Group.objects.get(name=group))
    return member


def cases(places: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(group, place) for group, several in places.items() for place in several]


@pytest.mark.parametrize("group", PERMISSIONS)
def test_a_group_has_just_the_permissions_it_needs(group: str) -> None:
    assert make_member(group=group).get_all_permissions() == PERMISSIONS[group]


def test_django_and_the_migrations_make_each_permission_once() -> None:
    names = [(permission.content_type_id, permission.codename) for permission in Permission.objects.all()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("group", "place"), cases(OPEN))
def test_a_group_may_open_what_it_works_on(client: Client, group: str, place: str) -> None:
    client.force_login(make_member(group=group))
    assert client.get(f"/admin/{place}/").status_code == 200


@pytest.mark.parametrize(("group", "place"), cases(CLOSED))
def test_a_group_may_not_open_the_rest(client: Client, group: str, place: str) -> None:
    client.force_login(make_member(group=group))
    assert client.get(f"/admin/{place}/").status_code == 403


@pytest.mark.parametrize("group", PERMISSIONS)
def test_the_panel_names_to_a_group_only_what_it_works_on(client: Client, group: str) -> None:
    client.force_login(make_member(group=group))
    front = client.get("/admin/").content.decode()
    assert {place for _, place in cases(OPEN) if f'href="/admin/{place}/"' in front} == set(OPEN[group])


def test_an_editor_may_change_an_article(client: Client) -> None:
    article = make_annotation().article
    client.force_login(make_member(group="Editors"))
    answer = client.post(f"/admin/reader/article/{article.pk}/change/", article_form(publisher="The Daily Bridge"))
    article.refresh_from_db()
    assert (answer.status_code, article.publisher) == (302, "The Daily Bridge")


def test_a_moderator_may_not_change_an_article(client: Client) -> None:
    article = make_annotation().article
    client.force_login(make_moderator())
    answer = client.post(f"/admin/reader/article/{article.pk}/change/", article_form(publisher="The Daily Bridge"))
    article.refresh_from_db()
    assert (answer.status_code, article.publisher) == (403, "")


@pytest.mark.parametrize(("group", "status"), [("Moderators", 200), ("Editors", 403)])
def test_only_moderators_reach_a_decision(client: Client, group: str, status: int) -> None:
    annotation = make_annotation()
    client.force_login(make_member(group=group))
    assert client.get(f"/admin/annotations/annotation/hide/?ids={annotation.pk}").status_code == status


def test_a_member_who_is_no_staff_is_kept_out_of_the_panel(client: Client) -> None:
    member = make_reader()
    member.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(member)
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_groups_come_and_go_with_their_migrations() -> None:
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        before = [("reader", "0001_people_and_texts"), ("annotations", "0001_annotations")]
        MigrationExecutor(connection).migrate(before)
        assert not Group.objects.filter(name__in=PERMISSIONS).exists()
    finally:
        MigrationExecutor(connection).migrate(leaves)
        # As a whole `migrate` does at its end.
        sealing.seal(connection)
    for group, permissions in PERMISSIONS.items():
        assert make_member(group=group).get_all_permissions() == permissions


def article_form(*, publisher: str) -> dict[str, str | int]:
    """Give what the article's page in the panel sends."""
    return {
        "publisher": publisher,
        "original_url": "",
        "language": "en",
        "revisions-TOTAL_FORMS": 0,
        "revisions-INITIAL_FORMS": 0,
    }

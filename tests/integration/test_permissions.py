"""Who may what: the table in docs/moderating.md, walked address by address and act by act."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from annotations import (
    annotating,
    appealing,
    minds,
    moderating,
    placing,
    positions,
    rating,
    reporting,
    resolving,
    restating,
    restraining,
    verdicts,
    vetting,
)
from annotations.accepting import NotAccepted
from annotations.models import KnownSite, ReasonTemplate, WatchedTerm
from annotations.moving import Refused
from annotations.states import Action
from reader import drafting
from reader.models import User
from tests.factories import (
    make_annotation,
    make_article,
    make_editor,
    make_moderator,
    make_reader,
    make_reply,
    make_resolution,
    make_restatement,
    make_source,
)

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[2] / "docs" / "moderating.md"
ROLES = ("stranger", "reader", "editor", "moderator", "superuser")


class Address(NamedTuple):
    """One address of the site map: what it is called, and how it is written."""

    name: str
    route: str


class Row(NamedTuple):
    """One line of the table: names or patterns of names, and what each role finds there."""

    names: tuple[str, ...]
    found: tuple[str, ...]


def rows() -> list[Row]:
    """Read the table of addresses."""
    part = DOCUMENT.read_text(encoding="utf-8").partition("### Addresses")[2].partition("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    return [Row(tuple(re.findall(r"`([^`]+)`", names)), tuple(found)) for _, names, *found in cells[2:]]


def addresses() -> list[Address]:
    """Give every address that the site map names; what has no name leads to one that has."""
    return sorted({address for address in _walk(get_resolver(), "", ()) if not address.name.endswith(":")})


def _walk(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(":".join((*spaces, pattern.name or "")), route)
        else:
            yield from _walk(pattern, route, (*spaces, pattern.namespace) if pattern.namespace else spaces)


def rows_of(name: str, table: list[Row]) -> list[Row]:
    """Give the rows that a name stands in; one that names it goes before patterns that it fits."""
    exact = [row for row in table if name in row.names]
    return exact or [row for row in table if any(fnmatchcase(name, pattern) for pattern in row.names)]


@pytest.fixture
def people() -> Mapping[str, User]:
    superuser = User.objects.create_superuser("root", "root@example.org", "correct horse battery")
    editor = make_editor()
    # With staff status, so that what the panel keeps from editors is not its door alone.
    User.objects.filter(pk=editor.pk).update(is_staff=True)
    return {
        "reader": make_reader(username="rita"),
        "editor": editor,
        "moderator": make_moderator(),
        "superuser": superuser,
    }


@pytest.fixture
def scene(people: Mapping[str, User]) -> Mapping[str, Any]:
    """Give what stands in addresses: something of everything, none of it by one of the people who look."""
    article = make_article()
    disagreement = make_annotation(article=article, kind="disagreement")
    cited = make_annotation(article=article, creator=disagreement.creator, kind="source", sources=[make_source()])
    source = cited.sources.get()
    colleague = make_moderator(username="colleague")
    hidden = make_annotation(article=article)
    entry = moderating.hide(annotation=hidden, by=colleague, rule="attack", reason="An insult.")
    until = timezone.now() + timedelta(days=1)
    restated = make_restatement(of=disagreement)
    WatchedTerm.objects.create(words="cheap shoes")
    held = verdicts.give(source=source, by=make_reader(), verdict="partly", remark="Cheap shoes.")
    resolved = make_resolution(of=disagreement, by=people["editor"])
    hidden_too = make_annotation(article=article, creator=disagreement.creator)
    moderating.hide(annotation=hidden_too, by=colleague, rule="attack", reason="An insult.")
    suspension = restraining.suspend(
        reader=disagreement.creator, by=colleague, scope="reporting", until=until, reason="Brigading."
    )
    return {
        # What acts are tried on; each is by the same writer.
        "text": article,
        "writer": disagreement.creator,
        "words": disagreement,
        "hidden": hidden_too,
        "cited": source,
        "restated": restated,
        "held": held,
        "resolved": resolved,
        "suspended": suspension,
        # What stands in addresses, by what comes before it there.
        "slug": article.slug,
        "place": "p1",
        "username": disagreement.creator.username,
        "number": 1,
        "one": 1,
        "other": 1,
        "section": "articles",
        "hash": "0" * 64,
        "annotations": disagreement.pk,
        "admin/queue": disagreement.pk,
        "decisions": entry.pk,
        "suspensions": suspension.pk,
        "question": make_annotation(article=article, kind="question", exact="toll").pk,
        "documents": source.document_id,
        "sources": source.pk,
        "restatements": restated.pk,
        "verdicts": held.pk,
        "kind": "remark",
        "remark": held.pk,
        "resolutions": resolved.pk,
        "drafts": drafting.revise(article=article, by=people["editor"]).pk,
        "user": disagreement.creator.pk,
        "article": article.pk,
        "annotation": disagreement.pk,
        "source": source.pk,
        "moderationentry": entry.pk,
        "suspension": suspension.pk,
        "flag": reporting.report(annotation=cited, by=make_reader(), reason="spam").pk,
        "appeal": appealing.appeal(annotation=hidden, by=hidden.creator, words="It was a quotation.").pk,
        "reasontemplate": ReasonTemplate.objects.earliest("pk").pk,
        "watchedterm": WatchedTerm.objects.get().pk,
        "knownsite": KnownSite.objects.get_or_create(name="example.org")[0].pk,
        "emailaddress": EmailAddress.objects.create(user=disagreement.creator, email="one@example.org").pk,
        "authenticator": Authenticator.objects.create(user=disagreement.creator, type="totp", data={}).pk,
        "group": Group.objects.get(name="Editors").pk,
    }


def test_every_address_stands_in_the_table_once() -> None:
    table = rows()
    assert table
    wrong = {address.name: len(found) for address in addresses() if len(found := rows_of(address.name, table)) != 1}
    assert not wrong, f"docs/moderating.md, Addresses: {wrong}"


def test_every_name_in_the_table_is_an_address() -> None:
    names = [address.name for address in addresses()]
    stale = [each for row in rows() for each in row.names if not any(fnmatchcase(name, each) for name in names)]
    assert stale == []


def test_each_role_finds_at_each_address_what_the_table_says(
    people: Mapping[str, User], scene: Mapping[str, Any]
) -> None:
    table = rows()
    clients = {role: _browser(people.get(role)) for role in ROLES}
    wrong = []
    for address in addresses():
        [row] = rows_of(address.name, table)
        found = tuple(_finds(clients[role], written(address, scene)) for role in ROLES)
        wrong += [f"{address.name}: {found}, not {row.found}"] if found != row.found else []
    assert not wrong, "\n".join(wrong)


def _browser(person: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if person:
        client.force_login(person)
    return client


def written(address: Address, scene: Mapping[str, Any]) -> str:
    """Write an address out, with what there is in the scene."""
    if address.name in {"asks", "answers"}:
        scene = {**scene, "annotations": scene["question"]}
    query = "?start=0&end=5&revision=1" if address.name == "ask" else ""
    plain = re.sub(r"\^|\$|\\", "", address.route)
    plain = re.sub(r"\(\?P<app_label>[^)]*\)", "annotations", plain)
    plain = re.sub(r"\(\?P<\w+>[^)]*\)", "none", plain)
    before = ""
    parts = re.split(r"<(?:\w+:)?(\w+)>", plain)
    for place, part in enumerate(parts):
        before += str(_value(part, before, scene)) if place % 2 else part
    return f"/{before}{query}"


def _value(name: str, before: str, scene: Mapping[str, Any]) -> Any:
    if name in {"pk", "object_id", "id"}:
        folder = before.rstrip("/")
        last = folder.rpartition("/")[2]
        return scene.get("admin/queue" if folder == "admin/queue" else last, 4711)
    return scene["place"] if name == "name" else scene.get(name, "none")


def _finds(client: Client, path: str) -> str:
    """Say what somebody finds at an address: "yes" for something, "sign in", or "no". What they do there is undone."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer: HttpResponseBase = client.get(path)
        if answer.status_code == 405:
            answer = client.post(path)
        transaction.set_rollback(True)
    client.cookies = cookies
    return _said(answer, is_known=bool(cookies))


def _said(answer: HttpResponseBase, *, is_known: bool) -> str:
    is_sent_to_sign_in = answer.status_code == 302 and "/login/" in answer["Location"]
    if is_sent_to_sign_in:
        return "no" if is_known else "sign in"
    # So the panel tells that there is no such thing.
    is_sent_home = answer.status_code == 302 and answer["Location"] == "/admin/"
    return "no" if is_sent_home or answer.status_code in {403, 404} else "yes"


# Acts

Act = Callable[[Mapping[str, Any], User], Any]
ACTOR_ROLES = ("writer", "reader", "editor", "moderator", "superuser")
_WHY: dict[str, Any] = {"reason": "A reason."}


def _decide(scene: Mapping[str, Any], by: User) -> None:
    moderating.decide(Action.HIDE, annotation=scene["words"], by=by, rule="attack", **_WHY)


def _place(scene: Mapping[str, Any], by: User) -> None:
    anchor = placing.anchor_in(scene["words"], scene["text"].current_revision_id)
    spot = placing.Spot(block="p2")
    placing.set_by_hand(annotation=scene["words"], by=by, spot=spot, seen=anchor.key if anchor else "", **_WHY)


def _suspend(scene: Mapping[str, Any], by: User) -> None:
    until = timezone.now() + timedelta(days=2)
    restraining.suspend(reader=scene["writer"], by=by, scope="writing", until=until, **_WHY)


def _slow(scene: Mapping[str, Any], by: User) -> None:
    until = timezone.now() + timedelta(hours=1)
    restraining.slow(article=scene["text"], by=by, seconds=60, until=until, **_WHY)


def _let_stand(scene: Mapping[str, Any], by: User) -> None:
    vetting.let_stand(line=scene["held"], by=by, seen=scene["held"].key)


def _judge(scene: Mapping[str, Any], by: User) -> None:
    said = scene["restated"]
    restating.judge(restatement=said, by=by, judgement="fair", seen=said.key)


ACTS: Mapping[str, Act] = {
    "annotating.reply": lambda scene, by: make_reply(parent=scene["words"], creator=by),
    "annotating.edit": lambda scene, by: annotating.edit(
        annotation=scene["words"], by=by, version=1, body="Better.", grounds="number"
    ),
    "annotating.withdraw": lambda scene, by: annotating.withdraw(annotation=scene["words"], by=by),
    "appealing.appeal": lambda scene, by: appealing.appeal(annotation=scene["hidden"], by=by, words="A quotation."),
    "rating.rate": lambda scene, by: rating.rate(
        annotation=scene["words"], by=by, value="helpful", reasons=["good sources"]
    ),
    "positions.take": lambda scene, by: positions.take(annotation=scene["words"], by=by, is_agreeing=True),
    "minds.change": lambda scene, by: minds.change(annotation=scene["words"], by=by),
    "verdicts.give": lambda scene, by: verdicts.give(source=scene["cited"], by=by, verdict="supports"),
    "reporting.report": lambda scene, by: reporting.report(annotation=scene["words"], by=by, reason="spam"),
    "restating.restate": lambda scene, by: restating.restate(annotation=scene["words"], by=by, body="You say so."),
    "restating.judge": _judge,
    "vetting.let_stand": _let_stand,
    "vetting.remove": lambda scene, by: vetting.remove(
        line=scene["restated"], by=by, seen=scene["restated"].key, **_WHY
    ),
    "resolving.resolve": lambda scene, by: make_resolution(of=scene["words"], by=by, remark="Thank you."),
    "resolving.settle": lambda scene, by: resolving.settle(resolution=scene["resolved"], by=by, is_settling=True),
    "placing.set_by_hand": _place,
    "moderating.decide": _decide,
    "restraining.suspend": _suspend,
    "restraining.lift": lambda scene, by: restraining.lift(suspension=scene["suspended"], by=by, **_WHY),
    "restraining.purge": lambda scene, by: restraining.purge(reader=scene["writer"], by=by, **_WHY),
    "restraining.unpurge": lambda _scene, by: restraining.unpurge(batch=uuid.uuid4(), by=by, **_WHY),
    "restraining.slow": _slow,
    "restraining.quicken": lambda scene, by: restraining.quicken(article=scene["text"], by=by, **_WHY),
    "restraining.close": lambda scene, by: restraining.close(article=scene["text"], by=by, **_WHY),
    "restraining.reopen": lambda scene, by: restraining.reopen(article=scene["text"], by=by, **_WHY),
    "drafting.revise": lambda scene, by: drafting.revise(article=scene["text"], by=by),
    "drafting.set_status": lambda scene, by: drafting.set_status(article=scene["text"], by=by, status="closed"),
}


def acts() -> dict[str, tuple[str, ...]]:
    """Read the table of acts: each name with what it gives the roles."""
    part = DOCUMENT.read_text(encoding="utf-8").partition("### Acts")[2].partition("\n### ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    return {name: tuple(found) for _, names, *found in cells[2:] for name in re.findall(r"`([^`]+)`", names)}


def test_the_table_of_acts_names_what_is_tried_here() -> None:
    assert set(acts()) == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_each_role_may_do_what_the_table_says(people: Mapping[str, User], scene: Mapping[str, Any], name: str) -> None:
    by = {**people, "writer": scene["writer"]}
    assert tuple(_does(ACTS[name], scene, by[role]) for role in ACTOR_ROLES) == acts()[name]


def _does(act: Act, scene: Mapping[str, Any], by: User) -> str:
    """Say whether somebody may do it: "yes" or "no". What they do is undone."""
    with transaction.atomic():
        try:
            act(scene, User.objects.get(pk=by.pk))
        except (PermissionDenied, NotAccepted, Refused, drafting.DraftingError):
            return "no"
        finally:
            transaction.set_rollback(True)
    return "yes"

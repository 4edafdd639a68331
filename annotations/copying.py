"""Give readers a copy of all that is kept about them: what they wrote, for programs and people, and the rest as data.

The worker makes it, as it may be long, and puts it where only the view for its reader looks. After a week it is gone.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import IO, Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from annotations.models import (
    Annotation,
    Answer,
    Appeal,
    Ask,
    ChangeOfMind,
    Export,
    Flag,
    ModerationEntry,
    Mute,
    Notice,
    NoticePreference,
    OfferedCopy,
    Position,
    Rating,
    Resolution,
    Restatement,
    SameStory,
    SourceVerdict,
    Subscription,
    Suspension,
    Visit,
)
from annotations.webannotation import presenting
from annotations.webannotation.presenting import Cited, Place, Said
from reader.models import Article, Draft, Name, Revision, SignIn, User

# Asked again within this time, there is no other copy: it would say the same.
ONE_EACH = timedelta(hours=1)
_CHUNK = 500

# What is kept about an account, by the name it has in the copy, and which column says whose it is.
TOLD: Mapping[str, tuple[type[models.Model], str]] = {
    "names": (Name, "reader"),
    "addresses": (EmailAddress, "user"),
    "signed_in": (SignIn, "reader"),
    "second_factors": (Authenticator, "user"),
    "follows": (Subscription, "follower"),
    "muted": (Mute, "reader"),
    "read_to": (Visit, "reader"),
    "notices": (Notice, "reader"),
    "notices_by_mail": (NoticePreference, "reader"),
    "ratings": (Rating, "reader"),
    "verdicts": (SourceVerdict, "reader"),
    "archived_copies_that_wait": (OfferedCopy, "reader"),
    "positions": (Position, "reader"),
    "changes_of_mind": (ChangeOfMind, "reader"),
    "requests_for_sources": (Ask, "reader"),
    "answers_to_requests": (Answer, "creator"),
    "restatements": (Restatement, "creator"),
    "reports": (Flag, "creator"),
    "appeals": (Appeal, "annotation__creator"),
    "suspensions": (Suspension, "reader"),
    "decided_about_you": (ModerationEntry, "reader"),
    "decided_about_what_you_wrote": (ModerationEntry, "annotation__creator"),
    "resolutions": (Resolution, "editor"),
    "decisions": (ModerationEntry, "moderator"),
    "revisions": (Revision, "creator"),
    "drafts": (Draft, "creator"),
    "same_stories": (SameStory, "reader"),
}
# Secrets that sign in, what is long and another's, what only we need, and what tells of a decision who made it or whose
# words or reports led to it.
_LEFT_OUT = {"data", "session_key", "key", "text", "token", "moderator_id", "details", "batch", "undoes_id"}
# What was decided about a line that another put beside one's words is the other's to know.
_WITHIN = {"decided_about_what_you_wrote": Q(reader__isnull=True)}
# Where details are one's own.
_DETAILED = {"reports", "decisions"}


class _Written(NamedTuple):
    """An annotation, with all that the copy says of it, read."""

    annotation: Annotation
    said: Said


def ask(*, reader: User) -> Export:
    """Have a copy made, or give the one that was asked for within the hour."""
    with transaction.atomic():
        # Of two who ask at once the second finds what the first asked for.
        User.objects.select_for_update(no_key=True).get(pk=reader.pk)
        lately = Export.objects.of(reader.pk).filter(asked_at__gt=timezone.now() - ONE_EACH).first()
        if lately:
            return lately
        export = Export.objects.create(reader=reader)
        make_export.enqueue(export.pk)
    return export


@task()
def make_export(export_id: int) -> None:
    """Make a copy that was asked for; one that is made already, or is wanted no longer, is left as it is."""
    export = Export.objects.standing().select_related("reader").filter(pk=export_id, made_at=None).first()
    if export is None:
        return
    export.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Under another name until it is whole.
    unfinished = export.path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, export.reader)
    unfinished.replace(export.path)
    Export.objects.filter(pk=export.pk).update(made_at=timezone.now(), size=export.path.stat().st_size)


def of(reader: User) -> models.QuerySet[Export]:
    """Give a reader's copies that can be fetched or are being made, the latest first."""
    return Export.objects.of(reader.pk).standing()


def forget() -> int:
    """Remove copies that are too old, and files that belong to none; say how many copies."""
    over = list(Export.objects.over())
    remove(over)
    folder = Path(settings.VAR_DIR) / "exports"
    known = {export.path for export in Export.objects.all()}
    for path in folder.glob("*.zip") if folder.exists() else ():
        if path not in known:
            path.unlink(missing_ok=True)
    return len(over)


def remove(exports: list[Export]) -> None:
    """Remove copies with their files."""
    for export in exports:
        export.path.unlink(missing_ok=True)
        export.path.with_suffix(".part").unlink(missing_ok=True)
    Export.objects.filter(pk__in=[export.pk for export in exports]).delete()


def account(reader: User) -> dict[str, Any]:
    """Give what is kept about an account, but for what it wrote."""
    about = {
        "name": reader.username,
        "address": reader.email,
        "here_since": reader.date_joined,
        "last_signed_in": reader.last_login,
        "may_open_the_panel": reader.is_staff,
        "groups": list(reader.groups.values_list("name", flat=True)),
    }
    return about | {name: _rows(name, reader) for name in TOLD}


def _rows(name: str, reader: User) -> list[dict[str, Any]]:
    model, column = TOLD[name]
    rows = model._default_manager.filter(_WITHIN.get(name, Q()), **{column: reader}).order_by("pk").values()
    left_out = (_LEFT_OUT | {f"{column}_id"}) - ({"details"} if name in _DETAILED else set())
    return [{field: value for field, value in row.items() if field not in left_out} for row in rows]


def _write(archive: zipfile.ZipFile, reader: User) -> None:
    archive.writestr("README.txt", _README.format(reader=reader, at=timezone.now(), site=settings.SITE_ADDRESS))
    archive.writestr("account.json", json.dumps(account(reader), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
    with archive.open("annotations.jsonld", "w") as file:
        _write_collection(file, reader)
    for article, written in groupby(_written(reader), key=lambda each: each.annotation.article):
        with archive.open(f"annotations/{article.slug}.md", "w") as file:
            _write_article(file, article, written)


def _write_collection(file: IO[bytes], reader: User) -> None:
    """Write a collection with its one page, an annotation at a time: there may be many."""
    iri = f"{_iri(reader.get_absolute_url())}#annotations"
    total = Annotation.objects.by(reader).count()
    head = presenting.collection_head(iri=iri, label=f"What {reader} wrote", total=total)
    page = presenting.page(iri=f"{iri}-1", of=iri, items=[])
    begin = json.dumps(head | {"first": page}, ensure_ascii=False).removesuffix("]}}")
    file.write(begin.encode())
    for number, written in enumerate(_written(reader)):
        item = json.dumps(presenting.annotation(written.said, is_alone=False), ensure_ascii=False)
        file.write(f"{',' if number else ''}\n{item}".encode())
    file.write(b"\n]}}\n")


def _write_article(file: IO[bytes], article: Article, written: Iterator[_Written]) -> None:
    lines = [f"# {article.title}", "", _iri(article.get_absolute_url()), ""]
    for annotation, said in written:
        grounds = f": {annotation.get_grounds_display().lower()}" if annotation.grounds else ""
        kind = f"{annotation.get_kind_display()}{grounds}"
        state = "" if annotation.is_published else f" ({annotation.get_state_display().lower()})"
        lines += [f"## {kind}, {annotation.created_at:%-d %B %Y}{state}", "", said.iri, ""]
        lines += [f"> {line}" for line in annotation.exact.splitlines()] + ["", annotation.body, ""]
        lines += [f"- {source.stance}: <{source.url}> {source.title}".rstrip() for source in said.sources] + [""]
        if annotation.would_change_my_mind:
            lines += [f"Would change my mind: {annotation.would_change_my_mind}", ""]
        file.write("\n".join(lines).encode() + b"\n")
        lines = []


def _written(reader: User) -> Iterator[_Written]:
    """Give all that a reader wrote, by article, in a few queries for some hundreds at a time."""
    found = Annotation.objects.by(reader).order_by("article", "pk")
    related = found.select_related("article__current_revision", "revision", "creator").prefetch_related("sources")
    lean = related.defer("article__current_revision__text", "revision__text", "body_html")
    for annotation in lean.iterator(chunk_size=_CHUNK):
        yield _Written(annotation, _said(annotation))


def _said(annotation: Annotation) -> Said:
    return Said(
        iri=_iri(annotation.get_absolute_url()),
        kind=annotation.kind,
        body=annotation.body,
        place=None if annotation.parent_id else _place(annotation),
        answers=_iri(reverse("annotation", args=[annotation.parent_id])) if annotation.parent_id else "",
        creator_iri=_iri(annotation.creator.get_absolute_url()),
        creator=annotation.creator.username,
        created_at=annotation.created_at,
        modified_at=annotation.edited_at,
        sources=[
            Cited(url=source.url, title=source.title, stance=source.get_stance_display(), excerpt=source.excerpt)
            for source in annotation.sources.all()
        ],
    )


def _place(annotation: Annotation) -> Place:
    article, revision = annotation.article, annotation.revision
    return Place(
        iri=_iri(article.get_absolute_url()),
        state_iri=_iri(reverse("revision", args=[article.slug, revision.number])),
        state_at=revision.created_at,
        exact=annotation.exact,
        prefix=annotation.prefix,
        suffix=annotation.suffix,
        start=annotation.start,
        end=annotation.end,
    )


def _iri(path: str) -> str:
    return f"{settings.SITE_ADDRESS}{path}"


_README = """All that {site} keeps about {reader}, as of {at:%-d %B %Y}.

annotations/        what you wrote, a file for each text, to be read
annotations.jsonld  the same for programs: W3C Web Annotation Data Model, JSON-LD
account.json        your names and addresses, where you are signed in, whom and what you follow and mute, what you
                    rated, judged, asked, reported and were told, what was decided about what you wrote, your appeals,
                    and when you were suspended

Passwords and keys are not in it: nobody can read the first, and whoever has the second is you.
"""

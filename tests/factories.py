"""The scenes that tests start from."""

import itertools
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db.models import F
from django.utils import timezone

from annotations import accepting, annotating, rating, resolving, restating
from annotations.models import Anchor, Annotation, Rating, Resolution, Restatement
from reader import publishing
from reader.importing import extraction
from reader.models import Article, Paragraph, Revision, User
from reader.text.blocks import Block, Document
from reader.text.spans import Span

PASSWORD = "correct horse battery"

TEXT = """A Short Title

The bridge was built in 1990 with public money. Nobody has counted the traffic since.

It carries 39,000 cars a day, they say. “It is safe,” said the mayor.

The toll should go.
"""

ELSEWHERE = """Another Title

Nobody disputes this.
"""

_numbers = itertools.count(1)


def make_reader(*, username: str = "", **fields: Any) -> User:
    """Give an account that has been here for a month."""
    username = username or f"reader{next(_numbers)}"
    fields.setdefault("date_joined", timezone.now() - timedelta(days=30))
    return User.objects.create_user(username, f"{username}@example.org", PASSWORD, **fields)


def make_regular(*, username: str = "") -> User:
    """Give a reader whose ratings count in full: here for a month, and heard of before, on another article."""
    reader = make_reader(username=username)
    elsewhere = Article.objects.filter(slug="elsewhere").with_revision().first() or make_article(
        text=ELSEWHERE, slug="elsewhere"
    )
    make_annotation(article=elsewhere, creator=reader)
    return reader


def make_moderator(*, username: str = "warden") -> User:
    moderator = make_reader(username=username, is_staff=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    return moderator


def make_editor(*, username: str = "editor") -> User:
    editor = make_reader(username=username)
    editor.groups.add(Group.objects.get(name="Editors"))
    return editor


def make_article(*, text: str = TEXT, **fields: Any) -> Article:
    return publishing.publish(extraction.from_plain_text(text), **fields)


def make_document(*texts: str | Block, **fields: Any) -> Document:
    """Give a document of paragraphs with these inline HTMLs; a Block stays what it is."""
    blocks = tuple(text if isinstance(text, Block) else Block("paragraph", text) for text in texts)
    document = Document(title="A Short Title", kicker="", byline="", author_note="", blocks=blocks)
    return replace(document, **fields)


def make_revision(article: Article, *texts: str | Block, note: str = "", by: User | None = None) -> Revision:
    """Publish the next revision, made of these paragraphs."""
    return publishing.revise(article, make_document(*texts), note=note, by=by)


def make_annotation(
    *,
    article: Article | None = None,
    creator: User | None = None,
    exact: str = "",
    kind: str = Annotation.Kind.NOTE,
    body: str = "Worth knowing.",
    **fields: Any,
) -> Annotation:
    """Attach to the first place of `exact`, or to the first paragraph when it is empty."""
    article = article or make_article()
    if kind == Annotation.Kind.DISAGREEMENT:
        fields.setdefault("grounds", Annotation.Grounds.NUMBER)
    if kind == Annotation.Kind.SOURCE:
        fields.setdefault("sources", [make_source()])
    return annotating.attach(
        article=article,
        creator=creator or make_reader(),
        kind=kind,
        target=make_target(article=article, exact=exact),
        body=body,
        token=uuid.uuid4(),
        **fields,
    )


def draw_last(annotation: Annotation) -> None:
    """Give it the lot that comes after all others about the same words."""
    Annotation.objects.filter(pk=annotation.pk).update(lot=2**31 - 1)


def make_target(*, article: Article, exact: str = "") -> annotating.Target:
    revision = article.current_revision
    assert revision is not None
    if not exact:
        return annotating.Target(revision_number=revision.number, paragraph=paragraph_of(article))
    start = revision.text.index(exact)
    return annotating.Target(revision_number=revision.number, span=Span(start, start + len(exact)), exact=exact)


def make_source(*, url: str = "https://example.org/count", **fields: Any) -> accepting.SourceDraft:
    return accepting.SourceDraft(**{"url": url, "stance": "supports", "title": "The count", **fields})


def make_reply(*, parent: Annotation, creator: User | None = None, body: str = "Yes, and more.") -> Annotation:
    return annotating.reply(parent=parent, creator=creator or make_reader(), body=body, token=uuid.uuid4())


def make_rating(
    *, annotation: Annotation, by: User | None = None, value: str = "helpful", reasons: tuple[str, ...] = ()
) -> Rating:
    """Rate it as a regular reader; without reasons the first that fits is given."""
    fitting = {"helpful": "good sources", "somewhat": "clear", "not": "wrong"}
    return rating.rate(
        annotation=annotation, by=by or make_regular(), value=value, reasons=reasons or (fitting[value],)
    )


def paragraph_of(article: Article, name: str = "p1") -> Paragraph:
    assert article.current_revision is not None
    return article.current_revision.paragraphs.get(name=name)


def anchor_of(annotation: Annotation) -> Anchor:
    """Give where an annotation is in its article's current revision."""
    found = annotation.anchors.filter(revision__article__current_revision=F("revision"))
    return found.select_related("revision", "paragraph").get()


def make_restatement(
    *, of: Annotation, by: User | None = None, body: str = "You are saying that it is a guess."
) -> Restatement:
    """Say an annotation's point in another reader's words."""
    return restating.restate(annotation=of, by=by or make_reader(), body=body)


def make_resolution(*, of: Annotation, by: User, outcome: str = "acknowledged", **fields: Any) -> Resolution:
    """Say what an editor did about a disagreement, having seen the resolution in force."""
    standing = of.resolutions.last()
    return resolving.resolve(annotation=of, by=by, outcome=outcome, seen=standing.pk if standing else None, **fields)


def confirm_address(reader: User) -> None:
    """Let a reader have mail."""
    EmailAddress.objects.create(user=reader, email=reader.email, primary=True, verified=True)

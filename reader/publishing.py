"""Publish and revise articles: from a document to a text with permanent addresses.

A revision is planned first, outside any transaction, and then written in one: readers read and write all the while,
and what is written is checked against what was planned for.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import count
from typing import TypedDict, Unpack, cast

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from reader.models import Article, Paragraph, Picture, Revision, User
from reader.signals import revision_planned, revision_published
from reader.text import blocks, naming, paragraphs, sentences
from reader.text.alignment import Alignment, align
from reader.text.blocks import Block, Document

# Short enough to read in an address bar; the column holds more, for what an editor chooses.
SLUG_LENGTH = 70

# Told what is being done, and how far all of it is, in hundredths.
Tell = Callable[[str, int], None]

# Called with the saved revision, in its transaction, by who has to write something beside it.
WriteBeside = Callable[[Revision], None]

# The form of a BCP 47 tag; whether its parts are registered does not matter to us.
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

# Any number will do that nothing else in this database locks.
_PUBLISHING_LOCK = 0x676C6F73

# Head matter, by the columns of Revision.
_HEAD = ("title", "kicker", "byline", "author_note")


class Origin(TypedDict, total=False):
    """Where a text was first, and the last part of its address here; what is left out is not known."""

    slug: str
    publisher: str
    original_url: str
    # A BCP 47 tag; English when it is left out.
    language: str
    published_on: date | None


class PublishingError(ValueError):
    """A document that cannot be published, with a sentence for the person who can mend it."""


class AlreadyPublished(PublishingError):
    """The article, or another at the address asked for, is there already."""

    def __init__(self, message: str, article: Article) -> None:
        super().__init__(message)
        self.article = article


class Overtaken(PublishingError):
    """Another revision was published since this one was planned."""

    def __init__(self) -> None:
        super().__init__("Another revision was published while you were working. Nothing of yours is lost.")


class NothingChanged(PublishingError):
    """The document says what the article says already."""

    def __init__(self) -> None:
        super().__init__("This is the text as it stands, to the letter. There is nothing to publish.")


@dataclass(frozen=True)
class Plan:
    """A revision as it would be, none of it saved.

    `before` and `before_paragraphs` are what it follows (None and nothing for a first revision), `alignment` says which
    block of it carries on which, and `changes` what becomes of every name.
    """

    article: Article
    before: Revision | None
    before_paragraphs: Sequence[Paragraph]
    revision: Revision
    paragraphs: Sequence[Paragraph]
    alignment: Alignment
    changes: Sequence[naming.Change]

    @property
    def is_same(self) -> bool:
        """Say whether it says what stands already, to the letter."""
        before = self.before
        return (
            before is not None
            and all(getattr(before, field) == getattr(self.revision, field) for field in _HEAD)
            and [paragraph.block for paragraph in self.before_paragraphs]
            == [paragraph.block for paragraph in self.paragraphs]
        )


def publish(document: Document, *, by: User | None = None, **origin: Unpack[Origin]) -> Article:
    """Make the document an article with its first revision, at an address made from its title unless a slug is given.

    Raises AlreadyPublished when an article has the same text or the given slug, and PublishingError for a document
    without text or with head matter that does not fit.
    """
    with transaction.atomic():
        article = open_article(document, **origin)
        write(plan(article, document, by=by))
    return article


def open_article(document: Document, **origin: Unpack[Origin]) -> Article:
    """Make an article in draft: it has an address, and no reader sees it. Raises as `publish` does."""
    article = Article(**origin)
    _refuse_malformed(article)
    text = _text_of(_tidied(document.blocks))
    if not text:
        raise PublishingError("There is no text to publish.")
    with transaction.atomic():
        _take_turn()
        _refuse_known(text=text, slug=article.slug)
        article.slug = article.slug or _free_slug(document.title, text)
        _save(article)
    return article


def describe(article: Article, **origin: Unpack[Origin]) -> Article:
    """Write down where an article in draft comes from, and at which address it is to be. Raises as `publish` does."""
    with transaction.atomic():
        _take_turn()
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if not locked.is_draft:
            raise PublishingError("This article is published, and its address stays as it is.")
        slug = locked.slug
        for field, value in origin.items():
            setattr(locked, field, value)
        _refuse_malformed(locked)
        if locked.slug != slug:
            _refuse_known(slug=locked.slug)
        _check(locked)
        locked.save()
    return locked


def revise(
    article: Article, document: Document, *, by: User | None = None, note: str = "", tell: Tell | None = None
) -> Revision:
    """Publish the document as the article's next revision. Raises as `plan` and `write` do."""
    return write(plan(article, document, by=by, note=note, tell=tell), tell=tell)


def plan(
    article: Article, document: Document, *, by: User | None = None, note: str = "", tell: Tell | None = None
) -> Plan:
    """Work out the article's next revision from the document: names, sentences, and what becomes of each block.

    Raises PublishingError for a document without text, with head matter that does not fit, or with a picture that is
    not here.
    """
    tell = tell or _quietly
    found = _tidied(document.blocks)
    text = _text_of(found)
    if not text:
        raise PublishingError("There is no text to publish.")
    before = article.current_revision
    old = list(before.paragraphs.select_related("picture")) if before else []
    tell("Laying both texts side by side", 5)
    alignment = align([block.text for block in old], [block.text for block in found], hints=_hints(old, found))
    kinds = [block.kind for block in found]
    names = naming.carry([block.name for block in old], alignment, kinds, _taken(article))
    tell("Finding sentences", 20)
    revision = _revision(article, document, before, text, by=by, note=note)
    new = list(_paragraphs(revision, _linked(found, names), names, {block.text: block.sentences for block in old}))
    changes = naming.changes(_called(old), _called(new), alignment) if before else ()
    revision.changes = [list(change) for change in changes if change.kind != "kept"]
    return Plan(article, before, old, revision, new, alignment, changes)


def write(plan: Plan, *, tell: Tell | None = None, beside: WriteBeside | None = None) -> Revision:
    """Make the planned revision the one that readers see, with everything that depends on it, in one transaction.

    `beside` is called in it with the saved revision, first of all who write something beside it.

    Raises Overtaken when another revision was published since it was planned, NothingChanged when it says what stands
    already, and AlreadyPublished when a first revision is another article's text.
    """
    tell = tell or _quietly
    if plan.is_same:
        raise NothingChanged
    companions = [*([beside] if beside else []), *_companions(plan, tell)]
    tell("Writing it down", 90)
    with transaction.atomic():
        _take_turn()
        article = Article.objects.select_for_update().get(pk=plan.article.pk)
        if article.current_revision_id != (plan.before.pk if plan.before else None):
            raise Overtaken
        if plan.before is None:
            _refuse_known(text=plan.revision.text)
        _save(plan.revision)
        Paragraph.objects.bulk_create(plan.paragraphs, batch_size=500)
        for write_beside in companions:
            write_beside(plan.revision)
        _make_current(plan.article, article, plan.revision)
        transaction.on_commit(lambda: _announce(plan.article, plan.revision))
    return plan.revision


def _companions(plan: Plan, tell: Tell) -> list[WriteBeside]:
    """Ask who has to write something beside the revision."""
    answers = revision_planned.send(sender=Article, plan=plan, tell=tell)
    return [cast("WriteBeside", write_beside) for _, write_beside in answers]


def _quietly(_step: str, _hundredths: int) -> None:
    """Tell nobody."""


def _refuse_malformed(article: Article) -> None:
    try:
        if article.original_url:
            URLValidator(schemes=["http", "https"])(article.original_url)
    except ValidationError as error:
        raise PublishingError(
            "The original address must be a full one that begins with http:// or https://."
        ) from error
    if not LANGUAGE_TAG.fullmatch(article.language):
        raise PublishingError("The language must be a tag such as en, en-GB or zh-Hans.")


def _tidied(found: Sequence[Block]) -> list[Block]:
    """Give the blocks with their text normalised, without those that have neither text nor picture."""
    tidied = (blocks.tidied(block) for block in found)
    return [block for block in tidied if block.text or block.image]


def _text_of(found: Sequence[Block]) -> str:
    """Give the canonical text; empty when no block has any."""
    texts = [block.text for block in found]
    return paragraphs.canonical_text(texts) if any(texts) else ""


def _take_turn() -> None:
    """Wait until no other publication runs, so that what is checked still holds when it is written.

    SQLite's transactions already take turns; PostgreSQL's need a lock, which ends with the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING_LOCK])


def _refuse_known(*, text: str = "", slug: str = "") -> None:
    known = Revision.objects.filter(text=text).select_related("article__current_revision")
    revision = known.first() if text else None
    if revision is not None:
        message = f"This article is already here, as “{revision.article}” ({revision.article.slug})."
        raise AlreadyPublished(message, revision.article)
    article = Article.objects.filter(slug=slug).with_revision().first() if slug else None
    if article is not None:
        raise AlreadyPublished(f"The address “{slug}” belongs to “{article}” already.", article)


def _free_slug(title: str, text: str) -> str:
    """Give the slug of the title, numbered when another article has it."""
    stem = _cut(slugify(title)) or f"article-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    taken = set(Article.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in _candidates(stem) if slug not in taken)


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def _cut(slug: str) -> str:
    """Shorten a slug between two words."""
    if len(slug) <= SLUG_LENGTH:
        return slug
    return slug[: SLUG_LENGTH + 1].rpartition("-")[0] or slug[:SLUG_LENGTH]


def _hints(old: Sequence[Paragraph], found: Sequence[Block]) -> dict[int, int]:
    """Give which block the editor's page takes for which, by their names."""
    indices = {block.name: index for index, block in enumerate(old)}
    return {index: indices[block.name] for index, block in enumerate(found) if block.name in indices}


def _taken(article: Article) -> set[str]:
    """Give every name that a block of this article ever had."""
    return set(Paragraph.objects.filter(revision__article=article).values_list("name", flat=True).distinct())


def _linked(found: Sequence[Block], names: Sequence[str]) -> list[Block]:
    """Point the links between blocks to the names these have now."""
    links = {f'<a href="#{block.key}">': f'<a href="#{name}">' for block, name in zip(found, names, strict=True)}
    return [replace(block, html=_relinked(block.html, links)) for block in found]


def _relinked(html: str, links: Mapping[str, str]) -> str:
    if '<a href="#' not in html:
        return html
    return "".join(escape(text, quote=False) + links.get(tag, tag) for text, tag in paragraphs.parse(html))


def _called(found: Sequence[Paragraph]) -> list[tuple[str, str]]:
    return [(block.name, block.text) for block in found]


def _revision(
    article: Article, document: Document, before: Revision | None, text: str, *, by: User | None, note: str
) -> Revision:
    revision = Revision(
        article=article,
        number=before.number + 1 if before else 1,
        title=paragraphs.normalize(document.title),
        kicker=paragraphs.normalize(document.kicker),
        byline=paragraphs.normalize(document.byline),
        author_note="\n".join(paragraphs.normalize(line) for line in document.author_note.splitlines()),
        text=text,
        note=note.strip(),
        creator=by,
    )
    _check(revision)
    return revision


def _save(row: Article | Revision) -> None:
    """Write a new row after the checks of its columns, which SQLite leaves to us."""
    _check(row)
    row.save(force_insert=True)


def _check(row: Article | Revision) -> None:
    try:
        row.clean_fields(exclude={"article", "creator", "current_revision", "changes"})
    except ValidationError as error:
        faults = (f"{name.replace('_', ' ')}: {' '.join(found)}" for name, found in error.message_dict.items())
        raise PublishingError(f"It does not fit. {' '.join(faults)}") from error


def _paragraphs(
    revision: Revision, found: Sequence[Block], names: Sequence[str], known: Mapping[str, list[list[int]]]
) -> Iterator[Paragraph]:
    """Give the blocks as they are kept; `known` are the sentences of texts that were there before."""
    pictures = Picture.objects.in_bulk([block.image for block in found if block.image])
    language = revision.article.language
    start = 0
    for position, (block, name) in enumerate(zip(found, names, strict=True)):
        if block.image and block.image not in pictures:
            raise PublishingError("A picture of it is not here. Please import it again, or take it out.")
        text = block.text
        yield Paragraph(
            revision=revision,
            position=position,
            name=name,
            kind=block.kind,
            html=block.html,
            text=text,
            level=block.level,
            marker=block.marker,
            picture=pictures.get(block.image),
            alt=block.alt,
            start=start,
            end=start + len(text),
            sentences=known.get(text) or [list(span) for span in sentences.split(text, language)],
        )
        start += len(text) + len("\n")


def _make_current(given: Article, locked: Article, revision: Revision) -> None:
    """Show the revision to readers; the article that was given shows it too."""
    locked.current_revision = revision
    if locked.is_draft:
        locked.status = Article.Status.PUBLISHED
        locked.published_at = timezone.now()
    locked.save(update_fields=["current_revision", "status", "published_at"])
    locked.touch()
    for field in ("current_revision", "status", "published_at"):
        setattr(given, field, getattr(locked, field))


def _announce(article: Article, revision: Revision) -> None:
    revision_published.send(sender=Article, article=article, revision=revision)

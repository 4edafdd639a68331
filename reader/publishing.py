"""Publish articles: from what an import found to a text with permanent addresses."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from reader.models import Article, Paragraph, Revision, User
from reader.signals import revision_published
from reader.text import paragraphs, sentences
from reader.text.blocks import Block, Document

# Short enough to read in an address bar; the column holds more, for what an editor chooses.
SLUG_LENGTH = 70

# The form of a BCP 47 tag; whether its parts are registered does not matter to us.
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")

# Any number will do that nothing else in this database locks.
_PUBLISHING_LOCK = 0x676C6F73


class PublishingError(ValueError):
    """A document that cannot be published, with a sentence for the person who can mend it."""


class AlreadyPublished(PublishingError):
    """The article, or another at the address asked for, is there already."""

    def __init__(self, message: str, article: Article) -> None:
        super().__init__(message)
        self.article = article


def publish(
    document: Document,
    *,
    slug: str = "",
    publisher: str = "",
    original_url: str = "",
    language: str = "en",
    by: User | None = None,
) -> Article:
    """Make the document an article with its first revision, at an address made from its title unless a slug is given.

    Raises AlreadyPublished when an article has the same text or the given slug, and PublishingError for a document
    without text or with head matter that does not fit.
    """
    _refuse_malformed(original_url=original_url, language=language)
    blocks = _tidied(document.blocks)
    text = paragraphs.canonical_text([paragraphs.plain_text(block.html) for block in blocks])
    if not text:
        raise PublishingError("There is no text to publish.")
    with transaction.atomic():
        _take_turn()
        _refuse_known(text=text, slug=slug)
        article = Article(
            slug=slug or _free_slug(document.title, text),
            publisher=publisher,
            original_url=original_url,
            language=language,
            published_at=timezone.now(),
        )
        _save(article)
        revision = _add_revision(article, document, blocks, text, by=by)
        article.current_revision = revision
        article.save(update_fields=["current_revision"])
        transaction.on_commit(lambda: _announce(article, revision))
    return article


def _refuse_malformed(*, original_url: str, language: str) -> None:
    try:
        if original_url:
            URLValidator(schemes=["http", "https"])(original_url)
    except ValidationError as error:
        raise PublishingError(
            "The original address must be a full one that begins with http:// or https://."
        ) from error
    if not _LANGUAGE_TAG.fullmatch(language):
        raise PublishingError("The language must be a tag such as en, en-GB or zh-Hans.")


def _tidied(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with their text normalised, without those that have none."""
    tidied = (Block(block.kind, paragraphs.tidy(block.html)) for block in blocks)
    return [block for block in tidied if paragraphs.plain_text(block.html)]


def _take_turn() -> None:
    """Wait until no other publication runs, so that what is checked still holds when it is written.

    SQLite's transactions already take turns; PostgreSQL's need a lock, which ends with the transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHING_LOCK])


def _refuse_known(*, text: str, slug: str) -> None:
    revision = Revision.objects.filter(text=text).select_related("article__current_revision").first()
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


def _add_revision(
    article: Article, document: Document, blocks: Sequence[Block], text: str, *, by: User | None
) -> Revision:
    revision = Revision(
        article=article,
        number=1,
        title=paragraphs.normalize(document.title),
        kicker=paragraphs.normalize(document.kicker),
        byline=paragraphs.normalize(document.byline),
        author_note="\n".join(paragraphs.normalize(line) for line in document.author_note.splitlines()),
        text=text,
        creator=by,
    )
    _save(revision)
    Paragraph.objects.bulk_create(_paragraphs(revision, blocks), batch_size=500)
    return revision


def _save(row: Article | Revision) -> None:
    """Write a new row after the checks of its columns, which SQLite leaves to us."""
    try:
        row.clean_fields(exclude={"article", "creator", "current_revision"})
    except ValidationError as error:
        faults = (f"{name.replace('_', ' ')}: {' '.join(found)}" for name, found in error.message_dict.items())
        raise PublishingError(f"It does not fit. {' '.join(faults)}") from error
    row.save(force_insert=True)


def _paragraphs(revision: Revision, blocks: Sequence[Block]) -> Iterator[Paragraph]:
    names = paragraphs.next_names([block.kind for block in blocks], taken=())
    start = 0
    for position, (block, name) in enumerate(zip(blocks, names, strict=True)):
        text = paragraphs.plain_text(block.html)
        yield Paragraph(
            revision=revision,
            position=position,
            name=name,
            kind=block.kind,
            html=block.html,
            text=text,
            start=start,
            end=start + len(text),
            sentences=[list(span) for span in sentences.split(text, revision.article.language)],
        )
        start += len(text) + len("\n")


def _announce(article: Article, revision: Revision) -> None:
    revision_published.send(sender=Article, article=article, revision=revision)

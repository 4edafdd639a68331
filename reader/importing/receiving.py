"""Bring a text in: from what an editor gives, a draft with its head matter, its blocks and its pictures.

What is given is kept first, and read in later by the worker, since that may take longer than a page may.
"""

import base64
import binascii
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote_to_bytes, urlsplit

from django.db import transaction

from reader import publishing
from reader.importing import decoding, extraction, fetching, markdown, pages, pictures
from reader.models import Article, Draft, Picture, User
from reader.publishing import Origin, Tell
from reader.text.blocks import Block, Document

# What stands in the way of a text, with a sentence for whoever gave it.
Refusals = (decoding.DecodingError, extraction.ExtractionError, fetching.FetchError, publishing.PublishingError)

_PAGES = ("text/html", "application/xhtml+xml", "text/markdown", "text/plain")
_SUFFIXES = {
    ".txt": Draft.Format.PLAIN,
    ".text": Draft.Format.PLAIN,
    ".md": Draft.Format.MARKDOWN,
    ".markdown": Draft.Format.MARKDOWN,
    ".html": Draft.Format.HTML,
    ".htm": Draft.Format.HTML,
    ".xhtml": Draft.Format.HTML,
}
_HTML = re.compile(
    r"^\s*<(?:!doctype html|html|head|body|article|main|section|div|p|h[1-6]|ul|ol|table|figure|blockquote)\b[^<>]*>",
    re.IGNORECASE | re.MULTILINE,
)
# A heading, a fence of code, a note, a link, a picture, strong words, a table's line, or facts above the text.
_MARKDOWN = re.compile(
    r"^#{1,6}[ \t]+\S|^(?:```|~~~)|^\[[^\]\n]+\]:[ \t]|!?\[[^\]\n]+\]\([^)\s]+[^)\n]*\)|\*\*\S[^*\n]*\*\*"
    r"|^\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+|\A---[ \t]*\n",
    re.MULTILINE,
)
_DATA = re.compile(r"data:image/[\w.+-]+(?:;[\w.+-]+=[^;,]*)*(?P<packed>;base64)?,", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{64}")

# Of the pictures of one article, all together.
_MOST_PICTURES = 100
_MOST_PICTURE_BYTES = 100_000_000
_MOST_PICTURE_SECONDS = 180
_ADDRESS_SHOWN = 100


class ReceivingError(ValueError):
    """A text that cannot be given again, with a sentence for whoever tried."""


# What is given


def receive(*, given: str, format: str, by: User | None, original_url: str = "") -> Draft:  # noqa: A002
    """Keep what an editor gives as a draft that is to be read in: a text, or the address of one.

    `original_url` is where a text was first; its links and pictures are looked for from there.
    """
    return _begin(Draft(creator=by), given=given, format=format, original_url=original_url)


def receive_again(
    *,
    draft: Draft,
    given: str,
    format: str,  # noqa: A002
    original_url: str = "",
) -> Draft:
    """Keep what is to be read in instead of what could not be; an attempt that still runs is left without effect.

    Raises ReceivingError for a draft that has its text, or was thrown away.
    """
    with transaction.atomic():
        current = Draft.objects.select_for_update().get(pk=draft.pk)
        if not is_unread(current):
            raise ReceivingError("This text has been read in already, or was thrown away.")
        current.version += 1
        return _begin(current, given=given, format=format, original_url=original_url)


def _begin(draft: Draft, *, given: str, format: str, original_url: str) -> Draft:  # noqa: A002
    draft.given, draft.format = given, format
    draft.facts = {"original_url": original_url} if original_url else {}
    draft.begin(Draft.State.READING)
    draft.save()
    return draft


def is_unread(draft: Draft) -> bool:
    """Say whether the draft is still nothing but what was given."""
    return draft.state in {Draft.State.READING, Draft.State.OPEN} and not draft.blocks and draft.article_id is None


def guess(text: str, *, name: str = "") -> str:
    """Say what a text is, by the name of its file or else by its looks: plain, Markdown or HTML."""
    suffix = re.search(r"\.\w+$", name.lower())
    if suffix and suffix[0] in _SUFFIXES:
        return _SUFFIXES[suffix[0]]
    if _HTML.search(text):
        return Draft.Format.HTML
    return Draft.Format.MARKDOWN if _MARKDOWN.search(text) else Draft.Format.PLAIN


def decoded(data: bytes, *, format: str) -> str:  # noqa: A002
    """Give the text of a file, without the one character that no database keeps. Raises DecodingError."""
    return pages.decode(data).replace("\0", "") if format == Draft.Format.HTML else decoding.decode(data)


# Reading it


def read_in(draft: Draft, *, tell: Tell) -> None:
    """Make of what was given the draft of a new article, or keep with it why that cannot be done.

    Nothing happens to a draft that was thrown away, or given anew, in the meantime.
    """
    original_url = draft.facts.get("original_url", "")
    try:
        document = read(draft.given, format=draft.format, original_url=original_url, tell=tell)
        tell("Making a draft of it", 95)
        with transaction.atomic():
            if current := _still_reading(draft):
                _become(current, document, origin(document, original_url=original_url))
    except Refusals as error:
        with transaction.atomic():
            if current := _still_reading(draft):
                current.state, current.problem, current.step, current.progress = Draft.State.OPEN, _why(error), "", 0
                current.save()


def open_draft(document: Document, *, by: User | None, origin: Origin) -> Draft:
    """Make of a document the draft of a new article. Raises as `publishing.open_article` does."""
    with transaction.atomic():
        return _become(Draft(creator=by), document, origin)


def read(given: str, *, format: str, original_url: str = "", tell: Tell) -> Document:  # noqa: A002
    """Give the document in what was given, its pictures kept here. Raises one of `Refusals`."""
    if format == Draft.Format.ADDRESS:
        tell("Fetching the page", 5)
        fetched = fetching.fetch(given, accept=_PAGES)
        tell("Finding the article in it", 15)
        document = _fetched(fetched)
    else:
        tell("Finding the article in it", 5)
        document = _found(given, format, original_url)
    return _with_pictures(document, tell=tell)


def origin(
    document: Document, *, slug: str = "", publisher: str = "", original_url: str = "", language: str = ""
) -> Origin:
    """Give what is known of where the document was first; what is given goes before what it says itself."""
    tag = language or (document.language if publishing.LANGUAGE_TAG.fullmatch(document.language) else "")
    return Origin(
        slug=slug,
        publisher=publisher or document.publisher[: _length(Article, "publisher")],
        original_url=original_url or document.original_url,
        language=tag or "en",
        published_on=document.published_on,
    )


def _fetched(fetched: fetching.Fetched) -> Document:
    text = pages.decode(fetched.body, f"{fetched.content_type}; charset={fetched.charset}").replace("\0", "")
    if fetched.content_type == "text/markdown":
        found = Draft.Format.MARKDOWN
    elif fetched.content_type == "text/plain":
        name = urlsplit(fetched.address).path
        found = Draft.Format.MARKDOWN if name.endswith((".md", ".markdown")) else Draft.Format.PLAIN
    else:
        found = Draft.Format.HTML
    document = _found(text, found, fetched.address)
    return replace(document, original_url=document.original_url or fetched.address)


def _found(text: str, format: str, address: str) -> Document:  # noqa: A002
    match format:
        case Draft.Format.HTML:
            return pages.from_html(text, address=address)
        case Draft.Format.MARKDOWN:
            return markdown.from_markdown(text)
        case _:
            return extraction.from_plain_text(text)


def _why(error: Exception) -> str:
    is_here = isinstance(error, publishing.AlreadyPublished)
    return f"{error} To change it, revise it there." if is_here else str(error)


def _still_reading(draft: Draft) -> Draft | None:
    rows = Draft.objects.select_for_update()
    return rows.filter(pk=draft.pk, version=draft.version, state=Draft.State.READING).first()


def _become(draft: Draft, document: Document, origin: Origin) -> Draft:
    """Open an article for the document, and fill the draft with it."""
    draft.article = publishing.open_article(document, **origin)
    for field in ("title", "kicker", "byline", "author_note"):
        setattr(draft, field, _fitting(getattr(document, field), _length(Draft, field)))
    draft.put(document.blocks)
    draft.dropped = list(document.dropped)
    draft.state, draft.problem, draft.step, draft.progress = Draft.State.OPEN, "", "", 0
    draft.save()
    return draft


def _fitting(text: str, length: int | None) -> str:
    return text if length is None or len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _length(model: type[Article | Draft], field: str) -> int | None:
    length: int | None = getattr(model._meta.get_field(field), "max_length", None)
    return length


# Its pictures


def _with_pictures(document: Document, *, tell: Tell) -> Document:
    """Give the document with its pictures kept here, and a line for each that could not be."""
    album = _Album(document, tell=tell)
    blocks = tuple(album.illustrated())
    return replace(document, blocks=blocks, dropped=(*document.dropped, *album.dropped))


class _Album:
    """The pictures of one document: each fetched once, within limits for all of them."""

    def __init__(self, document: Document, *, tell: Tell) -> None:
        self.blocks = document.blocks
        self.tell = tell
        self.wanted = list(dict.fromkeys(block.image for block in document.blocks if block.image))
        self.known: dict[str, str] = {}
        self.bytes_left = _MOST_PICTURE_BYTES
        self.until = time.monotonic() + _MOST_PICTURE_SECONDS
        self.dropped: list[str] = []

    def illustrated(self) -> Iterator[Block]:
        """Give the blocks with pictures under their hashes. A figure left with neither picture nor caption goes."""
        self._keep_all()
        for block in self.blocks:
            with_picture = replace(block, image=self.known.get(block.image, ""))
            if with_picture.image or with_picture.html or not block.image:
                yield with_picture

    def _keep_all(self) -> None:
        for index, image in enumerate(self.wanted):
            self.tell(f"Fetching picture {index + 1} of {len(self.wanted)}", 20 + 70 * index // len(self.wanted))
            try:
                self.known[image] = self._kept(image, index)
            except (fetching.FetchError, pictures.PictureError) as error:
                self.dropped.append(f"A picture was left out ({_shown(image)}). {error}")

    def _kept(self, image: str, index: int) -> str:
        """Give the hash of a picture. Raises FetchError or PictureError."""
        if index >= _MOST_PICTURES:
            raise pictures.PictureError(f"There are more than {_MOST_PICTURES}.")
        if _HASH.fullmatch(image):
            if not Picture.objects.filter(pk=image).exists():
                raise pictures.PictureError("It is not here.")
            return image
        data = self._data(image)
        self.bytes_left -= len(data)
        return pictures.keep(pictures.encode(data)).hash

    def _data(self, image: str) -> bytes:
        if image[:5].lower() == "data:":
            return _unpacked(image)
        seconds = self.until - time.monotonic()
        if self.bytes_left <= 0 or seconds <= 0:
            raise pictures.PictureError("All of them together are too many.")
        most_bytes = min(pictures.MOST_BYTES, self.bytes_left)
        return fetching.fetch(image, accept=pictures.TYPES, most_bytes=most_bytes, seconds=min(10, seconds)).body


def _unpacked(image: str) -> bytes:
    """Give the bytes of a picture that stands in the text itself."""
    head = _DATA.match(image)
    if head is None:
        raise pictures.PictureError("It is no picture.")
    body = unquote_to_bytes(image[head.end() :])
    try:
        return base64.b64decode(body) if head["packed"] else body
    except binascii.Error as error:
        raise pictures.PictureError("It is damaged.") from error


def _shown(image: str) -> str:
    if image[:5].lower() == "data:":
        return "in the text itself"
    return image if len(image) <= _ADDRESS_SHOWN else f"{image[: _ADDRESS_SHOWN - 1]}…"

"""What the site knows about a document from readers who cited it, and where it is cited already.

Nothing is ever fetched for this, and only what is published tells anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from annotations import addresses
from annotations.models import Annotation, Document, Source
from reader.models import Article
from reader.text.spans import Span

# How many citations of one document are looked through, newest first: a fact that none of them tells is not known.
_MOST_LOOKED_THROUGH = 50


@dataclass(frozen=True, kw_only=True)
class Known:
    """What readers wrote about a document; empty where nobody did."""

    title: str = ""
    publisher: str = ""
    published_on: date | None = None


def document(article: Article, url: str) -> Document:
    """Give the article's row for the document at an address, made now where nobody cited it there before.

    Raises AddressError for what is no address.
    """
    return Document.objects.get_or_create(article=article, canonical_url=addresses.canonical(url))[0]


def known(url: str) -> Known:
    """Give what is known about the document at an address, each fact as it was written last."""
    address = _canonical(url)
    if not address:
        return Known()
    told = Source.objects.filter(document__canonical_url=address, annotation__state=Annotation.State.PUBLISHED)
    return told_by(list(told.order_by("-annotation_id", "-id")[:_MOST_LOOKED_THROUGH]))


def told_by(sources: Sequence[Source]) -> Known:
    """Give each fact about one document as the first of these citations has it that tells it."""
    return Known(
        title=next((source.title for source in sources if source.title), ""),
        publisher=next((source.publisher for source in sources if source.publisher), ""),
        published_on=next((source.published_on for source in sources if source.published_on), None),
    )


def citations(url: str, *, article: Article, span: Span | None) -> Sequence[Annotation]:
    """Give what stands published with the same document, oldest first: on words that overlap those of the span.

    Without a span, what is about the article as a whole.
    """
    address = _canonical(url)
    if not address:
        return ()
    found = Annotation.objects.published().on(article).filter(sources__document__canonical_url=address)
    if span is None:
        found = found.filter(target=Annotation.Target.ARTICLE)
    else:
        found = found.overlapping(span, revision_id=article.current_revision_id)
    return list(found.with_creator().distinct().order_by("id"))


def _canonical(url: str) -> str:
    """Give the address in one spelling, or nothing for what is no address."""
    try:
        return addresses.canonical(url)
    except addresses.AddressError:
        return ""

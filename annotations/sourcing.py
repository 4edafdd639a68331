"""What the site knows about a document from readers who cited it, and where it is cited already.

Nothing is ever fetched for this, and only what is published tells anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from annotations import addresses
from annotations.models import Annotation, Document, Source
from reader.models import Article, User
from reader.text.spans import Span

# How many citations of one document are looked through, newest first: a fact that none of them tells is not known.
_MOST_LOOKED_THROUGH = 50


@dataclass(frozen=True, kw_only=True)
class Known:
    """What readers wrote about a document; empty where nobody did."""

    title: str = ""
    publisher: str = ""
    published_on: date | None = None


def document(article: Article, url: str, *, by: User | None = None) -> Document:
    """Give the article's row for the document at an address, made now where nobody cited it there before.

    Call it inside the transaction of the act that cites it. An address of a copy in an archive is kept as the copy of
    a document that has none, given by `by`. A document that nobody cites any more keeps its row, and shows nowhere.
    Raises AddressError for what is no address.
    """
    address = addresses.canonical(url)
    found = Document.objects.on(article).filter(canonical_url=address).first() or _made(article, address)
    if addresses.is_archived(url):
        Document.objects.filter(pk=found.pk, archived_url="").update(archived_url=url.strip(), archived_by=by)
    return found


def locked(document_id: int) -> Document:
    """Read a document afresh with its article, and keep both so until the transaction ends.

    The article first: who attaches something holds that, and may then come for the document.
    """
    Article.objects.select_for_update(of=("self",), no_key=True).get(documents=document_id)
    return Document.objects.select_for_update(of=("self",), no_key=True).select_related("article").get(pk=document_id)


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


def _made(article: Article, address: str) -> Document:
    """Make the row, unless another reader makes it at this moment.

    Whoever attaches has locked the article and may wait for a row that an edit is making; so an edit takes that lock
    first too, and neither waits for the other's end in a circle.
    """
    Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
    return Document.objects.get_or_create(article=article, canonical_url=address)[0]


def _canonical(url: str) -> str:
    """Give the address in one spelling, or nothing for what is no address."""
    try:
        return addresses.canonical(url)
    except addresses.AddressError:
        return ""

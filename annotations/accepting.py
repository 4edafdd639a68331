"""Accept what a reader typed, as it is kept, or say why not: the rules of what an annotation may say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from annotations import addresses, markdown
from annotations.models import Annotation, Source
from annotations.models.annotations import BODY_MAX_LENGTH, PLAIN_QUESTION
from reader.text.paragraphs import spoken


class NotAccepted(ValueError):
    """What was sent cannot be kept, with a sentence for its writer and the field it is about.

    `others` are further reasons found at the same time, so that a form can show all at once.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.others: Sequence[NotAccepted] = ()


class TooOften(NotAccepted):
    """It was done too often in a short time; the sentence says when it may be done again."""


class AlreadyPosted(NotAccepted):
    """The same form came before with other words; `annotation` is what it made then."""

    def __init__(self, annotation: Annotation) -> None:
        super().__init__("You have posted from this form already. Post again to add this as a second annotation.")
        self.annotation = annotation


class SourceAlreadyHere(NotAccepted):
    """The same document is cited at the same words; `citations` are the annotations that cite it."""

    def __init__(self, citations: Sequence[Annotation]) -> None:
        super().__init__("This source is already here. Say what you think of it, or post yours all the same.")
        self.citations = citations


class EditConflict(NotAccepted):
    """Somebody edited in between; `annotation` is how it stands now."""

    def __init__(self, annotation: Annotation) -> None:
        super().__init__(
            "This annotation was edited elsewhere while you were writing. What stands now is shown beside your words; "
            "save again to replace it."
        )
        self.annotation = annotation


@dataclass(frozen=True, kw_only=True)
class SourceDraft:
    """A document as its reader describes it."""

    url: str
    stance: str
    title: str = ""
    publisher: str = ""
    published_on: date | None = None
    excerpt: str = ""
    locator: str = ""


class Preview(NamedTuple):
    """A body as it will look, or the sentence that says why it could not be posted."""

    html: str
    problem: str = ""


def preview(body: str, *, kind: str = "") -> Preview:
    """Give a body as it will look when it is posted as this kind of annotation."""
    words = typed(body)
    refusal = next(_body_refusals(words, kind=kind), None)
    return Preview("", refusal.message) if refusal else Preview(markdown.render(_said(words, kind=kind)))


def draft(
    *,
    kind: str,
    body: str,
    grounds: str = "",
    would_change_my_mind: str = "",
    sources: Sequence[SourceDraft] = (),
) -> Annotation:
    body = typed(body)
    is_disagreement = kind == Annotation.Kind.DISAGREEMENT
    _check(kind=kind, body=body, grounds=grounds, sources=sources)
    return Annotation(
        kind=kind,
        sign=sources[0].stance if kind == Annotation.Kind.SOURCE else kind,
        body=body,
        body_html=markdown.render(_said(body, kind=kind)),
        gist=markdown.gist(_said(body, kind=kind)),
        grounds=grounds if is_disagreement else "",
        would_change_my_mind=typed(would_change_my_mind) if is_disagreement else "",
    )


def typed(words: str) -> str:
    """Give words as they are kept, whichever line ends the form sent them with, without what nobody sees."""
    return spoken(words).strip()


def _check(*, kind: str, body: str, grounds: str, sources: Sequence[SourceDraft]) -> None:
    refusals = list(_refusals(kind=kind, body=body, grounds=grounds, sources=sources))
    if refusals:
        refusals[0].others = refusals[1:]
        raise refusals[0]


def _refusals(*, kind: str, body: str, grounds: str, sources: Sequence[SourceDraft]) -> Iterator[NotAccepted]:
    """Give everything that stands in the way, in the order of the form."""
    if kind not in Annotation.Kind.values:
        yield NotAccepted("Choose what you want to add.", field="kind")
    if kind == Annotation.Kind.SOURCE and not sources:
        yield NotAccepted("A source needs its web address.", field="url")
    for source in sources:
        yield from _source_refusals(source)
    if kind == Annotation.Kind.DISAGREEMENT and grounds not in Annotation.Grounds.values:
        yield NotAccepted("Say in which way the words are wrong or misleading.", field="grounds")
    yield from _body_refusals(body, kind=kind)


def _said(body: str, *, kind: str) -> str:
    """Give the words to show: a question needs none of its own."""
    return body or (PLAIN_QUESTION if kind == Annotation.Kind.QUESTION else "")


def _body_refusals(body: str, *, kind: str) -> Iterator[NotAccepted]:
    if not body:
        if kind == Annotation.Kind.QUESTION:
            return
        yield NotAccepted("Please write something.", field="body")
    elif len(body) > BODY_MAX_LENGTH:
        yield NotAccepted(
            f"This is {len(body):,} characters long; {BODY_MAX_LENGTH:,} is the most. Please shorten it.", field="body"
        )
    elif not markdown.has_words(body):
        yield NotAccepted("This is markup without words. Please write at least one word.", field="body")


def _source_refusals(source: SourceDraft) -> Iterator[NotAccepted]:
    try:
        addresses.canonical(source.url)
    except addresses.AddressError as error:
        yield NotAccepted(str(error), field="url")
    if source.stance not in Source.Stance.values:
        yield NotAccepted(
            "Say whether the source supports or contradicts these words, or gives context.", field="stance"
        )

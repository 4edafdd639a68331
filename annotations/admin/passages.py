"""The words an annotation is about, in the paragraphs they stand in."""

from dataclasses import dataclass

from annotations.models import Anchor, Annotation
from reader.models import Paragraph
from reader.text.spans import Span


@dataclass(frozen=True)
class Excerpt:
    """One paragraph of the text, cut where the annotated words begin and end."""

    label: str
    before: str
    words: str
    after: str


def excerpts(annotation: Annotation) -> list[Excerpt]:
    """Give the annotated words as their writer saw them; none when they are the whole article.

    A reply is about what the head of its thread is about.
    """
    head = annotation.root or annotation
    span = head.span
    if span is None:
        return []
    return [_excerpt(paragraph, span) for paragraph in head.revision.paragraphs.overlapping(span)]


def anchor_now(annotation: Annotation) -> Anchor | None:
    """Give where the words lie in the article as it now reads, or None while nobody has looked."""
    head = annotation.root or annotation
    return head.anchors.filter(revision=annotation.article.current_revision_id).select_related("set_by").first()


def _excerpt(paragraph: Paragraph, span: Span) -> Excerpt:
    start = max(span.start - paragraph.start, 0)
    end = min(span.end, paragraph.end) - paragraph.start
    return Excerpt(paragraph.label, paragraph.text[:start], paragraph.text[start:end], paragraph.text[end:])

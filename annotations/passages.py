"""The words an annotation is about, in the paragraphs they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

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


def excerpts(annotation: Annotation) -> Sequence[Excerpt]:
    """Give the annotated words as their writer saw them; none when they are the whole article.

    A reply is about what the head of its thread is about.
    """
    return excerpts_of([annotation])[annotation.pk]


def excerpts_of(annotations: Sequence[Annotation]) -> Mapping[int, Sequence[Excerpt]]:
    """Give the annotated words of each, by its id, as `excerpts` does: one query for all of them."""
    spans = {
        annotation.pk: (head.revision_id, head.span)
        for annotation in annotations
        if (head := annotation.root or annotation).span is not None
    }
    places = [Q(revision=revision, start__lt=span.end, end__gt=span.start) for revision, span in spans.values() if span]
    found = list(Paragraph.objects.filter(reduce(or_, places)).order_by("position")) if places else []
    return {each.pk: _cut(found, *spans.get(each.pk, (0, None))) for each in annotations}


def anchor_now(annotation: Annotation) -> Anchor | None:
    """Give where the words lie in the article as it now reads, or None while nobody has looked."""
    head = annotation.root or annotation
    return head.anchors.filter(revision=annotation.article.current_revision_id).select_related("set_by").first()


def _cut(paragraphs: Sequence[Paragraph], revision: int, span: Span | None) -> list[Excerpt]:
    if span is None:
        return []
    return [
        _excerpt(paragraph, span)
        for paragraph in paragraphs
        if paragraph.revision_id == revision and paragraph.start < span.end and paragraph.end > span.start
    ]


def _excerpt(paragraph: Paragraph, span: Span) -> Excerpt:
    start = max(span.start - paragraph.start, 0)
    end = min(span.end, paragraph.end) - paragraph.start
    return Excerpt(paragraph.label, paragraph.text[:start], paragraph.text[start:end], paragraph.text[end:])

"""The text round the words of a thread, for a page that shows the thread alone."""

from typing import NamedTuple

from annotations.threads import Thread
from reader.models import Paragraph
from reader.text.marking import Mark, mark

# A passage that goes on through more blocks than this is shown where it begins.
MOST_SURROUNDING = 3


class Surrounding(NamedTuple):
    """A block of the text, with the words marked that a thread is about."""

    paragraph: Paragraph
    html: str


def of(thread: Thread) -> list[Surrounding]:
    """Give the text round the words of a thread as it is now; none of the whole article, and where they are gone."""
    annotation, at = thread.head.annotation, thread.head.whereabouts
    revision = annotation.article.current_revision
    if at is None or at.span is None or revision is None:
        return []
    marks = [] if thread.head.is_stub or thread.head.place is None else [at.span]
    blocks = revision.paragraphs.overlapping(at.span).select_related("picture")[:MOST_SURROUNDING]
    return [
        Surrounding(
            block,
            mark(block.html, [Mark(span.shifted(-block.start), str(annotation.pk), annotation.sign) for span in marks]),
        )
        for block in blocks
    ]

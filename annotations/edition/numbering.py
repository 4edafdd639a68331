"""Where in the text the number of each note stands, and so the order of the notes."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from annotations.edition.gathering import Head
from annotations.models import Annotation
from reader.models import Paragraph

# Behind all blocks: what is about the article, then what is about words that are gone.
WHOLE, GONE = 10**9, 10**9 + 1


class Place(NamedTuple):
    """Where a note's number stands and how the notes of one place follow one another."""

    # The position of the block in the text, or one of the two above.
    block: int
    # In code points of the block's own text.
    position: int = 0
    is_about_paragraph: bool = False
    start: int = 0
    removed_in: int = 0
    id: int = 0


def places(paragraphs: Sequence[Paragraph], heads: Sequence[Head]) -> dict[int, Place]:
    """Give for each annotation where its number stands: at the end of its words, in the block that holds it."""
    starts = [paragraph.start for paragraph in paragraphs]
    found: dict[int, Place] = {}
    for head in heads:
        if head.is_gone:
            # What was removed last comes first.
            found[head.id] = Place(GONE, removed_in=-(head.removed_in or 0), id=head.id)
        elif head.start is None or head.end is None:
            found[head.id] = Place(WHOLE, id=head.id)
        else:
            block = max(bisect_left(starts, head.end) - 1, 0)
            is_about_paragraph = head.target == Annotation.Target.PARAGRAPH
            position = min(head.end, paragraphs[block].end) - starts[block]
            found[head.id] = Place(block, position, is_about_paragraph, head.start, id=head.id)
    return found

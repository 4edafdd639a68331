"""Marks on words: which annotations lie on which stretch of a paragraph, put into its HTML."""

from collections import deque
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from reader.text.paragraphs import parse
from reader.text.spans import Span


class Mark(NamedTuple):
    """One annotation's words in one block: code points of the block's text, the annotation's key and its sign."""

    span: Span
    key: str
    sign: str


class Insertion(NamedTuple):
    """HTML that is put behind so many code points of a block's text, as the number of a note is."""

    position: int
    html: str


class _Segment(NamedTuple):
    """A stretch of text under the same marks throughout."""

    start: int
    end: int
    open_tag: str


def mark(html: str, marks: Sequence[Mark]) -> str:
    """Put `<mark>` elements round the marked words of safe inline HTML; its text stays what it was.

    Where marks overlap, the text is cut into segments, and each names all its annotations, in the order given. Marks
    go inside the elements that are there, so the nesting stays right. What lies outside the text is cut off.
    """
    segments = _segments(marks)
    if not segments:
        return html
    pieces: list[str] = []
    position, first = 0, 0
    for text, tag in parse(html):
        end = position + len(text)
        while first < len(segments) and segments[first].end <= position:
            first += 1
        if text:
            pieces.append(_wrap(text, position, segments, first))
        pieces.append(tag)
        position = end
    return "".join(pieces)


def insert(html: str, insertions: Sequence[Insertion], *, between: str = "") -> str:
    """Put pieces of HTML between the words of safe inline HTML; `between` parts those that come to stand together.

    A piece stands behind the elements that end where it does, and never inside a link or a raised or lowered letter,
    where it would be taken for one: it waits for their end. In a table it stays in the cell of the words before it.
    """
    waiting = deque(sorted(insertions, key=lambda insertion: insertion.position))
    pieces: list[str] = []
    due: list[str] = []
    position = depth = 0

    def put() -> None:
        if due and not depth:
            pieces.append(between.join(due))
            due.clear()

    for text, tag in parse(html):
        for part, ready in _parts(text, position, waiting):
            put()
            pieces.append(_escape(part))
            due += ready
        position += len(text)
        name = tag.strip("</>").partition(" ")[0].lower()
        is_end = tag.startswith("</")
        if tag and not (is_end and name in _INLINE):
            put()
        if name in _CLOSED:
            depth += -1 if is_end else 1
        pieces.append(tag)
    due += (insertion.html for insertion in waiting)
    put()
    return "".join(pieces)


# Elements that a piece stands behind when it ends with them, and those that it may not stand in.
_INLINE = {"a", "cite", "code", "em", "strong", "sub", "sup"}
_CLOSED = {"a", "sub", "sup"}


def _parts(text: str, position: int, waiting: deque[Insertion]) -> Iterator[tuple[str, list[str]]]:
    """Cut a text, which begins at `position`, where something waits to be put in: each part, and what follows it."""
    while text:
        length = max(0, waiting[0].position - position) if waiting else len(text)
        part, text = text[:length], text[length:]
        position += len(part)
        ready: list[str] = []
        while waiting and waiting[0].position <= position:
            ready.append(waiting.popleft().html)
        yield part, ready


def _wrap(text: str, position: int, segments: Sequence[_Segment], first: int) -> str:
    """Mark one text node, which begins at `position`; `first` is the first segment that may touch it."""
    pieces: list[str] = []
    done, index = 0, first
    while index < len(segments) and segments[index].start < position + len(text):
        segment = segments[index]
        start, stop = max(0, segment.start - position), min(len(text), segment.end - position)
        pieces += (_escape(text[done:start]), segment.open_tag, _escape(text[start:stop]), "</mark>")
        done, index = stop, index + 1
    pieces.append(_escape(text[done:]))
    return "".join(pieces)


def _escape(text: str) -> str:
    return escape(text, quote=False)


def _segments(marks: Sequence[Mark]) -> list[_Segment]:
    """Cut the marked stretches wherever a mark begins or ends."""
    return [
        _Segment(start, end, _open_tag([marks[index] for index in indices]))
        for start, end, indices in _stretches([mark.span for mark in marks])
    ]


def _stretches(spans: Sequence[Span]) -> Iterator[tuple[int, int, list[int]]]:
    """Sweep over the spans: each stretch between two edges, with the spans that lie on it, in the order given."""
    edges: dict[int, tuple[list[int], list[int]]] = {}
    for index, span in enumerate(spans):
        start = max(0, span.start)
        if start < span.end:
            edges.setdefault(start, ([], []))[0].append(index)
            edges.setdefault(span.end, ([], []))[1].append(index)
    active: set[int] = set()
    previous = 0
    for position in sorted(edges):
        if active:
            yield previous, position, sorted(active)
        begun, ended = edges[position]
        active.update(begun)
        active.difference_update(ended)
        previous = position


def _open_tag(marks: Sequence[Mark]) -> str:
    signs = "".join(f" m-{sign}" for sign in sorted({mark.sign for mark in marks}))
    keys = " ".join(dict.fromkeys(mark.key for mark in marks))
    return f'<mark class="m{escape(signs)}" data-ids="{escape(keys)}">'

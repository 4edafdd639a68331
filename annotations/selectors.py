"""How a passage is described so that it can be found again, in the W3C Web Annotation model's terms.

Pure. Offsets are Unicode code points of the canonical text; the first is 0 and the end is excluded.
"""

from collections.abc import Iterator
from typing import NamedTuple

from reader.text.spans import Span

# Code points kept on either side of a quotation; the field's clients keep as many.
CONTEXT_LENGTH = 32


class SelectorError(ValueError):
    """A selector that does not fit the text, with a sentence for the person who can mend it."""


class TextQuoteSelector(NamedTuple):
    """The words, with what stands before and after them (W3C Web Annotation Data Model, section 4.2.4)."""

    exact: str
    prefix: str
    suffix: str


def describe(text: str, span: Span) -> TextQuoteSelector:
    """Give the quotation at the span with its context, shorter at the ends of the text."""
    before = max(0, span.start - CONTEXT_LENGTH)
    return TextQuoteSelector(
        exact=text[span.start : span.end],
        prefix=text[before : span.start],
        suffix=text[span.end : span.end + CONTEXT_LENGTH],
    )


def confirm(text: str, span: Span, exact: str) -> Span:
    """Give the span back when the words at it are the quotation; white space at its ends does not belong to it.

    Raises SelectorError when the span is empty, lies outside the text, or holds other words.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise SelectorError("That passage is not in this text. Please choose the words again.")
    if text[span.start : span.end] != exact:
        raise SelectorError("The words sent are not the words at that place. Please choose them again.")
    if not exact.strip():
        raise SelectorError("Please choose at least one word.")
    return Span(
        span.start + len(exact) - len(exact.lstrip()),
        span.end - len(exact) + len(exact.rstrip()),
    )


def places(words: str, text: str, within: Span) -> Iterator[Span]:
    """Give where words stand in a text, those places that begin within the span."""
    start = text.find(words, within.start) if words else -1
    while 0 <= start < within.end:
        yield Span(start, start + len(words))
        start = text.find(words, start + 1)

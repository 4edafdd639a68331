"""The peer: a search for a quotation that knows its words, 32 characters on either side, and its old place.

It works as the field's reference client does. Where the quotation stands as it was, those places are candidates;
otherwise those with the fewest errors, up to half its length. Of the candidates the one is taken that scores best:
quotation 50, what stands before 20, what stands behind 20, nearness to the old place 2.
"""

from collections.abc import Iterator
from typing import NamedTuple

import edlib

from annotations.selectors import TextQuoteSelector
from reader.text.spans import Span

_MOST_ERRORS = 256
_QUOTE, _PREFIX, _SUFFIX, _PLACE = 50.0, 20.0, 20.0, 2.0
# edlib knows so many different characters.
_ALPHABET = 256


class Found(NamedTuple):
    span: Span
    score: float


def narrow(before: str, after: str) -> tuple[str, str] | None:
    """Write both texts with characters of one byte, which is what edlib compares; None when they have too many."""
    characters = sorted({*before, *after})
    if len(characters) > _ALPHABET:
        return None
    table = {ord(character): chr(number) for number, character in enumerate(characters)}
    return before.translate(table), after.translate(table)


def search(text: str, quote: TextQuoteSelector, place: int) -> Found | None:
    """Find the best place for the quotation."""
    return max(
        (Found(span, _score(text, quote, place, span, errors)) for span, errors in _candidates(text, quote.exact)),
        key=lambda found: found.score,
        default=None,
    )


def _candidates(text: str, exact: str) -> Iterator[tuple[Span, int]]:
    start = text.find(exact)
    if start < 0:
        yield from _approximate(text, exact, min(_MOST_ERRORS, len(exact) // 2))
    while start >= 0:
        yield Span(start, start + len(exact)), 0
        start = text.find(exact, start + 1)


def _approximate(text: str, exact: str, most_errors: int) -> Iterator[tuple[Span, int]]:
    """Give the places with the fewest errors."""
    if not exact or not text:
        return
    result = edlib.align(_bytes(exact), _bytes(text), mode="HW", task="locations", k=most_errors)
    if result["editDistance"] >= 0:
        for start, last in result["locations"]:
            yield Span(start or 0, last + 1), result["editDistance"]


def _score(text: str, quote: TextQuoteSelector, place: int, span: Span, errors: int) -> float:
    before = text[max(0, span.start - len(quote.prefix)) : span.start]
    behind = text[span.end : span.end + len(quote.suffix)]
    score = _QUOTE * (1 - errors / len(quote.exact))
    score += _PREFIX * _likeness(before, quote.prefix) if quote.prefix else _PREFIX
    score += _SUFFIX * _likeness(behind, quote.suffix) if quote.suffix else _SUFFIX
    score += _PLACE * (1 - abs(span.start - place) / max(1, len(text)))
    return score / (_QUOTE + _PREFIX + _SUFFIX + _PLACE)


def _likeness(text: str, wanted: str) -> float:
    """Say how much of what is wanted stands in the text, from 0 to 1."""
    if not text:
        return 0.0
    distance: int = edlib.align(_bytes(wanted), _bytes(text), mode="HW", task="distance")["editDistance"]
    return 1 - distance / len(wanted)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1")

"""Sentences: the unit of evidence, and what a reader without a mouse picks.

The cutting is sentencex's; three rules here mend what its rules for all languages leave wrong in running prose.
Why this one: docs/decisions/sentence-segmenter.md.
"""

import re
from collections.abc import Iterable, Iterator

import sentencex

from reader.text.spans import Span

# The number before an item: "1.", "2)", "(a)", "B.". Nothing is said by it alone; "M. Dupont" is mended with it.
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[^\W\d_])[.)]")
# A sentence that stands in brackets by itself, with another after it: "(Really, it was.) Then it went."
_BRACKETED = re.compile(r"\([^()]*[.!?…][”’\"']?\)(?=\s+[^\sa-z])|\[[^\[\]]*[.!?…][”’\"']?\](?=\s+[^\sa-z])")
# After these, sentences follow one another without a space.
_UNSPACED_END = re.compile(r"[。！？｡．][”’」』》）)]*\Z")


def split(text: str, language: str = "en") -> tuple[Span, ...]:
    """Give where the sentences lie, in code points of the text; white space between them belongs to none.

    They never overlap and hold everything that is not white space. `language` is a BCP 47 tag; of one that the
    segmenter does not know, general rules are used.
    """
    segments = sentencex.segment(language.partition("-")[0].lower(), text)
    return tuple(_mend(text, _spans(segments)))


def _spans(segments: Iterable[str]) -> Iterator[Span]:
    """Give where the segments lie without the white space at their ends; they cover the text without a gap."""
    start = 0
    for segment in segments:
        if segment.strip():
            yield Span(start + len(segment) - len(segment.lstrip()), start + len(segment.rstrip()))
        start += len(segment)


def _mend(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    held: Span | None = None
    for span in spans:
        for part in _unbracketed(text, span):
            if held and not _is_whole(text, held, part):
                held = Span(held.start, part.end)
                continue
            if held:
                yield held
            held = part
    if held:
        yield held


def _unbracketed(text: str, span: Span) -> tuple[Span, ...]:
    """Part a sentence in brackets from the one after it."""
    match = _BRACKETED.match(text, span.start, span.end)
    if match is None:
        return (span,)
    rest = text[match.end() : span.end]
    return (Span(span.start, match.end()), Span(span.end - len(rest.lstrip()), span.end))


def _is_whole(text: str, span: Span, following: Span) -> bool:
    """Say whether the sentence ends before the following span: not within "was it true?—and left"."""
    if _ENUMERATOR.fullmatch(text, span.start, span.end):
        return False
    return span.end < following.start or bool(_UNSPACED_END.search(text, max(span.start, span.end - 4), span.end))

"""Sentences: the unit of evidence, and what a reader without a mouse picks."""

import sentencex

from reader.text.spans import Span


def split(text: str, language: str = "en") -> tuple[Span, ...]:
    """Give where the sentences lie, in code points of the text; white space between them belongs to none.

    The sentences never overlap and hold everything that is not white space. `language` is a BCP 47 tag.
    """
    spans = []
    end = 0
    for segment in sentencex.segment(language.partition("-")[0].lower(), text):
        start, end = end, end + len(segment)
        if segment.strip():
            spans.append(Span(start + len(segment) - len(segment.lstrip()), start + len(segment.rstrip())))
    return tuple(spans)

"""The lines of a plain text as its writer meant them: hard-wrapped ones joined, white space made one kind."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from reader.text.paragraphs import normalize

# A text with a longer line is not hard-wrapped: nobody wraps wider than this. Nor narrower than a newspaper column.
_WIDEST_WRAP = 110
_NARROWEST_WRAP = 30
_SENTENCE_ENDS = tuple(".!?…。！？:;\"”’')]»")


class Line(NamedTuple):
    """One line; `is_apart` when a blank line stands above it."""

    text: str
    is_apart: bool


def lines_of(text: str, *, stands_alone: Callable[[str], bool]) -> list[Line]:
    """Give the lines of the text; those of a hard-wrapped paragraph are one.

    `stands_alone` tells lines that are never part of a paragraph, such as "Share this".
    """
    lines = list(_lines(text))
    width = max((len(line.text) for line in lines), default=0)
    breaks = [
        index
        for index in range(1, len(lines))
        if _is_full(lines[index - 1].text, lines[index], width)
        and not stands_alone(lines[index - 1].text)
        and not stands_alone(lines[index].text)
    ]
    return _join(lines, set(breaks)) if _is_wrapped(lines, breaks, width) else lines


def _lines(text: str) -> Iterator[Line]:
    is_apart, was_indented = True, False
    for raw in text.splitlines():
        words, is_indented = normalize(raw), raw[:1].isspace()
        if words:
            # Books and typewriters begin a paragraph by setting its first line in.
            yield Line(words, is_apart or (is_indented and not was_indented))
        is_apart, was_indented = not words, is_indented


def _is_full(before: str, line: Line, width: int) -> bool:
    """Say whether the line above was so long that the first word of this one had no room on it."""
    return not line.is_apart and len(before) + 1 + len(line.text.split(" ", 1)[0]) > width


def _is_wrapped(lines: Sequence[Line], breaks: Sequence[int], width: int) -> bool:
    """Say whether the breaks look like a typewriter's: more fall inside sentences than between them."""
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return False
    inside = [index for index in breaks if not lines[index - 1].text.endswith(_SENTENCE_ENDS)]
    return len(inside) * 2 > len(breaks)


def _join(lines: Sequence[Line], breaks: set[int]) -> list[Line]:
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        if index in breaks:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Line(" ".join(line.text for line in group), group[0].is_apart) for group in groups]

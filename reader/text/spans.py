"""Where words lie in a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of text in code points, the end excluded."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> "Span":
        """Give the span moved by so many code points; what falls before the text is cut off."""
        return Span(max(0, self.start + by), max(0, self.end + by))

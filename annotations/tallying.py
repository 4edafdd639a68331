"""Counting what is known of words: sources for and against, who asks for one, what is disputed and on what grounds.

Pure. What was found beside a text goes in, a line of counts for each sentence comes out; docs/decisions/ledger.md says
what counts as what.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from annotations.markdown import shorten
from annotations.signs import SIGNS, Count, Sign
from reader.text.spans import Span

# In the order they are told and drawn. Settled disagreements are told after them, and not drawn.
SIDES = ("supports", "contradicts", "context")
TOLD = (*SIDES, "question", "disagreement")
SETTLED = Sign("settled", "✓", "Settled", "settled", "settled", "settled")

# Of a sentence, to know it by: in the margin, and where there is more room.
_OPENING_LENGTH = 26
_BEGINNING_LENGTH = 64


# Of what is about the article as a whole, start and end are None: it is beside no words.


class Cited(NamedTuple):
    """A document that is cited for words, and on which side. Documents that tell the same story have one number."""

    start: int | None
    end: int | None
    stance: str
    story: int
    is_verified: bool


class Asked(NamedTuple):
    """That one reader asks for a source of words."""

    start: int | None
    end: int | None
    question: int
    reader: int


class Disputed(NamedTuple):
    """A disagreement about words."""

    start: int | None
    end: int | None
    grounds: str
    is_settled: bool


class _Placed(Protocol):
    @property
    def start(self) -> int | None: ...

    @property
    def end(self) -> int | None: ...


_Piece = TypeVar("_Piece", bound=_Placed)


@dataclass(frozen=True)
class Evidence:
    """Everything found beside some words, in no order."""

    cited: Sequence[Cited] = ()
    asked: Sequence[Asked] = ()
    disputed: Sequence[Disputed] = ()

    def __bool__(self) -> bool:
        return bool(self.cited or self.asked or self.disputed)

    @property
    def requests(self) -> int:
        """Give how many questions wait for a source, however many readers ask each."""
        return len({asked.question for asked in self.asked})

    def beside(self, spans: Sequence[Span]) -> list["Evidence"]:
        """Give what stands beside each of some spans, which follow each other; what lies across two is beside both."""
        parts = _parted(self.cited, spans), _parted(self.asked, spans), _parted(self.disputed, spans)
        return [Evidence(cited, asked, disputed) for cited, asked, disputed in zip(*parts, strict=True)]


class Tally(NamedTuple):
    """How much of one thing there is. Of sources, how many of them readers bear out; of disagreements, the grounds."""

    sign: Sign
    number: int
    verified: int = 0
    # Each with how often it is given, the most frequent first.
    grounds: tuple[tuple[str, int], ...] = ()

    @property
    def words(self) -> str:
        """Give it short: "3 for, 2 verified"; "disputed: number ×2, framing"."""
        if self.grounds:
            return f"disputed: {', '.join(f'{name} ×{times}' if times > 1 else name for name, times in self.grounds)}"
        return f"{self.number} {self.sign.short}{self._verified('')}"

    @property
    def spoken(self) -> str:
        """Give it in full: "3 sources for, 2 of them verified by readers"."""
        is_one = self.number == 1
        match self.sign.key:
            case "question":
                return "1 reader asks for a source" if is_one else f"{self.number} readers ask for a source"
            case "disagreement":
                many = ", ".join(f"{name} {times}" for name, times in self.grounds)
                return f"disputed: {self.grounds[0][0]}" if is_one else f"disputed {self.number} times: {many}"
            case "settled":
                return "1 disagreement settled" if is_one else f"{self.number} disagreements settled"
            case "context":
                given = "1 source for context" if is_one else f"{self.number} sources for context"
            case _:
                given = f"{self.number} {self.sign.singular if is_one else self.sign.plural}"
        return given + self._verified(" by readers")

    def _verified(self, by: str) -> str:
        if not self.verified:
            return ""
        of_them = "" if self.number == 1 else f"{self.verified} of them " if by else f"{self.verified} "
        return f", {of_them}verified{by}"


class Tallies(tuple[Tally, ...]):
    """What some words come to, above none: for, against, context, asked, disputed, settled."""

    __slots__ = ()

    @property
    def words(self) -> str:
        """Give them in a line: 3 for · 1 against · 1 asked."""
        return " · ".join(tally.words for tally in self)

    @property
    def spoken(self) -> str:
        """Give them in full, for who listens."""
        return "; ".join(tally.spoken for tally in self)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Give the number of each thing that is told, none included, as the columns of a table."""
        return tuple(map(self.number, TOLD))

    @property
    def counts(self) -> list[Count]:
        """Give what is drawn: everything but what is settled."""
        return [count for count in self.told if count.sign is not SETTLED]

    @property
    def told(self) -> list[Count]:
        """Give everything in numbers."""
        return [Count(tally.sign, tally.number) for tally in self]

    @property
    def has_sources(self) -> bool:
        return any(map(self.number, SIDES))

    @property
    def is_disputed(self) -> bool:
        return self.number("disagreement") > 0

    def number(self, key: str) -> int:
        """Give how many there are of one sign."""
        return next((tally.number for tally in self if tally.sign.key == key), 0)


@dataclass(frozen=True)
class Line:
    """One sentence with what it comes to: its key in its paragraph (s0, s1, …), where it lies, its words."""

    key: str
    span: Span
    sentence: str
    tallies: Tallies

    @property
    def number(self) -> int:
        """Give which sentence of its paragraph it is, from 1."""
        return int(self.key[1:]) + 1

    @property
    def opening(self) -> str:
        """Give its first words."""
        return shorten(self.sentence, _OPENING_LENGTH)

    @property
    def beginning(self) -> str:
        """Give more of them."""
        return shorten(self.sentence, _BEGINNING_LENGTH)

    @property
    def words(self) -> str:
        """Give what it comes to in a line: 3 for · 1 against · 1 asked."""
        return self.tallies.words

    @property
    def spoken(self) -> str:
        """Give it for who listens: "Sentence 2: 3 sources for, 2 of them verified by readers; 1 source against."."""
        return f"Sentence {self.number}: {self.tallies.spoken or 'nothing yet'}."


def tally(evidence: Evidence) -> Tallies:
    """Count evidence: the stories cited on each side, the readers who ask, the disagreements by their grounds.

    A story is verified on a side where any of what cites it there is.
    """
    stories: dict[str, dict[int, bool]] = {side: {} for side in SIDES}
    for cited in evidence.cited:
        side = stories[cited.stance]
        side[cited.story] = side.get(cited.story, False) or bool(cited.is_verified)
    grounds = Counter(disputed.grounds for disputed in evidence.disputed if not disputed.is_settled)
    counted = [
        *(Tally(SIGNS[side], len(found), sum(found.values())) for side, found in stories.items()),
        Tally(SIGNS["question"], len({asked.reader for asked in evidence.asked})),
        Tally(SIGNS["disagreement"], grounds.total(), grounds=_ordered(grounds)),
        Tally(SETTLED, sum(bool(disputed.is_settled) for disputed in evidence.disputed)),
    ]
    return Tallies(tally for tally in counted if tally.number)


def _parted(pieces: Iterable[_Piece], spans: Sequence[Span]) -> list[list[_Piece]]:
    ends = [span.end for span in spans]
    parts: list[list[_Piece]] = [[] for _ in spans]
    for piece in pieces:
        if piece.start is None or piece.end is None:
            continue
        place = bisect_right(ends, piece.start)
        while place < len(spans) and spans[place].start < piece.end:
            parts[place].append(piece)
            place += 1
    return parts


def _ordered(grounds: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Put the most frequent first, and of the equally frequent the first by name, so that no order is by chance."""
    return tuple(sorted(grounds.items(), key=lambda given: (-given[1], given[0])))

"""What one reader says of an annotation's quality, and the reasons there are to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# In the order in which they are offered, and in which of two that are named as often the first is told.
HELPFUL_REASONS = ("good sources", "clear", "addresses the words", "important context", "fair in tone")
UNHELPFUL_REASONS = (
    "wrong",
    "sources missing",
    "source does not say so",
    "opinion",
    "unclear",
    "beside the point",
    "loaded",
    "not needed",
)
ALL_REASONS = HELPFUL_REASONS + UNHELPFUL_REASONS


class Value(StrEnum):
    """How helpful a reader finds it."""

    HELPFUL = "helpful"
    SOMEWHAT = "somewhat"
    NOT = "not"

    @property
    def points(self) -> float:
        """Give what it counts, of one: somewhat is half."""
        return {Value.HELPFUL: 1.0, Value.SOMEWHAT: 0.5, Value.NOT: 0.0}[self]


class Side(StrEnum):
    """Where a reader stands towards the words that something is about."""

    FOR = "for"
    AGAINST = "against"
    NONE = "none"

    @property
    def opposite(self) -> "Side":
        return {Side.FOR: Side.AGAINST, Side.AGAINST: Side.FOR, Side.NONE: Side.NONE}[self]


@dataclass(frozen=True)
class Judgement:
    """One reader's rating. `weight` is how much it counts, 0 to 1; `side` is theirs towards the words in question."""

    value: Value
    reasons: tuple[str, ...] = ()
    weight: float = 1.0
    side: Side = Side.NONE


def fitting(value: Value) -> Sequence[str]:
    """Give the reasons that there can be for a value; for somewhat there are those of both lists."""
    return {Value.HELPFUL: HELPFUL_REASONS, Value.NOT: UNHELPFUL_REASONS, Value.SOMEWHAT: ALL_REASONS}[value]

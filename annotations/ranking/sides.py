"""On which side of the words a reader stands, by what they said in public about them.

What says something of the words leans: a disagreement against them, anything else as the sources that it cites. Who
wrote it says so, who agrees with it says the same, and who disagrees the opposite.
"""

from collections import Counter
from collections.abc import Iterable

from annotations.ranking.judgements import Side

_STANCES = {"supports": Side.FOR, "contradicts": Side.AGAINST}


def leaning(*, is_disagreement: bool, stances: Iterable[str] = ()) -> Side:
    """Give the side that an annotation takes, from the stances of its sources (supports, contradicts, context)."""
    if is_disagreement:
        return Side.AGAINST
    return side(_STANCES.get(stance, Side.NONE) for stance in stances)


def stated(leaning: Side, *, is_agreeing: bool = True) -> Side:
    """Give what a reader says who wrote, or agrees with, something that leans so; or who disagrees with it."""
    return leaning if is_agreeing else leaning.opposite


def side(statements: Iterable[Side]) -> Side:
    """Give the side that most of a reader's statements about the words take; none where they are as many."""
    counts = Counter(statements)
    if counts[Side.FOR] == counts[Side.AGAINST]:
        return Side.NONE
    return Side.FOR if counts[Side.FOR] > counts[Side.AGAINST] else Side.AGAINST

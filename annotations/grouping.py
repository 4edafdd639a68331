"""Groups of things that are said to be the same, from the pairs in which it is said. Pure.

What is the same as the same thing is the same: three documents in two pairs are one group.
"""

from collections.abc import Iterable, Mapping


def firsts(pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Give the smallest number of its group for every number in these pairs, which is its own for one of each group.

    The pairs come in any order, either way round, and as often as they like.
    """
    above: dict[int, int] = {}
    for one, other in pairs:
        low, high = sorted((_top(one, above), _top(other, above)))
        above[high] = low
    return {number: _top(number, above) for number in above}


def _top(number: int, above: dict[int, int]) -> int:
    """Give the top of the tree that a number is in, and hang what lies between right below it."""
    top = number
    while (higher := above.setdefault(top, top)) != top:
        top = higher
    while above[number] != top:
        above[number], number = top, above[number]
    return top

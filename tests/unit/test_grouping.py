"""Groups of what is said to be the same, from pairs."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from annotations.grouping import firsts

Pairs = Sequence[tuple[int, int]]
PAIRS = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), max_size=20)


def reached(start: int, pairs: Pairs) -> set[int]:
    """Give everything that can be reached from a number, pair by pair."""
    found, before = {start}, set[int]()
    while found != before:
        before = set(found)
        found |= {number for pair in pairs if before & set(pair) for number in pair}
    return found


def test_what_is_in_no_pair_is_in_no_group() -> None:
    assert firsts([]) == {}


def test_the_same_as_the_same_is_the_same() -> None:
    assert firsts([(3, 5), (5, 1), (8, 9)]) == {1: 1, 3: 1, 5: 1, 8: 8, 9: 8}


@given(PAIRS)
def test_each_has_the_smallest_it_is_joined_to(pairs: Pairs) -> None:
    numbers = {number for pair in pairs for number in pair}
    assert firsts(pairs) == {number: min(reached(number, pairs)) for number in numbers}


@given(PAIRS)
def test_neither_the_order_nor_the_direction_of_pairs_matters(pairs: Pairs) -> None:
    assert firsts(pairs) == firsts([(other, one) for one, other in reversed(pairs)])
    assert firsts(pairs) == firsts(sorted(pairs) + list(pairs))

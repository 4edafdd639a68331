"""How an edition counts, cuts and quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.edition import Run, lemma, level, runs

sizes = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([], []), ([4], ["4"]), ([3, 4, 5], ["3–5"]), ([9, 3, 8, 3, 7], ["3", "7–9"])],
    ids=["none", "one", "in a row", "in disorder and twice"],
)
def test_numbers_that_follow_one_another_run_together(numbers: list[int], expected: list[str]) -> None:
    assert [str(run) for run in runs(numbers)] == expected


def test_a_run_is_read_out_in_words() -> None:
    assert (Run(3, 3).words, Run(3, 5).words) == ("Note 3", "Notes 3 to 5")


@given(sizes, st.integers(12, 200))
def test_as_many_stay_as_there_is_room_for(given_sizes: list[int], most: int) -> None:
    def kept(number: int) -> int:
        return sum(min(size, number) for size in given_sizes)

    found = level(given_sizes, most)
    assert kept(found) <= most
    assert kept(found) == sum(given_sizes) or kept(found + 1) > most


def test_one_of_each_stays_where_there_is_room_for_none() -> None:
    assert level([5, 5, 5], 2) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("39,000 cars", "39,000 cars", id="short words as they are"),
        pytest.param("What it cost\nIt is safe", "What it cost It is safe", id="on one line"),
        pytest.param(
            "one " * 40 + "last words", "one " * 16 + "one … one one one one last words", id="long ones by their ends"
        ),
        pytest.param("桥" * 150, "桥" * 70 + " … " + "桥" * 30, id="without spaces to cut at"),
    ],
)
def test_words_are_quoted_so_that_they_are_found(words: str, expected: str) -> None:
    assert lemma(words) == expected

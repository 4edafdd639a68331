"""A bar for each day, and the middle of many waits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import plotting

LAST = date(2027, 3, 2)
MINUTE = timedelta(minutes=1)


def test_each_day_has_its_bar_the_earliest_first() -> None:
    bars = plotting.bars({LAST: 4, LAST - timedelta(days=2): 2}, last=LAST, days=3)
    assert [(bar.day.day, bar.number, bar.height) for bar in bars] == [(28, 2, 30.0), (1, 0, 0.0), (2, 4, 60.0)]


def test_two_plots_have_one_scale() -> None:
    [bar] = plotting.bars({LAST: 5}, last=LAST, days=1, most=10)
    assert bar.height == plotting.HEIGHT / 2


def test_a_day_without_anything_has_no_height_and_nothing_at_all_fails_nowhere() -> None:
    assert {bar.height for bar in plotting.bars({}, last=LAST, days=30)} == {0.0}


@given(st.dictionaries(st.dates(LAST - timedelta(days=40), LAST), st.integers(0, 10**6), max_size=40))
def test_no_bar_leaves_the_drawing_and_none_that_counts_is_invisible(numbers: dict[date, int]) -> None:
    for bar in plotting.bars(numbers, last=LAST, days=41):
        assert bar.x >= 0
        assert bar.x + bar.width <= plotting.WIDTH
        assert 0 <= bar.y <= plotting.HEIGHT
        assert (bar.height > 0) == (bar.number > 0)


@pytest.mark.parametrize(
    ("waits", "part", "found"),
    [([], 0.5, None), ([3], 0.5, 3), ([1, 2, 9], 0.5, 2), ([1, 2, 3, 9], 0.5, 2), (range(1, 11), 0.9, 9)],
)
def test_so_long_did_this_part_take_at_most(waits: list[int], part: float, found: int | None) -> None:
    expected = None if found is None else found * MINUTE
    assert plotting.share([wait * MINUTE for wait in reversed(waits)], part) == expected

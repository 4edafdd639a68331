"""Rates: how they are written, how long one has to wait, and how that is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader import rates
from reader.rates import Rate, RatesError

SLOWLY = (Rate(1, 4), Rate(3, 60))


def moments_to(seconds: int) -> st.SearchStrategy[float]:
    """Give moments in quarters of a second, which can be added without rounding."""
    return st.integers(0, 4 * seconds).map(lambda quarters: quarters / 4)


@pytest.mark.parametrize(
    ("moments", "wait"),
    [
        pytest.param([], 0, id="nothing was done"),
        pytest.param([98.0], 2, id="the last was two seconds ago"),
        pytest.param([96.0], 0, id="the last is just over"),
        pytest.param([50.0, 60.0, 70.0], 10, id="the minute is full"),
        pytest.param([45.0, 60.0, 99.0], 5, id="of two waits the longer counts"),
        pytest.param([30.0, 60.0, 70.0], 0, id="one is older than a minute"),
    ],
)
def test_what_was_done_often_has_to_wait(moments: list[float], wait: float) -> None:
    assert rates.wait(moments, SLOWLY, 100.0) == wait


@given(st.lists(moments_to(500), max_size=40))
def test_who_comes_as_often_as_they_can_is_never_over_a_rate(tries: list[float]) -> None:
    done: list[float] = []
    for now in sorted(tries):
        if not rates.wait(done, SLOWLY, now):
            done.append(now)
    for rate in SLOWLY:
        for end in done:
            assert len([moment for moment in done if end - rate.seconds < moment <= end]) <= rate.number


@given(st.lists(moments_to(100), max_size=20))
def test_who_waits_as_long_as_they_are_told_is_let_in(moments: list[float]) -> None:
    wait = rates.wait(sorted(moments), SLOWLY, 100.0)
    assert rates.wait(sorted(moments), SLOWLY, 100.0 + wait + 1e-6) == 0


def test_a_change_takes_the_place_of_the_one_of_its_name() -> None:
    limits = rates.parse("searches=5/10s,9/h; asks=")
    assert limits["searches"] == (Rate(5, 10), Rate(9, 3600))
    assert limits["asks"] == ()
    assert limits["previews"] == (Rate(60, 60),)


@pytest.mark.parametrize("text", ["off", " OFF "])
def test_one_word_switches_all_off(text: str) -> None:
    assert rates.parse(text) == {}
    assert rates.of_accounts(rates.parse(text)) is False


@pytest.mark.parametrize("text", ["searches", "searches=5", "searches=0/m", "searches=5/w", "hugs=5/m", "asks.old=5/m"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(RatesError, match=r"Limits are written|A rate is|There is no limit"):
        rates.parse(text)


@pytest.mark.parametrize("name", [name for name in rates.parse("") if name.endswith(".new")])
def test_the_new_are_held_tighter(name: str) -> None:
    limits = rates.parse("")
    ordinary, new = limits[name.removesuffix(".new")], limits[name]
    slowest = [max(each.number / each.seconds for each in some) for some in (ordinary, new)]
    assert slowest[1] <= slowest[0]
    assert max(rate.number for rate in new) < max(rate.number for rate in ordinary)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (39.1, "40 seconds"), (119.5, "2 minutes"), (121, "3 minutes"), (7201, "3 hours")],
)
def test_a_wait_is_said_in_words_and_never_too_short(seconds: float, words: str) -> None:
    assert rates.said(seconds) == words

"""A small plot of numbers by day: a bar for each day. And the middle of many waits.

Pure geometry. A drawing is WIDTH by HEIGHT; the style sheet gives the colours.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

WIDTH, HEIGHT = 300.0, 60.0
_AIR = 2.0
# What there was of one can be seen though there was much more on another day.
_LEAST = 2.0


class Bar(NamedTuple):
    """One day: how much there was, and the rectangle for it, measured from the top left."""

    day: date
    number: int
    x: float
    y: float
    width: float
    height: float


def bars(numbers: Mapping[date, int], *, last: date, days: int, most: int = 0) -> Sequence[Bar]:
    """Give a bar for each of so many days up to the last one, the earliest first.

    `most` is what fills the height, so that two plots can be compared; else the largest number does.
    """
    top = max(most, *numbers.values(), 1) if numbers else max(most, 1)
    step = WIDTH / days
    return [
        _bar(day, numbers.get(day, 0), top, x=step * place, width=step - _AIR)
        for place, day in enumerate(last - timedelta(days=back) for back in range(days - 1, -1, -1))
    ]


def share(waits: Sequence[timedelta], part: float) -> timedelta | None:
    """Give how long it took at most for this part of the waits, such as 0.5 for the middle one; None for none."""
    if not waits:
        return None
    # The smallest of them that so many do not pass: a wait that somebody had.
    return sorted(waits)[max(0, ceil(len(waits) * part) - 1)]


def _bar(day: date, number: int, top: int, *, x: float, width: float) -> Bar:
    height = max(_LEAST, round(HEIGHT * number / top, 1)) if number else 0.0
    return Bar(day, number, round(x, 1), round(HEIGHT - height, 1), round(width, 1), height)

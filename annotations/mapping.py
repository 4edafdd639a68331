"""The map of an article: a column per paragraph, a block per annotation. Its fingerprint.

Pure geometry. Widths are percent of the drawing, heights are pixels; the page's style sheet gives the colours.
"""

from collections.abc import Sequence
from typing import NamedTuple

from annotations.signs import Count

# More columns than this become slivers on a phone; neighbours are then drawn as one.
MOST_COLUMNS = 48
# With fewer there is more air between them.
_FEW_COLUMNS = 24
# From the middle of one number to the middle of the next: less, and they run into each other on a phone.
NUMBER_SPACE = 5.0

HEIGHT = 56.0
BLOCK = 10.0
_SLIT = 2.0
_AIR = 0.9
# A paragraph of one short line still gets a column that can be seen and clicked.
_LEAST_SHARE = 0.35


class Stretch(NamedTuple):
    """A block of the text: its name, its length in code points, and what stands on it."""

    name: str
    number: str
    length: int
    counts: Sequence[Count]


class Block(NamedTuple):
    """One rectangle, measured from the top left."""

    sign: str
    y: float
    height: float


class Column(NamedTuple):
    """One paragraph of the map, or several neighbours."""

    name: str
    number: str
    x: float
    width: float
    middle: float
    blocks: tuple[Block, ...]


def draw(stretches: Sequence[Stretch], *, height: float = HEIGHT, is_right_to_left: bool = False) -> tuple[Column, ...]:
    """Lay the stretches side by side, each as wide as its length, its annotations stacked from the ground up.

    The first is at the left, or at the right where the text runs from there. A number that would run into the one
    before it is left out.
    """
    gathered = _gather(stretches)
    if not gathered:
        return ()
    tallest = max(sum(count.number for count in stretch.counts) for stretch in gathered)
    block = min(BLOCK, height / tallest) if tallest else BLOCK
    mean = sum(stretch.length for stretch in gathered) / len(gathered)
    shares = [max(stretch.length, mean * _LEAST_SHARE, 1) for stretch in gathered]
    air = _AIR if len(gathered) <= _FEW_COLUMNS else _AIR / 3
    scale = (100 - air * (len(gathered) - 1)) / sum(shares)
    columns, x, numbered = [], 0.0, -NUMBER_SPACE
    for stretch, share in zip(gathered, shares, strict=True):
        width = share * scale
        middle = x + width / 2
        has_room = middle - numbered >= NUMBER_SPACE
        columns.append(
            Column(
                stretch.name,
                stretch.number if has_room else "",
                round(100 - x - width if is_right_to_left else x, 2),
                round(width, 2),
                round(100 - middle if is_right_to_left else middle, 2),
                tuple(_stack(stretch.counts, block, height)),
            )
        )
        numbered = middle if has_room else numbered
        x += width + air
    return tuple(columns)


def _gather(stretches: Sequence[Stretch]) -> list[Stretch]:
    size = -(-len(stretches) // MOST_COLUMNS)
    if size <= 1:
        return list(stretches)
    return [_merged(stretches[first : first + size]) for first in range(0, len(stretches), size)]


def _merged(stretches: Sequence[Stretch]) -> Stretch:
    sums: dict[str, Count] = {}
    for count in (count for stretch in stretches for count in stretch.counts):
        earlier = sums.get(count.sign.key)
        sums[count.sign.key] = Count(count.sign, count.number + (earlier.number if earlier else 0))
    length = sum(stretch.length for stretch in stretches)
    return Stretch(stretches[0].name, stretches[0].number, length, tuple(sums.values()))


def _stack(counts: Sequence[Count], block: float, height: float) -> list[Block]:
    """Pile the counts up: a block each while blocks can be told apart, else a band a sign."""
    ground, blocks = height, []
    for count in counts:
        pieces = [1] * count.number if block > _SLIT * 2 else [count.number]
        for piece in pieces:
            ground -= piece * block
            slit = _SLIT if piece * block > _SLIT * 2 else 0
            blocks.append(Block(count.sign.key, round(ground + slit, 2), round(piece * block - slit, 2)))
    return blocks

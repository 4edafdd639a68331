"""The picture of an article for shared links: its title over its map, as on the page in the light theme.

Pure but for the fonts, which are read once.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from annotations.mapping import HEIGHT, Column
from annotations.signs import Count

SIZE = (1200, 630)

# The light theme of tokens.css in sRGB; a test holds them together.
COLOURS = {
    "paper": "#fcfaf6",
    "ink": "#241e1a",
    "quiet": "#635c57",
    "hair": "#ddd8d2",
    "supports": "#00694a",
    "contradicts": "#a4361a",
    "context": "#305f85",
    "disagreement": "#972b5f",
    "question": "#7e5403",
    "note": "#505966",
}

_FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
# What one face lacks the next may have.
_FACES = ("literata-latin.woff2", "literata-latin-ext.woff2")
# No face has a letter for this, and draws what it has for letters it lacks.
_NO_LETTER = "\U0010ffff"

# Pixels. Lines are measured from their base to the next.
_EDGE = 84
_TITLE_SIZES = (68, 58, 50)
_MOST_LINES = 3
_LEADING = 1.2
# Of a size, from the top of its line to the base.
_RISE = 0.72
_CREDIT_SIZE = 27
_SUM_SIZE = 25
_MAP_FOOT = 494
_MAP_HEIGHT = 186
_GROUND = 4
_REGULAR, _STRONG = 440, 580


def draw(*, title: str, credit: str, columns: Sequence[Column], counts: Sequence[Count]) -> bytes:
    """Give the picture as PNG. What our face has no letters for is left out: a map tells more than empty boxes."""
    image = Image.new("RGB", SIZE, COLOURS["paper"])
    pen = ImageDraw.Draw(image)
    foot = _write_title(pen, title) if _is_written(title) else _EDGE
    if _is_written(credit):
        _write(pen, (_EDGE, foot + 54), _fitted(credit, _CREDIT_SIZE), size=_CREDIT_SIZE, colour="quiet")
    _draw_map(pen, columns)
    _write_sums(pen, counts)
    written = io.BytesIO()
    # There are few colours in it; so many keep the edges of its letters smooth.
    image.quantize(64, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _write_title(pen: ImageDraw.ImageDraw, title: str) -> float:
    """Write the title as large as it fits, and give where its last line stands."""
    size, lines = _set(title)
    for number, line in enumerate(lines):
        _write(pen, (_EDGE, _EDGE + size * (_RISE + number * _LEADING)), line, size=size, weight=_STRONG)
    return _EDGE + size * (_RISE + (len(lines) - 1) * _LEADING)


def _set(title: str) -> tuple[int, list[str]]:
    """Give the largest size at which a title fits, and its lines; one that is too long for the smallest is cut."""
    for size in _TITLE_SIZES:
        lines = _lines(title, size)
        if len(lines) <= _MOST_LINES and all(_length(line, size, _STRONG) <= _width() for line in lines):
            return size, lines
    lines = [*lines[: _MOST_LINES - 1], " ".join(lines[_MOST_LINES - 1 :])]
    return size, [_fitted(line, size, _STRONG) for line in lines if line]


def _lines(words: str, size: int) -> list[str]:
    """Break a title into lines of the picture's width."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, size, _STRONG) <= _width():
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _fitted(words: str, size: int, weight: int = _REGULAR) -> str:
    """Cut words to the picture's width."""
    if _length(words, size, weight) <= _width():
        return words
    while words and _length(f"{words}…", size, weight) > _width():
        words = words[:-1].rstrip()
    return f"{words}…"


def _draw_map(pen: ImageDraw.ImageDraw, columns: Sequence[Column]) -> None:
    width, scale = _width() / 100, _MAP_HEIGHT / HEIGHT
    head = _MAP_FOOT - _MAP_HEIGHT
    for column in columns:
        left, right = _EDGE + column.x * width, _EDGE + (column.x + column.width) * width - 1
        for block in column.blocks:
            top = head + block.y * scale
            box = (left, top, right, top + max(block.height * scale, 1))
            pen.rounded_rectangle(box, radius=min(3, (right - left) / 3), fill=COLOURS[block.sign])
        pen.rectangle((left, _MAP_FOOT + 5, right, _MAP_FOOT + 5 + _GROUND), fill=COLOURS["hair"])


def _write_sums(pen: ImageDraw.ImageDraw, counts: Sequence[Count]) -> None:
    """Write how many of each there are, as many as fit on the line, and whose map it is at its end."""
    name = "Gloss"
    base, end = _MAP_FOOT + 66, SIZE[0] - _EDGE - _length(name, 34, _STRONG)
    _write(pen, (end, base), name, size=34, weight=_STRONG)
    place = float(_EDGE)
    for count in counts:
        if place + _length(count.words, _SUM_SIZE) > end - 30:
            break
        # What is settled has no colour of its own, as on the page.
        colour = count.sign.key if count.sign.key in COLOURS else "quiet"
        _write(pen, (place, base), count.words, size=_SUM_SIZE, colour=colour)
        place += _length(count.words, _SUM_SIZE) + 32


def _width() -> int:
    return SIZE[0] - 2 * _EDGE


def _write(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    words: str,
    *,
    size: int,
    weight: int = _REGULAR,
    colour: str = "ink",
) -> None:
    """Write a line from its left, on its base."""
    x, y = place
    for face, stretch in _stretches(words):
        font = _font(face, size, weight)
        pen.text((x, y), stretch, font=font, fill=COLOURS[colour], anchor="ls")
        x += font.getlength(stretch)


def _length(words: str, size: int, weight: int = _REGULAR) -> float:
    return sum(_font(face, size, weight).getlength(stretch) for face, stretch in _stretches(words))


def _stretches(words: str) -> Iterator[tuple[str, str]]:
    """Give a line in stretches that one face has all letters for."""
    for face, letters in groupby(words, key=_face_of):
        yield face or _FACES[0], "".join(letters)


def _is_written(words: str) -> bool:
    return bool(words.strip()) and all(map(_face_of, words))


@cache
def _face_of(letter: str) -> str:
    """Give the face that has a letter, or nothing."""
    if letter.isspace():
        return _FACES[0]
    return next((face for face in _FACES if _shape(face, letter) != _shape(face, _NO_LETTER)), "")


def _shape(face: str, letter: str) -> bytes:
    return bytes(_font(face, 20, _REGULAR).getmask(letter))


@cache
def _font(face: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(_FONTS / face, size)
    font.set_variation_by_axes([weight])
    return font

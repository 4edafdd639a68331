"""Blocks beside the words that cite them: a quiet copy in the margin, for pages that are wide enough.

Pure. The footnote itself stays where it is, at the end of the text, with its own row and what readers said about it.
"""

from collections.abc import Container, Mapping, Sequence
from html import escape
from typing import NamedTuple, Protocol

from annotations.markdown import shorten

# What is longer is cut: the margin is for a glance, and the whole note is one link away.
_MOST_LINES = 6
_FEWEST_LINES = 2
# What an entry and the number of those that are not listed take.
_LINES_OF_OTHERS = 3
# Letters to a line of the margin and to one of the text, and lines of the margin to one of the text.
_LINE_LENGTH = 44
_TEXT_LINE_LENGTH = 62
_LINES_TO_A_LINE = 1.55


class Block(Protocol):
    """A block of the text, of which footnotes are copied."""

    @property
    def kind(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def marker(self) -> str: ...

    @property
    def html(self) -> str: ...

    @property
    def text(self) -> str: ...


class Sidenote(NamedTuple):
    """A footnote as it stands beside the text: the name of its row, its sign, its words as inline HTML."""

    name: str
    marker: str
    html: str
    # How much of the paragraph's height it takes, in lines of text.
    lines: float


def beside(
    blocks: Sequence[Block], linking: Mapping[str, Sequence[str]], *, crowded: Container[str] = ()
) -> dict[str, list[Sidenote]]:
    """Give for each block that cites footnotes their copies, in the footnotes' order, and not much taller than it.

    `linking` gives for each name the names of the blocks that link to it; `crowded` has the names of those beside which
    something else has to find room.
    """
    cited: dict[str, list[Block]] = {}
    for block in blocks:
        if block.kind == "footnote" and block.text:
            for name in linking.get(block.name, ()):
                cited.setdefault(name, []).append(block)
    return {
        block.name: [_sidenote(note, most=_room(block, len(notes), is_crowded=block.name in crowded)) for note in notes]
        for block in blocks
        if (notes := cited.get(block.name)) and block.kind != "footnote"
    }


def _room(block: Block, number: int, *, is_crowded: bool) -> int:
    """Give how many lines each of so many notes may take beside the block."""
    lines = (len(block.text) / _TEXT_LINE_LENGTH + 1) * _LINES_TO_A_LINE - _LINES_OF_OTHERS * is_crowded
    return min(_MOST_LINES, max(_FEWEST_LINES + (not is_crowded), int(lines / number)))


def _sidenote(note: Block, *, most: int) -> Sidenote:
    length = len(note.text)
    is_whole = length <= most * _LINE_LENGTH
    # The copy is seen and not heard, so no key may lead into it either.
    html = (
        note.html.replace("<a ", '<a tabindex="-1" ') if is_whole else escape(shorten(note.text, most * _LINE_LENGTH))
    )
    lines = min(most, -(-length // _LINE_LENGTH))
    return Sidenote(note.name, note.marker, html, lines / _LINES_TO_A_LINE)

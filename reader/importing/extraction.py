"""What a saved page holds: title, head matter, body and notes, told from the page's furniture.

Pure. A line is judged by its form and by where it stands: the head from the top down, the tail from the bottom up,
and what lies between is the body. Nothing goes in silence: a line that is not kept is listed.
"""

import re
from collections.abc import Sequence
from html import escape
from typing import TypeVar

from reader.importing import furniture
from reader.importing.lines import Line, lines_of
from reader.text import sentences
from reader.text.blocks import Block, Document

# A longer first line is prose that has no title above it; past half of that it may still be one long sentence.
_TITLE_MAX_LENGTH = 200
# A title made from the first words of such prose.
_MADE_TITLE_LENGTH = 80
_HEADING_MAX_LENGTH = 80
_CAPTION_MAX_LENGTH = 600
# What a page says of its writer is at most so many paragraphs.
_CARD_MAX_PARAGRAPHS = 3
# The name stands above it, and often twice: under the portrait and as a link.
_NAMES_ABOVE_CARD = 2
_BYLINE_MAX_LENGTH = 300
_SENTENCE_ENDS = tuple('.!?…:;,。！？؟।"”’»)')
_FULL_STOPS = tuple('.!?…。！？؟।"”’»')
_BULLET = re.compile(r"[•‣▪*-] ")
_PAGE_TITLE_TAIL = re.compile(r"\s+[|–—·-]\s+[^|]+")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_Part = TypeVar("_Part")
# Blocks of the article itself; captions, headings and notes go with them.
_BODY_KINDS = {"paragraph", "list item"}


class ExtractionError(ValueError):
    """A text that holds no article, with a sentence for the person who can mend it."""


def from_plain_text(text: str) -> Document:
    """Find the article in plain text: typed, hard-wrapped, or saved from a page with its furniture.

    Raises ExtractionError when there is no text, or no body under the title.
    """
    lines = _with_credits(lines_of(text, stands_alone=_stands_alone))
    if not lines:
        raise ExtractionError("There is no text in it.")
    page = _Page(lines)
    page.read_head()
    page.read_tail()
    page.read_body()
    return page.document()


def _stands_alone(line: str) -> bool:
    """Say whether a line is never part of a hard-wrapped paragraph."""
    if _BULLET.match(line):
        return True
    return line[0].isupper() and (
        furniture.is_furniture(line)
        or furniture.is_label(line)
        or furniture.opens_related(line)
        or furniture.opens_card(line)
        or furniture.is_name(furniture.byline(line))
    )


def _with_credits(lines: Sequence[Line]) -> list[str]:
    """Put a picture credit on its own line behind the caption on the line above."""
    joined: list[str] = []
    for index, line in enumerate(lines):
        is_credit = index > 1 and not line.is_apart and furniture.is_credit(line.text)
        if is_credit and not _stands_alone(joined[-1]) and len(joined[-1]) <= _CAPTION_MAX_LENGTH:
            joined[-1] = f"{joined[-1]} {line.text}"
        else:
            joined.append(line.text)
    return joined


class _Page:
    """The lines of one page, each read once: `first` to `last` are those not yet read."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.first, self.last = 0, len(lines)
        self.title = self.kicker = self.byline = ""
        self.author_notes: dict[int, str] = {}
        self.blocks: dict[int, Block] = {}
        self.dropped: dict[int, str] = {}
        self.related = _related(lines)

    def read_head(self) -> None:
        """Read title, label, byline, dates and the first caption, down to where the body begins."""
        while self.first < self.last and self._take_head(self.first, self.lines[self.first]):
            self.first += 1

    def read_tail(self) -> None:
        """Read what stands after the body, from the last line up."""
        card = self._card()
        while self.first < self.last and self._take_tail(self.last - 1, self.lines[self.last - 1], card):
            self.last -= 1

    def read_body(self) -> None:
        """Read what is left, which is the article."""
        for index in range(self.first, self.last):
            self._take_body(index, self.lines[index])

    def document(self) -> Document:
        """Give what was read, with a title from the first words where none stands above them."""
        if not any(block.kind in _BODY_KINDS for block in self.blocks.values()):
            self._take_title_for_body()
        title, kicker = (self.title, self.kicker) if self.title else (self.kicker, "")
        blocks = _in_order(self.blocks)
        first = next(block.text for block in blocks if block.kind in _BODY_KINDS)
        return Document(
            title=title or _made_title(first),
            kicker=kicker,
            byline=self.byline,
            author_note="\n".join(_in_order(self.author_notes)),
            blocks=blocks,
            dropped=_in_order(self.dropped),
        )

    def _card(self) -> int:
        """Give the index of the line above what the page says of the writer; past all lines when there is none."""
        prose = [index for index in range(self.first, self.last) if _is_prose(self.lines[index])]
        if prose:
            begin = prose[-_CARD_MAX_PARAGRAPHS - 1] if len(prose) > _CARD_MAX_PARAGRAPHS else prose[0]
            for index in range(begin, self.last):
                if furniture.opens_card(self.lines[index]):
                    return index
        return len(self.lines) + _NAMES_ABOVE_CARD

    def _take_title_for_body(self) -> None:
        """Take the only text there is for the body, if it is a sentence."""
        if not self.title.endswith(_FULL_STOPS):
            raise ExtractionError("There is no article in it: nothing but a title, or what pages put round one.")
        self.blocks[len(self.lines)] = Block("paragraph", escape(self.title, quote=False))
        self.title = ""

    # Each of these takes a line for what it says, or answers False and leaves it.

    def _take_head(self, index: int, line: str) -> bool:
        if furniture.is_label(line) and not self.kicker:
            self.kicker = line
        elif self._is_furnishing(index) or furniture.is_label(line) or furniture.opens_card(line):
            self.dropped[index] = line
        elif not self.title:
            return self._take_title(line)
        elif _same(line, self.title):
            self.dropped[index] = line
        elif self._is_title_again(line):
            self.title, self.dropped[index] = line, self.title
        else:
            return (
                self._take_caption(index, line, is_head=True)
                or self._take_byline(index, line)
                or self._take_note(index, line)
            )
        return True

    def _take_title(self, line: str) -> bool:
        if len(line) > _TITLE_MAX_LENGTH or (len(line) > _TITLE_MAX_LENGTH // 2 and len(sentences.split(line)) > 1):
            return False
        self.title = line
        return True

    def _is_title_again(self, line: str) -> bool:
        """Say whether the first line was the page's title and this is the article's: "A Toll Bridge | The Times"."""
        return (
            len(line) < len(self.title)
            and _same(line, self.title[: len(line)])
            and bool(_PAGE_TITLE_TAIL.fullmatch(self.title, len(line)))
        )

    def _take_byline(self, index: int, line: str) -> bool:
        names = furniture.byline(line)
        if not names:
            return False
        if not self.byline:
            self.byline = names
        elif _same(names, self.byline):
            self.dropped[index] = line
        elif len(self.byline) + len(names) < _BYLINE_MAX_LENGTH:
            self.byline = f"{self.byline}, {names}"
        else:
            return False
        return True

    def _take_caption(self, index: int, line: str, *, is_head: bool = False) -> bool:
        caption = furniture.caption(line) if len(line) <= _CAPTION_MAX_LENGTH else None
        if caption is None or not (is_head or caption.is_sure):
            return False
        if furniture.is_credit(line):
            self.dropped[index] = line
            return True
        before, credit, after = (escape(part, quote=False) for part in caption[:3])
        self.blocks[index] = Block("figure", f"{before}<cite>{credit}</cite>{after}")
        return True

    def _take_note(self, index: int, line: str) -> bool:
        if not furniture.is_note(line):
            return False
        self.blocks[index] = Block("note", escape(line, quote=False))
        return True

    def _take_tail(self, index: int, line: str, card: int) -> bool:
        """Take a line for what follows the body; below line `card` that is about the writer."""
        if self._is_furnishing(index) or furniture.is_label(line) or furniture.opens_card(line):
            self.dropped[index] = line
        elif self._is_name_again(line, is_card=index >= card - _NAMES_ABOVE_CARD):
            self.byline = self.byline or line.lstrip("—–- ")
            self.dropped[index] = line
        elif furniture.is_note(line):
            return self._take_note(index, line)
        elif index > self.first and (furniture.is_author_note(line, self.byline) or (index > card and _is_prose(line))):
            self.byline = self.byline or furniture.somebody(line)
            self.author_notes[index] = line
        elif index > card and not _is_prose(line):
            self.dropped[index] = line
        else:
            return False
        return True

    def _is_name_again(self, line: str, *, is_card: bool) -> bool:
        """Say whether the line is the writer's name: the byline's, any in a card, or a signature when there is none."""
        name = line.lstrip("—–- ")
        return _same(name, self.byline) or (furniture.is_name(name) and (is_card or not self.byline))

    def _take_body(self, index: int, line: str) -> None:
        if self._is_furnishing(index):
            self.dropped[index] = line
        elif self._take_note(index, line) or self._take_caption(index, line):
            pass
        elif bullet := _BULLET.match(line):
            self.blocks[index] = Block("list item", escape(line[bullet.end() :], quote=False))
        else:
            kind = self._kind(index, line)
            self.blocks[index] = Block(kind, escape(line, quote=False), level=2 if kind == "heading" else 0)

    def _kind(self, index: int, line: str) -> str:
        """Tell a heading from a paragraph: it is short, does not end as a sentence does, and text follows it."""
        if len(line) > _HEADING_MAX_LENGTH or line.endswith(_SENTENCE_ENDS):
            return "paragraph"
        below = next((self.lines[i] for i in range(index + 1, self.last) if not self._is_furnishing(i)), "")
        return "heading" if _is_prose(below) or _BULLET.match(below) else "paragraph"

    def _is_furnishing(self, index: int) -> bool:
        line = self.lines[index]
        return index in self.related or furniture.is_furniture(line) or furniture.opens_related(line)


def _related(lines: Sequence[str]) -> set[int]:
    """Find the short lines under headings such as "Related Stories", once the article has begun."""
    related = set()
    has_begun = is_related = False
    for index, line in enumerate(lines):
        has_begun = has_begun or _is_prose(line)
        is_related = has_begun and not _is_prose(line) and (is_related or furniture.opens_related(line))
        if is_related:
            related.add(index)
    return related


def _is_prose(line: str) -> bool:
    return len(line) > _HEADING_MAX_LENGTH or line.endswith(_SENTENCE_ENDS)


def _same(line: str, other: str) -> bool:
    """Say whether two lines are the same but for capitals, the shape of quotation marks and a stop at the end."""
    return _folded(line) == _folded(other)


def _folded(line: str) -> str:
    return line.casefold().translate(_STRAIGHT).rstrip(" .")


def _made_title(line: str) -> str:
    """Make a title from the first words of prose that has none."""
    first = sentences.split(line)[0]
    words = line[first.start : first.end].rstrip(".")
    if len(words) <= _MADE_TITLE_LENGTH:
        return words
    return f"{words[:_MADE_TITLE_LENGTH].rpartition(' ')[0] or words[: _MADE_TITLE_LENGTH - 1]}…"


def _in_order(parts: dict[int, _Part]) -> tuple[_Part, ...]:
    return tuple(parts[index] for index in sorted(parts))

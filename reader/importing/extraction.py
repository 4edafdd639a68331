"""What a saved page holds: title, head matter, body and notes, told from the page's furniture.

Pure. A line is judged by its form and by where it stands: the head from the top down, the tail from the bottom up,
and what lies between is the body. Nothing goes in silence: a line that is not kept is listed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from reader.importing import furniture
from reader.importing.lines import lines_of
from reader.text import sentences
from reader.text.paragraphs import plain_text

# A longer first line is prose that has no title above it; past half of that it may still be one long sentence.
_TITLE_MAX_LENGTH = 200
# A title made from the first words of such prose.
_MADE_TITLE_LENGTH = 80
_HEADING_MAX_LENGTH = 80
_CAPTION_MAX_LENGTH = 600
# What a page says of its writer is at most so many paragraphs.
_CARD_MAX_PARAGRAPHS = 3
_SENTENCE_ENDS = tuple('.!?…:;,。！？؟।"”’»)')
_BULLET = re.compile(r"[•‣▪*-] ")
_PAGE_TITLE_TAIL = re.compile(r"\s+[|–—·-]\s+[^|]+")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_Part = TypeVar("_Part")
# Blocks of the article itself; captions, headings and notes go with them.
_BODY_KINDS = {"paragraph", "list item"}


class ExtractionError(ValueError):
    """A text that holds no article, with a sentence for the person who can mend it."""


@dataclass(frozen=True)
class Block:
    """One block of an article: its kind, one of those paragraphs have, and its inline HTML."""

    kind: str
    html: str


@dataclass(frozen=True)
class Document:
    """An article as an import found it, with the lines it dropped as furniture."""

    title: str
    kicker: str
    byline: str
    author_note: str
    blocks: tuple[Block, ...]
    dropped: tuple[str, ...]


def from_plain_text(text: str) -> Document:
    """Find the article in plain text: typed, hard-wrapped, or saved from a page with its furniture.

    Raises ExtractionError when there is no text, or no body under the title.
    """
    lines = [line.text for line in lines_of(text, stands_alone=_stands_alone)]
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
        while self.first < self.last and self._is_head(self.first, self.lines[self.first]):
            self.first += 1

    def read_tail(self) -> None:
        """Read what stands after the body, from the last line up."""
        card = self._card()
        while self.first < self.last and self._is_tail(self.last - 1, self.lines[self.last - 1], card):
            self.last -= 1

    def read_body(self) -> None:
        """Read what is left, which is the article."""
        for index in range(self.first, self.last):
            self._read_body_line(index, self.lines[index])

    def document(self) -> Document:
        """Give what was read."""
        title, blocks = self.title, _in_order(self.blocks)
        if not any(block.kind in _BODY_KINDS for block in blocks):
            if not title.endswith((".", "!", "?", "…", "。", "！", "？", "”")):
                raise ExtractionError("There is no article in it: nothing stands below the title.")
            blocks = (*blocks, Block("paragraph", escape(title, quote=False)))
            title = ""
        return Document(
            title=title or _made_title(next(plain_text(block.html) for block in blocks if block.kind in _BODY_KINDS)),
            kicker=self.kicker,
            byline=self.byline,
            author_note="\n".join(_in_order(self.author_notes)),
            blocks=blocks,
            dropped=_in_order(self.dropped),
        )

    def _is_head(self, index: int, line: str) -> bool:
        """Read one line as head matter, or say that it is none."""
        if furniture.is_label(line) and not self.kicker:
            self.kicker = line
        elif self._is_furnishing(index, line) or furniture.is_label(line) or furniture.opens_card(line):
            self.dropped[index] = line
        elif not self.title:
            return self._is_title(line)
        elif _same(line, self.title):
            self.dropped[index] = line
        elif self._is_title_again(line):
            self.title, self.dropped[index] = line, self.title
        else:
            return (
                self._is_caption(index, line, is_head=True)
                or self._is_byline(index, line)
                or self._is_note(index, line)
            )
        return True

    def _is_title(self, line: str) -> bool:
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

    def _is_byline(self, index: int, line: str) -> bool:
        names = furniture.byline(line)
        if not names:
            return False
        if not self.byline:
            self.byline = names
        elif _same(names, self.byline):
            self.dropped[index] = line
        else:
            self.byline = f"{self.byline}, {names}"
        return True

    def _is_caption(self, index: int, line: str, *, is_head: bool = False) -> bool:
        caption = furniture.caption(line) if len(line) <= _CAPTION_MAX_LENGTH else None
        if caption is None or not (is_head or caption.is_sure):
            return False
        before, credit, after = (escape(part, quote=False) for part in caption[:3])
        self.blocks[index] = Block("figure", f"{before}<cite>{credit}</cite>{after}")
        return True

    def _is_note(self, index: int, line: str) -> bool:
        if not furniture.is_note(line):
            return False
        self.blocks[index] = Block("note", escape(line, quote=False))
        return True

    def _card(self) -> int:
        """Give the index of the line above what the page says of the writer, or of the end when there is none."""
        for index in range(self.first, self.last):
            if furniture.opens_card(self.lines[index]):
                above = [line for line in self.lines[self.first : index] if _is_prose(line)]
                below = [line for line in self.lines[index:] if _is_prose(line)]
                if above and len(below) <= _CARD_MAX_PARAGRAPHS:
                    return index
        return self.last

    def _is_tail(self, index: int, line: str, card: int) -> bool:
        """Read one line of what follows the body, or say that it is none; below line `card` it is of the writer."""
        if self._is_furnishing(index, line) or furniture.is_label(line) or furniture.opens_card(line):
            self.dropped[index] = line
            return True
        if _same(line, self.byline) or (index >= card - 2 and furniture.is_name(line)):
            self.byline = self.byline or line
            self.dropped[index] = line
            return True
        if self._is_note(index, line):
            return True
        if index > card or furniture.is_author_note(line, self.byline):
            self.byline = self.byline or furniture.somebody(line)
            self.author_notes[index] = line
            return True
        return False

    def _read_body_line(self, index: int, line: str) -> None:
        if self._is_furnishing(index, line):
            self.dropped[index] = line
        elif self._is_note(index, line) or self._is_caption(index, line):
            pass
        elif bullet := _BULLET.match(line):
            self.blocks[index] = Block("list item", escape(line[bullet.end() :], quote=False))
        else:
            self.blocks[index] = Block(self._kind(index, line), escape(line, quote=False))

    def _kind(self, index: int, line: str) -> str:
        """Tell a heading from a paragraph: it is short, does not end as a sentence does, and prose follows it."""
        is_short = len(line) <= _HEADING_MAX_LENGTH and not line.endswith(_SENTENCE_ENDS)
        follower = next((after for after in self.lines[index + 1 : self.last] if not furniture.is_furniture(after)), "")
        return "heading" if is_short and (_is_prose(follower) or bool(_BULLET.match(follower))) else "paragraph"

    def _is_furnishing(self, index: int, line: str) -> bool:
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

"""Blocks written as Markdown: the signs that stand around the words of each kind, and what parts one from the next.

Pure. Where Markdown has no sign, as for the depth of a list that skips one, ours say it.
"""

import re
from collections.abc import Sequence
from html import escape

from reader.importing import finishing
from reader.importing.markdown.parsing import implied_sign
from reader.importing.markdown.writing_words import image_to_markdown, longest_run, references, words_to_markdown
from reader.text.blocks import Block
from reader.text.paragraphs import parse

# What stands around the words of a block.
_AROUND = {"heading": " {}", "quote": "> {}", "note": "::: note\n{}\n:::"}
_NUMBER = re.compile(r"\d{1,9}\.")


def to_markdown(blocks: Sequence[Block]) -> str:
    """Write blocks as Markdown. Names are not in it, nor the keys of blocks that no other links to."""
    return Writer(blocks).text()


def is_number(marker: str) -> bool:
    """Say whether Markdown itself can say what stands before the item: a number with a full stop."""
    return bool(_NUMBER.fullmatch(marker))


class Writer:
    """Writes blocks one after another. One that stands alone has the notes that it refers to, and no key."""

    def __init__(self, blocks: Sequence[Block], *, is_alone: bool = False) -> None:
        self.blocks = blocks
        self.notes = {block.key: block.marker for block in blocks if block.kind == "footnote" and block.key}
        self.keys = {key for block in blocks for key in finishing.links(block.html)} - self.notes.keys()
        if is_alone:
            self.notes, self.keys = references("".join(block.html for block in blocks)), set()
        self._widths: list[int] = []
        self._number = 0

    def text(self) -> str:
        """Give the whole as Markdown."""
        pieces: list[str] = []
        before: Block | None = None
        for block in self.blocks:
            if block.kind != "list item":
                self._widths = []
            piece = self._block(block)
            pieces += (_between(before, block) if before else "", piece)
            before = block
        return "".join(pieces) + "\n" if pieces else ""

    def _block(self, block: Block) -> str:
        match block.kind:
            case "list item":
                text = self._item(block)
            case "figure":
                text = "\n".join(filter(None, (image_to_markdown(block), self._words(block))))
            case "table":
                text = self._table(block)
            case "code":
                text = self._code(block)
            case "footnote":
                text = self._footnote(block)
            case _:
                text = _AROUND.get(block.kind, "{}").format(self._words(block))
        return "#" * max(2, block.level) + text if block.kind == "heading" else text

    def _words(self, block: Block) -> str:
        words = words_to_markdown(block.html, self.notes)
        return f"{words}{self._key(block)}"

    def _key(self, block: Block) -> str:
        return f" {{#{block.key}}}" if block.key in self.keys and block.key else ""

    def _item(self, block: Block) -> str:
        """Write an item as deep as Markdown can have it after the one before, and the rest as a sign."""
        depth = min(block.level, len(self._widths))
        self._widths = self._widths[:depth]
        is_numbered = is_number(block.marker)
        lead = f"{block.marker} " if is_numbered else "- "
        sign = ">" * (block.level - depth) + ("" if is_numbered else block.marker)
        indent = " " * sum(self._widths)
        self._widths.append(len(lead))
        return f"{indent}{lead}{f'{{{sign}}} ' if sign else ''}{self._words(block)}"

    def _code(self, block: Block) -> str:
        code = block.text
        fence = "`" * max(3, 1 + longest_run(code))
        return f"{fence}{self._key(block)}\n{code}\n{fence}"

    def _footnote(self, block: Block) -> str:
        self._number += 1
        sign = "" if implied_sign(block.key, str(self._number)) == block.marker else f"={block.marker}"
        return f"[^{block.key}{sign}]: {words_to_markdown(block.html, self.notes)}"

    def _table(self, block: Block) -> str:
        caption, rows, has_head = _grid(block.html)
        lines = [f"Table: {words_to_markdown(caption, self.notes)}{self._key(block)}".rstrip(), ""]
        lines = lines if caption or self._key(block) else []
        width = max((len(row) for row in rows), default=0)
        rows = rows if has_head else [[""] * width, *rows]
        texts = [[words_to_markdown(cell, self.notes, is_cell=True) for cell in row] for row in rows]
        for index, row in enumerate(texts):
            lines.append(f"| {' | '.join(row)} |")
            if index == 0:
                lines.append(f"|{'|'.join(' --- ' for _ in row)}|")
        return "\n".join(lines)


def _between(before: Block, block: Block) -> str:
    """Give what stands between two blocks: a line's end within a list, an empty line elsewhere."""
    if before.kind == block.kind == "quote":
        return "\n>\n"
    if before.kind == block.kind == "list item":
        is_same = is_number(before.marker) == is_number(block.marker)
        is_deeper_number = block.level > before.level and is_number(block.marker)
        return "\n" if is_same and not is_deeper_number else "\n\n"
    return "\n\n"


def _grid(html: str) -> tuple[str, list[list[str]], bool]:
    """Take a table's inside apart: its caption, the words of its cells by rows, and whether the first are heads."""
    caption, rows, has_head = "", list[list[str]](), False
    cell: list[str] = []
    for text, tag in parse(html):
        cell.append(escape(text, quote=False))
        match tag.strip("</>").partition(" ")[0]:
            case "tr" if not tag.startswith("</"):
                rows.append([])
            case "caption" if tag.startswith("</"):
                caption = "".join(cell).strip()
            case "td" | "th" if tag.startswith("</"):
                rows[-1].append("".join(cell).strip())
            case "td" | "th" | "caption" | "thead" | "tbody" | "tr":
                cell = []
                has_head = has_head or tag == "<thead>"
            case _:
                cell.append(tag)
    return caption, rows, has_head

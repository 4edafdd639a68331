"""Blocks read from the tokens of Markdown, and a count of what has no form here.

Pure. Pieces of HTML among the Markdown are read as pages are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from markdown_it.token import Token

from reader.importing import building, grids, trees
from reader.importing.building import Built
from reader.importing.markdown.parsing import KEY_AT_END
from reader.importing.markdown.reading_words import WordsReader
from reader.text.blocks import Block, tidied


def read(tokens: Sequence[Token], notes: Mapping[str, tuple[str, str]]) -> Built:
    """Read the tokens; `notes` has key and sign of each note by the label it has in the text."""
    reader = _Reader(notes)
    reader.read(tokens)
    return Built(tuple(reader.blocks), reader.lost)


def in_order(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with the notes at the foot after all others."""
    return sorted(blocks, key=lambda block: block.kind == "footnote")


class _Reader:
    """Reads the tokens of a text one after another, and knows in what each stands."""

    def __init__(self, notes: Mapping[str, tuple[str, str]]) -> None:
        self.notes = notes
        self.blocks: list[Block] = []
        self.lost: Counter[str] = Counter()
        self._words = WordsReader(notes, self.lost)
        self._caption: tuple[str, str] = ("", "")
        self._quote_depth = 0
        self._is_note = False
        # The lists that are open, each with what stands before its next item; None when that is written.
        self._items: list[str | None] = []
        self._footnote: tuple[str, str] | None = None
        self._footnote_lines: list[str] = []

    def read(self, tokens: Sequence[Token]) -> None:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(tokens[index:end])
                index = end
            elif token.type == "inline":
                self._line(token, tokens[index - 1])
            else:
                self._structure(token)
            index += 1

    def _structure(self, token: Token) -> None:
        match token.type:
            case "blockquote_open" | "blockquote_close":
                self._quote_depth += token.nesting
            case "bullet_list_open" | "ordered_list_open":
                self._items.append(None)
            case "bullet_list_close" | "ordered_list_close":
                self._items.pop()
            case "list_item_open":
                self._items[-1] = f"{token.info}." if token.info else ""
            case "container_note_open" | "container_note_close":
                self._is_note = token.nesting > 0
            case "fence" | "code_block":
                key = KEY_AT_END.search(token.info)
                self._add(Block("code", escape(token.content, quote=False), key=key[1] if key else ""))
            case "html_block":
                self._html(token.content)
            case "footnote_reference_open":
                self._footnote = self.notes[str(token.meta["label"]).partition("=")[0]]
            case "footnote_reference_close" if self._footnote is not None:
                (name, sign), self._footnote = self._footnote, None
                html, self._footnote_lines = "<br> ".join(self._footnote_lines), []
                self._add(Block("footnote", html, key=name, marker=sign))

    def _line(self, token: Token, opening: Token) -> None:
        """Read a line of words as what it is: a heading, a caption, a figure, or a paragraph where it stands."""
        children = token.children or []
        key = str(token.meta.get("key", ""))
        if token.meta.get("caption"):
            self._caption = (self._words.read(children), key)
            return
        is_figure = bool(children) and children[0].type == "image" and (len(children) < 2 or _is_break(children[1]))
        html = self._words.read(children)
        pictures = self._words.taken_pictures()
        if is_figure and pictures:
            caption = html or pictures[0].html
            pictures[0] = replace(pictures[0], html=caption, key=key)
        elif html and is_figure:
            self._add(Block("figure", html, key=key))
        elif html:
            self._add_words(html, key, token, opening)
        for picture in pictures:
            if picture.html or picture.alt:
                self._add(picture)
            else:
                self.lost["picture without words"] += 1

    def _add_words(self, html: str, key: str, token: Token, opening: Token) -> None:
        if self._footnote is not None:
            self._footnote_lines.append(html)
        elif self._quote_depth:
            self._add(Block("quote", html, key=key))
        elif self._is_note:
            self._add(Block("note", html, key=key))
        elif opening.type == "heading_open":
            self._add(Block("heading", html, key=key, level=max(2, min(4, int(opening.tag[1])))))
        elif self._items:
            self._add_item(html, key, token)
        else:
            self._add(Block("paragraph", html, key=key))

    def _add_item(self, html: str, key: str, token: Token) -> None:
        marker = self._items[-1]
        last = self.blocks[-1] if self.blocks else None
        if marker is None and last is not None and last.kind == "list item":
            # A second paragraph in an item is a line of it.
            self.blocks[-1] = tidied(replace(last, html=f"{last.html}<br>{html}"))
            return
        kind = "paragraph" if marker is None else "list item"
        level = len(self._items) - 1 + int(token.meta.get("depth", 0))
        marker = str(token.meta.get("marker") or marker or "")
        self._items[-1] = None
        self._add(Block(kind, html, key=key, level=level if kind == "list item" else 0, marker=marker))

    def _add(self, block: Block) -> None:
        block = tidied(block)
        if block.text or block.kind == "figure":
            self.blocks.append(block)

    def _html(self, source: str) -> None:
        try:
            built = building.build(trees.body_of(trees.parsed(source)))
        except trees.TooMuch:
            self.lost["piece of HTML too long to be read"] += 1
            return
        self.lost.update(built.lost)
        for block in built.blocks:
            self._add(replace(block, kind="quote") if self._quote_depth and block.kind == "paragraph" else block)

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(self._words.read(token.children or []))
        (caption, key), self._caption = self._caption, ("", "")
        html = grids.table_html(caption, rows, has_head=any(rows[0]))
        self._add(Block("table", html, key=key))
        for picture in self._words.taken_pictures():
            self._add(picture)


def _is_break(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"}

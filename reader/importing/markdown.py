"""Markdown in and out: an article from Markdown, and any article's blocks as Markdown that an editor can work on.

Pure. What `to_markdown` writes, `from_markdown_blocks` reads back to the same blocks. Besides CommonMark: tables with
pipes, `[^key]` and `[^key]: text` for notes at the foot, `::: note` for the publisher's, an image with the caption on
the next line for a figure, `Table: caption` above a table, `{#key}` at the end of a block that others link to, and
inline <sup>, <sub>, <cite>, <br>.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from html.parser import HTMLParser
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reader.importing import building, finishing, furniture, grids, sanitizing, trees
from reader.importing.extraction import ExtractionError
from reader.importing.inline_html import INLINE, Line, opening
from reader.text.blocks import Block, Document, tidied
from reader.text.paragraphs import normalize, parse, plain_text

_HASH = re.compile(r"[0-9a-f]{64}")
_KEY_AT_END = re.compile(r"(?:^|\s)\{#([\w.:-]+)\}\s*$")
_ITEM_START = re.compile(r"\{(>*)([^{}\s]*)\}(?:\s+|$)")
_TABLE_START = re.compile(r"Table:(?:\s+|$)")
# What stands around the words of a block.
_AROUND = {"heading": " {}", "quote": "> {}", "note": "::: note\n{}\n:::"}
_NUMBER = re.compile(r"\d{1,9}\.")
_OWN_SIGN = re.compile(r"\d{1,4}|[^\W\d_]{1,2}|[^\w\s]{1,3}")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELDS = re.compile(r"([A-Za-z_ -]+):\s*(.*)")
_REFERENCE = re.compile(r'<sup><a href="#([\w.:-]+)">([^<>\s\]=]{1,12})</a></sup>')
# Text of nothing but these says the same in Markdown.
_PLAIN = re.compile(r"[^\W\d_][^\\`*_\[\]<>&{}|~#]*[^\s\\`*_\[\]<>&{}|~#]")
_SPECIAL = re.compile(r"[\\`*\[\]<{]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_AT_START = re.compile(r"[#>+=~:|-]|\d{1,9}(?=[.)](?:\s|$))")
_PUNCTUATION = re.compile(r"""[!-/:-@\[-`{-~]""")
_MUTED = {"script", "style", "textarea", "select", "noscript", "template", "iframe", "object", "svg"}


def from_markdown(text: str) -> Document:
    """Find the article in Markdown. Its first heading, when nothing stands before it, is the title.

    Front matter may give title, byline (author), kicker, publisher, language, date and original address. Raises
    ExtractionError when there is no text, or none but a title.
    """
    front = _FRONT_MATTER.match(text)
    fields = _fields(front[1]) if front else {}
    tokens = _parsed(text[front.end() :] if front else text)
    reader = _Reader(_notes(tokens))
    reader.read(tokens)
    blocks = list(reader.blocks)
    title = fields.get("title", "")
    if blocks and blocks[0].kind == "heading" and (not title or plain_text(blocks[0].html) == title):
        title = title or plain_text(blocks.pop(0).html)
    byline = fields.get("byline") or fields.get("author") or fields.get("authors", "")
    if blocks and not byline and blocks[0].kind == "paragraph":
        byline = furniture.byline(plain_text(blocks[0].html))
        blocks = blocks[1:] if byline else blocks
    if not blocks:
        raise ExtractionError("There is no article in it: nothing but a title." if title else "There is no text in it.")
    return Document(
        title=title or finishing.made_title(blocks),
        kicker=fields.get("kicker", ""),
        byline=byline,
        author_note="",
        blocks=finishing.settled(finishing.levelled(_in_order(blocks))),
        dropped=tuple(finishing.counted(reader.lost)),
        publisher=fields.get("publisher") or fields.get("site", ""),
        original_url=_web_address(fields),
        language=fields.get("language") or fields.get("lang", ""),
        published_on=_day(fields.get("date") or fields.get("published", "")),
    )


def from_markdown_blocks(text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Read blocks from Markdown, with a line for each sort of thing that has no form here."""
    tokens = _parsed(text)
    reader = _Reader(_notes(tokens))
    reader.read(tokens)
    return finishing.settled(_in_order(reader.blocks)), tuple(finishing.counted(reader.lost))


def to_markdown(blocks: Sequence[Block]) -> str:
    """Write blocks as Markdown. Names are not in it, nor the keys of blocks that no other links to."""
    return _Writer(blocks).text()


def block_to_markdown(block: Block) -> str:
    """Write the words of one block as Markdown, without what its kind, level and marker say.

    Code is itself; a table has its pipes, a figure its image and below that its caption.
    """
    match block.kind:
        case "code":
            return plain_text(block.html)
        case "table" | "figure":
            return _Writer((block,), is_alone=True).text().rstrip("\n")
        case _:
            return _inline(block.html, _references(block.html))


def blocks_from_block_markdown(text: str, like: Block) -> tuple[Block, ...]:
    """Read what an editor made of one block's Markdown: blocks of its kind, one for each part between empty lines.

    Unchanged text gives the very same block. What is written as another kind, such as a heading, becomes that.
    """
    if "\n".join(text.splitlines()).strip() == block_to_markdown(like).strip():
        return (like,)
    if like.kind == "code":
        block = tidied(replace(like, html=escape(text, quote=False)))
        return (block,) if block.html else ()
    tokens = _parsed(text)
    reader = _Reader({**_notes(tokens), **{key: (key, sign) for key, sign in _references(like.html).items()}})
    reader.read(tokens)
    blocks = _in_order(reader.blocks)
    if like.kind == "footnote":
        html = "<br> ".join(block.html for block in blocks if block.kind == "paragraph")
        blocks = (
            [Block("paragraph", html), *(block for block in blocks if block.kind != "paragraph")] if html else blocks
        )
    return tuple(_likened(blocks, like))


def _likened(blocks: Sequence[Block], like: Block) -> list[Block]:
    """Give the blocks with the first as the one they were made from, and plain paragraphs of its kind."""
    result: list[Block] = []
    markers = _markers_after(like.marker)
    for block in blocks:
        each = block
        if block.kind == "paragraph" and like.kind not in {"table", "figure"}:
            each = replace(block, kind=like.kind, level=like.level, marker=next(markers))
        if each.kind == like.kind and not any(before.kind == like.kind for before in result):
            each = replace(each, key=like.key, name=like.name)
        result.append(each)
    return result


def _markers_after(marker: str) -> Iterator[str]:
    yield marker
    if not _NUMBER.fullmatch(marker):
        while True:
            yield ""
    for number in count(int(marker[:-1]) + 1):
        yield f"{number}."


# Reading.


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    footnote_plugin(markdown, inline=False, move_to_end=False, always_match_refs=True)
    container_plugin(markdown, "note")
    markdown.core.ruler.before("inline", "signs", _read_signs)
    # Addresses are judged where links and pictures are made of them.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return markdown


def _read_signs(state: StateCore) -> None:
    """Take the signs for keys, depths and captions, which are ours and not Markdown's, out of the lines."""
    for index, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        if key := _KEY_AT_END.search(token.content):
            token.meta["key"] = key[1]
            token.content = token.content[: key.start()]
        before = state.tokens[index - 2].type if index > 1 else ""
        if before == "list_item_open" and (start := _ITEM_START.match(token.content)):
            token.meta["depth"], token.meta["marker"] = len(start[1]), start[2]
            token.content = token.content[start.end() :]
        follows = state.tokens[index + 2].type if index + 2 < len(state.tokens) else ""
        if follows == "table_open" and (start := _TABLE_START.match(token.content)):
            token.meta["caption"] = True
            token.content = token.content[start.end() :]


_markdown = _parser()


def _parsed(text: str) -> list[Token]:
    return _markdown.parse(text.replace("\x00", ""), {})


def _notes(tokens: Sequence[Token]) -> dict[str, tuple[str, str]]:
    """Give key and sign of each note by the label it has in the text."""
    notes: dict[str, tuple[str, str]] = {}
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            name, _, sign = label.partition("=")
            number = str(len(notes) + 1)
            key = sanitizing.key(name)
            key = key if any(character.isalnum() for character in key) else f"note-{number}"
            notes.setdefault(name, (key, sign or _implied_sign(name, number)))
    return notes


def _implied_sign(label: str, number: str) -> str:
    """Give what stands before a note when its label does not say: the label if that is a sign, else its number."""
    return label if _OWN_SIGN.fullmatch(label) else number


def _in_order(blocks: Sequence[Block]) -> list[Block]:
    """Give the blocks with the notes at the foot after all others."""
    return sorted(blocks, key=lambda block: block.kind == "footnote")


class _Tag(HTMLParser):
    """Reads one tag."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.name, self.attributes, self.is_end = "", dict[str, str](), False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name, self.attributes = tag, {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.name, self.is_end = tag, True


class _Reader:
    def __init__(self, notes: Mapping[str, tuple[str, str]]) -> None:
        self.notes = notes
        self.blocks: list[Block] = []
        self.lost: Counter[str] = Counter()
        self._line = Line()
        self._pictures: list[Block] = []
        self._caption: tuple[str, str] = ("", "")
        self._quote_depth = 0
        self._is_note = False
        # The lists that are open, each with what stands before its next item; None when that is written.
        self._items: list[str | None] = []
        self._footnote: tuple[str, str] | None = None
        self._footnote_lines: list[str] = []
        self._link_count = 0
        self._are_links: list[bool] = []
        self._muted: list[str] = []

    def read(self, tokens: Sequence[Token]) -> None:
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                self._table(tokens[index:end])
                index = end
            elif token.type == "inline":
                self._words(token, tokens[index - 1])
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
                key = _KEY_AT_END.search(token.info)
                self._add(Block("code", escape(token.content, quote=False), key=key[1] if key else ""))
            case "html_block":
                self._html(token.content)
            case "footnote_reference_open":
                self._footnote = self.notes[str(token.meta["label"]).partition("=")[0]]
            case "footnote_reference_close" if self._footnote is not None:
                (name, sign), self._footnote = self._footnote, None
                html, self._footnote_lines = "<br> ".join(self._footnote_lines), []
                self._add(Block("footnote", html, key=name, marker=sign))

    def _words(self, token: Token, opening: Token) -> None:
        """Read a line of words as what it is: a heading, a caption, a figure, or a paragraph where it stands."""
        children = token.children or []
        key = str(token.meta.get("key", ""))
        if token.meta.get("caption"):
            self._caption = (self._inline(children), key)
            return
        is_figure = bool(children) and children[0].type == "image" and (len(children) < 2 or _is_break(children[1]))
        html = self._inline(children)
        pictures, self._pictures = self._pictures, []
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
        if plain_text(block.html) or block.kind == "figure":
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
                rows[-1].append(self._inline(token.children or []))
        (caption, key), self._caption = self._caption, ("", "")
        html = grids.table_html(caption, rows, has_head=any(rows[0]))
        self._add(Block("table", html, key=key))
        pictures, self._pictures = self._pictures, []
        for picture in pictures:
            self._add(picture)

    def _inline(self, children: Sequence[Token]) -> str:
        line = self._line = Line()
        self._are_links, self._muted = [], []
        before = ""
        for child in children:
            self._inline_token(line, child, before)
            before = child.type
        return line.taken() if line.has_words else ""

    def _inline_token(self, line: Line, token: Token, before: str) -> None:
        match token.type:
            case "html_inline":
                self._inline_html(line, token.content)
            case _ if self._muted:
                pass
            case "text" | "text_special":
                line.write(token.content)
            case "softbreak":
                line.write(" ")
            case "hardbreak":
                line.break_line()
            case "code_inline":
                line.open("<code>")
                line.write(token.content)
                line.close("code")
            case "em_open" | "strong_open":
                line.open(f"<{token.tag}>")
            case "em_close" | "strong_close":
                line.close(token.tag)
            case "link_open":
                self._open_link(line, str(token.attrGet("href") or ""))
            case "link_close" if self._are_links.pop():
                line.close("a")
            case "image":
                self._image(str(token.attrGet("src") or ""), _alt(token), str(token.attrGet("title") or ""))
            case "footnote_ref":
                line.write(" " if before == "footnote_ref" else "")
                self._reference(line, str(token.meta["label"]))

    def _inline_html(self, line: Line, source: str) -> None:
        tag = _Tag(source)
        if tag.name in _MUTED:
            if tag.is_end:
                self._muted = [name for name in self._muted if name != tag.name]
            else:
                self._muted.append(tag.name)
        elif tag.name == "br":
            line.break_line()
        elif tag.name == "img":
            self._image(tag.attributes.get("src", ""), tag.attributes.get("alt", ""), "")
        elif tag.name == "a" and tag.is_end:
            line.close("a")
        elif tag.name == "a":
            self._open_link(line, tag.attributes.get("href", ""))
            self._are_links.pop()
        elif tag.name in INLINE:
            line.close(INLINE[tag.name]) if tag.is_end else line.open(opening(tag.name))

    def _open_link(self, line: Line, href: str) -> None:
        target = f"#{sanitizing.key(href[1:])}" if len(href) > 1 and href[0] == "#" else sanitizing.address(href)
        if target:
            line.open(opening("a", href=target))
        elif href:
            self.lost["link that leads nowhere"] += 1
        self._are_links.append(bool(target))

    def _image(self, source: str, alt: str, title: str) -> None:
        is_here = _HASH.fullmatch(source) or source.startswith("data:image/")
        found = source if is_here else sanitizing.address(source)
        if not is_here and not found.startswith("http"):
            if source:
                self.lost["picture without a usable address"] += 1
            found = ""
        if found or alt or title:
            self._pictures.append(
                Block("figure", escape(normalize(title), quote=False), image=found, alt=normalize(alt))
            )

    def _reference(self, line: Line, label: str) -> None:
        note = self.notes.get(label)
        if note is None:
            line.write(f"[^{label}]")
            return
        line.open("<sup>")
        line.open(f'<a href="#{note[0]}">')
        line.write(note[1])
        line.close("a")
        line.close("sup")


def _is_break(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"}


def _alt(token: Token) -> str:
    return "".join(
        child.content if child.type != "softbreak" else " "
        for child in token.children or ()
        if child.type != "html_inline"
    )


def _fields(front: str) -> dict[str, str]:
    """Give the simple fields of the front matter, by small names."""
    found = (_FIELDS.fullmatch(line) for line in front.splitlines())
    return {
        match[1].strip().lower().replace("_", " ").replace("-", " "): normalize(match[2].strip().strip("\"'"))
        for match in found
        if match
    }


def _web_address(fields: Mapping[str, str]) -> str:
    names = ("original address", "original url", "canonical url", "canonical", "address", "url", "link", "source")
    found = (sanitizing.address(fields.get(name, "")) for name in names)
    return next((url for url in found if url.startswith("http")), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


# Writing.


class _Writer:
    def __init__(self, blocks: Sequence[Block], *, is_alone: bool = False) -> None:
        self.blocks = blocks
        self.notes = {block.key: block.marker for block in blocks if block.kind == "footnote" and block.key}
        self.keys = {key for block in blocks for key in finishing.links(block.html)} - self.notes.keys()
        if is_alone:
            self.notes, self.keys = _references("".join(block.html for block in blocks)), set()
        self._widths: list[int] = []
        self._number = 0

    def text(self) -> str:
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
                text = "\n".join(filter(None, (_image(block), self._words(block))))
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
        words = _inline(block.html, self.notes)
        return f"{words}{self._key(block)}"

    def _key(self, block: Block) -> str:
        return f" {{#{block.key}}}" if block.key in self.keys and block.key else ""

    def _item(self, block: Block) -> str:
        """Write an item as deep as Markdown can have it after the one before, and the rest as a sign."""
        depth = min(block.level, len(self._widths))
        self._widths = self._widths[:depth]
        is_numbered = bool(_NUMBER.fullmatch(block.marker))
        lead = f"{block.marker} " if is_numbered else "- "
        sign = ">" * (block.level - depth) + ("" if is_numbered else block.marker)
        indent = " " * sum(self._widths)
        self._widths.append(len(lead))
        return f"{indent}{lead}{f'{{{sign}}} ' if sign else ''}{self._words(block)}"

    def _code(self, block: Block) -> str:
        code = plain_text(block.html)
        fence = "`" * max(3, 1 + _longest_run(code))
        return f"{fence}{self._key(block)}\n{code}\n{fence}"

    def _footnote(self, block: Block) -> str:
        self._number += 1
        sign = "" if _implied_sign(block.key, str(self._number)) == block.marker else f"={block.marker}"
        return f"[^{block.key}{sign}]: {_inline(block.html, self.notes)}"

    def _table(self, block: Block) -> str:
        caption, rows, has_head = _grid(block.html)
        lines = [f"Table: {_inline(caption, self.notes)}{self._key(block)}".rstrip(), ""]
        lines = lines if caption or self._key(block) else []
        width = max((len(row) for row in rows), default=0)
        rows = rows if has_head else [[""] * width, *rows]
        texts = [[_inline(cell, self.notes, is_cell=True) for cell in row] for row in rows]
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
        is_same = bool(_NUMBER.fullmatch(before.marker)) == bool(_NUMBER.fullmatch(block.marker))
        is_deeper_number = block.level > before.level and bool(_NUMBER.fullmatch(block.marker))
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


def _references(html: str) -> dict[str, str]:
    """Give the signs of the notes that the HTML refers to, by their keys."""
    return dict(_REFERENCE.findall(html))


def _inline(html: str, notes: Mapping[str, str], *, is_cell: bool = False) -> str:
    """Write safe inline HTML as Markdown; as HTML with every sign escaped where Markdown could not say just that."""
    if _PLAIN.fullmatch(html):
        return html
    markdown = _marked(html, notes)
    if "|" in markdown and is_cell:
        return _literal(html)
    tokens = _parsed(markdown)
    reader = _Reader({key: (key, sign) for key, sign in notes.items()})
    reader.read(tokens)
    return markdown if reader.blocks == [Block("paragraph", html)] else _literal(html)


def _marked(html: str, notes: Mapping[str, str]) -> str:
    pieces: list[str] = []
    parts = _REFERENCE.split(html)
    closers: list[str] = []
    for index in range(0, len(parts), 3):
        _mark(parts[index], pieces, closers)
        if index + 2 < len(parts):
            key, sign = parts[index + 1 : index + 3]
            is_note = notes.get(key) == sign
            pieces.append(f"[^{key}]" if is_note else f"<sup>[{_escaped(sign)}](#{key})</sup>")
    text = re.sub(r"#$", r"\\#", "".join(pieces))
    start = _AT_START.match(text)
    if start is None:
        return text
    return f"\\{text}" if not start[0].isdigit() else f"{start[0]}\\{text[start.end() :]}"


def _mark(html: str, pieces: list[str], closers: list[str]) -> None:
    is_code = False
    for text, tag in parse(html):
        pieces.append(_code_span(text) if is_code and text else _escaped(text))
        if tag == "</code>" and is_code:
            is_code = False
        elif tag == "<code>":
            is_code = True
        elif tag == "<br>" or not tag:
            pieces.append(tag)
        elif tag.startswith("</"):
            pieces.append(closers.pop() if closers else tag)
        else:
            opener, closer = _signs(tag)
            pieces.append(opener)
            closers.append(closer)


def _signs(tag: str) -> tuple[str, str]:
    match tag:
        case "<em>":
            return "*", "*"
        case "<strong>":
            return "**", "**"
        case _ if tag.startswith("<a "):
            return "[", f"]({_destination(_Tag(tag).attributes.get('href', ''))})"
        case _:
            return tag, f"</{tag[1:]}"


def _code_span(code: str) -> str:
    ticks = "`" * (1 + _longest_run(code))
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall("`+", code)), default=0)


def _image(block: Block) -> str:
    return f"![{_escaped(block.alt)}]({_destination(block.image)})"


def _destination(url: str) -> str:
    if url and not re.search(r"[\s<>()\\&]", url):
        return url
    return f"<{_SPECIAL.sub(_backslashed, url)}>" if url else ""


def _literal(html: str) -> str:
    pieces: list[str] = []
    for text, tag in parse(html):
        pieces += (_PUNCTUATION.sub(_backslashed, text), tag)
    return "".join(pieces)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_backslashed, text)


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match[0]}"

"""The walk through a tree of HTML: words gathered into lines, and lines ended as blocks, where they stand.

Pure. How each element is read is told from outside, by a table; the walk knows what all the ways have in common.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from reader.importing import sanitizing
from reader.importing.inline_html import Line, opening
from reader.importing.trees import Element, tokens
from reader.text.blocks import Block, tidied

_SILENT = {
    "script", "style", "noscript", "template", "link", "meta", "head", "title", "base", "rp", "source", "track", "map",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "noframes", "param", "wbr",
}  # fmt: skip
_LINE_NUMBERS = {
    "lineno", "linenos", "linenodiv", "line-number", "line-numbers", "line-numbers-rows", "gutter", "blob-num",
    "hljs-ln-numbers", "rouge-gutter", "lnt", "ln",
}  # fmt: skip
_CREDITS = {"credit", "photo-credit", "image-credit", "photographer", "attribution", "copyright", "caption-credit"}
_CAPTIONS = {"wp-caption-text", "caption", "image-caption", "thumbcaption", "photo-caption", "media-caption"}

# Reads an element in its own way, with what the walk offers.
ElementReader = Callable[["Walk", Element], None]


@dataclass
class Place:
    """What the words are part of. Where it joins, paragraphs in it are lines of one block."""

    kind: str
    level: int = 0
    marker: str = ""
    joins: bool = False
    is_used: bool = False


class Walk:
    """A walk through one tree, with the blocks it made so far and what it lost."""

    def __init__(
        self, readers: Mapping[str, ElementReader], *, address: str, page: str, keys: Mapping[str, str]
    ) -> None:
        self.readers = readers
        self.address, self.page = address, page
        self.keys = keys
        self.blocks: list[Block] = []
        self.lost: Counter[str] = Counter()
        self.places = [Place("paragraph")]
        self.line = Line()
        # Pictures among the words of a paragraph: they follow it.
        self.pictures: list[Block] = []
        self.quote_depth = self.list_depth = 0
        self._key = ""

    def read(self, element: Element) -> None:
        """Read all that is in the element, and end its last block."""
        self.keep_key(element)
        self.children(element)
        self.end()

    def children(self, element: Element) -> None:
        """Read what is in the element as part of what is being written."""
        self.text(element.text)
        for child in element:
            self.child(child)

    def child(self, child: Element) -> None:
        """Read one element and the text that follows it."""
        if isinstance(child.tag, str):
            self._element(child)
        self.text(child.tail)

    def text(self, text: str | None) -> None:
        """Write text; after an empty line a new paragraph begins, where there can be one."""
        if not text:
            return
        if self.line.break_count > 1 and not self.places[-1].joins and text.strip() and self.line.has_words:
            self.end()
        self.line.write(text)

    def _element(self, element: Element) -> None:
        self.keep_key(element)
        if is_silent(element):
            return
        name = str(element.tag)
        read = self.readers.get(name)
        if read is not None:
            read(self, element)
        else:
            self.span(element, opening(name, style=element.get("style") or ""))

    def span(self, element: Element, tag: str) -> None:
        """Read the element as words in a line, within this tag if there is one."""
        if not tag and element.get("class") and self.places[-1].kind == "caption" and tokens(element) & _CREDITS:
            tag = "<cite>"
        if tag:
            self.line.open(tag)
        self.children(element)
        if tag:
            self.line.close()

    def block(self, element: Element) -> None:
        """Read the element as a part of its own."""
        self.end_part()
        self.children(element)
        self.end_part()

    def within(self, element: Element, place: Place) -> None:
        """Read what is in the element as words of another place."""
        self.end()
        self.places.append(place)
        self.children(element)
        self.end()
        self.places.pop()

    def cell(self, element: Element) -> tuple[str, tuple[Block, ...]]:
        """Read a cell or a caption: its words as one line, and the pictures and such among them."""
        kind = "caption" if is_caption(element) else "cell"
        walk = Walk(self.readers, address=self.address, page=self.page, keys=self.keys)
        walk.places = [Place(kind, joins=True), Place(kind, joins=True)]
        walk.children(element)
        walk.places.pop()
        html = walk.line.taken() if walk.line.has_words else ""
        self.lost.update(walk.lost)
        rest = [block for block in walk.blocks if block.kind not in {"caption", "cell"}]
        return html, (*rest, *walk.pictures)

    def end_part(self) -> None:
        """End a paragraph: a block, or in places that join a line of one."""
        if self.places[-1].joins:
            self.line.separate()
        else:
            self.end()

    def end(self) -> None:
        """End the block that is being written, if there is one."""
        place = self.places[-1]
        if place.kind == "cell" and len(self.places) > 1:
            self.line.separate()
            return
        html = self.line.taken() if self.line.has_words else ""
        if html:
            self.add(_block_at(place, html))
        pictures, self.pictures = self.pictures, []
        for picture in pictures:
            self.add(picture)

    def add(self, block: Block) -> None:
        """Put a block after those that are there, with the key that was kept for it."""
        if block.kind in {"code", "table"}:
            block = tidied(block)
        if block.html or block.kind == "figure":
            self.blocks.append(replace(block, key=block.key or self._key))
            self._key = ""

    def keep_key(self, element: Element) -> None:
        """Let the next block have the key by which links call this element."""
        if not self.keys:
            return
        name = element.get("id") or (element.get("name") if element.tag == "a" else "")
        if name and name in self.keys and not self._key:
            self._key = self.keys[name]

    def absolute(self, url: str) -> str:
        """Give the whole address of what the page calls so, or nothing when it may not be linked to."""
        try:
            return sanitizing.address(urljoin(self.address, url.strip()))
        except ValueError:
            return ""


def is_silent(element: Element) -> bool:
    """Say whether nothing in the element is for readers to read, or only the numbers of lines of code."""
    return element.tag in _SILENT or bool(tokens(element) & _LINE_NUMBERS)


def is_caption(element: Element) -> bool:
    """Say whether the element is what stands with a picture."""
    return element.tag == "figcaption" or bool(element.tag != "img" and tokens(element) & _CAPTIONS)


def _block_at(place: Place, html: str) -> Block:
    if place.kind == "list item" and place.is_used:
        return Block("paragraph", html)
    place.is_used = True
    return Block(place.kind, html, level=place.level, marker=place.marker)

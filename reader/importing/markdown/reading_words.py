"""The words of one line of Markdown, read as canonical inline HTML, and the pictures among them.

Pure. HTML in a line is read tag by tag: of elements that an article has, of any other only the words.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it.token import Token

from reader.importing import sanitizing
from reader.importing.inline_html import INLINE, Line, opening
from reader.importing.markdown.parsing import Tag
from reader.text.blocks import Block
from reader.text.paragraphs import normalize

_HASH = re.compile(r"[0-9a-f]{64}")
_MUTED = {"script", "style", "textarea", "select", "noscript", "template", "iframe", "object", "svg"}


class WordsReader:
    """Reads lines one by one; keeps the pictures in them until they are taken, and counts what was lost."""

    def __init__(self, notes: Mapping[str, tuple[str, str]], lost: Counter[str]) -> None:
        self.notes = notes
        self.lost = lost
        self.pictures: list[Block] = []
        self._are_links: list[bool] = []
        self._muted: list[str] = []

    def read(self, children: Sequence[Token]) -> str:
        """Read the tokens of a line as canonical inline HTML; nothing when no words are among them."""
        line = Line()
        self._are_links, self._muted = [], []
        before = ""
        for child in children:
            self._token(line, child, before)
            before = child.type
        return line.taken() if line.has_words else ""

    def taken_pictures(self) -> list[Block]:
        """Give the pictures found since they were last taken."""
        pictures, self.pictures = self.pictures, []
        return pictures

    def _token(self, line: Line, token: Token, before: str) -> None:
        match token.type:
            case "html_inline":
                self._tag(line, token.content)
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

    def _tag(self, line: Line, source: str) -> None:
        tag = Tag(source)
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
            self.pictures.append(
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


def _alt(token: Token) -> str:
    return "".join(
        child.content if child.type != "softbreak" else " "
        for child in token.children or ()
        if child.type != "html_inline"
    )

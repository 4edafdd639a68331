"""The words of one block, written down as canonical inline HTML while a tree or Markdown is read.

Pure. Elements are opened only when words stand in them and never stand in their like; white space is single and
outside the elements it borders on; the same element twice in a row is one. So the same words have one HTML, however
the page or the editor wrote them.
"""

import re
from html import escape

from reader.importing import sanitizing
from reader.text import paragraphs

# What the inline elements of pages are called here.
INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "var": "em", "dfn": "em", "cite": "cite", "code": "code",
    "tt": "code", "kbd": "code", "samp": "code", "sup": "sup", "sub": "sub",
}  # fmt: skip
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
# Two of these in a row are two: links to two places, the signs of two notes.
_WHOLE = {"a", "sup"}
_EMPTY = re.compile(r"<(\w+)[^>]*></\1>")


def opening(name: str, href: str = "", style: str = "") -> str:
    """Give the tag that opens the element as it is kept here, or nothing when only its words are."""
    if name == "a":
        return f'<a href="{escape(href)}">' if href else ""
    if name in INLINE:
        return f"<{INLINE[name]}>"
    if style and _SLANTED.search(style):
        return "<em>"
    return "<strong>" if style and _HEAVY.search(style) else ""


class Line:
    """One line of words with the inline elements that are open, which the caller opens and closes."""

    def __init__(self) -> None:
        self.has_words = False
        self.break_count = 0
        self._pieces: list[str] = []
        self._is_spaced = False
        # The opening tags that words to come are to stand in, and those that are written and not yet closed.
        self._wanted: list[str] = []
        self._written: list[str] = []
        # How many of the written ones may take in more words: a link that was closed is not opened again.
        self._open_count = 0

    def open(self, tag: str) -> None:
        """Let the words to come stand in this element, given by its opening tag."""
        self._wanted.append(tag)

    def close(self, name: str = "") -> None:
        """Let the words to come stand outside the element opened last, or the last of this name."""
        for index in range(len(self._wanted) - 1, -1, -1):
            if not name or _name(self._wanted[index]) == name:
                tag = self._wanted.pop(index)
                if _name(tag) in _WHOLE and tag in self._written:
                    self._open_count = min(self._open_count, self._written.index(tag))
                return

    def break_line(self) -> None:
        """Break the line before the words to come, if any stand before it."""
        self.break_count += 1

    def separate(self) -> None:
        """Part the words to come from those before by a line break, unless there is one."""
        self.break_count = max(self.break_count, 1)

    def write(self, text: str) -> None:
        """Write text; of white space that is as much as parts two words."""
        text = paragraphs.visible(text)
        if not text.strip():
            self._is_spaced = self._is_spaced or bool(text)
            return
        self._is_spaced = self._is_spaced or text[0].isspace()
        self._close_to(min(self._common(), self._open_count))
        if self.has_words and self.break_count:
            self._pieces.append("<br>")
        elif self.has_words and self._is_spaced:
            self._pieces.append(" ")
        self._open_wanted()
        self._pieces.append(escape(" ".join(text.split()), quote=False))
        self.has_words, self.break_count, self._is_spaced = True, 0, text[-1].isspace()
        self._open_count = len(self._written)

    def taken(self) -> str:
        """Give what is written as canonical HTML, and begin anew in the same elements."""
        self._close_to(0)
        html = "".join(self._pieces)
        self._pieces = []
        self.has_words, self.break_count, self._is_spaced = False, 0, False
        html = paragraphs.tidy(sanitizing.inline(html))
        # An accent that stood alone in an element has moved to its letter.
        return _rewritten(html) if _EMPTY.search(html) else html

    def _common(self) -> int:
        """Count the written elements, from the outermost in, that the words to come stand in as well."""
        wanted = self._distinct()
        count = 0
        while count < min(len(wanted), len(self._written)) and wanted[count] == self._written[count]:
            count += 1
        return count

    def _distinct(self) -> list[str]:
        """Give the wanted elements without those that stand in their like."""
        distinct: dict[str, str] = {}
        for tag in self._wanted:
            distinct.setdefault(_name(tag), tag)
        return list(distinct.values())

    def _close_to(self, count: int) -> None:
        while len(self._written) > count:
            self._pieces.append(f"</{_name(self._written.pop())}>")

    def _open_wanted(self) -> None:
        for tag in self._distinct()[len(self._written) :]:
            self._pieces.append(tag)
            self._written.append(tag)


def _rewritten(html: str) -> str:
    line = Line()
    for text, tag in paragraphs.parse(html):
        line.write(text)
        if tag.startswith("</"):
            line.close(_name(tag))
        elif tag == "<br>":
            line.break_line()
        elif tag:
            line.open(tag)
    return line.taken()


def _name(tag: str) -> str:
    return tag.strip("</>").partition(" ")[0]

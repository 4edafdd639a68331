"""How much a browser fetches at its first visit, and in how many requests."""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urljoin

from benchmarks.rig.serving import Server

_IMPORT = re.compile(r"""\bimport\b[^"';]*["'](\./[^"']+)["']""")
_FACE = re.compile(r"@font-face\s*{([^}]*)}")
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)
_FETCHED = {"stylesheet", "preload", "icon", "manifest"}
# What our style sheet, and browsers of themselves, set in italics; but not the source that a caption names.
_SLANTED = {"em", "i", "cite", "h4"}
_CAPTIONS = {"p", "figcaption"}


class Words(NamedTuple):
    """The characters that a page shows, upright and slanted."""

    upright: set[str]
    slanted: set[str]


def weigh(server: Server, path: str) -> dict[str, int]:
    """Give what the page and everything it asks for weigh, by address, in bytes as transferred to a browser.

    Counted: the page, its style sheet with the faces that its words need, its scripts with any modules they import,
    what it preloads, its pictures, its icon and its manifest. An address is one request.
    """
    page = _Reader(server.get(path).body.decode())
    weights = {path: _weight(server, path)}
    waiting = [urljoin(path, link) for link in page.links]
    while waiting:
        address = waiting.pop()
        if address not in weights:
            weights[address] = _weight(server, address)
            if address.endswith((".js", ".css")):
                waiting += _wanted(address, server.get(address).body.decode(), page.words)
    return weights


def _weight(server: Server, address: str) -> int:
    answer = server.get(address, accept_encoding="gzip")
    if answer.status != 200:
        sys.exit(f"{address} was answered with {answer.status}.")
    return len(answer.body)


def _wanted(address: str, source: str, words: Words) -> Iterator[str]:
    names = _IMPORT.findall(source) if address.endswith(".js") else _faces(source, words)
    return (urljoin(address, name) for name in names)


def _faces(style_sheet: str, words: Words) -> Iterator[str]:
    """Give the files of the faces that have a character of the page."""
    for face in _FACE.findall(style_sheet):
        shown = words.slanted if "italic" in face else words.upright
        ranges = [(int(first, 16), int(last or first, 16)) for first, last in _RANGE.findall(face)]
        if any(first <= ord(character) <= last for character in shown for first, last in ranges):
            yield face.partition("url(")[2].partition(")")[0].strip("\"'")


class _Reader(HTMLParser):
    """What a page links to, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words = Words(set(), set())
        self._slanted = 0
        self._is_caption = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _CAPTIONS:
            self._is_caption = "caption" in (said.get("class") or "").split()
        self._slanted += self._is_slanted(tag)
        if tag == "link" and said.get("rel") in _FETCHED:
            self.links.append(said["href"] or "")
        if tag in {"script", "img"} and said.get("src"):
            self.links.append(said["src"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._slanted -= self._is_slanted(tag)
        if tag in _CAPTIONS:
            self._is_caption = False

    def _is_slanted(self, tag: str) -> bool:
        return tag in _SLANTED and not (tag == "cite" and self._is_caption)

    def handle_data(self, data: str) -> None:
        (self.words.slanted if self._slanted else self.words.upright).update(data)

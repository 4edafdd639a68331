"""An article from a web page: the HTML of a saved or fetched page in, a document out, and what was left out of it.

Pure: bytes and text in, values out; fetching is another room's. Why trafilatura, and for what:
docs/decisions/extraction.md.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urljoin

import charset_normalizer

from reader.importing import building, finishing, footnotes, furniture, heads, sanitizing, trees
from reader.importing.decoding import DecodingError
from reader.importing.extraction import ExtractionError
from reader.importing.trimming import Trimmed
from reader.text.blocks import Block, Document
from reader.text.paragraphs import normalize

# What fetching allows, and a saved page with it.
MAX_BYTES = 5_000_000

_WHOLE_PAGE = re.compile(r"<(?:html|body|!doctype)\b", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META_BYTES = 2048
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What pages that say so mean by it: browsers read them like this.
_MEANT = {"iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
          "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
          "iso-8859-9": "cp1254", "tis-620": "cp874"}  # fmt: skip
_HEAD_BLOCKS = 8
# Prose is longer than the lines of a head.
_SHORT = 80
_TAIL_BLOCKS = 4


def decode(data: bytes, content_type: str = "") -> str:
    """Give the text of a page's bytes, by the charset that the header, its first bytes or a meta element tell.

    Where none does, or it does not fit, the charset is guessed from the bytes. Raises DecodingError.
    """
    if len(data) > MAX_BYTES:
        raise DecodingError("It is over 5 MB, which no article is.")
    if not data.strip():
        raise DecodingError("It is empty.")
    for charset in _told(data, content_type):
        try:
            text = data.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
        return _checked(text)
    guess = charset_normalizer.from_bytes(data).best()
    if guess is None:
        raise DecodingError("It is not text in any encoding we know.")
    return _checked(str(guess))


def from_html(html: str, *, address: str = "") -> Document:
    """Find the article in a page, or take a fragment of HTML as one. `address` is where the page was found.

    Raises ExtractionError when there is no article in it.
    """
    try:
        root = trees.parsed(html)
    except trees.TooMuch as error:
        raise ExtractionError(str(error)) from error
    base = _base(root, address)
    head = heads.read(root, address=base)
    notes = footnotes.take(root)
    trimmed = Trimmed(root, is_fragment=not _WHOLE_PAGE.search(html))
    keys = _keys(trimmed.article, notes)
    built = building.build(trimmed.article, address=base, page=_page(base), keys=keys)
    lost = Counter(built.lost)
    page = _Page(head, built.blocks, trimmed.lines)
    for note in notes:
        page.add_note(note, building.inline(note.element, address=base, page=_page(base), keys=keys), lost)
    return page.document(finishing.counted(trimmed.counts + lost))


class _Page:
    """The blocks of a page, from which its head matter, seen already, and its notes are taken."""

    def __init__(self, head: heads.Head, blocks: Sequence[Block], dropped: Iterable[str]) -> None:
        self.head = head
        self.blocks = list(blocks)
        self.notes: list[Block] = []
        self.author_notes: list[str] = []
        self.dropped = list(dropped)

    def add_note(self, note: footnotes.Note, built: building.Built, lost: Counter[str]) -> None:
        lost.update(built.lost)
        words = [block for block in built.blocks if block.kind != "figure" or block.html]
        html = "<br> ".join(block.html for block in words if block.kind not in {"table", "code"})
        if html:
            self.notes.append(Block("footnote", html, key=note.key, marker=normalize(note.marker)[:12]))

    def document(self, lost: Sequence[str]) -> Document:
        self._take_head()
        self._take_tail()
        self._drop_empty_headings()
        blocks = [self._kind(block) for block in self.blocks]
        if not any(block.kind in finishing.BODY_KINDS for block in blocks):
            raise ExtractionError("There is no article in it: no text was found but what pages put round one.")
        head = self.head
        return Document(
            title=head.title or finishing.made_title(blocks),
            kicker=head.kicker,
            byline=head.byline,
            author_note="\n".join(self.author_notes),
            blocks=finishing.settled(finishing.levelled([*blocks, *self.notes])),
            dropped=(*(line for line in self.dropped if line not in head.titles), *lost),
            publisher=head.publisher,
            original_url=head.original_url,
            language=head.language,
            published_on=head.published_on,
        )

    def _take_head(self) -> None:
        """Take what the head matter says already out of what stands above the first prose."""
        for block in self.blocks[:_HEAD_BLOCKS]:
            text = normalize(block.text)
            if block.kind not in {"paragraph", "heading"}:
                continue
            if text in self.head.titles or text == self.head.kicker:
                self.blocks.remove(block)
            elif furniture.is_label(text) and not self.head.kicker:
                self.blocks.remove(block)
                self.head.kicker = text
            elif self._is_byline(text) or furniture.is_furniture(text):
                self.blocks.remove(block)
                self.dropped.append(text)
            elif len(text) > _SHORT:
                break

    def _is_byline(self, text: str) -> bool:
        names = furniture.byline(text)
        byline = self.head.byline
        if names and not byline:
            self.head.byline = names
            return True
        parts = [part for part in byline.split(", ") if part]
        return bool(parts) and len(text) < len(byline) + 60 and all(part in text for part in parts)

    def _take_tail(self) -> None:
        """Take what is said of the writer from the last blocks, and the page's furniture with it."""
        for block in self.blocks[: -_TAIL_BLOCKS - 1 : -1]:
            text = block.text
            if block.kind not in {"paragraph", "heading"}:
                break
            names = (self.head.byline, *self.head.byline.split(", "))
            if any(furniture.is_author_note(text, name) for name in names if name):
                self.author_notes.insert(0, text)
            elif furniture.is_furniture(text) or furniture.opens_related(text):
                self.dropped.append(text)
            else:
                break
            self.blocks.remove(block)

    def _drop_empty_headings(self) -> None:
        """Drop headings under which nothing is left: the last, such as that of the notes, and those of other pages."""
        kept: list[Block] = []
        for block in reversed(self.blocks):
            text = block.text
            is_empty = not kept or (kept[-1].kind == "heading" and furniture.opens_related(text))
            if block.kind == "heading" and is_empty:
                self.dropped.append(text)
            else:
                kept.append(block)
        self.blocks = kept[::-1]

    def _kind(self, block: Block) -> Block:
        is_note = block.kind == "paragraph" and furniture.is_note(block.text)
        return replace(block, kind="note") if is_note else block


def _told(data: bytes, content_type: str) -> list[str]:
    """Give the charsets that are told, the most trusted first."""
    marked = [charset for mark, charset in _MARKS if data.startswith(mark)]
    in_header = _CHARSET.findall(content_type)
    in_meta = _CHARSET.findall(data[:_META_BYTES].decode("ascii", "replace"))
    told = [charset.lower() for charset in (*marked, *in_header, *in_meta)]
    told = [_MEANT.get(charset, charset) for charset in told]
    return [
        *(charset for charset in told if charset not in {"cp1252", "utf-7"}),
        "utf-8",
        *(c for c in told if c == "cp1252"),
    ]


def _checked(text: str) -> str:
    if not text.strip():
        raise DecodingError("It is empty.")
    strange = sum(character < " " and character not in "\t\n\r\f" for character in text[:100_000])
    if strange > len(text[:100_000]) / 100:
        raise DecodingError("It is not a page: it holds control characters.")
    return text


def _base(root: trees.Element, address: str) -> str:
    found = next((each.get("href") or "" for each in root.iter("base") if each.get("href")), "")
    try:
        return sanitizing.address(urljoin(address, found)) or sanitizing.address(address)
    except ValueError:
        return sanitizing.address(address)


def _page(base: str) -> str:
    return base.partition("#")[0]


def _keys(article: trees.Element, notes: Sequence[footnotes.Note]) -> dict[str, str]:
    """Give the keys of blocks by the ids that links on the page go to."""
    named = {
        each.get("id") or "": note.key for note in notes for each in trees.elements(note.element) if each.get("id")
    }
    named |= {each.get("name") or "": note.key for note in notes for each in note.element.iter("a") if each.get("name")}
    targets = {
        (each.get("href") or "").partition("#")[2]
        for element in (article, *(note.element for note in notes))
        for each in element.iter("a")
    }
    return {target: named.get(target) or sanitizing.key(target) for target in targets if sanitizing.key(target)}

"""The canonical text of an article: what its blocks say, and what its blocks are called."""

import unicodedata
from collections.abc import Collection, Sequence
from html import escape
from html.parser import HTMLParser

# Blocks that readers count as paragraphs share one prefix; the others have their own numbers.
_PREFIXES = {
    "paragraph": "p",
    "quote": "p",
    "list item": "p",
    "table": "p",
    "code": "p",
    "heading": "h",
    "figure": "f",
    "footnote": "n",
    "note": "n",
}

# Invisible characters that make two texts differ which look the same, or make a text look other than it is:
# soft hyphen, zero-width space, word joiner, byte order mark; embeddings and overrides of direction; marks of
# interlinear notes. What scripts and emoji need stays: joiners, direction marks, isolates, variation selectors.
_DROPPED = {0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0xFFF9, 0xFFFC)}
_ISOLATES = range(0x2066, 0x206A)
_LINE_ENDS = dict.fromkeys(map(ord, "\r\x0b\x0c\x85\u2028\u2029"), "\n")
_CELLS = {"caption", "th", "td"}
_ROWS = {"thead", "tbody", "tr"}
# Control characters, halves of surrogate pairs, and code points that are no characters.
_DROPPED_CATEGORIES = {"Cc", "Cs"}


def normalize(text: str) -> str:
    """Give the text in NFC with single plain spaces between words and none at its ends.

    Every kind of white space, no-break spaces and line breaks included, becomes one space, as quoting and searching
    take them for the same. Control and invisible characters go.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = visible(text)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def visible(text: str) -> str:
    """Give the text without control and invisible characters."""
    return "".join(character for character in text if character.isspace() or not _is_dropped(character))


def spoken(words: str) -> str:
    """Give what somebody typed with one kind of line end, and without what nobody sees.

    Isolates of direction go too: each one's words stand in an element that keeps them apart from ours, and a closing
    mark among them would let them out of it.
    """
    lines = words.replace("\r\n", "\n").translate(_LINE_ENDS)
    return "".join(character for character in lines if character in "\t\n" or not _is_unspoken(character))


def plain_text(html: str) -> str:
    """Give the text of safe inline HTML: its text nodes, one after the other, as a browser counts them."""
    if "<" not in html and "&" not in html:
        return html
    return "".join(text for text, _ in parse(html))


def tidy(html: str) -> str:
    """Give the inline HTML with its text normalised, so that `plain_text` of it is canonical.

    White space is single across tags too. A line break gets a space after it, for the words around it are two.
    A combining mark moves to the letter it stands on when a tag lies between them.
    """
    if "<" not in html and "&" not in html:
        return escape(normalize(html), quote=False)
    nodes = parse(html)
    texts = _compose(_collapse(nodes))
    return "".join(escape(text, quote=False) + tag for text, (_, tag) in zip(texts, nodes, strict=True))


def tidy_code(html: str) -> str:
    """Give the text of code, line by line as it stands there, in NFC and without what nobody sees.

    Tabs and indentation stay; white space at the end of lines, empty lines at both ends, and all tags go. White
    space of other kinds is a space, for programs take it for nothing else.
    """
    lines = [unicodedata.normalize("NFC", _code_line(line)) for line in plain_text(html).splitlines()]
    return escape("\n".join(lines).strip("\n"), quote=False)


def tidy_table(html: str) -> str:
    """Give the inside of a table with each cell tidied, and a space at the end of each that has words after it.

    White space between cells goes. What stands outside the cells and the caption goes with it.
    """
    pieces: list[str] = []
    cell: list[str] = []
    ends: list[int] = []
    is_inside = False
    for text, tag in parse(html):
        if is_inside:
            cell.append(escape(text, quote=False))
        name = tag.strip("</>").partition(" ")[0].lower()
        if name in _CELLS:
            words = tidy("".join(cell))
            pieces += (words, tag)
            if plain_text(words):
                ends.append(len(pieces) - 2)
            cell, is_inside = [], not tag.startswith("</")
        elif is_inside and name not in _ROWS:
            cell.append(tag)
        elif name in _ROWS:
            pieces.append(tag)
    for end in ends[:-1]:
        pieces[end] += " "
    return "".join(pieces)


def canonical_text(texts: Sequence[str]) -> str:
    """Join the plain texts of an article's blocks by one newline."""
    return "\n".join(texts)


def next_names(kinds: Sequence[str], taken: Collection[str]) -> list[str]:
    """Name new blocks of these kinds; `taken` are all names the article has ever used, and none is used again."""
    last = dict.fromkeys(_PREFIXES.values(), 0)
    for name in taken:
        last[name[0]] = max(last[name[0]], int(name[1:]))
    names = []
    for kind in kinds:
        prefix = _PREFIXES[kind]
        last[prefix] += 1
        names.append(f"{prefix}{last[prefix]}")
    return names


def parse(html: str) -> list[tuple[str, str]]:
    """Take safe inline HTML apart: pairs of a text, its entities resolved, and the tag after it.

    Either may be empty. Comments and whatever else is neither text nor tag is left out.
    """
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.nodes


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[tuple[str, str]] = []

    def handle_data(self, data: str) -> None:
        self.nodes.append((data, ""))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.nodes.append(("", self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self.nodes.append(("", f"</{tag}>"))

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.handle_starttag(tag, attrs)


def _code_line(line: str) -> str:
    spaced = (" " if character.isspace() and character != "\t" else character for character in line)
    return "".join(character for character in spaced if character == "\t" or not _is_dropped(character)).rstrip()


def _is_unspoken(character: str) -> bool:
    return ord(character) in _ISOLATES or _is_dropped(character)


def _is_dropped(character: str) -> bool:
    point = ord(character)
    return (
        point in _DROPPED
        or unicodedata.category(character) in _DROPPED_CATEGORIES
        or point & 0xFFFE == 0xFFFE
        or 0xFDD0 <= point <= 0xFDEF
    )


def _collapse(nodes: Sequence[tuple[str, str]]) -> list[str]:
    """Give the nodes' texts without dropped characters, with single spaces inside and between them."""
    texts = []
    spaced, is_broken = True, False
    for text, tag in nodes:
        kept = visible(text)
        if kept:
            lead = " " if (is_broken or kept[0].isspace()) and not spaced else ""
            words = " ".join(kept.split())
            kept = lead + words + (" " if words and kept[-1].isspace() else "")
            spaced = kept.endswith(" ") if kept else spaced
            is_broken = False
        texts.append(kept)
        is_broken = is_broken or tag.lower().startswith("<br")
    return _strip_end(texts)


def _strip_end(texts: list[str]) -> list[str]:
    for index in range(len(texts) - 1, -1, -1):
        texts[index] = texts[index].rstrip()
        if texts[index]:
            break
    return texts


def _compose(texts: Sequence[str]) -> list[str]:
    """Give each text in NFC, after what composes with the end of the text before it has moved there."""
    composed: list[str] = []
    last = -1
    for index, text in enumerate(texts):
        bound = 0
        if last >= 0 and not composed[last].endswith(" "):
            bound = _bound_count(composed[last], text)
            composed[last] = unicodedata.normalize("NFC", composed[last] + text[:bound])
        composed.append(unicodedata.normalize("NFC", text[bound:]))
        last = index if composed[index] else last
    return composed


def _bound_count(before: str, text: str) -> int:
    """Count the characters at the start of the text that belong to the letter before it."""
    count = 0
    while count < len(text) and _is_bound(before[-1] + text[:count], text[count]):
        count += 1
    return count


def _is_bound(before: str, character: str) -> bool:
    composed = unicodedata.normalize("NFC", before + character)
    return unicodedata.combining(character) > 0 or composed != unicodedata.normalize("NFC", before) + character

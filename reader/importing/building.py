"""Blocks from HTML: each form an article has, whatever page it comes from, and a count of what has no form here.

Pure. What is the article and what its page's furniture was decided before; here every word is kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from reader.importing import furniture, grids, sanitizing
from reader.importing.trees import Element, elements, tokens, words
from reader.importing.writing import Line
from reader.text.blocks import Block, tidied
from reader.text.paragraphs import normalize, plain_text

# What the elements of pages are called here.
INLINE = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "var": "em", "dfn": "em", "cite": "cite", "code": "code",
    "tt": "code", "kbd": "code", "samp": "code", "sup": "sup", "sub": "sub",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {
    "address", "article", "aside", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset",
    "figcaption", "footer", "form", "header", "hgroup", "legend", "li", "main", "nav", "p", "search", "section",
    "summary", "tbody", "td", "tfoot", "th", "thead", "tr", "caption", "hr",
}  # fmt: skip
# What has no form in an article here, and what to call it.
_MEDIA = {
    "iframe": "embedded page", "embed": "embedded object", "object": "embedded object", "applet": "embedded object",
    "video": "video", "audio": "sound recording", "canvas": "drawing", "form": "form",
}  # fmt: skip
_SILENT = {
    "script", "style", "noscript", "template", "link", "meta", "head", "title", "base", "rp", "source", "track", "map",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "noframes", "param", "wbr",
}  # fmt: skip
_CREDITS = {"credit", "photo-credit", "image-credit", "photographer", "attribution", "copyright", "caption-credit"}
_CAPTIONS = {"wp-caption-text", "caption", "image-caption", "thumbcaption", "photo-caption", "media-caption"}
_CAPTIONED = {"wp-caption", "thumb", "image", "photo", "media", "picture", "captioned", "captioned-image"}
_LINE_NUMBERS = {
    "lineno", "linenos", "linenodiv", "line-number", "line-numbers", "line-numbers-rows", "gutter", "blob-num",
    "hljs-ln-numbers", "rouge-gutter", "lnt", "ln",
}  # fmt: skip
_PLACEHOLDER_LENGTH = 1000
_SMALL_PICTURES = {"emoji", "wp-smiley", "mwe-math-fallback-image-inline", "latex", "tex", "math"}
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_PIXELS = re.compile(r"\d+")
BODY_KINDS = {"paragraph", "list item", "quote", "table", "code"}
# A title made from the first words of a text that has none.
_MADE_TITLE_LENGTH = 80
_TINY = 4
_WIDEST_PICTURE = 2000


class Built(NamedTuple):
    """The blocks, and how often something stood among them that has no form here."""

    blocks: tuple[Block, ...]
    lost: Counter[str]


@dataclass
class _Place:
    """What the words are part of. Where it joins, paragraphs in it are lines of one block."""

    kind: str
    level: int = 0
    marker: str = ""
    key: str = ""
    joins: bool = False
    is_used: bool = False


def build(element: Element, *, address: str = "", page: str = "", keys: Mapping[str, str] | None = None) -> Built:
    """Read the element's blocks. Links and pictures are found from `address`; `page` is where it is itself.

    `keys` has what the keys of blocks are, by the ids that links on the page go to.
    """
    builder = _Builder(address=address, page=page, keys=keys or {})
    builder.read(element)
    return Built(tuple(builder.blocks), builder.lost)


def inline(element: Element, *, address: str = "", page: str = "", keys: Mapping[str, str] | None = None) -> Built:
    """Read the element as one block, a paragraph, whatever it is; blocks that cannot be part of it follow."""
    builder = _Builder(address=address, page=page, keys=keys or {})
    builder.places.append(_Place("paragraph", joins=True))
    builder.read(element)
    return Built(tuple(builder.blocks), builder.lost)


def opening(name: str, href: str = "", style: str = "") -> str:
    """Give the tag that opens the element as it is kept here, or nothing when only its words are."""
    if name == "a":
        return f'<a href="{escape(href)}">' if href else ""
    if name in INLINE:
        return f"<{INLINE[name]}>"
    if style and _SLANTED.search(style):
        return "<em>"
    return "<strong>" if style and _HEAVY.search(style) else ""


def credited(html: str) -> str:
    """Give a caption with its picture credit marked as such, where it ends with one."""
    if "<" in html:
        return html
    caption = furniture.caption(plain_text(html))
    if caption is None or not caption.is_sure:
        return html
    before, credit, after = (escape(part, quote=False) for part in caption[:3])
    return f"{before}<cite>{credit}</cite>{after}"


def settled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the blocks with each link to a block going to one that is there, and only those keys that are linked to."""
    keys = {block.key for block in blocks}
    linked = {key for block in blocks if 'href="#' in block.html for key in links(block.html)}
    return tuple(
        replace(
            block,
            key=block.key if block.key in linked or block.kind == "footnote" else "",
            html=_unlinked(block.html, keys) if 'href="#' in block.html else block.html,
        )
        for block in blocks
    )


def links(html: str) -> set[str]:
    """Give the keys that the HTML links to."""
    return set(re.findall(r'<a href="#([^"]+)">', html))


def levelled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the blocks with the highest headings on level 2, and none below 4; no list item skips a level."""
    top = min((block.level for block in blocks if block.kind == "heading"), default=2)
    result: list[Block] = []
    depth = -1
    for block in blocks:
        level = min(block.level, depth + 1) if block.kind == "list item" else block.level
        depth = level if block.kind == "list item" else -1
        level = min(4, block.level - top + 2) if block.kind == "heading" else level
        result.append(replace(block, level=level) if level != block.level else block)
    return tuple(result)


def counted(lost: Counter[str]) -> list[str]:
    """Say what was lost, a line each: "a video", "12 links of menus and lists"."""
    return [_several(what, count) for what, count in lost.items() if count]


def made_title(blocks: Sequence[Block]) -> str:
    """Make a title from the first words of a text that has none."""
    words = next((plain_text(block.html) for block in blocks if block.kind in BODY_KINDS), "")
    return words if len(words) <= _MADE_TITLE_LENGTH else words[:_MADE_TITLE_LENGTH].rpartition(" ")[0] + "…"


def _several(what: str, count: int) -> str:
    if count == 1:
        return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
    noun, space, rest = what.partition(" of ") if " of " in what else (what, "", "")
    for word in (" without", " that"):
        if word in noun:
            noun, space, rest = noun.partition(word)
    plural = {"leads": "lead"}
    rest = " ".join(plural.get(word, word) for word in rest.split(" "))
    return f"{count} {noun}s{space}{rest}"


def _unlinked(html: str, keys: set[str]) -> str:
    gone = [f'<a href="#{key}">' for key in links(html) if key not in keys]
    for tag in gone:
        html = html.replace(tag, "<a>")
    return sanitizing.inline(html).replace("&nbsp;", " ") if gone else html


class _Builder:
    def __init__(self, *, address: str, page: str, keys: Mapping[str, str]) -> None:
        self.address, self.page = address, page
        self.keys = keys
        self.blocks: list[Block] = []
        self.lost: Counter[str] = Counter()
        self.places = [_Place("paragraph")]
        self._line = Line()
        self._key = ""
        # Pictures among the words of a paragraph: they follow it.
        self._pictures: list[Block] = []
        self._quote_depth = self._list_depth = 0

    def read(self, element: Element) -> None:
        self._keep_key(element)
        self._children(element)
        self._end()

    def _children(self, element: Element) -> None:
        self._line_text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            self._line_text(child.tail)

    def _line_text(self, text: str | None) -> None:
        if not text:
            return
        if self._line.break_count > 1 and not self.places[-1].joins and text.strip() and self._line.has_words:
            self._end()
        self._line.write(text)

    def _element(self, element: Element) -> None:
        self._keep_key(element)
        name = str(element.tag)
        if name in _SILENT or tokens(element) & _LINE_NUMBERS:
            return
        read = getattr(self, f"_read_{name}", None)
        if name in _HEADINGS:
            self._heading(element, int(name[1]))
        elif name in _MEDIA and not (name == "form" and words(element)):
            self.lost[_MEDIA[name]] += 1
        elif read is not None:
            read(element)
        elif name in _BLOCKS:
            self._block(element)
        else:
            self._span(element, opening(name, style=element.get("style") or ""))

    # How elements are read that have a way of their own; each is named for its element.

    def _read_a(self, element: Element) -> None:
        self._span(element, opening("a", href=self._href(element.get("href") or "")))

    def _read_br(self, _element: Element) -> None:
        self._line.break_line()

    def _read_q(self, element: Element) -> None:
        self._line.write("“")
        self._children(element)
        self._line.write("”")

    def _read_rt(self, element: Element) -> None:
        self._line.write("(")
        self._children(element)
        self._line.write(")")

    def _read_math(self, element: Element) -> None:
        source = element.get("alttext") or next(
            (words(each) for each in elements(element) if each.tag == "annotation"), words(element)
        )
        self._line.open("<code>")
        self._line.write(source)
        self._line.close()

    def _read_svg(self, element: Element) -> None:
        if any(each.tag == "text" for each in elements(element)):
            self.lost["drawing"] += 1

    def _read_blockquote(self, element: Element) -> None:
        self._end()
        self._quote_depth += 1
        self._within(element, _Place("quote"))
        self._quote_depth -= 1

    def _read_ul(self, element: Element) -> None:
        self._list(element, [""] * sum(child.tag == "li" for child in element))

    def _read_ol(self, element: Element) -> None:
        self._list(element, _markers(element))

    _read_menu = _read_dir = _read_ul

    def _read_dt(self, element: Element) -> None:
        self._end()
        self._span(element, "<strong>")
        self._end()

    _read_summary = _read_dt

    def _read_dd(self, element: Element) -> None:
        self._within(element, _Place("list item", joins=True))

    def _read_pre(self, element: Element) -> None:
        self._end()
        self._add(Block("code", escape(_code(element), quote=False)))

    _read_listing = _read_xmp = _read_plaintext = _read_pre

    def _read_table(self, element: Element) -> None:
        self._end()
        if not grids.is_table(element):
            for cell in grids.cells(element):
                self._block(cell)
            return
        table = grids.read(element, self._cell)
        for block in (*table.before, *table.blocks, *table.after):
            self._add(block)

    def _read_figure(self, element: Element) -> None:
        captions = [each for each in elements(element) if _is_caption(each)]
        images = [each for each in elements(element) if each.tag == "img"]
        inner = {str(each.tag) for each in elements(element) if each is not element}
        if not images or inner & {"figure", "table", "pre", "blockquote"}:
            self._block(element)
            return
        self._end()
        html, more = self._cell(captions[0]) if captions else ("", ())
        pictures = [picture for image in images if (picture := self._picture(image))]
        pictures = pictures or ([Block("figure", "")] if html else [])
        for index, picture in enumerate(pictures):
            is_last = index == len(pictures) - 1
            self._add(replace(picture, html=credited(html) if is_last else ""))
        for block in more:
            self._add(block)

    def _read_div(self, element: Element) -> None:
        is_captioned = tokens(element) & _CAPTIONED and any(_is_caption(each) for each in elements(element))
        if is_captioned and any(each.tag == "img" for each in elements(element)):
            self._read_figure(element)
        else:
            self._block(element)

    def _read_img(self, element: Element) -> None:
        if tokens(element) & _SMALL_PICTURES:
            self._line.write(element.get("alt") or "")
            return
        picture = self._picture(element)
        if picture is not None:
            self._pictures.append(picture)

    # What the ways have in common.

    def _span(self, element: Element, tag: str) -> None:
        if not tag and element.get("class") and self.places[-1].kind == "caption" and tokens(element) & _CREDITS:
            tag = "<cite>"
        if tag:
            self._line.open(tag)
        self._children(element)
        if tag:
            self._line.close()

    def _heading(self, element: Element, level: int) -> None:
        self._end()
        if self._quote_depth or self.places[-1].joins:
            self._span(element, "<strong>")
            self._end_part()
        else:
            self._within(element, _Place("heading", level=level, joins=True))

    def _block(self, element: Element) -> None:
        self._end_part()
        self._children(element)
        self._end_part()

    def _within(self, element: Element, place: _Place) -> None:
        self._end()
        self.places.append(place)
        self._children(element)
        self._end()
        self.places.pop()

    def _list(self, element: Element, markers: Iterable[str]) -> None:
        self._end()
        marks = iter(markers)
        self._list_depth += 1
        for child in element:
            if child.tag == "li":
                self._item(child, next(marks, ""))
            elif isinstance(child.tag, str):
                self._element(child)
            self._line_text(child.tail)
        self._end()
        self._list_depth -= 1

    def _item(self, element: Element, marker: str) -> None:
        if self.places[-1].kind == "cell":
            self._keep_key(element)
            self._line.separate()
            self._line.write(f"{marker} " if marker else "")
            self._children(element)
            self._line.separate()
            return
        self._end()
        self._keep_key(element)
        if self._quote_depth:
            self._within(element, _Place("quote", joins=True))
        else:
            self._within(element, _Place("list item", self._list_depth - 1, marker, joins=True))

    def _end_part(self) -> None:
        """End a paragraph: a block, or in places that join a line of one."""
        if self.places[-1].joins:
            self._line.separate()
        else:
            self._end()

    def _end(self) -> None:
        """End the block that is being written, if there is one."""
        place = self.places[-1]
        if place.kind == "cell" and len(self.places) > 1:
            self._line.separate()
            return
        html = self._line.taken() if self._line.has_words else ""
        if html:
            self._add(self._block_at(place, html))
        pictures, self._pictures = self._pictures, []
        for picture in pictures:
            self._add(picture)

    def _block_at(self, place: _Place, html: str) -> Block:
        if place.kind == "list item" and place.is_used:
            return Block("paragraph", html)
        place.is_used = True
        return Block(place.kind, html, level=place.level, marker=place.marker)

    def _add(self, block: Block) -> None:
        if block.kind in {"code", "table"}:
            block = tidied(block)
        if block.html or block.kind == "figure":
            self.blocks.append(replace(block, key=block.key or self._key))
            self._key = ""

    def _keep_key(self, element: Element) -> None:
        """Let the next block have the key by which links call this element."""
        if not self.keys:
            return
        name = element.get("id") or (element.get("name") if element.tag == "a" else "")
        if name and name in self.keys and not self._key:
            self._key = self.keys[name]

    def _cell(self, element: Element) -> tuple[str, tuple[Block, ...]]:
        """Read a cell or a caption: its words as one line, and the pictures and such among them."""
        kind = "caption" if _is_caption(element) else "cell"
        builder = _Builder(address=self.address, page=self.page, keys=self.keys)
        builder.places = [_Place(kind, joins=True), _Place(kind if kind == "caption" else "cell", joins=True)]
        builder._children(element)
        builder.places.pop()
        html = builder._line.taken() if builder._line.has_words else ""
        self.lost.update(builder.lost)
        rest = [block for block in builder.blocks if block.kind not in {"caption", "cell"}]
        return html, (*rest, *builder._pictures)

    def _picture(self, element: Element) -> Block | None:
        alt = normalize(element.get("alt") or "")
        source = self._source(element)
        if _is_tiny(element):
            return None
        if not alt and not _has_caption(element):
            self.lost["picture without words"] += 1
            return None
        if not source:
            self.lost["picture without a usable address"] += 1
            return None if not _has_caption(element) else Block("figure", "", alt=alt)
        return Block("figure", "", image=source, alt=alt)

    def _source(self, element: Element) -> str:
        for source in _sources(element):
            found = source if source.startswith("data:image/") else self._absolute(source)
            if found.startswith(("http", "data:")):
                return found
        return ""

    def _href(self, href: str) -> str:
        href = href.strip()
        target, _, fragment = href.partition("#")
        if fragment and (not target or (self.page and self._absolute(target) == self.page)):
            found = self.keys.get(fragment, "")
            return f"#{found}" if found else ""
        found = self._absolute(href) if href and not href.startswith("#") else ""
        if not found and href and not href.startswith("#"):
            self.lost["link that leads nowhere"] += 1
        return found

    def _absolute(self, url: str) -> str:
        try:
            return sanitizing.address(urljoin(self.address, url.strip()))
        except ValueError:
            return ""


def _is_caption(element: Element) -> bool:
    return element.tag == "figcaption" or bool(element.tag != "img" and tokens(element) & _CAPTIONS)


def _has_caption(element: Element) -> bool:
    for parent in element.iterancestors():
        if parent.tag == "figure" or tokens(parent) & _CAPTIONED:
            return any(_is_caption(each) and words(each) for each in elements(parent))
        if parent.tag in {"article", "main", "body", "section"}:
            return False
    return False


def _is_tiny(element: Element) -> bool:
    sizes = [_PIXELS.match(element.get(side) or "") for side in ("width", "height")]
    return any(size is not None and int(size[0]) <= _TINY for size in sizes)


def _sources(element: Element) -> list[str]:
    """Give the addresses at which the picture may be, the best first."""
    found = [element.get(name) or "" for name in ("data-src", "data-original", "data-lazy-src", "data-full-src", "src")]
    sets = [element.get("srcset") or "", element.get("data-srcset") or ""]
    parent = element.getparent()
    if parent is not None and parent.tag == "picture":
        sets += [each.get("srcset") or "" for each in parent if each.tag == "source"]
    found += [source for each in sets for source in _of_set(each)]
    following = element.getnext()
    if following is not None and following.tag == "noscript":
        found += [each.get("src") or "" for each in elements(following) if each.tag == "img"]
    # What is shorter only keeps the place of a picture that a script fetches; a page saved as one file has whole ones.
    return sorted(
        (
            source
            for source in found
            if source and (not source.startswith("data:") or len(source) > _PLACEHOLDER_LENGTH)
        ),
        key=lambda source: source.startswith("data:"),
    )


def _of_set(srcset: str) -> list[str]:
    """Give the addresses in a `srcset`, the largest first, of those that are not too large."""
    sized = []
    for candidate in re.split(r",\s+", srcset):
        source, _, size = candidate.strip().partition(" ")
        width = float(size[:-1]) if re.fullmatch(r"\d+(?:\.\d+)?[wx]", size) else 0
        if source and width <= _WIDEST_PICTURE:
            sized.append((width, source))
    return [source for _, source in sorted(sized, key=lambda pair: -pair[0])]


def _code(element: Element) -> str:
    """Give the text of code with its line breaks, without the numbers of its lines."""
    pieces: list[str] = []

    def read(each: Element) -> None:
        if not isinstance(each.tag, str) or tokens(each) & _LINE_NUMBERS or each.tag in _SILENT:
            return
        is_line = each.tag in {"div", "p", "li", "tr"}
        if is_line and pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
        pieces.append("\n" if each.tag == "br" else each.text or "")
        for child in each:
            read(child)
            pieces.append(child.tail or "")
        if is_line and not "".join(pieces[-1:]).endswith("\n"):
            pieces.append("\n")

    read(element)
    return "".join(pieces)


def _markers(element: Element) -> list[str]:
    """Give what stands before the items of a numbered list."""
    items = [child for child in element if child.tag == "li"]
    step = -1 if element.get("reversed") is not None else 1
    number = _number(element.get("start"), 1 if step == 1 else len(items))
    markers = []
    for item in items:
        number = _number(item.get("value"), number)
        markers.append(f"{_counted(number, element.get('type') or '1')}.")
        number += step
    return markers


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


def _counted(number: int, kind: str) -> str:
    """Give the number as lists of this kind have it: 1, a, A, i or I."""
    if kind.lower() == "a" and 1 <= number <= 26:
        counted = "abcdefghijklmnopqrstuvwxyz"[number - 1]
    elif kind.lower() == "i" and 1 <= number < 4000:
        counted = ""
        for value, letters in _ROMAN:
            counted += letters * (number // value)
            number %= value
    else:
        return str(number)
    return counted.upper() if kind.isupper() else counted


def is_same_page(url: str, page: str) -> bool:
    """Say whether two addresses are one page, whatever part of it they point to."""
    return urlsplit(url)._replace(fragment="") == urlsplit(page)._replace(fragment="")

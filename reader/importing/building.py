"""Blocks from HTML: each form an article has, whatever page it comes from, and a count of what has no form here.

Pure. What is the article and what its page's furniture was decided before; here every word is kept. The table at the
end says how each element is read; one that is not in it is words in a line.
"""

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from reader.importing import figures, grids, lists
from reader.importing.inline_html import opening
from reader.importing.trees import Element, elements, words
from reader.importing.walking import ElementReader, Place, Walk, is_silent
from reader.text.blocks import Block

_BLOCKS = {
    "address", "article", "aside", "body", "center", "details", "dialog", "dl", "fieldset", "figcaption", "footer",
    "header", "hgroup", "legend", "li", "main", "nav", "p", "search", "section", "tbody", "td", "tfoot", "th", "thead",
    "tr", "caption", "hr",
}  # fmt: skip
# What has no form in an article here, and what to call it.
_MEDIA = {
    "iframe": "embedded page", "embed": "embedded object", "object": "embedded object", "applet": "embedded object",
    "video": "video", "audio": "sound recording", "canvas": "drawing",
}  # fmt: skip


class Built(NamedTuple):
    """The blocks, and how often something stood among them that has no form here."""

    blocks: tuple[Block, ...]
    lost: Counter[str]


def build(element: Element, *, address: str = "", page: str = "", keys: Mapping[str, str] | None = None) -> Built:
    """Read the element's blocks. Links and pictures are found from `address`; `page` is where it is itself.

    `keys` has what the keys of blocks are, by the ids that links on the page go to.
    """
    walk = Walk(_READERS, address=address, page=page, keys=keys or {})
    walk.read(element)
    return Built(tuple(walk.blocks), walk.lost)


def inline(element: Element, *, address: str = "", page: str = "", keys: Mapping[str, str] | None = None) -> Built:
    """Read the element as one block, a paragraph, whatever it is; blocks that cannot be part of it follow."""
    walk = Walk(_READERS, address=address, page=page, keys=keys or {})
    walk.places.append(Place("paragraph", joins=True))
    walk.read(element)
    return Built(tuple(walk.blocks), walk.lost)


# Words in a line.


def _read_link(walk: Walk, element: Element) -> None:
    walk.span(element, opening("a", href=_href(walk, element.get("href") or "")))


def _href(walk: Walk, href: str) -> str:
    href = href.strip()
    target, _, fragment = href.partition("#")
    if fragment and (not target or (walk.page and walk.absolute(target) == walk.page)):
        found = walk.keys.get(fragment, "")
        return f"#{found}" if found else ""
    found = walk.absolute(href) if href and not href.startswith("#") else ""
    if not found and href and not href.startswith("#"):
        walk.lost["link that leads nowhere"] += 1
    return found


def _read_break(walk: Walk, _element: Element) -> None:
    walk.line.break_line()


def _read_quoted_words(walk: Walk, element: Element) -> None:
    walk.line.write("“")
    walk.children(element)
    walk.line.write("”")


def _read_ruby_text(walk: Walk, element: Element) -> None:
    walk.line.write("(")
    walk.children(element)
    walk.line.write(")")


def _read_formula(walk: Walk, element: Element) -> None:
    source = element.get("alttext") or next(
        (words(each) for each in elements(element) if each.tag == "annotation"), words(element)
    )
    walk.line.open("<code>")
    walk.line.write(source)
    walk.line.close()


# Blocks.


def _read_heading(walk: Walk, element: Element) -> None:
    walk.end()
    if walk.quote_depth or walk.places[-1].joins:
        walk.span(element, "<strong>")
        walk.end_part()
    else:
        walk.within(element, Place("heading", level=int(str(element.tag)[1]), joins=True))


def _read_quotation(walk: Walk, element: Element) -> None:
    walk.end()
    walk.quote_depth += 1
    walk.within(element, Place("quote"))
    walk.quote_depth -= 1


def _read_code(walk: Walk, element: Element) -> None:
    walk.end()
    walk.add(Block("code", escape(_code(element), quote=False)))


def _code(element: Element) -> str:
    """Give the text of code with its line breaks, without the numbers of its lines."""
    pieces: list[str] = []

    def read(each: Element) -> None:
        if not isinstance(each.tag, str) or is_silent(each):
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


def _read_table(walk: Walk, element: Element) -> None:
    walk.end()
    if not grids.is_table(element):
        for cell in grids.cells(element):
            walk.block(cell)
        return
    table = grids.read(element, walk.cell)
    for block in (*table.before, *table.blocks, *table.after):
        walk.add(block)


# What has no form here.


def _read_media(walk: Walk, element: Element) -> None:
    walk.lost[_MEDIA[str(element.tag)]] += 1


def _read_drawing(walk: Walk, element: Element) -> None:
    if any(each.tag == "text" for each in elements(element)):
        walk.lost["drawing"] += 1


def _read_form(walk: Walk, element: Element) -> None:
    if words(element):
        walk.block(element)
    else:
        walk.lost["form"] += 1


_READERS: Mapping[str, ElementReader] = {
    **dict.fromkeys(_BLOCKS, Walk.block),
    **dict.fromkeys(_MEDIA, _read_media),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _read_heading),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), _read_code),
    **dict.fromkeys(("ul", "menu", "dir"), lists.read_unordered),
    **dict.fromkeys(("dt", "summary"), lists.read_term),
    "ol": lists.read_ordered,
    "dd": lists.read_explanation,
    "a": _read_link,
    "br": _read_break,
    "q": _read_quoted_words,
    "rt": _read_ruby_text,
    "math": _read_formula,
    "blockquote": _read_quotation,
    "table": _read_table,
    "figure": figures.read_figure,
    "div": figures.read_division,
    "img": figures.read_image,
    "svg": _read_drawing,
    "form": _read_form,
}

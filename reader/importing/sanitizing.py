"""HTML that is safe to keep: nothing but the words, and the few elements an article's words may stand in.

Pure. The lists are allow-lists, held by nh3; what is not on them goes, and of scripts, styles and frames what is in
them too.
"""

import re
from urllib.parse import urlsplit

import nh3

from reader.text.paragraphs import parse

INLINE = frozenset({"em", "strong", "a", "code", "sup", "sub", "cite", "br"})
TABLE = frozenset({"caption", "thead", "tbody", "tr", "th", "td"})

_SCHEMES = {"http", "https", "mailto"}
# The words in these are not the article's: programs, and what stands in for what cannot be shown.
_EMPTIED = {
    "script", "style", "iframe", "object", "noscript", "noframes", "noembed", "template", "textarea", "select",
    "svg", "math", "xmp", "title",
}  # fmt: skip
_CELL_ATTRIBUTES = {"colspan", "rowspan"}
_SCOPES = {"row", "col", "rowgroup", "colgroup"}
_SPAN = re.compile(r"[1-9]\d{0,2}")
_KEY = re.compile(r"[\w.:-]{1,200}")
_NOT_IN_KEYS = re.compile(r"[^\w.:-]+")
# What may not stand in an address as it is.
_NOT_IN_ADDRESSES = re.compile(r"""[\x00-\x20\x7f-\x9f<>"\\^`{|}]""")


def inline(html: str) -> str:
    """Give the HTML with nothing left but text and inline elements: em, strong, a, code, sup, sub, cite, br.

    Links go to http, https and mailto addresses and to `#key`; others lose their element, not their words.
    """
    if "<" not in html and "&" not in html:
        return html
    clean = nh3.clean(
        html,
        tags=set(INLINE),
        clean_content_tags=_EMPTIED,
        attributes={"a": {"href"}},
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return _without_bare_links(clean)


def table(html: str) -> str:
    """Give the inside of a table with nothing left but its caption, rows and cells, and inline elements in those."""
    clean = nh3.clean(
        f"<table>{html}</table>",
        tags={*INLINE, *TABLE, "table"},
        clean_content_tags=_EMPTIED,
        attributes={"a": {"href"}, "th": {"scope", *_CELL_ATTRIBUTES}, "td": _CELL_ATTRIBUTES},
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return _without_bare_links(_inside_table(clean))


def address(url: str) -> str:
    """Give an address that may be linked to, in the one spelling we keep, or nothing."""
    url = "".join(url.split())
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in _SCHEMES and bool(parts.path if parts.scheme == "mailto" else parts.hostname)
    except ValueError:
        return ""
    return _NOT_IN_ADDRESSES.sub(lambda found: f"%{ord(found[0]):02X}", url) if is_good else ""


def key(text: str) -> str:
    """Give the text as links call a block: letters, digits and a few signs."""
    return _NOT_IN_KEYS.sub("-", text.strip())[:200]


def _attribute(_tag: str, name: str, value: str) -> str | None:
    match name:
        case "href" if value.startswith("#"):
            return value if _KEY.fullmatch(value, 1) else None
        case "href":
            return address(value) or None
        case "scope":
            return value if value in _SCOPES else None
        case _:
            return value if _SPAN.fullmatch(value) else None


def _without_bare_links(html: str) -> str:
    """Take away the links that lead nowhere; a link never stands in a link."""
    if "<a>" not in html:
        return html
    pieces = []
    is_bare = False
    for text, tag in parse(html):
        pieces.append(_escaped(text))
        if tag == "<a>" or (tag == "</a>" and is_bare):
            is_bare = tag == "<a>"
        else:
            pieces.append(tag)
    return "".join(pieces)


def _inside_table(html: str) -> str:
    """Give what stands in the outermost table; of tables in its cells only the words stay."""
    pieces: list[str] = []
    depth = 0
    for text, tag in parse(html):
        if depth:
            pieces.append(_escaped(text))
        name = tag.strip("</>").partition(" ")[0]
        if name == "table":
            depth += -1 if tag.startswith("</") else 1
        elif depth == 1 or (depth and name in INLINE):
            pieces.append(tag)
    return "".join(pieces)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

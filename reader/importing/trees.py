"""The tree of an HTML page, as lxml reads it: made safe to walk, and asked the questions that importing asks.

Pure. A tree from here is never deeper than MAX_DEPTH, so that it may be walked by functions that call themselves.
"""

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

MAX_DEPTH = 120

# The parser stops reading where elements stand in more elements than this, and would lose what is left.
_PARSER_DEPTH = 2000
# The longest articles of encyclopedias have some fifty thousand.
_MAX_ELEMENTS = 100_000
# No page writes so many; each costs a search through all others.
_MAX_ATTRIBUTES = 100
_MAX_TAG_PARTS = 30_000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{50000,}")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"\s+")

Element = lxml.html.HtmlElement


class TooMuch(ValueError):
    """A page that nests deeper than the parser reads, or has more elements than any article's has."""


def parsed(html: str) -> Element:
    """Give the `html` element of a page, or of a fragment put into one, without comments.

    Raises TooMuch.
    """
    if any(len(tag[0].split()) + tag[0].count("=") > _MAX_TAG_PARTS for tag in _LONG_TAG.finditer(html)):
        raise TooMuch("It has an element with more attributes than any page has.")
    source = _DECLARATION.sub("", html).replace("\x00", "").encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(source or b"<p></p>", parser=parser, ensure_head_body=True)
    except etree.ParserError:
        root = lxml.html.document_fromstring(b"<html><body></body></html>", ensure_head_body=True)
    _flatten(root)
    return root


def body_of(root: Element) -> Element:
    found = root.find("body")
    return root if found is None else found


def elements(element: Element) -> Iterator[Element]:
    """Go through the element and all in it, in the order of the page."""
    for each in element.iter(etree.Element):
        if isinstance(each.tag, str):
            yield each


def tokens(element: Element) -> set[str]:
    """Give the element's classes and its id, in small letters."""
    return set(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())


def words(element: Element) -> str:
    """Give the text in the element on one line."""
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def remove(element: Element) -> None:
    """Take the element out of its tree; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()


def _flatten(root: Element) -> None:
    """Take away the elements that stand too deep, and leave what is in them."""
    depth, number, deep = 0, 0, []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        number += event == "start"
        if number > _MAX_ELEMENTS:
            raise TooMuch("It has more elements than any article's page has.")
        if depth > _PARSER_DEPTH:
            raise TooMuch("Its elements stand in one another too deep to be read.")
        if event == "start" and len(element.attrib) > _MAX_ATTRIBUTES:
            element.attrib.clear()
        if event == "start" and depth > MAX_DEPTH:
            deep.append(element)
    for element in reversed(deep):
        element.drop_tag()

"""Lists from HTML: an item a block, as deep as it stands, with what stands before it.

Pure. In a cell the items are lines of it; in a quotation they are quotations.
"""

import re
from collections.abc import Iterable

from reader.importing.trees import Element
from reader.importing.walking import Place, Walk

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def read_unordered(walk: Walk, element: Element) -> None:
    """Read a list whose items have nothing before them."""
    _read(walk, element, ())


def read_ordered(walk: Walk, element: Element) -> None:
    """Read a list whose items have numbers or letters before them."""
    _read(walk, element, _markers(element))


def read_term(walk: Walk, element: Element) -> None:
    """Read what is explained below it: a paragraph in strong letters."""
    walk.end()
    walk.span(element, "<strong>")
    walk.end()


def read_explanation(walk: Walk, element: Element) -> None:
    """Read what explains a term: an item of a list."""
    walk.within(element, Place("list item", joins=True))


def _read(walk: Walk, element: Element, markers: Iterable[str]) -> None:
    walk.end()
    marks = iter(markers)
    walk.list_depth += 1
    for child in element:
        if child.tag == "li":
            _read_item(walk, child, next(marks, ""))
            walk.text(child.tail)
        else:
            walk.child(child)
    walk.end()
    walk.list_depth -= 1


def _read_item(walk: Walk, element: Element, marker: str) -> None:
    if walk.places[-1].kind == "cell":
        walk.keep_key(element)
        walk.line.separate()
        walk.line.write(f"{marker} " if marker else "")
        walk.children(element)
        walk.line.separate()
        return
    walk.end()
    walk.keep_key(element)
    if walk.quote_depth:
        walk.within(element, Place("quote", joins=True))
    else:
        walk.within(element, Place("list item", walk.list_depth - 1, marker, joins=True))


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

"""Footnotes of a page: which links in the text are references, and which elements are the notes they go to.

Pure. A note is known by the reference to it, so that every page's way of writing them is understood: lists at the
end, sections, numbered paragraphs with anchors.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from reader.importing import sanitizing
from reader.importing.trees import Element, elements, tokens, words

_SIGN = re.compile(r"[\[(]?\s*((?:note\s*)?\w{1,4}|[*†‡§¶#]{1,3})\s*[\])]?")
_NOTE_IDS = re.compile(
    r"(?:^|[-_:.])(?:_?ft?n\w*|foot-?note\w*|end-?note\w*|cite_?note\w*|note\w*|ref\w*|_edn\w*)", re.IGNORECASE
)
_REFERENCE_CLASSES = {
    "footnote", "footnote-ref", "footnoteref", "noteref", "reference", "fn", "fn-ref", "footnote-anchor", "endnote",
    "footnote-reference", "sdfootnoteanc",
}  # fmt: skip
_LISTS = {"references", "footnotes", "footnote", "footnotes-list", "endnotes", "footnote-list", "footnotelist"}
_LIST_ROLES = {"doc-endnotes", "doc-footnotes"}
_BACK_CLASSES = {
    "footnote-backref", "footnote-back", "mw-cite-backlink", "backlink", "backref", "footnote-return",
    "reversefootnote", "data-footnote-backref", "cite-backlink", "footnote-backlink",
}  # fmt: skip
_BACK_WORDS = re.compile(
    r"[\s\[(]*(?:[↑↩↵⏎⤴^△▲←]\ufe0e?|jump up|back|back to text|return|return to text)[\s\])]*", re.IGNORECASE
)
_PLACES = {"li", "p", "div", "aside", "dd", "section", "blockquote", "td"}
_BOXES = {"ol", "ul", "dl", "section", "div", "aside", "footer"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# A note is not longer than a chapter; what is, is the chapter that a table of contents links to.
_MAX_LENGTH = 6000


class Note(NamedTuple):
    """One note: its key, what stands before it, and its element, taken out of the page."""

    key: str
    marker: str
    element: Element


def take(root: Element) -> list[Note]:
    """Take the notes out of the page, in their order there, and make each reference a link with its marker only.

    The keys are safe in links; a reference links to `#id` still, as the page has it.
    """
    order = {each: index for index, each in enumerate(elements(root))}
    named = _named(order)
    references = _references(order, named)
    markers: dict[Element, str] = {}
    for link, sign, place in references:
        markers.setdefault(place, sign)
        _simplify(link, sign)
    for place in _listed(order):
        markers.setdefault(place, "")
    notes = [
        _note(place, markers[place], number)
        for number, place in enumerate(sorted(markers, key=lambda place: order[place]), start=1)
    ]
    for note in notes:
        _take_out(note.element)
    return [note for note in notes if words(note.element)]


def _named(order: Iterable[Element]) -> dict[str, Element]:
    named: dict[str, Element] = {}
    for each in order:
        for name in (each.get("id"), each.get("name") if each.tag == "a" else None):
            if name:
                named.setdefault(name, each)
    return named


def _references(order: dict[Element, int], named: dict[str, Element]) -> list[tuple[Element, str, Element]]:
    """Find the links that are references: the link, its sign, and the place of the note."""
    found = []
    places: set[Element] = set()
    for link, position in order.items():
        href = link.get("href") or ""
        target = named.get(href.partition("#")[2]) if link.tag == "a" else None
        if target is None or order[target] <= position:
            continue
        sign = _SIGN.fullmatch(words(link))
        place = _place(target) if sign else None
        if sign is None or place is None or any(each is place or each in places for each in link.iterancestors()):
            continue
        if _is_reference(link, href):
            found.append((link, sign[1].removeprefix("note").strip(), place))
            places.add(place)
    return found


def _is_reference(link: Element, href: str) -> bool:
    if link.get("role") == "doc-noteref" or tokens(link) & _REFERENCE_CLASSES:
        return True
    if any(each.tag == "sup" for each in (*link.iterancestors("sup"), *link.iter("sup"))):
        return True
    return bool(_NOTE_IDS.search(href.partition("#")[2])) or words(link).startswith("[")


def _place(target: Element) -> Element | None:
    """Give the block that is the note, if the link's target is or stands in one."""
    if target.tag in _HEADINGS or any(parent.tag in _HEADINGS for parent in target.iterancestors()):
        return None
    for each in (target, *target.iterancestors()):
        if each.tag in _PLACES:
            place = next(each.iterancestors("tr"), each) if each.tag == "td" else each
            return place if len(words(place)) <= _MAX_LENGTH else None
    return None


def _listed(order: Iterable[Element]) -> list[Element]:
    """Find the items of lists of notes, whether or not the text refers to them."""
    lists = [
        each
        for each in order
        if each.tag in _BOXES and (tokens(each) & _LISTS or (each.get("role") or "") in _LIST_ROLES)
    ]
    return [
        item
        for each in lists
        for item in elements(each)
        if item.tag == "li" and not any(parent.tag == "li" for parent in item.iterancestors("li"))
    ]


def _simplify(link: Element, sign: str) -> None:
    """Make the reference a superscript link of nothing but its sign, without what wraps only it."""
    wrapper = next(link.iterancestors("sup"), None)
    whole = wrapper if wrapper is not None and words(wrapper) == words(link) else link
    parent = whole.getparent()
    if parent is None:
        return
    # Where one superscript holds several references, it stays, and they are links in it.
    sup = parent.makeelement("span" if wrapper is not None and whole is link else "sup")
    name = whole.get("id") or link.get("id")
    if name:
        sup.set("id", name)
    anchor = sup.makeelement("a", {"href": "#" + (link.get("href") or "").partition("#")[2]})
    anchor.text, sup.tail = sign, whole.tail
    sup.append(anchor)
    parent.replace(whole, sup)


def _note(place: Element, sign: str, number: int) -> Note:
    name = place.get("id") or next((each.get("id") for each in elements(place) if each.get("id")), None)
    name = name or next((each.get("name") for each in elements(place) if each.tag == "a" and each.get("name")), None)
    for each in list(elements(place)):
        if each is not place and _is_way_back(each):
            _cut(each)
    _cut_sign(place, sign)
    return Note(sanitizing.key(name or "") or f"note-{number}", sign or str(number), place)


def _is_way_back(element: Element) -> bool:
    if tokens(element) & _BACK_CLASSES or element.get("role") == "doc-backlink":
        return True
    href = element.get("href") or ""
    if element.tag != "a" or "#" not in href:
        return False
    text = words(element)
    return bool(_BACK_WORDS.fullmatch(text)) or (href.startswith("#") and bool(_SIGN.fullmatch(text) or not text))


def _cut(element: Element) -> None:
    """Take the way back out, with the sign it was, the stop after that and what wraps nothing else."""
    parent = element.getparent()
    if parent is None:
        return
    is_sign = bool(re.fullmatch(r"[\[(]?\w{1,4}[\])]?[.:]?", words(element)))
    if is_sign and element.tail:
        element.tail = re.sub(r"^\s*[\])]?[.:)]?\s*", "", element.tail)
    element.drop_tree()
    if parent.tag in {"sup", "b", "strong", "span"} and not words(parent):
        parent.drop_tree()


def _cut_sign(place: Element, sign: str) -> None:
    """Take the note's own sign from before its words: "1. See the ledger"; items of lists have none."""
    if not sign:
        return
    stop = r"[\])]?[.:)]\s*|\]\s*" if place.tag == "li" else r"[\])]?[.:)]?\s+"
    pattern = re.compile(rf"\s*[\[(^]*{re.escape(sign)}(?:{stop})")
    for each in elements(place):
        if (each.text or "").strip():
            each.text = pattern.sub("", each.text or "", count=1) if pattern.match(each.text or "") else each.text
            return
        if each is not place and (each.tail or "").strip():
            return


def _take_out(element: Element) -> None:
    """Take the note's element out of the page, and what held only notes with it."""
    parent = element.getparent()
    if parent is None:
        return
    element.drop_tree()
    while parent is not None and parent.tag in {*_BOXES, "tbody", "table"} and not words(parent):
        if any(each.tag in {"img", "iframe", "video"} for each in elements(parent)):
            return
        above = parent.getparent()
        if above is None:
            return
        parent.drop_tree()
        parent = above

"""What an annotation must be by the W3C Web Annotation Data Model: its MUSTs, as far as we use the model."""

import re
from collections.abc import Iterator
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = {
    "assessing",
    "bookmarking",
    "classifying",
    "commenting",
    "describing",
    "editing",
    "highlighting",
    "identifying",
    "linking",
    "moderating",
    "questioning",
    "replying",
    "tagging",
}
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def problems(data: dict[str, Any], *, is_alone: bool = True) -> list[str]:
    """Say what keeps this from being an annotation; nothing when it is one."""
    return list(_annotation(data, is_alone=is_alone))


def problems_of_collection(data: dict[str, Any]) -> list[str]:
    """Say what keeps this from being a collection whose first page is within it."""
    return list(_collection(data))


def _annotation(data: dict[str, Any], *, is_alone: bool) -> Iterator[str]:
    if is_alone and data.get("@context") != CONTEXT:
        yield "The context is not the model's (3.1)."
    if not _is_iri(data.get("id")):
        yield "There must be exactly one IRI that identifies it (3.1)."
    if data.get("type") != "Annotation":
        yield "Annotation must be its class (3.1)."
    if not data.get("target"):
        yield "There must be one target or more (3.1)."
    for moment in ("created", "modified"):
        if moment in data and not _MOMENT.fullmatch(data[moment]):
            yield f"{moment} must be an xsd:dateTime in UTC, said by Z (3.3.1)."
    if data.get("motivation") not in MOTIVATIONS:
        yield "The motivation is none of the model's (3.3.5)."
    creator = data.get("creator", {})
    if creator and not (_is_iri(creator.get("id")) and creator.get("type") in {"Person", "Organization", "Software"}):
        yield "Its creator is no agent (3.3.2)."
    for part in (*_listed(data.get("body")), *_listed(data.get("target"))):
        yield from _resource(part)


def _resource(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        if not _is_iri(part):
            yield "An external resource must be an IRI (3.2.1)."
    elif part.get("type") == "TextualBody":
        if not isinstance(part.get("value"), str):
            yield "A text must have one value (3.2.4)."
        if part.get("purpose", "commenting") not in MOTIVATIONS:
            yield "The purpose is none of the model's (3.3.5)."
    elif part.get("type") == "SpecificResource":
        if not _is_iri(part.get("source")):
            yield "A specific resource must have exactly one source (4)."
        for selector in _listed(part.get("selector")):
            yield from _selector(selector)
        for state in _listed(part.get("state")):
            yield from _state(state)
    else:
        yield "It is no kind of resource that we use."


def _selector(selector: dict[str, Any]) -> Iterator[str]:
    kind = selector.get("type")
    if kind == "TextQuoteSelector":
        if not isinstance(selector.get("exact"), str) or not selector["exact"]:
            yield "A quotation must have one exact (4.2.4)."
        if not all(isinstance(selector.get(name, ""), str) for name in ("prefix", "suffix")):
            yield "There must not be more than one prefix or suffix (4.2.4)."
    elif kind == "TextPositionSelector":
        start, end = selector.get("start"), selector.get("end")
        if not (type(start) is int and type(end) is int and 0 <= start <= end):
            yield "A position must have one start and one end, none of them negative (4.2.5)."
    elif kind == "FragmentSelector":
        if not isinstance(selector.get("value"), str) or selector["value"].startswith("#"):
            yield "A fragment must have one value, without the hash (4.2.1)."
        if not _is_iri(selector.get("conformsTo")):
            yield "A fragment should say what it conforms to (4.2.1)."
    else:
        yield "It is no kind of selector that we use."


def _state(state: dict[str, Any]) -> Iterator[str]:
    if state.get("type") != "TimeState":
        yield "It is no kind of state that we use."
    if "sourceDate" in state and not _MOMENT.fullmatch(state["sourceDate"]):
        yield "The moment of a state must be an xsd:dateTime in UTC (4.3.1)."
    if not ("sourceDate" in state or _is_iri(state.get("cached"))):
        yield "A state says when or where (4.3.1)."


def _collection(data: dict[str, Any]) -> Iterator[str]:
    if data.get("@context") != CONTEXT:
        yield "The context is not the model's (5.1)."
    if not _is_iri(data.get("id")) or data.get("type") != "AnnotationCollection":
        yield "It must have an IRI and be a collection (5.1)."
    page = data.get("first", {})
    if not _is_iri(page.get("id")) or page.get("type") != "AnnotationPage" or not isinstance(page.get("items"), list):
        yield "Its page must have an IRI, be a page, and have items (5.2)."
    if page.get("partOf") != data.get("id"):
        yield "The page must say whose it is (5.2)."
    if data.get("total") != len(page.get("items", [])):
        yield "The total is not the number of its annotations (5.1)."
    for item in page.get("items", []):
        yield from _annotation(item, is_alone=False)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_iri(value: Any) -> bool:
    return isinstance(value, str) and bool(_IRI.fullmatch(value))

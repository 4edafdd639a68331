"""Present annotations as JSON-LD.

Source: W3C Recommendation Web Annotation Data Model, 23 February 2017. Section numbers below are of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# What the fragment of an address means in HTML (RFC 3236), which is what our texts are.
HTML_FRAGMENT = "http://tools.ietf.org/rfc/rfc3236"

# Why somebody writes each kind (section 3.3.5).
MOTIVATIONS: Mapping[str, str] = {
    "note": "commenting",
    "source": "linking",
    "disagreement": "assessing",
    "question": "questioning",
    "reply": "replying",
}


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A document that is cited: its address and, as far as known, what it is and does for the words."""

    url: str
    title: str = ""
    stance: str = ""
    excerpt: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What is written about: a text at an address, and in it words, a block, both or neither.

    `start` and `end` count code points of the text in the state `state_iri`, end excluded.
    """

    iri: str
    state_iri: str = ""
    state_at: datetime | None = None
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    fragment: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One annotation, as far as the model has words for it. A reply is about another annotation, `answers`."""

    iri: str
    kind: str
    body: str
    place: Place | None
    answers: str = ""
    creator_iri: str
    creator: str
    created_at: datetime
    modified_at: datetime | None = None
    sources: Sequence[Cited] = ()


def annotation(said: Said, *, is_alone: bool = True) -> dict[str, Any]:
    """Give an annotation (section 3.1); in a page it needs no context of its own."""
    motivation = MOTIVATIONS[said.kind]
    data: dict[str, Any] = {"@context": CONTEXT} if is_alone else {}
    data |= {
        "id": said.iri,
        "type": "Annotation",
        "motivation": motivation,
        "creator": {"id": said.creator_iri, "type": "Person", "nickname": said.creator},
        "created": _moment(said.created_at),
    }
    if said.modified_at is not None:
        data["modified"] = _moment(said.modified_at)
    if bodies := [*_text(said, motivation), *map(_link, said.sources)]:
        data["body"] = bodies
    data["target"] = said.answers or _target(said.place)
    return data


def collection_head(*, iri: str, label: str, total: int) -> dict[str, Any]:
    """Give a collection without its annotations (section 5.1); its one page follows in `first`."""
    return {"@context": CONTEXT, "id": iri, "type": "AnnotationCollection", "label": label, "total": total}


def page(*, iri: str, of: str, items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give the one page of a collection (section 5.2)."""
    return {"id": iri, "type": "AnnotationPage", "partOf": of, "startIndex": 0, "items": list(items)}


def _text(said: Said, motivation: str) -> list[dict[str, Any]]:
    """Give what was written (section 3.2.4); a source may stand without words."""
    if not said.body:
        return []
    return [{"type": "TextualBody", "value": said.body, "format": "text/markdown", "purpose": motivation}]


def _link(cited: Cited) -> dict[str, Any]:
    """Give a document that is cited (section 4), with the words of it that matter."""
    link: dict[str, Any] = {"type": "SpecificResource", "source": cited.url, "purpose": "linking"}
    if cited.excerpt:
        link["selector"] = {"type": "TextQuoteSelector", "exact": cited.excerpt}
    return link


def _target(place: Place | None) -> str | dict[str, Any]:
    """Give what it is about: the text's address alone for the whole of it, else the words in it (section 4.2)."""
    if place is None:
        raise ValueError("What answers no annotation is about a text.")
    selectors = _selectors(place)
    if not selectors:
        return place.iri
    target: dict[str, Any] = {"type": "SpecificResource", "source": place.iri, "selector": selectors}
    if place.state_iri:
        # The offsets are of this state (section 4.3.1).
        target["state"] = {"type": "TimeState", "cached": place.state_iri}
        if place.state_at:
            target["state"]["sourceDate"] = _moment(place.state_at)
    return target


def _selectors(place: Place) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if place.fragment:
        found.append({"type": "FragmentSelector", "conformsTo": HTML_FRAGMENT, "value": place.fragment})
    if place.exact:
        around = {"prefix": place.prefix, "suffix": place.suffix}
        quoted = {"type": "TextQuoteSelector", "exact": place.exact}
        found.append(quoted | {name: words for name, words in around.items() if words})
    if place.start is not None and place.end is not None:
        found.append({"type": "TextPositionSelector", "start": place.start, "end": place.end})
    return found


def _moment(moment: datetime) -> str:
    """Give a moment as the model wants it: xsd:dateTime in UTC (section 3.3.1)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

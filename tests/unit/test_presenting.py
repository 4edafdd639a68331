"""Annotations in the words of the W3C's model."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.webannotation import presenting
from annotations.webannotation.presenting import Cited, Place, Said
from tests.unit import web_annotations

AT = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
IRI = "https://gloss.example.org/annotations/7/"
TEXT = "https://gloss.example.org/articles/bridge/"

iris = st.integers(1, 10**9).map(lambda number: f"https://gloss.example.org/annotations/{number}/")
moments = st.datetimes(timezones=st.just(UTC) | st.timezones(), min_value=datetime(1990, 1, 1))  # noqa: DTZ001
places = st.builds(
    Place,
    iri=st.just(TEXT),
    state_iri=st.sampled_from(["", f"{TEXT}revisions/2/"]),
    state_at=st.none() | moments,
    exact=st.text(),
    prefix=st.text(max_size=32),
    suffix=st.text(max_size=32),
    start=st.none() | st.integers(0, 100),
    end=st.none() | st.integers(100, 200),
    fragment=st.sampled_from(["", "p7"]),
)
sources = st.builds(Cited, url=st.just("https://example.org/count"), title=st.text(), excerpt=st.text())
sayings = st.builds(
    Said,
    iri=iris,
    kind=st.sampled_from(sorted(presenting.MOTIVATIONS)),
    body=st.text(),
    place=places,
    answers=st.just("") | iris,
    creator_iri=st.just("https://gloss.example.org/readers/ada/"),
    creator=st.just("ada"),
    created_at=moments,
    modified_at=st.none() | moments,
    sources=st.lists(sources, max_size=3),
)


def make_said(**fields: Any) -> Said:
    given_fields: dict[str, Any] = {
        "iri": IRI,
        "kind": "note",
        "body": "Worth *knowing*.",
        "place": Place(iri=TEXT),
        "creator_iri": "https://gloss.example.org/readers/ada/",
        "creator": "ada",
        "created_at": AT,
    }
    return Said(**(given_fields | fields))


@given(sayings)
def test_whatever_was_said_is_an_annotation_of_the_model(said: Said) -> None:
    data = json.loads(json.dumps(presenting.annotation(said)))
    assert web_annotations.problems(data) == []


@given(st.lists(sayings, max_size=4))
def test_all_that_was_said_is_a_collection_of_the_model(said: list[Said]) -> None:
    iri = "https://gloss.example.org/readers/ada/#annotations"
    items = [presenting.annotation(each, is_alone=False) for each in said]
    data = presenting.collection_head(iri=iri, label="What ada wrote", total=len(items))
    data["first"] = presenting.page(iri=f"{iri}-1", of=iri, items=items)
    assert web_annotations.problems_of_collection(data) == []


@pytest.mark.parametrize(("kind", "motivation"), presenting.MOTIVATIONS.items(), ids=str)
def test_each_kind_has_its_motivation(kind: str, motivation: str) -> None:
    assert presenting.annotation(make_said(kind=kind))["motivation"] == motivation


def test_words_are_told_by_quotation_position_and_block() -> None:
    place = Place(iri=TEXT, exact="39,000 cars", prefix="carries ", suffix=" a day", start=8, end=19, fragment="p2")
    target = presenting.annotation(make_said(place=place))["target"]
    assert target["source"] == TEXT
    assert [selector["type"] for selector in target["selector"]] == [
        "FragmentSelector",
        "TextQuoteSelector",
        "TextPositionSelector",
    ]
    assert target["selector"][1] == {
        "type": "TextQuoteSelector",
        "exact": "39,000 cars",
        "prefix": "carries ",
        "suffix": " a day",
    }


def test_what_is_about_the_whole_text_names_its_address_alone() -> None:
    assert presenting.annotation(make_said())["target"] == TEXT


def test_a_reply_is_about_what_it_answers() -> None:
    said = make_said(kind="reply", place=None, answers="https://gloss.example.org/annotations/3/")
    assert presenting.annotation(said)["target"] == "https://gloss.example.org/annotations/3/"


def test_what_is_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="about a text"):
        presenting.annotation(make_said(place=None))


def test_a_source_without_words_is_its_link_alone() -> None:
    data = presenting.annotation(make_said(kind="source", body="", sources=[Cited(url="https://example.org/count")]))
    assert data["body"] == [{"type": "SpecificResource", "source": "https://example.org/count", "purpose": "linking"}]


@pytest.mark.parametrize(
    "broken",
    [
        {"@context": None},
        {"id": "seven"},
        {"type": "Note"},
        {"target": None},
        {"created": "2026-11-29T12:30:00+01:00"},
        {"motivation": "shouting"},
        {"body": [{"type": "TextualBody"}]},
        {"target": {"type": "SpecificResource", "selector": []}},
        {
            "target": {
                "type": "SpecificResource",
                "source": TEXT,
                "selector": {"type": "TextPositionSelector", "start": 1},
            }
        },
    ],
    ids=str,
)
def test_what_breaks_the_model_is_found(broken: dict[str, Any]) -> None:
    assert web_annotations.problems(presenting.annotation(make_said()) | broken)

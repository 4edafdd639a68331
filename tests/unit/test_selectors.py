"""Passages and quotations, from the table of cases that the browser's code reads too."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import selectors
from annotations.selectors import SelectorError, TextQuoteSelector
from reader.text import paragraphs
from reader.text.spans import Span

Case = dict[str, Any]

TABLE = json.loads((Path(__file__).parents[1] / "data" / "selectors.json").read_text(encoding="utf-8"))

each_passage = pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in TABLE["passages"]])
each_refused = pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in TABLE["refused"]])

# Few letters, so that the same words come more than once.
texts = st.text(alphabet="ab “é\n😀\u0307字", min_size=1, max_size=60)


@each_passage
def test_what_was_selected_is_confirmed_without_the_white_space_at_its_ends(case: Case) -> None:
    selected, passage = case["selected"], case["passage"]
    confirmed = selectors.confirm(_text(case), Span(selected["start"], selected["end"]), selected["exact"])
    assert confirmed == Span(passage["start"], passage["end"])


@each_passage
def test_a_passage_is_described_by_its_words_and_what_stands_around_them(case: Case) -> None:
    passage = case["passage"]
    described = selectors.describe(_text(case), Span(passage["start"], passage["end"]))
    assert described == TextQuoteSelector(passage["exact"], case["prefix"], case["suffix"])


@each_refused
def test_what_does_not_fit_the_text_is_refused_with_a_sentence(case: Case) -> None:
    with pytest.raises(SelectorError, match=case["because"]):
        selectors.confirm(_text(case), Span(case["start"], case["end"]), case["exact"])


@given(text=texts, data=st.data())
def test_the_words_at_any_place_are_confirmed_there(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    exact = text[start:end]
    if exact.strip():
        confirmed = selectors.confirm(text, Span(start, end), exact)
        assert text[confirmed.start : confirmed.end] == exact.strip()


@given(text=texts, data=st.data())
def test_a_description_says_what_stands_there_in_the_order_of_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    described = selectors.describe(text, Span(start, end))
    assert described.prefix + described.exact + described.suffix in text
    assert max(len(described.prefix), len(described.suffix)) <= selectors.CONTEXT_LENGTH


def _text(case: Case) -> str:
    return paragraphs.canonical_text(case["blocks"])

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from annotations.filtering import KINDS, SORTS, Filter

NAMES = st.from_regex(r"[a-z][a-z0-9]{1,27}[a-z]", fullmatch=True) | st.just("zoë.müller")
FILTERS = st.builds(
    Filter,
    kind=st.sampled_from(["", *KINDS]),
    by=st.just("") | NAMES,
    followed=st.booleans(),
    since=st.none() | st.integers(0, 10**18 - 1),
    sort=st.sampled_from([*SORTS]),
)
PARAMETERS = st.sampled_from(["show", "by", "followed", "since", "sort", "page", "at"])


@given(FILTERS)
def test_a_filter_comes_back_from_its_own_query(asked: Filter) -> None:
    assert Filter.parse(QueryDict(asked.query)) == asked


@given(st.dictionaries(PARAMETERS, st.text()))
def test_whatever_is_asked_is_understood_or_answered_in_words(parameters: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(parameters)
    asked = Filter.parse(query)
    understood = Filter.parse(QueryDict(asked.query))
    assert understood.query == asked.query
    assert not understood.problems
    assert all("\x00" not in problem and len(problem) < 200 for problem in asked.problems)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "annotations"),
        ("show=source", "sources"),
        ("by=ada", "annotations by ada"),
        ("by=%20ADA%20", "annotations by ada"),
        ("show=question&by=ada&since=3&followed=1&sort=newest", "new questions by ada that you follow"),
        ("since=0", "new annotations"),
    ],
)
def test_a_filter_says_itself_in_words(query: str, words: str) -> None:
    assert Filter.parse(QueryDict(query)).words == words


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("show=sources", "“sources” is no kind of annotation."),
        ("sort=loudest", "“loudest” is no order."),
        ("since=-1", "A part of the address could not be understood."),
        ("since=9999999999999999999", "A part of the address could not be understood."),
        ("followed=yes", "A part of the address could not be understood."),
        ("by=a%00b", "“ab” is no reader’s name. A name cannot hold invisible or direction-changing characters."),
        ("by=" + "x" * 500, f"“{'x' * 30}…” is no reader’s name. A name has 3 to 30 characters."),
    ],
    ids=["kind", "order", "negative", "too large", "yes", "with a null character", "far too long"],
)
def test_what_cannot_be_asked_is_said_and_left_out(query: str, problem: str) -> None:
    asked = Filter.parse(QueryDict(query))
    assert asked.problems == (problem,)
    assert not asked.query


@pytest.mark.parametrize("query", ["", "utm_source=letter", "show=&by=&sort=", "kind=source", "page=2&at=5"])
def test_an_address_that_asks_for_nothing_is_plain(query: str) -> None:
    assert Filter.parse(QueryDict(query)).is_plain


def test_filters_have_names_of_their_own() -> None:
    asked = [Filter(), Filter(kind="note"), Filter(by="ada"), Filter(since=0), Filter(problems=("No.",))]
    assert len({each.digest for each in asked}) == len(asked)


def test_an_order_leaves_nothing_out() -> None:
    assert not Filter(sort="newest").is_narrow
    assert not Filter(sort="newest").is_plain

"""The order of the documents cited beside a text: names, headings, and what one publisher stands behind."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.shelving import WAYS, Row, Shelf, names, publisher_key


def row(source: int, **given: Any) -> Row:
    """Give a citation of a document of its own, for words in the first paragraph."""
    fields = {
        "source": source,
        "document": source,
        "story": given.get("document", source),
        "stance": "supports",
        "is_verified": False,
        "status": "exact",
        "block": "p1",
        "position": 1,
        "start": source,
        "url": f"https://example.org/{source}",
        "title": f"Report {source}",
        "publisher": "",
        "published_on": None,
    }
    return Row(**fields | given)


GONE: dict[str, Any] = {"status": "orphaned", "block": None, "position": None, "start": None}
WHOLE: dict[str, Any] = {"block": None, "position": None, "start": None}


def listed(rows: Sequence[Row], by: str) -> list[tuple[str, list[list[int]]]]:
    """Give each entry: what stands above it, and the ids of the sources of each document in it."""
    shelf = Shelf(rows, by)
    return [
        (shelf.heading(entry.heading).title, [[each.source for each in rows] for rows in entry.documents])
        for entry in shelf.entries
    ]


def test_a_document_stands_once_under_a_heading_however_often_it_is_cited() -> None:
    rows = [row(1), row(2, document=1, start=90), row(3)]
    assert listed(rows, "stance") == [("For", [[1, 2]]), ("For", [[3]])]


def test_a_document_for_and_against_stands_under_both() -> None:
    rows = [row(1), row(2, document=1, stance="contradicts")]
    assert listed(rows, "stance") == [("For", [[1]]), ("Against", [[2]])]


def test_the_same_story_is_one_entry_the_first_document_first() -> None:
    rows = [row(7, story=2), row(2, story=2)]
    assert listed(rows, "stance") == [("For", [[2], [7]])]


def test_verified_sources_come_first() -> None:
    rows = [row(1), row(2), row(3, is_verified=True)]
    assert [documents for _, documents in listed(rows, "stance")] == [[[3]], [[1]], [[2]]]


def test_by_paragraph_all_stands_as_the_text_goes() -> None:
    rows = [row(1, **WHOLE), row(2, block="p9", position=2, start=50), row(3, block="p4", position=1, start=9)]
    rows += [row(4, block="p9", position=2, start=40), row(5, **GONE)]
    assert listed(rows, "paragraph") == [
        ("Paragraph 4", [[3]]),
        ("Paragraph 9", [[4]]),
        ("Paragraph 9", [[2]]),
        ("On the article as a whole", [[1]]),
        ("About words that are gone", [[5]]),
    ]


def test_publishers_with_more_come_first() -> None:
    rows = [row(1, publisher="Alpha"), row(2, publisher="Beta"), row(3, publisher="beta")]
    assert [title for title, _ in listed(rows, "publisher")] == ["Beta", "Beta", "Alpha"]


@pytest.mark.parametrize("by", WAYS)
def test_what_is_about_gone_words_comes_last(by: str) -> None:
    rows = [row(1, publisher="Zeta", **GONE), row(2, stance="context", publisher="Alpha")]
    assert [title for title, _ in listed(rows, by)][-1] == "About words that are gone"


def test_a_publisher_called_gone_is_a_publisher() -> None:
    assert listed([row(1, publisher="Gone")], "publisher") == [("Gone", [[1]])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The Guardian", "the guardian", id="another case"),
        pytest.param("The Guardian", "The  Guardian ", id="more white space"),
        pytest.param("The Guardian", "Guardian", id="without the article"),
        pytest.param("STRASSE Press", "straße press", id="letters that fold"),
    ],
)
def test_one_publisher_in_two_spellings_is_one(one: str, other: str) -> None:
    assert publisher_key(one) == publisher_key(other)


@pytest.mark.parametrize(("one", "other"), [("The", "Them"), ("Guardian", "Guardian Weekly"), ("Theory", "ory")])
def test_other_names_are_other_publishers(one: str, other: str) -> None:
    assert publisher_key(one) != publisher_key(other)


def test_the_spelling_that_most_have_is_shown() -> None:
    rows = [row(1, publisher="the guardian"), row(2, publisher="The Guardian"), row(3, publisher="The Guardian")]
    assert {title for title, _ in listed(rows, "publisher")} == {"The Guardian"}


def test_a_fact_is_told_as_it_was_written_last() -> None:
    rows = [row(1, document=1, title="Old", publisher="Office"), row(2, document=1, title="New")]
    assert (names(rows)[1].title, names(rows)[1].publisher) == ("New", "Office")


def test_where_nobody_named_the_publisher_it_is_the_site() -> None:
    assert names([row(1, url="https://news.example.co.uk/a")])[1].publisher == "example.co.uk"


def told(rows: Sequence[Row]) -> list[str]:
    return [f"{share.publisher}: {share.words}" for share in Shelf(rows, "stance").told]


def against(*publishers: str) -> list[Row]:
    return [row(number, stance="contradicts", publisher=name) for number, name in enumerate(publishers, start=1)]


def test_that_one_publisher_stands_behind_most_is_told() -> None:
    assert told(against(*["Post"] * 9, "Sun", "Star")) == ["Post: 9 of 11 sources against"]


def test_half_is_not_most() -> None:
    assert told(against("Post", "Post", "Sun", "Star")) == []


def test_of_two_sources_it_says_nothing_that_they_are_one_publishers() -> None:
    assert told(against("Post", "Post")) == []


def test_a_story_counts_once_for_its_first_document() -> None:
    copies = [row(9, stance="contradicts", publisher="Sun", story=1)] * 3
    assert told([*against("Post", "Post", "Star"), *copies]) == ["Post: 2 of 3 sources against"]


def test_what_is_about_gone_words_counts_for_nothing() -> None:
    gone = [row(number, stance="contradicts", publisher="Sun", **GONE) for number in range(10, 20)]
    assert told([*against("Post", "Post", "Post"), *gone]) == ["Post: 3 of 3 sources against"]


def test_a_publisher_is_told_what_it_stands_behind_on_each_side() -> None:
    rows = [*against("Post", "Sun"), row(3, publisher="Post")]
    shelf = Shelf(rows, "publisher")
    assert [share.words for share in shelf.heading("post").shares] == ["the only source for", "1 of 2 sources against"]


ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 10_000),
        document=st.integers(1, 6),
        stance=st.sampled_from(["supports", "contradicts", "context"]),
        publisher=st.sampled_from(["", "Post", "the post", "Sun"]),
        status=st.sampled_from(["exact", "changed", "orphaned"]),
        block=st.sampled_from(["p1", "p2", None]),
    ),
    max_size=30,
    unique_by=lambda made: made.source,
)


@given(ROWS, st.sampled_from(WAYS))
def test_every_citation_is_listed_once(rows: list[Row], by: str) -> None:
    entries = Shelf(rows, by).entries
    assert Counter(each for entry in entries for rows in entry.documents for each in rows) == Counter(rows)


@given(ROWS, st.sampled_from(WAYS))
def test_every_story_stands_once_under_a_heading(rows: list[Row], by: str) -> None:
    entries = Shelf(rows, by).entries
    found = Counter((entry.heading, entry.documents[0][0].story) for entry in entries)
    assert set(found.values()) <= {1}


@given(ROWS, st.sampled_from(WAYS))
def test_a_heading_stands_in_one_place(rows: list[Row], by: str) -> None:
    headings = [entry.heading for entry in Shelf(rows, by).entries]
    changes = [key for key, before in zip(headings, [None, *headings], strict=False) if key != before]
    assert len(changes) == len(set(headings))

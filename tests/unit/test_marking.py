"""Marks in HTML: the text stays, the nesting stays, and each mark lies on exactly its words."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.marking import Insertion, Mark, insert, mark
from reader.text.paragraphs import plain_text, tidy
from reader.text.spans import Span
from tests.unit.inline_html import inline_html, texts


class Reading(HTMLParser):
    """Reads marked HTML strictly: its text, the words under each key, and whether every tag closes in turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.words: dict[str, str] = {}
        self.signs: dict[str, set[str]] = {}
        self.open: list[str] = []
        self.keys: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            return
        assert "mark" not in self.open, "nothing goes inside a mark but text"
        self.open.append(tag)
        if tag == "mark":
            values = dict(attrs)
            self.keys = (values["data-ids"] or "").split()
            for key in self.keys:
                self.signs.setdefault(key, set()).update((values["class"] or "").split())

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.keys = []

    def handle_data(self, data: str) -> None:
        self.text += data
        for key in self.keys:
            self.words[key] = self.words.get(key, "") + data


spans = st.builds(Span, st.integers(-3, 60), st.integers(-3, 70))
marks = st.lists(st.tuples(spans, st.sampled_from(["note", "source", "question"])), max_size=6).map(
    lambda drawn: [Mark(span, str(key), sign) for key, (span, sign) in enumerate(drawn)]
)


@given(inline_html, marks)
def test_each_mark_lies_on_exactly_its_words(html: str, marks: list[Mark]) -> None:
    html = tidy(html)
    text = plain_text(html)
    reading = Reading(mark(html, marks))
    assert reading.text == text
    clipped = {m.key: text[max(0, m.span.start) : max(0, m.span.end)] for m in marks}
    assert reading.words == {key: words for key, words in clipped.items() if words}
    assert all(f"m-{m.sign}" in reading.signs[m.key] for m in marks if m.key in reading.signs)


@pytest.mark.parametrize(
    ("html", "spans", "marked"),
    [
        pytest.param("a b c", [], "a b c", id="without marks nothing changes"),
        pytest.param("a b c", [(2, 3)], 'a <mark class="m m-note" data-ids="1">b</mark> c', id="one word"),
        pytest.param(
            "a <em>b</em> c",
            [(0, 3)],
            '<mark class="m m-note" data-ids="1">a </mark><em><mark class="m m-note" data-ids="1">b</mark></em> c',
            id="marks go inside the elements that are there",
        ),
        pytest.param(
            "abc",
            [(0, 2), (1, 3)],
            '<mark class="m m-note" data-ids="1">a</mark><mark class="m m-note" data-ids="1 2">b</mark>'
            '<mark class="m m-note" data-ids="2">c</mark>',
            id="overlaps are cut into segments",
        ),
        pytest.param(
            "A &amp; &lt;b&gt;",
            [(2, 5)],
            'A <mark class="m m-note" data-ids="1">&amp; &lt;</mark>b&gt;',
            id="an entity is one",
        ),
        pytest.param(
            "👍🏽 ok", [(3, 5)], '👍🏽 <mark class="m m-note" data-ids="1">ok</mark>', id="an emoji counts code points"
        ),
        pytest.param(
            "abc",
            [(-5, 1), (2, 99), (7, 9), (2, 2), (2, 1)],
            '<mark class="m m-note" data-ids="1">a</mark>b<mark class="m m-note" data-ids="2">c</mark>',
            id="what lies outside is cut off",
        ),
    ],
)
def test_words_are_marked(html: str, spans: list[tuple[int, int]], marked: str) -> None:
    assert mark(html, [Mark(Span(*span), str(number), "note") for number, span in enumerate(spans, 1)]) == marked


def test_a_segment_names_each_sign_once_in_one_order() -> None:
    whole = Span(0, 3)
    marks = [Mark(whole, "1", "source"), Mark(whole, "2", "note"), Mark(whole, "3", "source")]
    assert mark("abc", marks) == '<mark class="m m-note m-source" data-ids="1 2 3">abc</mark>'


def test_a_key_cannot_break_out_of_its_attribute() -> None:
    assert mark("abc", [Mark(Span(0, 3), '"><script>', "note")]).count("<") == 2


# Insertions


class Numbers(HTMLParser):
    """Reads HTML with `<hr>` put in: its text, and for each what stands before it and which elements it is in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.found: list[tuple[int, tuple[str, ...]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "hr":
            self.found.append((len(self.text), tuple(self.open)))
        elif tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(inline_html, st.lists(st.integers(0, 40), max_size=6))
def test_what_is_put_in_leaves_text_and_nesting_and_stands_in_no_link(html: str, positions: list[int]) -> None:
    html = tidy(html)
    numbers = Numbers(insert(html, [Insertion(position, "<hr>") for position in positions]))
    assert numbers.text == plain_text(html)
    assert len(numbers.found) == len(positions)
    assert not any({"a", "sup", "sub"} & set(elements) for _, elements in numbers.found)


@given(texts, st.lists(st.integers(0, 40), max_size=6))
def test_what_is_put_into_plain_words_stands_behind_just_so_many(words: str, positions: list[int]) -> None:
    html = tidy(escape(words))
    length = len(plain_text(html))
    numbers = Numbers(insert(html, [Insertion(position, "<hr>") for position in positions]))
    assert [position for position, _ in numbers.found] == sorted(min(position, length) for position in positions)


@pytest.mark.parametrize(
    ("html", "position", "expected"),
    [
        pytest.param("one two", 3, "one# two", id="between words"),
        pytest.param("one &amp; two", 5, "one &amp;# two", id="behind an entity"),
        pytest.param("<em>one</em> two", 3, "<em>one</em># two", id="behind an element that ends there"),
        pytest.param("<em>one two</em>", 3, "<em>one# two</em>", id="within an element that goes on"),
        pytest.param("one<em> two</em>", 3, "one#<em> two</em>", id="before an element that begins there"),
        pytest.param('<a href="#n1">one two</a>.', 3, '<a href="#n1">one two</a>#.', id="behind a link, not in it"),
        pytest.param("one<sup><a>1</a></sup> two", 4, "one<sup><a>1</a></sup># two", id="behind a footnote's number"),
        pytest.param("one<sup><a>1</a></sup> two", 3, "one#<sup><a>1</a></sup> two", id="before a footnote's number"),
        pytest.param("<tr><td>one </td><td>two</td></tr>", 3, "<tr><td>one# </td><td>two</td></tr>", id="in a cell"),
        pytest.param("<tr><td>one</td></tr>", 3, "<tr><td>one#</td></tr>", id="at the end of a cell, in it"),
        pytest.param("one", 9, "one#", id="beyond the end"),
        pytest.param("", 0, "#", id="where nothing is"),
    ],
)
def test_where_a_number_stands(html: str, position: int, expected: str) -> None:
    assert insert(html, [Insertion(position, "#")]) == expected


def test_two_that_come_to_stand_together_are_parted() -> None:
    insertions = [Insertion(3, "1"), Insertion(7, "2"), Insertion(8, "3")]
    assert insert("<a>one two</a>. ", insertions, between=",") == "<a>one two</a>1,2.3 "

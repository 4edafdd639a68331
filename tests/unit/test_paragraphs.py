"""The canonical text: one spelling for what looks the same, and HTML that says just that."""

import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import paragraphs
from tests.unit.inline_html import inline_html, texts


class Browser(HTMLParser):
    """Reads text nodes as a browser's `textContent` does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        pytest.param("  two\t words \r\n here ", "two words here", id="runs of white space are one space"),
        pytest.param("10\u00a0000\u202fkm\u3000now", "10 000 km now", id="no-break and wide spaces are spaces"),
        pytest.param("one\u2028two\u0085three", "one two three", id="separators of lines are spaces"),
        pytest.param("cafe\u0301", "caf\u00e9", id="a letter and its accent are one code point"),
        pytest.param("im\u00adpor\u200btant\ufeff", "important", id="invisible characters go"),
        pytest.param("\u202eevil\u202c", "evil", id="overrides of direction go"),
        pytest.param("a\x00b\x1bc\ufffe\U0001ffff", "abc", id="control characters and noncharacters go"),
        pytest.param("half \ud83d pair", "half pair", id="half a surrogate pair goes"),
        pytest.param(
            "👩\u200d👩\u200d👧 می\u200cخواهم", "👩\u200d👩\u200d👧 می\u200cخواهم", id="joiners that scripts need stay"
        ),
        pytest.param("\u200b \ufeff", "", id="nothing visible is nothing"),
    ],
)
def test_text_has_one_spelling(text: str, normal: str) -> None:
    assert paragraphs.normalize(text) == normal


@given(st.text())
def test_normal_text_stays_as_it_is(text: str) -> None:
    normal = paragraphs.normalize(text)
    assert paragraphs.normalize(normal) == normal
    assert unicodedata.is_normalized("NFC", normal)


@given(inline_html)
def test_tidy_html_says_exactly_its_normal_text(html: str) -> None:
    tidy = paragraphs.tidy(html)
    text = paragraphs.plain_text(tidy)
    assert text == Browser(tidy).text
    assert text == paragraphs.normalize(text)
    assert paragraphs.tidy(tidy) == tidy


@given(inline_html)
def test_tidying_changes_no_words(html: str) -> None:
    spaced = html.replace("<br>", " <br>")
    assert paragraphs.plain_text(paragraphs.tidy(html)) == paragraphs.normalize(Browser(spaced).text)


@given(texts)
def test_text_without_tags_is_only_normalised(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert paragraphs.plain_text(paragraphs.tidy(escaped)) == paragraphs.normalize(text)


@pytest.mark.parametrize(
    ("html", "tidy"),
    [
        pytest.param("a <em> b</em>", "a <em>b</em>", id="white space is single across tags"),
        pytest.param("one<br>two", "one<br> two", id="a line break parts two words"),
        pytest.param("<em>end </em> ", "<em>end</em>", id="white space at the end goes"),
        pytest.param("e<b>\u0301t</b>e", "\u00e9<b>t</b>e", id="an accent joins its letter across a tag"),
        pytest.param("&quot;A&amp;B&quot; &lt;i&gt;", '"A&amp;B" &lt;i&gt;', id="only what must be escaped is"),
        pytest.param(
            '<a href="/?a=1&amp;b">x</a><!-- y -->', '<a href="/?a=1&amp;b">x</a>', id="attributes stay, comments go"
        ),
    ],
)
def test_html_is_tidied(html: str, tidy: str) -> None:
    assert paragraphs.tidy(html) == tidy


def test_the_canonical_text_joins_blocks_by_one_newline() -> None:
    assert paragraphs.canonical_text(["One.", "Two."]) == "One.\nTwo."


def test_each_kind_of_block_is_numbered_by_itself() -> None:
    kinds = ["figure", "paragraph", "heading", "quote", "list item", "note", "table", "code"]
    assert paragraphs.next_names(kinds, taken=()) == ["f1", "p1", "h1", "p2", "p3", "n1", "p4", "p5"]


def test_a_name_once_used_is_never_used_again() -> None:
    assert paragraphs.next_names(["paragraph", "heading", "paragraph"], taken={"p2", "p10", "n1"}) == [
        "p11",
        "h1",
        "p12",
    ]

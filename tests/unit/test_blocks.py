"""Blocks made canonical: code keeps its lines, tables their cells, and both say what a browser's text nodes say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.blocks import Block, tidied
from reader.text.paragraphs import normalize, plain_text
from tests.unit.inline_html import inline_html, texts


def _cell(name: str, html: str) -> str:
    return f"<{name}>{html}</{name}>"


_rows = st.lists(
    st.lists(st.builds(_cell, st.sampled_from(["td", "th"]), inline_html), max_size=3).map(
        lambda cells: f"<tr>\n{' '.join(cells)}</tr>"
    ),
    max_size=3,
).map("".join)


@pytest.mark.parametrize(
    ("html", "tidy"),
    [
        pytest.param("a\n\n  b\n\tc", "a\n\n  b\n\tc", id="lines, indentation and tabs stay"),
        pytest.param(
            "\n\n  a \t\r\nb\n\n", "  a\nb", id="white space at the ends of lines goes, and empty lines at both ends"
        ),
        pytest.param("<b>a</b> &lt; \u00a0b\u200b\u202e", "a &lt;  b", id="tags and invisible characters go"),
        pytest.param("e\u0301", "\u00e9", id="a letter and its accent are one code point"),
    ],
)
def test_code_is_tidied_line_by_line(html: str, tidy: str) -> None:
    assert tidied(Block("code", html)).html == tidy


@given(texts)
def test_tidy_code_stays_as_it_is(text: str) -> None:
    code = tidied(Block("code", text.replace("&", "&amp;").replace("<", "&lt;")))
    assert tidied(code) == code
    assert normalize(plain_text(code.html)) == normalize(text.replace("\u00ad", ""))


def test_the_words_of_neighbouring_cells_are_parted() -> None:
    head = "<caption>In t</caption><thead><tr><th>A</th>\n<th></th><th>B</th></tr></thead>"
    html = f"{head}<tbody><tr><td> 1 </td><td>2</td></tr></tbody>"
    table = tidied(Block("table", html))
    assert plain_text(table.html) == "In t A B 1 2"
    assert "<th>A </th><th></th><th>B </th></tr></thead><tbody><tr><td>1 </td><td>2</td></tr>" in table.html


@given(_rows)
def test_a_tidy_table_says_exactly_its_normal_text(rows: str) -> None:
    table = tidied(Block("table", f"<tbody>{rows}</tbody>"))
    text = plain_text(table.html)
    assert text == normalize(text)
    assert tidied(table) == table


def test_a_footnote_keeps_its_key_and_marker() -> None:
    note = Block("footnote", " See  it. ", key="cite_note-5", marker="a")
    assert tidied(note) == Block("footnote", "See it.", key="cite_note-5", marker="a")


def test_alternative_text_is_one_line() -> None:
    assert tidied(Block("figure", "", image="x", alt=" a\n b")).alt == "a b"

"""Markdown: articles from it, and blocks to it and back, as editors work on them."""

from datetime import date
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.importing import building, finishing, trees
from reader.importing.extraction import ExtractionError, from_plain_text
from reader.importing.markdown import (
    block_to_markdown,
    blocks_from_block_markdown,
    from_markdown,
    from_markdown_blocks,
    to_markdown,
)
from reader.text.blocks import Block, tidied
from tests.unit.inline_html import inline_html, texts

ARTICLE = """\
---
byline: Marta Lindqvist-Okafor
publisher: "The Sample Courier"
date: 2024-03-14
language: en-GB
original address: https://courier.example/toll
---

# The toll *again*

It was to last ten years.[^1] It has lasted
thirty.

> So it is written.

1. Publish the accounts.
   - every year
2. Let them cross.

![A bridge](https://courier.example/bridge.jpg)
The bridge in 1994. <cite>Ines Valdor</cite>

| Year | Crowns |
|------|-------:|
| 1995 | 2      |

```python
toll = 41
```

::: note
Corrected on 15 March.
:::

[^1]: See the order of 1994.
"""


def _blocks(markdown: str) -> tuple[Block, ...]:
    return from_markdown_blocks(markdown)[0]


def _kinds(blocks: tuple[Block, ...]) -> list[str]:
    return [block.kind for block in blocks]


def test_an_article_has_the_head_matter_that_stands_above_it() -> None:
    document = from_markdown(ARTICLE)
    assert (document.title, document.byline) == ("The toll again", "Marta Lindqvist-Okafor")
    assert (document.publisher, document.language) == ("The Sample Courier", "en-GB")
    assert (document.original_url, document.published_on) == ("https://courier.example/toll", date(2024, 3, 14))


def test_each_form_becomes_its_kind_of_block() -> None:
    blocks = from_markdown(ARTICLE).blocks
    assert _kinds(blocks) == [
        "paragraph", "quote", "list item", "list item", "list item", "figure", "table", "code", "note", "footnote",
    ]  # fmt: skip
    assert [(block.level, block.marker) for block in blocks[2:5]] == [(0, "1."), (1, ""), (0, "2.")]
    assert blocks[0].html.startswith('It was to last ten years.<sup><a href="#1">1</a></sup> It has lasted thirty.')
    assert (blocks[9].key, blocks[9].marker, blocks[9].html) == ("1", "1", "See the order of 1994.")


def test_a_figure_is_an_image_with_its_caption_on_the_next_line() -> None:
    figure = from_markdown(ARTICLE).blocks[5]
    assert figure.html == "The bridge in 1994. <cite>Ines Valdor</cite>"
    assert (figure.alt, figure.image) == ("A bridge", "https://courier.example/bridge.jpg")


def test_the_title_is_the_first_words_where_no_heading_stands_above() -> None:
    assert from_markdown("It was to last ten years.\n\n## Why\n\nNobody knows.").title == "It was to last ten years."


def test_a_byline_under_the_title_is_read() -> None:
    document = from_markdown("# Toll\n\nBy Marta Lindqvist\n\nIt was to last ten years.")
    assert (document.byline, len(document.blocks)) == ("Marta Lindqvist", 1)


@pytest.mark.parametrize("text", ["", " \n\n", "# Only a title", "<script>alert(1)</script>", "---\ntitle: x\n---\n"])
def test_what_holds_no_article_is_refused(text: str) -> None:
    with pytest.raises(ExtractionError, match="There is no"):
        from_markdown(text)


def test_html_among_markdown_is_cleaned_and_what_goes_is_told() -> None:
    line = 'H<sub>2</sub>O<script>alert(1)</script> <a href="javascript:x">bad</a>'
    blocks, dropped = from_markdown_blocks(f'{line}\n\n<div><iframe src="x"></iframe><p>In a box</p></div>')
    assert [block.html for block in blocks] == ["H<sub>2</sub>O bad", "In a box"]
    assert dropped == ("a link that leads nowhere", "an embedded page")


def test_a_link_to_a_note_that_is_not_there_is_text() -> None:
    assert [block.html for block in _blocks("one[^x] [two](#gone)")] == ["one[^x] two"]


def test_a_picture_without_words_is_dropped_and_told() -> None:
    assert from_markdown_blocks("![](https://example.org/a.png)\n\ntext")[1] == ("a picture without words",)


def test_an_item_of_two_paragraphs_is_one_block() -> None:
    assert [block.html for block in _blocks("- one\n\n  two\n- three")] == ["one<br> two", "three"]


# What imports make of pages with these forms, to be written as Markdown and read back.

_inner = inline_html
_paragraphs = st.builds("<p>{}</p>".format, _inner)
_quotes = st.builds("<blockquote><p>{}</p></blockquote>".format, _inner)
_headings = st.builds("<h{0}>{1}</h{0}>".format, st.integers(2, 5), _inner)
_codes = st.builds("<pre>{}</pre>".format, st.lists(texts.map(escape), max_size=4).map("\n".join))
_figures = st.builds(
    '<figure><img src="https://example.org/a_(1).png?b=1&amp;c" alt="{}"><figcaption>{}</figcaption></figure>'.format,
    texts.map(escape),
    _inner,
)
_cells = st.lists(_inner, min_size=2, max_size=2).map(lambda cells: "".join(f"<td>{cell}</td>" for cell in cells))
_tables = st.builds(
    "<table><caption>{}</caption><tr>{}</tr><tr>{}</tr></table>".format,
    _inner,
    st.one_of(_cells, _cells.map(lambda cells: cells.replace("td>", "th>"))),
    _cells,
)
_lists = st.recursive(
    st.builds("<li>{}</li>".format, _inner),
    lambda items: st.builds(
        "<{0}><li>{1}{2}</li></{0}>".format,
        st.sampled_from(["ul", "ol", 'ol start="9"', 'ol type="a"']),
        _inner,
        st.lists(items, max_size=3).map("".join),
    ).map(lambda html: html.replace('</ol start="9">', "</ol>").replace('</ol type="a">', "</ol>")),
    max_leaves=6,
)
_pages = st.lists(st.one_of(_paragraphs, _quotes, _headings, _codes, _figures, _tables, _lists), max_size=5).map(
    "".join
)
_keys = {"x1": "x1"}


def _imported(html: str) -> tuple[Block, ...]:
    built = building.build(trees.body_of(trees.parsed(html)), keys=_keys)
    notes = [
        Block("footnote", "See <em>there</em>.", key="cite_note-5", marker="a"),
        Block("footnote", "1. x", key="fn:2", marker="2"),
    ]
    reference = Block("paragraph", '<em>So</em>.<sup><a href="#cite_note-5">a</a></sup>')
    linked = [Block("heading", "Here", level=2, key="x1"), Block("note", 'Go <a href="#x1">there</a>.')]
    return finishing.settled(finishing.levelled([*built.blocks, reference, *linked, *notes]))


@given(_pages)
def test_what_is_written_as_markdown_is_read_back(html: str) -> None:
    blocks = _imported(html)
    read, dropped = from_markdown_blocks(to_markdown(blocks))
    assert read == blocks
    assert dropped == ()


@given(_pages)
def test_a_block_that_was_not_edited_stays_what_it_is(html: str) -> None:
    for block in _imported(html):
        assert blocks_from_block_markdown(block_to_markdown(block) + "\n", block) == (block,)


@given(_inner)
def test_a_paragraph_that_was_edited_keeps_the_rest_of_its_words(html: str) -> None:
    for block in _imported(f"<p>{html}</p>")[:1]:
        first, second = blocks_from_block_markdown(f"{block_to_markdown(block)}\n\nMore.", block)
        assert (first, second) == (block, Block("paragraph", "More."))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("1. April", id="a number at the start"),
        pytest.param("# not a heading #", id="signs of a heading"),
        pytest.param("{#key} {x} a {#key}", id="signs of keys"),
        pytest.param("Table: of contents", id="a caption's sign"),
        pytest.param(":::note", id="a note's sign"),
        pytest.param("a*b*c_d_ ~~e~~ [^x] ![y](z) `q` \\*", id="signs of emphasis, links and code"),
        pytest.param("&amp;amp; &lt;b&gt; &amp;#65;", id="entities"),
        pytest.param("他说<strong>“不”</strong>。<em>，</em>好", id="emphasis that no space parts"),
        pytest.param("a<br> b <code>x | `y`</code>", id="a break and code with a tick"),
        pytest.param("--- | ---", id="a line of a table"),
        pytest.param('<a href="https://example.org/a_(b)?c=1&amp;d=2">x]y</a>', id="an address with brackets"),
        pytest.param("[x]: https://example.org", id="a definition"),
        pytest.param("    far in".strip(), id="white space"),
    ],
)
@pytest.mark.parametrize("kind", ["paragraph", "heading", "quote", "list item", "figure", "note", "footnote"])
def test_words_that_look_like_markdown_stay_words(kind: str, html: str) -> None:
    level = 2 if kind == "heading" else 0
    block = Block(
        kind, html, level=level, key="n" if kind == "footnote" else "", marker="1" if kind == "footnote" else ""
    )
    assert (
        _blocks(to_markdown([block, block if kind == "list item" else Block("code", "x")]))[
            -2 if kind != "footnote" else -1
        ]
        == block
    )


def test_an_article_from_plain_text_is_written_and_read_back() -> None:
    prose = "The toll was meant to last ten years, and it has lasted thirty."
    blocks = from_plain_text(f"The toll\n\n{prose}\n\nWhy it stays\n\n{prose}\n\n- Because.\n- So.\n").blocks
    assert [block.kind for block in blocks] == ["paragraph", "heading", "paragraph", "list item", "list item"]
    assert _blocks(to_markdown(blocks)) == blocks


def test_markdown_for_editors_is_plain_where_it_can_be() -> None:
    blocks = [
        Block("heading", "Why", level=3),
        Block(
            "paragraph",
            'It is <em>not</em> <strong>so</strong>: <a href="https://example.org/">see</a> 2.1 m, a_b &amp; “c”.',
        ),
        Block("list item", "one"),
        Block("list item", "two", level=1, marker="3."),
    ]
    assert to_markdown(blocks) == (
        "### Why\n\nIt is *not* **so**: [see](https://example.org/) 2.1 m, a_b & “c”.\n\n- one\n\n  3. two\n"
    )


def test_an_empty_line_makes_two_blocks_of_the_same_kind() -> None:
    item = Block("list item", "one", level=1, marker="3.", name="p7")
    assert blocks_from_block_markdown("One.\n\nTwo.", item) == (
        Block("list item", "One.", level=1, marker="3.", name="p7"),
        Block("list item", "Two.", level=1, marker="4."),
    )


def test_a_heading_written_into_a_paragraph_becomes_one() -> None:
    blocks = blocks_from_block_markdown(
        "One.\n\n## Two\n\nThree.", Block("paragraph", "One. Three.", key="p7", name="p7")
    )
    assert [(block.kind, block.html, block.name) for block in blocks] == [
        ("paragraph", "One.", "p7"), ("heading", "Two", ""), ("paragraph", "Three.", ""),
    ]  # fmt: skip


def test_an_edited_paragraph_keeps_its_references() -> None:
    block = Block("paragraph", 'Ten years.<sup><a href="#cite_note-5">a</a></sup>')
    assert block_to_markdown(block) == "Ten years.[^cite_note-5]"
    edited = blocks_from_block_markdown("Thirty years.[^cite_note-5]", block)
    assert edited == (Block("paragraph", 'Thirty years.<sup><a href="#cite_note-5">a</a></sup>'),)


def test_code_is_edited_as_it_is() -> None:
    code = Block("code", "if a &lt; b:\n\treturn", name="p3")
    assert block_to_markdown(code) == "if a < b:\n\treturn"
    assert blocks_from_block_markdown("if a > b:\n\n\treturn\n", code) == (
        Block("code", "if a &gt; b:\n\n\treturn", name="p3"),
    )


def test_a_table_and_a_figure_are_edited_with_their_forms() -> None:
    table = tidied(Block("table", "<tbody><tr><td>a</td><td>b|c</td></tr></tbody>", name="p4"))
    figure = Block("figure", "Caption", image="a" * 64, alt="Alt", name="f1")
    assert blocks_from_block_markdown(block_to_markdown(table).replace("a", "z"), table)[0].html.startswith(
        "<tbody><tr><td>z "
    )
    assert blocks_from_block_markdown(block_to_markdown(figure).replace("Cap", "Rap"), figure) == (
        Block("figure", "Raption", image="a" * 64, alt="Alt", name="f1"),
    )


def test_a_block_emptied_is_gone() -> None:
    assert blocks_from_block_markdown(" \n", Block("paragraph", "One.")) == ()

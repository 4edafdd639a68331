"""Articles from web pages: what is kept of each kind of page, and what is left out and told."""

from datetime import date
from pathlib import Path

import pytest

from reader.importing.decoding import DecodingError
from reader.importing.extraction import ExtractionError
from reader.importing.pages import MAX_BYTES, decode, from_html
from reader.text.blocks import Block, Document
from reader.text.paragraphs import plain_text

PAGES = Path(__file__).parents[1] / "data" / "pages"
ADDRESS = "https://site.example/texts/one.html"
PROSE = (
    "The toll was meant to last ten years, and it has lasted thirty, for reasons that nobody in the town hall can give."
)


def _page(name: str) -> Document:
    return from_html((PAGES / name).read_text(encoding="utf-8"), address=ADDRESS)


def _kinds(document: Document) -> list[str]:
    return [block.kind for block in document.blocks]


def _of(document: Document, kind: str) -> list[Block]:
    return [block for block in document.blocks if block.kind == kind]


def _texts(document: Document, kind: str = "paragraph") -> list[str]:
    return [plain_text(block.html) for block in _of(document, kind)]


def _fragment(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.html) for block in from_html(html, address=ADDRESS).blocks]


@pytest.fixture(scope="module")
def newspaper() -> Document:
    return _page("newspaper.html")


@pytest.fixture(scope="module")
def encyclopedia() -> Document:
    return _page("encyclopedia.html")


@pytest.fixture(scope="module")
def blog() -> Document:
    return _page("blog.html")


# A newspaper.


def test_a_newspaper_page_has_its_head_matter(newspaper: Document) -> None:
    assert newspaper.title == "Why the Harbour Bridge Will Never Pay for Itself"
    assert (newspaper.kicker, newspaper.byline) == ("Comment", "Marta Lindqvist-Okafor, Tobias Renn")
    assert (newspaper.publisher, newspaper.language) == ("The Sample Courier", "en-GB")
    assert newspaper.original_url == "https://courier.example/comment/2024/mar/14/harbour-bridge-toll"
    assert newspaper.published_on == date(2024, 3, 14)
    assert newspaper.author_note.startswith("Marta Lindqvist-Okafor is a columnist")


def test_a_newspaper_page_has_its_blocks_in_order(newspaper: Document) -> None:
    assert " ".join(kind[:4] for kind in _kinds(newspaper)) == (
        "para figu para para para head para quot quot para head list list list figu para"
    )
    assert _texts(newspaper)[0].startswith("The toll was meant to last ten years.")
    assert _texts(newspaper)[1].startswith("NORRHAVEN — The men who built")
    assert _texts(newspaper)[-1].endswith("which part of it they mean to keep.")
    assert [block.marker for block in _of(newspaper, "list item")] == ["1.", "2.", "3."]


def test_a_caption_has_its_credit_and_its_picture(newspaper: Document) -> None:
    lead, chart = _of(newspaper, "figure")
    assert lead.html.endswith("lane was closed. <cite>Photograph: Ines Valdor/Sample Press</cite>")
    assert (lead.image, lead.alt[:20]) == ("https://site.example/media/bridge-1200.jpg", "A grey steel bridge ")
    assert chart.image == "https://site.example/media/toll-chart.png"
    assert chart.html.endswith("<cite>Graphic: The Sample Courier</cite>")


def test_the_furniture_of_a_newspaper_page_goes_and_is_told(newspaper: Document) -> None:
    text = " ".join(plain_text(block.html) for block in newspaper.blocks)
    for words in (
        "cookies",
        "Share on",
        "Ferry crews",
        "Advertisement",
        "Morning Tide",
        "subscribers",
        "islander72",
        "Storm",
    ):
        assert words not in text
    told = "\n".join(newspaper.dropped)
    for words in ("cookies", "Morning Tide", "for subscribers", "islander72", "2 advertisements", "links of menus"):
        assert words in told
    assert len(newspaper.dropped) < 15


def test_a_quotation_pulled_from_the_text_stands_there_once(newspaper: Document) -> None:
    assert _texts(newspaper, "quote")[0].startswith("The toll is not a charge")
    assert any(line.startswith("A council that asks drivers") for line in newspaper.dropped)


# An encyclopedia.


def test_an_encyclopedia_page_has_its_blocks_in_order(encyclopedia: Document) -> None:
    assert encyclopedia.title == "Tidal mill of Norrhaven"
    assert " ".join(kind[:4] for kind in _kinds(encyclopedia)) == (
        "figu tabl para head para figu para head para head para list list list list tabl foot foot foot"
    )
    assert [(block.html, block.level) for block in _of(encyclopedia, "heading")] == [
        ("History", 2), ("Decline", 3), ("Machinery", 2),
    ]  # fmt: skip
    assert _texts(encyclopedia)[0].startswith("The tidal mill of Norrhaven is a watermill")
    assert [block.level for block in _of(encyclopedia, "list item")] == [0, 1, 1, 0]


def test_references_go_to_their_footnotes(encyclopedia: Document) -> None:
    notes = _of(encyclopedia, "footnote")
    assert [(note.key, note.marker) for note in notes] == [
        ("cite_note-ledger-1", "1"), ("cite_note-2", "2"), ("cite_note-Brandt-3", "a"),
    ]  # fmt: skip
    assert notes[2].html == "A crown of 1642 bought about 30 kg of rye."
    assert notes[0].html.startswith("<cite><em>Ledger of the Town of Norrhaven</em>.")
    assert '1931.<sup><a href="#cite_note-ledger-1">1</a></sup> It' in _of(encyclopedia, "paragraph")[0].html
    assert "10<sup>3</sup> kg" in _of(encyclopedia, "paragraph")[0].html


def test_tables_keep_their_heads_and_captions(encyclopedia: Document) -> None:
    box, flour = _of(encyclopedia, "table")
    assert box.html.startswith(
        "<caption>Tidal mill of Norrhaven </caption><tbody><tr><td><strong>Built</strong> </td><td>1642<sup>"
    )
    assert plain_text(flour.html) == "Flour ground, in tonnes Year Wheat Rye 1700 310 120 1800 540 95 1900 80 0"
    assert "<thead><tr><th>Year </th>" in flour.html


def test_signs_of_editing_and_lists_of_links_go(encyclopedia: Document) -> None:
    text = " ".join(plain_text(block.html) for block in encyclopedia.blocks)
    for words in ("[edit", "Tide mill", "B mill", "Categories", "upper valley", "^", "See also", "last edited"):
        assert words not in text
    assert "See also" in encyclopedia.dropped
    assert any("upper valley" in line for line in encyclopedia.dropped)


# A blog.


def test_a_blog_post_has_its_blocks_in_order(blog: Document) -> None:
    assert (blog.title, blog.byline, blog.published_on) == (
        "Counting words without lying",
        "R. Ostrander",
        date(2023, 11, 2),
    )
    assert " ".join(kind[:4] for kind in _kinds(blog)) == (
        "para head para code para head list list list list list list code para tabl para figu para foot foot"
    )
    assert _texts(blog)[-1] == "That is all. Next week: sentences."
    assert _texts(blog, "heading") == ["The naïve way", "A better way"]


def test_code_keeps_its_lines_and_loses_its_colours_and_numbers(blog: Document) -> None:
    first, second = _texts(blog, "code")
    assert first.splitlines()[2:] == [
        "def count(text):",
        "    return Counter(word for word in text.split() if len(word) < 40)",
    ]
    assert second.splitlines()[:2] == ["import regex", "\t# a tab stands before this comment"]


def test_lists_in_lists_keep_their_depth_and_numbers(blog: Document) -> None:
    items = _of(blog, "list item")
    assert [(item.level, item.marker) for item in items] == [(0, ""), (1, ""), (2, "1."), (2, "2."), (1, ""), (0, "")]
    assert items[-1].html == "Use a segmenter.<br> It knows <strong>Chinese</strong> too."


def test_footnotes_lose_their_way_back(blog: Document) -> None:
    assert _texts(blog, "footnote") == ["The fourth was blank.", "With salt. Not much of it."]
    assert {"a picture without words", "an embedded page"} <= set(blog.dropped)


# Other scripts, and long texts.


def test_an_arabic_page_is_read_like_any_other() -> None:
    document = _page("arabic.html")
    assert (document.title, document.language) == ("الجسر الذي لم يعد مجانيا", "ar")
    assert (document.byline, document.publisher) == ("ليلى المرفأ", "صحيفة العينة")
    assert _kinds(document) == ["paragraph", "paragraph", "heading", "quote", "paragraph", "paragraph"]
    assert _texts(document)[-1].endswith("أمام الناس.")


def test_a_chinese_page_is_read_without_its_spaces() -> None:
    document = _page("chinese.html")
    assert (document.title, document.byline, document.publisher) == ("海港大桥为何永远收费", "林小样", "样本日报")
    assert _kinds(document) == ["paragraph", "paragraph", "heading", "paragraph", "paragraph"]
    assert _texts(document)[0].startswith("三十年前，市政府")
    assert "渡轮船员" not in " ".join(_texts(document))


def _whole(body: str) -> str:
    head = "<!doctype html><html lang=en><title>A long one</title><body><nav><a href=/>x</a></nav>"
    return f"{head}<article><h1>A long one</h1>{body}</article>"


def test_three_thousand_paragraphs_are_three_thousand_blocks() -> None:
    document = from_html(_whole("".join(f"<p>Paragraph {number}. {PROSE}</p>" for number in range(3000))))
    assert _kinds(document) == ["paragraph"] * 3000
    assert _texts(document)[2999].startswith("Paragraph 2999. The toll")


def test_a_paragraph_of_twenty_thousand_words_is_one_block() -> None:
    document = from_html(_whole(f"<p>{'so it goes <em>on</em> and ' * 3999}so it goes on on.</p>"))
    assert _kinds(document) == ["paragraph"]
    assert len(_texts(document)[0].split()) == 20_000


def test_five_megabytes_are_read() -> None:
    page = _whole(f"<p>{PROSE * 5}</p>" * 8500)
    assert 4_500_000 < len(page) < MAX_BYTES
    assert len(from_html(page).blocks) == 8500


# Forms of their own.


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        pytest.param(
            f"<p>{PROSE} <b>So</b> <i> it </i>is.",
            [("paragraph", f"{PROSE} <strong>So</strong> <em>it</em> is.")],
            id="a fragment",
        ),
        pytest.param(
            "Words.<br><br>More.<br>Lines.", [("paragraph", "Words."), ("paragraph", "More.<br> Lines.")], id="breaks"
        ),
        pytest.param(
            "<div>One<p>Two</p>Three</div>",
            [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")],
            id="text between paragraphs",
        ),
        pytest.param(
            "<p>a<a href='b.html'>b</a><a href='#no'>c</a></p>",
            [("paragraph", 'a<a href="https://site.example/texts/b.html">b</a>c')],
            id="links",
        ),
        pytest.param(
            "<p>See <a href='#t'>it</a>.</p><h3 id='t'>Toll</h3><p>So.</p>",
            [("paragraph", 'See <a href="#t">it</a>.'), ("heading", "Toll"), ("paragraph", "So.")],
            id="a link to a heading",
        ),
        pytest.param(
            "<ol start=3 type=a><li value=5>x<li>y</ol>", [("list item", "x"), ("list item", "y")], id="a list"
        ),
        pytest.param(
            "<blockquote>a<ul><li>b</ul></blockquote>", [("quote", "a"), ("quote", "b")], id="a list in a quotation"
        ),
        pytest.param(
            "<dl><dt>a<dd>b</dl>", [("paragraph", "<strong>a</strong>"), ("list item", "b")], id="a list of terms"
        ),
        pytest.param(
            "<table><tr><td>only<td>laid out</table>",
            [("paragraph", "only"), ("paragraph", "laid out")],
            id="a table that lays out",
        ),
        pytest.param(
            "<p>x <q>y</q> <span style='font-style: italic'>z</span> <kbd>k</kbd></p>",
            [("paragraph", "x “y” <em>z</em> <code>k</code>")],
            id="elements of other names",
        ),
        pytest.param("<p><ruby>漢<rp>(</rp><rt>かん</rt></ruby></p>", [("paragraph", "漢(かん)")], id="readings"),
        pytest.param("<pre>a\n\n  b &lt;<span>c</span><br>d</pre>", [("code", "a\n\n  b &lt;c\nd")], id="code"),
        pytest.param(
            "<p>Editor's note: This was corrected.</p><p>So.</p>",
            [("note", "Editor's note: This was corrected."), ("paragraph", "So.")],
            id="the publisher's note",
        ),
    ],
)
def test_each_form_has_its_blocks(html: str, blocks: list[tuple[str, str]]) -> None:
    assert _fragment(html) == blocks


def test_an_accent_in_an_element_of_its_own_joins_its_letter() -> None:
    assert _fragment("<p>caf<b>e</b><em>&#x301;</em> it is</p>") == [("paragraph", "caf<strong>é</strong> it is")]


def test_no_list_item_skips_a_level() -> None:
    document = from_html("<ul><ul><ul><li>One.</li></ul></ul><li>Two.<ul><li>Three.</li></ul></li></ul>")
    assert [item.level for item in _of(document, "list item")] == [0, 0, 1]


def test_the_title_is_the_heading_that_the_pages_title_holds() -> None:
    headings = "<h1>Welcome</h1><article><h1>A toll</h1><h1>Part one</h1>"
    assert from_html(f"<html><title>Our paper: A toll</title><body>{headings}<p>{PROSE}</p>").title == "A toll"


def test_cells_over_several_columns_and_rows_are_taken_apart() -> None:
    html = "<table><tr><th colspan=2>A<th>B<tr><td rowspan=2>1<td>2<td>3<tr><td>4<td>5</table>"
    head = "<thead><tr><th>A </th><th></th><th>B </th></tr></thead>"
    body = "<tbody><tr><td>1 </td><td>2 </td><td>3 </td></tr><tr><td></td><td>4 </td><td>5</td></tr></tbody>"
    assert _fragment(html) == [("table", head + body)]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(
            '<p>Text<a href="#f1" id=r1><sup>1</sup></a>.</p><section class=footnotes role=doc-endnotes>'
            '<hr><ol><li id=f1><p>Note.<a href="#r1" role=doc-backlink>↩︎</a></p></ol></section>',
            id="pandoc",
        ),
        pytest.param(
            '<p>Text<sup>[<a href="#f1">1</a>]</sup>.</p><p id=f1>[1] Note. <a href="#r1">back</a></p>',
            id="a numbered paragraph",
        ),
        pytest.param(
            '<p>Text<a name="r1" href="#f1">[1]</a>.</p><hr><p><a name="f1" href="#r1">[1]</a> Note.</p>', id="anchors"
        ),
    ],
)
def test_notes_are_known_by_their_references(html: str) -> None:
    text, note = from_html(html).blocks
    assert (note.kind, note.key, note.marker, note.html) == ("footnote", "f1", "1", "Note.")
    assert text.html in {'Text<sup><a href="#f1">1</a></sup>.', 'Text<sup>[<a href="#f1">1</a>]</sup>.'}


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><text>x</text></svg>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,x'>x</object>", "<style>p{}</style>", "<p onclick='alert(1)'>x</p>",
    "<table><caption onclick=x>c</caption><tr><td style='x' onclick=y>1<td>2<tr><td>3<td>4</table>",
    "<figure><img src='javascript:alert(1)' alt='a'><figcaption onclick=x>c</figcaption></figure>",
    "<pre onclick=x><script>alert(1)</script>code</pre>", "<math href='javascript:x'><mi>x</mi></math>",
])  # fmt: skip
def test_nothing_that_acts_comes_through(hostile: str) -> None:
    for html in (f"<p>{PROSE}</p>{hostile}<p>{PROSE}</p>", _whole(f"<p>{PROSE}</p>{hostile}<p>{PROSE}</p>")):
        kept = "".join(f"{block.html}{block.image}{block.alt}" for block in from_html(html, address=ADDRESS).blocks)
        assert not [
            word for word in ("script", "onerror", "onclick", "onload", "style", "data:", "alert") if word in kept
        ]


@pytest.mark.parametrize(
    "around", ["<div>", "<span>", "<blockquote>", "<ul><li>", "<table><tr><td>a<td>", "<em>", "<b>"]
)
@pytest.mark.parametrize("depth", [300, 10_000])
def test_depth_is_read_or_refused(around: str, depth: int) -> None:
    try:
        blocks = from_html(_whole(f"<p>{PROSE}</p>{around * depth}<p>{PROSE}</p>")).blocks
    except ExtractionError as error:
        assert str(error).startswith("Its elements stand in one another too deep")  # noqa: PT017
    else:
        assert blocks


@pytest.mark.parametrize(
    "html", ["", " ", "\x00", "<<<", "<html><body><nav><a href=/>Home</a></nav></body></html>", "<script>x</script>"]
)
def test_what_holds_no_article_is_refused(html: str) -> None:
    with pytest.raises(ExtractionError, match="There is no article in it"):
        from_html(html)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<p {' '.join(f'a{number}' for number in range(400_000))}>{PROSE}</p>", id="attributes"),
        pytest.param("<i></i>" * 100_001 + PROSE, id="elements"),
    ],
)
def test_more_than_any_page_has_is_refused(body: str) -> None:
    with pytest.raises(ExtractionError, match="than any"):
        from_html(_whole(body))


def test_cells_that_reach_over_all_others_are_read() -> None:
    cells = f"<tr>{'<td rowspan=100 colspan=100>x</td>' * 50}</tr>" * 200
    assert from_html(_whole(f"<p>{PROSE}</p><table>{cells}</table>")).blocks


def test_broken_tags_are_mended() -> None:
    assert _fragment(f"<p>{PROSE} <b>so<i> it</b> is</i><p>and <a href='http://x.example'>on") == [
        ("paragraph", f"{PROSE} <strong>so <em>it</em></strong> is"),
        ("paragraph", 'and <a href="http://x.example">on</a>'),
    ]


# Bytes.


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        pytest.param("é".encode(), "", "é", id="UTF-8 unless told"),
        pytest.param("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é", id="the header tells"),
        pytest.param("“".encode("cp1252"), "text/html; charset=latin1", "“", id="Latin 1 is what browsers take it for"),
        pytest.param(
            b'<meta charset="windows-1251">' + "да".encode("cp1251"),
            "",
            '<meta charset="windows-1251">да',
            id="a meta element tells",
        ),
        pytest.param("é".encode("utf-16"), "text/html; charset=utf-8", "é", id="a byte order mark tells best"),
        pytest.param("汉字".encode("gb18030"), "text/html; charset=gb2312", "汉字", id="Chinese"),
        pytest.param("é".encode(), "text/html; charset=x-unknown", "é", id="an unknown charset"),
    ],
)
def test_bytes_are_decoded(data: bytes, content_type: str, text: str) -> None:
    assert decode(data, content_type) == text


def test_a_charset_that_nobody_tells_is_found() -> None:
    text = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 20
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "It is empty", id="nothing"),
        pytest.param(b" \n", "It is empty", id="white space"),
        pytest.param(b"\x00\x01\x02\x03" * 100, "control characters", id="no text"),
        pytest.param(b"a" * (MAX_BYTES + 1), "over 5 MB", id="too much"),
    ],
)
def test_bytes_that_are_no_page_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(DecodingError, match=message):
        decode(data)

"""What comes of plain texts: typed, wrapped, or saved from a page with its furniture."""

import textwrap
from pathlib import Path

import pytest

from reader.importing.extraction import ExtractionError, from_plain_text
from reader.text.blocks import Document
from reader.text.paragraphs import plain_text

FIRST_ARTICLE = Path(__file__).parents[2] / "reader" / "data" / "first-article.txt"

BRIDGE = (
    "The bridge was built in 1990 with public money. Nobody has counted the traffic on it since it opened that May."
)
TOLL = (
    "It carries 39,000 cars a day, they say. “It is safe,” said the mayor, who has never crossed it on foot or by car."
)
END = (
    "The toll should go, and the men who asked for it should go as well, as soon as there are others to do their work."
)


def texts_of(document: Document, kind: str = "paragraph") -> list[str]:
    return [plain_text(block.html) for block in document.blocks if block.kind == kind]


@pytest.fixture(scope="module")
def first_article() -> Document:
    return from_plain_text(FIRST_ARTICLE.read_text(encoding="utf-8"))


def test_the_first_article_has_its_head_matter_once(first_article: Document) -> None:
    title = "China Cutting Cooperation With the US on Illegal Immigration Shows It’s Two-Faced"
    assert (first_article.title, first_article.kicker, first_article.byline) == (title, "Commentary", "Peter Dahlin")
    assert first_article.author_note.startswith("Peter Dahlin is the founder of the NGO Safeguard Defenders")
    assert first_article.author_note.endswith("now lives in Madrid, Spain.")


def test_the_first_article_is_a_caption_nine_paragraphs_and_a_note(first_article: Document) -> None:
    kinds = [block.kind for block in first_article.blocks]
    assert kinds == ["figure", *["paragraph"] * 9, "note"]
    paragraphs = texts_of(first_article)
    assert paragraphs[0].startswith("The Chinese regime has taken it")
    assert paragraphs[8].startswith("With a partner like that")
    assert texts_of(first_article, "note")[0].startswith("Views expressed in this article")


def test_the_first_articles_caption_names_its_photographer(first_article: Document) -> None:
    caption = first_article.blocks[0].html
    assert caption.endswith("on May 18, 2020. <cite>Nicolas Asfouri/AFP via Getty Images</cite>")


def test_the_first_articles_furniture_is_dropped_and_listed(first_article: Document) -> None:
    names = ("Peter Dahlin", "Peter Dahlin", "Author")
    assert first_article.dropped == (first_article.title, "Updated:", "0:00", *names, "twitter", "Related Topics")


def test_no_line_of_the_first_article_is_lost(first_article: Document) -> None:
    kept = [plain_text(block.html) for block in first_article.blocks]
    head = [first_article.title, first_article.kicker, first_article.byline, first_article.author_note]
    lines = [line for line in FIRST_ARTICLE.read_text(encoding="utf-8").splitlines() if line]
    assert sorted([*head, *kept, *first_article.dropped]) == sorted(lines)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"A Toll Bridge\n\n{BRIDGE}\n\n{TOLL}\n", id="blank lines between paragraphs"),
        pytest.param(f"A Toll Bridge\n{BRIDGE}\n{TOLL}", id="single newlines between long lines"),
        pytest.param(f"A Toll Bridge\r\n\r\n{BRIDGE}\r\n\r\n{TOLL}\r\n", id="line ends of Windows"),
        pytest.param(f"A Toll Bridge\r\r{BRIDGE}\r\r{TOLL}", id="line ends of an old Mac"),
        pytest.param(
            f"\ufeff\n \n\t\nA Toll Bridge\n\n{BRIDGE}\n\n{TOLL}", id="a byte order mark and blank lines above"
        ),
        pytest.param(f"A Toll Bridge\n\n  {BRIDGE}\n\n  {TOLL}", id="paragraphs set in"),
        pytest.param(
            f"A Toll Bridge\n\n{textwrap.fill(BRIDGE, 60)}\n\n{textwrap.fill(TOLL, 60)}", id="hard-wrapped paragraphs"
        ),
        pytest.param(
            f"A Toll Bridge\n\n{textwrap.fill(BRIDGE, 60)}\n   {textwrap.fill(TOLL, 60)}",
            id="hard-wrapped paragraphs told by their first line",
        ),
        pytest.param(f"{BRIDGE}\n\n{TOLL}".join(["A Toll Bridge\n\n* * *\n\n", "\n\n—\n"]), id="rules between"),
    ],
)
def test_ordinary_text_is_a_title_and_paragraphs(text: str) -> None:
    document = from_plain_text(text)
    assert document.title == "A Toll Bridge"
    assert [(block.kind, plain_text(block.html)) for block in document.blocks] == [
        ("paragraph", BRIDGE),
        ("paragraph", TOLL),
    ]


def test_a_title_broken_by_hand_is_one() -> None:
    title = "A Toll Bridge That Nobody in the Valley Ever Wanted and Everybody Paid For"
    document = from_plain_text(f"{textwrap.fill(title, 60)}\n\n{textwrap.fill(BRIDGE, 60)}")
    assert document.title == title


def test_a_line_set_in_begins_a_paragraph_even_after_a_full_line() -> None:
    first = "The bridge was built in 1990, when\nnobody had counted the traffic on."
    second = "It carries 39,000 cars a day, so\nthey say."
    wrapped = f"{first}\n  {second}"
    assert texts_of(from_plain_text(f"A Toll Bridge\n\n{wrapped}")) == [
        "The bridge was built in 1990, when nobody had counted the traffic on.",
        "It carries 39,000 cars a day, so they say.",
    ]


def test_paragraphs_of_one_line_each_are_not_taken_for_wrapped() -> None:
    lines = [sentence for sentence in BRIDGE.replace(". ", ".\n").splitlines() if sentence]
    assert texts_of(from_plain_text("\n".join(["A Toll Bridge", "", *lines, *lines]))) == [*lines, *lines]


def test_a_button_under_a_wrapped_paragraph_is_no_part_of_it() -> None:
    wrapped = "The bridge was built in 1990, when\nnobody had counted the traffic on."
    document = from_plain_text(f"A Toll Bridge\n\n{wrapped}\nShare\n\n{wrapped}")
    assert (len(texts_of(document)), document.dropped) == (2, ("Share",))


def test_short_lines_stay_lines() -> None:
    document = from_plain_text("Roses\n\nRoses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.")
    assert texts_of(document) == ["Roses are red,", "Violets are blue,", "Sugar is sweet,", "And so are you."]


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        pytest.param("By Jane Doe", "Jane Doe", id="by"),
        pytest.param("Written by Jane Doe", "Jane Doe", id="written by"),
        pytest.param("Jane Doe", "Jane Doe", id="the name alone"),
        pytest.param("BY JANE DOE", "JANE DOE", id="in capitals"),
        pytest.param("By Jane Doe and John Q. Roe", "Jane Doe and John Q. Roe", id="two writers"),
        pytest.param("By Jane Doe, The Valley Times", "Jane Doe, The Valley Times", id="with a paper"),
        pytest.param("By Jane Doe | May 3, 2020", "Jane Doe", id="with a date"),
        pytest.param("By the Editorial Board", "the Editorial Board", id="a board"),
        pytest.param("Ludwig van der Berg", "Ludwig van der Berg", id="small words in a name"),
        pytest.param("María José García-López", "María José García-López", id="accents and hyphens"),
        pytest.param("Jane Doe\nJohn Roe", "Jane Doe, John Roe", id="one on each line"),
        pytest.param("Jane Doe\nSenior Political Correspondent", "Jane Doe", id="with a post"),
    ],
)
def test_the_byline_is_found(line: str, byline: str) -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{line}\n\n{BRIDGE}\n\n{TOLL}")
    assert document.byline == byline
    assert texts_of(document) == [BRIDGE, TOLL]


@pytest.mark.parametrize(
    "line", ["By the time it opened, the bridge was old.", "Why We Left", "What It Costs to Cross"]
)
def test_other_lines_are_no_byline(line: str) -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{line}\n\n{BRIDGE}")
    assert document.byline == ""
    assert [plain_text(block.html) for block in document.blocks] == [line, BRIDGE]


@pytest.mark.parametrize("label", ["Commentary", "OPINION", "News Analysis", "Book Review", "Perspective |"])
def test_a_label_above_or_below_the_title_is_the_kicker(label: str) -> None:
    above = from_plain_text(f"{label}\n\nA Toll Bridge\n\n{BRIDGE}")
    below = from_plain_text(f"A Toll Bridge\n{label}\n\n{BRIDGE}")
    assert above == below
    assert (above.title, above.kicker) == ("A Toll Bridge", label)


def test_a_label_with_no_title_below_it_is_the_title() -> None:
    document = from_plain_text(f"Science\n\n{BRIDGE}\n\n{TOLL}")
    assert (document.title, document.kicker) == ("Science", "")


@pytest.mark.parametrize(
    "line",
    [
        "Updated:",
        "Published: May 5, 2020",
        "Published 5 May 2020 | Updated 6 May 2020, 10:15",
        "Last updated: 3 days ago",
        "Updated 3:15 p.m. ET, May 4, 2020",
        "Wednesday, May 5, 2020 at 10:15 AM",
        "2020-05-05",
        "0:00",
        "0:00 / 12:34",
        "5 min read",
        "128 comments",
        "Share",
        "Share this article",
        "Facebook",
        "twitter",
        "WhatsApp",
        "Print",
        "Advertisement",
        "Skip to content",
        "* * *",
        "→",
    ],
)
def test_furniture_is_dropped_wherever_it_stands(line: str) -> None:
    document = from_plain_text(f"{line}\nA Toll Bridge\n{line}\n\n{BRIDGE}\n\n{line}\n\n{TOLL}\n{line}")
    assert document.title == "A Toll Bridge"
    assert [plain_text(block.html) for block in document.blocks] == [BRIDGE, TOLL]
    assert document.dropped == (line,) * 4


@pytest.mark.parametrize(
    ("line", "html"),
    [
        pytest.param("Cars wait. Jane Doe/Reuters", "Cars wait. <cite>Jane Doe/Reuters</cite>", id="a slash"),
        pytest.param("Cars wait. (Jane Doe/AP)", "Cars wait. (<cite>Jane Doe/AP</cite>)", id="brackets"),
        pytest.param("Cars wait [Jane Doe/AP]", "Cars wait [<cite>Jane Doe/AP</cite>]", id="square brackets"),
        pytest.param(
            "Cars wait. AP Photo/J. Scott Roe", "Cars wait. <cite>AP Photo/J. Scott Roe</cite>", id="initials"
        ),
        pytest.param("Cars wait. Photo: Jane Doe", "Cars wait. <cite>Photo: Jane Doe</cite>", id="photo and colon"),
        pytest.param("Cars wait | Photo by Jane Doe", "Cars wait | <cite>Photo by Jane Doe</cite>", id="photo by"),
        pytest.param("Cars wait. Courtesy of the city", "Cars wait. <cite>Courtesy of the city</cite>", id="courtesy"),
        pytest.param(
            "Cars & lorries. © Jane Doe 2020", "Cars &amp; lorries. <cite>© Jane Doe 2020</cite>", id="copyright"
        ),
        pytest.param("Cars wait.\n(Jane Doe/Reuters)", "Cars wait. (<cite>Jane Doe/Reuters</cite>)", id="its own line"),
    ],
)
def test_a_caption_is_known_by_its_credit(line: str, html: str) -> None:
    head = from_plain_text(f"A Toll Bridge\n\n{line}\n\n{BRIDGE}")
    assert (head.blocks[0].kind, head.blocks[0].html) == ("figure", html)
    body = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n{line}\n\n{TOLL}")
    assert [block.kind for block in body.blocks] == ["paragraph", "figure", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "It is a matter of either/or.",
        "He told Reuters so himself, and he told the AP.",
        "He sent me two things. Photos of the bridge and a letter.",
        "That is what the report says. (Reuters)",
    ],
)
def test_a_paragraph_is_no_caption(line: str) -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n{line}\n\n{TOLL}")
    assert texts_of(document) == [BRIDGE, line, TOLL]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_credit_without_its_caption_is_dropped(gap: str) -> None:
    document = from_plain_text(f"A Toll Bridge{gap}Photo: Jane Doe\n\n{BRIDGE}")
    assert (document.title, len(document.blocks), document.dropped) == ("A Toll Bridge", 1, ("Photo: Jane Doe",))


def test_the_pages_title_gives_way_to_the_articles() -> None:
    document = from_plain_text(f"A Toll Bridge | The Valley Times\nA toll bridge\n\n{BRIDGE}")
    assert (document.title, document.dropped) == ("A toll bridge", ("A Toll Bridge | The Valley Times",))


@pytest.mark.parametrize(
    "note",
    [
        "Views expressed in this article are opinions of the author.",
        "The views and opinions expressed here are those of the author alone.",
        "This article was first published by The Valley Times.",
        "Correction: An earlier version gave another year.",
        "Editor’s note: The mayor has left since.",
    ],
)
def test_what_the_publisher_says_is_a_note(note: str) -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n{TOLL}\n\n{note}\n\nShare")
    assert texts_of(document) == [BRIDGE, TOLL]
    assert texts_of(document, "note") == [note]


@pytest.mark.parametrize("line", ["Views expressed by the mayor were harsh.", "The article was about a bridge."])
def test_words_about_views_and_articles_are_no_note(line: str) -> None:
    assert texts_of(from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n{line}")) == [BRIDGE, line]


@pytest.mark.parametrize(
    ("head", "tail", "note"),
    [
        pytest.param(
            "By Jane Doe", "Jane Doe writes about roads.", "Jane Doe writes about roads.", id="begins with the name"
        ),
        pytest.param("By Jane Doe", "The author is a driver.", "The author is a driver.", id="the author is"),
        pytest.param(
            "By Jane Doe",
            "Jane Doe\nAuthor\nShe writes about roads.\nShe lives in Bath.\nFollow",
            "She writes about roads.\nShe lives in Bath.",
            id="a card",
        ),
        pytest.param(
            "By Jane Doe and John Roe",
            "Jane Doe is a driver.\n\nJohn Roe teaches law.",
            "Jane Doe is a driver.\nJohn Roe teaches law.",
            id="two writers",
        ),
        pytest.param(
            "",
            "About the Author\nJane Doe\nShe writes about roads.",
            "She writes about roads.",
            id="the name only in the card",
        ),
        pytest.param(
            "", "Jane Doe is a professor of law.", "Jane Doe is a professor of law.", id="the name only in the note"
        ),
    ],
)
def test_what_is_said_of_the_writer_is_the_author_note(head: str, tail: str, note: str) -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{head}\n\n{BRIDGE}\n\n{TOLL}\n\n{tail}")
    assert document.author_note == note
    assert document.byline.startswith("Jane Doe")
    assert texts_of(document) == [BRIDGE, TOLL]


def test_a_paragraph_about_the_writer_inside_the_text_stays_there() -> None:
    line = "Jane Doe is a driver herself."
    document = from_plain_text(f"A Toll Bridge\n\nBy Jane Doe\n\n{BRIDGE}\n\n{line}\n\n{TOLL}")
    assert (texts_of(document), document.author_note) == ([BRIDGE, line, TOLL], "")


def test_the_only_paragraph_is_the_body_whatever_it_says() -> None:
    line = "Jane Doe is a professor of law."
    assert texts_of(from_plain_text(f"A Toll Bridge\n\n{line}")) == [line]


def test_a_signature_is_the_byline() -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n— Jane Doe")
    assert (document.byline, texts_of(document)) == ("Jane Doe", [BRIDGE])


def test_related_stories_go_with_their_heading() -> None:
    document = from_plain_text(
        f"A Toll Bridge\n\n{BRIDGE}\n\nRelated Stories\nAnother bridge falls\nTolls are up\n\n{TOLL}"
    )
    assert texts_of(document) == [BRIDGE, TOLL]
    assert document.dropped == ("Related Stories", "Another bridge falls", "Tolls are up")


def test_a_list_above_the_title_does_not_hide_it() -> None:
    document = from_plain_text(f"Top Stories\nA Toll Bridge\n\n{BRIDGE}")
    assert (document.title, document.dropped) == ("A Toll Bridge", ("Top Stories",))


def test_a_short_line_above_a_paragraph_is_a_heading() -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\nWhat the mayor said\n\n{TOLL}\n\nThe end")
    assert [block.kind for block in document.blocks] == ["paragraph", "heading", "paragraph", "paragraph"]


def test_lines_with_bullets_are_list_items() -> None:
    document = from_plain_text(f"A Toll Bridge\n\n{BRIDGE}\n\n- cars\n• lorries\n\n{TOLL}")
    assert texts_of(document, "list item") == ["cars", "lorries"]


def test_what_html_would_read_is_escaped() -> None:
    document = from_plain_text("A <b>Bridge</b>\n\nIt is <script>alert(1)</script> & so on, for a while.")
    assert document.title == "A <b>Bridge</b>"
    assert document.blocks[0].html == "It is &lt;script&gt;alert(1)&lt;/script&gt; &amp; so on, for a while."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("It is safe. It is not.", "It is safe", id="short sentences"),
        pytest.param(
            BRIDGE.replace(". Nobody", ", and nobody"),
            "The bridge was built in 1990 with public money, and nobody has counted the…",
            id="one long sentence",
        ),
    ],
)
def test_one_paragraph_alone_has_its_first_words_for_a_title(text: str, title: str) -> None:
    document = from_plain_text(text)
    assert (document.title, texts_of(document)) == (title, [text])


def test_paragraphs_without_a_title_keep_the_first() -> None:
    document = from_plain_text(f"{BRIDGE}\n\n{TOLL}\n\n{END}")
    assert document.title == "The bridge was built in 1990 with public money"
    assert texts_of(document) == [BRIDGE, TOLL, END]


def test_text_in_other_scripts_comes_in() -> None:
    document = from_plain_text("桥\n\n政府已经表示，这座桥是用公款建造的。\n\n每天有三万九千辆车经过。")
    assert (document.title, len(texts_of(document))) == ("桥", 2)


@pytest.mark.parametrize(
    "text", ["", " \n\t\r\n", "\ufeff\u200b", "A Toll Bridge", "A Toll Bridge\nBy Jane Doe", "Share\n0:00"]
)
def test_without_a_body_there_is_no_article(text: str) -> None:
    with pytest.raises(ExtractionError, match=r"^There is no (text|article) in it.*\.$"):
        from_plain_text(text)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import markdown


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("Some *emphasis* here", "<p>Some <em>emphasis</em> here</p>", id="emphasis is kept"),
        pytest.param("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>", id="raw HTML is shown and not obeyed"),
        pytest.param("# Loud", "<p># Loud</p>", id="a note has no headings"),
        pytest.param(
            "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", id="scripts are words"
        ),
        pytest.param("see example.org", "<p>see example.org</p>", id="a name is not an address"),
    ],
)
def test_markdown_becomes_safe_html(body: str, expected: str) -> None:
    assert markdown.render(body) == expected


def test_a_link_tells_search_engines_that_a_reader_made_it() -> None:
    html = markdown.render("See https://example.org/a and [this](https://example.org/b)")
    assert html.count('rel="nofollow ugc noopener"') == 2


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"])
def test_a_link_to_anything_but_the_web_is_no_link(address: str) -> None:
    assert 'href="' + address not in markdown.render(f"[click]({address})")


def test_an_image_is_not_fetched_from_elsewhere() -> None:
    assert "<img" not in markdown.render("![dot](https://example.org/dot.png)")


@pytest.mark.parametrize("body", ["", "   ", "***", "> ", "<b></b>", "[](https://example.org)", "- \n- ", "&nbsp;"])
def test_markup_alone_is_no_words(body: str) -> None:
    assert not markdown.has_words(body)


@pytest.mark.parametrize("body", ["a", "**1**", "字", "> é", "`x`"])
def test_one_word_is_enough(body: str) -> None:
    assert markdown.has_words(body)


def test_a_gist_is_cut_between_words() -> None:
    gist = markdown.gist("**Word** " * 60)
    assert gist.endswith("Word…")
    assert len(gist) <= markdown.GIST_LENGTH


def test_a_gist_of_words_without_spaces_is_cut_between_characters() -> None:
    assert markdown.gist("字" * 200) == "字" * (markdown.GIST_LENGTH - 1) + "…"


def test_a_gist_does_not_lose_the_accent_of_its_last_letter() -> None:
    words = "e\u0301" * 100
    assert markdown.gist(words).rstrip("…").endswith("e\u0301")


@given(st.text(max_size=400))
def test_no_body_makes_a_tag_that_was_not_meant(body: str) -> None:
    html = markdown.render(body)
    assert "<script" not in html
    assert " on" not in "".join(part.split(">")[0] for part in html.split("<")[1:] if not part.startswith("a href"))


@given(st.text(max_size=400), st.integers(min_value=5, max_value=60))
def test_what_is_shortened_fits(words: str, length: int) -> None:
    assert len(markdown.shorten(words, length)) <= length + 1


# Quoting


def test_a_quotation_says_whose_words_they_are_and_leaves_room_below() -> None:
    assert markdown.quote("Some *emphasis*.\n\nAnd more.", by="ada") == (
        "ada wrote:\n\n> Some *emphasis*.\n>\n> And more.\n\n"
    )


def test_what_is_quoted_in_a_quotation_is_left_out() -> None:
    body = f"{markdown.quote('The first.', by='ada')}The second.\n\n> Elsewhere.\n\nThe third."
    assert markdown.quote(body, by="bob") == "bob wrote:\n\n> The second.\n>\n> The third.\n\n"


def test_a_body_of_nothing_but_a_quotation_is_quoted() -> None:
    assert markdown.quote("> The minutes say so.", by="ada") == "ada wrote:\n\n> > The minutes say so.\n\n"


def test_chosen_words_are_quoted_as_words() -> None:
    assert markdown.quote("By *2 \\* 3* of snake_case", by="ada", words="By 2 * 3 of snake_case") == (
        "ada wrote:\n\n> By 2 \\* 3 of snake_case\n\n"
    )


def test_words_that_the_body_does_not_have_are_not_quoted() -> None:
    assert markdown.quote("Some words.", by="ada", words="Other words") == markdown.quote("Some words.", by="ada")


def test_a_long_quotation_is_cut_between_blocks() -> None:
    blocks = ["First " + "word " * 80, "Second " + "word " * 80]
    quoted = markdown.quote("\n\n".join(blocks), by="ada")
    assert quoted.endswith("word\n>\n> …\n\n")
    assert "Second" not in quoted


@given(st.text(alphabet="ab \n>*_-`[]()#1.", max_size=2000))
def test_every_quotation_is_bounded_and_nothing_but_a_quotation(body: str) -> None:
    quoted = markdown.quote(body, by="ada")
    lines = quoted.removeprefix("ada wrote:\n\n").rstrip("\n").split("\n")
    assert all(line.startswith(">") for line in lines)
    assert sum(len(line.removeprefix("> ")) for line in lines) <= markdown.QUOTED_LENGTH + 1

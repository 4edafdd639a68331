"""HTML made safe: only what is on the list stays, whatever is thrown at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.importing import sanitizing
from reader.text.paragraphs import parse
from tests.unit.inline_html import inline_html

HOSTILE = [
    pytest.param("<script>alert(1)</script>", id="a script"),
    pytest.param("<scr<script>ipt>alert(1)</scr</script>ipt>", id="a script in a script"),
    pytest.param("<style>@import 'https://evil.example/x.css'</style>", id="a style"),
    pytest.param('<em onclick="alert(1)" style="x" class="y">a</em>', id="a handler"),
    pytest.param('<a href="javascript:alert(1)">a</a>', id="an address that is a script"),
    pytest.param('<a href=" java\tscript:alert(1)">a</a>', id="the same with white space"),
    pytest.param('<a href="&#106;avascript&colon;alert(1)">a</a>', id="the same in entities"),
    pytest.param('<a href="data:text/html,<script>alert(1)</script>">a</a>', id="an address that is a page"),
    pytest.param('<a href="vbscript:x">a</a><a href="file:///etc/passwd">b</a>', id="addresses of other schemes"),
    pytest.param('<a href="//evil.example/">a</a><a href="/local">b</a>', id="addresses without a scheme"),
    pytest.param('<a href="#x onclick=alert(1)">a</a>', id="a key that is none"),
    pytest.param("<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>", id="a drawing"),
    pytest.param("<svg><style><img src=x onerror=alert(1)></style></svg>", id="a drawing with a style"),
    pytest.param("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", id="a formula"),
    pytest.param('<iframe src="https://evil.example"></iframe><object data="x"></object><embed src="x">', id="frames"),
    pytest.param('<noscript><p title="</noscript><img src=x onerror=alert(1)>">', id="an attribute that ends one"),
    pytest.param("<img src=x onerror=alert(1)><video><source onerror=alert(1)></video>", id="pictures"),
    pytest.param(
        '<form action="https://evil.example"><input><button formaction="javascript:x">a</button>', id="a form"
    ),
    pytest.param("<!--><script>alert(1)</script>-->", id="a comment"),
    pytest.param("<template><script>alert(1)</script></template>", id="a template"),
    pytest.param("<textarea></textarea><script>alert(1)</script>", id="text that ends a field"),
    pytest.param("<base href='https://evil.example'><meta http-equiv=refresh content='0;url=x'>", id="a page's head"),
    pytest.param("<p>" * 3000 + "<b onx=1>", id="depth"),
]


def _names(html: str) -> set[str]:
    return {tag.strip("</>").partition(" ")[0] for _, tag in parse(html)} - {""}


def _is_safe(html: str, allowed: frozenset[str]) -> bool:
    tags = [tag for _, tag in parse(html)]
    attributes = " ".join(tag.partition(" ")[2] for tag in tags).lower()
    return _names(html) <= allowed and not any(word in attributes for word in ("on", "script", "data:", "style"))


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_acts_survives_in_words(html: str) -> None:
    for around in ("{}", "<em>{}</em>", '<a href="mailto:a@b.example">{}</a>'):
        assert _is_safe(sanitizing.inline(around.format(html)), sanitizing.INLINE)


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_acts_survives_in_tables(html: str) -> None:
    for around in ("<tr><td>{}</td></tr>", "<caption>{}</caption>", "{}", "<tr>{}</tr>"):
        assert _is_safe(sanitizing.table(around.format(html)), sanitizing.INLINE | sanitizing.TABLE)


@given(
    st.lists(
        st.sampled_from([*"<>/=\"'& ab", "script", "a href=", "javascript:", "em", "td", "svg", "on=x ", "<!--", "-->"])
    ).map("".join)
)
def test_no_text_makes_another_element(html: str) -> None:
    assert _names(sanitizing.inline(html)) <= sanitizing.INLINE
    assert _names(sanitizing.table(html)) <= sanitizing.INLINE | sanitizing.TABLE


@given(inline_html)
def test_what_is_safe_stays_as_it_is(html: str) -> None:
    safe = sanitizing.inline(html)
    assert sanitizing.inline(safe) == safe


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        pytest.param(
            '<a href="https://example.org/a?b=1&amp;c">x</a>',
            '<a href="https://example.org/a?b=1&amp;c">x</a>',
            id="a link",
        ),
        pytest.param(
            '<a href="mailto:a@b.example" title="t">x</a>', '<a href="mailto:a@b.example">x</a>', id="a mail address"
        ),
        pytest.param('<a href="#cite_note-5">5</a>', '<a href="#cite_note-5">5</a>', id="a link to a block"),
        pytest.param('<a href="/local">x</a> <a>y</a>', "x y", id="a link that leads nowhere is its words"),
        pytest.param("a<br/>b <u>c</u> <sup>2</sup>", "a<br>b c <sup>2</sup>", id="elements"),
    ],
)
def test_inline_elements_stay(html: str, clean: str) -> None:
    assert sanitizing.inline(html) == clean


def test_a_table_keeps_its_cells_and_what_they_span() -> None:
    head = '<caption>c</caption><tr><th scope="col" colspan="2" width="9">a</th></tr>'
    assert sanitizing.table(f'{head}<tr><td rowspan="x">b</td><td><em>c</em></td></tr>') == (
        '<caption>c</caption><tbody><tr><th scope="col" colspan="2">a</th></tr>'
        "<tr><td>b</td><td><em>c</em></td></tr></tbody>"
    )


def test_a_table_in_a_table_is_its_words() -> None:
    html = sanitizing.table("<tr><td>a <table><tr><td><em>b</em></td></tr></table></td></tr>")
    assert html == "<tbody><tr><td>a <em>b</em></td></tr></tbody>"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        pytest.param("https://example.org/a b", "https://example.org/ab", id="white space goes"),
        pytest.param(
            "https://example.org/“ü”?a=<b>", "https://example.org/“ü”?a=%3Cb%3E", id="signs of HTML are written out"
        ),
        pytest.param("https:///path", "", id="no host"),
        pytest.param("http://[half", "", id="half an address"),
        pytest.param("HTTPS://example.org/", "HTTPS://example.org/", id="capitals"),
        pytest.param("ftp://example.org/", "", id="another scheme"),
        pytest.param("example.org", "", id="no scheme"),
    ],
)
def test_addresses_have_one_spelling(url: str, address: str) -> None:
    assert sanitizing.address(url) == address

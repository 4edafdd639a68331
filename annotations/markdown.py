"""Annotation bodies: Markdown in, safe HTML and one plain line out.

Pure. CommonMark without raw HTML, headings, images and tables; bare addresses become links. What comes out is
sanitised once more, so that a slip in the one does not become a hole in the page.
"""

import html
import unicodedata

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

GIST_LENGTH = 110

_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
_SCHEMES = {"http", "https", "mailto"}
_markdown = (
    MarkdownIt("commonmark", {"html": False, "linkify": True})
    .enable("linkify")
    .disable(["heading", "lheading", "image", "hr", "html_block", "html_inline"])
)
# "example.com" in a sentence is a name; "https://example.com" is an address.
_markdown.linkify = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False})


def render(body: str) -> str:
    """Give the body as HTML that is safe to show. Links carry rel="nofollow ugc noopener"."""
    return nh3.clean(
        _markdown.render(body),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
    ).strip()


def plain(body: str) -> str:
    """Give the words of the body on one line, without their markup."""
    unmarked = html.unescape(nh3.clean(_markdown.render(body), tags=set()))
    return " ".join(unmarked.split())


def has_words(body: str) -> bool:
    """Say whether anything is left to read when all markup, Markdown's or HTML's, is taken away."""
    words = html.unescape(nh3.clean(plain(body), tags=set()))
    return any(unicodedata.category(character)[0] in "LN" for character in words)


def gist(body: str) -> str:
    """Give the beginning of the body as one line of at most GIST_LENGTH code points, cut between words."""
    return shorten(plain(body), GIST_LENGTH)


def shorten(words: str, length: int) -> str:
    """Give at most so many code points of the words, cut between two of them where there is a space to cut at."""
    if len(words) <= length:
        return words
    cut = words[:length].rsplit(" ", 1)[0] if " " in words[:length] else words[: length - 1]
    # A cut inside a cluster would change its last letter.
    while cut and unicodedata.combining(words[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" ,;:.–—-") + "…"

"""Annotation bodies: Markdown in, safe HTML and one plain line out.

Pure. CommonMark without raw HTML, headings, images and tables; bare addresses become links. What comes out is
sanitised once more, so that a slip in the one does not become a hole in the page.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt

GIST_LENGTH = 110
# What an answer quotes reminds of what stands above it; the rest is read there.
QUOTED_LENGTH = 600

# The line over a quotation, as `quote` writes it.
_ATTRIBUTION = re.compile(r"\S+ wrote:")
# What Markdown would take for markup in words that were read, not written; inside a word an underscore is none.
_MARKUP = re.compile(r"[\\`*\[\]<>]|(?<!\w)_|_(?!\w)")

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


def links(body: str) -> list[str]:
    """Give the addresses that the body leads to, in their order, each as often as it stands there."""
    inline = (child for token in _markdown.parse(body) for child in token.children or ())
    return [str(token.attrs["href"]) for token in inline if token.type == "link_open"]


def has_words(body: str) -> bool:
    """Say whether anything is left to read when all markup, Markdown's or HTML's, is taken away."""
    words = html.unescape(nh3.clean(plain(body), tags=set()))
    return any(unicodedata.category(character)[0] in "LN" for character in words)


def gist(body: str) -> str:
    """Give the beginning of the body as one line of at most GIST_LENGTH code points, cut between words."""
    return shorten(plain(body), GIST_LENGTH)


def quote(body: str, *, by: str, words: str = "") -> str:
    """Give Markdown that quotes the body, under a line that says who wrote it; an answer goes on below.

    `words` are those that were chosen of it, as they are read; where the body does not have them all of it is quoted.
    What it quotes itself is left out, unless there is nothing else. What is long is cut.
    """
    chosen = " ".join(words.split())
    blocks = [_MARKUP.sub(r"\\\g<0>", chosen)] if chosen and chosen in plain(body) else _own_blocks(body)
    lines = "\n\n".join(_cut(blocks, QUOTED_LENGTH)).split("\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{by} wrote:\n\n{quoted}\n\n"


def shorten(words: str, length: int) -> str:
    """Give at most so many code points of the words, cut between two of them where there is a space to cut at."""
    if len(words) <= length:
        return words
    cut = words[:length].rsplit(" ", 1)[0] if " " in words[:length] else words[: length - 1]
    # A cut inside a cluster would change its last letter.
    while cut and unicodedata.combining(words[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" ,;:.–—-") + "…"


def _own_blocks(body: str) -> list[str]:
    """Give the source of each block of the body that is not a quotation, nor the line over one."""
    lines = body.split("\n")
    blocks = [
        (token.type == "blockquote_open", "\n".join(lines[token.map[0] : token.map[1]]).strip("\n"))
        for token in _markdown.parse(body)
        if token.level == 0 and token.map and token.nesting >= 0
    ]
    own = [
        block
        for (is_quotation, block), (is_before_quotation, _) in pairwise([*blocks, (False, "")])
        if not is_quotation and not (is_before_quotation and _ATTRIBUTION.fullmatch(block.strip()))
    ]
    return own or [block for _, block in blocks]


def _cut(blocks: list[str], length: int) -> Iterator[str]:
    """Give whole blocks as long as there is room for them; the first is cut between its words where it is too long."""
    room = length
    for block in blocks:
        if len(block) > room:
            yield shorten(block, room) if room == length else "…"
            return
        yield block
        room -= len(block)

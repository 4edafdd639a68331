"""Blocks and documents: a text as it comes in and as it is worked on, before it is kept as a revision.

Pure. Kinds are those paragraphs have: paragraph, heading, quote, list item, figure, table, code, footnote, note.
"""

from dataclasses import dataclass, replace
from datetime import date

from reader.text import paragraphs


@dataclass(frozen=True)
class Block:
    """One block of an article.

    `html` is safe inline HTML (em, strong, a, code, sup, sub, cite, br); of a table its rows and cells besides, of code
    its words with their line breaks, of a figure its caption. A link to another block goes to `#key`.
    """

    kind: str
    html: str
    # What links in the text call it, until it has a name: of a footnote "cite_note-5".
    key: str = ""
    # Of a heading 2 to 4, the title being 1 (0 says 2); of a list item how deep it stands, from 0.
    level: int = 0
    # What stands before a numbered list item or a footnote: "3.", "a".
    marker: str = ""
    # Of a figure: the picture's address while an import reads it, then the hash under which it is kept.
    image: str = ""
    alt: str = ""
    # The permanent name it came with, in a draft of an article that has revisions; a hint, as words decide.
    name: str = ""

    @property
    def text(self) -> str:
        """Give its plain text."""
        return paragraphs.plain_text(self.html)


@dataclass(frozen=True)
class Document:
    """An article as an import found it or as its editor left it, with the lines dropped as furniture."""

    title: str
    kicker: str
    byline: str
    author_note: str
    blocks: tuple[Block, ...]
    dropped: tuple[str, ...] = ()
    # What is known of its first publication; empty where the text does not say.
    publisher: str = ""
    original_url: str = ""
    language: str = ""
    published_on: date | None = None


def tidied(block: Block) -> Block:
    """Give the block with its text canonical, so that `plain_text` of it is what readers see and quote.

    Code keeps its line breaks and indentation and nothing else of its markup. The words of a table's cells, rows and
    caption are parted by a space, which stands in the cell before.
    """
    match block.kind:
        case "code":
            html = paragraphs.tidy_code(block.html)
        case "table":
            html = paragraphs.tidy_table(block.html)
        case _:
            html = paragraphs.tidy(block.html)
    return replace(block, html=html, alt=paragraphs.normalize(block.alt), marker=paragraphs.normalize(block.marker))

"""Markdown in and out: an article from Markdown, and any article's blocks as Markdown that an editor can work on.

Pure. What `to_markdown` writes, `from_markdown_blocks` reads back to the same blocks. Besides CommonMark: tables with
pipes, `[^key]` and `[^key]: text` for notes at the foot, `::: note` for the publisher's, an image with the caption on
the next line for a figure, `Table: caption` above a table, `{#key}` at the end of a block that others link to, and
inline <sup>, <sub>, <cite>, <br>.
"""

from reader.importing.markdown.articles import from_markdown, from_markdown_blocks
from reader.importing.markdown.single_blocks import block_to_markdown, blocks_from_block_markdown
from reader.importing.markdown.writing import to_markdown

__all__ = [
    "block_to_markdown",
    "blocks_from_block_markdown",
    "from_markdown",
    "from_markdown_blocks",
    "to_markdown",
]

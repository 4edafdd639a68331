"""One block as Markdown for an editor, and back: what it says, without what it is.

Pure. Kind, level and marker are not in the text, so what comes back takes them from the block it was made from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import count

from reader.importing.markdown.parsing import notes_of, parsed
from reader.importing.markdown.reading import in_order, read
from reader.importing.markdown.writing import Writer, is_number
from reader.importing.markdown.writing_words import references, words_to_markdown
from reader.text.blocks import Block, tidied


def block_to_markdown(block: Block) -> str:
    """Write the words of one block as Markdown, without what its kind, level and marker say.

    Code is itself; a table has its pipes, a figure its image and below that its caption.
    """
    match block.kind:
        case "code":
            return block.text
        case "table" | "figure":
            return Writer((block,), is_alone=True).text().rstrip("\n")
        case _:
            return words_to_markdown(block.html, references(block.html))


def blocks_from_block_markdown(text: str, like: Block) -> tuple[Block, ...]:
    """Read what an editor made of one block's Markdown: blocks of its kind, one for each part between empty lines.

    Unchanged text gives the very same block. What is written as another kind, such as a heading, becomes that.
    """
    if "\n".join(text.splitlines()).strip() == block_to_markdown(like).strip():
        return (like,)
    if like.kind == "code":
        block = tidied(replace(like, html=escape(text, quote=False)))
        return (block,) if block.html else ()
    tokens = parsed(text)
    notes = {**notes_of(tokens), **{key: (key, sign) for key, sign in references(like.html).items()}}
    blocks = in_order(read(tokens, notes).blocks)
    if like.kind == "footnote":
        html = "<br> ".join(block.html for block in blocks if block.kind == "paragraph")
        blocks = (
            [Block("paragraph", html), *(block for block in blocks if block.kind != "paragraph")] if html else blocks
        )
    return tuple(_likened(blocks, like))


def _likened(blocks: Sequence[Block], like: Block) -> list[Block]:
    """Give the blocks with the first as the one they were made from, and plain paragraphs of its kind."""
    result: list[Block] = []
    markers = _markers_after(like.marker)
    for block in blocks:
        each = block
        if block.kind == "paragraph" and like.kind not in {"table", "figure"}:
            each = replace(block, kind=like.kind, level=like.level, marker=next(markers))
        if each.kind == like.kind and not any(before.kind == like.kind for before in result):
            each = replace(each, key=like.key, name=like.name)
        result.append(each)
    return result


def _markers_after(marker: str) -> Iterator[str]:
    yield marker
    if not is_number(marker):
        while True:
            yield ""
    for number in count(int(marker[:-1]) + 1):
        yield f"{number}."

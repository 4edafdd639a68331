"""Blocks made ready to be an article's, wherever they come from: links that lead somewhere, levels that follow.

Pure. Also what an article is told with that no page says: a title made from its words, and what was lost on the way.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reader.importing import sanitizing
from reader.text.blocks import Block

# What an article has at least one of.
BODY_KINDS = {"paragraph", "list item", "quote", "table", "code"}

# A title made from the first words of a text that has none.
_MADE_TITLE_LENGTH = 80


def levelled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the blocks with the highest headings on level 2, and none below 4; no list item skips a level."""
    top = min((block.level for block in blocks if block.kind == "heading"), default=2)
    result: list[Block] = []
    depth = -1
    for block in blocks:
        level = min(block.level, depth + 1) if block.kind == "list item" else block.level
        depth = level if block.kind == "list item" else -1
        level = min(4, block.level - top + 2) if block.kind == "heading" else level
        result.append(replace(block, level=level) if level != block.level else block)
    return tuple(result)


def settled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the blocks with each link to a block going to one that is there, and only those keys that are linked to."""
    keys = {block.key for block in blocks}
    linked = {key for block in blocks if 'href="#' in block.html for key in links(block.html)}
    return tuple(
        replace(
            block,
            key=block.key if block.key in linked or block.kind == "footnote" else "",
            html=_unlinked(block.html, keys) if 'href="#' in block.html else block.html,
        )
        for block in blocks
    )


def links(html: str) -> set[str]:
    """Give the keys that the HTML links to."""
    return set(re.findall(r'<a href="#([^"]+)">', html))


def made_title(blocks: Sequence[Block]) -> str:
    """Make a title from the first words of a text that has none."""
    words = next((block.text for block in blocks if block.kind in BODY_KINDS), "")
    return words if len(words) <= _MADE_TITLE_LENGTH else words[:_MADE_TITLE_LENGTH].rpartition(" ")[0] + "…"


def counted(lost: Counter[str]) -> list[str]:
    """Say what was lost, a line each: "a video", "12 links of menus and lists"."""
    return [_several(what, count) for what, count in lost.items() if count]


def _unlinked(html: str, keys: set[str]) -> str:
    gone = [f'<a href="#{key}">' for key in links(html) if key not in keys]
    for tag in gone:
        html = html.replace(tag, "<a>")
    return sanitizing.inline(html).replace("&nbsp;", " ") if gone else html


def _several(what: str, count: int) -> str:
    if count == 1:
        return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
    noun, space, rest = what.partition(" of ") if " of " in what else (what, "", "")
    for word in (" without", " that"):
        if word in noun:
            noun, space, rest = noun.partition(word)
    plural = {"leads": "lead"}
    rest = " ".join(plural.get(word, word) for word in rest.split(" "))
    return f"{count} {noun}s{space}{rest}"

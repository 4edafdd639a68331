"""An article from Markdown: its head matter from the front matter or the first lines, and its blocks.

Pure. What the fields may be called is what other programs call them.
"""

import re
from collections.abc import Mapping
from datetime import date

from reader.importing import finishing, furniture, sanitizing
from reader.importing.extraction import ExtractionError
from reader.importing.markdown.parsing import notes_of, parsed
from reader.importing.markdown.reading import in_order, read
from reader.text.blocks import Block, Document
from reader.text.paragraphs import normalize, plain_text

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELDS = re.compile(r"([A-Za-z_ -]+):\s*(.*)")


def from_markdown(text: str) -> Document:
    """Find the article in Markdown. Its first heading, when nothing stands before it, is the title.

    Front matter may give title, byline (author), kicker, publisher, language, date and original address. Raises
    ExtractionError when there is no text, or none but a title.
    """
    front = _FRONT_MATTER.match(text)
    fields = _fields(front[1]) if front else {}
    tokens = parsed(text[front.end() :] if front else text)
    found = read(tokens, notes_of(tokens))
    blocks = list(found.blocks)
    title = fields.get("title", "")
    if blocks and blocks[0].kind == "heading" and (not title or plain_text(blocks[0].html) == title):
        title = title or plain_text(blocks.pop(0).html)
    byline = fields.get("byline") or fields.get("author") or fields.get("authors", "")
    if blocks and not byline and blocks[0].kind == "paragraph":
        byline = furniture.byline(plain_text(blocks[0].html))
        blocks = blocks[1:] if byline else blocks
    if not blocks:
        raise ExtractionError("There is no article in it: nothing but a title." if title else "There is no text in it.")
    return Document(
        title=title or finishing.made_title(blocks),
        kicker=fields.get("kicker", ""),
        byline=byline,
        author_note="",
        blocks=finishing.settled(finishing.levelled(in_order(blocks))),
        dropped=tuple(finishing.counted(found.lost)),
        publisher=fields.get("publisher") or fields.get("site", ""),
        original_url=_web_address(fields),
        language=fields.get("language") or fields.get("lang", ""),
        published_on=_day(fields.get("date") or fields.get("published", "")),
    )


def from_markdown_blocks(text: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Read blocks from Markdown, with a line for each sort of thing that has no form here."""
    tokens = parsed(text)
    found = read(tokens, notes_of(tokens))
    return finishing.settled(in_order(found.blocks)), tuple(finishing.counted(found.lost))


def _fields(front: str) -> dict[str, str]:
    """Give the simple fields of the front matter, by small names."""
    found = (_FIELDS.fullmatch(line) for line in front.splitlines())
    return {
        match[1].strip().lower().replace("_", " ").replace("-", " "): normalize(match[2].strip().strip("\"'"))
        for match in found
        if match
    }


def _web_address(fields: Mapping[str, str]) -> str:
    names = ("original address", "original url", "canonical url", "canonical", "address", "url", "link", "source")
    found = (sanitizing.address(fields.get(name, "")) for name in names)
    return next((url for url in found if url.startswith("http")), "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None

"""Markdown taken apart into tokens, with the signs of ours that Markdown does not know: keys, depths, captions.

Pure. What the reading and the writing must agree on stands here: how a note is called, and how one tag is read.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.footnote import footnote_plugin

from reader.importing import sanitizing

KEY_AT_END = re.compile(r"(?:^|\s)\{#([\w.:-]+)\}\s*$")
_ITEM_START = re.compile(r"\{(>*)([^{}\s]*)\}(?:\s+|$)")
_TABLE_START = re.compile(r"Table:(?:\s+|$)")
_OWN_SIGN = re.compile(r"\d{1,4}|[^\W\d_]{1,2}|[^\w\s]{1,3}")


def parsed(text: str) -> list[Token]:
    """Give the tokens of the text, with the signs that are ours taken out of the words and put in `meta`."""
    return _markdown.parse(text.replace("\x00", ""), {})


def notes_of(tokens: Sequence[Token]) -> dict[str, tuple[str, str]]:
    """Give key and sign of each note by the label it has in the text."""
    notes: dict[str, tuple[str, str]] = {}
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            name, _, sign = label.partition("=")
            number = str(len(notes) + 1)
            key = sanitizing.key(name)
            key = key if any(character.isalnum() for character in key) else f"note-{number}"
            notes.setdefault(name, (key, sign or implied_sign(name, number)))
    return notes


def implied_sign(label: str, number: str) -> str:
    """Give what stands before a note when its label does not say: the label if that is a sign, else its number."""
    return label if _OWN_SIGN.fullmatch(label) else number


class Tag(HTMLParser):
    """Reads one tag."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.name, self.attributes, self.is_end = "", dict[str, str](), False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name, self.attributes = tag, {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        self.name, self.is_end = tag, True


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    footnote_plugin(markdown, inline=False, move_to_end=False, always_match_refs=True)
    container_plugin(markdown, "note")
    markdown.core.ruler.before("inline", "signs", _read_signs)
    # Addresses are judged where links and pictures are made of them.
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return markdown


def _read_signs(state: StateCore) -> None:
    """Take the signs for keys, depths and captions, which are ours and not Markdown's, out of the lines."""
    for index, token in enumerate(state.tokens):
        if token.type != "inline":
            continue
        if key := KEY_AT_END.search(token.content):
            token.meta["key"] = key[1]
            token.content = token.content[: key.start()]
        before = state.tokens[index - 2].type if index > 1 else ""
        if before == "list_item_open" and (start := _ITEM_START.match(token.content)):
            token.meta["depth"], token.meta["marker"] = len(start[1]), start[2]
            token.content = token.content[start.end() :]
        follows = state.tokens[index + 2].type if index + 2 < len(state.tokens) else ""
        if follows == "table_open" and (start := _TABLE_START.match(token.content)):
            token.meta["caption"] = True
            token.content = token.content[start.end() :]


_markdown = _parser()

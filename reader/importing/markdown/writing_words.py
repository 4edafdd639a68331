"""Words written as Markdown: safe inline HTML in, a line out that is read back as the very same.

Pure. Whether it is, is not reasoned about but tried: what Markdown cannot say stays HTML, every sign in it escaped.
"""

import re
from collections.abc import Mapping

from reader.importing.markdown.parsing import Tag, parsed
from reader.importing.markdown.reading import read
from reader.text.blocks import Block
from reader.text.paragraphs import parse

_REFERENCE = re.compile(r'<sup><a href="#([\w.:-]+)">([^<>\s\]=]{1,12})</a></sup>')
# Text of nothing but these says the same in Markdown.
_PLAIN = re.compile(r"[^\W\d_][^\\`*_\[\]<>&{}|~#]*[^\s\\`*_\[\]<>&{}|~#]")
_SPECIAL = re.compile(r"[\\`*\[\]<{]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_AT_START = re.compile(r"[#>+=~:|-]|\d{1,9}(?=[.)](?:\s|$))")
_PUNCTUATION = re.compile(r"""[!-/:-@\[-`{-~]""")


def references(html: str) -> dict[str, str]:
    """Give the signs of the notes that the HTML refers to, by their keys."""
    return dict(_REFERENCE.findall(html))


def words_to_markdown(html: str, notes: Mapping[str, str], *, is_cell: bool = False) -> str:
    """Write safe inline HTML as Markdown; as HTML with every sign escaped where Markdown could not say just that."""
    if _PLAIN.fullmatch(html):
        return html
    markdown = _marked(html, notes)
    if "|" in markdown and is_cell:
        return _literal(html)
    found = read(parsed(markdown), {key: (key, sign) for key, sign in notes.items()})
    return markdown if found.blocks == (Block("paragraph", html),) else _literal(html)


def image_to_markdown(block: Block) -> str:
    """Write the picture of a figure, without its caption."""
    return f"![{_escaped(block.alt)}]({_destination(block.image)})"


def longest_run(code: str) -> int:
    """Count the most backticks that stand in a row in code: what is around it has more."""
    return max((len(run) for run in re.findall("`+", code)), default=0)


def _marked(html: str, notes: Mapping[str, str]) -> str:
    pieces: list[str] = []
    parts = _REFERENCE.split(html)
    closers: list[str] = []
    for index in range(0, len(parts), 3):
        _mark(parts[index], pieces, closers)
        if index + 2 < len(parts):
            key, sign = parts[index + 1 : index + 3]
            is_note = notes.get(key) == sign
            pieces.append(f"[^{key}]" if is_note else f"<sup>[{_escaped(sign)}](#{key})</sup>")
    text = re.sub(r"#$", r"\\#", "".join(pieces))
    start = _AT_START.match(text)
    if start is None:
        return text
    return f"\\{text}" if not start[0].isdigit() else f"{start[0]}\\{text[start.end() :]}"


def _mark(html: str, pieces: list[str], closers: list[str]) -> None:
    is_code = False
    for text, tag in parse(html):
        pieces.append(_code_span(text) if is_code and text else _escaped(text))
        if tag == "</code>" and is_code:
            is_code = False
        elif tag == "<code>":
            is_code = True
        elif tag == "<br>" or not tag:
            pieces.append(tag)
        elif tag.startswith("</"):
            pieces.append(closers.pop() if closers else tag)
        else:
            opener, closer = _signs(tag)
            pieces.append(opener)
            closers.append(closer)


def _signs(tag: str) -> tuple[str, str]:
    match tag:
        case "<em>":
            return "*", "*"
        case "<strong>":
            return "**", "**"
        case _ if tag.startswith("<a "):
            return "[", f"]({_destination(Tag(tag).attributes.get('href', ''))})"
        case _:
            return tag, f"</{tag[1:]}"


def _code_span(code: str) -> str:
    ticks = "`" * (1 + longest_run(code))
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"


def _destination(url: str) -> str:
    if url and not re.search(r"[\s<>()\\&]", url):
        return url
    return f"<{_SPECIAL.sub(_backslashed, url)}>" if url else ""


def _literal(html: str) -> str:
    pieces: list[str] = []
    for text, tag in parse(html):
        pieces += (_PUNCTUATION.sub(_backslashed, text), tag)
    return "".join(pieces)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(_backslashed, text)


def _backslashed(match: re.Match[str]) -> str:
    return f"\\{match[0]}"

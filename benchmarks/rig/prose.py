"""Real prose to edit: long texts that Debian packages, cut into blocks of plain text."""

import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

_PAGE_EDGE = re.compile(r"\n[^\n]*\[Page \d+\]\n\f?\n?[^\n]*\n|\f")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"\\(?=[-+.*_#])|[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}|^[># \t]+", re.MULTILINE)
_BLANK = re.compile(r"\n[\s>]*\n")


class Source(NamedTuple):
    """A text, and the package that brings it."""

    package: str
    folder: str
    pattern: str
    clean: Callable[[str], str]
    # What a blank line is joined over: words of some scripts have no space between them.
    joint: str = " "


def _clean_markdown(text: str) -> str:
    return _MARKUP.sub("", _LINK.sub(r"\1", text))


def _clean_pages(text: str) -> str:
    return _PAGE_EDGE.sub("\n", text)


def _clean_nothing(text: str) -> str:
    return text


NEEDED = (
    Source("anarchism", "/usr/share/doc/anarchism/markdown", "*.md.gz", _clean_markdown),
    Source("jargon-text", "/usr/share/doc/jargon-text", "jargon.txt.gz", _clean_nothing),
)
# These are taken when they are installed: the first is in Debian's non-free part, the second has no spaces.
WELCOME = (
    Source("doc-rfc-std", "/usr/share/doc/RFC/standard", "rfc[1-9]*.txt.gz", _clean_pages),
    Source("debian-faq-zh-cn", "/usr/share/doc/debian/FAQ", "debian-faq.zh-cn.txt.gz", _clean_nothing, ""),
)


def is_installed(source: Source) -> bool:
    return any(Path(source.folder).glob(source.pattern))


def blocks(source: Source) -> list[str]:
    """Give the blocks of all the source's files, each on one line."""
    return [block for path in sorted(Path(source.folder).glob(source.pattern)) for block in _read(path, source)]


def window(blocks: Sequence[str], length: int, random: Random) -> tuple[list[str], list[str]]:
    """Give neighbouring blocks of about so many characters from somewhere, and as many that lie elsewhere."""
    total = sum(map(len, blocks))
    skipped, start = random.uniform(0, max(0, total - 2 * length)), 0
    while skipped > 0:
        skipped -= len(blocks[start])
        start += 1
    stop = _stop(blocks, start, length)
    return list(blocks[start:stop]), list(blocks[stop : _stop(blocks, stop, length)] or blocks[:start])


def _stop(blocks: Sequence[str], start: int, length: int) -> int:
    stop = start
    while stop < len(blocks) and length > 0:
        length -= len(blocks[stop])
        stop += 1
    return stop


def _read(path: Path, source: Source) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        text = source.clean(file.read())
    for block in _BLANK.split(text):
        joined = source.joint.join(block.split("\n")) if not source.joint else block
        line = " ".join(joined.split())
        if source.joint == "":
            line = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", line)
        # Tables, drawings and lines of dots are no prose.
        if sum(map(str.isalpha, line)) > len(line) / 2:
            yield line

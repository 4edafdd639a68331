"""The words of a text, as comparing sees them: small letters, no punctuation, one character a word.

A word of a script that sets no spaces between words is one character of it.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import log2

from reader.text.spans import Span

# Characters of scripts without spaces between words: Thai to Myanmar, Khmer, kana, Han and its extensions.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
# What stands between words: white space, and punctuation of ASCII, Latin-1, the general block, CJK and full width.
_BETWEEN = (
    r"\s\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\u2010-\u205f\u2190-\u23ff\u2500-\u257f"
)
_BETWEEN += (
    r"\u2e00-\u2e7f\u3000-\u3004\u3008-\u303f\u30fb\ufe10-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
WORD = re.compile(f"[{_UNSPACED}]|[^{_BETWEEN}{_UNSPACED}]+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？\n]")

# Python has no more characters than this, so no more words can have one to themselves.
_CHARACTER_COUNT = 0x110000


class Vocabulary:
    """The words that several texts share: each has a character, the same in every text."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def key(self, word: str) -> str:
        """Give the character for the word, in whatever case it is written."""
        lowered = word.lower()
        key = self._keys.get(lowered)
        if key is None:
            key = self._keys[lowered] = chr(len(self._keys) % _CHARACTER_COUNT)
        return key


class Words:
    """The words of a text of several blocks, in order: where each lies, and its key.

    `keys` has one character a word. Offsets are code points of the canonical text. The words of block `i` are those
    from `bounds[i]` to `bounds[i + 1]`.
    """

    def __init__(self, blocks: Sequence[str], vocabulary: Vocabulary) -> None:
        self.text = "\n".join(blocks)
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.bounds = [0]
        self._read(blocks)
        key, text = vocabulary.key, self.text
        self.keys = "".join([key(text[start:end]) for start, end in zip(self.starts, self.ends, strict=True)])
        # How many characters the words before each word have, spaces and punctuation left out.
        self.lengths = list(
            accumulate((end - start for start, end in zip(self.starts, self.ends, strict=True)), initial=0)
        )

    def __len__(self) -> int:
        return len(self.keys)

    def word(self, index: int) -> str:
        """Give a word as it is compared."""
        return self.text[self.starts[index] : self.ends[index]].lower()

    def block(self, index: int) -> str:
        """Give the keys of a block's words."""
        return self.keys[self.bounds[index] : self.bounds[index + 1]]

    def block_of(self, index: int) -> int:
        """Say which block a word is in."""
        return bisect_right(self.bounds, index) - 1

    def within(self, span: Span) -> range:
        """Give the words that a span of the text holds or touches; for one between words, none before the next."""
        first = bisect_right(self.ends, span.start)
        return range(first, max(first, bisect_left(self.starts, span.end)))

    def opening(self, index: int) -> int:
        """Say how strongly something begins at a word: 2 for a sentence, 1 for what punctuation sets off, else 0."""
        if index in (0, len(self)):
            return 2
        between = self.text[self.ends[index - 1] : self.starts[index]]
        return 2 if _ENDS_SENTENCE.search(between) else int(bool(between.strip()))

    def _read(self, blocks: Sequence[str]) -> None:
        offset = 0
        for block in blocks:
            for match in WORD.finditer(block):
                start, end = match.span()
                self.starts.append(offset + start)
                self.ends.append(offset + end)
            self.bounds.append(len(self.starts))
            offset += len(block) + 1


def bits(before: Words, after: Words) -> tuple[list[float], list[float]]:
    """Give for both texts how much the words up to each word tell, summed, in bits.

    A word tells the more the rarer it is in the two texts together: a common one may stand anywhere by chance.
    """
    counts = Counter(before.keys)
    counts.update(after.keys)
    total = len(before) + len(after)
    told = {key: log2(total / count) + 1 for key, count in counts.items()}
    return _sums(before.keys, told), _sums(after.keys, told)


def _sums(keys: str, told: dict[str, float]) -> list[float]:
    return list(accumulate((told[key] for key in keys), initial=0.0))

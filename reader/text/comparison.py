"""Two states of a text compared by words, to be read by people: what stayed, what is gone and what is new.

Words and punctuation are compared; the white space between them goes with the word after it. Scripts that set no
spaces between words are compared by characters.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel

from reader.text.tracing import longest_increasing
from reader.text.words import WORD

Kind = Literal["same", "gone", "new"]

_PART = re.compile(rf"\s+|\d+(?:[.,]\d+)+|(?:{WORD.pattern})(?:[’'](?:{WORD.pattern}))*|.", re.DOTALL)
_ENDS_SENTENCE = ".!?…。！？"
# Words that stayed amid words that changed are chance, and are told as changed, when they have less than this share of
# the letters that changed round them; so many letters are never chance.
_CHANCE_SHARE = 1 / 3
_NEVER_CHANCE = 24
# Passages up to this length are told word by word on pages that show many; nobody reads longer ones there.
MOST_COMPARED = 3_000
# Comparing takes a bit of memory for each pair of words. Large texts are cut where the same few words stand once in
# both; what is larger still without such a place is told as changed.
_LARGE = 20_000_000
_TOO_LARGE = 500_000_000
_SEED = 3


class Piece(NamedTuple):
    """Words side by side that had the same fate."""

    kind: Kind
    text: str

    @property
    def space(self) -> str:
        """Give the white space it begins with, which is better not marked as changed; all of it is not."""
        return self.text[: len(self.text) - len(self.text.lstrip())] if self.text.strip() else ""

    @property
    def words(self) -> str:
        """Give it without the white space at its ends; white space alone stays."""
        return self.text.strip() or self.text

    @property
    def space_after(self) -> str:
        """Give the white space it ends with, as `space` does."""
        return self.text[len(self.text.rstrip()) :] if self.text.strip() else ""


class _Word(NamedTuple):
    """A word or a punctuation mark, and the white space before it."""

    space: str
    text: str


class _Run(NamedTuple):
    """Words that are the same in both texts, side by side."""

    before: int
    after: int
    size: int

    @property
    def before_end(self) -> int:
        return self.before + self.size

    @property
    def after_end(self) -> int:
        return self.after + self.size


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Give the pieces of both texts, in order: those same or gone spell `before`, those same or new spell `after`."""
    if before == after:
        return (Piece("same", before),) if before else ()
    return tuple(_joined(_Comparison(before, after).pieces()))


class _Comparison:
    """The words of two texts."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._before_tail = _words(before)
        self._after, self._after_tail = _words(after)
        keys: dict[str, int] = {}
        self._keys_before = _keys(self._before, keys)
        self._keys_after = _keys(self._after, keys)
        self._letters_before = _letters(self._before)
        self._letters_after = _letters(self._after)

    def pieces(self) -> Iterator[Piece]:
        """Give the pieces, of which neighbours may be of one kind."""
        last = _Run(0, 0, 0)
        for run in self._runs():
            yield from self._change(last, run)
            for before, after in zip(
                self._before[run.before : run.before_end], self._after[run.after : run.after_end], strict=True
            ):
                yield from _spaces(before.space, after.space)
                yield Piece("same", before.text)
            last = run
        yield from _spaces(self._before_tail, self._after_tail)

    def _change(self, last: _Run, run: _Run) -> Iterator[Piece]:
        """Give what lies between two runs; the space that both begin with stays."""
        gone, new = self._before[last.before_end : run.before], self._after[last.after_end : run.after]
        if gone and new and gone[0].space == new[0].space:
            yield Piece("same", gone[0].space)
            gone, new = [gone[0]._replace(space=""), *gone[1:]], [new[0]._replace(space=""), *new[1:]]
        yield Piece("gone", "".join(word.space + word.text for word in gone))
        yield Piece("new", "".join(word.space + word.text for word in new))

    def _runs(self) -> list[_Run]:
        """Give the words that stayed; the last run is empty and stands at the end of both texts."""
        runs = list(_without_empty(self._equal()))
        runs.append(_Run(len(self._before), len(self._after), 0))
        runs = list(_without_empty(self._slid(runs)))
        count = len(runs) + 1
        while len(runs) < count:
            count = len(runs)
            runs = self._without_chance(runs)
        return [*runs, _Run(len(self._before), len(self._after), 0)]

    def _equal(self) -> Iterator[_Run]:
        """Give the longest sequence of words that both texts have in order."""
        start_before, start_after = 0, 0
        for cut_before, cut_after in [*self._cuts(), (len(self._before), len(self._after))]:
            keys = self._keys_before[start_before:cut_before], self._keys_after[start_after:cut_after]
            if len(keys[0]) * len(keys[1]) <= _TOO_LARGE:
                for found in Indel.opcodes(*keys).as_matching_blocks():
                    yield _Run(start_before + found.a, start_after + found.b, found.size)
            start_before, start_after = cut_before, cut_after

    def _cuts(self) -> list[tuple[int, int]]:
        """Give places where the same few words begin in both texts and nowhere else, in order; none for short texts."""
        if len(self._before) * len(self._after) <= _LARGE:
            return []
        seeds = _once(self._keys_before)
        places = sorted((seeds[seed], place) for seed, place in _once(self._keys_after).items() if seed in seeds)
        return [places[index] for index in longest_increasing([after for _, after in places])]

    def _slid(self, runs: Sequence[_Run]) -> Iterator[_Run]:
        """Slide what was only taken out or only put in to where a sentence begins, if it can be.

        "One. The second. The third." without "second. The" is the same as without "The second.".
        """
        last = _Run(0, 0, 0)
        for run in runs:
            by = self._slide(last, run)
            yield last._replace(size=last.size + by)
            last = _Run(run.before + by, run.after + by, run.size - by)
        yield last

    def _slide(self, last: _Run, run: _Run) -> int:
        """Say by how many words what lies between two runs is better placed further on (or back, when negative)."""
        if run.after == last.after_end:
            words, keys, start, end = self._before, self._keys_before, last.before_end, run.before
        elif run.before == last.before_end:
            words, keys, start, end = self._after, self._keys_after, last.after_end, run.after
        else:
            return 0
        least, most = 0, 0
        while -least < last.size and keys[start + least - 1] == keys[end + least - 1]:
            least -= 1
        while most < run.size and keys[start + most] == keys[end + most]:
            most += 1
        return max(range(least, most + 1), key=lambda by: (_opens(words, start + by), by))

    def _without_chance(self, runs: Sequence[_Run]) -> list[_Run]:
        """Drop what stayed by chance: little amid much that changed on both sides. What stands at an end stays."""
        kept: list[_Run] = []
        for index, run in enumerate(runs):
            since = kept[-1] if kept else _Run(0, 0, 0)
            is_last = index + 1 == len(runs)
            until = _Run(len(self._before), len(self._after), 0) if is_last else runs[index + 1]
            gone = self._letters_before[until.before] - self._letters_before[since.before_end]
            new = self._letters_after[until.after] - self._letters_after[since.after_end]
            letters = self._letters_before[run.before_end] - self._letters_before[run.before]
            is_chance = letters < min(_NEVER_CHANCE, _CHANCE_SHARE * (min(gone, new) - letters))
            if not is_chance or self._is_at_an_end(run):
                kept.append(run)
        return kept

    def _is_at_an_end(self, run: _Run) -> bool:
        is_first = run.before == 0 and run.after == 0
        return is_first or (run.before_end == len(self._before) and run.after_end == len(self._after))


def _words(text: str) -> tuple[list[_Word], str]:
    """Give the words of the text, and the white space after the last."""
    words: list[_Word] = []
    space = ""
    for match in _PART.finditer(text):
        part = match[0]
        if part.isspace():
            space += part
        else:
            words.append(_Word(space, part))
            space = ""
    return words, space


def _keys(words: Sequence[_Word], known: dict[str, int]) -> list[int]:
    """Give a number for each word, the same for the same word."""
    return [known.setdefault(word.text, len(known)) for word in words]


def _letters(words: Sequence[_Word]) -> list[int]:
    """Give how many letters and digits the words before each word have."""
    counts = (len(word.text) if any(map(str.isalnum, word.text)) else 0 for word in words)
    return list(accumulate(counts, initial=0))


def _once(keys: Sequence[int]) -> dict[tuple[int, ...], int]:
    """Give the seeds that stand once in a text, with their places."""
    places: dict[tuple[int, ...], int] = {}
    again: set[tuple[int, ...]] = set()
    for place in range(len(keys) - _SEED + 1):
        seed = tuple(keys[place : place + _SEED])
        if seed in places:
            again.add(seed)
        places[seed] = place
    return {seed: place for seed, place in places.items() if seed not in again}


def _without_empty(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Give the runs that have words, those that go on where the last ended joined to it."""
    last = _Run(0, 0, 0)
    for run in runs:
        if last.size and run.before == last.before_end and run.after == last.after_end:
            last = last._replace(size=last.size + run.size)
        elif run.size:
            if last.size:
                yield last
            last = run
    if last.size:
        yield last


def _opens(words: Sequence[_Word], index: int) -> int:
    """Say how strongly something begins at a word: 3 for a sentence, 2 for what a mark sets off, 1 after a space."""
    if index == 0:
        return 3
    mark = words[index - 1].text
    if index < len(words) and not words[index].space and not mark.endswith(tuple("。！？")):
        return 0
    if mark[-1] in _ENDS_SENTENCE:
        return 3
    return 1 if mark[-1].isalnum() else 2


def _spaces(before: str, after: str) -> Iterator[Piece]:
    """Tell the white space before a word that stayed."""
    if before == after:
        yield Piece("same", before)
    else:
        yield Piece("gone", before)
        yield Piece("new", after)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put neighbours of one kind together; between two things that stayed, what is gone comes before what is new."""
    texts: dict[Kind, list[str]] = {"same": [], "gone": [], "new": []}
    for piece in pieces:
        if not piece.text:
            continue
        if piece.kind == "same":
            yield from _told(texts, "gone", "new")
        else:
            yield from _told(texts, "same")
        texts[piece.kind].append(piece.text)
    yield from _told(texts, "same", "gone", "new")


def _told(texts: dict[Kind, list[str]], *kinds: Kind) -> Iterator[Piece]:
    for kind in kinds:
        if texts[kind]:
            yield Piece(kind, "".join(texts[kind]))
            texts[kind] = []

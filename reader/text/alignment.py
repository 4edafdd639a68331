"""Which block of a new state of a text is which block of the old: the ground that names and anchors stand on.

Words decide. Blocks with the same text are the same; then those that share most of what only few blocks say; then
those in the same place that are written alike. Of copies, those with the same neighbours are the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise
from types import MappingProxyType

from rapidfuzz.distance import Indel

from reader.text.tracing import Trace, longest_increasing
from reader.text.words import Vocabulary, Words

# A word or pair of words in more blocks than this says little about which block is which.
_COMMON = 8
# How many blocks before are looked at closely for one after.
_CANDIDATE_COUNT = 4
# Blocks are taken for the same when they share this much of the words of both, or this much of the shorter one's.
_ENOUGH_OF_BOTH = 0.25
_ENOUGH_OF_ONE = 0.5
# Blocks in the same place are taken for the same when they are written this much alike.
_WRITTEN_ALIKE = 0.66
# Fewer words than this do not make a block an origin, unless they are all there is.
_FEW_WORDS = 3
# What an equal neighbour on one side, and what a hint, adds to the likeness of two blocks that words leave open.
_NEIGHBOUR = 0.1
_HINT = 0.05
# In a gap with more pairs of blocks than this, only those near the same relative place are compared.
_LARGE_GAP = 2_500
_BAND = 20

_NO_HINTS: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True)
class Alignment:
    """Which blocks after are which blocks before. Blocks are counted from 0."""

    # For each block after: the block before whose name it carries, or None when it is new. No block is in it twice.
    heirs: tuple[int | None, ...]
    # For each block after: every block before that it has words of, in order.
    origins: tuple[tuple[int, ...], ...]
    # Blocks after that stand in another order among their neighbours than before: the fewest that explain it.
    moved: frozenset[int]
    _heir_of: dict[int, int] = field(init=False, repr=False, compare=False)
    _parts_of: dict[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts: defaultdict[int, list[int]] = defaultdict(list)
        for after, origins in enumerate(self.origins):
            for before in origins:
                parts[before].append(after)
        heir_of = {before: after for after, before in enumerate(self.heirs) if before is not None}
        object.__setattr__(self, "_heir_of", heir_of)
        object.__setattr__(self, "_parts_of", {before: tuple(found) for before, found in parts.items()})

    def heir_of(self, before: int) -> int | None:
        """Give the block after that carries this block's name, or None when it is gone."""
        return self._heir_of.get(before)

    def parts_of(self, before: int) -> tuple[int, ...]:
        """Give every block after that has words of this one."""
        return self._parts_of.get(before, ())


def align(before: Sequence[str], after: Sequence[str], *, hints: Mapping[int, int] = _NO_HINTS) -> Alignment:
    """Say which blocks after are which blocks before, by their plain texts.

    A split block's name goes to the part with most of its words, the first on a tie; a merged block has the name of
    the one with most of its words. `hints` (a block after: a block before) are what an editor's page believes; they
    pair only blocks that words leave unpaired, and decide between equal ones such as copies.
    """
    known = {new: old for new, old in hints.items() if 0 <= new < len(after) and 0 <= old < len(before)}
    pairing = _Pairing(before, after, known)
    pairing.pair_by_words()
    trace = Trace(
        pairing.words_before, pairing.words_after, sorted((old, new) for new, old in pairing.before_of.items())
    )
    shared = _shared_words(trace, pairing.words_before, pairing.words_after)
    pairing.settle(shared)
    return Alignment(
        heirs=tuple(pairing.before_of.get(index) for index in range(len(after))),
        origins=_origins(shared, pairing),
        moved=_moved(pairing.before_of),
    )


class _Pairing:
    """The blocks paired so far."""

    def __init__(self, before: Sequence[str], after: Sequence[str], hints: Mapping[int, int]) -> None:
        self.before, self.after, self.hints = before, after, hints
        vocabulary = Vocabulary()
        self.words_before, self.words_after = Words(before, vocabulary), Words(after, vocabulary)
        self.before_of: dict[int, int] = {}
        self.after_of: dict[int, int] = {}

    def pair_by_words(self) -> None:
        """Pair blocks with the same text and blocks that share what few blocks say."""
        counts_before, counts_after = Counter(self.before), Counter(self.after)
        copied = {text for text in counts_after if counts_before[text] and counts_after[text] * counts_before[text] > 1}
        self._pair_same(copied)
        # Copies wait, for their neighbours tell which is which; and the edited neighbours wait for nothing.
        self._pair_alike(
            [index for index in self._open_before() if counts_before[self.before[index]] == 1],
            [index for index in self._open_after() if self.after[index] not in copied],
        )
        self._pair_copies(copied)
        self._pair_alike(self._open_before(), self._open_after())

    def settle(self, shared: Mapping[tuple[int, int], int]) -> None:
        """Give each block with other words than before the name of the one most of whose words it has."""
        for new, old in list(self.before_of.items()):
            if self.before[old] != self.after[new]:
                del self.before_of[new], self.after_of[old]
        for (old, new), words in sorted(shared.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
            if self._is_open(old, new) and self._is_enough(words, old, new):
                self._pair(old, new)
        self._pair_in_place()
        for new, old in sorted(self.hints.items()):
            if self._is_open(old, new):
                self._pair(old, new)

    def _pair(self, old: int, new: int) -> None:
        self.before_of[new], self.after_of[old] = old, new

    def _is_open(self, old: int, new: int) -> bool:
        return old not in self.after_of and new not in self.before_of

    def _open_before(self) -> list[int]:
        return [index for index in range(len(self.before)) if index not in self.after_of]

    def _open_after(self) -> list[int]:
        return [index for index in range(len(self.after)) if index not in self.before_of]

    def _is_enough(self, words: int, old: int, new: int) -> bool:
        counts = len(self.words_before.block(old)), len(self.words_after.block(new))
        return 2 * words >= _ENOUGH_OF_BOTH * sum(counts) or words >= _ENOUGH_OF_ONE * min(counts)

    # The same text

    def _pair_same(self, copied: set[str]) -> None:
        places = {text: index for index, text in enumerate(self.before)}
        for new, text in enumerate(self.after):
            if text not in copied and text in places:
                self._pair(places[text], new)

    def _pair_copies(self, copied: set[str]) -> None:
        """Pair copies: as hinted, beside neighbours that are paired, in order, and what is left as it comes."""
        for new, old in sorted(self.hints.items()):
            if self._is_same(old, new):
                self._pair(old, new)
        for new in range(len(self.after)):
            old = self.before_of.get(new - 1, -1) + 1 if new else 0
            if (new - 1 in self.before_of or not new) and self._is_same(old, new):
                self._pair(old, new)
        for new in reversed(range(len(self.after))):
            old = self.before_of.get(new + 1, len(self.before)) - 1
            if (new + 1 in self.before_of or new == len(self.after) - 1) and self._is_same(old, new):
                self._pair(old, new)
        self._pair_same_in_order()
        left: defaultdict[str, list[int]] = defaultdict(list)
        for old in reversed(self._open_before()):
            left[self.before[old]].append(old)
        for new in self._open_after():
            if self.after[new] in copied and left[self.after[new]]:
                self._pair(left[self.after[new]].pop(), new)

    def _is_same(self, old: int, new: int) -> bool:
        return 0 <= old < len(self.before) and self._is_open(old, new) and self.before[old] == self.after[new]

    def _pair_same_in_order(self) -> None:
        """Pair the longest sequence of same texts in which pairs made before keep their places."""
        numbers = count()
        names: dict[object, str] = {}

        def name(of: object) -> str:
            if of not in names:
                names[of] = chr(next(numbers))
            return names[of]

        keys_before = "".join(
            name((old, self.after_of[old])) if old in self.after_of else name(text)
            for old, text in enumerate(self.before)
        )
        keys_after = "".join(
            name((self.before_of[new], new)) if new in self.before_of else name(text)
            for new, text in enumerate(self.after)
        )
        for block in Indel.opcodes(keys_before, keys_after).as_matching_blocks():
            for step in range(block.size):
                if self._is_same(block.a + step, block.b + step):
                    self._pair(block.a + step, block.b + step)

    # Much the same words

    def _pair_alike(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Pair blocks that share much of what only few of them say: first where no other comes near, then the rest."""
        if not before or not after:
            return
        candidates = self._candidates(before, after)
        best = _two_best(candidates)
        for (old, new), told in sorted(candidates.items(), key=lambda item: (-item[1], item[0][1], item[0][0])):
            is_clear = all(told >= first and second < 0.8 * first for first, second in (best[0][old], best[1][new]))
            if is_clear and self._is_open(old, new):
                self._pair(old, new)
        weighed = {pair: told * (1 + self._favour(*pair)) for pair, told in candidates.items()}
        for old, new in sorted(weighed, key=lambda pair: (-weighed[pair], pair[1], pair[0])):
            if self._is_open(old, new):
                self._pair(old, new)

    def _candidates(self, before: Sequence[int], after: Sequence[int]) -> dict[tuple[int, int], float]:
        """Give pairs of blocks that may be the same, with how much both say that only few of these blocks say."""
        said_before = {index: _said(self.words_before.block(index)) for index in before}
        said_after = {index: _said(self.words_after.block(index)) for index in after}
        where: defaultdict[str, list[int]] = defaultdict(list)
        for index, said in said_before.items():
            for each in said:
                where[each].append(index)
        rare = {each: 1 / len(found) for each, found in where.items() if len(found) <= _COMMON}
        told_before = {index: sum(rare.get(each, 0) for each in said) for index, said in said_before.items()}
        pairs: dict[tuple[int, int], float] = {}
        for new, said in said_after.items():
            votes: defaultdict[int, float] = defaultdict(float)
            known = [each for each in said if each in rare]
            for each in known:
                for old in where[each]:
                    votes[old] += rare[each]
            told = sum(rare[each] for each in known) + len(said) - len(known)
            for old in sorted(votes, key=lambda index: (-votes[index], index))[:_CANDIDATE_COUNT]:
                both, least = told + told_before[old], min(told, told_before[old])
                if 2 * votes[old] >= _ENOUGH_OF_BOTH * both or votes[old] >= _ENOUGH_OF_ONE * least:
                    pairs[old, new] = votes[old]
        return pairs

    def _favour(self, old: int, new: int) -> float:
        neighbours = (self.before_of.get(new - 1) == old - 1) + (self.before_of.get(new + 1) == old + 1)
        return _NEIGHBOUR * neighbours + _HINT * (self.hints.get(new) == old)

    # The same place

    def _pair_in_place(self) -> None:
        """Pair blocks that nothing has paired, between the same neighbours, when they are written alike."""
        kept = [(old, new) for new, old in sorted(self.before_of.items())]
        order = longest_increasing([old for old, _ in kept])
        last_old, last_new = -1, -1
        for old, new in [*(kept[index] for index in order), (len(self.before), len(self.after))]:
            self._pair_gap(
                [index for index in range(last_old + 1, old) if index not in self.after_of],
                [index for index in range(last_new + 1, new) if index not in self.before_of],
            )
            last_old, last_new = old, new

    def _pair_gap(self, before: Sequence[int], after: Sequence[int]) -> None:
        """Pair blocks of one gap in order, so that together they are as like as can be."""
        if not before or not after:
            return
        likenesses = dict(self._likenesses(before, after))
        rows = [[0.0] * (len(after) + 1)]
        for old in before:
            last, line = rows[-1], [0.0]
            for column, new in enumerate(after):
                line.append(max(last[column + 1], line[column], last[column] + likenesses.get((old, new), -1.0)))
            rows.append(line)
        row, column = len(before), len(after)
        while row and column:
            if rows[row][column] == rows[row - 1][column]:
                row -= 1
            elif rows[row][column] == rows[row][column - 1]:
                column -= 1
            else:
                self._pair(before[row - 1], after[column - 1])
                row, column = row - 1, column - 1

    def _likenesses(self, before: Sequence[int], after: Sequence[int]) -> Iterator[tuple[tuple[int, int], float]]:
        is_large = len(before) * len(after) > _LARGE_GAP
        for place, new in enumerate(after):
            middle = place * len(before) // len(after)
            near = before[max(0, middle - _BAND) : middle + _BAND] if is_large else before
            for old in near:
                likeness = Indel.normalized_similarity(
                    self.before[old].lower(), self.after[new].lower(), score_cutoff=_WRITTEN_ALIKE
                )
                if likeness:
                    yield (old, new), likeness


def _said(keys: str) -> set[str]:
    """Give the words and pairs of words of a block."""
    return {*keys, *map("".join, pairwise(keys))}


def _two_best(candidates: Mapping[tuple[int, int], float]) -> tuple[dict[int, tuple[float, float]], ...]:
    """Give for each block before, and for each after, how much its best pair and its second best tell."""
    found: tuple[dict[int, tuple[float, float]], ...] = ({}, {})
    for pair, told in candidates.items():
        for best, index in zip(found, pair, strict=True):
            first, second = best.get(index, (0.0, 0.0))
            best[index] = (told, first) if told > first else (first, max(second, told))
    return found


def _shared_words(trace: Trace, before: Words, after: Words) -> dict[tuple[int, int], int]:
    """Count the words that a block after has of a block before, by pairs of blocks."""
    shared: Counter[tuple[int, int]] = Counter()
    for run in trace.runs:
        pair = (before.block_of(run.before), after.block_of(run.after))
        shared[pair] += run.after_end - run.after
    return dict(shared)


def _origins(shared: Mapping[tuple[int, int], int], pairing: _Pairing) -> tuple[tuple[int, ...], ...]:
    origins: list[set[int]] = [set() for _ in pairing.after]
    for (old, new), words in shared.items():
        if words >= _FEW_WORDS or words == len(pairing.words_after.block(new)):
            origins[new].add(old)
    for new, old in pairing.before_of.items():
        origins[new].add(old)
    return tuple(tuple(sorted(found)) for found in origins)


def _moved(before_of: Mapping[int, int]) -> frozenset[int]:
    kept = sorted(before_of)
    in_order = longest_increasing([before_of[new] for new in kept])
    return frozenset(kept) - {kept[index] for index in in_order}

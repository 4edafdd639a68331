"""Which blocks of two states of a text are the same: by their words, their copies' neighbours, their place, and hints.

What alignment is made of; docs/decisions/anchoring.md says why it is done in these steps.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, pairwise

from rapidfuzz.distance import Indel

from reader.text.tracing import longest_increasing
from reader.text.words import Vocabulary, Words

# A word or pair of words in more blocks than this says little about which block is which.
_COMMON = 8
# How many blocks before are looked at closely for one after.
_CANDIDATE_COUNT = 4
# Blocks are the same when they share this much of the words of both (beside a neighbour that is the same, this much),
# or this much of the shorter one's if those are many.
_ENOUGH = 0.4
_ENOUGH_IN_PLACE = 0.25
_ENOUGH_OF_ONE = 0.5
_MANY_WORDS = 8
# Blocks in the same place are taken for the same when they are written this much alike, letter by letter. Of longer
# ones words must tell: any two long texts in one language share half their letters in order.
_WRITTEN_ALIKE = 0.66
_LONG = 1_000
# A block of which this much is left in its place was edited there, and not moved away and replaced.
_EDITED = 0.6
# What an equal neighbour on one side, and what a hint, adds to the likeness of two blocks that words leave open.
_NEIGHBOUR = 0.1
_HINT = 0.05
# In a gap with more pairs of blocks than this, only those near the same relative place are compared.
_LARGE_GAP = 2_500
_BAND = 20


class Pairing:
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
        self._prefer_place()

    def settle(self, shared: Mapping[tuple[int, int], int]) -> None:
        """Give each block with other words than before the name of the one most of whose words it has."""
        for new, old in list(self.before_of.items()):
            if self.before[old] != self.after[new]:
                del self.before_of[new], self.after_of[old]
        by_most = sorted(shared.items(), key=lambda item: (-item[1], item[0][1], item[0][0]))
        for (old, new), words in by_most:
            if self._is_open(old, new) and self._is_enough(words, old, new):
                self._pair(old, new)
        for (old, new), words in by_most:
            if self._is_open(old, new) and self._is_beside(old, new) and self._is_some(words, old, new):
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
        counts = self._counts(old, new)
        return 2 * words >= _ENOUGH * sum(counts) or words >= max(_ENOUGH_OF_ONE * min(counts), _MANY_WORDS)

    def _is_some(self, words: int, old: int, new: int) -> bool:
        counts = self._counts(old, new)
        return 2 * words >= _ENOUGH_IN_PLACE * sum(counts) or words >= _ENOUGH_OF_ONE * min(counts)

    def _is_beside(self, old: int, new: int) -> bool:
        """Say whether a neighbour of the one is paired with the same neighbour of the other."""
        return self.before_of.get(new - 1) == old - 1 or self.before_of.get(new + 1) == old + 1

    def _counts(self, old: int, new: int) -> tuple[int, int]:
        return len(self.words_before.block(old)), len(self.words_after.block(new))

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
        self._prefer_first_copies()

    def _prefer_first_copies(self) -> None:
        """Take the first of copies side by side for the original."""
        for new in range(1, len(self.after)):
            first = new
            while first and first - 1 not in self.before_of and self.after[first - 1] == self.after[new]:
                first -= 1
            if first < new and new in self.before_of and new not in self.hints:
                self._pair(self.before_of.pop(new), first)

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
                if 2 * votes[old] >= _ENOUGH_IN_PLACE * both or votes[old] >= _ENOUGH_OF_ONE * least:
                    pairs[old, new] = votes[old]
        return pairs

    def _favour(self, old: int, new: int) -> float:
        neighbours = (self.before_of.get(new - 1) == old - 1) + (self.before_of.get(new + 1) == old + 1)
        return _NEIGHBOUR * neighbours + _HINT * (self.hints.get(new) == old)

    # The same place

    def _prefer_place(self) -> None:
        """Take a block that was edited in its place for itself, though there is a copy of what it was elsewhere."""
        for new, old in list(self.before_of.items()):
            behind = self.after_of.get(old - 1, -2) + 1 if old else 0
            ahead = self.after_of.get(old + 1, -1) - 1 if old + 1 < len(self.before) else len(self.after) - 1
            if new in (behind, ahead) or self.hints.get(new) == old:
                continue
            for place in (behind, ahead):
                if 0 <= place < len(self.after) and place not in self.before_of and self._is_edited(old, place):
                    del self.before_of[new]
                    self._pair(old, place)
                    break

    def _is_edited(self, old: int, new: int) -> bool:
        words = self.words_before.block(old), self.words_after.block(new)
        is_other = self.before[old] != self.after[new]
        return is_other and bool(words[0]) and Indel.normalized_similarity(*words) >= _EDITED

    def _pair_in_place(self) -> None:
        """Pair blocks that nothing has paired, between the same neighbours, when they are written alike."""
        kept = [(old, new) for new, old in sorted(self.before_of.items())]
        order = longest_increasing([old for old, _ in kept])
        last_old, last_new = -1, -1
        for old, new in [*(kept[index] for index in order), (len(self.before), len(self.after))]:
            likenesses = self._likenesses(
                [index for index in range(last_old + 1, old) if index not in self.after_of],
                [index for index in range(last_new + 1, new) if index not in self.before_of],
            )
            for pair in _likest_in_order(list(likenesses)):
                self._pair(*pair)
            last_old, last_new = old, new

    def _likenesses(self, before: Sequence[int], after: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        """Give the pairs of blocks that are written alike, by the block before and, for the same one, backwards."""
        is_large = len(before) * len(after) > _LARGE_GAP
        for place, old in enumerate(before):
            middle = place * len(after) // len(before)
            near = after[max(0, middle - _BAND) : middle + _BAND] if is_large else after
            for new in reversed(near):
                one, other = self.before[old], self.after[new]
                if max(len(one), len(other)) <= _LONG:
                    likeness = Indel.normalized_similarity(one.lower(), other.lower(), score_cutoff=_WRITTEN_ALIKE)
                    if likeness:
                        yield old, new, likeness


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


def _likest_in_order(likenesses: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Choose pairs of which no two cross or share a block, so that together they are as like as can be."""
    places = {new: place for place, new in enumerate(sorted({new for _, new, _ in likenesses}), 1)}
    # A tree of the best chains so far, by the place of their last block after (Fenwick 1994).
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    earlier: list[int] = []
    for number, (_, new, likeness) in enumerate(likenesses):
        place = places[new]
        so_far = (0.0, -1)
        left = place - 1
        while left:
            so_far = max(so_far, best[left])
            left &= left - 1
        earlier.append(so_far[1])
        while place < len(best):
            best[place] = max(best[place], (so_far[0] + likeness, number))
            place += place & -place
    number = max(best)[1]
    chain: list[tuple[int, int]] = []
    while number >= 0:
        chain.append(likenesses[number][:2])
        number = earlier[number]
    return chain

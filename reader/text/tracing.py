"""Where words went: which words of one state of a text became which words of the next.

Blocks that belong together are compared word by word, in order. What is left over on both sides is then searched for
runs that were taken from one place to another: only runs that stand nowhere else and tell too much to be chance.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import isqrt, log2
from typing import NamedTuple

from rapidfuzz.distance import Indel

from reader.text.words import Words, bits

# A run of equal words amid changed ones is chance, and not kept words, when it tells less than this share of what
# changed round it. Found by trying on some texts and seen to hold on others: benchmarks/anchoring.py.
_CHANCE_SHARE = 0.3
# Bits that a run must tell beyond what chance would find anywhere in what is left over.
_MOVED_BITS = 12.0
# Words side by side that make a seed: few enough to stand between two edits, enough to be rare.
_SEED = 3
# Rounds of searching what is left over; each finds what the round before laid bare.
_ROUNDS = 4
# Comparing two stretches takes time with the product of their words; larger ones are cut at runs that stand once.
_LARGE = 4_000_000
# And memory: larger ones that nothing cuts, as one word said over and over, are cut anywhere.
_HUGE = 400_000_000
# A gap of at most so many words on either side is looked through for words written differently.
_SMALL_GAP = 4
_SAME_WORD = 0.5
_SAME_JOINED = 0.8


class Run(NamedTuple):
    """Words of one block that became words of another: as many, one by one, or so many written as so many others."""

    before: int
    before_end: int
    after: int
    after_end: int


class Stretch(NamedTuple):
    """Words side by side in one text, the end excluded."""

    start: int
    end: int


class Trace:
    """What became of the words of a text. `runs` are in no order; no word is in two."""

    def __init__(self, before: Words, after: Words, pairs: Iterable[tuple[int, int]]) -> None:
        """Compare the blocks of each pair (a block before, a block after), then look for what was moved."""
        self._before, self._after = before, after
        self._bits_before, self._bits_after = bits(before, after)
        self.runs: list[Run] = []
        # For each word, the word of the other text that it became or came from; None when there is none.
        self.heirs: list[int | None] = [None] * len(before)
        self.sources: list[int | None] = [None] * len(after)
        for block_before, block_after in pairs:
            self._compare_blocks(block_before, block_after)
        self._find_moved()
        self._fill_gaps()

    def _compare_blocks(self, block_before: int, block_after: int) -> None:
        before, after = _block(self._before, block_before), _block(self._after, block_after)
        if self._before.block(block_before) == self._after.block(block_after):
            self._keep([Run(*before, *after)])
        else:
            self._keep(self._compare(before, after))

    def _keep(self, runs: Iterable[Run]) -> None:
        for run in runs:
            self.runs.append(run)
            if run.before_end - run.before == run.after_end - run.after:
                self.heirs[run.before : run.before_end] = range(run.after, run.after_end)
                self.sources[run.after : run.after_end] = range(run.before, run.before_end)
            else:
                last = run.after_end - 1
                count = run.before_end - run.before
                self.heirs[run.before : run.before_end] = [min(run.after + each, last) for each in range(count)]
                last = run.before_end - 1
                count = run.after_end - run.after
                self.sources[run.after : run.after_end] = [min(run.before + each, last) for each in range(count)]

    # Comparing two stretches

    def _compare(self, before: Stretch, after: Stretch) -> list[Run]:
        """Give the runs that the stretches share, in order, without those that are chance."""
        runs = self._slid(self._equal(before, after), before, after)
        return self._unlikely(self._respelled(runs, before, after), before, after)

    def _equal(self, before: Stretch, after: Stretch) -> list[Run]:
        """Give the longest sequence of words that both stretches have in order, as runs."""
        cuts = [*(self._cuts(before, after) if _area(before, after) > _LARGE else []), (before.end, after.end)]
        runs: list[Run] = []
        start = (before.start, after.start)
        for cut in cuts:
            for one, other in _pieces(Stretch(start[0], cut[0]), Stretch(start[1], cut[1])):
                keys = self._before.keys[slice(*one)], self._after.keys[slice(*other)]
                for block in Indel.opcodes(*keys).as_matching_blocks():
                    _append(runs, one.start + block.a, other.start + block.b, block.size)
            start = cut
        return runs

    def _cuts(self, before: Stretch, after: Stretch) -> list[tuple[int, int]]:
        """Give places in both stretches that belong together, in order: the same words begin there and only there."""
        seeds = _once(self._before.keys, [before])
        places = sorted(
            (seeds[seed], place) for seed, place in _once(self._after.keys, [after]).items() if seed in seeds
        )
        return [places[index] for index in longest_increasing([place for _, place in places])]

    def _slid(self, runs: Sequence[Run], before: Stretch, after: Stretch) -> list[Run]:
        """Slide what was only taken out or only put in to where a sentence begins, or as far on as it goes.

        "a cat, a dog" without "a cat," is the same as without "cat, a": which words went is a matter of sense.
        """
        slid = [Run(before.start, before.start, after.start, after.start)]
        for run in [*runs, Run(before.end, before.end, after.end, after.end)]:
            last = slid[-1]
            by = self._slide(last, run)
            slid[-1] = Run(last.before, last.before_end + by, last.after, last.after_end + by)
            slid.append(Run(run.before + by, run.before_end, run.after + by, run.after_end))
        return [run for run in slid if run.before < run.before_end]

    def _slide(self, run: Run, following: Run) -> int:
        """Say by how many words the gap between two runs is better placed further on (or back, when negative)."""
        if following.after == run.after_end:
            keys, start, end, words = self._before.keys, run.before_end, following.before, self._before
        elif following.before == run.before_end:
            keys, start, end, words = self._after.keys, run.after_end, following.after, self._after
        else:
            return 0
        # Further than by its own length it would only go where the same is said over and over.
        back, on = (
            min(run.before_end - run.before, end - start),
            min(following.before_end - following.before, end - start),
        )
        least, most = 0, 0
        while -least < back and keys[start + least - 1] == keys[end + least - 1]:
            least -= 1
        while most < on and keys[start + most] == keys[end + most]:
            most += 1
        if least == most:
            return 0
        return max(range(least, most + 1), key=lambda by: (words.opening(start + by) + words.opening(end + by), by))

    def _respelled(self, runs: list[Run], before: Stretch, after: Stretch) -> list[Run]:
        """Add the words in small gaps that are the same words written differently."""
        added: list[Run] = []
        for gap_before, gap_after in _gaps(runs, before, after):
            counts = (gap_before.end - gap_before.start, gap_after.end - gap_after.start)
            if min(counts) > 0 and max(counts) <= _SMALL_GAP:
                added += self._respellings(gap_before, gap_after)
        return sorted(runs + added) if added else runs

    def _respellings(self, before: Stretch, after: Stretch) -> list[Run]:
        words_before = [self._before.word(index) for index in range(*before)]
        words_after = [self._after.word(index) for index in range(*after)]
        if len(words_before) != len(words_after):
            likeness = Indel.normalized_similarity("".join(words_before), "".join(words_after))
            if likeness >= _SAME_JOINED:
                return [Run(*before, *after)]
        pairs = _best_in_order(words_before, words_after)
        return [
            Run(before.start + one, before.start + one + 1, after.start + other, after.start + other + 1)
            for one, other in pairs
        ]

    def _unlikely(self, runs: list[Run], before: Stretch, after: Stretch) -> list[Run]:
        """Drop the runs that are chance: little that stayed amid much that changed on both sides."""
        for share in (_CHANCE_SHARE / 4, _CHANCE_SHARE / 2, _CHANCE_SHARE):
            count = len(runs) + 1
            while len(runs) < count:
                count = len(runs)
                runs = self._sweep(runs, before, after, share)
        return runs

    def _sweep(self, runs: list[Run], before: Stretch, after: Stretch, share: float) -> list[Run]:
        kept: list[Run] = []
        count = len(runs)
        index = 0
        while index < count:
            # Runs that touch on both sides, as a respelled word and its neighbours do, stand or fall together.
            stop = index + 1
            while stop < count and _touch(runs[stop - 1], runs[stop]):
                stop += 1
            first, last = runs[index], runs[stop - 1]
            since = kept[-1] if kept else None
            until = runs[stop] if stop < count else None
            gone = self._told_before(since.before_end if since else before.start, first.before)
            gone += self._told_before(last.before_end, until.before if until else before.end)
            come = self._told_after(since.after_end if since else after.start, first.after)
            come += self._told_after(last.after_end, until.after if until else after.end)
            if self._told_before(first.before, last.before_end) >= share * min(gone, come):
                kept += runs[index:stop]
            index = stop
        return kept

    def _told_before(self, start: int, end: int) -> float:
        return self._bits_before[end] - self._bits_before[start]

    def _told_after(self, start: int, end: int) -> float:
        return self._bits_after[end] - self._bits_after[start]

    # Searching what is left over

    def _find_moved(self) -> None:
        for _ in range(_ROUNDS):
            before = list(_free(self.heirs, self._before))
            after = list(_free(self.sources, self._after))
            if not self._pair_up(before, after):
                return

    def _pair_up(self, before: Sequence[Stretch], after: Sequence[Stretch]) -> bool:
        """Compare left-over stretches that share seeds, those that share most first; say whether a run was found."""
        needed = _MOVED_BITS + log2(_size(before) + 1) + log2(_size(after) + 1)
        is_found = False
        left_before, left_after = set(before), set(after)
        for one, other in self._promising(before, after):
            if one in left_before and other in left_after:
                runs = self._compare(one, other)
                if sum(self._told_before(run.before, run.before_end) for run in runs) >= needed:
                    self._keep(runs)
                    left_before.remove(one)
                    left_after.remove(other)
                    is_found = True
        return is_found

    def _fill_gaps(self) -> None:
        """Compare what is left over between two runs that follow one another in both texts, whatever the blocks."""
        edge = Run(len(self._before), len(self._before), len(self._after), len(self._after))
        in_before = [Run(0, 0, 0, 0), *sorted(self.runs), edge]
        in_after = sorted(in_before, key=lambda run: (run.after, run.after_end))
        followers = dict(pairwise(in_after))
        for run, following in pairwise(in_before):
            if (
                followers.get(run) == following
                and run.before_end < following.before
                and run.after_end < following.after
            ):
                before, after = Stretch(run.before_end, following.before), Stretch(run.after_end, following.after)
                self._keep(self._compare(before, after))

    def _promising(self, before: Sequence[Stretch], after: Sequence[Stretch]) -> list[tuple[Stretch, Stretch]]:
        seeds = _once(self._before.keys, before)
        owners_before, owners_after = _owners(before), _owners(after)
        shared: defaultdict[tuple[Stretch, Stretch], float] = defaultdict(float)
        for seed, place in _once(self._after.keys, after).items():
            if seed in seeds:
                shared[owners_before[seeds[seed]], owners_after[place]] += self._told_after(place, place + 1)
        return sorted(shared, key=lambda pair: (-shared[pair], pair))


def longest_increasing(values: Sequence[int]) -> list[int]:
    """Give the indexes of a longest strictly increasing subsequence."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    previous: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(tails, value)
        previous.append(tail_indexes[place - 1] if place else -1)
        tails[place : place + 1] = [value]
        tail_indexes[place : place + 1] = [index]
    chain: list[int] = []
    index = tail_indexes[-1] if tail_indexes else -1
    while index >= 0:
        chain.append(index)
        index = previous[index]
    return chain[::-1]


def _block(words: Words, index: int) -> Stretch:
    return Stretch(words.bounds[index], words.bounds[index + 1])


def _area(before: Stretch, after: Stretch) -> int:
    return (before.end - before.start) * (after.end - after.start)


def _pieces(before: Stretch, after: Stretch) -> Iterator[tuple[Stretch, Stretch]]:
    """Cut stretches that would take too much memory to compare into as many pieces as need be, alike in length."""
    count = isqrt(_area(before, after) // _HUGE) + 1
    for number in range(count):
        yield _part(before, number, count), _part(after, number, count)


def _part(stretch: Stretch, number: int, count: int) -> Stretch:
    length = stretch.end - stretch.start
    return Stretch(stretch.start + length * number // count, stretch.start + length * (number + 1) // count)


def _append(runs: list[Run], before: int, after: int, size: int) -> None:
    """Add equal words, to the last run when they go on where it ends."""
    if not size:
        return
    if runs and runs[-1].before_end == before and runs[-1].after_end == after:
        before, after, size = runs[-1].before, runs[-1].after, size + before - runs[-1].before
        runs.pop()
    runs.append(Run(before, before + size, after, after + size))


def _gaps(runs: Sequence[Run], before: Stretch, after: Stretch) -> Iterator[tuple[Stretch, Stretch]]:
    """Give what lies before, between and after the runs, in both texts."""
    start_before, start_after = before.start, after.start
    for run in runs:
        yield Stretch(start_before, run.before), Stretch(start_after, run.after)
        start_before, start_after = run.before_end, run.after_end
    yield Stretch(start_before, before.end), Stretch(start_after, after.end)


def _touch(run: Run, following: Run) -> bool:
    return run.before_end == following.before and run.after_end == following.after


def _best_in_order(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Pair words that are written alike, in order, so that the pairs are together as like as can be."""
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for one in range(len(before) + 1):
        for other in range(len(after) + 1):
            found = max(
                best.get((one - 1, other), (0.0, [])), best.get((one, other - 1), (0.0, [])), key=lambda each: each[0]
            )
            if one and other:
                likeness = _likeness(before[one - 1], after[other - 1])
                so_far, pairs = best[one - 1, other - 1]
                if likeness and so_far + likeness > found[0]:
                    found = (so_far + likeness, [*pairs, (one - 1, other - 1)])
            best[one, other] = found
    return best[len(before), len(after)][1]


def _likeness(before: str, after: str) -> float:
    """Say how like two words are written, from 0 for words that are not the same to 1."""
    likeness = Indel.normalized_similarity(before, after)
    is_same = likeness > _SAME_WORD or (len(before) > 1 and sorted(before) == sorted(after))
    return likeness if is_same else 0.0


def _free(others: Sequence[int | None], words: Words) -> Iterator[Stretch]:
    """Give the stretches without a counterpart, cut where a block ends."""
    for block in range(len(words.bounds) - 1):
        start, end = words.bounds[block], words.bounds[block + 1]
        if None not in others[start:end]:
            continue
        first: int | None = None
        for index in range(start, end):
            if others[index] is not None:
                if first is not None:
                    yield Stretch(first, index)
                first = None
            elif first is None:
                first = index
        if first is not None:
            yield Stretch(first, end)


def _once(keys: str, stretches: Iterable[Stretch]) -> dict[str, int]:
    """Give the seeds that stand once in the stretches, with their places."""
    places: dict[str, int] = {}
    again: set[str] = set()
    for start, end in stretches:
        for place in range(start, end - _SEED + 1):
            seed = keys[place : place + _SEED]
            if seed in places:
                again.add(seed)
            places[seed] = place
    for seed in again:
        del places[seed]
    return places


def _owners(stretches: Iterable[Stretch]) -> dict[int, Stretch]:
    """Give for each word of the stretches the one it is in."""
    return {index: stretch for stretch in stretches for index in range(*stretch)}


def _size(stretches: Iterable[Stretch]) -> int:
    return sum(end - start for start, end in stretches)

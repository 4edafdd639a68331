"""Which block of a new state of a text is which block of the old: the ground that names and anchors stand on.

Words decide. Blocks with the same text are the same; then those that share most of what only few blocks say; then
those in the same place that are written alike. Of copies, those with the same neighbours are the same.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from reader.text.pairing import Pairing
from reader.text.tracing import Trace, longest_increasing
from reader.text.words import Words

# Fewer words than this do not make a block an origin, unless one of the two has no more.
_FEW_WORDS = 3

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
    pairing = Pairing(before, after, known)
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


def _shared_words(trace: Trace, before: Words, after: Words) -> dict[tuple[int, int], int]:
    """Count the words that a block after has of a block before, by pairs of blocks."""
    shared: Counter[tuple[int, int]] = Counter()
    for run in trace.runs:
        start_before, start_after = run.before, run.after
        while start_before < run.before_end and start_after < run.after_end:
            old, new = before.block_of(start_before), after.block_of(start_after)
            count = min(run.after_end, after.bounds[new + 1]) - start_after
            if before.bounds[old + 1] < run.before_end:
                count = min(count, before.bounds[old + 1] - start_before)
            shared[old, new] += count
            start_before, start_after = start_before + count, start_after + count
    return dict(shared)


def _origins(shared: Mapping[tuple[int, int], int], pairing: Pairing) -> tuple[tuple[int, ...], ...]:
    origins: list[set[int]] = [set() for _ in pairing.after]
    for (old, new), words in shared.items():
        counts = len(pairing.words_before.block(old)), len(pairing.words_after.block(new))
        if words >= min(_FEW_WORDS, *counts):
            origins[new].add(old)
    for new, old in pairing.before_of.items():
        origins[new].add(old)
    return tuple(tuple(sorted(found)) for found in origins)


def _moved(before_of: Mapping[int, int]) -> frozenset[int]:
    kept = sorted(before_of)
    in_order = longest_increasing([before_of[new] for new in kept])
    return frozenset(kept) - {kept[index] for index in in_order}

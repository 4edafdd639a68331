"""Passages and blocks follow their words: a passage is put where its own words went, or nowhere.

The same words elsewhere are other words. So nothing is searched for here: the trace of the words says where each went,
and a passage whose words are gone is orphaned, even when a twin of it stays.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import Indel

from reader.text.alignment import Alignment
from reader.text.spans import Span
from reader.text.tracing import Trace
from reader.text.words import Vocabulary, Words

# A passage is orphaned when less of it than this is left in one place, by characters of its words.
_LEFT_SHARE = 0.5
# What a stretch between a passage's words counts against holding them together, a character of it against one of
# theirs: words that are new may have been put into the passage, words that come from elsewhere were not.
_NEW_WEIGHT = 0.03
_FOREIGN_WEIGHT = 1.0
# Up to so many characters, likeness is that of the letters in order; beyond them, that of the words.
_LONG = 2_000
# Words that differ at all, though only by a quotation mark, are not quite the same.
_ALMOST = 0.99


class Placement(NamedTuple):
    """Where a passage lies, and how it got there."""

    # "exact" (the same words in the same block), "moved" (the same words elsewhere), "changed" (other words, or
    # written differently) or "orphaned" (the words are gone).
    status: str
    # Code points of the canonical text after; None when orphaned.
    span: Span | None
    # How like the words are then and now: 1.0 for exact and moved, 0.0 for orphaned.
    score: float


_ORPHANED = Placement("orphaned", None, 0.0)


def likeness(then: str, now: str) -> float:
    """Say how like two passages are, from 0 to 1; below 1 when they differ at all."""
    if then == now:
        return 1.0
    if max(len(then), len(now)) > _LONG:
        vocabulary = Vocabulary()
        then, now = Words([then], vocabulary).keys, Words([now], vocabulary).keys
    return min(Indel.normalized_similarity(then, now), _ALMOST)


class Anchoring:
    """Two states of a text, between which passages are followed. Blocks are given by their plain texts."""

    def __init__(self, before: Sequence[str], after: Sequence[str], alignment: Alignment) -> None:
        self._blocks_before, self._blocks_after = before, after
        self._alignment = alignment
        self._starts_before, self._starts_after = _starts(before), _starts(after)
        self._text_before, self._text_after = "\n".join(before), "\n".join(after)

    def place(self, span: Span) -> Placement:
        """Say where a passage of the text before lies after. It may cross blocks; what lies outside the text is cut."""
        span = Span(max(0, span.start), min(len(self._text_before), span.end))
        if span.start >= span.end:
            return _ORPHANED
        found = self._in_same_block(span) or self._by_words(span)
        return _ORPHANED if found is None else self._judge(span, found)

    def place_block(self, index: int) -> Placement:
        """Say where a whole block is: with the block that has its name, or else where its words are."""
        span = _block_span(self._blocks_before, self._starts_before, index)
        heir = self._alignment.heir_of(index)
        if heir is None:
            return self.place(span)
        return self._judge(span, _block_span(self._blocks_after, self._starts_after, heir))

    def _judge(self, span: Span, found: Span) -> Placement:
        """Compare the words then and now."""
        then, now = self._text_before[span.start : span.end], self._text_after[found.start : found.end]
        if then == now:
            return Placement("exact" if self._stays(span, found) else "moved", found, 1.0)
        if max(len(then), len(now)) > _LONG:
            return Placement("changed", found, min(self._kept_share(span, found), _ALMOST))
        return Placement("changed", found, likeness(then, now))

    def _kept_share(self, span: Span, found: Span) -> float:
        """Say how much of the words then and now, taken together, are the same."""
        before, after = self._words
        then, now = before.within(span), after.within(found)
        kept = sum(
            before.lengths[index + 1] - before.lengths[index]
            for index in then
            if (heir := self._trace.heirs[index]) is not None and heir in now
        )
        total = before.lengths[then.stop] - before.lengths[then.start]
        total += after.lengths[now.stop] - after.lengths[now.start]
        return 2 * kept / max(1, total)

    def _stays(self, span: Span, found: Span) -> bool:
        """Say whether the words are in the heirs of the blocks they were in, and none of those has moved."""
        blocks_before = _blocks(self._starts_before, span)
        blocks_after = _blocks(self._starts_after, found)
        return len(blocks_before) == len(blocks_after) and all(
            self._alignment.heirs[after] == before and after not in self._alignment.moved
            for before, after in zip(blocks_before, blocks_after, strict=True)
        )

    def _in_same_block(self, span: Span) -> Span | None:
        """Find a passage that lies in one block whose text has not changed."""
        block = _blocks(self._starts_before, span)[0]
        heir = self._alignment.heir_of(block)
        if heir is None or self._blocks_after[heir] != self._blocks_before[block]:
            return None
        # The line break behind a block belongs to none.
        if span.end > self._starts_before[block] + len(self._blocks_before[block]):
            return None
        return span.shifted(self._starts_after[heir] - self._starts_before[block])

    # By words

    @cached_property
    def _words(self) -> tuple[Words, Words]:
        vocabulary = Vocabulary()
        return Words(self._blocks_before, vocabulary), Words(self._blocks_after, vocabulary)

    @cached_property
    def _trace(self) -> Trace:
        pairs = [(old, new) for new, old in enumerate(self._alignment.heirs) if old is not None]
        return Trace(*self._words, pairs)

    @cached_property
    def _new_lengths(self) -> list[int]:
        """How many characters the new words before each word after have."""
        lengths, sources = self._words[1].lengths, self._trace.sources
        return list(
            accumulate(
                (lengths[index + 1] - lengths[index] if source is None else 0 for index, source in enumerate(sources)),
                initial=0,
            )
        )

    def _by_words(self, span: Span) -> Span | None:
        before, _ = self._words
        inside = before.within(span)
        if not inside:
            return self._between_words(span, inside.start)
        first, stop = inside.start, inside.stop
        heirs = self._trace.heirs[first:stop]
        kept = self._together(sorted({heir for heir in heirs if heir is not None}), first, stop)
        if not kept:
            return None
        left = sum(
            before.lengths[index + 1] - before.lengths[index]
            for index, heir in enumerate(heirs, first)
            if heir is not None and kept[0] <= heir <= kept[-1]
        )
        if left < _LEFT_SHARE * (before.lengths[stop] - before.lengths[first]):
            return None
        return Span(self._start(span, kept[0]), self._end(span, kept[-1]))

    def _together(self, kept: Sequence[int], first: int, stop: int) -> Sequence[int]:
        """Give those of the words after that hold together best: many of the passage's, few others between."""
        if not kept:
            return kept
        lengths, sources, new = self._words[1].lengths, self._trace.sources, self._new_lengths
        best, best_range = 0.0, (0, 0)
        total, start = 0.0, 0
        for place, index in enumerate(kept):
            if place:
                between = lengths[index] - lengths[kept[place - 1] + 1]
                fresh = new[index] - new[kept[place - 1] + 1]
                total -= _NEW_WEIGHT * fresh + _FOREIGN_WEIGHT * (between - fresh)
            if total <= 0:
                total, start = 0.0, place
            total += lengths[index + 1] - lengths[index]
            if total > best:
                best, best_range = total, (start, place + 1)
        together = list(kept[slice(*best_range)])
        # A word may have become two, of which only the first is its heir.
        while together[-1] + 1 < len(sources) and _is_in(sources[together[-1] + 1], first, stop):
            together.append(together[-1] + 1)
        return together

    def _start(self, span: Span, found: int) -> int:
        """Say where the passage begins whose first word is this one now: in it, or with signs that stood before it."""
        before, after = self._words
        first = self._trace.sources[found] or 0
        into = span.start - before.starts[first]
        if into > 0:
            is_same = before.keys[first] == after.keys[found]
            return after.starts[found] + (into if is_same else 0)
        then = self._text_before[before.ends[first - 1] if first else 0 : before.starts[first]][::-1]
        now = self._text_after[after.ends[found - 1] if found else 0 : after.starts[found]][::-1]
        # Where words that stood before it are gone, only what is written to the word itself is still of the passage.
        taken = then[:-into] if -into <= len(then) else _attached(then)
        return after.starts[found] - _carried(taken, then, now)

    def _end(self, span: Span, found: int) -> int:
        before, after = self._words
        last = self._trace.sources[found] or 0
        beyond = span.end - before.ends[last]
        if beyond < 0:
            is_same = before.keys[last] == after.keys[found]
            return after.ends[found] + (beyond if is_same else 0)
        then = self._text_before[before.ends[last] : _at(before.starts, last + 1, len(self._text_before))]
        now = self._text_after[after.ends[found] : _at(after.starts, found + 1, len(self._text_after))]
        taken = then[:beyond] if beyond <= len(then) else _attached(then)
        return after.ends[found] + _carried(taken, then, now)

    def _between_words(self, span: Span, following: int) -> Span | None:
        """Find what has no word in it, a dash or a bracket, between the words it stood between."""
        before, after = self._words
        heir_before = self._trace.heirs[following - 1] if following else -1
        heir_after = self._trace.heirs[following] if following < len(before) else len(after)
        if heir_before is None or heir_after != heir_before + 1:
            return None
        start_before = before.ends[following - 1] if following else 0
        start_after = after.ends[heir_before] if following else 0
        then = self._text_before[start_before : _at(before.starts, following, len(self._text_before))]
        now = self._text_after[start_after : _at(after.starts, heir_after, len(self._text_after))]
        sign = self._text_before[span.start : span.end]
        if then == now:
            start = start_after + span.start - start_before
        elif then.count(sign) == now.count(sign) == 1:
            start = start_after + now.index(sign)
        else:
            return None
        return Span(start, start + len(sign))


def _starts(blocks: Sequence[str]) -> list[int]:
    return list(accumulate((len(block) + 1 for block in blocks), initial=0))


def _block_span(blocks: Sequence[str], starts: Sequence[int], index: int) -> Span:
    return Span(starts[index], starts[index] + len(blocks[index]))


def _blocks(starts: Sequence[int], span: Span) -> range:
    """Give the blocks that a span lies in; `starts` has one more than there are blocks."""
    return range(bisect_right(starts, span.start) - 1, bisect_left(starts, span.end))


def _carried(taken: str, then: str, now: str) -> int:
    """Say how much of what now stands beside a word belongs to a passage that took so much of what stood there.

    All three are read away from the word.
    """
    if not taken or then == now or now.startswith(taken):
        return len(taken)
    attached_then, attached_now = _attached(then), _attached(now)
    return len(attached_now) if len(taken) >= len(attached_then) else min(len(taken), len(attached_now))


def _attached(between: str) -> str:
    """Give what stands beside a word without a space."""
    return between.split(maxsplit=1)[0] if between.strip() and not between[0].isspace() else ""


def _at(places: Sequence[int], index: int, otherwise: int) -> int:
    return places[index] if index < len(places) else otherwise


def _is_in(index: int | None, first: int, stop: int) -> bool:
    return index is not None and first <= index < stop

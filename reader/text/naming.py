"""What blocks are called after a revision, and what has happened to them, in a line for people."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from reader.text.alignment import Alignment
from reader.text.paragraphs import next_names


class Change(NamedTuple):
    """What happened to blocks, by name."""

    kind: str  # "kept", "changed", "moved", "split", "merged", "new" or "gone"
    before: tuple[str, ...]
    after: tuple[str, ...]


_LABELS = {"p": "Paragraph", "h": "Heading", "f": "Caption", "n": "Note"}


def label(name: str) -> str:
    """Give what a block of this name is called in a sentence: Paragraph 7, Caption 1."""
    return f"{_LABELS.get(name[0], 'Paragraph')} {name[1:]}"


def carry(names: Sequence[str], alignment: Alignment, kinds: Sequence[str], taken: Collection[str]) -> list[str]:
    """Name the blocks after: as the block they are, and new ones by names that nothing has had.

    `names` are those of the blocks before, `kinds` those of the blocks after, `taken` all names the article has ever
    used.
    """
    new_kinds = [kind for kind, heir in zip(kinds, alignment.heirs, strict=True) if heir is None]
    new_names = iter(next_names(new_kinds, {*taken, *names}))
    return [next(new_names) if heir is None else names[heir] for heir in alignment.heirs]


def changes(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], alignment: Alignment
) -> tuple[Change, ...]:
    """Say what happened to every block, in reading order; a gone one stands where it stood.

    `before` and `after` are names and texts. A split block stands with all its parts where the first of them stands; a
    merged one names all it is made of.
    """
    return tuple(_Comparison(before, after, alignment).changes())


def summary(changes: Sequence[Change]) -> str:
    """Tell the changes in one line: "p1 to p6 kept, p7 changed, p8 split into p8 and p10, p9 gone"."""
    if all(change.kind == "kept" for change in changes):
        return "nothing changed"
    told: list[str] = []
    for kind, alike in groupby(changes, key=lambda change: change.kind):
        found = list(alike)
        if kind == "split":
            told += (f"{change.before[0]} split into {_listed(change.after)}" for change in found)
        elif kind == "merged":
            told += (f"{_listed(change.before)} merged into {change.after[0]}" for change in found)
        else:
            told.append(f"{_ranged([(change.before or change.after)[0] for change in found])} {kind}")
    return ", ".join(told)


class _Comparison:
    """Two states of a text, block by block."""

    def __init__(
        self, before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], alignment: Alignment
    ) -> None:
        self._before, self._after, self._alignment = before, after, alignment
        self._parts = {old: self._new_parts(old) for old in range(len(before))}
        self._merged = {new: self._gone_origins(new) for new in range(len(after))}
        self._told = {new for parts in self._parts.values() for new in parts}
        self._told_gone = {old for origins in self._merged.values() for old in origins}

    def changes(self) -> Iterator[Change]:
        """Go through the blocks after; before each come the gone ones that stood before the block it was."""
        gone = iter([old for old in range(len(self._before)) if self._is_gone(old)])
        waiting = next(gone, None)
        furthest = -1
        for new, old in enumerate(self._alignment.heirs):
            if old is not None and new not in self._alignment.moved:
                furthest = max(furthest, old)
            while waiting is not None and waiting < furthest:
                yield Change("gone", (self._before[waiting][0],), ())
                waiting = next(gone, None)
            if new not in self._told:
                yield self._change(new, old)
        while waiting is not None:
            yield Change("gone", (self._before[waiting][0],), ())
            waiting = next(gone, None)

    def _change(self, new: int, old: int | None) -> Change:
        name, text = self._after[new]
        if old is None:
            return Change("new", (), (name,))
        if self._parts[old]:
            parts = sorted((new, *self._parts[old]))
            return Change("split", (self._before[old][0],), tuple(self._after[part][0] for part in parts))
        if self._merged[new]:
            origins = sorted((old, *self._merged[new]))
            return Change("merged", tuple(self._before[origin][0] for origin in origins), (name,))
        kind = "moved" if new in self._alignment.moved else "kept"
        return Change("changed" if text != self._before[old][1] else kind, (self._before[old][0],), (name,))

    def _new_parts(self, old: int) -> tuple[int, ...]:
        """Give the new blocks that are made of this one's words alone, or of its words first."""
        if self._alignment.heir_of(old) is None:
            return ()
        return tuple(
            part
            for part in self._alignment.parts_of(old)
            if self._alignment.heirs[part] is None and self._alignment.origins[part][0] == old
        )

    def _gone_origins(self, new: int) -> tuple[int, ...]:
        """Give the blocks that have lost their names to this one, the first that has words of them."""
        if self._alignment.heirs[new] is None:
            return ()
        return tuple(
            origin
            for origin in self._alignment.origins[new]
            if self._alignment.heir_of(origin) is None and self._alignment.parts_of(origin)[0] == new
        )

    def _is_gone(self, old: int) -> bool:
        return self._alignment.heir_of(old) is None and old not in self._told_gone


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _ranged(names: Sequence[str]) -> str:
    """List names, those that follow one another by number run together: "p1 to p3 and h2"."""
    ranges: list[list[str]] = []
    for name in names:
        if ranges and _follows(name, ranges[-1][-1]):
            ranges[-1].append(name)
        else:
            ranges.append([name])
    return _listed([_range(found) for found in ranges])


def _follows(name: str, before: str) -> bool:
    return name[0] == before[0] and int(name[1:]) == int(before[1:]) + 1


def _range(names: Sequence[str]) -> str:
    return f"{names[0]} to {names[-1]}" if len(names) > 2 else _listed(names)

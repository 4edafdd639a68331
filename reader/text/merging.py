"""Bring two sets of changes to one text together: what an editor wrote, and what was published meanwhile.

Pure. Blocks are known by their names. What only one side changed is taken from that side; where both changed the same
thing, both are given, and an editor chooses.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

from reader.text.alignment import align
from reader.text.blocks import Block
from reader.text.comparison import Piece, compare
from reader.text.tracing import longest_increasing

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Merged:
    """One block as the three texts have it; None where a text does not.

    `name` is its permanent name, empty for one that mine alone has.
    """

    name: str
    base: Block | None
    mine: Block | None
    theirs: Block | None

    @property
    def is_conflict(self) -> bool:
        """Say whether both sides changed it, each in another way."""
        return not (self.is_agreed or self.is_mine or self.is_theirs)

    @property
    def is_agreed(self) -> bool:
        """Say whether both sides say the same of it."""
        return _same(self.mine, self.theirs)

    @property
    def is_mine(self) -> bool:
        """Say whether mine alone changed, added or took out the block."""
        return not self.is_agreed and _same(self.theirs, self.base)

    @property
    def is_theirs(self) -> bool:
        """Say whether theirs alone changed, added or took out the block."""
        return not self.is_agreed and _same(self.mine, self.base)

    def settled(self, choice: str = "") -> Block | None:
        """Give the block as it is to be, None when it is to go.

        `choice` is MINE or THEIRS, and asked for where there is a conflict; anything else raises ValueError there.
        """
        if self.is_conflict and choice not in {MINE, THEIRS}:
            raise ValueError(choice)
        # Where both agree, mine: links in it may go to what it is called there.
        is_mine = choice == MINE if self.is_conflict else not self.is_theirs
        chosen = self.mine if is_mine else self.theirs
        return chosen and replace(chosen, name=self.name)


@dataclass(frozen=True)
class MergedField:
    """One line of the head matter as the three texts have it."""

    field: str
    base: str
    mine: str
    theirs: str

    @property
    def is_conflict(self) -> bool:
        return self.mine != self.theirs and self.base not in {self.mine, self.theirs}

    def settled(self, choice: str = "") -> str:
        """Give the line as it is to be; `choice` as for a block."""
        if self.is_conflict and choice not in {MINE, THEIRS}:
            raise ValueError(choice)
        is_mine = choice == MINE if self.is_conflict else self.theirs == self.base
        return self.mine if is_mine else self.theirs


def merge(base: Sequence[Block], mine: Sequence[Block], theirs: Sequence[Block]) -> tuple[Merged, ...]:
    """Bring both sides' blocks together, in the order they are to stand in, those that go included.

    Blocks of mine without a name that base has are new. A block that both sides moved stands where mine has it. Where
    both put new blocks into one place theirs come first, and the same new block is taken once.
    """
    named = {block.name: block for block in base}
    own = _identified(mine, named)
    published = [(block.name, block) for block in theirs]
    own = _without_twins(own, published, named)
    order = _order([block.name for block in base], [key for key, _ in own], [key for key, _ in published])
    texts = dict(own), dict(published)
    return tuple(
        Merged("" if key.startswith(_NEW) else key, named.get(key), *(text.get(key) for text in texts)) for key in order
    )


@dataclass(frozen=True)
class Difference:
    """One block as it stands in two states of a text; None where it does not stand."""

    before: Block | None
    after: Block | None

    @property
    def name(self) -> str:
        """Give what it is called, empty for one without a name."""
        return (self.after and self.after.name) or (self.before.name if self.before else "")

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Give its words before and after, compared."""
        return compare(*(block.text if block else "" for block in (self.before, self.after)))


def differences(before: Sequence[Block], after: Sequence[Block]) -> list[Difference]:
    """Give the blocks that the two states of a text do not share, in the order of after, then those that are gone.

    Blocks are the same by their words, and by their names where words do not tell.
    """
    places = {block.name: index for index, block in enumerate(before) if block.name}
    hints = {index: places[block.name] for index, block in enumerate(after) if block.name in places}
    alignment = align([block.text for block in before], [block.text for block in after], hints=hints)
    found = [
        Difference(None if heir is None else before[heir], block)
        for block, heir in zip(after, alignment.heirs, strict=True)
    ]
    gone = [Difference(block, None) for index, block in enumerate(before) if alignment.heir_of(index) is None]
    return [each for each in [*found, *gone] if not _same(each.before, each.after)]


def follow(seen: Sequence[str], now: Sequence[str], first: int) -> tuple[int, int]:
    """Give from where to where in a list those stand now that stood side by side in it, from `first` on, when seen.

    What stands between two of them now is among them. Where none is there any more it is the same places.
    """
    matches = SequenceMatcher(None, seen, now, autojunk=False).get_matching_blocks()[:-1]
    if not matches:
        return min(first, len(now)), min(first + len(seen), len(now))
    start = matches[0].b - matches[0].a
    after_last = len(seen) - matches[-1].a - matches[-1].size
    return max(start, 0), min(matches[-1].b + matches[-1].size + after_last, len(now))


def merge_fields(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[MergedField, ...]:
    """Bring both sides' head matter together, in the order of base."""
    return tuple(MergedField(field, base[field], mine[field], theirs[field]) for field in base)


# Begins what a block is known by that mine alone has; no name begins so.
_NEW = "+"


def _same(one: Block | None, other: Block | None) -> bool:
    """Say whether both say the same; what they are called does not matter."""
    if one is None or other is None:
        return one is other
    return replace(one, name="", key="") == replace(other, name="", key="")


def _identified(mine: Sequence[Block], named: Mapping[str, Block]) -> list[tuple[str, Block]]:
    """Say for each block of mine which it is. Of two with one name the one written more like it has the name."""
    owners: dict[str, int] = {}
    for index, block in enumerate(mine):
        if block.name not in named:
            continue
        owner = owners.setdefault(block.name, index)
        was = named[block.name]
        if owner != index and _likeness(block, was) > _likeness(mine[owner], was):
            owners[block.name] = index
    return [
        (block.name if owners.get(block.name) == index else f"{_NEW}{index}", block) for index, block in enumerate(mine)
    ]


def _likeness(one: Block, other: Block) -> float:
    return Indel.normalized_similarity(one.html, other.html)


def _without_twins(
    own: Sequence[tuple[str, Block]], published: Sequence[tuple[str, Block]], named: Mapping[str, Block]
) -> list[tuple[str, Block]]:
    """Call new blocks of mine that theirs has too, word for word, as theirs calls them."""
    waiting = [(key, block) for key, block in published if key not in named]
    found = []
    for key, block in own:
        twin = next((pair for pair in waiting if _same(pair[1], block)), None) if key.startswith(_NEW) else None
        if twin:
            waiting.remove(twin)
        found.append((twin[0] if twin else key, block))
    return found


def _order(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Give everything that any side has in one order: theirs, with what mine put elsewhere where mine has it."""
    placed = _placed(base, mine)
    order = [key for key in theirs if key not in placed]
    news = set(theirs) - set(base)
    there = set(order)
    before: str | None = None
    for key in mine:
        if key not in there:
            order.insert(_place_after(before, order, news), key)
            there.add(key)
        before = key
    return order


def _placed(base: Sequence[str], mine: Sequence[str]) -> set[str]:
    """Give what mine has moved: the fewest blocks that explain its order."""
    places = {name: place for place, name in enumerate(base)}
    shared = [name for name in mine if name in places]
    resting = longest_increasing([places[name] for name in shared])
    return set(shared) - {shared[index] for index in resting}


def _place_after(before: str | None, order: Sequence[str], news: Iterable[str]) -> int:
    """Give where to insert what follows `before`: after it, and after what theirs put there."""
    place = 0 if before is None else order.index(before) + 1
    while place < len(order) and order[place] in news:
        place += 1
    return place

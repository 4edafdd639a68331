"""What became of an article: its corrections, two of its states compared, and the fate of a block that is gone.

Blocks are the same when they have the same name: names are given once and stored, and every revision keeps what it
did to them. So nothing is aligned here, and any two states compare in the time it takes to read them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from reader.models import Article, Paragraph, Revision
from reader.publishing import Plan
from reader.text import comparison, naming
from reader.text.comparison import Piece
from reader.text.tracing import longest_increasing

# Head matter, by the columns of Revision, and what readers call it.
_HEAD = {"kicker": "line above the title", "title": "title", "byline": "byline", "author_note": "note on the author"}
# Stands where one paragraph became two, or two became one.
_BREAK = "¶\n"


@dataclass(frozen=True)
class Correction:
    """One revision in the list of them, and what it did."""

    revision: Revision
    # The one before, or None for the first.
    before: Revision | None

    @property
    def summary(self) -> str:
        """Give what it did in one line: "title changed, in the text p7 changed, p9 gone"."""
        if self.before is None:
            return "first published here"
        told = [f"{words} changed" for field, words in _HEAD.items() if _differs(self.before, self.revision, field)]
        if changes := _changes(self.revision):
            told.append(f"in the text {naming.summary(changes)}")
        return ", ".join(told) or "the same words in another form"


@dataclass(frozen=True)
class HeadChange:
    """A piece of head matter that changed."""

    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class BlockChange:
    """Blocks that changed together: one that was edited, or all parts of one that was split.

    `kind` is "changed", "moved", "form" (other markup round the same words), "split", "merged", "remade" (both at
    once), "new" or "gone".
    """

    kind: str
    before: Sequence[Paragraph]
    after: Sequence[Paragraph]
    # Whether it stands elsewhere among its neighbours, besides.
    is_moved: bool = False

    @property
    def block(self) -> Paragraph:
        """Give the block it is told of: as it is now, or as it last was."""
        return (self.after or self.before)[0]

    @property
    def sentence(self) -> str:
        """Say in words what happened."""
        before, after = _labels(self.before), _labels(self.after)
        sentence = {
            "changed": f"{after} changed" + (" and moved" if self.is_moved else ""),
            "moved": f"{after} moved, with the same words",
            "form": f"{after}: the same words in another form",
            "split": f"{before} split into {after}",
            "merged": f"{before} joined into {after}",
            "remade": f"{before} made into {after}",
            "new": f"{after} is new",
            "gone": f"{before} taken out",
        }[self.kind]
        return sentence[0].upper() + sentence[1:]

    @cached_property
    def pieces(self) -> Sequence[Piece]:
        """Give the words before and after, compared."""
        before, after = (_BREAK.join(block.text for block in blocks) for blocks in (self.before, self.after))
        return comparison.compare(before, after)


@dataclass(frozen=True)
class Unchanged:
    """Blocks side by side that stayed as they were. `shown` are those a page has room for: all of them or none."""

    blocks: Sequence[Paragraph]
    shown: Sequence[Paragraph] = ()
    kind: str = field(default="kept", init=False)


@dataclass(frozen=True)
class Comparison:
    """Two states of an article, the earlier first."""

    before: Revision
    after: Revision
    head: Sequence[HeadChange]
    parts: Sequence[BlockChange | Unchanged]

    @property
    def is_empty(self) -> bool:
        return not self.head and all(isinstance(part, Unchanged) for part in self.parts)


@dataclass(frozen=True)
class Fate:
    """What became of a block that the current text has not: how it last stood, and the revision that ended it."""

    block: Paragraph
    revision: Revision
    # The name of the block that has had its words since; empty when they were taken out.
    into: str = ""

    @property
    def sentence(self) -> str:
        """Say in words what happened to it: "Revision 3 removed this paragraph"."""
        called = self.block.label.split()[0].lower()
        if not self.into:
            return f"Revision {self.revision.number} removed this {called}"
        return f"Revision {self.revision.number} joined this {called} with {naming.label(self.into).lower()}"


def corrections(article: Article) -> list[Correction]:
    """Give every revision of the article, the newest first."""
    revisions = list(article.revisions.defer("text").select_related("creator").order_by("number"))
    befores = [None, *revisions[:-1]]
    return [Correction(revision, before) for revision, before in zip(revisions, befores, strict=True)][::-1]


def compare(article: Article, one: Revision, other: Revision) -> Comparison:
    """Compare two states of the article, given in either order."""
    before, after = sorted((one, other), key=lambda revision: revision.number)
    between = article.revisions.filter(number__gt=before.number, number__lte=after.number).order_by("number")
    steps = [_changes(revision) for revision in between.only("changes")]
    states = _blocks(before), _blocks(after)
    return _compared(before, after, _Blocks(*states, steps))


def planned(plan: Plan) -> Comparison:
    """Compare the current text with the one that is planned to follow it."""
    assert plan.before is not None  # noqa: S101  (a first revision follows nothing)
    return _compared(plan.before, plan.revision, _Blocks(plan.before_paragraphs, plan.paragraphs, [plan.changes]))


def fate(article: Article, name: str) -> Fate | None:
    """Say what became of a block that was in the article once; None when the current text has it or none ever had."""
    found = Paragraph.objects.filter(revision__article=article, name=name).with_article()
    block = found.order_by("-revision__number").first()
    if block is None or block.revision_id == article.current_revision_id:
        return None
    revision = article.revisions.defer("text").get(number=block.revision.number + 1)
    into = next((change.after[0] for change in _changes(revision) if name in change.before and change.after), "")
    return Fate(block, revision, into)


def shown(parts: Sequence[BlockChange | Unchanged], *, most: int) -> list[BlockChange | Unchanged]:
    """Give the parts with as many of the unchanged blocks' words as a page has room for, in characters."""
    told: list[BlockChange | Unchanged] = []
    for part in parts:
        if isinstance(part, Unchanged):
            length = sum(len(block.text) for block in part.blocks)
            told.append(Unchanged(part.blocks, part.blocks if length <= most else ()))
            most -= length if length <= most else 0
        else:
            told.append(part)
    return told


def _compared(before: Revision, after: Revision, blocks: "_Blocks") -> Comparison:
    head = [
        HeadChange(words, comparison.compare(getattr(before, field), getattr(after, field)))
        for field, words in _HEAD.items()
        if _differs(before, after, field)
    ]
    return Comparison(before, after, head, list(_folded(blocks.changes())))


class _Blocks:
    """The blocks of two states, and what each revision between them did to their names."""

    def __init__(
        self, before: Sequence[Paragraph], after: Sequence[Paragraph], steps: Sequence[Sequence[naming.Change]]
    ) -> None:
        self._before, self._after = before, after
        self._was = {block.name: block for block in before}
        self._is = {block.name: block for block in after}
        self._moved = self._find_moved()
        self._origin, self._heir = self._trace(steps)
        # By the name of a block before: the new ones split from it, and the gone ones joined to it.
        self._parts = _gathered(after, self._origin)
        self._joined = _gathered(before, self._heir)

    def changes(self) -> Iterator[BlockChange]:
        """Go through the blocks after, a group at a time; what is gone stands after what stood before it."""
        told: set[str] = set()
        gone = self._gone_after()
        yield from gone.get("", ())
        for block in self._after:
            if block.name not in told:
                change = self._change(block)
                told.update(each.name for each in change.after)
                yield change
            yield from gone.get(block.name, ())

    def _change(self, block: Paragraph) -> BlockChange:
        is_moved = block.name in self._moved
        name = self._origin.get(block.name, block.name)
        old = self._was.get(name)
        if old is None:
            return BlockChange("new", (), (block,))
        parts, joined = self._parts.get(name, ()), self._joined.get(name, ())
        if not parts and not joined:
            return BlockChange(_kind(old, block, is_moved=is_moved), (old,), (block,), is_moved)
        kind = "remade" if parts and joined else "split" if parts else "merged"
        kept = [self._is[name]] if name in self._is else []
        return BlockChange(kind, _in_order([old, *joined]), _in_order([*kept, *parts]), is_moved)

    def _gone_after(self) -> dict[str, list[BlockChange]]:
        """Give what is gone, by the name of the block after which it stood."""
        found: dict[str, list[BlockChange]] = {}
        place = ""
        for block in self._before:
            if block.name in self._is:
                place = place if block.name in self._moved else block.name
            elif block.name not in self._heir and block.name not in self._parts:
                found.setdefault(place, []).append(BlockChange("gone", (block,), ()))
        return found

    def _find_moved(self) -> set[str]:
        """Give the names in another order than before: the fewest that explain it."""
        names = [block.name for block in self._after if block.name in self._was]
        kept = longest_increasing([self._was[name].position for name in names])
        return set(names) - {names[index] for index in kept}

    def _trace(self, steps: Sequence[Sequence[naming.Change]]) -> tuple[dict[str, str], dict[str, str]]:
        """Follow splits and merges through all steps, for names that only one of the states has.

        First for each new name the one before it was split from, then for each gone name the one after it went into.
        """
        split_from = {part: change.before[0] for step in steps for change in step for part in _new_parts(change)}
        went_into = {old: change.after[0] for step in steps for change in step for old in _gone_origins(change)}
        origins = {block.name: _followed(block.name, split_from, self._was) for block in self._after}
        heirs = {block.name: _followed(block.name, went_into, self._is) for block in self._before}
        return (
            {name: origin for name, origin in origins.items() if origin and name not in self._was},
            {
                name: heir
                for name, heir in heirs.items()
                if heir in self._was and name not in self._is and name not in origins.values()
            },
        )


def _changes(revision: Revision) -> list[naming.Change]:
    return [naming.Change(kind, tuple(before), tuple(after)) for kind, before, after in revision.changes]


def _differs(before: Revision, after: Revision, field: str) -> bool:
    return bool(getattr(before, field) != getattr(after, field))


def _blocks(revision: Revision) -> list[Paragraph]:
    return list(revision.paragraphs.select_related("picture").defer("sentences").order_by("position"))


def _kind(old: Paragraph, new: Paragraph, *, is_moved: bool) -> str:
    if old.text != new.text:
        return "changed"
    if is_moved:
        return "moved"
    return "kept" if old.block == new.block else "form"


def _folded(changes: Iterable[BlockChange]) -> Iterator[BlockChange | Unchanged]:
    """Put neighbours together that stayed as they were."""
    for is_kept, found in groupby(changes, key=lambda change: change.kind == "kept"):
        if is_kept:
            yield Unchanged([change.block for change in found])
        else:
            yield from found


def _new_parts(change: naming.Change) -> list[str]:
    return [name for name in change.after if name not in change.before] if change.kind == "split" else []


def _gone_origins(change: naming.Change) -> list[str]:
    return [name for name in change.before if name not in change.after] if change.kind == "merged" else []


def _followed(name: str, steps: Mapping[str, str], known: Mapping[str, Paragraph]) -> str:
    """Go from name to name until one is known; names are used once, so no way leads back."""
    while name in steps and (name := steps[name]) not in known:
        pass
    return name if name in known else ""


def _in_order(blocks: Sequence[Paragraph]) -> list[Paragraph]:
    return sorted(blocks, key=lambda block: block.position)


def _gathered(blocks: Sequence[Paragraph], into: Mapping[str, str]) -> dict[str, list[Paragraph]]:
    found: dict[str, list[Paragraph]] = {}
    for block in blocks:
        if block.name in into:
            found.setdefault(into[block.name], []).append(block)
    return found


def _labels(blocks: Sequence[Paragraph]) -> str:
    return _listed([block.label.lower() for block in blocks])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
